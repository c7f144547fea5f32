"""A capture written anew, row by row, with some of what it holds replaced: no length and no index moves.

Into a new file, so that nothing of what was replaced is left in free pages or a journal.
"""

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from wsinspector.capture.appender import PAGE_BYTES
from wsinspector.capture.attempt_writer import as_json
from wsinspector.capture.migrate import CaptureError, identify, initialise
from wsinspector.capture.rows import GapRow
from wsinspector.protocol.spans import Direction

Row = tuple[Any, ...]


class Changes(Protocol):
    """What is put in the place of what. JSON is as it was read; {} where it could not be."""

    def conversation(self, number: int, title: str, draft: bytes, state: Any) -> tuple[str, bytes, Any]:
        """Title, draft and state of a conversation."""

    def attempt(self, number: int, facts: Any) -> Any:
        """An attempt's facts; what follows is of this attempt until the next."""

    def segment(self, direction: Direction, start: int, data: bytes) -> bytes:
        """Bytes of a stream, rising in each direction, replaced by as many bytes."""

    def event(self, kind: str, data: Any) -> Any:
        """The data of an event."""

    def window(self, direction: Direction, message: int, data: bytes) -> bytes | None:
        """An inflater's window behind a message as it is to be kept; None where it is not."""

    def windows(self) -> Iterable[tuple[Direction, int, bytes]]:
        """(direction, message, window) to be kept besides, or in place of what was there."""

    def mark(self, name: str, note: str) -> tuple[str, str]:
        """What a person wrote on a frame."""

    def left_out(self) -> Iterable[GapRow]:
        """What was replaced in this attempt; asked for behind its segments."""

    def meta(self) -> Mapping[str, str]:
        """What the file is to say of itself; asked for at the end."""


def rewrite(
    source: Path,
    target: Path,
    changes: Changes,
    *,
    conversations: Collection[int] | None = None,
    attempts: Collection[int] | None = None,
    look: Callable[[int], None] = lambda _: None,
) -> None:
    """Write ``source``, which nobody may be writing, into the new file ``target``.

    ``conversations``, ``attempts``: the ids of those that are written; None for all. ``look(done)`` is
    called with the bytes of streams written so far. Raises FileExistsError, another OSError, CaptureError
    where ``source`` cannot be read, sqlite3.Error, and what ``changes`` and ``look`` raise; what was
    written of ``target`` is then for the caller to remove.
    """
    address = f"file:{quote(str(source.absolute()))}?mode=ro"
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with (
        contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=5)) as reading,
        contextlib.closing(sqlite3.connect(target, isolation_level=None)) as writing,
    ):
        identify(reading)
        reading.text_factory = _text
        writing.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        # Nobody reads the file before it is whole, and what is not whole is thrown away.
        writing.execute("PRAGMA journal_mode = OFF")
        writing.execute("PRAGMA synchronous = OFF")
        initialise(writing)
        writing.execute("BEGIN")
        _Rewriting(reading, writing, changes, look).run(conversations, attempts)
        writing.execute("COMMIT")
    with open(target, "rb") as written:
        os.fsync(written.fileno())


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _json(text: object) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        return {}


class _Rewriting:
    def __init__(
        self,
        reading: sqlite3.Connection,
        writing: sqlite3.Connection,
        changes: Changes,
        look: Callable[[int], None],
    ) -> None:
        self._reading = reading
        self._put = writing.execute
        self._changes = changes
        self._look = look
        self._done = 0

    def run(self, conversations: Collection[int] | None, attempts: Collection[int] | None) -> None:
        written = set()
        for row in self._rows("SELECT * FROM conversation ORDER BY id"):
            number, title, created, changed, pinned, draft, state = row
            if conversations is not None and number not in conversations:
                continue
            written.add(number)
            title, draft, state = self._changes.conversation(number, str(title), bytes(draft), _json(state))
            values = (number, title, created, changed, pinned, draft, as_json(state))
            self._put("INSERT INTO conversation VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        marks = bool(list(self._rows("SELECT 1 FROM sqlite_master WHERE name = 'mark'")))
        for row in self._rows("SELECT * FROM attempt ORDER BY id"):
            if row[1] in written and (attempts is None or row[0] in attempts):
                self._attempt(row, marks=marks)
        for key, value in self._changes.meta().items():
            self._put("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def _attempt(self, row: Row, *, marks: bool) -> None:
        number, changes, put = row[0], self._changes, self._put
        facts = changes.attempt(number, _json(row[6]))
        put("INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?)", (*row[:6], as_json(facts)))
        for direction in Direction:
            self._segments(number, direction)
        self._same("block", "attempt, first_no, frames, in_end, out_end, columns", number)
        self._same("gap", "attempt, kind, direction, start, stop, reason", number)
        for gap in changes.left_out():
            side = None if gap.direction is None else int(gap.direction)
            put(
                "INSERT INTO gap (attempt, kind, direction, start, stop, reason) VALUES (?, ?, ?, ?, ?, ?)",
                (number, gap.kind, side, gap.start, gap.stop, gap.reason),
            )
        for each in self._rows("SELECT * FROM event WHERE attempt = ? ORDER BY no", number):
            data = changes.event(str(each[3]), _json(each[4]))
            put("INSERT INTO event VALUES (?, ?, ?, ?, ?)", (*each[:4], as_json(data)))
        for each in self._rows("SELECT * FROM checkpoint WHERE attempt = ?", number):
            window = changes.window(Direction(each[1]), each[2], bytes(each[3]))
            if window is not None:
                put("INSERT INTO checkpoint VALUES (?, ?, ?, ?)", (*each[:3], window))
        for direction, message, window in changes.windows():
            values = (number, int(direction), message, window)
            put("INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?)", values)
        for each in self._rows("SELECT * FROM mark WHERE attempt = ?", number) if marks else ():
            name, note = changes.mark(str(each[2]), str(each[3]))
            put("INSERT INTO mark VALUES (?, ?, ?, ?, ?)", (*each[:2], name, note, each[4]))

    def _segments(self, number: int, direction: Direction) -> None:
        query = "SELECT start, length, reads, data FROM segment WHERE attempt = ? AND direction = ?"
        for start, length, reads, data in self._rows(f"{query} ORDER BY start", number, int(direction)):
            changed = self._changes.segment(direction, start, bytes(data))
            if len(changed) != len(data):
                raise ValueError("what is replaced keeps its length")
            self._put(
                "INSERT INTO segment (attempt, direction, start, length, reads, data)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (number, int(direction), start, length, reads, changed),
            )
            self._done += len(data)
            self._look(self._done)

    def _same(self, table: str, columns: str, number: int) -> None:
        """The rows of a table that tell of no content."""
        marks = ", ".join("?" * (columns.count(",") + 1))
        for row in self._rows(f"SELECT {columns} FROM {table} WHERE attempt = ? ORDER BY id", number):
            self._put(f"INSERT INTO {table} ({columns}) VALUES ({marks})", row)

    def _rows(self, query: str, *values: int) -> Iterator[Row]:
        try:
            yield from self._reading.execute(query, values)
        except sqlite3.DatabaseError as error:
            raise CaptureError(f"The capture is damaged and cannot be copied whole: {error}.") from error
