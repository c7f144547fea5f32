"""Text at every size: nothing keeps the size it was made with, and no control is cut."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from wsinspector.ui import theme
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.page_switch import INSPECT, LEARN, PROVOKE, SWEEP


@pytest.fixture
def desk(open_window: Opener) -> Desk:
    return open_window()


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    theme.set_zoom(1.0)


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> InspectPage:
    """An open connection, its second frame's detail in sight."""
    lab = desk.workspace.lab
    assert lab is not None
    made = desk.new_tab()
    made.tab.set_address(lab.url_of("/echo"))
    made.tab.connect_now()
    qtbot.waitUntil(lambda: bool(made.tab.snapshot and made.tab.snapshot.open))
    attempt = made.tab.conversation.attempt(1)
    assert attempt is not None
    attempt.send_message('{"say":"hello"}')
    qtbot.waitUntil(lambda: bool(made.frames.model and len(made.frames.model.rows.index) == 2))
    made.frames.places.go_to(2)
    made.frames.opening.open()
    qtbot.waitUntil(lambda: bool(made.frames.detail.bits.lines))
    return made


def test_payloads_follow_the_text_size(desk: Desk, page: InspectPage) -> None:
    view = page.frames.detail.payload.text
    for factor in (2.0, 0.6, 1.0):
        desk.window.set_zoom(factor)
        assert view.font().pointSizeF() == pytest.approx(theme.mono_font().pointSizeF())


def test_field_lines_keep_no_width_of_another_size(desk: Desk, page: InspectPage) -> None:
    for factor in (3.0, 1.0):
        desk.window.set_zoom(factor)
        for line in page.frames.detail.bits.lines:
            first = line.findChild(RoleLabel)
            assert isinstance(first, RoleLabel)
            assert first.minimumSizeHint().width() == first.sizeHint().width()
            assert first.minimumWidth() == 0


def test_the_cross_of_a_tab_grows_with_the_text(desk: Desk, page: InspectPage) -> None:
    bar = desk.window.tabs.bar
    sides = []
    for factor in (1.0, 2.0):
        desk.window.set_zoom(factor)
        cross = bar.tabButton(0, QTabBar.ButtonPosition.RightSide)
        sides.append(cross.width())
        assert cross.isVisible()
    assert sides[1] == 2 * sides[0]


def test_a_long_answer_stands_above_its_buttons(desk: Desk, page: InspectPage, qtbot: QtBot) -> None:
    answer = page.answer
    answer.text.set_text("A sentence that is a good deal longer than what fits. " * 8)
    desk.window.resize(1024, 700)
    desk.window.set_zoom(1.8)
    qtbot.waitUntil(lambda: answer.text.geometry().bottom() <= answer.report.geometry().top())
    assert answer.text.width() > answer.width() * 0.9
    answer.text.set_text("Short.")
    answer.look()
    desk.window.set_zoom(1.0)
    qtbot.waitUntil(lambda: answer.report.geometry().top() <= answer.text.geometry().bottom())


@pytest.mark.parametrize("factor", [0.6, 2.0])
def test_no_button_is_cut(desk: Desk, page: InspectPage, qtbot: QtBot, factor: float) -> None:
    desk.window.set_zoom(factor)
    for place in (INSPECT, SWEEP, PROVOKE, LEARN):
        desk.show_page(place)
        with qtbot.waitSignal(page.tab.ticked):
            pass
        assert desk.window.size().toTuple() == (1440, 900)
        cut = [
            (place, button.text(), button.width(), button.minimumSizeHint().width())
            for button in desk.window.findChildren(QAbstractButton)
            if button.text() and shown(button) and button.width() < button.minimumSizeHint().width() - 2
        ]
        assert [one for one in cut if one[1] != "×"] == []  # a cross has no room around it


def shown(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty()
