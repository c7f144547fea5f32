"""Writing a capture: handed over without waiting, cut and committed by a thread of its own."""

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wsinspector.capture.appender import Appender
from wsinspector.capture.blocks import BYTES_A_FRAME
from wsinspector.capture.handover import BLOCK_FRAMES, SEGMENT_BYTES, Batch, Block, Part, Segment, Value
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.spans import Direction

CUT_SECONDS = 0.040
HANDOVER_BYTES = 32 << 20
RETRY_SECONDS = 0.25
CLOSE_PATIENCE_SECONDS = 2.0

State = Mapping[str, Any]
Window = bytes
BytesLike = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class Closed:
    """How closing went. ``one_file`` is False where another program still reads the capture."""

    one_file: bool
    trouble: str | None
    dropped: Mapping[str, int]


def _json(data: State) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


class AttemptWriter:
    """One attempt's way into the file; its methods are called on the thread that receives.

    They never wait and never raise for a full disk. ``committed_frames``, ``committed_events``
    (last number in the file) and ``committed_bytes`` (received, sent) may be read from any thread.
    ``on_drained`` is called on the writer's thread when ``full`` has ended.
    """

    def __init__(self, writer: "CaptureWriter", attempt_id: int, facts: State) -> None:
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
        self._waiting = False

    def bytes(self, direction: Direction, data: BytesLike, at_ns: int) -> None:
        """Take the bytes of one read or write at ``at_ns``; they are copied."""
        size = len(data)
        if not size:
            return
        with self._writer._changed:
            segment = self._open[direction]
            if segment is None or len(segment.data) + size > SEGMENT_BYTES:
                self._spread(direction, memoryview(data), at_ns)
            else:
                segment.offsets.append(len(segment.data))
                segment.times.append(at_ns)
                segment.data += data
                self._position[direction] += size
            self._writer._took(self, size)

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
        with self._writer._changed:
            blocks = self._part.blocks
            if not blocks or len(blocks[-1].columns) + count > BLOCK_FRAMES:
                blocks.append(Block(self._last_frame + 1))
            blocks[-1].columns.extend(columns)
            self._last_frame += count
            self._writer._took(self, count * BYTES_A_FRAME)

    def event(self, kind: str, at_ns: int, data: State) -> int:
        """Note something that is not bytes; its number, from 1. ``data`` must be JSON."""
        text = _json(data)
        with self._writer._changed:
            self._last_event += 1
            self._part.events.append((self._last_event, at_ns, kind, text))
            self._writer._took(self, 0)
            return self._last_event

    def checkpoint(self, direction: Direction, message: int, window: Window) -> None:
        """Keep the inflater's last output at the end of message number ``message``."""
        with self._writer._changed:
            self._part.checkpoints.append((direction, message, window))
            self._writer._took(self, 0)

    def update(self, facts: State) -> None:
        """Add ``facts`` to those of the attempt, replacing those of the same name. Must be JSON."""
        self._facts.update(facts)
        text = _json(self._facts)
        statement = "UPDATE attempt SET facts = ? WHERE id = ?"
        self._writer._row(("facts", self.attempt_id), statement, (text, self.attempt_id))

    def cut(self, now_ns: int = 0) -> None:
        """Commit soon what was handed over, without waiting for the usual 40 ms."""
        self._writer.cut()

    def finish(self) -> None:
        """The attempt is over: nothing will be handed over after this."""
        statement = "UPDATE attempt SET finished = 1 WHERE id = ?"
        self._writer._row(("finished", self.attempt_id), statement, (self.attempt_id,))
        self._writer._forget(self)
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

    def _take(self) -> Part:
        part = self._part
        part.positions = (self._position[0], self._position[1])
        part.last_frame = self._last_frame
        part.last_event = self._last_event
        self._part = Part(self.attempt_id)
        self._open = [None, None]
        self._waiting = False
        return part

    def _publish(self, part: Part) -> None:
        self.committed_bytes = part.positions
        self.committed_events = part.last_event
        self.committed_frames = part.last_frame


class CaptureWriter:
    """A capture file being written. ``dropped`` counts what could not be kept, by kind.

    ``backlog`` (bytes), ``full``, ``trouble`` (why writing fails at the moment, or None) and
    ``dropped`` may be read from any thread. Use :meth:`create` or :meth:`open`.
    """

    def __init__(self, appender: Appender, handover_bytes: int) -> None:
        self.path = appender.path
        self.backlog = 0
        self.full = False
        self.trouble: str | None = None
        self.dropped = {"bytes_in": 0, "bytes_out": 0, "frames": 0, "events": 0}
        self._appender = appender
        self._limit = handover_bytes
        self._last_conversation = appender.highest("conversation")
        self._last_attempt = appender.highest("attempt")
        self._numbers = appender.numbers()
        self._attempts: dict[int, AttemptWriter] = {}
        self._changed = threading.Condition(threading.Lock())
        self._stored = threading.Condition(threading.Lock())
        self._rows: dict[tuple[str, int], tuple[str, tuple[Value, ...]]] = {}
        self._waiting: list[AttemptWriter] = []
        self._first_at = 0.0  # when the oldest of what waits was handed over; 0: nothing waits
        self._cut_now = False
        self._limited = False
        self._closing = False
        self._taken = 0
        self._done = 0
        self._closed: Closed | None = None
        self._thread = threading.Thread(target=self._run, name="capture writer", daemon=True)
        self._thread.start()

    @classmethod
    def create(
        cls, path: Path | str, *, size_limit: int | None = None, handover_bytes: int = HANDOVER_BYTES
    ) -> "CaptureWriter":
        """Make a new file, readable by its owner alone, of at most ``size_limit`` bytes.

        Raises FileExistsError, another OSError or sqlite3.Error.
        """
        return cls(Appender(Path(path), new=True, size_limit=size_limit), handover_bytes)

    @classmethod
    def open(
        cls, path: Path | str, *, size_limit: int | None = None, handover_bytes: int = HANDOVER_BYTES
    ) -> "CaptureWriter":
        """Add to an existing capture, bringing it up to date first.

        Raises CaptureError (not a capture, newer, busy), OSError or sqlite3.Error.
        """
        return cls(Appender(Path(path), new=False, size_limit=size_limit), handover_bytes)

    def new_conversation(self, title: str, state: State, draft: bytes = b"") -> int:
        """Its id. ``state`` must be JSON; ``draft`` is the request as it would be sent now."""
        text = _json(state)
        now = time.time_ns()
        with self._changed:
            self._last_conversation += 1
            number = self._last_conversation
        statement = "INSERT INTO conversation VALUES (?, ?, ?, ?, 0, ?, ?)"
        self._row(("conversation", number), statement, (number, title, now, now, draft, text))
        return number

    def update_conversation(
        self,
        conversation_id: int,
        title: str | None = None,
        state: State | None = None,
        pinned: bool | None = None,
        draft: bytes | None = None,
    ) -> None:
        """Change what is given; the last value before a cut wins."""
        values: dict[str, Value] = {"changed_ns": time.time_ns()}
        if title is not None:
            values["title"] = title
        if state is not None:
            values["state"] = _json(state)
        if pinned is not None:
            values["pinned"] = int(pinned)
        if draft is not None:
            values["draft"] = draft
        for name, value in values.items():
            statement = f"UPDATE conversation SET {name} = ? WHERE id = ?"
            self._row((name, conversation_id), statement, (value, conversation_id))

    def new_attempt(
        self, conversation_id: int, number: int, *, wall_ns: int, mono_ns: int, facts: State
    ) -> AttemptWriter:
        """Begin attempt ``number`` (from 1); the two clocks name one moment. ``facts`` must be JSON."""
        text = _json(facts)
        with self._changed:
            if (conversation_id, number) in self._numbers:
                raise ValueError(f"conversation {conversation_id} has an attempt {number} already")
            self._numbers.add((conversation_id, number))
            self._last_attempt += 1
            attempt = AttemptWriter(self, self._last_attempt, facts)
            self._attempts[attempt.attempt_id] = attempt
        key = ("attempt", attempt.attempt_id)
        statement = "INSERT INTO attempt VALUES (?, ?, ?, ?, ?, 0, ?)"
        values = (attempt.attempt_id, conversation_id, number, wall_ns, mono_ns, text)
        self._row(key, statement, values)
        return attempt

    def cut(self) -> None:
        """Commit soon what was handed over."""
        with self._changed:
            if self._first_at:
                self._cut_now = True
                self._changed.notify()

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all that was handed over is in the file; False when ``timeout`` (s) passed first."""
        with self._changed:
            wanted = self._taken + bool(self._first_at)
            self._cut_now = bool(self._first_at)
            self._changed.notify()
        with self._stored:
            return self._stored.wait_for(lambda: self._done >= wanted, timeout)

    def close(self) -> Closed:
        """Write the rest and leave one plain file where nobody else holds it; close readers first."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        assert self._closed is not None
        return self._closed

    # Called by attempts, on the thread that receives.

    def _took(self, attempt: AttemptWriter, weight: int) -> None:
        """Account for ``weight`` bytes; the caller holds the lock."""
        if not attempt._waiting:
            attempt._waiting = True
            self._waiting.append(attempt)
            self._touch()
        before = self.backlog
        self.backlog = before + weight
        if before // SEGMENT_BYTES != self.backlog // SEGMENT_BYTES and not self._cut_now:
            self._cut_now = True
            self._changed.notify()
        if self.backlog >= self._limit and not self.full:
            self.full = True
            self._changed.notify()

    def _touch(self) -> None:
        if not self._first_at:
            self._first_at = time.monotonic()
            self._changed.notify()

    def _row(self, key: tuple[str, int], statement: str, values: tuple[Value, ...]) -> None:
        with self._changed:
            self._rows[key] = (statement, values)
            self._touch()

    def _forget(self, attempt: AttemptWriter) -> None:
        attempt.on_drained = None

    # The writer's own thread.

    def _run(self) -> None:
        stuck: Batch | None = None
        give_up_at: float | None = None
        while True:
            batch = self._next(stuck)
            if batch is None:
                break
            try:
                if self._limited or self._appender.beyond_limit(batch.weight):
                    # From here on, not only where a cut happens to be small enough: one end, no holes.
                    self._limited = True
                    self.trouble = "The capture has reached the size it was limited to."
                    self._shed(batch)
                self._appender.append(batch)
            except Exception as error:  # whatever it is, the engine must go on and the loss be told
                stuck = batch
                self.trouble = _reason(error)
                if self._closing and give_up_at is None:
                    give_up_at = time.monotonic() + CLOSE_PATIENCE_SECONDS
                over = give_up_at is not None and time.monotonic() >= give_up_at
                if self.full or over:
                    self._shed(batch)
                if over:
                    self._settle(batch, stored=False)
                    break
                continue
            stuck = None
            if not self._limited:
                self.trouble = None
            self._settle(batch, stored=True)
            with contextlib.suppress(sqlite3.Error):  # tried again with the next one due
                self._appender.tidy()
                self._appender.checkpoint_if_due()
        one_file = self._appender.close()
        self._closed = Closed(one_file, self.trouble, dict(self.dropped))

    def _next(self, stuck: Batch | None) -> Batch | None:
        """Wait for the next cut; None when closing and nothing is left."""
        with self._changed:
            if stuck is not None:
                retry_at = time.monotonic() + RETRY_SECONDS
                while not self.full and (left := retry_at - time.monotonic()) > 0:
                    self._changed.wait(left)
                stuck.absorb(self._take())
                return stuck
            while not self._first_at and not self._closing:
                self._changed.wait()
            if not self._first_at:
                return None
            cut_at = self._first_at + CUT_SECONDS
            while not self._cut_now and not self._closing and (left := cut_at - time.monotonic()) > 0:
                self._changed.wait(left)
            return self._take()

    def _take(self) -> Batch:
        if not self._first_at:
            return Batch(self._taken)
        self._taken += 1
        batch = Batch(self._taken, self._rows, [attempt._take() for attempt in self._waiting])
        batch.weight = sum(part.weight for part in batch.parts)
        self._rows = {}
        self._waiting = []
        self._first_at = 0.0
        self._cut_now = False
        return batch

    def _shed(self, batch: Batch) -> None:
        with self._changed:
            batch.absorb(self._take())
        weight = batch.weight
        batch.shed(self.trouble or "", self.dropped)
        self._release(weight)

    def _settle(self, batch: Batch, *, stored: bool) -> None:
        if stored:
            for part in batch.parts:
                attempt = self._attempts[part.attempt]
                attempt._publish(part)
        self._release(batch.weight)
        with self._stored:
            self._done = batch.serial
            self._stored.notify_all()

    def _release(self, weight: int) -> None:
        with self._changed:
            self.backlog -= weight
            drained = self.full and self.backlog <= self._limit // 2
            if drained:
                self.full = False
        if drained:
            for attempt in list(self._attempts.values()):
                callback = attempt.on_drained
                if callback is not None:
                    callback()


def _reason(error: Exception) -> str:
    """A sentence for ``trouble``."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return "There is no room left to write the capture."
        if code == sqlite3.SQLITE_READONLY:
            return "The capture file cannot be written any more."
        if code == sqlite3.SQLITE_IOERR:
            return "Writing the capture failed: the disk reports an error."
    return f"Writing the capture failed: {error}"
