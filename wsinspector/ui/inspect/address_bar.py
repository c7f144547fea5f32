"""The address bar: where to, which version, how, and the one button that connects."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import (
    QClipboard,
    QContextMenuEvent,
    QDropEvent,
    QFocusEvent,
    QFont,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QTextCharFormat,
)
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.present.client_name import asked_from
from wsinspector.present.secrets import masked_address
from wsinspector.protocol.pasted import Pasted, read_paste
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.files.dropping import pass_files_on
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.inspect.version_box import VersionBox
from wsinspector.ui.presenting.state import presenting
from wsinspector.ui.settings import Settings
from wsinspector.ui.tips import plain_tip

LEAST_ADDRESS = 130  # px at zoom 1
VERSION_SHARE = 0.22
FROM = {
    "request": translate("AddressBar", "a raw request"),
    "headers": translate("AddressBar", "a browser's headers"),
}


class AddressField(QLineEdit):
    """An address as typed. Out of focus its secrets are dots, to the eye and to a screen reader.

    ``typed(text)``: the person changed it. ``pasted(Pasted)``: what was pasted is more than one.
    """

    typed = Signal(str)
    pasted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pass_files_on(self)
        self._full = ""
        self.setFont(theme.mono_font())
        self.setPlaceholderText(translate("AddressField", "ws://host:port/path, or paste a curl command"))
        self.setAccessibleName(translate("AddressField", "Address"))
        tell(
            self,
            translate(
                "AddressField",
                "Where to connect ([key:request.address]). A curl, wscat or websocat command, a raw "
                "request or a "
                "browser's headers can be pasted here.",
            ),
        )
        self._typed_tip = self.toolTip()
        self.textEdited.connect(self._edited)
        self.textChanged.connect(self._tint)
        theme.watcher().changed.connect(self._restyle)

    def show_client(self, text: str) -> None:
        """Show whence a client came, only to be read; :meth:`show_typed` goes back."""
        self.setReadOnly(True)
        self._full = text
        if self.text() != text:
            self.setText(text)
            self.setCursorPosition(0)
        self.setAccessibleName(translate("AddressField", "Where the client came from"))
        tell(
            self,
            plain_tip(translate("AddressField", "Who reached the lab, and what it asked for") + f"\n{text}"),
        )

    def show_typed(self, text: str) -> None:
        """Show an address that can be edited again."""
        if self.isReadOnly():
            self.setReadOnly(False)
            self._full = ""
            self.clear()
            self.setAccessibleName(translate("AddressField", "Address"))
            tell(self, self._typed_tip)
        self.set_address(text)

    def address(self) -> str:
        """The address in full."""
        return self._full

    def set_address(self, text: str) -> None:
        """Show ``text``, masked where this is out of focus."""
        if text == self._full and self.text():
            return
        self._full = text
        self.setText(text if self.hasFocus() and not presenting().on else masked_address(text))
        self.setCursorPosition(0)

    def _edited(self, text: str) -> None:
        self._full = text
        self.typed.emit(text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if not self.isReadOnly() and self.text() != self._full and not presenting().on:
            self.setText(self._full)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        shown = self._full if self.isReadOnly() else masked_address(self._full)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            if shown != self.text():
                self.setText(shown)
            self.setCursorPosition(0)  # where a host stands is told by the beginning

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        dotted = self.text() != self._full and self.text() == masked_address(self._full)
        if dotted and not self.isReadOnly() and event.text() and not enter:
            event.ignore()  # its secrets stay dots while presenting: typing would replace them
            return
        if event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in menu.actions():
            if action.objectName() == "edit-paste":
                action.triggered.disconnect()
                action.triggered.connect(self._paste)
        menu.popup(event.globalPos())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        board = QGuiApplication.clipboard()
        middle = event.button() == Qt.MouseButton.MiddleButton and board.supportsSelection()
        if middle and self._take_paste(board.text(QClipboard.Mode.Selection)):
            return
        super().mouseReleaseEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if not self._take_paste(event.mimeData().text()):
            super().dropEvent(event)

    def _paste(self) -> None:
        if not self._take_paste(QGuiApplication.clipboard().text()):
            self.paste()

    def take_typed(self) -> bool:
        """Whether what stands here is a command or a request, and went on as a paste does."""
        return self._take_paste(self._full)

    def _take_paste(self, text: str) -> bool:
        """Whether ``text`` is more than an address, and went on as such."""
        found = None if self.isReadOnly() else read_paste(text)
        if found is None:
            return False
        self.pasted.emit(found)
        self.setText(self._full if self.hasFocus() else masked_address(self._full))
        self.setCursorPosition(0)
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
        self.lab = QToolButton(self)  # before the version box, as Tab goes by the order of making
        self.version = VersionBox(tab, settings, self)
        self.lab.setAccessibleName(translate("AddressBar", "Addresses of the lab"))
        self.lab.setText(translate("AddressBar", "Lab ▾"))
        tell(self.lab, translate("AddressBar", "Pick an address of the built-in lab ([key:request.lab])"))
        self.options = QPushButton(translate("AddressBar", "Options"), self)
        self.options.setCheckable(True)
        tell(
            self.options,
            translate("AddressBar", "Network, TLS, handshake, behaviour ([key:request.options])"),
        )
        self.button = QPushButton(self)
        self.button.setProperty("kind", "primary")
        self._chips = FlowRow(parent=self)
        self._chip_buttons: list[QPushButton] = []
        self._chips.hide()
        row = self._row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        for widget in (self.field, self.lab, self.version, self.options, self.button):
            row.addWidget(widget, 1 if widget is self.field else 0)
        self._second = QHBoxLayout()  # for all but the address where there is no room for it beside them
        self._second.setSpacing(theme.GAP)
        self._folded = False
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        column.setSpacing(theme.SPACE + 2)
        column.addLayout(row)
        column.addLayout(self._second)
        column.addWidget(self._chips)
        self.field.typed.connect(tab.set_address)
        self.field.returnPressed.connect(self._returned)
        self.field.pasted.connect(self.pasted)
        self.lab.clicked.connect(self.lab_asked)
        self.options.clicked.connect(self.options_asked)
        self.button.clicked.connect(self.connect_or_not)
        tab.address_changed.connect(self._show_address)
        tab.options_changed.connect(self._show_chips)
        tab.attempts_changed.connect(self._show_button)
        tab.picked_changed.connect(self._show_picked)
        tab.snapshot_changed.connect(self._show_client)
        tab.address_wanted.connect(self.field.setFocus)
        theme.watcher().changed.connect(self._resize)
        self._resize()
        self._show_address()
        self._show_chips()
        self._show_button()

    def _resize(self) -> None:
        for widget in (self.field, self.lab, self.options, self.button, self.version):
            widget.setFixedHeight(theme.control_height())
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a button has another size by now
            self._share_width()
        return super().event(event)

    def _share_width(self) -> None:
        """The version box gives way before the address does."""
        least, most = self.version.minimumSizeHint().width(), self.version.sizeHint().width()
        self.version.setFixedWidth(max(least, min(round(self.width() * VERSION_SHARE), most)))
        self._fold()

    def _fold(self) -> None:
        """All but the address below it where it would have no room for a host's name."""
        others = (self.lab, self.version, self.options, self.button)
        taken = self.version.width() + sum(
            widget.sizeHint().width() for widget in others if widget is not self.version
        )
        room = self.width() - 2 * theme.MARGIN - len(others) * theme.GAP - taken
        folded = room < LEAST_ADDRESS * theme.zoom()
        if folded == self._folded:
            return
        self._folded = folded
        row, other = (self._second, self._row) if folded else (self._row, self._second)
        for widget in others:
            other.removeWidget(widget)
            row.addWidget(widget, int(folded and widget is self.version))

    def _returned(self) -> None:
        """Return goes where the field says: away from what is live, where that is elsewhere."""
        conversation = self._tab.conversation
        current, address = self._tab.dialled, conversation.address
        if self._tab.caught is not None:
            self.connect_or_not()
            return
        if current is not None and address.error is None and address.url != current.snapshot.url:
            conversation.disconnect(current)
            self._tab.connect_now()
            return
        self.connect_or_not()

    def connect_or_not(self) -> None:
        """Connect; where something is live, end that instead; make a client's request the draft."""
        if self._tab.caught is not None:
            self._tab.use_as_draft(self._tab.picked)
        elif (dialled := self._tab.dialled) is not None:
            self._tab.conversation.disconnect(dialled)
        elif self._tab.conversation.address.error is not None and self.field.take_typed():
            return  # a command that was typed, not pasted: it is in the draft now, to be looked at first
        else:
            self._tab.connect_now()

    def _show_picked(self) -> None:
        self._show_address()
        self._show_button()

    def _show_client(self, snapshot: AttemptSnapshot) -> None:
        """What a client asks for is known once its request is whole."""
        if snapshot.role is Role.SERVER and not snapshot.open:
            self._show_address()

    def _show_address(self) -> None:
        conversation = self._tab.conversation
        caught = self._tab.caught
        if caught is not None:
            self.field.show_client(asked_from(caught))
        else:
            self.field.show_typed(conversation.address_text)
        bad = (
            caught is None
            and bool(conversation.address_text.strip())
            and conversation.address.error is not None
        )
        if self.field.property("bad") != bad:
            self.field.setProperty("bad", bad)
            self.field.style().unpolish(self.field)
            self.field.style().polish(self.field)

    def _show_chips(self) -> None:
        focused = next((at for at, chip in enumerate(self._chip_buttons) if chip.hasFocus()), None)
        for chip in self._chip_buttons:
            self._chips.remove(chip)
        self._chip_buttons = []
        changed = self._tab.conversation.options.changed()
        for name, label in changed:
            chip = QPushButton(f"{label}  ✕".replace("&", "&&"))
            chip.setProperty("kind", "chip")
            tell(chip, translate("AddressBar", "Back to the default"))
            chip.setAccessibleName(translate("AddressBar", "{0}: back to the default").format(label))
            chip.clicked.connect(lambda _=False, name=name: self._drop(name))
            self._chips.add(chip)
            self._chip_buttons.append(chip)
        self._chips.setVisible(bool(changed))
        if focused is not None:  # removing one chip after the other goes on by keyboard
            left = self._chip_buttons
            (left[min(focused, len(left) - 1)] if left else self.options).setFocus()

    def _drop(self, name: str) -> None:
        options: Options = self._tab.conversation.options
        self._tab.set_options(options.without(name))

    def _show_button(self) -> None:
        current = self._tab.dialled
        if self._tab.caught is not None:
            text, tip, kind = (
                translate("AddressBar", "Use as draft"),
                translate("AddressBar", "Send exactly these bytes to another server ([key:request.use])"),
                "" if self._tab.caught.live else "primary",
            )
        elif current is None:
            text, tip, kind = (
                translate("AddressBar", "Connect"),
                translate(
                    "AddressBar",
                    "Send the draft as it stands ([key:request.connect], or Return in the address)",
                ),
                "primary",
            )
        elif current.snapshot.phase is Phase.OPEN:
            text, tip, kind = (
                translate("AddressBar", "Disconnect"),
                translate("AddressBar", "Send a Close frame with 1000 ([key:request.disconnect])"),
                "",
            )
        elif current.snapshot.phase is Phase.CLOSING:
            text, tip, kind = (
                translate("AddressBar", "End now"),
                translate(
                    "AddressBar",
                    "End TCP without waiting for the peer's Close frame ([key:request.disconnect])",
                ),
                "",
            )
        else:
            text, tip, kind = (
                translate("AddressBar", "Cancel"),
                translate("AddressBar", "Drop this attempt ([key:request.disconnect])"),
                "",
            )
        if self.button.text() == text and self.button.property("kind") == kind:
            return
        self.button.setText(text)
        tell(self.button, tip)
        self.button.setProperty("kind", kind)
        self.button.style().unpolish(self.button)
        self.button.style().polish(self.button)


def said_of(pasted: Pasted) -> str:
    """What a paste came to, in a sentence or two."""
    filled = translate("AddressBar", "Filled in from {0}.").format(FROM.get(pasted.kind, pasted.kind))
    changes = pasted.address.changes if pasted.address is not None else ()
    return " ".join([filled, *changes, *pasted.done, *pasted.not_carried])
