"""The list of messages or frames: follows the tail until the user scrolls, and never moves the selection."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetricsF,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView, QVBoxLayout, QWidget

from wsinspector.present.rowtext import TimeStyle
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.log_columns import PAD, Column, LogHeader
from wsinspector.ui.inspect.log_delegate import LogDelegate
from wsinspector.ui.inspect.log_menu import COPIES, add_deeds, deed_of
from wsinspector.ui.inspect.log_model import LogModel

MOST_SELECTED = 10_000
"""Rows that are copied at once."""


class LogTable(QTableView):
    """One column that the delegate fills; opened with Right, closed with Left."""

    row_chosen = Signal()  # Enter or a double click
    follow_asked = Signal()  # End
    reading_asked = Signal()  # the frames as another version's
    copy_asked = Signal(str)  # "text", "json", "hex" or "script"
    asked = Signal(str)  # a deed of log_menu
    resized = Signal()
    released = Signal()  # the left button, after a press
    left = Signal()  # Escape

    def __init__(self, header: LogHeader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = header
        self.delegate = LogDelegate(header, self)
        self.setItemDelegate(self.delegate)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        # Pixels would overflow near a hundred million rows.
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        self.can: Callable[[str], bool] = lambda _deed: True
        self.put_away: Callable[[], bool] = lambda: False
        self.empty_text = ""
        self.paint_ns = 0  # how long the last paint took
        self.button_down = False  # the left button is down: no row may move below the pointer
        self.setAccessibleName(translate("Log", "Frames of the connection"))
        self.setAccessibleDescription(
            translate(
                "Log",
                "Right opens a row, Left closes it, Enter shows its bits, End follows, M marks, P pins",
            )
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
            self.selectRow(row)
            self.setCurrentIndex(model.index(row, 0))

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
        elif deed := deed_of(event):
            if self.can(deed):
                self.asked.emit(deed)
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
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

    def menu(self) -> QMenu:
        """What can be done with the selected rows."""
        menu = QMenu(self)
        for kind, text in COPIES:
            action = menu.addAction(translate("Log", text))
            if kind == "text":
                action.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
            action.setEnabled(self.selected_count() > 0)
            action.triggered.connect(lambda _checked=False, wanted=kind: self.copy_asked.emit(wanted))
        menu.addSeparator()
        show = menu.addAction(translate("Log", "Show bits and payload"))
        show.setShortcut(QKeySequence(Qt.Key.Key_Return))
        show.setEnabled(self.currentIndex().isValid())
        show.triggered.connect(self.row_chosen)
        reading = menu.addAction(translate("Log", "Read frames as …"))
        reading.setShortcut(QKeySequence("Alt+R"))
        reading.triggered.connect(self.reading_asked)
        model, row = self.log(), self.currentIndex().row()
        on_frame = model is not None and row >= 0 and model.rows.frame_of(model.key_at(row)) is not None
        add_deeds(menu, self.asked.emit, on_frame=on_frame, can=self.can)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().mapToGlobal(
                self.visualRect(self.currentIndex()).bottomLeft() + QPoint(PAD, 0)
            )
        menu.popup(at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        began = time.perf_counter_ns()
        super().paintEvent(event)
        self.paint_ns = time.perf_counter_ns() - began
        model = self.model()
        if self.empty_text and (model is None or not model.rowCount()):
            painter = QPainter(self.viewport())
            painter.setFont(theme.ui_font())
            painter.setPen(theme.color("muted"))
            room = self.viewport().rect().adjusted(24, 24, -24, -24)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(flags), self.empty_text)
            painter.end()


class LogView(QWidget):
    """Header and table; keeps the tail in sight while :attr:`following`."""

    following_changed = Signal()
    current_changed = Signal()  # another row, or none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = LogHeader(self)
        self.table = LogTable(self.header, self)
        self.header.setFixedHeight(self._header_height())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.table, 1)
        self.setFocusProxy(self.table)
        self.following = True
        self.unseen = 0
        self._moving = False
        self._shrunk = False
        self._range = 0
        self._keys: tuple[int | None, list[int]] = (None, [])
        self._top: int | None = None
        bar = self.table.verticalScrollBar()
        bar.rangeChanged.connect(self._range_changed)
        bar.valueChanged.connect(self._scrolled)
        self.table.follow_asked.connect(self.follow)
        self.table.resized.connect(self._resized)
        self.table.released.connect(self._resized)
        self.header.times_chosen.connect(self._set_times)

    def set_model(self, model: LogModel | None) -> None:
        """Show another attempt; its tail is followed."""
        old = self.table.selectionModel()
        self.table.setModel(model)
        if old is not None:
            old.deleteLater()
        self._keys, self._top = (None, []), None
        if model is not None:
            model.texts.times = self.header.times
            model.modelAboutToBeReset.connect(self._remember)
            model.modelReset.connect(self._restore)
        selection = self.table.selectionModel()
        if selection is not None:
            selection.currentChanged.connect(self._current_changed)
        self.follow()
        self.current_changed.emit()

    def forget_model(self, model: LogModel) -> None:
        model.modelAboutToBeReset.disconnect(self._remember)
        model.modelReset.disconnect(self._restore)

    def _current_changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.current_changed.emit()

    # -- the selection stays over a change of filter

    def _remember(self) -> None:
        model = self.table.log()
        if model is None:
            return
        rows = model.rowCount()
        row = self.table.currentIndex().row()
        if 0 <= row < rows:
            picked = self.table.selected_rows(1000)
            self._keys = model.key_at(row), [model.key_at(at) for at in picked]
        # With no row picked, what was filtered out is kept for the filter that shows it again.
        top = self.table.rowAt(0)
        self._top = model.key_at(top) if 0 <= top < rows else None
        self._moving = True

    def _restore(self) -> None:
        model = self.table.log()
        self._moving = False
        current, keys = self._keys
        if model is None:
            return
        row = model.row_of(current) if current is not None else None
        if row is not None:
            self._moving = True
            self.table.select_row(row)
            self._moving = False
        elif current is not None and keys:
            self.current_changed.emit()
        if self.following:
            self.to_end()
            return
        hint = QAbstractItemView.ScrollHint.PositionAtCenter
        if row is None and self._top is not None:
            row, hint = model.nearest_row(self._top), QAbstractItemView.ScrollHint.PositionAtTop
        if row is not None and row >= 0:
            self._moving = True
            self.table.scrollTo(model.index(row, 0), hint)
            self._moving = False

    # -- following

    def arrived(self, count: int) -> None:
        """``count`` rows came at the end."""
        if self.following:
            self.to_end()
        elif count:
            self.unseen += count
            self.following_changed.emit()

    def to_end(self) -> None:
        if self.table.button_down:
            # Qt picks by the place of the pointer: another row would be picked than was pressed.
            return
        self._moving = True
        self.table.scrollToBottom()
        self._moving = False

    def _resized(self) -> None:
        if self.following:
            self.to_end()

    def keep_in_sight(self, row: int) -> None:
        """Scroll no further than ``row`` needs."""
        model = self.table.model()
        if model is not None and 0 <= row < model.rowCount():
            self._moving = True
            self.table.scrollTo(model.index(row, 0), QAbstractItemView.ScrollHint.EnsureVisible)
            self._moving = False
            bar = self.table.verticalScrollBar()
            if self.following and bar.value() < bar.maximum():
                # The row is being read: what arrives must not push it away.
                self.following = False
                self.following_changed.emit()

    def show_row(self, row: int) -> None:
        """Make ``row`` current and bring it into the middle where it is out of sight."""
        model = self.table.model()
        if model is None or not 0 <= row < model.rowCount():
            return
        index = model.index(row, 0)
        inside = self.table.viewport().rect().contains(self.table.visualRect(index))
        self._moving = True
        self.table.select_row(row)
        if not inside:
            self.table.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self._moving = False
        bar = self.table.verticalScrollBar()
        following = self.following and bar.value() >= bar.maximum()
        if following != self.following:
            self.following = following
            self.following_changed.emit()

    def follow(self) -> None:
        """Keep the tail in sight from now on."""
        self.following = True
        self.unseen = 0
        self.to_end()
        self.following_changed.emit()

    def _range_changed(self, _least: int, most: int) -> None:
        # Qt says so just before it moves the value into the new range.
        self._shrunk = most < self._range and most <= self.table.verticalScrollBar().value()
        self._range = most

    def _scrolled(self, value: int) -> None:
        if self._moving:
            return
        shrunk, self._shrunk = self._shrunk, False
        at_end = value >= self.table.verticalScrollBar().maximum()
        if at_end and shrunk:
            # Fewer rows brought the end nearer, not the user.
            return
        if at_end != self.following:
            self.following = at_end
            if at_end:
                self.unseen = 0
            self.following_changed.emit()

    def _set_times(self, style: TimeStyle) -> None:
        model = self.table.log()
        if model is not None:
            model.set_times(style)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.restyle()

    @staticmethod
    def _header_height() -> int:
        return round(QFontMetricsF(theme.ui_font()).height() + 2 * theme.SPACE + 2)

    def restyle(self) -> None:
        """Fonts or colours changed."""
        self.header.set_widths()
        self.header.setFixedHeight(self._header_height())
        self.table.restyle()
