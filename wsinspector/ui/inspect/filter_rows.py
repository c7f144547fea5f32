"""Chooses the rows of the log by toggles and filter: decided in the background, laid out in slices."""

import sys
import time
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from wsinspector.filter import Condition
from wsinspector.filter.syntax import Has, leaves
from wsinspector.present.filtering import FilterRun
from wsinspector.present.rows import LogRows, Mode, Shown
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.log_model import A_TURN, LogModel
from wsinspector.ui.inspect.log_view import LogView
from wsinspector.ui.inspect.log_work import deciding

SLICE_NS = 8_000_000
"""How long one turn may lay out rows: the window is held up no longer."""

SLOW_NS = 300_000_000
"""From here on it is looking that a person may want to stop."""

TURN_S = 0.0005
PAINTED_MS = 20
SCROLL_NS = 100_000_000
PATIENCE_NS = 120_000_000
"""How long the rows of before stay while nothing has fitted yet."""


def asks_for_marks(condition: Condition | None) -> bool:
    """Whether what fits changes with the marks."""
    return any(isinstance(leaf, Has) and leaf.what == "mark" for leaf in leaves(condition))


class RowChoice(QObject):
    """Lays the rows of one model out anew, and goes on while frames arrive.

    The rows of before stay in sight until the first new ones are there. While :attr:`building`, the
    model must not be refreshed.
    """

    changed = Signal()  # how far it is, or what was found
    laid_out = Signal()  # the new rows are shown
    failed = Signal(str)

    def __init__(self, background: Background, view: LogView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._view = view
        self._model: LogModel | None = None
        self._run: FilterRun | None = None
        self._fresh: LogRows | None = None
        self._condition: Condition | None = None
        self._began = 0
        self._scrolled = 0
        self._usual_turn = sys.getswitchinterval()
        self._known = 0  # frames there were when the rows were last chosen
        self._asked = False
        self._serial = 0
        self._returned = False
        self._resuming = False
        self._what: tuple[object, ...] = ()
        self.building = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._next)

    # -- what the pane asks

    def choose(
        self,
        model: LogModel,
        mode: Mode,
        shown: Shown,
        condition: Condition | None,
        first: int,
        marks: Sequence[int],
    ) -> None:
        """Show the rows of ``mode`` whose kind is ``shown`` and whose frames fit ``condition``.

        Few rows are there at once; of many, and with a condition, they come by and by.
        """
        what = (model, mode, condition, tuple(marks) if asks_for_marks(condition) else ())
        self._began = time.perf_counter_ns()
        if self._run is not None and what == self._what:
            # Only toggles or the first frame changed: what was decided stays decided.
            matches = self._fresh.matches if self._fresh is not None else model.rows.matches
            self._fresh = model.rows.anew(mode, shown, matches, first)
            self._build()
            return
        self.forget()
        self._what = what
        self._model, self._condition = model, condition
        self._known = len(model.rows.index)
        self._returned = False
        matches = None if condition is None else bytearray()
        self._fresh = model.rows.anew(mode, shown, matches, first)
        if condition is not None:
            start = model.snapshot.mono_ns if model.snapshot is not None else 0
            self._run = FilterRun(
                condition,
                model.reading,
                model.rows.index,
                model.inflation,
                mode=mode,
                start_ns=start,
                marks=marks,
            )
            if self._known:
                self.go_on()
                return
        self._build()

    def forget(self) -> None:
        """Give up what is under way."""
        if self._run is not None:
            self._run.cancel()
        self._background.forget("filter")
        self._turn.stop()
        self._serial += 1
        self._asked = self._resuming = False
        sys.setswitchinterval(self._usual_turn)
        self._run = None
        self._fresh = None
        self._model = None
        self.building = False

    def go_on(self) -> None:
        """Decide about the frames that came since, where some did."""
        run, model = self._run, self._model
        if run is None or model is None or self._asked or run.cancelled:
            return
        if run.done < len(model.rows.index):
            self._asked = True
            # The window's thread waits no longer than this for the other one, each time it asks.
            sys.setswitchinterval(min(TURN_S, self._usual_turn))
            serial = self._serial
            self._background.ask("filter", deciding(run, model), lambda result: self._came(serial, result))

    def stop(self) -> None:
        """Look no further until :meth:`resume`; what was found stays."""
        if self._run is not None:
            self._run.cancel()
            self._resuming = False
            self._next()
            self.changed.emit()

    def resume(self) -> None:
        """Go on where :meth:`stop` left off."""
        if self._run is None:
            return
        if self._asked:
            self._resuming = True  # the piece that is being given up must end first
            return
        self._run.cancelled = False
        self.go_on()
        self.changed.emit()

    # -- how far it is

    @property
    def filtered(self) -> bool:
        """Whether a condition decides."""
        return self._run is not None

    @property
    def hits(self) -> int:
        """Frames that fit so far."""
        return self._run.hits if self._run is not None else 0

    @property
    def hits_shown(self) -> int:
        """Those of :attr:`hits` that are not hidden above the first row."""
        rows = self._fresh
        if rows is None and self._model is not None:
            rows = self._model.rows
        if rows is None or rows.matches is None or rows.first == 1:
            return self.hits
        return self.hits - rows.matches.count(1, 0, rows.first - 1)

    @property
    def undecided(self) -> int:
        """Frames of which it cannot be told."""
        return self._run.undecided if self._run is not None else 0

    @property
    def untold(self) -> int:
        """Those of :attr:`undecided` of which the imported file does not tell what was asked."""
        return self._run.untold if self._run is not None else 0

    @property
    def done(self) -> int:
        """Frames that were decided."""
        return self._run.done if self._run is not None else 0

    @property
    def stopped(self) -> bool:
        """Whether a person stopped it before its end."""
        return self._run is not None and self._run.cancelled and not self.whole

    @property
    def whole(self) -> bool:
        """Whether every frame is decided and every row that fits is shown."""
        model = self._model
        if model is None:
            return True
        return self._fresh is None and model.rows.collected >= len(model.rows.index)

    @property
    def slow(self) -> bool:
        """Whether it takes so long that a person would wait."""
        return time.perf_counter_ns() - self._began > SLOW_NS and self.done < self._known

    @property
    def waiting(self) -> bool:
        """Whether the rows in sight are still those of before."""
        return self._fresh is not None

    # -- results

    def _came(self, serial: int, result: Any) -> None:
        if serial != self._serial or self._model is None:
            return
        self._asked = False
        sys.setswitchinterval(self._usual_turn)
        if isinstance(result, Exception):
            self.stop()
            self.failed.emit(str(result))
            return
        matches = self._fresh.matches if self._fresh is not None else self._model.rows.matches
        assert matches is not None
        matches += result
        if self._resuming:
            self._resuming = False
            self.resume()
        first = self._fresh is not None
        self._next()
        if first and self._fresh is None:
            # The first rows are painted before the other thread has the interpreter to itself again.
            QTimer.singleShot(PAINTED_MS, self, self.go_on)
        else:
            self.go_on()

    def _next(self) -> None:
        if self._model is None:
            return
        if self._fresh is not None:
            self._build()
        else:
            self._settle(self._model)

    def _build(self) -> None:
        """Lay out for one turn, and show the new rows as soon as that tells something."""
        fresh, model, run = self._fresh, self._model, self._run
        if fresh is None or model is None:
            return
        self.building = True
        until = time.perf_counter_ns() + SLICE_NS
        ready = _lay_out(fresh, until)
        late = time.perf_counter_ns() - self._began > PATIENCE_NS
        # Where all is decided laying out is quick; else the first hits are shown at once.
        decided = run is None or run.done >= self._known
        enough = ready if decided else bool(fresh.keys) or late
        if not ready and not (run is not None and enough):
            self._turn.start()
            return
        if not enough and not self.stopped:
            # The next piece is being decided, and calls again.
            self.changed.emit()
            return
        self._fresh = None
        self.building = False
        model.take_rows(fresh, self._condition)
        self._view.arrived(0)
        self.laid_out.emit()
        self._after(model)

    def _settle(self, model: LogModel) -> None:
        until = time.perf_counter_ns() + SLICE_NS
        # What was there before one looked for it is found, not new.
        earlier = model.rows.collected < self._known
        rows = model.settle(lambda: time.perf_counter_ns() < until)
        now = time.perf_counter_ns()
        if not earlier:
            self._view.arrived(rows)
        elif now - self._scrolled > SCROLL_NS or (rows and model.rows.collected >= self._known):
            self._scrolled = now
            self._view.arrived(0)
        self._after(model)

    def _after(self, model: LogModel) -> None:
        rows = model.rows
        if rows.collected < rows.ready:
            self._turn.start()
        elif not self._returned and rows.collected >= self._known:
            self._returned = True
            self._view.restore_late()
        self.changed.emit()


def _lay_out(rows: LogRows, until: int) -> bool:
    """Prepare ``rows`` until the clock says ``until`` (ns); True where all that is ready is laid out."""
    while True:
        before = rows.collected
        for insertion in rows.prepare(A_TURN):
            rows.apply(insertion)
        if rows.collected == before:
            return True
        if time.perf_counter_ns() > until:
            return rows.collected >= rows.ready
