"""The rows of a capture besides bytes and frames, read also where some of them are damaged."""

import contextlib
import json
import sqlite3
import tempfile
import threading
from pathlib import Path
from typing import Any

from wsinspector.capture.finding import CHANGED, LOST, Finding, Findings
from wsinspector.capture.migrate import CaptureError, DamagedCapture
from wsinspector.capture.opening import Connections
from wsinspector.capture.rows import LEFT_OUT, AttemptRow, ConversationRow, EventRow, GapRow, MarkRow
from wsinspector.capture.salvage import salvage
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate

_KINDS: dict[str, Any] = {"i": int, "n": int | None, "s": str, "b": bytes}
# A query that fails so tells of the file, not of the moment.
_BROKEN = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def broken(error: Exception) -> bool:
    """Whether an error of the database is the file's own, and would come again."""
    # UnicodeError: the message of the error quotes the damage.
    return isinstance(error, UnicodeError) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _BROKEN


class RowReader:
    """The rows of one file; any thread may call. Raises CaptureError or OSError.

    A database that is malformed is read from a copy of what it still holds, made once, in a folder that
    goes with :meth:`close`. ``findings``: what was met that is not as it was written.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.findings = Findings()
        self._lock = threading.RLock()
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._replaced: Connections | None = None
        try:
            self._connections = Connections(self.path, self._ill_text)
        except DamagedCapture:
            self._connections = self._salvaged()

    def close(self) -> None:
        """Close the connections of all threads; what one of them is reading is waited for."""
        self._connections.close()
        if self._replaced is not None:
            self._replaced.close()
        if self._copy is not None:
            self._copy.cleanup()

    @property
    def unchanging(self) -> bool:
        """True where the file was opened as one that nobody may write."""
        return self._connections.unchanging

    @property
    def gone(self) -> bool:
        """True where the file went away beneath the reader, which reads on as long as it stays open."""
        return self._connections.gone

    @property
    def salvaged(self) -> bool:
        """True where what is read is a copy of what the damaged file still holds."""
        return self._copy is not None

    @property
    def source(self) -> Path:
        """The file that is read: the one named, or the copy of what it still holds."""
        return self._connections.path

    def read_salvaged(self) -> None:
        """Read from a copy from now on: looking the file over has shown that SQLite cannot rely on it."""
        with self._lock:
            if self._copy is None:
                before = self._connections
                self._connections = self._salvaged()
                self._replaced = before  # other threads may be reading from it
                self.refresh()

    def connection(self) -> sqlite3.Connection:
        """The calling thread's read-only connection, for who looks the file itself over."""
        return self._connections.mine()

    def refresh(self) -> None:
        """Forget what is remembered of the file."""

    def _salvaged(self) -> Connections:
        self._copy = tempfile.TemporaryDirectory(prefix="wsinspector-")
        try:
            copy = Path(self._copy.name) / "salvaged.wsi"
            self.findings.add(
                Finding(
                    "file",
                    CHANGED,
                    translate("Check", "The file is damaged: it is read as far as it can be, row by row."),
                )
            )
            self.findings.extend(salvage(self.path, copy))
            return Connections(copy, self._ill_text)
        except BaseException:
            self._copy.cleanup()
            self._copy = None
            raise

    def _ill_text(self) -> None:
        self.findings.add(
            Finding("text", CHANGED, translate("Check", "A text in the file is not UTF-8 any more."))
        )

    def _rows(
        self, kinds: str, query: str, values: tuple[int | str | None, ...] = (), *, mend: bool = True
    ) -> list[Any]:
        """The rows of ``query``, whose columns have the ``kinds`` of _KINDS; others are left out."""
        try:
            rows = self._connections.mine().execute(query, values).fetchall()
        except (sqlite3.Error, UnicodeError) as error:
            if mend and broken(error) and self._copy is None:
                self.read_salvaged()
                return self._rows(kinds, query, values, mend=False)
            raise unreadable(error) from error
        # SQLite keeps in any column whatever type it finds there.
        wanted = [_KINDS[kind] for kind in kinds]
        sound = [row for row in rows if all(map(isinstance, row, wanted))]
        if len(sound) < len(rows):
            text = translate("Check", "A row holds what does not belong there.")
            self.findings.add(Finding("row", LOST, text))
        return sound

    def _json(self, text: str, whose: str) -> dict[str, Any]:
        found: Any = None
        with contextlib.suppress(ValueError, RecursionError):
            found = json.loads(text)
        if isinstance(found, dict):
            return found
        said = translate("Check", "What was noted of {0} cannot be read; defaults stand in its place.")
        self.findings.add(Finding("text", LOST, said.format(whose)))
        return {}

    def has_table(self, name: str) -> bool:
        """Whether the file has a table; older formats lack some."""
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return bool(self._rows("i", query, (name,)))

    # Conversations and attempts

    def conversation_count(self) -> int:
        """How many conversations the file holds."""
        count: int = self._rows("i", "SELECT count(*) FROM conversation")[0][0]
        return count

    def conversations(self, only: int | None = None) -> list[ConversationRow]:
        """All conversations in the order in which they began, or ``only`` the one of that id."""
        rows = self._rows(
            "isiiibs",
            "SELECT id, title, created_ns, changed_ns, pinned, draft, state FROM conversation"
            + (" ORDER BY id" if only is None else " WHERE id = ?"),
            () if only is None else (only,),
        )
        whose = translate("Check", "conversation {0}")
        return [
            ConversationRow(
                id, title, created, changed, bool(pinned), draft, self._json(state, whose.format(id))
            )
            for id, title, created, changed, pinned, draft, state in rows
        ]

    def conversation_ids(self) -> list[int]:
        """The ids of all conversations, in the order in which they began."""
        return [row[0] for row in self._rows("i", "SELECT id FROM conversation ORDER BY id")]

    def look_at_conversations(self) -> None:
        """Read each conversation's row, one at a time, for what may be found in it."""
        for number in self.conversation_ids():
            self.conversations(number)

    def first_conversation(self) -> ConversationRow | None:
        """The conversation that began first."""
        rows = self._rows("i", "SELECT id FROM conversation ORDER BY id LIMIT 1")
        return self.conversations(rows[0][0])[0] if rows else None

    def pinned(self) -> bool:
        """Whether a conversation in it is never to be deleted to make room."""
        return bool(self._rows("i", "SELECT 1 FROM conversation WHERE pinned LIMIT 1"))

    def attempts(self, conversation_id: int | None = None) -> list[AttemptRow]:
        """The attempts of one conversation, or of all, by number."""
        if conversation_id is None:
            return self._attempts("ORDER BY conversation, number")
        return self._attempts("WHERE conversation = ? ORDER BY number", conversation_id)

    def attempt(self, attempt_id: int) -> AttemptRow | None:
        """One attempt; None where there is none."""
        return next(iter(self._attempts("WHERE id = ?", attempt_id)), None)

    def _attempts(self, which: str, *values: int) -> list[AttemptRow]:
        rows = self._rows(
            "iiiiiis",
            f"SELECT id, conversation, number, wall_ns, mono_ns, finished, facts FROM attempt {which}",
            values,
        )
        whose = translate("Check", "attempt {0}")
        return [
            AttemptRow(
                id, conversation, number, wall, mono, bool(finished), self._json(facts, whose.format(id))
            )
            for id, conversation, number, wall, mono, finished, facts in rows
        ]

    def attempt_ids(self) -> list[int]:
        """The ids of all attempts, in the order in which they began."""
        return [row[0] for row in self._rows("i", "SELECT id FROM attempt ORDER BY id")]

    # What belongs to an attempt

    def events(self, attempt_id: int, after: int = 0) -> list[EventRow]:
        """The events of an attempt whose number is above ``after``."""
        rows = self._rows(
            "iiss",
            "SELECT no, at_ns, kind, data FROM event WHERE attempt = ? AND no > ? ORDER BY no",
            (attempt_id, after),
        )
        whose = translate("Check", "an event of attempt {0}").format(attempt_id)
        return [EventRow(no, at, kind, self._json(data, whose)) for no, at, kind, data in rows]

    def noted_gaps(self, attempt_id: int) -> list[GapRow]:
        """What the file itself says of an attempt that is not in it, or not as it travelled."""
        rows = self._rows(
            "sniis",
            "SELECT kind, direction, start, stop, reason FROM gap WHERE attempt = ? ORDER BY id",
            (attempt_id,),
        )
        return [
            GapRow(kind, None if direction is None else Direction(direction & 1), *rest)
            for kind, direction, *rest in rows
        ]

    def marks(self, attempt_id: int) -> list[MarkRow]:
        """The marks on frames of an attempt, by frame number; none in a file older than marks."""
        if not self.has_table("mark"):
            return []
        rows = self._rows(
            "issi",
            "SELECT frame, name, note, made_ns FROM mark WHERE attempt = ? ORDER BY frame",
            (attempt_id,),
        )
        return [MarkRow(*row) for row in rows]

    def left_out(self, attempt_id: int, direction: Direction) -> list[tuple[int, int]]:
        """(start, stop) of the bytes that a copy made to share lacks, rising by start."""
        return sorted(
            (gap.start, gap.stop)
            for gap in self.noted_gaps(attempt_id)
            if gap.kind == LEFT_OUT and gap.direction is direction and gap.start < gap.stop
        )

    def checkpoint_before(
        self, attempt_id: int, direction: Direction, message: int
    ) -> tuple[int, bytes] | None:
        """The last inflater checkpoint at the end of a message before number ``message``."""
        rows = self._rows(
            "ib",
            "SELECT message, window FROM checkpoint WHERE attempt = ? AND direction = ? AND message < ?"
            " ORDER BY message DESC LIMIT 1",
            (attempt_id, int(direction), message),
        )
        return (rows[0][0], rows[0][1]) if rows else None

    def meta(self) -> dict[str, str]:
        """What the file says of itself: the program, and the versions that made and last wrote it."""
        return dict(self._rows("ss", "SELECT key, value FROM meta"))

    @property
    def format(self) -> int:
        """The format the file has, which need not be today's."""
        version: int = self._rows("i", "PRAGMA user_version")[0][0]
        return version


def unreadable(error: Exception) -> CaptureError:
    """``error`` of the database in words for a person."""
    return CaptureError(f"The capture cannot be read: {error}.")
