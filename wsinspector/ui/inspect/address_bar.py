"""The address bar: where to, which version, how, and the one button that connects."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QTextCharFormat,
)
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import Phase
from wsinspector.present.secrets import masked_address
from wsinspector.protocol.pasted import Pasted, read_paste
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.flow_layout import FlowLayout
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.inspect.version_box import VersionBox
from wsinspector.ui.settings import Settings


class AddressField(QLineEdit):
    """An address as typed. Out of focus its secrets are dots, to the eye and to a screen reader.

    ``typed(text)``: the person changed it. ``pasted(Pasted)``: what was pasted is more than one.
    """

    typed = Signal(str)
    pasted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = ""
        self.setFont(theme.mono_font())
        self.setPlaceholderText(translate("AddressField", "ws://host:port/path, or paste a curl command"))
        self.setAccessibleName(translate("AddressField", "Address"))
        self.setToolTip(
            translate(
                "AddressField",
                "Where to connect (Ctrl+L). A curl, wscat or websocat command, a raw request or a "
                "browser's headers can be pasted here.",
            )
        )
        self.textEdited.connect(self._edited)
        self.textChanged.connect(self._tint)
        theme.watcher().changed.connect(self._restyle)

    def address(self) -> str:
        """The address in full."""
        return self._full

    def set_address(self, text: str) -> None:
        """Show ``text``, masked where this is out of focus."""
        if text == self._full and self.text():
            return
        self._full = text
        self.setText(text if self.hasFocus() else masked_address(text))
        self.setCursorPosition(0)

    def _edited(self, text: str) -> None:
        self._full = text
        self.typed.emit(text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.text() != self._full:
            self.setText(self._full)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        shown = masked_address(self._full)
        if event.reason() != Qt.FocusReason.PopupFocusReason and shown != self.text():
            self.setText(shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and self._take_paste():
            return
        super().keyPressEvent(event)

    def _take_paste(self) -> bool:
        text = QGuiApplication.clipboard().text()
        found = read_paste(text)
        if found is None:
            return False
        self.pasted.emit(found)
        return True

    def _tint(self) -> None:
        """Colour the scheme: green where TLS protects, as browsers do."""
        text = self.text()
        end = text.find("://")
        attributes = []
        if end > 0:
            form = QTextCharFormat()
            form.setForeground(theme.color("ok" if text.startswith(("wss", "https")) else "muted"))
            attributes.append(
                QInputMethodEvent.Attribute(
                    QInputMethodEvent.AttributeType.TextFormat, -self.cursorPosition(), end + 3, form
                )
            )
        QCoreApplication.sendEvent(self, QInputMethodEvent("", attributes))

    def _restyle(self) -> None:
        font = QFont(theme.mono_font())
        if self.font() != font:
            self.setFont(font)
        self._tint()


class AddressBar(QWidget):
    """``pasted`` asks the page to take a paste over; ``options_asked`` to open the drawer."""

    pasted = Signal(object)
    options_asked = Signal()
    lab_asked = Signal()

    def __init__(self, tab: TabState, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        self.field = AddressField(self)
        self.version = VersionBox(tab, settings, self)
        self.lab = QToolButton(self)
        self.lab.setText(translate("AddressBar", "Lab ▾"))
        self.lab.setToolTip(translate("AddressBar", "Pick an address of the built-in lab (Ctrl+Shift+L)"))
        self.options = QPushButton(translate("AddressBar", "Options"), self)
        self.options.setCheckable(True)
        self.options.setToolTip(translate("AddressBar", "Network, TLS, handshake, behaviour (Ctrl+Shift+O)"))
        self.button = QPushButton(self)
        self.button.setProperty("kind", "primary")
        self._chips = QWidget(self)
        self._chip_row = FlowLayout(self._chips)
        self._chip_row.setContentsMargins(0, 0, 0, 0)
        self._chips.hide()
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        for widget in (self.field, self.lab, self.version, self.options, self.button):
            row.addWidget(widget, 1 if widget is self.field else 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        column.setSpacing(theme.SPACE + 2)
        column.addLayout(row)
        column.addWidget(self._chips)
        self.field.typed.connect(tab.set_address)
        self.field.returnPressed.connect(self.connect_or_not)
        self.field.pasted.connect(self.pasted)
        self.lab.clicked.connect(self.lab_asked)
        self.options.clicked.connect(self.options_asked)
        self.button.clicked.connect(self.connect_or_not)
        tab.address_changed.connect(self._show_address)
        tab.options_changed.connect(self._show_chips)
        tab.attempts_changed.connect(self._show_button)
        theme.watcher().changed.connect(self._resize)
        self._resize()
        self._show_address()
        self._show_chips()
        self._show_button()

    def _resize(self) -> None:
        for widget in (self.field, self.lab, self.options, self.button, self.version):
            widget.setFixedHeight(theme.control_height())

    def connect_or_not(self) -> None:
        """Connect; where something is live, end that instead."""
        if self._tab.conversation.current is not None:
            self._tab.conversation.disconnect()
        else:
            self._tab.connect_now()

    def _show_address(self) -> None:
        conversation = self._tab.conversation
        self.field.set_address(conversation.address_text)
        bad = bool(conversation.address_text.strip()) and conversation.address.error is not None
        if self.field.property("bad") != bad:
            self.field.setProperty("bad", bad)
            self.field.style().unpolish(self.field)
            self.field.style().polish(self.field)

    def _show_chips(self) -> None:
        while (item := self._chip_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        changed = self._tab.conversation.options.changed()
        for name, label in changed:
            chip = QPushButton(f"{label}  ✕", self._chips)
            chip.setProperty("kind", "chip")
            chip.setToolTip(translate("AddressBar", "Back to the default"))
            chip.setAccessibleName(translate("AddressBar", "{0}: back to the default").format(label))
            chip.clicked.connect(lambda _=False, name=name: self._drop(name))
            self._chip_row.addWidget(chip)
        self._chips.setVisible(bool(changed))

    def _drop(self, name: str) -> None:
        options: Options = self._tab.conversation.options
        self._tab.set_options(options.without(name))

    def _show_button(self) -> None:
        current = self._tab.conversation.current
        if current is None:
            text, tip, kind = (
                translate("AddressBar", "Connect"),
                translate("AddressBar", "Send the draft as it stands (F5, or Return in the address)"),
                "primary",
            )
        elif current.snapshot.phase is Phase.OPEN:
            text, tip, kind = (
                translate("AddressBar", "Disconnect"),
                translate("AddressBar", "Send a Close frame with 1000 (Shift+F5)"),
                "",
            )
        elif current.snapshot.phase is Phase.CLOSING:
            text, tip, kind = (
                translate("AddressBar", "End now"),
                translate("AddressBar", "End TCP without waiting for the peer's Close frame (Shift+F5)"),
                "",
            )
        else:
            text, tip, kind = (
                translate("AddressBar", "Cancel"),
                translate("AddressBar", "Drop this attempt (Shift+F5)"),
                "",
            )
        if self.button.text() == text:
            return
        self.button.setText(text)
        self.button.setToolTip(tip)
        self.button.setProperty("kind", kind)
        self.button.style().unpolish(self.button)
        self.button.style().polish(self.button)


def said_of(pasted: Pasted) -> str:
    """What a paste came to, in a sentence or two."""
    parts = [translate("AddressBar", "Filled in from {0}.").format(pasted.kind), *pasted.done]
    if pasted.not_carried:
        left_out = "; ".join(text.rstrip(".") for text in pasted.not_carried)
        parts.append(translate("AddressBar", "Not carried over: {0}.").format(left_out))
    return " ".join(parts)
