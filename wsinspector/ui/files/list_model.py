"""The conversations of a file as rows, read in batches behind the window's back and picked out by words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from wsinspector.capture.listing import Listed
from wsinspector.present.numbers import clock
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked_address
from wsinspector.translate import translate

Index = QModelIndex | QPersistentModelIndex
_VERSION = re.compile(rb"(?im)^sec-websocket-version[ \t]*:[ \t]*([^\r\n]{0,80})")
_STATUS = re.compile(rb"\AHTTP/\d\.\d (\d{3})")


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says; ``text`` is what is searched, in lower case."""

    id: int
    date: str
    address: str
    version: str
    outcome: str
    attempts: int
    text: str


def line_of(listed: Listed) -> Line:
    """A row's words out of the first bytes each way."""
    facts = listed.facts or {}
    served = facts.get("role") == "server"
    request, answer = (listed.received, listed.sent) if served else (listed.sent, listed.received)
    if not request and isinstance(facts.get("unsent"), str):
        request = str(facts["unsent"]).encode("latin-1", "replace")
    url = facts.get("url")
    address = visible(masked_address(url if isinstance(url, str) and url else listed.title))
    versions = [visible(value.strip().decode("latin-1")) for value in _VERSION.findall(request)]
    date = clock(listed.created_ns, date=True)[:19]
    version, outcome = ", ".join(versions), _outcome(listed, facts, answer)
    text = " ".join((address, version, outcome, date)).lower()
    return Line(listed.id, date, address, version, outcome, listed.attempts, text)


def _outcome(listed: Listed, facts: dict[str, Any], answer: bytes) -> str:
    status = _STATUS.match(answer)
    if not listed.attempts:
        return translate("ListModel", "not sent")
    if status is not None:
        code = status.group(1).decode()
        if facts.get("opened_at") is not None:
            return translate("ListModel", "{0} opened").format(code)
        return code if code == "101" else translate("ListModel", "{0} refused").format(code)
    if answer:
        return translate("ListModel", "no HTTP")
    return translate("ListModel", "not reached") if facts.get("network_error") else _silent()


def _silent() -> str:
    return translate("ListModel", "no answer")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are shown: those in which every part fits; an empty part fits all."""

    words: tuple[str, ...] = ()
    address: str = ""
    version: str = ""
    outcome: str = ""
    date: str = ""

    def fits(self, line: Line) -> bool:
        return (
            all(word in line.text for word in self.words)
            and (not self.address or self.address in line.address.lower())
            and (not self.version or self.version == line.version.lower())
            and (not self.outcome or self.outcome in line.outcome.lower())
            and (not self.date or line.date.startswith(self.date))
        )


def read_wanted(text: str) -> Wanted:
    """Words, and ``version:8``, ``outcome:426``, ``date:2026-11``, ``address:host`` among them."""
    parts: dict[str, str] = {}
    words = []
    for word in text.lower().split():
        name, sign, value = word.partition(":")
        if sign and name in ("address", "version", "outcome", "date"):
            parts[name] = value
        else:
            words.append(word)
    return Wanted(tuple(words), **parts)


class ListModel(QAbstractTableModel):
    """``lines`` grow by :meth:`add`; which are shown is an array of their places, nothing more."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._shown: list[int] = []
        self._wanted = Wanted()
        self.titles = (
            translate("ListModel", "Date"),
            translate("ListModel", "Address"),
            translate("ListModel", "Version"),
            translate("ListModel", "Outcome"),
            translate("ListModel", "Attempts"),
        )

    def clear(self) -> None:
        self.beginResetModel()
        self.lines, self._shown = [], []
        self.endResetModel()

    def add(self, lines: Sequence[Line]) -> None:
        """Append what was read."""
        start = len(self.lines)
        fits = self._wanted.fits
        fresh = [start + at for at, line in enumerate(lines) if fits(line)]
        self.lines.extend(lines)
        if fresh:
            row = len(self._shown)
            self.beginInsertRows(QModelIndex(), row, row + len(fresh) - 1)
            self._shown.extend(fresh)
            self.endInsertRows()

    def show_wanted(self, wanted: Wanted, shown: list[int]) -> None:
        """Show the rows at ``shown``, which were found to fit; those that come later are held against it."""
        self.beginResetModel()
        self._wanted, self._shown = wanted, shown
        self.endResetModel()

    def line(self, row: int) -> Line:
        return self.lines[self._shown[row]]

    @property
    def shown(self) -> int:
        return len(self._shown)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.line(index.row())
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (line.date, line.address, line.version, line.outcome, str(line.attempts))[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and column == 4:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.titles[column]}: {self.data(index)}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section == 4:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None
