"""A frame read without a pointer: from the log through bits, fields, bytes, wire and comparison."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.test_payload_views import connect, rows, send
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.lab.server import Lab
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.tab import TabState

NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
MOST_TABS = 30


@pytest.fixture
def pane(qtbot: QtBot, engine: Engine, lab: Lab) -> Iterator[FramePane]:
    conversation = Conversation(engine)
    conversation.set_options(Options(timeout=5.0, body_idle=0.3))
    tab = TabState(conversation)
    made = FramePane(tab)
    qtbot.addWidget(made)
    made.resize(1000, 900)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(made.send_bar.button.isEnabled)
    send(qtbot, made, '{"say": 1.50}')
    qtbot.waitUntil(lambda: len(rows(made)) == 2)
    yield made
    made.stop()
    tab.stop()
    conversation.close()
    tab.deleteLater()


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(focused(), key, modifier)


def tab_to(wanted: QWidget) -> None:
    """Tab until ``wanted`` has the focus."""
    for _ in range(MOST_TABS):
        if focused() is wanted:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never came to {wanted}")


def test_all_of_a_frame_is_reached_and_read_by_keys(qtbot: QtBot, pane: FramePane) -> None:
    table, detail = pane.view.table, pane.detail
    bits, payload = detail.bits, detail.payload
    table.setFocus()
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: payload.text.toPlainText() == '{ "say": 1.50 }')
    press(Qt.Key.Key_4, ALT)
    qtbot.waitUntil(payload.wire.isVisible)

    tab_to(bits.figure)
    press(Qt.Key.Key_Right, times=4)
    assert [line.accessibleName().split(",")[0] for line in bits.lines if line.lit] == ["opcode 0x1 text"]
    assert payload.wire.lit() == ((0, 1),)
    tab_to(bits.lines[0])
    press(Qt.Key.Key_Down, times=2)
    press(Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text().startswith("opcode 0x1 text: ")
    press(Qt.Key.Key_C, CTRL | ALT)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().startswith("81 8d "))
    tab_to(payload.wire)
    press(Qt.Key.Key_Right)
    assert [line.accessibleName().split(" ")[0] for line in bits.lines if line.lit] == ["length"]

    press(Qt.Key.Key_3, ALT)
    qtbot.waitUntil(payload.hex.isVisible)
    tab_to(payload.hex)
    QTest.keyClicks(payload.hex, "/")
    QTest.keyClicks(focused(), "say")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: payload.hex.selection() == (2, 5))
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(payload.hex.hasFocus)
    press(Qt.Key.Key_6, ALT)
    assert detail.beside.isVisible()
    press(Qt.Key.Key_6, ALT)
    assert bits.isVisible()

    table.setFocus()
    press(Qt.Key.Key_P)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_D)
    qtbot.waitUntil(lambda: detail.compare.told.full_text() == "no value differs")
    qtbot.waitUntil(lambda: detail.compare.table.hasFocus())
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(table.hasFocus)
    assert not detail.isVisible()
