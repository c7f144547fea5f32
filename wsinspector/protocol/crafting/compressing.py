"""Payloads compressed as permessage-deflate has it, and in each way in which it can go wrong (RFC 7692)."""

import zlib
from hashlib import shake_128

from wsinspector.protocol.crafting.crafted import Compression
from wsinspector.protocol.crafting.payloads import CraftError
from wsinspector.protocol.deflate import TAIL, DeflateParameters
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

MOST_COMPRESSED = 64 << 20
"""Bytes of a payload that are compressed; beyond, a plan would hold too much."""

_FULL = 1 << 15
_FARTHEST = _FULL - 262
"""How far zlib's own deflate refers back at most."""
_LOOKED_AT = 1 << 14
_RESERVED_TYPE = 0b110
"""BTYPE 11 in a block's first byte, which no block has (RFC 1951 §3.2.3)."""


class Compressor:
    """Compresses the messages of one direction in order.

    ``window``: the bytes that the receiver's inflater holds, empty at the start.
    """

    def __init__(self, deflate: DeflateParameters | None, sender: Role, window: bytes = b"") -> None:
        agreed = deflate or DeflateParameters()
        self.bits = agreed.window_bits(sender)
        self._takeover = agreed.takeover(sender)
        self.window = window if self._takeover else b""

    def compressed(self, payload: bytes, how: Compression) -> bytes:
        """``payload`` as it travels. Raises CraftError where it is too large to be compressed at once."""
        if how in (Compression.NO, Compression.RSV1_ALONE):
            return payload
        if len(payload) > MOST_COMPRESSED:
            raise CraftError(translate("Craft", "At most 64 MiB are compressed."))
        match how:
            case Compression.TAIL_KEPT:
                return self._deflated(payload) + TAIL
            case Compression.FINAL_BLOCK:
                return self._deflated(payload, zlib.Z_FINISH)
            case Compression.CORRUPT:
                data = self._deflated(payload)
                return bytes((data[0] | _RESERVED_TYPE,)) + data[1:]
            case Compression.WINDOW:
                return self._deflated(payload, bits=15)
            case Compression.MISSING_CONTEXT:
                return self._deflated(payload, dictionary=_never_sent(payload), bits=15)
            case _:
                data = self._deflated(payload)
        if how is Compression.YES and self._takeover:
            self.window = (self.window + payload)[-_FULL:]
        return data

    def _deflated(
        self,
        payload: bytes,
        flush: int = zlib.Z_SYNC_FLUSH,
        *,
        bits: int | None = None,
        dictionary: bytes | None = None,
    ) -> bytes:
        bits = bits or self.bits
        # zlib writes no raw stream for a window of 256 bytes; without back references any window does.
        strategy = zlib.Z_HUFFMAN_ONLY if bits < 9 else zlib.Z_DEFAULT_STRATEGY
        known = self.window if dictionary is None else dictionary
        known = known[-(1 << bits) :]
        level = zlib.Z_DEFAULT_COMPRESSION
        wbits = -max(9, bits)
        made = (
            zlib.compressobj(level, zlib.DEFLATED, wbits, 8, strategy, known)
            if known
            else zlib.compressobj(level, zlib.DEFLATED, wbits, 8, strategy)
        )
        data = made.compress(payload) + made.flush(flush)
        if flush == zlib.Z_FINISH:
            # RFC 7692 §7.2.3.4: a whole byte behind the last block, so that the tail can be appended.
            return data + b"\x00"
        return data.removesuffix(TAIL) or b"\x00"


def reaches_beyond(data: bytes, window: bytes, bits: int) -> bool:
    """Whether compressed ``data`` refers back further than ``bits`` allow; looks at 16 KiB of output."""
    if bits >= 15:
        return False
    known = window[-(1 << bits) :]
    inflating = zlib.decompressobj(-bits, zdict=known) if known else zlib.decompressobj(-bits)
    rest, given = data + TAIL, 0
    try:
        while rest and given < _LOOKED_AT and not inflating.eof:
            # A byte at a time: zlib allows what lies in the same piece of output, however far back.
            out = inflating.decompress(rest, 1)
            rest = inflating.unconsumed_tail
            given += len(out)
            if not out and not rest:
                break
    except zlib.error:
        return True
    return False


def _never_sent(payload: bytes) -> bytes:
    """A dictionary that holds ``payload`` as far back as a reference reaches, where a receiver has nothing
    unless it has had 32 KiB before."""
    start = payload[: _FARTHEST // 2]
    return start + shake_128(b"", usedforsecurity=False).digest(_FARTHEST - len(start))


def sets_rsv1(how: Compression) -> bool:
    """Whether RSV1 is set on a message compressed so."""
    return how not in (Compression.NO, Compression.NO_RSV1)


def split_point(payload: bytes) -> int:
    """Bytes up to and with the first byte of the first UTF-8 sequence of several; 0 where there is none."""
    return next((at + 1 for at, byte in enumerate(payload[:-1]) if byte >= 0xC2), 0)
