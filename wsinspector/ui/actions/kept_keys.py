"""The file of the keys that a person has changed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wsinspector.translate import translate
from wsinspector.ui.actions.small_file import put_aside, read_json, write_json

Kept = dict[str, tuple[str, ...]]
"""Id of an action to its keys; none where it shall have no key."""

FORMAT = 1


def read_keys(path: Path) -> tuple[Kept, str]:
    """What ``path`` holds, and what is wrong with it; a broken file is put aside."""
    held, trouble = read_json(path)
    if held is None and not trouble:
        return {}, ""
    if trouble not in ("", "?"):
        told = translate(
            "KeysFile", "{0} cannot be read: {1}. Every key is as at first; changing one writes it anew."
        )
        return {}, told.format(path.name, trouble)
    kept = _kept(held)
    if kept is not None:
        return kept, ""
    told = translate("KeysFile", "{0} is broken, put aside as {1}. Every key is as at first.")
    return {}, told.format(path.name, put_aside(path).name)


def _kept(held: Any) -> Kept | None:
    keys = held.get("keys") if isinstance(held, dict) and held.get("format") == FORMAT else None
    if not isinstance(keys, dict):
        return None
    kept: Kept = {}
    for name, given in keys.items():
        if not isinstance(given, list) or not all(isinstance(key, str) for key in given):
            return None
        kept[name] = tuple(given)
    return kept


def write_keys(path: Path, kept: Mapping[str, tuple[str, ...]]) -> str:
    """Keep them; returns what went wrong, empty for nothing."""
    trouble = write_json(path, {"format": FORMAT, "keys": {name: list(keys) for name, keys in kept.items()}})
    return translate("KeysFile", "The keys cannot be kept: {0}.").format(trouble) if trouble else ""
