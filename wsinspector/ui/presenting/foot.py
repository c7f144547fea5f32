"""The foot of the window while presenting: the panes with their keys, and the way out."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import caption, tell
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.presenting.panes import Pane

SMALLER = 0.7
"""Of the text beside what is presented."""

PANE_KEYS = {
    Pane.HANDSHAKE: "window.hide-handshake",
    Pane.FRAMES: "window.hide-frames",
    Pane.BITS: "window.even-out",
    Pane.PAYLOAD: "present.payload",
    Pane.EXPLAINED: "present.explained",
}
"""The actions whose keys show a pane alone."""


def pane_name(pane: Pane) -> str:
    """What ``pane`` is called."""
    return {
        Pane.HANDSHAKE: translate("Presenting", "Handshake"),
        Pane.FRAMES: translate("Presenting", "Frames"),
        Pane.BITS: translate("Presenting", "Bits"),
        Pane.PAYLOAD: translate("Presenting", "Payload"),
        Pane.EXPLAINED: translate("Presenting", "Explained"),
    }[pane]


class Foot(QWidget):
    """``pane_asked(pane)``, ``step_asked``, ``back_asked``, ``left``: its buttons."""

    pane_asked = Signal(object)
    step_asked = Signal()
    back_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panes: dict[Pane, QPushButton] = {}
        self._row = FlowRow(spacing=theme.GAP, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, theme.SPACE)
        column.addWidget(self._row)
        for pane in Pane:
            button = self._button(pane_name(pane), pane_name(pane), PANE_KEYS[pane])
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, pane=pane: self.pane_asked.emit(pane))
            self.panes[pane] = button
        self.back = self._button(
            translate("Presenting", "Back"), translate("Presenting", "Show the unit before"), "step.back"
        )
        self.back.clicked.connect(self.back_asked)
        self.step = self._button(
            translate("Presenting", "Step"), translate("Presenting", "The next unit"), "step.next"
        )
        self.step.clicked.connect(self.step_asked)
        self.leave = self._button(
            translate("Presenting", "Leave"),
            translate("Presenting", "Back to the window as it was"),
            "window.present",
        )
        self.leave.clicked.connect(self.left)
        self.setAccessibleName(translate("Presenting", "Panes and keys while presenting"))
        theme.watcher().changed.connect(self._dress)
        self._dress()

    def _button(self, text: str, name: str, key: str) -> QPushButton:
        made = QPushButton()
        caption(made, f"{text}  [key:{key}]")
        made.setProperty("kind", "flat")
        made.setAutoDefault(False)
        made.setAccessibleName(name)
        tell(made, f"{name} ([key:{key}])")
        self._row.add(made)
        return made

    def show_panes(self, available: tuple[Pane, ...], shown: Pane | None, *, steps: bool) -> None:
        """Offer ``available``, mark ``shown``; ``steps``: whether the conversation steps."""
        for pane, button in self.panes.items():
            button.setVisible(pane in available)
            button.setChecked(pane is shown)
        self.step.setVisible(steps)
        self.back.setVisible(steps)
        self._row.arrange_again()

    def _dress(self) -> None:
        points = theme.ui_font(SMALLER).pointSizeF()
        sheet = f"font-size: {points:.1f}pt; font-weight: normal; padding: 1px {theme.GAP}px"
        for button in (*self.panes.values(), self.back, self.step, self.leave):
            if button.styleSheet() != sheet:
                button.setStyleSheet(sheet)
        self._row.arrange_again()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("window"))
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(0, 0, self.width(), 0)
