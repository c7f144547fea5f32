"""The same request at every address of a name: a row each, filled as the answers come."""

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from wsinspector.conversation.address_table import AddressRow
from wsinspector.present.numbers import milliseconds
from wsinspector.present.plain import visible
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.tips import plain_tip
from wsinspector.verdicts.outcome import Outcome

MOST_SEEN = 6  # rows before it scrolls
_OUTCOME = 1

_ROLES = {
    Outcome.OPEN: "ok",
    Outcome.REFUSED: "refused",
    Outcome.NO_ANSWER: "refused",
    Outcome.CLOSED: "refused",
}
_NAMES = {
    Outcome.OPEN: "open",
    Outcome.FAILED: "must fail",
    Outcome.REFUSED: "refused",
    Outcome.NOT_HTTP: "not HTTP",
    Outcome.NO_ANSWER: "no answer",
    Outcome.CLOSED: "closed",
    Outcome.NETWORK_ERROR: "network",
}


class AddressResults(QTableWidget):
    """``asked(number)``: the attempt of a row is wanted."""

    asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        titles = (
            translate("AddressResults", "Address"),
            translate("AddressResults", "Outcome"),
            translate("AddressResults", "Versions offered"),
            translate("AddressResults", "TCP"),
            translate("AddressResults", "TLS"),
            translate("AddressResults", "First byte"),
            translate("AddressResults", "Attempt"),
        )
        super().__init__(0, len(titles), parent)
        self._rows: tuple[AddressRow, ...] = ()
        for at, title in enumerate(titles):
            item = QTableWidgetItem(title)
            item.setTextAlignment(_alignment(at))
            self.setHorizontalHeaderItem(at, item)
        self.setAccessibleName(translate("AddressResults", "Answers of every address"))
        self.setToolTip(translate("AddressResults", "Enter or a click shows the attempt"))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setSectionResizeMode(_OUTCOME, QHeaderView.ResizeMode.Interactive)
        self.setStyleSheet(f"QTableView::item {{ padding: 0 {theme.GAP - 3}px }}")
        self.clicked.connect(self._ask)
        self.activated.connect(self._ask)
        self._fit()

    def rows(self) -> tuple[AddressRow, ...]:
        return self._rows

    def show_rows(self, rows: tuple[AddressRow, ...]) -> None:
        """Show what is known so far."""
        if rows == self._rows:
            return
        self._rows = rows
        self.setRowCount(len(rows))
        for at, row in enumerate(rows):
            timings = row.timings
            texts = (
                row.address,
                said_of(row),
                _offered(row),
                *(_time(value) for value in (timings.tcp, timings.tls, timings.first_byte)),
                f"#{row.number}",
            )
            for column, text in enumerate(texts):
                self._put(at, column, text, row)
        self._fit()
        self._spread()

    def _put(self, at: int, column: int, text: str, row: AddressRow) -> None:
        item = self.item(at, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(_alignment(column))
            self.setItem(at, column, item)
        item.setText(text)
        item.setToolTip(plain_tip(text))
        item.setFont(theme.mono_font() if column == 0 else theme.ui_font())
        role = "muted" if row.outcome is None else _ROLES.get(row.outcome, "fault")
        item.setForeground(theme.color(role if column == _OUTCOME else "text" if column < 3 else "muted"))

    def _fit(self) -> None:
        height = theme.row_height()
        self.verticalHeader().setDefaultSectionSize(height)
        shown = min(max(self.rowCount(), 1), MOST_SEEN)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + shown * height + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        """The outcome has what it needs, or what the others leave."""
        header = self.horizontalHeader()
        others = sum(header.sectionSize(at) for at in range(self.columnCount()) if at != _OUTCOME)
        wanted = max(self.sizeHintForColumn(_OUTCOME), header.sectionSizeHint(_OUTCOME)) + 2 * theme.GAP
        width = max(min(wanted, self.viewport().width() - others), 60)
        if self.columnWidth(_OUTCOME) != width:
            self.setColumnWidth(_OUTCOME, width)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            rows, self._rows = self._rows, ()
            self.show_rows(rows)

    def _ask(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self._rows):
            self.asked.emit(self._rows[index.row()].number)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column < 3 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def said_of(row: AddressRow) -> str:
    """Outcome and status in a few words."""
    if row.outcome is None:
        return translate("AddressResults", "under way")
    name = translate("AddressResults", _NAMES[row.outcome])
    if row.status is not None:
        return f"{name}, {row.status} {visible(row.reason)}".rstrip()
    return f"{name}, {visible(row.network_error)}" if row.network_error else name


def _offered(row: AddressRow) -> str:
    return visible(", ".join(row.supported_versions)) if row.supported_versions else "–"


def _time(value: float | None) -> str:
    return milliseconds(value) if value is not None else "–"
