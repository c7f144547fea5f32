"""The answers of both times in a table: a sign and a word, what it is, the first time, now."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QMenu, QWidget

from wsinspector.present.replay_comparing import Mark
from wsinspector.present.replay_told import ROLES, Line, mark_word
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import add_entry, tab_key
from wsinspector.ui.widgets.cell_table import CellDelegate, CellModel, CellTable, Index

IS, WHAT, FIRST, NOW = range(4)
LOOKED_AT = 200
"""Rows whose words say how wide a column is."""


class AnswersModel(CellModel):
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

    def text(self, index: Index) -> str:
        return said(self.lines[index.row()], index.column())

    def role(self, index: Index) -> str:
        mark = self.lines[index.row()].mark
        return ROLES[mark] if index.column() == IS else "muted" if mark is Mark.EQUAL else "text"

    def spoken(self, index: Index) -> str:
        return self.lines[index.row()].spoken()

    def tip(self, index: Index) -> str:
        line = self.lines[index.row()]
        return "\n".join(part for part in (self.text(index), line.when, line.where) if part)

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


def said(line: Line, column: int) -> str:
    """What stands in a cell."""
    if column == IS:
        return f"{line.sign} {mark_word(line.mark)}"
    return (line.what, line.first or "–", line.again or "–")[column - 1]


class AnswersDelegate(CellDelegate):
    """What travelled stands in the font of what travels."""

    def _restyle(self) -> None:
        super()._restyle()
        font = theme.mono_font(0.95)
        self._mono = font, QFontMetricsF(font)

    def fonts(self, index: Index, *, bold: bool) -> tuple[QFont, QFontMetricsF]:
        return self._mono if index.column() >= FIRST else super().fonts(index, bold=bold)


class AnswersTable(CellTable):
    """``first_asked`` and ``now_asked``: show the current row's answer of that side in its log."""

    first_asked = Signal()
    now_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self.answers = AnswersModel()
        super().__init__(self.answers, translate("Replay", "Answers the first time and now"), parent)
        self.answers.setParent(self)
        self.setItemDelegate(AnswersDelegate(parent=self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setToolTip(
            translate(
                "Replay", "Enter shows the answer of now in the log, Shift+Enter that of the first time"
            )
        )
        self.verticalHeader().hide()
        self.fit()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these rows; the first that is not equal becomes the current one."""
        self.answers.show(lines)
        if lines:
            differs = next((at for at, line in enumerate(lines) if line.mark is not Mark.EQUAL), 0)
            self.setCurrentIndex(self.answers.index(differs, 0))

    def line(self) -> Line | None:
        """The current row."""
        row = self.currentIndex().row()
        return self.answers.lines[row] if 0 <= row < len(self.answers.lines) else None

    def open_cell(self, index: QModelIndex, *, shift: bool) -> None:
        (self.first_asked if shift else self.now_asked).emit()

    def fill_menu(self, menu: QMenu, index: QModelIndex) -> None:
        self.setCurrentIndex(index)
        line = self.line()
        pair = line.pair if line is not None else None
        now = menu.addAction(translate("Replay", "Show the answer of now\tEnter"), self.now_asked.emit)
        now.setEnabled(pair is not None and pair.again is not None)
        text = translate("Replay", "Show the answer of the first time") + tab_key("replay.first")
        menu.addAction(text, self.first_asked.emit).setEnabled(pair is not None and pair.first is not None)
        add_entry(menu, translate("Replay", "Copy all in words"), "list.copy", self.copy)

    def copy(self) -> None:
        lines = ("\t".join(said(each, at) for at in range(4)) for each in self.answers.lines)
        QGuiApplication.clipboard().setText("\n".join(lines))

    def fit_columns(self) -> None:
        metrics = QFontMetricsF(theme.ui_font())
        some = self.answers.lines[:LOOKED_AT]
        room = self.viewport().width()
        first, second = (
            round(max(map(metrics.horizontalAdvance, (*(said(line, at) for line in some), least))))
            + 2 * theme.GAP
            for at, least in ((IS, "= equal  "), (WHAT, "binary  "))
        )
        second = min(second, max(room // 4, 60))
        half = max((room - first - second) // 2, 60)
        for column, width in enumerate((first, second, half, max(room - first - second - half, 60))):
            self.setColumnWidth(column, width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
