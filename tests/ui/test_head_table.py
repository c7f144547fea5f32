"""The head as a table: a correct model, and every edit a new draft of exactly the bytes meant."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from wsinspector.present.heads import rows_of_draft, rows_of_request
from wsinspector.protocol.draft import Draft, DraftLine, standard_draft
from wsinspector.protocol.spans import Span
from wsinspector.ui.inspect.head_model import ROW_MIME, Column, HeadModel
from wsinspector.ui.inspect.head_table import HeadTable, case_variants

DRAFT = standard_draft(b"/chat", b"example.org", b"dGhlIHNhbXBsZSBub25jZQ==")


@pytest.fixture
def table(qtbot: QtBot) -> HeadTable:
    """A table that owns its draft, as the pane does."""
    made = HeadTable()
    qtbot.addWidget(made)
    made.resize(520, 300)
    made.edited.connect(lambda draft: made.show_rows(rows_of_draft(draft), draft))
    made.show_rows(rows_of_draft(DRAFT), DRAFT)
    made.show()
    return made


def draft_of(table: HeadTable) -> Draft:
    draft = table.head_model.draft
    assert draft is not None
    return draft


def names(table: HeadTable) -> list[bytes]:
    return [line.name for line in draft_of(table).lines]


def put(table: HeadTable, row: int, column: Column, text: str) -> None:
    table.head_model.setData(table.head_model.index(row, column), text)


def test_the_model_is_correct_also_while_it_changes(qtmodeltester: Any) -> None:
    model = HeadModel()
    qtmodeltester.check(model)
    for draft in (DRAFT, DRAFT.switched(1, False), DRAFT.remove(0), DRAFT.duplicate(1)):
        model.show(rows_of_draft(draft), draft)
    model.show(rows_of_request(DRAFT.to_bytes()))
    model.show(())


def test_a_value_is_edited_and_is_generated_no_more(table: HeadTable) -> None:
    put(table, 1, Column.VALUE, "other.example")
    line = draft_of(table).lines[0]
    assert (line.value, line.generated) == (b"other.example", None)


def test_name_separator_and_ending_are_edited_as_bytes(table: HeadTable) -> None:
    put(table, 2, Column.NAME, "UPGRADE")
    put(table, 2, Column.BETWEEN, " :␉")
    put(table, 2, Column.ENDING, "␊")
    assert draft_of(table).lines[1].to_bytes() == b"UPGRADE :\twebsocket\n"


def test_request_line_and_blank_line_are_edited(table: HeadTable) -> None:
    put(table, 0, Column.NAME, "PUT /x HTTP/1.0")
    put(table, 0, Column.ENDING, "␊")
    put(table, 6, Column.ENDING, "␍␊␍␊")
    data = draft_of(table).to_bytes()
    assert data.startswith(b"PUT /x HTTP/1.0\nHost")
    assert data.endswith(b"Version: 13\r\n\r\n\r\n")


def test_text_above_one_byte_is_flagged(table: HeadTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.flagged, check_params_cb=bool):
        put(table, 2, Column.VALUE, "…")
    assert draft_of(table).lines[1].value == "…".encode()


def test_space_switches_a_row_and_keeps_its_place(table: HeadTable) -> None:
    table.setCurrentIndex(table.head_model.index(2, Column.NAME))
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert not draft_of(table).lines[1].enabled
    assert names(table)[1] == b"Upgrade"
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert draft_of(table) == DRAFT


def test_a_click_on_the_switch_switches(table: HeadTable) -> None:
    cell = table.visualRect(table.head_model.index(2, Column.SWITCH))
    at = QPoint(cell.right() - 14, cell.center().y())
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert not draft_of(table).lines[1].enabled


def test_alt_and_arrows_move_a_row_and_the_cursor_goes_along(table: HeadTable) -> None:
    table.setCurrentIndex(table.head_model.index(1, Column.NAME))
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert names(table)[:3] == [b"Upgrade", b"Connection", b"Host"]
    assert table.currentIndex().row() == 3
    QTest.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(table)[:3] == [b"Upgrade", b"Host", b"Connection"]


def test_dropping_a_row_moves_it(table: HeadTable) -> None:
    model = table.head_model
    data = model.mimeData([model.index(1, Column.SWITCH)])
    assert data.hasFormat(ROW_MIME)
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, 4, 0, model.index(-1, -1))
    assert names(table)[:4] == [b"Upgrade", b"Connection", b"Host", b"Sec-WebSocket-Key"]
    model.dropMimeData(
        model.mimeData([model.index(3, 0)]), Qt.DropAction.MoveAction, 0, 0, model.index(-1, -1)
    )
    assert names(table)[0] == b"Host"


def test_rows_are_duplicated_and_deleted_by_key(table: HeadTable) -> None:
    table.setCurrentIndex(table.head_model.index(5, Column.NAME))
    QTest.keyClick(table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert draft_of(table).version_values() == (b"13", b"13")
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert draft_of(table).version_values() == (b"13",)


def test_a_line_is_added_below_and_open_for_typing(table: HeadTable) -> None:
    table.setCurrentIndex(table.head_model.index(1, Column.NAME))
    QTest.keyClick(table, Qt.Key.Key_Insert)
    assert names(table)[1] == b"X-Header"
    assert table.state() == table.State.EditingState


def test_letter_case_has_variants(table: HeadTable) -> None:
    assert case_variants(b"sec-websocket-key") == (
        b"SEC-WEBSOCKET-KEY",
        b"Sec-Websocket-Key",
        b"Sec-WebSocket-Key",
    )
    table.setCurrentIndex(table.head_model.index(4, Column.NAME))
    table.rename(b"SEC-WEBSOCKET-KEY")
    assert names(table)[3] == b"SEC-WEBSOCKET-KEY"


def test_an_attempt_has_no_switches_and_cannot_be_edited(table: HeadTable) -> None:
    rows = rows_of_request(DRAFT.to_bytes())
    table.show_rows(rows)
    model = table.head_model
    for row in range(model.rowCount()):
        for column in Column:
            index = model.index(row, column)
            assert index.data(Qt.ItemDataRole.CheckStateRole) is None
            assert not model.flags(index) & Qt.ItemFlag.ItemIsEditable
            assert not model.flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    table.setCurrentIndex(model.index(2, Column.NAME))
    QTest.keyClick(table, Qt.Key.Key_Delete)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert table.head_model.rows == rows
    assert table.row_actions() == []


def test_separators_and_endings_show_where_one_is_odd(table: HeadTable) -> None:
    assert table.isColumnHidden(Column.ENDING)
    assert table.isRowHidden(6)
    put(table, 2, Column.ENDING, "␊")
    assert not table.isColumnHidden(Column.ENDING)
    assert not table.isRowHidden(6)


def test_a_secret_is_in_no_text_of_the_table_until_it_is_asked_for(table: HeadTable, qtbot: QtBot) -> None:
    draft = DRAFT.insert(5, DraftLine(b"Cookie", b"id=verysecret"))
    table.show_rows(rows_of_draft(draft), draft)
    model = table.head_model
    for column in Column:
        index = model.index(6, column)
        for role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            assert "verysecret" not in str(index.data(role))
    table.setCurrentIndex(model.index(6, Column.VALUE))
    table.copy_line()
    assert "verysecret" not in QGuiApplication.clipboard().text()
    cell = table.visualRect(model.index(6, Column.VALUE))
    with qtbot.waitSignal(table.reveal_asked, check_params_cb=lambda key: key == b"cookie"):
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())


def test_bytes_light_their_rows(table: HeadTable) -> None:
    at = DRAFT.to_bytes().index(b"Upgrade: websocket")
    table.set_lit([Span(at, at + 18)])
    assert table.lit_rows() == (2,)


def test_every_cell_says_what_it_is(table: HeadTable) -> None:
    model = table.head_model
    assert model.index(1, Column.SWITCH).data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Host: example.org, generated"
    )
    assert model.index(1, Column.NAME).data(Qt.ItemDataRole.AccessibleTextRole) == "Name: Host"
