"""A client of the lab before anybody knows whether it is caught, and the way back to it once it is."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from wsinspector.conversation.caught import Caught
from wsinspector.conversation.conversation import Conversation
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link, LinkEnd

LINGER = 2.0
"""Seconds for what was written by hand to leave after the end."""

Event = Callable[[Caught], None]


class Catcher(Protocol):
    """Who decides about arrivals."""

    by_hand: bool

    def seen(self, arrival: "Arrival") -> bool: ...


class Arrival:
    """The tap of one connection to the lab, and its guest; on the lab's loop.

    With the first byte the catcher decides. While the capture is being made, what happens is kept in
    order and the link is held, so that it is little.
    """

    def __init__(self, catcher: Catcher, link: Link) -> None:
        self.link = link
        self.wall_ns = time.time_ns()
        self.mono_ns = time.monotonic_ns()
        self.by_hand = False
        """Whether a person answers whatever path is asked for; decided with the first byte."""
        self._catcher = catcher
        self._first = True
        self._events: list[Event] = []
        self._caught: Caught | None = None
        self._conversation: Conversation | None = None
        self._decided = asyncio.Event()

    # -- what the catcher does

    def begin(self, caught: Caught, conversation: Conversation) -> None:
        """The client is caught: tell all that happened so far, and from now on everything at once."""
        self._conversation = conversation
        # Set before: what is answered to an event is told at once. Released before: the file may be
        # behind already, and then it is the caught client's to hold.
        self._caught = caught
        self.link.release()
        events, self._events = self._events, []
        for event in events:
            event(caught)
        self._decided.set()

    def let_go(self) -> None:
        """The client is not caught; whoever serves it goes on."""
        self.by_hand = False
        self._events.clear()
        self.link.tap = None
        self._decided.set()
        self.link.release()

    def turned_away(self, plain: bytes, text: str) -> None:
        """TLS failed; ``plain``: what the client said in place of a handshake."""
        self._first = False
        at = self.link.now()
        if plain:
            self._tell(lambda caught: caught.received(plain, at))
        after = self.link.now()
        self._tell(lambda caught: caught.turned_away(text, after))

    # -- as the tap

    def received(self, data: bytes, at: int) -> None:
        if self._first:
            self._first = False
            self.by_hand = self._catcher.by_hand
            if not self._catcher.seen(self):
                self.let_go()
                return
            self.link.hold()
        self._tell(lambda caught: caught.received(data, at))

    def wrote(self, data: bytes, at: int) -> None:
        self._tell(lambda caught: caught.wrote(data, at))

    def ended(self, how: LinkEnd, at: int) -> None:
        self._tell(lambda caught: caught.ended(how, at))

    def we_ended(self, at: int, *, reset: bool) -> None:
        self._tell(lambda caught: caught.we_ended(at, reset=reset))

    def lost(self, error: Exception | None, at: int) -> None:
        self._tell(lambda caught: caught.lost(error, at))

    def _tell(self, event: Event) -> None:
        if self._caught is not None:
            event(self._caught)
        elif not self._decided.is_set() and not self._first:
            self._events.append(event)

    # -- as the guest

    async def wait_for_hand(self, inbox: Inbox) -> bool:
        """Be answered by a person until the connection is over; False where this one is not caught."""
        await self._decided.wait()
        caught, conversation = self._caught, self._conversation
        if caught is None or conversation is None:
            return False
        if not caught.by_hand:
            caught.take_by_hand(conversation.options)
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(_read_empty(inbox))
            await caught.over.wait()
            reading.cancel()
        await self._leave()
        return True

    def served_by(self, scenario: str) -> None:
        """The scenario called ``scenario`` answers from now on."""
        self._tell(lambda caught: caught.served_by(scenario))

    async def _leave(self) -> None:
        self.link.close()
        try:
            async with asyncio.timeout(LINGER):
                await self.link.gone()
        except TimeoutError:
            self.link.abort()


async def _read_empty(inbox: Inbox) -> None:
    """What comes is told of by the tap; here it only must not pile up."""
    while await inbox.read():
        pass
