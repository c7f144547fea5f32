"""Whether a key can be given to an action, and why not."""

from wsinspector.actions.action import FIXED, Action
from wsinspector.translate import translate
from wsinspector.ui.actions.scopes import SCOPES

_EDITING = ("Ctrl+C", "Ctrl+X", "Ctrl+V", "Ctrl+A", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y")
_MOVING = (
    "Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDown", "Backspace", "Del", "Ins", "Return",
    "Enter", "Space", "Menu",
)  # fmt: skip
_NEVER = ("Tab", "Shift+Tab", "Backtab", "Esc")
_LISTS = ("Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDown", "Return", "Enter", "Menu")


def why_not(action: Action, key: str) -> str:
    """Why ``key``, in Qt's form, cannot be the one of ``action``; empty where it can."""
    if action.fixed:
        return translate("KeyFixed", FIXED[action.fixed])
    if not key:
        return translate("KeyTaking", "Qt knows no such key.")
    if key in _NEVER:
        return translate("KeyTaking", "{0} is needed to go from control to control, and out of them.").format(
            key
        )
    if key in _EDITING:
        return translate("KeyTaking", "{0} is needed in every field and list.").format(key)
    scope = SCOPES[action.scope]
    bare = key.removeprefix("Shift+")
    if scope.typing and _types(key):
        told = translate("KeyTaking", "{0} is needed for typing: hold Ctrl or Alt with it.")
        return told.format(key)
    if bare in (_MOVING if scope.typing else _LISTS):
        told = translate("KeyTaking", "{0} is needed in fields and lists: hold Ctrl or Alt with it.")
        return told.format(key)
    return ""


def _types(key: str) -> bool:
    """Whether a key without Ctrl, Alt and Meta writes a character."""
    return len(key.removeprefix("Shift+")) == 1
