"""From the address to a crafted frame and back without a pointer, in the whole window."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from wsinspector.protocol.opcodes import PING, TEXT
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect.page import InspectPage

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier
MOST_TABS = 60


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(focused(), key, modifier)


def type_in(text: str) -> None:
    for letter in text:
        QTest.keyClicks(focused(), letter)


def tab_to(wanted: QWidget) -> None:
    """Tab until ``wanted`` has the focus."""
    for _ in range(MOST_TABS):
        if focused() is wanted:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never came to {wanted}")


def frames(page: InspectPage) -> list[tuple[bool, int]]:
    """(ours, first byte) of every frame in the log."""
    model = page.frames.view.table.log()
    if model is None:
        return []
    facts = [model.reading.facts(number) for number in range(1, len(model.rows.index) + 1)]
    return [(each.out, each.first) for each in facts if each is not None]


def in_front(desk: Desk) -> InspectPage:
    assert desk.page is not None
    return desk.page


def test_everything_is_sent_by_keys(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = in_front(desk)
    url = next(each.url for each in desk.workspace.scenarios() if each.path == "/echo")
    press(Qt.Key.Key_L, CTRL)
    press(Qt.Key.Key_A, CTRL)
    type_in(url)
    press(Qt.Key.Key_Return)
    bar = page.frames.send_bar
    qtbot.waitUntil(bar.button.isEnabled)

    tab_to(bar.edit)
    type_in("hello")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: frames(page) == [(True, 0x81), (False, 0x81)])
    assert focused() is bar.edit
    press(Qt.Key.Key_Up)  # what was sent before
    assert bar.edit.typed() == "hello"
    type_in("!")
    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(frames(page)) == 4)

    press(Qt.Key.Key_A, CTRL_SHIFT)
    sheet = page.frames.crafting.sheet
    assert sheet is not None
    qtbot.waitUntil(lambda: focused() is sheet.form.opcode)
    type_in("9")
    press(Qt.Key.Key_Tab)
    tab_to(sheet.form.payload.edit)
    type_in("are you there")
    crafting = page.frames.crafting
    qtbot.waitUntil(lambda: crafting.preview is not None and crafting.preview.craft == sheet.craft())
    qtbot.waitUntil(sheet.send.isEnabled)
    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: (True, 0x80 | PING) in frames(page))
    press(Qt.Key.Key_Escape)
    assert not sheet.isVisible()

    press(Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and not page.tab.snapshot.live)
    end = page.tab.snapshot.end if page.tab.snapshot is not None else None
    assert end is not None
    assert end.clean
    assert {first & 0x0F for _, first in frames(page)} >= {TEXT, PING}
