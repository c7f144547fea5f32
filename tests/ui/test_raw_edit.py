"""The Raw editor: its bytes are what was typed, whatever Qt makes of its text."""

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from wsinspector.ui.inspect.raw_edit import RawEdit

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
EVERY_BYTE = bytes(range(256))


@pytest.fixture
def raw(qtbot: QtBot) -> RawEdit:
    """An editor that owns its bytes, as the pane does."""
    made = RawEdit(editable=True)
    qtbot.addWidget(made)
    made.edited.connect(made.set_bytes)
    made.resize(500, 300)
    made.show()
    return made


def typed(text: str) -> QInputMethodEvent:
    """What an input method sends for a character that has no key."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    return event


def select(raw: RawEdit, first: int, last: int) -> None:
    cursor = raw.textCursor()
    cursor.setPosition(first)
    cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
    raw.setTextCursor(cursor)


def test_line_endings_are_visible_and_the_break_is_only_for_the_eye(raw: RawEdit) -> None:
    raw.set_bytes(HEAD)
    assert raw.shown_text() == "GET / HTTP/1.1␍␊\nHost: a␍␊\n␍␊\n"


def test_every_byte_value_survives_a_round_trip_through_the_clipboard(raw: RawEdit) -> None:
    raw.set_bytes(EVERY_BYTE)
    raw.selectAll()
    raw.copy()
    raw.set_bytes(b"")
    raw.paste()
    assert raw.data() == EVERY_BYTE


def test_typing_inserts_bytes_where_the_cursor_is(raw: RawEdit) -> None:
    raw.set_bytes(HEAD)
    select(raw, 17, 17)  # the H of Host: one display break stands before it
    QTest.keyClicks(raw, "X-")
    assert raw.data() == b"GET / HTTP/1.1\r\nX-Host: a\r\n\r\n"
    assert raw.textCursor().position() == 19


@pytest.mark.parametrize(
    ("modifier", "data"),
    [
        (Qt.KeyboardModifier.NoModifier, b"\r\n"),
        (Qt.KeyboardModifier.ShiftModifier, b"\n"),
        (Qt.KeyboardModifier.ControlModifier, b"\r"),
    ],
)
def test_enter_inserts_the_bytes_of_a_line_ending(
    raw: RawEdit, modifier: Qt.KeyboardModifier, data: bytes
) -> None:
    raw.set_bytes(b"ab")
    select(raw, 1, 1)
    QTest.keyClick(raw, Qt.Key.Key_Return, modifier)
    assert raw.data() == b"a" + data + b"b"


def test_backspace_at_a_line_start_takes_the_line_feed(raw: RawEdit) -> None:
    raw.set_bytes(HEAD)
    select(raw, 17, 17)
    QTest.keyClick(raw, Qt.Key.Key_Backspace)
    assert raw.data() == b"GET / HTTP/1.1\rHost: a\r\n\r\n"
    QTest.keyClick(raw, Qt.Key.Key_Backspace)
    assert raw.data() == b"GET / HTTP/1.1Host: a\r\n\r\n"


def test_delete_and_cut_take_bytes(raw: RawEdit) -> None:
    raw.set_bytes(b"abcd")
    select(raw, 0, 0)
    QTest.keyClick(raw, Qt.Key.Key_Delete)
    assert raw.data() == b"bcd"
    select(raw, 0, 2)
    raw.cut()
    assert raw.data() == b"d"
    assert QGuiApplication.clipboard().text() == "bc"


@pytest.mark.parametrize("text", ["a\r\nb", "a␍␊\nb", "a␍␊b"])
def test_pasted_line_breaks_become_their_bytes(raw: RawEdit, text: str) -> None:
    mime = QMimeData()
    mime.setText(text)
    raw.insertFromMimeData(mime)
    assert raw.data() == b"a\r\nb"


def test_no_break_spaces_and_line_separators_keep_their_bytes(raw: RawEdit) -> None:
    mime = QMimeData()
    mime.setText("a\u00a0b")
    raw.insertFromMimeData(mime)
    assert raw.data() == b"a\xa0b"
    raw.set_bytes(b"")
    mime.setText("\u2028")
    raw.insertFromMimeData(mime)
    assert raw.data() == "\u2028".encode()


def test_what_is_more_than_a_byte_is_flagged(raw: RawEdit, qtbot: QtBot) -> None:
    with qtbot.waitSignal(raw.flagged, check_params_cb=bool):
        QApplication.sendEvent(raw, typed("…"))
    assert raw.data() == "…".encode()


def test_composed_characters_arrive(raw: RawEdit) -> None:
    QApplication.sendEvent(raw, typed("é"))
    assert raw.data() == b"\xe9"


def test_a_text_written_by_an_assistive_tool_is_taken_over(raw: RawEdit) -> None:
    raw.set_bytes(HEAD)
    QTextCursor(raw.document()).insertText("X")
    assert raw.data() == b"X" + HEAD
    assert raw.shown_text().startswith("XGET")


def test_a_secret_is_dots_a_byte_each_and_a_click_or_an_edit_asks_for_it(raw: RawEdit, qtbot: QtBot) -> None:
    raw.show_bytes(b"Cookie: secret\r\n", [(8, 14)])
    assert raw.shown_text() == "Cookie: ••••••␍␊\n"
    select(raw, 0, 14)
    raw.copy()
    assert "secret" not in QGuiApplication.clipboard().text()
    select(raw, 10, 10)
    with qtbot.waitSignal(raw.hidden_clicked):
        QTest.keyClicks(raw, "x")
    assert raw.data() == b"Cookie: sexcret\r\n"


def test_lit_bytes_have_a_selection(raw: RawEdit) -> None:
    raw.set_bytes(HEAD)
    raw.set_lit([(16, 20)])
    (extra,) = raw.extraSelections()
    assert extra.cursor.selectedText() == "Host"


def test_a_read_only_view_takes_no_key(raw: RawEdit) -> None:
    raw.set_editable(False)
    raw.set_bytes(HEAD)
    QTest.keyClicks(raw, "abc")
    raw.paste()
    assert raw.data() == HEAD


def test_a_word_is_one_run_for_undo(raw: RawEdit) -> None:
    runs: list[str] = []
    raw.edited.connect(lambda _data: runs.append(raw.run))
    QTest.keyClicks(raw, "ab cd")
    assert runs[0] == runs[1]
    assert runs[1] != runs[2]
    assert runs[3] == runs[4]


def test_undo_is_left_to_the_owner(raw: RawEdit, qtbot: QtBot) -> None:
    with qtbot.waitSignal(raw.undo_asked):
        QTest.keyClick(raw, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
