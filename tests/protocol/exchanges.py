"""Handshakes of the old dialects as the drafts show them and as real servers answered them."""

from dataclasses import dataclass

PORT = b"127.0.0.1:39107"


@dataclass(frozen=True)
class Vector:
    """Two keys, the eight bytes behind the head, the numbers they stand for and the digest."""

    key1: bytes
    key2: bytes
    key3: bytes
    numbers: tuple[int, int]
    digest: bytes


VECTORS = (
    Vector(
        b"4 @1  46546xW%0l 1 5",
        b"12998 5 Y3 1  .P00",
        b"^n:ds[4U",
        (829309203, 259970620),
        b"8jKS'y:G*Co,Wxa-",
    ),
    Vector(
        b"18x 6]8vM;54 *(5:  {   U1]8  z [  8",
        b"1_ tx7X d  <  nw  334J702) 7]o}` 0",
        b"Tm[K T2u",
        (155712099, 173347027),
        b"fQJ,fN/4F4!~K~MH",
    ),
    Vector(
        b"3e6b263  4 17 80",
        b"17  9 G`ZD9   2 2b 7X 3 /r90",
        b"WjN}|M(6",
        (906585445, 179922739),
        b"n`9eBk9z$R8pOtVb",
    ),
    Vector(
        b"30  ;- 5=5 u 4 1  7336",
        b":2 8 G(  07A 93Ql 3 *20 Ox0G'w",
        bytes.fromhex("5d9fb0670fe4fa75"),
        (381927167, 350991650),
        bytes.fromhex("b6bc2a9ea00c1cb90faddc97906017a8"),
    ),
)


def crlf(*lines: bytes, tail: bytes = b"") -> bytes:
    return b"".join(line + b"\r\n" for line in lines) + b"\r\n" + tail


ASKED_75 = crlf(
    b"GET /echo HTTP/1.1",
    b"Host: " + PORT,
    b"Upgrade: WebSocket",
    b"Connection: Upgrade",
    b"Origin: http://example.com",
)
ANSWERED_75 = crlf(
    b"HTTP/1.1 101 Web Socket Protocol Handshake",
    b"Upgrade: WebSocket",
    b"Connection: Upgrade",
    b"WebSocket-Origin: http://example.com",
    b"WebSocket-Location: ws://" + PORT + b"/echo",
)


def asked_76(*more: bytes) -> bytes:
    return crlf(
        b"GET /echo HTTP/1.1",
        b"Host: " + PORT,
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
        b"Sec-WebSocket-Protocol: sample",
        b"Upgrade: WebSocket",
        b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5",
        b"Origin: http://example.com",
        *more,
        tail=b"^n:ds[4U",
    )


ASKED_76 = asked_76()
ANSWERED_76 = crlf(
    b"HTTP/1.1 101 WebSocket Protocol Handshake",
    b"Upgrade: WebSocket",
    b"Connection: Upgrade",
    b"Sec-WebSocket-Location: ws://" + PORT + b"/echo",
    b"Sec-WebSocket-Origin: http://example.com",
    b"Sec-WebSocket-Protocol: sample",
    tail=b"8jKS'y:G*Co,Wxa-",
)
"""As em-websocket answered; to a request with Sec-WebSocket-Draft: 2 as well."""


def asked(version: bytes, *more: bytes, origin: bytes = b"Sec-WebSocket-Origin") -> bytes:
    return crlf(
        b"GET /echo HTTP/1.1",
        b"Host: " + PORT,
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        origin + b": http://example.com",
        b"Sec-WebSocket-Version: " + version,
        *more,
    )


def answered(*more: bytes) -> bytes:
    return crlf(
        b"HTTP/1.1 101 Switching Protocols",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        *more,
    )
