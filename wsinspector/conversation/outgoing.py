"""What leaves on an open connection: frames made, written, timed and recorded in one place."""

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from wsinspector.conversation.compressing import compressed_message
from wsinspector.conversation.progress import Progress
from wsinspector.conversation.stepping import Stepping
from wsinspector.conversation.stepping_values import Unit
from wsinspector.conversation.traffic import Carrying
from wsinspector.live.transport import Link
from wsinspector.protocol.arriving import Attention
from wsinspector.protocol.opcodes import PING
from wsinspector.protocol.spans import Direction, Role

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter
    from wsinspector.conversation.attempt import Attempt

NOT_SENT = "Nothing was sent"
GONE = f"{NOT_SENT}: the connection is not open."
FAILED = "Nothing more was sent: the connection was failed."
CLOSING = f"{NOT_SENT}: the closing handshake has begun."

PINGS_REMEMBERED = 64
"""Pings without a pong that are still waited for."""


class Outgoing:
    """The sending side of one connection, on the engine's thread."""

    def __init__(
        self,
        link: Link,
        attempt: "Attempt",
        exchange: Carrying,
        progress: Progress,
        recorder: "AttemptWriter",
        stepping: Stepping,
    ) -> None:
        self._link = link
        self._attempt = attempt
        self._exchange = exchange
        self._progress = progress
        self._recorder = recorder
        self.stepping = stepping
        self._pings: dict[bytes, int] = {}
        self._counter = 0
        self._gathering = False
        self._gathered: list[bytes] = []
        self._crafted: CraftedOut | None = None
        self._put_off: list[bytes] = []

    def send_request(self, request: bytes) -> None:
        """Send the request's bytes, whatever they are."""
        self._link.write(request)
        at = self._link.now()
        self._recorder.bytes(Direction.OUT, request, at)
        self._progress.sent(len(request), at)
        self._progress.request_at = at

    def send_frame(
        self,
        opcode: int,
        payload: bytes,
        *,
        fin: bool = True,
        rsv: int = 0,
        masked: bool | None = None,
        key: bytes | None = None,
        length_form: int | None = None,
        declared: int | None = None,
        compress: bool = False,
        left: Callable[[int], None] = lambda at: None,
    ) -> None:
        """Send one frame as asked; ``left(at)`` is called once it is written, perhaps only after a step.

        ``masked`` None: as our role and the dialect have it, with a fresh key (or nonce) each. ``compress``:
        a whole message travels compressed, where that was agreed and nothing else waits to leave: what it
        may refer back to is known only then (RFC 7692 §7.2.1).
        """
        traffic = self._exchange.traffic
        if traffic is None:
            self._attempt.complain(GONE)
            return
        if masked is None:
            masked = traffic.role is Role.CLIENT and traffic.abilities.masked
        if masked and key is None:
            key = os.urandom(4)
        if compress and self._nothing_waits:
            payload, rsv = compressed_message(traffic, payload, rsv)
        try:
            data = traffic.encode(
                opcode,
                payload,
                fin=fin,
                rsv=rsv,
                key=key if masked else None,
                length_form=length_form,
                declared=declared,
            )
        except ValueError as error:
            self._attempt.complain(f"{NOT_SENT}: {error}.")
            return

        def gone(at: int) -> None:
            if opcode == PING:
                self.ping_left(payload, at)
            left(at)

        self._send(Unit.FRAME, data, gone, opcode)

    @property
    def _nothing_waits(self) -> bool:
        """Whether what is sent now leaves at once, behind all that left before."""
        busy = self._gathering or self._crafted is not None or bool(self._put_off)
        return not busy and not self.stepping.holds

    def ping_left(self, payload: bytes, at: int) -> None:
        """Wait for the pong to a ping of our side, whoever sent it."""
        self._pings[payload] = at
        if len(self._pings) > PINGS_REMEMBERED:
            del self._pings[next(iter(self._pings))]

    def send_bytes(self, data: bytes, left: Callable[[int], None]) -> None:
        """Send frame bytes as they are; ``left`` as of :meth:`send_frame`."""
        self._send(Unit.BYTES, data, left, None)

    def _send(self, unit: Unit, data: bytes, left: Callable[[int], None], opcode: int | None) -> None:
        trouble = self.hindrance()
        if self._attempt.snapshot.trouble != trouble:
            self._attempt.complain(trouble)
        if trouble:
            return
        if self.stepping.holds:
            self.stepping.ours(unit, data, lambda: left(self._write_between(data)), opcode=opcode)
        elif self._gathering:
            self._gathered.append(data)
            left(self._link.now())
        else:
            left(self._write_between(data))

    def gather(self) -> None:
        """Put off writing until :meth:`flush`: a read that asks for many answers gets them in one write."""
        self._gathering = True

    def flush(self) -> None:
        """Write what was gathered."""
        self._gathering = False
        if self._gathered:
            data = b"".join(self._gathered)
            self._gathered.clear()
            self._write_between(data)

    # -- crafted frames

    @contextlib.contextmanager
    def crafted(self) -> "Iterator[CraftedOut]":
        """What crafted bytes are written by. Until it is over, frames of others wait for the border
        between two frames: in the midst of one they would be read as its payload."""
        self._crafted = CraftedOut(self, self._link, self._recorder)
        try:
            yield self._crafted
        finally:
            self._crafted = None
            self.release()

    @property
    def crafting(self) -> bool:
        """Whether crafted frames are leaving."""
        return self._crafted is not None

    def write_crafted(self, data: bytes) -> tuple[list[Attention], int] | str:
        """Write at once: frames of ours that are worth a look, and when they left; or why it cannot be."""
        trouble = self.hindrance() or (FAILED if self._exchange.policy.stopped else "")
        if trouble:
            self._attempt.complain(trouble)
            return trouble
        written = self._write(data)
        if not self._in_a_frame:
            self.release()
        return written

    def release(self) -> None:
        """Write what waited for the border between two frames."""
        if self._put_off:
            data = b"".join(self._put_off)
            self._put_off.clear()
            self._write(data)

    @property
    def _in_a_frame(self) -> bool:
        traffic = self._exchange.traffic
        return traffic is not None and traffic.pending_out is not None

    def _write_between(self, data: bytes) -> int:
        if self._crafted is not None and self._in_a_frame:
            self._put_off.append(data)
            return self._link.now()
        return self._write(data)[1]

    def _write(self, data: bytes) -> tuple[list[Attention], int]:
        self._link.write(data)
        at = self._link.now()
        if self._link.tap is not None:
            return [], at  # it was told of these bytes and accounts for them
        self._recorder.bytes(Direction.OUT, data, at)
        self._progress.sent(len(data), at)
        seen = self._exchange.sent(data, at)
        self.record_frames()
        return seen, at

    def send_counted_ping(self) -> None:
        """A ping with a payload of its own, so that its pong is known."""
        self._counter += 1
        self.send_frame(PING, self._counter.to_bytes(4, "big"))

    def pong_came(self, seen: Attention) -> None:
        """Measure the round trip where the pong answers a ping of ours (§5.5.3)."""
        sent_at = self._pings.pop(seen.payload, None)
        if sent_at is not None:
            self._progress.round_trip_ms = (seen.at - sent_at) / 1e6

    def record_frames(self) -> None:
        """Hand over the frames that have become complete."""
        columns = self._exchange.take()
        if len(columns):
            self._recorder.frames(columns)

    def hindrance(self) -> str:
        """Why nothing can be sent; empty where it can."""
        if self._link.closed or self._progress.end is not None or not self._exchange.upgraded:
            return GONE
        if self._progress.fin_sent:
            return f"{NOT_SENT}: our side of the connection was ended."
        return ""


CAPTURE_PAUSE = 0.01
"""Seconds between two looks whether the capture has caught up."""


class CraftedOut:
    """Writes crafted bytes piece by piece, no faster than the peer and the capture take them."""

    def __init__(self, outgoing: Outgoing, link: Link, recorder: "AttemptWriter") -> None:
        self._outgoing = outgoing
        self._link = link
        self._recorder = recorder
        self.trouble = ""
        """Why the last write was none."""

    async def leave(self, data: bytes) -> tuple[list[Attention], int] | None:
        """As :meth:`write`, after the step that lets it go where there are steps."""
        stepping = self._outgoing.stepping
        if not stepping.holds:
            return self.write(data)
        written: asyncio.Future[tuple[list[Attention], int] | None]
        written = asyncio.get_running_loop().create_future()

        def go() -> None:
            if not written.done():
                written.set_result(self.write(data))

        entry = stepping.ours(Unit.BYTES, data, go, lost=go)
        try:
            return await written
        except asyncio.CancelledError:
            stepping.withdraw(entry)
            raise

    def write(self, data: bytes) -> tuple[list[Attention], int] | None:
        """As :meth:`Outgoing.write_crafted`, None where nothing was written."""
        written = self._outgoing.write_crafted(data)
        if isinstance(written, str):
            self.trouble = written
            return None
        return written

    async def room(self) -> None:
        """Wait until more may be written."""
        await self._link.drained()
        while self._recorder.full and not self._link.closed:
            await self.gone_within(CAPTURE_PAUSE)

    async def gone_within(self, seconds: float) -> None:
        """Wait ``seconds``, or until the connection is gone."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._link.gone()
