"""Judge a client's opening handshake as RFC 6455 §4.2.1 asks of a server."""

import base64
import binascii
from dataclasses import dataclass

from wsinspector.lab.answers import refusal, version_refused
from wsinspector.protocol.http import Head
from wsinspector.protocol.http_reader import request_parts
from wsinspector.protocol.version import judge_request_lines


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request that may be answered with 101: its key and the subprotocols it offers."""

    key: bytes
    subprotocols: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Turned:
    """A request that must be refused, with the whole answer."""

    answer: bytes


def admit(head: Head, *, versions: tuple[bytes, ...] | None, offered: tuple[bytes, ...]) -> Admitted | Turned:
    """Check ``head`` in the order of §4.2.1.

    ``versions`` are those taken, None takes whatever the version lines say. ``offered`` are the
    values of the answer's version lines where the version is what it is refused for.
    """
    turned = _not_an_upgrade(head) or (_wrong_version(head, versions, offered) if versions else None)
    if turned:
        return Turned(turned)
    keys = head.values(b"Sec-WebSocket-Key")
    if len(keys) != 1 or not is_key(keys[0]):
        return Turned(_bad(b"The request needs one Sec-WebSocket-Key: base64 of 16 bytes."))
    subprotocols = head.members(b"Sec-WebSocket-Protocol")
    if len(set(subprotocols)) != len(subprotocols):
        return Turned(_bad(b"A subprotocol is offered twice."))
    return Admitted(keys[0], subprotocols)


def is_key(value: bytes) -> bool:
    """Whether ``value`` is the base64 of 16 bytes (§4.2.1 item 5)."""
    try:
        return len(value) == 24 and len(base64.b64decode(value, validate=True)) == 16
    except binascii.Error:
        return False


def asks_upgrade(head: Head) -> bool:
    """Whether Upgrade names websocket and Connection names upgrade, letter case ignored."""
    upgrade = {token.lower() for token in head.members(b"Upgrade")}
    connection = {token.lower() for token in head.members(b"Connection")}
    return b"websocket" in upgrade and b"upgrade" in connection


def _bad(why: bytes) -> bytes:
    return refusal(b"400 Bad Request", (), why)


def _not_an_upgrade(head: Head) -> bytes | None:
    line = request_parts(head)
    if line.method != b"GET":
        return refusal(b"405 Method Not Allowed", ((b"Allow", b"GET"),), b"Only GET opens a WebSocket.")
    if not _http_1_1(line.version):
        return _bad(b"A WebSocket needs HTTP/1.1 or later.")
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


def _wrong_version(head: Head, versions: tuple[bytes, ...], offered: tuple[bytes, ...]) -> bytes | None:
    values = head.values(b"Sec-WebSocket-Version")
    judged = judge_request_lines(values)
    sound = judged.multiplicity_ok and all(one.grammar_ok and one.in_range for one in judged.judgements)
    if not sound:
        why = b"The request needs one Sec-WebSocket-Version that is a number from 0 to 255."
        return version_refused(b"400 Bad Request", offered, why)
    if values[0] in versions:
        return None
    if versions == (b"13",):
        return version_refused(b"426 Upgrade Required", offered)
    spoken = b"This server speaks version " + b" or ".join(versions) + b" of the WebSocket protocol."
    return version_refused(b"426 Upgrade Required", offered, spoken)
