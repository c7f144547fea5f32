"""What is to be known of a file, above its panes: who writes it, what was repaired or lost."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel

MOST_LINES = 8


class Notices(QWidget):
    """A lead and, behind "Details", its lines. ``put_away``: the person has read it."""

    put_away = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[str, ...] = ()
        self.lead = RoleLabel("", "note", wraps=True)
        self.more = QToolButton()
        self.more.setProperty("kind", "link")
        self.more.setCheckable(True)
        self.more.toggled.connect(self._show_lines)
        self.away = QToolButton()
        self.away.setText("×")
        self.away.setProperty("kind", "flat")
        self.away.setToolTip(translate("Notices", "Put this away"))
        self.away.setAccessibleName(translate("Notices", "Put this away"))
        self.away.clicked.connect(self._leave)
        self.text = RoleLabel("", "text", wraps=True, size=0.95)
        self.text.hide()
        top = QHBoxLayout()
        top.setSpacing(theme.GAP)
        top.addWidget(self.lead, 1)
        top.addWidget(self.more)
        top.addWidget(self.away)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN + 2, theme.SPACE, theme.MARGIN, theme.SPACE + 1)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.text)
        self.setAccessibleName(translate("Notices", "About the file"))
        self.hide()

    def show_notice(self, lead: str, lines: Sequence[str] = (), role: str = "note") -> None:
        """Say ``lead``; empty takes the row away."""
        self._lines = tuple(lines)
        self.lead.set_role(role)
        self.lead.set_text(lead)
        shown = [f"• {line}" for line in self._lines[:MOST_LINES]]
        left = len(self._lines) - len(shown)
        if left > 0:
            shown.append(translate("Notices", "and {0} more").format(left))
        self.text.set_text("\n".join(shown))
        self.more.setVisible(bool(self._lines))
        self._show_lines(self.more.isChecked())
        self.setVisible(bool(lead))

    def _show_lines(self, on: bool) -> None:
        text = translate("Notices", "Less") if on else translate("Notices", "Details")
        self.more.setText(text)
        self.more.setToolTip(translate("Notices", "What was found in the file, line by line"))
        self.text.setVisible(on and bool(self._lines))

    def _leave(self) -> None:
        self.hide()
        self.put_away.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("raised"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))
