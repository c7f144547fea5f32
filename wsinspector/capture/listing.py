"""What a list of a capture's conversations needs of each, read in batches and without their frames."""

import json
import sqlite3
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wsinspector.capture.migrate import CaptureError
from wsinspector.capture.opening import Connections
from wsinspector.protocol.spans import Direction

HEAD = 2048  # bytes of each direction: enough for the lines a list tells of
BATCH = 500

_CONVERSATIONS = "SELECT id, title, created_ns, pinned FROM conversation WHERE id > ? ORDER BY id LIMIT ?"
_NEWEST = (
    "SELECT a.id, a.number, a.facts, a.finished,"
    f" (SELECT substr(data, 1, {HEAD}) FROM segment WHERE attempt = a.id AND direction = {int(Direction.IN)}"
    "  ORDER BY start LIMIT 1),"
    f" (SELECT substr(data, 1, {HEAD}) FROM segment WHERE attempt = a.id AND direction = {int(Direction.OUT)}"
    "  ORDER BY start LIMIT 1)"
    " FROM attempt a WHERE a.conversation = ? ORDER BY a.number DESC LIMIT 1"
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
    connections = Connections(path)
    try:
        (number,) = connections.mine().execute("SELECT count(*) FROM conversation").fetchone()
        return int(number)
    except sqlite3.Error as error:
        raise CaptureError(f"This capture is damaged: {error}.") from error
    finally:
        connections.close()


def listed_conversations(path: Path) -> Generator[Listed, None, None]:
    """All conversations, in the order in which they began, read a batch at a time.

    They come one by one: of a hundred thousand, batches alive together would set off the garbage
    collection of everything, which stops the window. Raises CaptureError or OSError. What is not of the
    type it should be is left empty.
    """
    connections = Connections(path)
    try:
        run = connections.mine().execute
        after = -1
        while True:
            rows = run(_CONVERSATIONS, (after, BATCH)).fetchall()
            if not rows:
                return
            for row in rows:
                yield _listed(row, run(_NEWEST, (row[0],)).fetchone())
            after = rows[-1][0]
    except (sqlite3.Error, UnicodeError) as error:
        raise CaptureError(f"This capture is damaged: {error}.") from error
    finally:
        connections.close()


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
