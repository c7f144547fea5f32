"""Columns of integers packed into few bytes, any entry still found by counting.

The entries of a column are cut into byte planes; a plane whose bytes are all the same costs one
byte. So ten million frames cost about a dozen bytes each, a slice is unpacked without touching
the rest, and a byte-wide column can be searched as it lies. ``schema.sql`` states the layout.
"""

import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate

from wsinspector.protocol.columns import FrameColumns

LAYOUT = 1
FRAME_CODES = "QBQBBqII"
READ_CODES = "Iq"
# Frames held in memory while they wait to be written cost this many bytes each.
BYTES_A_FRAME = sum(array(code).itemsize for code in FRAME_CODES)

_HEAD = 5  # layout byte and entry count


class UnreadableBlock(ValueError):  # noqa: N818
    """A packed block does not follow the layout: a damaged file, or one from elsewhere."""


def _little(column: "array[int]") -> "array[int]":
    if sys.byteorder == "little" or column.itemsize == 1:
        return column
    swapped = column[:]
    swapped.byteswap()
    return swapped


def pack(columns: Sequence["array[int]"]) -> bytes:
    """Parallel ``columns`` of one length as one value. Raises ValueError where lengths differ."""
    entries = len(columns[0])
    varies = 0
    constants = bytearray()
    planes: list[bytes] = []
    for column in columns:
        if len(column) != entries:
            raise ValueError("columns of different length")
        raw = _little(column).tobytes()
        for byte in range(column.itemsize):
            plane = raw[byte :: column.itemsize]
            if plane == plane[:1] * entries:
                constants += plane[:1] or b"\0"
            else:
                varies |= 1 << len(constants)
                constants.append(0)
                planes.append(plane)
    head = bytes((LAYOUT,)) + entries.to_bytes(4, "little")
    return b"".join((head, varies.to_bytes((len(constants) + 7) // 8, "little"), constants, *planes))


class Packed:
    """A packed value, read without unpacking all of it.

    ``codes`` are the array type codes of the columns, in order. Raises UnreadableBlock where
    ``data`` is not what :func:`pack` makes of such columns.
    """

    __slots__ = ("_constants", "_first_plane", "_starts", "codes", "data", "entries")

    def __init__(self, data: bytes, codes: str) -> None:
        widths = [array(code).itemsize for code in codes]
        total = sum(widths)
        flags = (total + 7) // 8
        body = _HEAD + flags + total
        if len(data) < body or data[0] != LAYOUT:
            raise UnreadableBlock("not a packed block of a known layout")
        self.codes = codes
        self.entries = int.from_bytes(data[1:_HEAD], "little")
        varies = int.from_bytes(data[_HEAD : _HEAD + flags], "little")
        if len(data) != body + varies.bit_count() * self.entries or varies >> total:
            raise UnreadableBlock("packed block of the wrong size")
        self.data = data
        self._constants = data[_HEAD + flags : body]
        self._first_plane = tuple(accumulate(widths, initial=0))
        starts: list[int] = []  # where each plane lies, 0 for a constant one
        at = body
        for plane in range(total):
            if varies >> plane & 1:
                starts.append(at)
                at += self.entries
            else:
                starts.append(0)
        self._starts = starts

    def __len__(self) -> int:
        return len(self.data)

    def plane(self, column: int, byte: int = 0) -> bytes:
        """Byte ``byte`` (0 = least significant) of every entry of ``column``."""
        at = self._first_plane[column] + byte
        start = self._starts[at]
        if start:
            return self.data[start : start + self.entries]
        return self._constants[at : at + 1] * self.entries

    def column(self, column: int, start: int = 0, stop: int | None = None) -> "array[int]":
        """Entries ``start`` to ``stop - 1`` of ``column``; the range is clipped."""
        stop = self.entries if stop is None else min(stop, self.entries)
        start = min(max(start, 0), stop)
        wanted: array[int] = array(self.codes[column])
        width = wanted.itemsize
        raw = bytearray(width * (stop - start))
        for byte in range(width):
            at = self._first_plane[column] + byte
            lies = self._starts[at]
            if lies:
                raw[byte::width] = self.data[lies + start : lies + stop]
            elif self._constants[at]:
                raw[byte::width] = self._constants[at : at + 1] * (stop - start)
        wanted.frombytes(raw)
        return _little(wanted)


def pack_frames(columns: FrameColumns) -> bytes:
    """The block of ``columns``."""
    return pack(
        (
            columns.offset,
            columns.header,
            columns.length,
            columns.first,
            columns.flags,
            columns.time,
            columns.message,
            columns.anomalies,
        )
    )


def unpack_frames(block: Packed, start: int = 0, stop: int | None = None) -> FrameColumns:
    """Entries ``start`` to ``stop - 1`` of a block of frames; the range is clipped."""
    return FrameColumns(*(block.column(column, start, stop) for column in range(len(FRAME_CODES))))


def pack_reads(offsets: "array[int]", times: "array[int]") -> bytes:
    """Offsets within a segment (u32) and times (ns) of its reads."""
    return pack((offsets, times))


def unpack_reads(data: bytes) -> tuple["array[int]", "array[int]"]:
    """What :func:`pack_reads` took. Raises UnreadableBlock."""
    block = Packed(data, READ_CODES)
    return block.column(0), block.column(1)


def head_fits(head: bytes, size: int, codes: str, entries: int | None = None) -> bool:
    """Whether a packed value of ``size`` bytes that begins with ``head`` can be what :func:`pack` makes."""
    total = sum(array(code).itemsize for code in codes)
    flags = (total + 7) // 8
    body = _HEAD + flags + total
    if size < body or len(head) < min(body, _HEAD + flags) or head[0] != LAYOUT:
        return False
    count = int.from_bytes(head[1:_HEAD], "little")
    varies = int.from_bytes(head[_HEAD : _HEAD + flags], "little")
    fits = size == body + varies.bit_count() * count and not varies >> total
    return fits and (entries is None or count >= entries)
