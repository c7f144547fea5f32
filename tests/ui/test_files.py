"""Files in the window: opened, followed, dropped, listed, copied, exported; each said where it happens."""

import os
import sqlite3
import stat
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.conversation.followed_writer import Other
from tests.ui.filing import WAIT, Opener, capture, connect, front, settle, told
from wsinspector.capture import CaptureReader, CaptureWriter
from wsinspector.conversation.conversation import Conversation
from wsinspector.library.wanted import read_wanted
from wsinspector.protocol.spans import Direction
from wsinspector.share.shared_copy import save_copy
from wsinspector.ui.desk import Desk
from wsinspector.ui.files.list_model import DATE
from wsinspector.ui.inspect import log_marks

# -- opening


def test_several_files_on_the_command_line_are_a_tab_each(open_window: Opener, tmp_path: Path) -> None:
    files = [capture(tmp_path / f"{name}.wsi") for name in ("one", "two", "three")]
    desk = open_window(*(str(path) for path in files))
    targets = [page.tab.conversation.address.target for page in desk.pages]
    assert targets == [b"/one", b"/two", b"/three"]
    assert front(desk).tab.conversation.capture_path == files[-1]
    assert told(desk) == []


def test_tabs_of_one_address_are_told_apart_by_their_files(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    first = capture(tmp_path / "first.wsi")
    second = tmp_path / "second.wsi"
    second.write_bytes(first.read_bytes())
    desk = open_window(str(first))
    bar = desk.window.tabs.bar
    alone = bar.tabText(0)
    assert alone == "host1.example:81/first"
    desk.files.open(second, None, front=True)
    qtbot.waitUntil(lambda: bar.count() == 2, timeout=WAIT)
    assert [bar.tabText(at).split(" · ")[1] for at in (0, 1)] == ["first", "second"]
    assert f"{alone} · first" in bar.tabToolTip(0)
    desk.tabs.close_tab(0)
    assert bar.tabText(0) == alone


def test_a_file_that_went_away_beneath_its_tab_is_said(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    path = capture(tmp_path / "gone.wsi")
    desk = open_window(str(path))
    assert desk.status.kept.full_text() == "saved: gone.wsi"
    path.unlink()
    qtbot.waitUntil(lambda: desk.status.kept.full_text() == "the file is gone: gone.wsi", timeout=WAIT)
    conversation = front(desk).tab.conversation
    why = conversation.set_mark(conversation.attempts[0].attempt_id, 1, ("here", ""))
    assert str(why) == "The file gone.wsi is gone."


def test_a_file_that_is_open_comes_to_the_front(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    first, second = capture(tmp_path / "one.wsi"), capture(tmp_path / "two.wsi")
    desk = open_window(str(first), str(second))
    desk.files.open_by_hand([first])
    settle(qtbot, desk)
    assert len(desk.pages) == 2
    assert front(desk).tab.conversation.capture_path == first


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("gone.wsi", None, "there is no such file"),
        ("text.wsi", b"no database, only words" * 50, "not a wsinspector capture"),
        ("empty.wsi", b"", "the file is empty, so nothing was ever kept in it."),
    ],
)
def test_what_cannot_be_opened_is_said_in_the_window(
    open_window: Opener, tmp_path: Path, name: str, content: bytes | None, why: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    desk = open_window(str(tmp_path / name))
    assert len(desk.pages) == 1  # an empty one, as nothing else is there
    (said,) = told(desk)
    assert said.startswith(f"{name} could not be opened: ")
    assert why in said
    assert desk.files.strip.isVisible()
    assert desk.files.strip.put_away()
    assert not desk.files.strip.isVisible()


def _recent_entries(desk: Desk) -> dict[str, QAction]:
    """The entries of the menu of recent files, as it is when it opens, by their first words."""
    menu = QMenu(desk.window)
    desk.files.recent.fill(menu, lambda path: desk.files.open_by_hand([path]))
    return {action.text().split("\t")[0]: action for action in menu.actions() if action.text()}


def test_recent_files_are_kept_said_missing_and_cleared(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    first, second = capture(tmp_path / "one.wsi"), capture(tmp_path / "two.wsi")
    open_window(str(first), str(second))
    desk = open_window()
    assert desk.files.recent.paths == [second, first]
    for _ in range(len(desk.pages)):
        desk.close_tab(0)
    first.unlink()
    entries = _recent_entries(desk)
    assert entries["one.wsi"].text() == "one.wsi\tmissing"
    assert not entries["one.wsi"].isEnabled()
    entries["two.wsi"].trigger()
    settle(qtbot, desk)
    assert front(desk).tab.conversation.capture_path == second
    _recent_entries(desk)["Clear this list"].trigger()
    assert desk.files.recent.paths == []
    assert second.exists()


def test_dropped_files_open(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(capture(tmp_path / f"{name}.wsi"))) for name in ("one", "two")])
    event = QDropEvent(
        QPoint(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    desk.window.dropEvent(event)
    assert event.isAccepted()
    settle(qtbot, desk)
    assert [page.tab.conversation.address.target for page in desk.pages[-2:]] == [b"/one", b"/two"]


def test_files_dropped_on_a_field_of_text_open_too(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window()
    page = front(desk)
    data = QMimeData()
    file = capture(tmp_path / "one.wsi")
    data.setUrls([QUrl.fromLocalFile(str(file))])
    data.setText(str(file))
    there, copy = QPoint(5, 5), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for field in (page.address.field, page.frames.send_bar.edit, page.frames.send_bar.edit.viewport()):
        entering = QDragEnterEvent(there, copy, data, buttons, keys)
        entering.ignore()
        QApplication.sendEvent(field, entering)
        assert entering.isAccepted()
        QApplication.sendEvent(field, QDropEvent(there.toPointF(), copy, data, buttons, keys))
    settle(qtbot, desk)
    assert desk.tabs.showing(file) is not None
    assert page.frames.send_bar.edit.toPlainText() == ""
    words = QMimeData()
    words.setText("ws://127.0.0.1:1/")
    entering = QDragEnterEvent(there, copy, words, buttons, keys)
    QApplication.sendEvent(page.address.field, entering)
    assert entering.isAccepted()


def test_words_that_are_dropped_are_none_of_it(open_window: Opener) -> None:
    desk = open_window()
    data = QMimeData()
    data.setText("ws://127.0.0.1:1/")
    event = QDropEvent(
        QPoint(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    desk.window.dropEvent(event)
    assert not event.isAccepted()


# -- of another process, or not to be changed


def test_a_file_another_process_writes_is_followed(
    qtbot: QtBot, open_window: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_marks, "AGAIN_MS", 200)
    desk = open_window()
    assert desk.workspace.lab is not None
    path = tmp_path / "theirs.wsi"
    other = Other(path, desk.workspace.lab.url_of("/echo"))
    try:
        desk.files.open_by_hand([path])
        settle(qtbot, desk)
        page = front(desk)
        assert page.tab.conversation.read_only
        qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.open, timeout=WAIT)
        assert "still being written" in page.notices.lead.full_text()
        bar = desk.window.tabs.bar
        assert bar.tabText(bar.currentIndex()).startswith("read only: ")
        assert not page.frames.send_bar.isVisible()
        for number in (1, 2, 3):
            other.send(f"message {number}")
            qtbot.waitUntil(
                lambda number=number: (
                    page.frames.model is not None  # type: ignore[misc]
                    and page.frames.model.rowCount() >= 2 * number
                ),
                timeout=WAIT,
            )
        assert page.tab.snapshot is not None
        marking, attempt_id = page.frames.places.marking, page.tab.snapshot.attempt_id
        marking.toggle(2)
        qtbot.waitUntil(lambda: "only shown: This capture is only read." in marking.trouble, timeout=WAIT)
        count = len(desk.pages)
        page.tab.connect_now()  # a connection of our own is none of theirs
        assert len(desk.pages) == count + 1
        assert front(desk) is not page
        assert front(desk).tab.conversation.capture_path != path
        other.end()
        qtbot.waitUntil(lambda: not page.tab.conversation.read_only, timeout=WAIT)
        qtbot.waitUntil(lambda: "done with this file" in page.notices.lead.full_text(), timeout=WAIT)
        assert page.tab.snapshot is not None
        assert not page.tab.snapshot.live
        qtbot.waitUntil(lambda: marking.trouble == "", timeout=WAIT)
        conversation = page.tab.conversation
        qtbot.waitUntil(lambda: [each.frame for each in conversation.marks(attempt_id)] == [2], timeout=WAIT)
    finally:
        other.kill()


def test_every_conversation_of_a_file_that_is_written_is_followed(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window()
    assert desk.workspace.lab is not None
    path = capture(tmp_path / "theirs.wsi")
    other = Other(path, desk.workspace.lab.url_of("/echo"))  # adds a conversation to that file
    try:
        for number in (1, 2):
            desk.files.open(path, number)
            settle(qtbot, desk)
        pages = [desk.tabs.showing(path, number) for number in (1, 2)]
        assert pages[0] is not None
        assert pages[1] is not None
        first, second = pages[0].tab.conversation, pages[1].tab.conversation
        assert (first.read_only, second.read_only) == (True, True)
        assert "still being written" in pages[1].notices.lead.full_text()
        other.send("message")
        qtbot.waitUntil(lambda: second.attempts[0].snapshot.frames >= 2, timeout=WAIT)
        desk.close_tab(desk.pages.index(pages[0]))
        other.send("after a tab of the same file was closed")
        qtbot.waitUntil(lambda: second.attempts[0].snapshot.frames >= 4, timeout=WAIT)
        assert second.read_only
        other.end()
        qtbot.waitUntil(lambda: not second.read_only, timeout=WAIT)
    finally:
        other.kill()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write every file")
def test_a_file_that_may_not_be_changed_is_read(open_window: Opener, tmp_path: Path) -> None:
    path = capture(tmp_path / "one.wsi")
    path.chmod(0o400)
    desk = open_window(str(path))
    page = front(desk)
    assert page.tab.conversation.read_only
    assert "may not be changed" in page.notices.lead.full_text()


# -- damaged


def _flip_last_byte(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        row, data = connection.execute("SELECT id, data FROM segment ORDER BY id DESC LIMIT 1").fetchone()
        changed = data[:-1] + bytes((data[-1] ^ 1,))
        connection.execute("UPDATE segment SET data = ? WHERE id = ?", (changed, row))
        connection.commit()


def test_a_changed_byte_is_told_once_the_file_was_held_against_its_check_sums(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    whole, path = capture(tmp_path / "whole.wsi"), capture(tmp_path / "one.wsi")
    _flip_last_byte(path)
    desk = open_window(str(whole), str(path))
    qtbot.waitUntil(lambda: not desk.tabs.verifying.busy, timeout=WAIT)
    pages = [desk.tabs.showing(each) for each in (whole, path)]
    assert pages[0] is not None
    assert pages[1] is not None
    assert not pages[0].notices.isVisibleTo(pages[0])
    notices = pages[1].notices
    assert notices.isVisible()
    assert notices.lead.full_text().startswith("This file is damaged: 1 place not as written.")
    assert "not as they were written" in notices.text.full_text()


def test_a_tab_can_be_closed_while_its_file_is_looked_at(open_window: Opener, tmp_path: Path) -> None:
    desk = open_window(str(capture(tmp_path / "one.wsi")), str(capture(tmp_path / "two.wsi")))
    page = front(desk)
    desk.tabs.verifying.begin(page)
    desk.close_tab(desk.pages.index(page))
    assert len(desk.pages) == 1


# -- many conversations in a file


def test_a_file_of_many_conversations_is_listed_and_searched(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window(str(capture(tmp_path / "many.wsi", 1200)))
    sheet = desk.files.list
    assert sheet is not None
    assert sheet.isVisible()
    qtbot.waitUntil(lambda: sheet.model.shown == 1200, timeout=WAIT)
    for text, number in (
        ("host17.example", 1),
        ("version:8", 600),
        ("outcome:403", 400),
        ("version:8 outcome:403", 200),
        ("outcome:refused", 1200),
        ("outcome:opened", 0),
        ('outcome:"403 refused" version:13', 200),
        (f"date:{sheet.model.words(0)[DATE][:7]}", 1200),
        ("date:1970", 0),
        ("host17 nowhere", 0),
    ):
        sheet.field.setText(text)
        sheet.field.textEdited.emit(text)
        qtbot.waitUntil(lambda number=number: sheet.model.shown == number, timeout=WAIT)  # type: ignore[misc]
    assert "No conversation has" in sheet.empty.full_text()
    sheet.field.setText("host17.example")
    sheet.field.textEdited.emit("host17.example")
    qtbot.waitUntil(lambda: sheet.model.shown == 1, timeout=WAIT)
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    settle(qtbot, desk)
    assert not sheet.isVisible()
    page = front(desk)
    assert page.tab.conversation.conversation_id == 17
    assert page.tab.conversation.address.host == "host17.example"
    assert page.tab.snapshot is not None
    # Another of the same file is another tab, and both may be added to.
    desk.files.open(tmp_path / "many.wsi", 18)
    settle(qtbot, desk)
    other = front(desk)
    assert other is not page
    for each in (page, other):
        each.tab.conversation.save()
        assert each.tab.conversation.store_trouble == ""
    desk = open_window()
    assert {page.tab.conversation.conversation_id for page in desk.pages} >= {17, 18}


def test_what_is_typed_to_find_a_conversation_is_read() -> None:
    today = date(2026, 11, 23)
    wanted = read_wanted("Chat version:8 outcome:426 date:2026-11 address:Example x:y", today)
    assert (wanted.words, wanted.version, wanted.outcome) == (("chat", "x:y"), "8", ("426",))
    assert (wanted.date, wanted.address) == ("2026-11", "example")
    wanted = read_wanted('outcome:"not reached" outcome:no "two words" address:"', today)
    assert (wanted.outcome, wanted.words, wanted.address) == (("not reached", "no"), ("two words",), "")


# -- saving


def test_a_live_conversation_is_copied_whole_while_it_goes_on(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window()
    page = connect(qtbot, desk, "/echo")
    attempt = page.tab.conversation.current
    assert attempt is not None
    attempt.send_message("before the copy")
    qtbot.waitUntil(lambda: attempt.snapshot.frames == 2, timeout=WAIT)
    target = tmp_path / "copy.wsi"
    desk.files.saving.save_to(target)
    settle(qtbot, desk)
    (said,) = told(desk)
    assert said.startswith(f"A copy is in {target}, ")
    QTest.mouseClick(desk.files.strip.rows[0].copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == str(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    attempt.send_message("after the copy")
    qtbot.waitUntil(lambda: attempt.snapshot.frames == 4, timeout=WAIT)
    with CaptureReader(target) as copy:
        assert copy.frame_count(1) == 2
    desk.files.open_by_hand([target])
    settle(qtbot, desk)
    end = front(desk).tab.snapshot
    assert end is not None
    assert end.end is not None
    assert "copy made while" in end.end.text


def test_a_copy_does_not_take_the_place_of_what_is_open(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    path = capture(tmp_path / "one.wsi")
    desk = open_window(str(path))
    before = path.read_bytes()
    desk.files.saving.save_to(path)
    settle(qtbot, desk)
    assert told(desk) == ["one.wsi is open in this window. Pick another name."]
    assert path.read_bytes() == before


@pytest.mark.parametrize("live", [False, True])
def test_what_was_in_a_deleted_file_is_saved_as_long_as_its_tab_is_open(
    qtbot: QtBot, open_window: Opener, tmp_path: Path, live: bool
) -> None:
    if live:
        desk = open_window()
        conversation = connect(qtbot, desk, "/echo").tab.conversation
        attempt = conversation.attempts[0]
        attempt.send_message("kept")
        qtbot.waitUntil(lambda: attempt.snapshot.frames == 2, timeout=WAIT)
        model = front(desk).frames
        qtbot.waitUntil(lambda: model.model is not None and model.model.rowCount() == 2, timeout=WAIT)
        path = conversation.capture_path
        assert path is not None
    else:
        path = capture(tmp_path / "one.wsi")
        desk = open_window(str(path))
        conversation = front(desk).tab.conversation
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    conversation.set_address("ws://typed.since.example/")
    conversation.save()
    assert not path.exists()  # no empty file takes the place
    target = tmp_path / "copy.wsi"
    desk.files.saving.save_to(target)
    settle(qtbot, desk)
    assert told(desk)[-1].startswith(f"A copy is in {target}, ")
    assert f"what was in {path.name}, which is gone" in told(desk)[-1]
    with CaptureReader(target) as copy:
        assert copy.frame_count(1) == (2 if live else 0)
        assert copy.stream(1, Direction.OUT, 0, 3) == b"GET"
    pages = len(desk.pages)
    front(desk).tab.connect_now()
    assert len(desk.pages) == pages + 1
    assert not path.exists()


def test_nothing_is_saved_of_a_deleted_file_that_is_not_open(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    path = capture(tmp_path / "one.wsi")
    desk = open_window(str(path))
    reader = front(desk).tab.conversation.reader()
    assert reader is not None
    reader.close()
    path.unlink()
    desk.files.saving.save_to(tmp_path / "copy.wsi")
    settle(qtbot, desk)
    assert "one.wsi is gone, and nothing of it was open any more" in told(desk)[-1]
    assert not (tmp_path / "copy.wsi").exists()


def test_a_copy_that_cannot_be_made_is_said(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window(str(capture(tmp_path / "one.wsi")))
    desk.files.saving.save_to(tmp_path / "nowhere" / "copy.wsi")
    settle(qtbot, desk)
    (said,) = told(desk)
    assert said.startswith("No copy was made as copy.wsi: ")


# -- keeping


def test_limits_of_what_is_kept_are_seen_and_changed(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    desk.files.show_kept()
    sheet = desk.files.kept
    assert sheet is not None
    assert sheet.largest.edit.text() == "2 GiB"
    assert sheet.days.edit.text() == "30"
    sheet.largest.edit.clear()
    QTest.keyClicks(sheet.largest.edit, "500 MiB")
    sheet.days.edit.clear()
    QTest.keyClicks(sheet.days.edit, "7")
    assert (desk.workspace.limits.size, desk.workspace.limits.days) == (500 << 20, 7)
    QTest.keyClicks(sheet.days.edit, "x")
    assert sheet.days.trouble.isVisible()
    assert desk.workspace.limits.days == 7
    qtbot.waitUntil(lambda: "together" not in sheet.there.full_text(), timeout=WAIT)
    desk = open_window()
    assert (desk.workspace.limits.size, desk.workspace.limits.days) == (500 << 20, 7)


def test_a_pinned_capture_says_so_and_stays_pinned(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    path = capture(tmp_path / "one.wsi")
    desk = open_window(str(path))
    conversation = front(desk).tab.conversation
    assert conversation.pin(True) == ""
    desk = open_window()
    assert front(desk).tab.conversation.pinned
    with CaptureReader(path) as reader:
        assert [row.pinned for row in reader.conversations()] == [True]


def test_what_is_not_to_be_kept_goes_with_its_tab(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = connect(qtbot, desk, "/echo")
    path = page.tab.conversation.capture_path
    assert path is not None
    qtbot.waitUntil(path.exists, timeout=WAIT)
    desk.menus.fill_menu()
    next(a for a in desk.window.tabs.menu.actions() if a.text() == "Do not keep this conversation").trigger()
    qtbot.waitUntil(lambda: desk.status.kept.full_text() == "not kept", timeout=WAIT)
    desk.close_tab(0)
    assert not path.exists()


def test_a_deleted_conversation_is_gone(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = connect(qtbot, desk, "/echo")
    path = page.tab.conversation.capture_path
    assert path is not None
    qtbot.waitUntil(path.exists, timeout=WAIT)
    desk.delete_front()
    assert not path.exists()
    assert isinstance(page.tab.conversation, Conversation)


def test_deleting_says_that_the_file_holds_more_and_closes_what_shows_the_rest(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window()
    path = capture(tmp_path / "several.wsi", 3)
    for number in (1, 2):
        desk.files.open(path, number)
        settle(qtbot, desk)
    assert [page.tab.conversation.capture_path for page in desk.pages].count(path) == 2
    told = desk.about_deleting(front(desk))
    assert told == ("Delete the file with all 3 conversations in it?", "several.wsi")
    desk.delete_front()
    assert not path.exists()
    assert desk.tabs.showing(path) is None


# -- what was dropped


def test_the_status_bar_says_what_was_dropped_and_why(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    path = tmp_path / "lost.wsi"
    writer = CaptureWriter.create(path)
    made = writer.new_conversation("ws://a.example/", {"address": "ws://a.example/"}, b"")
    attempt = writer.new_attempt(made, 1, wall_ns=1, mono_ns=1, facts={"url": "ws://a.example/"})
    attempt.gap(2048, "There was no room.", Direction.IN)
    attempt.finish()
    writer.close()
    desk = open_window(str(path))
    label = desk.status.dropped
    qtbot.waitUntil(lambda: "There was no room." in label.accessibleDescription(), timeout=WAIT)
    assert label.full_text() == "dropped 2.0 kB: There was no room."
    assert "There was no room." in label.toolTip()
    desk.new_tab()
    assert label.full_text() == "nothing dropped"
    assert label.accessibleDescription() == ""


# -- exporting


def test_every_format_is_written_without_secrets_unless_asked(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window(str(capture(tmp_path / "one.wsi")))
    desk.files.show_export()
    sheet = desk.files.exporting
    assert sheet is not None
    # What is left out is listed, with its count, before anything is written.
    qtbot.waitUntil(lambda: sheet.left_out.full_text().startswith("Left out, "), timeout=WAIT)
    assert "bytes" in sheet.left_out.full_text()
    titles = [sheet.list.item(row).text() for row in range(sheet.list.count())]
    assert len(titles) == len(set(titles)) >= 7
    for row, title in enumerate(titles):
        for secrets in (False, True):
            desk.files.show_export()
            sheet.list.setCurrentRow(row)
            sheet.secrets.setChecked(secrets)
            assert sheet.form is not None
            target = tmp_path / f"{sheet.form.name}-{secrets}{sheet.form.suffix}"
            sheet.path.setText(str(target))
            sheet.export()
            assert not sheet.isVisible(), (title, sheet.wrong.full_text())
            settle(qtbot, desk)
            said = told(desk)[-1]
            assert said.startswith(f"Exported to {target}, "), said
            if secrets:
                assert "left out" not in said
            elif sheet.form.name in ("har", "html", "python", "wsi"):  # they hold the handshake
                assert "secret" in said, said
            assert target.stat().st_size > 0
            if not secrets:
                assert b"s3cr3t1" not in target.read_bytes(), title


def test_a_file_that_is_there_is_replaced_only_when_asked_again(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    desk = open_window(str(capture(tmp_path / "one.wsi")))
    target = tmp_path / "there.har"
    target.write_text("mine")
    desk.files.show_export()
    sheet = desk.files.exporting
    assert sheet is not None
    sheet.path.setText(str(target))
    sheet.export()
    assert sheet.isVisible()
    assert sheet.wrong.full_text() == "there.har is there already. Replace it?"
    assert sheet.go.text() == "Replace"
    assert target.read_text() == "mine"
    sheet.export()
    settle(qtbot, desk)
    assert target.read_text() != "mine"


def test_the_selected_frames_alone_leave(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window()
    page = connect(qtbot, desk, "/echo")
    attempt = page.tab.conversation.current
    assert attempt is not None
    for rows, text in ((2, "first message"), (4, "second message")):
        attempt.send_message(text)
        qtbot.waitUntil(
            lambda rows=rows: (
                page.frames.model is not None  # type: ignore[misc]
                and page.frames.model.rowCount() == rows
            ),
            timeout=WAIT,
        )
    page.frames.view.table.selectRow(2)
    page.frames.view.table.setFocus()
    desk.files.show_export()
    sheet = desk.files.exporting
    assert sheet is not None
    sheet.list.setCurrentRow(
        next(at for at in range(sheet.list.count()) if ".jsonl" in sheet.list.item(at).text())
    )
    sheet.what.segments[2].click()
    target = tmp_path / "one.jsonl"
    sheet.path.setText(str(target))
    sheet.export()
    settle(qtbot, desk)
    assert told(desk)[-1].startswith("Exported to ")
    assert b"second message" in target.read_bytes()
    assert b"first message" not in target.read_bytes()


def test_what_was_exported_is_imported_again(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window()
    page = connect(qtbot, desk, "/echo")
    attempt = page.tab.conversation.current
    assert attempt is not None
    attempt.send_message("there and back")
    qtbot.waitUntil(lambda: attempt.snapshot.frames == 2, timeout=WAIT)
    desk.files.show_export()
    sheet = desk.files.exporting
    assert sheet is not None
    sheet.list.setCurrentRow(
        next(at for at in range(sheet.list.count()) if ".har" in sheet.list.item(at).text())
    )
    target = tmp_path / "out.har"
    sheet.path.setText(str(target))
    sheet.export()
    settle(qtbot, desk)
    desk.files.open_by_hand([target])
    settle(qtbot, desk)
    snapshot = front(desk).tab.snapshot
    assert snapshot is not None
    assert (snapshot.frames_in, snapshot.frames_out) == (1, 1)
    assert "Imported from out.har" in front(desk).notices.lead.full_text()
    pane = front(desk).frames
    qtbot.waitUntil(lambda: (log := pane.view.table.log()) is not None and log.rowCount() >= 2, timeout=WAIT)
    pane.view.table.select_row(0)
    note = pane.detail.bits.note
    assert note.text() == "Framing is not known: composed from HAR."
    assert not pane.detail.bits.figure.isVisible()
    # What it does not tell is neither filtered by nor exported as if it were known.
    pane.tools.filter.take("fin == 1 or masked == 0")
    said = "2 frames were not decided, and not shown: the imported file does not tell how they travelled."
    qtbot.waitUntil(lambda: pane.tools.filter.says.text.full_text() == said, timeout=WAIT)
    desk.files.show_export()
    names = [form.name for form in sheet._forms]
    for name in ("pcapng", "python", "csv"):
        sheet.list.setCurrentRow(names.index(name))
        assert ("made up" in sheet.about.full_text()) is (name != "csv")
    sheet.leave()


# -- what is said beside what is said already


def test_of_many_broken_files_every_one_is_told(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window()
    paths = [tmp_path / f"broken-{number}.wsi" for number in range(1, 10)]
    for path in paths:
        path.write_bytes(b"no capture, only words" * 50)
    desk.files.open_by_hand(paths)
    settle(qtbot, desk)
    strip = desk.files.strip
    older = strip.older
    assert older is not None
    assert older.isVisible()
    assert [text.split()[0] for text in older.told + told(desk)] == [path.name for path in paths]
    assert older.text.full_text() == "6 earlier notices, some of what went wrong."
    assert older.all.text() == "Show all 6"
    assert older.all.accessibleName() == "Read the 6 earlier notices, one a line"
    assert not older.list.isVisible()
    older.all.click()
    assert older.list.isVisible()
    assert older.list.toPlainText().splitlines() == older.told
    older.away.click()
    assert strip.older is None
    assert len(told(desk)) == 3
    while strip.put_away():
        pass
    assert not strip.isVisible()


def test_notices_of_different_kinds_stand_below_each_other(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    path = tmp_path / "shared.wsi"
    save_copy(capture(tmp_path / "one.wsi"), path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE segment SET data = substr(data, 2)")
        connection.commit()
    desk = open_window(str(path))
    notices = front(desk).notices
    qtbot.waitUntil(lambda: len(notices.shown) == 2, timeout=WAIT)
    assert notices.shown[0] == "A copy made to share: its secrets were left out."
    assert notices.shown[1].startswith("This file is damaged: ")
    notices.away.click()
    assert notices.shown == ["A copy made to share: its secrets were left out."]
    assert notices.isVisible()


def test_a_file_deleted_behind_another_tab_is_said_in_place_and_can_still_leave(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    path = capture(tmp_path / "first.wsi")
    desk = open_window(str(path), str(capture(tmp_path / "second.wsi")))
    page = desk.tabs.showing(path)
    assert page is not None
    path.unlink()
    bar = desk.window.tabs.bar
    qtbot.waitUntil(lambda: bar.tabText(0).startswith("deleted: host1"), timeout=WAIT)
    desk.tabs.bring_to_front(page)
    qtbot.waitUntil(lambda: desk.status.kept.full_text() == "the file is gone: first.wsi", timeout=WAIT)
    assert page.notices.shown == ["first.wsi was deleted or moved away."]
    assert "Save as (Ctrl+Shift+S) writes it to a file again." in page.notices.text.full_text()
    desk.files.show_export("share")
    sheet = desk.files.exporting
    assert sheet is not None
    qtbot.waitUntil(lambda: "Cookie" in sheet.left_out.full_text(), timeout=WAIT)
    assert sheet.go.isEnabled()
    target = tmp_path / "out.wsi"
    sheet.path.setText(str(target))
    sheet.export()
    settle(qtbot, desk)
    with CaptureReader(target) as reader:
        assert reader.stream(1, Direction.OUT, 0, 3) == b"GET"
    capture(path)
    qtbot.waitUntil(lambda: page.notices.shown == [], timeout=WAIT)


def test_what_cannot_be_read_cannot_be_exported(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    path = capture(tmp_path / "one.wsi")
    desk = open_window(str(path))
    reader = front(desk).tab.conversation.reader()
    assert reader is not None
    reader.close()
    path.unlink()
    desk.files.show_export("share")
    sheet = desk.files.exporting
    assert sheet is not None
    qtbot.waitUntil(lambda: not sheet.go.isEnabled(), timeout=WAIT)
    assert sheet.left_out.full_text().startswith(
        "This cannot be exported, as it cannot be read: one.wsi is gone"
    )
