"""The rows of the registry: one action each, in the order of the sheet."""

from wsinspector.ui.actions.action import Action
from wsinspector.ui.actions.frames_rows import FRAMES
from wsinspector.ui.actions.other_rows import CRAFT, FIELDS, LESSONS, PAGES, PAYLOAD, SEQUENCES, STATISTICS
from wsinspector.ui.actions.row import Row
from wsinspector.ui.actions.window_rows import REQUEST, WINDOW

_GROUPS = (
    ("window", WINDOW), ("request", REQUEST), ("frames", FRAMES), ("payload", PAYLOAD),
    ("craft", CRAFT), ("statistics", STATISTICS), ("sequences", SEQUENCES), ("pages", PAGES),
    ("lessons", LESSONS), ("fields", FIELDS),
)  # fmt: skip


def _action(group: str, row: Row) -> Action:
    name, text, keys, scope, fixed, over = row
    return Action(name, group, text, tuple(part for part in keys.split(", ") if part), scope, fixed, over)


ROWS = tuple(_action(group, row) for group, rows in _GROUPS for row in rows)
