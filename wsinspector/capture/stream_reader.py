"""Any slice of a stream out of a capture, at once, also while it is written."""

import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from wsinspector.capture.blocks import UnreadableBlock, head_fits, unpack_reads
from wsinspector.capture.finding import LOST, Finding
from wsinspector.capture.migrate import CaptureError
from wsinspector.capture.row_reader import RowReader, broken, unreadable
from wsinspector.capture.stretch import Stretch
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate

FARTHEST_HOLE = 1 << 30
"""Bytes, and frames, that may be missing between two rows: what claims more is a damaged row."""

PACKED_HEAD = 16

# Rows are merged once a second at most, so a second try all but always succeeds.
_TRIES = 5

# Lost bytes at the end of a stream leave no hole between two rows: the index tells how far it went. A row
# without a length, so that it adds a hole and nothing else.
_TAIL = (
    " UNION ALL SELECT {0}, 0, 0 FROM"
    " (SELECT {0} FROM block WHERE attempt = ?1 ORDER BY first_no DESC LIMIT 1) WHERE {0} > max("
    "coalesce((SELECT start + length FROM segment WHERE attempt = ?1 AND direction = ?2"
    " ORDER BY start DESC LIMIT 1), 0),"
    " coalesce((SELECT max(stop) FROM gap"
    " WHERE attempt = ?1 AND kind = 'bytes' AND direction = ?2), 0)) ORDER BY 1, 2"
)

Unpacked = TypeVar("Unpacked")
Key = TypeVar("Key")
Odd = Callable[[str, int, int], None]


class _MergedError(Exception):
    """A row is gone since it was looked up: the writer put it together with others, or dropped it."""


class StreamReader(RowReader):
    """The bytes of each direction of one file, and the rows; any thread may call."""

    def __init__(self, path: Path | str) -> None:
        self._segments: dict[tuple[int, Direction], Stretch] = {}
        self._unreadable: set[tuple[str, int]] = set()
        super().__init__(path)

    def refresh(self) -> None:
        """Forget what is remembered of the file; never needed to see what was appended."""
        with self._lock:
            self._segments.clear()

    def stream_length(self, attempt_id: int, direction: Direction) -> int:
        """Bytes of one direction in the file now, gaps included."""
        return self._stream(attempt_id, direction).end

    def stream(self, attempt_id: int, direction: Direction, start: int, end: int) -> bytes:
        """Bytes ``start`` to ``end - 1``, clipped to the stream; zeros where :meth:`holes` says so."""
        return self._retried(lambda: self._read_stream(attempt_id, direction, max(start, 0), end))

    def _read_stream(self, attempt_id: int, direction: Direction, start: int, end: int) -> bytes:
        stretch = self._segments.get((attempt_id, direction))
        if stretch is None or end > stretch.end:
            stretch = self._stream(attempt_id, direction)
        end = min(end, stretch.end)
        return b"".join(
            self._slice((attempt_id, direction), row, begins, max(start, begins), min(end, stops))
            for begins, stops, row in stretch.overlapping(start, end)
        )

    def segment_end(self, attempt_id: int, direction: Direction, offset: int) -> int:
        """The offset behind the stored piece that holds ``offset``: reading up to it copies nothing twice.

        ``offset`` itself where no such piece is known.
        """
        stretch = self._segments.get((attempt_id, direction))
        if stretch is None:
            return offset
        return next((stop for _, stop, _ in stretch.overlapping(offset, offset + 1)), offset)

    def _slice(self, whose: tuple[int, Direction], row: int, begins: int, start: int, stop: int) -> bytes:
        if not row or ("segment", row) in self._unreadable:
            return bytes(stop - start)
        data = b""
        try:
            # Open for this slice only: a blob left open holds the journal back.
            with self._connections.mine().blobopen("segment", "data", row, readonly=True) as blob:
                if start - begins < len(blob):
                    blob.seek(start - begins)
                    data = blob.read(stop - start)
        except sqlite3.OperationalError as error:
            if str(error).startswith("no such rowid"):
                raise _MergedError from error
            self._cannot_slice(error, row)
        except (sqlite3.Error, ValueError) as error:  # among the latter UnicodeError
            self._cannot_slice(error, row)
        if len(data) < stop - start:
            text = translate("Check", "Bytes of a segment cannot be read: they are shown as zeros.")
            self.findings.add(Finding("bytes", LOST, text, *whose, start + len(data), stop))
        return data.ljust(stop - start, b"\0")

    def _cannot_slice(self, error: Exception, row: int) -> None:
        lasting = broken(error) or isinstance(error, ValueError)
        if isinstance(error, sqlite3.ProgrammingError) or not lasting:
            raise unreadable(error) from error
        self._unreadable.add(("segment", row))

    def _retried(self, read: Callable[[], Unpacked]) -> Unpacked:
        """``read``, again where the writer merged rows away between look-up and reading."""
        for tried in range(_TRIES + 1):
            try:
                return read()
            except _MergedError:
                if tried == _TRIES - 1:
                    self.read_salvaged()  # an index names rows that were never there
                self.refresh()
        raise CaptureError("The capture is damaged: an index names a row that is not there.")

    def holes(self, attempt_id: int, direction: Direction) -> list[tuple[int, int]]:
        """(start, stop) of the bytes that are not there, whether that was noted as a gap or not."""
        return list(self._stream(attempt_id, direction).holes())

    def segments(self, attempt_id: int, direction: Direction) -> list[tuple[int, int, int]]:
        """(start, stop, row) of each segment, row 0 where there is none."""
        stretch = self._stream(attempt_id, direction)
        return list(stretch.overlapping(0, stretch.end))

    def begins_well(self, table: str, column: str, row: int, codes: str, entries: int | None = None) -> bool:
        """Whether a packed value can be one by how it begins and how long it is; True where it is gone."""
        if row < 0:
            return True
        try:
            with self._connections.mine().blobopen(table, column, row, readonly=True) as blob:
                return head_fits(blob.read(PACKED_HEAD), len(blob), codes, entries)
        except sqlite3.OperationalError as error:
            if str(error).startswith("no such rowid"):
                return True  # merged with others since
            if not broken(error):
                raise unreadable(error) from error
        except (sqlite3.Error, UnicodeError) as error:
            if not broken(error):
                raise unreadable(error) from error
        return False

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
        for begins, stops, row in stretch.overlapping(start, stretch.end if end is None else end):
            data = self._value("segment", "reads", row) if row else None
            if data is None:
                continue
            try:
                within, when = unpack_reads(data)
            except UnreadableBlock:
                self._unreadable.add(("reads", row))
                text = translate("Check", "When these bytes were read is lost.")
                self.findings.add(Finding("bytes", LOST, text, attempt_id, direction, begins, stops))
                continue
            offsets.extend(begins + offset for offset in within)
            times.extend(when)
        return offsets, times

    def _value(self, table: str, column: str, row: int) -> bytes | None:
        """A blob; None where it cannot be read. Raises _MergedError where the row is gone."""
        if (column, row) in self._unreadable:
            return None
        query = f"SELECT {column} FROM {table} WHERE id = ?"
        try:
            found = self._connections.mine().execute(query, (row,)).fetchone()
        except (sqlite3.Error, UnicodeError) as error:
            if not broken(error):
                raise unreadable(error) from error
            found = (None,)
        if found is None:
            raise _MergedError
        value = found[0]
        if isinstance(value, bytes):
            return value
        self._unreadable.add((column, row))
        return None

    def time_at(self, attempt_id: int, direction: Direction, offset: int) -> int | None:
        """When the byte at ``offset`` was read or written (ns), or None where it is not there."""
        offsets, times = self.reads(attempt_id, direction, offset, offset + 1)
        at = bisect_right(offsets, offset) - 1
        return times[at] if at >= 0 else None

    def _stream(self, attempt_id: int, direction: Direction) -> Stretch:
        """The stretch of a direction, with what was committed since."""

        def odd(what: str, start: int, stop: int) -> None:
            text = {
                "hole": translate("Check", "Bytes are missing."),
                "twice": translate("Check", "Bytes were kept twice; the later ones count."),
            }.get(what, translate("Check", "A segment claims to lie where none can be; it is left out."))
            self.findings.add(Finding("bytes", LOST, text, attempt_id, direction, start, stop))

        return self._look(
            self._segments,
            (attempt_id, direction),
            "SELECT start, length, id FROM segment WHERE attempt = ?1 AND direction = ?2 AND start >= ?3"
            " UNION ALL SELECT start, stop - start, 0 FROM gap"
            " WHERE attempt = ?1 AND kind = 'bytes' AND direction = ?2 AND start >= ?3"
            + _TAIL.format("out_end" if direction else "in_end"),
            (attempt_id, int(direction)),
            odd,
        )

    def _look(
        self, known: dict[Key, Stretch], key: Key, query: str, which: tuple[int, ...], odd: Odd
    ) -> Stretch:
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
            for start, length, row in rows:
                stretch.lay(start, length, row, FARTHEST_HOLE, odd)
            known[key] = stretch
        return stretch
