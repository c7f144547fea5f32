"""Sends what a capture holds of our side once more, at a chosen pace, on a new connection or an open one."""

import asyncio
import base64
import binascii
import contextlib
import enum
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.connection import Connection
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.crafting import SendingState
from wsinspector.conversation.options import Options
from wsinspector.conversation.provoking_one import Listening, why_not_open
from wsinspector.conversation.snapshot import Phase
from wsinspector.conversation.state import THIRD_KEY
from wsinspector.conversation.watching import Came
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE
from wsinspector.protocol.crafting import Compression, Craft, CraftedFrame
from wsinspector.protocol.dialects.fresh import refreshed
from wsinspector.protocol.draft import Draft, Generated
from wsinspector.protocol.opcodes import CLOSE, CONTROL_BIT, PONG
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

QUIET = 0.3
"""Seconds in which more answers than the first time may still come."""

SENDING = 20.0
"""Seconds beyond the time-out that a frame may take to leave."""

LEAVING = 2.0
"""Seconds that a server has for its part of the closing handshake."""

_DRAWN = {
    b"sec-websocket-key": Generated.KEY,
    b"sec-websocket-key1": Generated.KEY1,
    b"sec-websocket-key2": Generated.KEY2,
}


class Pace(enum.Enum):
    """When the next frame leaves; the value is its word on the command line."""

    RECORDED = "recorded"
    ANSWERS = "answers"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class ReplayFrame:
    """A frame, or a compressed message, that leaves again.

    ``numbers``: of the frames in the capture. ``at``: seconds from the opening to its first byte, the
    first time. ``answers``: how many had come before it. ``plain``: payload bytes of each fragment where
    it must leave uncompressed.
    """

    numbers: tuple[int, ...]
    frame: CraftedFrame
    at: float
    answers: int
    plain: tuple[int, ...] = ()

    @property
    def compressed(self) -> bool:
        return self.frame.compression is Compression.YES


@dataclass(frozen=True, slots=True)
class ReplayPlan:
    """``answers``: how many are to come in all. ``peer_ends``: the peer ended the connection first then.

    ``lead``: seconds before the first frame that are not waited for again.
    """

    url: str
    draft: Draft
    options: Options
    frames: tuple[ReplayFrame, ...]
    answers: int
    peer_ends: bool = False
    lead: float = 0.0


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of it. ``trouble``: why it did not open or could not go on; ``sent``: frames of the plan.

    ``early``: the connection ended before all had left. ``stopped``: a person ended it. ``attempt``: its
    number, 0 where none began; ``before``: frames that it had already, ``frames``: in all.
    """

    opened: bool
    sent: int
    trouble: str = ""
    notes: tuple[str, ...] = ()
    early: bool = False
    stopped: bool = False
    attempt: int = 0
    before: int = 0
    frames: int = 0


def draft_again(request: bytes, generated: Iterable[str]) -> Draft:
    """The recorded request with keys drawn anew; a key that a person typed wrongly stays as it was."""
    draft = Draft.from_bytes(request)
    drawn = {name.encode("latin-1", "replace") for name in generated}
    lines = []
    for line in draft.lines:
        name = line.name.strip().lower()
        mark = _DRAWN.get(name)
        fresh = name in drawn or (mark is Generated.KEY and _is_key(line.value))
        lines.append(replace(line, generated=mark) if mark is not None and fresh else line)
    marked = replace(draft, lines=tuple(lines), tail_generated=THIRD_KEY.encode() in drawn)
    return refreshed(marked, os.urandom)


def _is_key(value: bytes) -> bool:
    try:
        return len(base64.b64decode(value.strip(), validate=True)) == 16
    except (binascii.Error, ValueError):
        return False


def options_again(options: Options, *, elsewhere: bool) -> Options:
    """The recorded options without what sends by itself; ``elsewhere`` also without what fits one host."""
    made = replace(
        options,
        reconnect_every=0.0,
        ping_every=0.0,
        auto_answers="",
        echo=False,
        keep=True,
        keep_bytes=0,
        keep_frames=0,
        keep_seconds=0.0,
    )
    return replace(made, connect_to="", sni="", verify=True, ca_file="") if elsewhere else made


def can_take(attempt: Attempt) -> bool:
    """Whether frames can be replayed into ``attempt``: it is open, and we are its client."""
    return attempt.live and attempt.snapshot.phase is Phase.OPEN and attempt.snapshot.role is Role.CLIENT


def _frames(attempt: Attempt) -> int:
    """Frames of a connection so far, kept or not; on the engine's thread."""
    connection = attempt.connection
    traffic = connection.exchange.traffic if isinstance(connection, Connection) else None
    return traffic.numbering.frames if traffic is not None else 0


class Replay:
    """One run of a plan as an attempt of ``conversation``; started once.

    ``delay``: seconds between frames for ``Pace.FIXED``. ``speed``: how many times as fast as it was for
    ``Pace.RECORDED``. ``within``: seconds to wait for answers. ``attempt``: a connection that is open,
    which takes the frames and stays open; draft and options of ``conversation`` are left alone then.
    """

    def __init__(
        self,
        conversation: Conversation,
        plan: ReplayPlan,
        pace: Pace,
        *,
        delay: float,
        within: float,
        speed: float = 1.0,
        attempt: Attempt | None = None,
    ) -> None:
        self.conversation = conversation
        self.plan = plan
        self._pace = pace
        self._delay = delay
        self._within = within
        self._speed = speed
        self._attempt = attempt
        self._stays = attempt is not None
        self._before = 0
        self._sent = 0
        self._given_up = 0
        self._came = 0
        self._plain = False
        self._task: asyncio.Task[None] | None = None
        self._stopped = False
        self._ended = threading.Event()
        self._found: Replayed | None = None

    @property
    def sent(self) -> int:
        """Frames of the plan that have left."""
        return self._sent

    @property
    def came(self) -> int:
        """Answers that came."""
        return self._came

    def prepare(self) -> Self:
        """Give the conversation what leaves: options, address and request."""
        if not self._stays:
            self.conversation.set_options(self.plan.options)
            self.conversation.set_address(self.plan.url)
            self.conversation.use_exactly(self.plan.draft.to_bytes())
        return self

    def start(self) -> Self:
        engine = self.conversation.engine
        self.prepare()

        def begin() -> None:
            self._task = engine.spawn(self._run(), "replay")
            if self._stopped:
                self._task.cancel()

        if not engine.call(begin):
            self._end(Replayed(opened=False, sent=0, stopped=True))
        return self

    def stop(self) -> None:
        """End it, from any thread."""
        self._stopped = True

        def cancel() -> None:
            if self._task is not None:
                self._task.cancel()

        self.conversation.engine.call(cancel)

    def wait_ended(self, seconds: float) -> Replayed | None:
        """What became of it; None where it goes on after ``seconds``. Never on the engine's thread."""
        return self._found if self._ended.wait(seconds) else None

    async def _run(self) -> None:
        found = Replayed(opened=False, sent=0, trouble=translate("Replay", "This program failed."))
        try:
            found = await self._carried()
        except asyncio.CancelledError:
            found = Replayed(opened=self._sent > 0, sent=self._sent, stopped=True)
        finally:
            attempt = self._attempt
            number = attempt.number if attempt is not None else 0
            frames = _frames(attempt) if attempt is not None else 0
            self._end(replace(found, attempt=number, before=self._before, frames=frames))

    def _end(self, found: Replayed) -> None:
        self._found = found
        self._ended.set()

    async def _carried(self) -> Replayed:
        attempt = self._attempt
        if attempt is not None:
            return await self._on_open(attempt)
        attempt = self._attempt = self.conversation.connect()
        if attempt is None:
            why = self.conversation.address.error or translate("Replay", "Nothing was sent.")
            return Replayed(opened=False, sent=0, trouble=why)
        listening = Listening(attempt)
        watch = listening.connection.watch
        watch.begin(self._count, contents=False)
        try:
            await listening.until(lambda: not attempt.snapshot.undecided, self.plan.options.timeout + 1)
            if attempt.snapshot.opened_at is None:
                return Replayed(opened=False, sent=0, trouble=why_not_open(attempt))
            return await self._sent_all(listening)
        finally:
            watch.end(self._count)
            await self._leave(listening)

    async def _on_open(self, attempt: Attempt) -> Replayed:
        """On a connection that somebody else opened, and goes on using."""
        if not can_take(attempt):
            why = translate("Replay", "The connection is not open any more.")
            return Replayed(opened=False, sent=0, trouble=why)
        self._before = _frames(attempt)
        listening = Listening(attempt)
        watch = listening.connection.watch
        watch.begin(self._count, contents=False)
        try:
            return await self._sent_all(listening)
        finally:
            watch.end(self._count)
            listening.end()

    def _count(self, came: Came) -> None:
        for first, flags in zip(came.columns.first, came.columns.flags, strict=True):
            data = flags & FLAG_ENDS_MESSAGE and not first & CONTROL_BIT
            self._came += bool(data or first & 0x0F == PONG)

    async def _sent_all(self, listening: Listening) -> Replayed:
        loop = asyncio.get_running_loop()
        began = loop.time()
        traffic = listening.connection.exchange.traffic
        agreed = traffic is not None and traffic.agreed.deflate is not None
        for each in self.plan.frames:
            if self._pace is Pace.ANSWERS:
                await self._answered(listening, each.answers)
            elif self._pace is Pace.RECORDED:
                due = began + max(0.0, each.at - self.plan.lead) / self._speed
                await listening.until(lambda: False, max(0.0, due - loop.time()))
            elif self._sent:
                await listening.until(lambda: False, self._delay)
            if each.frame.opcode == CLOSE and not listening.closed:
                # Whatever the pace: what comes behind it a server need not send any more.
                await self._answered(listening, each.answers)
                await listening.until(lambda: listening.closed, QUIET)
            if listening.over:
                break
            sending = listening.attempt.craft(
                Craft((self._fitting(each, agreed=agreed),)), on_end=lambda _: listening.wake()
            )
            await listening.until(lambda one=sending: one.over, self._within + SENDING)  # type: ignore[misc]
            sending.cancel()
            if sending.progress.state is not SendingState.SENT:
                if listening.over or listening.closed:
                    break
                return self._result(sending.progress.trouble or translate("Replay", "Not sent in time."))
            self._sent += 1
        await self._answered(listening, self.plan.answers)
        if self.plan.peer_ends:
            await listening.until(lambda: listening.closed, self._within)
        else:
            await listening.until(lambda: False, QUIET)
        return self._result()

    async def _answered(self, listening: Listening, wanted: int) -> None:
        """Wait for as many answers as there were; for one that did not come in time only once."""
        wanted -= self._given_up
        if not await listening.until(lambda: self._came >= wanted or listening.closed, self._within):
            self._given_up += wanted - self._came

    def _fitting(self, each: ReplayFrame, *, agreed: bool) -> CraftedFrame:
        if not each.compressed or agreed:
            return each.frame
        self._plain = True
        return replace(each.frame, compression=Compression.NO, fragments=each.plain)

    def _result(self, trouble: str = "") -> Replayed:
        notes: tuple[str, ...] = ()
        if self._plain:
            notes = (
                translate("Replay", "Compression was not agreed this time: what was compressed left plain."),
            )
        return Replayed(
            opened=True,
            sent=self._sent,
            trouble=trouble,
            notes=notes,
            early=not trouble and self._sent < len(self.plan.frames),
        )

    async def _leave(self, listening: Listening) -> None:
        attempt = listening.attempt
        try:
            if attempt.live and listening.opened:
                sent = listening.connection.exchange.policy.sent_close is not None
                if not sent and not listening.closed:
                    attempt.close()
                with contextlib.suppress(asyncio.CancelledError):
                    await listening.until(lambda: listening.over, LEAVING)
                if attempt.live:
                    attempt.abort()
            if attempt.live:
                attempt.cancel()
            await listening.until(lambda: False, LEAVING)
        finally:
            listening.end()
