"""Network and TLS: what is dialled, how long is waited, whom to trust."""

import dataclasses
import os
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QToolButton, QWidget

from wsinspector.conversation.option_texts import (
    read_alpn,
    read_ca_file,
    read_dialled,
    read_seconds,
    read_server_name,
)
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.option_group import OptionField, OptionGroup, switch
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.tab import TabState

NUMBER_WIDTH = 72  # px at zoom 1


def change(tab: TabState, **values: Any) -> None:
    """Set some options of the tab."""
    tab.set_options(dataclasses.replace(tab.conversation.options, **values))


class NetworkGroup(OptionGroup):
    """``every_asked``: the draft is to go to every address."""

    every_asked = Signal()

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(translate("Options", "Network"), parent)
        self._tab = tab
        self.dialled = OptionField(
            translate("Options", "Address dialled"),
            read_dialled,
            tip=translate(
                "Options", "Dial this instead of what the URL names. URL, Host and SNI stay as they are."
            ),
            mono=True,
        )
        self.timeout = OptionField(
            translate("Options", "Time-out"),
            read_seconds,
            tip=translate("Options", "From the look-up to the blank line of the answer."),
            unit=translate("Options", "s"),
            width=NUMBER_WIDTH,
        )
        self.body_idle = OptionField(
            translate("Options", "Body idle"),
            read_seconds,
            tip=translate("Options", "A body counts as ended after this silence."),
            unit=translate("Options", "s of silence"),
            width=NUMBER_WIDTH,
        )
        self.every = QPushButton(translate("Options", "Send to every address"))
        self.every.setStyleSheet("padding: 2px 10px")
        self.every.setToolTip(
            translate("Options", "Look the name up and send the draft to each address, an attempt each.")
        )
        self.progress = RoleLabel("", "muted", size=0.95)
        self.put_away = QToolButton()
        self.put_away.setText("✕")
        self.put_away.setProperty("kind", "flat")
        self.put_away.setStyleSheet("padding: 1px 6px")
        self.put_away.setAccessibleName(translate("Options", "Put the table of addresses away"))
        self.put_away.setToolTip(translate("Options", "Put the table of addresses away; the attempts stay"))
        self.put_away.hide()
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.every)
        row.addWidget(self.progress, 1)
        row.addWidget(self.put_away)
        self.add(translate("Options", "Dial"), self.dialled)
        self.add(translate("Options", "Time-out"), self.timeout)
        self.add(translate("Options", "Body idle"), self.body_idle)
        self.add_wide(line)
        self.dialled.changed.connect(lambda value: change(tab, connect_to=value))
        self.timeout.changed.connect(lambda value: change(tab, timeout=value))
        self.body_idle.changed.connect(lambda value: change(tab, body_idle=value))
        self.every.clicked.connect(self.every_asked)

    def look(self) -> None:
        """Show the options and the address as they are."""
        conversation = self._tab.conversation
        options, address = conversation.options, conversation.address
        self.dialled.show_text(options.connect_to)
        self.timeout.show_text(f"{options.timeout:g}")
        self.body_idle.show_text(f"{options.body_idle:g}")
        usable = address.error is None
        host = f"[{address.host}]" if ":" in address.host else address.host
        self.dialled.edit.setPlaceholderText(
            f"{host}:{address.port}" if usable else translate("Options", "as the URL")
        )
        self.every.setEnabled(usable)


class TlsGroup(OptionGroup):
    """Whom to trust, and what is said in the ClientHello."""

    def __init__(self, tab: TabState, parent: QWidget | None = None) -> None:
        super().__init__(translate("Options", "TLS"), parent)
        self._tab = tab
        self.accept_any = switch(
            translate("Options", "Accept any certificate"),
            translate(
                "Options", "Go on whatever the certificate says; what is wrong with it is still shown."
            ),
        )
        self.ca_file = OptionField(
            translate("Options", "CA file"),
            read_ca_file,
            tip=translate("Options", "Trust the authorities in this file (PEM) instead of the system's."),
            hint=translate("Options", "the system's"),
        )
        self.choose = QToolButton()
        self.choose.setText("…")
        self.choose.setStyleSheet("padding: 1px 8px")
        self.choose.setAccessibleName(translate("Options", "Choose a CA file"))
        self.choose.setToolTip(translate("Options", "Choose a file with certificates in PEM"))
        self.ca_file.row.addWidget(self.choose)
        self.sni = OptionField(
            translate("Options", "SNI"),
            read_server_name,
            tip=translate(
                "Options", "The server name in the ClientHello; the certificate is checked against it."
            ),
            mono=True,
        )
        self.alpn = OptionField(
            translate("Options", "ALPN"),
            read_alpn,
            tip=translate(
                "Options", "Protocols offered in the ClientHello, commas between; empty offers none."
            ),
            hint=translate("Options", "none offered"),
            mono=True,
        )
        self.add_wide(self.accept_any)
        self.add(translate("Options", "CA file"), self.ca_file)
        self.add(translate("Options", "SNI"), self.sni)
        self.add(translate("Options", "ALPN"), self.alpn)
        self.accept_any.toggled.connect(lambda on: change(tab, verify=not on))
        self.ca_file.changed.connect(lambda value: change(tab, ca_file=value))
        self.sni.changed.connect(lambda value: change(tab, sni=value))
        self.alpn.changed.connect(lambda value: change(tab, alpn=value))
        self.choose.clicked.connect(self._choose)

    def look(self) -> None:
        """Show the options and the address as they are."""
        conversation = self._tab.conversation
        options, address = conversation.options, conversation.address
        self.accept_any.setChecked(not options.verify)
        self.ca_file.setEnabled(options.verify)
        self.ca_file.show_text(options.ca_file)
        self.sni.show_text(options.sni)
        self.alpn.show_text(", ".join(options.alpn))
        self.sni.edit.setPlaceholderText(address.host or translate("Options", "as the URL"))

    def _choose(self) -> None:
        options = self._tab.conversation.options
        path, _ = QFileDialog.getOpenFileName(
            self,
            translate("Options", "CA file"),
            os.path.dirname(options.ca_file),
            translate("Options", "Certificates (*.pem *.crt *.cer);;All files (*)"),
        )
        if path:
            self.ca_file.edit.set_full_text(path)
            self.ca_file.typed(path)
