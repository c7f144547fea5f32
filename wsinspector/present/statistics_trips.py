"""How long pongs took: each pong is paired with the last ping from the other side that carries its bytes."""

from collections import Counter, OrderedDict
from dataclasses import dataclass

from wsinspector.present.statistics_numbers import NONE, Distribution, Spread

MOST_WAITING = 4096
MOST_STEPS = 2048
NARROWEST_NS = 1_000_000
_TOGETHER = 1024


@dataclass(frozen=True, slots=True)
class Trip:
    """The quickest and the slowest answer to pings of one step: ns each, and the slowest one's ping."""

    at: int
    quickest: int
    slowest: int
    ping: int


@dataclass(frozen=True, slots=True)
class Trips:
    """Pings of one side: how many, how many were answered, and after how long (ns)."""

    pings: int = 0
    answered: int = 0
    spread: Spread = NONE
    steps: tuple[Trip, ...] = ()

    @property
    def unanswered(self) -> int:
        return self.pings - self.answered


class TripCounter:
    """Pings of one side and the other's pongs, in order (§5.5.3)."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._width = NARROWEST_NS
        self._pings = 0
        self._spread = Distribution()
        self._fresh: Counter[int] = Counter()
        self._answered = 0
        self._waiting: OrderedDict[bytes, tuple[int, int]] = OrderedDict()
        self._steps: dict[int, Trip] = {}

    def ping(self, payload: bytes, number: int, at: int) -> None:
        self._pings += 1
        self._waiting.pop(payload, None)
        self._waiting[payload] = number, at
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)

    def pong(self, payload: bytes, at: int) -> None:
        """A pong that answers no ping is not counted: it may come by itself."""
        found = self._waiting.pop(payload, None)
        if found is None:
            return
        number, since = found
        took = max(at - since, 0)
        self._answered += 1
        self._fresh[took] += 1
        if len(self._fresh) >= _TOGETHER:
            self._settle()
        self._note(Trip(since, took, took, number))
        while len(self._steps) > MOST_STEPS:
            self._width *= 2
            kept = list(self._steps.values())
            self._steps.clear()
            for trip in kept:
                self._note(trip)

    def _settle(self) -> None:
        self._spread.add(self._fresh)
        self._fresh.clear()

    def _note(self, trip: Trip) -> None:
        step = (trip.at - self._start) // self._width
        known = self._steps.get(step)
        if known is not None:
            slower = trip if trip.slowest > known.slowest else known
            trip = Trip(
                min(known.at, trip.at), min(known.quickest, trip.quickest), slower.slowest, slower.ping
            )
        self._steps[step] = trip

    def trips(self) -> Trips:
        self._settle()
        steps = tuple(sorted(self._steps.values(), key=lambda trip: trip.at))
        return Trips(self._pings, self._answered, self._spread.spread(), steps)
