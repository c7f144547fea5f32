"""What is to be known of a file, above its panes: who writes it, what was repaired or lost."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel

MOST_LINES = 8


class Notice(QWidget):
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


class Notices(QWidget):
    """One :class:`Notice` for each kind of thing that is to be known, one below the other.

    ``lead``, ``more``, ``text`` and ``away`` are those of the one that was told last.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds: dict[str, Notice] = {}
        self._last = Notice(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setAccessibleName(translate("Notices", "About the file"))
        self.hide()

    def show_notice(
        self, lead: str, lines: Sequence[str] = (), role: str = "note", *, kind: str = "file"
    ) -> None:
        """Say ``lead`` in the place of what was said of that ``kind``; empty takes it away."""
        notice = self._kinds.get(kind)
        if notice is None:
            if not lead:
                return
            notice = self._kinds[kind] = Notice(self)
            notice.put_away.connect(self._fit)
            self._column.addWidget(notice)
        notice.show_notice(lead, lines, role)
        if lead:
            self._last = notice
        self._fit()

    @property
    def shown(self) -> list[str]:
        """Every lead that can be read now, from top to bottom."""
        return [each.lead.full_text() for each in self._kinds.values() if not each.isHidden()]

    @property
    def lead(self) -> RoleLabel:
        return self._last.lead

    @property
    def more(self) -> QToolButton:
        return self._last.more

    @property
    def text(self) -> RoleLabel:
        return self._last.text

    @property
    def away(self) -> QToolButton:
        return self._last.away

    def _fit(self) -> None:
        self.setVisible(any(not each.isHidden() for each in self._kinds.values()))
