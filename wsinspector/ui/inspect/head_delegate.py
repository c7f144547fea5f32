"""How the cells of a head look and how they are typed into."""

import itertools
from dataclasses import replace
from typing import cast

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from wsinspector.present.heads import Chip, HeadRow, RowKind
from wsinspector.protocol.spans import Span
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.byte_field import ByteField
from wsinspector.ui.inspect.head_model import ROW_ROLE, Column
from wsinspector.ui.inspect.row_paint import (
    CHIP_GAP,
    baseline_of,
    chip_width,
    paint_chip,
    paint_cut,
    paint_parts,
)

Index = QModelIndex | QPersistentModelIndex
SWITCH_SIZE = 13
LEAST_VALUE = 150
"""Pixels a value keeps before its chips are cut."""


class HeadDelegate(QStyledItemDelegate):
    """Paints a row cell by cell; :attr:`lit` is the stretch of bytes a verdict points at."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lit: tuple[Span, ...] = ()
        self.version_chips: dict[int, QRectF] = {}  # where they were painted last, by row
        self.pointed_row = -1

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(40, theme.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = cast(HeadRow, index.data(ROW_ROLE))
        rect = QRectF(option.rect)
        if rect.height() < 2:
            return  # QTableView paints the spans of hidden rows too
        painter.save()
        self._paint_ground(painter, option, index, row, rect)
        painter.setFont(theme.mono_font())
        column = Column(index.column())
        if column is Column.SWITCH:
            self._paint_switch(painter, rect, index, row)
        elif row.kind is not RowKind.HEADER:
            self._paint_whole(painter, rect, index, row, column)
        else:
            self._paint_part(painter, rect, index, row, column)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, row: HeadRow, rect: QRectF
    ) -> None:
        if row.marked and row.enabled:
            painter.fillRect(rect, theme.color("marked"))
        span = row.span
        if span is not None and any(_touch(span, lit) for lit in self.lit):
            painter.fillRect(rect, theme.color("lit"))
        state = option.state
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if focused and index.column() != Column.SWITCH:
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.drawRect(rect.adjusted(0, 0.5, -1, -1))
        elif focused:
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.drawRect(rect.adjusted(1, 0.5, -1, -1))

    def _paint_switch(self, painter: QPainter, rect: QRectF, index: Index, row: HeadRow) -> None:
        if index.data(Qt.ItemDataRole.CheckStateRole) is None:
            return
        box = switch_box(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("muted"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        if row.enabled:
            painter.setPen(QPen(theme.color("text"), 1.6))
            left, top, size = box.left(), box.top(), box.width()
            points = [(0.22, 0.52), (0.42, 0.72), (0.78, 0.3)]
            for (x0, y0), (x1, y1) in itertools.pairwise(points):
                painter.drawLine(
                    *(round(left + x0 * size), round(top + y0 * size)),
                    *(round(left + x1 * size), round(top + y1 * size)),
                )
        if index.row() == self.pointed_row:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("muted"))
            for step in range(6):
                x, y = rect.left() + 4 + 4 * (step % 2), rect.center().y() - 4 + 4 * (step // 2)
                painter.drawEllipse(QRectF(x, y - 1, 2, 2))

    def _paint_whole(
        self, painter: QPainter, rect: QRectF, index: Index, row: HeadRow, column: Column
    ) -> None:
        if column is Column.ENDING:
            self._paint_ending(painter, rect, row, str(index.data()))
            return
        if column is not Column.NAME:
            return
        room = rect.adjusted(2, 0, -10, 0)
        if row.parts and row.kind is RowKind.START:
            used = paint_parts(painter, room, row.parts)
            self._paint_chips(painter, room, row, used)
        elif row.kind is RowKind.TERMINATOR:
            paint_cut(painter, room, str(index.data()), "muted")
        elif row.kind is RowKind.TAIL:
            text = translate("HeadTable", "then %n byte(s):", "", len(row.value))
            if row.label:
                text = translate("HeadTable", "then %n byte(s), the {0}:", "", len(row.value)).format(
                    row.label
                )
            used = paint_cut(painter, room, text, "muted") + 8
            used += paint_cut(painter, room.adjusted(used, 0, 0, 0), row.shown_tail, "text")
            self._paint_chips(painter, room, row, used)
        else:
            paint_cut(painter, room, row.shown_value, "text")

    def _paint_part(
        self, painter: QPainter, rect: QRectF, index: Index, row: HeadRow, column: Column
    ) -> None:
        strong = row.marked and row.enabled
        if column is Column.ENDING:
            self._paint_ending(painter, rect, row, str(index.data()))
            return
        if column is Column.BETWEEN:
            role = "muted" if row.between == b": " else "note"
            paint_cut(painter, rect.adjusted(2, 0, -2, 0), str(index.data()), role)
            return
        room = rect.adjusted(2, 0, -6, 0)
        text = str(index.data())
        if column is Column.NAME:
            role = "text" if strong else "muted"
            width = paint_cut(painter, room, text, role, Qt.TextElideMode.ElideMiddle)
        else:
            space = room.width() - sum(chip_width(chip) + CHIP_GAP for chip in row.chips)
            if space < min(LEAST_VALUE, self._text_width(painter, text)):
                space = room.width() - sum(_short_width(chip) + CHIP_GAP for chip in row.chips)
            space = max(space, min(LEAST_VALUE, room.width() * 0.55))
            role = "text" if row.enabled else "muted"
            font = QFont(painter.font())
            font.setBold(strong)
            painter.setFont(font)
            width = paint_cut(painter, QRectF(room.left(), room.top(), space, room.height()), text, role)
            self._paint_chips(painter, room, row, width)
            if row.marked and row.chips:
                left = room.left() + width
                shown = min(_short_width(row.chips[0]) + CHIP_GAP, room.right() - left)
                self.version_chips[index.row()] = QRectF(left, rect.top(), shown, rect.height())
        if not row.enabled:
            middle = round(baseline_of(painter, rect) - 4)
            painter.setPen(QPen(theme.color("muted"), 1))
            painter.drawLine(round(room.left()), middle, round(room.left() + width), middle)

    def _text_width(self, painter: QPainter, text: str) -> float:
        return QFontMetricsF(painter.font()).horizontalAdvance(text) + 2

    def _paint_chips(self, painter: QPainter, room: QRectF, row: HeadRow, used: float) -> None:
        left = room.left() + used + (CHIP_GAP if used else 0)
        for chip in row.chips:
            left += paint_chip(painter, left, room.center().y() + 0.5, chip, room.right() - left) + CHIP_GAP

    def _paint_ending(self, painter: QPainter, rect: QRectF, row: HeadRow, text: str) -> None:
        role = "muted" if row.ending == b"\r\n" else "note"
        paint_cut(painter, rect.adjusted(2, 0, -8, 0), text, role)

    # -- typing

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = ByteField(parent)
        editor.setFrame(False)
        editor.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        field = cast(ByteField, editor)
        if not field.isModified():
            field.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            field.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        model.setData(index, cast(ByteField, editor).text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        rect: QRect = option.rect
        editor.setGeometry(rect)


def switch_box(rect: QRectF) -> QRectF:
    """Where the switch stands in its cell; the handle has the room on its left."""
    size = SWITCH_SIZE
    return QRectF(rect.right() - size - 8.5, rect.center().y() - size / 2 + 0.5, size, size)


def _short_width(chip: Chip) -> float:
    return chip_width(replace(chip, text=chip.short) if chip.short else chip)


def _touch(one: Span, other: Span) -> bool:
    return one.start < max(other.end, other.start + 1) and other.start < one.end
