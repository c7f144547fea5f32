"""One connection to the lab up to its answer: the request as it came, and the bytes we write."""

import asyncio
from urllib.parse import parse_qs, unquote_to_bytes

from wsinspector.lab.versions import EVERY_VERSION, VersionRule, read_versions
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.head_reader import HeadScanner, parse_request, request_parts

HEAD_LIMIT = 1 << 20
LINGER = 2.0
"""Seconds our side stays readable after its FIN: closing with unread bytes would send RST,
and the client would lose the end of the answer."""


class Exchange:
    """The request of one connection and the way to answer it.

    ``request``: its bytes as they came, of the head alone until :meth:`tail` adds to them. ``rest`` came
    after it. ``rule``: which versions are taken where nothing else says so.
    """

    def __init__(
        self, link: Link, inbox: Inbox, request: bytes, rest: bytes, rule: VersionRule = EVERY_VERSION
    ) -> None:
        self.link = link
        self.inbox = inbox
        self.request = request
        self.head = parse_request(request)
        self.rest = rest
        self.rule = rule
        self.target = request_parts(self.head).target
        self.path, self._query = split_target(self.target)

    async def tail(self, count: int) -> bytes:
        """The ``count`` bytes that belong to the request behind its head; fewer where no more come.

        A client that announces them with Content-Length sends the same bytes.
        """
        while len(self.rest) < count:
            piece = await self.inbox.read()
            if not piece:
                break
            self.rest += piece
        tail, self.rest = self.rest[:count], self.rest[count:]
        self.request += tail
        return tail

    def asked_rule(self, rule: VersionRule) -> VersionRule:
        """``rule`` with what the query says of ``versions`` and ``refuse``.

        Raises ValueError, in words, where the query is none that can be carried out.
        """
        if "versions" not in self._query and "refuse" not in self._query:
            return rule
        taken = read_versions(self.text("versions", "")) if "versions" in self._query else rule.taken
        return VersionRule(taken, self.text("refuse", rule.manner))

    def text(self, name: str, default: str) -> str:
        """The query's first value of ``name``."""
        return self._query.get(name, [default])[0]

    def number(self, name: str, default: float, *, most: float = 86_400_000.0) -> float:
        """The query's ``name`` as a number from 0 to ``most``, ``default`` where it is none."""
        try:
            value = float(self.text(name, ""))
        except ValueError:
            return default
        return value if 0.0 <= value <= most else default

    async def write(self, data: bytes) -> None:
        """Send ``data``; waits while the client does not read."""
        self.link.write(data)
        await self.link.drained()

    async def until_peer_ends(self) -> None:
        """Read and drop what comes until the client ends the connection."""
        while await self.inbox.read():
            pass

    def reset(self) -> None:
        """End the connection with RST."""
        self.link.abort()

    async def end(self) -> None:
        """End our side in order, and read until the client has ended its own, for a while."""
        self.link.end()
        if self.link.can_half_close:
            try:
                async with asyncio.timeout(LINGER):
                    await self.until_peer_ends()
            except TimeoutError:
                return


def split_target(target: bytes) -> tuple[str, dict[str, list[str]]]:
    """Path, percent-decoded, and query of a request target, in any of its forms; never raises."""
    rest = target
    for scheme in (b"ws://", b"wss://", b"http://", b"https://"):
        if rest.lower().startswith(scheme):
            rest = b"/" + rest[len(scheme) :].partition(b"/")[2]
            break
    path, _, query = rest.partition(b"?")
    try:
        values = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    except ValueError:
        values = {}
    return unquote_to_bytes(path).decode("utf-8", "replace"), values


async def read_request(inbox: Inbox, first: bytes) -> tuple[bytes, bytes] | None:
    """Read the head that begins with ``first``: its bytes and those after it; None where none gets whole."""
    scanner = HeadScanner()
    piece = first
    while piece and scanner.size < HEAD_LIMIT:
        taken = scanner.feed(piece)
        if scanner.complete:
            return scanner.data, piece[taken:]
        piece = await inbox.read()
    return None
