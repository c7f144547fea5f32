"""Holds our bytes before they leave, theirs before they are shown, until a person lets the next go."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.conversation.stepping_values import (
    MOST_HELD_SHOWN,
    MOST_NOTED,
    NO_STEPS,
    Held,
    HeldBytes,
    Hold,
    StepView,
    Unit,
)
from wsinspector.conversation.stepping_veil import Unseen, veiled
from wsinspector.conversation.timers import Timers
from wsinspector.protocol.columns import FLAG_OUT, FrameColumns
from wsinspector.protocol.opcodes import CLOSE

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter

MOST_UNSEEN = 4096
"""Units of the peer told apart; frames that come beyond are shown together with the last of them."""

RUNNING = frozenset(("publish", "body", "end", "later"))
"""Timers that go on while something is held: they wait for the peer, or for nobody."""

OPCODE = 0x0F

Leave = Callable[[], None]


@dataclass(slots=True)
class Entry:
    """Bytes of ours that wait. ``leave`` writes them; ``lost`` is called where they never leave."""

    held: HeldBytes
    leave: Leave
    lost: Leave


def _nothing() -> None:
    pass


class Stepping:
    """The steps of one connection; on the engine's thread.

    What came of the peer is shown before anything of ours leaves, so that what is shown is always a
    beginning of what travelled. Bytes that come are captured and answered as ever; only what an attempt
    publishes is veiled, and the answers wait like all that is ours.

    ``now()``: monotonic ns, later than all before. ``sent()``: bytes written so far. ``changed()``: publish.
    ``note()``: keep the facts. ``closed()``: whether the peer's Close frame came.
    """

    def __init__(
        self,
        recorder: "AttemptWriter",
        timers: Timers,
        *,
        on: bool,
        now: Callable[[], int],
        sent: Callable[[], int],
        changed: Callable[[], None],
        note: Callable[[], None],
        closed: Callable[[], bool],
    ) -> None:
        self.on = on
        self.held = Held()
        """What was held so far; the stretch under way is not among it."""
        self._recorder = recorder
        self._timers = timers
        self._now = now
        self._sent = sent
        self._changed = changed
        self._note = note
        self._closed = closed
        self._ours: deque[Entry] = deque()
        self._unseen: deque[Unseen] = deque()
        self._draining = False
        self._since: int | None = None
        self._steps = 0
        self._trip: float | None = None
        self._close_left = False
        self._over = False
        self._never_left: tuple[HeldBytes, ...] = ()
        self._clear: list[asyncio.Event] = []

    # -- what waits

    @property
    def holds(self) -> bool:
        """Whether bytes of ours would be held now."""
        return (self.on or self._draining) and not self._over

    @property
    def waits(self) -> bool:
        """Whether anything waits for a step."""
        return bool(self._ours or self._unseen)

    @property
    def holds_ours(self) -> bool:
        """Whether bytes of ours wait."""
        return bool(self._ours)

    @property
    def lost(self) -> bool:
        """Whether anything that was held has never left."""
        return bool(self._never_left)

    @property
    def holds_end(self) -> bool:
        """Whether what would end the connection is held: a Close frame, or our FIN."""
        return any(entry.held.unit is Unit.FIN or entry.held.opcode == CLOSE for entry in self._ours)

    def ours(
        self,
        unit: Unit,
        data: bytes,
        leave: Leave,
        *,
        opcode: int | None = None,
        lost: Leave = _nothing,
    ) -> Entry:
        """Hold bytes of ours; only where :attr:`holds`. ``leave`` is called when they are let go."""
        at = self._now()
        entry = Entry(HeldBytes(unit, data, at, opcode), leave, lost)
        self._ours.append(entry)
        self._begin(at)
        self._changed()
        return entry

    def withdraw(self, entry: Entry) -> None:
        """It shall not leave any more."""
        with contextlib.suppress(ValueError):
            self._ours.remove(entry)
            self._settle()

    # -- what comes

    def answer_came(self) -> None:
        """The first bytes of the peer's answer to our request are here."""
        if self.on and not self._over:
            self._wait(Unseen(Unit.RESPONSE))

    def frames_came(self, columns: FrameColumns, last: int, faults: int) -> None:
        """Frames became complete, the last with number ``last``; ``faults``: anomalies that are faults."""
        if not self.holds:
            return
        first = last - len(columns) + 1
        for place in range(len(columns)):
            if columns.flags[place] & FLAG_OUT:
                continue  # it is shown with the unit before it
            one = Unseen(
                Unit.FRAME,
                first + place,
                first + place,
                columns.offset[place],
                int(bool(columns.anomalies[place] & faults)),
                columns.first[place] & OPCODE,
            )
            self._wait(one)

    def _wait(self, one: Unseen) -> None:
        if one.unit is Unit.FRAME and len(self._unseen) >= MOST_UNSEEN:
            before = self._unseen.pop()
            one = replace(before, last=one.last, faults=before.faults + one.faults, opcode=one.opcode)
        self._unseen.append(one)
        self._begin(self._now())

    def close_left(self) -> None:
        """A Close frame of ours was written."""
        self._close_left = True

    # -- a person's steps

    def switch(self, on: bool) -> None:
        """Begin to hold, or let everything go that waits, at once."""
        if on == self.on:
            return
        self.on = on
        if not self._over:
            self._recorder.event("stepping", self._now(), {"on": on})
        if not on:
            self.let_all_go()
        self._changed()

    def step(self) -> None:
        """Show the next unit of the peer; where none waits, let the next of ours leave."""
        if not self.waits:
            return
        self._steps += 1
        self._step()
        self._settle()
        self._changed()

    def let_all_go(self) -> None:
        """Show and send all that waits now, and what follows from it."""
        self._draining = True
        try:
            while self.waits:
                self._steps += 1
                self._step()
        finally:
            self._draining = False
        self._settle()
        self._changed()

    def _step(self) -> None:
        if self._unseen:
            self._unseen.popleft()
            return
        entry = self._ours.popleft()
        before = self._sent()
        entry.leave()
        at, held = self._now(), entry.held
        hold = Hold(held.since, at, before, self._sent() - before)
        if len(self.held.holds) < MOST_NOTED:
            self.held = replace(self.held, holds=(*self.held.holds, hold))
        if not self._over:
            told = {"what": held.unit.value, "offset": before, "size": hold.size, "held_ms": hold.held / 1e6}
            self._recorder.event("let-go", at, told)

    # -- the end

    def never_leaves(self) -> bool:
        """What of ours is held will not leave any more; whether a Close frame was among it."""
        if not self._ours:
            return False
        entries, self._ours = list(self._ours), deque()
        at = self._now()
        self._never_left = (*self._never_left, *(entry.held for entry in entries))
        for entry in entries:
            held = entry.held
            told = {"what": held.unit.value, "size": len(held.data), "held_ms": (at - held.since) / 1e6}
            self._recorder.event("never-left", at, told)
            entry.lost()
        self._settle()
        return any(entry.held.opcode == CLOSE for entry in entries)

    def over(self, at: int, *, by_peer: bool) -> None:
        """The connection is over. How the peer, or the network, ended it is a unit of its own."""
        if self._over:
            return
        self._stretch_ends(at)
        self._over = True
        if by_peer and self.on:
            self._unseen.append(Unseen(Unit.END))

    def reveal(self) -> None:
        """Show everything; nothing is left that could leave."""
        self._unseen.clear()

    # -- what is told

    def held_between(self, start: int, stop: int) -> int:
        """ns between two moments in which something waited, the stretch under way included."""
        running = 0 if self._since is None else max(0, stop - max(start, self._since))
        return self.held.between(start, stop) + running

    def view(self) -> StepView:
        """What a person sees of it."""
        if not self.on and not self.waits and not self._never_left:
            return NO_STEPS
        first = self._unseen[0].unit if self._unseen else self._ours[0].held.unit if self._ours else None
        return StepView(
            on=self.on,
            next=first,
            since=self._since,
            held=tuple(entry.held for entry in list(self._ours)[:MOST_HELD_SHOWN]),
            held_count=len(self._ours),
            unseen=len(self._unseen),
            steps=self._steps,
            ended=self._over,
            never_left=self._never_left[:MOST_HELD_SHOWN],
        )

    def veiled(self, snapshot: AttemptSnapshot) -> AttemptSnapshot:
        """``snapshot`` as far as it was stepped through."""
        if not self._unseen:
            self._trip = snapshot.round_trip_ms
        hidden = any(one.opcode == CLOSE for one in self._unseen if one.unit is Unit.FRAME)
        closing = self._close_left or (self._closed() and not hidden)
        shown = veiled(snapshot, self._unseen, self._trip, closing=closing)
        return replace(shown, step=self.view(), held_steps=self.held)

    async def left(self) -> None:
        """Wait until nothing of ours is held."""
        while self._ours:
            clear = asyncio.Event()
            self._clear.append(clear)
            await clear.wait()

    # -- the clock

    def _begin(self, at: int) -> None:
        if self._since is None and not self._over:
            self._since = at
            self._timers.pause(RUNNING)

    def _settle(self) -> None:
        if not self._ours:
            for clear in self._clear:
                clear.set()
            self._clear.clear()
        if not self.waits:
            self._stretch_ends(self._now())

    def _stretch_ends(self, at: int) -> None:
        since, self._since = self._since, None
        if since is None:
            return
        if len(self.held.stretches) < MOST_NOTED:
            self.held = replace(self.held, stretches=(*self.held.stretches, (since, at)))
        if not self._over:
            self._timers.go_on()
            self._note()
