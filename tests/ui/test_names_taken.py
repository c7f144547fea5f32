"""A name that another program took after this window chose it: the other's file is left alone."""

from pathlib import Path
from typing import BinaryIO

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener, capture, connect, front, settle, told
from wsinspector.capture import CaptureReader
from wsinspector.conversation.restore import restored_attempts
from wsinspector.share.json_lines import write_json_lines
from wsinspector.share.leaving import Leaving


def test_a_conversation_goes_to_the_next_name(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    named = front(desk).tab.conversation.capture_path
    assert named is not None
    capture(named)
    before = named.read_bytes()
    assert desk.tabs.showing(named) is None
    page = connect(qtbot, desk, "/echo")
    kept = page.tab.conversation.capture_path
    assert kept is not None
    assert kept != named
    assert kept in desk.workspace.open_paths
    assert named not in desk.workspace.open_paths
    assert named.read_bytes() == before
    desk.open_file(named)
    settle(qtbot, desk)
    theirs = desk.tabs.showing(named)
    assert theirs is not None
    assert theirs is not page
    assert theirs.tab.conversation.address.host == "host1.example"
    desk.close_tab(desk.pages.index(page))
    assert kept.exists()


def test_deleting_a_draft_leaves_a_file_of_its_name_alone(open_window: Opener) -> None:
    desk = open_window()
    named = front(desk).tab.conversation.capture_path
    assert named is not None
    capture(named)
    desk.delete_front()
    assert named.exists()


def test_an_import_goes_to_the_next_name(
    qtbot: QtBot, open_window: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_window()
    first, second = desk.workspace.folder / "log.wsi", desk.workspace.folder / "log-2.wsi"
    lines = tmp_path / "log.jsonl"
    with CaptureReader(capture(tmp_path / "one.wsi")) as reader, lines.open("wb") as stream:
        (attempt,) = restored_attempts(reader, 1)
        write_json_lines(stream, Leaving(reader, attempt.snapshot, attempt.options))
    free = desk.workspace.free_path
    held: list[BinaryIO] = []

    def taken_at_once(stem: str) -> Path:
        path = free(stem)
        if path == first:
            capture(path)  # as another program would, once the name was chosen
            held.append(path.open("rb"))  # and as the history reads it, just then
        return path

    monkeypatch.setattr(desk.workspace, "free_path", taken_at_once)
    desk.open_file(lines)
    settle(qtbot, desk)
    for each in held:
        each.close()
    assert told(desk) == []
    assert front(desk).tab.conversation.capture_path == second
    with CaptureReader(first) as reader:
        assert next(iter(reader.conversations())).title.endswith("/log")
