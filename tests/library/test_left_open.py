"""What a program left open is found by the next one, and by it alone."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.library.left_open import FRESH_SECONDS, LeftOpen, OpenNote, OpenTab, left_open

TABS = (OpenTab("a", "/captures/a.wsi", 2), OpenTab("b", state={"address": "ws://b"}))


def later() -> int:
    """When a note that was just begun is no longer fresh."""
    return time.time_ns() + 2 * FRESH_SECONDS * 10**9


KILLED = """
import sys, time
from pathlib import Path
from wsinspector.library.left_open import OpenNote, OpenTab
note = OpenNote(Path(sys.argv[1]))
note.write([OpenTab("a", "/captures/a.wsi", 2), OpenTab("b", state={"address": "ws://b"})], 1)
note.fault_path.write_text("Fatal Python error")
print("noted", flush=True)
time.sleep(600)
"""


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """The folder in which a program that was killed had noted its tabs."""
    folder = tmp_path / "running"
    running = subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE)
    assert running.stdout is not None
    assert running.stdout.readline() == b"noted\n"
    assert left_open(folder, later()) == []  # it runs: nothing was left
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    return folder


def _taken(folder: Path) -> LeftOpen:
    (left,) = left_open(folder, later())
    return left


def test_what_a_killed_program_had_open_is_found(killed: Path) -> None:
    left = _taken(killed)
    assert left.tabs == TABS
    assert left.front == 1
    assert left.fault == "Fatal Python error"
    assert abs(left.ended_ns - time.time_ns()) < 600 * 10**9
    left.release()


def test_only_one_program_offers_it_and_another_does_where_that_one_does_not_answer(killed: Path) -> None:
    first = _taken(killed)
    assert left_open(killed, later()) == []
    first.release()
    second = _taken(killed)
    second.drop()
    assert left_open(killed, later()) == []
    assert list(killed.iterdir()) == []


def test_a_program_that_ended_as_it_should_left_nothing(tmp_path: Path) -> None:
    note = OpenNote(tmp_path / "running")
    note.write(TABS, 0)
    note.end()
    note.end()
    assert list((tmp_path / "running").iterdir()) == []


def test_nobody_else_may_read_what_is_noted(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    note = OpenNote(folder)
    note.write(TABS, 0)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    note.end()


def test_a_note_just_begun_is_nobodys(tmp_path: Path) -> None:
    (tmp_path / "1-1.lock").touch()
    assert left_open(tmp_path, time.time_ns()) == []
    assert (tmp_path / "1-1.lock").exists()
    assert left_open(tmp_path, later()) == []
    assert not (tmp_path / "1-1.lock").exists()


def test_a_folder_that_cannot_be_written_is_said_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    note = OpenNote(tmp_path / "file" / "folder")
    note.write(TABS, 0)
    assert "file" in note.trouble
    note.end()
    assert left_open(tmp_path / "file" / "folder", later()) == []


def test_the_state_is_written_only_where_it_changed(tmp_path: Path) -> None:
    note = OpenNote(tmp_path)
    note.write(TABS, 0)
    (state,) = tmp_path.glob("*.json")
    before = state.stat().st_ino
    note.write(TABS, 0)
    assert state.stat().st_ino == before
    note.write(TABS[:1], 0)
    assert json.loads(state.read_text())["tabs"][0]["conversation"] == 2
    assert len(json.loads(state.read_text())["tabs"]) == 1
    note.end()


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(("front", "tabs", "path", "state", "title")), inner, max_size=4),
    max_leaves=12,
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_whatever_stands_in_a_note_it_is_read_without_failing(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("notes")
    (folder / "1-1.lock").touch()
    (folder / "1-1.json").write_bytes(content)
    (folder / "1-1.fault").write_bytes(os.urandom(20))
    left = _taken(folder)
    assert left.fault
    assert all(tab.path or tab.state is not None for tab in left.tabs)
    assert left.front in range(max(len(left.tabs), 1))
    left.drop()
