"""A row of joined buttons: one of several, or any of several."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from wsinspector.ui import theme
from wsinspector.ui.actions.binding import bind, tell


class Segment(QAbstractButton):
    """One button of a :class:`Segmented`; ``text`` may change at any time."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._bold())
        width = metrics.horizontalAdvance(self.text()) + 2 * theme.GAP + theme.SPACE
        return QSize(round(width), theme.row_height())

    def _bold(self) -> QFont:
        font = theme.ui_font(0.95)
        font.setWeight(font.Weight.DemiBold)
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selection" if self.isChecked() else "hover"))
            painter.drawRoundedRect(box, theme.SPACE, theme.SPACE)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.SPACE, theme.SPACE)
        painter.setFont(self._bold() if self.isChecked() else theme.ui_font(0.95))
        strong = self.isChecked() and self.isEnabled()
        painter.setPen(theme.color("text" if strong else "muted"))
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 2)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, shown)


class Segmented(QWidget):
    """Joined buttons. ``picked(index)`` where one of them is on at a time; ``toggled(index, on)``
    where ``several`` may be. Left and Right move within it, it is one stop of the Tab key.
    """

    picked = Signal(int)
    toggled = Signal(int, bool)

    def __init__(self, texts: Sequence[str], *, several: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._several = several
        self.segments: list[Segment] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(1, 1, 1, 1)
        self._row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_texts(texts)
        theme.watcher().changed.connect(self._restyle)

    def set_texts(self, texts: Sequence[str]) -> None:
        """Other buttons in place of those there are; of one of several the first is on."""
        while self.segments:
            gone = self.segments.pop()
            self._row.removeWidget(gone)
            gone.deleteLater()
        for text in texts:
            self._add(text)
        if self.segments and not self._several:
            self.segments[0].setChecked(True)
        self._tab_stop()

    def _add(self, text: str) -> None:
        segment = Segment(text, self)
        index = len(self.segments)
        segment.clicked.connect(lambda on: self._clicked(index, on))
        segment.installEventFilter(self)
        self.segments.append(segment)
        self._row.addWidget(segment)

    def current(self) -> int:
        """The button that is on; -1 for none."""
        return next((at for at, segment in enumerate(self.segments) if segment.isChecked()), -1)

    def set_current(self, index: int) -> None:
        """Switch to ``index`` without a signal."""
        for at, segment in enumerate(self.segments):
            segment.setChecked(at == index)
        self._tab_stop()

    def set_on(self, index: int, on: bool) -> None:
        """Switch one of several, without a signal."""
        self.segments[index].setChecked(on)

    def is_on(self, index: int) -> bool:
        return self.segments[index].isChecked()

    def set_text(self, index: int, text: str) -> None:
        """Rename a button."""
        segment = self.segments[index]
        if segment.text() != text:
            segment.setText(text)
            segment.setAccessibleName(text)
            segment.updateGeometry()

    def set_tip(self, index: int, text: str) -> None:
        tell(self.segments[index], text)

    def set_key(self, index: int, name: str) -> None:
        """Press a button by the key of action ``name``; the focus stays where it is.

        A button's own shortcut would take the focus, and be forgotten as soon as its text changes.
        """
        bind(name, self, self.segments[index].click)

    def _clicked(self, index: int, on: bool) -> None:
        if self._several:
            self.toggled.emit(index, on)
            return
        self.set_current(index)
        self.picked.emit(index)

    def _tab_stop(self) -> None:
        here = max(self.current(), 0)
        for at, segment in enumerate(self.segments):
            lone = self._several or at == here
            segment.setFocusPolicy(Qt.FocusPolicy.StrongFocus if lone else Qt.FocusPolicy.ClickFocus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
            if step is not None and isinstance(watched, Segment):
                to = (self.segments.index(watched) + step) % len(self.segments)
                self.segments[to].setFocus(Qt.FocusReason.TabFocusReason)
                if not self._several:
                    self._clicked(to, True)
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS
        )

    def _restyle(self) -> None:
        for segment in self.segments:
            segment.updateGeometry()
        self.update()
