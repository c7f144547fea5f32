"""The list of the palette: what fits what was typed, the best first, what was used last before that."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from wsinspector.translate import translate
from wsinspector.ui.palette.matching import Index, matched
from wsinspector.ui.palette.row import Row

ROW = Qt.ItemDataRole.UserRole + 1
MATCHED = Qt.ItemDataRole.UserRole + 2
_NOWHERE = QModelIndex()


class PaletteModel(QAbstractListModel):
    """``used``: ids of what was used last, the newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.typed = ""
        self._used: list[int] = []
        self._index = Index(())
        self._useless: frozenset[int] = frozenset()
        self._shown: list[int] = []

    def set_rows(self, rows: Sequence[Row], used: Sequence[str]) -> None:
        """Offer ``rows`` from now on."""
        self.beginResetModel()
        self.rows = list(rows)
        self._index = Index([row.text for row in self.rows], [row.kind for row in self.rows])
        places = {row.id: at for at, row in enumerate(self.rows)}
        self._used = [places[name] for name in used if name in places]
        self._useless = frozenset(at for at, row in enumerate(self.rows) if row.why_not)
        self._shown = self._index.find(self.typed, self._used, self._useless)
        self.endResetModel()

    def type(self, text: str) -> None:
        """Show what ``text`` means."""
        self.beginResetModel()
        self.typed = text
        self._shown = self._index.find(text, self._used, self._useless)
        self.endResetModel()

    def row(self, at: int) -> Row | None:
        """What stands in line ``at``."""
        return self.rows[self._shown[at]] if 0 <= at < len(self._shown) else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == ROW:
            return row
        if role == MATCHED:
            return matched(self.typed, row.text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (row.text, row.kind, row.key, row.why_not or row.where)
            return ", ".join(part for part in parts if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            if row.why_not:
                return translate("Palette", "{0}: not now. {1}").format(row.text, row.why_not)
            return row.where or row.text
        return None
