"""One sweep as the page follows it: running, ended or read from a file."""

import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from wsinspector.capture import CaptureError
from wsinspector.conversation.excerpt import excerpt
from wsinspector.conversation.sweep import Sweep
from wsinspector.conversation.sweep_plan import SweepPlan
from wsinspector.conversation.sweep_reopen import reopened
from wsinspector.conversation.sweep_results import SweepResults
from wsinspector.present.sweep_table import ServerChanged, SweepTable, compared, table_of
from wsinspector.translate import translate
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.sweep.kept import cell_path, new_sweep
from wsinspector.ui.sweep.reading import ReadingStoppedError, SweepReading
from wsinspector.ui.workspace import Workspace

TICK_MS = 33
FLUSH_S = 5.0
TURN_S = 0.001
"""How long a thread may keep the interpreter while a sweep runs. With Python's 5 ms a window that is
painted next to engine, lab and judging waits so long at each call into Qt that it is seen to stall."""
REST = 4
"""Times as long as a table took to make and show, before the next one is begun while a sweep runs."""

Report = Callable[[SweepResults], str]


class SweepRun(QObject):
    """``shown(results, table)``: at most 30 times a second. ``ended``: the last of them was shown.

    ``ticked``: with each look while a sweep runs or is read. ``failed(text)``: what did not come to be.
    ``differs(earlier, changes)``: held against an earlier sweep. ``cell_ready(path, fresh)``: an answer is a
    conversation in that file, which was made just now where ``fresh``.
    """

    shown = Signal(object, object)
    ended = Signal()
    ticked = Signal()
    failed = Signal(str)
    said = Signal(str)
    differs = Signal(object, object)
    cell_ready = Signal(object, bool)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.work = self._work = Background("sweep table", self)
        """The thread for what must not run on the window's."""
        self.sweep: Sweep | None = None
        self.reading: SweepReading | None = None
        """The sweep that is being read from a file."""
        self.results: SweepResults | None = None
        self.table: SweepTable | None = None
        self.earlier: SweepResults | None = None
        self._path: Path | None = None
        self._serial = -1
        self._making = False
        self._not_before = 0.0
        self._usual_turn = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def running(self) -> bool:
        return self.sweep is not None and self.sweep.results.running

    @property
    def path(self) -> Path | None:
        """The capture of what is shown."""
        return self._path

    # -- beginning and ending

    def start(self, plan: SweepPlan) -> str:
        """Carry ``plan`` out, its answers kept in a new capture; why that cannot be, as a sentence."""
        self._let_go()
        try:
            sweep = new_sweep(self._workspace, plan)
        except (OSError, ValueError, sqlite3.Error, CaptureError) as error:
            return translate("SweepRun", "The sweep could not begin: {0}").format(error)
        self.sweep, self._path = sweep, sweep.path
        self._serial, self._not_before = -1, 0.0
        self._usual_turn = sys.getswitchinterval()
        sys.setswitchinterval(min(TURN_S, self._usual_turn))
        sweep.start()
        self._timer.start()
        self.look()
        return ""

    def cancel(self) -> None:
        """Ask nothing more, and read no file any further; what has come stays."""
        if self.sweep is not None:
            self.sweep.cancel()
        if self.reading is not None:
            self.reading.stop()

    def open(self, path: Path, opened: Callable[[SweepResults], object]) -> None:
        """Show the sweep kept in ``path`` in place of this one; ``opened`` is called before.

        What is shown stays until it is read, and for good where that fails or is given up.
        """
        reading = SweepReading(path)

        def done(found: object) -> None:
            if self.reading is not reading:
                return
            self.reading = None
            self._timer.stop()
            if not isinstance(found, tuple):
                if isinstance(found, ReadingStoppedError):
                    self.said.emit(translate("SweepRun", "{0} is not opened.").format(path.name))
                else:
                    self.failed.emit(_unopened(path, found))
                self.ended.emit()
                return
            self._let_go()
            self._path = path
            self._workspace.open_paths.add(path)
            results, table = found
            opened(results)
            self._take(results, table)
            self.ended.emit()

        if self.reading is not None:
            self.reading.stop()
        self.reading = reading
        self._timer.start()
        self._work.ask("open", reading, done)

    def compare(self, path: Path) -> None:
        """Hold what is shown against the sweep in ``path``; ``differs`` follows."""
        results = self.results
        if results is None:
            return

        def work() -> tuple[SweepResults, tuple[ServerChanged, ...]]:
            earlier = reopened(path)
            return earlier, compared(earlier, results)

        def done(found: object) -> None:
            if not isinstance(found, tuple):
                self.failed.emit(_unopened(path, found))
            elif self.results is results:
                self.earlier = found[0]
                self.differs.emit(*found)

        self._work.ask("compare", work, done)

    def compare_no_more(self) -> None:
        """Reports tell of no earlier sweep any more."""
        self.earlier = None

    def stop(self) -> None:
        """Give up whatever runs and let go of the file; the window closes."""
        self._timer.stop()
        self.cancel()
        self._work.stop()
        self._let_go()

    def _let_go(self) -> None:
        """Be done with what was shown; a sweep that runs ends here."""
        self._timer.stop()
        self._long_turns()
        self._making = False
        for waiting in ("table", "close"):
            self._work.forget(waiting)
        if self.sweep is not None:
            self.sweep.close()
            self.sweep = None
        if self._path is not None:
            self._workspace.open_paths.discard(self._path)
            self._path = None
        self.results = self.table = self.earlier = None

    # -- looking

    def look(self) -> None:
        """Have a table made of what was published since the last look."""
        self.ticked.emit()
        sweep = self.sweep
        if sweep is None:
            return
        results = sweep.results
        now = time.monotonic()
        if self._making or results.serial == self._serial or (results.running and now < self._not_before):
            return
        self._making, self._serial = True, results.serial

        def done(table: object) -> None:
            if self.sweep is not sweep:
                return
            self._making = False
            if isinstance(table, SweepTable):
                self._take(results, table)
                # The larger the table, the rarer: making it must not slow down what it tells of.
                done_at = time.monotonic()
                self._not_before = done_at + REST * (done_at - now)
                if not results.running:
                    self._end(sweep)
            else:
                self.failed.emit(translate("SweepRun", "The table could not be made: {0}").format(table))

        self._work.ask("table", lambda: table_of(results, fold=False, outs=not results.running), done)

    def _take(self, results: SweepResults, table: SweepTable) -> None:
        self.results, self.table = results, table
        self.shown.emit(results, table)

    def _long_turns(self) -> None:
        if self._usual_turn:
            sys.setswitchinterval(self._usual_turn)
            self._usual_turn = 0.0

    def _end(self, sweep: Sweep) -> None:
        """Give the capture back, away from the window's thread; then nothing runs any more."""
        self._timer.stop()
        self._long_turns()

        def done(_: object) -> None:
            if self.sweep is sweep:
                self.sweep = None
                if sweep.results.trouble:
                    self.failed.emit(sweep.results.trouble)
                self.ended.emit()

        self._work.ask("close", sweep.close, done)

    # -- what leaves it

    def open_cell(self, server: int, odd: int) -> None:
        """Make the answer a conversation of its own beside the sweep's capture, where it is none yet."""
        place = self.results.place(server, odd) if self.results is not None else None
        if place is None:
            self.said.emit(translate("SweepRun", "Nothing was sent there, so there is nothing to open."))
            return
        source = Path(place.path)
        target = cell_path(self._workspace, source, place.conversation_id, place.attempt)
        if target.exists():
            self.cell_ready.emit(target, False)
            return
        sweep = self.sweep

        def work() -> None:
            if sweep is not None:
                sweep.flush(FLUSH_S)
            excerpt(place, target)

        def done(trouble: object) -> None:
            if trouble is None:
                self.cell_ready.emit(target, True)
            else:
                told = translate("SweepRun", "The answer could not be opened: {0}")
                self.failed.emit(told.format(trouble))

        self._work.ask("cell", work, done)

    def report(self, target: Path, make: Report) -> None:
        """Write what ``make`` says of the results to ``target``."""
        results = self.results
        if results is None:
            return

        def done(trouble: object) -> None:
            if trouble is None:
                self.said.emit(translate("SweepRun", "The report is in {0}").format(target.name))
            else:
                told = translate("SweepRun", "{0} could not be written: {1}")
                self.failed.emit(told.format(target.name, trouble))

        def work() -> None:
            target.write_text(make(results), encoding="utf-8", newline="")

        self._work.ask("report", work, done)


def _unopened(path: Path, trouble: object) -> str:
    return translate("SweepRun", "{0} could not be opened: {1}").format(path.name, trouble)
