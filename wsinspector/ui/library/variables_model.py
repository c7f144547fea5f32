"""The variables of one set as rows to be typed into; the last row is for one more."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from wsinspector.library.environments import Variable, VariableSet, why_not_a_name
from wsinspector.present.plain import visible
from wsinspector.present.secrets import DOTS
from wsinspector.translate import translate
from wsinspector.ui import theme

Index = QModelIndex | QPersistentModelIndex
NAME, VALUE, SECRET = range(3)


class VariablesModel(QAbstractTableModel):
    """``changed(VariableSet)``: what was typed makes this of the set. ``refused(why)``: it cannot be."""

    changed = Signal(object)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._set: VariableSet | None = None
        self.titles = (
            translate("Variables", "Name"),
            translate("Variables", "Value"),
            translate("Variables", "Secret"),
        )

    def show(self, shown: VariableSet | None) -> None:
        """Show ``shown``; None for no set at all."""
        if shown == self._set:
            return
        before, self_rows = self._set, self.rowCount()
        after = 0 if shown is None else len(shown.variables) + 1
        if before is not None and shown is not None and self_rows == after:
            self._set = shown
            self.dataChanged.emit(self.index(0, 0), self.index(self_rows - 1, SECRET))
            return
        self.beginResetModel()
        self._set = shown
        self.endResetModel()

    def variable(self, row: int) -> Variable | None:
        """The variable of ``row``; None for the row of one more."""
        if self._set is None or not 0 <= row < len(self._set.variables):
            return None
        return self._set.variables[row]

    def without(self, rows: list[int]) -> VariableSet | None:
        """The set without what stands in ``rows``."""
        if self._set is None:
            return None
        left = tuple(each for at, each in enumerate(self._set.variables) if at not in rows)
        return replace(self._set, variables=left)

    # -- what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        if parent.isValid() or self._set is None:
            return 0
        return len(self._set.variables) + 1

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        one, column = self.variable(index.row()), index.column()
        if role == Qt.ItemDataRole.CheckStateRole and column == SECRET and one is not None:
            return Qt.CheckState.Checked if one.secret else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.FontRole and column != SECRET:
            return theme.mono_font()
        if one is None:
            if role == Qt.ItemDataRole.DisplayRole and column == NAME:
                return translate("Variables", "name…")
            if role == Qt.ItemDataRole.ForegroundRole:
                return theme.color("muted")
            if role == Qt.ItemDataRole.AccessibleTextRole and column == NAME:
                return translate("Variables", "a further variable: type its name")
            return "" if role == Qt.ItemDataRole.EditRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            if column == VALUE:
                return DOTS if one.secret and one.value else visible(one.value)
            if column == SECRET:
                return translate("Variables", "yes") if one.secret else translate("Variables", "no")
            return one.name
        if role == Qt.ItemDataRole.EditRole:
            return (one.name, one.value, None)[column]
        if role == Qt.ItemDataRole.AccessibleTextRole and column == SECRET:
            return translate("Variables", "secret") if one.secret else translate("Variables", "not secret")
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        shown = self._set
        if shown is None or not index.isValid():
            return False
        row, column = index.row(), index.column()
        one = self.variable(row)
        if role == Qt.ItemDataRole.CheckStateRole and column == SECRET and one is not None:
            one = replace(one, secret=Qt.CheckState(value) == Qt.CheckState.Checked)
        elif role != Qt.ItemDataRole.EditRole or column == SECRET:
            return False
        elif column == NAME:
            name = str(value).strip()
            if one is None and not name:
                return False
            others = frozenset(each.name for at, each in enumerate(shown.variables) if at != row)
            wrong = why_not_a_name(name, others)
            if wrong:
                self.refused.emit(wrong)
                return False
            one = Variable(name) if one is None else replace(one, name=name)
        elif one is None:
            return False
        else:
            one = replace(one, value=str(value))
        rows = (*shown.variables[:row], one, *shown.variables[row + 1 :])
        self.changed.emit(replace(shown, variables=rows))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.NoItemFlags
        usual = flag.ItemIsEnabled | flag.ItemIsSelectable
        one = self.variable(index.row())
        if index.column() == SECRET:
            return usual | flag.ItemIsUserCheckable if one is not None else usual
        return usual | flag.ItemIsEditable if one is not None or index.column() == NAME else usual
