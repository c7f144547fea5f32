"""Captures made through the capture's own writer, handshake and all, for what leaves and comes back."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wsinspector.capture import CaptureReader, CaptureWriter
from wsinspector.conversation.options import Options
from wsinspector.conversation.restore import restored_attempts
from wsinspector.conversation.state import state_to_json
from wsinspector.present.frames import framing_of
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed, Numbering
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.deflate import DeflateParameters, Deflater
from wsinspector.protocol.draft import Draft
from wsinspector.protocol.spans import Direction, Role
from wsinspector.share.leaving import Leaving

IN, OUT = Direction.IN, Direction.OUT
SECOND = 1_000_000_000
WALL = 1_700_000_000 * SECOND + 123_456_789
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
SECRET = b"s3cr3t-t0ken-of-ours"
URL = "ws://h.example:8080/chat?access_token=q-u-e-r-y-1&room=3"


def request_of(*lines: bytes) -> bytes:
    head = (
        b"GET /chat?access_token=q-u-e-r-y-1&room=3 HTTP/1.1",
        b"Host: h.example:8080",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: " + KEY,
        b"Sec-WebSocket-Version: 13",
        b"Authorization: Bearer " + SECRET,
        *lines,
    )
    return b"\r\n".join(head) + b"\r\n\r\n"


def answer_of(*lines: bytes) -> bytes:
    head = (
        b"HTTP/1.1 101 Switching Protocols",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Accept: " + accept_for(KEY),
        b"Set-Cookie: sid=set-by-server; HttpOnly",
        *lines,
    )
    return b"\r\n".join(head) + b"\r\n\r\n"


@dataclass
class Making:
    """One attempt; each piece of wire comes 1 ms after the one before."""

    path: Path
    request: bytes = field(default_factory=request_of)
    answer: bytes = field(default_factory=answer_of)
    agreed: Agreed = NOTHING_AGREED
    dialect: str = "rfc6455"
    mono: int = 5 * SECOND
    more: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.writer = CaptureWriter.create(self.path)
        self.draft = Draft.from_bytes(self.request)
        state = state_to_json(URL, self.draft, Options())
        self.conversation = self.writer.new_conversation("a title", state, self.request)
        facts = {"url": URL, "options": Options().to_json(), "dialect": self.dialect} | self.more
        self.attempt = self.writer.new_attempt(
            self.conversation, 1, wall_ns=WALL, mono_ns=self.mono, facts=facts
        )
        self.now = self.mono
        numbering = Numbering()
        self.framing = framing_of(self.agreed)
        self.deflater = Deflater()
        self.keys = 0x37FA213D
        self.scanners = {
            side: self.framing.scanner(side, sender, agreed=self.agreed, numbering=numbering, start=len(head))
            for side, sender, head in ((IN, Role.SERVER, self.answer), (OUT, Role.CLIENT, self.request))
        }
        self.tick()
        self.attempt.bytes(OUT, self.request, self.now)
        asked = self.now
        self.tick()
        self.attempt.bytes(IN, self.answer, self.now)
        self.attempt.update(
            {
                "request_length": len(self.request),
                "request_at": asked,
                "response_at": self.now,
                "opened_at": self.now if b" 101 " in self.answer else None,
                "addresses": ["127.0.0.1"],
                "dialled": "127.0.0.1:8080",
                "timings": {"lookup": 0.5, "tcp": 1.25, "tls": None, "first_byte": 2.0, "total": 3.75},
            }
        )
        self.attempt.event("opened", self.now, {})

    def tick(self, by: int = 1_000_001) -> None:
        self.now += by

    def wire(self, side: Direction, data: bytes) -> None:
        self.tick()
        self.attempt.bytes(side, data, self.now)
        self.scanners[side].feed(data, self.now)
        self._take(side)

    def _take(self, side: Direction) -> None:
        self.scanners[side].drain()
        columns = self.scanners[side].take()
        if len(columns):
            self.attempt.frames(columns)

    def frame(
        self, side: Direction, opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0
    ) -> None:
        self.wire(side, self.encoded(side, opcode, payload, fin=fin, rsv=rsv))

    def encoded(
        self, side: Direction, opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0
    ) -> bytes:
        sender = Role.CLIENT if side is OUT else Role.SERVER
        masked = sender is Role.CLIENT and self.framing.abilities(self.agreed).masked
        self.keys += 1
        key = self.keys.to_bytes(4, "big") if masked else None
        return self.framing.encode(
            opcode, payload, sender=sender, agreed=self.agreed, key=key, fin=fin, rsv=rsv
        )

    def compressed(self, text: bytes) -> None:
        self.frame(IN, 1, self.deflater.deflate(text), rsv=4)

    def close(self, *, ended: bool = True) -> Path:
        if ended:
            for side, scanner in self.scanners.items():
                scanner.end(self.now)
                self._take(side)
            end = {
                "kind": "close-frame", "by": "peer", "clean": True, "code": 1000, "reason": "",
                "sent_code": 1000, "received_code": 1000, "silence": 0.0, "age": 1.0, "at": self.now,
            }  # fmt: skip
            self.attempt.update({"end": end, "last_byte_at": self.now})
            self.attempt.finish()
        assert self.writer.close().trouble is None
        return self.path


DEFLATED = Agreed(DeflateParameters())
DEFLATE_LINE = b"Sec-WebSocket-Extensions: permessage-deflate"


ALONE_LINE = DEFLATE_LINE + b"; server_no_context_takeover; client_no_context_takeover"
ALONE = Agreed(DeflateParameters(server_no_context_takeover=True, client_no_context_takeover=True))

Said = list[tuple[Direction, bytes, tuple[int, ...]]]


def compressed_talk(path: Path, said: Said, *, takeover: bool = True) -> Path:
    """Messages, each cut into frames of so many compressed bytes; the rest is in its last frame."""
    line = DEFLATE_LINE if takeover else ALONE_LINE
    making = Making(path, request_of(line), answer_of(line), DEFLATED if takeover else ALONE)
    deflaters = {side: Deflater(takeover=takeover) for side in Direction}
    for side, text, cuts in said:
        data = deflaters[side].deflate(text)
        parts = []
        for size in cuts:
            parts.append(data[:size])
            data = data[size:]
        parts.append(data)
        for at, part in enumerate(parts):
            if at:
                making.frame(side, 9, b"between")
            first, last = at == 0, at == len(parts) - 1
            making.frame(side, 1 if first else 0, part, fin=last, rsv=4 if first else 0)
    return making.close()


def leaving_of(reader: CaptureReader, **options: Any) -> Leaving:
    (conversation,) = reader.conversations()
    (attempt,) = restored_attempts(reader, conversation.id)
    return Leaving(reader, attempt.snapshot, attempt.options, conversation=conversation, **options)


Told = tuple[list[tuple[int, int]], bytes]


def stream_of(reader: CaptureReader, attempt: int, side: Direction) -> Told:
    """Bytes, and (offset, time) where a read begins; one that was stored in parts counts once."""
    offsets, times = reader.reads(attempt, side)
    reads: list[tuple[int, int]] = []
    for pair in zip(offsets, times, strict=True):
        if not reads or reads[-1][1] != pair[1]:
            reads.append(pair)
    return reads, reader.stream(attempt, side, 0, reader.stream_length(attempt, side))


def columns_of(reader: CaptureReader, attempt: int) -> FrameColumns:
    return reader.columns(attempt, 1, reader.frame_count(attempt))
