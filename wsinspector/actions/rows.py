"""The rows of the registry: one action each, in the order of the sheet."""

from wsinspector.actions.action import Action
from wsinspector.actions.frames_rows import FRAMES
from wsinspector.actions.other_rows import CRAFT, FIELDS, LESSONS, PAGES, PAYLOAD, SEQUENCES, STATISTICS
from wsinspector.actions.row import Row
from wsinspector.actions.window_rows import REQUEST, WINDOW

_GROUPS = (
    ("window", WINDOW), ("request", REQUEST), ("frames", FRAMES), ("payload", PAYLOAD),
    ("craft", CRAFT), ("statistics", STATISTICS), ("sequences", SEQUENCES), ("pages", PAGES),
    ("lessons", LESSONS), ("fields", FIELDS),
)  # fmt: skip


def _action(group: str, row: Row) -> Action:
    name, text, keys, scope, fixed, over = row
    return Action(name, group, text, tuple(part for part in keys.split(", ") if part), scope, fixed, over)


ROWS = tuple(_action(group, row) for group, rows in _GROUPS for row in rows)
