"""The Library page: the history of every kept attempt, searched and opened again."""

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from wsinspector.library.history import Entry
from wsinspector.library.wanted import read_wanted
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind_inside, tell
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.library.history_model import ADDRESS, HistoryModel

if TYPE_CHECKING:
    from wsinspector.ui.library.history_feed import HistoryFeed

WAIT_MS = 120  # after a letter, until it is looked for
WIDTHS = (19, 40, 14, 22, 8, 22)  # letters; the address takes what is left


class LibraryPage(QWidget):
    """``open_asked(entry)``: show that attempt; ``draft_asked(entry)``: its request as a draft."""

    open_asked = Signal(object)
    draft_asked = Signal(object)

    def __init__(self, feed: "HistoryFeed") -> None:
        super().__init__()
        self._feed = feed
        self._searched = ""
        self._doubt = ""
        self.setAccessibleName(translate("Library", "Library"))
        self.model = HistoryModel()
        self.field = QLineEdit()
        self.field.setPlaceholderText(
            translate("Library", "Words, or version:8  outcome:refused  date:today  address:example")
        )
        self.field.setAccessibleName(translate("Library", "Find in the history"))
        tell(
            self.field,
            translate(
                "Library",
                "Shows the attempts in which every word stands, the newest first; Down leads to the list "
                "([key:window.library]). Also: version:none, date:2026-11, date:11-23, date:yesterday",
            ),
        )
        self.field.setClearButtonEnabled(True)
        self.said = RoleLabel("", "muted")
        self.table = self._table()
        self.empty = RoleLabel("", "muted", wraps=True)
        self.buttons = self._buttons()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        top = QHBoxLayout()
        top.addWidget(RoleLabel(translate("Library", "History"), "text", bold=True, size=1.2))
        top.addWidget(self.said, 1)
        column.addLayout(top)
        column.addWidget(self.field)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        column.addWidget(self.buttons)
        self._finding = QTimer(self)
        self._finding.setSingleShot(True)
        self._finding.setInterval(WAIT_MS)
        self._finding.timeout.connect(self.search)
        self.field.textEdited.connect(lambda _: self._finding.start())
        self.field.textChanged.connect(lambda text: None if text else self._finding.start())
        self.field.returnPressed.connect(self._first_or_open)
        self.field.installEventFilter(self)
        bind_inside("library.open", self.table, self._open)
        bind_inside("library.draft", self, self._draft)
        bind_inside("library.forget", self.table, self._forget)
        feed.changed.connect(self._changed)
        theme.watcher().changed.connect(self._dress)
        self._dress()
        self.search()

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(translate("Library", "History"))
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setStyleSheet(f"QTableView::item {{ padding: 0 {theme.GAP - 3}px }}")
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.horizontalHeader().setHighlightSections(False)
        table.doubleClicked.connect(lambda _: self._open())
        table.selectionModel().selectionChanged.connect(self._look)
        self.model.modelReset.connect(self._look)
        return table

    def _buttons(self) -> FlowRow:
        row = FlowRow(spacing=theme.GAP)
        self.open_button = QPushButton(translate("Library", "Open"))
        self.open_button.setProperty("kind", "primary")
        tell(
            self.open_button,
            translate("Library", "Show the picked attempt in its conversation ([key:library.open])"),
        )
        self.open_button.clicked.connect(self._open)
        self.draft_button = QPushButton(translate("Library", "Use as the draft"))
        tell(
            self.draft_button,
            translate("Library", "Open its conversation with its request as the draft ([key:library.draft])"),
        )
        self.draft_button.clicked.connect(self._draft)
        self.forget_button = QPushButton(translate("Library", "Forget"))
        tell(
            self.forget_button,
            translate(
                "Library", "Take the picked attempts out of the history; captures stay ([key:library.forget])"
            ),
        )
        self.forget_button.clicked.connect(self._forget)
        self.all_button = QPushButton(translate("Library", "Forget all…"))
        tell(self.all_button, translate("Library", "Empty the history; captures stay"))
        self.all_button.clicked.connect(self._ask_forget_all)
        for button in (self.open_button, self.draft_button, self.forget_button, self.all_button):
            row.add(button)
        return row

    def focus_first(self) -> None:
        """The cursor into the search, what is there selected."""
        self.field.setFocus()
        self.field.selectAll()

    def _dress(self) -> None:
        self.table.verticalHeader().setDefaultSectionSize(theme.row_height())
        letter = QFontMetricsF(theme.ui_font()).horizontalAdvance("0")
        for at, letters in enumerate(WIDTHS):
            self.table.setColumnWidth(at, round(letter * letters) + 2 * theme.GAP)
        self.table.horizontalHeader().setSectionResizeMode(ADDRESS, QHeaderView.ResizeMode.Stretch)

    # -- finding

    def search(self) -> None:
        """Look for what is typed; the list follows."""
        text = self.field.text()
        wanted = read_wanted(text, date.today())

        def done(found: Any) -> None:
            history = self._feed.history
            if history is None or not isinstance(found, tuple):
                return
            ids, total = found
            row = self.table.currentIndex().row()
            picked = self.model.id_of(row) if 0 <= row < self.model.rowCount() else None
            self._searched = text
            self.model.show(history, ids)
            if len(ids):
                at = ids.index(picked) if picked in ids else 0
                self.pick(at)
            self._doubt = wanted.doubt
            self._say(len(ids), total)

        self._feed.ask("find", lambda history: (history.find(wanted), len(history)), done)
        self._say(self.model.rowCount(), None)

    def pick(self, row: int) -> None:
        """Make ``row`` the one that is picked, whatever keys are held."""
        flags = QItemSelectionModel.SelectionFlag
        index = self.model.index(row, 0)
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _changed(self) -> None:
        if self.isVisible():
            self._finding.start()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._finding.start()

    def _say(self, shown: int, total: int | None) -> None:
        history = self._feed.history
        trouble = history.trouble if history is not None else ""
        if history is not None and history.put_aside is not None and not trouble:
            trouble = translate("Library", "The history could not be read; it was put aside as {0}.").format(
                history.put_aside.name
            )
        if total is not None:
            of = translate("Library", "%n attempt(s)", "", shown)
            if shown != total:
                of = translate("Library", "{0} of %n attempt(s)", "", total).format(shown)
            if self._feed.rebuilding:
                of = translate("Library", "{0}; reading captures…").format(of)
            self.said.set_text(of)
        self.empty.set_role("fault" if trouble else "muted")
        told = trouble
        if not trouble and not shown and total is not None:
            told = (
                self._doubt or translate("Library", "No attempt fits. Fewer words find more.")
                if total
                else translate(
                    "Library",
                    "Each attempt that is kept appears here: its address without secrets, its version and "
                    "what came of it. Conversations that are not to be kept do not.",
                )
            )
        self.empty.set_text(told)
        self.empty.setVisible(bool(told))

    def _look(self) -> None:
        rows = self._rows()
        entry = self.model.entry(rows[0]) if rows else None
        there = entry is not None and self.model.is_there(entry)
        self.open_button.setEnabled(there)
        self.draft_button.setEnabled(there)
        self.forget_button.setEnabled(bool(rows))
        self.all_button.setEnabled(self.model.rowCount() > 0)

    # -- doing

    def _rows(self) -> list[int]:
        return sorted(index.row() for index in self.table.selectionModel().selectedRows())

    def _entry(self) -> Entry | None:
        rows = self._rows()
        entry = self.model.entry(rows[0]) if rows else None
        return entry if entry is not None and self.model.is_there(entry) else None

    def _open(self) -> None:
        entry = self._entry()
        if entry is not None:
            self.open_asked.emit(entry)

    def _draft(self) -> None:
        entry = self._entry()
        if entry is not None:
            self.draft_asked.emit(entry)

    def _forget(self) -> None:
        ids = [self.model.id_of(row) for row in self._rows()]
        if ids:
            self._feed.run(lambda history: history.forget(ids))

    def _ask_forget_all(self) -> None:
        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.Question)
        question.setText(translate("Library", "Empty the history?"))
        question.setInformativeText(translate("Library", "The captures stay where they are."))
        forget = question.addButton(
            translate("Library", "Forget all"), QMessageBox.ButtonRole.DestructiveRole
        )
        question.setDefaultButton(question.addButton(QMessageBox.StandardButton.Cancel))
        question.exec()
        if question.clickedButton() is forget:
            self.forget_all()

    def forget_all(self) -> None:
        """Empty the history; the captures stay."""
        self._feed.run(lambda history: history.forget_all())

    def _first_or_open(self) -> None:
        if self.field.text() != self._searched:
            self._finding.stop()
            self.search()
        else:
            self._open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.field
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown)
            and self.model.rowCount()
        ):
            self.table.setFocus()
            return True
        return super().eventFilter(watched, event)
