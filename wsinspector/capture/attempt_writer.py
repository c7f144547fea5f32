"""One attempt's way into a capture: bytes, frames and events handed over without waiting."""

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from wsinspector.capture.blocks import BYTES_A_FRAME
from wsinspector.capture.handover import BLOCK_FRAMES, SEGMENT_BYTES, Block, Part, Segment, Value
from wsinspector.capture.rows import LEFT_OUT, Loss
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.spans import Direction

MOST_EVENTS = 1 << 16
"""Events kept of an attempt: they are few, and a peer that causes more says nothing new by them."""

TOO_MANY_EVENTS = "limit: events"

State = Mapping[str, Any]
Window = bytes
BytesLike = bytes | bytearray | memoryview


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def as_json(data: State) -> str:
    """``data`` as it is kept. Raises TypeError for what is not JSON."""
    return _ENCODER.encode(data)


class SharedWriter(Protocol):
    """What all attempts into one file share."""

    changed: threading.Condition
    backlog: int
    full: bool
    dropped: dict[str, int]

    def took(self, attempt: "AttemptWriter", weight: int) -> None:
        """Account for ``weight`` bytes; the caller holds ``changed``."""

    def replace_row(self, key: tuple[str, int], statement: str, values: tuple[Value, ...]) -> None:
        """Run ``statement`` at the next cut, instead of one given before under ``key``."""

    def cut(self) -> None:
        """Commit soon what was handed over."""

    def finished(self, attempt: "AttemptWriter") -> None:
        """Nothing more comes of ``attempt``: let go of it once all is written."""


class AttemptWriter:
    """One attempt's way into the file; its methods are called on the thread that receives.

    They never wait and never raise for a full disk. ``committed_frames``, ``committed_events``
    (last number in the file) and ``committed_bytes`` (received, sent) may be read from any thread.
    ``on_drained`` is called on the writer's thread when ``full`` has ended.
    """

    def __init__(self, writer: SharedWriter, attempt_id: int, facts: State) -> None:
        self.attempt_id = attempt_id
        self.committed_frames = 0
        self.committed_events = 0
        self.committed_bytes = (0, 0)
        self.on_drained: Callable[[], None] | None = None
        self._writer = writer
        self._facts = dict(facts)
        self._position = [0, 0]
        self._last_frame = 0
        self._last_event = 0
        self._part = Part(attempt_id)
        self._open: list[Segment | None] = [None, None]
        self._behind_gap = False
        self.waiting = False
        self.losses: Mapping[str, Loss] = {}
        """What was dropped of this attempt, by reason; replaced as a whole."""
        self.dropped_to = 0
        """Frames up to this number are not in the file any more: a limit has dropped them."""

    def bytes(self, direction: Direction, data: BytesLike, at_ns: int) -> None:
        """Take the bytes of one read or write at ``at_ns``; they are copied."""
        size = len(data)
        if not size:
            return
        with self._writer.changed:
            segment = self._open[direction]
            if segment is None or len(segment.data) + size > SEGMENT_BYTES:
                self._spread(direction, memoryview(data), at_ns)
            else:
                segment.offsets.append(len(segment.data))
                segment.times.append(at_ns)
                segment.data += data
                self._position[direction] += size
            self._writer.took(self, size)

    def _spread(self, direction: Direction, data: memoryview, at_ns: int) -> None:
        while data:
            segment = self._open[direction]
            if segment is None or len(segment.data) >= SEGMENT_BYTES:
                segment = Segment(direction, self._position[direction])
                self._part.segments.append(segment)
                self._open[direction] = segment
            piece = data[: SEGMENT_BYTES - len(segment.data)]
            segment.offsets.append(len(segment.data))
            segment.times.append(at_ns)
            segment.data += piece
            self._position[direction] += len(piece)
            data = data[len(piece) :]

    def frames(self, columns: FrameColumns) -> None:
        """Take complete frames, whose bytes were handed over before; they are copied."""
        count = len(columns)
        if not count:
            return
        with self._writer.changed:
            blocks = self._part.blocks
            if not blocks or self._behind_gap or len(blocks[-1].columns) + count > BLOCK_FRAMES:
                blocks.append(Block(self._last_frame + 1))
                self._behind_gap = False
            blocks[-1].columns.extend(columns)
            self._last_frame += count
            self._writer.took(self, count * BYTES_A_FRAME)

    def gap(self, count: int, reason: str, direction: Direction | None = None) -> None:
        """Note that the next ``count`` bytes of ``direction``, without one frames, are not in this file."""
        with self._writer.changed:
            if direction is not None:
                kind, start = "bytes", self._position[direction]
                self._position[direction] += count
                self._open[direction] = None
            else:
                kind, start = "frames", self._last_frame + 1
                self._last_frame += count
                self._behind_gap = True
            side = None if direction is None else int(direction)
        statement = (
            "INSERT INTO gap (attempt, kind, direction, start, stop, reason) VALUES (?, ?, ?, ?, ?, ?)"
        )
        values = (self.attempt_id, kind, side, start, start + count, reason)
        self._writer.replace_row((f"gap {kind} {side} {start}", self.attempt_id), statement, values)

    def event(self, kind: str, at_ns: int, data: State) -> int:
        """Note something that is not bytes; its number, from 1. ``data`` must be JSON."""
        text = as_json(data)
        with self._writer.changed:
            self._last_event += 1
            number = self._last_event
            if number <= MOST_EVENTS:
                self._part.events.append((number, at_ns, kind, text))
                self._writer.took(self, 0)
                return number
            self._writer.dropped["events"] += 1
            self.lost("events", 1, TOO_MANY_EVENTS)
        self._note_dropped(number)
        return number

    def _note_dropped(self, last: int) -> None:
        """The events behind the first MOST_EVENTS, up to ``last``, are not kept: one gap that grows."""
        start, stop = MOST_EVENTS + 1, last + 1
        if last == start:
            statement = "INSERT INTO gap (attempt, kind, start, stop, reason) VALUES (?, 'events', ?, ?, ?)"
            values: tuple[Value, ...] = (self.attempt_id, start, stop, TOO_MANY_EVENTS)
            self._writer.replace_row(("gap events", self.attempt_id), statement, values)
        else:
            statement = "UPDATE gap SET stop = ? WHERE attempt = ? AND kind = 'events' AND start = ?"
            values = (stop, self.attempt_id, start)
            self._writer.replace_row(("gap events grown", self.attempt_id), statement, values)

    def left_out(self, direction: Direction, start: int, stop: int, reason: str) -> None:
        """Note that what stands from ``start`` to ``stop - 1`` is not what travelled: that was left out."""
        statement = (
            "INSERT INTO gap (attempt, kind, direction, start, stop, reason) VALUES (?, ?, ?, ?, ?, ?)"
        )
        values = (self.attempt_id, LEFT_OUT, int(direction), start, stop, reason)
        self._writer.replace_row((f"gap {LEFT_OUT} {direction} {start}", self.attempt_id), statement, values)

    def checkpoint(self, direction: Direction, message: int, window: Window) -> None:
        """Keep the inflater's last output at the end of message number ``message``."""
        with self._writer.changed:
            self._part.checkpoints.append((direction, message, window))
            self._writer.took(self, 0)

    def update(self, facts: State) -> None:
        """Add ``facts`` to those of the attempt, replacing those of the same name. Must be JSON."""
        self._facts.update(facts)
        text = as_json(self._facts)
        statement = "UPDATE attempt SET facts = ? WHERE id = ?"
        self._writer.replace_row(("facts", self.attempt_id), statement, (text, self.attempt_id))

    def cut(self, now_ns: int = 0) -> None:
        """Commit soon what was handed over, without waiting for the usual 40 ms."""
        self._writer.cut()

    def finish(self, *, soon: bool = True) -> None:
        """The attempt is over: nothing will be handed over after this.

        ``soon`` False leaves it to the usual 40 ms, where many attempts end within them.
        """
        self._writer.finished(self)
        statement = "UPDATE attempt SET finished = 1 WHERE id = ?"
        self._writer.replace_row(("finished", self.attempt_id), statement, (self.attempt_id,))
        self.on_drained = None
        if soon:
            self._writer.cut()

    @property
    def backlog(self) -> int:
        """Bytes that wait to be written, of all attempts into this file."""
        return self._writer.backlog

    @property
    def full(self) -> bool:
        """Stop reading until ``on_drained``."""
        return self._writer.full

    @property
    def dropped(self) -> Mapping[str, int]:
        return self._writer.dropped

    # Called by the file's writer.

    def take(self) -> Part:
        """What was handed over since the last cut; the caller holds the lock."""
        part = self._part
        part.positions = (self._position[0], self._position[1])
        part.last_frame = self._last_frame
        part.last_event = self._last_event
        self._part = Part(self.attempt_id)
        self._open = [None, None]
        self.waiting = False
        return part

    def lost(self, kind: str, count: int, reason: str) -> None:
        """``count`` bytes, frames or events of this attempt are not in the file, or not any more."""
        known = self.losses.get(reason, Loss(reason))
        self.losses = {**self.losses, reason: known.plus(kind, count)}

    def publish(self, part: Part) -> None:
        """``part`` is in the file."""
        self.committed_bytes = part.positions
        self.committed_events = part.last_event
        self.committed_frames = part.last_frame
