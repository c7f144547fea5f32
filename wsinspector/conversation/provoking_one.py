"""One provocation on one connection: open, send, see what the server does, and leave."""

import asyncio
from collections.abc import Callable

from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.connection import Connection
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.crafting import SendingState, fresh_key
from wsinspector.conversation.snapshot import EndKind, Phase
from wsinspector.conversation.watching import Came
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE
from wsinspector.protocol.crafting import plan_of
from wsinspector.protocol.deflate import DeflateParameters
from wsinspector.protocol.opcodes import CONTROL_BIT, PONG
from wsinspector.protocol.provocations import Demand, Provocation, Then
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.verdicts.provoked import Observed

PROBE = b"wsinspector probe "
"""What begins the payload of the Pings that ask whether the server goes on."""

QUIET = 1.0
"""Seconds after which a server that need do nothing is taken to wait."""

SECOND_LOOK = 1.0
"""Seconds that a server has to fail the connection after it has answered a Ping behind the fault."""

LEAVING = 0.5
"""Seconds that a server has for its part of the closing handshake once all is known."""

SENDING = 20.0
"""Seconds beyond the time-out that the bytes of the largest provocation may take."""

_PONGS_KEPT = 8


class Listening:
    """What the server says on one connection; on the engine's thread."""

    def __init__(self, attempt: Attempt) -> None:
        connection = attempt.connection
        assert isinstance(connection, Connection)
        self.attempt = attempt
        self.connection = connection
        self.probes = 0
        self.pongs: list[bytes] = []
        self.messages = 0
        self._news = asyncio.Event()
        connection.watch.begin(self._came, contents=False)
        attempt.listen(self._changed)

    def end(self) -> None:
        """Listen no more."""
        self.connection.watch.end(self._came)
        self.attempt.forget(self._changed)

    @property
    def opened(self) -> bool:
        return self.attempt.snapshot.phase in (Phase.OPEN, Phase.CLOSING)

    @property
    def closed(self) -> bool:
        """Whether a Close came."""
        return self.connection.exchange.policy.received_close is not None

    @property
    def over(self) -> bool:
        return not self.attempt.live

    def wake(self) -> None:
        """Look again."""
        self._news.set()

    async def until(self, met: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``met``, or until the connection is over; False where the time passes first."""
        try:
            async with asyncio.timeout(seconds):
                while not met() and not self.over:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return met()
        return True

    def _came(self, came: Came) -> None:
        for place, (first, flags) in enumerate(zip(came.columns.first, came.columns.flags, strict=True)):
            if first & 0x0F == PONG:
                self._pong(came, came.first_no + place)
            elif flags & FLAG_ENDS_MESSAGE and not first & CONTROL_BIT:
                self.messages += 1
        self._news.set()

    def _pong(self, came: Came, number: int) -> None:
        content = came.contents.get(number)
        payload = b"" if content is None else content.data
        if payload.startswith(PROBE):
            self.probes += 1
        elif payload not in self.pongs:
            self.pongs = [*self.pongs[1 - _PONGS_KEPT :], payload]

    def _changed(self) -> None:
        # Snapshots of a connection are published on the engine's thread, complaints on any.
        self.connection.engine.call(self._news.set)


def early_bytes(provocation: Provocation) -> bytes:
    """The frames of a provocation that leaves with the request."""
    plan = plan_of(provocation.craft, sender=Role.CLIENT, keys=fresh_key)
    return plan.read(0, plan.size)


async def greet(conversation: Conversation, within: float) -> tuple[bool, bool, str]:
    """A plain connection: whether it opened, whether it answers a Ping, and why it did not open."""
    attempt = conversation.connect()
    if attempt is None:
        return False, False, conversation.address.error or translate("Provoking", "Nothing was sent.")
    listening = Listening(attempt)
    try:
        await listening.until(lambda: listening.opened, within + 1)
        if not listening.opened:
            return False, False, why_not_open(attempt)
        attempt.ping(PROBE + b"0")
        await listening.until(lambda: bool(listening.probes) or listening.closed, within)
        return True, bool(listening.probes), ""
    finally:
        await _leave(listening)


async def provoked(conversation: Conversation, provocation: Provocation, within: float) -> Observed:
    """Carry out ``provocation``; the first attempt of ``conversation``, whose draft is ready."""
    attempt = conversation.connect()
    if attempt is None:
        return Observed(opened=False, trouble=translate("Provoking", "Nothing was sent."))
    listening = Listening(attempt)
    try:
        await listening.until(lambda: listening.opened, within + 1)
        if attempt.snapshot.opened_at is None:
            return Observed(opened=False, trouble=why_not_open(attempt))
        unfit = _unfit(listening, provocation)
        if unfit:
            return Observed(unfit=unfit)
        return await _carried(listening, provocation, within)
    finally:
        await _leave(listening)


def why_not_open(attempt: Attempt) -> str:
    """Why a handshake came to nothing, as a sentence."""
    snapshot = attempt.snapshot
    if snapshot.network_error:
        return snapshot.network_error
    if snapshot.response is not None:
        return translate("Provoking", "The handshake was answered with {0}.").format(snapshot.response.status)
    return translate("Provoking", "The handshake got no answer.")


def _unfit(listening: Listening, provocation: Provocation) -> str:
    """Why this server cannot be asked this; empty where it can."""
    if provocation.then is Then.HALF_CLOSE:
        return listening.attempt.half_close_hindrance
    if not provocation.needs_deflate:
        return ""
    traffic = listening.connection.exchange.traffic
    agreed = traffic.agreed.deflate if traffic is not None else None
    if agreed is None:
        return translate("Provoking", "The server did not agree to permessage-deflate.")
    if provocation.agrees and not _holds(agreed, provocation.agrees):
        return translate("Provoking", "The server did not agree to {0}.").format(provocation.agrees)
    return ""


def _holds(agreed: DeflateParameters, name: str) -> bool:
    if name == "client_max_window_bits":
        return agreed.client_max_window_bits < 15
    return bool(getattr(agreed, name))


async def _carried(listening: Listening, provocation: Provocation, within: float) -> Observed:
    loop = asyncio.get_running_loop()
    attempt = listening.attempt
    trouble = ""
    if provocation.craft.frames and not provocation.early:
        sending = attempt.craft(provocation.craft, on_end=lambda _: listening.wake())
        await listening.until(lambda: sending.over, within + SENDING)
        sending.cancel()
        if sending.progress.state is SendingState.FAILED and attempt.live and not listening.closed:
            trouble = sending.progress.trouble
    sent_at = loop.time()
    if not trouble:
        await _looked(listening, provocation, within)
    seen = _observed(listening, loop.time() - sent_at)
    if trouble and not seen.ended and not seen.closed:
        return Observed(sent=False, trouble=trouble)
    return seen


async def _looked(listening: Listening, provocation: Provocation, within: float) -> None:
    """Send what follows, and wait until it is clear what the server does."""
    attempt = listening.attempt
    match provocation.then:
        case Then.PROBE:
            attempt.ping(PROBE + b"1")
            await listening.until(lambda: listening.closed or bool(listening.probes), within)
            faulty = provocation.demand in (Demand.FAIL, Demand.MAY_FAIL)
            if faulty and not listening.closed and not listening.over:
                # A server may answer Pings ahead of what its application still has to read.
                attempt.ping(PROBE + b"2")
                await listening.until(lambda: listening.closed, SECOND_LOOK)
        case Then.HALF_CLOSE:
            attempt.end_tcp()
            await listening.until(lambda: listening.closed, within)
        case Then.RESET:
            attempt.abort()
            await listening.until(lambda: listening.over, within)
        case Then.WAIT:
            owed = provocation.demand is not Demand.FREE
            await listening.until(lambda: listening.closed, within if owed else min(within, QUIET))


def _observed(listening: Listening, seconds: float) -> Observed:
    snapshot = listening.attempt.snapshot
    close = listening.connection.exchange.policy.received_close
    ended = ""
    if snapshot.end is not None and snapshot.closed_by_peer:
        ended = "rst" if snapshot.end.kind is EndKind.RST else "fin"
    return Observed(
        closed=close is not None,
        code=close.code if close is not None else None,
        reason=close.reason.decode("utf-8", "replace") if close is not None else "",
        ended=ended,
        probes=listening.probes,
        pongs=tuple(listening.pongs),
        messages=listening.messages,
        seconds=seconds,
        hint=snapshot.hint,
    )


async def _leave(listening: Listening) -> None:
    """End the connection in order where the server lets us, and at once where it does not."""
    try:
        attempt = listening.attempt
        if attempt.live and listening.opened:
            if attempt.snapshot.phase is Phase.OPEN:
                attempt.close()
            await listening.until(lambda: listening.over, LEAVING)
        if attempt.live and listening.opened:
            attempt.abort()
    finally:
        listening.attempt.cancel()
        listening.end()
