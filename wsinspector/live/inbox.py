"""A receiver to read from in turn, for peers written as plain coroutines."""

import asyncio

from wsinspector.live.transport import Link, LinkEnd

HIGH = 4 * 1024 * 1024
"""Unread bytes beyond which the connection is not read."""


class Inbox:
    """Reads a link piece by piece; the link is paused while much lies unread."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._waiting: list[bytes] = []
        self._size = 0
        self._news = asyncio.Event()
        self._over = False
        self.end: LinkEnd | None = None
        self.error: Exception | None = None
        link.start(self)

    async def read(self) -> bytes:
        """What has come since the last call, at least one byte; empty once the peer has ended."""
        while not self._waiting:
            if self._over:
                return b""
            self._news.clear()
            await self._news.wait()
        data = self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        self._link.resume()
        return data

    async def read_until(self, mark: bytes, limit: int = 1 << 20) -> bytes:
        """Bytes up to and with ``mark``; fewer where the peer ends or ``limit`` is reached first."""
        got = b""
        while mark not in got and len(got) < limit:
            piece = await self.read()
            if not piece:
                return got
            got += piece
        at = got.find(mark)
        if at >= 0 and (rest := got[at + len(mark) :]):
            self._waiting.insert(0, rest)
            self._size += len(rest)
            return got[: at + len(mark)]
        return got

    def received(self, data: bytes, _at: int) -> None:
        self._waiting.append(data)
        self._size += len(data)
        if self._size > HIGH:
            self._link.pause()
        self._news.set()

    def ended(self, how: LinkEnd, _at: int) -> None:
        self.end = how
        self._over = True
        self._news.set()

    def lost(self, error: Exception | None, _at: int) -> None:
        self.error = error
        self._over = True
        self._news.set()
