"""How a line of the palette is painted: the meant letters bold and underlined, its key, where it works."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from wsinspector.ui import theme
from wsinspector.ui.palette.model import MATCHED, ROW
from wsinspector.ui.palette.row import Row

PAD = theme.MARGIN
_HALF = 0.5


def _cut(text: str, font: QFont, width: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(width, 0))


class PaletteDelegate(QStyledItemDelegate):
    """Two columns: what it is, and at the right its place and its key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, theme.row_height() + theme.GAP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = index.data(ROW)
        if not isinstance(row, Row):
            return
        rect: QRect = option.rect
        picked = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if picked:
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.setBrush(theme.color("selection"))
            painter.drawRoundedRect(QRectF(rect).adjusted(1.5, 0.5, -1.5, -0.5), theme.RADIUS, theme.RADIUS)
        left, right = rect.left() + PAD, rect.right() - PAD
        right = self._key(painter, row, rect, right)
        right = self._place(painter, row, rect, left, right)
        self._text(painter, row, rect, left, right, index.data(MATCHED) or [])
        painter.restore()

    def _key(self, painter: QPainter, row: Row, rect: QRect, right: int) -> int:
        if not row.key:
            return right
        font = theme.mono_font(0.9)
        width = round(QFontMetricsF(font).horizontalAdvance(row.key)) + theme.GAP
        box = QRectF(
            right - width, rect.top() + theme.SPACE + _HALF, width, rect.height() - 2 * theme.SPACE - 1
        )
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("field"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font)
        painter.setPen(theme.color("muted" if row.why_not else "text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, row.key)
        return right - width - theme.GAP

    def _place(self, painter: QPainter, row: Row, rect: QRect, left: int, right: int) -> int:
        font = theme.ui_font(0.9)
        said = row.why_not or row.where
        text = f"{row.kind} · {said}" if said else row.kind
        text = _cut(text, font, (right - left) * 0.55)
        width = round(QFontMetricsF(font).horizontalAdvance(text)) + 2
        painter.setFont(font)
        painter.setPen(theme.color("muted"))
        place = QRect(right - width, rect.top(), width, rect.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        return right - width - PAD

    def _text(
        self, painter: QPainter, row: Row, rect: QRect, left: int, right: int, letters: list[int]
    ) -> None:
        font = theme.ui_font()
        if row.why_not:
            font.setItalic(True)
        bold = QFont(font)
        bold.setBold(True)
        text = _cut(row.text, bold if letters else font, right - left)
        layout = QTextLayout(text, font)
        plain = QTextOption()
        plain.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(plain)
        formats = []
        for start, length in _stretches(letters):
            if start < len(text):
                meant = QTextLayout.FormatRange()
                meant.start, meant.length = start, length
                form = QTextCharFormat()
                form.setFontWeight(QFont.Weight.Bold)
                form.setFontUnderline(True)
                meant.format = form
                formats.append(meant)
        layout.setFormats(formats)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(max(right - left, 1))
        layout.endLayout()
        painter.setPen(theme.color("muted" if row.why_not else "text"))
        layout.draw(painter, QPointF(left, rect.top() + (rect.height() - line.height()) / 2))


def _stretches(places: list[int]) -> list[tuple[int, int]]:
    """Places that follow each other, as (first, how many)."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and sum(found[-1]) == place:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((place, 1))
    return found
