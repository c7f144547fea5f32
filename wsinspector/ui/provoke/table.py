"""The table of provocations as it is seen: ticks one can see in the dark, cells coloured by their verdict."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
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
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from wsinspector.present.provoked_texts import ROLES
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import add_entry
from wsinspector.ui.provoke.model import FIXED, KIND, TITLE, ProvokeModel

Index = QModelIndex | QPersistentModelIndex
TITLES, KINDS, COLUMN = 320, 130, 190  # px at zoom 1
BOX = 13  # px at zoom 1
_TICK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))


class ProvokeDelegate(QStyledItemDelegate):
    """A cell's text in the colour of its verdict; a fault stands bold. Ticks have the theme's colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.watcher().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        plain, bold = QFont(theme.ui_font()), QFont(theme.ui_font())
        bold.setBold(True)
        self._fonts = {False: (plain, QFontMetricsF(plain)), True: (bold, QFontMetricsF(bold))}
        names = ("text", "muted", "selection", "hover", "focus", "field", "line", *ROLES.values())
        self._colors = {name: QColor(theme.color(name)) for name in names}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, ProvokeModel):
            return
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, self._colors["selection"])
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, self._colors["hover"])
        left = box.left() + theme.GAP
        if index.column() == TITLE:
            left = box.left() + theme.GAP
            self._tick(painter, QRectF(left, 0, 0, 0), box, on=model.is_chosen(index.row()))
            left += round(BOX * theme.zoom()) + theme.GAP
        role = model.role(index)
        font, metrics = self._fonts[role == "fault"]
        text = metrics.elidedText(
            model.text(index), Qt.TextElideMode.ElideRight, box.right() - left - theme.SPACE
        )
        painter.setFont(font)
        painter.setPen(self._colors[role])
        base = box.top() + (box.height() + metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(left, round(base)), text)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._colors["focus"], 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0, 0, -1, -1))

    def _tick(self, painter: QPainter, at: QRectF, cell: QRect, *, on: bool) -> None:
        side = round(BOX * theme.zoom())
        box = QRectF(at.left() + 0.5, cell.top() + round((cell.height() - side) / 2) + 0.5, side, side)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colors["muted"], 1))
        painter.setBrush(self._colors["field"])
        painter.drawRoundedRect(box, 3, 3)
        if on:
            painter.setPen(QPen(self._colors["text"], 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(
                QPolygonF([QPointF(box.x() + x * side, box.y() + y * side) for x, y in _TICK])
            )
        painter.restore()

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        return False  # the table ticks; Qt would look for the box where its own style draws one

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(COLUMN, theme.row_height())


class ProvokeTable(QTableView):
    """``row_opened(server, place)``: show that provocation as a conversation. ``looked_at``: another cell."""

    row_opened = Signal(int, int)
    looked_at = Signal()

    def __init__(self, model: ProvokeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.provocations = model
        self.setModel(model)
        self.setItemDelegate(ProvokeDelegate(self))
        self.setAccessibleName(
            translate("Provoke", "Provocations: a row each with its tick, a column a server")
        )
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        model.modelReset.connect(self._fit)
        theme.watcher().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(theme.row_height())
        self._fit_columns()
        self.viewport().update()

    def _fit_columns(self) -> None:
        zoom, head = theme.zoom(), self.horizontalHeader()
        room = self.width() - self.verticalScrollBar().sizeHint().width() - 2
        servers = self.provocations.columnCount() - FIXED
        kinds = round(KINDS * zoom)
        head.resizeSection(KIND, kinds)
        titles = min(round(TITLES * zoom), max(round(200 * zoom), room // 3))
        head.resizeSection(TITLE, titles)
        for at in range(servers):
            head.resizeSection(FIXED + at, max(round(COLUMN * zoom), (room - titles - kinds) // servers))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.looked_at.emit()

    # -- by hand

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif index.isValid() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(index)
        elif index.isValid() and key == Qt.Key.Key_Space and not event.modifiers():
            self.toggle()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        box = self.visualRect(index).left() + theme.GAP + round(BOX * theme.zoom()) + theme.SPACE
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.isValid() and index.column() == TITLE and event.position().x() <= box:
            self._tick([index.row()])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self._open(index)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.viewport().update()
        return super().viewportEvent(event)

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

    def fill_menu(self, menu: QMenu, index: QModelIndex) -> None:
        """What can be done with the row at ``index``."""
        opens = menu.addAction(
            translate("Provoke", "Open as a conversation\tEnter"), lambda: self._open(index)
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
        model = self.provocations
        model.choose([each.id for each in model.chosen() if each.id != id], on=False)
        model.choose([id], on=True)

    def toggle(self) -> None:
        """Tick the selected rows, or take the ticks off where the current one has one."""
        rows = {each.row() for each in self.selectedIndexes()} | {self.currentIndex().row()}
        self._tick(sorted(row for row in rows if row >= 0))

    def _tick(self, rows: list[int]) -> None:
        model = self.provocations
        current = self.currentIndex().row()
        lead = current if current in rows else rows[0]
        model.choose([model.rows[row].id for row in rows], on=not model.is_chosen(lead))

    def _open(self, index: QModelIndex) -> None:
        place = self.provocations.place(index)
        if place is not None:
            self.row_opened.emit(*place)

    def copy(self) -> None:
        """Put what is selected on the clipboard, a line a cell, in words."""
        chosen = sorted(self.selectedIndexes(), key=lambda each: (each.row(), each.column()))
        if chosen:
            QGuiApplication.clipboard().setText("\n".join(self.provocations.spoken(each) for each in chosen))
