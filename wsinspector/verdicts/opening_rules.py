"""The checks of RFC 6455 §4.1 on a 101, one function each."""

import re
from collections.abc import Iterator

from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.head_reader import request_parts
from wsinspector.protocol.http import OWS, HttpAnomaly
from wsinspector.protocol.version import FIELD
from wsinspector.translate import translate
from wsinspector.verdicts.calculator import accept_mistake
from wsinspector.verdicts.examples import ACCEPT, switched
from wsinspector.verdicts.finding import Fault, Severity
from wsinspector.verdicts.rule import (
    Applies,
    Bad,
    Case,
    Good,
    Rule,
    on_lines,
    on_status_line,
    shown,
    spans_of,
)

_PROTOCOL = b"Sec-WebSocket-Protocol"
_VERSION = re.compile(rb"HTTP/([0-9])\.([0-9])\Z")


def _http_version(case: Case) -> Iterator[Bad | Good]:
    response = case.response
    where = on_status_line(response)
    match = _VERSION.match(response.http_version)
    if match is None or (int(match[1]), int(match[2])) < (1, 1):
        # Who asked in HTTP/1.0 may well be answered in it.
        asked = request_parts(case.request).version
        fault = Fault.SERVER if asked == b"HTTP/1.1" else Fault.EITHER
        text = translate("Rules", "HTTP version {0}, expected HTTP/1.1 or higher.").format(
            shown(response.http_version)
        )
        yield Bad(text, where, fault=fault)
    elif spans_of(response, HttpAnomaly.BAD_STATUS_LINE):
        text = translate("Rules", "Status line {0}, expected one blank between its parts.").format(
            shown(response.head.start_line)
        )
        yield Bad(text, where, Severity.VIOLATES, clause="RFC 9112 §4")
    else:
        yield Good(
            translate("Rules", "{0} and a well-formed status line.").format(shown(response.http_version))
        )


def _upgrade(case: Case) -> Iterator[Bad | Good]:
    lines = case.response.head.named(b"Upgrade")
    value = b", ".join(case.response.head.values(b"Upgrade"))
    if not lines:
        yield Bad(
            translate("Rules", "No Upgrade header, expected Upgrade: websocket."),
            on_status_line(case.response),
        )
    elif value.lower() != b"websocket":
        yield Bad(
            translate("Rules", "Upgrade {0}, expected websocket.").format(shown(value)),
            on_lines("response", lines),
        )
    else:
        yield Good(translate("Rules", "Upgrade is websocket, letter case aside."))


def _connection(case: Case) -> Iterator[Bad | Good]:
    lines = case.response.head.named(b"Connection")
    members = case.response.head.members(b"Connection")
    if not lines:
        yield Bad(
            translate("Rules", "No Connection header, expected one with the token Upgrade."),
            on_status_line(case.response),
        )
    elif b"upgrade" not in [member.lower() for member in members]:
        value = shown(b", ".join(case.response.head.values(b"Connection")))
        yield Bad(
            translate("Rules", "Connection {0}, expected the token Upgrade in it.").format(value),
            on_lines("response", lines),
        )
    else:
        yield Good(translate("Rules", "Connection holds the token Upgrade."))


def accept_ok(case: Case) -> bool | None:
    """Whether the accept value proves that our key was read; None where no key was sent."""
    keys = _keys(case)
    if not keys:
        return None
    values = case.response.head.values(b"Sec-WebSocket-Accept")
    return bool(values) and values[0] in {accept_for(key) for key in keys}


def _keys(case: Case) -> tuple[bytes, ...]:
    """Every key a server may have read out of the request: repeated lines also as one list."""
    values = case.request.values(b"Sec-WebSocket-Key")
    return (*values, b", ".join(values), b",".join(values)) if len(values) > 1 else values


def _accept(case: Case) -> Iterator[Bad | Good]:
    lines = case.response.head.named(b"Sec-WebSocket-Accept")
    where = on_lines("response", lines) or on_status_line(case.response)
    right = accept_ok(case)
    keys = _keys(case)
    if right is None:
        yield Bad(
            translate("Rules", "The request had no Sec-WebSocket-Key, so no accept value can be expected."),
            where,
            Severity.NOTE,
            Fault.CLIENT,
            why="The key is what ties the answer to this request. Without it nothing shows that the "
            "server understood the handshake.",
        )
    elif right:
        if len(keys) > 1:
            text = translate(
                "Rules",
                "The request repeats Sec-WebSocket-Key; the accept value belongs to one reading of it.",
            )
            yield Bad(
                text,
                on_lines("request", case.request.named(b"Sec-WebSocket-Key")),
                Severity.NOTE,
                Fault.CLIENT,
                clause="RFC 6455 §11.3.1",
                why="The key must stand once in a request. Servers differ in which of several they read.",
            )
        yield Good(translate("Rules", "Sec-WebSocket-Accept is the value computed from the key."))
    elif not lines:
        expected = accept_for(keys[0]).decode("ascii")
        yield Bad(translate("Rules", "No Sec-WebSocket-Accept header, expected {0}.").format(expected), where)
    else:
        expected = accept_for(keys[0]).decode("ascii")
        # A key that stood twice can be read in ways nobody foresaw: no side is blamed alone.
        fault = Fault.EITHER if len(keys) > 1 else Fault.SERVER
        said = shown(lines[0].trimmed) or "empty"
        text = translate("Rules", "Sec-WebSocket-Accept {0}, expected {1}").format(said, expected)
        mistake = accept_mistake(case.request.values(b"Sec-WebSocket-Key"), lines[0].trimmed)
        yield Bad(f"{text}; {mistake}." if mistake else f"{text}.", where, fault=fault)


def _accept_once(case: Case) -> Iterator[Bad | Good]:
    lines = case.response.head.named(b"Sec-WebSocket-Accept")
    if len(lines) > 1:
        text = translate("Rules", "Sec-WebSocket-Accept stands {0} times, expected once.").format(len(lines))
        yield Bad(text, on_lines("response", lines))
    elif lines:
        yield Good(translate("Rules", "Sec-WebSocket-Accept stands once."))


def _subprotocol(case: Case) -> Iterator[Bad | Good]:
    lines = case.response.head.named(_PROTOCOL)
    offered = case.request.members(_PROTOCOL)
    if not lines:
        text = (
            translate("Rules", "No subprotocol was chosen.")
            if offered
            else translate("Rules", "No subprotocol was offered and none chosen.")
        )
        yield Good(text)
        return
    value = lines[0].trimmed
    where = on_lines("response", lines[:1])
    wanted = f"one of {shown(b', '.join(offered))}" if offered else "no such header, as none was offered"
    if not value:
        yield Bad(translate("Rules", "Sec-WebSocket-Protocol is empty, expected {0}.").format(wanted), where)
    elif value not in offered:
        yield Bad(translate("Rules", "Subprotocol {0}, expected {1}.").format(shown(value), wanted), where)
    else:
        yield Good(translate("Rules", "Subprotocol {0} was offered.").format(shown(value)))


def _subprotocol_once(case: Case) -> Iterator[Bad | Good]:
    lines = case.response.head.named(_PROTOCOL)
    if len(lines) > 1:
        text = translate("Rules", "Sec-WebSocket-Protocol stands {0} times, expected once.").format(
            len(lines)
        )
        yield Bad(text, on_lines("response", lines))
    elif lines:
        yield Good(translate("Rules", "Sec-WebSocket-Protocol stands once."))


def _no_body(case: Case) -> Iterator[Bad | Good]:
    head = case.response.head
    found = False
    for name, clause in ((b"Content-Length", "RFC 9110 §8.6"), (b"Transfer-Encoding", "RFC 9112 §6.1")):
        lines = head.named(name)
        if lines:
            found = True
            text = translate("Rules", "{0} in a 101, expected none.").format(shown(lines[0].name.strip(OWS)))
            yield Bad(text, on_lines("response", lines), Severity.VIOLATES, clause=clause)
    if not found:
        yield Good(translate("Rules", "No Content-Length and no Transfer-Encoding in the 101."))


def _no_version(case: Case) -> Iterator[Bad | Good]:
    lines = case.response.head.named(FIELD)
    if lines:
        value = shown(b", ".join(line.trimmed for line in lines))
        text = translate("Rules", "Sec-WebSocket-Version {0} in a 101, expected none.").format(value)
        yield Bad(text, on_lines("response", lines), Severity.UNUSUAL)


OPENING_RULES: tuple[Rule[Case], ...] = (
    Rule(
        "http-version",
        "RFC 6455 §4.2.2",
        Applies.SWITCHED,
        "The server's handshake is an HTTP/1.1 or higher status line. Clients fail the connection "
        "on any other form.",
        _http_version,
        what="A 101 is an HTTP/1.1 or higher status line.",
        passing=switched(),
        failing=switched(start=b"HTTP/1.0 101 Switching Protocols"),
    ),
    Rule(
        "upgrade",
        "RFC 6455 §4.1",
        Applies.SWITCHED,
        "The header says what the connection now speaks. A client fails the connection where it is "
        "missing or its value is not websocket; letter case does not count.",
        _upgrade,
        what="A 101 has Upgrade: websocket, letter case aside.",
        passing=switched({b"Upgrade": b"WebSocket"}),
        failing=switched({b"Upgrade": b"h2c"}),
    ),
    Rule(
        "connection",
        "RFC 6455 §4.1",
        Applies.SWITCHED,
        "The token marks Upgrade as meant for this very connection. A client fails the connection "
        "where it is missing; letter case does not count.",
        _connection,
        what="A 101 has the token Upgrade in Connection, letter case aside.",
        passing=switched({b"Connection": b"keep-alive, upgrade"}),
        failing=switched({b"Connection": b"keep-alive"}),
    ),
    Rule(
        "accept",
        "RFC 6455 §4.1",
        Applies.SWITCHED,
        "The value is the SHA-1 of the key and a fixed GUID in base64. It proves that the answer "
        "was made by something that speaks WebSocket, for this request.",
        _accept,
        what="Sec-WebSocket-Accept is the value computed from the key.",
        passing=switched(),
        failing=switched({b"Sec-WebSocket-Accept": b"hHLtf2V1k8aDQZfNjw3Ia1hCwt0="}),
    ),
    Rule(
        "accept-once",
        "RFC 6455 §11.3.3",
        Applies.SWITCHED,
        "The header must not appear more than once. Clients that join repeated lines see a wrong value.",
        _accept_once,
        what="Sec-WebSocket-Accept stands once.",
        passing=switched(),
        failing=switched(extra=b"Sec-WebSocket-Accept: " + ACCEPT + b"\r\n"),
    ),
    Rule(
        "subprotocol",
        "RFC 6455 §4.1",
        Applies.SWITCHED,
        "A server picks at most one of the subprotocols offered, letter case included. A client "
        "fails the connection on any other value.",
        _subprotocol,
        what="The subprotocol of a 101, where there is one, was offered.",
        passing=switched({_PROTOCOL: b"chat"}, request={_PROTOCOL: b"chat, superchat"}),
        failing=switched({_PROTOCOL: b"Chat"}, request={_PROTOCOL: b"chat, superchat"}),
    ),
    Rule(
        "subprotocol-once",
        "RFC 6455 §11.3.4",
        Applies.SWITCHED,
        "A response must not carry the header more than once. Only one subprotocol can be in use.",
        _subprotocol_once,
        what="Sec-WebSocket-Protocol stands at most once in a 101.",
        passing=switched({_PROTOCOL: b"chat"}, request={_PROTOCOL: b"chat"}),
        failing=switched(
            {_PROTOCOL: b"chat"}, extra=b"Sec-WebSocket-Protocol: chat\r\n", request={_PROTOCOL: b"chat"}
        ),
    ),
    Rule(
        "no-body-headers",
        "RFC 9110 §8.6",
        Applies.SWITCHED,
        "A 101 has no body, the next byte is already a frame. Intermediaries may take frames for a "
        "body where a header announces one.",
        _no_body,
        what="A 101 announces no body.",
        passing=switched(),
        failing=switched({b"Content-Length": b"0"}),
        severity=Severity.VIOLATES,
    ),
    Rule(
        "version-in-101",
        "RFC 6455 §11.3.5",
        Applies.SWITCHED,
        "In an answer the field belongs to a refused version. In a 101 it has no meaning and "
        "clients ignore it.",
        _no_version,
        what="A 101 has no Sec-WebSocket-Version.",
        passing=switched(),
        failing=switched({b"Sec-WebSocket-Version": b"13"}),
        severity=Severity.UNUSUAL,
    ),
)
