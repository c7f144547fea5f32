"""Handshake: switches and fields that stand for lines of the draft, and requests as others write them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from wsinspector.conversation.conversation import fresh_key
from wsinspector.conversation.option_texts import Read
from wsinspector.conversation.presets import Preset, draft_as, presets
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked, secret_spans
from wsinspector.protocol.draft import PROTOCOL, Draft
from wsinspector.protocol.escapes import escape_value, unescape_value
from wsinspector.protocol.request_lines import (
    AUTHORIZATION,
    HOST,
    host_follows,
    offers_deflate,
    origin_follows,
    origin_of,
    subprotocols,
    value_of,
    with_authorization,
    with_deflate,
    with_host,
    with_origin,
    with_subprotocols,
)
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.option_group import OptionField, OptionGroup, switch
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.inspect.version_box import LINE, text_of, values_of

if TYPE_CHECKING:
    from wsinspector.ui.inspect.deflate_sheet import DeflateSheet


def _read_lines(text: str) -> Read[tuple[bytes, ...]]:
    return Read(values_of(text)[0] if text else ())


def _hidden(text: str) -> str:
    """Subprotocols as shown out of focus: a member that carries a token as dots."""
    values = values_of(text)[0] if text else ()
    if not any(secret_spans(PROTOCOL.lower(), value) for value in values):
        return text
    return f" {LINE} ".join(visible(masked(PROTOCOL.lower(), value)) for value in values)


def _read_value(text: str) -> Read[bytes]:
    return Read(unescape_value(text).data)


class HandshakeGroup(OptionGroup):
    """Everything here edits the draft; Headers, Raw and Bytes show the change at once."""

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(translate("Options", "Handshake"), parent)
        self._tab = tab
        self._preset: tuple[Preset, Draft] | None = None
        self.sheet: DeflateSheet | None = None
        self.request_as = QPushButton(translate("Options", "Request as …"))
        self.request_as.setStyleSheet("padding: 2px 10px")
        self.request_as.setToolTip(
            translate("Options", "Write the request as a real client does, from bytes recorded of it.")
        )
        self.note = RoleLabel("", "muted", size=0.95)
        self.note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.host = OptionField(
            translate("Options", "Host"),
            _read_value,
            tip=translate("Options", "The Host line of the draft, apart from the URL (RFC 9110 §7.2)."),
            mono=True,
        )
        self.host_back = QToolButton()
        self.host_back.setText("⟲")
        self.host_back.setStyleSheet("padding: 1px 8px")
        self.host_back.setAccessibleName(translate("Options", "Host from the address"))
        self.host_back.setToolTip(translate("Options", "Let Host follow the address again"))
        self.host.row.addWidget(self.host_back)
        self.protocols = OptionField(
            translate("Options", "Subprotocols"),
            _read_lines,
            tip=translate(
                "Options", "Sec-WebSocket-Protocol: names with commas between; ⏎ begins another line."
            ),
            hint=translate("Options", "none offered"),
            mono=True,
            hide=_hidden,
        )
        self.deflate = switch(
            translate("Options", "Offer permessage-deflate"),
            translate("Options", "Add the offer to Sec-WebSocket-Extensions, or take it out (RFC 7692 §7)."),
        )
        self.origin = switch(
            translate("Options", "Origin from the address"),
            translate("Options", "Send the Origin a page served beside the address would have (RFC 6454)."),
        )
        self.authorization = switch(
            translate("Options", "Authorization from the address"),
            translate("Options", "Send user:password of the address as Basic credentials (RFC 7617)."),
        )
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.request_as)
        row.addWidget(self.note, 1)
        self.add_wide(line)
        self.add(translate("Options", "Host"), self.host)
        self.add(translate("Options", "Subprotocols"), self.protocols)
        self.offers = QPushButton(translate("Options", "Its offers…"))
        self.offers.setStyleSheet("padding: 2px 10px")
        self.offers.setAccessibleName(translate("Options", "Offers of permessage-deflate"))
        self.offers.setToolTip(
            translate("Options", "Every parameter of every offer, in order, and what the answer agreed")
        )
        self.offers.clicked.connect(self.open_offers)
        compressing = QWidget()
        both = QHBoxLayout(compressing)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(theme.GAP)
        both.addWidget(self.deflate)
        both.addWidget(self.offers)
        both.addStretch(1)
        for control in (compressing, self.origin, self.authorization):
            self.add_wide(control)
        self.request_as.clicked.connect(self.open_menu)
        self.host.changed.connect(self._set_host)
        self.host_back.clicked.connect(self._host_back)
        self.protocols.changed.connect(
            lambda values: tab.edit(with_subprotocols(tab.draft, values), run="protocols")
        )
        self.deflate.clicked.connect(lambda on: tab.edit(with_deflate(tab.draft, on)))
        self.origin.clicked.connect(self._set_origin)
        self.authorization.clicked.connect(self._set_authorization)

    def look(self) -> None:
        """Show the draft as it is."""
        draft, address = self._tab.draft, self._tab.conversation.address
        usable, known = draft.is_head, address.error is None
        self.host.show_text(escape_value(value_of(draft, HOST) or b""))
        absent = translate("Options", "not sent") if value_of(draft, HOST) is None else ""
        self.host.edit.setPlaceholderText(absent or translate("Options", "empty"))
        self.host_back.setEnabled(usable and known and not host_follows(draft))
        self.protocols.show_text(text_of(subprotocols(draft)))
        self.deflate.setChecked(usable and offers_deflate(draft))
        self.origin.setChecked(usable and origin_follows(draft))
        credentials = address.authorization
        self.authorization.setChecked(
            usable and credentials is not None and value_of(draft, AUTHORIZATION) == credentials
        )
        for control in (self.host, self.protocols, self.deflate, self.offers):
            control.setEnabled(usable)
        self.origin.setEnabled(usable and (known or origin_follows(draft)))
        self.authorization.setEnabled(usable and credentials is not None)
        self._show_note(draft)

    def _show_note(self, draft: Draft) -> None:
        if self._preset is None:
            self.note.set_text("")
            return
        preset, made = self._preset
        kept = _bytes_that_stay(draft) == _bytes_that_stay(made)
        text = preset.title if kept else translate("Options", "{0}, edited since").format(preset.title)
        self.note.set_text(text)
        self.note.setToolTip(about(preset))

    # -- what is asked

    def _set_host(self, value: bytes) -> None:
        self._tab.edit(with_host(self._tab.draft, value), run="host")

    def _host_back(self) -> None:
        value = self._tab.conversation.address.host_header
        self._tab.edit(with_host(self._tab.draft, value, generated=True))

    def _set_origin(self, on: bool) -> None:
        value = origin_of(self._tab.conversation.address) if on else None
        self._tab.edit(with_origin(self._tab.draft, value))

    def _set_authorization(self, on: bool) -> None:
        value = self._tab.conversation.address.authorization if on else None
        self._tab.edit(with_authorization(self._tab.draft, value))

    def open_offers(self) -> None:
        """Show the offers of permessage-deflate over the window."""
        if self.sheet is None:
            from wsinspector.ui.inspect.deflate_sheet import DeflateSheet

            self.sheet = DeflateSheet(self._tab, self.window())
            self.destroyed.connect(self.sheet.deleteLater)
        self.sheet.open()

    # -- requests of other clients

    def open_menu(self) -> None:
        """Show the recorded clients below the button."""
        self.build_menu().popup(self.request_as.mapToGlobal(self.request_as.rect().bottomLeft()))

    def build_menu(self) -> QMenu:
        """One entry a recorded client: name and version, the day it was recorded, a note."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        found = presets()
        for preset in found:
            text = f"{preset.title}\t{preset.recorded}".replace("&", "&&")
            action = menu.addAction(text)
            action.setToolTip(about(preset))
            action.triggered.connect(lambda _=False, preset=preset: self.apply(preset))
        if not found:
            menu.addAction(translate("Options", "No recorded request is installed")).setEnabled(False)
        return menu

    def apply(self, preset: Preset) -> None:
        """Make the draft the recorded request, for the present address."""
        draft = draft_as(preset, self._tab.conversation.address, key=fresh_key())
        self._preset = (preset, draft)
        self._tab.edit(draft)
        self._tab.pick(0)
        self.look()


def about(preset: Preset) -> str:
    """When and how a request was recorded."""
    text = translate("Options", "Recorded {0} from {1}.").format(preset.recorded, preset.title)
    note = f"{preset.note[:1].upper()}{preset.note[1:]}" if preset.note else ""
    return f"{text} {note.rstrip('.')}." if note else text


def _bytes_that_stay(draft: Draft) -> bytes:
    """The draft without the values that are drawn anew, so that a new key is no edit."""
    return draft.with_generated(host=b"", key=b"", origin=b"").to_bytes()
