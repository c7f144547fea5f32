"""The thread that moves the journal: it ends when told to, at whatever moment that is."""

import sqlite3
import threading
from pathlib import Path

import pytest

from wsinspector.capture import CaptureWriter
from wsinspector.capture.checkpointing import STEP_BYTES, Checkpointer
from wsinspector.capture.writer import AGE_SECONDS, FIRST_ROOM, HANDOVER_BYTES, LEAST_ROOM

WAIT = 20.0


class _ClosedMeanwhile(threading.Event):
    """Lets a close come between the thread's waking up and its taking note of that."""

    def __init__(self, checkpointer: Checkpointer) -> None:
        super().__init__()
        self._checkpointer = checkpointer
        self.closing: threading.Thread | None = None
        self._told = threading.Event()

    def set(self) -> None:
        super().set()
        if threading.current_thread() is self.closing:
            self._told.set()

    def clear(self) -> None:
        if self.closing is None:
            self.closing = threading.Thread(target=self._checkpointer.close, daemon=True)
            self.closing.start()
            self._told.wait(WAIT)
        super().clear()


def test_a_close_just_after_a_step_was_begun_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    checkpointer = Checkpointer(path, connection)
    asked = checkpointer._asked = _ClosedMeanwhile(checkpointer)
    checkpointer.wrote(STEP_BYTES)
    checkpointer.step()
    thread = checkpointer._thread
    assert thread is not None
    thread.join(WAIT)
    assert not thread.is_alive()
    assert asked.closing is not None
    asked.closing.join(WAIT)
    assert not asked.closing.is_alive()
    connection.close()


def test_on_a_slow_disk_less_waits_to_be_lost(tmp_path: Path) -> None:
    writer = CaptureWriter.create(tmp_path / "a.wsi")
    assert writer._room == FIRST_ROOM
    for _ in range(20):
        writer._make_room(8 << 20, 1.0)
    assert writer._room == LEAST_ROOM
    writer._make_room(100, 1.0)  # a small cut tells nothing of the disk
    assert writer._room == LEAST_ROOM
    for _ in range(20):
        writer._make_room(HANDOVER_BYTES, 1e-3)
    assert writer._room == HANDOVER_BYTES
    for _ in range(20):
        writer._make_room(8 << 20, 0.1)
    assert writer._room == pytest.approx(AGE_SECONDS * (80 << 20), rel=0.01)
    writer.close()
