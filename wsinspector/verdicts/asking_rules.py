"""The checks of RFC 6455 §4.2.1 that a server makes on a request, one function each."""

import re

from wsinspector.protocol.accept import key_bytes, key_from
from wsinspector.protocol.http import HeadLine
from wsinspector.protocol.spans import Span
from wsinspector.protocol.version import FIELD as VERSION
from wsinspector.protocol.version import Standing, judge_value
from wsinspector.translate import translate
from wsinspector.verdicts.examples import KEY, asked
from wsinspector.verdicts.finding import Fault, Severity, Subject
from wsinspector.verdicts.rule import (
    About,
    Applies,
    Bad,
    Example,
    Good,
    RequestCase,
    RequestCheck,
    Result,
    Rule,
    counted,
    on_lines,
    on_start_line,
    shown,
)

_KEY = b"Sec-WebSocket-Key"
_VERSION = re.compile(rb"HTTP/([0-9])\.([0-9])\Z")
_ABSOLUTE = re.compile(rb"(?:https?|wss?)://[^/?#]+", re.IGNORECASE)
_ORIGIN = re.compile(
    rb"(?:null|[A-Za-z][A-Za-z0-9+.\-]*://[^\s/?#]*(?: [A-Za-z][A-Za-z0-9+.\-]*://[^\s/?#]*)*)\Z"
)


def _on(case: RequestCase, lines: tuple[HeadLine, ...]) -> tuple[Subject, ...]:
    """The lines, or the start line where there are none."""
    return on_lines("request", lines) or on_start_line("request", case.head)


def _method(case: RequestCase) -> Result:
    method = case.line.method
    if method == b"GET":
        yield Good(translate("Rules", "The method is GET."))
    else:
        yield Bad(
            translate("Rules", "The method is {0}, expected GET.").format(shown(method) or "missing"),
            on_start_line("request", case.head),
        )


def _http_version(case: RequestCase) -> Result:
    match = _VERSION.match(case.line.version)
    if match and (int(match[1]), int(match[2])) >= (1, 1):
        yield Good(translate("Rules", "The HTTP version is {0}.").format(shown(case.line.version)))
        return
    said = shown(case.line.version) or "missing"
    yield Bad(
        translate("Rules", "The HTTP version is {0}, expected HTTP/1.1 or higher.").format(said),
        on_start_line("request", case.head),
    )


def _target(case: RequestCase) -> Result:
    target = case.line.target
    where = on_start_line("request", case.head)
    if not (target.startswith(b"/") or _ABSOLUTE.match(target)):
        said = shown(target) or "missing"
        yield Bad(
            translate("Rules", "The request target is {0}, expected a path or an absolute URL.").format(said),
            where,
        )
    else:
        yield Good(translate("Rules", "The request target names a resource."))


def _fragment(case: RequestCase) -> Result:
    if b"#" in case.line.target:
        text = translate("Rules", "The request target {0} holds a fragment, expected none.").format(
            shown(case.line.target)
        )
        yield Bad(text, on_start_line("request", case.head))


def _upgrade(case: RequestCase) -> Result:
    lines = case.head.named(b"Upgrade")
    if not lines:
        yield Bad(
            translate("Rules", "The request has no Upgrade header, expected Upgrade: websocket."),
            _on(case, lines),
        )
    elif b"websocket" not in [member.lower() for member in case.head.members(b"Upgrade")]:
        value = shown(b", ".join(case.head.values(b"Upgrade"))) or "empty"
        yield Bad(
            translate("Rules", "The Upgrade header is {0}, expected websocket in it.").format(value),
            _on(case, lines),
        )
    else:
        yield Good(translate("Rules", "Upgrade holds websocket, letter case aside."))


def _connection(case: RequestCase) -> Result:
    lines = case.head.named(b"Connection")
    if not lines:
        text = translate(
            "Rules", "The request has no Connection header, expected one with the token Upgrade."
        )
        yield Bad(text, _on(case, lines))
    elif b"upgrade" not in [member.lower() for member in case.head.members(b"Connection")]:
        value = shown(b", ".join(case.head.values(b"Connection"))) or "empty"
        yield Bad(
            translate("Rules", "The Connection header is {0}, expected the token Upgrade in it.").format(
                value
            ),
            _on(case, lines),
        )
    else:
        yield Good(translate("Rules", "Connection holds the token Upgrade."))


def _key(case: RequestCase) -> Result:
    lines = case.head.named(_KEY)
    if not lines:
        yield Bad(
            translate("Rules", "The request has no Sec-WebSocket-Key, expected 16 bytes in base64."),
            _on(case, lines),
        )
        return
    faults = [fault for fault in map(_key_fault, lines) if fault]
    for fault in faults:
        yield Bad(
            translate("Rules", "The Sec-WebSocket-Key {0}, expected 16 bytes in base64.").format(fault),
            _on(case, lines),
        )
    if not faults:
        yield Good(translate("Rules", "The key is 16 bytes in base64."))


def _key_fault(line: HeadLine) -> str:
    value = line.trimmed
    if not value:
        return "is empty"
    decoded = key_bytes(value)
    if decoded is None:
        return f"is {shown(value)}, which is not base64"
    return "" if len(decoded) == 16 else f"stands for {counted(len(decoded), 'byte')}"


def _key_spare_bits(case: RequestCase) -> Result:
    for line in case.head.named(_KEY):
        decoded = key_bytes(line.trimmed)
        if decoded is not None and len(decoded) == 16 and key_from(decoded) != line.trimmed:
            wanted = key_from(decoded).decode("ascii")
            text = translate(
                "Rules", "The key {0} has bits set that stand for nothing; base64 writes {1}."
            ).format(shown(line.trimmed), wanted)
            yield Bad(text, on_lines("request", (line,)))


def _once(name: bytes) -> RequestCheck:
    def check(case: RequestCase) -> Result:
        lines = case.head.named(name)
        field = name.decode("ascii")
        if len(lines) > 1:
            text = translate("Rules", "The {0} header stands {1} times, expected once.").format(
                field, len(lines)
            )
            # What may be repeated was settled in hybi-14.
            severity = None if case.version == b"13" else Severity.UNUSUAL
            yield Bad(text, on_lines("request", lines), severity)
        elif lines:
            yield Good(translate("Rules", "{0} stands once.").format(field))

    return check


def _version_form(case: RequestCase) -> Result:
    lines = case.head.named(VERSION)
    if not lines:
        text = translate("Rules", "The request has no Sec-WebSocket-Version, expected {0}.").format(
            shown(case.version)
        )
        yield Bad(text, _on(case, lines))
        return
    wrong = [line for line in lines if not judge_value(line.trimmed).ok]
    for line in wrong:
        said = shown(line.trimmed) or "empty"
        text = translate(
            "Rules", "The version is {0}, expected one number from 0 to 255 without a leading zero."
        ).format(said)
        yield Bad(text, on_lines("request", (line,)))
    if not wrong:
        yield Good(translate("Rules", "The version has the right form."))


def _version(case: RequestCase) -> Result:
    for line in case.head.named(VERSION):
        judged = judge_value(line.trimmed)
        if not judged.ok or judged.number is None:
            continue
        where = on_lines("request", (line,))
        if line.trimmed == case.version:
            yield Good(translate("Rules", "The version is {0}.").format(shown(case.version)))
        elif judged.standing is Standing.INTERIM:
            # The numbers of the drafts 00 to 03 were registered afterwards.
            kind = "that of a draft" if judged.number > 3 else "registered for a draft that sent none"
            yield Bad(
                translate("Rules", "The version is {0}, {1}, expected {2}.").format(
                    judged.number, kind, shown(case.version)
                ),
                where,
                Severity.UNUSUAL,
                Fault.NOBODY,
                why="A server that speaks this draft too may take it. One that does not must refuse "
                "with an error and the versions it takes.",
            )
        elif judged.standing is Standing.STANDARD:
            yield Bad(
                translate("Rules", "The version is 13, expected {0} here.").format(shown(case.version)),
                where,
                Severity.NOTE,
            )
        else:
            kind = "reserved" if judged.standing is Standing.RESERVED else "unassigned"
            text = translate("Rules", "The version is {0}, which is {1}, expected {2}.").format(
                judged.number, kind, shown(case.version)
            )
            yield Bad(text, where)


def _origin(case: RequestCase) -> Result:
    lines = case.head.named(b"Origin")
    if len(lines) > 1:
        text = translate("Rules", "The Origin header stands {0} times, expected at most once.").format(
            len(lines)
        )
        yield Bad(text, on_lines("request", lines))
    for line in lines:
        if not _ORIGIN.match(line.trimmed):
            said = shown(line.trimmed) or "empty"
            text = translate(
                "Rules", "The Origin is {0}, expected null or scheme, host and port alone."
            ).format(said)
            yield Bad(text, on_lines("request", (line,)))


def _old_origin(case: RequestCase) -> Result:
    lines = case.head.named(b"Sec-WebSocket-Origin")
    # Drafts before 11 name the origin so; from there on a server looks at Origin.
    if lines and case.version == b"13":
        text = translate(
            "Rules", "The request has a Sec-WebSocket-Origin header, which version 13 does not read."
        )
        yield Bad(text, on_lines("request", lines))


def _early(case: RequestCase) -> Result:
    start = case.head.span.end + case.tail
    rest = len(case.data) - start
    if not case.head.complete or rest <= 0:
        return
    if case.head.named(b"Content-Length") or case.head.named(b"Transfer-Encoding"):
        return  # a body, of which another rule speaks
    text = translate("Rules", "The request is followed by {0} before an answer came, expected none.").format(
        counted(rest, "byte")
    )
    yield Bad(text, (Subject("request", Span(start, len(case.data))),))


def _rule(
    name: str,
    clause: str,
    what: str,
    why: str,
    check: RequestCheck,
    *,
    passing: Example,
    failing: Example,
    severity: Severity = Severity.BREAKS,
    fault: Fault = Fault.CLIENT,
) -> Rule[RequestCase]:
    return Rule(
        name,
        clause,
        Applies.STANDARD,
        why,
        check,
        what=what,
        passing=passing,
        failing=failing,
        severity=severity,
        fault=fault,
        about=About.REQUEST,
    )


ASKING_RULES: tuple[Rule[RequestCase], ...] = (
    _rule(
        "request-method",
        "RFC 6455 §4.2.1",
        "The method is GET.",
        "A handshake is a GET request. Any other method asks for something else than a connection.",
        _method,
        passing=asked(),
        failing=asked(start=b"POST /chat HTTP/1.1"),
    ),
    _rule(
        "request-http-version",
        "RFC 6455 §4.2.1",
        "The request is HTTP/1.1 or higher.",
        "HTTP/1.0 knows no upgrade. A server refuses such a request, or an intermediary made it.",
        _http_version,
        passing=asked(),
        failing=asked(start=b"GET /chat HTTP/1.0"),
    ),
    _rule(
        "request-target",
        "RFC 6455 §4.2.1",
        "The target is a path, or an absolute URL that holds one.",
        "The target is the resource name. A server that knows no such resource answers 404.",
        _target,
        passing=asked(start=b"GET http://server.example/chat HTTP/1.1"),
        failing=asked(start=b"GET chat HTTP/1.1"),
    ),
    _rule(
        "request-fragment",
        "RFC 6455 §3",
        "The target has no fragment.",
        "A fragment has no meaning in a WebSocket URL and must not be used. A number sign in a path is "
        "written %23.",
        _fragment,
        passing=asked(start=b"GET /chat%23a HTTP/1.1"),
        failing=asked(start=b"GET /chat#a HTTP/1.1"),
        severity=Severity.VIOLATES,
    ),
    _rule(
        "request-upgrade",
        "RFC 6455 §4.2.1",
        "Upgrade holds websocket, letter case aside.",
        "The header says which protocol is wanted. Without it the request is an ordinary one.",
        _upgrade,
        passing=asked({b"Upgrade": b"WebSocket"}),
        failing=asked({b"Upgrade": None}),
    ),
    _rule(
        "request-connection",
        "RFC 6455 §4.2.1",
        "Connection holds the token Upgrade, letter case aside.",
        "The token marks Upgrade as meant for this very connection. Intermediaries that do not know "
        "WebSocket take both headers out.",
        _connection,
        passing=asked({b"Connection": b"keep-alive, Upgrade"}),
        failing=asked({b"Connection": b"keep-alive"}),
    ),
    _rule(
        "request-key",
        "RFC 6455 §4.2.1",
        "Sec-WebSocket-Key is 16 bytes in base64.",
        "The key is a nonce of 16 random bytes. The answer proves with it that this request was read.",
        _key,
        passing=asked(),
        failing=asked({b"Sec-WebSocket-Key": b"dG9vIHNob3J0"}),
    ),
    _rule(
        "request-key-spare-bits",
        "RFC 4648 §3.5",
        "The last letter of the key sets no bit that stands for nothing.",
        "A decoder may refuse such a key, most do not look. RFC 6455 itself printed one (erratum 3150).",
        _key_spare_bits,
        passing=asked({b"Sec-WebSocket-Key": b"AQIDBAUGBwgJCgsMDQ4PEA=="}),
        failing=asked({b"Sec-WebSocket-Key": b"AQIDBAUGBwgJCgsMDQ4PEC=="}),
        severity=Severity.NOTE,
    ),
    _rule(
        "request-key-once",
        "RFC 6455 §11.3.1",
        "Sec-WebSocket-Key stands once.",
        "The header must not appear more than once. Servers differ in which of several they read.",
        _once(_KEY),
        passing=asked(),
        failing=asked(extra=b"Sec-WebSocket-Key: " + KEY + b"\r\n"),
    ),
    _rule(
        "request-version-form",
        "RFC 6455 §4.2.1",
        "Sec-WebSocket-Version is there and is a number from 0 to 255 without a leading zero.",
        "The version says what the client speaks. What is missing or no number is malformed; no list "
        "of versions is owed for it.",
        _version_form,
        passing=asked(),
        failing=asked({b"Sec-WebSocket-Version": b"013"}),
    ),
    _rule(
        "request-version-once",
        "RFC 6455 §11.3.5",
        "Sec-WebSocket-Version stands once.",
        "A request must not repeat the header. Servers differ in which of several they read.",
        _once(VERSION),
        passing=asked(),
        failing=asked(extra=b"Sec-WebSocket-Version: 8\r\n"),
    ),
    _rule(
        "request-version",
        "RFC 6455 §4.2.2",
        "The version is one that the server understands: 13, or that of a draft it speaks too.",
        "Nobody defined what this version means, so no server can speak it. The refusal lists the versions "
        "taken.",
        _version,
        passing=asked(),
        failing=asked({b"Sec-WebSocket-Version": b"14"}),
    ),
    _rule(
        "request-origin",
        "RFC 6454 §7",
        "Origin, where it is there, stands once and is null or scheme, host and port.",
        "Servers compare the origin with those they trust. A path or a slash at its end makes it another "
        "text; a refusal for it is a 403.",
        _origin,
        passing=asked({b"Origin": b"https://page.example"}),
        failing=asked({b"Origin": b"https://page.example/"}),
        severity=Severity.VIOLATES,
    ),
    _rule(
        "request-old-origin",
        "RFC 6455 §4.2.1",
        "The origin is in Origin, not in Sec-WebSocket-Origin.",
        "Drafts 04 to 10 named the header so. A server of the standard ignores it, as any it does not know.",
        _old_origin,
        passing=asked({b"Origin": b"https://page.example"}),
        failing=asked({b"Sec-WebSocket-Origin": b"https://page.example"}),
        severity=Severity.NOTE,
    ),
    _rule(
        "request-early-data",
        "RFC 6455 §4.1",
        "Nothing is sent behind the request until the answer is there.",
        "A client waits for the answer. What comes before is lost where the server refuses, and read by "
        "some servers as another request.",
        _early,
        passing=asked(),
        failing=asked(tail=bytes.fromhex("818537fa213d7f9f4d5158")),
        severity=Severity.VIOLATES,
    ),
)
