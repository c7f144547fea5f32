"""Crafted frames of a sequence: their table checked, its variables filled in."""

from collections.abc import Iterator, Mapping
from typing import Any

from wsinspector.conversation.sequences.filling import Filler, UnknownVariableError
from wsinspector.conversation.sequences.messages import UnsendableError
from wsinspector.protocol.crafting import Craft, CraftError, craft_from_plain

_FILLED = ("text", "reason")
"""Members whose texts may hold variables."""


def wrong_craft(table: Mapping[str, Any]) -> str:
    """Why no frames can be made of ``table``; empty where they can."""
    try:
        craft_from_plain(table)
    except CraftError as error:
        return str(error)
    return ""


def craft_texts(table: Mapping[str, Any]) -> Iterator[str]:
    """The texts of ``table`` in which variables are filled."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from craft_texts(value)
        elif isinstance(value, list):
            for each in value:
                if isinstance(each, dict):
                    yield from craft_texts(each)
        elif name in _FILLED and isinstance(value, str):
            yield value


def craft_files(table: Mapping[str, Any]) -> tuple[str, ...]:
    """The files that ``table`` names."""
    try:
        return craft_from_plain(table).files
    except CraftError:
        return ()


def filled_craft(table: Mapping[str, Any], filler: Filler) -> Craft:
    """The frames that ``table`` describes. Raises UnsendableError."""
    try:
        return craft_from_plain(_filled(table, filler))
    except (CraftError, UnknownVariableError) as error:
        raise UnsendableError(str(error)) from None


def _filled(table: Mapping[str, Any], filler: Filler) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            made[name] = _filled(value, filler)
        elif isinstance(value, list):
            made[name] = [_filled(each, filler) if isinstance(each, dict) else each for each in value]
        else:
            made[name] = filler.fill(value) if name in _FILLED and isinstance(value, str) else value
    return made
