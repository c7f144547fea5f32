"""Where in a file the parts of one stream or one frame index lie."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stretch:
    """Rows laid end to end: where each starts and stops, and its row id, 0 for a gap.

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

    def overlapping(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """(start, stop, row) of every row that holds a part of ``start`` to ``stop - 1``."""
        at = max(0, bisect_right(self.starts, start) - 1)
        while at < len(self.starts) and self.starts[at] < stop:
            if self.stops[at] > start:
                yield self.starts[at], self.stops[at], self.rows[at]
            at += 1
