"""The numbers and the silences as tables: right-aligned, read row by row, copied as CSV."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QHeaderView, QTableView, QWidget

from wsinspector.present.numbers import count
from wsinspector.present.statistics_leaving import as_csv
from wsinspector.present.statistics_silences import Silence
from wsinspector.present.statistics_told import Row, span
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.statistics.charts import moment, table

Index = QModelIndex | QPersistentModelIndex

_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class NumbersModel(QAbstractTableModel):
    """A row a figure, below a row for each group; columns: name, received, sent, together."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row | str] = []

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other figures; the rows stay where their names are the same."""
        made: list[Row | str] = []
        group = ""
        for row in rows:
            if row.group != group:
                group = row.group
                made.append(group)
            made.append(row)
        if [_name(row) for row in made] == [_name(row) for row in self._rows]:
            self._rows = made
            if made:
                self.dataChanged.emit(self.index(0, 0), self.index(len(made) - 1, 3))
            return
        self.beginResetModel()
        self._rows = made
        self.endResetModel()

    def rows(self, places: Sequence[int] = ()) -> list[Row]:
        """The figures at ``places``, all where there are none."""
        picked = [self._rows[at] for at in places] if places else self._rows
        return [row for row in picked if isinstance(row, Row)]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 4

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            if isinstance(row, str):
                return row if not column else ""
            return row.cells[column - 1] if column else row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column else _LEFT
        if role == Qt.ItemDataRole.FontRole and isinstance(row, str):
            font = QFont(theme.ui_font(0.95))
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and isinstance(row, str):
            return QColor(theme.color("link"))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section else _LEFT
        if role == Qt.ItemDataRole.DisplayRole:
            return _heads()[section]
        return None


def _heads() -> tuple[str, str, str, str]:
    return (
        "",
        translate("Statistics", "↓ received"),
        translate("Statistics", "↑ sent"),
        translate("Statistics", "together"),
    )


def _name(row: Row | str) -> str:
    return row if isinstance(row, str) else f"{row.group} {row.name}"


def spoken(row: Row | str) -> str:
    """A row in one sentence."""
    if isinstance(row, str):
        return row
    heads = [head.lstrip("↓↑ ") for head in _heads()[1:]]
    parts = [f"{head} {cell}" for head, cell in zip(heads, row.cells, strict=True) if cell]
    return f"{row.group}, {row.name}: " + ", ".join(parts)


class SilencesModel(QAbstractTableModel):
    """A row a silence, the longest first; columns: length, after which frame, when."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._silences: tuple[Silence, ...] = ()
        self._origin = 0

    def set_silences(self, silences: tuple[Silence, ...], origin: int) -> None:
        if (silences, origin) == (self._silences, self._origin):
            return
        self.beginResetModel()
        self._silences, self._origin = silences, origin
        self.endResetModel()

    def silence(self, row: int) -> Silence | None:
        return self._silences[row] if 0 <= row < len(self._silences) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._silences)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 3

    def cells(self, row: int) -> tuple[str, str, str]:
        each = self._silences[row]
        number = f"#{count(each.number)}" if each.number else translate("Statistics", "before the first")
        return span(each.length), number, moment(max(each.at - self._origin, 0))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cells(index.row())[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = translate("Statistics", "{length} without a frame after {number}, at {at}")
            length, number, at = self.cells(index.row())
            return text.format(length=length, number=number, at=at)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                translate("Statistics", "Without a frame"),
                translate("Statistics", "After frame"),
                translate("Statistics", "From"),
            )[section]
        return None

    def as_csv(self) -> str:
        lines = ((each.length, each.number, each.at - self._origin) for each in self._silences)
        return table(("ns", "after_frame", "from_ns"), lines)


class FiguresTable(QTableView):
    """A table that is read, not edited; Ctrl+C copies the selected rows, all where only one is."""

    chosen = Signal(int)  # a row, by Enter or a double click

    def __init__(self, model: NumbersModel | SilencesModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setAccessibleName(name)
        self.setToolTip(translate("Statistics", "{name}; Ctrl+C copies as CSV").format(name=name))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet(f"QTableView::item {{ padding: 0 {theme.GAP - 3}px }}")
        heads = self.horizontalHeader()
        heads.setHighlightSections(False)
        heads.setSectionsClickable(False)
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(lambda index: self.chosen.emit(index.row()))
        theme.watcher().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme.row_height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self.picked_csv())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def picked_csv(self) -> str:
        """What Ctrl+C puts on the clipboard."""
        model = self.model()
        if isinstance(model, SilencesModel):
            return model.as_csv()
        assert isinstance(model, NumbersModel)
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return as_csv(model.rows(places if len(places) > 1 else ()))
