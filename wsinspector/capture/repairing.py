"""Writing into a capture what a check has worked out, so that the next program finds it whole."""

import contextlib
import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from wsinspector import __version__
from wsinspector.capture.appender import CaptureBusy
from wsinspector.capture.checking import Checked
from wsinspector.capture.keeping import BESIDE
from wsinspector.capture.migrate import CaptureError, migrate
from wsinspector.capture.reader import CaptureReader
from wsinspector.capture.repairs_noted import REPAIRED, altered_ranges
from wsinspector.capture.rows import ALTERED, DAMAGED
from wsinspector.capture.salvage import lenient
from wsinspector.capture.sealing import SELECTED, seal_rows, unseal_rows
from wsinspector.capture.sound_values import write_sound_values
from wsinspector.protocol.spans import Direction

_MOST_TOLD = 100


def repair(reader: CaptureReader, checked: Checked) -> Path | None:
    """Write what ``checked`` found into the file that ``reader`` was opened on.

    A database that SQLite cannot rely on is replaced by the copy of what it held, and stays beside it under
    the name that comes back. What was changed stays as it is and is sealed anew; what is lost becomes a
    gap. Raises CaptureError, CaptureBusy where somebody writes the file, or OSError.
    """
    path = reader.path
    with _writing(path):
        if not reader.salvaged:
            with contextlib.closing(_opened(path)) as connection:
                _write(connection, reader, checked)
            return None
        mended = path.with_name(path.name + ".repaired")
        try:
            shutil.copyfile(reader.source, mended)
            mended.chmod(path.stat().st_mode & 0o777)
            with contextlib.closing(_opened(mended)) as connection:
                _write(connection, reader, checked)
        except BaseException:
            mended.unlink(missing_ok=True)
            raise
        aside = _free_name(path)
        for end in BESIDE:
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
        path.rename(aside)
        mended.rename(path)
        return aside


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Hold the lock that every writer of a capture holds."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CaptureBusy("Another program is writing this capture.") from error
        yield
    finally:
        os.close(descriptor)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    connection.text_factory = lenient
    try:
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _free_name(path: Path) -> Path:
    for number in range(1, 1000):
        aside = path.with_name(f"{path.stem}.damaged{'' if number == 1 else number}{path.suffix}")
        if not aside.exists():
            return aside
    raise CaptureError("There is no free name for the damaged file.")


def _write(connection: sqlite3.Connection, reader: CaptureReader, checked: Checked) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        write_sound_values(connection)
        _texts(connection)
        altered = list(altered_ranges(reader, checked.report.findings))
        for attempt_id in reader.attempt_ids():
            for direction in Direction:
                _segments(connection, reader, attempt_id, direction)
            _blocks(connection, reader, attempt_id)
        for attempt_id, direction, start, stop in altered:
            _note(connection, (attempt_id, ALTERED, int(direction)), [(start, stop)])
        _seals(connection)
        _tell(connection, checked)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise CaptureError(f"The repair cannot be written: {error}.") from error


def _texts(connection: sqlite3.Connection) -> None:
    """Defaults in place of what is no JSON object."""
    for table, column in (("conversation", "state"), ("attempt", "facts"), ("event", "data")):
        connection.execute(
            f"UPDATE {table} SET {column} = '{{}}' WHERE CASE WHEN typeof({column}) <> 'text' THEN 1"
            f" WHEN NOT json_valid({column}) THEN 1 ELSE json_type({column}) <> 'object' END"
        )


def _segments(
    connection: sqlite3.Connection, reader: CaptureReader, attempt_id: int, direction: Direction
) -> None:
    laid = reader.segments(attempt_id, direction)
    there = {row for _, _, row in laid}
    query = "SELECT id FROM segment WHERE attempt = ? AND direction = ?"
    unused = [row for (row,) in connection.execute(query, (attempt_id, int(direction))) if row not in there]
    connection.executemany("DELETE FROM segment WHERE id = ?", [(row,) for row in unused])
    unseal_rows(connection, "segment", unused)
    known = {(gap.start, gap.stop) for gap in reader.noted_gaps(attempt_id) if gap.direction is direction}
    _note(
        connection,
        (attempt_id, "bytes", int(direction)),
        [(start, stop) for start, stop, row in laid if not row and (start, stop) not in known],
    )


def _blocks(connection: sqlite3.Connection, reader: CaptureReader, attempt_id: int) -> None:
    laid = reader.layout(attempt_id)
    there = {row for _, _, row in laid}
    query = "SELECT id FROM block WHERE attempt = ?"
    unused = [row for (row,) in connection.execute(query, (attempt_id,)) if row not in there]
    connection.executemany("DELETE FROM block WHERE id = ?", [(row,) for row in unused])
    unseal_rows(connection, "block", unused)
    if reader.rebuilt.stretch(attempt_id) is not None:
        ends = reader.rebuilt.ends(attempt_id)
        made = [
            connection.execute(
                "INSERT INTO block (attempt, first_no, frames, in_end, out_end, columns)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (attempt_id, first, block.entries, *ends, block.data),
            ).lastrowid
            or 0
            for first, block in reader.rebuilt.blocks(attempt_id)
        ]
        seal_rows(connection, "block", made)
    known = {(gap.start, gap.stop) for gap in reader.noted_gaps(attempt_id) if gap.kind == "frames"}
    _note(
        connection,
        (attempt_id, "frames", None),
        [(start, stop) for start, stop, row in laid if not row and (start, stop) not in known],
    )


def _note(
    connection: sqlite3.Connection, whose: tuple[int, str, int | None], holes: list[tuple[int, int]]
) -> None:
    connection.executemany(
        "INSERT INTO gap (attempt, kind, direction, start, stop, reason) VALUES (?, ?, ?, ?, ?, ?)",
        [(*whose, start, stop, DAMAGED) for start, stop in holes],
    )


def _seals(connection: sqlite3.Connection) -> None:
    """Take every row for what it is now; what had changed was told."""
    for table in SELECTED:
        connection.execute(f"DELETE FROM seal WHERE kind = '{table}' AND row NOT IN (SELECT id FROM {table})")
        last = -1
        while rows := connection.execute(
            f"SELECT id FROM {table} WHERE id > ? ORDER BY id LIMIT 256", (last,)
        ).fetchall():
            seal_rows(connection, table, [number for (number,) in rows])
            last = rows[-1][0]


def _tell(connection: sqlite3.Connection, checked: Checked) -> None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (REPAIRED,)).fetchone()
    try:
        told = json.loads(row[0]) if row is not None else []
    except (TypeError, ValueError):
        told = []
    told = told if isinstance(told, list) else []
    findings = [finding.as_json() for finding in checked.report.findings if finding.damage]
    told.append({"by": __version__, "findings": findings[:_MOST_TOLD], "more": len(findings[_MOST_TOLD:])})
    text = json.dumps(told, ensure_ascii=False)
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (REPAIRED, text))
