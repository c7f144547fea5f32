"""Builds the exchanges of the oldest dialects that their rules' examples are made of."""

from wsinspector.protocol.dialects import fields as names
from wsinspector.protocol.dialects.hixie75 import FIRST_LINES
from wsinspector.protocol.dialects.keys import STATUS_LINE
from wsinspector.verdicts.examples import ACCEPT, KEY, Changes
from wsinspector.verdicts.rule import Example

_ORIGIN = b"http://example.com"
_LOCATION = b"ws://server.example/demo"
KEY1, KEY2, KEY3 = b"4 @1  46546xW%0l 1 5", b"12998 5 Y3 1  .P00", b"^n:ds[4U"
DIGEST = b"8jKS'y:G*Co,Wxa-"
"""The handshake that the draft itself shows."""


def head(start: bytes, lines: dict[bytes, bytes], changes: Changes | None, extra: bytes = b"") -> bytes:
    values = {**lines, **(changes or {})}
    text = b"".join(name + b": " + value + b"\r\n" for name, value in values.items() if value is not None)
    return start + b"\r\n" + text + extra + b"\r\n"


_OLD_REQUEST = {
    b"Upgrade": b"WebSocket",
    b"Connection": b"Upgrade",
    b"Host": b"server.example",
    b"Origin": _ORIGIN,
}


def of_75(changes: Changes | None = None, *, start: bytes = FIRST_LINES[0]) -> Example:
    """A 101 to a right request of hixie-75, changed."""
    answer = {
        b"Upgrade": b"WebSocket",
        b"Connection": b"Upgrade",
        names.OLD_ORIGIN: _ORIGIN,
        names.OLD_LOCATION: _LOCATION,
    }
    return Example(head(start, answer, changes), head(b"GET /demo HTTP/1.1", _OLD_REQUEST, None))


def of_76(
    changes: Changes | None = None, *, offer: bytes | None = None, digest: bytes = DIGEST, extra: bytes = b""
) -> Example:
    """A 101 to a right request of hixie-76, changed; ``offer``: of subprotocols."""
    answer = {
        b"Upgrade": b"WebSocket",
        b"Connection": b"Upgrade",
        names.SEC_ORIGIN: _ORIGIN,
        names.SEC_LOCATION: _LOCATION,
    }
    asked = {**_OLD_REQUEST, names.KEY1: KEY1, names.KEY2: KEY2}
    request = head(b"GET /demo HTTP/1.1", asked, {names.PROTOCOL: offer}) + KEY3
    return Example(head(STATUS_LINE, answer, changes, extra) + digest, request)


def of_accept(
    version: bytes,
    changes: Changes | None = None,
    *,
    offer: Changes | None = None,
    start: bytes = b"HTTP/1.1 101 Switching Protocols",
) -> Example:
    """A 101 to a request with ``version``, changed; ``offer`` changes the request."""
    asked = {
        b"Host": b"server.example",
        b"Upgrade": b"websocket",
        b"Connection": b"Upgrade",
        names.KEY: KEY,
        b"Sec-WebSocket-Version": version,
    }
    answer = {b"Upgrade": b"websocket", b"Connection": b"Upgrade", names.ACCEPT: ACCEPT}
    return Example(head(start, answer, changes), head(b"GET /chat HTTP/1.1", asked, offer))
