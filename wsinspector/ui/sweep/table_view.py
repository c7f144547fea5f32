"""The table of a sweep as it is seen: request titles that stay in sight, cells coloured by their verdict."""

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QHeaderView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import add_entry
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.sweep.table_model import ROLES, SweepModel
from wsinspector.ui.widgets.cell_table import CellDelegate, CellTable

TITLES = (150, 300)  # px at zoom 1: the least and the most of the titles' column
COLUMN = 150  # px at zoom 1: the least of a server's column
ARROW = 14
MARKED = frozenset(ROLES.values())


class TitleHeader(QHeaderView):
    """What was sent, a row a request; an arrow before rows that hold several."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setAccessibleName(translate("SweepTable", "What was sent"))
        theme.watcher().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        plain, bold = QFont(theme.mono_font()), QFont(theme.mono_font())
        bold.setBold(True)
        self._fonts = {True: (plain, QFontMetricsF(plain)), False: (bold, QFontMetricsF(bold))}

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 - Qt's own name
        model = self.model()
        if not isinstance(model, SweepModel) or logicalIndex >= len(model.rows):
            return
        row = model.rows[logicalIndex]
        painter.save()
        painter.fillRect(rect, theme.color("pane"))
        font, metrics = self._fonts[row.inner]
        painter.setFont(font)
        left = rect.left() + theme.MARGIN + (ARROW if row.inner else 0)
        room = QRectF(left, rect.top(), rect.right() - left - theme.GAP, rect.height())
        if row.folded:
            room.setRight(room.right() - ARROW)
        painter.setPen(theme.color("text"))
        text = metrics.elidedText(row.label, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
        if row.folded:
            x = min(room.left() + metrics.horizontalAdvance(text) + theme.GAP, room.right() + theme.SPACE)
            _arrow(painter, QPointF(x, rect.center().y() + 0.5), row.open)
        painter.restore()

    def wanted_width(self) -> int:
        """Room for the longest title, within bounds."""
        model, zoom = self.model(), theme.zoom()
        _, metrics = self._fonts[False]
        titles = [row.label for row in model.rows] if isinstance(model, SweepModel) else []
        longest = max((metrics.horizontalAdvance(title) for title in titles), default=0)
        wide = round(longest) + 2 * theme.MARGIN + 2 * ARROW
        return min(max(wide, round(TITLES[0] * zoom)), round(TITLES[1] * zoom))


def _arrow(painter: QPainter, middle: QPointF, opened: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("muted"), 1.5))
    shape = ((-3, -1.5), (0, 2), (3, -1.5)) if opened else ((-1.5, -3), (2, 0), (-1.5, 3))
    painter.drawPolyline(QPolygonF([middle + QPointF(x, y) for x, y in shape]))


class SweepTableView(CellTable):
    """``cell_opened(server, place)``: show that answer as a conversation."""

    cell_opened = Signal(int, int)

    def __init__(self, model: SweepModel, parent: QWidget | None = None) -> None:
        self.sweep = model
        super().__init__(
            model, translate("SweepTable", "Answers: a row a request, a column a server"), parent
        )
        self._titles = TitleHeader(self)
        self.setVerticalHeader(self._titles)
        self._titles.setModel(model)
        self.setItemDelegate(CellDelegate(theme.mono_font, MARKED.__contains__, self))
        self.setCornerButtonEnabled(False)
        head = self.horizontalHeader()
        head.setAccessibleName(translate("SweepTable", "Servers"))
        self._titles.sectionClicked.connect(model.toggle)
        self._label_corner()
        model.rowsInserted.connect(self.fit)
        model.rowsRemoved.connect(self.fit)
        self.fit()

    def _label_corner(self) -> None:
        corner = self.findChild(QAbstractButton)
        if corner is None:
            return
        corner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(corner)
        column.setContentsMargins(theme.MARGIN, 0, theme.SPACE, 0)
        self.corner = RoleLabel(translate("SweepTable", "Sent value"), "muted")
        column.addWidget(self.corner)
        corner.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QAbstractButton):
            painter = QPainter(watched)
            painter.fillRect(watched.rect(), theme.color("pane"))
            painter.setPen(theme.color("line"))
            painter.drawLine(watched.rect().bottomLeft(), watched.rect().bottomRight())
            painter.end()
            return True
        return super().eventFilter(watched, event)

    # -- sizes

    def fit(self) -> None:
        self._titles.setFixedWidth(self._titles.wanted_width())
        super().fit()

    def fit_columns(self) -> None:
        count = self.sweep.columnCount()
        if not count:
            return
        room = self.width() - self._titles.width() - self.verticalScrollBar().sizeHint().width()
        least = round(COLUMN * theme.zoom())
        head = self.horizontalHeader()
        for at in range(count):
            head.resizeSection(at, max(least, room // count))

    def fill_menu(self, menu: QMenu, index: QModelIndex) -> None:
        """What can be done with the cell at ``index``."""
        row = self.sweep.rows[index.row()]
        opens = menu.addAction(
            translate("SweepTable", "Open as a conversation\tEnter"),
            lambda: self.open_cell(index, shift=False),
        )
        opens.setEnabled(self.sweep.cell(index) is not None)
        if row.folded or row.inner:
            text = translate("SweepTable", "Show each row\tSpace")
            if row.open or row.inner:
                text = translate("SweepTable", "Fold again\tSpace")
            menu.addAction(text, lambda: self.toggle(index))
        add_entry(menu, translate("SweepTable", "Copy in words"), "list.copy", self.copy)

    def open_cell(self, index: QModelIndex, *, shift: bool) -> None:
        if self.sweep.cell(index) is not None:
            self.cell_opened.emit(index.column(), self.sweep.place(index))

    def toggle_cell(self, index: QModelIndex) -> None:
        self.toggle(index)

    def toggle(self, index: QModelIndex) -> None:
        """Open or close the folded row of ``index``, which stays the current one."""
        place, column = self.sweep.place(index), index.column()
        inner = self.sweep.rows[index.row()].inner
        self.sweep.toggle(index.row())
        rows = [at for at, row in enumerate(self.sweep.rows) if place in row.places]
        if rows:
            self.setCurrentIndex(self.sweep.index(rows[0] if not inner else rows[-1], column))

    def show_cells(self, indexes: list[QModelIndex]) -> None:
        """Select ``indexes`` and bring the first of them into sight and focus."""
        if not indexes:
            return
        chosen = QItemSelection()
        for index in indexes:
            chosen.select(index, index)
        model = self.selectionModel()
        model.setCurrentIndex(indexes[0], QItemSelectionModel.SelectionFlag.NoUpdate)
        model.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(indexes[-1])
        self.scrollTo(indexes[0])

    def title_at(self, row: int) -> QPoint:
        """The middle of the title of ``row``, in the titles' own coordinates."""
        top = self._titles.sectionViewportPosition(row)
        return QPoint(self._titles.width() // 2, top + self._titles.sectionSize(row) // 2)

    @property
    def titles(self) -> TitleHeader:
        return self._titles
