"""The conversations of a file as rows, read in batches behind the window's back and picked out by words."""

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from wsinspector.capture.listing import Listed
from wsinspector.library.wanted import NO_VERSION, Wanted
from wsinspector.present.numbers import clock
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked_address
from wsinspector.translate import translate

Index = QModelIndex | QPersistentModelIndex
_VERSION = re.compile(rb"(?im)^sec-websocket-version[ \t]*:[ \t]*([^\r\n]{0,80})")
PIECE = 25  # rows made at once, as the window waits for the thread that makes them
_STRETCH = 1000  # rows held against what is wanted without a look at whether it still is
_STATUS = re.compile(rb"\AHTTP/\d\.\d (\d{3})")


_BETWEEN = "\x1f"  # between the words of a row; what comes from the network has none that is not made visible
DATE, ADDRESS, VERSION, OUTCOME, ATTEMPTS = range(5)


class Lines:
    """Rows as one text each beside the conversations' ids: a hundred thousand are no object for the
    garbage collection to walk through, which would stop the window."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.texts: list[str] = []

    def __len__(self) -> int:
        return len(self.texts)

    def add(self, listed: Listed) -> None:
        """Append a row."""
        self.ids.append(listed.id)
        self.texts.append(text_of(listed))

    def take(self, more: "Lines") -> None:
        """Append the rows of ``more``."""
        self.ids.extend(more.ids)
        self.texts.extend(more.texts)

    def words(self, at: int) -> list[str]:
        """Date, address, version, outcome, attempts."""
        return self.texts[at].split(_BETWEEN)


def text_of(listed: Listed) -> str:
    """A row's words out of the first bytes each way, as :class:`Lines` keeps them."""
    facts = listed.facts or {}
    served = facts.get("role") == "server"
    request, answer = (listed.received, listed.sent) if served else (listed.sent, listed.received)
    if not request and isinstance(facts.get("unsent"), str):
        request = str(facts["unsent"]).encode("latin-1", "replace")
    url = facts.get("url")
    address = visible(masked_address(url if isinstance(url, str) and url else listed.title))
    versions = ", ".join(visible(value.strip().decode("latin-1")) for value in _VERSION.findall(request))
    date = clock(listed.created_ns, date=True)[:19]
    return _BETWEEN.join((date, address, versions, _outcome(listed, facts, answer), str(listed.attempts)))


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


def fits(wanted: Wanted, text: str) -> bool:
    """Whether the row that is kept as ``text`` is one of those wanted."""
    text = text.lower()
    if not all(word in text for word in wanted.words):
        return False
    if not (wanted.address or wanted.version or wanted.outcome or wanted.date or wanted.day):
        return True
    date, address, version, outcome, _ = text.split(_BETWEEN)
    return (
        wanted.address in address
        and (not wanted.version or wanted.version in (version or NO_VERSION).split(", "))
        and all(word in outcome for word in wanted.outcome)
        and wanted.dated(date)
    )


_ANY = Wanted()


def fitting(wanted: Wanted, lines: Lines, upto: int, going_on: Callable[[], bool]) -> list[int]:
    """The places of the rows that fit, of the first ``upto``; for a thread, which it ends once not wanted."""
    found: list[int] = []
    for start in range(0, upto, _STRETCH):
        if not going_on():
            break
        stop = min(start + _STRETCH, upto)
        found += [start + at for at, text in enumerate(lines.texts[start:stop]) if fits(wanted, text)]
    return found


def batched(listed: Iterator[list[Listed]]) -> Iterator[Lines]:
    """Each batch as lines, a piece at a time, of which no other object is left."""
    for batch in listed:
        for start in range(0, len(batch), PIECE):
            lines = Lines()
            for each in batch[start : start + PIECE]:
                lines.add(each)
            yield lines


class ListModel(QAbstractTableModel):
    """``lines`` grow by :meth:`add`; which are shown is an array of their places, nothing more."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = Lines()
        self._shown = array("l")
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
        self.lines, self._shown = Lines(), array("l")
        self.endResetModel()

    def add(self, lines: Lines) -> None:
        """Append what was read."""
        start = len(self.lines)
        wanted = self._wanted
        if wanted == _ANY:
            fresh: Sequence[int] = range(start, start + len(lines))
        else:
            fresh = [start + at for at, text in enumerate(lines.texts) if fits(wanted, text)]
        self.lines.take(lines)
        if fresh:
            row = len(self._shown)
            self.beginInsertRows(QModelIndex(), row, row + len(fresh) - 1)
            self._shown.extend(fresh)
            self.endInsertRows()

    def show_wanted(self, wanted: Wanted, shown: Sequence[int]) -> None:
        """Show the rows at ``shown``, which were found to fit; those that come later are held against it."""
        self.beginResetModel()
        self._wanted, self._shown = wanted, array("l", shown)
        self.endResetModel()

    def words(self, row: int) -> list[str]:
        """What a shown row says, column by column."""
        return self.lines.words(self._shown[row])

    def id_of(self, row: int) -> int:
        """The conversation of a shown row."""
        return self.lines.ids[self._shown[row]]

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
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(index.row())[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and column == ATTEMPTS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.titles[column]}: {self.data(index)}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section == ATTEMPTS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None
