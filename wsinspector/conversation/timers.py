"""Named timers of one owner: setting one anew replaces it, and all can be stopped together."""

import asyncio
from collections.abc import Callable


class Timers:
    """At most one timer a name; on the loop's thread."""

    def __init__(self) -> None:
        self._handles: dict[str, asyncio.TimerHandle] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._handles

    def set(self, name: str, seconds: float, call: Callable[[], None]) -> None:
        """Call in ``seconds``, in place of what ``name`` stood for."""
        self.stop(name)

        def fire() -> None:
            self._handles.pop(name, None)
            call()

        self._handles[name] = asyncio.get_running_loop().call_later(seconds, fire)

    def stop(self, name: str) -> None:
        handle = self._handles.pop(name, None)
        if handle is not None:
            handle.cancel()

    def stop_all(self) -> None:
        for handle in self._handles.values():
            handle.cancel()
        self._handles.clear()
