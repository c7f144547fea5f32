"""Puts the statistics in place of a pane's log and back; they are made when first asked for."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStackedWidget, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.tab import TabState

if TYPE_CHECKING:
    from wsinspector.ui.statistics.panel import StatisticsPanel

_BARS = (0.45, 0.8, 0.6, 1.0)


class StatisticsButton(QAbstractButton):
    """Four bars; pressed while the statistics are shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(translate("Statistics", "Statistics"))
        tell(
            self, translate("Statistics", "Statistics in place of the log, and back ([key:statistics.show])")
        )
        theme.watcher().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(theme.control_height() + theme.SPACE, theme.control_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "line"), 1))
        role = "selection" if self.isChecked() else "hover" if self.underMouse() else "raised"
        painter.setBrush(theme.color(role))
        painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("text" if self.isChecked() else "muted"))
        tall, wide = box.height() * 0.45, 3.0
        left = box.center().x() - (len(_BARS) * (wide + 2) - 2) / 2
        for at, share in enumerate(_BARS):
            high = tall * share
            painter.drawRect(QRectF(left + at * (wide + 2), box.center().y() + tall / 2 - high, wide, high))


class Statistics(QObject):
    """The statistics of what ``pane`` shows. ``panel`` is None before they are first asked for."""

    def __init__(self, pane: FramePane, state: TabState) -> None:
        super().__init__(pane)
        self._pane = pane
        self.panel: StatisticsPanel | None = None
        self._stack: QStackedWidget | None = None
        self.button = StatisticsButton()
        self.button.clicked.connect(self.show)
        pane.tools.place_last(self.button)
        state.ticked.connect(self._look)

    @property
    def shown(self) -> bool:
        """Whether the statistics stand in place of the log."""
        return self._stack is not None and self._stack.currentIndex() == 1

    def toggle(self) -> None:
        """Show the statistics, or the log again."""
        self.show(not self.shown)

    def show(self, on: bool) -> None:
        if on:
            panel = self._made()
            panel.set_model(self._pane.model)
        if self._stack is None or self.panel is None:
            return
        self.button.setChecked(on)
        self._stack.setCurrentIndex(1 if on else 0)
        if on:
            self.panel.focus_first()
        else:
            self._pane.view.table.setFocus()

    def _made(self) -> "StatisticsPanel":
        if self.panel is None:
            from wsinspector.ui.statistics.panel import StatisticsPanel

            pane = self._pane
            self.panel = StatisticsPanel(pane.background)
            self.panel.frame_asked.connect(self._go_to)
            self.panel.left.connect(lambda: self.show(False))
            self._stack = QStackedWidget()
            within = pane.layout()
            assert within is not None
            within.replaceWidget(pane.split, self._stack)
            self._stack.addWidget(pane.split)
            self._stack.addWidget(self.panel)
            pane.split.show()
            self._stack.show()
        return self.panel

    def _go_to(self, number: int) -> None:
        """Show frame ``number`` in the log, or what stands nearest to it."""
        self.show(False)
        self._pane.places.go_to(number)

    def _look(self) -> None:
        """Another attempt may have been picked."""
        if self.panel is not None and self.panel.isVisible():
            self.panel.set_model(self._pane.model)
