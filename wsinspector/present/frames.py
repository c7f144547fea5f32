"""One frame or message read out of the capture: facts, wire bytes, payload, as far as asked for."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from wsinspector.present.frame_index import FrameSource
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_MASKED, FLAG_OUT, FLAG_SENTINEL, FrameColumns
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.protocol.framings import Framing, framing_called
from wsinspector.protocol.spans import Direction, Role


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
    def sentinel(self) -> bool:
        """Whether one byte 0xFF ends the frame, after its payload."""
        return bool(self.flags & FLAG_SENTINEL)

    @property
    def payload_end(self) -> int:
        return self.offset + self.header + self.length

    @property
    def end(self) -> int:
        return self.payload_end + self.sentinel


def framing_of(agreed: Agreed) -> Framing:
    """How frames lie on the wire in the dialect that was agreed on."""
    return framing_called(frame_facts(agreed.dialect).framing)


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


SHORTEST_MASKED = 6
"""Bytes of the shortest header with a key."""

PAGE = 64
KEPT_PAGES = 64

SMALL = 512
"""Bytes up to which a slice is read together with what lies behind it."""

AHEAD = 16384


class FrameReading:
    """Frames of one attempt by number. Reads little more than it returns; any thread may call.

    ``agreed``: what the frames are read as. ``role``: ours. ``composed``: the frames were made up around the
    messages of an import, so that nothing is known of how they travelled.
    """

    def __init__(
        self,
        source: FrameSource,
        agreed: Agreed = NOTHING_AGREED,
        role: Role = Role.CLIENT,
        *,
        composed: bool = False,
    ) -> None:
        self.source = source
        self.agreed = agreed
        self.role = role
        self.composed = composed
        self._pages: dict[int, FrameColumns] = {}
        self._nearby: dict[Direction, tuple[int, bytes]] = {}

    def read_as(self, agreed: Agreed, role: Role) -> None:
        """The handshake is over: from here on frames are read as it settled."""
        self.agreed, self.role = agreed, role

    @property
    def framing(self) -> Framing:
        return framing_of(self.agreed)

    def sender(self, facts: FrameFacts) -> Role:
        """Which endpoint sent the frame."""
        if facts.out:
            return self.role
        return Role.SERVER if self.role is Role.CLIENT else Role.CLIENT

    def facts(self, number: int) -> FrameFacts | None:
        """The frame's columns; None where it is not (or no longer) in the capture, which has no header."""
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
        return facts_of(columns, at, number) if at < len(columns) and columns.header[at] else None

    def _bytes(self, direction: Direction, start: int, end: int) -> bytes:
        """A slice of a stream. A small one is taken out of a larger: the next row asks for what follows."""
        if end - start > SMALL:
            return self.source.stream(direction, start, end)
        begins, data = self._nearby.get(direction, (0, b""))
        if not begins <= start <= end <= begins + len(data):
            begins, data = start, self.source.stream(direction, start, start + AHEAD)
            self._nearby[direction] = begins, data
        return data[start - begins : end - begins]

    def wire(self, facts: FrameFacts, at_most: int) -> bytes:
        """The frame as it travelled, header first, at most ``at_most`` bytes."""
        return self._bytes(facts.direction, facts.offset, min(facts.end, facts.offset + at_most))

    def header(self, facts: FrameFacts) -> bytes:
        return self._bytes(facts.direction, facts.offset, facts.payload_start)

    def plain_header(self, facts: FrameFacts) -> bytes:
        """The header as its sender had it, where masking covers it; else as it travelled."""
        header = self.header(facts)
        if not facts.flags & FLAG_MASKED or len(header) != facts.header:
            return header
        return self.framing.plain_header(header, sender=self.sender(facts), agreed=self.agreed)

    def key(self, facts: FrameFacts) -> bytes:
        """The four bytes of the masking key (in hybi-04 the frame's nonce), empty where there are none."""
        if not facts.flags & FLAG_MASKED:
            return b""
        header = self.header(facts)
        if len(header) != facts.header or len(header) < SHORTEST_MASKED:
            return b""
        return header[:4] if self.framing.name == "whole" else header[-4:]

    def payload(self, facts: FrameFacts, start: int, at_most: int) -> bytes:
        """Payload bytes from ``start`` on, unmasked, as compressed as they travelled."""
        first = facts.payload_start + start
        raw = self._bytes(facts.direction, first, min(facts.payload_end, first + at_most))
        if raw and facts.flags & FLAG_MASKED:
            header = self.header(facts)
            if len(header) == facts.header:
                sender = self.sender(facts)
                return self.framing.unmask(header, raw, start, sender=sender, agreed=self.agreed)
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
