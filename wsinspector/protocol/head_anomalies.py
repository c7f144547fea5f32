"""What is odd about an answer's head, and the parts of its status line; nothing is judged here."""

import re
from collections import Counter

from wsinspector.protocol.http import Head, HttpAnomaly, SeenAnomaly
from wsinspector.protocol.spans import Span

HUGE_HEADER = 64 * 1024
"""From this many bytes a single header line is remarked on."""

_MOST_OF_A_KIND = 20  # a head of half a million odd lines needs no half a million remarks

_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_FOLD = re.compile(rb"\r?\n[ \t]")
_STATUS_LINE = re.compile(rb"(HTTP/[^ \t]*)[ \t]+([0-9]{3})(?:([ \t])(.*))?\Z", re.DOTALL | re.IGNORECASE)
_STRICT_STATUS_LINE = re.compile(rb"HTTP/[0-9]\.[0-9] [0-9]{3}(?: .*)?\Z", re.DOTALL)


def status_parts(line: bytes) -> tuple[bytes, int | None, bytes]:
    """HTTP version, status and reason of a status line; a status that cannot be read is None."""
    match = _STATUS_LINE.match(line)
    if match is None:
        return (line.split(b" ", 1)[0], None, b"") if line[:5].upper() == b"HTTP/" else (b"", None, b"")
    return match[1], int(match[2]), match[4] or b""


def head_anomalies(head: Head) -> list[SeenAnomaly]:
    """What is odd about an answer's head, in the order of its bytes.

    A line that is still without its ending is not judged. At most 20 of a kind are listed.
    """
    found = _Found()
    if head.start_ending:
        at = head.span.start
        _status_line_anomalies(head.start_line, Span(at, at + len(head.start_line)), found)
        if head.start_ending == b"\n":
            end = at + len(head.start_line)
            found.add(HttpAnomaly.LF_ONLY, Span(end, end + 1))
    for line in head.lines:
        if not line.ending:
            continue
        if not line.well_formed:
            found.add(HttpAnomaly.NO_COLON, line.span)
        elif not _TOKEN.match(line.name):
            found.add(HttpAnomaly.BAD_NAME, line.name_span)
        if line.well_formed and line.name and line.between[:1] in (b" ", b"\t"):
            colon = line.between.find(b":")
            start = line.name_span.end
            found.add(HttpAnomaly.BLANK_BEFORE_COLON, Span(start, start + colon))
        if line.folded:
            found.add(HttpAnomaly.FOLDED_LINE, line.span)
        control = _CONTROL.search(_FOLD.sub(b"   ", line.value) if line.folded else line.value)
        if control is not None:
            found.add(HttpAnomaly.CONTROL_CHARACTER, line.value_span)
        if len(line.span) >= HUGE_HEADER:
            found.add(HttpAnomaly.HUGE_HEADER, line.span)
        if line.ending == b"\n":
            found.add(HttpAnomaly.LF_ONLY, Span(line.span.end - 1, line.span.end))
    if head.terminator == b"\n":
        found.add(HttpAnomaly.LF_ONLY, Span(head.span.end - 1, head.span.end))
    return found.anomalies


class _Found:
    def __init__(self) -> None:
        self.anomalies: list[SeenAnomaly] = []
        self._counts: Counter[HttpAnomaly] = Counter()

    def add(self, code: HttpAnomaly, span: Span) -> None:
        self._counts[code] += 1
        if self._counts[code] <= _MOST_OF_A_KIND:
            self.anomalies.append(SeenAnomaly(code, span))


def _status_line_anomalies(line: bytes, span: Span, found: _Found) -> None:
    version, status, reason = status_parts(line)
    if version.upper() == b"HTTP/1.0":
        found.add(HttpAnomaly.HTTP_1_0, Span(span.start, span.start + len(version)))
    elif version.upper() != b"HTTP/1.1":
        found.add(HttpAnomaly.HTTP_0_9_OR_ODD_VERSION, Span(span.start, span.start + len(version)))
    if status is None or not _STRICT_STATUS_LINE.match(line):
        found.add(HttpAnomaly.BAD_STATUS_LINE, span)
        return
    if not reason:
        missing = len(line) == len(version) + 4
        found.add(HttpAnomaly.MISSING_REASON_BLANK if missing else HttpAnomaly.EMPTY_REASON, span)
    if _CONTROL.search(reason):
        found.add(HttpAnomaly.CONTROL_CHARACTER, Span(span.end - len(reason), span.end))
