"""The rows of the sheet of all keys: what each action is called, its key of now, where that works."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from wsinspector.actions.action import FIXED, GROUPS, Action
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.registry import registry
from wsinspector.ui.actions.scopes import told

Index = QModelIndex | QPersistentModelIndex
TEXT, KEYS, WHERE, GROUP = range(4)
_NOWHERE = QModelIndex()


class KeysModel(QAbstractTableModel):
    """Every action of the registry in which every wanted word stands."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted: tuple[str, ...] = ()
        self._all = list(registry().actions.values())
        self._shown = list(self._all)
        registry().changed.connect(self._changed)

    def want(self, text: str) -> None:
        """Show the actions that have every word of ``text`` in their name, key or place."""
        self.beginResetModel()
        self._wanted = tuple(text.casefold().split())
        self._shown = [action for action in self._all if self._fits(action)]
        self.endResetModel()

    def _fits(self, action: Action) -> bool:
        if not self._wanted:
            return True
        held = " ".join(
            (action.text, registry().shown_all(action.id), told(action.scope), group_text(action))
        )
        return all(word in held.casefold() for word in self._wanted)

    def action(self, row: int) -> Action | None:
        """The action of a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, name: str) -> int:
        """The row of action ``name``, -1 where it does not show."""
        return next((row for row, action in enumerate(self._shown) if action.id == name), -1)

    def _changed(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, GROUP))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return (
            translate("KeysSheet", "What it does"),
            translate("KeysSheet", "Key"),
            translate("KeysSheet", "Where"),
            translate("KeysSheet", "Group"),
        )[section]

    def data(self, index: Index, role: int = 0) -> Any:
        action = self.action(index.row()) if index.isValid() else None
        if action is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (action.text, self._keys(action), told(action.scope), group_text(action))[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{action.text}, {self._keys(action)}, {told(action.scope)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            told_of = translate("KeyFixed", FIXED[action.fixed]) if action.fixed else action.text
            return f"{told_of}\n{action.id}"
        if role == Qt.ItemDataRole.FontRole and index.column() == KEYS:
            font = theme.mono_font(0.95)
            font.setBold(registry().is_changed(action.id))
            return font
        if role == Qt.ItemDataRole.ForegroundRole:
            muted = action.fixed or index.column() >= WHERE or not registry().keys(action.id)
            return theme.color("muted" if muted else "text")
        return None

    def _keys(self, action: Action) -> str:
        shown = registry().shown_all(action.id) or translate("KeysSheet", "no key")
        if action.fixed:
            return translate("KeysSheet", "{0}, fixed").format(shown)
        return (
            translate("KeysSheet", "{0}, changed").format(shown)
            if registry().is_changed(action.id)
            else shown
        )


def group_text(action: Action) -> str:
    """The group of an action, for a person."""
    return translate("KeyGroups", GROUPS[action.group])
