"""Draws what happened as a small sequence diagram with times."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from wsinspector.present.numbers import milliseconds
from wsinspector.present.sequence import Sequence, Step
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.tips import plain_tip

WIDEST = 700
SLOPE = 8


class SequenceView(QWidget):
    """Two life lines, a slanted line a step; as high as its steps need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sequence = Sequence("", "", ())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(translate("What happened", "What happened"))

    def set_sequence(self, sequence: Sequence) -> None:
        if sequence == self._sequence:
            return
        self._sequence = sequence
        said = "; ".join(f"{_time(step)} {step.text}".strip() for step in sequence.steps)
        self.setAccessibleDescription(said)
        self.setToolTip(plain_tip("\n".join(f"{_time(step)} {step.text}".strip() for step in sequence.steps)))
        self.updateGeometry()
        self.update()

    def _step_height(self) -> int:
        return round(QFontMetricsF(theme.ui_font()).height() * 2.1 + SLOPE)

    def _head_height(self) -> int:
        return round(QFontMetricsF(theme.ui_font()).height() + 10)

    def sizeHint(self) -> QSize:
        return QSize(420, self._head_height() + len(self._sequence.steps) * self._step_height() + 14)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.ui_font()
        metrics = QFontMetricsF(font)
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        times = max((metrics.horizontalAdvance(_time(step)) for step in self._sequence.steps), default=0.0)
        width = min(self.width(), WIDEST)
        left = times + 28
        right = width - 70
        top = self._head_height()
        bottom = self.height() - 4
        painter.setFont(bold)
        painter.setPen(theme.color("text"))
        for x, text in ((left, self._sequence.here), (right, self._sequence.there)):
            shown = QFontMetricsF(bold).elidedText(text, Qt.TextElideMode.ElideMiddle, (right - left) * 0.8)
            half = QFontMetricsF(bold).horizontalAdvance(shown) / 2
            start = min(max(x - half, 0), self.width() - 2 * half)
            painter.drawText(QPointF(start, metrics.ascent()), shown)
        painter.setPen(QPen(theme.color("line"), 1.5))
        for x in (left, right):
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        painter.setFont(font)
        for at, step in enumerate(self._sequence.steps):
            self._draw(
                painter, step, QRectF(left, top + at * self._step_height(), right - left, self._step_height())
            )
        painter.end()

    def _draw(self, painter: QPainter, step: Step, box: QRectF) -> None:
        metrics = QFontMetricsF(painter.font())
        color = theme.color(step.role)
        high = box.bottom() - SLOPE
        low = box.bottom()
        text = metrics.elidedText(step.text, Qt.TextElideMode.ElideRight, box.width() - 24)
        painter.setPen(color)
        middle = box.center().x() - metrics.horizontalAdvance(text) / 2
        painter.drawText(QPointF(middle, high - 5), text)
        painter.setPen(theme.color("muted"))
        time = _time(step)
        painter.drawText(QPointF(box.left() - 16 - metrics.horizontalAdvance(time), high + 3), time)
        if step.way == "none":
            painter.setPen(QPen(color, 1.5, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(box.left(), high), QPointF(box.right(), high))
            return
        style = Qt.PenStyle.DashLine if step.dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(color, 1.6, style))
        start, end = QPointF(box.left() + 2, high), QPointF(box.right() - 2, low)
        if step.way == "in":
            start, end = QPointF(box.right() - 2, high), QPointF(box.left() + 2, low)
        painter.drawLine(start, end)
        painter.setPen(QPen(color, 1.6))
        back = -8 if step.way == "out" else 8
        painter.drawLine(end, end + QPointF(back, -4.5))
        painter.drawLine(end, end + QPointF(back, 3))


def _time(step: Step) -> str:
    if step.at is None:
        return ""
    return milliseconds(step.at)
