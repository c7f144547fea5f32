"""The bytes of an attempt in the order in which they travelled, a read at a time, whatever their number."""

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wsinspector.capture import CaptureReader
from wsinspector.protocol.spans import Direction
from wsinspector.share.leaving import Leaving

WINDOW = 1 << 20
"""Bytes of one direction looked at together; what is held in memory is a few of these."""

Ranges = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one read or write brought, or a part of it, at ``at`` (ns, the attempt's monotonic clock).

    ``lost``: bytes from ``offset`` on that were not kept, and then ``data`` is empty; ``why`` says so.
    """

    direction: Direction
    offset: int
    data: bytes
    at: int
    lost: int = 0
    why: str = ""

    @property
    def end(self) -> int:
        return self.offset + self.lost + len(self.data)


def travelled(
    reader: CaptureReader, attempt_id: int, wanted: Mapping[Direction, Ranges] | None = None
) -> Iterator[Piece]:
    """Both directions in order of time, each from its first byte on; times never fall in one direction.

    ``wanted``: the ranges of offsets to be walked, rising and apart; all of a direction without it.
    Raises CaptureError where the file is damaged.
    """
    ways = []
    for direction in (Direction.OUT, Direction.IN):
        ranges: Ranges = ((0, reader.stream_length(attempt_id, direction)),)
        if wanted is not None:
            ranges = wanted.get(direction, ())
        ways.append(_one_way(reader, attempt_id, direction, ranges))
    return heapq.merge(*ways, key=lambda piece: piece.at)


def ranges_of(leaving: Leaving) -> Mapping[Direction, Ranges] | None:
    """Which bytes of each direction leave; None for all of both."""
    if leaving.all_frames:
        return None
    starts = leaving.frame_starts()
    return {direction: _ranges(leaving, direction, starts[direction]) for direction in Direction}


def _ranges(leaving: Leaving, direction: Direction, handshake: int) -> Iterator[tuple[int, int]]:
    yield 0, handshake
    for number in leaving.numbers:
        facts = leaving.reading.facts(number)
        if facts is not None and facts.direction is direction and facts.header:
            yield facts.offset, facts.end


def _one_way(reader: CaptureReader, attempt_id: int, direction: Direction, ranges: Ranges) -> Iterator[Piece]:
    gaps = sorted(
        (gap.start, gap.stop, gap.reason)
        for gap in reader.gaps(attempt_id)
        if gap.kind == "bytes" and gap.direction is direction
    )
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
                yield walk.lost(at, min(gap[1], stop) - at, gap[2])
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

    def lost(self, at: int, count: int, why: str) -> Piece:
        if not self._now:  # nothing before tells when: what comes behind does
            _, times = self._reader.reads(self._attempt_id, self._direction, at, at + count + 1)
            self._now = times[0] if times else 0
        return Piece(self._direction, at, b"", self._now, count, why)

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
