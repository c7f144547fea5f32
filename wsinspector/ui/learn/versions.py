"""Every version of the protocol side by side, oldest first, with the card of the one that is picked."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHeaderView,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from wsinspector.present.timeline import Timeline, card_lines, timeline
from wsinspector.protocol.dialects.cards import card_of
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.accessible_roles import Role
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.learn.topic import TopicPage

COLUMN = 232  # px at zoom 1
TITLES = 112
LOW = 300
"""px of height at zoom 1 below which what leads in is left out, so that the table has room."""
NARROW = 480
"""px of width at zoom 1 below which a remark stands below what it is about."""

Index = QModelIndex | QPersistentModelIndex


class TimelineModel(QAbstractTableModel):
    """A column a version, a row an aspect. What did not change is muted."""

    def __init__(self, found: Timeline, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.timeline = found

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.timeline.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.timeline.names)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell = self.timeline.rows[index.row()].cells[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.text
            case Qt.ItemDataRole.AccessibleTextRole:
                name, title = self.timeline.names[index.column()], self.timeline.rows[index.row()].title
                return f"{name}, {title}: {cell.text}"
            case Qt.ItemDataRole.ForegroundRole:
                return theme.color("text" if cell.changed else "muted")
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Horizontal:
            return f"{self.timeline.names[section]}\n{self.timeline.dates[section]}"
        return self.timeline.rows[section].title


class CardView(QScrollArea):
    """One version: a line an aspect, what is new in it marked."""

    ACCESSIBLE_ROLE = Role.Document

    write_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(translate("Versions", "The card of the version"))
        self.title = RoleLabel("", "text", bold=True, size=1.2)
        self.dated = RoleLabel("", "muted")
        self.write = QPushButton()
        self.write.setToolTip(
            translate("Versions", "Rewrites the whole request of the conversation in front; nothing is sent")
        )
        self.write.clicked.connect(lambda: self.write_asked.emit(self._name))
        self._head = FlowRow(spacing=theme.GAP)
        for widget in (self.title, self.dated, self.write):
            self._head.add(widget)
        self._narrow = False
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(theme.MARGIN)
        self._lines.setVerticalSpacing(theme.SPACE + 2)
        self._lines.setColumnStretch(1, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.MARGIN)
        column.setSpacing(theme.GAP)
        column.addWidget(self._head)
        column.addLayout(self._lines)
        column.addStretch(1)
        self.setWidget(inner)
        theme.watcher().changed.connect(self._fit)

    def show_card(self, name: str) -> None:
        """Show the card of dialect ``name``."""
        if name == self._name:
            return
        self._name = name
        self._show()
        self.verticalScrollBar().setValue(0)

    def _show(self) -> None:
        name = self._name
        card = card_of(name)
        self.title.set_text(card.name)
        self.dated.set_text(card.dialect.dated)
        self.write.setText(translate("Versions", "Write a request in {0}").format(name))
        self._head.arrange_again()
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for row, line in enumerate(card_lines(card)):
            title = RoleLabel(line.title, "muted")
            text = RoleLabel(line.text, "text", wraps=True)
            at = 2 * row
            self._lines.addWidget(title, at, 0, Qt.AlignmentFlag.AlignTop)
            self._lines.addWidget(text, at, 1, Qt.AlignmentFlag.AlignTop)
            remark = translate("Versions", "new") if line.changed else ""
            remark = ", ".join(part for part in (remark, line.remark) if part)
            if not remark:
                continue
            label = RoleLabel(remark, "ok" if line.changed else "muted", wraps=self._narrow)
            below, column = (at + 1, 1) if self._narrow else (at, 2)
            self._lines.addWidget(label, below, column, Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < NARROW * theme.zoom()
        if narrow != self._narrow:
            self._narrow = narrow
            if self._name:
                self._show()


class VersionsPage(TopicPage):
    """The time line above the card of the version that is picked in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TimelineModel(timeline(), self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(translate("Versions", "Versions of the protocol, oldest first"))
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setWordWrap(True)
        self.table.setStyleSheet(f"QTableView::item {{ padding: {theme.SPACE}px; }}")
        self.table.setCornerButtonEnabled(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setTabKeyNavigation(False)
        across, down = self.table.horizontalHeader(), self.table.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.card = CardView()
        self.card.write_asked.connect(self.write_asked)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.split.addWidget(self.table)
        self.split.addWidget(self.card)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([540, 460])
        self.lead = RoleLabel(
            translate(
                "Versions",
                "From the first deployed draft to the standard. Bright is what a version changed, muted "
                "what it kept. Left and Right go through time.",
            ),
            "muted",
            wraps=True,
        )
        self.lead.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.lead)
        column.addWidget(self.split, 1)
        self.setFocusProxy(self.table)
        self.table.selectionModel().currentChanged.connect(self._picked)
        across.sectionClicked.connect(self._pick_column)
        theme.watcher().changed.connect(self._fit)
        self._fit()
        self.show_place(self.model.timeline.names[-1])

    def show_place(self, place: str) -> None:
        """Pick the version called ``place``."""
        names = self.model.timeline.names
        if place in names:
            self._pick_column(names.index(place))

    def focus_first(self) -> None:
        self.table.setFocus()

    def picked(self) -> str:
        """The name of the version whose card is shown."""
        return self.model.timeline.names[max(self.table.currentIndex().column(), 0)]

    def _pick_column(self, column: int) -> None:
        row = max(self.table.currentIndex().row(), 0)
        self.table.setCurrentIndex(self.model.index(row, column))
        self.table.scrollTo(self.model.index(row, column))

    def _picked(self, index: QModelIndex) -> None:
        if index.isValid():
            self.card.show_card(self.model.timeline.names[index.column()])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_page()

    def _fit_page(self) -> None:
        """No column wider than there is room, and what is picked in sight."""
        zoom = theme.zoom()
        self.lead.setVisible(self.height() >= LOW * zoom)
        titles = round(TITLES * zoom)
        self.table.verticalHeader().setFixedWidth(titles)
        bar = self.table.verticalScrollBar().sizeHint().width()
        width = min(round(COLUMN * zoom), max(self.width() - titles - bar, titles))
        if width != self.table.columnWidth(0):
            for column in range(self.model.columnCount()):
                self.table.setColumnWidth(column, width)
            self._fit_rows()
        self.table.scrollTo(self.table.currentIndex())

    def _fit_rows(self) -> None:
        """Rows as high as their longest text; the view's own way looks at the columns in sight alone."""
        metrics = QFontMetrics(self.table.font())
        room = QRect(0, 0, self.table.columnWidth(0) - 4 * theme.SPACE, 10_000)
        wraps = int(Qt.TextFlag.TextWordWrap)
        for at, row in enumerate(self.model.timeline.rows):
            highest = max(metrics.boundingRect(room, wraps, cell.text).height() for cell in row.cells)
            self.table.setRowHeight(at, highest + 3 * theme.SPACE)

    def _fit(self) -> None:
        """Set what hangs on the size of the text."""
        font = theme.ui_font(0.95)
        self.table.setFont(font)
        height = QFontMetricsF(font).height()
        self.table.horizontalHeader().setFixedHeight(round(2 * height + 2 * theme.SPACE))
        self._fit_page()
        self._fit_rows()
        self.model.layoutChanged.emit()
