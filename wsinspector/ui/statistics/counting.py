"""Has the statistics of what is shown counted on the pane's thread, a slice at a time, while it is seen."""

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.frame_index import FrameSource
from wsinspector.present.jumping import frame_at
from wsinspector.present.statistics import Figures, StatisticsRun
from wsinspector.present.statistics_compression import Compression, CompressionRun
from wsinspector.translate import translate
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.log_model import LogModel

SHOWN_MS = 500
"""Figures change no more often than this."""

EVERYTHING = 1 << 62
SLICE_NS = 50_000_000


class Counting(QObject):
    """Figures of one model's frames, of a ``span`` of time or of what its filter lets through.

    ``changed`` tells that there is something new to show; never while :attr:`seen` is False.
    """

    changed = Signal()

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.figures: Figures | None = None
        self.compression: Compression | None = None
        self.seen = False
        self.halted = False  # by the user
        self.trouble = ""
        self.span: tuple[int, int] | None = None  # ns, from and to
        self.filtered = False
        self._background = background
        self._model: LogModel | None = None
        self._matches: bytearray | None = None
        self._run: StatisticsRun | None = None
        self._inflating: CompressionRun | None = None
        self._working = False
        self._turn = 0  # goes up where what is counted changes
        self._shown_at = 0.0
        self._fresh = False
        self._could_filter = False
        self._timer = QTimer(self)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.look)

    # -- what is counted

    def set_model(self, model: LogModel | None) -> None:
        """Another attempt, or another reading of one."""
        if model is self._model:
            return
        self._model = model
        self.span = None
        self._inflating = None
        self.compression = None
        self.begin()

    def begin(self) -> None:
        """Count from the first frame again: what is counted has changed."""
        if self._run is not None:
            self._run.cancel()
        self._run = None
        self._turn += 1
        self._working = False
        self.halted = False
        self.figures = None
        self.trouble = ""
        self._shown_at = 0.0
        if self.seen:
            self.changed.emit()
            self.look()

    def set_span(self, span: tuple[int, int] | None) -> None:
        self.span = span
        self.begin()

    def set_filtered(self, on: bool) -> None:
        self.filtered = on
        self.begin()

    def set_seen(self, seen: bool) -> None:
        """While nothing is seen nothing is counted."""
        self.seen = seen
        if seen:
            self._timer.start()
            self.look()
        else:
            self._timer.stop()

    def halt(self, on: bool) -> None:
        """Stop counting, or go on."""
        self.halted = on
        self.changed.emit()
        self.look()

    def inflate_all(self) -> None:
        """Look at every compressed frame there is."""
        if self._inflating is not None:
            self._inflating.budget = EVERYTHING
            self.look()

    # -- how far it is

    @property
    def model(self) -> LogModel | None:
        """Whose frames are counted."""
        return self._model

    @property
    def snapshot(self) -> AttemptSnapshot | None:
        return self._model.snapshot if self._model is not None else None

    @property
    def can_filter(self) -> bool:
        """Whether a filter is set."""
        return self._model is not None and self._model.rows.matches is not None

    @property
    def frames(self) -> int:
        """Frames of the attempt that can be read."""
        snapshot = self.snapshot
        return snapshot.frames if snapshot is not None else 0

    @property
    def share(self) -> float:
        """How much is counted of what there is now, from 0 to 1."""
        run = self._run
        if run is None:
            return 0.0 if self.frames else 1.0
        wanted = run.upto(self.frames) - run.first + 1
        return (run.done - run.first + 1) / wanted if wanted > 0 else 1.0

    @property
    def inflating_stopped(self) -> bool:
        """Whether compressed frames are left that are only inflated when asked."""
        return self._inflating is not None and self._inflating.stopped

    @property
    def at_work(self) -> bool:
        """Whether a slice is being counted on the pane's thread."""
        return self._working

    @property
    def whole(self) -> bool:
        """Whether it is all frames that are counted."""
        return self.span is None and self._matches is None

    # -- counting

    def look(self) -> None:
        """Go on where there is something to count; show what was counted since."""
        model = self._model
        if not self.seen or model is None or self._background.stopping:
            return
        matches = model.rows.matches if self.filtered else None
        if matches is not self._matches:
            self._matches = matches
            self.begin()
            return
        if self._fresh or self.can_filter != self._could_filter:
            self._show()
        if self._working or self.halted or self.snapshot is None:
            return
        if self._run is None:
            self._start(model)
        elif self._run.done < self._run.upto(self.frames):
            self._ask(self._counted, _counting(self._run, self.frames, wanted=self._late()))
        elif self.figures is not None and any(self.figures.compressed) and self.whole:
            self._inflate(model)

    def _start(self, model: LogModel) -> None:
        snapshot = self.snapshot
        assert snapshot is not None
        opened = snapshot.opened_at if snapshot.opened_at is not None else snapshot.mono_ns
        matches, span, frames = self._matches, self.span, self.frames
        reading = model.reading
        if span is None:
            self._run = StatisticsRun(reading, opened, matches=matches, held=self._held)
            self.look()
            return

        def find() -> StatisticsRun:
            first, last = _between(reading.source, frames, *span)
            return StatisticsRun(reading, span[0], first=first, last=last, matches=matches, held=self._held)

        self._ask(self._found, find)

    def _held(self, offset: int) -> int:
        """ns for which our frame at ``offset`` was held for a step."""
        snapshot = self.snapshot
        return 0 if snapshot is None else snapshot.held_steps.of(offset)

    def _ask(self, done: Callable[[Any], bool], work: Callable[[], Any]) -> None:
        """``done`` says of a result whether to go on at once; else the next turn of the clock does."""
        self._working = True
        asked = self._turn

        def came(result: Any) -> None:
            if asked != self._turn:
                return  # of what was shown before
            self._working = False
            if isinstance(result, Exception):
                self.trouble = translate("Statistics", "Not counted: {why}").format(why=result)
                self.halted = True
                self.changed.emit()
            elif done(result):
                self.look()

        self._background.ask("statistics", work, came)

    def _found(self, run: StatisticsRun) -> bool:
        self._run = run
        return True

    def _counted(self, result: "tuple[bool, Figures | None]") -> bool:
        more, figures = result
        if figures is not None:
            self.figures = figures
            self._fresh = True
            self._show()
        return more

    def _inflate(self, model: LogModel) -> None:
        if self._inflating is None:
            self._inflating = CompressionRun(model.reading)
        run = self._inflating
        if run.stopped or run.done >= self.frames:
            return
        frames = self.frames

        def work() -> tuple[bool, Compression]:
            return run.work(frames), run.compression()

        self._ask(self._inflated, work)

    def _inflated(self, result: tuple[bool, Compression]) -> bool:
        more, self.compression = result
        self._fresh = True
        self._show()
        return more

    def _late(self) -> bool:
        return time.monotonic() - self._shown_at >= SHOWN_MS / 1000

    def _show(self) -> None:
        if self._late():
            self._fresh = False
            self._could_filter = self.can_filter
            self._shown_at = time.monotonic()
            self.changed.emit()


def _counting(run: StatisticsRun, frames: int, *, wanted: bool) -> Callable[[], Any]:
    """Count for some milliseconds; (whether some are left, figures where they would be shown)."""

    def work() -> tuple[bool, Figures | None]:
        more = run.work(frames, SLICE_NS)
        return more, run.figures() if wanted or not more else None

    return work


def _between(source: FrameSource, frames: int, start: int, stop: int) -> tuple[int, int]:
    """The first and the last frame from ``start`` (ns) to before ``stop``."""
    first, last = frame_at(source, frames, start), frame_at(source, frames, stop)
    columns = source.columns(last, 1) if last else None
    if columns is not None and len(columns) and columns.time[0] >= stop:
        last -= 1
    return max(first, 1), last
