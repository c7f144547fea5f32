"""Values in place of those that no column may hold, so that a repaired file is sound for the next look."""

import contextlib
import sqlite3

from wsinspector.capture.migrate import initialise

_KEEPING = ("meta", "conversation", "attempt", "segment", "block", "event", "checkpoint", "gap", "mark")
_PLACES = ("attempt", "kind", "direction", "start", "length", "stop", "first_no", "frames")


def write_sound_values(connection: sqlite3.Connection) -> None:
    """Make every value of the type its column is declared with; in the caller's transaction.

    Texts that are no UTF-8 are decoded with marks in place of what is none. A row whose key itself is of
    another type is taken away: nothing finds it.
    """
    with contextlib.closing(sqlite3.connect(":memory:")) as sound:
        # The damaged file's own words on its columns may be damaged too.
        initialise(sound)
        declared_in = {name: sound.execute(f"PRAGMA table_info({name})").fetchall() for name in _KEEPING}
    for table, columns in declared_in.items():
        keys = [name for _, name, _, _, _, key in columns if key] or ["rowid"]
        for _, name, declared, required, _, key in columns:
            kind = {"INTEGER": "integer", "TEXT": "text", "BLOB": "blob"}[declared]
            odd = f"typeof({name}) <> '{kind}'" + ("" if required or key else f" AND {name} IS NOT NULL")
            placing = key or (table in ("segment", "block", "gap") and name in _PLACES)
            if placing:
                connection.execute(f"DELETE FROM {table} WHERE {odd}")
            else:
                # A changed type alone leaves the bytes as they are.
                bytes_of = f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) ELSE x'' END"
                nothing = {"integer": "0", "text": "''", "blob": bytes_of}[kind]
                connection.execute(f"UPDATE OR REPLACE {table} SET {name} = {nothing} WHERE {odd}")
            if kind == "text":
                _decode(connection, table, name, keys, key=bool(key))


def _decode(connection: sqlite3.Connection, table: str, name: str, keys: list[str], *, key: bool) -> None:
    which = ", ".join(keys)
    here = " AND ".join(f"{each} = ?" for each in keys)
    if key:
        found = connection.execute(f"SELECT CAST({name} AS BLOB) FROM {table}").fetchall()
        for (data,) in found:
            if not _is_text(data):
                connection.execute(f"DELETE FROM {table} WHERE CAST({name} AS BLOB) = ?", (data,))
        return
    ill = [
        row
        for row in connection.execute(f"SELECT {which}, CAST({name} AS BLOB) FROM {table}")
        if not _is_text(row[-1])
    ]
    for *values, data in ill:
        text = bytes(data).decode("utf-8", "replace")
        connection.execute(f"UPDATE {table} SET {name} = ? WHERE {here}", (text, *values))


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
