"""How much passed when: counts in even steps of time, which double as the time grows, and their drawing."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10

MOST_STEPS = 4096
NARROWEST_NS = 1_000_000
POINTS = 128
"""A rate is counted over a 128th of the time that is looked at, at most over about a second."""

STEADY_NS = NARROWEST_NS << 10

_NAMES = ("frames_in", "frames_out", "bytes_in", "bytes_out")


@dataclass(frozen=True, slots=True)
class Counts:
    """Frames and their bytes on the wire in steps of ``width`` ns from ``start`` (ns) on.

    ``first``: number of the first frame in each step, 0 where none came.
    """

    start: int
    width: int
    frames_in: "array[int]"
    frames_out: "array[int]"
    bytes_in: "array[int]"
    bytes_out: "array[int]"
    first: "array[int]"

    def __len__(self) -> int:
        return len(self.first)

    @property
    def span(self) -> int:
        """ns from the start to the end of the last step."""
        return self.width * len(self.first)

    def read_over(self) -> "Counts":
        """The same in steps long enough for a rate to mean something."""
        wanted = min(self.span // POINTS, STEADY_NS)
        factor = 1
        while self.width * factor < wanted:
            factor *= 2
        return self.joined(factor)

    def joined(self, factor: int) -> "Counts":
        """``factor`` steps put together into one."""
        if factor == 1:
            return self
        places = range(0, len(self.first), factor)
        received, sent, bytes_in, bytes_out = (
            array("Q", [sum(getattr(self, name)[at : at + factor]) for at in places]) for name in _NAMES
        )
        firsts = array("Q", [next(filter(None, self.first[at : at + factor]), 0) for at in places])
        return Counts(self.start, self.width * factor, received, sent, bytes_in, bytes_out, firsts)

    def frame_near(self, at: int) -> int:
        """Number of the first frame in the step of ``at`` (ns) or after it, else the last step's; 0: none."""
        step = min(max((at - self.start) // self.width, 0), len(self.first))
        after = next(filter(None, self.first[step:]), 0)
        return after or next(filter(None, reversed(self.first[:step])), 0)


class Series:
    """Fed in order of time; steps double in width when there would be more than MOST_STEPS."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.width = NARROWEST_NS
        self._columns = [array("Q") for _ in _NAMES]
        self._first = array("Q")

    def reach(self, at: int) -> None:
        """Make room up to the time ``at`` (ns)."""
        while (at - self.start) // self.width >= MOST_STEPS:
            self.width *= 2
            self._columns = [_halved(column) for column in self._columns]
            self._first = array(
                "Q", [one or other for one, other in zip(self._first[::2], _odd(self._first), strict=True)]
            )
        missing = max((at - self.start) // self.width, 0) + 1 - len(self._first)
        if missing > 0:
            for column in (*self._columns, self._first):
                column.frombytes(bytes(column.itemsize * missing))

    def step_of(self, at: int) -> int:
        """The step in which ``at`` (ns) lies; what came before the start counts for the first."""
        return max((at - self.start) // self.width, 0)

    def add(self, step: int, first: int, frames: tuple[int, int], octets: tuple[int, int]) -> None:
        """Count (received, sent); ``first``: number of the first of these frames."""
        for column, more in zip(self._columns, (*frames, *octets), strict=True):
            column[step] += more
        if not self._first[step]:
            self._first[step] = first

    def counts(self) -> Counts:
        """A copy that does not change any more."""
        received, sent, bytes_in, bytes_out = (column[:] for column in self._columns)
        return Counts(self.start, self.width, received, sent, bytes_in, bytes_out, self._first[:])


def _odd(values: "array[int]") -> "array[int]":
    odd = values[1::2]
    if len(values) % 2:
        odd.append(0)
    return odd


def _halved(values: "array[int]") -> "array[int]":
    return array("Q", map(sum, zip(values[::2], _odd(values), strict=True)))


def envelope(values: Sequence[float], columns: int) -> list[tuple[float, float]]:
    """(lowest, highest) of the values in each of at most ``columns`` columns of pixels; none is lost."""
    number = len(values)
    if number <= columns:
        return [(value, value) for value in values]
    bounds = [at * number // columns for at in range(columns + 1)]
    return [(min(values[a:b]), max(values[a:b])) for a, b in pairwise(bounds)]


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most ``most`` round numbers from ``low`` to ``high``, 1, 2 or 5 times a power of ten apart."""
    span = high - low
    if span <= 0 or most < 1:
        return [low]
    step = 10.0 ** floor(log10(span / most))
    for factor in (1, 2, 5, 10, 20):
        # A little slack: 0.3 / 0.1 is not 3.
        first, last = -floor(-low / (step * factor) + 1e-9), floor(high / (step * factor) + 1e-9)
        if last - first + 1 <= most:
            return [at * step * factor for at in range(first, last + 1)]
    return [low]
