"""Accept connections and run one handler a connection, all of them kept and ended together."""

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from typing import Any

from wsinspector.live.tasks import Report, TaskKeeper
from wsinspector.live.tls import TlsStream
from wsinspector.live.transport import Link

Handler = Callable[[Link], Coroutine[Any, Any, None]]
TurnedAway = Callable[[Link, Exception], None]


class Listener:
    """A listening socket. ``handler(link)`` runs as a task a connection; when it returns, the
    connection is closed in order, when it is cancelled or fails, at once."""

    def __init__(
        self,
        handler: Handler,
        context: ssl.SSLContext | None,
        report: Report,
        turned_away: TurnedAway | None = None,
    ) -> None:
        self._handler = handler
        self._turned_away = turned_away
        self._context = context
        self._keeper = TaskKeeper(report)
        self._links: set[Link] = set()
        self._server: asyncio.Server | None = None
        self._closing = False
        self.host = ""
        self.port = 0
        self.tls_failures = 0
        """Connections whose TLS handshake did not come to its end."""

    @property
    def connections(self) -> int:
        """Connections whose handler runs now."""
        return len(self._links)

    async def open(self, host: str, port: int) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Accepted(self._accepted, self._stream), host, port)
        self.host, self.port = self._server.sockets[0].getsockname()[:2]

    async def close(self) -> None:
        """Stop listening, end every connection at once, and wait for the handlers."""
        self._closing = True
        if self._server is not None:
            self._server.close()
        await self._keeper.close()
        if self._server is not None:
            # From Python 3.12 on this waits for the connections too: they must have ended before.
            await self._server.wait_closed()

    def _stream(self) -> TlsStream | None:
        return TlsStream(self._context, server_side=True) if self._context is not None else None

    def _accepted(self, link: Link) -> None:
        if self._closing:
            link.abort()
            return
        self._links.add(link)
        self._keeper.spawn(self._serve(link), f"connection from {link.remote}")

    async def _serve(self, link: Link) -> None:
        try:
            if self._context is not None:
                try:
                    await link.secure()
                except (ssl.SSLError, OSError) as error:
                    self.tls_failures += 1
                    link.close()
                    if self._turned_away is not None:
                        self._turned_away(link, error)
                    return
            await self._handler(link)
            link.close()
        except BaseException:
            link.abort()
            raise
        finally:
            self._links.discard(link)


class _Accepted(Link):
    def __init__(self, accepted: Callable[[Link], None], stream: Callable[[], TlsStream | None]) -> None:
        super().__init__(stream())
        self._accepted = accepted

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._accepted(self)


def _tell_loop(name: str, error: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler({"message": name, "exception": error})


async def listen(
    handler: Handler,
    host: str = "127.0.0.1",
    port: int = 0,
    ssl: ssl.SSLContext | None = None,
    *,
    report: Report = _tell_loop,
    turned_away: TurnedAway | None = None,
) -> Listener:
    """Listen on ``host``; port 0 takes a free one. ``report(name, error)`` hears of handlers that die,
    ``turned_away(link, error)`` of connections whose TLS handshake failed.

    Raises OSError where the address cannot be had.
    """
    listener = Listener(handler, ssl, report, turned_away)
    await listener.open(host, port)
    return listener
