"""The longest times without a frame, found without looking at every one of ten million."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappush, heapreplace

MOST = 200
SHORTEST_NS = 1_000_000
_FEW = 16


@dataclass(frozen=True, slots=True)
class Silence:
    """``length`` ns after frame ``number``, which came at ``at`` (ns); 0 and the start before the first."""

    length: int
    number: int
    at: int


class Silences:
    """Keeps the MOST longest; of those equally long the earlier ones."""

    def __init__(self) -> None:
        self._kept: list[tuple[int, int, int]] = []  # a heap: (length, - number, at)
        self._last: tuple[int, int] | None = None
        self._least = SHORTEST_NS - 1

    def take(self, times: "array[int]", number_of: Callable[[int], int]) -> None:
        """Frames that follow those before; ``number_of`` an entry of ``times``."""
        if self._last is not None:
            number, at = self._last
            self._offer(times[0] - at, number, at)
        last = len(times) - 1
        self._last = number_of(last), times[last]
        todo = [(0, last)]
        while todo:
            low, high = todo.pop()
            # A silence is no longer than what it lies in.
            if times[high] - times[low] <= self._least:
                continue
            if high - low > _FEW:
                middle = (low + high) // 2
                todo += [(middle, high), (low, middle)]
                continue
            for at in range(low, high):
                if times[at + 1] - times[at] > self._least:
                    self._offer(times[at + 1] - times[at], number_of(at), times[at])

    def _offer(self, length: int, number: int, at: int) -> None:
        if length <= self._least:
            return
        if len(self._kept) < MOST:
            heappush(self._kept, (length, -number, at))
        else:
            heapreplace(self._kept, (length, -number, at))
        if len(self._kept) == MOST:
            self._least = self._kept[0][0]

    def longest(self) -> tuple[Silence, ...]:
        """Longest first."""
        ordered = sorted(self._kept, reverse=True)
        return tuple(Silence(length, -number, at) for length, number, at in ordered)


def with_edges(
    silences: tuple[Silence, ...],
    start: int,
    first_at: int | None,
    last_at: int | None,
    last: int,
    end: int | None,
) -> tuple[Silence, ...]:
    """Those between frames, with the time before the first frame and that from frame ``last`` to the end."""
    edges = []
    if first_at is not None and first_at - start >= SHORTEST_NS:
        edges.append(Silence(first_at - start, 0, start))
    if last_at is not None and end is not None and end - last_at >= SHORTEST_NS:
        edges.append(Silence(end - last_at, last, last_at))
    return tuple(sorted((*silences, *edges), key=lambda each: (-each.length, each.number)))
