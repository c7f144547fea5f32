"""The sheet of all keys, over the window."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QVBoxLayout, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel

ELSEWHERE = (
    ("request", "Return", "Connect, in the address"),
    ("request", "Shift+Return", "Another header line, in the version"),
    ("request", "Alt+Up, Alt+Down", "Move a header line"),
    ("request", "Ins, Del", "Add or remove a header line"),
    ("request", "Space", "Switch a header line off or on"),
    ("request", "Ctrl+D", "Repeat a header line"),
    ("request", "Ctrl+Z, Ctrl+Shift+Z", "Undo, redo"),
    ("request", "Alt+D", "Back to the draft"),
    ("request", "Alt+PgUp, Alt+PgDown", "The attempt before, the next"),
    ("request", "Alt+C", "Two attempts side by side"),
    ("request", "Alt+V, Alt+Shift+V", "Headers, Raw, Bytes of request, of response"),
    ("frames", "Ctrl+Return", "Send the message"),
    ("frames", "Return", "Send, in the send bar; open the detail, in the log"),
    ("frames", "Shift+Return", "Break the line, in the send bar"),
    ("frames", "Up, Down", "Messages sent before, in the send bar"),
    ("frames", "Right, Left", "Open or close a message's fragments, in the log"),
    ("frames", "Ctrl+C", "Copy the picked rows"),
)


class Sheet(QWidget):
    """A rounded surface over its parent that Escape puts away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()
        theme.watcher().changed.connect(self.update)

    def place(self) -> None:
        """Put it into the middle of the parent, no larger than that."""
        parent = self.parentWidget()
        room = parent.rect() if parent is not None else self.rect()
        wanted = self.sizeHint()
        self.resize(min(wanted.width(), room.width() - 24), min(wanted.height(), room.height() - 24))
        self.move(room.center() - self.rect().center())

    def leave(self) -> None:
        """Put it away."""
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("focus"), 1))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)


class KeysSheet(Sheet):
    """``keys``: (group, keys, text) of the shortcuts that work everywhere."""

    def __init__(self, keys: Sequence[tuple[str, str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("KeysSheet", "All keys"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(RoleLabel(translate("KeysSheet", "All keys"), "text", bold=True, size=1.2))
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(3)
        column.addLayout(grid)
        groups = {
            "request": translate("KeysSheet", "Request"),
            "frames": translate("KeysSheet", "Frames"),
            "window": translate("KeysSheet", "Window"),
        }
        everything = [*keys, *ELSEWHERE]
        for at, (group, title) in enumerate(groups.items()):
            grid.addWidget(RoleLabel(title, "link", bold=True), 0, 2 * at, 1, 2)
            rows = [(shown, text) for name, shown, text in everything if name == group]
            for row, (shown, text) in enumerate(rows, 1):
                grid.addWidget(
                    RoleLabel(shown.replace(", ", "  "), "muted", mono=True, size=0.9), row, 2 * at
                )
                grid.addWidget(RoleLabel(text, "text", size=0.95), row, 2 * at + 1)
        column.addWidget(RoleLabel(translate("KeysSheet", "Escape puts this away."), "muted"))

    def toggle(self) -> None:
        """Show it in front, or put it away."""
        if self.isVisible():
            self.hide()
            return
        self.place()
        self.show()
        self.raise_()
        self.setFocus()
