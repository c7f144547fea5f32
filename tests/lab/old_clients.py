"""What a client of each dialect sends to the lab, as literal bytes, and what must come back."""

from dataclasses import dataclass
from hashlib import sha1

from tests.lab.wire import ACCEPT, KEY

MASK = bytes.fromhex("37fa213d")
HOST = b"127.0.0.1:39107"
ORIGIN = b"http://example.com"


@dataclass(frozen=True)
class OldClient:
    """``lines``: of the request, after Host. ``tail``: behind its blank line. ``answer``: the lab's
    101, whole; empty where it holds something drawn. ``frames``: sent, and what each brings back."""

    dialect: str
    lines: tuple[bytes, ...]
    tail: bytes
    answer: bytes
    frames: tuple[tuple[bytes, bytes], ...]

    def request(self, path: bytes = b"/echo", *more: bytes) -> bytes:
        head = (b"GET " + path + b" HTTP/1.1", b"Host: " + HOST, *self.lines, *more)
        return b"\r\n".join(head) + b"\r\n\r\n" + self.tail


def _h(text: str) -> bytes:
    return bytes.fromhex(text)


HIXIE_75 = OldClient(
    "hixie-75",
    (b"Upgrade: WebSocket", b"Connection: Upgrade", b"Origin: " + ORIGIN),
    b"",
    b"HTTP/1.1 101 Web Socket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
    b"WebSocket-Origin: http://example.com\r\nWebSocket-Location: ws://127.0.0.1:39107/echo\r\n\r\n",
    ((_h("0048656c6c6fff"), _h("0048656c6c6fff")), (b"\x00\xc3\xa4\xff", b"\x00\xc3\xa4\xff")),
)

_KEYS = (
    b"Connection: Upgrade",
    b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
    b"Sec-WebSocket-Protocol: sample",
    b"Upgrade: WebSocket",
    b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5",
    b"Origin: " + ORIGIN,
)
_DIGEST = b"8jKS'y:G*Co,Wxa-"
_KEYS_HEAD = b"HTTP/1.1 101 WebSocket Protocol Handshake\r\n"


def _keyed(name: str, *draft: bytes, frames: tuple[tuple[bytes, bytes], ...]) -> OldClient:
    answer = (
        _KEYS_HEAD + b"Upgrade: WebSocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Origin: http://example.com\r\n"
        b"Sec-WebSocket-Location: ws://127.0.0.1:39107/echo\r\n"
        b"Sec-WebSocket-Protocol: sample\r\n\r\n" + _DIGEST
    )
    return OldClient(name, (*_KEYS, *draft), b"^n:ds[4U", answer, frames)


HIXIE_76 = _keyed(
    "hixie-76",
    frames=((_h("0048656c6c6fff"), _h("0048656c6c6fff")), (_h("ff00"), _h("ff00"))),
)

_MORE = (
    (_h("040548656c6c6f"), _h("040548656c6c6f")),
    (_h("840348656c00026c6f"), _h("840348656c00026c6f")),
    (_h("02053132333435"), _h("03053132333435")),
    (_h("0504deadbeef"), _h("0504deadbeef")),
)
HYBI_01 = _keyed("hybi-01", b"Sec-WebSocket-Draft: 1", frames=(*_MORE, (_h("0100"), _h("0100"))))
HYBI_02 = _keyed("hybi-02", b"Sec-WebSocket-Draft: 2", frames=(*_MORE, (_h("0103627965"), _h("0103627965"))))
HYBI_03 = _keyed("hybi-03", b"Sec-WebSocket-Draft: 3", frames=(*_MORE, (_h("0100"), _h("0100"))))

_ACCEPT_ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: " + ACCEPT + b"\r\nServer: lab\r\n\r\n"
)


def _accepting(
    name: str,
    version: bytes,
    frames: tuple[tuple[bytes, bytes], ...],
    *,
    origin: bytes = b"Sec-WebSocket-Origin",
    answer: bytes = _ACCEPT_ANSWER,
) -> OldClient:
    lines = (
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: " + KEY,
        origin + b": " + ORIGIN,
        b"Sec-WebSocket-Version: " + version,
    )
    return OldClient(name, lines, b"", answer, frames)


def whole_masked(frame: str) -> bytes:
    """A client's frame of hybi-05 and 06: the key, then every byte of the frame XORed with it."""
    return MASK + bytes(byte ^ MASK[at % 4] for at, byte in enumerate(_h(frame)))


def nonce_masked(frame: str, nonce: bytes) -> bytes:
    """A client's frame of hybi-04, where the server's answer held ``nonce``."""
    connection_key = sha1(KEY + nonce + b"61AC5F19-FBBA-4540-B96F-6561F1AB40A8").digest()
    key = sha1(MASK + connection_key).digest()
    return MASK + bytes(byte ^ key[at % 20] for at, byte in enumerate(_h(frame)))


PLAIN_04 = (
    ("840548656c6c6f", "840548656c6c6f"),
    ("040348656c80026c6f", "040348656c80026c6f"),
    ("82053132333435", "83053132333435"),
    ("8504deadbeef", "8504deadbeef"),
    ("8103627965", "8103627965"),
)
"""The frames of hybi-04 before masking; what they are masked with is known only after the answer."""

_WHOLE = (
    (_h("37fa213db3ff69585b964e"), _h("840548656c6c6f")),
    (whole_masked("040348656c") + whole_masked("80026c6f"), _h("040348656c80026c6f")),
    (whole_masked("82053132333435"), _h("83053132333435")),
    (whole_masked("8504deadbeef"), _h("8504deadbeef")),
)
HYBI_04 = _accepting("hybi-04", b"4", (), answer=b"")
HYBI_05 = _accepting("hybi-05", b"5", (*_WHOLE, (_h("37fa213db6fb62"), _h("810153"))))
HYBI_06 = _accepting("hybi-06", b"6", (*_WHOLE, (_h("37fa213db6f822d5"), _h("810203e8"))))

_PAYLOAD_MASKED = (
    (_h("818537fa213d7f9f4d5158"), _h("810548656c6c6f")),
    (_h("018337fa213d7f9f4d") + _h("808237fa213d5b95"), _h("010348656c80026c6f")),
    (_h("898537fa213d7f9f4d5158"), _h("8a0548656c6c6f")),
    (_h("888237fa213d3412"), _h("880203e8")),
)
HYBI_07 = _accepting("hybi-07", b"7", _PAYLOAD_MASKED)
HYBI_08 = _accepting("hybi-08", b"8", _PAYLOAD_MASKED)
HYBI_11 = _accepting("hybi-11", b"8", _PAYLOAD_MASKED, origin=b"Origin")
RFC6455 = _accepting("rfc6455", b"13", _PAYLOAD_MASKED, origin=b"Origin")

OLD_CLIENTS = (
    HIXIE_75, HIXIE_76, HYBI_01, HYBI_02, HYBI_03, HYBI_04, HYBI_05, HYBI_06, HYBI_07, HYBI_08, HYBI_11,
    RFC6455,
)  # fmt: skip
