"""A line below the log that takes what is typed, and goes with Escape: for find, go to, name."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.role_label import RoleLabel


class StripField(QLineEdit):
    """Enter, Shift+Enter and Escape are told, not taken."""

    entered = Signal(bool)  # with Shift
    left = Signal()

    def event(self, event: QEvent) -> bool:
        # Escape leaves the field; what is around it has a shortcut of that key.
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.entered.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)


class StripBar(QWidget):
    """A name, a field, what is said of it, and a cross. Hidden until :meth:`appear`."""

    entered = Signal(bool)
    left = Signal()  # put away by Escape or by the cross

    def __init__(self, title: str, hint: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = RoleLabel(title, "muted")
        self.title.setMinimumWidth(self.title.sizeHint().width())
        self.field = StripField()
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(title)
        tell(self.field, tip)
        self.field.setMinimumWidth(110)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.said = RoleLabel("", "muted")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, theme.SPACE)
        self.row.setSpacing(theme.GAP)
        self.row.addWidget(self.title)
        self.row.addWidget(self.field, 3)
        self.row.addWidget(self.said, 2)
        self.cross = flat_button("✕", translate("Strip", "Put this line away (Escape)"))
        self.row.addWidget(self.cross)
        self.cross.clicked.connect(self.leave)
        self.field.left.connect(self.leave)
        self.field.entered.connect(self.entered)
        self.hide()

    def appear(self) -> None:
        """Show it and take the focus."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def leave(self) -> None:
        """Put it away."""
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def say(self, text: str, role: str = "muted") -> None:
        """Say something of what was typed; ``note`` where it is wrong."""
        self.said.set_role(role)
        self.said.set_text(text)
        bad = role == "note"
        if bool(self.field.property("bad")) != bad:
            self.field.setProperty("bad", bad)
            self.field.style().unpolish(self.field)
            self.field.style().polish(self.field)


def flat_button(text: str, tip: str, *, name: str = "") -> QPushButton:
    """A small button without a frame; ``name``: the accessible one, by default the tip without its key."""
    button = QPushButton(text)
    button.setProperty("kind", "flat")
    tell(button, tip)
    button.setAccessibleName(name or tip.rsplit(" (", 1)[0])
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    button.setAutoDefault(False)
    return button
