"""How widgets take their keys from the registry, and have them changed when it changes."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from wsinspector.ui.actions.registry import registry

ACTION = "action_id"
"""The property that says which action a shortcut, a QAction or a button has its key from."""
TIP = "tip_source"
"""The property that holds a tooltip as it was given, with the ids of its keys."""
DESCRIBED = "description_source"
"""The property that holds an accessible description in the same way."""
CAPTION = "caption_source"
"""The property that holds the text of a button in the same way."""


class Bound(QShortcut):
    """A shortcut that has its keys from the registry; ``can``: whether it would be of use."""

    def __init__(self, parent: QWidget, can: Callable[[], bool] | None) -> None:
        super().__init__(parent)
        self._can = can

    def can(self) -> bool:
        """Whether it would be of use now."""
        return self.isEnabled() and (self._can is None or self._can())


def bind(
    name: str,
    parent: QWidget,
    do: Callable[[], object],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
    can: Callable[[], bool] | None = None,
) -> Bound:
    """Call ``do`` when a key of action ``name`` is pressed, while ``parent`` is in sight.

    ``can`` says whether that would be of use; who shows the action asks it.
    """
    shortcut = Bound(parent, can)
    shortcut.setProperty(ACTION, name)
    shortcut.setContext(context)
    shortcut.setKeys(registry().sequences(name))
    shortcut.activated.connect(do)
    return shortcut


def bind_inside(name: str, parent: QWidget, do: Callable[[], object]) -> Bound:
    """As :func:`bind`, only while the focus is in ``parent``."""
    return bind(name, parent, do, Qt.ShortcutContext.WidgetWithChildrenShortcut)


def give_key(action: QAction, name: str, *, shown: bool = True) -> QAction:
    """Let ``action`` be pressed by the keys of ``name``, and show them in menus."""
    action.setProperty(ACTION, name)
    action.setShortcuts(registry().sequences(name))
    action.setShortcutVisibleInContextMenu(shown)
    return action


def give_button_key(button: QAbstractButton, name: str) -> None:
    """Let ``button`` be pressed by the first key of ``name``."""
    button.setProperty(ACTION, name)
    keys = registry().sequences(name)
    button.setShortcut(keys[0] if keys else "")


def tell(widget: QWidget, text: str) -> None:
    """Give ``widget`` a tooltip in which ``[key:id]`` stands for the key of that action."""
    widget.setProperty(TIP, text if "[key:" in text else None)
    widget.setToolTip(registry().fill(text))


def describe(widget: QWidget, text: str) -> None:
    """The same for what ``widget`` says of itself to who cannot see it."""
    widget.setProperty(DESCRIBED, text)
    widget.setAccessibleDescription(fill(text))


def caption(button: QAbstractButton, text: str) -> None:
    """Give ``button`` a text in which ``[key:id]`` stands for the key of that action."""
    button.setProperty(CAPTION, text)
    button.setText(_captioned(text))


def _captioned(text: str) -> str:
    """Of an action without a key nothing stands behind the text."""
    bare, _, name = text.rpartition("  [key:")
    return fill(text) if registry().shown(name.rstrip("]")) else bare


def fill(text: str) -> str:
    """``text`` with the keys of now where it says ``[key:id]``."""
    return registry().fill(text)


def tab_key(name: str) -> str:
    """What follows the text of a menu's entry: a tab and the key of action ``name``."""
    shown = registry().shown(name)
    return f"\t{shown}" if shown else ""


def add_entry(menu: QMenu, text: str, name: str, do: Callable[[], object]) -> QAction:
    """Add an entry that shows the key of action ``name``; the key itself is bound elsewhere."""
    return menu.addAction(text + tab_key(name), do)


class Deeds(QObject):
    """What a widget does at keys that only it is sent; it asks from its keyPressEvent."""

    def __init__(
        self,
        widget: QWidget,
        scope: str,
        deeds: Mapping[str, Callable[[], object]],
        can: Callable[[str], bool] = lambda _name: True,
    ) -> None:
        super().__init__(widget)
        self.scope = scope
        self._deeds = dict(deeds)
        self._can = can

    def names(self) -> list[str]:
        """The actions it carries out."""
        return list(self._deeds)

    def can(self, name: str) -> bool:
        """Whether action ``name`` is of use now."""
        return name in self._deeds and self._can(name)

    def carry_out(self, name: str) -> None:
        """Do what action ``name`` stands for."""
        self._deeds[name]()

    def took(self, event: QKeyEvent) -> bool:
        """Whether the key was one of its own; carried out where that is of use."""
        name = registry().meant(event, self.scope)
        if name not in self._deeds:
            return False
        if self._can(name):
            self.carry_out(name)
        return True


def retell() -> None:
    """Give every widget the keys of now: shortcuts, actions, buttons, tooltips."""
    for widget in QApplication.allWidgets():
        source = widget.property(TIP)
        if source:
            widget.setToolTip(registry().fill(str(source)))
        if widget.property(DESCRIBED):
            widget.setAccessibleDescription(registry().fill(str(widget.property(DESCRIBED))))
        if isinstance(widget, QAbstractButton) and widget.property(CAPTION):
            widget.setText(_captioned(str(widget.property(CAPTION))))
        if isinstance(widget, QAbstractButton) and widget.property(ACTION):
            give_button_key(widget, str(widget.property(ACTION)))
    for top in QApplication.topLevelWidgets():
        for shortcut in top.findChildren(QShortcut):
            if shortcut.property(ACTION):
                shortcut.setKeys(registry().sequences(str(shortcut.property(ACTION))))
        for action in top.findChildren(QAction):
            if action.property(ACTION):
                action.setShortcuts(registry().sequences(str(action.property(ACTION))))
