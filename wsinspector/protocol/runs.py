"""The scanner's fast road: runs of whole, faultless, unfragmented messages, no object a frame.

A run ends before the first frame that is anything else; the scanner's slow road takes that one.
"""

import sys
from array import array
from codecs import utf_8_decode
from itertools import accumulate
from operator import add

from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.frames import apply_mask

_FINAL_TEXT = 0x81
_FINAL_BINARY = 0x82
_ZERO_KEY = bytes(4)
_FEW = 4
_LOW_BYTE = 0 if sys.byteorder == "little" else 7
_EMPTY = FrameColumns()
_LONGER = {header: bytes((length + header) & 0xFF for length in range(256)) for header in (2, 6)}
_TURN = 1 << 16
_FIRST_TURN = array("I", range(_TURN)).tobytes()
_HIGH_BYTES = (2, 3) if sys.byteorder == "little" else (1, 0)
_LARGE = 1 << 12
"""From here on a slice is worth avoiding."""


Run = tuple[int, bytearray, list[int], bool, bytes | None]
"""Where it stopped, the first bytes and payload lengths in order, whether some length has more than
seven bits, and the last masking key. A bare tuple, since one is made for every read."""


def run_plain(data: bytes, pos: int, size: int, limit: int) -> Run:
    """Whole unmasked messages from ``pos``, each of at most ``limit`` bytes of payload."""
    firsts = bytearray()
    lengths: list[int] = []
    add_first = firsts.append
    add_length = lengths.append
    long = False
    last = size - 1
    while pos < last:
        first = data[pos]
        length = data[pos + 1]
        body = pos + 2
        if length > 125:
            if length == 126:
                body = pos + 4
                if body > size:
                    break
                length = data[pos + 2] << 8 | data[pos + 3]
                if length < 126:
                    break
            elif length == 127:
                body = pos + 10
                if body > size:
                    break
                length = int.from_bytes(data[pos + 2 : body], "big")
                if length < 0x10000:
                    break
            else:
                break
            end = body + length
            if end > size or length > limit:
                break
            long = True
        else:
            end = body + length
            if end > size or length > limit:
                break
        if first == _FINAL_TEXT:
            piece = data[body:end]
            if not piece.isascii():
                try:
                    utf_8_decode(piece, "strict", True)
                except UnicodeDecodeError:
                    break
        elif first != _FINAL_BINARY:
            break
        add_first(first)
        add_length(length)
        pos = end
    return pos, firsts, lengths, long, None


def run_masked(data: bytes, pos: int, size: int, limit: int, key: bytes | None) -> Run:
    """As :func:`run_plain`, of masked messages; ``key`` is the key of the frame before."""
    firsts = bytearray()
    lengths: list[int] = []
    add_first = firsts.append
    add_length = lengths.append
    long = False
    last = size - 5
    while pos < last:
        first = data[pos]
        length = data[pos + 1] - 128
        body = pos + 6
        if length > 125:
            if length == 126:
                body = pos + 8
                if body > size:
                    break
                length = data[pos + 2] << 8 | data[pos + 3]
                if length < 126:
                    break
            else:
                body = pos + 14
                if body > size:
                    break
                length = int.from_bytes(data[pos + 2 : pos + 10], "big")
                if length < 0x10000:
                    break
            end = body + length
            if end > size or length > limit:
                break
            this_key = data[body - 4 : body]
            if this_key in (key, _ZERO_KEY):
                break
            long = True
        else:
            end = body + length
            if length < 0 or end > size or length > limit:
                break
            this_key = data[pos + 2 : body]
            if this_key in (key, _ZERO_KEY):
                break
        if first == _FINAL_TEXT:
            if length < _LARGE:
                piece = apply_mask(data[body:end], this_key)
            else:
                piece = apply_mask(memoryview(data)[body:end], this_key)
            if not piece.isascii():
                try:
                    utf_8_decode(piece, "strict", True)
                except UnicodeDecodeError:
                    break
        elif first != _FINAL_BINARY:
            break
        key = this_key
        add_first(first)
        add_length(length)
        pos = end
    return pos, firsts, lengths, long, key


def append_run(
    columns: FrameColumns, run: Run, offset: int, key_bytes: int, flags: int, at: int, message: int
) -> None:
    """Append a run that begins at stream ``offset``; ``message`` is its first message's number."""
    _, firsts, lengths, long, _ = run
    count = len(lengths)
    if count <= _FEW:
        for first, length in zip(firsts, lengths, strict=True):
            header = key_bytes + (2 if length < 126 else 4 if length < 0x10000 else 10)
            columns.offset.append(offset)
            columns.header.append(header)
            columns.length.append(length)
            columns.first.append(first)
            columns.flags.append(flags)
            columns.time.append(at)
            columns.message.append(message)
            columns.anomalies.append(0)
            offset += header + length
            message += 1
        return
    header = key_bytes + 2
    if long:
        headers = [header if n < 126 else header + 2 if n < 0x10000 else header + 8 for n in lengths]
        columns.header.extend(array("B", headers))
        offsets = list(accumulate(map(add, lengths, headers), initial=offset))
        columns.length.extend(array("Q", lengths))
    else:
        columns.header.extend(array("B", (header,)) * count)
        short = bytes(lengths)
        offsets = list(accumulate(short.translate(_LONGER[header]), initial=offset))
        spread = bytearray(8 * count)
        spread[_LOW_BYTE::8] = short
        columns.length.frombytes(spread)
    offsets.pop()
    columns.offset.extend(array("Q", offsets))
    columns.first.frombytes(firsts)
    columns.flags.extend(array("B", (flags,)) * count)
    columns.time.extend(array("q", (at,)) * count)
    columns.message.frombytes(_counted(message, count))
    columns.anomalies.frombytes(bytes(columns.anomalies.itemsize * count))


def _counted(first: int, count: int) -> bytearray:
    """The numbers from ``first`` on as 32-bit integers, copied from a table: no integer a frame."""
    found = bytearray()
    while count:
        turn, low = divmod(first, _TURN)
        some = min(_TURN - low, count)
        piece = bytearray(_FIRST_TURN[4 * low : 4 * (low + some)])
        for place, byte in zip(_HIGH_BYTES, turn.to_bytes(2, "little"), strict=True):
            if byte:
                piece[place::4] = bytes((byte,)) * some
        found += piece
        first += some
        count -= some
    return found


def no_frames() -> FrameColumns:
    """Empty columns; slices of empty arrays are made faster than arrays, and each read needs them."""
    empty = _EMPTY
    return FrameColumns(
        empty.offset[:],
        empty.header[:],
        empty.length[:],
        empty.first[:],
        empty.flags[:],
        empty.time[:],
        empty.message[:],
        empty.anomalies[:],
    )
