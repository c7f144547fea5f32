"""Crafted frames on their way out of an open connection: planned there, paced, stopped, told of."""

import asyncio
import enum
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wsinspector.conversation.outgoing import GONE
from wsinspector.live.threads import in_daemon_thread
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.crafting import Craft, Plan, plan_of
from wsinspector.protocol.spans import Role

if TYPE_CHECKING:
    from wsinspector.conversation.engine import Engine
    from wsinspector.conversation.talking import Talk
    from wsinspector.conversation.traffic import Traffic

PLANNED_HERE = 256 << 10
"""Bytes of payload up to which planning does not keep the engine from other connections."""

Make = Callable[[Role, Agreed, bytes], Plan]
"""Plans for our role, what was agreed, and what the peer's inflater holds of us."""


class SendingState(enum.Enum):
    """How far a sending is; the last three are ends."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        return self not in (SendingState.WAITING, SendingState.SENDING)


@dataclass(frozen=True, slots=True)
class SendingProgress:
    """``sent`` of ``total`` bytes handed to the connection; ``trouble``: why it failed, else empty."""

    state: SendingState = SendingState.WAITING
    sent: int = 0
    total: int = 0
    trouble: str = ""


class CraftSending:
    """One craft on its way. Reading, :meth:`cancel` and :meth:`wait` may be done from any thread.

    ``on_end`` is called once, on the engine's thread (or the asking one where there is no connection).
    """

    def __init__(
        self, make: Make, *, large: bool = False, on_end: Callable[["CraftSending"], None] | None = None
    ) -> None:
        self._make = make
        self._large = large
        self._on_end = on_end
        self._finished = threading.Event()
        self._cancelled = False
        self._engine: Engine | None = None
        self._task: asyncio.Task[None] | None = None
        self.progress = SendingProgress()
        self.plan: Plan | None = None

    @property
    def over(self) -> bool:
        return self._finished.is_set()

    def wait(self, timeout: float | None = None) -> SendingProgress:
        """The progress at the end, or after ``timeout`` seconds; never on the engine's thread."""
        self._finished.wait(timeout)
        return self.progress

    def cancel(self) -> None:
        """Send no more of it; what has left has left."""
        self._cancelled = True
        if self._engine is not None:
            self._engine.call(self._stop)

    def failed(self, trouble: str) -> None:
        """It cannot leave."""
        self._ended(SendingState.FAILED, trouble)

    async def leave(self, talk: "Talk", engine: "Engine") -> None:
        """Send it on the connection of ``talk``; a task of the engine."""
        self._engine = engine
        self._task = asyncio.current_task()
        try:
            async with talk.crafting:  # one after the other: two at once would mix their bytes
                if self._cancelled:
                    raise asyncio.CancelledError
                await self._leave(talk)
        except asyncio.CancelledError:
            self._ended(SendingState.CANCELLED)
            if not self._cancelled or self._task is None:
                raise
            self._task.uncancel()
        except Exception as error:  # a fault of ours: nobody may wait for ever
            self._ended(SendingState.FAILED, f"This program failed: {error}")
            raise
        finally:
            self._task = None

    async def _leave(self, talk: "Talk") -> None:
        traffic = talk.traffic
        if traffic is None:
            talk.complain(GONE)
            self._ended(SendingState.FAILED, GONE)
            return
        plan = await self._planned(traffic)
        self.plan = plan
        if plan.problem:
            talk.complain(plan.problem)
            self._ended(SendingState.FAILED, plan.problem)
            return
        self.progress = SendingProgress(SendingState.SENDING, 0, plan.size)
        with talk.outgoing.crafted() as out:
            for chunk in plan.chunks():
                if chunk.delay:
                    await out.gone_within(chunk.delay)
                written = await out.leave(chunk.data)
                if written is None:
                    self._ended(SendingState.FAILED, out.trouble)
                    return
                talk.left(*written)
                self.progress = replace(self.progress, sent=self.progress.sent + len(chunk.data))
                await out.room()
        self._ended(SendingState.SENT)

    async def _planned(self, traffic: "Traffic") -> Plan:
        role, agreed, window = traffic.role, traffic.agreed, traffic.standing.window
        if self._large:
            return await in_daemon_thread(lambda: self._make(role, agreed, window), "planning crafted frames")
        return self._make(role, agreed, window)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _ended(self, state: SendingState, trouble: str = "") -> None:
        if self.progress.state.over:
            return
        self.progress = replace(self.progress, state=state, trouble=trouble)
        self._finished.set()
        if self._on_end is not None:
            self._on_end(self)


def sending_craft(
    craft: Craft,
    files: Mapping[str, bytes] | None = None,
    *,
    on_end: Callable[[CraftSending], None] | None = None,
) -> CraftSending:
    """A sending that plans ``craft`` for the connection it leaves on, with fresh keys."""
    read = dict(files or {})

    def make(role: Role, agreed: Agreed, window: bytes) -> Plan:
        return plan_of(craft, sender=role, agreed=agreed, keys=fresh_key, files=read, window=window)

    size = sum(max(one.size, len(one.value), len(read.get(one.value, b""))) for one in craft.payloads())
    return CraftSending(make, large=size > PLANNED_HERE, on_end=on_end)


def sending_plan(plan: Plan, *, on_end: Callable[[CraftSending], None] | None = None) -> CraftSending:
    """A sending of bytes that are planned already."""
    return CraftSending(lambda role, agreed, window: plan, on_end=on_end)


def fresh_key() -> bytes:
    """A masking key nobody can predict (RFC 6455 §5.3)."""
    return os.urandom(4)
