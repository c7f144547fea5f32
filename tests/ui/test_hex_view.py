"""The hex view: any number of bytes, selection, lit and hidden stretches, typing over them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from wsinspector.ui.inspect.hex_edit import HexEdit
from wsinspector.ui.inspect.hex_view import HeldBytes, HexView


class Endless:
    """Far more bytes than memory holds; remembers how many were read at once."""

    def __init__(self) -> None:
        self.most = 0

    def length(self) -> int:
        return 1 << 33

    def read(self, start: int, end: int) -> bytes:
        self.most = max(self.most, end - start)
        return bytes((start + at) & 0xFF for at in range(end - start))


@pytest.fixture
def view(qtbot: QtBot) -> HexView:
    made = HexView(HeldBytes(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
    qtbot.addWidget(made)
    made.resize(700, 200)
    made.show()
    return made


@pytest.fixture
def edit(qtbot: QtBot) -> HexEdit:
    """An editor that owns its bytes, as the pane does."""
    made = HexEdit()
    qtbot.addWidget(made)
    made.edited.connect(made.set_bytes)
    made.set_bytes(b"abc")
    made.resize(700, 200)
    made.show()
    return made


def bytes_of(view: HexView) -> bytes:
    data = view.data()
    return data.read(0, data.length())


def test_a_line_shows_offset_hex_and_text(view: HexView) -> None:
    assert view.line_text(1) == "0010  48 6f 73 74 3a 20 61 0d 0a 0d 0a  Host: a····"


def test_only_what_is_in_sight_is_read(qtbot: QtBot) -> None:
    data = Endless()
    view = HexView(data)
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.show()
    view.show_byte(1 << 32)
    view.grab()
    assert 0 < data.most < 4096
    assert view.verticalScrollBar().value() > 1 << 26


def test_a_narrow_view_has_shorter_lines(view: HexView) -> None:
    view.resize(380, 200)
    narrow = view.line_text(0)
    view.resize(900, 200)
    assert len(narrow) < len(view.line_text(0))


def test_arrows_move_and_shift_extends(view: HexView) -> None:
    view.select(0, 0)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.selection() == (1, 17)
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert view.selection() == (27, 27)
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.selection() == (0, 27)


def test_copy_gives_hex_from_the_hex_part_and_text_from_the_text_part(view: HexView) -> None:
    view.select(16, 20)
    view.copy()
    assert QGuiApplication.clipboard().text() == "48 6f 73 74"
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    view.copy()
    assert QGuiApplication.clipboard().text() == "Host"


def test_hidden_bytes_are_neither_shown_nor_copied_nor_spoken(view: HexView, qtbot: QtBot) -> None:
    view.set_hidden([(16, 20)])
    assert view.line_text(1) == "0010  •• •• •• •• 3a 20 61 0d 0a 0d 0a  ••••: a····"
    view.select(16, 21)
    view.copy()
    assert QGuiApplication.clipboard().text() == "•• •• •• •• 3a"
    view.select(17, 17)
    assert view.accessibleDescription() == "offset 17, hidden"
    with qtbot.waitSignal(view.hidden_clicked):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 30))


def test_lit_bytes_come_into_sight(view: HexView) -> None:
    view.set_bytes(bytes(4096))
    view.set_lit([(4000, 4002)])
    assert view.verticalScrollBar().value() > 0
    assert view.lit() == ((4000, 4002),)


def test_the_byte_under_the_pointer_is_told(view: HexView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.pointed_at, check_params_cb=lambda at: at >= 0):
        QTest.mouseMove(view.viewport(), QPoint(60, 10))
        QTest.mouseMove(view.viewport(), QPoint(61, 10))


def test_a_read_only_view_ignores_typing(view: HexView) -> None:
    before = bytes_of(view)
    QTest.keyClicks(view, "ff")
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert bytes_of(view) == before


def test_two_digits_overwrite_a_byte(edit: HexEdit) -> None:
    edit.select(1, 1)
    QTest.keyClicks(edit, "4A")
    assert bytes_of(edit) == b"aJc"
    assert edit.selection() == (2, 2)


def test_typing_behind_the_end_appends(edit: HexEdit) -> None:
    edit.select(3, 3)
    QTest.keyClicks(edit, "0d0a")
    assert bytes_of(edit) == b"abc\r\n"


def test_insert_changes_to_inserting(edit: HexEdit) -> None:
    edit.select(0, 0)
    QTest.keyClick(edit, Qt.Key.Key_Insert)
    QTest.keyClicks(edit, "7a")
    assert bytes_of(edit) == b"zabc"


def test_characters_overwrite_in_the_text_part(edit: HexEdit) -> None:
    edit.select(0, 0)
    QTest.keyClick(edit, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(edit, "XYZ")
    accented = QInputMethodEvent()
    accented.setCommitString("é")
    QApplication.sendEvent(edit, accented)
    assert bytes_of(edit) == b"XYZ\xe9"
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert bytes_of(edit) == b"XYZ\xe9\r\n"


def test_backspace_delete_cut_and_paste(edit: HexEdit) -> None:
    edit.select(3, 3)
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    edit.select(0, 0)
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    assert bytes_of(edit) == b"b"
    edit.select(0, 1)
    QTest.keyClick(edit, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert bytes_of(edit) == b""
    QGuiApplication.clipboard().setText("68 69")
    QTest.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert bytes_of(edit) == b"hi"


def test_the_two_digits_of_a_byte_are_one_run_for_undo(edit: HexEdit) -> None:
    runs: list[str] = []
    edit.edited.connect(lambda _data: runs.append(edit.run))
    edit.select(0, 0)
    QTest.keyClicks(edit, "1234")
    assert runs[0] == runs[1] != runs[2] == runs[3]


@given(st.binary(max_size=40), st.binary(min_size=1, max_size=8))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_typed_hex_is_what_the_bytes_become(edit: HexEdit, before: bytes, typed: bytes) -> None:
    edit.set_bytes(before)
    edit.select(0, 0)
    QTest.keyClick(edit, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(edit, typed.hex())
    assert bytes_of(edit) == typed + before[len(typed) :]
