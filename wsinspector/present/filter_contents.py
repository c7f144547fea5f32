"""Reads payloads for a filter: a window of the stream at a time, unmasked, inflated, joined."""

from collections.abc import Sequence

from wsinspector.filter.content import Content
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.protocol.columns import FLAG_MASKED, FLAG_OUT
from wsinspector.protocol.deflate import LIMIT
from wsinspector.protocol.opcodes import CLOSE, TEXT
from wsinspector.protocol.spans import Direction

WHOLE = LIMIT
"""Bytes of a payload that are held at once; of a larger one only that much is looked at."""

AHEAD = 1 << 18


class Contents:
    """Payloads of frames by their facts. Not thread-safe."""

    def __init__(self, reading: FrameReading, inflation: Inflation) -> None:
        self._reading = reading
        self._inflation = inflation
        self._data = [b"", b""]
        self._begins = [0, 0]
        self._codes = reading.framing.abilities(reading.agreed).close_codes

    def of_frame(self, facts: FrameFacts, opcode: int, *, ahead: bool) -> Content:
        """The payload of one frame. ``ahead``: frames behind it will be asked for too."""
        if facts.compressed:
            return self._inflated(facts, facts.number, facts.number, opcode)
        data = self._payload(facts, ahead=ahead)
        whole = len(data) >= facts.length or facts.length <= WHOLE
        if facts.opcode == CLOSE:
            return self._close(data, whole=whole)
        return Content(data, opcode == TEXT, whole=whole)

    def of_message(self, parts: Sequence[FrameFacts], opcode: int) -> Content:
        """The joined payload of a fragmented message."""
        if any(facts.compressed for facts in parts):
            return self._inflated(parts[-1], parts[0].number, parts[-1].number, opcode)
        pieces = []
        have = 0
        for facts in parts:
            if have < WHOLE:
                pieces.append(self._reading.payload(facts, 0, WHOLE - have))
                have += len(pieces[-1])
        return Content(b"".join(pieces), opcode == TEXT, whole=have < WHOLE)

    def _inflated(self, facts: FrameFacts, first: int, last: int, opcode: int) -> Content:
        found = self._inflation.message(facts.direction, first, last, WHOLE)
        return Content(
            b"".join(found.parts), opcode == TEXT, whole=found.size == found.have and found.fault is None
        )

    def _close(self, data: bytes, *, whole: bool) -> Content:
        code = self._reading.framing.close_code(data, agreed=self._reading.agreed)
        reason = data[2:] if code is not None else b"" if self._codes else data
        return Content(data, True, code, reason, whole)

    def _payload(self, facts: FrameFacts, *, ahead: bool) -> bytes:
        if facts.header + facts.length > AHEAD:
            return self._reading.payload(facts, 0, WHOLE)
        side = facts.flags & FLAG_OUT
        start = facts.offset - self._begins[side]
        stop = start + facts.header + facts.length
        if start < 0 or stop > len(self._data[side]):
            end = facts.payload_end + (AHEAD if ahead else 0)
            self._data[side] = self._reading.source.stream(Direction(side), facts.offset, end)
            self._begins[side] = facts.offset
            start, stop = 0, facts.header + facts.length
        data = self._data[side]
        payload = data[start + facts.header : stop]
        if facts.flags & FLAG_MASKED:
            header = data[start : start + facts.header]
            reading = self._reading
            return reading.framing.unmask(
                header, payload, 0, sender=reading.sender(facts), agreed=reading.agreed
            )
        return payload
