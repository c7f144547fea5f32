"""A lab whose clients are caught, and clients of plain bytes; each file must read as it was live."""

import contextlib
import queue
import socket
from collections.abc import Iterator
from pathlib import Path

from tests.conversation.conftest import SECONDS, shown
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.catching import Catching
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.lab.server import Lab
from wsinspector.protocol.frames import apply_mask, read_frame_head

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
"""The key and its answer in RFC 6455 §1.3."""

KEYS = (
    b"GET /by-hand HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nSec-WebSocket-Protocol: sample\r\nUpgrade: WebSocket\r\n"
    b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nOrigin: http://example.com\r\n\r\n^n:ds[4U"
)
"""An opening handshake of hixie-76; its eight last bytes stand behind the blank line."""


def request(path: str = "/echo", *lines: bytes, version: bytes = b"13") -> bytes:
    """A proper opening handshake with ``lines`` added."""
    head = [
        b"GET " + path.encode() + b" HTTP/1.1",
        b"Host: old.example:8080",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: " + KEY,
        b"Sec-WebSocket-Version: " + version,
        *lines,
    ]
    return b"\r\n".join(head) + b"\r\n\r\n"


class Client:
    """One outside connection; every wait is bounded."""

    def __init__(self, port: int, data: bytes = b"") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        host, self.port = self.socket.getsockname()
        self.name = f"{host}:{self.port}"
        self._kept = bytearray()
        if data:
            self.send(data)

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self, count: int) -> bytes:
        while len(self._kept) < count:
            piece = self.socket.recv(65536)
            if not piece:
                raise EOFError(bytes(self._kept))
            self._kept += piece
        taken = bytes(self._kept[:count])
        del self._kept[:count]
        return taken

    def head(self) -> bytes:
        while b"\r\n\r\n" not in self._kept:
            piece = self.socket.recv(65536)
            if not piece:
                raise EOFError(bytes(self._kept))
            self._kept += piece
        return self.read(self._kept.index(b"\r\n\r\n") + 4)

    def frame(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame, which must not be masked."""
        data = self.read(2)
        while (head := read_frame_head(data)) is None:
            data += self.read(1)
        payload = self.read(head.length)
        assert head.key is None
        return head.first & 0x0F, payload

    def rest(self) -> bytes:
        """All that comes until the other side ends, however it does; then this side ends too."""
        with contextlib.suppress(ConnectionResetError):
            while piece := self.socket.recv(65536):
                self._kept += piece
        self.close()
        return bytes(self._kept)

    def end(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.socket.close()


class Net:
    """The lab on the engine's loop, and what was caught of its clients."""

    def __init__(self, engine: Engine, folder: Path | None, *, most: int = 50) -> None:
        self.engine = engine
        self.lab = Lab(report=lambda name, error: engine.failures.append((name, error)))
        self.engine.run(self.lab.start()).result(SECONDS)
        self._queue: queue.Queue[Conversation] = queue.Queue()
        self.catching = Catching(engine, self.lab, folder, self._queue.put, most=most)
        self._clients: list[Client] = []

    def client(self, data: bytes = b"", *, port: int = 0) -> Client:
        client = Client(port or self.lab.port, data)
        self._clients.append(client)
        return client

    def caught(self) -> Conversation:
        """The next client that was caught."""
        return self._queue.get(timeout=SECONDS)

    def attempt(self) -> Attempt:
        """The newest attempt of the next client that was caught."""
        return self.caught().attempts[-1]

    def nobody(self) -> bool:
        """Whether nobody was caught beyond those taken."""
        return self._queue.empty()

    def close(self) -> None:
        for client in self._clients:
            client.close()
        held = self.catching.conversations
        self.catching.close()
        self.engine.run(self.lab.stop()).result(SECONDS)
        for conversation in held:
            same_again(conversation)


def same_again(conversation: Conversation) -> None:
    """What the file of a closed conversation says is what was published live."""
    path = conversation.capture_path
    assert path is not None
    again = Conversation.open(conversation.engine, path)
    try:
        assert again.title == conversation.title
        assert again.draft == conversation.draft
        assert len(again.attempts) == len(conversation.attempts) > 0
        for before, after in zip(conversation.attempts, again.attempts, strict=True):
            assert not before.live
            assert before.options == after.options
            assert shown(after.snapshot) == shown(before.snapshot)
    finally:
        again.close()


def masked(frame: bytes, key: bytes = bytes.fromhex("37fa213d")) -> bytes:
    """An unmasked frame of less than 126 bytes as a client sends it."""
    return frame[:1] + bytes((frame[1] | 0x80,)) + key + apply_mask(frame[2:], key)


def net(engine: Engine, folder: Path | None, **how: int) -> Iterator[Net]:
    """For fixtures."""
    made = Net(engine, folder, **how)
    yield made
    made.close()
