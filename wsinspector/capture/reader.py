"""Reading a capture, also while it is written: any slice of a stream, any run of frames, at once."""

import json
import sqlite3
import threading
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from wsinspector.capture.blocks import FRAME_CODES, Packed, UnreadableBlock, unpack_frames, unpack_reads
from wsinspector.capture.migrate import CaptureError
from wsinspector.capture.opening import Connections
from wsinspector.capture.rows import AttemptRow, ConversationRow, EventRow, GapRow, MarkRow
from wsinspector.capture.stretch import Stretch
from wsinspector.protocol.columns import FLAG_OUT, FLAG_SENTINEL, FrameColumns
from wsinspector.protocol.spans import Direction

CACHE_BYTES = 8 << 20

# Rows are merged once a second at most, so a second try all but always succeeds.
_TRIES = 5
_KINDS: dict[str, Any] = {"i": int, "n": int | None, "s": str, "b": bytes}

Unpacked = TypeVar("Unpacked")
Key = TypeVar("Key")


class _MergedError(Exception):
    """A row is gone since it was looked up: the writer put it together with others."""


class CaptureReader:
    """A capture opened for reading; every thread that calls gets a connection of its own.

    Raises CaptureError (NotACapture, NewerCapture) or OSError. What a file holds is returned as
    it is; damage met on the way raises CaptureError. ``stream_length`` and ``frame_count`` look
    into the file for what was committed since.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._connections = Connections(self.path)
        self._lock = threading.Lock()
        self._segments: dict[tuple[int, Direction], Stretch] = {}
        self._blocks: dict[int, Stretch] = {}
        self._cache: OrderedDict[int, Packed] = OrderedDict()
        self._cached = 0

    def close(self) -> None:
        """Close the connections of all threads; none of them may be reading."""
        self._connections.close()

    def __enter__(self) -> "CaptureReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def unchanging(self) -> bool:
        """True where the file was opened as one that nobody may write."""
        return self._connections.unchanging

    def _rows(self, kinds: str, query: str, values: tuple[int | None, ...] = ()) -> list[Any]:
        """The rows of ``query``, whose columns have the ``kinds`` of _KINDS."""
        try:
            rows = self._connections.mine().execute(query, values).fetchall()
        except (sqlite3.Error, UnicodeError) as error:  # UnicodeError: its message quotes the damage
            raise _unreadable(error) from error
        # SQLite keeps in any column whatever type it finds there.
        wanted = [_KINDS[kind] for kind in kinds]
        for row in rows:
            if not all(map(isinstance, row, wanted)):
                raise _damaged("a row holds what does not belong there")
        return rows

    # Rows

    def conversations(self) -> list[ConversationRow]:
        """All conversations, in the order in which they began."""
        rows = self._rows(
            "isiiibs",
            "SELECT id, title, created_ns, changed_ns, pinned, draft, state FROM conversation ORDER BY id",
        )
        return [
            ConversationRow(id, title, created, changed, bool(pinned), draft, _facts(state))
            for id, title, created, changed, pinned, draft, state in rows
        ]

    def attempts(self, conversation_id: int | None = None) -> list[AttemptRow]:
        """The attempts of one conversation, or of all, by number."""
        rows = self._rows(
            "iiiiiis",
            "SELECT id, conversation, number, wall_ns, mono_ns, finished, facts FROM attempt"
            " WHERE ?1 IS NULL OR conversation = ?1 ORDER BY conversation, number",
            (conversation_id,),
        )
        return [
            AttemptRow(id, conversation, number, wall, mono, bool(finished), _facts(facts))
            for id, conversation, number, wall, mono, finished, facts in rows
        ]

    def events(self, attempt_id: int, after: int = 0) -> list[EventRow]:
        """The events of an attempt whose number is above ``after``."""
        rows = self._rows(
            "iiss",
            "SELECT no, at_ns, kind, data FROM event WHERE attempt = ? AND no > ? ORDER BY no",
            (attempt_id, after),
        )
        return [EventRow(no, at, kind, _facts(data)) for no, at, kind, data in rows]

    def gaps(self, attempt_id: int) -> list[GapRow]:
        """What travelled in this attempt and was not kept."""
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
        if not self._rows("i", "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'mark'"):
            return []
        rows = self._rows(
            "issi",
            "SELECT frame, name, note, made_ns FROM mark WHERE attempt = ? ORDER BY frame",
            (attempt_id,),
        )
        return [MarkRow(*row) for row in rows]

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

    # Streams

    def stream_length(self, attempt_id: int, direction: Direction) -> int:
        """Bytes of one direction in the file now, gaps included."""
        return self._stream(attempt_id, direction).end

    def stream(self, attempt_id: int, direction: Direction, start: int, end: int) -> bytes:
        """Bytes ``start`` to ``end - 1``, clipped to the stream; zeros where :meth:`gaps` says so."""
        return self._retried(lambda: self._read_stream(attempt_id, direction, max(start, 0), end))

    def _read_stream(self, attempt_id: int, direction: Direction, start: int, end: int) -> bytes:
        stretch = self._segments.get((attempt_id, direction))
        if stretch is None or end > stretch.end:
            stretch = self._stream(attempt_id, direction)
        end = min(end, stretch.end)
        return b"".join(
            self._slice(row, max(start, begins) - begins, min(end, stops) - begins)
            for begins, stops, row in stretch.overlapping(start, end)
        )

    def _slice(self, row: int, start: int, stop: int) -> bytes:
        if not row:
            return bytes(stop - start)
        try:
            # Open for this slice only: a blob left open holds the journal back.
            with self._connections.mine().blobopen("segment", "data", row, readonly=True) as blob:
                blob.seek(start)
                data = blob.read(stop - start)
        except sqlite3.OperationalError as error:
            if str(error).startswith("no such rowid"):
                raise _MergedError from error
            raise _unreadable(error) from error
        except (sqlite3.Error, ValueError) as error:  # ValueError: a start behind the end of the blob
            raise _unreadable(error) from error
        if len(data) != stop - start:
            raise _damaged("bytes are missing")
        return data

    def _retried(self, read: Callable[[], Unpacked]) -> Unpacked:
        """``read``, again where the writer merged rows away between look-up and reading."""
        for _ in range(_TRIES):
            try:
                return read()
            except _MergedError:
                self.refresh()
        raise _damaged("an index names a row that is not there")

    def reads(
        self, attempt_id: int, direction: Direction, start: int = 0, end: int | None = None
    ) -> tuple["array[int]", "array[int]"]:
        """Stream offset at which the bytes of each read or write begin, and its time (ns).

        Of those segments that hold a part of ``start`` to ``end - 1``; a read that was cut in two
        appears twice with the same time.
        """
        return self._retried(lambda: self._read_reads(attempt_id, direction, start, end))

    def _read_reads(
        self, attempt_id: int, direction: Direction, start: int, end: int | None
    ) -> tuple["array[int]", "array[int]"]:
        stretch = self._stream(attempt_id, direction)
        offsets, times = array("q"), array("q")
        for begins, _, row in stretch.overlapping(start, stretch.end if end is None else end):
            if row:
                within, when = _checked(
                    unpack_reads, self._value("SELECT reads FROM segment WHERE id = ?", row)
                )
                offsets.extend(begins + offset for offset in within)
                times.extend(when)
        return offsets, times

    def _value(self, query: str, row: int) -> bytes:
        found = self._rows("b", query, (row,))
        if not found:
            raise _MergedError
        value: bytes = found[0][0]
        return value

    def time_at(self, attempt_id: int, direction: Direction, offset: int) -> int | None:
        """When the byte at ``offset`` was read or written (ns), or None where it is not there."""
        offsets, times = self.reads(attempt_id, direction, offset, offset + 1)
        at = bisect_right(offsets, offset) - 1
        return times[at] if at >= 0 else None

    def _stream(self, attempt_id: int, direction: Direction) -> Stretch:
        """The stretch of a direction, with what was committed since."""
        return self._look(
            self._segments,
            (attempt_id, direction),
            "SELECT start, length, id FROM segment WHERE attempt = ?1 AND direction = ?2 AND start >= ?3"
            " UNION ALL SELECT start, stop - start, 0 FROM gap"
            " WHERE attempt = ?1 AND kind = 'bytes' AND direction = ?2 AND start >= ?3 ORDER BY 1",
            (attempt_id, int(direction)),
        )

    def _look(self, known: dict[Key, Stretch], key: Key, query: str, which: tuple[int, ...]) -> Stretch:
        """What ``query`` finds beyond the last row ``known``; all of it, where that row was merged."""
        with self._lock:
            stretch = known.get(key) or Stretch()
            for _ in range(2):
                last = stretch.starts[-1] if stretch.starts else 0
                rows = self._rows("iii", query, (*which, last))
                if not stretch.starts:
                    break
                if rows and rows[0] == (last, stretch.end - last, stretch.rows[-1]):
                    del rows[0]
                    break
                # Others may be reading the stretch they hold, so it is replaced, not emptied.
                stretch = Stretch()
            for row in rows:
                if row[0] != stretch.end or row[1] < 0:
                    raise _damaged("its parts do not follow each other")
                stretch.add(*row)
            known[key] = stretch
        return stretch

    # Frames

    def frame_count(self, attempt_id: int) -> int:
        """The number of the last frame in the file now."""
        return self._index(attempt_id).end

    def columns(self, attempt_id: int, first_no: int, count: int) -> FrameColumns:
        """Frames ``first_no`` to ``first_no + count - 1``, clipped to what is there.

        Frames that were not kept come with all columns zero.
        """
        return self._retried(lambda: self._read_columns(attempt_id, first_no, count))

    def _read_columns(self, attempt_id: int, first_no: int, count: int) -> FrameColumns:
        # Numbers count from 1, a stretch from 0.
        start = max(first_no - 1, 0)
        stop = first_no - 1 + count
        stretch = self._blocks.get(attempt_id)
        if stretch is None or stop > stretch.end:
            stretch = self._index(attempt_id)
        found = FrameColumns()
        for first, past, row in stretch.overlapping(start, stop):
            begins, ends = max(start, first), min(stop, past)
            if row:
                found.extend(
                    _checked(unpack_frames, self._packed(row, past - first), begins - first, ends - first)
                )
            else:
                _pad(found, ends - begins)
        return found

    def blocks(self, attempt_id: int, first_no: int = 1) -> Iterator[tuple[int, Packed]]:
        """(number of its first frame, block) from the one that holds ``first_no``, to be scanned."""
        at = first_no - 1
        while (found := self._block_from(attempt_id, at)) is not None:
            first, packed = found
            at = first + packed.entries
            yield first + 1, packed

    def _block_from(self, attempt_id: int, at: int) -> tuple[int, Packed] | None:
        return self._retried(lambda: self._read_block(attempt_id, at))

    def _read_block(self, attempt_id: int, at: int) -> tuple[int, Packed] | None:
        stretch = self._index(attempt_id)
        for first, past, row in stretch.overlapping(at, stretch.end):
            if row:
                return first, self._packed(row, past - first)
        return None

    def indexed_to(self, attempt_id: int, direction: Direction) -> int | None:
        """The offset behind the last indexed frame of a direction; None without one.

        What lies behind it came after the last index block and is to be scanned again.
        """
        rows = self._rows(
            "nn",
            "SELECT in_end, out_end FROM block WHERE attempt = ? ORDER BY first_no DESC LIMIT 1",
            (attempt_id,),
        )
        return rows[0][int(direction)] if rows else None

    def frame_bytes(self, attempt_id: int, no: int, start: int = 0, end: int | None = None) -> bytes:
        """Bytes ``start`` to ``end - 1`` of frame ``no`` as it travelled, header and sentinel included.

        A frame that declares more than there is stops where its stream does. Raises IndexError.
        """
        columns = self.columns(attempt_id, no, 1)
        if not len(columns):
            raise IndexError(f"attempt {attempt_id} has no frame {no}")
        direction = Direction(columns.flags[0] & FLAG_OUT)
        begins = columns.offset[0]
        size = columns.header[0] + columns.length[0] + bool(columns.flags[0] & FLAG_SENTINEL)
        stop = size if end is None else min(end, size)
        # The bound of a 64-bit integer keeps a declared 2^64 - 1 within what can be compared below.
        return self.stream(attempt_id, direction, begins + max(start, 0), min(begins + stop, (1 << 63) - 1))

    def refresh(self) -> None:
        """Forget what is remembered of the file; never needed to see what was appended."""
        with self._lock:
            self._segments.clear()
            self._blocks.clear()
            self._cache.clear()
            self._cached = 0

    def _index(self, attempt_id: int) -> Stretch:
        """The stretch of frame numbers (from 0), with what was committed since."""
        return self._look(
            self._blocks,
            attempt_id,
            "SELECT first_no - 1, frames, id FROM block WHERE attempt = ?1 AND first_no > ?2"
            " UNION ALL SELECT start - 1, stop - start, 0 FROM gap"
            " WHERE attempt = ?1 AND kind = 'frames' AND start > ?2 ORDER BY 1",
            (attempt_id,),
        )

    def _packed(self, row: int, entries: int) -> Packed:
        with self._lock:
            packed = self._cache.get(row)
            if packed is not None:
                self._cache.move_to_end(row)
                return packed
        data = self._value("SELECT columns FROM block WHERE id = ?", row)
        packed = _checked(Packed, data, FRAME_CODES)
        if packed.entries != entries:
            raise _damaged("a block has another length than its row says")
        with self._lock:
            if row not in self._cache:
                self._cache[row] = packed
                self._cached += len(packed)
            while self._cached > CACHE_BYTES and len(self._cache) > 1:
                self._cached -= len(self._cache.popitem(last=False)[1])
        return packed


def _unreadable(error: Exception) -> CaptureError:
    return CaptureError(f"The capture cannot be read: {error}.")


def _damaged(what: str) -> CaptureError:
    return CaptureError(f"The capture is damaged: {what}.")


def _facts(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged("a text in it is not JSON") from error
    if not isinstance(found, dict):
        raise _damaged("a text in it is not a JSON object")
    return found


def _pad(columns: FrameColumns, count: int) -> None:
    for name in FrameColumns.__slots__:
        column: array[int] = getattr(columns, name)
        column.frombytes(bytes(column.itemsize * count))


def _checked(unpack: Callable[..., Unpacked], *arguments: Any) -> Unpacked:
    try:
        return unpack(*arguments)
    except UnreadableBlock as error:
        raise _damaged(str(error)) from error
