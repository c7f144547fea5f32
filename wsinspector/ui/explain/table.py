"""The list of what is explained: arrows open and close, Enter too, End goes on with what comes."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.explain.delegate import INDENT, ExplainDelegate
from wsinspector.ui.explain.model import ExplainModel, Index
from wsinspector.ui.widgets.one_column import make_one_column


class ExplainTable(QTableView):
    """One column that the delegate fills; Right opens or goes in, Left closes or goes out."""

    current_changed = Signal()
    copy_asked = Signal()
    left = Signal()  # Escape

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(ExplainDelegate(self))
        make_one_column(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.empty_text = ""
        self.setAccessibleName(translate("Explain", "The conversation, piece by piece"))
        self.setAccessibleDescription(
            translate("Explain", "Right opens a row, Left closes it, Enter does both, End follows what comes")
        )
        theme.watcher().changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Read fonts and colours again."""
        self.verticalHeader().setDefaultSectionSize(theme.row_height())
        self.viewport().update()

    def explained(self) -> ExplainModel | None:
        model = self.model()
        return model if isinstance(model, ExplainModel) else None

    @property
    def at_end(self) -> bool:
        """Whether the last row is in sight."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum()

    def go_to(self, row: int) -> None:
        """Make ``row`` current and bring it into sight."""
        model = self.explained()
        if model is not None and 0 <= row < model.rowCount():
            self.setCurrentIndex(model.index(row, 0))
            self.scrollTo(model.index(row, 0))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.current_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        model, row = self.explained(), self.currentIndex().row()
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif model is None or row < 0:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Right:
            if not model.open(row) and model.rows.row(row).opened:
                self.go_to(row + 1)
        elif key == Qt.Key.Key_Left:
            if not model.close(row):
                above = model.rows.parent_of(row)
                if above is not None:
                    self.go_to(above)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.turn(row)
        else:
            super().keyPressEvent(event)

    def turn(self, row: int) -> None:
        """Open a closed row, close an open one."""
        model = self.explained()
        if model is not None and not model.close(row):
            model.open(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        model = self.explained()
        index = self.indexAt(event.position().toPoint())
        if model is not None and index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            depth = model.rows.row(index.row()).depth
            start = theme.GAP + depth * INDENT * theme.zoom()
            if start - 4 <= event.position().x() < start + INDENT * theme.zoom():
                self.go_to(index.row())
                self.turn(index.row())
                return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.turn(index.row())

    def row_place(self) -> QPoint:
        """Where the current row stands, on the screen."""
        rect = self.visualRect(self.currentIndex())
        return self.viewport().mapToGlobal(rect.bottomLeft())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # What was in sight and is picked stays so: the text beside it is about it.
        if 0 <= self.visualRect(self.currentIndex()).top() < event.oldSize().height():
            self.scrollTo(self.currentIndex())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        model = self.explained()
        if self.empty_text and (model is None or not model.rowCount()):
            painter = QPainter(self.viewport())
            painter.setPen(theme.color("muted"))
            room = self.viewport().rect().adjusted(theme.MARGIN, theme.MARGIN, -theme.MARGIN, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self.empty_text)
            painter.end()
