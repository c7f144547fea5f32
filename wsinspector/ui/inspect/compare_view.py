"""Two attempts side by side, differences marked down to case, order, repetition and white space."""

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPen,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from wsinspector.present.comparing import CompareRow, SideText
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.row_paint import chip_font
from wsinspector.ui.tips import plain_tip

ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex
LONGEST = 4000
MOST_ROWS = 1000
"""Lines laid out for a comparison; more would hold the window up."""


class CompareModel(QAbstractTableModel):
    """Rows of ``present.comparing``; column 0 is left, 1 right."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[CompareRow, ...] = ()
        self._names = ("", "")

    def show(self, rows: Sequence[CompareRow], names: tuple[str, str]) -> None:
        self.beginResetModel()
        self._rows, self._names = tuple(rows), names
        self.endResetModel()

    @property
    def rows(self) -> tuple[CompareRow, ...]:
        return self._rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        side = row.right if index.column() else row.left
        if role == Qt.ItemDataRole.DisplayRole:
            return side.text[:LONGEST] if side is not None else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken()
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.label) if row.label else None
        return row if role == ROW_ROLE else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._names[section]
        return None


class CompareDelegate(QStyledItemDelegate):
    """Wraps each line and marks what differs by ground and underline, never by colour alone."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = cast(CompareRow, index.data(ROW_ROLE))
        side = row.right if index.column() else row.left
        rect = QRectF(option.rect)
        painter.save()
        if row.differs:
            painter.fillRect(rect, theme.color("marked"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        top = rect.top() + 3
        if row.differs or row.label:
            painter.setFont(chip_font())
            metrics = QFontMetricsF(painter.font())
            if self._says_label(row, index.column()):
                painter.setPen(theme.color("note" if row.differs else "muted"))
                label = metrics.elidedText(row.label, Qt.TextElideMode.ElideRight, rect.width() - 16)
                painter.drawText(QPointF(rect.left() + 8, top + metrics.ascent()), label)
            top += metrics.height()
        if side is None:
            painter.setFont(theme.mono_font())
            painter.setPen(theme.color("muted"))
            painter.drawText(QPointF(rect.left() + 8, top + QFontMetricsF(painter.font()).ascent()), "–")
        else:
            layout = self._layout(side, rect.width() - 14, row)
            painter.setPen(theme.color("text" if row.differs else "muted"))
            layout.draw(painter, QPointF(rect.left() + 8, top))
        if index.column():
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(rect.topLeft(), rect.bottomLeft())
        painter.restore()

    def _says_label(self, row: CompareRow, column: int) -> bool:
        if row.left is None:
            return column == 1
        return column == 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = cast(CompareRow, index.data(ROW_ROLE))
        view = cast(QTableView, self.parent())
        width = view.columnWidth(index.column())
        side = row.right if index.column() else row.left
        height = theme.row_height() - 6.0
        if side is not None:
            layout = self._layout(side, width - 14, row)
            height = layout.boundingRect().height()
        if row.differs or row.label:
            height += QFontMetricsF(chip_font()).height()
        return QSize(width, round(height) + 6)

    def _layout(self, side: SideText, width: float, row: CompareRow) -> QTextLayout:
        layout = QTextLayout(side.text[:LONGEST], theme.mono_font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        formats = []
        if row.differs:
            form = QTextCharFormat()
            form.setBackground(theme.color("lit"))
            form.setForeground(theme.color("text"))
            form.setFontUnderline(True)
            for start, end in side.marks:
                place = QTextLayout.FormatRange()
                place.start, place.length, place.format = start, end - start, form
                formats.append(place)
        layout.setFormats(formats)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 40))
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        return layout


class CompareTable(QTableView):
    """As high as its rows; the pane scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.compare_model = CompareModel()
        self.compare_model.setParent(self)
        self.setModel(self.compare_model)
        self._paints = CompareDelegate(self)
        self.setItemDelegate(self._paints)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(8)

    def show_rows(self, rows: Sequence[CompareRow], names: tuple[str, str]) -> None:
        self.compare_model.show(rows, names)
        self._arrange()

    def _arrange(self) -> None:
        width = self.viewport().width()
        self.setColumnWidth(0, width // 2)
        self.setColumnWidth(1, width - width // 2)
        rows = self.compare_model.rowCount()
        option = QStyleOptionViewItem()
        for row in range(rows):
            sides = (self.compare_model.index(row, 0), self.compare_model.index(row, 1))
            heights = [self._paints.sizeHint(option, side).height() for side in sides]
            self.setRowHeight(row, max(heights))
        self.setFixedHeight(max(1, sum(self.rowHeight(row) for row in range(rows))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange) and hasattr(
            self, "compare_model"
        ):
            self._arrange()


class CompareView(QWidget):
    """Requests above, answers beneath, each with what differs in a line of words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        self.told = RoleLabel("", "text", wraps=True)
        self.told.setContentsMargins(12, 4, 12, 4)
        column.addWidget(self.told)
        self._headings: list[RoleLabel] = []
        self._tables: list[CompareTable] = []
        for title in (translate("Compare", "Requests"), translate("Compare", "Responses")):
            heading = RoleLabel("", "text", bold=True)
            heading.setContentsMargins(12, 4, 12, 0)
            table = CompareTable()
            table.setAccessibleName(title)
            column.addWidget(heading)
            column.addWidget(table)
            self._headings.append(heading)
            self._tables.append(table)

    @property
    def requests(self) -> CompareTable:
        return self._tables[0]

    @property
    def responses(self) -> CompareTable:
        return self._tables[1]

    def show_both(
        self,
        requests: Sequence[CompareRow],
        responses: Sequence[CompareRow],
        names: tuple[str, str],
        told: str = "",
    ) -> None:
        """Show the compared lines; ``names`` are what the sides are called, ``#1`` and ``#2``.

        ``told``: what they say together, in sentences, such as which difference goes with which.
        """
        self.told.set_text(told)
        self.told.setVisible(bool(told))
        titles = (translate("Compare", "Requests"), translate("Compare", "Responses"))
        both = zip(self._headings, self._tables, titles, (requests, responses), strict=True)
        for heading, table, title, rows in both:
            count = sum(row.differs for row in rows)
            heading.set_text(f"{title} {names[0]} | {names[1]}, {_counted(count)}")
            heading.setVisible(bool(rows))
            table.setVisible(bool(rows))
            table.show_rows(rows[:MOST_ROWS], names)
            if len(rows) > MOST_ROWS:
                cut = translate("Compare", "the first {0} lines shown").format(MOST_ROWS)
                heading.set_text(f"{heading.full_text()}, {cut}")

    def show_mirrored(self, rows: Sequence[CompareRow], notes: Sequence[str]) -> None:
        """Show one request as it was sent and as it arrived, and what ``notes`` say of the differences."""
        names = (translate("Compare", "as sent"), translate("Compare", "as it arrived"))
        self.show_both(rows, (), names, "\n".join(notes))


def _counted(count: int) -> str:
    if count == 0:
        return translate("Compare", "no line differs")
    if count == 1:
        return translate("Compare", "1 line differs")
    return translate("Compare", "{0} lines differ").format(count)
