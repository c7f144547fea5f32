"""A plain word looked for in the payloads of all frames, a slice of frames at a time."""

from array import array
from bisect import bisect_right

from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading, facts_of
from wsinspector.present.inflation import Inflation
from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_MASKED, FLAG_OUT, FrameColumns
from wsinspector.protocol.deflate import LIMIT
from wsinspector.protocol.spans import Direction

SLICE = 4096
"""Frames a step."""

PIECE = 1 << 20


class WordSearch:
    """Finds the frames whose payload holds ``word``, ASCII letters in either case.

    A hit across two fragments of a message counts for the fragment in which it ends. Run it on one
    thread of its own; :meth:`step` may be stopped between any two calls.
    """

    def __init__(self, word: str, reading: FrameReading, index: FrameIndex, inflation: Inflation) -> None:
        self.word = word
        self._needle = word.encode("utf-8", "surrogatepass").lower()
        self._reading = reading
        self._index = index
        self._inflation = inflation
        self.done = 0  # number of the last frame looked at

    def step(self, upto: int) -> bytes:
        """Look at the next frames, as far as ``upto``: a 1 for each that matches, else 0."""
        wanted = min(upto - self.done, SLICE)
        if wanted <= 0:
            return b""
        columns = self._reading.source.columns(self.done + 1, wanted)
        found = bytearray(len(columns))
        self._plain_stretch(columns, found)
        for at, flags in enumerate(columns.flags):
            if flags & FLAG_COMPRESSED:
                found[at] = self._compressed(self.done + at + 1)
            elif flags & FLAG_MASKED or self._goes_on(self.done + at):
                found[at] |= self._one(columns, at)
        self.done += len(columns)
        return bytes(found)

    def _goes_on(self, before: int) -> bool:
        """Whether the frame with index ``before`` continues a message: a hit may begin earlier."""
        return before < len(self._index) and self._index.frames[before] & 0x0F in (2, 3, 4)

    def _plain_stretch(self, columns: FrameColumns, found: bytearray) -> None:
        """Unmasked frames lie in the stream as they are: search it in one go."""
        mine = [
            at
            for at, flags in enumerate(columns.flags)
            if not flags & (FLAG_OUT | FLAG_MASKED | FLAG_COMPRESSED) and columns.length[at]
        ]
        if not mine:
            return
        starts = array("Q", (columns.offset[at] + columns.header[at] for at in mine))
        first = starts[0]
        last = min(starts[-1] + columns.length[mine[-1]], 1 << 62)
        needle = self._needle
        overlap = len(needle) - 1
        base = first
        while base < last:
            data = self._reading.source.stream(Direction.IN, base, min(base + PIECE + overlap, last)).lower()
            if not data:
                return
            hit = data.find(needle)
            while hit >= 0:
                where = base + hit
                at = bisect_right(starts, where) - 1
                column = mine[at]
                end = starts[at] + columns.length[column]
                if where + len(needle) <= end:
                    found[column] = 1
                    hit = data.find(needle, max(end - base, hit + 1)) if end < base + len(data) else -1
                else:
                    hit = data.find(needle, hit + 1)
            base += PIECE

    def _one(self, columns: FrameColumns, at: int) -> int:
        facts = facts_of(columns, at, self.done + at + 1)
        kept = b""
        if self._goes_on(facts.number - 1):
            parts = self._index.parts_of(facts.message, facts.flags & FLAG_OUT)
            before = bisect_right(parts, facts.number - 1) - 1
            earlier = self._reading.facts(parts[before]) if before >= 0 else None
            overlap = len(self._needle) - 1
            if earlier is not None and overlap:
                start = max(0, earlier.length - overlap)
                kept = self._reading.payload(earlier, start, overlap)
        start = 0
        while start < facts.length:
            data = self._reading.payload(facts, start, PIECE)
            if not data:
                break
            start += len(data)
            joined = (kept + data).lower()
            if self._needle in joined:
                return 1
            kept = joined[-(len(self._needle) - 1) :] if len(self._needle) > 1 else b""
        return 0

    def _compressed(self, number: int) -> int:
        """A compressed message is looked through as a whole, at its last frame."""
        facts = self._reading.facts(number)
        if facts is None or not facts.fin:
            return 0
        parts = self._index.parts_of(facts.message, facts.flags & FLAG_OUT)
        first = parts[0] if parts else number
        seen = self._inflation.seen(number) if first == number else None
        if seen is not None and seen.size == len(seen.beginning):
            return int(self._needle in seen.beginning.lower())
        found = self._inflation.message(facts.direction, first, number, LIMIT)
        return int(self._needle in b"".join(found.parts).lower())
