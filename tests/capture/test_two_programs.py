"""Two programs at one capture: who only reads it can add to it once the writer is gone, in whatever order."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wsinspector.capture import CaptureReader, CaptureWriter
from wsinspector.capture.appender import CaptureBusy
from wsinspector.capture.locking import WriterWatch

PATIENCE = 10.0
WRITER = """
import sys
from wsinspector.capture import CaptureWriter
writer = CaptureWriter.open(sys.argv[1])
number = writer.new_conversation("theirs", {})
writer.flush()
print("writes", flush=True)
sys.stdin.readline()
sys.exit(0 if writer.close().trouble is None else 1)
"""


class Writer:
    """Another process that has the capture open for writing."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == "writes"

    def end(self) -> None:
        self._process.communicate("\n", PATIENCE)
        assert self._process.returncode == 0

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=PATIENCE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "theirs.wsi"
    writer = CaptureWriter.create(made)
    number = writer.new_conversation("ours", {})
    writer.new_attempt(number, 1, wall_ns=1, mono_ns=1, facts={}).finish()
    writer.close()
    return made


@pytest.fixture
def other(path: Path) -> Iterator[Writer]:
    made = Writer(path)
    yield made
    made.kill()


def marked(path: Path, name: str) -> None:
    writer = CaptureWriter.open(path)
    try:
        writer.set_mark(1, 1, name, "a note")
        assert writer.flush(PATIENCE)
        assert writer.trouble is None
    finally:
        writer.close()


def mark_in_file(path: Path) -> list[str]:
    with CaptureReader(path) as reader:
        return [each.name for each in reader.marks(1)]


def test_asking_to_write_what_another_writes_lets_go_of_no_lock_of_a_reader(
    path: Path, other: Writer
) -> None:
    reader = CaptureReader(path)
    try:
        assert reader.conversation_count() == 2
        for _ in range(3):
            with pytest.raises(CaptureBusy):
                CaptureWriter.open(path)
        open_before = len(os.listdir("/dev/fd"))
        with pytest.raises(CaptureBusy):
            CaptureWriter.open(path)
        assert len(os.listdir("/dev/fd")) == open_before  # asked often, it keeps no more files open
        other.end()
        # The other could not take the journal away beneath the reader.
        assert path.with_name(path.name + "-wal").exists()
        marked(path, "kept")
        assert reader.conversation_count() == 2
        assert [each.name for each in reader.marks(1)] == ["kept"]
    finally:
        reader.close()
    assert mark_in_file(path) == ["kept"]


def test_a_watch_that_ends_lets_go_of_no_lock_of_a_reader(path: Path, other: Writer) -> None:
    watch = WriterWatch(path)
    reader = CaptureReader(path)
    try:
        assert watch.written
        assert reader.conversation_count() == 2
        watch.close()
        other.end()
        assert path.with_name(path.name + "-wal").exists()
    finally:
        reader.close()


def test_a_journal_taken_away_beneath_a_reader_does_not_keep_it_from_writing(
    path: Path, other: Writer
) -> None:
    reader, second = CaptureReader(path), CaptureReader(path)
    try:
        assert (reader.conversation_count(), second.conversation_count()) == (2, 2)
        # Any descriptor of the file that is closed drops the locks of this process on it.
        os.close(os.open(path, os.O_RDONLY))
        other.end()
        assert not path.with_name(path.name + "-wal").exists()
        marked(path, "kept")
        assert [each.name for each in reader.marks(1)] == ["kept"]
        assert [each.name for each in second.marks(1)] == ["kept"]
    finally:
        reader.close()
        second.close()
    assert mark_in_file(path) == ["kept"]


def test_no_file_stays_open_behind_its_last_reader(path: Path, other: Writer) -> None:
    before = len(os.listdir("/dev/fd"))
    with CaptureReader(path) as reader:
        assert reader.conversation_count() == 2
        with pytest.raises(CaptureBusy):
            CaptureWriter.open(path)
    assert len(os.listdir("/dev/fd")) == before
    other.end()


def test_what_is_read_beside_a_writer_can_be_read_once_the_file_is_deleted(path: Path) -> None:
    reader = CaptureReader(path)
    writer = CaptureWriter.open(path)
    try:
        writer.set_mark(1, 1, "kept")
        assert writer.flush(PATIENCE)
        path.unlink()  # the reader has read nothing since the writer began its journal
        assert [each.name for each in reader.marks(1)] == ["kept"]
    finally:
        reader.close()
        writer.close()


def test_who_opened_the_file_before_the_writer_did_adds_to_it_afterwards(path: Path) -> None:
    reader = CaptureReader(path)
    try:
        assert reader.conversation_count() == 1
        other = Writer(path)
        try:
            assert reader.conversation_count() == 2
            with pytest.raises(CaptureBusy):
                CaptureWriter.open(path)
            assert reader.conversation_count() == 2
            other.end()
        finally:
            other.kill()
        marked(path, "kept")
        assert [each.name for each in reader.marks(1)] == ["kept"]
    finally:
        reader.close()
    assert mark_in_file(path) == ["kept"]


def test_a_killed_writer_leaves_the_file_to_who_reads_it(path: Path, other: Writer) -> None:
    with CaptureReader(path) as reader:
        assert reader.conversation_count() == 2
        other.kill()
        marked(path, "kept")
        assert reader.conversation_count() == 2
        assert [each.name for each in reader.marks(1)] == ["kept"]
