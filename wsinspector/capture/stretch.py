"""Where in a file the parts of one stream or one frame index lie."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

FARTHEST = 1 << 50
"""No stream and no index is this long: a row that says so is damaged."""


@dataclass(slots=True)
class Stretch:
    """Rows laid end to end: where each starts and stops, and its row id, 0 for a gap, below 0 for a row
    that is held in memory.

    One thread may add while others look.
    """

    starts: "array[int]" = field(default_factory=lambda: array("q"))
    stops: "array[int]" = field(default_factory=lambda: array("q"))
    rows: "array[int]" = field(default_factory=lambda: array("q"))

    @property
    def end(self) -> int:
        return self.stops[-1] if self.stops else 0

    def add(self, start: int, length: int, row: int) -> None:
        # Those who look go by the number of starts, so that one comes last.
        self.rows.append(row)
        self.stops.append(start + length)
        self.starts.append(start)

    def lay(
        self, start: int, length: int, row: int, farthest_hole: int, odd: Callable[[str, int, int], None]
    ) -> None:
        """Add a row that a damaged file may hold: what does not follow the last one is made to.

        ``odd(what, start, stop)`` is told of a "hole", of what lies "twice", and of a row that is "senseless"
        and left out. ``farthest_hole``: how much can be missing between two rows. Without ``row`` and
        ``length`` it only says that the stretch went on up to ``start``.
        """
        end = self.end
        stop = start + length
        senseless = start < 0 or length < 0 or stop > FARTHEST
        if senseless or (start - end > farthest_hole and (row or not length)):
            odd("senseless", start, stop)
            return
        if not length and (row or start <= end):
            return
        if start > end:
            odd("hole", end, start)
            self.add(end, start - end, 0)
            if not length:
                return
        elif start < end:
            odd("twice", start, min(end, stop))
            if stop <= end or start < self.starts[-1]:
                return
            if start == self.starts[-1]:
                self.rows[-1], self.stops[-1] = row, stop
                return
            self.stops[-1] = start
        self.add(start, length, row)

    def overlapping(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """(start, stop, row) of every row that holds a part of ``start`` to ``stop - 1``."""
        at = max(0, bisect_right(self.starts, start) - 1)
        while at < len(self.starts) and self.starts[at] < stop:
            if self.stops[at] > start:
                yield self.starts[at], self.stops[at], self.rows[at]
            at += 1

    def holes(self) -> Iterator[tuple[int, int]]:
        """(start, stop) of what is not there."""
        for at, row in enumerate(self.rows):
            if not row:
                yield self.starts[at], self.stops[at]
