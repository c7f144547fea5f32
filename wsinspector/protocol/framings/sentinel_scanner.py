"""hixie-75 and 76 into frame columns: frames that end at a byte, and frames that nobody reads."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.columns import FLAG_SENTINEL
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.frame_scanner import TOP_BIT, FrameScanner
from wsinspector.protocol.opcodes import BINARY, CLOSE, FIN_BIT, TEXT

SENTINEL = 0xFF
TEXT_TYPE = 0x00
CLOSE_TYPE = 0xFF
LENGTH_BIT = 0x80
"""In the type: a length follows, no sentinel. In a byte of the length: another one follows."""

MAX_LENGTH_BYTES = 9
"""Groups of seven bits that are read: 63 bits. Where the ninth is not the last, no end is waited for."""

_TEXT = FIN_BIT | TEXT
_BINARY = FIN_BIT | BINARY
_UNDEFINED = FIN_BIT | 0x3
_CLOSE = FIN_BIT | CLOSE
_RESERVED = int(FrameAnomaly.RESERVED_OPCODE)
_LENGTH_TOP_BIT = int(FrameAnomaly.LENGTH_TOP_BIT)


def meaning_of(kind: int, length: int | None = None) -> int:
    """A frame's type as a first byte of RFC 6455; ``length``: as declared, None where not known."""
    if kind == TEXT_TYPE:
        return _TEXT
    if not kind & LENGTH_BIT:
        return _UNDEFINED
    return _CLOSE if kind == CLOSE_TYPE and length == 0 else _BINARY


def read_length(data: bytes, pos: int, size: int) -> tuple[int, int] | None:
    """The length at ``pos`` and where it ends; None where its bytes are not all there.

    TOP_BIT for one that is longer than :data:`MAX_LENGTH_BYTES`.
    """
    length = 0
    for at in range(pos, min(size, pos + MAX_LENGTH_BYTES)):
        length = length << 7 | data[at] & 0x7F
        if not data[at] & LENGTH_BIT:
            return length, at + 1
    return (TOP_BIT, pos + MAX_LENGTH_BYTES) if size - pos >= MAX_LENGTH_BYTES else None


class SentinelScanner(FrameScanner):
    """As :class:`FrameScanner` says. A text's length is what has come of it, until its FF has come.

    Only type 00 is ever delivered; other types, and all with a length, are passed over as the drafts
    say (RESERVED_OPCODE: the type is not defined). FF with the length 0 closes.
    """

    def _first_of(self, header: bytes) -> int:
        return meaning_of(header[0])

    def end(self, at: int) -> None:
        # No FF has come, so none belongs to the frame.
        self._flags &= ~FLAG_SENTINEL
        super().end(at)

    def _begin(self, data: bytes, pos: int, size: int) -> bool:
        kind = data[pos]
        if not kind & LENGTH_BIT:
            first = meaning_of(kind)
            self._begun(data[pos : pos + 1], first, 0, self._by_first[first], FLAG_SENTINEL)
            return True
        read = read_length(data, pos + 1, size)
        if read is None:
            return False
        length, stop = read
        first = meaning_of(kind, length)
        found = _LENGTH_TOP_BIT if length >= TOP_BIT else 0
        if first != _CLOSE or frame_facts(self.agreed.dialect).close is CloseStyle.NONE:
            found |= _RESERVED
        self._begun(data[pos:stop], first, length, found)
        return True

    def _through(self, data: bytes, pos: int, size: int, at: int) -> int:
        if not self._flags & FLAG_SENTINEL:
            return super()._through(data, pos, size, at)
        stop = data.find(SENTINEL, pos)
        end = size if stop < 0 else stop
        if end > pos:
            if self._current is not None:
                self._anomalies |= self._messages.declared(self._current, end - pos)
            if self._reads_payload:
                self._take_payload(data, pos, end)
            self._have = self._length = self._have + end - pos
        if stop < 0:
            return end
        self._finish(at)
        return stop + 1
