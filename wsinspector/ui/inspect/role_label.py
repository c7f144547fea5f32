"""Plain text in a role's colour: what comes from the network never meets a rich-text label."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from wsinspector.ui import theme
from wsinspector.ui.tips import plain_tip


class RoleLabel(QLabel):
    """A label whose colour is named by ``role``; ``wraps`` breaks lines, else it is cut with an ellipsis.

    ``whole``: never so, at whatever text size.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "text",
        *,
        wraps: bool = False,
        bold: bool = False,
        mono: bool = False,
        size: float = 1.0,
        whole: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._whole = whole
        self._role, self._bold, self._mono, self._size = role, bold, mono, size
        self._full = ""
        self._wraps = wraps
        self._setting_up = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        if not wraps:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self.setMinimumWidth(0)
        self._dress()
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show ``text``; it is also the accessible name."""
        if text == self._full:
            return  # asked for at every tick
        self._full = text
        self.setAccessibleName(text)
        self._cut()

    def full_text(self) -> str:
        return self._full

    def set_role(self, role: str) -> None:
        if role != self._role:
            self._role = role
            self._dress()

    def _dress(self) -> None:
        self._setting_up = True
        font = QFont(theme.mono_font() if self._mono else theme.ui_font())
        font.setPointSizeF(font.pointSizeF() * self._size)
        font.setBold(self._bold)
        if self.font() != font:
            self.setFont(font)
        palette = QPalette(self.palette())
        colour = theme.color(self._role)
        if palette.color(QPalette.ColorRole.WindowText) != colour:
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            self.setPalette(palette)
        self._setting_up = False

    def _cut(self) -> None:
        if self._wraps:
            self.setText(self._full)
            return
        room = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, max(room, 0))
        if self.text() != shown:
            self.setText(shown)
        tip = plain_tip(self._full) if shown != self._full else ""
        if tip != self.toolTip():
            self.setToolTip(tip)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if not self._wraps:
            margins = self.contentsMargins()
            wide = self.fontMetrics().horizontalAdvance(self._full) + 2
            hint.setWidth(wide + margins.left() + margins.right())
        return hint

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if not self._wraps:
            wide = self.sizeHint().width()
            hint.setWidth(wide if self._whole else min(wide, 24))
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if self._setting_up:
            return
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._dress()
            self._cut()
