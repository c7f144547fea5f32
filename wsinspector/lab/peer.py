"""A conforming peer by the ``websockets`` library, so that not all is judged by our own understanding."""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from websockets.asyncio.server import Server, ServerConnection


class ConformingPeer:
    """An echo server made with ``websockets``, on a port of its own; compression as it agrees it."""

    def __init__(self) -> None:
        self._server: Server | None = None
        self.port = 0

    async def start(self, host: str, port: int = 0) -> None:
        """Listen; imports ``websockets``. Raises OSError where the address cannot be had."""
        from websockets.asyncio.server import serve

        # The library logs what a peer does wrong; here that is what people come to try.
        quiet = logging.Logger("wsinspector.lab.peer")
        quiet.addHandler(logging.NullHandler())
        self._server = await serve(
            _echo, host, port, ping_interval=None, max_size=None, close_timeout=2, logger=quiet
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        """Close every connection with 1001 and stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None


async def _echo(connection: "ServerConnection") -> None:
    from websockets.exceptions import ConnectionClosed

    try:
        async for message in connection:
            await connection.send(message)
    except ConnectionClosed:
        return
