"""A label whose text changes many times a second; the window is laid out anew only where that is wider."""

from math import ceil

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.tips import plain_tip

_SAME_DIGITS = str.maketrans("123456789", "000000000")


class CountLabel(RoleLabel):
    """One line, cut with an ellipsis, as wide as its text with any other digits of that number.

    It draws its text itself: Qt's own label tells every layout above it of each text it is given. And it
    draws its ``ground``, the role of what it stands on, so that nothing behind it is drawn with it.
    """

    _shown = ""
    _wide = (-1, -1)

    def __init__(self, ground: str, role: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__("", role, parent=parent)
        self._ground = ground
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def text(self) -> str:
        return self._shown

    def _steady_width(self) -> int:
        return ceil(self.fontMetrics().horizontalAdvance(self.full_text().translate(_SAME_DIGITS))) + 2

    def _cut(self) -> None:
        metrics, room, full = self.fontMetrics(), max(self.contentsRect().width(), 0), self.full_text()
        shown = full
        if metrics.horizontalAdvance(full) > room:
            shown = metrics.elidedText(full, Qt.TextElideMode.ElideRight, room)
        if shown != self._shown:
            self._shown = shown
            self.update()
        tip = plain_tip(full) if shown != full else ""
        if tip != self.toolTip():
            self.setToolTip(tip)
        wide = self._steady_width(), metrics.height()
        if wide != self._wide:
            self._wide = wide
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        margins = self.contentsMargins()
        return QSize(
            self._steady_width() + margins.left() + margins.right(),
            self.fontMetrics().height() + margins.top() + margins.bottom(),
        )

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), 24), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.color(self._ground))
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()), self._shown)
        painter.end()
