"""What a database that SQLite calls malformed still holds, copied row by row into a sound one."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from wsinspector.capture.finding import LOST, Finding, Findings
from wsinspector.capture.migrate import CaptureError, initialise
from wsinspector.translate import translate

PAGE_BYTES = 16384
PIECE = 1 << 16
MOST_TRIED = 1 << 17
"""Row numbers between two damaged places that are tried one by one."""

# Each with an order that goes by another index than the table itself.
_BY_ID = {
    "conversation": "id",
    "attempt": "conversation, number",
    "segment": "attempt, direction, start, length",
    "block": "attempt, first_no, frames",
    "gap": "id",
}
_BY_KEY = {
    "meta": "key",
    "event": "attempt, no",
    "checkpoint": "attempt, direction, message",
    "mark": "attempt, frame",
    "seal": "kind, row",
}
_DATABASE = (sqlite3.Error, UnicodeError, OverflowError, MemoryError)


def lenient(text: bytes) -> str:
    """A text column, whatever its bytes are."""
    return text.decode("utf-8", "replace")


def salvage(path: Path, copy: Path) -> Findings:
    """Write into ``copy``, a new file, all of ``path`` that can be read; what could not.

    ``path`` is only read. Raises CaptureError where nothing comes out, or the copy cannot be written.
    """
    found = Findings()
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    with contextlib.ExitStack() as stack:
        try:
            source = stack.enter_context(
                contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None))
            )
            source.text_factory = lenient
            # SQLite refuses a file that is shorter than its header says, unless its schema may be mended.
            source.execute("PRAGMA writable_schema = ON")
            target = stack.enter_context(contextlib.closing(sqlite3.connect(copy, isolation_level=None)))
            target.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            target.execute("PRAGMA journal_mode = OFF")
            target.execute("PRAGMA synchronous = OFF")
            initialise(target)
            target.execute("BEGIN")
            for table in (*_BY_ID, *_BY_KEY):
                copied, lost = _Table(source, target, table).copy()
                if lost:
                    text = translate("Check", "Rows of the table {0} that cannot be read: {1}.")
                    found.add(Finding("row", LOST, text.format(table, lost)))
                if table == "attempt" and not copied and not _any(target, "conversation"):
                    raise CaptureError(
                        "The capture is damaged: nothing in it can be read. It may be cut off: copy it again."
                    )
            _stand_in(target, found)
            target.execute("COMMIT")
        except sqlite3.Error as error:
            raise CaptureError(f"The capture is damaged, and no copy can be made: {error}.") from error
    return found


class _Table:
    def __init__(self, source: sqlite3.Connection, target: sqlite3.Connection, name: str) -> None:
        self._source = source
        self._target = target
        self._name = name
        self._width = len(target.execute(f"PRAGMA table_info({name})").fetchall())

    def copy(self) -> tuple[int, int]:
        """Rows copied, and rows known to be there that are not."""
        if self._name in _BY_KEY:
            return self._copy_by_key()
        copied = lost = 0
        for number in self._numbers():
            row = self._row(number)
            if row is not None and self._put(row):
                copied += 1
            else:
                lost += 1
        return copied, lost

    def _copy_by_key(self) -> tuple[int, int]:
        order = _BY_KEY[self._name]
        backwards = ", ".join(f"{column} DESC" for column in order.split(", "))
        copied, whole = 0, False
        for direction in (order, backwards):
            rows = self._read(f"SELECT * FROM {self._name} ORDER BY {direction}")
            while True:
                row, over = next(rows)
                if row is None:
                    whole = over
                    break
                copied += self._put(row)
            if whole:
                break
        there = self._read("SELECT 1 FROM sqlite_master WHERE name = '" + self._name + "'")
        return copied, int(not whole and next(there)[0] is not None)

    def _read(self, query: str) -> Iterator[tuple[tuple[object, ...] | None, bool]]:
        """Rows as far as they come; then None, and whether that was all."""
        try:
            for row in self._source.execute(query):
                yield row, False
        except _DATABASE:
            yield None, False
        else:
            yield None, True

    def _numbers(self) -> list[int]:
        found: set[int] = set()
        ends = []
        for order in ("id", "id DESC", _BY_ID[self._name]):
            rows = self._read(f"SELECT id FROM {self._name} ORDER BY {order}")
            last = 0
            while True:
                row, over = next(rows)
                if row is None:
                    break
                if isinstance(row[0], int):
                    last = row[0]
                    found.add(last)
            if over:
                break
            ends.append(last)
        if len(ends) > 1:
            between = range(ends[0] + 1, min(ends[1] or ends[0], ends[0] + MOST_TRIED))
            found.update(number for number in between if number not in found and self._there(number))
        return sorted(found)

    def _there(self, number: int) -> bool:
        try:
            row = self._source.execute(f"SELECT id FROM {self._name} WHERE id = ?", (number,)).fetchone()
        except _DATABASE:
            return False
        return row is not None

    def _row(self, number: int) -> tuple[object, ...] | None:
        with contextlib.suppress(*_DATABASE):
            row: tuple[object, ...] | None = self._source.execute(
                f"SELECT * FROM {self._name} WHERE id = ?", (number,)
            ).fetchone()
            return row
        return self._part_of_segment(number) if self._name == "segment" else None

    def _part_of_segment(self, number: int) -> tuple[object, ...] | None:
        """A segment whose bytes break off: what comes before."""
        with contextlib.suppress(*_DATABASE):
            begin = self._source.execute(
                "SELECT id, attempt, direction, start, reads FROM segment WHERE id = ?", (number,)
            ).fetchone()
            data = bytearray()
            with (
                contextlib.suppress(*_DATABASE, ValueError),
                self._source.blobopen("segment", "data", number, readonly=True) as blob,
            ):
                while piece := blob.read(PIECE):
                    data += piece
            if data and begin is not None:
                return (*begin[:4], len(data), begin[4], bytes(data))
        return None

    def _put(self, row: tuple[object, ...]) -> bool:
        if len(row) != self._width:
            return False
        marks = ", ".join("?" * self._width)
        with contextlib.suppress(sqlite3.IntegrityError, OverflowError):
            statement = f"INSERT OR IGNORE INTO {self._name} VALUES ({marks})"
            return self._target.execute(statement, row).rowcount > 0 or self._name in _BY_KEY
        return False


def _any(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None


def _stand_in(target: sqlite3.Connection, found: Findings) -> None:
    """Rows in place of lost ones, without which what hangs on them would not be found."""
    attempts = target.execute(
        "SELECT DISTINCT attempt FROM segment WHERE attempt NOT IN (SELECT id FROM attempt)"
    ).fetchall()
    for (attempt,) in attempts:
        if not isinstance(attempt, int) or attempt < 1:
            continue
        home = target.execute("SELECT coalesce(min(id), 1) FROM conversation").fetchone()[0]
        (number,) = target.execute(
            "SELECT coalesce(max(number), 0) + 1 FROM attempt WHERE conversation = ?", (home,)
        ).fetchone()
        target.execute("INSERT INTO attempt VALUES (?, ?, ?, 0, 0, 1, '{}')", (attempt, home, number))
        text = translate("Check", "What was kept of attempt {0} beside its bytes is lost.")
        found.add(Finding("row", LOST, text.format(attempt), attempt))
    homes = target.execute(
        "SELECT DISTINCT conversation FROM attempt WHERE conversation NOT IN (SELECT id FROM conversation)"
    ).fetchall()
    for (home,) in homes:
        target.execute("INSERT INTO conversation VALUES (?, '', 0, 0, 0, x'', '{}')", (home,))
        text = translate("Check", "The title, draft and options of conversation {0} are lost.")
        found.add(Finding("row", LOST, text.format(home)))
