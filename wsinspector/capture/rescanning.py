"""The frames of an attempt worked out of its bytes again, in the order in which they were numbered."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wsinspector.capture.reader import CaptureReader
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed, Numbering
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.framings import Scanner
from wsinspector.protocol.spans import Direction, Role

_WINDOW = 1 << 20


@dataclass(frozen=True, slots=True)
class Reading:
    """How an attempt's bytes were read while they came.

    ``starts``: offset of the first frame byte each way. ``max_message``, ``stop_at_fault``: as of a
    scanner, for what was received. ``ended_at``: ns, when what was still under way was cut off; None
    where that was not kept. ``composed``: an import made the frames, and how they lie tells of nobody.
    """

    agreed: Agreed = NOTHING_AGREED
    role: Role = Role.CLIENT
    starts: Mapping[Direction, int] = field(default_factory=dict)
    max_message: int | None = None
    stop_at_fault: bool = False
    ended_at: int | None = None
    composed: bool = False

    def sender(self, direction: Direction) -> Role:
        if direction is Direction.OUT:
            return self.role
        return Role.SERVER if self.role is Role.CLIENT else Role.CLIENT

    def scanner(self, direction: Direction, numbering: Numbering, start: int) -> Scanner:
        received = direction is Direction.IN
        return dialect_called(self.agreed.dialect).framing.scanner(
            direction,
            self.sender(direction),
            agreed=self.agreed,
            numbering=numbering,
            start=start,
            max_message=self.max_message if received else None,
            stop_at_fault=self.stop_at_fault and received,
            inflate_limit=self.agreed.inflate_limit,
        )


class Side:
    """One direction's bytes, read ahead of the scanner, cut as they were read or written."""

    def __init__(self, direction: Direction, scanner: Scanner, start: int) -> None:
        self.direction = direction
        self.scanner = scanner
        self.at = start
        self.checkpoint_at = start
        self.time = 0  # ns, of the next piece
        self._data = b""
        self._begin = start
        self._offsets: array[int] = array("q")
        self._times: array[int] = array("q")
        self._read = 0

    def load(self, reader: CaptureReader, attempt_id: int, end: int) -> bool:
        """Whether there is a next piece, its time in ``time``; reads on where none is left."""
        if self.at >= end:
            return False
        if self.at >= self._begin + len(self._data):
            stop = min(end, self.at + _WINDOW)
            self._begin, self._data = self.at, reader.stream(attempt_id, self.direction, self.at, stop)
            self._offsets, self._times = reader.reads(attempt_id, self.direction, self.at, stop)
            self._read = max(0, bisect_right(self._offsets, self.at) - 1)
            if not self._data:
                return False
        if self._read < len(self._times):
            self.time = self._times[self._read]
        return True

    def piece(self) -> bytes:
        """The rest of the read at ``at``, as far as it was read ahead."""
        end = self._begin + len(self._data)
        self._read += 1
        if self._read < len(self._offsets):
            end = min(end, max(self._offsets[self._read], self.at))
        data = self._data[self.at - self._begin : end - self._begin]
        self.at = end
        return data


def next_side(
    sides: list[Side], reader: CaptureReader, attempt_id: int, ends: Mapping[Direction, int]
) -> Side | None:
    """The side whose next piece came first; None where both are at their end."""
    ready = [side for side in sides if side.load(reader, attempt_id, ends[side.direction])]
    if not ready:
        return None
    return ready[0] if len(ready) == 1 or ready[0].time <= ready[1].time else ready[1]


def rescanned(
    reader: CaptureReader,
    attempt_id: int,
    reading: Reading,
    *,
    starts: Mapping[Direction, int] | None = None,
    numbering: Numbering | None = None,
) -> Iterator[FrameColumns]:
    """The frames from ``starts`` on (the first ones, unless told), numbered on from ``numbering``.

    Ends at the first hole in either direction's bytes: what came after it, no one can place. Frames under
    way at the end of an attempt that is over come last, cut off.
    """
    numbering = numbering if numbering is not None else Numbering()
    begins = reading.starts if starts is None else starts
    sides = []
    ends: dict[Direction, int] = {}
    holed = False
    for direction in Direction:
        start = begins[direction]
        stop = reader.stream_length(attempt_id, direction)
        for hole, past in reader.holes(attempt_id, direction):
            if past > start:
                stop = min(stop, max(hole, start))
                holed = True
        ends[direction] = stop
        sides.append(Side(direction, reading.scanner(direction, numbering, start), start))
    limits = {side.direction: _time_at_hole(reader, attempt_id, side, ends) for side in sides}
    stop_at = min((at for at in limits.values() if at is not None), default=None)
    while (side := next_side(sides, reader, attempt_id, ends)) is not None:
        if stop_at is not None and side.time > stop_at:
            return
        side.scanner.feed(side.piece(), side.time)
        side.scanner.drain()
        columns = side.scanner.take()
        if len(columns):
            yield columns
    if holed or reading.ended_at is None:
        return
    for side in sides:
        if side.scanner.pending is not None:
            side.scanner.end(max(reading.ended_at, side.time))
            yield side.scanner.take()


def _time_at_hole(
    reader: CaptureReader, attempt_id: int, side: Side, ends: Mapping[Direction, int]
) -> int | None:
    """When the last byte before a direction's hole came; None where it has no hole."""
    end = ends[side.direction]
    if end >= reader.stream_length(attempt_id, side.direction):
        return None
    at = reader.time_at(attempt_id, side.direction, end - 1) if end > side.at else None
    return at if at is not None else 0
