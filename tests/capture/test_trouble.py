"""What a capture survives: a killed program, other readers, read-only places, a full disk."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.capture.traffic import FRAME, new_attempt, one_frame, run_of_frames
from wsinspector.capture import (
    CaptureError,
    CaptureReader,
    CaptureWriter,
    NewerCapture,
    NotACapture,
    OlderCapture,
)
from wsinspector.capture.migrate import FORMAT, identify, migrate
from wsinspector.protocol.spans import Direction

ROOT = Path(__file__).parents[2]
NOBODY = 65534
WAIT = 40.0

HOLD_OPEN = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM segment").fetchone()
print("reading", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "captures"
    folder.mkdir()
    return folder / "a.wsi"


def small_capture(path: Path, frames: int = 3) -> None:
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    data, columns = run_of_frames(1, frames)
    attempt.bytes(Direction.IN, data, 1)
    attempt.frames(columns)
    writer.close()


def set_pragma(path: Path, pragma: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA {pragma}")
    connection.close()


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """``folder`` as one in which this process may not write, also where it runs as root."""
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder others may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("commits", [1, 3, 8])
def test_kill_9_loses_nothing_published_as_committed(path: Path, commits: int) -> None:
    command = [sys.executable, "-m", "tests.capture.endless_writer", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(commits):
            published = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        published = max([published, *map(int, process.stdout.read().split())])
    with CaptureReader(path) as reader:
        there = reader.frame_count(1)
        assert there >= published > 0
        assert reader.stream_length(1, Direction.IN) >= there * FRAME
        columns = reader.columns(1, 1, there)
        assert list(columns.message) == list(range(1, there + 1))
        for no in {1, published // 2 + 1, published, there}:
            assert reader.frame_bytes(1, no) == one_frame(no)
        assert reader.stream(1, Direction.IN, 0, 3 * FRAME) == b"".join(map(one_frame, (1, 2, 3)))
        assert reader.attempts()[0].finished is False
    writer = CaptureWriter.open(path)
    new_attempt(writer, 2, 1)
    assert writer.close().one_file


def test_a_foreign_reader_leaves_the_journal_and_closing_says_so(path: Path) -> None:
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    attempt.bytes(Direction.IN, b"before", 1)
    writer.flush(30)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_OPEN, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "reading\n"
        attempt.bytes(Direction.IN, b" and after", 2)
        closed = writer.close()
        assert not closed.one_file
        assert closed.trouble is None
        with CaptureReader(path) as reader:
            assert reader.stream(1, Direction.IN, 0, 99) == b"before and after"
        other.communicate()
    assert CaptureWriter.open(path).close().one_file
    assert list(path.parent.iterdir()) == [path]


def test_a_closed_capture_opens_where_nothing_can_be_written(open_folder: Path) -> None:
    path = open_folder / "a.wsi"
    small_capture(path)
    path.chmod(0o444)
    with unwritable(open_folder), CaptureReader(path) as reader:
        assert reader.frame_bytes(1, 3) == one_frame(3)


def test_one_left_in_journal_mode_opens_there_as_unchanging(open_folder: Path) -> None:
    path = open_folder / "a.wsi"
    small_capture(path)
    set_pragma(path, "journal_mode = WAL")
    path.chmod(0o444)
    assert list(open_folder.iterdir()) == [path]
    with unwritable(open_folder), CaptureReader(path) as reader:
        assert reader.unchanging
        assert reader.frame_bytes(1, 3) == one_frame(3)


def test_one_with_a_journal_left_there_names_the_cure(open_folder: Path) -> None:
    path = open_folder / "a.wsi"
    small_capture(path)
    set_pragma(path, "journal_mode = WAL")
    (open_folder / "a.wsi-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(60))
    for part in open_folder.iterdir():
        part.chmod(0o444)
    with unwritable(open_folder), pytest.raises(CaptureError, match="together with its -wal"):
        CaptureReader(path)


def test_a_newer_file_is_refused_with_the_version_that_wrote_it(path: Path) -> None:
    small_capture(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.execute("UPDATE meta SET value = '9.8' WHERE key = 'written_by'")
    connection.commit()
    connection.close()
    for use in (CaptureReader, CaptureWriter.open):
        with pytest.raises(NewerCapture, match=r"wsinspector 9\.8") as refused:
            use(path)
        assert refused.value.written_by == "9.8"


def test_a_newer_file_is_refused_whatever_else_changed_in_it(path: Path) -> None:
    small_capture(path)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE meta")
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    with pytest.raises(NewerCapture):
        CaptureReader(path)


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0", bytes(8192)])
def test_other_files_are_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for use in (CaptureReader, CaptureWriter.open):
        with pytest.raises(NotACapture):
            use(path)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_database_of_another_program_is_refused(path: Path) -> None:
    set_pragma(path, "user_version = 1")
    for use in (CaptureReader, CaptureWriter.open):
        with pytest.raises(NotACapture):
            use(path)


def test_no_file_is_no_file(path: Path) -> None:
    for use in (CaptureReader, CaptureWriter.open):
        with pytest.raises(FileNotFoundError):
            use(path)
    assert not path.exists()


def test_steps_lead_from_an_older_format_one_transaction_each(path: Path) -> None:
    small_capture(path)
    connection = sqlite3.connect(path, isolation_level=None)

    def add_note(database: sqlite3.Connection) -> None:
        database.execute("INSERT INTO meta VALUES ('note', 'stepped')")

    def fail(database: sqlite3.Connection) -> None:
        add_note(database)

    steps = {FORMAT: add_note, FORMAT + 1: fail}
    with pytest.raises(sqlite3.IntegrityError):
        migrate(connection, steps, FORMAT + 2)
    assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT + 1,)
    assert connection.execute("SELECT value FROM meta WHERE key = 'note'").fetchall() == [("stepped",)]
    connection.execute("PRAGMA user_version = 0")
    with pytest.raises(OlderCapture):
        migrate(connection)
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    assert identify(connection) == FORMAT
    assert migrate(connection) == 0
    connection.close()


def test_a_full_hand_over_is_said_and_its_end_is_called_back(path: Path) -> None:
    limit = 1 << 20
    writer = CaptureWriter.create(path, handover_bytes=limit)
    attempt = new_attempt(writer)
    writer.flush(30)
    drained = threading.Event()
    attempt.on_drained = drained.set
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # the writer has to wait
    next_no = 1
    while attempt.backlog < limit:
        data, columns = run_of_frames(next_no, 1000)
        attempt.bytes(Direction.IN, data, 1)
        attempt.frames(columns)
        next_no += 1000
    full = [attempt.full]
    assert attempt.backlog <= limit + 2 * len(data)
    assert not drained.is_set()
    other.execute("ROLLBACK")
    other.close()
    assert drained.wait(30)
    full.append(attempt.full)
    assert full == [True, False]
    assert writer.flush(30)
    assert attempt.backlog == 0
    assert attempt.committed_frames == next_no - 1
    assert not any(attempt.dropped.values())
    writer.close()


def test_a_full_disk_is_told_counted_and_written_down_once_there_is_room(path: Path) -> None:
    command = [sys.executable, "-m", "tests.capture.full_disk", str(path)]
    told = json.loads(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
    assert told["trouble"]
    assert told["after"] is None
    assert told["closed"] is None
    with CaptureReader(path) as reader:
        assert reader.frame_count(1) == told["frames"]
        assert reader.stream_length(1, Direction.IN) == told["bytes"]
        gaps = {gap.kind: gap for gap in reader.gaps(1)}
        assert gaps["frames"].stop - gaps["frames"].start == told["dropped"]["frames"] > 0
        assert gaps["bytes"].stop - gaps["bytes"].start == told["dropped"]["bytes_in"]
        assert gaps["bytes"].reason == told["trouble"]
        lost = gaps["frames"].start
        assert reader.frame_bytes(1, 1) == one_frame(1)
        assert reader.columns(1, lost, 1).first[0] == 0
        assert reader.frame_bytes(1, lost) == b""
        assert reader.stream(1, Direction.IN, (lost - 1) * FRAME, lost * FRAME) == bytes(FRAME)
        assert reader.frame_bytes(1, told["frames"]) == one_frame(told["frames"])


def test_a_size_limit_ends_the_bytes_but_not_the_notes(path: Path) -> None:
    writer = CaptureWriter.create(path, size_limit=1 << 20)
    attempt = new_attempt(writer)
    kept = 0
    for first in range(1, 20_001, 1000):
        data, columns = run_of_frames(first, 1000)
        attempt.bytes(Direction.IN, data, 1)
        attempt.frames(columns)
        attempt.event("noted", first, {})
        assert writer.flush(30)
        kept = kept or (first - 1 if writer.trouble else 0)
    closed = writer.close()
    assert closed.trouble
    assert closed.one_file
    assert closed.dropped == {
        "bytes_in": (20_000 - kept) * FRAME,
        "bytes_out": 0,
        "frames": 20_000 - kept,
        "events": 0,
    }
    assert path.stat().st_size <= 2 << 20
    with CaptureReader(path) as reader:
        assert len(reader.events(1)) == 20
        assert reader.frame_count(1) == 20_000
        assert reader.frame_bytes(1, kept) == one_frame(kept)
        assert reader.frame_bytes(1, kept + 1) == b""


def test_readers_in_several_threads_each_have_their_own_connection(path: Path) -> None:
    small_capture(path, 5000)
    seen: list[bytes] = []
    with CaptureReader(path) as reader:

        def read() -> None:
            seen.extend(reader.frame_bytes(1, no) for no in (1, 2500, 5000))

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        read()
    assert sorted(seen) == sorted([one_frame(no) for no in (1, 2500, 5000)] * 5)


def test_what_comes_after_closing_is_counted_as_dropped(path: Path) -> None:
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    writer.close()
    data, columns = run_of_frames(1, 3)
    attempt.bytes(Direction.OUT, data, 1)
    attempt.frames(columns)
    attempt.finish()
    assert attempt.backlog == 0
    assert attempt.dropped == {"bytes_in": 0, "bytes_out": len(data), "frames": 3, "events": 0}
    assert writer.close().one_file


def test_nobody_waits_for_a_file_that_was_overwritten(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wsinspector.capture.writer.CLOSE_PATIENCE_SECONDS", 3600.0)
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    assert writer.flush(WAIT)
    path.with_name(path.name + "-wal").write_bytes(b"")
    path.write_bytes(b"no capture any more")
    data, columns = run_of_frames(1, 3)
    attempt.bytes(Direction.IN, data, 1)
    attempt.frames(columns)
    closed = writer.close()
    assert closed.trouble
    assert sum(closed.dropped.values())


def test_a_failing_call_back_stops_neither_the_writer_nor_the_others(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer = CaptureWriter.create(path, handover_bytes=1000)
    first = new_attempt(writer)
    second = new_attempt(writer, 2, 1)
    drained = threading.Event()

    def fail() -> None:
        raise RuntimeError("the loop is closed")

    first.on_drained = fail
    second.on_drained = drained.set
    first.bytes(Direction.IN, bytes(2000), 1)
    assert drained.wait(30)
    assert writer.flush(30)
    assert first.committed_bytes == (2000, 0)
    assert writer.close().one_file
    assert "on_drained failed" in caplog.text
