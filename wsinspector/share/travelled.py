"""The bytes of an attempt in the order in which they travelled, a read at a time, whatever their number."""

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wsinspector.capture import CaptureReader
from wsinspector.present.frames import FrameFacts, facts_of
from wsinspector.protocol.columns import FLAG_OUT
from wsinspector.protocol.spans import Direction
from wsinspector.share.leaving import Leaving

WINDOW = 1 << 20
"""Bytes of one direction looked at together; what is held in memory is a few of these."""

AT_ONCE = 1 << 12
"""Frames whose columns are looked at together."""

Ranges = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one read or write brought, or a part of it, at ``at`` (ns, the attempt's monotonic clock).

    ``lost``: bytes from ``offset`` on that were not kept, and then ``data`` is empty; ``why`` says so.
    ``stray``: these are in the capture, but the frames that they were of were dropped.
    """

    direction: Direction
    offset: int
    data: bytes
    at: int
    lost: int = 0
    why: str = ""
    stray: bool = False

    @property
    def end(self) -> int:
        return self.offset + self.lost + len(self.data)


Strays = Mapping[Direction, Sequence[tuple[int, int, str]]]
"""Of each direction, rising and apart: from one offset to another, and why the frames there were dropped."""


def travelled(
    reader: CaptureReader,
    attempt_id: int,
    wanted: Mapping[Direction, Ranges] | None = None,
    strays: Strays | None = None,
) -> Iterator[Piece]:
    """Both directions in order of time, each from its first byte on; times never fall in one direction.

    ``wanted``: the ranges of offsets to be walked, rising and apart; all of a direction without it.
    ``strays``: bytes that are passed over as if they had not been kept, see :func:`strays_of`.
    Raises CaptureError where the file is damaged.
    """
    ways = []
    for direction in (Direction.OUT, Direction.IN):
        ranges: Ranges = ((0, reader.stream_length(attempt_id, direction)),)
        if wanted is not None:
            ranges = wanted.get(direction, ())
        passed_over = strays.get(direction, ()) if strays is not None else ()
        ways.append(_one_way(reader, attempt_id, direction, ranges, passed_over))
    return heapq.merge(*ways, key=lambda piece: piece.at)


def ranges_of(leaving: Leaving) -> Mapping[Direction, Ranges] | None:
    """Which bytes of each direction leave; None for all of both."""
    if leaving.all_frames:
        return None
    starts = leaving.frame_starts()
    return {direction: _ranges(leaving, direction, starts[direction]) for direction in Direction}


def strays_of(leaving: Leaving) -> Strays:
    """The bytes of frames that were dropped and that stayed, as they share a stored piece with others.

    They begin and end in the middle of frames, and no other export has these frames. Where some frames were
    chosen there are none.
    """
    found: dict[Direction, list[tuple[int, int, str]]] = {direction: [] for direction in Direction}
    holes = [gap for gap in leaving.gaps if gap.kind == "frames"]
    if not holes or not leaving.all_frames:
        return found
    starts = leaving.frame_starts()
    for hole in sorted(holes, key=lambda gap: gap.start):
        for direction in Direction:
            before = _nearest(leaving, direction, hole.start - 1, -1)
            behind = _nearest(leaving, direction, hole.stop, 1)
            start = before.end if before is not None else starts[direction]
            if behind is not None and behind.offset > start:
                known = found[direction]
                if not known or known[-1][1] <= start:
                    known.append((start, behind.offset, hole.reason))
    return found


def left_aside(leaving: Leaving) -> list[tuple[Direction, int, str]]:
    """How many bytes are passed over that are in the capture, and why their frames were dropped."""
    found = []
    for direction, strays in strays_of(leaving).items():
        for start, stop, reason in strays:
            lost = sum(end - begin for begin, end, _ in leaving.lost(direction, start, stop))
            if stop - start > lost:
                found.append((direction, stop - start - lost, reason))
    return found


def _nearest(leaving: Leaving, direction: Direction, number: int, step: int) -> FrameFacts | None:
    """The first frame of ``direction`` that is there, from ``number`` on upwards or downwards."""
    side = FLAG_OUT if direction is Direction.OUT else 0
    while 0 < number <= leaving.frames_there:
        leaving.look()
        first = number if step > 0 else max(1, number - AT_ONCE + 1)
        count = AT_ONCE if step > 0 else number - first + 1
        columns = leaving.reader.columns(leaving.snapshot.attempt_id, first, count)
        if not len(columns):
            return None
        places = range(len(columns)) if step > 0 else range(len(columns) - 1, -1, -1)
        for place in places:
            if columns.header[place] and columns.flags[place] & FLAG_OUT == side:
                return facts_of(columns, place, first + place)
        number = first + len(columns) if step > 0 else first - 1
    return None


def _without(
    strays: Sequence[tuple[int, int, str]], gaps: Sequence[tuple[int, int, str, bool]]
) -> Iterator[tuple[int, int, str, bool]]:
    """What of ``strays`` is in the capture: all but ``gaps``, which rise and lie apart."""
    for start, stop, reason in strays:
        at = start
        for begin, end, _, _ in gaps:
            if end <= at or begin >= stop:
                continue
            if begin > at:
                yield at, begin, reason, True
            at = max(at, end)
        if at < stop:
            yield at, stop, reason, True


def _ranges(leaving: Leaving, direction: Direction, handshake: int) -> Iterator[tuple[int, int]]:
    yield 0, handshake
    for number in leaving.numbers:
        facts = leaving.reading.facts(number)
        if facts is not None and facts.direction is direction and facts.header:
            yield facts.offset, facts.end


def _one_way(
    reader: CaptureReader,
    attempt_id: int,
    direction: Direction,
    ranges: Ranges,
    strays: Sequence[tuple[int, int, str]] = (),
) -> Iterator[Piece]:
    gaps = sorted(
        (gap.start, gap.stop, gap.reason, False)
        for gap in reader.gaps(attempt_id)
        if gap.kind == "bytes" and gap.direction is direction
    )
    gaps = sorted([*gaps, *_without(strays, gaps)])
    length = reader.stream_length(attempt_id, direction)
    walk = _Walk(reader, attempt_id, direction)
    behind = passed = 0
    for start, stop in ranges:
        at, stop = max(start, behind), min(stop, length)
        while at < stop:
            while passed < len(gaps) and gaps[passed][1] <= at:
                passed += 1
            gap = gaps[passed] if passed < len(gaps) else None
            if gap is not None and gap[0] <= at:
                yield walk.lost(at, min(gap[1], stop) - at, gap[2], stray=gap[3])
                at = min(gap[1], stop)
                continue
            until = min(stop, at + WINDOW, gap[0] if gap is not None else stop)
            yield from walk.pieces(at, until)
            at = until
        behind = max(behind, at)


class _Walk:
    def __init__(self, reader: CaptureReader, attempt_id: int, direction: Direction) -> None:
        self._reader = reader
        self._attempt_id = attempt_id
        self._direction = direction
        self._now = 0

    def lost(self, at: int, count: int, why: str, *, stray: bool) -> Piece:
        if not self._now:  # nothing before tells when: what comes behind does
            _, times = self._reader.reads(self._attempt_id, self._direction, at, at + count + 1)
            self._now = times[0] if times else 0
        return Piece(self._direction, at, b"", self._now, count, why, stray)

    def pieces(self, start: int, stop: int) -> Iterator[Piece]:
        offsets, times = self._reader.reads(self._attempt_id, self._direction, start, stop)
        data = self._reader.stream(self._attempt_id, self._direction, start, stop)
        place = max(bisect_right(offsets, start) - 1, 0)
        at = start
        while at < stop:
            until = min(offsets[place + 1], stop) if place + 1 < len(offsets) else stop
            if place < len(times):
                self._now = max(self._now, times[place])
            place += 1
            if until > at:
                piece = data[at - start : until - start]
                yield Piece(self._direction, at, piece, self._now)
                at = until
