"""hybi-01 to 06 into frame columns: the drafts' opcodes, RSV4, and a mask over whole frames."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.columns import FLAG_MASKED
from wsinspector.protocol.frame_scanner import TOP_BIT, FrameScanner
from wsinspector.protocol.frames import mask_from
from wsinspector.protocol.framings.draft_numbers import RFC_OF_DRAFT, RSV4_BIT
from wsinspector.protocol.framings.frame_key import PREFIX, frame_key
from wsinspector.protocol.lengths import MAX_HEADER
from wsinspector.protocol.opcodes import FIN_BIT

_RSV4 = int(FrameAnomaly.RSV4)
_LENGTH_TOP_BIT = int(FrameAnomaly.LENGTH_TOP_BIT)
_ZERO_MASKING_KEY = int(FrameAnomaly.ZERO_MASKING_KEY)
_REPEATED_MASKING_KEY = int(FrameAnomaly.REPEATED_MASKING_KEY)
_ZERO_KEY = bytes(4)


class TwoByteScanner(FrameScanner):
    """The header that both families of drafts have, unmasked. ``_more``: what stands where FIN came."""

    _more = 0

    def _meaning(self, first: int) -> int:
        """A first byte as RFC 6455 would have it."""
        return (first & 0xF0 ^ self._more) | RFC_OF_DRAFT[first & 0x0F]

    def _first_of(self, header: bytes) -> int:
        return self._meaning(header[0])

    def _begin(self, data: bytes, pos: int, size: int) -> bool:
        read = self._two_bytes(data[pos : min(size, pos + MAX_HEADER)])
        if read is None:
            return False
        stop, first, length, found = read
        self._begun(data[pos : pos + stop], first, length, found)
        return True

    def _two_bytes(self, header: bytes) -> tuple[int, int, int, int] | None:
        """A header's size, first byte by meaning, length and anomalies; None where it is not whole."""
        if len(header) < 2:
            return None
        first = self._meaning(header[0])
        found = self._by_first[first]
        if header[1] & RSV4_BIT:
            found |= _RSV4
        length = header[1] & 0x7F
        stop = 2
        if length > 125:
            stop = 4 if length == 126 else 10
            if len(header) < stop:
                return None
            length = int.from_bytes(header[2:stop], "big")
            if length >= TOP_BIT:
                found |= _LENGTH_TOP_BIT
        return stop, first, length, found


class MoreScanner(TwoByteScanner):
    """hybi-01 to 03: the first bit says that more follows."""

    _more = FIN_BIT


class WholeScanner(TwoByteScanner):
    """hybi-04 to 06: a client's frame comes behind four bytes, masked from its first bit on."""

    def _first_of(self, header: bytes) -> int:
        if not self._masked:
            return super()._first_of(header)
        if len(header) <= PREFIX:
            return 0
        return self._meaning(header[PREFIX] ^ frame_key(header[:PREFIX], self.agreed)[0])

    def _begin(self, data: bytes, pos: int, size: int) -> bool:
        if not self._masked:
            return super()._begin(data, pos, size)
        if size - pos < PREFIX + 2:
            return False
        prefix = data[pos : pos + PREFIX]
        key = frame_key(prefix, self.agreed)
        read = self._two_bytes(mask_from(data[pos + PREFIX : min(size, pos + MAX_HEADER)], key, 0))
        if read is None:
            return False
        stop, first, length, found = read
        if prefix == _ZERO_KEY:
            found |= _ZERO_MASKING_KEY
        if prefix == self._last_key:
            found |= _REPEATED_MASKING_KEY
        self._last_key = prefix
        turn = stop % len(key)
        payload_key = key[turn:] + key[:turn]
        header = data[pos : pos + PREFIX + stop]
        self._begun(header, first, length, found, FLAG_MASKED, payload_key)
        return True
