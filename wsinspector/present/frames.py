"""One frame or message read out of the capture: facts, wire bytes, payload, as far as asked for."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from wsinspector.present.frame_index import FrameSource
from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_MASKED, FLAG_OUT, FrameColumns
from wsinspector.protocol.frames import apply_mask
from wsinspector.protocol.spans import Direction


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """The columns of one frame; made only for rows in sight. See :class:`FrameColumns`."""

    number: int
    offset: int
    header: int
    length: int
    first: int
    flags: int
    time: int
    message: int
    anomalies: int

    @property
    def direction(self) -> Direction:
        return Direction.OUT if self.flags & FLAG_OUT else Direction.IN

    @property
    def out(self) -> bool:
        return bool(self.flags & FLAG_OUT)

    @property
    def opcode(self) -> int:
        return self.first & 0x0F

    @property
    def fin(self) -> bool:
        return bool(self.first & 0x80)

    @property
    def compressed(self) -> bool:
        return bool(self.flags & FLAG_COMPRESSED)

    @property
    def payload_start(self) -> int:
        return self.offset + self.header

    @property
    def end(self) -> int:
        return self.offset + self.header + self.length


def facts_of(columns: FrameColumns, at: int, number: int) -> FrameFacts:
    """Entry ``at`` of ``columns`` as an object."""
    return FrameFacts(
        number,
        columns.offset[at],
        columns.header[at],
        columns.length[at],
        columns.first[at],
        columns.flags[at],
        columns.time[at],
        columns.message[at],
        columns.anomalies[at],
    )


PAGE = 64
KEPT_PAGES = 64


class FrameReading:
    """Frames of one attempt by number. Reads little more than it returns; any thread may call."""

    def __init__(self, source: FrameSource) -> None:
        self.source = source
        self._pages: dict[int, FrameColumns] = {}

    def facts(self, number: int) -> FrameFacts | None:
        """The frame's columns; None where it is not (or no longer) in the capture."""
        if number < 1:
            return None
        # Rows in sight are neighbours, and a slice of columns costs the same for one as for a page.
        page, at = divmod(number - 1, PAGE)
        columns = self._pages.get(page)
        if columns is None or at >= len(columns):
            columns = self.source.columns(page * PAGE + 1, PAGE)
            if len(self._pages) >= KEPT_PAGES:
                self._pages = {}
            self._pages[page] = columns
        return facts_of(columns, at, number) if at < len(columns) else None

    def wire(self, facts: FrameFacts, at_most: int) -> bytes:
        """The frame as it travelled, header first, at most ``at_most`` bytes."""
        return self.source.stream(facts.direction, facts.offset, min(facts.end, facts.offset + at_most))

    def header(self, facts: FrameFacts) -> bytes:
        return self.source.stream(facts.direction, facts.offset, facts.payload_start)

    def payload(self, facts: FrameFacts, start: int, at_most: int) -> bytes:
        """Payload bytes from ``start`` on, unmasked, as compressed as they travelled."""
        first = facts.payload_start + start
        raw = self.source.stream(facts.direction, first, min(facts.end, first + at_most))
        if raw and facts.flags & FLAG_MASKED:
            key = self.source.stream(facts.direction, facts.payload_start - 4, facts.payload_start)
            if len(key) == 4:
                turn = start % 4
                return apply_mask(raw, key[turn:] + key[:turn])
        return raw

    def sizes(self, numbers: Sequence[int]) -> int:
        """Payload bytes of these frames together, as declared."""
        total = 0
        for number in numbers:
            facts = self.facts(number)
            if facts is not None:
                total += facts.length
        return total

    def joined(self, numbers: "array[int]", at_most: int) -> bytes:
        """The payloads of these frames one after another, as far as ``at_most`` bytes."""
        parts: list[bytes] = []
        have = 0
        for number in numbers:
            facts = self.facts(number)
            if facts is None or have >= at_most:
                break
            part = self.payload(facts, 0, at_most - have)
            parts.append(part)
            have += len(part)
        return b"".join(parts)
