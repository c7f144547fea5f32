"""Make parts of a text fit into a number of lines, saying what was left out."""

from collections.abc import Callable, Sequence


def shares(room: int, wanted: Sequence[int], least: Sequence[int]) -> list[int]:
    """How many of ``room`` lines each part gets: first at most its ``least``, the rest by turns."""
    given = [min(want, low) for want, low in zip(wanted, least, strict=True)]
    while sum(given) > max(room, 0):
        given[max(range(len(given)), key=lambda at: given[at])] -= 1
    left = max(room, 0) - sum(given)
    while left > 0 and any(got < want for got, want in zip(given, wanted, strict=True)):
        for at, want in enumerate(wanted):
            if left > 0 and given[at] < want:
                given[at] += 1
                left -= 1
    return given


def fitted(lines: Sequence[str], room: int, matters: Callable[[str], bool] | None, prefix: str) -> list[str]:
    """``lines`` in at most ``room``: the first, those that matter, then others, in their order.

    Where some are left out, the last line says how many.
    """
    if len(lines) <= room:
        return list(lines)
    if room <= 0:
        return []
    order = sorted(
        range(len(lines)), key=lambda at: (at > 0, matters is not None and not matters(lines[at]), at)
    )
    kept = sorted(order[: room - 1])
    return [*(lines[at] for at in kept), f"{prefix}… {len(lines) - len(kept)} more"]
