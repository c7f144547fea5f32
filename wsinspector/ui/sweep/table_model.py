"""The answers of a sweep as Qt asks for them: a row a request, a column a server, equal rows folded."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt

from wsinspector.conversation.sweep_results import SweepResults
from wsinspector.present.numbers import milliseconds
from wsinspector.present.sweep_table import SweepTable, address_of, cell_text, rows_of
from wsinspector.translate import translate
from wsinspector.ui.tips import plain_tip
from wsinspector.ui.widgets.cell_table import CellModel, Index
from wsinspector.verdicts.sweep_cells import Cell, Tone

ROLES = {Tone.FINDING: "fault", Tone.REMARK: "note", Tone.OPENED: "ok"}
WAITS_S = 1.0
"""After so long a cell says that it waits."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """``places``: of its requests, from 0; several where equal rows are folded. ``inner``: one of those."""

    label: str
    what: str
    places: tuple[int, ...]
    cells: tuple[Cell | None, ...]
    inner: bool = False
    open: bool = False

    @property
    def key(self) -> tuple[tuple[int, ...], bool]:
        return self.places, self.inner

    @property
    def folded(self) -> bool:
        return len(self.places) > 1


class SweepModel(CellModel):
    """Shows the last table given to :meth:`show`; inserts, removes and changes only what differs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.results: SweepResults | None = None
        self.rows: tuple[ShownRow, ...] = ()
        self.folds = True
        self._table: SweepTable | None = None
        self._opened: set[tuple[int, ...]] = set()
        self._columns: tuple[str, ...] = ()
        self._asked: dict[tuple[int, int], float] = {}
        self._waiting: dict[tuple[int, int], str] = {}

    # -- what is shown

    def show(self, results: SweepResults, table: SweepTable) -> None:
        """Show ``table``, unfolded, of ``results``. Rows fold once the sweep is over."""
        before = self.results
        if before is not None and (before.odds != results.odds or before.path != results.path):
            self._opened.clear()
            self._asked.clear()
        self.results, self._table = results, table
        self._note_waiting()
        if table.columns != self._columns:
            self.beginResetModel()
            self._columns = table.columns
            self.rows = self._made()
            self.endResetModel()
        else:
            self._replace(self._made())

    def clear(self) -> None:
        """Show nothing."""
        self.beginResetModel()
        self.results = self._table = None
        self.rows, self._columns = (), ()
        self._opened.clear()
        self._asked.clear()
        self._waiting.clear()
        self.endResetModel()

    def fold(self, on: bool) -> None:
        """Fold equal rows, or show every request."""
        self.folds = on
        self._opened.clear()
        if self._table is not None:
            self._replace(self._made())

    def toggle(self, row: int) -> None:
        """Open the folded row ``row``, or close it; one of its inner rows closes it too."""
        place = self.rows[row].places[0]
        outer = next((each for each in self.rows if each.folded and place in each.places), None)
        if outer is None:
            return
        self._opened ^= {outer.places}
        self._replace(self._made())

    def _made(self) -> tuple[ShownRow, ...]:
        table, results = self._table, self.results
        if table is None or results is None:
            return ()
        single = [ShownRow(row.label, row.what, row.places, row.cells) for row in table.rows]
        if not self.folds or results.running:
            return tuple(single)
        columns = [[row.cells[at] for row in table.rows] for at in range(len(table.columns))]
        found: list[ShownRow] = []
        for row in rows_of(results.odds, columns):
            opened = row.places in self._opened
            found.append(ShownRow(row.label, row.what, row.places, row.cells, open=opened))
            if opened:
                inner = (single[place] for place in row.places)
                found += [ShownRow(one.label, one.what, one.places, one.cells, True) for one in inner]
        return tuple(found)

    def _replace(self, rows: tuple[ShownRow, ...]) -> None:
        """Tell of the rows that differ and of no others; what stands before and behind them stays."""
        old, most = self.rows, min(len(self.rows), len(rows))
        head = next((at for at in range(most) if old[at].key != rows[at].key), most)
        most -= head
        tail = next((at for at in range(most) if old[-1 - at].key != rows[-1 - at].key), most)
        gone, come = len(old) - head - tail, len(rows) - head - tail
        if gone:
            self.beginRemoveRows(QModelIndex(), head, head + gone - 1)
            self.rows = old[:head] + old[head + gone :]
            self.endRemoveRows()
        if come:
            self.beginInsertRows(QModelIndex(), head, head + come - 1)
            self.rows = self.rows[:head] + rows[head : head + come] + self.rows[head:]
            self.endInsertRows()
        before, self.rows = self.rows, rows
        changed = [at for at in range(len(rows)) if before[at] != rows[at]]
        last = len(self._columns) - 1
        if changed and last >= 0:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], last))
            self.headerDataChanged.emit(Qt.Orientation.Vertical, changed[0], changed[-1])

    # -- what is under way

    def _note_waiting(self) -> None:
        """Requests start in their order: those started and not answered are under way."""
        results = self.results
        now = time.monotonic()
        under_way: set[tuple[int, int]] = set()
        for at, server in enumerate(results.servers if results is not None and results.running else ()):
            started = server.done + server.running
            under_way |= {(place, at) for place in range(started) if server.probes[place] is None}
        self._asked = {cell: self._asked.get(cell, now) for cell in under_way}

    def look(self) -> None:
        """Count the seconds of what is under way; called on each tick."""
        now = time.monotonic()
        told = {}
        for cell, since in self._asked.items():
            waits = now - since
            waited = translate("SweepModel", "waiting {0} s").format(int(waits))
            told[cell] = waited if waits >= WAITS_S else "…"
        changed = {
            cell for cell in told.keys() | self._waiting.keys() if told.get(cell) != self._waiting.get(cell)
        }
        self._waiting = told
        rows = {row.places[0]: at for at, row in enumerate(self.rows) if not row.folded}
        for place, column in changed:
            if place in rows and column < len(self._columns):
                index = self.index(rows[place], column)
                self.dataChanged.emit(index, index)

    # -- finding

    def cell(self, index: Index) -> Cell | None:
        """What a server made of the requests of a row; None where no answer came."""
        return self.rows[index.row()].cells[index.column()] if index.isValid() else None

    def place(self, index: Index) -> int:
        """The first request of the row, from 0."""
        return self.rows[index.row()].places[0]

    def indexes(self, server: int, ids: Iterable[str]) -> list[QModelIndex]:
        """The cells of ``server`` that hold the answers to the requests ``ids``.

        A folded row that holds others as well is opened, so that these can be told from those.
        """
        if self.results is None or not 0 <= server < len(self._columns):
            return []
        wanted = set(ids)
        places = {at for at, odd in enumerate(self.results.odds) if odd.id in wanted}
        mixed = {
            row.places
            for row in self.rows
            if row.folded and places & set(row.places) and not places >= set(row.places)
        }
        if mixed - self._opened:
            self._opened |= mixed
            self._replace(self._made())
        return [
            self.index(at, server)
            for at, row in enumerate(self.rows)
            if places >= set(row.places) and not (row.folded and row.open)
        ]

    def row_of(self, place: int) -> int:
        """The row that shows the request ``place`` best; -1 for none."""
        fits = [at for at, row in enumerate(self.rows) if place in row.places]
        return fits[-1] if fits else -1

    # -- as Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._columns)

    def text(self, index: Index) -> str:
        """What stands in the cell, its mark included."""
        cell = self.cell(index)
        if cell is not None:
            return cell_text(cell)
        row = self.rows[index.row()]
        return "" if row.folded else self._waiting.get((row.places[0], index.column()), "")

    def role(self, index: Index) -> str:
        """The colour's role: by verdict, not by status."""
        cell = self.cell(index)
        return ROLES.get(cell.tone, "muted") if cell is not None else "muted"

    def spoken(self, index: Index) -> str:
        """All of the cell in words, for who cannot see where it stands."""
        row, cell = self.rows[index.row()], self.cell(index)
        said = f"{self.text(index)}. {cell.text}" if cell is not None else self.text(index)
        said = said or translate("SweepModel", "no answer yet")
        clause = f" {cell.clause}" if cell is not None and cell.clause else ""
        return f"{row.label}, {self._columns[index.column()]}: {said}{clause}"

    def tip(self, index: Index) -> str:
        row, cell = self.rows[index.row()], self.cell(index)
        lines = [f"{row.label}: {row.what}"]
        if cell is None:
            lines.append(self.text(index) or translate("SweepModel", "No answer yet."))
        else:
            lines.append(f"{cell.text} {cell.clause}".strip())
            took = self._took(row.places, index.column())
            lines += [took] if took else []
            opens = translate("SweepModel", "Enter, or a double click, opens it as a conversation.")
            if row.folded:
                opens = translate(
                    "SweepModel",
                    "%n request(s), equal answers. Space shows each; "
                    "Enter opens the first as a conversation.",
                    "",
                    len(row.places),
                )
            lines.append(opens)
        return "\n".join(lines)

    def _took(self, places: Sequence[int], server: int) -> str:
        probes = self.results.servers[server].probes if self.results is not None else ()
        times = [
            probe.milliseconds
            for place in places
            if place < len(probes) and (probe := probes[place]) is not None and probe.milliseconds is not None
        ]
        if not times:
            return ""
        if len(times) == 1:
            return translate("SweepModel", "Answered after {0}.").format(milliseconds(times[0]))
        told = translate("SweepModel", "Answered after {0} to {1}.")
        return told.format(milliseconds(min(times)), milliseconds(max(times)))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            return self._column_data(section, role)
        if not 0 <= section < len(self.rows):
            return None
        row = self.rows[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.label
        return plain_tip(f"{row.label}\n{row.what}") if role == Qt.ItemDataRole.ToolTipRole else None

    def _column_data(self, section: int, role: int) -> Any:
        if not 0 <= section < len(self._columns):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._columns[section]
        if role == Qt.ItemDataRole.ToolTipRole and self.results is not None:
            server = self.results.servers[section]
            told = translate("SweepModel", "{0} of {1} answers").format(server.done, len(server.probes))
            lines = [self._columns[section], address_of(server), told, server.trouble]
            return plain_tip("\n".join(line for line in lines if line))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None
