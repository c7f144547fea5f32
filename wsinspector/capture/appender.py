"""The only place that writes into a capture file: one transaction a batch, never a row a frame."""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from wsinspector import __version__
from wsinspector.capture.blocks import pack_frames, pack_reads
from wsinspector.capture.checkpointing import JOURNAL_BYTES, Checkpointer
from wsinspector.capture.handover import Batch, Block, Gap, Part
from wsinspector.capture.locking import close_beside, connected, disconnected, key_of, open_beside
from wsinspector.capture.merging import SMALL_BLOCK, SMALL_SEGMENT, Tail, merge_blocks, merge_segments
from wsinspector.capture.migrate import CaptureError, identify, initialise, migrate
from wsinspector.capture.opening import renew_readers, warm_readers
from wsinspector.capture.salvage import lenient
from wsinspector.capture.sealing import put_seals, seal_of, seal_rows
from wsinspector.capture.trimming import Limits, Trimmer
from wsinspector.protocol.columns import FLAG_OUT, FLAG_SENTINEL
from wsinspector.protocol.spans import Direction

# Overflow chains of a 1 MiB value are walked from their start, so pages are not too small; a
# trickle rewrites its last pages at every cut, so they are not too large either. Of a flood every
# page is two writes into the journal, a read and a write into the file: half the pages save a fifth.
PAGE_BYTES = 16384
# A transaction writes some pages whatever it holds: tables, indexes, the first page.
TRANSACTION_BYTES = 6 * PAGE_BYTES
CLOSE_WAIT_MS = 500
# Merging leaves free pages behind; a file up to this size is written anew to be rid of them.
VACUUM_BYTES = 16 << 20
# Where a size limit is reached, the note of what was dropped still has to fit.
NOTES_BYTES = 1 << 20

_SENT = bytes(value & FLAG_OUT for value in range(256))
_LARGEST = (1 << 63) - 1
# Keys under which statements wait that write a row of these tables.
_OF_ATTEMPT = ("attempt", "facts", "finished")
_OF_CONVERSATION = ("conversation", "title", "state", "pinned", "draft", "changed_ns")


class CaptureBusy(CaptureError):  # noqa: N818
    """Another writer has the file open."""


class Appender:
    """A capture file open for writing; used by one thread at a time.

    Raises CaptureError, OSError or sqlite3.Error where the file cannot be made or opened.
    """

    def __init__(self, path: Path, *, new: bool, size_limit: int | None = None) -> None:
        if new:
            # SQLite would make the file readable by others; its journals take the file's own mode.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        elif not path.is_file():
            raise FileNotFoundError(f"There is no file {path}.")
        self.path = path
        self.size_limit = size_limit
        # Row numbers are given out in memory, so two writers would collide.
        self._lock = open_beside(path, os.O_RDWR)
        try:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CaptureBusy("Another program is writing this capture.") from error
            # Whoever wrote last may have taken the journal away that readers here still hold: a writer
            # of this process would share it with them, and find the file locked.
            renew_readers(key_of(self._lock))
            self._connection = self._open(new, size_limit)
        except BaseException:
            close_beside(self._lock, os.O_RDWR)
            raise
        self._key = key_of(self._lock)
        connected(self._key)
        warm_readers(self._key)
        (self._page_bytes,) = self._connection.execute("PRAGMA page_size").fetchone()
        self._ends: dict[int, list[int | None]] = {}
        self._checkpoints = Checkpointer(path, self._connection)
        self._tails: dict[tuple[int, Direction | None], Tail] = {}
        self._trimmer = Trimmer(self._connection)
        self._dropped_to: dict[int, int] = {}
        self._aged_at = 0
        self._forgotten = False

    def _open(self, new: bool, size_limit: int | None) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=5)
        try:
            if new:
                connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
                initialise(connection)
            else:
                identify(connection)
                migrate(connection)
                connection.execute("INSERT OR REPLACE INTO meta VALUES ('written_by', ?)", (__version__,))
            connection.text_factory = lenient
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES}")
            if size_limit is not None:
                (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
                pages = (size_limit + NOTES_BYTES) // page_bytes
                connection.execute(f"PRAGMA max_page_count = {pages}")
        except BaseException:
            connection.close()
            raise
        return connection

    def highest(self, table: str) -> int:
        """The largest id in ``conversation`` or ``attempt``, 0 where it is empty."""
        (last,) = self._connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
        return int(last)

    def numbers(self) -> set[tuple[int, int]]:
        """(conversation, number) of every attempt."""
        return set(self._connection.execute("SELECT conversation, number FROM attempt"))

    def beyond_limit(self, weight: int) -> bool:
        """True where ``weight`` more bytes would make the file larger than its size limit."""
        if self.size_limit is None:
            return False
        (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
        return bool(pages * self._page_bytes + weight > self.size_limit)

    def append(self, batch: Batch) -> None:
        """Write ``batch`` whole or not at all. Raises sqlite3.Error."""
        run = self._connection.execute
        ends = {part.attempt: list(self._ends.get(part.attempt, (None, None))) for part in batch.parts}
        written: list[tuple[int, Direction | None, int, int, int]] = []
        run("BEGIN IMMEDIATE")
        try:
            for statement, values in batch.rows.values():
                run(statement, values)
            for table, rows in _changed(batch).items():
                seal_rows(self._connection, table, rows)
            for part in batch.parts:
                self._append_part(part, ends[part.attempt], written)
            self._connection.executemany(
                "INSERT INTO gap (attempt, kind, direction, start, stop, reason) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        gap.attempt,
                        gap.kind,
                        None if gap.direction is None else int(gap.direction),
                        gap.start,
                        gap.stop,
                        gap.reason,
                    )
                    for gap in batch.gaps
                ],
            )
            run("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # a full disk may have rolled back already
                run("ROLLBACK")
            raise
        self._ends.update(ends)
        for attempt, direction, row, start, length in written:
            small = SMALL_BLOCK if direction is None else SMALL_SEGMENT
            self._tails.setdefault((attempt, direction), Tail(small)).add(row, start, length)
        self._checkpoints.wrote(batch.weight + TRANSACTION_BYTES)

    def _append_part(
        self,
        part: Part,
        ends: list[int | None],
        written: list[tuple[int, Direction | None, int, int, int]],
    ) -> None:
        seals: list[tuple[str, int, int]] = []
        for segment in part.segments:
            length = len(segment.data)
            values = (
                part.attempt,
                int(segment.direction),
                segment.start,
                length,
                pack_reads(segment.offsets, segment.times),
                segment.data,
            )
            row = self._insert(
                "INSERT INTO segment (attempt, direction, start, length, reads, data)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
            seals.append(("segment", row, seal_of((row, *values))))
            written.append((part.attempt, segment.direction, row, segment.start, length))
        for block in part.blocks:
            _advance(ends, block, part.positions)
            count = len(block.columns)
            found = (part.attempt, block.first_no, count, *ends, pack_frames(block.columns))
            row = self._insert(
                "INSERT INTO block (attempt, first_no, frames, in_end, out_end, columns)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                found,
            )
            seals.append(("block", row, seal_of((row, *found))))
            written.append((part.attempt, None, row, block.first_no, count))
        put_seals(self._connection, seals)
        self._connection.executemany(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?)", [(part.attempt, *event) for event in part.events]
        )
        self._connection.executemany(
            "INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?)",
            [(part.attempt, int(direction), *rest) for direction, *rest in part.checkpoints],
        )

    def _insert(self, statement: str, values: tuple[object, ...]) -> int:
        return self._connection.execute(statement, values).lastrowid or 0

    def tidy(self) -> None:
        """What can wait until a batch is written and told: merging, checkpoints. Raises sqlite3.Error."""
        self._merge()
        self._checkpoints.step()

    def trim(self, limits: Limits, last_frames: Mapping[int, int], now_ns: int) -> list[Gap]:
        """Drop the oldest of what is beyond ``limits``; what went. Raises sqlite3.Error.

        ``last_frames``: of each attempt of this run its last frame. ``now_ns``: monotonic, as of the reads.
        """
        trimmer = self._trimmer
        self._checkpoints.limit(limits.size)
        large = bool(limits.size) and trimmer.used() > limits.most
        old = limits.seconds > 0 and now_ns - self._aged_at > min(limits.seconds * 1e9 / 8, 10**9)
        many = [
            attempt
            for attempt, last in last_frames.items()
            if limits.frames
            and last - self._dropped_to.get(attempt, 0) > limits.frames + max(limits.frames >> 3, SMALL_BLOCK)
        ]
        if not (large or old or many):
            return []
        busy = {
            ("block" if direction is None else "segment", row)
            for (_, direction), tail in self._tails.items()
            for row in (*tail.rows, *(row for run in tail.ready for row in run))
        }
        run = self._connection.execute
        gaps: list[Gap] = []
        run("BEGIN IMMEDIATE")
        try:
            for attempt in many:
                gaps += trimmer.to_frames(attempt, last_frames[attempt] - limits.frames, busy)
            if large:
                gaps += trimmer.to_size(limits.most * 7 // 8, busy)
            if old:
                gaps += trimmer.to_age(now_ns - int(limits.seconds * 1e9), last_frames, busy)
            run("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                run("ROLLBACK")
            raise
        if old:
            self._aged_at = now_ns
        for gap in gaps:
            if gap.kind == "frames":
                self._dropped_to[gap.attempt] = gap.stop - 1
        if gaps:
            self._checkpoints.wrote(TRANSACTION_BYTES * (1 + len(gaps)))
        return gaps

    def forget(self, attempt: int) -> None:
        """Nothing will be written of an attempt any more: put its small rows together, and let go of it."""
        for key in ((attempt, None), *((attempt, direction) for direction in Direction)):
            tail = self._tails.get(key)
            if tail is not None:
                tail.end()
                tail.over = self._forgotten = True
        self._ends.pop(attempt, None)
        self._dropped_to.pop(attempt, None)

    def _merge(self, *, at_end: bool = False) -> None:
        if at_end:
            for tail in self._tails.values():
                tail.end()
        due = [(direction, tail) for (_, direction), tail in self._tails.items() if tail.ready]
        if self._forgotten:
            self._forgotten = False
            self._tails = {key: tail for key, tail in self._tails.items() if tail.ready or not tail.over}
        if not due:
            return
        run = self._connection.execute
        merged: list[tuple[Tail, list[int]]] = []
        run("BEGIN IMMEDIATE")
        try:
            for direction, tail in due:
                merge = merge_blocks if direction is None else merge_segments
                merged.append((tail, [merge(self._connection, rows) for rows in tail.ready]))
            run("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                run("ROLLBACK")
            raise
        for tail, rows in merged:
            tail.merged(rows)
            self._checkpoints.wrote(TRANSACTION_BYTES + tail.small * len(rows))

    def close(self) -> bool:
        """True where one plain file remains, False where somebody still reads it."""
        mode = "wal"
        self._checkpoints.close()
        try:
            with contextlib.suppress(sqlite3.Error):
                self._merge(at_end=True)
                self._free_pages_away()
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute(f"PRAGMA busy_timeout = {CLOSE_WAIT_MS}")
                (mode,) = self._connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        finally:
            self._connection.close()
            close_beside(self._lock, os.O_RDWR)
            disconnected(self._key)
        return mode == "delete"

    def _free_pages_away(self) -> None:
        (free,) = self._connection.execute("PRAGMA freelist_count").fetchone()
        (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
        if free * 16 > pages and pages * self._page_bytes <= VACUUM_BYTES:
            self._connection.execute("VACUUM")


def _changed(batch: Batch) -> dict[str, set[int]]:
    """Which rows of conversations and attempts the statements of ``batch`` have written."""
    changed: dict[str, set[int]] = {"conversation": set(), "attempt": set()}
    for kind, number in batch.rows:
        if kind in _OF_ATTEMPT:
            changed["attempt"].add(number)
        elif kind in _OF_CONVERSATION:
            changed["conversation"].add(number)
    return changed


def _advance(ends: list[int | None], block: Block, positions: tuple[int, int]) -> None:
    """Set ``ends`` to where the last frame of each direction in ``block`` stops."""
    columns = block.columns
    sides = columns.flags.tobytes().translate(_SENT)
    for direction in Direction:
        last = sides.rfind(direction)
        if last >= 0:
            stop = columns.offset[last] + columns.header[last] + columns.length[last]
            stop += bool(columns.flags[last] & FLAG_SENTINEL)
            # A frame cut off by the end of the stream declares more than there is.
            ends[direction] = min(stop, positions[direction], _LARGEST)
