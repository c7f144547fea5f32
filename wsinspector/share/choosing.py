"""Which frames leave: numbers as they are typed."""

import re
from array import array
from collections.abc import Sequence

_PART = re.compile(r"\s*([0-9]{1,15})\s*(?:[-–]\s*([0-9]{1,15})?)?\s*\Z")


class WrongChoice(ValueError):  # noqa: N818
    """What is wrong with a choice of frames, as a sentence."""


def numbers_typed(text: str, last: int) -> Sequence[int]:
    """``3-17,20`` and ``40-`` of frames 1 to ``last``, in order, each once. Raises WrongChoice."""
    ranges: list[tuple[int, int]] = []
    for part in text.split(","):
        found = _PART.match(part)
        if found is None:
            raise WrongChoice(f"“{part.strip()}” is no number of a frame, nor a range such as 3-17.")
        low = int(found[1])
        open_end = found[2] is None and part.strip()[-1:] in "-–"
        high = last if open_end else int(found[2] or found[1])
        if not 1 <= low <= high and not (open_end and low > last):
            raise WrongChoice(f"“{part.strip()}” should count from 1, the smaller number first.")
        if low > last:
            raise WrongChoice(f"There is no frame {low}: the last is {last}.")
        ranges.append((low, min(high, last)))
    ranges.sort()
    if len(ranges) == 1:
        return range(ranges[0][0], ranges[0][1] + 1)
    numbers: array[int] = array("Q")
    behind = 0
    for low, high in ranges:
        numbers.extend(range(max(low, behind + 1), high + 1))
        behind = max(behind, high)
    return numbers
