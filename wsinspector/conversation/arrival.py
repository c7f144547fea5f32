"""A client of the lab before anybody knows whether it is caught, and the way back to it once it is."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from wsinspector.conversation.caught import Caught
from wsinspector.conversation.conversation import Conversation
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link, LinkEnd
from wsinspector.protocol.request_reader import RequestReader

LINGER = 2.0
"""Seconds for what was written by hand to leave after the end."""

GLANCE = 0.25
GLANCE_BYTES = 1 << 16
"""Seconds and bytes after which a request that is not whole is shown as it is."""

FRESH = frozenset((b"sec-websocket-key", b"sec-websocket-key1", b"sec-websocket-key2"))
"""Fields that are new in every request of a client."""

Event = Callable[[Caught], None]
Shape = tuple[object, ...]


class Catcher(Protocol):
    """Who decides about arrivals."""

    by_hand: bool

    def wants(self, arrival: "Arrival") -> bool:
        """The first byte came: whether the client is one to be caught."""
        ...

    def catches(self, arrival: "Arrival") -> bool:
        """It is known what the client asks for, as far as it will be: whether there is room for it."""
        ...


class Arrival:
    """The tap of one connection to the lab, and its guest; on the lab's loop.

    It is caught when its request is whole, when anything else happens, or when GLANCE is over: by then
    it is known whether this client was here before. Until its capture is made what happens is kept
    in order, and the link is held meanwhile, so that it is little.
    """

    def __init__(self, catcher: Catcher, link: Link) -> None:
        self.link = link
        self.wall_ns = time.time_ns()
        self.mono_ns = time.monotonic_ns()
        self.by_hand = False
        """Whether a person answers whatever path is asked for; decided with the first byte."""
        self._catcher = catcher
        self._first = True
        self._asked = RequestReader()
        self._started = False
        self._timer: asyncio.TimerHandle | None = None
        self._events: list[Event] = []
        self._caught: Caught | None = None
        self._conversation: Conversation | None = None
        self._decided = asyncio.Event()

    @property
    def shape(self) -> Shape | None:
        """What is the same when this client comes again; None where its request is not whole."""
        if not self._asked.complete:
            return None
        head = self._asked.head
        lines = tuple((line.name, b"" if line.name.lower() in FRESH else line.value) for line in head.lines)
        return self.link.remote.rpartition(":")[0], self.link.local, head.start_line, lines

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
        self._started = True
        at = self.link.now()
        if plain:
            self._keep_or_tell(lambda caught: caught.received(plain, at))
        after = self.link.now()
        self._tell(lambda caught: caught.turned_away(text, after))

    # -- as the tap

    def received(self, data: bytes, at: int) -> None:
        if self._first:
            self._first = False
            self.by_hand = self._catcher.by_hand
            if not self._catcher.wants(self):
                self._started = True
                self.let_go()
                return
            self._timer = asyncio.get_running_loop().call_later(GLANCE, self._start)
        self._keep_or_tell(lambda caught: caught.received(data, at))
        if not self._started:
            self._asked.feed(data)
            if self._asked.complete or self._asked.size > GLANCE_BYTES:
                self._start()

    def wrote(self, data: bytes, at: int) -> None:
        self._tell(lambda caught: caught.wrote(data, at))

    def ended(self, how: LinkEnd, at: int) -> None:
        self._tell(lambda caught: caught.ended(how, at))

    def we_ended(self, at: int, *, reset: bool) -> None:
        self._tell(lambda caught: caught.we_ended(at, reset=reset))

    def lost(self, error: Exception | None, at: int) -> None:
        self._tell(lambda caught: caught.lost(error, at))

    def _start(self) -> None:
        """Have the client caught now, with what is known of it."""
        if self._started:
            return
        self._started = True
        if self._timer is not None:
            self._timer.cancel()
        if self._catcher.catches(self):
            self.link.hold()
        else:
            self.let_go()

    def _tell(self, event: Event) -> None:
        """Tell of anything but what is received: then there is nothing to wait for."""
        self._keep_or_tell(event)
        if not self._first:
            self._start()

    def _keep_or_tell(self, event: Event) -> None:
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
