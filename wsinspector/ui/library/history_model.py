"""The history as rows: an array of ids, and of the entries only those that are in sight."""

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from wsinspector.library.history import Entry, History
from wsinspector.present.numbers import count
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
DATE, ADDRESS, VERSION, OUTCOME, FRAMES, FILE = range(6)
PIECE = 64  # rows fetched at once
HELD = 40  # pieces that stay


class HistoryModel(QAbstractTableModel):
    """``show(ids)`` takes what a search found."""

    def __init__(self) -> None:
        super().__init__()
        self._ids = array("q")
        self._history: History | None = None
        self._pieces: OrderedDict[int, dict[int, Entry]] = OrderedDict()
        self._there: dict[str, bool] = {}
        self.titles = (
            translate("History", "Date"),
            translate("History", "Address"),
            translate("History", "Version"),
            translate("History", "Outcome"),
            translate("History", "Frames"),
            translate("History", "Capture"),
        )

    def show(self, history: History, ids: Sequence[int]) -> None:
        """Show the entries of ``history`` with these ids, in this order."""
        self.beginResetModel()
        self._history, self._ids = history, array("q", ids)
        self._pieces.clear()
        self._there.clear()
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        """The entry of a row; None where it was forgotten meanwhile."""
        if self._history is None or not 0 <= row < len(self._ids):
            return None
        piece = row // PIECE
        if piece not in self._pieces:
            self._pieces[piece] = self._history.entries(self._ids[piece * PIECE : (piece + 1) * PIECE])
            while len(self._pieces) > HELD:
                self._pieces.popitem(last=False)
        return self._pieces[piece].get(self._ids[row])

    def id_of(self, row: int) -> int:
        return self._ids[row]

    def is_there(self, entry: Entry) -> bool:
        """Whether its capture is on the disk, as of when it was first looked at."""
        found = self._there.get(entry.path)
        if found is None:
            found = self._there[entry.path] = Path(entry.path).exists()
        return found

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole and column == FRAMES:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        wanted = (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ForegroundRole,
        )
        if role not in wanted:
            return None
        entry = self.entry(index.row())
        if entry is None:
            return None
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.color("text" if self.is_there(entry) else "muted")
        text = self._text(entry, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.titles[column]}: {text}"
        return plain_tip(f"{text}\n{entry.path}") if role == Qt.ItemDataRole.ToolTipRole else text

    def _text(self, entry: Entry, column: int) -> str:
        match column:
            case 0:
                return entry.date
            case 1:
                if entry.role == "server":
                    return translate("History", "{0} (a client of ours)").format(entry.address)
                return entry.address
            case 2:
                said = entry.versions or translate("History", "none")
                return said if entry.dialect == "rfc6455" else f"{said} · {entry.dialect}"
            case 3:
                return entry.outcome
            case 4:
                return count(entry.frames)
        number = f" #{entry.number}"
        name = Path(entry.path).name + number
        return name if self.is_there(entry) else translate("History", "{0}, gone").format(name)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == FRAMES else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None
