"""What a connection of either role tells of itself: frames to the capture, snapshots to whoever looks."""

from typing import TYPE_CHECKING

from wsinspector.conversation.exchange import Exchange
from wsinspector.conversation.progress import Progress
from wsinspector.conversation.timers import Timers

if TYPE_CHECKING:
    from wsinspector.capture import AttemptWriter, CaptureWriter

PUBLISH_EVERY = 1 / 30
"""Seconds."""


class Telling:
    """On the engine's thread. Goes on publishing until what was written is committed."""

    def __init__(
        self,
        exchange: Exchange,
        progress: Progress,
        writer: "CaptureWriter",
        recorder: "AttemptWriter",
        timers: Timers,
    ) -> None:
        self._exchange = exchange
        self._progress = progress
        self._writer = writer
        self._recorder = recorder
        self._timers = timers

    def hand_over_frames(self) -> None:
        """Give the frames that were completed to the capture."""
        columns = self._exchange.take()
        if len(columns):
            self._progress.frames_came(columns)
            self._recorder.frames(columns)

    def publish_soon(self) -> None:
        """Publish with the next tick."""
        if "publish" not in self._timers:
            self._timers.set("publish", PUBLISH_EVERY, self._publish)

    def save(self) -> None:
        """Keep what the bytes alone do not tell."""
        self._recorder.update(self._progress.facts())

    def _publish(self) -> None:
        # Asked before: what is committed while a snapshot is made is not in it, and nobody would tell of it.
        waits = not self._progress.all_committed and bool(self._writer.backlog)
        self._progress.publish()
        if waits:
            self.publish_soon()
