"""How much smaller compressed payloads travelled: they are inflated again in order, as far as asked for."""

import time
from dataclasses import dataclass
from itertools import compress

from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_ENDS_MESSAGE, FLAG_OUT
from wsinspector.protocol.deflate import InflateFault
from wsinspector.protocol.spans import Direction

AT_FIRST = 16 << 20
"""Compressed bytes that are looked at without being asked."""

FRAMES = 512
STEP_NS = 25_000_000

_TABLES = tuple(
    bytes(int(bool(flags & FLAG_COMPRESSED) and flags & FLAG_OUT == side) for flags in range(256))
    for side in (0, 1)
)


@dataclass(frozen=True, slots=True)
class Compression:
    """Compressed frames that were inflated again: (received, sent) of each.

    ``done``: number of the last frame looked at. ``failed``: frames that could not be inflated, or
    beyond the limit; they are in none of the other counts.
    """

    done: int = 0
    frames: tuple[int, int] = (0, 0)
    wire: tuple[int, int] = (0, 0)
    inflated: tuple[int, int] = (0, 0)
    failed: tuple[int, int] = (0, 0)

    def ratio(self, side: int | None = None) -> float | None:
        """Inflated bytes a byte on the wire, of one side or both; None where nothing was looked at."""
        sides = (0, 1) if side is None else (side,)
        wire = sum(self.wire[each] for each in sides)
        return sum(self.inflated[each] for each in sides) / wire if wire else None


class CompressionRun:
    """Inflates an attempt from its first frame on: later messages may refer to what came before.

    Use it on one thread. :meth:`work` stops at ``budget`` compressed bytes, until that is raised.
    """

    def __init__(self, reading: FrameReading, budget: int = AT_FIRST) -> None:
        self.done = 0
        self.budget = budget
        self._reading = reading
        self._inflation = Inflation(reading)
        self._next = [1, 1]
        self._counts = [[0, 0] for _ in range(4)]
        self._waiting: tuple[list[tuple[int, int, int]], ...] = ([], [])
        self._seen = 0

    @property
    def stopped(self) -> bool:
        """Whether the budget is spent."""
        return self._seen >= self.budget

    def work(self, upto: int, budget_ns: int = STEP_NS) -> bool:
        """Go on for about ``budget_ns``; whether some are left that the budget allows."""
        until = time.perf_counter_ns() + budget_ns
        while not self.stopped and self._step(upto):
            if time.perf_counter_ns() > until:
                break
        return self.done < upto and not self.stopped

    def _step(self, upto: int) -> bool:
        columns = self._reading.source.columns(self.done + 1, min(FRAMES, upto - self.done))
        if not len(columns):
            return False
        flags = columns.flags.tobytes()
        places = range(len(flags))
        for side, direction in enumerate((Direction.IN, Direction.OUT)):
            waiting = self._waiting[side]
            for at in compress(places, flags.translate(_TABLES[side])):
                waiting.append((self.done + 1 + at, columns.length[at], flags[at]))
            self._inflate(side, direction)
        self.done += len(flags)
        return True

    def _inflate(self, side: int, direction: Direction) -> None:
        waiting = self._waiting[side]
        ready = len(waiting)
        if not self._inflation.takeover[side]:
            # Each message begins anew, so one that is not whole yet waits.
            while ready and not waiting[ready - 1][2] & FLAG_ENDS_MESSAGE:
                ready -= 1
        if not ready:
            return
        last = waiting[ready - 1][0]
        # From where the walk before ended, so that it goes on there.
        begin = self._next[side] if self._inflation.takeover[side] else waiting[0][0]
        self._inflation.reach(direction, last, begin)
        self._next[side] = last + 1
        for number, length, _ in waiting[:ready]:
            self._note(side, number, length)
        del waiting[:ready]

    def _note(self, side: int, number: int, length: int) -> None:
        found = self._inflation.seen(number)
        self._seen += length
        frames, wire, inflated, failed = self._counts
        if found is not None and found.fault is InflateFault.LEFT_OUT:
            return  # of a copy made to share: neither a size nor a failure
        if found is None or found.fault is not None:
            failed[side] += 1
            return
        frames[side] += 1
        wire[side] += length
        inflated[side] += found.size

    def compression(self) -> Compression:
        """What was looked at so far."""
        frames, wire, inflated, failed = ((each[0], each[1]) for each in self._counts)
        return Compression(self.done, frames, wire, inflated, failed)
