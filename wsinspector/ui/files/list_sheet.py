"""The sheet of a file's conversations: found by words, opened one by one. It fills while the file is read."""

import time
from collections import deque
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from wsinspector.capture.listing import listed_conversations
from wsinspector.library.wanted import Wanted, read_wanted
from wsinspector.present.numbers import count
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.files.list_model import Lines, ListModel, batched, fits, fitting
from wsinspector.ui.files.opening import reason
from wsinspector.ui.files.task import Task
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.keys import Sheet

TAKE_MS = 20
TAKE_NS = 6_000_000  # for rows taken into the table a time
TABLE_ROWS = 1000  # told to the table at once
REST = 0.0003  # s, of the thread that reads, after a piece
WAIT_MS = 120  # after a letter, until it is looked for


class ListSheet(Sheet):
    """``picked(path, conversation id)``: open that one; the sheet stays below its tab."""

    picked = Signal(object, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("ListSheet", "Conversations of a file"))
        self.path: Path | None = None
        self._number = 0
        self._task: Task | None = None
        self._read: deque[Lines] = deque()
        self._wanted = Wanted()
        self._cut = False  # the list could not be read to its end
        self._background = Background("list of conversations", self)
        self.model = ListModel()
        self.title = RoleLabel("", "text", bold=True, size=1.2)
        self.field = QLineEdit()
        self.field.setPlaceholderText(
            translate("ListSheet", "Words, or version:8  outcome:refused  date:today  address:example")
        )
        self.field.setAccessibleName(translate("ListSheet", "Find a conversation"))
        self.field.setToolTip(
            translate(
                "ListSheet",
                "Shows those in which every word stands; Down leads to the list. Also: version:none, "
                "date:2026-11, date:11-23, date:yesterday",
            )
        )
        self.said = RoleLabel("", "muted")
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(translate("ListSheet", "Conversations"))
        self.table.setToolTip(translate("ListSheet", "Return, or a double click, opens one in a tab"))
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setStyleSheet(f"QTableView::item {{ padding: 0 {theme.GAP - 3}px }}")
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.doubleClicked.connect(lambda index: self._open(index.row()))
        self.empty = RoleLabel("", "muted", wraps=True)
        self.open_button = QPushButton(translate("ListSheet", "Open"))
        self.open_button.setProperty("kind", "primary")
        self.open_button.setToolTip(translate("ListSheet", "Open the picked conversation in a tab (Return)"))
        self.open_button.clicked.connect(self._open_current)
        self.done = QPushButton(translate("ListSheet", "Done"))
        self.done.setToolTip(translate("ListSheet", "Put the list away (Escape)"))
        self.done.clicked.connect(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(theme.GAP)
        column.addWidget(self.title)
        column.addWidget(self.field)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty)
        last = QHBoxLayout()
        last.addWidget(self.said, 1)
        last.addWidget(self.open_button)
        last.addWidget(self.done)
        column.addLayout(last)
        self._finding = QTimer(self)
        self._finding.setSingleShot(True)
        self._finding.setInterval(WAIT_MS)
        self._finding.timeout.connect(self._find)
        self.field.textEdited.connect(lambda _: self._finding.start())
        self.field.returnPressed.connect(self._first_or_open)
        self.field.installEventFilter(self)
        self.table.installEventFilter(self)
        self._taking = QTimer(self)
        self._taking.setInterval(TAKE_MS)
        self._taking.timeout.connect(self._take)
        theme.watcher().changed.connect(self._dress)
        self._dress()

    def sizeHint(self) -> QSize:
        parent = self.parentWidget()
        room = parent.size() if parent is not None else QSize(1000, 700)
        return QSize(min(round(1100 * theme.zoom()), room.width() - 48), room.height() - 80)

    # -- filling

    def show_file(self, path: Path, number: int) -> None:
        """Show what ``path`` holds, reading it anew where it is another file than before."""
        if self.path != path or number != self._number:
            self._begin(path, number)
        self.appear()
        self.field.setFocus()
        self.field.selectAll()

    def _begin(self, path: Path, number: int) -> None:
        self._give_up()
        self.path, self._number = path, number
        self.title.set_text(translate("ListSheet", "Conversations in {0}").format(path.name))
        self.model.clear()
        self._cut = False
        self.field.clear()
        self.model.show_wanted(Wanted(), [])
        read: deque[Lines] = deque()
        self._read = read

        def work(task: Task) -> None:
            for lines in batched(listed_conversations(path)):
                if not task.wanted():
                    return
                read.append(lines)
                task.pause(REST)

        self._task = Task(translate("ListSheet", "Reading the list"), work, self)
        self._task.ended.connect(self._ended)
        self._task.start()
        self._taking.start()
        self._say()

    def _take(self) -> None:
        until = time.perf_counter_ns() + TAKE_NS
        fresh = Lines()
        while self._read and time.perf_counter_ns() < until:
            fresh.take(self._read.popleft())
            if len(fresh) >= TABLE_ROWS or not self._read:
                self.model.add(fresh)
                fresh = Lines()
        if fresh:
            self.model.add(fresh)
        if not self._read and self._task is None:
            self._taking.stop()
        if self.model.shown and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._say()

    def _ended(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            self._number = self._number or len(self.model.lines) + sum(map(len, self._read))
            if task.error is not None:
                self._cut = True
                text = translate("ListSheet", "The list ends here: {0}").format(reason(task.error))
                self.empty.set_role("fault")
                self.empty.set_text(text)
        task.deleteLater()

    def _give_up(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task.wait()
            self._task = None
        self._taking.stop()

    def stop(self) -> None:
        """Let go of the file and the threads."""
        self._give_up()
        self._background.stop()

    # -- finding

    def _find(self) -> None:
        wanted = read_wanted(self.field.text(), date.today())
        lines = self.model.lines
        upto = len(lines)

        def done(shown: Any) -> None:
            if isinstance(shown, list) and lines is self.model.lines and wanted == self._wanted:
                late = [at for at in range(upto, len(lines)) if fits(wanted, lines.texts[at])]
                self.model.show_wanted(wanted, shown + late)
                if self.model.shown:
                    self.table.selectRow(0)
                self._say()

        self._wanted = wanted
        self._background.ask(
            "find", lambda: fitting(wanted, lines, upto, lambda: wanted is self._wanted), done
        )

    def _say(self) -> None:
        there, shown = len(self.model.lines), self.model.shown
        text = translate("ListSheet", "%n conversation(s)", "", there)
        if shown != there:
            text = translate("ListSheet", "{0} of %n conversation(s)", "", there).format(count(shown))
        if self._task is not None or self._read:
            text += translate("ListSheet", ", still reading")
        self.said.set_text(text)
        self.open_button.setEnabled(shown > 0)
        if shown or self._task is not None:
            if self.empty.full_text() and self._task is not None:
                self.empty.set_text("")
        elif there:
            self.empty.set_role("muted")
            self.empty.set_text(
                self._wanted.doubt or translate("ListSheet", "No conversation has all of these words.")
            )
        self.empty.setVisible(bool(self.empty.full_text()) and (not shown or self._task is None))
        if shown and self._task is None and not self._cut:
            self.empty.hide()

    # -- opening

    def _open_current(self) -> None:
        self._open(self.table.currentIndex().row())

    def _first_or_open(self) -> None:
        self._open(max(self.table.currentIndex().row(), 0))

    def _open(self, row: int) -> None:
        if self.path is not None and 0 <= row < self.model.shown:
            self.leave()
            self.picked.emit(self.path, self.model.id_of(row))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.field and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown):
                self.table.setFocus()
                return True
            if watched is self.table and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._open_current()
                return True
        return super().eventFilter(watched, event)

    def _dress(self) -> None:
        self.table.verticalHeader().setDefaultSectionSize(theme.row_height() + 2)
        head = self.table.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in ((0, 160), (2, 110), (3, 130), (4, 90)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.table.setColumnWidth(column, round(width * theme.zoom()))
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
