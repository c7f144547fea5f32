"""A hair line between parts of a pane."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame, QWidget

from wsinspector.ui import theme


class Rule(QFrame):
    """A hair line in the theme's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)
        self.setAutoFillBackground(True)
        self._dress()

    def _dress(self) -> None:
        palette = self.palette()
        if palette.color(self.backgroundRole()) != theme.color("line"):
            palette.setColor(self.backgroundRole(), theme.color("line"))
            self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()
