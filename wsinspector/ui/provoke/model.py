"""The catalogue as a table: a row a provocation with its tick, a column a server with what it did."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from wsinspector.conversation.provoking_results import ProvokedRow, ProvokeResults
from wsinspector.present.plain import visible
from wsinspector.present.provoked_texts import ROLES, WORDS, cell_text, told
from wsinspector.protocol.provocations import PROVOCATIONS, Provocation
from wsinspector.translate import translate
from wsinspector.ui.tips import plain_tip
from wsinspector.ui.widgets.cell_table import CellModel, Index

TITLE, KIND = 0, 1
FIXED = 2
"""Columns before the servers': the provocation, what it is about. While no server was asked, what a
conforming one does stands in their place."""


class ProvokeModel(CellModel):
    """``ticked``: other provocations are chosen than before."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Provocation, ...] = PROVOCATIONS
        self.results: ProvokeResults | None = None
        self._chosen = {each.id for each in PROVOCATIONS}
        self._places: dict[str, int] = {}
        self._needle = ""

    # -- what is shown

    def find(self, needle: str) -> None:
        """Show only what speaks of ``needle``: in id, title, kind, or what is said of it."""
        words = needle.lower().split()
        self._needle = needle
        self.beginResetModel()
        self.rows = tuple(each for each in PROVOCATIONS if all(word in _spoken_of(each) for word in words))
        self.endResetModel()

    def show(self, results: ProvokeResults | None) -> None:
        """Show ``results`` beside the catalogue; None takes all servers away."""
        before = self.results
        names = tuple(server.name for server in results.servers) if results is not None else ()
        old = tuple(server.name for server in before.servers) if before is not None else ()
        if names != old:
            self.beginResetModel()
            self._take(results)
            self.endResetModel()
            return
        self._take(results)
        if names and self.rows:
            last = self.index(len(self.rows) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, FIXED), last)

    def _take(self, results: ProvokeResults | None) -> None:
        self.results = results
        provocations = results.provocations if results is not None else ()
        self._places = {each.id: place for place, each in enumerate(provocations)}

    # -- what is chosen

    def chosen(self) -> tuple[Provocation, ...]:
        """The ticked ones, whether they are in sight or not."""
        return tuple(each for each in PROVOCATIONS if each.id in self._chosen)

    def choose(self, ids: Iterable[str], *, on: bool) -> None:
        """Tick these, or take their ticks off."""
        before = set(self._chosen)
        self._chosen = before | set(ids) if on else before - set(ids)
        if self._chosen != before and self.rows:
            self.dataChanged.emit(self.index(0, TITLE), self.index(len(self.rows) - 1, TITLE))
            self.ticked.emit()

    def choose_alone(self, ids: Iterable[str]) -> None:
        """Tick these and no others."""
        wanted = set(ids)
        self.choose([each.id for each in PROVOCATIONS if each.id not in wanted], on=False)
        self.choose(wanted, on=True)

    def is_chosen(self, row: int) -> bool:
        return self.rows[row].id in self._chosen

    # -- finding

    def place(self, index: Index) -> tuple[int, int] | None:
        """Server and provocation of the results at ``index``, from 0; None where there is no result."""
        if not index.isValid() or self.results is None:
            return None
        server = max(0, index.column() - FIXED)
        place = self._places.get(self.rows[index.row()].id)
        if place is None or self.results.servers[server].rows[place] is None:
            return None
        return server, place

    def row_at(self, index: Index) -> ProvokedRow | None:
        """What a server did; None where nothing is known, and in the columns before the servers'."""
        place = self.place(index) if index.column() >= FIXED else None
        return self.results.servers[place[0]].rows[place[1]] if place and self.results else None

    # -- as Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        servers = len(self.results.servers) if self.results is not None else 1
        return 0 if parent.isValid() else FIXED + servers

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == TITLE else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.CheckStateRole and index.isValid() and index.column() == TITLE:
            chosen = self.is_chosen(index.row())
            return Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid() or index.column() != TITLE:
            return False
        self.choose((self.rows[index.row()].id,), on=Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def text(self, index: Index) -> str:
        """What stands in the cell, its mark included."""
        each = self.rows[index.row()]
        if index.column() == TITLE:
            return each.title
        if index.column() == KIND:
            return each.kind.title
        if self.results is None:
            return each.must
        row = self.row_at(index)
        if row is not None:
            return cell_text(row)
        return "…" if self._under_way(index) else ""

    def _under_way(self, index: Index) -> bool:
        results = self.results
        place = self._places.get(self.rows[index.row()].id)
        return results is not None and place in results.servers[index.column() - FIXED].running

    def role(self, index: Index) -> str:
        """The colour's role: by verdict."""
        if index.column() < FIXED:
            return "text" if index.column() == TITLE else "muted"
        row = self.row_at(index)
        return ROLES[row.verdict.result] if row is not None else "muted"

    def spoken(self, index: Index) -> str:
        """All of the cell in words, for who cannot see where it stands."""
        each = self.rows[index.row()]
        if index.column() == TITLE:
            ticked = self.is_chosen(index.row())
            state = translate("Provoke", "chosen") if ticked else translate("Provoke", "not chosen")
            return f"{each.title}, {state}. {each.what} {each.must} {each.clause}"
        if index.column() == KIND:
            return f"{each.title}: {each.kind.title}"
        if self.results is None:
            return f"{each.title}: {each.must} {each.clause}"
        name = visible(self.results.servers[index.column() - FIXED].name)
        row = self.row_at(index)
        if row is None:
            said = (
                translate("Provoke", "under way")
                if self._under_way(index)
                else translate("Provoke", "not run")
            )
            return f"{each.title}, {name}: {said}"
        return f"{each.title}, {name}: {WORDS[row.verdict.result]}. {told(row)}"

    def tip(self, index: Index) -> str:
        each = self.rows[index.row()]
        lines = [f"{each.title} ({each.id})", each.what, f"{each.must} {each.clause}"]
        row = self.row_at(index)
        if row is not None:
            lines.append(told(row))
        if self.place(index) is not None:
            lines.append(translate("Provoke", "Enter, or a double click, opens it as a conversation."))
        elif index.column() == TITLE:
            lines.append(translate("Provoke", "Space ticks it, or takes the tick off."))
        return "\n".join(lines)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < self.columnCount():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if section == TITLE:
                return translate("Provoke", "Provocation")
            if section == KIND:
                return translate("Provoke", "About")
            if self.results is None:
                return translate("Provoke", "What a server does that keeps to the standard")
            return visible(self.results.servers[section - FIXED].name)
        if role == Qt.ItemDataRole.ToolTipRole and section >= FIXED and self.results is not None:
            server = self.results.servers[section - FIXED]
            lines = [visible(server.name), visible(server.trouble)]
            return plain_tip("\n".join(line for line in lines if line))
        return None


def _spoken_of(each: Provocation) -> str:
    return " ".join(
        (each.id, each.title, each.kind.title, each.kind.value, each.what, each.must, each.clause)
    ).lower()
