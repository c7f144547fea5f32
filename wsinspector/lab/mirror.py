"""Answer with exactly the bytes that arrived, so that what happens to a request on the way can be seen."""

import asyncio
import base64
import hashlib

from wsinspector.lab.answers import SERVER, answer
from wsinspector.lab.exchange import HEAD_LIMIT, Exchange
from wsinspector.protocol.dialects import Challenge, recognise
from wsinspector.protocol.head_reader import request_parts
from wsinspector.protocol.http import Head
from wsinspector.protocol.mirroring import CONTENT_TYPE, MIRROR_FIELD

PATH = "/mirror"
MOST = HEAD_LIMIT
"""Bytes behind the head that are held at most; what comes after is not read."""
WHOLE = 1.0
"""Seconds without a byte after which bytes that were announced are no longer awaited."""
QUIET = 0.15
"""Seconds without a byte after which nothing unannounced is awaited either."""
_CHUNKS_END = b"0\r\n\r\n"


async def mirror(exchange: Exchange) -> None:
    """200 with the request as its body: never 101, so that a proxy takes it for an ordinary answer."""
    arrived = exchange.request + await _behind_the_head(exchange)
    digest = base64.b64encode(hashlib.sha256(arrived).digest())
    lines = (
        (b"Connection", b"close"),
        (b"Content-Type", CONTENT_TYPE),
        (b"Content-Length", b"%d" % len(arrived)),
        # RFC 9530 §2: tells whether the copy was changed in its turn on the way back.
        (b"Content-Digest", b"sha-256=:" + digest + b":"),
        (b"Cache-Control", b"no-store, no-transform"),
        (MIRROR_FIELD, b"request"),
        SERVER,
    )
    # The answer to HEAD ends with its head (RFC 9110 §9.3.2).
    bare = request_parts(exchange.head).method == b"HEAD"
    await exchange.write(answer(b"HTTP/1.1 200 OK", lines, b"" if bare else arrived))


async def _behind_the_head(exchange: Exchange) -> bytes:
    """What follows the head: all that is announced, and what comes unannounced right behind it."""
    data = bytearray(exchange.rest)
    while len(data) < MOST:
        try:
            async with asyncio.timeout(QUIET if _is_whole(exchange.head, data) else WHOLE):
                piece = await exchange.inbox.read()
        except TimeoutError:
            break
        if not piece:
            break
        data += piece
    exchange.rest = b""
    return bytes(data[:MOST])


def _is_whole(head: Head, data: bytes | bytearray) -> bool:
    """Whether ``data`` holds all that ``head`` announces."""
    if any(member.lower() == b"chunked" for member in head.members(b"Transfer-Encoding")):
        return data.endswith(_CHUNKS_END)
    lengths = [int(value) for value in head.values(b"Content-Length") if value.isdigit() and len(value) < 16]
    if recognise(head).challenge is Challenge.KEYS:
        lengths.append(recognise(head).handshake.request_tail)
    return len(data) >= max(lengths, default=0)
