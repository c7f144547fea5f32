"""What can be done with the picked rows of the log: one table for its menu and its keys."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu

from wsinspector.translate import marked, translate

COPIES = (
    ("text", marked("Log", "Copy text")),
    ("json", marked("Log", "Copy frames as JSON")),
    ("hex", marked("Log", "Copy payload as hex")),
    ("script", marked("Log", "Copy as a command that sends it again")),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """``name`` is what is emitted; ``on_row``: needs a current row of a frame; ``rule`` goes above it."""

    name: str
    text: str
    key: str
    on_row: bool = False
    rule: bool = False


DEEDS = (
    Deed("mark", "Mark, or take the mark off", "M", on_row=True, rule=True),
    Deed("name", "Name the mark…", "Shift+M", on_row=True),
    Deed("next-mark", "Next mark", "Ctrl+."),
    Deed("previous-mark", "Mark before", "Ctrl+,"),
    Deed("marks", "All marks…", "Ctrl+Shift+M"),
    Deed("pin", "Pin; a second pin shows the time between", "P", on_row=True, rule=True),
    Deed("pin-answer", "Pin with its answer", "Shift+P", on_row=True),
    Deed(
        "compare", "Compare two selected rows, or with the one pinned or marked", "D", on_row=True, rule=True
    ),
    Deed("craft", "Craft from this frame…", "C", on_row=True, rule=True),
    Deed("sequence", "Make a sequence of the selected rows", "S", on_row=True),
    Deed("replay", "Replay what we sent of the selected rows…", "R", on_row=True),
    Deed("from-here", "Show from here", "H", on_row=True, rule=True),
    Deed("from-start", "Show what is above again", "Shift+H"),
    Deed("times", "Next style of times", "T", rule=True),
    Deed("find", "Find…", "Ctrl+F", rule=True),
    Deed("jump", "Go to a number or time…", "Ctrl+G"),
)
_KEYS = {
    "D": "compare", "C": "craft", "S": "sequence", "R": "replay",
    "M": "mark", "Shift+M": "name", "P": "pin", "Shift+P": "pin-answer", "H": "from-here",
    "Shift+H": "from-start", "T": "times",
}  # fmt: skip
ANYWHERE = tuple(deed for deed in DEEDS if deed.key.startswith("Ctrl+"))
"""Those whose keys work in the whole pane."""


def deed_of(event: QKeyEvent) -> str:
    """What a letter typed in the log asks for; empty for nothing."""
    if event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
        return ""
    shift = "Shift+" if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else ""
    key = event.key()
    return _KEYS.get(f"{shift}{chr(key)}", "") if 0x41 <= key <= 0x5A else ""


def add_deeds(
    menu: QMenu,
    ask: Callable[[str], object],
    *,
    on_frame: bool,
    can: Callable[[str], bool] = lambda _name: True,
) -> None:
    """Put every deed into ``menu``; ``ask(name)`` carries it out, ``can(name)`` says whether it is of use."""
    for deed in DEEDS:
        if deed.rule and not menu.isEmpty():
            menu.addSeparator()
        action = menu.addAction(translate("Log", deed.text))
        action.setShortcut(QKeySequence(deed.key))
        action.setShortcutVisibleInContextMenu(True)
        action.setEnabled((on_frame or not deed.on_row) and can(deed.name))
        action.triggered.connect(lambda _checked=False, name=deed.name: ask(name))
