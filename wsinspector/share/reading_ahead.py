"""A capture read from front to back: small stretches are served from a window, not each from the file."""

from array import array
from bisect import bisect_left, bisect_right

from wsinspector.capture import CaptureReader
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.spans import Direction

WINDOW = 1 << 18
SMALL = 1 << 14
"""Bytes; what is asked for in larger stretches is read as it is."""


class ReadingAhead:
    """A :class:`~wsinspector.present.frame_index.FrameSource` for one thread that goes forward."""

    def __init__(self, reader: CaptureReader, attempt_id: int) -> None:
        self.reader = reader
        self.attempt_id = attempt_id
        self._begin = [0, 0]
        self._data = [b"", b""]
        self._read_spans = [(0, 0), (0, 0)]
        self._reads: list[tuple[array[int], array[int]]] = [
            (array("q"), array("q")),
            (array("q"), array("q")),
        ]

    def columns(self, first_no: int, count: int) -> FrameColumns:
        return self.reader.columns(self.attempt_id, first_no, count)

    def stream(self, direction: Direction, start: int, end: int) -> bytes:
        start = max(start, 0)
        if end - start > SMALL:
            return self.reader.stream(self.attempt_id, direction, start, end)
        begin, data = self._begin[direction], self._data[direction]
        if not begin <= start <= end <= begin + len(data):
            # At the end of what there is the window is short, and more may have come since.
            begin, data = start, self.reader.stream(self.attempt_id, direction, start, start + WINDOW)
            self._begin[direction], self._data[direction] = begin, data
        return data[start - begin : max(end - begin, 0)]

    def reads(self, direction: Direction, start: int, end: int) -> tuple["array[int]", "array[int]"]:
        """Where each read or write begins that brought a byte of the stretch, and its time (ns)."""
        if end - start > SMALL:
            return self.reader.reads(self.attempt_id, direction, start, end)
        low, high = self._read_spans[direction]
        if not low <= start <= end <= high:
            stop = min(start + WINDOW, self.stream_length(direction))
            if end > stop:
                return self.reader.reads(self.attempt_id, direction, start, end)
            self._read_spans[direction] = start, stop
            self._reads[direction] = self.reader.reads(self.attempt_id, direction, start, stop)
        offsets, times = self._reads[direction]
        first, past = max(bisect_right(offsets, start) - 1, 0), bisect_left(offsets, end)
        return offsets[first:past], times[first:past]

    def stream_length(self, direction: Direction) -> int:
        return self.reader.stream_length(self.attempt_id, direction)

    def times(self, direction: Direction, start: int, end: int) -> "array[int]":
        return self.reads(direction, start, end)[1]

    def window_before(self, direction: Direction, message: int) -> tuple[int, bytes] | None:
        return self.reader.checkpoint_before(self.attempt_id, direction, message)

    def left_out(self, direction: Direction) -> list[tuple[int, int]]:
        return self.reader.left_out(self.attempt_id, direction)
