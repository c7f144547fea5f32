"""Behaviours of the lab that answer 101, and what is then said on the open connection."""

import asyncio

from wsinspector.lab import content
from wsinspector.lab.dialogue import Dialogue, Script
from wsinspector.lab.exchange import Exchange
from wsinspector.lab.opening import open_with
from wsinspector.lab.versions import VersionRule
from wsinspector.protocol.opcodes import BINARY, CLOSE, CONTINUATION, PING, TEXT

CHAT_SUBPROTOCOLS = (b"chat.v2", b"chat.v1")

MASKING_KEY = bytes.fromhex("37fa213d")
"""The masking key of the examples in RFC 6455 §5.7."""


async def echo(exchange: Exchange) -> None:
    await echo_for(exchange)


async def echo_for(
    exchange: Exchange, rule: VersionRule | None = None, *, script: Script | None = None
) -> None:
    """Open where the request allows it, run ``script``, and send every frame back as it came."""
    opening = await open_with(exchange, rule)
    if opening is not None:
        await exchange.write(opening.answer)
        await opening.dialogue().run(script)


async def any_version(exchange: Exchange) -> None:
    await echo_for(exchange, exchange.asked_rule(VersionRule(manner="any")))


async def claims_13_takes_8(exchange: Exchange) -> None:
    await echo_for(exchange, VersionRule(("8",), "426-list-lies", ("13",)))


async def wrong_accept(exchange: Exchange) -> None:
    opening = await open_with(exchange, compress=False, known=())
    if opening is not None:
        await exchange.write(opening.with_wrong_proof)
        await opening.dialogue().run()


async def no_accept(exchange: Exchange) -> None:
    opening = await open_with(exchange, compress=False, known=())
    if opening is not None:
        await exchange.write(opening.without_proof)
        await opening.dialogue().run()


async def slow_head(exchange: Exchange) -> None:
    opening = await open_with(exchange, compress=False, known=())
    if opening is None:
        return
    pause = exchange.number("every", 25) / 1000
    for byte in opening.answer:
        await exchange.write(bytes((byte,)))
        await asyncio.sleep(pause)
        if exchange.link.closed:
            return
    await opening.dialogue().run()


async def early_hints(exchange: Exchange) -> None:
    await exchange.write(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
    await echo_for(exchange)


async def chat(exchange: Exchange) -> None:
    """Agrees the first subprotocol it knows, and compression; compresses what is worth it."""
    opening = await open_with(exchange, known=CHAT_SUBPROTOCOLS, echo=False)
    if opening is None:
        return
    await exchange.write(opening.answer)
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

    await opening.dialogue(on_message=answer).run(ticker)


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
        while dialogue.can.ping and number < count and dialogue.may_send:
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


async def masked(exchange: Exchange) -> None:
    async def script(dialogue: Dialogue) -> None:
        await dialogue.send(TEXT, b"Hello", key=MASKING_KEY)

    await echo_for(exchange, script=script)


async def reserved_opcode(exchange: Exchange) -> None:
    async def script(dialogue: Dialogue) -> None:
        await dialogue.undefined(0xB, b"\x01\x02\x03")

    await echo_for(exchange, script=script)


async def bad_utf8(exchange: Exchange) -> None:
    async def script(dialogue: Dialogue) -> None:
        good, bad = "κόσμ".encode(), b"\xce\xff and more"
        if not dialogue.can.binary:
            bad = b"\xce and more"  # FF would end the frame there
        await dialogue.frame(TEXT, good, fin=False)
        await dialogue.frame(CONTINUATION, bad)

    await echo_for(exchange, script=script)


async def forbidden_close_code(exchange: Exchange) -> None:
    async def script(dialogue: Dialogue) -> None:
        code = (1005).to_bytes(2, "big")
        await dialogue.send(CLOSE, code if dialogue.can.close_codes else b"")

    await echo_for(exchange, script=script)


async def frame_2_63(exchange: Exchange) -> None:
    pause = exchange.number("every", 1000) / 1000

    async def script(dialogue: Dialogue) -> None:
        await dialogue.endless(1 << 63)
        for number in range(1 << 20):
            await dialogue.raw(b"byte block %d\n" % number)
            await asyncio.sleep(pause)

    await echo_for(exchange, script=script)


async def idle(exchange: Exchange) -> None:
    opening = await open_with(exchange, compress=False, known=())
    if opening is not None:
        await exchange.write(opening.answer)
        await opening.dialogue(silence=exchange.number("seconds", 10)).run()
