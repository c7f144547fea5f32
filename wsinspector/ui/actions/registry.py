"""Which key each action has now: the one place that shortcuts, menus, tooltips and the sheet ask."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from wsinspector.actions.action import Action
from wsinspector.actions.naming import filled
from wsinspector.actions.rows import ROWS
from wsinspector.ui.actions.kept_keys import Kept, read_keys, write_keys
from wsinspector.ui.actions.scopes import overlap

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def same_form(keys: str) -> str:
    """``keys`` as Qt writes them; empty where Qt knows no such key."""
    read = QKeySequence.fromString(keys, QKeySequence.SequenceFormat.PortableText)
    text: str = read.toString(QKeySequence.SequenceFormat.PortableText)
    return "" if "\ufffd" in text or read.count() != 1 else text


def key_text(keys: str) -> str:
    """``keys`` as a person reads them."""
    return "+".join("Escape" if part == "Esc" else part for part in same_form(keys).split("+"))


class Registry(QObject):
    """Every action by its id, with its keys of now. ``changed``: one or more have others."""

    changed = Signal()

    def __init__(self, rows: Sequence[Action] = ROWS) -> None:
        super().__init__()
        self.actions = {action.id: action for action in rows}
        self._kept: Kept = {}
        self._path: Path | None = None
        self._meant: dict[tuple[str, str], str] = {}
        self._keys: dict[str, tuple[str, ...]] = {}

    # -- what is asked

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of action ``name``, in Qt's form; none where it has none."""
        known = self._keys.get(name)
        if known is None:  # Qt's reading of a key costs more than all else of a shortcut
            action = self.actions[name]
            given = self._kept.get(name) if not action.fixed else None
            found = (same_form(key) for key in (action.keys if given is None else given))
            known = self._keys[name] = tuple(key for key in found if key)
        return known

    def sequences(self, name: str) -> list[QKeySequence]:
        """The same for Qt."""
        return [QKeySequence(key) for key in self.keys(name)]

    def shown(self, name: str) -> str:
        """The first key of an action as a person reads it; empty where it has none."""
        keys = self.keys(name)
        return key_text(keys[0]) if keys else ""

    def shown_all(self, name: str) -> str:
        """All keys of an action, alternatives after a blank."""
        return "  ".join(key_text(key) for key in self.keys(name))

    def is_changed(self, name: str) -> bool:
        """Whether the action has other keys than at first."""
        first = tuple(same_form(key) for key in self.actions[name].keys)
        return self.keys(name) != first

    def fill(self, text: str) -> str:
        """Put keys of now into ``text`` where it says ``[key:id]``.

        Of an action without a key, " ([key:id])" goes away and elsewhere its name stands.
        """
        return filled(text, self.shown)

    def meant(self, event: QKeyEvent, scope: str) -> str:
        """The action of exactly ``scope`` that a pressed key asks for; empty for none."""
        if not self._meant:
            for action in self.actions.values():
                for key in self.keys(action.id):
                    self._meant.setdefault((action.scope, key), action.id)
        pressed = pressed_key(event)
        found = self._meant.get((scope, pressed), "")
        if not found and event.modifiers() & _SHIFT and not event.text().isalpha():
            found = self._meant.get((scope, pressed.replace("Shift+", "")), "")  # "+" is typed with Shift
        return found

    def sharing(self, name: str, key: str) -> list[Action]:
        """The other actions that have ``key`` where it can be pressed for ``name`` as well."""
        action, wanted = self.actions[name], same_form(key)
        return [
            other
            for other in self.actions.values()
            if other.id != name
            and wanted in self.keys(other.id)
            and other.over != name
            and action.over != other.id
            and overlap(action.scope, other.scope)
        ]

    # -- what is changed

    def take(self, name: str, keys: Sequence[str]) -> str:
        """Give action ``name`` these keys, and take them from others that they would clash with."""
        for key in keys:
            for other in self.sharing(name, key):
                if not other.fixed:
                    self._set(other.id, [held for held in self.keys(other.id) if held != same_form(key)])
        self._set(name, keys)
        return self._tell()

    def reset(self, name: str) -> str:
        """Give one action the keys it had at first; those that have them now lose them."""
        return self.take(name, self.actions[name].keys)

    def reset_all(self) -> str:
        """Every key as it was at first."""
        self._kept = {name: keys for name, keys in self._kept.items() if name not in self.actions}
        return self._tell()

    def _set(self, name: str, keys: Sequence[str]) -> None:
        action = self.actions[name]
        wanted = tuple(same_form(key) for key in keys)
        if wanted == tuple(same_form(key) for key in action.keys):
            self._kept.pop(name, None)
        else:
            self._kept[name] = wanted
        self._forget()

    def _forget(self) -> None:
        self._meant.clear()
        self._keys.clear()

    def _tell(self) -> str:
        self._forget()
        said = write_keys(self._path, self._kept) if self._path is not None else ""
        self.changed.emit()
        return said

    # -- the file

    def load(self, path: Path | None) -> str:
        """Take what ``path`` holds from now on, and keep changes there; returns what is wrong with it."""
        self._path = path
        before = self._kept
        self._kept, said = read_keys(path) if path is not None else ({}, "")
        self._forget()
        if self._kept != before:
            self.changed.emit()
        return said


def pressed_key(event: QKeyEvent) -> str:
    """The key of an event, in Qt's form."""
    held = event.modifiers() & ~_KEYPAD
    key = Qt.Key.Key_Return if event.key() == Qt.Key.Key_Enter else Qt.Key(event.key())
    if key is Qt.Key.Key_Backtab:
        key, held = Qt.Key.Key_Tab, held | _SHIFT
    text: str = QKeySequence(held.value | key.value).toString(QKeySequence.SequenceFormat.PortableText)
    return text


@cache
def registry() -> Registry:
    """The one of this process: keys are the same in every window."""
    return Registry()
