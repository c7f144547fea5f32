"""What makes a file a capture, and how an older one becomes one of today."""

import sqlite3
from collections.abc import Callable, Mapping
from importlib.resources import files

from wsinspector import __version__

APPLICATION_ID = 0x57534931
FORMAT = 3
# The oldest format that is read as it is: later ones only added tables and an index.
READABLE = 1

_HEADER = 100  # bytes, at the beginning of every SQLite file

Step = Callable[[sqlite3.Connection], None]


def _add_marks(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TABLE mark (attempt INTEGER NOT NULL REFERENCES attempt (id), frame INTEGER NOT NULL,"
        " name TEXT NOT NULL, note TEXT NOT NULL, made_ns INTEGER NOT NULL,"
        " PRIMARY KEY (attempt, frame)) WITHOUT ROWID"
    )


def _add_seals_and_the_way_to_gaps(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TABLE seal (kind TEXT NOT NULL, row INTEGER NOT NULL, crc INTEGER NOT NULL,"
        " PRIMARY KEY (kind, row)) WITHOUT ROWID"
    )
    connection.execute("CREATE INDEX gap_of ON gap (attempt)")


# A step at n makes a file of format n into one of format n + 1, within the caller's transaction.
STEPS: Mapping[int, Step] = {1: _add_marks, 2: _add_seals_and_the_way_to_gaps}


class CaptureError(Exception):
    """A file cannot be used as a capture; the text says why and what to do."""


class NotACapture(CaptureError):  # noqa: N818
    """Some other kind of file."""


class NewerCapture(CaptureError):  # noqa: N818
    """A capture in a format this program does not know; ``written_by`` is the version that wrote it."""

    def __init__(self, written_by: str) -> None:
        super().__init__(
            f"This capture was written by wsinspector {written_by}. "
            f"wsinspector {__version__} cannot read it. Open it with that version or a later one."
        )
        self.written_by = written_by


class DamagedCapture(CaptureError):  # noqa: N818
    """A capture that SQLite cannot read as a database."""


class OlderCapture(CaptureError):  # noqa: N818
    """A capture in a format too old to be read as it is, where it cannot be brought up to date."""


def schema() -> str:
    """The statements that make an empty capture of today's format."""
    return files(__package__).joinpath("schema.sql").read_text(encoding="utf-8")


def initialise(connection: sqlite3.Connection) -> None:
    """Make an empty database a capture."""
    connection.executescript(f"BEGIN;\n{schema()}\nCOMMIT;")
    connection.executemany(
        "INSERT INTO meta VALUES (?, ?)",
        [("program", "wsinspector"), ("created_by", __version__), ("written_by", __version__)],
    )


def identify(connection: sqlite3.Connection) -> int:
    """The format of an open file.

    Raises NotACapture, NewerCapture for a format above today's, or DamagedCapture; OSError-like
    trouble of the database comes as sqlite3.OperationalError.
    """
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION_ID:
            raise NotACapture("This file is not a wsinspector capture.")
        if version > FORMAT:
            raise NewerCapture(_written_by(connection))
    except sqlite3.OperationalError:
        raise
    except (sqlite3.DatabaseError, UnicodeError) as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code == sqlite3.SQLITE_CORRUPT and _says_so(connection):
            raise DamagedCapture("This capture is damaged.") from error
        raise NotACapture("This file is not a wsinspector capture.") from error
    return int(version)


def _says_so(connection: sqlite3.Connection) -> bool:
    """Whether the file, which SQLite cannot read, calls itself a capture in the place for that."""
    try:
        names = [name for _, _, name in connection.execute("PRAGMA database_list") if name]
        with open(names[0], "rb") as file:
            head = file.read(_HEADER)
    except (IndexError, OSError, UnicodeError, sqlite3.Error):
        return False
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def _written_by(connection: sqlite3.Connection) -> str:
    # A newer format may have moved the table as well; the refusal must not depend on it.
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'written_by'").fetchone()
    except (sqlite3.DatabaseError, UnicodeError):
        row = None
    return str(row[0]) if row else "(a later version)"


def migrate(connection: sqlite3.Connection, steps: Mapping[int, Step] = STEPS, to: int = FORMAT) -> int:
    """Bring an open, writable capture to format ``to``; the number of steps taken.

    Each step is one transaction together with the new format number, so that a crash leaves a
    whole file of one format or the other. The connection must be in autocommit mode.
    """
    taken = 0
    version = identify(connection)
    while version < to:
        if version not in steps:
            raise OlderCapture(f"This capture has format {version}; there is no way from it to format {to}.")
        connection.execute("BEGIN IMMEDIATE")
        try:
            steps[version](connection)
            version += 1
            connection.execute(f"PRAGMA user_version = {version}")
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('written_by', ?)", (__version__,))
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        taken += 1
    return taken
