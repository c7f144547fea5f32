"""Parts of a page that are made late: only when they are seen, and where Tab expects them."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener, capture, front, settle
from wsinspector.ui.inspect.compare_view import CompareView
from wsinspector.ui.inspect.options_drawer import OptionsDrawer
from wsinspector.ui.inspect.refusal_pane import RefusalPane


def stops(page: QWidget) -> list[QWidget]:
    """What takes the focus with Tab in ``page``, from its first child on."""
    found: list[QWidget] = []
    widget = page.nextInFocusChain()
    while widget is not None and widget is not page:
        if page.isAncestorOf(widget) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def test_a_new_conversation_has_no_part_that_is_not_seen(open_window: Opener) -> None:
    page = front(open_window())
    for kind in (OptionsDrawer, RefusalPane, CompareView):
        assert page.findChildren(kind) == []


def test_options_come_behind_the_address_and_before_the_rest(open_window: Opener) -> None:
    page = front(open_window())
    page.toggle_options()
    assert page.options_open
    order = stops(page)
    inside = [at for at, widget in enumerate(order) if page.drawer.isAncestorOf(widget)]
    assert inside == list(range(inside[0], inside[-1] + 1))
    assert page.address.isAncestorOf(order[inside[0] - 1])
    assert not any(page.address.isAncestorOf(widget) for widget in order[inside[-1] + 1 :])
    page.toggle_options()
    assert not page.options_open


def test_a_refusal_stands_beside_its_handshake(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window(str(capture(tmp_path / "one.wsi")))
    settle(qtbot, desk)
    page = front(desk)
    (pane,) = page.findChildren(RefusalPane)
    assert page.right.currentWidget() is pane
    order = stops(page)
    inside = [at for at, widget in enumerate(order) if pane.isAncestorOf(widget)]
    assert inside == list(range(inside[0], inside[-1] + 1))
    assert page.frames.isAncestorOf(order[inside[0] - 1])
