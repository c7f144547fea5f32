"""The row beneath the answer line while a tab steps: what waits, how long, and what lets it go."""

import time

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.stepping import StepWords, step_words, waited
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.presenting.state import presenting

_NOTHING = StepWords("", "")
NARROW = 560
"""px of width at zoom 1 below which the buttons stand beneath the text."""
LEAST = 280
"""The same while presenting, when there is one button."""


class StepBar(QWidget):
    """``step_asked``, ``back_asked``, ``all_asked``, ``off_asked``: its buttons."""

    step_asked = Signal()
    back_asked = Signal()
    all_asked = Signal()
    off_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = _NOTHING
        self._since: int | None = None
        self.lead = RoleLabel("", "note", bold=True)
        self.text = RoleLabel("", "text", wraps=True)
        self.held = RoleLabel("", "muted")
        self.wire = RoleLabel("", "muted", mono=True)
        self.go = self._button(
            "",
            translate("StepBar", "The next unit (Space, or [key:window.menu] where the focus takes Space)"),
        )
        self.go.setProperty("kind", "primary")
        self.go.clicked.connect(self.step_asked)
        self.back = self._button(
            translate("StepBar", "Back"), translate("StepBar", "Show the unit before (Backspace)")
        )
        self.back.clicked.connect(self.back_asked)
        self.all = self._button(
            translate("StepBar", "All"), translate("StepBar", "Let everything go that waits (Shift+Space)")
        )
        self.all.clicked.connect(self.all_asked)
        self.off = self._button(
            translate("StepBar", "Stop stepping"),
            translate("StepBar", "Let everything go, and hold nothing any more ([key:frames.step])"),
        )
        self.off.clicked.connect(self.off_asked)
        self.lead.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        told = QVBoxLayout()
        told.setSpacing(0)
        told.addWidget(self.text)
        told.addWidget(self.wire)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.lead)
        row.addLayout(told, 1)
        row.addWidget(self.held)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.GAP)
        for button in (self.go, self.back, self.all, self.off):
            self._buttons.addWidget(button)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(theme.MARGIN + 2, theme.GAP // 2, theme.MARGIN, theme.GAP // 2)
        self._grid.setSpacing(theme.GAP)
        self._grid.setColumnStretch(0, 1)
        self._grid.addLayout(row, 0, 0)
        self._grid.addLayout(self._buttons, 0, 1)
        self._narrow = False
        self.setAccessibleName(translate("StepBar", "Step"))
        theme.watcher().changed.connect(self.update)
        presenting().changed.connect(self._presenting)
        self._presenting(presenting().on)

    def _presenting(self, on: bool) -> None:
        """The foot of the window has the other buttons then, and the room is for what waits."""
        for button in (self.back, self.all, self.off):
            button.setHidden(on)

    def _button(self, text: str, tip: str) -> QPushButton:
        made = QPushButton(text, self)
        made.setAutoDefault(False)
        tell(made, tip)
        return made

    def show_steps(self, snapshot: AttemptSnapshot, looking: str, *, can_go_back: bool) -> None:
        """Show what waits in ``snapshot``; ``looking``: which earlier unit is looked at, empty for none."""
        words = step_words(snapshot)
        if looking:
            words = StepWords(
                translate("StepBar", "Back."), looking, words.behind, translate("StepBar", "Forward")
            )
        self._since = snapshot.step.since if not looking else None
        self.back.setEnabled(can_go_back)
        self.all.setEnabled(snapshot.step.next is not None)
        if words == self._words:
            return
        self._words = words
        self.lead.set_text(words.lead)
        self.text.set_text(" ".join(part for part in (words.text, words.behind) if part))
        self.wire.set_text(words.wire)
        self.wire.setVisible(bool(words.wire))
        self.go.setVisible(bool(words.act))
        self.go.setText(words.act)
        self.go.setAccessibleName(words.act)
        self.setAccessibleDescription(words.spoken)
        self.tick()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < (LEAST if presenting().on else NARROW) * theme.zoom()
        if narrow != self._narrow:
            self._narrow = narrow
            self._grid.removeItem(self._buttons)
            right = Qt.AlignmentFlag.AlignRight if narrow else Qt.AlignmentFlag.AlignVCenter
            self._grid.addLayout(self._buttons, int(narrow), int(not narrow), right)

    def tick(self) -> None:
        """Tell how long it is held by now."""
        text = "" if self._since is None else waited(self._since, time.monotonic_ns())
        self.held.set_text(text)
        self.held.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("pane"))
        painter.fillRect(QRectF(0, 0, 3, self.height()), theme.color("note"))
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
