"""The history finds attempts by what is typed, and survives whatever is in its file."""

import sqlite3
import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.library.history import Entry, History
from wsinspector.library.wanted import Wanted, read_wanted

SECOND = 10**9
TODAY = date(2026, 11, 4)


def entry(at: int, **given: object) -> Entry:
    found: dict[str, object] = {
        "path": f"/captures/{at}.wsi", "conversation": 1, "number": 1, "began_ns": at * SECOND,
        "date": f"2026-11-{at:02d} 09:00:00", "address": "ws://h.example/chat", "versions": "13",
        "dialect": "rfc6455", "outcome": "opened, 1000",
    }  # fmt: skip
    return Entry(**(found | given))  # type: ignore[arg-type]


ENTRIES = (
    entry(1),
    entry(2, versions="8, 13", outcome="426 refused", address="wss://other.example/a_b%c"),
    entry(3, versions="", outcome="not reached"),
    entry(4, versions="\\x00", outcome="opened, 1006", role="server", dialect="hixie-76"),
)


@pytest.fixture
def history(tmp_path: Path) -> History:
    made = History(tmp_path / "kept" / "history.db")
    assert made.fresh
    assert made.note(ENTRIES)
    return made


def days(history: History, text: str) -> list[str]:
    ids = history.find(read_wanted(text, TODAY))
    found = history.entries(ids)
    return [found[number].date[8:10] for number in ids]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["04", "03", "02", "01"]),
        ("CHAT opened", ["04", "01"]),
        ("version:8", ["02"]),
        ("version:13", ["02", "01"]),
        ("outcome:refused", ["02"]),
        ("outcome:1006", ["04"]),
        ('outcome:"not reached"', ["03"]),
        ("date:2026-11-03", ["03"]),
        ("date:2026-11", ["04", "03", "02", "01"]),
        ("date:2026-11-0", ["04", "03", "02", "01"]),
        ("date:2026-11-03t09", ["03"]),
        ("date:11-03", ["03"]),
        ("date:11-3", ["03"]),
        ("date:09-00", []),
        ("date:today", ["04"]),
        ("date:yesterday", ["03"]),
        ("date:soon", []),
        ("version:none", ["03"]),
        ("version:", ["04", "03", "02", "01"]),
        ("chat version: outcome:", ["04", "03", "01"]),
        ("address:other", ["02"]),
        ("hixie", ["04"]),
        ("a_b%c", ["02"]),
        ("a%c", []),
        ("chat_", []),
        ("\\x00", ["04"]),
        ("2.wsi", ["02"]),
        ("chat nothing", []),
    ],
)
def test_what_is_typed_finds_the_newest_first(history: History, text: str, expected: list[str]) -> None:
    assert days(history, text) == expected


def test_an_attempt_is_noted_once_with_what_it_came_to_last(history: History) -> None:
    assert history.note([entry(1, outcome="under way")])
    assert len(history) == 4
    assert days(history, "outcome:under") == ["01"]


def test_what_is_forgotten_is_gone(history: History) -> None:
    assert history.forget(history.find(read_wanted("version:8", TODAY)))
    assert days(history, "") == ["04", "03", "01"]
    assert history.forget_path("/captures/3.wsi")
    assert history.paths() == {"/captures/1.wsi", "/captures/4.wsi"}
    assert history.forget_all()
    assert len(history) == 0
    history.close()
    assert b"h.example" not in history.path.read_bytes()


def test_another_start_finds_it_again_and_nobody_else_reads_it(history: History) -> None:
    history.close()
    again = History(history.path)
    assert not again.fresh
    assert len(again) == 4
    assert stat.S_IMODE(history.path.stat().st_mode) == 0o600
    again.close()


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_broken_file_is_put_aside_and_begun_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "history.db"
    path.write_bytes(content)
    history = History(path)
    assert history.trouble == ""
    assert history.fresh
    assert history.put_aside is not None
    assert history.put_aside.read_bytes() == content
    assert history.note(ENTRIES)
    history.close()


def test_a_file_of_another_program_or_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE theirs (a)")
    database.close()
    history = History(path)
    assert history.put_aside is not None
    with sqlite3.connect(history.put_aside) as database:
        assert database.execute("SELECT name FROM sqlite_schema").fetchall() == [("theirs",)]
    database.close()
    history.close()


def test_where_it_cannot_be_kept_that_is_said_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    history = History(tmp_path / "file" / "history.db")
    assert history.trouble
    assert not history.note(ENTRIES)
    assert list(history.find(Wanted())) == []
    assert len(history) == 0
    history.close()


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("date:soon", True),
        ("date:11/23", True),
        ("date:2026", False),
        ("date:2026-11-23", False),
        ("soon", False),
    ],
)
def test_what_is_no_date_is_told(text: str, doubted: bool) -> None:
    assert bool(read_wanted(text, TODAY).doubt) is doubted


@given(st.text(max_size=60))
def test_anything_can_be_typed(text: str) -> None:
    read_wanted(text, TODAY)


@given(text=st.text(max_size=30))
def test_any_words_are_looked_for_as_they_are(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    history = History(tmp_path_factory.mktemp("history") / "history.db")
    history.note([entry(1, address=text)])
    word = text.lower()
    if word and word.isascii() and not set(word) & set(' "') and "\0" not in word and word.split() == [word]:
        assert len(history.find(Wanted(words=(word,)))) == 1
    history.close()
