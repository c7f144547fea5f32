"""Parts that are made late still stand where the eye finds them when Tab is pressed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def place_behind(late: QWidget, before: QWidget) -> None:
    """Let Tab lead from the last stop in ``before`` through those in ``late``; both in one window."""
    stops = [*_stops(before)[-1:], *_stops(late)]
    for at in range(1, len(stops)):
        QWidget.setTabOrder(stops[at - 1], stops[at])


def _stops(part: QWidget) -> list[QWidget]:
    """What in ``part`` takes the focus, in the order in which it does."""
    missing = {each for each in part.findChildren(QWidget) if each.focusPolicy() != Qt.FocusPolicy.NoFocus}
    found: list[QWidget] = []
    widget = part.nextInFocusChain()
    while missing and widget is not None and widget is not part:
        if widget in missing:
            missing.discard(widget)
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found
