"""The list of messages or frames: follows the tail until the user scrolls, and never moves the selection."""

from PySide6.QtCore import QEvent, QModelIndex, Signal
from PySide6.QtGui import (
    QFontMetricsF,
)
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from wsinspector.present.rowtext import TimeStyle
from wsinspector.ui import theme
from wsinspector.ui.inspect.log_columns import LogHeader
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.log_table import LogTable


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
            model.dropping.connect(self._note_top)
            model.dropped.connect(self._keep_top)
        selection = self.table.selectionModel()
        if selection is not None:
            selection.currentChanged.connect(self._current_changed)
        self.follow()
        self.current_changed.emit()

    def forget_model(self, model: LogModel) -> None:
        model.modelAboutToBeReset.disconnect(self._remember)
        model.modelReset.disconnect(self._restore)
        model.dropping.disconnect(self._note_top)
        model.dropped.disconnect(self._keep_top)

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

    def restore_late(self) -> None:
        """Pick again what was picked, where its row came only after the others were shown."""
        model = self.table.log()
        current, _keys = self._keys
        if model is None or current is None or self.table.currentIndex().isValid():
            return
        row = model.row_of(current)
        if row is not None:
            self.show_row(row)

    # -- rows that go above what is read, as a limit drops them

    def _note_top(self) -> None:
        model = self.table.log()
        top = self.table.rowAt(0)
        self._top = model.key_at(top) if model is not None and 0 <= top < model.rowCount() else None

    def _keep_top(self) -> None:
        model = self.table.log()
        if model is None or self._top is None or self.following:
            return
        self._moving = True
        self.table.verticalScrollBar().setValue(max(model.nearest_row(self._top), 0))
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
