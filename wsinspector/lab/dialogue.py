"""The frames of one connection to the lab: a conforming server's reading, and what it says."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from wsinspector.lab.exchange import Exchange
from wsinspector.protocol.anomalies import FAILING
from wsinspector.protocol.deflate import DeflateParameters, Deflater
from wsinspector.protocol.frames import apply_mask, encode_frame, read_frame_head
from wsinspector.protocol.opcodes import CLOSE, CONTINUATION, FIN_BIT, PONG, is_control
from wsinspector.protocol.policy import (
    CONFORMING,
    Command,
    EndTcp,
    Policy,
    SendClose,
    SendPong,
    write_close_body,
)
from wsinspector.protocol.scanner import Agreed, Attention, Rfc6455Scanner
from wsinspector.protocol.spans import Direction, Role

MAX_MESSAGE = 1 << 30
"""Bytes of a client's message beyond which the lab fails the connection with 1009."""

WORTH_DEFLATING = 32
"""Bytes; below, compressing costs more than it saves."""

Script = Callable[["Dialogue"], Coroutine[Any, Any, None]]
Answer = Callable[["Dialogue", int, bytes], Coroutine[Any, Any, None]]


class Dialogue:
    """Reads as the conforming policy has it in the server's role, while a script may speak.

    Every data frame is sent back as it came, unless ``on_message`` answers whole messages
    instead. ``silence``: seconds without a byte either way after which the connection is ended
    without a Close frame.
    """

    def __init__(
        self,
        exchange: Exchange,
        agreed: DeflateParameters | None = None,
        *,
        on_message: Answer | None = None,
        silence: float | None = None,
    ) -> None:
        self._link = exchange.link
        self._inbox = exchange.inbox
        self._rest = exchange.rest
        self._on_message = on_message
        self._silence = silence
        self._policy = Policy(Role.SERVER, CONFORMING)
        self._scanner = Rfc6455Scanner(
            Direction.IN,
            Role.CLIENT,
            agreed=Agreed(agreed),
            max_message=MAX_MESSAGE,
            message_events=on_message is not None,
            stop_at_fault=True,
        )
        self._unread = bytearray()  # from the first byte of the frame still arriving
        self._unread_at = 0
        self._deflater = None
        if agreed is not None and on_message is not None:
            self._deflater = Deflater(
                takeover=agreed.takeover(Role.SERVER), window_bits=agreed.window_bits(Role.SERVER)
            )
        # Held from the first fragment of a message to its last: nothing may come between (§5.4).
        self._turn = asyncio.Lock()
        self._echoing = False
        self._over = False

    @property
    def may_send(self) -> bool:
        """False once a Close frame was sent or the connection is over (§5.5.1)."""
        return self._policy.may_send_data and not self._over and not self._link.closed

    async def run(self, script: Script | None = None) -> None:
        """Converse until the connection is over; ``script`` is cancelled then."""
        async with asyncio.TaskGroup() as group:
            speaking = group.create_task(script(self)) if script else None
            await self._listen()
            if speaking is not None:
                speaking.cancel()

    # -- what a script does

    async def raw(self, frame: bytes) -> None:
        """Send bytes as they are, whatever the rules say."""
        if self.may_send:
            self._link.write(frame)
            if frame[0] & 0x0F == CLOSE:
                await self._carry_out(self._policy.sent(CLOSE, frame[2:]))
            await self._link.drained()

    async def frame(self, opcode: int, payload: bytes, *, fin: bool = True) -> None:
        """Send one frame of a message, or a control frame, in its turn."""
        if is_control(opcode):
            await self.raw(encode_frame(opcode, payload))
            return
        if opcode != CONTINUATION:
            await self._turn.acquire()
        try:
            await self.raw(encode_frame(opcode, payload, fin=fin))
        finally:
            if fin:
                self._turn.release()

    async def say(self, opcode: int, payload: bytes) -> None:
        """Send a whole message, compressed where that was agreed and is worth it."""
        async with self._turn:
            # Compressed only when it is its turn: both ends' windows must move together.
            if self._deflater is not None and len(payload) >= WORTH_DEFLATING and self.may_send:
                await self.raw(encode_frame(opcode, self._deflater.deflate(payload), rsv=4))
            else:
                await self.raw(encode_frame(opcode, payload))

    async def say_in_pieces(self, opcode: int, payload: bytes, size: int) -> None:
        """Send one message as fragments of ``size`` bytes."""
        for at in range(0, len(payload), size):
            last = at + size >= len(payload)
            await self.frame(opcode if at == 0 else CONTINUATION, payload[at : at + size], fin=last)

    # -- reading

    async def _listen(self) -> None:
        data = self._rest
        while not data or await self._take(data):
            try:
                async with asyncio.timeout(self._silence):
                    data = await self._inbox.read()
            except TimeoutError:
                break
            if not data:
                break
        self._over = True

    async def _take(self, data: bytes) -> bool:
        """React to what came; False once the connection is to be ended."""
        self._unread += data
        self._scanner.feed(data, self._link.now())
        columns = self._scanner.take()
        noted = self._scanner.drain()
        at_offset = {entry.offset: entry for entry in noted if entry.complete}
        for number, offset in enumerate(columns.offset):
            entry = at_offset.get(offset)
            if self._on_message is None and not is_control(columns.first[number]):
                length = columns.header[number] + columns.length[number]
                if not columns.anomalies[number] & FAILING:
                    await self._send_back(offset, length)
            if entry is not None:
                await self._react(entry)
            if self._over:
                return False
        for entry in noted:
            if not entry.complete:
                await self._react(entry)
        self._forget()
        return not self._over

    async def _react(self, seen: Attention) -> None:
        await self._carry_out(self._policy.saw(seen))
        if seen.message_end and self._on_message is not None and self.may_send:
            await self._on_message(self, seen.message_opcode, seen.message_payload)

    async def _carry_out(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case SendPong(payload):
                    self._link.write(encode_frame(PONG, payload))
                case SendClose(code, reason):
                    self._link.write(encode_frame(CLOSE, write_close_body(code, reason)))
                case EndTcp():
                    self._over = True
        await self._link.drained()

    def _forget(self) -> None:
        pending = self._scanner.pending
        keep_from = self._scanner.position if pending is None else pending.offset
        if self._on_message is not None or not self.may_send:
            keep_from = self._scanner.position  # none of it will be sent back
        del self._unread[: keep_from - self._unread_at]
        self._unread_at = keep_from

    async def _send_back(self, offset: int, length: int) -> None:
        start = offset - self._unread_at
        if start < 0 or not self.may_send:
            return
        frame = bytes(self._unread[start : start + length])
        head = read_frame_head(frame)
        if head is None:
            return
        payload = frame[head.header_len :]
        if head.key is not None:
            payload = apply_mask(payload, head.key)
        if not self._echoing:
            await self._turn.acquire()
            self._echoing = True
        final = bool(head.first & FIN_BIT)
        # RSV1 goes back with the payload it speaks of, still compressed (RFC 7692 §6).
        rsv = head.first >> 4 & 7
        await self.raw(encode_frame(head.first & 0x0F, payload, fin=final, rsv=rsv))
        if final:
            self._turn.release()
            self._echoing = False
