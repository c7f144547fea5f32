"""What HTTP itself says of a request, whatever version of the protocol it asks for."""

import re
from dataclasses import dataclass

from wsinspector.protocol.http import HttpAnomaly, SeenAnomaly, split_list
from wsinspector.protocol.http_reader import head_anomalies
from wsinspector.protocol.spans import Span
from wsinspector.translate import translate
from wsinspector.verdicts.examples import asked, request_bytes
from wsinspector.verdicts.finding import Fault, Severity, Subject
from wsinspector.verdicts.rule import (
    MOST_FINDINGS,
    About,
    Applies,
    Bad,
    Example,
    Good,
    RequestCase,
    RequestCheck,
    Result,
    Rule,
    again,
    counted,
    on_lines,
    on_start_line,
    shown,
)

_B, _V, _U, _N = Severity.BREAKS, Severity.VIOLATES, Severity.UNUSUAL, Severity.NOTE
_REQUEST_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+ [\x21-\x7e]+ HTTP/[0-9]\.[0-9]\Z")
_HOST = re.compile(
    rb"(?:\[[0-9A-Fa-fvV:.]+[\]]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?\Z"
)
_LENGTH = re.compile(rb"[0-9]+\Z")
_ODD_TARGET = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+ ([^ ]+) HTTP/[0-9]\.[0-9]\Z", re.DOTALL)
_NO_TARGET_BYTE = re.compile(rb"[^\x21-\x7e]+")

WHOLE = "request-whole"
"""The id of the rule without which no other can say what a server must do."""

_MOST_BYTES = 8
_OUTSIDE = (
    "A target is written in visible ASCII; every other byte stands as % and two hexadecimal digits (RFC 3986 "
    "§2.1). A server may answer 400, and those that do not differ in which resource they find."
)

HUGE = 8192
"""Bytes of a head from which common servers answer 431 or 400."""


def _whole(case: RequestCase) -> Result:
    if not case.head.complete:
        text = translate("Rules", "The request has no blank line at its end, expected one.")
        yield Bad(text, (Subject("request", Span(len(case.data), len(case.data))),))


def _request_line(case: RequestCase) -> Result:
    if _REQUEST_LINE.match(case.head.start_line):
        yield Good(translate("Rules", "The request line is well-formed."))
        return
    if odd := _ODD_TARGET.match(case.head.start_line):
        yield _bytes_in_target(list(_NO_TARGET_BYTE.finditer(odd[1])), case.head.span.start + odd.start(1))
        return
    said = shown(case.head.start_line) or "missing"
    text = translate(
        "Rules", "The request line is {0}, expected method, target and version with one blank between."
    ).format(said)
    yield Bad(text, on_start_line("request", case.head))


def _bytes_in_target(runs: list[re.Match[bytes]], start: int) -> Bad:
    """The three parts are there; what is wrong is bytes of the second, which begins at ``start``."""
    first, cut = runs[0][0][:_MOST_BYTES], "…" * (len(runs[0][0]) > _MOST_BYTES)
    what = "byte" if len(runs[0][0]) == 1 else "bytes"
    wanted = "".join(f"%{byte:02X}" for byte in first)
    text = translate("Rules", "The request target holds the {0} {1}{2}, expected {3}{4}").format(
        what, first.hex(" ").upper(), cut, wanted, cut
    )
    more = again("{at}", len(runs)) if len(runs) > 1 else ""
    spans = [Span(start + run.start(), start + run.end()) for run in runs[:MOST_FINDINGS]]
    subjects = tuple(Subject("request", span) for span in spans)
    return Bad(f"{text}{more}.", subjects, clause="RFC 9112 §3.2", why=_OUTSIDE)


def _host(case: RequestCase) -> Result:
    lines = case.head.named(b"Host")
    where = on_lines("request", lines)
    if not lines:
        yield Bad(
            translate("Rules", "The request has no Host header, expected one."),
            on_start_line("request", case.head),
        )
    elif len(lines) > 1:
        yield Bad(
            translate("Rules", "The Host header stands {0} times, expected once.").format(len(lines)), where
        )
    elif not lines[0].trimmed:
        yield Bad(translate("Rules", "The Host header is empty, expected a name or an address."), where, _U)
    elif not _HOST.match(lines[0].trimmed):
        text = translate("Rules", "The Host header is {0}, expected a name or an address and a port.").format(
            shown(lines[0].trimmed)
        )
        yield Bad(text, where)
    else:
        yield Good(translate("Rules", "Host stands once."))


def _seen(case: RequestCase, code: HttpAnomaly) -> tuple[SeenAnomaly, ...]:
    # The head's other anomalies speak of a status line, which a request has not.
    lines = case.head.lines
    first = lines[0].span.start if lines else case.head.span.end
    end = case.head.span.start + len(case.head.start_line)
    return tuple(
        each
        for each in head_anomalies(case.head)
        if each.code is code and (code is HttpAnomaly.LF_ONLY or each.span.start >= max(first, end))
    )


def _anomaly(code: HttpAnomaly, text: str) -> RequestCheck:
    """A rule on what the reader of heads remarks on; ``text`` may use {name}, the header's."""

    def check(case: RequestCase) -> Result:
        seen = _seen(case, code)
        if not seen:
            return
        at = seen[0].span.start
        line = next((each for each in case.head.lines if each.span.start <= at < each.span.end), None)
        name = (shown(line.name) if line is not None else "") or "without a name"
        more = again(text, len(seen)) if len(seen) > 1 else ""
        subjects = tuple(Subject("request", each.span) for each in seen)
        yield Bad(text.format(name=name)[:-1] + more + ".", subjects)

    return check


def _leading_blank(case: RequestCase) -> Result:
    start = case.head.span.start
    if start:
        text = translate("Rules", "The request begins with {0} of blank lines, expected none.").format(
            counted(start, "byte")
        )
        yield Bad(text, (Subject("request", Span(0, start)),))


def _huge(case: RequestCase) -> Result:
    size = len(case.head.span)
    if size >= HUGE:
        yield Bad(
            translate("Rules", "The head has {0} bytes; many servers stop reading earlier.").format(size), ()
        )


def _length(case: RequestCase) -> Result:
    values = case.head.values(b"Content-Length")
    members = {part for value in values for part in split_list(value)}
    if values and (len(members) != 1 or not all(_LENGTH.match(part) for part in members)):
        text = translate("Rules", "The Content-Length is {0}, expected one number.").format(
            shown(b", ".join(values)) or "empty"
        )
        yield Bad(text, on_lines("request", case.head.named(b"Content-Length")))


def _length_and_coding(case: RequestCase) -> Result:
    lines = case.head.named(b"Content-Length") + case.head.named(b"Transfer-Encoding")
    if case.head.named(b"Content-Length") and case.head.named(b"Transfer-Encoding"):
        text = translate("Rules", "The request has both Content-Length and Transfer-Encoding, expected none.")
        yield Bad(text, on_lines("request", lines))


def _body(case: RequestCase) -> Result:
    lengths = [line for line in case.head.named(b"Content-Length") if line.trimmed.strip(b"0")]
    lines = (*lengths, *case.head.named(b"Transfer-Encoding"))
    # A client of hixie-76 may announce the eight bytes behind its head, so that proxies let them pass.
    if case.tail and all(line.trimmed == b"%d" % case.tail for line in lines):
        return
    if lines:
        yield Bad(
            translate("Rules", "The request announces a body, expected none."), on_lines("request", lines)
        )


def _refusal(case: RequestCase) -> Result:
    if case.refusal:
        text = case.refusal[:1].upper() + case.refusal[1:].rstrip(".") + "."
        yield Bad(text, on_start_line("request", case.head), clause=case.dialect)
    elif case.refusal is not None:
        yield Good(translate("Rules", "A server of {0} may answer it.").format(case.dialect))


_RIGHT = asked()


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    clause: str
    severity: Severity
    what: str
    why: str
    check: RequestCheck
    failing: Example
    passing: Example = _RIGHT

    def rule(self) -> Rule[RequestCase]:
        return Rule(
            self.name,
            self.clause,
            Applies.ALWAYS,
            self.why,
            self.check,
            what=self.what,
            passing=self.passing,
            failing=self.failing,
            severity=self.severity,
            fault=Fault.CLIENT,
            about=About.REQUEST,
        )


_TABLE: tuple[_Entry, ...] = (
    _Entry(
        WHOLE, "RFC 9112 §2.1", _B,
        "The request ends with a blank line.",
        "Without the blank line the server waits for more. It answers 408 or hangs up in its own time.",
        _whole, Example(request_bytes()[:-2]),
    ),
    _Entry(
        "request-line", "RFC 9112 §3", _V,
        "The request line is method, target and version with one blank between.",
        "A server should refuse an invalid request line. Lenient ones guess where the parts end.",
        _request_line, asked(start=b"GET /a chat HTTP/1.1"),
    ),
    _Entry(
        "request-host", "RFC 9112 §3.2", _B,
        "Host stands once and names a host.",
        "A server must answer 400 where Host is missing, repeated or malformed. It chooses the site by it.",
        _host, asked({b"Host": None}),
    ),
    _Entry(
        "request-leading-blank-lines", "RFC 9112 §2.2", _N,
        "The request begins with its request line.",
        "A server should ignore at least one empty line in front. Some answer 400.",
        _leading_blank, Example(b"\r\n" + request_bytes()),
    ),
    _Entry(
        "request-line-ending", "RFC 9112 §2.2", _V,
        "Lines end with CRLF.",
        "A server may take LF alone for the end of a line, and need not. Strict ones answer 400 or wait.",
        _anomaly(HttpAnomaly.LF_ONLY, "The request has a line that ends with LF alone, expected CRLF."),
        Example(request_bytes().replace(b"Upgrade: websocket\r\n", b"Upgrade: websocket\n")),
    ),
    _Entry(
        "request-folded-line", "RFC 9112 §5.2", _V,
        "A header stands on one line.",
        "Folding is obsolete and must not be sent. A server refuses it or reads the fold as blanks.",
        _anomaly(HttpAnomaly.FOLDED_LINE, "The header {name} goes on over more than one line, expected one."),
        asked({b"Connection": b"keep-alive,\r\n Upgrade"}),
    ),
    _Entry(
        "request-no-colon", "RFC 9112 §5", _V,
        "Every header line has a colon.",
        "A header line is a name, a colon and a value. Servers refuse another form or drop the line.",
        _anomaly(HttpAnomaly.NO_COLON, "The header line {name} has no colon."),
        asked(extra=b"Odd line\r\n"),
    ),
    _Entry(
        "request-blank-before-colon", "RFC 9112 §5.1", _B,
        "No blank stands between a header's name and its colon.",
        "A server must answer 400 to such a request. Readers that differ on the name have been used to "
        "smuggle requests past a proxy.",
        _anomaly(
            HttpAnomaly.BLANK_BEFORE_COLON,
            "The header {name} has a blank between its name and its colon, expected none.",
        ),
        Example(request_bytes().replace(b"Upgrade: web", b"Upgrade : web")),
    ),
    _Entry(
        "request-header-name", "RFC 9110 §5.1", _V,
        "A header's name is a token.",
        "A name is made of letters, digits and a few signs. Servers refuse another or drop the line.",
        _anomaly(HttpAnomaly.BAD_NAME, "The header name {name} is no token."),
        asked({b"X(odd)": b"1"}),
    ),
    _Entry(
        "request-control-character", "RFC 9110 §5.5", _V,
        "A header's value has no control character but the tab.",
        "A server refuses CR, LF and NUL in a value or reads blanks in their place. A lone CR ends a line "
        "for some.",
        _anomaly(HttpAnomaly.CONTROL_CHARACTER, "The header {name} holds a control character."),
        asked({b"Origin": b"https://a.example\x00"}),
    ),
    _Entry(
        "request-huge", "RFC 9110 §5.4", _U,
        "The head is smaller than what common servers read.",
        "No limit is laid down. Many servers answer 431 or 400 from 8 to 64 KiB on.",
        _huge, asked({b"Cookie": b"a=" + b"x" * HUGE}),
    ),
    _Entry(
        "request-content-length-form", "RFC 9112 §6.3", _B,
        "Content-Length, where it is there, is one number.",
        "A server must answer 400, as it cannot know where the request ends. Two different numbers are as "
        "bad as none.",
        _length, asked({b"Content-Length": b"0, 8"}), asked({b"Content-Length": b"0"}),
    ),
    _Entry(
        "request-length-and-coding", "RFC 9112 §6.2", _V,
        "Content-Length and Transfer-Encoding do not stand together.",
        "A sender must not use both, and a server may refuse it. Readers that differ on which counts can be "
        "made to disagree on where the request ends.",
        _length_and_coding, asked({b"Content-Length": b"0", b"Transfer-Encoding": b"chunked"}),
        asked({b"Content-Length": b"0"}),
    ),
    _Entry(
        "request-body", "RFC 9110 §9.3.1", _U,
        "The request has no body.",
        "A body of a GET request has no meaning laid down. Some servers refuse it, others read it as frames.",
        _body, asked({b"Content-Length": b"2"}, tail=b"hi"),
    ),
)  # fmt: skip

ASKING_HTTP_RULES: tuple[Rule[RequestCase], ...] = tuple(entry.rule() for entry in _TABLE)

_OLD_REQUEST = (
    b"GET /demo HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nUpgrade: WebSocket\r\n"
    b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nOrigin: http://example.com\r\n\r\n"
)
"""The request that hixie-76 shows; its second key without its blanks has no number."""

DRAFT_REFUSAL = Rule(
    "request-draft",
    "hixie-75 to hybi-06",
    Applies.DRAFT,
    "A server of this draft looks for other headers than RFC 6455 asks for. What it must refuse is told "
    "as implementations of the draft have it.",
    _refusal,
    what="A request of an older draft has what that draft asks for.",
    passing=Example(_OLD_REQUEST + b"^n:ds[4U"),
    failing=Example(_OLD_REQUEST.replace(b" 5 Y3 1  .", b"5Y31.") + b"^n:ds[4U"),
    fault=Fault.CLIENT,
    about=About.REQUEST,
)
