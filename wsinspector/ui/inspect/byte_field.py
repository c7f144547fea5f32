"""A text field for bytes: what is pasted or typed becomes one visible character a byte."""

from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from wsinspector.present.heads import shown_bytes
from wsinspector.protocol.escapes import raw_bytes
from wsinspector.translate import translate
from wsinspector.ui import theme


class ByteField(QLineEdit):
    """Its text is Raw text on one line (``protocol.escapes``); ``␍``, ``␊`` and ``␀`` are bytes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(theme.mono_font())
        self.setStyleSheet("padding: 0; border-radius: 0")  # as high as a row
        self.setToolTip(translate("ByteField", "One character a byte; Enter takes it over, Esc leaves it."))

    def data(self) -> bytes:
        return raw_bytes(self.text())[0]

    def paste(self) -> None:
        """Insert the clipboard with its control characters visible, where QLineEdit would drop them."""
        text = QGuiApplication.clipboard().text()
        signs = text.replace("␊\n", "␊").replace("\r", "␍").replace("\n", "␊")
        self.insert(shown_bytes(raw_bytes(signs)[0]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
            return
        super().keyPressEvent(event)
