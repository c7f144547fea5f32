"""Named timers of one owner: setting one anew replaces it, and all can be stopped together."""

import asyncio
from collections.abc import Callable, Collection


class Timers:
    """At most one timer a name; on the loop's thread."""

    def __init__(self) -> None:
        self._handles: dict[str, asyncio.TimerHandle] = {}
        self._calls: dict[str, Callable[[], None]] = {}
        self._paused: dict[str, float] = {}  # seconds left
        self._running: Collection[str] | None = None  # those that go on in a pause; None: there is none

    def __contains__(self, name: str) -> bool:
        return name in self._calls

    def set(self, name: str, seconds: float, call: Callable[[], None]) -> None:
        """Call in ``seconds``, in place of what ``name`` stood for; a pause does not count."""
        self.stop(name)
        self._calls[name] = call
        if self._running is not None and name not in self._running:
            self._paused[name] = seconds
        else:
            self._start(name, seconds)

    def pause(self, running: Collection[str]) -> None:
        """Stop the clock for all but ``running``, those set meanwhile too."""
        self._running = running
        now = asyncio.get_running_loop().time()
        for name in [name for name in self._handles if name not in running]:
            handle = self._handles.pop(name)
            handle.cancel()
            self._paused[name] = max(0.0, handle.when() - now)

    def go_on(self) -> None:
        """Let the clock run again after :meth:`pause`."""
        self._running = None
        paused, self._paused = self._paused, {}
        for name, seconds in paused.items():
            self._start(name, seconds)

    def stop(self, name: str) -> None:
        self._calls.pop(name, None)
        self._paused.pop(name, None)
        handle = self._handles.pop(name, None)
        if handle is not None:
            handle.cancel()

    def stop_all(self) -> None:
        for name in list(self._calls):
            self.stop(name)

    def _start(self, name: str, seconds: float) -> None:
        def fire() -> None:
            self._handles.pop(name, None)
            self._calls.pop(name)()

        self._handles[name] = asyncio.get_running_loop().call_later(seconds, fire)
