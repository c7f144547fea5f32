"""An echo server as a user of Autobahn writes it; prints its port, ends with its standard input."""

import asyncio
import sys
from importlib import import_module
from typing import Any


async def main() -> None:
    autobahn: Any = import_module("autobahn.asyncio.websocket")

    class Echo(autobahn.WebSocketServerProtocol):  # type: ignore[misc]
        def onMessage(self, payload: bytes, binary: bool) -> None:
            self.sendMessage(payload, binary)

    factory = autobahn.WebSocketServerFactory()
    factory.protocol = Echo
    loop = asyncio.get_running_loop()
    server = await loop.create_server(factory, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
