"""Parts that are made late still stand where the eye finds them when Tab is pressed."""

import itertools
from collections.abc import Iterator
from functools import cmp_to_key

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget


def follow_the_eye(page: QWidget) -> None:
    """Let Tab lead through what is seen of ``page`` as its parts lie, whenever they were made.

    Neither the order that there is nor who hands the focus on is asked for: by these questions PySide makes
    a part the owner of the whole, and both end with the next collection.
    """
    for before, after in itertools.pairwise(laid_out(page)):
        QWidget.setTabOrder(before, after)


def laid_out(part: QWidget) -> list[QWidget]:
    """What in ``part`` takes the focus and is not hidden: left before right, above before below."""
    return list(dict.fromkeys(_within(part)))


def _within(part: QWidget) -> Iterator[QWidget]:
    for child in _children(part):
        if child.isWindow() or child.isHidden():
            continue
        if child.focusPolicy() != Qt.FocusPolicy.NoFocus:
            yield child
        yield from _within(child)


def _children(part: QWidget) -> list[QWidget]:
    told = getattr(part, "stops", None)
    first: list[QWidget] = list(told()) if callable(told) else []  # where it places its parts itself
    own = part.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    placed = ((each.geometry(), each) for each in own if each not in first)
    return first + [each for _, each in sorted(placed, key=cmp_to_key(_read_first))]


def _read_first(one: tuple[QRect, QWidget], other: tuple[QRect, QWidget]) -> int:
    """Below 0 where ``one`` is read before ``other``: it lies above, or beside it to the left."""
    first, second = one[0], other[0]
    if first.bottom() < second.top():
        return -1
    if second.bottom() < first.top():
        return 1
    return first.left() - second.left()


def place_behind(late: QWidget, before: QWidget) -> None:
    """Let Tab lead from the last stop in ``before`` through those in ``late``; both in one window."""
    stops = [*_stops(before)[-1:], *_stops(late)]
    for at in range(1, len(stops)):
        QWidget.setTabOrder(stops[at - 1], stops[at])


def _stops(part: QWidget) -> list[QWidget]:
    """What in ``part`` takes the focus, in the order in which it was made."""
    return [each for each in part.findChildren(QWidget) if each.focusPolicy() != Qt.FocusPolicy.NoFocus]
