"""The names, orders and lists that the families of handshakes have in common."""

from collections.abc import Sequence

from wsinspector.protocol.draft import KEY as KEY
from wsinspector.protocol.draft import PROTOCOL as PROTOCOL
from wsinspector.protocol.draft import Draft, DraftLine, Generated
from wsinspector.protocol.head_reader import request_parts
from wsinspector.protocol.http import Head

KEY1 = b"Sec-WebSocket-Key1"
KEY2 = b"Sec-WebSocket-Key2"
DRAFT_NUMBER = b"Sec-WebSocket-Draft"
OLD_PROTOCOL = b"WebSocket-Protocol"
OLD_ORIGIN = b"WebSocket-Origin"
OLD_LOCATION = b"WebSocket-Location"
SEC_ORIGIN = b"Sec-WebSocket-Origin"
SEC_LOCATION = b"Sec-WebSocket-Location"
ACCEPT = b"Sec-WebSocket-Accept"
NONCE = b"Sec-WebSocket-Nonce"
ORIGIN = b"Origin"
OLD_UPGRADE = b"WebSocket"


def first(head: Head, name: bytes) -> bytes:
    """The first value of a field, trimmed; empty where there is none."""
    values = head.values(name)
    return values[0] if values else b""


def spaced(head: Head, name: bytes) -> tuple[bytes, ...]:
    """The members of a field whose list is separated by blanks, over all its lines."""
    return tuple(member for value in head.values(name) for member in value.split())


def head_bytes(start: bytes, fields: Sequence[tuple[bytes, bytes]]) -> bytes:
    """A head with its blank line."""
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in fields)
    return start + b"\r\n" + lines + b"\r\n"


def origin_of_host(host: bytes) -> bytes:
    """An Origin where one is demanded and nobody chose any: a page of the same host."""
    return b"http://" + host


def request(target: bytes, lines: Sequence[DraftLine], tail: bytes = b"") -> Draft:
    """A GET with these lines; a ``tail`` is marked as generated."""
    start = b"GET " + (target or b"/") + b" HTTP/1.1"
    return Draft(start, lines=tuple(lines), tail=tail, tail_generated=bool(tail))


def host_line(host: bytes) -> DraftLine:
    return DraftLine(b"Host", host, generated=Generated.HOST)


def opening_refusal(head: Head) -> str:
    """What every dialect asks of a request; empty where it is met."""
    if not head.complete:
        return "the request's head is not whole"
    parts = request_parts(head)
    if parts.method != b"GET":
        return "the method is not GET"
    if not parts.version.upper().startswith(b"HTTP/1.") or parts.version[-2:] == b".0":
        return "the HTTP version is not 1.1"
    if not head.values(b"Host"):
        return "there is no Host"
    if b"websocket" not in [member.lower() for member in head.members(b"Upgrade")]:
        return "Upgrade does not say WebSocket"
    if b"upgrade" not in [member.lower() for member in head.members(b"Connection")]:
        return "Connection does not hold Upgrade"
    return ""
