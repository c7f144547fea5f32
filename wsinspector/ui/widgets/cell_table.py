"""A table of verdicts: each cell told by sign, word and colour, opened by Enter, copied in words."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from wsinspector.ui import theme
from wsinspector.ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
SHORT = 12
"""Characters that fit into any cell: to cut them would cost time for nothing."""


class CellModel(QAbstractTableModel):
    """What a cell says: :meth:`text` with its sign, :meth:`role` of its colour, :meth:`spoken` in words."""

    def text(self, index: Index) -> str:
        raise NotImplementedError

    def role(self, index: Index) -> str:
        raise NotImplementedError

    def spoken(self, index: Index) -> str:
        """All of the cell in words, for who cannot see where it stands."""
        raise NotImplementedError

    def tip(self, index: Index) -> str:
        raise NotImplementedError

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= self.rowCount():
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(index)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.spoken(index)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self.tip(index))
        return None


class CellDelegate(QStyledItemDelegate):
    """A cell's text in the colour of its role; what ``stands_out`` is bold.

    Fonts and colours are kept between cells: while a run goes on each call into Qt may have to wait.
    """

    def __init__(
        self,
        font: Callable[[], QFont] = theme.ui_font,
        stands_out: Callable[[str], bool] = lambda _role: False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._font = font
        self._stands_out = stands_out
        self._colors: dict[str, QColor] = {}
        theme.watcher().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        plain, bold = QFont(self._font()), QFont(self._font())
        bold.setBold(True)
        self._fonts = {False: (plain, QFontMetricsF(plain)), True: (bold, QFontMetricsF(bold))}
        self._colors.clear()

    def color(self, role: str) -> QColor:
        """The theme's colour of ``role``."""
        found = self._colors.get(role)
        if found is None:
            found = self._colors[role] = QColor(theme.color(role))
        return found

    def begins(self, painter: QPainter, box: QRect, index: Index) -> int:
        """Where in x the text of a cell begins; what stands before it is painted here."""
        return box.left() + theme.GAP

    def fonts(self, index: Index, *, bold: bool) -> tuple[QFont, QFontMetricsF]:
        """The font of a cell, and its metrics."""
        return self._fonts[bold]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, CellModel):
            return
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, self.color("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, self.color("hover"))
        left = self.begins(painter, box, index)
        text = model.text(index)
        if text:
            role = model.role(index)
            font, metrics = self.fonts(index, bold=self._stands_out(role))
            if len(text) > SHORT:
                room = box.right() - left - theme.GAP
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.setFont(font)
            painter.setPen(self.color(role))
            base = box.top() + (box.height() + metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(left, round(base)), text)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self.color("focus"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0, 0, -1, -1))

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        return False  # the table does by itself what is done to a cell

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(150, theme.row_height())


class CellTable(QTableView):
    """Enter or a double click opens a cell, Space toggles it, Ctrl+C copies what is selected in words.

    ``looked_at``: another cell is the current one. Columns are as wide as :meth:`fit_columns` makes them.
    """

    looked_at = Signal()

    def __init__(self, model: CellModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = model
        self.setModel(model)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        theme.watcher().changed.connect(self.fit)
        model.modelReset.connect(self.fit)

    def open_cell(self, index: QModelIndex, *, shift: bool) -> None:
        """Show what a cell speaks of. ``shift``: the key was held."""

    def toggle_cell(self, index: QModelIndex) -> None:
        """What Space does."""

    def fill_menu(self, menu: QMenu, index: QModelIndex) -> None:
        """Put what can be done with the cell at ``index`` into ``menu``."""

    def fit_columns(self) -> None:
        """Give the columns their widths."""

    def fit(self) -> None:
        """Lay out anew, after another size of text or other rows."""
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(1)
        rows.setDefaultSectionSize(theme.row_height())
        self.fit_columns()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.looked_at.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif index.isValid() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_cell(index, shift=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif index.isValid() and key == Qt.Key.Key_Space and not event.modifiers():
            self.toggle_cell(index)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.open_cell(index, shift=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex()
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index = self.indexAt(self.viewport().mapFromGlobal(event.globalPos()))
        if not index.isValid():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu, index)
        menu.popup(event.globalPos())

    def copy(self) -> None:
        """Put what is selected on the clipboard, a line a cell, in words."""
        chosen = sorted(self.selectedIndexes(), key=lambda each: (each.row(), each.column()))
        if chosen:
            QGuiApplication.clipboard().setText("\n".join(self.cells.spoken(each) for each in chosen))
