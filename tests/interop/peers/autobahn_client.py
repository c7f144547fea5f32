"""A client as a user of Autobahn writes it: says its texts, prints each echo, closes.

Arguments: URL, the number of the draft it is to speak (10 to 18), texts.
"""

import asyncio
import sys
from typing import Any
from urllib.parse import urlsplit

from autobahn.asyncio.websocket import (  # type: ignore[import-not-found]
    WebSocketClientFactory,
    WebSocketClientProtocol,
)

URL, DRAFT, *TEXTS = sys.argv[1:]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Talk(WebSocketClientProtocol):  # type: ignore[misc]
    def onOpen(self) -> None:
        say("open")
        self.next()

    def onMessage(self, payload: bytes, is_binary: bool) -> None:
        say(payload.decode())
        self.next()

    def onClose(self, clean: bool, code: int | None, reason: str | None) -> None:
        say("close" if clean else f"unclean: {code} {reason}")
        over.set()

    def next(self) -> None:
        if TEXTS:
            self.sendMessage(TEXTS.pop(0).encode())
        else:
            self.sendClose(1000)


over = asyncio.Event()


async def main() -> None:
    loop = asyncio.get_running_loop()
    factory: Any = WebSocketClientFactory(URL, origin="http://example.com", loop=loop)
    factory.protocol = Talk
    factory.setProtocolOptions(version=int(DRAFT))
    address = urlsplit(URL)
    await loop.create_connection(factory, address.hostname or "", address.port or 80)
    await asyncio.wait_for(over.wait(), 20)


asyncio.run(main())
