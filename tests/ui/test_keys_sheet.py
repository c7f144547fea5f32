"""The sheet of all keys, worked with the keyboard alone."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.filing import WAIT, Opener
from wsinspector.ui import theme
from wsinspector.ui.actions.keys_model import KEYS, TEXT, KeysModel
from wsinspector.ui.actions.keys_sheet import KeysSheet
from wsinspector.ui.actions.registry import registry

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture(autouse=True)
def _keys_as_at_first() -> Iterator[None]:
    yield
    registry().load(None)


@pytest.fixture
def sheet(qtbot: QtBot, qapp: QApplication) -> Iterator[KeysSheet]:
    theme.apply(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1024, 700)
    made = KeysSheet(window)
    with qtbot.waitExposed(window, timeout=WAIT):
        window.show()
    window.activateWindow()
    made.toggle()
    yield made
    window.close()


def type_on(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, held)


def waits_for(sheet: KeysSheet) -> str:
    """The action whose new key the sheet waits for; empty for none."""
    return sheet.waiting.id if sheet.waiting is not None else ""


def change(sheet: KeysSheet, words: str) -> None:
    """From the field to a row that waits for its key."""
    sheet.field.setFocus()
    sheet.field.selectAll()
    QTest.keyClicks(sheet.field, words)
    type_on(sheet.field, Qt.Key.Key_Down)
    type_on(sheet.table, Qt.Key.Key_Return)


def test_every_action_has_a_row_that_says_its_key_and_place() -> None:
    model = KeysModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.rowCount() == len(registry().actions)
    row = model.row_of("files.export")
    assert model.index(row, TEXT).data() == "Export"
    assert model.index(row, KEYS).data() == "Ctrl+E"
    assert "fixed" in str(model.index(model.row_of("list.copy"), KEYS).data())


@pytest.mark.parametrize(
    ("words", "first"),
    [("export", "files.export"), ("ctrl+e", "files.export"), ("mark in the log", "log.mark")],
)
def test_rows_are_found_by_name_key_and_place(sheet: KeysSheet, words: str, first: str) -> None:
    QTest.keyClicks(sheet.field, words)
    assert sheet.model.row_of(first) >= 0
    assert sheet.model.rowCount() < 20


def test_nothing_found_is_said(sheet: KeysSheet) -> None:
    QTest.keyClicks(sheet.field, "no such words")
    assert sheet.model.rowCount() == 0
    assert "No action" in sheet.said.full_text()
    assert not sheet.change.isEnabled()


def test_a_key_is_changed_by_keyboard_alone(sheet: KeysSheet) -> None:
    change(sheet, "save a copy to share")
    assert waits_for(sheet) == "files.share"
    assert "Press the new key" in sheet.said.full_text()
    type_on(sheet.table, Qt.Key.Key_Control)  # held before the key that is meant
    assert waits_for(sheet)
    type_on(sheet.table, Qt.Key.Key_H, CTRL | ALT)
    assert registry().keys("files.share") == ("Ctrl+Alt+H",)
    assert not waits_for(sheet)
    assert "Ctrl+Alt+H is the key of" in sheet.said.full_text()
    assert "changed" in str(sheet.model.index(0, KEYS).data())


def test_a_key_of_another_action_is_said_before_it_is_taken(sheet: KeysSheet) -> None:
    change(sheet, "save a copy to share")
    type_on(sheet.table, Qt.Key.Key_E, CTRL)
    assert "“Export” (everywhere)" in sheet.said.full_text()
    assert registry().keys("files.export") == ("Ctrl+E",)
    type_on(sheet.table, Qt.Key.Key_Return)
    assert registry().keys("files.share") == ("Ctrl+E",)
    assert registry().keys("files.export") == ()


def test_a_key_of_another_action_can_be_left_there(sheet: KeysSheet) -> None:
    change(sheet, "save a copy to share")
    type_on(sheet.table, Qt.Key.Key_E, CTRL)
    type_on(sheet.table, Qt.Key.Key_B, CTRL | ALT)
    assert registry().keys("files.share") == ("Ctrl+Alt+B",)
    change(sheet, "save a copy to share")
    type_on(sheet.table, Qt.Key.Key_E, CTRL)
    type_on(sheet.table, Qt.Key.Key_Escape)
    assert not waits_for(sheet)
    assert sheet.isVisible()
    assert registry().keys("files.share") == ("Ctrl+Alt+B",)
    assert registry().keys("files.export") == ("Ctrl+E",)


def test_a_key_that_typing_needs_is_refused_with_the_reason_and_waited_for_again(sheet: KeysSheet) -> None:
    change(sheet, "save a copy to share")
    type_on(sheet.table, Qt.Key.Key_X)
    assert "needed for typing" in sheet.said.full_text()
    assert waits_for(sheet)
    type_on(sheet.table, Qt.Key.Key_C, CTRL)
    assert "every field" in sheet.said.full_text()
    assert registry().keys("files.share") == ()


def test_a_fixed_key_is_not_changed_and_says_why(sheet: KeysSheet) -> None:
    change(sheet, "copy the selected rows")
    assert not waits_for(sheet)
    assert "every program" in sheet.said.full_text()
    assert not sheet.change.isEnabled()
    type_on(sheet.table, Qt.Key.Key_Delete)
    assert registry().keys("list.copy") == ("Ctrl+C",)


def test_a_key_is_taken_away_and_given_back(sheet: KeysSheet) -> None:
    sheet.show_action("files.export")
    sheet.table.setFocus()
    type_on(sheet.table, Qt.Key.Key_Delete)
    assert registry().keys("files.export") == ()
    assert "no key" in str(sheet.model.index(sheet.table.currentIndex().row(), KEYS).data())
    type_on(sheet.table, Qt.Key.Key_Backspace)
    assert registry().keys("files.export") == ("Ctrl+E",)


def test_all_are_as_at_first_after_a_question(
    sheet: KeysSheet, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    registry().take("files.export", ["Ctrl+Alt+E"])
    registry().take("log.mark", ["B"])

    def answer(key: Qt.Key) -> None:
        def press() -> None:
            box = QApplication.activeModalWidget()
            assert box is not None
            QTest.keyClick(box, key)

        QTimer.singleShot(0, press)
        sheet.all.click()

    answer(Qt.Key.Key_Escape)
    assert registry().is_changed("log.mark")
    sheet.all.setFocus()

    def agree() -> None:
        box = QApplication.activeModalWidget()
        assert box is not None
        for button in box.findChildren(type(sheet.all)):
            if button.text() == sheet.all.text():
                button.click()

    QTimer.singleShot(0, agree)
    sheet.all.click()
    assert not registry().is_changed("log.mark")
    assert not registry().is_changed("files.export")


def test_no_shortcut_of_the_window_takes_the_key_that_is_waited_for(
    qtbot: QtBot, open_window: Opener
) -> None:
    desk = open_window()
    desk.toggle_sheet()
    sheet = desk.sheet
    assert sheet is not None
    sheet.show_action("files.share")
    sheet.wait_for_key()
    QTest.keyClick(sheet.table, Qt.Key.Key_T, CTRL)
    assert len(desk.pages) == 1
    assert "New conversation" in sheet.said.full_text()
    QTest.keyClick(sheet.table, Qt.Key.Key_Return)
    sheet.leave()
    assert len(desk.pages) == 1
    bound = [each for each in desk.window.findChildren(QShortcut) if each.key().toString() == "Ctrl+T"]
    assert [str(each.property("action_id")) for each in bound] == ["files.share"]


def test_escape_puts_it_away_and_typing_on_the_rows_searches_on(sheet: KeysSheet) -> None:
    type_on(sheet.field, Qt.Key.Key_Down)
    assert sheet.table.hasFocus()
    type_on(sheet.table, Qt.Key.Key_Q)
    assert sheet.field.hasFocus()
    assert sheet.field.text() == "q"
    type_on(sheet.field, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_everything_on_it_has_a_name_and_says_what_it_does(sheet: KeysSheet) -> None:
    for widget in (sheet.field, sheet.table, sheet.change, sheet.none, sheet.first, sheet.all, sheet.done):
        assert widget.accessibleName() or widget.property("text")
        assert widget.toolTip()


def test_it_takes_the_room_there_is_whenever_it_is_shown(sheet: KeysSheet) -> None:
    parent = sheet.parentWidget()
    assert parent is not None
    for _ in range(2):
        assert sheet.height() > parent.height() - 100
        assert parent.rect().contains(sheet.geometry())
        sheet.toggle()
        parent.resize(parent.width() + 60, parent.height() - 80)
        sheet.toggle()
        parent.resize(parent.width() + 20, parent.height() + 20)
