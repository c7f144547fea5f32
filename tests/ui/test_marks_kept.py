"""Marks go with a conversation into every file that is made of it, and stay with theirs."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.filing import WAIT, Opener, capture, connect, front, settle, told
from wsinspector.capture import CaptureReader, CaptureWriter
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect import log_marks


def mark(qtbot: QtBot, desk: Desk, name: str) -> int:
    """Mark frame 1 of the attempt in front; the attempt's id."""
    page = front(desk)
    assert page.tab.snapshot is not None
    attempt_id = page.tab.snapshot.attempt_id
    conversation = page.tab.conversation
    assert conversation.set_mark(attempt_id, 1, (name, "a note")) == ""
    qtbot.waitUntil(lambda: [each.name for each in conversation.marks(attempt_id)] == [name], timeout=WAIT)
    return attempt_id


def test_marks_survive_save_as(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    desk = open_window()
    page = connect(qtbot, desk, "/echo")
    attempt = page.tab.conversation.current
    assert attempt is not None
    attempt.send_message("to be marked")
    qtbot.waitUntil(lambda: attempt.snapshot.frames == 2, timeout=WAIT)
    mark(qtbot, desk, "here it began")
    target = tmp_path / "copy.wsi"
    desk.files.saving.save_to(target)
    settle(qtbot, desk)
    desk.files.open_by_hand([target])
    settle(qtbot, desk)
    opened = front(desk)
    assert opened.tab.conversation.capture_path == target
    assert opened.tab.snapshot is not None
    (kept,) = opened.tab.conversation.marks(opened.tab.snapshot.attempt_id)
    assert (kept.frame, kept.name, kept.note) == (1, "here it began", "a note")


def test_conversations_of_one_file_keep_their_own_marks(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    path = capture(tmp_path / "two.wsi", 2)
    desk = open_window()
    marked = {}
    for number in (1, 2):
        desk.files.open(path, number)
        settle(qtbot, desk)
        marked[mark(qtbot, desk, f"of {number}")] = f"of {number}"
    target = tmp_path / "copy.wsi"
    desk.files.saving.save_to(target)
    settle(qtbot, desk)
    assert len(marked) == 2
    with CaptureReader(target) as reader:
        for attempt_id, name in marked.items():
            assert [each.name for each in reader.marks(attempt_id)] == [name]


def test_a_mark_that_cannot_be_written_yet_stays_shown_and_is_tried_again(
    qtbot: QtBot, open_window: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_marks, "AGAIN_MS", 1000)
    path = capture(tmp_path / "one.wsi")
    desk = open_window(str(path))
    marking = front(desk).frames.places.marking
    attempt_id = front(desk).tab.conversation.attempts[0].attempt_id
    marking.set_attempt(attempt_id, "")
    theirs = CaptureWriter.open(path)  # as another program would
    try:
        marking.toggle(1)
        qtbot.waitUntil(lambda: "Another program is writing" in marking.trouble, timeout=WAIT)
        assert 1 in marking.marks
        assert "It is tried again every 1 s." in marking.trouble
        marking.set_name(1, "kept in the end")
    finally:
        theirs.close()
    qtbot.waitUntil(lambda: marking.trouble == "", timeout=WAIT)
    conversation = front(desk).tab.conversation
    qtbot.waitUntil(
        lambda: [each.name for each in conversation.marks(attempt_id)] == ["kept in the end"], timeout=WAIT
    )


def test_a_mark_that_was_never_written_is_said_when_its_tab_goes(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    path = capture(tmp_path / "one.wsi")
    desk = open_window(str(path))
    marking = front(desk).frames.places.marking
    marking.set_attempt(front(desk).tab.conversation.attempts[0].attempt_id, "")
    theirs = CaptureWriter.open(path)
    try:
        marking.toggle(1)
        qtbot.waitUntil(lambda: marking.trouble != "", timeout=WAIT)
        desk.close_tab(0)
    finally:
        theirs.close()
    assert told(desk) == [
        "one.wsi: marks on 1 frame could not be kept: Another program is writing this capture."
    ]
