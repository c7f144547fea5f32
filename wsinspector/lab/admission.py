"""Judge a client's opening handshake as a server of its dialect has to, and let it in or turn it away."""

from dataclasses import dataclass, replace

from wsinspector.lab.answers import refusal
from wsinspector.lab.exchange import Exchange
from wsinspector.lab.versions import VersionRule, asked_for
from wsinspector.protocol.dialects import Dialect
from wsinspector.protocol.head_anomalies import head_anomalies
from wsinspector.protocol.http import Head, HeadLine, HttpAnomaly
from wsinspector.protocol.http_reader import request_parts
from wsinspector.protocol.spans import Span
from wsinspector.protocol.version import FIELD


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request that may be answered with 101. ``tail``: what belongs to it after the blank line.

    ``perhaps``: the dialect that its first frame may show it to be.
    """

    dialect: Dialect
    tail: bytes
    subprotocols: tuple[bytes, ...]
    perhaps: str | None = None


async def admit(exchange: Exchange, rule: VersionRule) -> Admitted | None:
    """Check the request; where it must be refused, answer so and return None."""
    head = exchange.head
    turned = _not_an_upgrade(head)
    if turned is not None:
        await exchange.write(turned)
        return None
    dialect = rule.spoken(head)
    if dialect is None:
        answer = rule.answer_to(head)
        if answer is None:
            await exchange.until_peer_ends()
        else:
            await exchange.write(answer)
        return None
    tail = await exchange.tail(dialect.handshake.request_tail)
    why = _at_fault(dialect, head, tail)
    if why:
        await exchange.write(_bad(f"{why[0].upper()}{why[1:]}.".encode()))
        return None
    return Admitted(dialect, tail, dialect.handshake.subprotocols(head), rule.perhaps(dialect))


def asks_upgrade(head: Head) -> bool:
    """Whether Upgrade names websocket and Connection names upgrade, letter case ignored."""
    upgrade = {token.lower() for token in head.members(b"Upgrade")}
    connection = {token.lower() for token in head.members(b"Connection")}
    return b"websocket" in upgrade and b"upgrade" in connection


def _at_fault(dialect: Dialect, head: Head, tail: bytes) -> str:
    """Why the request must not be answered 101; its version, which the rule has taken, aside."""
    found = asked_for(head)
    if dialect.version is None and (found is None or found.handshake is not dialect.handshake):
        # Answered as hixie by a server that sees no version and looks no further.
        return ""
    judged = head if dialect.version is None else _with_version(head, dialect.version)
    subprotocols = dialect.handshake.subprotocols(head)
    twice = len(set(subprotocols)) != len(subprotocols)
    why = dialect.handshake.refusal(dialect, judged, tail)
    return why or ("a subprotocol is offered twice" if twice else "")


def _with_version(head: Head, version: bytes) -> Head:
    """``head`` as it would be had it asked for ``version``."""
    others = tuple(line for line in head.lines if line.name.strip().lower() != FIELD.lower())
    line = HeadLine(FIELD, b": ", version, b"\r\n", Span(head.span.end, head.span.end))
    return replace(head, lines=(*others, line))


def _bad(why: bytes) -> bytes:
    return refusal(b"400 Bad Request", (), why)


def _not_an_upgrade(head: Head) -> bytes | None:
    line = request_parts(head)
    if line.method != b"GET":
        return refusal(b"405 Method Not Allowed", ((b"Allow", b"GET"),), b"Only GET opens a WebSocket.")
    if not _http_1_1(line.version):
        return _bad(b"A WebSocket needs HTTP/1.1 or later.")
    if any(seen.code is HttpAnomaly.BLANK_BEFORE_COLON for seen in head_anomalies(head)):
        # RFC 9112 section 5.1: what reads the name otherwise than its neighbour can be led past it.
        return _bad(b"A header has a blank between its name and its colon.")
    if len(head.values(b"Host")) != 1:
        return _bad(b"The request needs one Host line.")
    if not asks_upgrade(head):
        why = b"This is a WebSocket server. Ask for it with Upgrade: websocket and Connection: Upgrade."
        return refusal(b"426 Upgrade Required", ((b"Upgrade", b"websocket"),), why)
    return None


def _http_1_1(version: bytes) -> bool:
    major, _, minor = version.removeprefix(b"HTTP/").partition(b".")
    if not (version.startswith(b"HTTP/") and major.isdigit() and minor.isdigit()):
        return False
    return (int(major), int(minor)) >= (1, 1)
