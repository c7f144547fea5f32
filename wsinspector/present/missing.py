"""Which frames of an attempt are not in its file, as runs: one row of the log tells of each."""

from array import array
from bisect import bisect_left, bisect_right


class Missing:
    """Runs of frame numbers, in order, that do not touch. One thread changes them; others may look."""

    __slots__ = ("_runs",)

    def __init__(self) -> None:
        self._runs: tuple[array[int], array[int]] = (array("Q"), array("Q"))  # first, last + 1

    def add(self, first: int, stop: int) -> None:
        """Frames ``first`` to ``stop - 1``, behind all that are known, are not there."""
        firsts, stops = self._runs
        if stops and stops[-1] >= first:
            stops[-1] = max(stops[-1], stop)
        else:
            stops.append(stop)
            firsts.append(first)  # those who look go by these

    def drop(self, upto: int) -> None:
        """Frames 1 to ``upto`` are not there any more."""
        firsts, stops = self._runs
        past = bisect_right(firsts, upto + 1)
        last = max(upto + 1, stops[past - 1]) if past else upto + 1
        self._runs = (array("Q", (1,)) + firsts[past:], array("Q", (last,)) + stops[past:])

    def run_at(self, number: int) -> tuple[int, int] | None:
        """``(first, last + 1)`` of the run that holds frame ``number``."""
        firsts, stops = self._runs
        at = bisect_right(firsts, number) - 1
        return (firsts[at], stops[at]) if at >= 0 and number < stops[at] else None

    def next_after(self, number: int) -> int | None:
        """The first frame of the first run that begins behind ``number``."""
        firsts, _ = self._runs
        at = bisect_right(firsts, number)
        return firsts[at] if at < len(firsts) else None

    def beginning(self, after: int, upto: int) -> "array[int]":
        """The first frames of the runs that begin at ``after + 1`` to ``upto``."""
        firsts, _ = self._runs
        return firsts[bisect_left(firsts, after + 1) : bisect_right(firsts, upto)]
