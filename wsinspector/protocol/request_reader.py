"""Reads a client's request as it comes, as a server does, and says when all of it is there."""

from wsinspector.protocol.dialects import dialect_called, spoken_for
from wsinspector.protocol.head_reader import HeadScanner, request_parts
from wsinspector.protocol.http import Head

MOST = 1 << 20
"""Bytes of a head that is read; what goes on beyond is no request."""


class RequestReader:
    """One request from its first byte, cut anywhere: head, and the bytes after it that belong to it.

    Never raises. What is no HTTP is held as far as it came, at most MOST bytes.
    """

    def __init__(self) -> None:
        self._scanner = HeadScanner()
        self._tail = bytearray()
        self._tail_length = 0

    @property
    def complete(self) -> bool:
        """Whether the blank line came, and what the dialect puts behind it (hixie-76: eight bytes)."""
        return self._scanner.complete and len(self._tail) == self._tail_length

    @property
    def size(self) -> int:
        """Bytes of the request so far."""
        return self._scanner.size + len(self._tail)

    @property
    def data(self) -> bytes:
        """The request's bytes so far, from the stream's first on."""
        return self._scanner.data + bytes(self._tail)

    @property
    def head(self) -> Head:
        """The head as far as it has come."""
        return self._scanner.head()

    @property
    def tail(self) -> bytes:
        """What came of the bytes behind the blank line that belong to the request."""
        return bytes(self._tail)

    def feed(self, data: bytes) -> int:
        """Take what belongs to the request; how many bytes were taken."""
        taken = 0 if self._scanner.complete else self._feed_head(data)
        piece = data[taken : taken + self._tail_length - len(self._tail)]
        self._tail += piece
        return taken + len(piece)

    def _feed_head(self, data: bytes) -> int:
        taken = self._scanner.feed(data[: MOST - self._scanner.size])
        if self._scanner.complete:
            self._tail_length = dialect_called(spoken_for(self._scanner.data)).handshake.request_tail
        return taken


def read_request(data: bytes) -> RequestReader:
    """A reader that was given ``data``."""
    reader = RequestReader()
    reader.feed(data)
    return reader


def is_http(request: bytes) -> bool | None:
    """Whether a request's first line names an HTTP version; None while that line is not whole."""
    scanner = HeadScanner()
    scanner.feed(request)
    head = scanner.head()
    if not head.start_ending:
        return None
    return request_parts(head).version.upper().startswith(b"HTTP/")
