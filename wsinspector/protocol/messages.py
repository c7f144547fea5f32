"""What the frames of one message say together: text checked byte by byte, payload joined."""

from codecs import utf_8_decode
from collections.abc import Iterable
from dataclasses import dataclass

from wsinspector.protocol.deflate import LIMIT, InflateFault, Inflater
from wsinspector.protocol.frames import apply_mask, read_frame_head


def first_bad_utf8(data: bytes) -> int | None:
    """Offset of the byte at which ``data`` stops being UTF-8 (RFC 3629), None where it never does.

    A sequence that ``data`` ends within is bad at its first byte.
    """
    checker = Utf8Checker()
    bad = checker.feed(data)
    return checker.end() if bad is None else bad


class Utf8Checker:
    """Checks a text that comes in pieces; holds at most three bytes."""

    __slots__ = ("_tail", "bad_at", "size")

    def __init__(self) -> None:
        self._tail = b""
        self.size = 0
        self.bad_at: int | None = None

    def feed(self, piece: bytes) -> int | None:
        """Take the next piece; the offset in the whole text of the first bad byte so far."""
        if self.bad_at is not None:
            return self.bad_at
        tail = self._tail
        if not tail and piece.isascii():
            self.size += len(piece)
            return None
        start = self.size - len(tail)
        data = tail + piece if tail else piece
        self.size += len(piece)
        try:
            _, used = utf_8_decode(data, "strict", False)
        except UnicodeDecodeError as error:
            # "Start byte" errors speak of the byte itself, all others of the byte after the
            # part that was still well begun.
            at = error.start if "start byte" in error.reason else error.end
            self.bad_at = start + at
            return self.bad_at
        self._tail = data[used:]
        if len(self._tail) == 2 and self._tail[0] == 0xED and self._tail[1] >= 0xA0:
            # A surrogate: certain after two bytes, but the codec waits for the third.
            self.bad_at = self.size - 1
        return self.bad_at

    def end(self) -> int | None:
        """The text is over: where the first bad byte is, a cut sequence counted at its start."""
        if self.bad_at is None and self._tail:
            self.bad_at = self.size - len(self._tail)
        return self.bad_at


@dataclass(frozen=True, slots=True)
class Assembled:
    """A message's payload for viewing.

    ``wire``: payload bytes that travelled, unmasked but not inflated. ``payload``: what they
    mean. ``fault``: why inflating stopped; ``payload`` holds what came out before.
    """

    payload: bytes
    wire: bytes
    fault: InflateFault | None


def unmasked_payload(frame: bytes) -> bytes:
    """The payload of one frame's bytes as far as they are there, unmasked."""
    head = read_frame_head(frame)
    if head is None:
        return b""
    payload = frame[head.header_len : head.header_len + head.length]
    return payload if head.key is None else apply_mask(payload, head.key)


def assemble(frames: Iterable[bytes], *, inflater: Inflater | None = None, limit: int = LIMIT) -> Assembled:
    """Join the frames (header and payload each) of one message, in order.

    ``inflater`` stands where the message begins (restored from a checkpoint and moved on)
    where the message is compressed, else None. At most ``limit`` bytes of payload are made.
    """
    wire = b"".join(unmasked_payload(frame) for frame in frames)
    if inflater is None:
        return Assembled(wire[:limit], wire, InflateFault.LIMIT if len(wire) > limit else None)
    out = list(inflater.pieces(wire, final=True))
    fault = inflater.fault
    inflater.end_message()
    return Assembled(b"".join(out), wire, fault)
