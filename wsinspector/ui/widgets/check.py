"""A check box drawn in the theme's own colours, so that it is seen in the dark too."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from wsinspector.ui import theme

_TICK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.30))


class Check(QCheckBox):
    """On or off, with its text; the whole of it can be clicked."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _side(self) -> float:
        return max(13.0, round(QFontMetricsF(self.font()).ascent()))

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        width = self._side() + theme.GAP + metrics.horizontalAdvance(self.text()) + 4
        return QSize(round(width), theme.row_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._side()) + 3 * theme.GAP, theme.row_height())

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos) and pos.x() <= self.sizeHint().width()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._side()
        box = QRectF(0.5, round((self.height() - side) / 2) + 0.5, side, side)
        strong = self.isEnabled()
        border = "focus" if self.hasFocus() else "muted" if strong else "line"
        painter.setPen(QPen(theme.color(border), 1.6 if self.hasFocus() else 1))
        painter.setBrush(theme.color("hover" if self.underMouse() and strong else "field"))
        painter.drawRoundedRect(box, 3, 3)
        role = "text" if strong else "muted"
        if self.isChecked():
            painter.setPen(QPen(theme.color(role), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(
                QPolygonF([QPointF(box.x() + x * side, box.y() + y * side) for x, y in _TICK])
            )
        painter.setPen(theme.color(role))
        room = QRectF(side + theme.GAP, 0, self.width() - side - theme.GAP, self.height())
        text = QFontMetricsF(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
