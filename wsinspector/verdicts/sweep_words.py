"""Many odd requests named in few words: runs of numbers as ranges, the rest by their labels."""

from collections.abc import Iterable, Sequence

from wsinspector.protocol.sweep_requests import Odd


def named(odds: Iterable[Odd]) -> str:
    """``0, 4–12, 255, abc and two lines: 13, 8``: each once, numbers first and merged where they follow."""
    numbers: set[int] = set()
    labels: dict[str, None] = {}
    for odd in odds:
        if odd.number is not None:
            numbers.add(odd.number)
        else:
            labels[quoted(odd)] = None
    return listed([*ranges(sorted(numbers)), *labels])


def ranges(numbers: Sequence[int]) -> list[str]:
    """``4–6`` for three or more that follow each other; ascending."""
    found: list[str] = []
    at = 0
    while at < len(numbers):
        stop = at
        while stop + 1 < len(numbers) and numbers[stop + 1] == numbers[stop] + 1:
            stop += 1
        if stop - at >= 2:
            found.append(f"{numbers[at]}–{numbers[stop]}")
        else:
            found += [str(number) for number in numbers[at : stop + 1]]
        at = stop + 1
    return found


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def quoted(odd: Odd) -> str:
    """A label that can stand in a list of labels."""
    if odd.values is None or not odd.values or "," not in odd.label:
        return odd.label
    return odd.label if odd.label.startswith("“") else f"“{odd.label}”"


def counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
