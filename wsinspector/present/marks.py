"""The marks a person put on frames of one attempt, found by number and in order."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_NAME = 80
"""Characters of a name: it stands in a row."""


@dataclass(frozen=True, slots=True)
class Mark:
    """``name`` is one line, ``note`` lines; each may be empty."""

    name: str = ""
    note: str = ""


def one_line(text: str) -> str:
    """``text`` as a name: one line of at most :data:`MOST_NAME` characters."""
    return " ".join(text.split())[:MOST_NAME]


class Marks:
    """Frame number to :class:`Mark`, sorted; what was taken off last comes back with its words."""

    def __init__(self, found: Iterable[tuple[int, Mark]] = ()) -> None:
        self._marks = dict(found)
        self._numbers = sorted(self._marks)
        self._removed: dict[int, Mark] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, number: object) -> bool:
        return number in self._marks

    @property
    def numbers(self) -> Sequence[int]:
        """Numbers of the marked frames, in order: what ``has mark`` asks for."""
        return tuple(self._numbers)

    def get(self, number: int) -> Mark | None:
        return self._marks.get(number)

    def set(self, number: int, mark: Mark) -> None:
        """Put ``mark`` on frame ``number``, in place of the one it has."""
        if number not in self._marks:
            insort(self._numbers, number)
        self._marks[number] = mark
        self._removed.pop(number, None)

    def removed(self, number: int) -> Mark:
        """What stood on frame ``number`` before it was taken off, or an empty mark."""
        return self._removed.get(number, Mark())

    def remove(self, number: int) -> bool:
        """Take the mark off; False where there is none."""
        mark = self._marks.pop(number, None)
        if mark is None:
            return False
        del self._numbers[bisect_left(self._numbers, number)]
        if mark.name or mark.note:
            self._removed[number] = mark
        return True

    def after(self, number: int) -> int | None:
        """The next marked frame behind ``number``."""
        at = bisect_right(self._numbers, number)
        return self._numbers[at] if at < len(self._numbers) else None

    def before(self, number: int) -> int | None:
        """The last marked frame in front of ``number``."""
        at = bisect_left(self._numbers, number)
        return self._numbers[at - 1] if at else None

    def at_or_before(self, number: int) -> int | None:
        """The marked frame from which time is counted at ``number``; the first one in front of all."""
        at = bisect_right(self._numbers, number)
        return self._numbers[max(at - 1, 0)] if self._numbers else None

    def among(self, numbers: Sequence[int]) -> int | None:
        """The first marked one of ``numbers``, which are in order."""
        if not self._numbers or not numbers:
            return None
        low = bisect_left(self._numbers, numbers[0])
        high = bisect_right(self._numbers, numbers[-1])
        if high - low > len(numbers):
            return next((number for number in numbers if number in self._marks), None)
        for marked in self._numbers[low:high]:
            at = bisect_left(numbers, marked)
            if at < len(numbers) and numbers[at] == marked:
                return marked
        return None
