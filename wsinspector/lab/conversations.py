"""Behaviours of the lab that answer 101, and what is then said on the open connection."""

import asyncio
from dataclasses import dataclass

from wsinspector.lab import content
from wsinspector.lab.admission import Admitted, Turned, admit
from wsinspector.lab.answers import switching
from wsinspector.lab.dialogue import Dialogue, Script
from wsinspector.lab.exchange import Exchange
from wsinspector.protocol import deflate
from wsinspector.protocol.deflate import DeflateParameters
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.opcodes import BINARY, CLOSE, CONTINUATION, PING, TEXT

STANDARD = (b"13",)
CHAT_SUBPROTOCOLS = (b"chat.v2", b"chat.v1")
ANOTHER_KEY = b"AQIDBAUGBwgJCgsMDQ4PEA=="
"""The key of RFC 6455 §4.1's example (as corrected by erratum 3150)."""

MASKING_KEY = bytes.fromhex("37fa213d")
"""The masking key of the examples in RFC 6455 §5.7."""


async def echo(exchange: Exchange) -> None:
    await echo_for(exchange)


async def echo_for(
    exchange: Exchange,
    *,
    versions: tuple[bytes, ...] | None = STANDARD,
    offered: tuple[bytes, ...] = STANDARD,
    script: Script | None = None,
) -> None:
    """Open where the request allows it, run ``script``, and send every frame back as it came."""
    admitted = await _admitted(exchange, versions, offered)
    if admitted is None:
        return
    extension = echo_extension(exchange.head.values(b"Sec-WebSocket-Extensions"))
    first_offered = admitted.subprotocols[0] if admitted.subprotocols else None
    await exchange.write(
        switching(admitted.key, subprotocol=first_offered, extensions=extension.text if extension else None)
    )
    dialogue = Dialogue(exchange, extension.agreed if extension else None)
    await dialogue.run(script)


@dataclass(frozen=True, slots=True)
class _Extension:
    text: bytes
    agreed: DeflateParameters


def echo_extension(values: tuple[bytes, ...]) -> _Extension | None:
    """What an echo can agree to that sends compressed payloads back untouched.

    The client's compressor then writes both directions. So it may look back only where ours
    may, and no further than our window: what cannot be had so is declined.
    """
    found = deflate.answer(values)
    if found is None:
        return None
    text, agreed = found
    if agreed.server_max_window_bits < agreed.client_max_window_bits:
        return None
    if agreed.server_no_context_takeover and not agreed.client_no_context_takeover:
        # A server may ask this of a client that did not mention it (RFC 7692 §7.1.1.2).
        text += b"; client_no_context_takeover"
        agreed = DeflateParameters(True, True, agreed.server_max_window_bits, agreed.client_max_window_bits)
    return _Extension(text, agreed)


async def _admitted(
    exchange: Exchange, versions: tuple[bytes, ...] | None, offered: tuple[bytes, ...]
) -> Admitted | None:
    judged = admit(exchange.head, versions=versions, offered=offered)
    if isinstance(judged, Turned):
        await exchange.write(judged.answer)
        return None
    return judged


async def any_version(exchange: Exchange) -> None:
    await echo_for(exchange, versions=None)


async def claims_13_takes_8(exchange: Exchange) -> None:
    await echo_for(exchange, versions=(b"8",), offered=STANDARD)


async def wrong_accept(exchange: Exchange) -> None:
    if await _admitted(exchange, STANDARD, STANDARD):
        await exchange.write(switching(ANOTHER_KEY))
        await Dialogue(exchange).run()


async def no_accept(exchange: Exchange) -> None:
    if await _admitted(exchange, STANDARD, STANDARD):
        await exchange.write(switching(None, accept=None))
        await Dialogue(exchange).run()


async def slow_head(exchange: Exchange) -> None:
    admitted = await _admitted(exchange, STANDARD, STANDARD)
    if admitted is None:
        return
    pause = exchange.number("every", 25) / 1000
    for byte in switching(admitted.key):
        await exchange.write(bytes((byte,)))
        await asyncio.sleep(pause)
        if exchange.link.closed:
            return
    await Dialogue(exchange).run()


async def early_hints(exchange: Exchange) -> None:
    await exchange.write(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
    await echo_for(exchange)


async def chat(exchange: Exchange) -> None:
    """Agrees the first subprotocol it knows, and compression; compresses what is worth it."""
    admitted = await _admitted(exchange, STANDARD, STANDARD)
    if admitted is None:
        return
    known = [name for name in admitted.subprotocols if name in CHAT_SUBPROTOCOLS]
    found = deflate.answer(exchange.head.values(b"Sec-WebSocket-Extensions"))
    text, agreed = found or (None, None)
    await exchange.write(switching(admitted.key, subprotocol=known[0] if known else None, extensions=text))
    room = exchange.text("room", "blue")
    count = exchange.number("count", float("inf"))
    pause = exchange.number("every", 1000) / 1000

    async def ticker(dialogue: Dialogue) -> None:
        await dialogue.say_in_pieces(TEXT, content.history(room), 128)
        await dialogue.frame(BINARY, content.picture())  # a PNG is compressed already
        for number, price in enumerate(content.prices(room), 1):
            if number > count:
                return
            await dialogue.say(TEXT, price)
            await asyncio.sleep(pause)

    async def answer(dialogue: Dialogue, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            await dialogue.say(TEXT, content.reply(room, payload))

    await Dialogue(exchange, agreed, on_message=answer).run(ticker)


async def binary(exchange: Exchange) -> None:
    async def script(dialogue: Dialogue) -> None:
        for size in content.EDGES:
            await dialogue.frame(BINARY, content.pattern(size))
        await dialogue.frame(BINARY, content.picture())

    await echo_for(exchange, script=script)


async def pings(exchange: Exchange) -> None:
    count = exchange.number("count", float("inf"))
    pause = exchange.number("every", 1000) / 1000

    async def script(dialogue: Dialogue) -> None:
        number = 0
        while number < count and dialogue.may_send:
            number += 1
            await dialogue.frame(PING, b"lab %d" % number)
            await asyncio.sleep(pause)

    await echo_for(exchange, script=script)


async def fragments(exchange: Exchange) -> None:
    async def script(dialogue: Dialogue) -> None:
        await dialogue.frame(TEXT, b"Hel", fin=False)
        await dialogue.frame(CONTINUATION, b"lo")
        euro = "9,90 €".encode()
        await dialogue.frame(TEXT, euro[:-2], fin=False)
        await dialogue.frame(PING, b"between")
        await dialogue.frame(CONTINUATION, b"", fin=False)
        await dialogue.frame(CONTINUATION, euro[-2:])
        await dialogue.say_in_pieces(BINARY, content.picture(), 256)

    await echo_for(exchange, script=script)


def _sends(*frames: bytes) -> Script:
    async def script(dialogue: Dialogue) -> None:
        for frame in frames:
            await dialogue.raw(frame)

    return script


async def masked(exchange: Exchange) -> None:
    await echo_for(exchange, script=_sends(encode_frame(TEXT, b"Hello", key=MASKING_KEY)))


async def reserved_opcode(exchange: Exchange) -> None:
    await echo_for(exchange, script=_sends(encode_frame(0xB, b"\x01\x02\x03")))


async def bad_utf8(exchange: Exchange) -> None:
    good, bad = "κόσμ".encode(), b"\xce\xff and more"
    frames = (encode_frame(TEXT, good, fin=False), encode_frame(CONTINUATION, bad))
    await echo_for(exchange, script=_sends(*frames))


async def forbidden_close_code(exchange: Exchange) -> None:
    await echo_for(exchange, script=_sends(encode_frame(CLOSE, (1005).to_bytes(2, "big"))))


async def frame_2_63(exchange: Exchange) -> None:
    pause = exchange.number("every", 1000) / 1000

    async def script(dialogue: Dialogue) -> None:
        await dialogue.raw(encode_frame(BINARY, b"", declared=1 << 63))
        for number in range(1 << 20):
            await dialogue.raw(b"byte block %d\n" % number)
            await asyncio.sleep(pause)

    await echo_for(exchange, script=script)


async def idle(exchange: Exchange) -> None:
    admitted = await _admitted(exchange, STANDARD, STANDARD)
    if admitted is None:
        return
    await exchange.write(switching(admitted.key))
    await Dialogue(exchange, silence=exchange.number("seconds", 10)).run()
