"""The table of provocations as it is seen: ticks one can see in the dark, cells coloured by their verdict."""

from PySide6.QtCore import QEvent, QModelIndex, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import add_entry
from wsinspector.ui.provoke.model import FIXED, KIND, TITLE, ProvokeModel
from wsinspector.ui.widgets.cell_table import CellDelegate, CellTable, Index

TITLES, KINDS, COLUMN = 320, 130, 190  # px at zoom 1
BOX = 13  # px at zoom 1
_TICK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))


class ProvokeDelegate(CellDelegate):
    """A fault stands bold. Ticks have the theme's colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(stands_out=lambda role: role == "fault", parent=parent)

    def begins(self, painter: QPainter, box: QRect, index: Index) -> int:
        left = super().begins(painter, box, index)
        model = index.model()
        if index.column() != TITLE or not isinstance(model, ProvokeModel):
            return left
        self._tick(painter, left, box, on=model.is_chosen(index.row()))
        return left + round(BOX * theme.zoom()) + theme.GAP

    def _tick(self, painter: QPainter, left: int, cell: QRect, *, on: bool) -> None:
        side = round(BOX * theme.zoom())
        box = QRectF(left + 0.5, cell.top() + round((cell.height() - side) / 2) + 0.5, side, side)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.color("muted"), 1))
        painter.setBrush(self.color("field"))
        painter.drawRoundedRect(box, 3, 3)
        if on:
            painter.setPen(QPen(self.color("text"), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(
                QPolygonF([QPointF(box.x() + x * side, box.y() + y * side) for x, y in _TICK])
            )
        painter.restore()


class ProvokeTable(CellTable):
    """``row_opened(server, place)``: show that provocation as a conversation."""

    row_opened = Signal(int, int)

    def __init__(self, model: ProvokeModel, parent: QWidget | None = None) -> None:
        self.provocations = model
        name = translate("Provoke", "Provocations: a row each with its tick, a column a server")
        super().__init__(model, name, parent)
        self.setItemDelegate(ProvokeDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.fit()

    def fit_columns(self) -> None:
        zoom, head = theme.zoom(), self.horizontalHeader()
        room = self.width() - self.verticalScrollBar().sizeHint().width() - 2
        servers = self.provocations.columnCount() - FIXED
        kinds = round(KINDS * zoom)
        head.resizeSection(KIND, kinds)
        titles = min(round(TITLES * zoom), max(round(200 * zoom), room // 3))
        head.resizeSection(TITLE, titles)
        for at in range(servers):
            head.resizeSection(FIXED + at, max(round(COLUMN * zoom), (room - titles - kinds) // servers))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        box = self.visualRect(index).left() + theme.GAP + round(BOX * theme.zoom()) + theme.SPACE
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.isValid() and index.column() == TITLE and event.position().x() <= box:
            self._tick([index.row()])

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.viewport().update()
        return super().viewportEvent(event)

    def fill_menu(self, menu: QMenu, index: QModelIndex) -> None:
        """What can be done with the row at ``index``."""
        opens = menu.addAction(
            translate("Provoke", "Open as a conversation\tEnter"), lambda: self.open_cell(index, shift=False)
        )
        opens.setEnabled(self.provocations.place(index) is not None)
        menu.addAction(translate("Provoke", "Tick, or take the tick off\tSpace"), self.toggle)
        menu.addAction(
            translate("Provoke", "Tick this one alone"),
            lambda: self.only(self.provocations.rows[index.row()].id),
        )
        add_entry(menu, translate("Provoke", "Copy in words"), "list.copy", self.copy)

    def only(self, id: str) -> None:
        """Choose one provocation and no other."""
        self.provocations.choose_alone([id])

    def toggle(self) -> None:
        """Tick the selected rows, or take the ticks off where the current one has one."""
        rows = {each.row() for each in self.selectedIndexes()} | {self.currentIndex().row()}
        self._tick(sorted(row for row in rows if row >= 0))

    def _tick(self, rows: list[int]) -> None:
        model = self.provocations
        current = self.currentIndex().row()
        lead = current if current in rows else rows[0]
        model.choose([model.rows[row].id for row in rows], on=not model.is_chosen(lead))

    def toggle_cell(self, index: QModelIndex) -> None:
        self.toggle()

    def open_cell(self, index: QModelIndex, *, shift: bool) -> None:
        place = self.provocations.place(index)
        if place is not None:
            self.row_opened.emit(*place)
