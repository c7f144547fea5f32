"""One run of provocations as the page follows it, carried out or read: its results and its capture."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from wsinspector.conversation.provoking import Provoking
from wsinspector.conversation.provoking_kept import reopened
from wsinspector.conversation.provoking_results import ProvokePlan, ProvokeResults
from wsinspector.translate import translate
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.provoke.kept import new_provoking
from wsinspector.ui.provoke.reports import Make
from wsinspector.ui.workspace import Workspace

TICK_MS = 33


class ProvokeRun(QObject):
    """``shown(results)``: at most 30 times a second, None where nothing is shown any more. ``ended``: the
    last of them was shown, and the capture given back. ``failed(text)``: what did not come to be."""

    shown = Signal(object)
    ended = Signal()
    failed = Signal(str)
    said = Signal(str)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._work = Background("provocations", self)
        self._serial = -1
        self.provoking: Provoking | None = None
        self.results: ProvokeResults | None = None
        self.path: Path | None = None
        """The capture of what is shown."""
        self._wanted: Path | None = None  # being read
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.look)

    @property
    def busy(self) -> bool:
        """Whether provocations run, or their capture is being given back."""
        return self.provoking is not None

    def start(self, plan: ProvokePlan) -> str:
        """Carry ``plan`` out in a new capture; why that cannot be, as a sentence."""
        self._let_go()
        try:
            provoking = new_provoking(self._workspace, plan)
        except (OSError, ValueError) as error:
            return translate("Provoke", "The run could not begin: {0}").format(error)
        self.provoking, self.path, self._serial = provoking, provoking.path, -1
        provoking.start()
        self._timer.start()
        self.look()
        return ""

    def open(self, path: Path, opened: Callable[[ProvokeResults], object]) -> None:
        """Show the run kept in ``path`` in place of this one; ``opened`` is called before.

        What is shown stays until it is read, and for good where that fails or another run begins.
        """

        def done(found: object) -> None:
            if self._wanted != path:
                return
            self._wanted = None
            if not isinstance(found, ProvokeResults):
                self.failed.emit(
                    translate("Provoke", "{0} could not be opened: {1}").format(path.name, found)
                )
                return
            self._let_go()
            self._workspace.hold(path)
            self.path, self.results = path, found
            opened(found)
            self.shown.emit(found)
            self.ended.emit()

        self._wanted = path
        self._work.ask("open", lambda: reopened(path), done)

    def cancel(self) -> None:
        """Provoke no more; what was seen stays."""
        if self.provoking is not None:
            self.provoking.cancel()

    def stop(self) -> None:
        """Give up what runs and let go of the file; the window closes."""
        self.cancel()
        self._work.stop()
        self._let_go()

    def look(self) -> None:
        """Show what was published since the last look."""
        provoking = self.provoking
        if provoking is None or provoking.results.serial == self._serial:
            return
        results = self.results = provoking.results
        self._serial = results.serial
        self.shown.emit(results)
        if not results.running:
            self._end(provoking)

    def _end(self, provoking: Provoking) -> None:
        """Give the capture back, away from the window's thread; then nothing runs any more."""
        self._timer.stop()

        def done(_: object) -> None:
            if self.provoking is provoking:
                self.provoking = None
                self.results = provoking.results
                self.ended.emit()

        self._work.ask("close", provoking.close, done)

    def _let_go(self) -> None:
        """Be done with what was shown; what runs ends here."""
        self._timer.stop()
        self._wanted = None
        if self.provoking is not None:
            self.provoking.close()
            self.provoking = None
        if self.path is not None:
            self._workspace.give_back(self.path)
            self.path = None
        self.results = None
        self.shown.emit(None)

    def report(self, make: Make, target: Path) -> None:
        """Write what ``make`` says of the results to ``target``."""
        results = self.results
        if results is None:
            return

        def done(trouble: object) -> None:
            if trouble is None:
                self.said.emit(translate("Provoke", "The report is in {0}").format(target.name))
            else:
                text = translate("Provoke", "{0} could not be written: {1}")
                self.failed.emit(text.format(target.name, trouble))

        def work() -> None:
            target.write_text(make(results), encoding="utf-8", newline="")

        self._work.ask("report", work, done)
