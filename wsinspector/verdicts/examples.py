"""Builds the bytes that the rules' examples are made of, so that each shows only what it is about."""

from collections.abc import Mapping

from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.deflate import DeflateParameters
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.rule import Example

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
"""The key of RFC 6455 §1.3 and the answer to it."""

_REQUEST: dict[bytes, bytes] = {
    b"Host": b"server.example",
    b"Upgrade": b"websocket",
    b"Connection": b"Upgrade",
    b"Sec-WebSocket-Key": KEY,
    b"Sec-WebSocket-Version": b"13",
}
_SWITCHED: dict[bytes, bytes] = {
    b"Upgrade": b"websocket",
    b"Connection": b"Upgrade",
    b"Sec-WebSocket-Accept": ACCEPT,
}

Changes = Mapping[bytes, bytes | None]
"""Other values for headers; None leaves the line out, a name that is not there is added."""


def _head(start: bytes, lines: Mapping[bytes, bytes], changes: Changes, extra: bytes) -> bytes:
    values = {**lines, **changes}
    text = b"".join(name + b": " + value + b"\r\n" for name, value in values.items() if value is not None)
    return start + b"\r\n" + text + extra + b"\r\n"


def request_bytes(
    changes: Changes | None = None, *, start: bytes = b"GET /chat HTTP/1.1", extra: bytes = b""
) -> bytes:
    """A right request of RFC 6455, changed. ``extra``: whole lines behind the others."""
    return _head(start, _REQUEST, changes or {}, extra)


def asked(
    changes: Changes | None = None,
    *,
    start: bytes = b"GET /chat HTTP/1.1",
    extra: bytes = b"",
    tail: bytes = b"",
) -> Example:
    """A request as an example; ``tail``: bytes behind its blank line."""
    return Example(request_bytes(changes, start=start, extra=extra) + tail)


def switched(
    changes: Changes | None = None,
    *,
    start: bytes = b"HTTP/1.1 101 Switching Protocols",
    extra: bytes = b"",
    request: Changes | None = None,
    request_extra: bytes = b"",
) -> Example:
    """A 101 to a right request, changed; ``request`` changes that one."""
    answer = _head(start, _SWITCHED, changes or {}, extra)
    return Example(answer, request_bytes(request, extra=request_extra))


def refused(
    status: bytes,
    lines: Changes | None = None,
    *,
    version: bytes = b"8",
    start: bytes = b"",
    extra: bytes = b"",
    body: bytes = b"",
) -> Example:
    """A refusal of a request with ``version``, by ``status`` (number and reason)."""
    length = b"%d" % len(body)
    head = _head(start or b"HTTP/1.1 " + status, {b"Content-Length": length}, lines or {}, extra)
    return Example(head + body, request_bytes({b"Sec-WebSocket-Version": version}))


def frames(
    text: str, sender: Role = Role.SERVER, *, deflate: bool = False, agreed: Agreed | None = None
) -> Example:
    """Frames from hexadecimal digits; ``deflate``: permessage-deflate was agreed on."""
    settled = Agreed(DeflateParameters()) if deflate else NOTHING_AGREED
    return Example(bytes.fromhex(text), sender=sender, agreed=agreed or settled)
