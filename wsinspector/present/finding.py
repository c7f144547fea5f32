"""Find in the log: which frames hold what is looked for, nearest first, and which rows show them."""

import re
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from wsinspector.present.closing import close_text
from wsinspector.present.frame_index import (
    BINARY,
    BINARY_PART,
    CLOSE,
    HIDDEN,
    KIND,
    OTHER_PART,
    PING,
    PONG,
    RESERVED,
    RESERVED_CONTROL,
    TEXT,
    TEXT_PART,
)
from wsinspector.present.frames import FrameReading
from wsinspector.present.needle import Needle
from wsinspector.present.rows import SUB_BITS, LogRows, Mode
from wsinspector.present.search import SLICE
from wsinspector.present.typenames import type_name

_PARTS = {TEXT_PART, BINARY_PART, OTHER_PART}
_TYPE_KINDS = {
    "text": {TEXT}, "binary": {BINARY}, "ping": {PING}, "pong": {PONG}, "close": {CLOSE},
    "cont": _PARTS, "cont.": _PARTS, "continuation": _PARTS,
}  # fmt: skip
_ONES = re.compile(b"[\x01]")
_NUMBER = re.compile(r"#?(\d{1,15})\Z")
CLOSE_BYTES = 512


class PayloadSearch(Protocol):
    """Looks through payloads; ``done`` is the number of the last frame looked at and may be set."""

    done: int

    def step(self, upto: int) -> bytes:
        """Look at frames from ``done + 1`` to at most ``upto``: a 1 for each that matches, else 0."""


@dataclass(frozen=True, slots=True)
class Found:
    """Frames ``start + 1`` to ``start + len(hits)``, a 1 for each that holds what is looked for."""

    start: int
    hits: bytes


class Finder:
    """Looks at pieces of frames in whatever order they are asked for; for one thread, not the window's."""

    def __init__(
        self,
        needle: Needle,
        payloads: PayloadSearch,
        reading: FrameReading,
        rows: LogRows,
    ) -> None:
        self._payloads = payloads
        self._reading = reading
        self._index = rows.index
        self._needle = needle
        payloads_only = needle.payloads_only or needle.pattern
        text = needle.plain.strip()
        number = _NUMBER.match(text)
        self._number = int(number.group(1)) if number is not None and not payloads_only else 0
        kinds = set() if payloads_only else _TYPE_KINDS.get(text, set())
        self._kinds = bytes(value & KIND in kinds for value in range(256)) if kinds else b""
        # Rows that say something that is not in their bytes: a reserved type, a close code.
        spoken = {RESERVED, RESERVED_CONTROL, CLOSE} if not payloads_only else {CLOSE}
        self._spoken = bytes(value & KIND in spoken for value in range(256))
        self._types = not payloads_only

    def look(self, start: int, stop: int) -> Found:
        """Look at the frames ``start + 1`` to ``stop``, at most a slice of them."""
        self._payloads.done = start
        hits = bytearray(self._payloads.step(min(stop, start + SLICE)))
        kinds = self._index.frames.piece(start, start + len(hits))
        if self._kinds:
            named = int.from_bytes(kinds.translate(self._kinds), "little")
            hits = bytearray((int.from_bytes(hits, "little") | named).to_bytes(len(hits), "little"))
        for match in _ONES.finditer(kinds.translate(self._spoken)):
            at = match.start()
            if not hits[at] and self._says(start + at + 1):
                hits[at] = 1
        if start < self._number <= start + len(hits):
            hits[self._number - start - 1] = 1
        return Found(start, bytes(hits))

    def _says(self, number: int) -> bool:
        facts = self._reading.facts(number)
        if facts is None:
            return False
        if facts.opcode == 0x8:
            said = close_text(self._reading.payload(facts, 0, CLOSE_BYTES), self._reading.agreed)
            return bool(self._needle.places(said[0], 1))
        return self._types and self._needle.is_type(type_name(self._reading, facts))


class Hits:
    """What :class:`Finder` found so far and which rows show it, counted; for the window's thread.

    A hit stands at the number of the frame whose row shows it. ``look`` at what :meth:`plan` names,
    :meth:`take` what came of it, then :meth:`count_on` until it says that nothing is left.
    """

    def __init__(self, rows: LogRows) -> None:
        self._rows = rows
        self._raw = bytearray()  # a 1 a frame that matches
        self._searched: array[int] = array("H")  # frames looked at, a chunk
        self.total = 0
        self._recount()

    def _recount(self) -> None:
        self._state = self._rows.laid_out
        self._shown = bytearray(len(self._raw))  # a 1 a row that shows a hit, at its frame
        self._counted: array[int] = array("H", bytes(2 * len(self._searched)))
        self._sums: array[int] = array("H", bytes(2 * len(self._searched)))
        self.total = 0

    # -- looking

    def plan(self, anchor: int, backward: bool, at_most: int = 16) -> list[tuple[int, int]]:
        """(start, stop) of pieces not looked at yet, nearest to frame ``anchor`` first."""
        frames = len(self._rows.index)
        chunks = -(-frames // SLICE)
        while len(self._searched) < chunks:
            self._searched.append(0)
            self._counted.append(0)
            self._sums.append(0)
        if frames > len(self._raw):
            self._raw += bytes(frames - len(self._raw))
            self._shown += bytes(frames - len(self._shown))
        found = []
        for chunk in self._order(anchor, backward, chunks):
            start = chunk * SLICE + self._searched[chunk]
            stop = min((chunk + 1) * SLICE, frames)
            if start < stop:
                found.append((start, stop))
                if len(found) >= at_most:
                    break
        return found

    def _order(self, anchor: int, backward: bool, chunks: int) -> Sequence[int]:
        here = min(max(anchor - 1, 0) // SLICE, max(chunks - 1, 0))
        if backward:
            return (*range(here, -1, -1), *range(chunks - 1, here, -1))
        return (*range(here, chunks), *range(here))

    def take(self, found: Found) -> None:
        """Keep what was found."""
        chunk = found.start // SLICE
        if chunk >= len(self._searched) or chunk * SLICE + self._searched[chunk] != found.start:
            return  # of an earlier look
        self._raw[found.start : found.start + len(found.hits)] = found.hits
        self._searched[chunk] += len(found.hits)

    @property
    def searched(self) -> int:
        """Frames looked at."""
        return sum(self._searched)

    @property
    def done(self) -> bool:
        """Whether every frame was looked at and counted."""
        return self.searched >= len(self._rows.index) and self._searched == self._counted

    def count_on(self, anchor: int, backward: bool, more: Callable[[], bool]) -> bool:
        """Count a few pieces more while ``more()``; False where nothing is left to be counted."""
        if self._state != self._rows.laid_out:
            self._recount()
        for chunk in self._order(anchor, backward, len(self._searched)):
            if self._counted[chunk] < self._searched[chunk]:
                self._count(chunk)
                if not more():
                    return True
        return False

    def _count(self, chunk: int) -> None:
        base = chunk * SLICE
        start, stop = base + self._counted[chunk], base + self._searched[chunk]
        self._counted[chunk] = self._searched[chunk]
        raw = bytes(self._raw[start:stop])
        if 1 not in raw:
            return
        rows = self._rows
        if rows.mode is Mode.MESSAGES:
            heads = bytearray(raw)
            hidden = rows.index.messages.piece(start, stop).translate(_IS_HIDDEN)
            for match in _ONES.finditer(_both(raw, hidden)):
                heads[match.start()] = 0
                head = rows.index.head_of(start + match.start() + 1)
                if rows.row_of(head << SUB_BITS) is not None:
                    self._set(head)
            raw = bytes(heads)
        plain = raw if rows.everything else _both(raw, rows.shown_among(start, stop))
        already = bytes(self._shown[start:stop])
        fresh = _both(plain, already.translate(_NOT))
        self._shown[start:stop] = _either(already, plain)
        added = fresh.count(1)
        self._sums[chunk] += added
        self.total += added

    def _set(self, number: int) -> None:
        if not self._shown[number - 1]:
            self._shown[number - 1] = 1
            self._sums[(number - 1) // SLICE] += 1
            self.total += 1

    # -- asking

    @property
    def any_hidden(self) -> bool:
        """Whether something was found, in a row or not."""
        return 1 in self._raw

    def is_hit(self, number: int) -> bool:
        """Whether the row of frame ``number`` holds a hit, as far as is known."""
        return number <= len(self._shown) and bool(self._shown[number - 1])

    def place_of(self, number: int) -> int:
        """Which of the hits so far the row of ``number`` is, from 1; 0 for none."""
        if not self.is_hit(number):
            return 0
        chunk = (number - 1) // SLICE
        return sum(self._sums[:chunk]) + self._shown.count(1, chunk * SLICE, number)

    def after(self, number: int) -> tuple[int, bool]:
        """(the nearest hit behind frame ``number`` or 0, whether that is certain)."""
        at = self._shown.find(1, number)
        unsure = self._first_unsure(number)
        if at >= 0 and at < unsure:
            return at + 1, True
        return 0, unsure >= len(self._rows.index)

    def before(self, number: int) -> tuple[int, bool]:
        """(the nearest hit in front of frame ``number`` or 0, whether that is certain)."""
        at = self._shown.rfind(1, 0, max(number - 1, 0))
        unsure = self._last_unsure(number - 1)
        if at >= 0 and at >= unsure:
            return at + 1, True
        return 0, unsure <= 0

    def _first_unsure(self, start: int) -> int:
        """The first frame (from 0) from ``start`` on that was not counted yet."""
        frames = len(self._rows.index)
        for chunk in range(start // SLICE, len(self._counted)):
            reached = chunk * SLICE + self._counted[chunk]
            if reached < min((chunk + 1) * SLICE, frames):
                return max(start, reached)
        return frames if frames <= len(self._counted) * SLICE else len(self._counted) * SLICE

    def _last_unsure(self, stop: int) -> int:
        """One behind the last frame (from 0) below ``stop`` that was not counted yet; 0 for none."""
        stop = min(stop, len(self._rows.index))
        if stop > len(self._counted) * SLICE:
            return stop
        for chunk in range(min((stop - 1) // SLICE, len(self._counted) - 1), -1, -1):
            if chunk * SLICE + self._counted[chunk] < min((chunk + 1) * SLICE, stop):
                return min((chunk + 1) * SLICE, stop)
        return 0


_IS_HIDDEN = bytes(1 if value & HIDDEN else 0 for value in range(256))
_NOT = bytes(0 if value else 1 for value in range(256))


def _both(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "little") & int.from_bytes(other, "little")).to_bytes(len(one), "little")


def _either(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "little") | int.from_bytes(other, "little")).to_bytes(len(one), "little")
