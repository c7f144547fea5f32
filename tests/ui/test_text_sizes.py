"""Text at every size: nothing keeps the size it was made with, and no control is cut."""

import itertools
from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QListWidget,
    QScrollArea,
    QStyleOptionViewItem,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from wsinspector.ui import theme
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.learn.versions import VersionsPage
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


def test_lists_follow_the_text_size(desk: Desk, page: InspectPage) -> None:
    for place in (SWEEP, PROVOKE, LEARN):
        desk.show_page(place)
    for topic in ("lessons", "versions", "rules"):
        desk.show_learn(topic)
    for factor in (1.0, 2.0, 1.5):
        desk.window.set_zoom(factor)
        wanted = theme.ui_font().pointSizeF()
        others = {
            view.accessibleName(): view.font().pointSizeF()
            for view in desk.window.findChildren(QAbstractItemView)
            if view.font().pointSizeF() < wanted * 0.85
        }
        assert others == {}


@pytest.mark.parametrize("topic", ["lessons", "versions", "rules", "filter", "glossary"])
def test_learn_has_room_at_every_text_size(desk: Desk, qtbot: QtBot, topic: str) -> None:
    desk.window.resize(1024, 700)
    desk.show_learn(topic)
    learn = desk.switch.learn
    assert learn is not None
    shown_page = learn.stack
    for factor, beside in ((1.0, True), (1.8, False), (3.0, False)):
        desk.window.set_zoom(factor)

        def placed(beside: bool = beside) -> bool:
            return (learn.list.geometry().right() < shown_page.x()) is beside

        qtbot.waitUntil(placed)
        assert shown_page.width() >= 600
        assert learn.list.height() >= theme.control_height()

        def all_within() -> bool:
            return not any(
                shown(label) and label.mapTo(shown_page, label.rect().topRight()).x() > shown_page.width()
                for label in shown_page.findChildren(RoleLabel)
            )

        qtbot.waitUntil(all_within)


def all_seen(topics: QListWidget) -> bool:
    items = (topics.item(row) for row in range(topics.count()))
    return all(topics.viewport().rect().contains(topics.visualItemRect(item)) for item in items)


@pytest.mark.parametrize("in_front", [True, False])
def test_every_topic_of_learn_is_seen_whenever_the_text_size_changed(
    desk: Desk, qtbot: QtBot, in_front: bool
) -> None:
    desk.window.resize(1024, 700)
    for factor in (1.0, 1.8, 3.0, 1.4, 1.8):
        desk.window.set_zoom(factor)
        for topic in ("versions", "rules", "glossary", "lessons"):
            desk.show_learn(topic)
            learn = desk.switch.learn
            assert learn is not None
            qtbot.waitUntil(lambda topics=learn.list: all_seen(topics))  # type: ignore[misc]
        if not in_front:
            desk.show_page(INSPECT)


def test_every_row_of_the_versions_is_as_high_as_its_longest_text(desk: Desk, qtbot: QtBot) -> None:
    desk.show_learn("versions")
    learn = desk.switch.learn
    assert learn is not None
    versions = learn.current()
    assert isinstance(versions, VersionsPage)
    for factor in (1.0, 1.8):
        desk.window.set_zoom(factor)
        qtbot.waitUntil(lambda: versions.table.columnWidth(0) > 0)
        option = QStyleOptionViewItem()
        versions.table.initViewItemOption(option)
        for row in range(versions.model.rowCount()):
            for column in range(versions.model.columnCount()):
                option.rect = QRect(0, 0, versions.table.columnWidth(column), 10_000)
                index = versions.model.index(row, column)
                wanted = versions.table.itemDelegate().sizeHint(option, index).height()
                assert versions.table.rowHeight(row) >= wanted - 4, (factor, row, column)


def test_the_labs_sheet_scrolls_where_it_is_too_high(desk: Desk, qtbot: QtBot) -> None:
    desk.window.resize(1024, 700)
    desk.window.set_zoom(3.0)
    desk.lab.show_sheet()
    sheet = desk.lab.sheet
    assert sheet is not None
    qtbot.waitUntil(sheet.isVisible)
    area = sheet.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert sheet.rect().contains(sheet.done.geometry())
    sheet.catches.setFocus()
    for _ in range(2):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert sheet.beyond.hasFocus()
    seen = area.viewport().rect()
    qtbot.waitUntil(lambda: seen.contains(sheet.beyond.mapTo(area.viewport(), sheet.beyond.rect().center())))


def test_the_address_has_room_at_every_text_size(desk: Desk, page: InspectPage, qtbot: QtBot) -> None:
    desk.window.resize(1024, 700)
    bar = page.address
    for factor in (1.0, 1.8, 2.4, 3.0, 1.0):
        desk.window.set_zoom(factor)
        qtbot.waitUntil(lambda factor=factor: bar.field.width() >= 130 * factor)  # type: ignore[misc]
        parts = [bar.field, bar.lab, bar.version, bar.options, bar.button]
        qtbot.waitUntil(lambda parts=parts: not overlapping(parts))  # type: ignore[misc]
        beside = factor < 2
        qtbot.waitUntil(lambda beside=beside: (bar.lab.y() == bar.field.y()) is beside)  # type: ignore[misc]


def overlapping(parts: Sequence[QWidget]) -> bool:
    return any(one.geometry().intersects(other.geometry()) for one, other in itertools.combinations(parts, 2))
