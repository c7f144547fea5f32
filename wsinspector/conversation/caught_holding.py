"""When a caught client is not read: the capture is behind, or the client does not read our answers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from wsinspector.conversation.holding import MOST_WAITING
from wsinspector.conversation.progress import Progress
from wsinspector.live.transport import Link

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter, CaptureWriter
    from wsinspector.conversation.engine import Engine


class CaughtHolding:
    """As :class:`~wsinspector.conversation.holding.Holding`, by the tap's hold: a scenario pauses too."""

    def __init__(
        self,
        engine: "Engine",
        link: Link,
        progress: Progress,
        writer: "CaptureWriter",
        recorder: "AttemptWriter",
        *,
        soon: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._link = link
        self._progress = progress
        self._writer = writer
        self._soon = soon
        self._for_peer = False
        recorder.on_drained = self._drained_there

    def look(self, *, answering: bool) -> None:
        """Hold where there is a reason to. ``answering``: we answer, and no scenario that would wait."""
        if self._writer.full:
            self._hold()
        if answering and self._link.waiting_bytes > MOST_WAITING and not self._for_peer:
            self._for_peer = True
            self._hold()
            self._engine.spawn(self._until_taken(), "waiting for a client to read")

    def _hold(self) -> None:
        if not self._progress.held:
            self._progress.held = True
            self._link.hold()
            self._progress.publish()

    def _drained_there(self) -> None:
        """Called on the writer's thread."""
        self._engine.call(self._let_on)

    def _let_on(self) -> None:
        if self._progress.held and not self._writer.full and not self._for_peer:
            self._progress.held = False
            self._link.release()
            self._soon()

    async def _until_taken(self) -> None:
        await self._link.taken()
        self._for_peer = False
        self._let_on()
