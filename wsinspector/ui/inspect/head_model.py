"""The rows of a head as a table: a thin adapter over ``present.heads``, writable for the draft alone."""

import dataclasses
import enum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from wsinspector.present.heads import HeadRow, RowKind, ending_name, separator_name, shown_bytes
from wsinspector.protocol.draft import Draft
from wsinspector.protocol.escapes import raw_bytes
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import fill
from wsinspector.ui.presenting.state import presenting
from wsinspector.ui.tips import plain_tip

ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
ROW_MIME = "application/x-wsinspector-head-row"

Index = QModelIndex | QPersistentModelIndex


class Column(enum.IntEnum):
    SWITCH = 0
    NAME = 1  # a start line and whatever is no header line stand here, over the columns to VALUE
    BETWEEN = 2
    VALUE = 3
    ENDING = 4


class HeadModel(QAbstractTableModel):
    """Rows given by :meth:`show`. With a draft every edit gives :attr:`edited` a new draft."""

    edited = Signal(object)  # Draft
    flagged = Signal(str)  # what of the typed text is not one byte a character, or ""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[HeadRow, ...] = ()
        self._draft: Draft | None = None

    def show(self, rows: tuple[HeadRow, ...], draft: Draft | None = None) -> None:
        """Show ``rows``; they can be edited where the ``draft`` they were made from is given."""
        editable_before = self._draft is not None
        old, self._draft = self._rows, draft
        if len(rows) == len(old) and editable_before == (draft is not None):
            self._rows = rows
            changed = [at for at, (was, now) in enumerate(zip(old, rows, strict=True)) if was != now]
            if changed:
                self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], Column.ENDING))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    @property
    def rows(self) -> tuple[HeadRow, ...]:
        return self._rows

    @property
    def draft(self) -> Draft | None:
        return self._draft

    def row_of_line(self, line: int) -> int:
        """The row that shows header line ``line`` of the draft, -1 where none does."""
        return next((at for at, row in enumerate(self._rows) if row.index == line), -1)

    # -- reading

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._display(row, column)
            case Qt.ItemDataRole.EditRole:
                return shown_bytes(_bytes_of(row, column))
            case Qt.ItemDataRole.CheckStateRole:
                if column is Column.SWITCH and self._draft is not None and row.kind is RowKind.HEADER:
                    return Qt.CheckState.Checked if row.enabled else Qt.CheckState.Unchecked
                return None
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self._tip(row, column))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row, column)
        return row if role == ROW_ROLE else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return (
            translate("HeadTable", "On"),
            translate("HeadTable", "Name"),
            translate("HeadTable", "Separator"),
            translate("HeadTable", "Value"),
            translate("HeadTable", "Line ending"),
        )[section]

    def _display(self, row: HeadRow, column: Column) -> str:
        if row.kind is not RowKind.HEADER:
            if column is Column.ENDING and row.kind in (RowKind.START, RowKind.TERMINATOR):
                return ending_name(row.ending)
            if column is not Column.NAME:
                return ""
            if row.kind is RowKind.TERMINATOR:
                return translate("HeadTable", "blank line")
            return row.shown_value
        match column:
            case Column.NAME:
                return row.shown_name
            case Column.BETWEEN:
                return separator_name(row.between)
            case Column.VALUE:
                return row.shown_value
            case Column.ENDING:
                return ending_name(row.ending)
        return ""

    def _tip(self, row: HeadRow, column: Column) -> str:
        lines = [row.shown_value[:600]] if column in (Column.NAME, Column.VALUE) and row.shown_value else []
        if column is Column.VALUE:
            lines += [chip.tip for chip in row.chips if chip.tip]
        if self._draft is None or row.kind in (RowKind.TAIL, RowKind.NO_HEAD):
            return "\n".join(lines)
        if column is Column.SWITCH:
            return fill(
                translate(
                    "HeadTable",
                    "Send this line or not (Space). Drag or [key:headers.up], [key:headers.down] to move.",
                )
            )
        return "\n".join([*lines, translate("HeadTable", "Double-click or F2 to edit")])

    def _spoken(self, row: HeadRow, column: Column) -> str:
        if column is Column.SWITCH:
            return row.spoken()
        label = self.headerData(column, Qt.Orientation.Horizontal)
        return f"{label}: {self._display(row, column)}" if row.kind is RowKind.HEADER else row.spoken()

    # -- writing

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if self._draft is None:
            return flags
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled  # rows drop between rows, never onto one
        row, column = self._rows[index.row()], Column(index.column())
        if row.hidden and presenting().on and column in (Column.NAME, Column.VALUE):
            return flags  # an editor would show what is hidden
        if row.kind is RowKind.HEADER:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
            if column is Column.SWITCH:
                return flags | Qt.ItemFlag.ItemIsUserCheckable
            return flags | Qt.ItemFlag.ItemIsEditable
        if row.kind is RowKind.START and column in (Column.NAME, Column.ENDING):
            return flags | Qt.ItemFlag.ItemIsEditable
        if row.kind is RowKind.TERMINATOR and column is Column.ENDING:
            return flags | Qt.ItemFlag.ItemIsEditable
        if row.kind is RowKind.TAIL and column is Column.NAME:
            return flags | Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or self._draft is None:
            return False
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.CheckStateRole and row.kind is RowKind.HEADER:
            self.edited.emit(self._draft.switched(row.index, value in (2, Qt.CheckState.Checked, True)))
            return True
        if role != Qt.ItemDataRole.EditRole:
            return False
        data, flags = raw_bytes(str(value))
        self.flagged.emit(flags[0].text if flags else "")
        if data != _bytes_of(row, column):
            self.edited.emit(_edited(self._draft, row, column, data))
        return True

    # -- moving rows

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [ROW_MIME]

    def mimeData(self, indexes: Any) -> QMimeData:
        data = QMimeData()
        lines = [self._rows[index.row()].index for index in indexes if index.isValid()]
        data.setData(ROW_MIME, QByteArray(str(lines[0] if lines else -1).encode()))
        return data

    def canDropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, _parent: Index
    ) -> bool:
        return self._draft is not None and data.hasFormat(ROW_MIME)

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move a row in the draft. Always False: the new rows come with the edited draft."""
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        line = int(bytes(data.data(ROW_MIME).data()).decode())
        before = parent.row() if row < 0 and parent.isValid() else row
        self.move_line(line, self._line_before(before))
        return False

    def _line_before(self, row: int) -> int:
        """The header line before which something dropped at ``row`` goes."""
        count = sum(one.kind is RowKind.HEADER for one in self._rows)
        if row < 0:
            return count
        return next((one.index for one in self._rows[row:] if one.kind is RowKind.HEADER), count)

    def move_line(self, line: int, before: int) -> int:
        """Move header line ``line`` to stand before line ``before``; its new number."""
        if self._draft is None or not 0 <= line < len(self._draft.lines):
            return line
        to = before - 1 if before > line else before
        to = min(max(to, 0), len(self._draft.lines) - 1)
        if to != line:
            self.edited.emit(self._draft.move(line, to))
        return to


def _bytes_of(row: HeadRow, column: Column) -> bytes:
    if column is Column.ENDING:
        return row.ending
    if row.kind is not RowKind.HEADER:
        return row.value if column is Column.NAME else b""
    return {Column.NAME: row.name, Column.BETWEEN: row.between, Column.VALUE: row.value}.get(column, b"")


def _edited(draft: Draft, row: HeadRow, column: Column, data: bytes) -> Draft:
    match row.kind:
        case RowKind.START if column is Column.ENDING:
            return dataclasses.replace(draft, request_ending=data)
        case RowKind.START:
            return draft.with_request_line(data)
        case RowKind.TERMINATOR:
            return dataclasses.replace(draft, terminator=data)
        case RowKind.TAIL:
            return draft.with_tail(data)
        case RowKind.NO_HEAD:
            return draft
    line = draft.lines[row.index]
    match column:
        case Column.NAME:
            return draft.with_line(row.index, dataclasses.replace(line, name=data))
        case Column.BETWEEN:
            return draft.with_line(row.index, dataclasses.replace(line, between=data))
        case Column.ENDING:
            return draft.with_line(row.index, dataclasses.replace(line, ending=data))
    return draft.with_edited_value(row.index, data)
