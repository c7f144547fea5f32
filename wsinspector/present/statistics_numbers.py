"""How often each value came, so that smallest, middle, largest and sum are known of ten million of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

MOST_VALUES = 1 << 16
"""Different values that are counted one by one; beyond that, values are rounded down."""

KEPT_BITS = 10
"""Significant bits of a value that was rounded: it is less than 0.2 % too small."""

BINS = 65


@dataclass(frozen=True, slots=True)
class Spread:
    """``number`` of values and what they come to; all 0 where there are none.

    ``histogram``: values 0, then from 2^(n-1) to 2^n - 1 in place n. ``rounded``: median and p95 are
    of values rounded down by less than 0.2 %; smallest, largest and total are exact.
    """

    number: int = 0
    total: int = 0
    smallest: int = 0
    median: int = 0
    p95: int = 0
    largest: int = 0
    histogram: tuple[int, ...] = (0,) * BINS
    rounded: bool = False

    @property
    def mean(self) -> float:
        return self.total / self.number if self.number else 0.0


NONE = Spread()


class Distribution:
    """Values are counted as they come; memory is bounded."""

    def __init__(self) -> None:
        self.number = 0
        self.total = 0
        self.smallest = 0
        self.largest = 0
        self.rounded = False
        self.counts: Counter[int] = Counter()

    def add(self, counts: Mapping[int, int]) -> None:
        """Count each value of ``counts`` so often."""
        if not counts:
            return
        least, most = min(counts), max(counts)
        self.smallest = least if not self.number else min(self.smallest, least)
        self.largest = max(self.largest, most)
        self.number += sum(counts.values())
        self.total += sum(value * often for value, often in counts.items())
        if self.rounded:
            self._add_rounded(counts)
            return
        mine = self.counts
        for value, often in counts.items():
            mine[value] += often
        if len(mine) > MOST_VALUES:
            self.rounded = True
            self.counts = Counter()
            self._add_rounded(mine)

    def _add_rounded(self, counts: Mapping[int, int]) -> None:
        mine = self.counts
        for value, often in counts.items():
            mine[rounded(value)] += often

    def merge(self, other: "Distribution") -> None:
        """Count the values of ``other`` too."""
        if not other.number:
            return
        number, total = self.number + other.number, self.total + other.total
        smallest = other.smallest if not self.number else min(self.smallest, other.smallest)
        largest = max(self.largest, other.largest)
        if other.rounded and not self.rounded:
            self.rounded = True
            mine, self.counts = self.counts, Counter()
            self._add_rounded(mine)
        self.add(other.counts)
        self.number, self.total, self.smallest, self.largest = number, total, smallest, largest

    def spread(self) -> Spread:
        """What came so far."""
        if not self.number:
            return NONE
        bins = [0] * BINS
        ranks = [ceil(self.number * 0.5), ceil(self.number * 0.95)]
        found: list[int] = []
        passed = 0
        for value, often in sorted(self.counts.items()):
            bins[value.bit_length()] += often
            passed += often
            while len(found) < len(ranks) and passed >= ranks[len(found)]:
                found.append(max(value, self.smallest))
        return Spread(
            self.number,
            self.total,
            self.smallest,
            found[0],
            found[1],
            self.largest,
            tuple(bins),
            self.rounded,
        )


def rounded(value: int) -> int:
    """``value`` without its bits behind the KEPT_BITS highest."""
    cut = max(0, value.bit_length() - KEPT_BITS)
    return value >> cut << cut


def bin_bounds(place: int) -> tuple[int, int]:
    """Smallest and largest value of a place in a histogram."""
    return (0, 0) if not place else (1 << place - 1, (1 << place) - 1)
