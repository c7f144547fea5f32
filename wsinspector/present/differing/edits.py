"""Where two sequences differ, by the greedy algorithm of Myers (1986), bounded."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")

MOST_EDITS = 600
"""Insertions and deletions that are looked for; the cost grows with their square."""


class Edit(NamedTuple):
    """Items ``left_start`` to ``left_end`` were replaced by ``right_start`` to ``right_end``."""

    left_start: int
    left_end: int
    right_start: int
    right_end: int


def edits(left: Sequence[Item], right: Sequence[Item], most: int = MOST_EDITS) -> list[Edit]:
    """The stretches that differ, in order; one large one where more than ``most`` items do."""
    start = 0
    shorter = min(len(left), len(right))
    while start < shorter and left[start] == right[start]:
        start += 1
    end = 0
    while end < shorter - start and left[-1 - end] == right[-1 - end]:
        end += 1
    a, b = left[start : len(left) - end], right[start : len(right) - end]
    if not a and not b:
        return []
    if not a or not b:
        return [Edit(start, start + len(a), start, start + len(b))]
    path = _path(a, b, most)
    if path is None:
        return [Edit(start, start + len(a), start, start + len(b))]
    return [Edit(*(start + at for at in edit)) for edit in _joined(path)]


def _path(a: Sequence[Item], b: Sequence[Item], most: int) -> list[tuple[int, int, int, int]] | None:
    """Single insertions and deletions in order; None where there are more than ``most``."""
    far = {1: 0}
    trace: list[dict[int, int]] = []
    for depth in range(min(most, len(a) + len(b)) + 1):
        trace.append(dict(far))
        for k in range(-depth, depth + 1, 2):
            down = k == -depth or (k != depth and far.get(k - 1, -1) < far.get(k + 1, -1))
            x = far[k + 1] if down else far[k - 1] + 1
            y = x - k
            while x < len(a) and y < len(b) and a[x] == b[y]:
                x, y = x + 1, y + 1
            far[k] = x
            if x >= len(a) and y >= len(b):
                return _walked_back(trace, len(a), len(b))
    return None


def _walked_back(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int, int, int]]:
    found = []
    for depth in range(len(trace) - 1, 0, -1):
        far = trace[depth]
        k = x - y
        down = k == -depth or (k != depth and far.get(k - 1, -1) < far.get(k + 1, -1))
        before = k + 1 if down else k - 1
        from_x = far[before]
        from_y = from_x - before
        found.append((from_x, from_x, from_y, from_y + 1) if down else (from_x, from_x + 1, from_y, from_y))
        x, y = from_x, from_y
    found.reverse()
    return found


def _joined(steps: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    made: list[tuple[int, int, int, int]] = []
    for step in steps:
        if made and made[-1][1] == step[0] and made[-1][3] == step[2]:
            last = made[-1]
            made[-1] = (last[0], step[1], last[2], step[3])
        else:
            made.append(step)
    return made
