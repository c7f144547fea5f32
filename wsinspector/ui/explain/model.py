"""The parts of an attempt and their pieces as rows for Qt; texts are made for rows in sight."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.learn.pieces import Wrong
from wsinspector.present.explaining.part import Kind, Part
from wsinspector.present.explaining.parts import Parts
from wsinspector.present.explaining.rows import Path, Row, Rows, Taken
from wsinspector.present.explaining.shown import CAME, SENT, sign
from wsinspector.translate import translate

Index = QModelIndex | QPersistentModelIndex


class ExplainModel(QAbstractTableModel):
    """One column. :meth:`refresh` takes what has happened since."""

    def __init__(self, parts: Parts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = Rows(parts)
        self._count = len(self.rows)
        self._inserting = False
        self._wrong: dict[str, tuple[int, tuple[Wrong, ...]]] = {}
        self.rows.inserting = self._before_inserting
        self.rows.removing = self._before_removing
        self.rows.changed = self._after
        self.rows.resetting = self.beginResetModel
        self.rows.reset = self._all_anew

    @property
    def parts(self) -> Parts:
        return self.rows.parts

    # -- what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < self._count:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(self.rows.row(index.row()))
        if role == Qt.ItemDataRole.DisplayRole:
            return ", ".join(self._words(self.rows.row(index.row())))
        return None

    # -- texts

    def spoken(self, row: Row) -> str:
        """A row in words: what it is, what is wrong with it, whether it is open, how deep it lies."""
        words = [*self._words(row), *(sign(each) for each in self.wrong(row)[:1])]
        if row.opens:
            words.append(translate("Explain", "open") if row.opened else translate("Explain", "closed"))
        words.append(translate("Explain", "level {0}").format(row.depth + 1))
        return ", ".join(words)

    def _words(self, row: Row) -> list[str]:
        if row.piece is None:
            arrow, name, told = self.rows.title(row.part)
            way = {SENT: translate("Explain", "sent"), CAME: translate("Explain", "received")}.get(arrow, "")
            words = [name, told, way]
        else:
            seen = self.rows.words(row)
            words = [seen.name, seen.value, seen.bits or seen.hex]
        return [word for word in words if word]

    def wrong(self, row: Row) -> tuple[Wrong, ...]:
        """What is wrong at a row."""
        if row.piece is not None:
            return row.piece.wrong
        part = row.part
        if part.kind is Kind.FRAME:
            return self.parts.wrong(part)
        serial = self.parts.snapshot.serial
        kept = self._wrong.get(part.key)
        if kept is None or kept[0] != serial:
            kept = serial, self.parts.wrong(part)
            self._wrong[part.key] = kept
        return kept[1]

    # -- changes

    def open(self, number: int) -> bool:
        """Show what a row holds."""
        return self._changed(number, self.rows.open(number))

    def close(self, number: int) -> bool:
        """Hide what a row holds."""
        return self._changed(number, self.rows.close(number))

    def _changed(self, number: int, done: bool) -> bool:
        if done:
            index = self.index(number, 0)
            self.dataChanged.emit(index, index)
        return done

    def reveal(self, part: Part, path: Path) -> int | None:
        """Open what stands above a piece; the number of its row."""
        return self.rows.reveal(part.key, path)

    def refresh(self, snapshot: AttemptSnapshot, frames: int | None = None) -> bool:
        """Take a later snapshot; True where rows came or went."""
        taken = self.rows.take(lambda: self.parts.grow(snapshot, frames))
        if taken is Taken.SOME and self.parts.messages is not None and self._count:
            # A frame may tell of those behind it: of how many its message is made.
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, 0))
        return taken is not Taken.NOTHING

    def _before_inserting(self, first: int, last: int) -> None:
        self._inserting = True
        self.beginInsertRows(QModelIndex(), first, last)

    def _before_removing(self, first: int, last: int) -> None:
        self._inserting = False
        self.beginRemoveRows(QModelIndex(), first, last)

    def _after(self) -> None:
        self._count = len(self.rows)
        ended: Callable[[], None] = self.endInsertRows if self._inserting else self.endRemoveRows
        ended()

    def _all_anew(self) -> None:
        self._count = len(self.rows)
        self.endResetModel()
