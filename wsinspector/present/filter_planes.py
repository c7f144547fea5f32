"""A run of frames as byte planes, taken from an index block as it lies or made of columns."""

from array import array
from collections.abc import Iterator

from wsinspector.capture.blocks import FRAME_CODES, Packed
from wsinspector.filter.column_planes import ColumnPlanes, constant_of
from wsinspector.present.frame_index import FrameSource


class BlockPlanes:
    """Entries ``start`` to ``start + count - 1`` of a block; nothing is unpacked that is not asked for."""

    def __init__(self, block: Packed, start: int, count: int) -> None:
        self.entries = count
        self._block = block
        self._start = start
        self._planes: dict[tuple[int, int], bytes] = {}
        self._columns: dict[int, array[int]] = {}

    def plane(self, column: int, byte: int) -> bytes:
        found = self._planes.get((column, byte))
        if found is None:
            found = self._block.plane(column, byte)
            if len(found) != self.entries:
                found = found[self._start : self._start + self.entries]
            self._planes[column, byte] = found
        return found

    def constant(self, column: int, byte: int) -> int | None:
        return constant_of(self.plane(column, byte))

    def column(self, column: int) -> "array[int]":
        found = self._columns.get(column)
        if found is None:
            found = self._columns[column] = self._block.column(
                column, self._start, self._start + self.entries
            )
        return found


Frames = BlockPlanes | ColumnPlanes


class Blocks:
    """Walks through the index of an attempt from front to back, a block at a time where there are blocks."""

    def __init__(self, source: FrameSource) -> None:
        self._source = source
        self._blocks: Iterator[tuple[int, Packed]] | None = None
        self._at = (0, 0)
        self._block: Packed | None = None

    def frames(self, first_no: int, at_most: int) -> Frames | None:
        """At most ``at_most`` frames from ``first_no`` on; None where there are none."""
        found = getattr(self._source, "block", None)
        if found is None:
            return self._columns(first_no, at_most)
        first, stop = self._at
        if self._block is None or not first <= first_no < stop:
            held = found(first_no)
            if held is None or not held[0] <= first_no < held[0] + held[1].entries:
                # A hole, or frames that another process rebuilt: the columns say what is known of them.
                upto = held[0] - first_no if held is not None and held[0] > first_no else at_most
                return self._columns(first_no, min(at_most, upto))
            first, self._block = held
            stop = first + self._block.entries
            self._at = first, stop
        assert self._block is not None
        return BlockPlanes(self._block, first_no - first, min(at_most, stop - first_no))

    def _columns(self, first_no: int, at_most: int) -> Frames | None:
        columns = self._source.columns(first_no, at_most)
        return ColumnPlanes(columns) if len(columns) else None


__all__ = ["FRAME_CODES", "BlockPlanes", "Blocks", "ColumnPlanes", "Frames"]
