"""Reading a capture, also while it is written: any slice of a stream, any run of frames, at once."""

import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wsinspector.capture.blocks import FRAME_CODES, Packed, UnreadableBlock, unpack_frames
from wsinspector.capture.finding import LOST, Finding
from wsinspector.capture.rebuilt import Rebuilt
from wsinspector.capture.row_reader import broken, unreadable
from wsinspector.capture.rows import ALTERED, DAMAGED, GapRow
from wsinspector.capture.sealing import SELECTED, seal_of
from wsinspector.capture.stream_reader import StreamReader
from wsinspector.capture.stretch import Stretch
from wsinspector.protocol.columns import FLAG_OUT, FLAG_SENTINEL, FrameColumns
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate

CACHE_BYTES = 8 << 20


class CaptureReader(StreamReader):
    """A capture opened for reading; every thread that calls gets a connection of its own.

    Raises CaptureError (NotACapture, NewerCapture) or OSError. What a file holds is returned as
    it is; what is damaged reads as what was not kept does, as zeros, and stands in ``findings``.
    ``rebuilt``: index blocks worked out of the bytes, read in place of those in the file.
    ``stream_length`` and ``frame_count`` look into the file for what was committed since.
    """

    def __init__(self, path: Path | str, rebuilt: Rebuilt | None = None) -> None:
        self._blocks: dict[int, Stretch] = {}
        self._cache: OrderedDict[int, Packed] = OrderedDict()
        self._cached = 0
        self.rebuilt = rebuilt if rebuilt is not None else Rebuilt()
        super().__init__(path)

    def __enter__(self) -> "CaptureReader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
        stretch = self.rebuilt.stretch(attempt_id) or self._blocks.get(attempt_id)
        if stretch is None or stop > stretch.end:
            stretch = self._index(attempt_id)
        found = FrameColumns()
        for first, past, row in stretch.overlapping(start, stop):
            begins, ends = max(start, first), min(stop, past)
            packed = self._packed(attempt_id, row, first, past) if row else None
            if packed is None:
                _pad(found, ends - begins)
            else:
                found.extend(unpack_frames(packed, begins - first, ends - first))
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
            if row and (packed := self._packed(attempt_id, row, first, past)) is not None:
                return first, packed
        return None

    def gaps(self, attempt_id: int) -> list[GapRow]:
        """What travelled in this attempt and is not in the file, or not as it travelled.

        What damage took away stands among it, whether or not a repair has noted it.
        """
        holes: list[tuple[str, Direction | None, list[tuple[int, int]]]] = [
            ("bytes", way, self.holes(attempt_id, way)) for way in Direction
        ]
        holes.append(("frames", None, self.unindexed(attempt_id)))
        # Asked for last, as what is dropped meanwhile is noted with it.
        noted = self.noted_gaps(attempt_id)
        found = list(noted)
        for kind, way, there in holes:
            known = sorted(
                (gap.start, gap.stop) for gap in noted if gap.kind == kind and gap.direction is way
            )
            found += [GapRow(kind, way, *each, DAMAGED) for hole in there for each in _beside(hole, known)]
        return found

    def changed(self, attempt_id: int, direction: Direction, start: int, stop: int) -> list[tuple[int, int]]:
        """(start, stop) of what is not as it was written: segments whose check sum is another, and what
        repairs have noted. Of the segments that hold a part of ``start`` to ``stop - 1``, which are read.
        """
        found = {
            (gap.start, gap.stop)
            for gap in self.noted_gaps(attempt_id)
            if gap.kind == ALTERED and gap.direction is direction and gap.start < stop and start < gap.stop
        }
        if self.has_table("seal"):
            for begins, ends, row in self.segments(attempt_id, direction):
                if row and begins < stop and start < ends and not self._whole(row):
                    found.add((begins, ends))
        return sorted(found)

    def _whole(self, row: int) -> bool:
        """Whether a segment is as it was written, or has no check sum."""
        run = self.connection().execute
        try:
            seal = run("SELECT crc FROM seal WHERE kind = 'segment' AND row = ?", (row,)).fetchone()
            there = run(f"{SELECTED['segment']} WHERE id = ?", (row,)).fetchone()
            return seal is None or there is None or bool(seal_of(there) == seal[0])
        except (sqlite3.Error, UnicodeError) as error:
            if not broken(error):
                raise unreadable(error) from error
            return False

    def unindexed(self, attempt_id: int) -> list[tuple[int, int]]:
        """(first, last + 1) of the frame numbers no block tells of."""
        return [(start + 1, stop + 1) for start, stop in self._index(attempt_id).holes()]

    def layout(self, attempt_id: int) -> list[tuple[int, int, int]]:
        """(first frame, last frame + 1, row) of each block, row 0 where there is none."""
        stretch = self._index(attempt_id)
        return [(first + 1, past + 1, row) for first, past, row in stretch.overlapping(0, stretch.end)]

    def says(self, row: int, first: int, past: int) -> bool:
        """Whether a block's row itself says that it holds frames ``first`` to ``past - 1``, and all of it."""
        if row < 0:
            return True
        rows = self._rows("ii", "SELECT first_no, frames FROM block WHERE id = ?", (row,))
        packed = self._cache.get(row)
        return rows == [(first, past - first)] and (packed is None or packed.entries == past - first)

    def indexed_to(self, attempt_id: int, direction: Direction) -> int | None:
        """The offset behind the last indexed frame of a direction; None without one.

        What lies behind it came after the last index block and is to be scanned again.
        """
        if self.rebuilt.stretch(attempt_id) is not None:
            return self.rebuilt.end(attempt_id, direction)
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
            super().refresh()
            self._blocks.clear()
            self._cache.clear()
            self._cached = 0

    def _index(self, attempt_id: int) -> Stretch:
        """The stretch of frame numbers (from 0), with what was committed since."""
        rebuilt = self.rebuilt.stretch(attempt_id)
        if rebuilt is not None:
            return rebuilt

        def odd(what: str, start: int, stop: int) -> None:
            text = {
                "hole": translate("Check", "The index has no block for frames that were there."),
                "twice": translate("Check", "Frames stand in the index twice; the later block counts."),
            }.get(what, translate("Check", "An index block claims frames that cannot be; it is left out."))
            self.findings.add(Finding("frames", LOST, text, attempt_id, None, start + 1, stop + 1))

        return self._look(
            self._blocks,
            attempt_id,
            "SELECT first_no - 1, frames, id FROM block WHERE attempt = ?1 AND first_no > ?2"
            " UNION ALL SELECT start - 1, stop - start, 0 FROM gap"
            " WHERE attempt = ?1 AND kind = 'frames' AND start > ?2 ORDER BY 1, 2",
            (attempt_id,),
            odd,
        )

    def _packed(self, attempt_id: int, row: int, first: int, past: int) -> Packed | None:
        """The block of frames ``first`` to ``past - 1`` (from 0); None where it cannot be read."""
        if row < 0:
            return self.rebuilt.block(row)
        with self._lock:
            packed = self._cache.get(row)
            if packed is not None:
                self._cache.move_to_end(row)
                return packed
        data = self._value("block", "columns", row)
        try:
            packed = Packed(data, FRAME_CODES) if data is not None else None
        except UnreadableBlock:
            packed = None
        if packed is None or packed.entries < past - first:
            self._unreadable.add(("columns", row))
            text = translate("Check", "An index block cannot be read.")
            self.findings.add(Finding("frames", LOST, text, attempt_id, None, first + 1, past + 1))
            return None
        with self._lock:
            if row not in self._cache:
                self._cache[row] = packed
                self._cached += len(packed)
            while self._cached > CACHE_BYTES and len(self._cache) > 1:
                self._cached -= len(self._cache.popitem(last=False)[1])
        return packed


def _beside(hole: tuple[int, int], known: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of a hole that no ``known`` one, in order, covers."""
    at, end = hole
    for start, stop in known:
        if stop <= at or start >= end:
            continue
        if start > at:
            yield at, start
        at = stop
    if at < end:
        yield at, end


def _pad(columns: FrameColumns, count: int) -> None:
    for name in FrameColumns.__slots__:
        column: Any = getattr(columns, name)
        column.frombytes(bytes(column.itemsize * count))
