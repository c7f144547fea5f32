"""Bytes that are read where they are needed, so that no payload is too large to be looked at."""

import time
from array import array
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from operator import add
from typing import Protocol

from wsinspector.present.frames import FrameReading
from wsinspector.protocol.columns import FLAG_MASKED, FrameColumns

Stopping = Callable[[], bool]

COLUMNS = 1 << 14
"""Frames whose columns are read at once."""


class Pages(Protocol):
    """``quick``: a slice costs no more than reading it, so that the window may ask for what is in sight."""

    @property
    def quick(self) -> bool: ...

    def length(self) -> int: ...

    def read(self, start: int, end: int) -> bytes:
        """Bytes ``start`` to ``end - 1``, clipped to what there is; fewer where more cannot be had."""


class HeldPages:
    """Bytes in memory as :class:`Pages`."""

    quick = True

    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    def length(self) -> int:
        return len(self.data)

    def read(self, start: int, end: int) -> bytes:
        return self.data[start:end]


class Parts:
    """The frames of one message: ``numbers``, and where the payload of each ends as it travelled.

    ``wire``: payload bytes that were announced; ``headers``: bytes of headers. Sixteen bytes a frame.
    """

    def __init__(
        self, reading: FrameReading, numbers: "array[int]", stopping: Stopping = lambda: False
    ) -> None:
        self.numbers = numbers
        self.wire = 0
        self.headers = 0
        self.ends: array[int] = array("Q")
        facts = reading.facts(numbers[0]) if numbers else None
        if facts is not None:
            self._measure(reading, reading.source.stream_length(facts.direction), stopping)

    def _measure(self, reading: FrameReading, there: int, stopping: Stopping) -> None:
        lengths: array[int] = array("Q")
        at = 0
        while at < len(self.numbers) and not stopping():
            base = self.numbers[at]
            stop = bisect_right(self.numbers, base + COLUMNS - 1, at)
            columns = reading.source.columns(base, self.numbers[stop - 1] - base + 1)
            if self._all_there(columns, stop - at, there):
                lengths.extend(columns.length)
                self.wire += sum(columns.length)
                self.headers += sum(columns.header)
                time.sleep(PAUSE)
                at = stop
                continue
            for index in range(at, stop):
                entry = self.numbers[index] - base
                if entry >= len(columns) or not columns.header[entry]:
                    lengths.append(0)
                    continue
                length, header = columns.length[entry], columns.header[entry]
                self.wire += length
                self.headers += header
                lengths.append(max(0, min(length, there - columns.offset[entry] - header)))
            at = stop
        self.ends = array("Q", accumulate(lengths))

    @staticmethod
    def _all_there(columns: FrameColumns, count: int, there: int) -> bool:
        """Whether these are ``count`` frames without others between, all of whose bytes came."""
        if len(columns) != count or not all(columns.header):
            return False
        return columns.offset[-1] + columns.header[-1] + columns.length[-1] <= there

    @property
    def come(self) -> int:
        """Payload bytes that are there."""
        return self.ends[-1] if self.ends else 0

    def begins(self, index: int) -> int:
        """Where in the joined payload frame ``index`` begins."""
        return self.ends[index - 1] if index else 0

    def index_at(self, offset: int) -> int:
        """The frame that carries byte ``offset``; one past the last where none does."""
        return bisect_right(self.ends, offset)


MANY = 32
"""Frames from which on they are cut out of one piece of the stream, if they lie close together."""

AT_ONCE = 2048
CLOSE = 1 << 20
PAUSE = 0.0005
"""Seconds for the window's thread between two pieces of work that hold it up."""


class JoinedPages:
    """The payloads of a message's frames one after another, unmasked, as compressed as they travelled."""

    quick = True

    def __init__(self, reading: FrameReading, parts: Parts) -> None:
        self._reading = reading
        self.parts = parts

    def length(self) -> int:
        return self.parts.come

    def read(self, start: int, end: int) -> bytes:
        end = min(end, self.parts.come)
        found: list[bytes] = []
        index = self.parts.index_at(start)
        while start < end:
            stop_at = min(self.parts.index_at(end - 1) + 1, index + AT_ONCE)
            if stop_at - index >= MANY and (many := self._many(index, stop_at)):
                begins = self.parts.begins(index)
                part = many[start - begins : end - begins]
                found.append(part)
                start += len(part)
                index = stop_at
                continue
            facts = self._reading.facts(self.parts.numbers[index])
            begins, stop = self.parts.begins(index), self.parts.ends[index]
            index += 1
            if facts is None or stop == begins:
                continue
            data = self._reading.payload(facts, start - begins, min(end, stop) - start)
            if not data:
                break
            found.append(data)
            start += len(data)
        return b"".join(found)

    def _many(self, index: int, stop: int) -> bytes:
        """The payloads of many small frames that are not masked; empty where that is not what they are."""
        numbers, source = self.parts.numbers, self._reading.source
        base = numbers[index]
        facts = self._reading.facts(base)
        if facts is None or numbers[stop - 1] - base > 2 * AT_ONCE:
            return b""
        columns = source.columns(base, numbers[stop - 1] - base + 1)
        if len(columns) == stop - index:
            kept = columns
        else:
            kept = FrameColumns()
            for number in numbers[index:stop]:
                if number - base >= len(columns):
                    return b""
                for name in FrameColumns.__slots__:
                    getattr(kept, name).append(getattr(columns, name)[number - base])
        first, end = kept.offset[0], kept.offset[-1] + kept.header[-1] + kept.length[-1]
        masked = any(map(FLAG_MASKED.__and__, kept.flags))
        if masked or end - first > CLOSE or not all(kept.header):
            return b""
        raw = source.stream(facts.direction, first, end)
        starts = [start - first for start in map(add, kept.offset, kept.header)]
        # Loops in C, as this runs beside the window's thread: bytecode would make it wait at every call.
        data = b"".join(map(raw.__getitem__, map(slice, starts, map(add, starts, kept.length))))
        time.sleep(PAUSE)
        there = self.parts.ends[stop - 1] - self.parts.begins(index)
        return data if len(data) == there else b""
