"""The Sweep page: servers, what to send, Run; then what stands out, and a table in which every cell opens."""

import itertools
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from wsinspector.conversation.sweep_own_sets import OwnSets, usual_folder
from wsinspector.conversation.sweep_plan import SweepPlan
from wsinspector.conversation.sweep_results import SweepResults
from wsinspector.present.plain import visible
from wsinspector.present.sweep_table import ServerChanged, SweepTable
from wsinspector.share.sweep_html import summary
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind_inside, tell
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.rule import Rule
from wsinspector.ui.sweep.asked import Asked
from wsinspector.ui.sweep.asking_rows import ConfirmRow, ProgressRow
from wsinspector.ui.sweep.choices import OWN, HowRow, SetPicker
from wsinspector.ui.sweep.earlier import EarlierButton
from wsinspector.ui.sweep.empty import EmptySweep
from wsinspector.ui.sweep.expecting import ExpectButton, Expecting, heading_of, lines_of
from wsinspector.ui.sweep.own_set import OwnSetEditor
from wsinspector.ui.sweep.reports import ReportButton, ReportKind, expectations_kind
from wsinspector.ui.sweep.results_pane import ResultsPane, told_changes
from wsinspector.ui.sweep.run import SweepRun
from wsinspector.ui.sweep.servers import (
    LAB,
    TRIAL,
    ServersRead,
    hosts_elsewhere,
)
from wsinspector.ui.sweep.servers_field import ServersField
from wsinspector.ui.widgets.check import Check
from wsinspector.ui.workspace import Workspace

WIDE = 1240  # px at zoom 1 from which servers and sets stand in one row


class SweepPage(QWidget):
    """``cell_ready(path, fresh)``: a conversation to be shown; ``status_changed``: see :meth:`status`."""

    cell_ready = Signal(object, bool)
    status_changed = Signal()
    said = Signal(str)

    def __init__(
        self, workspace: Workspace, sets: OwnSets | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._agreed: dict[str, int] = {}
        self._plan: SweepPlan | None = None
        self._wide: bool | None = None
        self.run = SweepRun(workspace, self)
        self.servers = ServersField()
        self.sets = SetPicker()
        self.report = ReportButton()
        self.go = QPushButton()
        self.how = HowRow()
        self.folds = Check(translate("SweepPage", "Fold equal rows"))
        self.open_menu = EarlierButton(
            workspace,
            translate("SweepPage", "Open earlier ▾"),
            translate("SweepPage", "Look at a sweep that was kept"),
        )
        self.compare_menu = EarlierButton(
            workspace,
            translate("SweepPage", "Compare ▾"),
            translate("SweepPage", "Tell what is different from a sweep that was kept"),
        )
        self.expecting = Expecting(self.run.work, self)
        self.expect = ExpectButton(self.expecting)
        self.own = OwnSetEditor(sets or OwnSets(usual_folder()))
        self.asked = Asked(workspace, self.servers, self.sets, self.how, self.own, self.expecting)
        self.trouble = RoleLabel("", "fault", wraps=True)
        self.confirm = ConfirmRow()
        self.progress = ProgressRow()
        self.empty = EmptySweep()
        self.results = ResultsPane(workspace.settings)
        self._fill()
        self._place()
        self._wire()
        self.asked.recall()
        self._look_at_choice()
        self._show_state()

    # -- building

    def _fill(self) -> None:
        self.go.setProperty("kind", "primary")
        self.folds.setChecked(True)
        tell(
            self.folds,
            translate("SweepPage", "Neighbours that mean the like and are answered alike stand in one row"),
        )
        self.trouble.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, theme.SPACE)
        self.trouble.hide()

    def _place(self) -> None:
        self._bar = QGridLayout()
        self._bar.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.SPACE)
        self._bar.setHorizontalSpacing(theme.GAP)
        self._bar.setVerticalSpacing(theme.GAP)
        self._bar.setColumnStretch(0, 1)
        self._bar.addWidget(self.servers, 0, 0)
        self._bar.addWidget(self.report, 0, 2)
        self._bar.addWidget(self.go, 0, 3)
        small: tuple[QWidget, ...] = (self.folds, self.open_menu, self.compare_menu, self.expect)
        for widget in small:
            self.how.add(widget)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.results)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._bar)
        for widget in (self.how, self.own, self.trouble, self.confirm, self.progress):
            column.addWidget(widget)
        column.addSpacing(theme.SPACE)
        column.addWidget(Rule())
        column.addWidget(self.stack, 1)
        self._lay_out()
        stops = (
            *(self.servers.field, self.servers.lab, *self.sets.segments, self.report, self.go),
            *(*self.how.stops, self.folds, self.open_menu, self.compare_menu, self.expect, *self.own.stops),
            *(self.confirm.yes, self.confirm.no, self.empty.trial, self.empty.earlier, *self.results.stops()),
        )
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _wire(self) -> None:
        run = self.run
        run.shown.connect(self._show)
        run.ended.connect(self._ended)
        run.ticked.connect(self._ticked)
        run.failed.connect(self.tell)
        run.said.connect(self.said)
        run.differs.connect(self._show_changes)
        run.cell_ready.connect(self.cell_ready)
        self.go.clicked.connect(self.go_or_stop)
        self.servers.run_asked.connect(self.start)
        self.servers.changed.connect(self._edited)
        self.how.changed.connect(self._edited)
        self.sets.picked.connect(lambda _: self._look_at_choice())
        self.own.changed.connect(self._edited)
        self.own.said.connect(self.said)
        self.folds.toggled.connect(self.results.model.fold)
        self.folds.toggled.connect(lambda _: self.status_changed.emit())
        self.confirm.agreed.connect(self._agree)
        self.confirm.declined.connect(self._decline)
        self.empty.trial_asked.connect(self.try_lab)
        self.empty.open_asked.connect(lambda: self.open_menu.showMenu())
        self.results.cell_opened.connect(run.open_cell)
        self.results.compare_ended.connect(run.compare_no_more)
        self.open_menu.taken.connect(self.open_file)
        self.compare_menu.taken.connect(run.compare)
        self.report.asked.connect(self.write_report)
        self.expect.asked.connect(self.expecting.open)
        self.expect.save_asked.connect(partial(self.write_report, expectations_kind()))
        self.results.expect_ended.connect(self.expecting.close)
        self.expecting.failed.connect(self.tell)
        self.expecting.changed.connect(self._expect_others)
        self.expecting.held.connect(self._show_expected)
        bind_inside("sweep.stop", self, self.give_up)
        theme.watcher().changed.connect(self._lay_out)

    # -- room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        wide = self.width() / max(theme.zoom(), 0.1) >= WIDE
        if wide != self._wide:
            self._wide = wide
            self._bar.removeWidget(self.sets)
            if wide:
                self._bar.addWidget(self.sets, 0, 1)
            else:
                self._bar.addWidget(self.sets, 1, 0, 1, 4)

    def focus_first(self) -> None:
        """Put the focus where work begins."""
        (self.results.table if self.run.results is not None else self.servers.field).setFocus()

    # -- what is to be asked

    def try_lab(self) -> None:
        """Fill in set-ups of the lab, which listens from now on; nothing is sent."""
        self._workspace.start_lab()
        self.servers.set_text(", ".join(f"{LAB}{name}" for name in TRIAL))
        self.sets.choose("common")
        self._look_at_choice()
        self.go.setFocus()
        self.said.emit(translate("SweepPage", "Three set-ups of the lab are filled in. Run asks them."))

    def prepare(self, url: str) -> None:
        """Fill in one server and every number of the registry; nothing is sent, and what runs goes on."""
        if self.busy:
            return
        self.servers.set_text(url)
        self.sets.choose("registry")
        self._look_at_choice()
        self.go.setFocus()
        self.said.emit(translate("SweepPage", "Filled in for this server. Run asks it."))

    def _edited(self) -> None:
        self._decline()
        self.tell("")
        self._show_state()

    def _look_at_choice(self) -> None:
        own = self.sets.current() == OWN
        self.own.setVisible(own)
        if own:
            self.own.refresh()
        self._edited()

    def tell(self, text: str, role: str = "fault") -> None:
        """Say what is wrong, below what it is said of; empty takes it away."""
        self.trouble.set_role(role)
        self.trouble.set_text(text)
        self.trouble.setVisible(bool(text))

    # -- asking

    @property
    def busy(self) -> bool:
        """Whether a sweep runs, is giving its capture back, or is read from a file."""
        return self.run.sweep is not None or self.run.reading is not None

    def go_or_stop(self) -> None:
        """What the button does."""
        if self.busy:
            self.stop_asking()
        else:
            self.start()

    def stop_asking(self) -> None:
        """Ask nothing more, or read no file any further; what has come stays."""
        self.run.cancel()
        self._show_state()

    def give_up(self) -> None:
        """What Escape does, wherever in the page the focus is: no question, no sweep, no opening."""
        if not self.confirm.isHidden():
            self._decline()
        elif self.busy:
            self.stop_asking()

    def start(self) -> None:
        """Ask, after a question where that leaves this computer; say in place what stands against it."""
        if self.busy:
            return
        read = self.asked.read()
        plan = self.asked.plan(read)
        if read.faults or not plan.servers or not plan.requests:
            self._refuse(read, plan)
            return
        self.tell("")
        hosts = hosts_elsewhere(plan.servers)
        asked = {host: len(plan.requests) * _servers_at(plan, host) for host in hosts}
        unknown = {host: number for host, number in asked.items() if number > self._agreed.get(host, 0)}
        if unknown:
            self._plan = plan
            self._show_state()  # the question has the one button that goes on
            self.confirm.ask(unknown)
        else:
            self._begin(plan)

    def _refuse(self, read: ServersRead, plan: SweepPlan) -> None:
        if read.faults:
            self.tell(" ".join(f"✕ {fault}" for fault in read.faults))
            self.servers.field.setFocus()
        elif not plan.servers:
            text = translate(
                "SweepPage", "✕ No server is named. Type an address, or add a set-up of the lab."
            )
            self.tell(text)
            self.servers.field.setFocus()
        else:
            self.tell(translate("SweepPage", "✕ The set is empty. Type a value, one a line."))
            self.own.edit.setFocus()

    def _agree(self) -> None:
        plan, self._plan = self._plan, None
        self.confirm.hide()
        if plan is None:
            return
        for host in hosts_elsewhere(plan.servers):
            self._agreed[host] = len(plan.requests) * _servers_at(plan, host)
        self._begin(plan)

    def _decline(self) -> None:
        self._plan = None
        if not self.confirm.isHidden():
            self.confirm.hide()
            self.go.setFocus()
            self._show_state()

    def _begin(self, plan: SweepPlan) -> None:
        self.results.model.clear()
        self.results.hide_changes()
        self.expecting.show(None)
        self.asked.remember()
        trouble = self.run.start(plan)
        if trouble:
            self.tell(f"✕ {trouble}")
        self.go.setFocus()
        self._show_state()

    # -- what comes

    def _show(self, results: SweepResults, table: SweepTable) -> None:
        self.results.show_table(results, table)
        self.stack.setCurrentWidget(self.results)
        self._show_progress(results)
        self.status_changed.emit()

    def _ticked(self) -> None:
        self.results.model.look()
        reading = self.run.reading
        if self.run.sweep is not None:
            self._show_progress(self.run.sweep.results)
        elif reading is not None:
            self.progress.show_reading(reading.path.name, reading.done, reading.total)
            self.progress.show()

    def _show_progress(self, results: SweepResults) -> None:
        if self.progress.isHidden() is results.running:
            self.progress.setVisible(results.running)
        if results.running:
            self.progress.show_progress(results)

    def _ended(self) -> None:
        self._show_state()
        self.expecting.show(self.run.results)
        self.status_changed.emit()

    def _show_state(self) -> None:
        """What the button says, and what can be had now."""
        done, busy = self.run.results is not None, self.busy
        text, tip = (
            translate("SweepPage", "Run"),
            translate("SweepPage", "Ask the servers ([key:request.connect])"),
        )
        if busy:
            text, tip = translate("SweepPage", "Stop"), translate("SweepPage", "Ask nothing more (Escape)")
            if self.run.reading is not None:
                tip = translate("SweepPage", "Do not open it (Escape)")
        elif done:
            text = translate("SweepPage", "Run again")
        kind = "primary" if self._plan is None else ""
        if self.go.property("kind") != kind:
            self.go.setProperty("kind", kind)
            self.go.style().unpolish(self.go)
            self.go.style().polish(self.go)
        self.go.setText(text)
        tell(self.go, tip)
        self.go.setAccessibleName(f"{text}. {tip}")
        self.report.setEnabled(done and not busy)
        self.report.stem = self.run.path.stem if self.run.path is not None else "sweep"
        self.expect.stem = self.report.stem
        self.expect.can_save(done and not busy)
        self.open_menu.setEnabled(not busy)
        self.compare_menu.setEnabled(done and not busy)
        if not busy:
            self.progress.hide()

    def even_out(self) -> None:
        """Put the splitter back where it was at first."""
        self.results.even_out()

    def status(self) -> tuple[str, str]:
        """What the status bar says of it: how much in which time, and where it is kept."""
        results, path = self.run.results, self.run.path
        if results is None:
            return translate("SweepPage", "nothing asked yet"), ""
        text = summary(results)
        if self.folds.isChecked() and not results.running:
            text += translate("SweepPage", "     equal rows folded")
        name = path.name if path is not None else ""
        kept = (
            translate("SweepPage", "saved as it happens: {0}")
            if self.busy
            else translate("SweepPage", "saved: {0}")
        )
        return text, kept.format(name) if name else ""

    # -- earlier sweeps

    def open_file(self, path: Path) -> None:
        """Show a sweep that was kept, and fill in what was asked then."""
        if self.run.sweep is not None:
            text = translate("SweepPage", "A sweep runs. Stop it (Escape), then open {0}.")
            self.tell(text.format(visible(path.name)), "note")
            return
        self.tell("")
        self.run.open(path, self._fill_in)
        self._show_state()

    def _fill_in(self, results: SweepResults) -> None:
        self.asked.fill_in(results)
        self._look_at_choice()
        self.results.hide_changes()
        self.expecting.show(None)
        self.stack.setCurrentWidget(self.results)
        moved = self.asked.lab_moved(results)
        if moved:
            self.tell(moved, "note")

    def _show_changes(self, earlier: SweepResults, changes: tuple[ServerChanged, ...]) -> None:
        now = self.run.results
        if now is None:
            return
        self.results.show_changes(*told_changes(earlier, now, changes), changes)

    # -- expectations

    def _expect_others(self) -> None:
        name = self.expecting.name
        if name:
            self.tell("")
            told = translate("SweepPage", "Answers are held against {0}; Run asks all that it names.")
            self.said.emit(told.format(name))

    def _show_expected(self) -> None:
        checked, results = self.expecting.checked, self.run.results
        if checked is None or results is None:
            self.results.hide_expected()
        else:
            heading = heading_of(checked, self.expecting.name)
            self.results.show_expected(*heading, lines_of(results, checked))

    def write_report(self, kind: ReportKind, target: Path) -> None:
        """Write the report ``kind`` to ``target``."""
        self.tell("")
        earlier, checked = self.run.earlier, self.expecting.checked
        self.run.report(target, lambda results: kind.make(results, earlier, checked))

    def stop(self) -> None:
        """Give up what runs; before the window goes."""
        self.run.stop()


def _servers_at(plan: SweepPlan, host: str) -> int:
    return sum(visible(server.address.host) == host for server in plan.servers)
