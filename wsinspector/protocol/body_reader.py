"""Finds the end of an HTTP body by length, chunks or close, and removes the chunk framing."""

import enum
import re

from wsinspector.protocol.http import BodyFraming, HttpAnomaly, SeenAnomaly
from wsinspector.protocol.spans import Span

_CHUNK_LINE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n\Z")
_CHUNK_LINE_LIMIT = 4096
_TRAILER_LIMIT = 65536


class _Chunk(enum.Enum):
    SIZE = enum.auto()
    DATA = enum.auto()
    AFTER_DATA = enum.auto()
    TRAILER = enum.auto()
    BROKEN = enum.auto()


class BodyReader:
    """Takes the bytes after a head. ``start`` is the stream offset of the first of them.

    ``limit`` is the greatest number of body bytes that is kept; with it the body is ``done``.
    Bytes after ``done`` are not the body's. A chunk that cannot be read leaves the rest of the
    stream in the body as it travelled, so that nothing is hidden.
    """

    def __init__(self, framing: BodyFraming, start: int, announced: int | None, limit: int) -> None:
        self.framing = framing
        self.start = start
        self.end = start
        self.data = bytearray()
        self.done = framing in (BodyFraming.NONE, BodyFraming.UPGRADED)
        self.whole = self.done
        self.anomalies: list[SeenAnomaly] = []
        self._announced = announced
        self._limit = limit
        self._state = _Chunk.SIZE
        self._line = bytearray()
        self._left = 0
        self._trailer = 0
        if framing is BodyFraming.LENGTH and not announced:
            self.done = self.whole = True

    @property
    def broken(self) -> bool:
        """Whether a chunk could not be read, so that the end of the body cannot be known."""
        return self._state is _Chunk.BROKEN

    def feed(self, data: bytes) -> int:
        """Take what belongs to the body; return how many bytes that was."""
        if self.done:
            return 0
        if self.framing is BodyFraming.CHUNKED:
            return self._feed_chunked(data)
        wanted = len(data)
        if self._announced is not None and self.framing is BodyFraming.LENGTH:
            wanted = min(wanted, self._announced - len(self.data))
        taken = self._keep(data[:wanted])
        if self.framing is BodyFraming.LENGTH and len(self.data) == self._announced:
            self.done = self.whole = True
        return taken

    def eof(self) -> None:
        """The stream has ended: a body until close is whole by that."""
        if not self.done and self.framing is BodyFraming.UNTIL_CLOSE:
            self.done = self.whole = True

    def _keep(self, data: bytes) -> int:
        room = self._limit - len(self.data)
        kept = data[:room]
        self.data += kept
        self.end += len(kept)
        if len(data) > room:
            self.anomalies.append(SeenAnomaly(HttpAnomaly.BODY_LIMIT, Span(self.end, self.end)))
            self.done = True
        return len(kept)

    def _feed_chunked(self, data: bytes) -> int:
        at = 0
        while at < len(data) and not self.done:
            if self._state is _Chunk.BROKEN:
                at += self._keep(data[at:])
            elif self._state is _Chunk.DATA:
                wanted = min(self._left, len(data) - at)
                kept = self._keep(data[at : at + wanted])
                self._left -= kept
                at += kept
                if self._left == 0:
                    self._state = _Chunk.AFTER_DATA
            else:
                at += self._feed_line(data, at)
        return at

    def _feed_line(self, data: bytes, at: int) -> int:
        found = data.find(b"\n", at)
        stop = len(data) if found < 0 else found + 1
        limit = _TRAILER_LIMIT if self._state is _Chunk.TRAILER else _CHUNK_LINE_LIMIT
        stop = min(stop, at + limit - len(self._line))
        self._line += data[at:stop]
        self.end += stop - at
        if self._line.endswith(b"\n"):
            self._whole_line(bytes(self._line))
        elif len(self._line) >= limit or self._cannot_become_line():
            self._broken()
        return stop - at

    def _cannot_become_line(self) -> bool:
        """After a chunk's data only a line ending can follow: say so at the first other byte."""
        return self._state is _Chunk.AFTER_DATA and bytes(self._line) not in (b"", b"\r")

    def _whole_line(self, line: bytes) -> None:
        if self._state is _Chunk.TRAILER:
            self._trailer += len(line)
            self._line.clear()
            if line in (b"\r\n", b"\n"):
                self.done = self.whole = True
            elif self._trailer >= _TRAILER_LIMIT:
                self.anomalies.append(SeenAnomaly(HttpAnomaly.BODY_LIMIT, Span(self.end, self.end)))
                self.done = True
            return
        if self._state is _Chunk.AFTER_DATA:
            if line in (b"\r\n", b"\n"):
                self._line.clear()
                self._state = _Chunk.SIZE
            else:
                self._broken()
            return
        match = _CHUNK_LINE.match(line)
        if match is None:
            self._broken()
            return
        self._line.clear()
        self._left = int(match[1], 16)
        self._state = _Chunk.DATA if self._left else _Chunk.TRAILER

    def _broken(self) -> None:
        line = bytes(self._line)
        self._line.clear()
        at = self.end - len(line)
        self.anomalies.append(SeenAnomaly(HttpAnomaly.BAD_CHUNK, Span(at, at + 1)))
        self._state = _Chunk.BROKEN
        self.end = at
        self._keep(line)
