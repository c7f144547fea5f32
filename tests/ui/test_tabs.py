"""The row of tabs: dots, names, closing, moving."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from wsinspector.ui import theme
from wsinspector.ui.tabs import TabRow, dot


@pytest.fixture
def row(qtbot: QtBot) -> TabRow:
    made = TabRow()
    qtbot.addWidget(made)
    made.resize(900, 40)
    made.show()
    return made


def middle_of(row: TabRow, index: int) -> QPoint:
    return row.bar.tabRect(index).center()


def test_a_dot_has_the_colour_of_its_role(qtbot: QtBot) -> None:
    for name in ("light", "dark"):
        theme.set_scheme(name)
        image = dot("fault").pixmap(12, 12).toImage()
        assert image.pixelColor(image.rect().center()) == theme.color("fault")


def test_a_tab_says_its_state_in_words_too(row: TabRow) -> None:
    row.add("New conversation")
    row.show_state(0, "lab: chat", "ok", "Open. Version 13 was accepted.")
    assert row.bar.tabText(0) == "lab: chat"
    assert "Open. Version 13 was accepted." in row.bar.tabToolTip(0)


def test_long_names_are_cut_and_told_in_full(row: TabRow) -> None:
    name = "a-very-long-host-name.example.org/with/a/path"
    row.add("")
    row.show_state(0, name, "muted", "Nothing sent yet.")
    assert row.bar.tabText(0) == "a-very-long-host-…ith/a/path"
    assert row.bar.tabToolTip(0).startswith(name)


def test_many_tabs_scroll_before_their_titles_are_cut(qtbot: QtBot, row: TabRow) -> None:
    for number in range(12):
        row.add("")
        row.show_state(number, f"lab: chat · 23-{number}", "ok", "Open.")
    row.resize(700, row.sizeHint().height())
    row.show()
    qtbot.waitExposed(row)
    assert all(row.bar.tabRect(at).width() >= 120 for at in range(12))
    for name, sign in (("ScrollLeftButton", "‹"), ("ScrollRightButton", "›")):
        button = row.bar.findChild(QToolButton, name)
        assert isinstance(button, QToolButton)
        assert button.isVisible()
        assert (button.text(), button.arrowType()) == (sign, Qt.ArrowType.NoArrow)
        assert button.accessibleName()


def test_an_ampersand_is_no_mnemonic(row: TabRow) -> None:
    row.add("")
    row.show_state(0, "a&b", "muted", "")
    assert row.bar.tabText(0) == "a&&b"


def test_a_middle_click_closes_the_tab_below_it(qtbot: QtBot, row: TabRow) -> None:
    for name in ("one", "two"):
        row.add(name)
    with qtbot.waitSignal(row.closed) as closed:
        QTest.mouseClick(row.bar, Qt.MouseButton.MiddleButton, pos=middle_of(row, 1))
    assert closed.args == [1]


def test_the_cross_closes_its_tab_also_after_a_move(qtbot: QtBot, row: TabRow) -> None:
    for name in ("one", "two", "three"):
        row.add(name)
    cross = row.bar.tabButton(0, row.bar.ButtonPosition.RightSide)
    with qtbot.waitSignal(row.moved):
        row.bar.moveTab(0, 2)
    with qtbot.waitSignal(row.closed) as closed:
        QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert closed.args == [2]


def test_more_stands_beside_the_last_tab_when_its_name_gets_shorter(qtbot: QtBot, row: TabRow) -> None:
    row.add("New conversation")
    row.show_state(0, "lab", "muted", "")
    qtbot.waitUntil(lambda: row.more.x() - row.bar.geometry().right() <= 2 * theme.SPACE, timeout=2000)
    qtbot.waitUntil(lambda: row.bar.width() == row.bar.tabRect(0).width(), timeout=2000)
