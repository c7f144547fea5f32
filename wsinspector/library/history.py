"""Every attempt that was kept, in one small file that answers a search at once.

The captures hold what happened; this only finds them again, and can be made anew from them.
"""

import contextlib
import os
import re
import sqlite3
import threading
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wsinspector.library.wanted import NO_VERSION, Wanted

Deed = Callable[[sqlite3.Connection], object]

VERSION = 1
_APPLICATION = 0x77734869  # "wsHi"

_SCHEMA = """
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  conversation INTEGER NOT NULL,
  number INTEGER NOT NULL,
  began_ns INTEGER NOT NULL,
  date TEXT NOT NULL,
  address TEXT NOT NULL,
  versions TEXT NOT NULL,
  dialect TEXT NOT NULL,
  outcome TEXT NOT NULL,
  role TEXT NOT NULL,
  frames INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  UNIQUE (path, conversation, number)
) STRICT;
CREATE INDEX by_time ON entry (began_ns DESC, id DESC);
"""

_FIELDS = (
    "path", "conversation", "number", "began_ns", "date", "address", "versions", "dialect", "outcome",
    "role", "frames", "bytes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt. ``address`` has no secrets in it; ``versions`` are the values it sent, a comma between.

    ``date``: local, as 2026-11-23 09:15:02. ``outcome``: words as "426 refused" or "open, 1006".
    ``role``: "client" or "server", ours. ``path``: of its capture.
    """

    path: str
    conversation: int
    number: int
    began_ns: int
    date: str
    address: str
    versions: str
    dialect: str
    outcome: str
    role: str = "client"
    frames: int = 0
    bytes: int = 0


class History:
    """Entries at ``path``, from any thread. ``trouble`` says why nothing is kept; empty where all is well.

    A file that is none of ours or broken is put aside, and :attr:`fresh` tells that it is to be filled anew.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trouble = ""
        self.fresh = False
        self.put_aside: Path | None = None
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        try:
            self._database = self._open()
        except (OSError, sqlite3.Error) as error:
            self.trouble = str(error)

    # -- adding

    def note(self, entries: Iterable[Entry]) -> bool:
        """Add ``entries``, in place of what was noted of the same attempts; whether they are in it now."""
        names = ", ".join(_FIELDS)
        places = ", ".join("?" * len(_FIELDS))
        news = ", ".join(f"{name} = excluded.{name}" for name in _FIELDS[3:])
        rows = [tuple(getattr(entry, name) for name in _FIELDS) for entry in entries]
        return self._run(
            lambda run: run.executemany(
                f"INSERT INTO entry ({names}) VALUES ({places})"
                f" ON CONFLICT (path, conversation, number) DO UPDATE SET {news}",
                rows,
            )
        )

    def forget(self, ids: Sequence[int]) -> bool:
        """Take entries out; their captures stay."""
        return self._run(
            lambda run: run.executemany("DELETE FROM entry WHERE id = ?", [(number,) for number in ids])
        )

    def forget_path(self, path: str) -> bool:
        """Take out what was noted of a capture that is deleted."""
        return self._run(lambda run: run.execute("DELETE FROM entry WHERE path = ?", (path,)))

    def forget_all(self) -> bool:
        """Take everything out, the file's free pages too."""
        done = self._run(lambda run: run.execute("DELETE FROM entry"))
        with contextlib.suppress(sqlite3.Error), self._lock:
            if self._database is not None:
                self._database.execute("VACUUM")
        return done

    # -- finding

    def find(self, wanted: Wanted) -> "array[int]":
        """The ids of all that fit, the newest first."""
        where, values = _where(wanted)
        found = self._read(f"SELECT id FROM entry{where} ORDER BY began_ns DESC, id DESC", values)
        return array("q", (row[0] for row in found))

    def entries(self, ids: Sequence[int]) -> dict[int, Entry]:
        """The entries with these ids; one that was forgotten meanwhile is not among them."""
        names = ", ".join(_FIELDS)
        places = ", ".join("?" * len(ids))
        rows = self._read(f"SELECT id, {names} FROM entry WHERE id IN ({places})", tuple(ids))
        return {row[0]: Entry(*row[1:]) for row in rows}

    def paths(self) -> set[str]:
        """Every capture that has entries."""
        return {row[0] for row in self._read("SELECT DISTINCT path FROM entry", ())}

    def __len__(self) -> int:
        rows = self._read("SELECT count(*) FROM entry", ())
        return rows[0][0] if rows else 0

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    # -- the file

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            return self._connected()
        except sqlite3.DatabaseError:
            number = 1
            while (aside := self.path.with_name(f"{self.path.name}.broken-{number}")).exists():
                number += 1
            self.path.rename(aside)
            self.put_aside = aside
            for ending in ("-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
            return self._connected()

    def _connected(self) -> sqlite3.Connection:
        if not self.path.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        database = sqlite3.connect(self.path, timeout=5, check_same_thread=False, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version == 0 and not database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                database.executescript(
                    f"BEGIN; {_SCHEMA} PRAGMA application_id = {_APPLICATION};"
                    f" PRAGMA user_version = {VERSION}; COMMIT;"
                )
                self.fresh = True
            elif (
                version != VERSION or database.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION
            ):
                raise sqlite3.DatabaseError("not a history that this program wrote")
            database.execute(f"SELECT {', '.join(_FIELDS)} FROM entry LIMIT 1").fetchall()
        except BaseException:
            database.close()
            raise
        return database

    def _run(self, deed: Deed) -> bool:
        with self._lock:
            if self._database is None:
                return False
            try:
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    deed(self._database)
                except BaseException:
                    self._database.execute("ROLLBACK")
                    raise
                self._database.execute("COMMIT")
            except sqlite3.Error as error:
                self.trouble = str(error)
                return False
            self.trouble = ""
            return True

    def _read(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            if self._database is None:
                return []
            try:
                return self._database.execute(query, values).fetchall()
            except sqlite3.Error as error:
                self.trouble = str(error)
                return []


def _where(wanted: Wanted) -> tuple[str, tuple[object, ...]]:
    """The conditions of ``wanted`` as SQL; LIKE of SQLite takes no difference of ASCII letters' case."""
    parts: list[str] = []
    values: list[object] = []
    for word in wanted.words:
        columns = ("date", "address", "versions", "dialect", "outcome", "path")
        parts.append("(" + " OR ".join(f"{name} LIKE ? ESCAPE '\\'" for name in columns) + ")")
        values += [_like(word)] * len(columns)
    if wanted.address:
        parts.append("address LIKE ? ESCAPE '\\'")
        values.append(_like(wanted.address))
    if wanted.version:
        fits = "', ' || lower(versions) || ',' LIKE ? ESCAPE '\\'"
        parts.append(f"({fits} OR versions = '')" if wanted.version == NO_VERSION else fits)
        values.append(_like(f", {wanted.version},"))
    for word in wanted.outcome:
        parts.append("outcome LIKE ? ESCAPE '\\'")
        values.append(_like(word))
    if wanted.date:
        parts.append("date LIKE ? ESCAPE '\\'")
        values.append(_like(wanted.date).removeprefix("%"))
    if wanted.day:
        parts.append("substr(date, 5, 6) = ?")
        values.append(wanted.day)
    return (" WHERE " + " AND ".join(parts) if parts else ""), tuple(values)


def _like(text: str) -> str:
    return "%" + re.sub(r"([\\%_])", r"\\\1", text) + "%"
