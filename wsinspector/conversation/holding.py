"""When a connection is not read: the capture is behind, or the peer does not read our answers."""

from typing import TYPE_CHECKING

from wsinspector.conversation.progress import Progress
from wsinspector.live.transport import Link

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter, CaptureWriter
    from wsinspector.conversation.engine import Engine

MOST_WAITING = 4 << 20
"""Unsent bytes beyond which nothing is read: a peer that is answered must read the answers."""


class Holding:
    """Pauses and resumes a link, so that neither the capture nor memory is overrun."""

    def __init__(
        self,
        engine: "Engine",
        link: Link,
        progress: Progress,
        writer: "CaptureWriter",
        recorder: "AttemptWriter",
    ) -> None:
        self._engine = engine
        self._link = link
        self._progress = progress
        self._writer = writer
        self._recorder = recorder
        self._for_writer = False
        self._for_peer = False
        recorder.on_drained = self._drained_there

    def look(self) -> None:
        """Hold where there is a reason to; after every read."""
        if self._writer.full:
            self._for_writer = True
            self._hold()
        elif self._link.waiting_bytes > MOST_WAITING and not self._for_peer:
            self._for_peer = True
            self._hold()
            self._engine.spawn(self._until_drained(), "waiting for the peer to read")

    def _hold(self) -> None:
        if not self._progress.held:
            self._progress.held = True
            self._recorder.event("held", self._link.now(), {"by": "peer" if self._for_peer else "capture"})
            self._link.pause()
            self._progress.publish()

    def _resume(self) -> None:
        if not self._for_writer and not self._for_peer and self._progress.held:
            self._progress.held = False
            if self._progress.end is None:
                self._recorder.event("resumed", self._link.now(), {})
                self._link.resume()
            self._progress.publish()

    def _drained_there(self) -> None:
        """Called on the writer's thread."""
        self._engine.call(self._writer_drained)

    def _writer_drained(self) -> None:
        self._for_writer = False
        self._resume()

    async def _until_drained(self) -> None:
        await self._link.drained()
        self._for_peer = False
        self._resume()
