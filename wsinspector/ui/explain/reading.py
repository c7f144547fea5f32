"""Where the bytes that are explained are read: as the log reads them, else straight from the capture."""

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.source import AttemptSource
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.tab import TabState


class Readings:
    """Of one tab. A reading stays the same as long as it is of the same attempt."""

    def __init__(self, tab: TabState, frames: FramePane) -> None:
        self._tab = tab
        self._frames = frames
        self._own: tuple[int, FrameReading] | None = None

    def of(self, snapshot: AttemptSnapshot) -> FrameReading | None:
        """How the attempt of ``snapshot``, the picked one, is read; None where nothing is kept yet."""
        log = self._frames.model
        if log is not None and snapshot.opened_at is not None:
            return log.reading
        if self._own is None or self._own[0] != snapshot.attempt_id:
            reader = self._tab.conversation.reader()
            if reader is None:
                return None
            source = AttemptSource(reader, snapshot.attempt_id)
            self._own = snapshot.attempt_id, FrameReading(source, snapshot.agreed, snapshot.role)
        return self._own[1]

    def inflation(self) -> Inflation | None:
        """What the log has inflated; None where there is no log."""
        log = self._frames.model
        return log.inflation if log is not None else None

    def index(self, reading: FrameReading | None) -> FrameIndex | None:
        """Which frames make a message, as the log knows it; None where ``reading`` is not the log's."""
        log = self._frames.model
        return log.rows.index if log is not None and log.reading is reading else None
