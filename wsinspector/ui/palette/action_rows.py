"""The actions of the registry as rows of the palette: what each would do now, or why it can do nothing."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QWidget

from wsinspector.actions.action import Action
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import ACTION, Bound, Deeds
from wsinspector.ui.actions.registry import registry
from wsinspector.ui.actions.scopes import told
from wsinspector.ui.palette.row import Row

if TYPE_CHECKING:
    from wsinspector.ui.desk import Desk

Found = tuple[Callable[[], object] | None, str]
"""What does it, None for nothing; and why not now."""


def actions(desk: "Desk") -> list[Row]:
    """Every action that is more than a key of a field or list."""
    bound = _bound(desk.window)
    rows = []
    for action in registry().actions.values():
        if action.group == "fields" or action.id == "window.palette":
            continue
        deed = desk.deeds.get(action.id)
        run, why_not = (deed.do, deed.why_not()) if deed is not None else bound.get(action.id, (None, ""))
        if run is None and action.fixed:
            continue
        rows.append(_row(action, run, why_not))
    return rows


def _row(action: Action, run: Callable[[], object] | None, why_not: str) -> Row:
    if run is None:
        why_not = why_not or translate("Palette", "It works {0}.").format(told(action.scope))
    return Row(
        id=f"action:{action.id}",
        kind=translate("Palette", "Action"),
        text=action.text,
        run=run or (lambda: None),
        key=registry().shown(action.id),
        where="" if action.scope == "window" else told(action.scope),
        why_not=why_not,
    )


def _bound(window: QWidget) -> dict[str, Found]:
    """What is bound within ``window`` to an action, of the parts that are in sight."""
    found: dict[str, Found] = {}
    for shortcut in window.findChildren(Bound):
        if _in_sight(shortcut.parent()):
            can = shortcut.can()
            found[str(shortcut.property(ACTION))] = (
                (shortcut.activated.emit, "") if can else (None, _nothing_there())
            )
    for action in window.findChildren(QAction):
        name = action.property(ACTION)
        if name and name not in found and _in_sight(action.parent()):
            found[str(name)] = (action.trigger, "") if action.isEnabled() else (None, _nothing_there())
    for button in window.findChildren(QAbstractButton):
        name = button.property(ACTION)
        if name and button.isVisible():
            found[str(name)] = (button.click, "") if button.isEnabled() else (None, _nothing_there())
    for deeds in window.findChildren(Deeds):
        if _in_sight(deeds.parent()):
            for name in deeds.names():
                can = deeds.can(name)
                found[name] = (_deed(deeds, name), "") if can else (None, _nothing_there())
    return found


def _deed(deeds: Deeds, name: str) -> Callable[[], object]:
    return lambda: deeds.carry_out(name)


def _in_sight(parent: QObject | None) -> bool:
    return isinstance(parent, QWidget) and parent.isVisible()


def _nothing_there() -> str:
    return translate("Palette", "There is nothing it could be done with.")
