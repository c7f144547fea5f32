"""The frames of one connection to the lab: a conforming server's reading, and what it says."""

import asyncio
import base64
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from wsinspector.lab.exchange import Exchange
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed, Attention
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.deflate import Deflater
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.dialects.fits import LOOKED_AT, look
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.protocol.opcodes import BINARY, CLOSE, CONTINUATION, FIN_BIT, PONG, TEXT, is_control
from wsinspector.protocol.policy import CONFORMING, Command, EndTcp, Policy, SendClose, SendPong
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
    instead. ``perhaps``: the dialect that is spoken where the client's first frame is one of it.
    ``silence``: seconds without a byte either way after which the connection is ended
    without a Close frame. What the dialect has no frame for is left out; where it knows no binary
    messages they are said as Base64 text, and a message is sent whole where it knows no fragments.
    """

    def __init__(
        self,
        exchange: Exchange,
        agreed: Agreed = NOTHING_AGREED,
        *,
        perhaps: str | None = None,
        on_message: Answer | None = None,
        silence: float | None = None,
    ) -> None:
        self._perhaps = perhaps
        self._link = exchange.link
        self._inbox = exchange.inbox
        self._rest = exchange.rest
        self._on_message = on_message
        self._silence = silence
        self._policy = Policy(Role.SERVER, CONFORMING, agreed)
        self._speak(agreed)
        self._unread = bytearray()  # from the first byte of the frame still arriving
        self._unread_at = 0
        self._deflater = None
        deflate = agreed.deflate
        if deflate is not None and on_message is not None:
            self._deflater = Deflater(
                takeover=deflate.takeover(Role.SERVER), window_bits=deflate.window_bits(Role.SERVER)
            )
        # Held from the first fragment of a message to its last: nothing may come between (§5.4).
        self._turn = asyncio.Lock()
        self._waiting = (TEXT, b"")  # fragments that wait for their last, where none can travel
        self._echoing = False
        self._over = False

    @property
    def may_send(self) -> bool:
        """False once a Close frame was sent or the connection is over (§5.5.1)."""
        return self._policy.may_send_data and not self._over and not self._link.closed

    def _speak(self, agreed: Agreed) -> None:
        """Read and write as ``agreed`` has it, from the first frame on."""
        self._policy.agreed = self._agreed = agreed
        self._framing = dialect_called(agreed.dialect).framing
        self.can = self._framing.abilities(agreed)
        # What a type means that nobody defined is not known, so that it is not said again either.
        self._not_echoed = int(frame_facts(agreed.dialect).faults | FrameAnomaly.RESERVED_OPCODE)
        self._scanner = self._framing.scanner(
            Direction.IN,
            Role.CLIENT,
            agreed=agreed,
            max_message=MAX_MESSAGE,
            message_events=self._on_message is not None,
            stop_at_fault=True,
        )

    async def run(self, script: Script | None = None) -> None:
        """Converse until the connection is over; ``script`` is cancelled then."""
        async with asyncio.TaskGroup() as group:
            speaking = group.create_task(script(self)) if script else None
            await self._listen()
            if speaking is not None:
                speaking.cancel()

    # -- what a script does

    async def frame(
        self, opcode: int, payload: bytes, *, fin: bool = True, declared: int | None = None
    ) -> None:
        """Send one frame of a message, or a control frame, in its turn."""
        if is_control(opcode):
            await self.send(opcode, payload)
            return
        if not self.can.fragments:
            await self._whole(opcode, payload, fin)
            return
        if opcode != CONTINUATION:
            await self._turn.acquire()
        try:
            await self.send(opcode, payload, fin=fin, declared=declared)
        finally:
            if fin:
                self._turn.release()

    async def say(self, opcode: int, payload: bytes) -> None:
        """Send a whole message, compressed where that was agreed and is worth it."""
        async with self._turn:
            # Compressed only when it is its turn: both ends' windows must move together.
            if self._deflater is not None and len(payload) >= WORTH_DEFLATING and self.may_send:
                await self.send(opcode, self._deflater.deflate(payload), rsv=4)
            else:
                await self.send(opcode, payload)

    async def say_in_pieces(self, opcode: int, payload: bytes, size: int) -> None:
        """Send one message as fragments of ``size`` bytes."""
        for at in range(0, len(payload), size):
            last = at + size >= len(payload)
            await self.frame(opcode if at == 0 else CONTINUATION, payload[at : at + size], fin=last)

    async def send(
        self,
        opcode: int,
        payload: bytes,
        *,
        fin: bool = True,
        rsv: int = 0,
        key: bytes | None = None,
        declared: int | None = None,
    ) -> None:
        """Send a frame at once, whatever the rules say; nothing where the layout cannot hold it."""
        if opcode == BINARY and not self.can.binary:
            opcode, payload = TEXT, base64.b64encode(payload)
        try:
            frame = self._framing.encode(
                opcode,
                payload,
                sender=Role.SERVER,
                agreed=self._agreed,
                fin=fin,
                rsv=rsv,
                key=key,
                declared=declared,
            )
        except ValueError:
            return
        await self.raw(frame, closing=payload if opcode == CLOSE else None)

    async def undefined(self, opcode: int, payload: bytes) -> None:
        """Send a frame of a type that nobody defined."""
        if self.can.opcodes:
            await self.send(opcode, payload)
        else:
            await self.raw(bytes((opcode, *payload, 0xFF)))

    async def endless(self, length: int) -> None:
        """Begin a frame that declares ``length`` bytes."""
        encode = self._framing.encode
        await self.raw(encode(BINARY, b"", sender=Role.SERVER, agreed=self._agreed, declared=length))

    async def raw(self, data: bytes, *, closing: bytes | None = None) -> None:
        """Send bytes as they are; ``closing``: the body, where they are a closing frame."""
        if self.may_send:
            self._link.write(data)
            if closing is not None:
                await self._carry_out(self._policy.sent(CLOSE, closing))
            await self._link.drained()

    async def _whole(self, opcode: int, payload: bytes, fin: bool) -> None:
        """Keep the fragments of a message until its last, then send them as one frame."""
        if opcode != CONTINUATION:
            await self._turn.acquire()
            self._waiting = opcode, b""
        first, before = self._waiting
        self._waiting = first, before + payload
        if fin:
            try:
                await self.send(*self._waiting)
            finally:
                self._turn.release()

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
        if self._perhaps is not None and self._speaks_another(self._perhaps, columns):
            self._scanner.feed(bytes(self._unread), self._link.now())
            columns = self._scanner.take()
        noted = self._scanner.drain()
        at_offset = {entry.offset: entry for entry in noted if entry.complete}
        for number, offset in enumerate(columns.offset):
            entry = at_offset.get(offset)
            told = is_control(columns.first[number]) or columns.anomalies[number] & self._not_echoed
            if self._on_message is None and not told:
                await self._send_back(columns, number)
            if entry is not None:
                await self._react(entry)
            if self._over:
                return False
        for entry in noted:
            if not entry.complete:
                await self._react(entry)
        self._forget()
        return not self._over

    def _speaks_another(self, perhaps: str, came: FrameColumns) -> bool:
        """Whether the first frame is one of ``perhaps``; ``came``: those of the dialect spoken so far."""
        # Types that nobody defined decide nothing.
        defined = any(not found & FrameAnomaly.RESERVED_OPCODE for found in came.anomalies)
        if defined or len(self._unread) > LOOKED_AT:
            self._perhaps = None
            return False
        other = replace(self._agreed, dialect=perhaps)
        # It can be one of two, and as the one it is no frame yet: little evidence is enough.
        if not look(bytes(self._unread), other, Role.CLIENT).bits:
            return False
        self._perhaps = None
        self._speak(other)
        return True

    async def _react(self, seen: Attention) -> None:
        await self._carry_out(self._policy.saw(seen))
        if seen.message_end and self._on_message is not None and self.may_send:
            await self._on_message(self, seen.message_opcode, seen.message_payload)

    async def _carry_out(self, commands: list[Command]) -> None:
        for command in commands:
            match command:
                case SendPong(payload):
                    self._write(PONG, payload)
                case SendClose(code, reason, body):
                    if body is None:
                        body = self._framing.close_body(code, reason, sender=Role.SERVER, agreed=self._agreed)
                    self._write(CLOSE, body)
                case EndTcp():
                    self._over = True
        await self._link.drained()

    def _write(self, opcode: int, payload: bytes) -> None:
        self._link.write(self._framing.encode(opcode, payload, sender=Role.SERVER, agreed=self._agreed))

    def _forget(self) -> None:
        pending = self._scanner.pending
        keep_from = self._scanner.position if pending is None else pending.offset
        if self._perhaps is not None:
            keep_from = self._unread_at  # all of it may have to be read again
        elif self._on_message is not None or not self.may_send:
            keep_from = self._scanner.position  # none of it will be sent back
        del self._unread[: keep_from - self._unread_at]
        self._unread_at = keep_from

    async def _send_back(self, columns: FrameColumns, number: int) -> None:
        start = columns.offset[number] - self._unread_at
        if start < 0 or not self.may_send:
            return
        body = start + columns.header[number]
        payload = self._framing.unmask(
            bytes(self._unread[start:body]),
            bytes(self._unread[body : body + columns.length[number]]),
            0,
            sender=Role.CLIENT,
            agreed=self._agreed,
        )
        if not self._echoing:
            await self._turn.acquire()
            self._echoing = True
        first = columns.first[number]
        final = bool(first & FIN_BIT)
        # RSV1 goes back with the payload it speaks of, still compressed (RFC 7692 §6).
        await self.send(first & 0x0F, payload, fin=final, rsv=first >> 4 & 7)
        if final:
            self._turn.release()
            self._echoing = False
