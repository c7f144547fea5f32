"""Texts that name a key by its action, so that they say the key a person has set."""

import re
from collections.abc import Callable

from wsinspector.actions.rows import ROWS

PLACE = "[key:"
_NAMED = re.compile(r"\[key:([a-z-]+\.[a-z0-9-]+)\]")
_ASIDE = re.compile(r" ?\(\[key:([a-z-]+\.[a-z0-9-]+)\]\)")

ACTIONS = {action.id: action for action in ROWS}


def filled(text: str, shown: Callable[[str], str]) -> str:
    """Put keys into ``text`` where it says ``[key:id]``; ``shown``: an action's key as a person reads it.

    Of an action without a key, " ([key:id])" goes away and elsewhere its name stands. A name that no action
    has stays as it is.
    """
    if PLACE not in text:
        return text
    text = _ASIDE.sub(lambda at: "" if at[1] in ACTIONS and not shown(at[1]) else at[0], text)
    return _NAMED.sub(lambda at: _word(at[1], shown) or at[0], text)


def _word(name: str, shown: Callable[[str], str]) -> str:
    action = ACTIONS.get(name)
    return "" if action is None else shown(name) or f"“{action.text}”"


def first_key(name: str) -> str:
    """The key that action ``name`` has at first, as a person reads it; empty where it has none."""
    keys = ACTIONS[name].keys
    return "+".join(_READ.get(part, part) for part in keys[0].split("+")) if keys else ""


_READ = {"Esc": "Escape", "Delete": "Del", "Insert": "Ins"}
"""Names of keys that Qt writes in another way."""


def with_first_keys(text: str) -> str:
    """``text`` with the keys of a window in which none was changed."""
    return filled(text, first_key)
