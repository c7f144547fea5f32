"""Where the log's columns stand: one header above, one rule for narrow panes."""

import enum
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QContextMenuEvent, QFontMetricsF, QMouseEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from wsinspector.present.rowtext import TimeStyle
from wsinspector.translate import marked, translate
from wsinspector.ui import theme

NARROW = 780
"""Below this width (before zoom) the log shows time, direction, type and payload."""

PAD = 8


class Column(enum.IntEnum):
    """The columns in their order."""

    NUMBER = 0
    TIME = 1
    DIRECTION = 2
    TYPE = 3
    SIZE = 4
    PAYLOAD = 5


TITLES = {
    Column.NUMBER: marked("Log", "No."),
    Column.TIME: marked("Log", "Time"),
    Column.DIRECTION: "",
    Column.TYPE: marked("Log", "Type"),
    Column.SIZE: marked("Log", "Size"),
    Column.PAYLOAD: marked("Log", "Payload"),
}
RIGHT = (Column.NUMBER, Column.SIZE)


@dataclass(frozen=True, slots=True)
class Lane:
    """One column on the screen: left edge and width in pixels; width 0 where it is hidden."""

    left: int
    width: int


TIMES = {
    TimeStyle.ABSOLUTE: marked("Log", "Time"),
    TimeStyle.RELATIVE: marked("Log", "From start"),
    TimeStyle.DELTA: marked("Log", "Delta"),
    TimeStyle.MARK: marked("Log", "From mark"),
}


class _Titles(QAbstractTableModel):
    times = TimeStyle.ABSOLUTE

    def rowCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def data(self, _index: QModelIndex | QPersistentModelIndex, _role: int = 0) -> Any:
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        column = Column(section)
        if role == Qt.ItemDataRole.DisplayRole:
            title = TIMES[self.times] if column is Column.TIME else TITLES[column]
            return translate("Log", title) if title else ""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column in RIGHT else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole:
            cell = translate(
                "Log",
                "Alt+click or middle click on a cell: only rows like it. With Shift: all but those.",
            )
            if column is not Column.TIME:
                return cell
            times = translate(
                "Log", "Click to choose how times read: of day, since the beginning, since a mark (T)"
            )
            return f"{times}\n{cell}"
        return None


class LogHeader(QHeaderView):
    """The titles above the log; the time column's menu sets how times read."""

    lanes_changed = Signal()
    times_chosen = Signal(object)  # TimeStyle

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._titles = _Titles(self)
        self.setModel(self._titles)
        self.times = TimeStyle.ABSOLUTE
        self.narrow = False
        self._wanted: dict[Column, int] = {}
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setStretchLastSection(True)
        self.setMinimumSectionSize(24)
        self.setAccessibleName(translate("Log", "Columns of the log"))
        self.sectionResized.connect(self.lanes_changed)
        self.set_widths()

    def set_widths(self) -> None:
        """Widths that fit the font: call again after a zoom."""
        mono = QFontMetricsF(theme.mono_font())
        plain = QFontMetricsF(theme.ui_font())
        digit = mono.horizontalAdvance("0")
        for column, width in (
            (Column.NUMBER, digit * 6 + 2 * PAD),
            (Column.TIME, digit * 12 + PAD + 4),
            (Column.DIRECTION, digit * 5 + 2 * PAD),
            (Column.TYPE, plain.horizontalAdvance("Binary") * 1.1 + 2 * PAD),
            (Column.SIZE, digit * 6 + 2 * PAD),
        ):
            self.resizeSection(column, round(width))

    def make_room(self, column: Column, width: float) -> None:
        """See that a text ``width`` pixels wide fits into ``column``; asked while painting, done after."""
        wanted = round(width) + 2 * PAD
        if wanted > self.sectionSize(column) and wanted > self._wanted.get(column, 0):
            self._wanted[column] = wanted
            QTimer.singleShot(0, self, self._widen)

    def _widen(self) -> None:
        for column, width in self._wanted.items():
            self.resizeSection(column, max(width, self.sectionSize(column)))
        self._wanted.clear()

    def set_narrow(self, narrow: bool) -> None:
        """Whether number and size give way to the payload."""
        if narrow != self.narrow:
            self.narrow = narrow
            self.setSectionHidden(Column.NUMBER, narrow)
            self.setSectionHidden(Column.SIZE, narrow)
            self.lanes_changed.emit()

    def lanes(self) -> tuple[Lane, ...]:
        """Edges of every column, the last one reaching to the right end."""
        return tuple(
            Lane(
                self.sectionViewportPosition(column),
                0 if self.isSectionHidden(column) else self.sectionSize(column),
            )
            for column in Column
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        edge = min(
            abs(at.x() - self.sectionViewportPosition(Column.TIME)),
            abs(at.x() - self.sectionViewportPosition(Column.DIRECTION)),
        )
        if (
            event.button() is Qt.MouseButton.LeftButton
            and self.logicalIndexAt(at) == Column.TIME
            and edge > 4
        ):
            self.show_menu(self.mapToGlobal(QPoint(self.sectionViewportPosition(Column.TIME), self.height())))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.show_menu(event.globalPos())

    def menu(self) -> QMenu:
        """How times read, one of three."""
        menu = QMenu(self)
        group = QActionGroup(menu)
        for style, text in (
            (TimeStyle.ABSOLUTE, translate("Log", "Time of day")),
            (TimeStyle.RELATIVE, translate("Log", "Since connecting began")),
            (TimeStyle.DELTA, translate("Log", "Since the frame before")),
            (TimeStyle.MARK, translate("Log", "Since the mark above")),
        ):
            action = QAction(text, group)
            action.setCheckable(True)
            action.setChecked(style is self.times)
            action.setData(style)
            menu.addAction(action)
        group.triggered.connect(self._chosen)
        return menu

    def show_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _chosen(self, action: QAction) -> None:
        self.set_style(action.data())

    def set_style(self, style: TimeStyle) -> None:
        """Let times read so from now on."""
        self.times = style
        self._titles.times = style
        self.headerDataChanged(Qt.Orientation.Horizontal, Column.TIME, Column.TIME)
        self.times_chosen.emit(style)

    def next_style(self) -> None:
        """The style behind the present one in the menu, round the end."""
        styles = list(TimeStyle)
        self.set_style(styles[(styles.index(self.times) + 1) % len(styles)])

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.set_narrow(self.width() < NARROW * theme.zoom())
        self.lanes_changed.emit()
