"""A plain word looked for in the payloads of all frames, a slice of frames at a time."""

import re
from array import array
from bisect import bisect_right
from itertools import compress

from wsinspector.present.frame_index import BINARY_PART, KIND, OTHER_PART, TEXT_PART, FrameIndex
from wsinspector.present.frames import FrameReading, facts_of
from wsinspector.present.inflation import Inflation
from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_MASKED, FLAG_OUT, FrameColumns
from wsinspector.protocol.deflate import LIMIT
from wsinspector.protocol.spans import Direction

SLICE = 4096
"""Frames a step."""

PIECE = 1 << 20
MOST_OFFSET = 1 << 62

_OTHERWISE = FLAG_MASKED | FLAG_COMPRESSED
_OWN_WAY = bytes(1 if flags & (_OTHERWISE | FLAG_OUT) else 0 for flags in range(256))
_RECEIVED = bytes(0 if flags & FLAG_OUT else 1 for flags in range(256))
_IS_PART = bytes(1 if value & KIND in (TEXT_PART, BINARY_PART, OTHER_PART) else 0 for value in range(256))
_ONES = re.compile(b"[\x01]")


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
        flags = columns.flags.tobytes()
        self._plain_stretch(columns, flags, found)
        # A fragment that continues a message may hold the end of a hit that began earlier.
        parts = self._index.frames.piece(self.done, self.done + len(columns)).translate(_IS_PART)
        for numbers in (_ONES.finditer(flags.translate(_OWN_WAY)), _ONES.finditer(parts)):
            for match in numbers:
                at = match.start()
                if flags[at] & FLAG_COMPRESSED:
                    found[at] = self._compressed(self.done + at + 1)
                else:
                    found[at] |= self._one(columns, at)
        self.done += len(columns)
        return bytes(found)

    def _goes_on(self, before: int) -> bool:
        """Whether the frame with index ``before`` continues a message."""
        return bool(_IS_PART[self._index.frames[before]]) if before < len(self._index) else False

    def _plain_stretch(self, columns: FrameColumns, flags: bytes, found: bytearray) -> None:
        """Unmasked frames lie in the stream as they are: search it in one go."""
        received = flags.translate(_RECEIVED)
        mine = range(len(columns)) if 0 not in received else list(compress(range(len(columns)), received))
        if not mine:
            return
        offsets = columns.offset
        starts = offsets if len(mine) == len(offsets) else array("Q", compress(offsets, received))
        last_frame = mine[-1]
        last = offsets[last_frame] + columns.header[last_frame] + columns.length[last_frame]
        last = min(last, MOST_OFFSET)
        needle = self._needle
        overlap = len(needle) - 1
        base = starts[0]
        while base < last:
            data = self._reading.source.stream(Direction.IN, base, min(base + PIECE + overlap, last)).lower()
            if not data:
                return
            hit = data.find(needle)
            while hit >= 0:
                where = base + hit
                at = mine[bisect_right(starts, where) - 1]
                start = offsets[at] + columns.header[at]
                end = start + columns.length[at]
                # Header bytes are no payload, and compressed or masked ones mean something else.
                if where >= start and where + len(needle) <= end and not flags[at] & _OTHERWISE:
                    found[at] = 1
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
