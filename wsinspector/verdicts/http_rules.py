"""What HTTP itself says of an answer: one rule for each thing the reader remarks on."""

import bisect
from dataclasses import dataclass, field, replace

from wsinspector.protocol.greetings import recognise
from wsinspector.protocol.http import HeadLine, HttpAnomaly, Response, SeenAnomaly
from wsinspector.protocol.http_reader import HUGE_HEADER
from wsinspector.translate import translate
from wsinspector.verdicts.examples import refused, request_bytes
from wsinspector.verdicts.finding import Fault, Passed, Severity, Subject
from wsinspector.verdicts.rule import Applies, Bad, Case, Check, Example, Result, Rule, again, shown


@dataclass(frozen=True, slots=True)
class _Entry:
    """``text`` may use {line} (the header's name), {start}, {version} and {status_line} as they
    came, the sizes {came} of the head, {bytes} of what was seen and {announced}, the count {body}
    and the offset {at}.
    """

    code: HttpAnomaly
    name: str
    severity: Severity
    fault: Fault
    clause: str
    text: str
    why: str
    applies: Applies = Applies.ALWAYS
    what: str = field(kw_only=True)
    failing: Example = field(kw_only=True)

    def rule(self) -> Rule[Case]:
        return Rule(
            self.name,
            self.clause,
            self.applies,
            self.why,
            _check(self),
            what=self.what,
            passing=_RIGHT,
            failing=self.failing,
            severity=self.severity,
            fault=self.fault,
        )


_RIGHT = refused(b"404 Not Found")


def _chunked(body: bytes) -> Example:
    changes: dict[bytes, bytes | None] = {b"Content-Length": None, b"Transfer-Encoding": b"chunked"}
    return refused(b"400 Bad Request", changes, body=body)


_V, _U, _N = Severity.VIOLATES, Severity.UNUSUAL, Severity.NOTE

_TABLE: tuple[_Entry, ...] = (
    _Entry(
        HttpAnomaly.NOT_HTTP, "not-http", Severity.BREAKS, Fault.EITHER, "RFC 9112 §4",
        "The first bytes are {start}, expected HTTP/1.1.",
        "A handshake is answered in HTTP. What came may be another protocol, or another port than meant.",
        what="An answer begins with HTTP.",
        failing=Example(b"SSH-2.0-OpenSSH_9.2\r\n", request_bytes()),
    ),
    _Entry(
        HttpAnomaly.HALF_A_HEAD, "half-a-head", Severity.BREAKS, Fault.EITHER, "RFC 9112 §2.1",
        "The head ends after {came}, expected a blank line.",
        "Without the blank line the head is not whole. The server stopped, or something between cut it.",
        what="A head ends with a blank line.",
        failing=Example(b"HTTP/1.1 101 Switching Protocols\r\nUpgr", request_bytes()),
    ),
    _Entry(
        HttpAnomaly.HEAD_LIMIT, "head-limit", Severity.BREAKS, Fault.NOBODY, "RFC 9110 §5.4",
        "No blank line within {came}; the limit set here ended the reading.",
        "A recipient may limit the size of a head. The limit is this program's, not the server's.",
        what="A head is no longer than the limit set here.",
        failing=replace(refused(b"400 Bad Request", {b"X-Long": b"x" * 99}), limit=64),
    ),
    _Entry(
        HttpAnomaly.HTTP_1_0, "http-1.0", _N, Fault.NOBODY, "RFC 9110 §6.2",
        "The answer is HTTP/1.0.",
        "Only a 101 has to be HTTP/1.1; a refusal may have the version that its server knows. Such an answer "
        "often comes from an intermediary or an old server.",
        Applies.REFUSED,
        what="A refusal is HTTP/1.1, though it need not be.",
        failing=refused(b"", start=b"HTTP/1.0 400 Bad Request"),
    ),
    _Entry(
        HttpAnomaly.HTTP_0_9_OR_ODD_VERSION, "odd-http-version", _U, Fault.SERVER, "RFC 9112 §2.3",
        "The HTTP version is {version}, expected HTTP/1.1.",
        "An HTTP/1 status line names one digit, a dot and one digit. Clients may refuse any other.",
        Applies.REFUSED,
        what="The HTTP version is one digit, a dot and one digit.",
        failing=refused(b"", start=b"HTTP/1 400 Bad Request"),
    ),
    _Entry(
        HttpAnomaly.BAD_STATUS_LINE, "status-line", _V, Fault.SERVER, "RFC 9112 §4",
        "The status line is {status_line}, expected version, status and reason with one blank between.",
        "The parts are parted by exactly one blank. Lenient clients read more, strict ones fail.",
        Applies.REFUSED,
        what="A status line is version, status and reason with one blank between.",
        failing=refused(b"", start=b"HTTP/1.1  400 Bad Request"),
    ),
    _Entry(
        HttpAnomaly.MISSING_REASON_BLANK, "reason-blank", _V, Fault.SERVER, "RFC 9112 §4",
        "No blank after the status, expected one even without a reason.",
        "The reason may be empty, the blank before it may not be missing. Some clients stumble over it.",
        what="A blank stands behind the status, also where no reason follows.",
        failing=refused(b"", start=b"HTTP/1.1 400"),
    ),
    _Entry(
        HttpAnomaly.LEADING_BLANK_LINES, "leading-blank-lines", _V, Fault.SERVER, "RFC 9112 §2.1",
        "{bytes} of blank lines before the status line, expected none.",
        "A message begins with its start line. Left-over bytes of an earlier body look like this.",
        what="An answer begins with its status line.",
        failing=replace(_RIGHT, data=b"\r\n" + _RIGHT.data),
    ),
    _Entry(
        HttpAnomaly.LF_ONLY, "line-ending", _V, Fault.SERVER, "RFC 9112 §2.2",
        "Lines end with LF alone, expected CRLF.",
        "Lines of a head end with CRLF. Most clients take LF too, strict ones and proxies may not.",
        what="Lines end with CRLF.",
        failing=replace(_RIGHT, data=_RIGHT.data.replace(b"\r\n", b"\n")),
    ),
    _Entry(
        HttpAnomaly.FOLDED_LINE, "folded-line", _V, Fault.SERVER, "RFC 9112 §5.2",
        "{line} goes on over more than one line, expected one.",
        "Folding is obsolete and must not be sent. Clients read it as blanks, or refuse it.",
        what="A header stands on one line.",
        failing=refused(b"400 Bad Request", {b"X-Note": b"one\r\n two"}),
    ),
    _Entry(
        HttpAnomaly.NO_COLON, "no-colon", _V, Fault.SERVER, "RFC 9112 §5",
        "A header line has no colon: {line}.",
        "A header line is a name, a colon and a value. Clients may drop the line or the answer.",
        what="Every header line has a colon.",
        failing=refused(b"400 Bad Request", extra=b"Odd line\r\n"),
    ),
    _Entry(
        HttpAnomaly.BLANK_BEFORE_COLON, "blank-before-colon", _V, Fault.SERVER, "RFC 9112 §5.1",
        "A blank stands between {line} and its colon, expected none.",
        "No blank may stand there. Some readers drop the line, others take the name with the blank.",
        what="No blank stands between a name and its colon.",
        failing=refused(b"400 Bad Request", extra=b"Server : x\r\n"),
    ),
    _Entry(
        HttpAnomaly.BAD_NAME, "header-name", _V, Fault.SERVER, "RFC 9110 §5.1",
        "{line} is no header name, expected a token.",
        "A name is made of letters, digits and a few signs. Clients may drop the line or the answer.",
        what="A header's name is a token.",
        failing=refused(b"400 Bad Request", {b"X(odd)": b"1"}),
    ),
    _Entry(
        HttpAnomaly.CONTROL_CHARACTER, "control-character", _V, Fault.SERVER, "RFC 9110 §5.5",
        "{line} holds a control character, expected visible characters, blanks and tabs.",
        "Control characters are invalid in a head. A lone CR or a NUL can end a line for some readers.",
        what="A value has no control character but the tab.",
        failing=refused(b"400 Bad Request", {b"Server": b"a\x00b"}),
    ),
    _Entry(
        HttpAnomaly.HUGE_HEADER, "huge-header", _U, Fault.NOBODY, "RFC 9110 §5.4",
        "{line} has {bytes}.",
        "No limit is laid down. Many clients and proxies stop at 8 to 64 KiB.",
        what="A header is smaller than 64 KiB.",
        failing=refused(b"400 Bad Request", {b"X-Long": b"x" * HUGE_HEADER}),
    ),
    _Entry(
        HttpAnomaly.LENGTH_LIES, "content-length", _V, Fault.SERVER, "RFC 9112 §6.3",
        "Content-Length announces {announced}, {body} came.",
        "The length must be that of the body. A client waits for the rest until its own time-out.",
        what="As many bytes come as Content-Length announces.",
        failing=refused(b"400 Bad Request", {b"Content-Length": b"5"}, body=b"no"),
    ),
    _Entry(
        HttpAnomaly.LENGTH_AWAITED, "length-awaited", _U, Fault.EITHER, "RFC 9112 §6.3",
        "Content-Length announces {announced}, {body} had come when the reading stopped.",
        "The server may be slow, or never send the rest. This program stopped waiting first.",
        what="A body comes before this program stops waiting for it.",
        failing=replace(refused(b"400 Bad Request", {b"Content-Length": b"5"}, body=b"no"), ended=False),
    ),
    _Entry(
        HttpAnomaly.CHUNKS_AWAITED, "chunks-awaited", _U, Fault.EITHER, "RFC 9112 §7.1",
        "{body} of the body had come when the reading stopped, and no last chunk.",
        "The server may be slow, or never send the rest. This program stopped waiting first.",
        what="The last chunk comes before this program stops waiting for it.",
        failing=replace(_chunked(b"2\r\nno\r\n"), ended=False),
    ),
    _Entry(
        HttpAnomaly.LENGTH_UNREADABLE, "content-length-form", _V, Fault.SERVER, "RFC 9110 §8.6",
        "Content-Length cannot be read, expected one number.",
        "The value is digits only, and the same wherever it is repeated. Without it the body ends with "
        "the connection.",
        what="Content-Length is one number.",
        failing=refused(b"400 Bad Request", {b"Content-Length": b"two"}, body=b"no"),
    ),
    _Entry(
        HttpAnomaly.LENGTH_AND_CHUNKED, "length-and-coding", _V, Fault.SERVER, "RFC 9112 §6.2",
        "Content-Length and Transfer-Encoding stand together, expected one of them.",
        "A sender must not use both. Readers that differ on which counts can be made to disagree on "
        "where the body ends.",
        Applies.REFUSED,
        what="Content-Length and Transfer-Encoding do not stand together.",
        failing=refused(b"400 Bad Request", {b"Transfer-Encoding": b"chunked"}, body=b"0\r\n\r\n"),
    ),
    _Entry(
        HttpAnomaly.BAD_CHUNK, "chunk", _V, Fault.SERVER, "RFC 9112 §7.1",
        "A chunk cannot be read at byte {at}.",
        "A chunk is a hexadecimal size, a line ending, the data and a line ending. From here on the "
        "bytes are shown as they came.",
        what="A chunk is a size in hexadecimal, a line ending, data and a line ending.",
        failing=_chunked(b"2\r\nnoXX0\r\n\r\n"),
    ),
    _Entry(
        HttpAnomaly.BODY_CUT, "body-cut", _V, Fault.EITHER, "RFC 9112 §8",
        "The body ends at byte {at} before it is whole.",
        "The server announced more than came. It stopped, or something between cut it.",
        what="A body comes whole.",
        failing=_chunked(b"2\r\nno"),
    ),
    _Entry(
        HttpAnomaly.BODY_LIMIT, "body-limit", _N, Fault.NOBODY, "RFC 9110 §2.3",
        "The body was read up to byte {at}; the limit set here ended the reading.",
        "The limit is this program's, not the server's. The capture holds what was received.",
        what="A body is no longer than the limit set here.",
        failing=replace(refused(b"400 Bad Request", body=b"x" * 300), limit=256),
    ),
    _Entry(
        HttpAnomaly.BYTES_AFTER_BODY, "bytes-after-body", _U, Fault.SERVER, "RFC 9112 §9.2",
        "{bytes} after the whole body, expected none.",
        "Nothing was asked for after this answer. The announced length may be too small.",
        what="Nothing comes behind a whole body.",
        failing=refused(b"400 Bad Request", {b"Content-Length": b"1"}, body=b"no"),
    ),
)  # fmt: skip


def _line_at(response: Response, offset: int) -> HeadLine | None:
    """The header line that holds a byte; lines stand in the order of their spans."""
    lines = response.head.lines
    at = bisect.bisect_right(lines, offset, key=lambda line: line.span.start) - 1
    return lines[at] if at >= 0 and offset < lines[at].span.end else None


def _start(body: bytes) -> str:
    known = recognise(body)
    return f"{shown(body[:8])} ({known})" if known else shown(body[:8])


def _size(count: int) -> str:
    return "1 byte" if count == 1 else f"{count} bytes"


def _fill(entry: _Entry, seen: SeenAnomaly, response: Response) -> str:
    head = response.head
    line = _line_at(response, seen.span.start)
    name = "The status line" if line is None else shown(line.name) or "An empty name"
    return translate("Rules", entry.text).format(
        start=_start(response.body),
        came=_size(len(head.span)),
        announced=_size(response.announced or 0),
        body=len(response.body),
        version=shown(response.http_version),
        status_line=shown(head.start_line),
        bytes=_size(len(seen.span)),
        line=name,
        at=seen.span.start,
    )


def _subject(seen: SeenAnomaly, response: Response) -> Subject:
    line = _line_at(response, seen.span.start)
    return Subject("response", seen.span, None if line is None else line.name)


def _check(entry: _Entry) -> Check:
    def check(case: Case) -> Result:
        seen = [each for each in case.response.anomalies if each.code is entry.code]
        if seen:
            text = _fill(entry, seen[0], case.response)
            if len(seen) > 1:
                text = f"{text[:-1]}{again(entry.text, len(seen))}."
            subjects = tuple(_subject(each, case.response) for each in seen)
            yield Bad(text, subjects, entry.severity, entry.fault)

    return check


def well_formed(response: Response) -> Passed | None:
    """That a whole head has nothing odd in its form: every rule of this module is met at once."""
    # An empty reason is what the grammar allows; the reader remarks on it all the same.
    odd = [seen for seen in response.anomalies if seen.code is not HttpAnomaly.EMPTY_REASON]
    if not response.head.complete or odd:
        return None
    return Passed("well-formed", "RFC 9112 §2", "The head is well-formed HTTP.")


HTTP_RULES: tuple[Rule[Case], ...] = tuple(entry.rule() for entry in _TABLE)
