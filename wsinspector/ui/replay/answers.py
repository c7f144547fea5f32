"""The answers of both times in a table: a sign and a word, what it is, the first time, now."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from wsinspector.present.replay_told import ROLES, Line, mark_word
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
IS, WHAT, FIRST, NOW = range(4)


class AnswersModel(QAbstractTableModel):
    """The lines given to :meth:`show`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 4

    def text(self, line: Line, column: int) -> str:
        if column == IS:
            return f"{line.sign} {mark_word(line.mark)}"
        return (line.what, line.first or "–", line.again or "–")[column - 1]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        column = index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(line, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return line.spoken()
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(f"{self.text(line, column)}\n{line.where}".strip())
            case Qt.ItemDataRole.ForegroundRole:
                return QBrush(theme.color(ROLES[line.mark] if column == IS else "text"))
            case Qt.ItemDataRole.FontRole if column >= FIRST:
                return theme.mono_font(0.95)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return (
                translate("Replay", "Answer"),
                translate("Replay", "Type"),
                translate("Replay", "The first time"),
                translate("Replay", "Now"),
            )[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


class AnswersTable(QTableView):
    """``first_asked`` and ``now_asked``: show the current row's answer of that side in its log."""

    first_asked = Signal()
    now_asked = Signal()
    left = Signal()
    looked_at = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answers = AnswersModel(self)
        self.setModel(self.answers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(translate("Replay", "Answers the first time and now"))
        self.setToolTip(
            translate(
                "Replay", "Enter shows the answer of now in the log, Shift+Enter that of the first time"
            )
        )
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.selectionModel().currentRowChanged.connect(lambda *_: self.looked_at.emit())
        self.doubleClicked.connect(self._clicked)
        theme.watcher().changed.connect(self._arrange)
        self._arrange()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these rows; the first that is not equal becomes the current one."""
        self.answers.show(lines)
        self._arrange()
        if lines:
            differs = next((at for at, line in enumerate(lines) if line.sign != "="), 0)
            self.setCurrentIndex(self.answers.index(differs, 0))

    def line(self) -> Line | None:
        """The current row."""
        row = self.currentIndex().row()
        return self.answers.lines[row] if 0 <= row < len(self.answers.lines) else None

    def _clicked(self, index: QModelIndex) -> None:
        (self.first_asked if index.column() == FIRST else self.now_asked).emit()

    def _arrange(self) -> None:
        metrics = self.fontMetrics()
        words = [self.answers.text(line, IS) for line in self.answers.lines[:200]]
        types = [self.answers.text(line, WHAT) for line in self.answers.lines[:200]]
        room = self.viewport().width()
        pad = 2 * theme.GAP
        widest = [
            max((metrics.horizontalAdvance(text) for text in (*texts, head)), default=0) + pad
            for texts, head in ((words, "equal  "), (types, "binary"))
        ]
        first, second = widest[0], min(widest[1], max(room // 4, 60))
        half = max((room - first - second) // 2, 60)
        for column, width in enumerate((first, second, half, max(room - first - second - half, 60))):
            self.setColumnWidth(column, width)
        self.verticalHeader().setDefaultSectionSize(theme.row_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange) and hasattr(self, "answers"):
            self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            lines = ("\t".join(self.answers.text(each, at) for at in range(4)) for each in self.answers.lines)
            QGuiApplication.clipboard().setText("\n".join(lines))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            (self.first_asked if shift else self.now_asked).emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
