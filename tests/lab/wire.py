"""A client of plain bytes for the lab's tests, so that nothing here is judged by our own engine."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import TypeVar

from wsinspector.lab.server import Lab
from wsinspector.protocol.frames import FrameHead, encode_frame, read_frame_head

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
MASK = bytes.fromhex("37fa213d")

T = TypeVar("T")


def with_lab(test: Callable[[Lab], Awaitable[T]], *, ready: bool = False) -> T:
    """Run ``test`` beside a lab; any task of the lab that dies fails the test."""
    died: list[BaseException] = []

    async def body() -> T:
        lab = Lab(report=lambda _name, error: died.append(error))
        await lab.start()
        try:
            if ready:
                await lab.ready()
            return await test(lab)
        finally:
            await lab.stop()

    result = asyncio.run(body())
    assert died == []
    return result


def request(path: str, *lines: bytes, version: tuple[bytes, ...] = (b"13",), key: bytes = KEY) -> bytes:
    head = [
        b"GET " + path.encode() + b" HTTP/1.1",
        b"Host: 127.0.0.1",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: " + key,
        *(b"Sec-WebSocket-Version: " + value for value in version),
        *lines,
    ]
    return b"\r\n".join(head) + b"\r\n\r\n"


class Wire:
    """One connection; reads raise asyncio.IncompleteReadError where the lab ends too early."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def dial(
        cls, lab: Lab, data: bytes, context: ssl.SSLContext | None = None, port: int = 0
    ) -> "Wire":
        wire = cls(*await asyncio.open_connection(lab.host, port or lab.port, ssl=context, limit=1 << 22))
        wire.send(data)
        return wire

    @classmethod
    async def open(cls, lab: Lab, path: str, *lines: bytes) -> "Wire":
        """Connect and shake hands; asserts a 101."""
        wire = await cls.dial(lab, request(path, *lines))
        assert (await wire.head()).startswith(b"HTTP/1.1 101 ")
        return wire

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    def frame(self, opcode: int, payload: bytes, *, fin: bool = True, rsv: int = 0) -> None:
        self.send(encode_frame(opcode, payload, fin=fin, rsv=rsv, key=MASK))

    async def head(self) -> bytes:
        return await self._reader.readuntil(b"\r\n\r\n")

    async def exactly(self, count: int) -> bytes:
        return await self._reader.readexactly(count)

    async def rest(self) -> bytes:
        """Everything until the lab ends its side."""
        return await self._reader.read()

    async def read_frame(self) -> tuple[FrameHead, bytes]:
        data = b""
        while (head := read_frame_head(data)) is None:
            data += await self._reader.readexactly(1)
        return head, await self._reader.readexactly(head.length)

    def finish(self) -> None:
        """End our side and go on reading."""
        self._writer.write_eof()

    async def skip(self) -> None:
        """Read and drop everything until the lab ends its side."""
        while await self._reader.read(65536):
            pass

    async def hang_up(self) -> None:
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except ConnectionError:
            return
