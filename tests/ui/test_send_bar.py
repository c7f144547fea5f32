"""The send bar by keyboard: kinds, checks while typing, recall, and reasons."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from wsinspector.present.due import Due
from wsinspector.present.outgoing import Outgoing, SendKind
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.deflate import DeflateParameters
from wsinspector.protocol.opcodes import PONG
from wsinspector.protocol.spans import Role
from wsinspector.ui.inspect.send_bar import SendBar


@pytest.fixture
def bar(qtbot: QtBot) -> SendBar:
    made = SendBar()
    qtbot.addWidget(made)
    made.resize(800, 100)
    made.show()
    made.set_open(True)
    return made


@pytest.fixture
def sent(bar: SendBar) -> list[Outgoing]:
    found: list[Outgoing] = []
    bar.send_asked.connect(found.append)
    return found


def test_enter_sends_and_shift_enter_breaks_a_line(qtbot: QtBot, bar: SendBar, sent: list[Outgoing]) -> None:
    QTest.keyClicks(bar.edit, "one")
    QTest.keyClick(bar.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(bar.edit, "two")
    assert sent == []
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert sent == [Outgoing(1, b"one\ntwo")]
    assert bar.edit.toPlainText() == ""


def test_the_bytes_are_shown_first(qtbot: QtBot, bar: SendBar) -> None:
    QTest.keyClicks(bar.edit, "hi")
    assert bar.bytes_line.full_text() == "leaves as  81 82  ·· ·· ·· ··  68 69"
    assert bar.size_line.full_text() == "2 + 4 + 2 bytes"


def test_up_and_down_recall(qtbot: QtBot, bar: SendBar, sent: list[Outgoing]) -> None:
    for text in ("first", "second"):
        QTest.keyClicks(bar.edit, text)
        QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    QTest.keyClicks(bar.edit, "half")
    for expected in ("second", "first", "first"):
        QTest.keyClick(bar.edit, Qt.Key.Key_Up)
        assert bar.edit.toPlainText() == expected
    for expected in ("second", "half", "half"):
        QTest.keyClick(bar.edit, Qt.Key.Key_Down)
        assert bar.edit.toPlainText() == expected
    assert len(sent) == 2


def test_json_is_checked_while_typing(qtbot: QtBot, bar: SendBar, sent: list[Outgoing]) -> None:
    bar.set_kind(SendKind.JSON)
    QTest.keyClicks(bar.edit, '{"a":')
    assert bar.bytes_line.full_text().startswith("No JSON")
    assert not bar.button.isEnabled()
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert sent == []
    QTest.keyClicks(bar.edit, "1}")
    assert bar.button.isEnabled()
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert sent == [Outgoing(1, b'{"a":1}')]


def test_close_has_a_code_box(qtbot: QtBot, bar: SendBar, sent: list[Outgoing]) -> None:
    assert not bar.code.isVisible()
    bar.set_kind(SendKind.CLOSE)
    assert bar.code.isVisible()
    assert bar.code.currentText() == "1000 normal closure"
    assert bar.code.itemData(0, Qt.ItemDataRole.ToolTipRole)
    bar.code.setEditText("4321")
    QTest.keyClicks(bar.edit, "bye")
    bar.button.click()
    assert sent == [Outgoing(8, b"\x10\xe1bye")]
    bar.code.setEditText("1006")
    assert "must not be sent" in bar.bytes_line.full_text()
    assert bar.button.isEnabled()


def test_the_codes_are_those_of_the_dialect(bar: SendBar, sent: list[Outgoing]) -> None:
    bar.set_kind(SendKind.CLOSE)
    bar.speak(Agreed(dialect="hixie-76"), Role.CLIENT)
    assert not bar.code.isVisible()
    bar.speak(Agreed(dialect="hybi-06"), Role.CLIENT)
    assert bar.code.isVisible()
    assert bar.code.itemText(4) == "1004 too large"
    assert bar.code.currentText() == "1000 normal closure"
    bar.code.setEditText("4321")
    bar.speak(Agreed(), Role.CLIENT)
    assert bar.code.itemText(4).startswith("1007 ")
    assert bar.code.currentText() == "4321"
    bar.button.click()
    assert sent == [Outgoing(8, b"\x10\xe1")]
    bar.set_kind(SendKind.TEXT)
    bar.speak(Agreed(dialect="hybi-06"), Role.CLIENT)
    assert not bar.code.isVisible()


def test_ping_may_be_empty(bar: SendBar, sent: list[Outgoing]) -> None:
    bar.set_kind(SendKind.PING)
    bar.button.click()
    assert sent == [Outgoing(9, b"")]


def test_a_file_is_sent_whole(bar: SendBar, sent: list[Outgoing], tmp_path: Path) -> None:
    bar.kind = SendKind.FILE
    path = tmp_path / "data.bin"
    path.write_bytes(bytes(range(256)))
    bar.take_file(str(path))
    bar.button.click()
    assert sent == [Outgoing(2, bytes(range(256)))]
    bar.take_file(str(tmp_path / "absent"))
    assert "cannot be read" in bar.bytes_line.full_text()


def test_a_file_never_leaves_its_name_behind(qtbot: QtBot, tmp_path: Path) -> None:
    asked = []

    class Bar(SendBar):
        def _choose_file(self) -> None:
            asked.append(self.kind)

    bar = Bar()
    qtbot.addWidget(bar)
    bar.set_open(True)
    sent: list[Outgoing] = []
    bar.send_asked.connect(sent.append)
    bar.edit.setPlainText("typed before")
    bar.set_kind(SendKind.FILE)
    assert (bar.edit.toPlainText(), bar.button.text()) == ("", "Choose…")
    bar.button.click()
    assert asked == [SendKind.FILE] * 2
    path = tmp_path / "secret-plan.bin"
    path.write_bytes(b"\0\1")
    bar.take_file(str(path))
    assert bar.button.text() == "Send"
    bar.button.click()
    bar.set_kind(SendKind.TEXT)
    assert bar.edit.toPlainText() == "typed before"
    QTest.keyClick(bar.edit, Qt.Key.Key_Up)
    assert bar.edit.toPlainText() == "typed before"
    assert sent == [Outgoing(2, b"\0\1")]


def test_closed_says_why(bar: SendBar, sent: list[Outgoing]) -> None:
    bar.set_open(False, "The connection has ended.")
    assert not bar.button.isEnabled()
    assert bar.button.toolTip() == "The connection has ended."
    assert bar.bytes_line.full_text() == "The connection has ended."
    bar.send()
    assert sent == []


def test_too_long_a_reason_is_remarked_where_it_is_typed_and_may_leave(
    bar: SendBar, sent: list[Outgoing]
) -> None:
    bar.set_kind(SendKind.CLOSE)
    bar.edit.setPlainText("ä" * 62)
    assert bar.bytes_line.full_text().startswith("The reason is 124 bytes of UTF-8")
    bar.set_open(False, "The connection has ended.")
    assert bar.bytes_line.full_text().startswith("The reason is 124 bytes of UTF-8")
    bar.set_open(True)
    assert bar.button.isEnabled()
    bar.send()
    assert [frame.payload[2:] for frame in sent] == ["ä".encode() * 62]


def test_everything_has_a_name_and_a_tip(bar: SendBar) -> None:
    for kind in SendKind:
        if kind is not SendKind.FILE:
            bar.set_kind(kind)
        assert bar.edit.accessibleName()
    assert "Alt+K" in bar.kind_button.toolTip()
    assert bar.code.accessibleName()


def test_the_kinds_keep_their_key_when_another_is_picked(bar: SendBar) -> None:
    bar.set_kind(SendKind.JSON)
    keys = [each.key() for each in bar.findChildren(QShortcut)]
    keys += [each.shortcut() for each in bar.findChildren(QAbstractButton)]
    assert QKeySequence("Alt+K") in keys


def test_nothing_typed_is_changed(bar: SendBar, sent: list[Outgoing]) -> None:
    bar.edit.insertPlainText("a\u00a0b\u200bc")
    bar.button.click()
    assert sent == [Outgoing(1, "a\u00a0b\u200bc".encode())]


def test_answers_keep_their_places_while_one_is_aimed_at(qtbot: QtBot, bar: SendBar) -> None:
    pings = [Due(PONG, b"%d" % number, number) for number in range(1, 6)]
    row = bar.due
    row.set_due((pings[1], pings[0]))
    bar.activateWindow()
    row.buttons[0].setFocus()
    qtbot.waitUntil(row.buttons[0].hasFocus)
    row.set_due((pings[2], pings[1]))
    assert [button.text() for button in row.buttons] == ["Pong “2”", "Pong “1”"]
    assert [button.isEnabled() for button in row.buttons] == [True, False]
    row.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)  # wherever a test before left the pointer
    bar.edit.setFocus()
    qtbot.waitUntil(lambda: row.buttons[0].text() == "Pong “3”")
    asked: list[Due] = []
    bar.answer_asked.connect(asked.append)
    row.buttons[1].click()
    assert asked == [pings[1]]
    row.set_due(())
    assert not row.isVisible()


def test_what_leaves_compressed_says_so(qtbot: QtBot, bar: SendBar) -> None:
    bar.set_open(True)
    bar.speak(NOTHING_AGREED, Role.CLIENT)
    assert bar.compress.isHidden()
    bar.speak(Agreed(DeflateParameters()), Role.CLIENT)
    assert not bar.compress.isHidden()
    bar.edit.setPlainText("hello")
    assert bar.bytes_line.full_text().startswith("leaves as")
    bar.set_compressing(True)
    assert bar.bytes_line.full_text() == "leaves compressed, of 5 bytes"
    bar.set_kind(SendKind.PING)
    assert bar.bytes_line.full_text().startswith("leaves as")  # a control frame never is (RFC 7692 §6.1)
