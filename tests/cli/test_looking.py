"""``info`` and ``check`` as a person runs them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.conversation.recorded import recorded


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "a.wsi"
    recorded(path, ("rfc6455", "hybi-07"), frames=60)
    return path


def test_info_says_what_a_capture_holds(whole: Path) -> None:
    told = run("info", str(whole), "--json")
    assert told.code == 0
    found = told.json
    assert (found["conversation_count"], found["attempt_count"], found["format"]) == (2, 4, 3)
    first = found["conversations"][0]["attempts"][0]
    assert first["dialect"] == "rfc6455"
    assert first["frames"] > 10
    assert first["bytes_in"] > 100
    assert first["end"] == "fin"
    text = run("info", str(whole))
    assert text.code == 0
    assert "conversations 2, attempts 4" in text.out
    assert "hybi-07" in text.out


def test_info_leaves_secrets_out(tmp_path: Path, whole: Path) -> None:
    path = tmp_path / "a.wsi"
    path.write_bytes(whole.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE conversation SET title = 'ws://x/?token=abcdefgh'")
        connection.execute('UPDATE attempt SET facts = \'{"url": "ws://me:abcdefgh@x/"}\'')
    for arguments in (("info", str(path)), ("info", str(path), "--json")):
        assert "abcdefgh" not in run(*arguments).out


def test_info_of_a_shared_copy_tells_in_one_line_what_was_left_out(tmp_path: Path, whole: Path) -> None:
    copy = tmp_path / "shared.wsi"
    assert run("export", str(whole), "--format", "wsi", "--out", str(copy)).code == 0
    attempts = [
        each for one in run("info", str(copy), "--json").json["conversations"] for each in one["attempts"]
    ]
    left = [each["left_out"] for each in attempts if each["left_out"]["places"]]
    with closing(sqlite3.connect(copy)) as connection:
        query = "SELECT count(*) FROM gap WHERE kind = 'left-out' AND stop > start"
        assert sum(each["places"] for each in left) == connection.execute(query).fetchone()[0]
    told = run("info", str(copy)).out
    assert told.count("left out on purpose") == len(left)
    assert "dropped" not in told
    assert "SECRET" not in told


def test_a_gap_that_was_left_out_is_told_as_that(tmp_path: Path, whole: Path) -> None:
    path = tmp_path / "a.wsi"
    path.write_bytes(whole.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        columns = "attempt, kind, direction, start, stop, reason"
        row = f"INSERT INTO gap ({columns}) VALUES (1, 'left-out', 0, ?, ?, ?)"
        connection.executemany(row, [(at, at + 4, f"SECRET_{at}") for at in range(0, 56, 4)])
    told = run("info", str(path)).out
    assert "left out on purpose: 56 B in 14 places" in told
    assert "SECRET" not in told


def test_a_repair_is_counted_as_a_person_counts(tmp_path: Path, whole: Path) -> None:
    path = tmp_path / "a.wsi"
    path.write_bytes(whole.read_bytes())
    for often in ("once", "2 times"):
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("DELETE FROM block WHERE attempt = 1")
        assert run("check", str(path), "--repair").code == 1
        assert f"It was repaired {often};" in run("info", str(path)).out


def test_check_finds_nothing_in_a_sound_capture(whole: Path) -> None:
    told = run("check", str(whole))
    assert (told.code, told.err) == (0, "")
    assert "Nothing is wrong." in told.out
    assert run("check", str(whole), "--json").json["fine"] is True


def test_check_repairs_when_told_to(tmp_path: Path, whole: Path) -> None:
    path = tmp_path / "a.wsi"
    path.write_bytes(whole.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM block WHERE attempt = 1")
    before = path.read_bytes()
    told = run("check", str(path))
    assert told.code == 1
    assert "repairable: attempt 1, frames 1 to" in told.out
    assert path.read_bytes() == before
    assert run("check", str(path), "--repair").code == 1
    assert run("check", str(path)).code == 0
    assert len(run("info", str(path), "--json").json["repairs"]) == 1


@pytest.mark.parametrize("command", ["info", "check"])
def test_what_is_no_capture_is_said(tmp_path: Path, command: str) -> None:
    other = tmp_path / "a.wsi"
    other.write_bytes(b"not one")
    for path in (other, tmp_path / "none.wsi"):
        told = run(command, str(path))
        assert (told.code, told.out) == (2, "")
        assert str(path) in told.err


@pytest.mark.parametrize("size", ["0", "much", "-1"])
def test_a_limit_that_is_none_is_refused(size: str) -> None:
    told = run("connect", "ws://127.0.0.1:1/", "--keep-bytes", size)
    assert told.code == 2
    assert "is no size" in told.err or "expected one argument" in told.err


def test_info_tells_statistics_when_asked(whole: Path) -> None:
    assert "statistics" not in run("info", str(whole), "--json").out
    found = run("info", str(whole), "--json", "--statistics").json
    for conversation in found["conversations"]:
        for attempt in conversation["attempts"]:
            told = attempt["statistics"]
            assert told["frames"]["in"] + told["frames"]["out"] == attempt["frames"]
            assert sum(each["count"] for each in told["types"]) == attempt["frames"]
            assert sum(told["series"]["bytes_in"]) == told["wire_bytes"]["in"] <= attempt["bytes_in"]
            assert sum(told["series"]["frames_out"]) == told["frames"]["out"]
    text = run("info", str(whole), "--statistics")
    assert text.code == 0
    assert "Payload sizes" in text.out
    assert "95 % are at most" in text.out
