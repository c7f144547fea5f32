"""The servers of a sweep as a person types them, with the lab's set-ups in a menu beside."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from wsinspector.present.secrets import masked_address
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.sweep.servers import LAB, Manner, SetUp, manners, set_ups, split


class _Field(QLineEdit):
    """Out of focus the secrets of its addresses are dots, to the eye and to a screen reader."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._full = ""
        self.textEdited.connect(self._typed)

    def full(self) -> str:
        return self._full

    def show_full(self, text: str) -> None:
        self._full = text
        self.setText(text if self.hasFocus() else _masked(text))
        self.setCursorPosition(0)

    def _typed(self, text: str) -> None:
        self._full = text
        self.edited.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.text() != self._full:
            self.setText(self._full)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        shown = _masked(self._full)
        if shown != self.text():
            self.setText(shown)
        self.setCursorPosition(0)


def _masked(text: str) -> str:
    found = split(text)
    shown = [masked_address(part) if "://" in part else part for part in found]
    return text if shown == found else ", ".join(shown)


class ServersField(QWidget):
    """``changed``: other servers stand in it. ``run_asked``: Enter was pressed in it."""

    changed = Signal()
    run_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = _Field()
        self.field.setFont(theme.mono_font())
        self.field.setClearButtonEnabled(True)
        self.field.setPlaceholderText(
            translate("ServersField", "Servers: wss://one.example/, ws://127.0.0.1:9001/, lab/strict")
        )
        self.field.setAccessibleName(translate("ServersField", "Servers"))
        tell(
            self.field,
            translate(
                "ServersField",
                "Addresses of the servers to ask, with commas or blanks between them "
                "([key:request.address]). "
                "lab/strict, lab/lists and others stand for set-ups of the lab.",
            ),
        )
        self.field.edited.connect(self.changed)
        self.field.returnPressed.connect(self.run_asked)
        self.lab = QToolButton()
        self.lab.setText(translate("ServersField", "Lab ▾"))
        self.lab.setAccessibleName(translate("ServersField", "Set-ups of the lab"))
        tell(self.lab, translate("ServersField", "Add a set-up of the lab, or take one out"))
        self.lab.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.lab)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self.fill_menu)
        self.lab.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.field, 1)
        row.addWidget(self.lab)
        self.setFocusProxy(self.field)
        theme.watcher().changed.connect(self._restyle)

    def text(self) -> str:
        return self.field.full()

    def set_text(self, text: str) -> None:
        self.field.show_full(text)
        self.changed.emit()

    def fill_menu(self) -> None:
        """The set-ups with a short name, and every manner of refusing; those that stand here are ticked."""
        self.menu.clear()
        there = set(split(self.text()))
        for each in set_ups():
            self._add(self.menu, f"{LAB}{each.name}", each, there)
        self.menu.addSeparator()
        inner = self.menu.addMenu(translate("ServersField", "Takes 13 and refuses others in the manner"))
        inner.setToolTipsVisible(True)
        for manner in manners():
            self._add(inner, manner.text, manner, there)

    def _add(self, menu: QMenu, text: str, each: SetUp | Manner, there: set[str]) -> None:
        title = f"{text if isinstance(each, SetUp) else each.name}\t{each.about}"
        action = menu.addAction(title)
        action.setCheckable(True)
        action.setChecked(text in there)
        action.setToolTip(f"{text}\n{each.about}")
        action.triggered.connect(partial(self.toggle, text))

    def toggle(self, text: str, _on: bool = True) -> None:
        """Add a server, or take it out where it is there already."""
        parts = split(self.text())
        if text in parts:
            parts.remove(text)
        else:
            parts.append(text)
        self.set_text(", ".join(parts))

    def _restyle(self) -> None:
        self.field.setFont(theme.mono_font())
