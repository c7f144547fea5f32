"""The peer's frames that a sequence has not used up, and waiting for one of them; bounded in memory."""

import asyncio
from collections import deque
from collections.abc import Callable

from wsinspector.conversation.watching import Came, Hit, Wanted

MOST_FRAMES = 200_000
MOST_BYTES = 64 << 20
"""Frames and payload bytes that are kept for steps to come; the oldest go first."""

SECOND = 1_000_000_000


class FrameInbox:
    """On the engine's thread. ``clock`` gives ns on the scale of the frames' times.

    Each frame satisfies one step at most: a hit uses up all frames before it. ``passed`` counts frames
    that were let go of without having been looked at.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._came: deque[Came] = deque()
        self._gone = 0
        """How many reads were let go of, so that those who wait know their place."""
        self._frames = 0
        self._bytes = 0
        self._news = asyncio.Event()
        self.used = 0
        """Number of the last frame that a step has used up."""
        self.passed = 0
        self.over = False
        """Whether nothing can come any more."""

    def came(self, came: Came) -> None:
        """Frames of the peer."""
        self._came.append(came)
        self._frames += len(came)
        self._bytes += _size(came)
        while len(self._came) > 1 and (self._frames > MOST_FRAMES or self._bytes > MOST_BYTES):
            oldest = self._let_go()
            self.passed += len(oldest)
        self.wake()

    def wake(self) -> None:
        """Whoever waits looks again: something else than a frame has happened."""
        self._news.set()

    def clear(self) -> None:
        """Another connection begins."""
        while self._came:
            self._let_go()
        self.used = self.passed = 0
        self.over = False

    async def first(
        self, wanted: Wanted, until: int, *, after: int | None = None, use: bool = True
    ) -> Hit | None:
        """The first frame that fits and came at ``until`` at the latest; None where there is none.

        ``after``: only frames behind this number, None for all that are not used up. ``use``: the hit uses
        up what came before it. Ends early where nothing can come any more.
        """
        behind = self.used if after is None else after
        place = self._gone
        while True:
            self._news.clear()
            place = max(place, self._gone)
            while place - self._gone < len(self._came):
                hit = wanted.first_in(self._came[place - self._gone], behind, until)
                if hit is not None:
                    if use:
                        self._use(hit.number)
                    return hit
                place += 1
            if self.over or not await self.wait_until(until):
                return None

    async def wait_until(self, until: int) -> bool:
        """Wait for news; False where the time ``until`` passes first."""
        left = (until - self._clock()) / SECOND
        if left <= 0:
            return False
        try:
            async with asyncio.timeout(left):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    async def happens(self, met: Callable[[], bool], until: int) -> bool:
        """Wait until ``met``; False where the time ``until`` passes first."""
        while not met():
            self._news.clear()
            if met():
                return True
            if not await self.wait_until(until):
                return met()
        return True

    def _use(self, number: int) -> None:
        self.used = number
        while self._came and self._came[0].first_no + len(self._came[0]) - 1 <= number:
            self._let_go()

    def _let_go(self) -> Came:
        oldest = self._came.popleft()
        self._gone += 1
        self._frames -= len(oldest)
        self._bytes -= _size(oldest)
        return oldest


def _size(came: Came) -> int:
    return sum(len(content.data) for content in came.contents.values())
