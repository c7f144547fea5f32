"""Moving the journal into the file on a thread of its own, so that no commit waits for the disk."""

import contextlib
import sqlite3
import threading
from pathlib import Path

# Often enough that one flush of the disk stays short.
STEP_BYTES = 8 << 20
# A journal starts again from its beginning only where all of it was moved before the next
# commit, which a thread beside a busy writer never reaches; from here on the writer helps.
JOURNAL_BYTES = 64 << 20
# So many times that size, and the writer helps whatever is left.
AT_ONCE = 2
# Of a file whose size is limited.
LEAST_BYTES = 1 << 20


class Checkpointer:
    """Checkpoints one file. Its methods are called on the writer's thread.

    ``connection`` is the writer's. Errors are left to the next try: the journal keeps everything.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        self._since_step = 0
        self._journal = 0
        self._step_bytes = STEP_BYTES
        self._journal_bytes = JOURNAL_BYTES
        self._at_once = AT_ONCE
        self._asked = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._ending = False
        self._thread: threading.Thread | None = None

    def limit(self, size: int) -> None:
        """Let the journal have at most about a quarter of ``size`` bytes, 0 for its usual size."""
        most = min(JOURNAL_BYTES, max(size >> 2, LEAST_BYTES)) if size else JOURNAL_BYTES
        if most != self._journal_bytes:
            self._journal_bytes = most
            self._at_once = 1 if size else AT_ONCE
            self._step_bytes = min(STEP_BYTES, most >> 2)
            self._connection.execute(f"PRAGMA journal_size_limit = {most}")

    def wrote(self, size: int) -> None:
        """About ``size`` bytes went into the journal."""
        self._since_step += size
        self._journal += size

    def step(self) -> None:
        """Have the journal moved where enough has gathered."""
        if self._since_step < self._step_bytes:
            return
        if self._journal >= self._journal_bytes and (
            # With little left to be moved the writer waits shortly; it does not wait for the other.
            self._journal >= self._at_once * self._journal_bytes
            or (self._idle.is_set() and self._since_step < 2 * self._step_bytes)
        ):
            self._since_step = 0
            self._idle.wait()
            with contextlib.suppress(sqlite3.Error):
                _, length, moved = _checkpoint(self._connection)
                if length == moved:
                    self._journal = 0
        elif self._idle.is_set():
            self._since_step = 0
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="capture checkpoints", daemon=True)
                self._thread.start()
            self._idle.clear()
            self._asked.set()

    def close(self) -> None:
        """End the thread and its connection."""
        self._ending = True
        self._asked.set()
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        try:
            with contextlib.closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
                while self._asked.wait():
                    self._asked.clear()
                    if self._ending:  # looked at behind the clearing, or that could swallow the call to end
                        break
                    with contextlib.suppress(sqlite3.Error):
                        _checkpoint(connection)
                    self._idle.set()
        except sqlite3.Error:
            self._thread = None  # the file cannot be opened just now; the next step starts again
        finally:
            self._idle.set()


def _checkpoint(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Whether somebody was in the way, pages in the journal, pages moved so far."""
    busy, length, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return busy, length, moved
