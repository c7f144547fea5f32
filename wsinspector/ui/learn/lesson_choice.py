"""The choices of a lesson's question: each as long as it needs to be, one of them picked."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from wsinspector.ui import theme

DOT = 7  # px, radius of the circle at zoom 1


class ChoiceButton(QAbstractButton):
    """A radio button whose text breaks into lines."""

    stepped = Signal(int)  # an arrow key: 1 to the next, -1 to the one before

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self._fit()

    def _left(self) -> int:
        return round((2 * DOT + theme.GAP + theme.SPACE) * theme.zoom())

    def _box(self, width: int) -> QRect:
        room = QRect(0, 0, max(width - self._left() - theme.GAP, 40), 10_000)
        return self.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), self.text())

    def _fit(self) -> None:
        self.setFixedHeight(self._box(max(self.width(), 120)).height() + theme.GAP + theme.SPACE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
        by = steps.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(by)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zoom = theme.zoom()
        inner = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "line"), 1))
            painter.setBrush(theme.color("hover") if self.underMouse() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner, theme.RADIUS, theme.RADIUS)
        radius = DOT * zoom
        top = (theme.GAP + theme.SPACE) / 2
        centre = QPointF(theme.SPACE + radius, top + self.fontMetrics().height() / 2)
        painter.setPen(QPen(theme.color("focus" if self.isChecked() else "muted"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius, radius)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("focus"))
            painter.drawEllipse(centre, radius * 0.55, radius * 0.55)
        painter.setPen(theme.color("text"))
        room = self.rect().adjusted(self._left(), round(top), -theme.GAP, 0)
        painter.drawText(room, int(Qt.TextFlag.TextWordWrap), self.text())


class Choices(QWidget):
    """``entered``: Return was pressed on one of them."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[ChoiceButton] = []
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_choices(self, texts: Sequence[str]) -> None:
        """Offer ``texts``, none of them picked."""
        for button in self.buttons:
            self._group.removeButton(button)
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        for text in texts:
            button = ChoiceButton(text, self)
            self._group.addButton(button)
            button.stepped.connect(self._step)
            self._column.addWidget(button)
            button.show()
            self.buttons.append(button)

    def _step(self, by: int) -> None:
        """An arrow goes to the next choice and picks it, around the end."""
        focused = next((at for at, button in enumerate(self.buttons) if button.hasFocus()), 0)
        button = self.buttons[(focused + by) % len(self.buttons)]
        button.setFocus(Qt.FocusReason.OtherFocusReason)
        button.setChecked(True)

    @property
    def picked(self) -> str:
        """The text that is picked; empty for none."""
        return next((button.text() for button in self.buttons if button.isChecked()), "")

    def pick(self, text: str) -> None:
        for button in self.buttons:
            if button.text() == text:
                button.setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = next((button for button in self.buttons if button.hasFocus()), None)
            if focused is not None:
                focused.setChecked(True)
            self.entered.emit()
            return
        super().keyPressEvent(event)
