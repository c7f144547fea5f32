"""Reads HTTP/1 heads of either kind from bytes, tolerant, in one pass and at any cut."""

import re
from dataclasses import dataclass

from wsinspector.protocol.http import OWS, Head, HeadLine
from wsinspector.protocol.spans import Span

_BLANKS = re.compile(rb"[ \t]*")
_COLON = re.compile(rb"[ \t]*:[ \t]*")


@dataclass(frozen=True, slots=True)
class RequestLine:
    """The parts of a request line; a missing part is empty. ``version`` is such as b"HTTP/1.1"."""

    method: bytes
    target: bytes
    version: bytes


class HeadScanner:
    """Collects one head. Every byte is looked at once, however the bytes are cut.

    ``start`` is the stream offset of the first byte that will be given. A head ends with a
    blank line; CRLF and LF both end a line. Blank lines before the start line are skipped.
    """

    def __init__(self, start: int = 0) -> None:
        self.start = start
        self._data = bytearray()
        self._line_start = 0  # of the physical line still arriving
        self._searched = 0  # no LF before this in that line
        self._begun = False  # past the blank lines in front
        self._head_start = 0
        self._start_line = b""
        self._start_ending = b""
        self._lines: list[HeadLine] = []
        # The header line that a folded continuation may still extend; joined only when it is
        # known to be whole, so that a thousand folds cost a thousand bytes and not a million.
        self._open_start = -1
        self._open_end = -1
        self._open_folds = 0
        self._terminator = b""
        self._end = -1

    @property
    def complete(self) -> bool:
        return self._end >= 0

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self._data)

    @property
    def leading_blank(self) -> Span:
        """The blank lines in front of the start line."""
        return Span(self.start, self.start + (self._head_start if self._begun else self._line_start))

    @property
    def data(self) -> bytes:
        """Every byte held, as it came."""
        return bytes(self._data)

    def first_bytes(self, count: int) -> bytes:
        """Up to ``count`` bytes from the start of the start line."""
        at = self._head_start if self._begun else self._line_start
        return bytes(self._data[at : at + count])

    def feed(self, data: bytes) -> int:
        """Take bytes up to the end of the head; return how many were taken.

        Of ``data`` only what belongs to the head is kept.
        """
        before = len(self._data)
        self._data += data
        while not self.complete:
            at = self._data.find(b"\n", self._searched)
            if at < 0:
                self._searched = len(self._data)
                return len(data)
            self._physical_line(self._line_start, at + 1)
            self._line_start = self._searched = at + 1
        taken = self._end - before
        del self._data[self._end :]
        return taken

    def _physical_line(self, start: int, end: int) -> None:
        data = self._data
        blank = end - start == 1 or (end - start == 2 and data[start] == 0x0D)
        if not self._begun:
            if blank:
                return
            self._begun = True
            self._head_start = start
            self._start_line, self._start_ending = _cut_ending(bytes(data[start:end]))
        elif blank:
            self._close_line()
            self._terminator = bytes(data[start:end])
            self._end = end
        elif data[start] in OWS and self._open_start >= 0:
            self._open_end = end
            self._open_folds += 1
        else:
            self._close_line()
            self._open_start, self._open_end = start, end

    def _close_line(self) -> None:
        if self._open_start >= 0:
            self._lines.append(self._header_line(self._open_start, self._open_end, self._open_folds > 0))
        self._open_start = self._open_end = -1
        self._open_folds = 0

    def _header_line(self, start: int, end: int, folded: bool) -> HeadLine:
        text, ending = _cut_ending(bytes(self._data[start:end]))
        span = Span(self.start + start, self.start + end)
        return read_line(text, ending, span, folded=folded)

    def head(self) -> Head:
        """The head as far as it has come; costs a copy of the list of lines."""
        if self.complete:
            span = Span(self.start + self._head_start, self.start + self._end)
            return Head(
                self._start_line, self._start_ending, tuple(self._lines), self._terminator, span, True
            )
        lines = list(self._lines)
        start_line, start_ending = self._start_line, self._start_ending
        head_start = self._head_start if self._begun else self._line_start
        tail = len(self._data)
        rest_is_fold = (
            self._open_start >= 0 and self._line_start < tail and self._data[self._line_start] in OWS
        )
        if not self._begun:
            start_line = bytes(self._data[self._line_start :])
        elif rest_is_fold:
            lines.append(self._header_line(self._open_start, tail, True))
        else:
            if self._open_start >= 0:
                lines.append(self._header_line(self._open_start, self._open_end, self._open_folds > 0))
            if self._line_start < tail:
                lines.append(self._header_line(self._line_start, tail, False))
        span = Span(self.start + head_start, self.start + tail)
        return Head(start_line, start_ending, tuple(lines), b"", span, False)


def _cut_ending(line: bytes) -> tuple[bytes, bytes]:
    if line.endswith(b"\r\n"):
        return line[:-2], b"\r\n"
    if line.endswith(b"\n"):
        return line[:-1], b"\n"
    return line, b""


def read_line(text: bytes, ending: bytes, span: Span, *, folded: bool = False) -> HeadLine:
    """Take a header line apart; ``text`` is the line without its last line ending."""
    # A colon that stands only in a folded continuation does not make a field of the first line.
    limit = text.find(b"\n") if folded else len(text)
    colon = text.find(b":", 0, limit if limit >= 0 else len(text))
    if colon < 0:
        return HeadLine(text, b"", b"", ending, span, folded)
    name_end = len(text[:colon].rstrip(OWS))
    if name_end == 0 and colon > 0:
        name_end = colon  # nothing but blanks before the colon: they are all the name there is
    match = _COLON.match(text, name_end)
    value_start = match.end() if match else colon + 1
    return HeadLine(text[:name_end], text[name_end:value_start], text[value_start:], ending, span, folded)


def parse_head(data: bytes, start: int = 0, *, at_end: bool = False) -> Head | None:
    """The head that begins at ``data[start]``; spans count from ``data[0]``.

    None while its blank line is missing, unless ``at_end`` says that no more will come: then
    what is there, with ``complete`` False.
    """
    scanner = HeadScanner(start)
    scanner.feed(data[start:])
    if scanner.complete or at_end:
        return scanner.head()
    return None


def parse_request(data: bytes) -> Head:
    """The head of a request, whatever the bytes are; half a head has ``complete`` False."""
    scanner = HeadScanner()
    scanner.feed(data)
    return scanner.head()


def request_parts(head: Head) -> RequestLine:
    """Method, target and HTTP version of a request's head.

    The target may hold blanks: what stands between the first blank and the last word that
    begins with ``HTTP/`` is the target, as lenient servers read it.
    """
    line = head.start_line
    words = _BLANKS.match(line)
    begin = words.end() if words else 0
    method_end = _next_blank(line, begin)
    method = line[begin:method_end]
    rest = line[method_end:].strip(OWS)
    target, blank, version = _rsplit_blank(rest)
    if blank and version.upper().startswith(b"HTTP/"):
        return RequestLine(method, target, version)
    if not blank and rest.upper().startswith(b"HTTP/"):
        return RequestLine(method, b"", rest)
    return RequestLine(method, rest, b"")


def _next_blank(line: bytes, start: int) -> int:
    for at in range(start, len(line)):
        if line[at] in OWS:
            return at
    return len(line)


def _rsplit_blank(text: bytes) -> tuple[bytes, bool, bytes]:
    at = max(text.rfind(b" "), text.rfind(b"\t"))
    if at < 0:
        return text, False, b""
    return text[:at].rstrip(OWS), True, text[at + 1 :]
