"""Writing a capture: handed over without waiting, cut and committed by a thread of its own."""

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wsinspector.capture.appender import Appender
from wsinspector.capture.attempt_writer import AttemptWriter, State, as_json
from wsinspector.capture.handover import Batch, Value
from wsinspector.capture.trimming import LEAST_BYTES, Limits

_log = logging.getLogger(__name__)

CUT_SECONDS = 0.040
CUT_BYTES = 4 << 20
HANDOVER_BYTES = 32 << 20
# What waits is lost where the program is killed, so no more waits than is written in this time...
AGE_SECONDS = 0.050
# ...but enough that the disk is never waited for in vain.
LEAST_ROOM = 2 << 20
FIRST_ROOM = 8 << 20
RETRY_SECONDS = 0.25
CLOSE_PATIENCE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Closed:
    """How closing went. ``one_file`` is False where another program still reads the capture."""

    one_file: bool
    trouble: str | None
    dropped: Mapping[str, int]


class CaptureWriter:
    """A capture file being written. ``dropped`` counts what could not be kept, by kind.

    ``backlog`` (bytes), ``full``, ``trouble`` (why writing fails at the moment, or None) and
    ``dropped`` may be read from any thread. Use :meth:`create` or :meth:`open`.
    """

    def __init__(self, appender: Appender, handover_bytes: int) -> None:
        self.path = appender.path
        self.backlog = 0
        self.full = False
        self.trouble: str | None = None
        self.dropped = {"bytes_in": 0, "bytes_out": 0, "frames": 0, "events": 0}
        self._appender = appender
        self._limits = Limits()
        self._cut_bytes = CUT_BYTES
        self._limit = handover_bytes
        self._room = min(FIRST_ROOM, handover_bytes)
        self._last_conversation = appender.highest("conversation")
        self._last_attempt = appender.highest("attempt")
        self._numbers = appender.numbers()
        self._attempts: dict[int, AttemptWriter] = {}
        self._over: list[AttemptWriter] = []
        self.changed = threading.Condition(threading.Lock())
        self._stored = threading.Condition(threading.Lock())
        self._rows: dict[tuple[str, int], tuple[str, tuple[Value, ...]]] = {}
        self._waiting: list[AttemptWriter] = []
        self._first_at = 0.0  # when the oldest of what waits was handed over; 0: nothing waits
        self._cut_now = False
        self._limited = False
        self._closing = False
        self._taken = 0
        self._done = 0
        self._closed: Closed | None = None
        self._thread = threading.Thread(target=self._run, name="capture writer", daemon=True)
        self._thread.start()

    @classmethod
    def create(
        cls, path: Path | str, *, size_limit: int | None = None, handover_bytes: int = HANDOVER_BYTES
    ) -> "CaptureWriter":
        """Make a new file, readable by its owner alone, of at most ``size_limit`` bytes.

        Raises FileExistsError, another OSError or sqlite3.Error.
        """
        return cls(Appender(Path(path), new=True, size_limit=size_limit), handover_bytes)

    @classmethod
    def open(
        cls, path: Path | str, *, size_limit: int | None = None, handover_bytes: int = HANDOVER_BYTES
    ) -> "CaptureWriter":
        """Add to an existing capture, bringing it up to date first.

        Raises CaptureError (not a capture, newer, busy), OSError or sqlite3.Error.
        """
        return cls(Appender(Path(path), new=False, size_limit=size_limit), handover_bytes)

    @property
    def limits(self) -> Limits:
        """What is kept at most; may be set from any thread, and holds from the next cut on."""
        return self._limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        # A cut must be small beside the file it goes into.
        size = max(limits.size, LEAST_BYTES)
        self._cut_bytes = min(CUT_BYTES, size >> 4) if limits.size else CUT_BYTES
        self._limits = limits

    def new_conversation(
        self, title: str, state: State, draft: bytes = b"", *, created_ns: int | None = None
    ) -> int:
        """Its id. ``state`` must be JSON; ``draft`` is the request as it would be sent now.

        ``created_ns``: wall clock, of one that was made elsewhere; None is now.
        """
        text = as_json(state)
        now = time.time_ns()
        with self.changed:
            self._last_conversation += 1
            number = self._last_conversation
        statement = "INSERT INTO conversation VALUES (?, ?, ?, ?, 0, ?, ?)"
        self.replace_row(
            ("conversation", number),
            statement,
            (number, title, now if created_ns is None else created_ns, now, draft, text),
        )
        return number

    def update_conversation(
        self,
        conversation_id: int,
        title: str | None = None,
        state: State | None = None,
        pinned: bool | None = None,
        draft: bytes | None = None,
    ) -> None:
        """Change what is given; the last value before a cut wins."""
        values: dict[str, Value] = {"changed_ns": time.time_ns()}
        if title is not None:
            values["title"] = title
        if state is not None:
            values["state"] = as_json(state)
        if pinned is not None:
            values["pinned"] = int(pinned)
        if draft is not None:
            values["draft"] = draft
        for name, value in values.items():
            statement = f"UPDATE conversation SET {name} = ? WHERE id = ?"
            self.replace_row((name, conversation_id), statement, (value, conversation_id))

    def new_attempt(
        self, conversation_id: int, number: int, *, wall_ns: int, mono_ns: int, facts: State
    ) -> AttemptWriter:
        """Begin attempt ``number`` (from 1); the two clocks name one moment. ``facts`` must be JSON."""
        text = as_json(facts)
        with self.changed:
            if (conversation_id, number) in self._numbers:
                raise ValueError(f"conversation {conversation_id} has an attempt {number} already")
            self._numbers.add((conversation_id, number))
            self._last_attempt += 1
            attempt = AttemptWriter(self, self._last_attempt, facts)
            self._attempts[attempt.attempt_id] = attempt
        key = ("attempt", attempt.attempt_id)
        statement = "INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?)"
        values = (attempt.attempt_id, conversation_id, number, wall_ns, mono_ns, 0, text)
        self.replace_row(key, statement, values)
        return attempt

    def set_mark(self, attempt_id: int, frame: int, name: str, note: str = "") -> None:
        """Put a mark on frame ``frame`` of any attempt in the file, in place of the one it has."""
        statement = (
            "INSERT INTO mark VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET name = excluded.name, note = excluded.note"
        )
        values = (attempt_id, frame, name, note, time.time_ns())
        self.replace_row((f"mark {frame}", attempt_id), statement, values)

    def remove_mark(self, attempt_id: int, frame: int) -> None:
        """Take the mark off a frame, where it has one."""
        statement = "DELETE FROM mark WHERE attempt = ? AND frame = ?"
        self.replace_row((f"mark {frame}", attempt_id), statement, (attempt_id, frame))

    def cut(self) -> None:
        """Commit soon what was handed over."""
        with self.changed:
            if self._first_at:
                self._cut_now = True
                self.changed.notify()

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all that was handed over is in the file; False when ``timeout`` (s) passed first."""
        with self.changed:
            wanted = self._taken + bool(self._first_at)
            self._cut_now = bool(self._first_at)
            self.changed.notify()
        with self._stored:
            return self._stored.wait_for(lambda: self._done >= wanted, timeout)

    def close(self) -> Closed:
        """Write the rest and leave one plain file where nobody else holds it; close readers first."""
        with self.changed:
            self._closing = True
            self.changed.notify()
        self._thread.join()
        assert self._closed is not None
        return self._closed

    # Called by attempts, on the thread that receives.

    def took(self, attempt: AttemptWriter, weight: int) -> None:
        """Account for ``weight`` bytes; the caller holds the lock."""
        if not attempt.waiting:
            attempt.waiting = True
            self._waiting.append(attempt)
            self._touch()
        before = self.backlog
        self.backlog = before + weight
        if before // self._cut_bytes != self.backlog // self._cut_bytes and not self._cut_now:
            self._cut_now = True
            self.changed.notify()
        if self.backlog >= self._room and (not self.full or self.backlog >= 2 * self._limit):
            self.full = True
            self.changed.notify()
        if self._closed is not None:
            self._lose()

    def finished(self, attempt: AttemptWriter) -> None:
        """Nothing more comes of ``attempt``: let go of it once all is written."""
        with self.changed:
            self._over.append(attempt)

    def _touch(self) -> None:
        if not self._first_at:
            self._first_at = time.monotonic()
            self.changed.notify()

    def replace_row(self, key: tuple[str, int], statement: str, values: tuple[Value, ...]) -> None:
        kind, number = key
        with self.changed:
            begun = self._rows.get(("attempt", number)) if kind in ("facts", "finished") else None
            if begun is not None:
                # The row itself still waits: it is written once, as it is by now.
                insert, row = begun
                row = (*row[:6], values[0]) if kind == "facts" else (*row[:5], 1, row[6])
                self._rows["attempt", number] = (insert, row)
            else:
                self._rows[key] = (statement, values)
            self._touch()

    # The writer's own thread.

    def _run(self) -> None:
        stuck: Batch | None = None
        give_up_at: float | None = None
        while True:
            batch = self._next(stuck)
            if batch is None:
                break
            try:
                if self._limited or self._appender.beyond_limit(batch.weight):
                    # From here on, not only where a cut happens to be small enough: one end, no holes.
                    self._limited = True
                    self.trouble = "The capture has reached the size it was limited to."
                    self._shed(batch)
                began = time.monotonic()
                self._appender.append(batch)
                self._make_room(batch.weight, time.monotonic() - began)
            except Exception as error:  # whatever it is, the engine must go on and the loss be told
                stuck = batch
                self.trouble = _reason(error)
                if self._closing and give_up_at is None:
                    patience = 0.0 if _is_ruined(error) else CLOSE_PATIENCE_SECONDS
                    give_up_at = time.monotonic() + patience
                over = give_up_at is not None and time.monotonic() >= give_up_at
                # Nothing is read while the hand-over is full. Only what comes all the same, of our own
                # sending say, cannot be kept without end.
                if self.backlog >= 2 * self._limit or over:
                    self._shed(batch)
                if over:
                    self._settle(batch, stored=False)
                    break
                continue
            stuck = None
            if not self._limited:
                self.trouble = None
            self._settle(batch, stored=True)
            with contextlib.suppress(sqlite3.Error):  # tried again with the next one due
                self._trim()
                self._let_go()
                self._appender.tidy()
        one_file = self._appender.close()
        with self.changed:
            self._lose()
            self._closed = Closed(one_file, self.trouble, dict(self.dropped))

    def _make_room(self, weight: int, seconds: float) -> None:
        """Let as much wait as is written in AGE_SECONDS, by how long the last batch took."""
        if weight >= LEAST_ROOM // 2:
            most = int(weight / max(seconds, 1e-6) * AGE_SECONDS)
            # Half of what was before: one slow flush of the disk is no slow disk.
            self._room = min(max((self._room + most) // 2, LEAST_ROOM), self._limit)

    def _trim(self) -> None:
        limits = self.limits
        if not limits:
            return
        last = {number: attempt.committed_frames for number, attempt in list(self._attempts.items())}
        for gap in self._appender.trim(limits, last, time.monotonic_ns()):
            attempt = self._attempts.get(gap.attempt)
            if attempt is not None:
                attempt.lost(gap.kind, gap.stop - gap.start, gap.reason)
                if gap.kind == "frames":
                    attempt.dropped_to = max(attempt.dropped_to, gap.stop - 1)

    def _let_go(self) -> None:
        """Forget attempts that are over and written: a file may come to have very many."""
        with self.changed:
            over = [attempt for attempt in self._over if not attempt.waiting]
            self._over = [attempt for attempt in self._over if attempt.waiting]
            for attempt in over:
                self._attempts.pop(attempt.attempt_id, None)
        for attempt in over:
            self._appender.forget(attempt.attempt_id)

    def _lose(self) -> None:
        """What is handed over after the end is counted, not gathered."""
        self._take().shed("The capture was closed.", self.dropped)
        self.backlog = 0
        self.full = False

    def _next(self, stuck: Batch | None) -> Batch | None:
        """Wait for the next cut; None when closing and nothing is left."""
        with self.changed:
            if stuck is not None:
                retry_at = time.monotonic() + RETRY_SECONDS
                while self.backlog < 2 * self._limit and (left := retry_at - time.monotonic()) > 0:
                    self.changed.wait(left)
                stuck.absorb(self._take())
                return stuck
            while not self._first_at and not self._closing:
                self.changed.wait()
            if not self._first_at:
                return None
            cut_at = self._first_at + CUT_SECONDS
            while not self._cut_now and not self._closing and (left := cut_at - time.monotonic()) > 0:
                self.changed.wait(left)
            return self._take()

    def _take(self) -> Batch:
        if not self._first_at:
            return Batch(self._taken)
        self._taken += 1
        batch = Batch(self._taken, self._rows, [attempt.take() for attempt in self._waiting])
        batch.weight = sum(part.weight for part in batch.parts)
        self._rows = {}
        self._waiting = []
        self._first_at = 0.0
        self._cut_now = False
        return batch

    def _shed(self, batch: Batch) -> None:
        with self.changed:
            batch.absorb(self._take())
        weight = batch.weight
        batch.shed(self.trouble or "", self.dropped)
        self._release(weight)

    def _settle(self, batch: Batch, *, stored: bool) -> None:
        if stored:
            for part in batch.parts:
                attempt = self._attempts.get(part.attempt)
                if attempt is not None:
                    attempt.publish(part)
            for gap in batch.gaps:
                attempt = self._attempts.get(gap.attempt)
                if attempt is not None:
                    attempt.lost(gap.kind, gap.stop - gap.start, gap.reason)
        self._release(batch.weight)
        with self._stored:
            self._done = batch.serial
            self._stored.notify_all()

    def _release(self, weight: int) -> None:
        with self.changed:
            self.backlog -= weight
            drained = self.full and self.backlog <= self._room // 2
            if drained:
                self.full = False
        if drained:
            for attempt in list(self._attempts.values()):
                callback = attempt.on_drained
                if callback is not None:
                    try:
                        callback()
                    except Exception:  # a loop closed meanwhile, say; the others must go on
                        _log.exception("on_drained failed")


def _is_ruined(error: Exception) -> bool:
    """Whether the file is no database any more: room and time bring nothing back then."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF if isinstance(error, sqlite3.Error) else 0
    return code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def _reason(error: Exception) -> str:
    """A sentence for ``trouble``."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return "There is no room left to write the capture."
        if code == sqlite3.SQLITE_READONLY:
            return "The capture file cannot be written any more."
        if code == sqlite3.SQLITE_IOERR:
            return "Writing the capture failed: the disk reports an error."
    return f"Writing the capture failed: {error}"
