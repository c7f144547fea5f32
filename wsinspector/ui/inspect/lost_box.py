"""The box that says where a handshake was lost, on what evidence, and which setting to look for."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from wsinspector.present.refused import LostText
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel


class LostBox(QWidget):
    """Shows nothing where the evidence does not tell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = RoleLabel(translate("Refusal", "Where it was lost"), "text", bold=True)
        self.sentence = RoleLabel("", "text", wraps=True, bold=True)
        self.rests_on = RoleLabel("", "text", wraps=True)
        self.why = RoleLabel("", "muted", wraps=True)
        self.lines = RoleLabel("", "text", wraps=True, mono=True)
        for label in (self.sentence, self.rests_on, self.why, self.lines):
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self.lines.setAccessibleDescription(translate("Refusal", "Setting to look for"))
        self._settings = QFrame()
        self._settings.setObjectName("lost_settings")
        inner = QVBoxLayout(self._settings)
        inner.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        inner.addWidget(self.lines)
        self._frame = QFrame()
        self._frame.setObjectName("lost_box")
        box = QVBoxLayout(self._frame)
        box.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        box.setSpacing(theme.GAP // 2)
        for widget in (self.sentence, self.rests_on, self.why, self._settings):
            box.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.GAP)
        column.setSpacing(theme.GAP)
        column.addWidget(self.title)
        column.addWidget(self._frame)
        theme.watcher().changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def show_lost(self, lost: LostText | None) -> None:
        """Show ``lost``, or nothing."""
        self.setVisible(lost is not None)
        if lost is None:
            return
        self.sentence.set_text(lost.sentence)
        self.rests_on.set_text(lost.rests_on)
        self.why.set_text(f"{lost.why} {lost.look}".strip())
        self.lines.set_text("\n".join(lost.lines))
        self._settings.setVisible(bool(lost.lines))

    def _restyle(self) -> None:
        line, field, radius = theme.color("line").name(), theme.color("field").name(), theme.RADIUS
        self._frame.setStyleSheet(f"#lost_box {{ border: 1px solid {line}; border-radius: {radius}px; }}")
        self._settings.setStyleSheet(f"#lost_settings {{ background: {field}; border-radius: {radius}px; }}")
