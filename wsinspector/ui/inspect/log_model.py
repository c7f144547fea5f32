"""The log's rows for Qt: an adapter over sorted integers, texts made for rows in sight."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.filter import Condition
from wsinspector.present.filtering import end_fits
from wsinspector.present.frame_index import CHUNK, FrameIndex, FrameSource
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.marks import Marks
from wsinspector.present.pairs import Pins
from wsinspector.present.rowlabels import Label
from wsinspector.present.rows import TAIL, Insertion, LogRows, Mode, Shown, number_of
from wsinspector.present.rowtext import RowCells, RowKind, RowTexts, TimeStyle
from wsinspector.present.tailtext import LAST_SILENCE_S, TailTexts
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.spans import Role

Index = QModelIndex | QPersistentModelIndex
KEPT_ROWS = 1024
A_TURN = 1 << 14
"""Frames that are laid out between two looks at the clock."""

PENDING_IN = TAIL | 1
PENDING_OUT = TAIL | 2
STOP_AT_PENDING = TAIL | 3
LAST_SILENCE = TAIL | 4
END = TAIL | 5


class LogModel(QAbstractTableModel):
    """One column, a row a key. :meth:`refresh` takes what was committed since, in one insertion."""

    dropping = Signal()  # rows of frames that are not in the file any more are about to leave
    dropped = Signal()  # they have left, and one row stands in their place

    def __init__(
        self,
        source: FrameSource,
        mode: Mode,
        shown: Shown,
        parent: QObject | None = None,
        *,
        agreed: Agreed = NOTHING_AGREED,
        role: Role = Role.CLIENT,
        composed: bool = False,
    ) -> None:
        super().__init__(parent)
        self.reading = FrameReading(source, agreed, role, composed=composed)
        self.inflation = Inflation(self.reading)
        self.rows = LogRows(FrameIndex(source), mode, shown)
        self.texts = RowTexts(self.reading, self.rows, self.inflation)
        self._tail_texts = TailTexts(self.texts)
        self._tail: list[int] = []
        self._cells: dict[int, RowCells] = {}
        self.marks = self.texts.marks
        self.pins = Pins()
        self.snapshot: AttemptSnapshot | None = None
        self.condition: Condition | None = None

    # -- what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows.keys) + len(self._tail)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.cells(index.row()).spoken
        return None

    # -- rows

    def key_at(self, row: int) -> int:
        """The key of ``row``; its meaning is that of :mod:`wsinspector.present.rows`."""
        keys = self.rows.keys
        return keys[row] if row < len(keys) else self._tail[row - len(keys)]

    def row_of(self, key: int) -> int | None:
        if key < TAIL:
            return self.rows.row_of(key)
        return len(self.rows.keys) + self._tail.index(key) if key in self._tail else None

    def nearest_row(self, key: int) -> int:
        """The row of ``key``, or of what stands nearest above it; -1 for an empty log."""
        row = self.row_of(key)
        return row if row is not None else self.rows.nearest(min(key, TAIL - 1))

    def cells(self, row: int) -> RowCells:
        """The texts of ``row``, kept while nothing can change them."""
        key = self.key_at(row)
        kept = self._cells.get(key)
        if kept is None:
            kept = self._make(key)
            if kept.settled:
                if len(self._cells) >= KEPT_ROWS:
                    for old in list(self._cells)[: KEPT_ROWS // 2]:
                        del self._cells[old]
                self._cells[key] = kept
        return kept

    def _make(self, key: int) -> RowCells:
        if key < TAIL:
            return self._with_places(key, self.texts.cells(key))
        snapshot = self.snapshot
        if snapshot is not None:
            if key == END:
                return self._tail_texts.end()
            if key == STOP_AT_PENDING:
                return self.texts.stop()
            if key == LAST_SILENCE and snapshot.end is not None:
                return self.texts.silence(int(snapshot.end.silence * 1e9))
            for pending in snapshot.pending:
                if key == (PENDING_OUT if pending.outgoing else PENDING_IN):
                    return self._tail_texts.pending(pending)
        return RowCells(RowKind.PENDING, settled=False)

    def _with_places(self, key: int, cells: RowCells) -> RowCells:
        """The row with its mark, or that of a frame behind it, and what is pinned of it."""
        pins = self.pins
        if not len(self.marks) and not pins.pairs and pins.waiting is None:
            return cells
        number = self.rows.frame_of(key)
        if number is None:
            return cells
        marked: int | None = number if number in self.marks else None
        if marked is None and cells.opens and not cells.opened:
            marked = self.marks.among(self.rows.frames_of(key))
        mark = self.marks.get(marked) if marked is not None else None
        labels = tuple(Label(text, "link") for text in pins.labels(number))
        if mark is None and not labels:
            return cells
        return replace(cells, mark=mark.name if mark is not None else None, labels=(*labels, *cells.labels))

    def set_places(self, marks: Marks, pins: Pins) -> None:
        """Show these marks and pins; :meth:`forget_texts` when they change."""
        self.marks = self.texts.marks = marks
        self.pins = pins
        self.forget_texts()

    def number_at(self, row: int) -> int:
        """The number of the frame at which ``row`` stands; one more than there are behind the last."""
        key = self.key_at(row)
        return number_of(key) if key < TAIL else len(self.rows.index) + 1

    def forget_texts(self) -> None:
        """Make every text again when it is next painted."""
        self._cells.clear()
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))

    def set_times(self, style: TimeStyle) -> None:
        self.texts.times = style
        self.forget_texts()

    def pending_at(self, row: int) -> tuple[FrameFacts, int] | None:
        """A frame still arriving at ``row``, and how many bytes of its payload have come."""
        key = self.key_at(row)
        for pending in self.snapshot.pending if self.snapshot is not None else ():
            if key == (PENDING_OUT if pending.outgoing else PENDING_IN) and pending.header:
                return self._tail_texts.pending_facts(pending), pending.have
        return None

    # -- changes

    def refresh(self, snapshot: AttemptSnapshot, *, budget: Callable[[], bool] | None = None) -> int:
        """Show what ``snapshot`` says was committed; return how many rows came after the others.

        ``budget`` says after each slice whether there is time for another.
        """
        before = self.snapshot
        self.snapshot = self.texts.snapshot = snapshot
        if snapshot.dropped_to > self.rows.index.frames.gone:
            self._drop(snapshot.dropped_to)
        stop = snapshot.stopped or snapshot.would_stop
        old, insertion = self.rows.set_stop(stop.number if stop is not None else None)
        if old is not None:
            self.beginRemoveRows(QModelIndex(), old, old)
            self.rows.remove(old, 1)
            self.endRemoveRows()
        if insertion is not None:
            self._insert(insertion)
        if before is not None and (before.wall_ns, before.stopped) != (snapshot.wall_ns, snapshot.stopped):
            self.forget_texts()
        added = 0
        known = len(self.rows.index)
        while self.rows.index.grow(snapshot.frames):
            added += self.settle(budget)
            if budget is not None and not budget():
                break
        added += self.settle(budget)
        if self.rows.keys and len(self.rows.index) > known:
            # A frame may tell in an earlier row: a pong of its ping, a fragment, a run that goes on.
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows.keys) - 1, 0))
        self._set_tail(snapshot, self.behind <= 0)
        return added

    def _drop(self, upto: int) -> None:
        """Frames up to number ``upto`` are not in the file any more: one row stands for all."""
        self.dropping.emit()
        heads = self.rows.index.drop(upto)
        at, count = self.rows.dropping()
        if count:
            self.beginRemoveRows(QModelIndex(), at, at + count - 1)
            self.rows.remove(at, count)
            self.endRemoveRows()
        for insertion in self.rows.dropped(heads):
            self._insert(insertion)
        # A row may tell of a frame that is gone: a pong of its ping.
        self._cells.clear()
        if self.rows.keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows.keys) - 1, 0))
        self.dropped.emit()

    @property
    def behind(self) -> int:
        """Frames committed and not read, or read and not laid out yet."""
        laid_out = self.rows.collected if self.rows.collected < self.rows.ready else len(self.rows.index)
        return (self.snapshot.frames if self.snapshot is not None else 0) - laid_out

    def settle(self, budget: Callable[[], bool] | None = None) -> int:
        """Insert what the index (and the filter) has made ready; return how many rows came.

        Where ``budget`` says that there is no more time, the rest waits for the next call.
        """
        added = 0
        while True:
            before = self.rows.collected
            for insertion in self.rows.prepare(CHUNK if budget is None else A_TURN):
                self._insert(insertion)
                added += len(insertion.keys)
            if self.rows.collected == before or (budget is not None and not budget()):
                return added

    def _insert(self, insertion: Insertion) -> None:
        last = insertion.at + len(insertion.keys) - 1
        self.beginInsertRows(QModelIndex(), insertion.at, last)
        self.rows.apply(insertion)
        self.endInsertRows()

    def show_rows(self, mode: Mode, shown: Shown, matches: bytearray | None, first: int = 1) -> None:
        """Another mode, other toggles, another filter or first frame: everything is laid out at once."""
        fresh = self.rows.anew(mode, shown, matches, first)
        while True:
            before = fresh.collected
            for insertion in fresh.prepare():
                fresh.apply(insertion)
            if fresh.collected == before:
                break
        self.take_rows(fresh, self.condition)

    def take_rows(self, fresh: LogRows, condition: Condition | None) -> None:
        """Show ``fresh``, which came of :meth:`LogRows.anew`, in place of the rows there are.

        ``condition``: what the filter says of the last row.
        """
        self.beginResetModel()
        self.rows.take_over(fresh)
        self.condition = condition
        self._cells.clear()
        if self.snapshot is not None:
            self._tail = self._wanted_tail(self.snapshot, len(self.rows.index) >= self.snapshot.frames)
        self.endResetModel()

    def open_row(self, row: int) -> bool:
        """Show the frames behind ``row`` below it; False where there are none."""
        key = self.key_at(row)
        insertion = self.rows.open(key)
        if insertion is None:
            return False
        # The frames are known to the rows already; Qt must hear of them before they count.
        self._insert(insertion)
        self._touch(key)
        return True

    def row_showing(self, number: int) -> int | None:
        """The row of frame ``number``, opening the row it lies within; None where that is hidden."""
        row = self.rows.row_of_frame(number)
        if row is None or self.rows.frame_of(self.key_at(row)) == number:
            return row
        key = self.key_at(row)
        self.open_row(row)
        children = self.rows.opened.get(key)
        at = bisect_left(children, number) if children is not None else 0
        if children is None or at == len(children) or children[at] != number:
            return row
        return self.rows.row_of(key + 1 + at)

    def shut_row(self, row: int) -> bool:
        """Take the frames behind ``row`` away; False where none show."""
        key = self.key_at(row)
        gone = self.rows.shut(key)
        if gone is None:
            return False
        at, count = gone
        self.beginRemoveRows(QModelIndex(), at, at + count - 1)
        self.rows.remove(at, count)
        self.endRemoveRows()
        self._touch(key)
        return True

    def parent_row(self, row: int) -> int | None:
        """The row within which ``row`` was opened."""
        key = self.key_at(row)
        if not self.rows.is_child(key):
            return None
        return self.rows.row_of(key >> 24 << 24)

    def _touch(self, key: int) -> None:
        self._cells.pop(key, None)
        row = self.row_of(key)
        if row is not None:
            index = self.index(row, 0)
            self.dataChanged.emit(index, index)

    @property
    def end_shows(self) -> bool:
        """Whether the last row, which says how it ended, is shown."""
        return END in self._tail

    def _end_fits(self, snapshot: AttemptSnapshot) -> bool:
        end = snapshot.end
        if end is None:
            return False
        at = end.at - snapshot.mono_ns
        return end_fits(self.condition, at_ns=at, code=end.code, reason=end.reason)

    def _wanted_tail(self, snapshot: AttemptSnapshot, whole: bool) -> list[int]:
        wanted: list[int] = []
        if whole:
            wanted += sorted({PENDING_OUT if one.outgoing else PENDING_IN for one in snapshot.pending})
            if self.rows.stop is not None and self.rows.stop > self.rows.collected:
                wanted.append(STOP_AT_PENDING)
            if snapshot.end is not None and snapshot.end.silence >= LAST_SILENCE_S:
                wanted.append(LAST_SILENCE)
            if self._end_fits(snapshot):
                wanted.append(END)
        return wanted

    def _set_tail(self, snapshot: AttemptSnapshot, whole: bool) -> None:
        wanted = self._wanted_tail(snapshot, whole)
        base = len(self.rows.keys)
        for key in [key for key in self._tail if key not in wanted]:
            at = self._tail.index(key)
            self.beginRemoveRows(QModelIndex(), base + at, base + at)
            del self._tail[at]
            self.endRemoveRows()
        for at, key in enumerate(wanted):
            if at < len(self._tail) and self._tail[at] == key:
                index = self.index(base + at, 0)
                self.dataChanged.emit(index, index)
                continue
            self.beginInsertRows(QModelIndex(), base + at, base + at)
            self._tail.insert(at, key)
            self.endInsertRows()
