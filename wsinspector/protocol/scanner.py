"""One direction's bytes of hybi-07 to RFC 6455 into frame columns, cut anywhere (RFC 6455 §5)."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed, Attention, MessageNumbering, Numbering, PendingFrame
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE, FLAG_MASKED, FLAG_STARTS_MESSAGE
from wsinspector.protocol.frame_rules import close_anomalies
from wsinspector.protocol.frame_scanner import TOP_BIT, FrameScanner
from wsinspector.protocol.lengths import header_length
from wsinspector.protocol.opcodes import MASK_BIT
from wsinspector.protocol.runs import append_run, run_masked, run_plain

__all__ = [
    "Agreed",
    "Attention",
    "MessageNumbering",
    "Numbering",
    "PendingFrame",
    "Rfc6455Scanner",
    "close_anomalies",
]

_UNMASKED = int(FrameAnomaly.UNMASKED)
_MASKED = int(FrameAnomaly.MASKED)
_NOT_MINIMAL = int(FrameAnomaly.LENGTH_NOT_MINIMAL)
_LENGTH_TOP_BIT = int(FrameAnomaly.LENGTH_TOP_BIT)
_ZERO_MASKING_KEY = int(FrameAnomaly.ZERO_MASKING_KEY)
_REPEATED_MASKING_KEY = int(FrameAnomaly.REPEATED_MASKING_KEY)

_ZERO_KEY = bytes(4)


class Rfc6455Scanner(FrameScanner):
    """As :class:`FrameScanner` says, with a fast road for runs of whole, faultless messages."""

    _quick = (0x81, 0x82)

    def _run(self, data: bytes, pos: int, size: int, at: int) -> int:
        limit = size if self._max_message is None else self._max_message
        if self._masked:
            run = run_masked(data, pos, size, limit, self._last_key)
            flags = self._direction_flag | FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE | FLAG_MASKED
        else:
            run = run_plain(data, pos, size, limit)
            flags = self._direction_flag | FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE
        stop, _, lengths, _, key = run
        count = len(lengths)
        if count:
            self._last_key = key
            numbering = self.numbering
            offset = self._end - size + pos
            key_bytes = 4 if self._masked else 0
            append_run(self.columns, run, offset, key_bytes, flags, at, numbering.messages + 1)
            numbering.messages += count
            numbering.frames += count
        return stop

    def _begin(self, data: bytes, pos: int, size: int) -> bool:
        if size - pos < 2:
            return False
        first = data[pos]
        b1 = data[pos + 1]
        stop = pos + header_length(b1)
        if stop > size:
            return False
        found = self._by_first[first]
        length = b1 & 0x7F
        if length == 126:
            length = data[pos + 2] << 8 | data[pos + 3]
            if length < 126:
                found |= _NOT_MINIMAL
        elif length == 127:
            length = int.from_bytes(data[pos + 2 : pos + 10], "big")
            if length < 0x10000:
                found |= _NOT_MINIMAL
            elif length >= TOP_BIT:
                found |= _LENGTH_TOP_BIT
        flags = 0
        key: bytes | None = None
        if b1 & MASK_BIT:
            key = data[stop - 4 : stop]
            flags = FLAG_MASKED
            if not self._masked:
                found |= _MASKED
            if key == _ZERO_KEY:
                found |= _ZERO_MASKING_KEY
            if key == self._last_key:
                found |= _REPEATED_MASKING_KEY
        elif self._masked:
            found |= _UNMASKED
        self._last_key = key
        self._begun(data[pos:stop], first, length, found, flags, key)
        return True
