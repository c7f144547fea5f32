"""What a list of a capture's conversations needs of each, read in batches and without their frames."""

import json
import sqlite3
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wsinspector.capture.reader import CaptureReader
from wsinspector.capture.row_reader import broken, unreadable
from wsinspector.protocol.spans import Direction

HEAD = 2048  # bytes of each direction: enough for the lines a list tells of
BATCH = 100

_CONVERSATIONS = "SELECT id, title, created_ns, pinned FROM conversation WHERE id > ? ORDER BY id LIMIT ?"
_NEWEST = (
    "SELECT a.conversation, a.number, a.facts, a.finished,"
    f" (SELECT substr(data, 1, {HEAD}) FROM segment WHERE attempt = a.id AND direction = {int(Direction.IN)}"
    "  ORDER BY start LIMIT 1),"
    f" (SELECT substr(data, 1, {HEAD}) FROM segment WHERE attempt = a.id AND direction = {int(Direction.OUT)}"
    "  ORDER BY start LIMIT 1)"
    " FROM attempt a WHERE a.conversation BETWEEN ? AND ? AND a.number ="
    " (SELECT max(number) FROM attempt WHERE conversation = a.conversation)"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One conversation and the newest of its ``attempts``: its facts and the first bytes each way."""

    id: int
    title: str
    created_ns: int
    pinned: bool
    attempts: int = 0
    facts: dict[str, Any] | None = None
    finished: bool = True
    received: bytes = b""
    sent: bytes = b""


def conversation_count(path: Path) -> int:
    """How many conversations a capture holds. Raises CaptureError or OSError."""
    with CaptureReader(path) as reader:
        return reader.conversation_count()


def listed_conversations(path: Path) -> Generator[list[Listed], None, None]:
    """All conversations, in the order in which they began, a batch at a time.

    Two queries a batch. A damaged file is read from a copy of what it still holds. Raises CaptureError or
    OSError. What is not of the type it should be is left empty.
    """
    with CaptureReader(path) as reader:
        after = -1
        while batch := _batch(reader, after):
            yield batch
            after = batch[-1].id


def _batch(reader: CaptureReader, after: int) -> list[Listed]:
    for _ in range(2):
        try:
            run = reader.connection().execute
            rows = run(_CONVERSATIONS, (after, BATCH)).fetchall()
            if not rows:
                return []
            newest = {each[0]: each for each in run(_NEWEST, (rows[0][0], rows[-1][0]))}
            return [_listed(row, newest.get(row[0])) for row in rows]
        except (sqlite3.Error, UnicodeError) as error:
            if not broken(error) or reader.salvaged:
                raise unreadable(error) from error
            reader.read_salvaged()
    return []


def _listed(row: tuple[Any, ...], newest: tuple[Any, ...] | None) -> Listed:
    number, title, created, pinned = row
    title = title if isinstance(title, str) else ""
    created = created if isinstance(created, int) else 0
    if newest is None:
        return Listed(number, title, created, bool(pinned))
    _, attempts, facts, finished, received, sent = newest
    return Listed(
        number,
        title,
        created,
        bool(pinned),
        attempts if isinstance(attempts, int) else 0,
        _object(facts),
        bool(finished),
        received if isinstance(received, bytes) else b"",
        sent if isinstance(sent, bytes) else b"",
    )


def _object(text: object) -> dict[str, Any]:
    try:
        found = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
