"""How a row of the explanation is painted: how deep it lies, what it is, its bytes, what is wrong."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from wsinspector.learn.pieces import Wrong
from wsinspector.present.explaining.rows import Row
from wsinspector.present.explaining.shown import SENT, tone
from wsinspector.present.hexlines import UNPRINTABLE
from wsinspector.ui import theme
from wsinspector.ui.explain.model import ExplainModel
from wsinspector.ui.inspect.row_paint import paint_cut

INDENT = 14  # px at zoom 1
NAMES = 0.52  # share of the width for words; the rest is for bytes
_ROLES = {"fin", "rsv", "opcode", "mask", "length", "key"}


class ExplainDelegate(QStyledItemDelegate):
    """Paints rows of :class:`ExplainModel`, all of one height."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(200, theme.row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, ExplainModel):
            return
        row = model.rows.row(index.row())
        rect = QRectF(option.rect)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = "selection" if state & QStyle.StateFlag.State_Selected else "pane"
        if role == "pane" and state & QStyle.StateFlag.State_MouseOver:
            role = "hover"
        painter.fillRect(rect, theme.color(role))
        zoom = theme.zoom()
        left = rect.left() + theme.GAP + row.depth * INDENT * zoom
        if row.opens:
            _chevron(painter, left, rect.center().y(), opened=row.opened)
        left += INDENT * zoom
        self._words(
            painter, QRectF(left, rect.top(), rect.right() - left - theme.GAP, rect.height()), model, row
        )
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.restore()

    def _words(self, painter: QPainter, room: QRectF, model: ExplainModel, row: Row) -> None:
        wrong = model.wrong(row)
        plain, bold = QFont(theme.ui_font()), QFont(theme.ui_font())
        bold.setBold(True)
        left = room.left()
        if row.piece is None:
            arrow, name, told = model.rows.title(row.part)
            painter.setFont(bold)
            if arrow:
                left += paint_cut(painter, _from(room, left), arrow, "out" if arrow == SENT else "in") + 5
            left += paint_cut(painter, _from(room, left), name, "text") + theme.GAP
            painter.setFont(plain)
            left += paint_cut(painter, _from(room, left), told, "muted") + theme.GAP
            _mark(painter, _from(room, left), wrong)
            return
        seen = model.rows.words(row)
        bytes_left = max(left + 40, room.left() - row.depth * INDENT * theme.zoom() + room.width() * NAMES)
        names = QRectF(left, room.top(), bytes_left - left - theme.GAP, room.height())
        if not seen.hex:
            names = room
        painter.setFont(bold if row.piece.role in _ROLES else plain)
        role = row.piece.role if row.piece.role in _ROLES else "text"
        left += _mark(painter, names, wrong)
        left += paint_cut(painter, _from(names, left), seen.name, role) + theme.GAP
        painter.setFont(plain)
        if seen.value and left < names.right():
            paint_cut(painter, _from(names, left), seen.value, "muted")
        if seen.hex:
            painter.setFont(theme.mono_font())
            rest = QRectF(bytes_left, room.top(), room.right() - bytes_left, room.height())
            readable = row.piece.role == "text" and seen.text.strip(UNPRINTABLE + " ")
            told = seen.bits or (seen.text if readable else seen.hex)
            more = "…" if seen.left_out else ""
            paint_cut(painter, rest, told + more, "text" if seen.bits else "muted")


def _from(room: QRectF, left: float) -> QRectF:
    return QRectF(left, room.top(), max(0.0, room.right() - left), room.height())


def _mark(painter: QPainter, room: QRectF, wrong: tuple[Wrong, ...]) -> float:
    """The sign of what is wrong; how wide it is."""
    if not wrong:
        return 0.0
    sign = "✕" if any(each.broken for each in wrong) else "!"
    role = "fault" if any(tone(each) == "fault" for each in wrong) else "note"
    font = QFont(theme.ui_font())
    font.setBold(True)
    painter.setFont(font)
    count = f" {len(wrong)}" if len(wrong) > 1 else ""
    return paint_cut(painter, room, sign + count, role) + theme.SPACE


def _chevron(painter: QPainter, left: float, middle: float, *, opened: bool) -> None:
    size = QFontMetricsF(theme.ui_font()).height() * 0.22
    x = left + size
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("muted"))
    if opened:
        points = [
            QPointF(x - size, middle - size / 2),
            QPointF(x + size, middle - size / 2),
            QPointF(x, middle + size),
        ]
    else:
        points = [
            QPointF(x - size / 2, middle - size),
            QPointF(x + size, middle),
            QPointF(x - size / 2, middle + size),
        ]
    painter.drawPolygon(QPolygonF(points))
