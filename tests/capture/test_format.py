"""A file of an earlier format is read as it is, and brought up to date by who adds to it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.capture.traffic import new_attempt, one_frame
from wsinspector.capture import CaptureReader, CaptureWriter
from wsinspector.capture.migrate import FORMAT, READABLE, STEPS, initialise

MADE = Path(__file__).parent


def old_file(folder: Path, version: int) -> Path:
    path = folder / f"format_{version}.wsi"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((MADE / f"format_{version}.sql").read_text(encoding="utf-8"))
    return path


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Each table's columns as SQLite understands them."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for (name,) in names}


@pytest.mark.parametrize("version", range(READABLE, FORMAT))
def test_an_older_file_is_read_as_it_is(tmp_path: Path, version: int) -> None:
    path = old_file(tmp_path, version)
    before = path.read_bytes()
    with CaptureReader(path) as reader:
        assert reader.frame_count(1) == 3
        assert reader.frame_bytes(1, 3) == one_frame(3)
        assert reader.marks(1) == []
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", range(READABLE, FORMAT))
def test_adding_to_an_older_file_brings_it_up_to_date(tmp_path: Path, version: int) -> None:
    path = old_file(tmp_path, version)
    with CaptureReader(path) as reader:
        assert reader.marks(1) == []
        writer = CaptureWriter.open(path)
        writer.set_mark(1, 2, "here")
        assert writer.flush(10)
        assert [mark.frame for mark in reader.marks(1)] == [2]
        assert reader.frame_bytes(1, 3) == one_frame(3)
    writer.close()
    fresh = tmp_path / "fresh.wsi"
    with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
        initialise(connection)
    assert tables(path) == tables(fresh)


def test_there_is_a_way_from_every_readable_format_to_todays() -> None:
    assert set(STEPS) >= set(range(READABLE, FORMAT))


def test_a_mark_is_set_changed_and_taken_off(tmp_path: Path) -> None:
    path = tmp_path / "marks.wsi"
    writer = CaptureWriter.create(path)
    first = new_attempt(writer)
    second = new_attempt(writer)
    # Before the attempt's own row is in the file, and after it has ended.
    writer.set_mark(first.attempt_id, 7, "seven", "two\nlines")
    first.finish()
    assert writer.flush(10)
    writer.set_mark(first.attempt_id, 3, "drei ☂", "")
    writer.set_mark(second.attempt_id, 7, "other", "")
    assert writer.flush(10)
    with CaptureReader(path) as reader:
        marks = reader.marks(first.attempt_id)
        assert [(mark.frame, mark.name, mark.note) for mark in marks] == [
            (3, "drei ☂", ""),
            (7, "seven", "two\nlines"),
        ]
        made = marks[1].made_ns
        writer.set_mark(first.attempt_id, 7, "", "later")
        writer.remove_mark(first.attempt_id, 3)
        writer.remove_mark(first.attempt_id, 99)
        assert writer.flush(10)
        (left,) = reader.marks(first.attempt_id)
        assert (left.frame, left.name, left.note, left.made_ns) == (7, "", "later", made)
        assert [mark.name for mark in reader.marks(second.attempt_id)] == ["other"]
    writer.close()


def test_marks_survive_reopening(tmp_path: Path) -> None:
    path = tmp_path / "marks.wsi"
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    attempt.finish()
    writer.set_mark(attempt.attempt_id, 1, "kept")
    writer.close()
    again = CaptureWriter.open(path)
    again.set_mark(attempt.attempt_id, 2, "added")
    again.close()
    with CaptureReader(path) as reader:
        assert [mark.name for mark in reader.marks(attempt.attempt_id)] == ["kept", "added"]
