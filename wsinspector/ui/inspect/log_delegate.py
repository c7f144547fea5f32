"""Paints a whole row of the log at once: six columns a row through Qt would cost five times as much."""

import html
from collections.abc import Callable

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
    QStaticText,
    QTransform,
)
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from wsinspector.present.needle import NOTHING
from wsinspector.present.rowlabels import Label
from wsinspector.present.rowtext import RowCells, RowKind
from wsinspector.ui import theme
from wsinspector.ui.inspect.log_columns import PAD, Column, LogHeader
from wsinspector.ui.inspect.log_model import LogModel

LABEL_PAD = 7
LABEL_GAP = 6
MARKERS = (RowKind.STOP, RowKind.SILENCE, RowKind.DROPPED)
MOST_WORDS = 200
_MONO, _PLAIN, _BOLD = range(3)


class LogDelegate(QStyledItemDelegate):
    """Draws :class:`RowCells` along the lanes of a :class:`LogHeader`.

    Fonts, pens and labels are kept between rows; :meth:`restyle` forgets them.
    """

    def __init__(self, header: LogHeader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._header = header
        self.find = NOTHING  # what is looked for
        self.is_hit: Callable[[int], bool] = lambda _number: False
        self._labels: dict[tuple[str, str, float], tuple[QPixmap, float]] = {}
        self._colors: dict[str, QColor] = {}
        self._words: dict[tuple[str, int], tuple[QStaticText, QFont, int]] = {}
        header.lanes_changed.connect(self._lanes_moved)
        self.restyle()

    def restyle(self) -> None:
        """Read fonts and colours again, after a change of theme or zoom."""
        self._labels.clear()
        self._colors.clear()
        self._words.clear()
        self._mono = QFont(theme.mono_font())
        self._plain = QFont(theme.ui_font())
        self._plain.setPointSizeF(self._plain.pointSizeF() * 0.94)
        self._bold = QFont(self._plain)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._small = QFont(self._plain)
        self._small.setPointSizeF(self._plain.pointSizeF() * 0.86)
        self._small.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(self._mono)
        self._metrics = metrics
        self._plain_metrics = QFontMetricsF(self._plain)
        self._ascents = (
            metrics.ascent(),
            self._plain_metrics.ascent(),
            QFontMetricsF(self._bold).ascent(),
        )
        self._digit = metrics.horizontalAdvance("0")
        self._height = theme.row_height()
        self._base = round((self._height + metrics.ascent() - metrics.descent()) / 2)
        self._plain_base = round(
            (self._height + self._plain_metrics.ascent() - self._plain_metrics.descent()) / 2
        )
        self._lanes = self._header.lanes()

    def _lanes_moved(self) -> None:
        self._lanes = self._header.lanes()

    def _color(self, role: str) -> QColor:
        found = self._colors.get(role)
        if found is None:
            found = self._colors[role] = QColor(theme.color(role))
        return found

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(40, self._height)

    def row(
        self, painter: QPainter, rect: QRect, cells: RowCells, *, selected: bool, hovered: bool, focused: bool
    ) -> None:
        """Draw one row into ``rect``, on the ground of the pane."""
        if selected:
            painter.fillRect(rect, self._color("selection"))
        elif hovered:
            painter.fillRect(rect, self._color("hover"))
        if cells.kind in MARKERS:
            self._marker(painter, rect, cells)
        else:
            self._row(painter, rect.top(), rect.right() + 1, cells)
        if focused:
            painter.setPen(QPen(self._color("focus"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _row(self, painter: QPainter, top: int, right: int, cells: RowCells) -> None:
        lanes = self._lanes
        base = top + self._base
        digit = self._digit
        # Below the line where the connection was failed nothing counts any more.
        muted = self._color("muted")
        plain = muted if cells.below_stop else self._color("text")
        painter.setFont(self._mono)
        painter.setPen(muted)
        lane = lanes[Column.NUMBER]
        if lane.width and cells.number:
            width = digit * len(cells.number)
            if width + 2 * PAD > lane.width:
                self._header.make_room(Column.NUMBER, width)
            if self.find.is_number(cells.number):
                left = lane.left + lane.width - PAD - width
                painter.fillRect(QRectF(left - 2, top + 2, width + 4, self._height - 4), self._color("lit"))
            painter.drawText(QPointF(lane.left + lane.width - PAD - width, base), cells.number)
        left = lanes[Column.TIME].left + PAD
        painter.drawText(QPointF(left + digit if cells.child else left, base), cells.time)
        lane = lanes[Column.SIZE]
        if lane.width and cells.size:
            painter.setPen(plain)
            width = digit * len(cells.size)
            if not cells.size.isascii():
                width = self._metrics.horizontalAdvance(cells.size)
            if width + 2 * PAD > lane.width:
                self._header.make_room(Column.SIZE, width)
            painter.drawText(QPointF(lane.left + lane.width - PAD - width, base), cells.size)
        if cells.out is not None:
            side = "out" if cells.out else "in"
            painter.setPen(muted if cells.below_stop else self._color(side))
            self._word(painter, lanes[Column.DIRECTION].left + PAD, top, cells.direction, _MONO)
        self._payload(painter, top, lanes[Column.PAYLOAD].left + PAD, right - PAD, cells)
        lane = lanes[Column.TYPE]
        strong = cells.tone == "strong" or cells.below_stop
        kind = _PLAIN if cells.tone == "muted" else _BOLD
        if self.find.is_type(cells.type):
            width = QFontMetricsF(self._plain if kind == _PLAIN else self._bold).horizontalAdvance(cells.type)
            painter.fillRect(
                QRectF(lane.left + PAD - 2, top + 2, width + 4, self._height - 4), self._color("lit")
            )
        painter.setPen(plain if strong else self._color(cells.tone))
        self._word(painter, lane.left + PAD, top, cells.type, kind)

    def _word(self, painter: QPainter, left: float, top: int, text: str, kind: int) -> None:
        """Draw one of the few texts that most rows share; they are shaped once."""
        found = self._words.get((text, kind))
        if found is None:
            font = (self._mono, self._plain, self._bold)[kind]
            static = QStaticText(text)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            static.prepare(QTransform(), font)
            if len(self._words) > MOST_WORDS:
                self._words.clear()
            found = self._words[text, kind] = static, font, self._base if kind == _MONO else self._plain_base
        static, font, base = found
        painter.setFont(font)
        # Static text is placed by its upper edge.
        painter.drawStaticText(QPointF(left, top + base - self._ascents[kind]), static)

    def _payload(self, painter: QPainter, top: int, left: float, right: float, cells: RowCells) -> None:
        base = top + self._base
        if cells.opens:
            self._arrow(painter, left, top + self._height / 2, cells.opened)
            left += 14
        elif cells.child:
            left += 14
        if cells.mark is not None:
            left = self._flag(painter, left, top, min(right, left + (right - left) / 2), cells.mark)
        for label in cells.labels:
            pixmap, width = self._label(painter, label)
            if left + width > right:
                break
            painter.drawPixmap(QPointF(left, top + (self._height - self._label_height) / 2), pixmap)
            left += width + LABEL_GAP
        painter.setFont(self._mono)
        remark = (" · " if cells.payload else "") + cells.remark if cells.remark else ""
        if cells.payload:
            painter.setPen(self._color("muted" if cells.below_stop else "text"))
            room = right - left
            if remark and cells.kind is not RowKind.END:
                # The bytes are in the detail as well; what they mean is said here only.
                room -= min(self._digit * len(remark), room / 2)
            text, width = self._cut(cells.payload, room)
            self._light(painter, text, left, top, right, cells)
            painter.drawText(QPointF(left, base), text)
            left += width
        if remark:
            painter.setPen(self._color("muted"))
            text, _ = self._cut(remark, right - left)
            painter.drawText(QPointF(left, base), text)

    def _light(
        self, painter: QPainter, text: str, left: float, top: int, right: float, cells: RowCells
    ) -> None:
        """Light what is looked for where it shows; at the end of the row where it is further on."""
        if not self.find:
            return
        color = self._color("lit")
        places = self.find.places(text)
        for start, stop in places:
            before, within = text[:start], text[start:stop]
            if text.isascii():
                x, width = left + self._digit * start, self._digit * (stop - start)
            else:
                x = left + self._metrics.horizontalAdvance(before)
                width = self._metrics.horizontalAdvance(within)
            painter.fillRect(QRectF(x, top + 2, width, self._height - 4), color)
        if places or not cells.number or self.find.is_type(cells.type) or self.find.is_number(cells.number):
            return
        if self.is_hit(int(cells.number)):
            painter.fillRect(QRectF(right, top + 2, PAD - 2, self._height - 4), color)

    def _flag(self, painter: QPainter, left: float, top: int, right: float, name: str) -> float:
        """A flag and the name of the mark; where it ends."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._color("link")
        middle = top + self._height / 2
        painter.setPen(QPen(color, 1.4))
        painter.drawLine(QPointF(left + 1, middle - 6), QPointF(left + 1, middle + 6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        cloth = [
            QPointF(left + 1, middle - 6),
            QPointF(left + 11, middle - 6),
            QPointF(left + 8, middle - 2.5),
            QPointF(left + 11, middle + 1),
            QPointF(left + 1, middle + 1),
        ]
        painter.drawPolygon(QPolygonF(cloth))
        painter.restore()
        left += 15
        if name:
            painter.setFont(self._bold)
            painter.setPen(color)
            metrics = QFontMetricsF(self._bold)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(QPointF(left, top + self._plain_base), shown)
            left += metrics.horizontalAdvance(shown) + LABEL_GAP
        return left + 2

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Show what was cut off, as plain text whatever stands in it."""
        model = index.model()
        if not isinstance(model, LogModel) or event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        cells = model.cells(index.row())
        whole = " · ".join(part for part in (cells.payload, cells.remark) if part)
        room = view.viewport().width() - self._lanes[Column.PAYLOAD].left - 2 * PAD
        if cells.kind in MARKERS:
            room = view.viewport().width() - 2 * PAD
        small = QFontMetricsF(self._small)
        for label in cells.labels:
            room -= round(small.horizontalAdvance(label.text)) + 2 * LABEL_PAD + LABEL_GAP
        if self._metrics.horizontalAdvance(whole) > room:
            names = " ".join(f"[{label.text}]" for label in cells.labels)
            text = html.escape(f"{names} {whole}".strip())
            QToolTip.showText(event.globalPos(), f"<qt>{text}</qt>", view)
        else:
            QToolTip.hideText()
        return True

    def _cut(self, text: str, room: float) -> tuple[str, float]:
        """``text`` as far as it fits, and its width: by counting where every character is one wide."""
        if room <= 0:
            return "", 0.0
        fits = int(room / self._digit)
        if text.isascii():
            if len(text) > fits:
                text = text[: max(fits - 1, 0)] + "…"
            return text, self._digit * len(text)
        shown = self._metrics.elidedText(text[: fits + 1], Qt.TextElideMode.ElideRight, room)
        if len(text) > fits + 1 and not shown.endswith("…"):
            shown = self._metrics.elidedText(shown + "…", Qt.TextElideMode.ElideRight, room)
        return shown, self._metrics.horizontalAdvance(shown)

    def _arrow(self, painter: QPainter, left: float, middle: float, opened: bool) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color("muted"))
        if opened:
            points = [
                QPointF(left, middle - 2.5),
                QPointF(left + 8, middle - 2.5),
                QPointF(left + 4, middle + 3),
            ]
        else:
            points = [
                QPointF(left + 1, middle - 4),
                QPointF(left + 6.5, middle),
                QPointF(left + 1, middle + 4),
            ]
        painter.drawPolygon(QPolygonF(points))
        painter.restore()

    @property
    def _label_height(self) -> float:
        return QFontMetricsF(self._small).height() + 2

    def _label(self, painter: QPainter, label: Label) -> tuple[QPixmap, float]:
        ratio = painter.device().devicePixelRatioF()
        key = (label.text, label.role, ratio)
        found = self._labels.get(key)
        if found is None:
            if len(self._labels) > 400:
                self._labels.clear()
            found = self._labels[key] = self._draw_label(label, ratio)
        return found

    def _draw_label(self, label: Label, ratio: float) -> tuple[QPixmap, float]:
        metrics = QFontMetricsF(self._small)
        width = round(metrics.horizontalAdvance(label.text)) + 2 * LABEL_PAD
        height = self._label_height
        pixmap = QPixmap(round(width * ratio), round(height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0.5, 0.5, width - 1, height - 1)
        if label.role == "muted":
            painter.setPen(QPen(self._color("line"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(self._color(f"{label.role}_soft")))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setFont(self._small)
        painter.setPen(self._color(label.role))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), label.text)
        painter.end()
        return pixmap, float(width)

    def _marker(self, painter: QPainter, rect: QRect, cells: RowCells) -> None:
        color = self._color(cells.tone)
        pen = QPen(color, 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(rect.left(), rect.top(), rect.right(), rect.top())
        painter.setPen(color)
        painter.setFont(self._plain)
        text = self._plain_metrics.elidedText(
            cells.payload, Qt.TextElideMode.ElideRight, rect.width() - 2 * PAD
        )
        painter.drawText(QPointF(rect.left() + PAD, rect.top() + self._plain_base), text)
