"""Whatever was kept is found again on the Library page, and opened from there."""

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from wsinspector.library.history import Entry, History
from wsinspector.library.wanted import Wanted
from wsinspector.ui.desk import Desk
from wsinspector.ui.library.history_model import HistoryModel
from wsinspector.ui.library.page import LibraryPage
from wsinspector.ui.page_switch import INSPECT


def _connect(desk: Desk, qtbot: QtBot, path: str, *, keep: bool = True, query: str = "") -> None:
    url = next(each.url for each in desk.workspace.scenarios() if each.path == path)
    page = desk.new_tab()
    page.tab.set_address(url + query)
    page.tab.set_options(dataclasses.replace(page.tab.conversation.options, keep=keep))
    page.tab.connect_now()
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.response is not None)


def _library(desk: Desk, qtbot: QtBot) -> LibraryPage:
    QTest.keyClick(desk.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    page = desk.switch.library
    assert page is not None
    qtbot.waitUntil(page.field.hasFocus)
    return page


def _rows(page: LibraryPage) -> list[tuple[str, str, str]]:
    entries = [page.model.entry(row) for row in range(page.model.rowCount())]
    return [(entry.address, entry.versions, entry.outcome) for entry in entries if entry is not None]


def test_one_key_and_a_word_find_what_was_refused(open_window: Opener, qtbot: QtBot) -> None:
    desk = open_window()
    _connect(desk, qtbot, "/426-list")
    _connect(desk, qtbot, "/400-html")
    page = _library(desk, qtbot)
    qtbot.waitUntil(lambda: len(_rows(page)) == 2 and all("refused" in row[2] for row in _rows(page)))
    QTest.keyClicks(page.field, "outcome:426")
    qtbot.waitUntil(lambda: len(_rows(page)) == 1)
    address, versions, outcome = _rows(page)[0]
    assert address.endswith("/426-list")
    assert (versions, outcome) == ("13", "426 refused")
    QTest.keyClick(page.field, Qt.Key.Key_Down)
    assert page.table.hasFocus()
    desk.tabs.close_tab(
        desk.pages.index(next(each for each in desk.pages if "426" in each.tab.conversation.address_text))
    )
    desk.show_page(1)
    page = _library(desk, qtbot)
    qtbot.waitUntil(lambda: page.table.currentIndex().isValid())
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.window.whole.currentIndex() == INSPECT and desk.page is not None)
    qtbot.waitUntil(lambda: desk.page is not None and "426-list" in desk.page.tab.conversation.address_text)
    assert desk.page is not None
    assert desk.page.tab.picked == 1


def test_its_request_becomes_the_draft(open_window: Opener, qtbot: QtBot) -> None:
    desk = open_window()
    _connect(desk, qtbot, "/426-list")
    assert desk.page is not None
    desk.page.tab.edit(desk.page.tab.draft.with_version_values((b"99",)))
    page = _library(desk, qtbot)
    qtbot.waitUntil(lambda: len(_rows(page)) == 1)
    QTest.keyClick(page.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: desk.window.whole.currentIndex() == INSPECT)
    assert desk.page is not None
    assert desk.page.tab.draft.version_values() == (b"13",)


def test_what_is_not_to_be_kept_is_not_noted_and_secrets_are_not_written(
    open_window: Opener, qtbot: QtBot
) -> None:
    desk = open_window()
    _connect(desk, qtbot, "/echo", keep=False)
    _connect(desk, qtbot, "/echo", query="?token=topsecret")
    page = _library(desk, qtbot)
    qtbot.waitUntil(lambda: len(_rows(page)) == 1)
    assert "topsecret" not in _rows(page)[0][0]
    file = desk.workspace.folder.parent / "history.db"
    desk.history.stop()
    assert b"topsecret" not in file.read_bytes()


def test_it_is_there_at_the_next_start_and_filled_anew_where_it_is_broken(
    open_window: Opener, qtbot: QtBot
) -> None:
    desk = open_window()
    _connect(desk, qtbot, "/426-list")
    file = desk.workspace.folder.parent / "history.db"
    desk = open_window()
    page = _library(desk, qtbot)
    qtbot.waitUntil(lambda: [row[2] for row in _rows(page)] == ["426 refused"])
    for ending in ("", "-wal", "-shm"):
        desk.history.stop()
        Path(f"{file}{ending}").unlink(missing_ok=True)
    file.write_bytes(b"broken" * 1000)
    desk.settings.open_files = []
    desk = open_window()
    page = _library(desk, qtbot)
    qtbot.waitUntil(lambda: [row[2] for row in _rows(page)] == ["426 refused"])
    assert "put aside" in page.empty.full_text()


def test_what_is_forgotten_or_deleted_is_gone(open_window: Opener, qtbot: QtBot) -> None:
    desk = open_window()
    for path in ("/426-list", "/400-html", "/echo"):
        _connect(desk, qtbot, path)
    page = _library(desk, qtbot)
    qtbot.waitUntil(lambda: len(_rows(page)) == 3)
    desk.show_page(INSPECT)
    desk.delete_front()
    page = _library(desk, qtbot)
    qtbot.waitUntil(lambda: len(_rows(page)) == 2)
    page.table.setFocus()
    page.pick(0)
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(_rows(page)) == 1)
    page.forget_all()
    qtbot.waitUntil(lambda: _rows(page) == [])
    qtbot.waitUntil(lambda: "appears here" in page.empty.full_text())
    assert not page.open_button.isEnabled()


def test_an_attempt_whose_capture_is_gone_is_said_and_cannot_be_opened(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = open_window()
    entry = Entry(
        str(tmp_path / "moved.wsi"), 1, 1, 1, "2026-11-01 09:00:00", "ws://h/", "13", "rfc6455", "opened"
    )
    qtbot.waitUntil(lambda: desk.history.history is not None)
    desk.history.run(lambda history: history.note([entry]))
    page = _library(desk, qtbot)
    qtbot.waitUntil(lambda: len(_rows(page)) == 1)
    assert page.model.data(page.model.index(0, 5)) == "moved.wsi #1, gone"
    assert not page.open_button.isEnabled()
    place = page.table.visualRect(page.model.index(0, 1)).center()
    QTest.mouseDClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.switch.shelves is desk.window.whole.currentWidget()


@pytest.mark.parametrize("number", [0, 1, 500])
def test_the_model_keeps_to_the_rules_of_qt(qtbot: QtBot, tmp_path: Path, number: int) -> None:
    history = History(tmp_path / "history.db")
    history.note(
        Entry(f"/c/{at}.wsi", 1, 1, at, "2026-11-01", f"ws://h/{at}", "13", "rfc6455", "opened")
        for at in range(number)
    )
    model = HistoryModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    ids = history.find(Wanted())
    model.show(history, ids)
    assert model.rowCount() == number
    seen = [model.data(model.index(row, 1)) for row in range(number)]
    assert seen == [f"ws://h/{at}" for at in reversed(range(number))]
    history.close()
