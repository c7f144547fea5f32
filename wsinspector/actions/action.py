"""One action of the window, as a row of the registry."""

from dataclasses import dataclass

from wsinspector.translate import marked, translate

GROUPS = {
    "window": marked("KeyGroups", "Window"),
    "request": marked("KeyGroups", "Request"),
    "frames": marked("KeyGroups", "Frames"),
    "payload": marked("KeyGroups", "Payload"),
    "craft": marked("KeyGroups", "Crafting"),
    "statistics": marked("KeyGroups", "Statistics"),
    "sequences": marked("KeyGroups", "Sequences"),
    "pages": marked("KeyGroups", "Pages"),
    "lessons": marked("KeyGroups", "Lessons"),
    "fields": marked("KeyGroups", "Fields and lists"),
}

FIXED = {
    "text": marked("KeyFixed", "Fields for text take this key themselves."),
    "list": marked("KeyFixed", "Lists take this key to move, to open and to leave."),
    "press": marked("KeyFixed", "It presses whatever has the focus."),
    "system": marked("KeyFixed", "It is the same in every program."),
}
"""Why a key cannot be another."""


@dataclass(frozen=True, slots=True)
class Action:
    """``id`` names it in files and code; ``keys`` are those it has at first, as Qt writes them.

    ``fixed``: a key of FIXED where it cannot be changed. ``over``: the action whose key it takes on purpose,
    where it works.
    """

    id: str
    group: str
    source: str
    keys: tuple[str, ...]
    scope: str
    fixed: str = ""
    over: str = ""

    @property
    def text(self) -> str:
        """What it does, in the language of the window."""
        return translate("Actions", self.source)
