"""Work at several servers at a time, carried out on the engine's thread and told to any other.

A sweep and a run of provocations are such work: what they send differs, how they begin, publish, pause,
are cancelled and end does not.
"""

import asyncio
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, Protocol, Self, TypeVar

from wsinspector.conversation.engine import Engine
from wsinspector.conversation.sweep_plan import SweepServer
from wsinspector.conversation.sweep_results import SweepPhase

PUBLISH_EVERY = 1 / 30
"""Seconds between two results while the work goes on."""


class Published(Protocol):
    """What is told of the work: one immutable value, replaced as a whole."""

    @property
    def serial(self) -> int: ...

    @property
    def running(self) -> bool: ...


class Part(Protocol):
    """The work at one server. ``over``: nothing more will be sent to it."""

    server: SweepServer
    over: bool

    async def carry(self) -> None: ...

    def cancel(self) -> None: ...


Results = TypeVar("Results", bound=Published)


class SideBySide(ABC, Generic[Results]):
    """``results`` may be read from any thread; all methods return at once but :meth:`wait_for`,
    :meth:`wait_ended` and :meth:`close`.

    Who makes one sets ``_parts`` and then calls :meth:`_first`.
    """

    _parts: Sequence[Part]
    _results: Results

    def __init__(self, engine: Engine, what: str, servers: Iterable[SweepServer], patience: float) -> None:
        """``what`` names its tasks; :meth:`close` waits ``patience`` seconds for what is under way. Raises
        ValueError where an address of ``servers`` is not understood."""
        for server in servers:
            if server.address.error is not None:
                raise ValueError(f"{server.name}: {server.address.error}")
        self.engine = engine
        self._what = what
        self._patience = patience
        self._changed = threading.Condition(threading.Lock())
        self._released = threading.Event()
        self._began_wall, self._began = time.time_ns(), time.monotonic()
        self._cancelled = self._started = self._closed = False
        self._due: asyncio.TimerHandle | None = None

    # -- what each kind of work says of itself

    @abstractmethod
    def _made(self, serial: int, phase: SweepPhase) -> Results:
        """What is to be told now."""

    @abstractmethod
    def _ending(self, phase: SweepPhase, seconds: float) -> None:
        """Nothing more is sent: keep how it ended, ``seconds`` after it began."""

    @abstractmethod
    def _give_back(self) -> None:
        """Let go of the file."""

    def _first(self) -> None:
        """Have the first results."""
        self._results = self._made(0, SweepPhase.RUNNING)

    # -- from any thread

    @property
    def results(self) -> Results:
        """The results as last published."""
        return self._results

    def start(self) -> Self:
        """Begin; a second call does nothing."""
        if not self._started:
            self._started = True
            if not self.engine.call(lambda: self.engine.spawn(self._run(), self._what)):
                self._cancelled = True
                self._end()
        return self

    def cancel(self) -> None:
        """Send nothing more; what is under way is given up. What has come stays."""
        self.engine.call(self._cancel)

    def wait_for(self, met: Callable[[Results], bool], timeout: float | None = None) -> Results | None:
        """The first results for which ``met`` is true, None where ``timeout`` (s) passes first.

        Never call it on the engine's thread.
        """
        with self._changed:
            if self._changed.wait_for(lambda: met(self._results), timeout):
                return self._results
            return None

    def wait_ended(self, timeout: float | None = None) -> Results | None:
        """As :meth:`wait_for`, for the end."""
        return self.wait_for(lambda results: not results.running, timeout)

    def close(self) -> None:
        """Cancel what still runs, and give the file back. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self.cancel()
        if self._started and self.engine.running:
            self._released.wait(self._patience)
        self._give_back()

    # -- on the engine's thread

    async def _run(self) -> None:
        self._began_wall, self._began = time.time_ns(), time.monotonic()
        tasks = [self.engine.spawn(part.carry(), f"{self._what}: {part.server.name}") for part in self._parts]
        try:
            if self._cancelled:
                self._cancel()
            if tasks:
                await asyncio.wait(tasks)
        except asyncio.CancelledError:
            self._cancelled = True
            raise
        finally:
            self._end()

    def _cancel(self) -> None:
        if self._results.running:
            self._cancelled = True
            for part in self._parts:
                part.cancel()

    def _end(self) -> None:
        if self._due is not None:
            self._due.cancel()
        phase = SweepPhase.CANCELLED if self._cancelled else SweepPhase.DONE
        for part in self._parts:
            part.over = True
        self._ending(phase, time.monotonic() - self._began)
        self._publish(phase)
        self._released.set()

    def changed(self) -> None:
        """There is something new to tell: publish soon."""
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(PUBLISH_EVERY, self._publish_due)

    def _publish_due(self) -> None:
        self._due = None
        self._publish(SweepPhase.RUNNING)

    def _publish(self, phase: SweepPhase) -> None:
        with self._changed:
            self._results = self._made(self._results.serial + 1, phase)
            self._changed.notify_all()


class Pacing:
    """Keeps the starts of what is sent to one server ``pace`` seconds apart, whoever sends it."""

    def __init__(self, pace: float) -> None:
        self._pace = pace
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until the next may start."""
        if self._pace <= 0:
            return
        now = asyncio.get_running_loop().time()
        start = max(now, self._next)
        self._next = start + self._pace
        if start > now:
            await asyncio.sleep(start - now)


class Workers:
    """The tasks of one server that take turns at what is to be sent."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._tasks: list[asyncio.Task[Any]] = []
        self.cancelled = False

    async def together(self, work: Callable[[], Any], count: int) -> None:
        """Run ``work()`` ``count`` times at once, at least once, to the end; not at all once cancelled."""
        if self.cancelled:
            return
        self._tasks = [self._engine.spawn(work(), self._name) for _ in range(max(1, count))]
        await asyncio.wait(self._tasks)

    def cancel(self) -> None:
        """End them, and begin no others."""
        self.cancelled = True
        for task in self._tasks:
            task.cancel()
