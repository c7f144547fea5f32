"""A check sum for each row that matters, as SQLite itself does not notice a changed byte."""

import sqlite3
from collections.abc import Iterable, Sequence
from zlib import crc32

# What is sealed of each table: everything. Numbers before blobs, as a blob needs no end then.
SELECTED = {
    "segment": "SELECT id, attempt, direction, start, length, reads, data FROM segment",
    "block": "SELECT id, attempt, first_no, frames, in_end, out_end, columns FROM block",
    "conversation": "SELECT id, title, created_ns, changed_ns, pinned, draft, state FROM conversation",
    "attempt": "SELECT id, conversation, number, wall_ns, mono_ns, finished, facts FROM attempt",
}
_PUT = "INSERT OR REPLACE INTO seal VALUES (?, ?, ?)"


def seal_of(row: Sequence[object]) -> int:
    """The check sum of a row's values: of each a letter for its type, its size, and its bytes."""
    crc = 0
    for value in row:
        if isinstance(value, bytes | bytearray | memoryview):
            crc = crc32(value, crc32(b"b%d " % len(value), crc))
        elif isinstance(value, str):
            data = value.encode("utf-8", "surrogatepass")
            crc = crc32(data, crc32(b"s%d " % len(data), crc))
        else:
            crc = crc32(b"-" if value is None else b"n%a " % (value,), crc)
    return crc


def put_seals(connection: sqlite3.Connection, seals: Iterable[tuple[str, int, int]]) -> None:
    """Write (table, row, check sum); in the caller's transaction."""
    connection.executemany(_PUT, seals)


def seal_rows(connection: sqlite3.Connection, table: str, rows: Iterable[int]) -> None:
    """Seal rows as they are in the file now; in the caller's transaction."""
    query = f"{SELECTED[table]} WHERE id = ?"
    for number in rows:
        row = connection.execute(query, (number,)).fetchone()
        if row is not None:
            connection.execute(_PUT, (table, number, seal_of(row)))


def unseal_rows(connection: sqlite3.Connection, table: str, rows: Iterable[int]) -> None:
    """Take away the seals of rows that are gone; in the caller's transaction."""
    connection.executemany("DELETE FROM seal WHERE kind = ? AND row = ?", [(table, row) for row in rows])
