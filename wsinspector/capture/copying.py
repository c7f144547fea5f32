"""A capture copied whole while it goes on: what the copy holds is the file at one moment."""

import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from wsinspector.capture.migrate import CaptureError, identify

PAGES_AT_ONCE = 64
COPIED_LIVE = "copied_live"
"""Fact of an attempt in a copy: it was still live when the copy was made."""

Progress = Callable[[int, int], None]


class CopyCancelled(Exception):  # noqa: N818
    """Whoever asked for the copy wanted it no more; nothing is left of it."""


def copy_capture(
    source: Path,
    target: Path,
    progress: Progress = lambda *_: None,
    wanted: Callable[[], bool] = lambda: True,
    *,
    held: sqlite3.Connection | None = None,
) -> None:
    """Copy ``source`` to ``target``, whole or not at all; a file that is there is replaced.

    ``held``: a connection to read it by, where the file is not under its name any more.

    ``progress(done, total)`` in bytes, on the calling thread; ``wanted()`` is asked between pieces.
    Raises CopyCancelled, CaptureError (not a capture, damaged), OSError or sqlite3.Error.
    """
    if target.exists() and source.exists() and os.path.samefile(source, target):
        raise CaptureError("The copy cannot take the place of the capture itself.")
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        # SQLite would make the copy readable by others.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        if held is not None:
            _copy(held, part, progress, wanted)
        else:
            address = f"file:{quote(str(source.absolute()))}?mode=ro"
            with contextlib.closing(
                sqlite3.connect(address, uri=True, isolation_level=None, timeout=5)
            ) as reading:
                _copy(reading, part, progress, wanted)
        # The journals of a file of that name would be taken for the copy's.
        for suffix in ("-wal", "-shm", "-journal"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        os.replace(part, target)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


def _copy(reading: sqlite3.Connection, part: Path, progress: Progress, wanted: Callable[[], bool]) -> None:
    with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as writing:
        identify(reading)
        (page_bytes,) = reading.execute("PRAGMA page_size").fetchone()

        def went_on(_status: int, remaining: int, total: int) -> None:
            progress((total - remaining) * page_bytes, total * page_bytes)
            if not wanted():
                raise CopyCancelled

        # One moment for all pages: without this, each commit of the writer would begin the copy anew.
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM meta").fetchone()
        try:
            reading.backup(writing, pages=PAGES_AT_ONCE, progress=went_on, sleep=0)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
                raise CaptureError(f"The capture is damaged and cannot be copied whole: {error}.") from error
            raise
        finally:
            reading.execute("ROLLBACK")
        writing.execute(
            f"UPDATE attempt SET facts = json_set(facts, '$.{COPIED_LIVE}', json('true'))"
            " WHERE finished = 0 AND json_valid(facts)"
        )
        writing.execute("PRAGMA journal_mode = WAL").fetchone()  # as every capture is
