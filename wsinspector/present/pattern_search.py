"""A regular expression looked for in the payloads of all frames, with a time for each."""

import time

from wsinspector.filter.patterns import search
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.needle import FLAGS
from wsinspector.present.payload import read_payload
from wsinspector.present.plain import decoded
from wsinspector.present.search import SLICE
from wsinspector.protocol.columns import FLAG_OUT

SECONDS = 0.05
"""A pattern may take so long for one payload; over it the frame counts as not decided."""

LIMIT = 1 << 20
"""Bytes of a payload that are looked at."""

STEP_SECONDS = 0.02


class PatternSearch:
    """Finds the messages that ``pattern`` matches; a hit counts for the last frame of its message.

    ``undecided``: how many took longer than they may. Run it on one thread of its own.
    """

    def __init__(self, pattern: str, reading: FrameReading, index: FrameIndex, inflation: Inflation) -> None:
        self._pattern = pattern
        self._reading = reading
        self._index = index
        self._inflation = inflation
        self.done = 0
        self.undecided = 0

    def step(self, upto: int) -> bytes:
        """Look at the next frames, as far as ``upto``, for some milliseconds: a 1 for each that matches."""
        until = time.perf_counter() + STEP_SECONDS
        found = bytearray()
        while self.done < upto and len(found) < SLICE:
            self.done += 1
            found.append(self._one(self.done))
            if time.perf_counter() > until:
                break
        return bytes(found)

    def _one(self, number: int) -> int:
        facts = self._reading.facts(number)
        if facts is None or not facts.fin:
            return 0
        parts = self._index.parts_of(facts.message, facts.flags & FLAG_OUT) if facts.opcode < 8 else None
        if not parts:
            parts = self._index.members_of(number)[:1]
        payload = read_payload(self._reading, self._inflation, parts, LIMIT)
        if payload is None:
            return 0
        matched = search(self._pattern, FLAGS, decoded(payload.data), SECONDS)
        self.undecided += matched is None
        return int(bool(matched))
