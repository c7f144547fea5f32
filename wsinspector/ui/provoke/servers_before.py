"""Servers that were provoked before, offered again after another start; each is still asked about."""

import contextlib
import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from wsinspector.library.whole_file import read_whole, write_whole
from wsinspector.present.plain import visible
from wsinspector.present.secrets import masked_address
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.sweep.servers import split
from wsinspector.ui.sweep.servers_field import ServersField

FILE = "provoked-servers.json"
MOST = 20
LARGEST = 1 << 16
LONGEST = 2000  # characters of one server


class ServersBefore:
    """The file: servers as they were typed, the last provoked first, none with a secret in its address.

    ``trouble``: what was wrong with the file at the last look, as a sentence; empty for nothing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trouble = ""

    def load(self) -> tuple[str, ...]:
        """The servers; a file that is no such list is put aside and told of."""
        text, self.trouble = read_whole(self.path, LARGEST)
        if text is None:
            if self.trouble:
                self._put_aside()
            return ()
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            told = None
        listed = told.get("servers") if isinstance(told, dict) else None
        if not isinstance(listed, list):
            self.trouble = translate("Provoke", "{0} holds no list of servers.").format(self.path.name)
            self._put_aside()
            return ()
        kept = dict.fromkeys(each for each in listed if isinstance(each, str) and _fit(each))
        return tuple(kept)[:MOST]

    def add(self, servers: Iterable[str]) -> str:
        """Put ``servers`` first; what went wrong with that or with the file before, empty for nothing."""
        fit = [each for each in servers if _fit(each)]
        if not fit:
            return ""
        kept = tuple(dict.fromkeys((*fit, *self.load())))[:MOST]
        before = self.trouble
        return self._write(kept) or before

    def forget(self) -> str:
        """Keep none; why that could not be."""
        return self._write(())

    def _write(self, servers: tuple[str, ...]) -> str:
        told = {"version": 1, "servers": list(servers)}
        return write_whole(self.path, json.dumps(told, ensure_ascii=True, indent=1) + "\n")

    def _put_aside(self) -> None:
        aside = self.path.with_name(self.path.name + ".broken")
        with contextlib.suppress(OSError):
            self.path.replace(aside)
            said = translate("Provoke", "It was put aside as {0}.").format(aside.name)
            self.trouble = f"{self.trouble} {said}"


def _fit(server: str) -> bool:
    plain = "://" not in server or masked_address(server) == server
    return 0 < len(server) <= LONGEST and plain and split(server) == [server]


class BeforeButton(QToolButton):
    """Adds such a server to ``field``, or takes it out. ``troubled(text)``: the file was not in order."""

    troubled = Signal(str)

    def __init__(self, before: ServersBefore, field: ServersField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before, self._field = before, field
        self.setText(translate("Provoke", "Before ▾"))
        self.setAccessibleName(translate("Provoke", "Servers provoked before"))
        tell(self, translate("Provoke", "Add a server that was provoked before, or take it out"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.list = QMenu(self)
        self.list.setToolTipsVisible(True)
        self.list.aboutToShow.connect(self.fill)
        self.setMenu(self.list)

    def remember(self) -> None:
        """Keep what stands in the field now."""
        self._tell(self._before.add(split(self._field.text())))

    def fill(self) -> None:
        """The servers, the last provoked first; those that stand in the field are ticked."""
        self.list.clear()
        there = set(split(self._field.text()))
        servers = self._before.load()
        self._tell(self._before.trouble)
        for server in servers:
            action = self.list.addAction(visible(server).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(server in there)
            action.triggered.connect(partial(self._field.toggle, server))
        if not servers:
            self.list.addAction(translate("Provoke", "No server was provoked before")).setEnabled(False)
            return
        self.list.addSeparator()
        self.list.addAction(translate("Provoke", "Forget them"), self._forget)

    def _forget(self) -> None:
        self._tell(self._before.forget())

    def _tell(self, trouble: str) -> None:
        if trouble:
            self.troubled.emit(trouble)
