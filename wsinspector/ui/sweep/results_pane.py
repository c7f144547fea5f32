"""The answers of a sweep: what is different, what stands out, and below them the table."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from wsinspector.conversation.sweep_results import SweepPhase, SweepResults
from wsinspector.present.sweep_table import ServerChanged, SweepTable, any_compared, since
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.rule import Rule
from wsinspector.ui.settings import Settings
from wsinspector.ui.sweep.said_list import Said, SaidList, of_changes, of_findings
from wsinspector.ui.sweep.table_model import SweepModel
from wsinspector.ui.sweep.table_view import SweepTableView

SHARE = 0.42  # of the height, the most that sentences take by themselves
SPLITTER = "sweep"


class SaidBox(QWidget):
    """A heading, what is beside it, and sentences below."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = RoleLabel("", "text", bold=True)
        self.beside = RoleLabel("", "muted")
        self.list = SaidList(name)
        self.row = QHBoxLayout()
        self.row.setContentsMargins(theme.MARGIN, theme.GAP, theme.GAP, 0)
        self.row.setSpacing(theme.GAP)
        self.row.addWidget(self.heading)
        self.row.addWidget(self.beside, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.SPACE)
        column.setSpacing(theme.SPACE)
        column.addLayout(self.row)
        column.addWidget(self.list, 1)

    def show_said(self, heading: str, beside: str, lines: tuple[Said, ...]) -> None:
        self.heading.set_text(heading)
        self.beside.set_text(beside)
        self.list.setVisible(bool(lines))
        self.list.show_lines(lines)

    def wanted(self) -> int:
        """Height in px of all of it."""
        above = max(self.row.sizeHint().height(), theme.row_height()) + 2 * theme.SPACE
        return above + (self.list.content_height() if self.list.said.lines else 0)


class ResultsPane(QWidget):
    """``cell_opened(server, place)``: show that answer as a conversation. ``compare_ended``,
    ``expect_ended``: the list of what is different, or of what was expected, was closed."""

    cell_opened = Signal(int, int)
    compare_ended = Signal()
    expect_ended = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._by_hand = False
        self.model = SweepModel(self)
        self.table = SweepTableView(self.model)
        self.table.cell_opened.connect(self.cell_opened)
        self.changes = SaidBox(translate("SweepResults", "What is different"))
        self.close_changes = _closing(translate("SweepResults", "Compare no more"), self._end_compare)
        self.changes.row.addWidget(self.close_changes)
        self.expected = SaidBox(translate("SweepResults", "Expectations"))
        self.close_expected = _closing(translate("SweepResults", "Expect nothing"), self._end_expect)
        self.expected.row.addWidget(self.close_expected)
        self.outs = SaidBox(translate("SweepResults", "What stands out"))
        for box in (self.changes, self.expected, self.outs):
            box.list.picked.connect(self.lead_to)
        self._above = QWidget()
        above = QVBoxLayout(self._above)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(0)
        self._extra = {self.changes: Rule(), self.expected: Rule()}
        for box, rule in self._extra.items():
            above.addWidget(box)
            above.addWidget(rule)
            box.hide()
            rule.hide()
        above.addWidget(self.outs, 1)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self._above)
        self.split.addWidget(self.table)
        self.split.setStretchFactor(1, 1)
        self.split.splitterMoved.connect(self._moved)
        self._above.setMinimumHeight(theme.row_height())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.split)
        state = settings.splitter(SPLITTER)
        if not state.isEmpty():
            self._by_hand = self.split.restoreState(state)
        theme.watcher().changed.connect(self._fit)

    def stops(self) -> list[QWidget]:
        """What Tab reaches, from the top."""
        changes, expected = self.changes, self.expected
        lists = [changes.list, self.close_changes, expected.list, self.close_expected]
        return [*lists, self.outs.list, self.table]

    # -- what is shown

    def show_table(self, results: SweepResults, table: SweepTable) -> None:
        """Show what has come; what stands out is told once the sweep is over."""
        model = self.model
        current = self.table.currentIndex()
        place = model.place(current) if current.isValid() else -1
        column = current.column()
        model.show(results, table)
        heading, beside = _heading(results, table)
        self.outs.show_said(heading, beside, of_findings(table.outs))
        row = model.row_of(place) if place >= 0 else -1
        if row >= 0 and self.table.currentIndex().row() != row:
            self.table.setCurrentIndex(model.index(row, column))
        elif not self.table.currentIndex().isValid() and model.rows:
            self.table.setCurrentIndex(model.index(0, 0))
            self.table.clearSelection()
        self._fit()

    def show_changes(self, heading: str, beside: str, changes: Sequence[ServerChanged]) -> None:
        """Show what is different from an earlier sweep, above what stands out."""
        self.changes.show_said(heading, beside, of_changes(changes))
        self._set_shown(self.changes, True)

    def hide_changes(self) -> None:
        self._set_shown(self.changes, False)

    def show_expected(self, heading: str, beside: str, lines: tuple[Said, ...]) -> None:
        """Show which expectations were met, above what stands out."""
        self.expected.show_said(heading, beside, lines)
        self._set_shown(self.expected, True)

    def hide_expected(self) -> None:
        self._set_shown(self.expected, False)

    def _set_shown(self, box: SaidBox, on: bool) -> None:
        box.setVisible(on)
        self._extra[box].setVisible(on)
        self._fit()

    def _end_expect(self) -> None:
        self.outs.list.setFocus()
        self.expect_ended.emit()

    def _end_compare(self) -> None:
        self.hide_changes()
        self.outs.list.setFocus()
        self.compare_ended.emit()

    def lead_to(self, said: Said) -> None:
        """Show the cells that a sentence speaks of; the focus goes there."""
        indexes = self.model.indexes(said.server, said.ids)
        if indexes:
            self.table.show_cells(indexes)
            self.table.setFocus()

    # -- room

    def _wanted(self) -> int:
        shown = [box for box in self._extra if not box.isHidden()]
        return self.outs.wanted() + sum(min(box.wanted(), self._most(len(shown))) + 1 for box in shown)

    def _most(self, boxes: int) -> int:
        """Height in px of one of the ``boxes`` above what stands out, so that this is seen as well."""
        return round(self.height() * SHARE / (1 + boxes))

    def _fit(self) -> None:
        shown = [box for box in self._extra if not box.isHidden()]
        for box in shown:
            box.setMaximumHeight(min(box.wanted(), self._most(len(shown))))
        if not self._by_hand and self.height() > 0:
            above = min(self._wanted(), round(self.height() * SHARE))
            self.split.setSizes([above, self.height() - above])

    def _moved(self) -> None:
        self._by_hand = True
        self._settings.set_splitter(SPLITTER, self.split.saveState())

    def even_out(self) -> None:
        """Put the splitter back where it was at first."""
        self._by_hand = False
        self._settings.set_splitter(SPLITTER, QByteArray())
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _closing(text: str, deed: Callable[[], None]) -> QToolButton:
    """A small button at the end of a heading that takes the box away."""
    made = QToolButton()
    made.setText("×")
    made.setProperty("kind", "flat")
    made.setAccessibleName(text)
    made.setToolTip(text)
    made.clicked.connect(deed)
    return made


def told_changes(
    earlier: SweepResults, now: SweepResults, changes: Sequence[ServerChanged]
) -> tuple[str, str]:
    """The heading of what is different, and what is said beside it."""
    ago = since(earlier.began_wall_ns, now.began_wall_ns)
    name = Path(earlier.path).name
    if changes:
        beside = translate("SweepResults", "this is different from {0}").format(name)
    elif any_compared(earlier, now):
        beside = translate("SweepResults", "nothing is different from {0}").format(name)
    else:
        beside = translate("SweepResults", "{0} asked none of these servers").format(name)
    return f"{ago[:1].upper()}{ago[1:]}", beside


def _heading(results: SweepResults, table: SweepTable) -> tuple[str, str]:
    """The heading of what stands out, and what is said beside it."""
    if results.running:
        text = translate("SweepResults", "What stands out")
        return text, translate("SweepResults", "is told when all answers are here")
    heading = translate("SweepResults", "What stands out")
    if results.phase is SweepPhase.CANCELLED:
        told = translate("SweepResults", "in {0} of {1} answers; the sweep was stopped")
        return heading, told.format(results.done, results.total)
    if not table.outs:
        return heading, translate("SweepResults", "Nothing: every answer is in order.")
    count = translate("SweepResults", "%n server(s)", "", len(results.servers))
    answers = translate("SweepResults", "%n answer(s)", "", results.done)
    return heading, translate("SweepResults", "in {0} of {1}").format(answers, count)
