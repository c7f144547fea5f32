"""Whether text is UTF-8, told at the first byte that says no, however the text comes in pieces."""

from codecs import utf_8_decode


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
