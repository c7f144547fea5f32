"""The Provoke page: servers one may test, a catalogue with ticks, Run; then what each server did."""

import itertools
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wsinspector.conversation.provoking_results import ProvokePlan, ProvokeResults
from wsinspector.present.plain import visible
from wsinspector.present.provoked_texts import SIGN, summary
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind_inside, tell
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.rule import Rule
from wsinspector.ui.provoke.asked import Asked
from wsinspector.ui.provoke.choosing import ProvokeSearch, TickButton
from wsinspector.ui.provoke.kept import earlier_runs
from wsinspector.ui.provoke.model import FIXED, ProvokeModel
from wsinspector.ui.provoke.own_lines import OwnLines
from wsinspector.ui.provoke.reports import Make, ProvokeReport
from wsinspector.ui.provoke.run import ProvokeRun
from wsinspector.ui.provoke.servers_before import FILE, BeforeButton, ServersBefore
from wsinspector.ui.provoke.table import ProvokeTable
from wsinspector.ui.provoke.told import ToldRow
from wsinspector.ui.sweep.asking_rows import ConfirmRow, ProgressRow
from wsinspector.ui.sweep.choices import HowRow
from wsinspector.ui.sweep.servers_field import ServersField
from wsinspector.ui.workspace import Workspace

TRIAL = "lab/echo"


class ProvokePage(QWidget):
    """``row_ready(path, conversation_id)``: a conversation to be shown; ``status_changed``: see
    :meth:`status`; ``said``: a word for the status bar."""

    row_ready = Signal(object, int)
    status_changed = Signal()
    said = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._plan: ProvokePlan | None = None
        self.run = ProvokeRun(workspace, self)
        self.model = ProvokeModel(self)
        self.servers = ServersField()
        self.servers.field.setPlaceholderText(
            translate("Provoke", "Servers: ws://127.0.0.1:9001/, wss://test.example/, lab/echo")
        )
        self.before = BeforeButton(ServersBefore(workspace.folder / FILE), self.servers)
        self.report = ProvokeReport()
        self.go = QPushButton()
        self.go.setProperty("kind", "primary")
        self.search = ProvokeSearch()
        self.tick = TickButton(self.model)
        self.count = RoleLabel("", "muted")
        self.how = HowRow()
        self.with_lines = OwnLines()
        self.asked = Asked(workspace, self.servers, self.model, self.how, self.with_lines)
        self.open_menu = earlier_runs(workspace)
        self.sign = RoleLabel(f"! {SIGN}", "note", bold=True)
        self.trouble = RoleLabel("", "fault", wraps=True)
        self.trouble.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, theme.SPACE)
        self.trouble.hide()
        self.confirm = ConfirmRow()
        self.progress = ProgressRow()
        self.table = ProvokeTable(self.model)
        self.told = ToldRow(self.model)
        self.trial = QPushButton(translate("Provoke", "Try it on the lab"))
        self.trial.setAccessibleName(self.trial.text())
        tell(
            self.trial,
            translate("Provoke", "Fill in the echo of the built-in lab, offline; nothing is sent yet"),
        )
        self._place()
        self._wire()
        self._count()
        self._show_detail()
        self._show_state()

    # -- building

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = _row(self.servers, self.before, self.report, self.go, stretch=0)
        bar.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.SPACE)
        column.addLayout(bar)
        self.how.add(self.with_lines)
        self.how.stops.append(self.with_lines)
        self.how.add(self.open_menu)
        self.how.add(self.sign)
        column.addWidget(self.how)
        for widget in (self.trouble, self.confirm, self.progress):
            column.addWidget(widget)
        column.addSpacing(theme.SPACE)
        column.addWidget(Rule())
        tools = _row(self.search, self.tick, self.count, self.trial, stretch=2)
        tools.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, theme.SPACE)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        column.addWidget(Rule())
        column.addWidget(self.told)
        stops = (
            *(self.servers.field, self.servers.lab, self.before, self.report, self.go),
            *(*self.how.stops, self.open_menu),
            *(self.confirm.yes, self.confirm.no, self.search, self.tick, self.trial, self.table),
        )
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _wire(self) -> None:
        self.go.clicked.connect(self.go_or_stop)
        self.servers.run_asked.connect(self.start)
        self.before.troubled.connect(self.said)
        self.servers.changed.connect(self._edited)
        self.how.changed.connect(self._edited)
        self.with_lines.toggled.connect(lambda *_: self._edited())
        self.model.ticked.connect(self._count)
        self.model.ticked.connect(self._edited)
        self.search.searched.connect(self._search)
        self.table.row_opened.connect(self.open_row)
        self.table.looked_at.connect(self._show_detail)
        self.confirm.agreed.connect(self._agree)
        self.confirm.declined.connect(self._decline)
        self.trial.clicked.connect(self.try_lab)
        self.open_menu.taken.connect(self.open_file)
        self.report.asked.connect(self.write_report)
        self.run.shown.connect(self._show)
        self.run.ended.connect(self._ended)
        self.run.failed.connect(lambda text: self.tell(f"✕ {text}"))
        self.run.said.connect(self.said)
        bind_inside("provoke.stop", self, self.give_up)
        bind_inside("provoke.find", self, self._to_search)

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def focus_first(self) -> None:
        """Put the focus where work begins."""
        (self.table if self.results is not None else self.servers.field).setFocus()

    # -- what is asked for

    def try_lab(self) -> None:
        """Fill in the lab, which listens from now on; nothing is sent."""
        self._workspace.start_lab()
        self.servers.set_text(TRIAL)
        self.go.setFocus()
        self.said.emit(translate("Provoke", "The lab's echo is filled in. Run provokes it."))

    def _count(self) -> None:
        chosen = len(self.model.chosen())
        text = translate("Provoke", "{0} chosen").format(chosen)
        shown = len(self.model.rows)
        if self.search.text():
            text += translate("Provoke", ", {0} in sight").format(shown)
        self.count.set_text(text)

    def _search(self, text: str) -> None:
        self.model.find(text)
        self._count()
        self._show_detail()

    def _edited(self) -> None:
        self._decline()
        self.tell("")

    def tell(self, text: str) -> None:
        """Say what is wrong, below what it is said of; empty takes it away."""
        self.trouble.set_text(text)
        self.trouble.setVisible(bool(text))

    # -- running

    @property
    def results(self) -> ProvokeResults | None:
        """What is shown beside the catalogue."""
        return self.run.results

    @property
    def busy(self) -> bool:
        """Whether provocations run, or their capture is being given back."""
        return self.run.busy

    def go_or_stop(self) -> None:
        """What the button does."""
        if self.busy:
            self.stop_asking()
        else:
            self.start()

    def stop_asking(self) -> None:
        """Provoke no more; what was seen stays."""
        self.run.cancel()

    def give_up(self) -> None:
        """What Escape does, wherever in the page the focus is: no question, no run, no search."""
        if not self.confirm.isHidden():
            self._decline()
        elif self.busy:
            self.stop_asking()
        elif self.search.text():
            self.search.clear()

    def start(self) -> None:
        """Provoke, after a question for each host that is not this computer."""
        if self.busy:
            return
        plan = self.asked.ready(self.table, self._refuse)
        if plan is None:
            return
        self.tell("")
        questions = self.asked.questions(plan)
        if questions:
            self._plan = plan
            self._show_state()  # the question has the one button that goes on
            self.confirm.ask_lines(questions)
        else:
            self._begin(plan)

    def _refuse(self, text: str, place: QWidget) -> None:
        self.tell(text)
        place.setFocus()

    def _agree(self) -> None:
        plan, self._plan = self._plan, None
        self.confirm.hide()
        if plan is not None:
            self.asked.agree(plan)
            self._begin(plan)

    def _decline(self) -> None:
        self._plan = None
        if not self.confirm.isHidden():
            self.confirm.hide()
            self.go.setFocus()
            self._show_state()

    def _begin(self, plan: ProvokePlan) -> None:
        trouble = self.run.start(plan)
        if trouble:
            self.tell(f"✕ {trouble}")
        else:
            self.before.remember()
        self.go.setFocus()
        self._show_state()

    def _show(self, results: ProvokeResults | None) -> None:
        self.model.show(results)
        if results is not None:
            under_way = sum(len(server.running) for server in results.servers)
            done, total, seconds = results.done, results.total, results.seconds
            self.progress.show_counts(done, total, results.at_once, under_way, seconds)
            self.progress.setVisible(results.running)
        self._show_detail()
        self.status_changed.emit()

    def _ended(self) -> None:
        results = self.run.results
        if results is None:
            return
        ends = [f"{each.name}: {each.trouble}" for each in results.servers if each.trouble]
        deaf = translate("Provoke", "{0}: it answers no Ping, so whether it goes on cannot be told.")
        ends += [deaf.format(each.name) for each in results.servers if each.reached and not each.pongs]
        ends += [results.trouble] if results.trouble else []
        self.tell(" ".join(f"✕ {visible(each)}" for each in ends))
        self._pick_first_fault()
        self._show_state()
        self._show_detail()
        self.status_changed.emit()

    def _pick_first_fault(self) -> None:
        """Bring what stands against a server into sight, unless a person has picked a cell."""
        model = self.model
        if self.table.currentIndex().isValid():
            return
        cells = (
            model.index(row, column)
            for row in range(model.rowCount())
            for column in range(FIXED, model.columnCount())
        )
        first = next((cell for cell in cells if model.role(cell) == "fault"), model.index(0, FIXED))
        self.table.setCurrentIndex(first)

    def stop(self) -> None:
        """Give up what runs; before the window goes."""
        self.run.stop()

    # -- what is seen

    def _show_detail(self) -> None:
        self.told.show_row(self.table.currentIndex())

    def _show_state(self) -> None:
        done, busy = self.results is not None, self.busy
        text, tip = (
            translate("Provoke", "Run"),
            translate("Provoke", "Provoke the servers ([key:request.connect])"),
        )
        if busy:
            text, tip = translate("Provoke", "Stop"), translate("Provoke", "Provoke no more (Escape)")
        elif done:
            text = translate("Provoke", "Run again")
        kind = "primary" if self._plan is None else ""
        if self.go.property("kind") != kind:
            self.go.setProperty("kind", kind)
            self.go.style().unpolish(self.go)
            self.go.style().polish(self.go)
        self.go.setText(text)
        tell(self.go, tip)
        self.go.setAccessibleName(f"{text}. {tip}")
        self.report.setEnabled(done and not busy)
        self.open_menu.setEnabled(not busy)
        self.report.stem = self.run.path.stem if self.run.path is not None else "provocations"
        self.trial.setVisible(not done and not busy)
        if not busy:
            self.progress.hide()

    def status(self) -> tuple[str, str]:
        """What the status bar says of it: how much in which time, and where it is kept."""
        if self.results is None:
            return translate("Provoke", "nothing provoked yet"), ""
        name = self.run.path.name if self.run.path is not None else ""
        kept = (
            translate("Provoke", "saved as it happens: {0}")
            if self.busy
            else translate("Provoke", "saved: {0}")
        )
        return summary(self.results), kept.format(name) if name else ""

    def even_out(self) -> None:
        """Nothing here was moved by hand."""

    def open_row(self, server: int, place: int) -> None:
        """Show what happened as a conversation of its own."""
        found = self.results.place(server, place) if self.results is not None else None
        if found is None:
            self.said.emit(translate("Provoke", "Nothing was sent there, so there is nothing to open."))
        else:
            self.row_ready.emit(Path(found.path), found.conversation_id)

    def open_file(self, path: Path) -> None:
        """Show a run that was kept, and fill in what was asked then."""
        if self.busy:
            text = translate("Provoke", "A run goes on. Stop it (Escape), then open {0}.")
            self.tell(text.format(visible(path.name)))
            return
        self._decline()
        self.tell("")
        self.run.open(path, self.asked.fill_in)

    def write_report(self, make: Make, target: Path) -> None:
        """Write what ``make`` says of the results to ``target``."""
        self.tell("")
        self.run.report(make, target)


def _row(*widgets: QWidget, stretch: int) -> QHBoxLayout:
    made = QHBoxLayout()
    made.setSpacing(theme.GAP)
    for at, widget in enumerate(widgets):
        made.addWidget(widget, 1 if at == stretch else 0)
    return made
