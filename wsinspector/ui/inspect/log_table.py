"""The rows of the log: keys, the mouse, what is selected and copied, and the menu of a row."""

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QHoverEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QWidget

from wsinspector.present.filter_cells import CellCondition
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import Deeds, describe, give_key
from wsinspector.ui.inspect.filter_cell_menu import add_conditions, condition_at
from wsinspector.ui.inspect.log_columns import PAD, Column, LogHeader
from wsinspector.ui.inspect.log_delegate import LogDelegate
from wsinspector.ui.inspect.log_menu import COPIES, IN_LOG, add_deeds
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.widgets.one_column import make_one_column

MOST_SELECTED = 10_000
"""Rows that are copied at once."""


class LogTable(QTableView):
    """One column that the delegate fills; opened with Right, closed with Left."""

    row_chosen = Signal()  # Enter or a double click
    follow_asked = Signal()  # End
    reading_asked = Signal()  # the frames as another version's
    copy_asked = Signal(str)  # "text", "json", "hex" or "script"
    asked = Signal(str)  # a deed of log_menu
    filter_asked = Signal(str, bool)  # a condition: only what fits, or without that
    resized = Signal()
    released = Signal()  # the left button, after a press
    left = Signal()  # Escape

    def __init__(self, header: LogHeader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = header
        self.delegate = LogDelegate(header, self)
        self.setItemDelegate(self.delegate)
        make_one_column(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.can: Callable[[str], bool] = lambda _deed: True
        self.deeds = Deeds(
            self,
            "log",
            {f"log.{name}": partial(self.asked.emit, name) for name in IN_LOG}
            | {"log.only": self.filter_by_cell, "log.without": partial(self.filter_by_cell, without=True)},
            lambda name: self.can(name.removeprefix("log.")),
        )
        self.put_away: Callable[[], bool] = lambda: False
        self.conditions: Callable[[int], tuple[CellCondition, ...]] = lambda _row: ()
        self.empty_text = ""
        self.paint_ns = 0  # how long the last paint took
        self._pointed_y = -1  # where the pointer is, -1 while it is elsewhere
        # Else whatever stands behind the rows is painted each time they are.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        beside = self.verticalScrollBar().parentWidget()
        if beside is not None:
            beside.setAutoFillBackground(True)
        self.button_down = False  # the left button is down: no row may move below the pointer
        self.setAccessibleName(translate("Log", "Frames of the connection"))
        describe(
            self,
            translate(
                "Log",
                "Right opens a row, Left closes it, Enter shows its bits, End follows, [key:log.mark] marks,"
                " [key:log.pin] pins, [key:log.only] filters by the type, [key:log.without] leaves it out",
            ),
        )
        header.lanes_changed.connect(self.viewport().update)
        self.restyle()

    def restyle(self) -> None:
        """Read fonts and colours again."""
        self.delegate.restyle()
        self.verticalHeader().setDefaultSectionSize(theme.row_height())
        self.viewport().update()

    def log(self) -> LogModel | None:
        model = self.model()
        return model if isinstance(model, LogModel) else None

    def selected_rows(self, at_most: int = MOST_SELECTED) -> list[int]:
        """The first ``at_most`` selected rows in order: Ctrl+A selects ten million."""
        if self.model() is None:
            return []
        selection = self.selectionModel().selection()
        blocks = sorted(
            (block.top(), block.bottom()) for block in map(selection.at, range(selection.count()))
        )
        rows: list[int] = []
        for top, bottom in blocks:
            first = max(top, rows[-1] + 1) if rows else top
            rows.extend(range(first, min(bottom + 1, first + at_most - len(rows))))
            if len(rows) >= at_most:
                break
        return rows

    def selected_count(self) -> int:
        """How many rows are selected."""
        if self.model() is None:
            return 0
        selection = self.selectionModel().selection()
        return sum(selection.at(at).height() for at in range(selection.count()))

    def select_row(self, row: int) -> None:
        """Make ``row`` current and the only one selected."""
        model = self.model()
        if model is not None and 0 <= row < model.rowCount():
            # selectRow() would add to the selection or take from it while a shortcut's Ctrl is held.
            only = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(model.index(row, 0), only)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.MouseFocusReason and not self.selected_count():
            # Qt makes the first row current and leaves it unselected: the detail would tell of no picked row.
            self.select_row(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        row = self.currentIndex().row()
        model = self.log()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit("text")
        elif (
            key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.row_chosen.emit()
        elif key == Qt.Key.Key_End:
            if model is not None and model.rowCount():
                self.select_row(model.rowCount() - 1)
            self.follow_asked.emit()
        elif key == Qt.Key.Key_Home and model is not None and model.rowCount():
            self.select_row(0)
        elif key == Qt.Key.Key_Escape:
            if not self.put_away():
                self.left.emit()
        elif self.deeds.took(event):
            pass
        elif key == Qt.Key.Key_Right and model is not None and row >= 0:
            model.open_row(row)
        elif key == Qt.Key.Key_Left and model is not None and row >= 0:
            parent = model.parent_row(row)
            if parent is not None:
                self.select_row(parent)
            else:
                model.shut_row(row)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def filter_by_cell(self, column: Column = Column.TYPE, *, without: bool = False) -> None:
        """Show only rows of which the current one's cell in ``column`` is true, or all but those."""
        condition = condition_at(self.conditions(self.currentIndex().row()), column, without=without)
        if condition:
            self.filter_asked.emit(condition, without)

    def _one_click(self, event: QMouseEvent) -> bool:
        """Alt and a click filter by the cell, or with Shift leave it out; so does the middle button.

        Some window managers keep Alt and a click for themselves.
        """
        held = event.modifiers()
        alone = event.button() is Qt.MouseButton.MiddleButton
        if not alone and not (
            event.button() is Qt.MouseButton.LeftButton and held & Qt.KeyboardModifier.AltModifier
        ):
            return False
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.select_row(index.row())
            column = self._column_at(event.position().x())
            self.filter_by_cell(column, without=bool(held & Qt.KeyboardModifier.ShiftModifier))
        event.accept()
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._one_click(event):
            return
        self.button_down = self.button_down or event.button() is Qt.MouseButton.LeftButton
        model = self.log()
        index = self.indexAt(event.position().toPoint())
        if model is not None and index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            cells = model.cells(index.row())
            lane = self.columns.lanes()[Column.PAYLOAD]
            if cells.opens and lane.left <= event.position().x() <= lane.left + PAD + 16:
                if not model.open_row(index.row()):
                    model.shut_row(index.row())
                self.select_row(index.row())
                event.accept()
                return
        if index.isValid() and event.button() is Qt.MouseButton.RightButton:
            # Qt would select what stands below the pointer once the detail has opened and moved the rows.
            chosen = self.selectionModel()
            if chosen.isSelected(index):
                chosen.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            else:
                self.select_row(index.row())
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self._let_go()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._let_go()

    def _let_go(self) -> None:
        if self.button_down:
            self.button_down = False
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.row_chosen.emit()

    def menu(self, column: Column = Column.TYPE) -> QMenu:
        """What can be done with the selected rows; ``column``: of the cell that was pointed at."""
        menu = QMenu(self)
        add_conditions(menu, self.conditions(self.currentIndex().row()), column, self.filter_asked.emit)
        for kind, text in COPIES:
            action = menu.addAction(translate("Log", text))
            if kind == "text":
                give_key(action, "list.copy")
            action.setEnabled(self.selected_count() > 0)
            action.triggered.connect(lambda _checked=False, wanted=kind: self.copy_asked.emit(wanted))
        menu.addSeparator()
        show = menu.addAction(translate("Log", "Show bits and payload"))
        give_key(show, "log.open")
        show.setEnabled(self.currentIndex().isValid())
        show.triggered.connect(self.row_chosen)
        reading = menu.addAction(translate("Log", "Read frames as …"))
        give_key(reading, "frames.reading")
        reading.triggered.connect(self.reading_asked)
        model, row = self.log(), self.currentIndex().row()
        on_frame = model is not None and row >= 0 and model.rows.frame_of(model.key_at(row)) is not None
        add_deeds(menu, self.asked.emit, on_frame=on_frame, can=self.can)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        menu = self.menu(Column.TYPE if by_key else self._column_at(event.pos().x()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at = event.globalPos()
        if by_key:
            at = self.viewport().mapToGlobal(
                self.visualRect(self.currentIndex()).bottomLeft() + QPoint(PAD, 0)
            )
        menu.popup(at)

    def _column_at(self, x: float) -> Column:
        for column, lane in zip(Column, self.columns.lanes(), strict=True):
            if lane.left <= x < lane.left + lane.width:
                return column
        return Column.PAYLOAD

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHoverEvent):
            self._pointed_y = -1 if event.type() == QEvent.Type.HoverLeave else round(event.position().y())
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        began = time.perf_counter_ns()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("pane"))
        model = self.log()
        if model is not None and model.rowCount():
            self._paint_rows(painter, event.rect(), model)
        elif self.empty_text:
            painter.setFont(theme.ui_font())
            painter.setPen(theme.color("muted"))
            room = self.viewport().rect().adjusted(24, 24, -24, -24)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(flags), self.empty_text)
        painter.end()
        self.paint_ns = time.perf_counter_ns() - began

    def _paint_rows(self, painter: QPainter, dirty: QRect, model: LogModel) -> None:
        """Draw the rows within ``dirty``. Qt would ask for each cell with an option made for it."""
        row = self.rowAt(dirty.top())
        if row < 0:
            return
        last = self.rowAt(dirty.bottom())
        last = model.rowCount() - 1 if last < 0 else last
        height, selection = self.rowHeight(row), self.selectionModel()
        picked = selection.hasSelection()
        current = self.currentIndex().row() if self.hasFocus() else -1
        pointed = self.rowAt(self._pointed_y) if self._pointed_y >= 0 else -1
        rect = QRect(0, self.rowViewportPosition(row), self.viewport().width(), height)
        draw, cells, nowhere = self.delegate.row, model.cells, QModelIndex()
        for at in range(row, last + 1):
            selected = picked and selection.isRowSelected(at, nowhere)
            draw(painter, rect, cells(at), selected=selected, hovered=at == pointed, focused=at == current)
            rect.translate(0, height)
