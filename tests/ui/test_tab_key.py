"""Tab leads through what a file shows as the eye does, and stays within a sheet."""

import sqlite3
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.conversation.recorded import recorded
from tests.ui.filing import WAIT, Opener, capture, front, settle
from wsinspector.capture.sealing import seal_rows
from wsinspector.ui.inspect.page import InspectPage


def with_frames(path: Path) -> Path:
    """A capture of two attempts that opened."""
    recorded(path, frames=60)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE attempt SET facts = json_set(facts, '$.opened_at', mono_ns)")
        seal_rows(connection, "attempt", (1, 2))
        connection.commit()
    return path


def walked(page: InspectPage, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Where Tab leads from the address on, as long as it stays in the page."""
    page.address.field.setFocus()
    seen: list[QWidget] = []
    while (at := QApplication.focusWidget()) is not None and page.isAncestorOf(at) and at not in seen:
        seen.append(at)
        assert len(seen) < 200
        QTest.keyClick(at, key)
    return seen


def test_tab_goes_from_the_address_by_the_answer_to_the_left_and_the_right(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window(str(with_frames(tmp_path / "a.wsi")))
    page = front(desk)
    frames = page.frames
    qtbot.waitUntil(lambda: frames.model is not None and frames.model.rowCount() > 5, timeout=WAIT)
    frames.view.table.selectRow(3)
    qtbot.waitUntil(lambda: frames.detail.isVisible(), timeout=WAIT)
    qtbot.waitUntil(lambda: "bytes" in frames.detail.payload.note.full_text(), timeout=WAIT)
    seen = walked(page)
    parts = [page.address, page.answer, page.handshake, page.frames]
    order = [at for widget in seen for at, part in enumerate(parts) if part.isAncestorOf(widget)]
    assert len(order) == len(seen)
    assert order == sorted(order)
    assert set(order) == {0, 1, 2, 3}
    inside = [frames.tools, frames.view, frames.detail.bits, frames.detail.payload, frames.send_bar]
    order = [at for widget in seen for at, part in enumerate(inside) if part.isAncestorOf(widget)]
    assert order == sorted(order)
    assert set(order) == set(range(5))
    left = [page.handshake.strip, page.handshake.verdict, page.handshake.request, page.handshake.response]
    order = [at for widget in seen for at, part in enumerate(left) if part.isAncestorOf(widget)]
    assert order == sorted(order)
    assert set(order) == set(range(4))


def test_tab_stays_within_a_sheet(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window(str(capture(tmp_path / "many.wsi", 3)))
    sheet = desk.files.list
    assert sheet is not None
    qtbot.waitUntil(lambda: sheet.model.shown == 3, timeout=WAIT)
    assert sheet.field.hasFocus()
    seen = []
    for _ in range(4):
        at = QApplication.focusWidget()
        assert at is not None
        seen.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    assert seen == [sheet.field, sheet.table, sheet.open_button, sheet.done]
    assert sheet.field.hasFocus()
    QTest.keyClick(sheet.field, Qt.Key.Key_Backtab)
    assert sheet.done.hasFocus()


def test_the_detail_opens_again_once_there_is_room(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window(str(with_frames(tmp_path / "a.wsi")))
    frames = front(desk).frames
    qtbot.waitUntil(lambda: frames.model is not None and frames.model.rowCount() > 5, timeout=WAIT)
    desk.window.resize(1024, 700)
    qtbot.waitUntil(lambda: desk.window.height() == 700, timeout=WAIT)
    frames.view.table.selectRow(3)
    assert not frames.detail.isVisible()
    desk.window.resize(1440, 900)
    qtbot.waitUntil(lambda: frames.detail.isVisible(), timeout=WAIT)
    frames.opening.close()
    desk.window.resize(1024, 700)
    qtbot.waitUntil(lambda: desk.window.height() == 700, timeout=WAIT)
    desk.window.resize(1440, 900)
    qtbot.waitUntil(lambda: desk.window.height() == 900, timeout=WAIT)
    QApplication.processEvents()
    assert not frames.detail.isVisible()  # by hand


def test_a_list_that_was_put_away_is_shown_again_by_its_keys(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window(str(capture(tmp_path / "many.wsi", 12)))
    sheet = desk.files.list
    assert sheet is not None
    qtbot.waitUntil(lambda: sheet.model.shown == 12, timeout=WAIT)
    QTest.keyClicks(sheet.field, "host7.")
    qtbot.waitUntil(lambda: sheet.model.shown == 1, timeout=WAIT)
    QTest.keyClick(sheet.field, Qt.Key.Key_Down)
    assert sheet.table.hasFocus()
    QTest.keyClick(sheet.table, Qt.Key.Key_Return)
    settle(qtbot, desk)
    page = front(desk)
    assert page.tab.conversation.conversation_id == 7
    assert not sheet.isVisible()
    assert page.address.button.hasFocus()
    for _ in range(2):
        QTest.keyClick(
            page.address.button,
            Qt.Key.Key_B,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
        assert sheet.isVisible()
        assert sheet.field.hasFocus()
        qtbot.waitUntil(lambda: sheet.model.shown == 12, timeout=WAIT)
        QTest.keyClick(sheet.field, Qt.Key.Key_Escape)
        assert not sheet.isVisible()
        assert page.address.button.hasFocus()
