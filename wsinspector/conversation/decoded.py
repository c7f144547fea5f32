"""Any attempt read under another dialect: the recorded bytes scanned again, none of them changed."""

import dataclasses
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from wsinspector.capture.reader import CaptureReader
from wsinspector.capture.rescanning import Side, next_side
from wsinspector.capture.untold import Untold
from wsinspector.conversation.exchange import reader_for
from wsinspector.conversation.progress import view_of
from wsinspector.conversation.snapshot import AttemptSnapshot, PendingView
from wsinspector.conversation.spoken import Spoken, agreement, spoken_with
from wsinspector.conversation.traffic import CHECKPOINT_EVERY, notable
from wsinspector.protocol.arriving import Agreed, Numbering
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.dialects import Challenge, dialect_called
from wsinspector.protocol.dialects.fields import NONCE
from wsinspector.protocol.http_reader import ReadPhase
from wsinspector.protocol.spans import Direction, Role

SLICE = 1 << 18
"""Bytes scanned in one go: some milliseconds."""

_CHUNK = 1 << 16
_PIECE = 1 << 16
_COLUMNS = tuple(field.name for field in dataclasses.fields(FrameColumns))


@dataclass(frozen=True, slots=True)
class Decoding:
    """How an attempt is read. ``starts``: offset of the first frame byte in each direction's stream.

    ``note``: what the handshake did not tell, in a sentence; empty where it told all.
    """

    agreed: Agreed
    role: Role
    starts: dict[Direction, int]
    note: str = ""

    def sender(self, direction: Direction) -> Role:
        if direction is Direction.OUT:
            return self.role
        return Role.SERVER if self.role is Role.CLIENT else Role.CLIENT


def frame_starts(reader: CaptureReader, snapshot: AttemptSnapshot) -> dict[Direction, int] | None:
    """Where frames begin each way, by the handshake as it was recorded; None where there was no 101."""
    asking, answering = Direction.OUT, Direction.IN
    if snapshot.role is Role.SERVER:
        asking, answering = answering, asking
    answer = reader_for(snapshot.request, spoken_with(snapshot.request, proposed=snapshot.dialect))
    at = 0
    while answer.phase in (ReadPhase.HEAD, ReadPhase.BODY):
        piece = reader.stream(snapshot.attempt_id, answering, at, at + _PIECE)
        if not piece:
            break
        answer.feed(piece)
        at += len(piece)
    if answer.frames_start is None:
        return None
    return {asking: len(snapshot.request), answering: answer.frames_start}


def agreed_as(snapshot: AttemptSnapshot, dialect: str) -> tuple[Agreed, str]:
    """What ``dialect``'s frames are read with, as far as the recorded handshake tells, and what it did not.

    Raises KeyError for a name that is no dialect.
    """
    frames = dialect_called(dialect)
    if snapshot.agreed.dialect == dialect and snapshot.opened_at is not None:
        return snapshot.agreed, ""
    agreed = Agreed(dialect=dialect)
    response = snapshot.response
    if response is not None and frames.challenge is Challenge.ACCEPT:
        proposed = spoken_with(snapshot.request, proposed=snapshot.dialect).proposed
        limit = snapshot.agreed.inflate_limit
        agreed = agreement(Spoken(proposed, frames), snapshot.request, response, inflate_limit=limit).agreed
    if dialect != "hybi-04":
        return agreed, ""
    if response is not None and response.head.values(NONCE) and agreed.connection_key:
        return agreed, ""
    note = "The answer has no Sec-WebSocket-Nonce, so the client's frames cannot be unmasked as hybi-04's."
    return agreed, note


def decoding_of(reader: CaptureReader, snapshot: AttemptSnapshot, dialect: str) -> Decoding | None:
    """How ``snapshot``'s attempt is read as ``dialect``; None where no frames can have travelled."""
    starts = frame_starts(reader, snapshot)
    if starts is None:
        return None
    agreed, note = agreed_as(snapshot, dialect)
    return Decoding(agreed, snapshot.role, starts, note)


def _sizes(snapshot: AttemptSnapshot) -> dict[Direction, int]:
    """How many bytes travelled each way."""
    return {Direction.IN: snapshot.bytes_in, Direction.OUT: snapshot.bytes_out}


class DecodedSource:
    """One attempt's frames under another dialect, as the log reads them; grows with the capture.

    One thread calls :meth:`catch_up`, any may read what :attr:`frames` says is there. Frames are
    numbered in the order of the reads that completed them, and held in memory, 35 bytes each; payloads
    stay in the capture.
    """

    def __init__(self, reader: CaptureReader, attempt_id: int, decoding: Decoding) -> None:
        self.reader = reader
        self.attempt_id = attempt_id
        self.decoding = decoding
        self.agreed = decoding.agreed
        self.role = decoding.role
        self.frames = 0
        self.frames_out = 0
        self.faults = 0
        self.pending: tuple[PendingView, ...] = ()
        self.cancelled = False
        numbering = Numbering()
        framing = dialect_called(self.agreed.dialect).framing
        self._numbering = numbering
        self._sides = [
            Side(
                direction,
                framing.scanner(
                    direction,
                    decoding.sender(direction),
                    agreed=self.agreed,
                    numbering=numbering,
                    start=decoding.starts[direction],
                    inflate_limit=self.agreed.inflate_limit,
                ),
                decoding.starts[direction],
            )
            for direction in (Direction.IN, Direction.OUT)
        ]
        self._untold = Untold(reader, attempt_id)
        self._notable = int(notable(self.agreed))
        self._windows: dict[Direction, list[tuple[int, bytes]]] = {side: [] for side in Direction}
        self._chunks: list[FrameColumns] = []
        self._firsts: list[int] = []
        self._ends = dict(decoding.starts)
        self._over = False

    # -- scanning

    @property
    def done(self) -> int:
        """Bytes scanned, both directions together."""
        return sum(side.at - self.decoding.starts[side.direction] for side in self._sides)

    @property
    def total(self) -> int:
        """Bytes there were to scan when :meth:`catch_up` last looked."""
        return sum(self._ends[side] - self.decoding.starts[side] for side in self._ends)

    def cancel(self) -> None:
        """Stop at once; what is there can still be read."""
        self.cancelled = True

    def behind(self, snapshot: AttemptSnapshot) -> bool:
        """Whether bytes that ``snapshot`` counts are not scanned, as they may not be committed yet."""
        return not self._over and not self.cancelled and not self._reached(_sizes(snapshot))

    def catch_up(self, limit: int = SLICE, *, snapshot: AttemptSnapshot | None = None) -> bool:
        """Scan about ``limit`` bytes more; whether some that are committed are left.

        ``snapshot``: the attempt's newest. Once it has ended and its last byte is scanned, frames still
        under way are cut off. Raises CaptureError where the capture cannot be read.
        """
        if self.cancelled or self._over:
            return False
        self._look()
        fed = 0
        while fed < limit and not self.cancelled:
            side = next_side(self._sides, self.reader, self.attempt_id, self._ends)
            if side is None:
                break
            data = side.piece()
            side.scanner.feed(data, side.time)
            fed += len(data)
            self._take(side)
        left = any(side.at < self._ends[side.direction] for side in self._sides) and not self.cancelled
        end = snapshot.end if snapshot is not None else None
        if end is not None and snapshot is not None and self._reached(_sizes(snapshot)):
            self._over = True
            for side in self._sides:
                side.scanner.end(max(end.at, side.time))
                self._take(side)
        self.pending = tuple(
            view_of(frame, outgoing=side.direction is Direction.OUT)
            for side in self._sides
            if not self._over and (frame := side.scanner.pending) is not None
        )
        return left

    def _reached(self, sizes: dict[Direction, int]) -> bool:
        return all(side.at >= sizes[side.direction] for side in self._sides)

    def _look(self) -> None:
        """How far both streams go in one commit: a read of one must not overtake an earlier one."""
        for _ in range(3):
            came = self.reader.stream_length(self.attempt_id, Direction.IN)
            went = self.reader.stream_length(self.attempt_id, Direction.OUT)
            if came == self.reader.stream_length(self.attempt_id, Direction.IN):
                break
        for direction, end in ((Direction.IN, came), (Direction.OUT, went)):
            self._ends[direction] = max(self._ends[direction], end)

    def _take(self, side: Side) -> None:
        scanner = side.scanner
        if scanner.attention:
            scanner.drain()
        columns = scanner.take()
        if self._untold:
            self._untold.clear(columns)
        count = len(columns)
        deflate = self.agreed.deflate
        if deflate is not None and scanner.position - side.checkpoint_at >= CHECKPOINT_EVERY:
            window = scanner.checkpoint() if deflate.takeover(scanner.sender) else None
            if window is not None:
                self._windows[side.direction].append((self._numbering.messages, window))
                side.checkpoint_at = scanner.position
        if not count:
            return
        if not self._chunks or len(self._chunks[-1]) >= _CHUNK:
            self._firsts.append(self.frames + 1)
            self._chunks.append(FrameColumns())
        self._chunks[-1].extend(columns)
        if side.direction is Direction.OUT:
            self.frames_out += count
        elif any(columns.anomalies):
            self.faults += sum(1 for found in columns.anomalies if found & self._notable)
        self.frames += count  # last: what is counted is there to be read

    # -- what the log reads

    def columns(self, first_no: int, count: int) -> FrameColumns:
        """At most ``count`` frames from ``first_no`` on."""
        found = FrameColumns()
        start = max(first_no, 1)
        stop = min(first_no + count, self.frames + 1)
        at = bisect_right(self._firsts, start) - 1
        while start < stop and 0 <= at < len(self._chunks):
            first = self._firsts[at]
            past = self._firsts[at + 1] if at + 1 < len(self._firsts) else stop
            upto = min(stop, past)
            chunk = self._chunks[at]
            found.extend(
                FrameColumns(*(getattr(chunk, name)[start - first : upto - first] for name in _COLUMNS))
            )
            start, at = upto, at + 1
        return found

    def stream(self, direction: Direction, start: int, end: int) -> bytes:
        return self.reader.stream(self.attempt_id, direction, start, end)

    def stream_length(self, direction: Direction) -> int:
        return self.reader.stream_length(self.attempt_id, direction)

    def times(self, direction: Direction, start: int, end: int) -> "array[int]":
        offsets, times = self.reader.reads(self.attempt_id, direction, start, end)
        return times[max(bisect_right(offsets, start) - 1, 0) : bisect_left(offsets, end)]

    def window_before(self, direction: Direction, message: int) -> tuple[int, bytes] | None:
        known = self._windows[direction]
        at = bisect_left(known, message, key=lambda each: each[0]) - 1
        return known[at] if at >= 0 else None

    def left_out(self, direction: Direction) -> list[tuple[int, int]]:
        return self.reader.left_out(self.attempt_id, direction)

    def shown(self, snapshot: AttemptSnapshot) -> AttemptSnapshot:
        """``snapshot`` with what this reading says of frames in place of what was found live.

        No line where a conforming endpoint would have stopped: none acted on this reading.
        """
        return dataclasses.replace(
            snapshot,
            agreed=self.agreed,
            deflate=self.agreed.deflate is not None,
            frames=self.frames,
            frames_in=self.frames - self.frames_out,
            frames_out=self.frames_out,
            faults=self.faults,
            pending=self.pending,
            would_stop=None,
            stopped=None,
        )
