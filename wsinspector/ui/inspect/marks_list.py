"""All marks of the attempt below the log; Enter or a click goes to one."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from wsinspector.present.marks import Marks
from wsinspector.present.numbers import count
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.strip_bar import flat_button
from wsinspector.ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
MOST_LINES = 6


class MarksModel(QAbstractListModel):
    """A row a mark, in the order of the frames."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[int, str, str]] = []

    def show_marks(self, marks: Marks) -> None:
        """Take over what is marked."""
        rows = []
        for number in marks.numbers:
            mark = marks.get(number)
            if mark is not None:
                rows.append((number, mark.name, mark.note))
        if rows == self._rows:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        number, name, note = self._rows[index.row()]
        first = note.strip().splitlines()[0] if note.strip() else ""
        said = " · ".join(part for part in (name, first) if part)
        if role == Qt.ItemDataRole.DisplayRole:
            return f"⚑ #{count(number)}  {said}".rstrip()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return translate("Marks", "mark on frame {number}, {said}").format(number=number, said=said)
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(40, theme.row_height())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(part for part in (name, note) if part)) or None
        return None

    def number_at(self, row: int) -> int:
        return self._rows[row][0]

    def row_of(self, number: int) -> int:
        """The row of the mark on frame ``number``; -1 for none."""
        return next((at for at, row in enumerate(self._rows) if row[0] == number), -1)


class _List(QListView):
    left = Signal()
    chosen = Signal(QModelIndex)
    taken_off = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Delete:
            self.taken_off.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class MarksList(QWidget):
    """Hidden until :meth:`appear`; says how a mark is made where there is none."""

    chosen = Signal(int)  # a frame's number
    taken_off = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = MarksModel(self)
        self.title = RoleLabel("", "muted")
        self.list = _List()
        self.list.setModel(self.model)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setAccessibleName(translate("Marks", "Marks of this attempt"))
        self.list.setToolTip(translate("Marks", "Enter goes to the mark, Delete takes it off, Escape closes"))
        empty = RoleLabel(
            translate("Marks", "No marks yet. M in the log marks the current row."), "muted", wraps=True
        )
        empty.setContentsMargins(theme.SPACE, 0, 0, 0)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.list)
        self._pages.addWidget(empty)
        self.cross = flat_button("✕", translate("Marks", "Put the list away (Escape)"))
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.cross)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, theme.SPACE)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self._pages)
        self.list.left.connect(self.leave)
        self.cross.clicked.connect(self.leave)
        self.list.chosen.connect(self._choose)
        self.list.clicked.connect(self._choose)
        self.list.taken_off.connect(self._take_off)
        theme.watcher().changed.connect(self._fit)
        self.hide()

    def show_marks(self, marks: Marks) -> None:
        """What is marked has changed."""
        number = self._current()
        self.model.show_marks(marks)
        rows = self.model.rowCount()
        self.title.set_text(
            translate("Marks", "1 mark")
            if rows == 1
            else translate("Marks", "{n} marks").format(n=count(rows))
        )
        self._pages.setCurrentIndex(0 if rows else 1)
        if rows:
            row = self.model.row_of(number)
            self.list.setCurrentIndex(self.model.index(max(row, 0), 0))
        self._fit()

    def appear(self, near: int) -> None:
        """Show the list and take the focus; the mark at frame ``near`` or before it is current."""
        self.show()
        rows = [row for row in range(self.model.rowCount()) if self.model.number_at(row) <= near]
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(rows[-1] if rows else 0, 0))
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.cross.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._fit()

    def leave(self) -> None:
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _current(self) -> int:
        row = self.list.currentIndex().row()
        return self.model.number_at(row) if 0 <= row < self.model.rowCount() else 0

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.model.number_at(index.row()))

    def _take_off(self, index: QModelIndex) -> None:
        if index.isValid():
            self.taken_off.emit(self.model.number_at(index.row()))

    def _fit(self) -> None:
        rows = max(min(self.model.rowCount(), MOST_LINES), 1)
        self._pages.setFixedHeight(rows * theme.row_height() + theme.SPACE)
