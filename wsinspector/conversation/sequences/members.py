"""The members of one table of a TOML file, taken one by one; what is left over or wrong becomes a fault."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wsinspector.conversation.sequences.places import Lines, Path
from wsinspector.translate import translate

MOST_SECONDS = 86_400
"""Seconds of any member that is a time: a day is longer than anybody waits."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, and in which line, from 1. ``grave`` False: it can be done, and is told all the same."""

    line: int
    text: str
    grave: bool = True

    def __str__(self) -> str:
        return translate("Sequence", "line {0}: {1}").format(self.line, self.text)


def kind_of(value: object) -> str:
    """What a value of TOML is, for a person."""
    if isinstance(value, bool):
        return translate("Sequence", "true or false")
    if isinstance(value, str):
        return translate("Sequence", "a text")
    if isinstance(value, int | float):
        return translate("Sequence", "a number")
    if isinstance(value, dict):
        return translate("Sequence", "a table")
    if isinstance(value, list):
        return translate("Sequence", "a list")
    return translate("Sequence", "a date or time")


class Members:
    """A table at ``path``. Every ``take`` removes a member; :meth:`done` tells of those that remain."""

    def __init__(self, data: Mapping[str, Any], path: Path, lines: Lines, faults: list[Fault]) -> None:
        self._left = dict(data)
        self._names: list[str] = []
        self.path = path
        self.lines = lines
        self.faults = faults

    @property
    def line(self) -> int:
        return self.lines.of(self.path)

    def has(self, name: str) -> bool:
        return name in self._left

    def knows(self, *names: str) -> None:
        """These members may stand here, though none was asked for."""
        self._names += names

    @property
    def left(self) -> tuple[str, ...]:
        """The names not taken yet, in the order of the file."""
        return tuple(self._left)

    def fault(self, text: str, name: str = "") -> None:
        """Tell of what is wrong with the member ``name``, of the table itself where there is none."""
        self.faults.append(Fault(self.lines.of((*self.path, name) if name else self.path), text))

    def remark(self, text: str, name: str) -> None:
        """Tell of something about the member ``name`` that can be done, but not without a word."""
        self.faults.append(Fault(self.lines.of((*self.path, name)), text, grave=False))

    def take(self, name: str) -> Any:
        """The value of ``name`` as it is, None where it is not there."""
        self._names.append(name)
        return self._left.pop(name, None)

    def text(self, name: str, default: str = "") -> str:
        value = self.take(name)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        self._wrong(name, value, translate("Sequence", "a text"), in_quotes(value))
        return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.take(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        self._wrong(name, value, translate("Sequence", "true or false"))
        return default

    def seconds(self, name: str, default: float = 0.0, *, above: bool = False) -> float:
        """Seconds: 0 or more, a day at most; ``above``: more than 0."""
        value = self.take(name)
        if value is None:
            return default
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and (value > 0 if above else value >= 0) and value <= MOST_SECONDS:
            return float(value)
        wanted = (
            translate("Sequence", "a number of seconds above 0, at most {0}")
            if above
            else translate("Sequence", "a number of seconds from 0 to {0}")
        )
        self._wrong(name, value, wanted.format(MOST_SECONDS), _without_quotes(value))
        return default

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self.take(name)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self._wrong(
            name,
            value,
            translate("Sequence", "a whole number from {0} to {1}").format(low, high),
            _without_quotes(value),
        )
        return default

    def table(self, name: str) -> "Members | None":
        """The table ``name``; None where there is none."""
        value = self.take(name)
        if value is None:
            return None
        if isinstance(value, dict):
            return Members(value, (*self.path, name), self.lines, self.faults)
        self._wrong(name, value, translate("Sequence", "a table"))
        return None

    def tables(self, name: str) -> "list[Members]":
        """The tables of the array ``name``."""
        value = self.take(name)
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            return [
                Members(each, (*self.path, name, at), self.lines, self.faults)
                for at, each in enumerate(value)
            ]
        self._wrong(name, value, translate("Sequence", "tables, each headed [[{0}]]").format(name))
        return []

    def texts(self, name: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        value = self.take(name)
        if value is None:
            return ()
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list):
            wanted = translate("Sequence", "a text or a list of texts")
            self._wrong(name, value, wanted, in_quotes(value))
            return ()
        whole = True
        for at, each in enumerate(found):
            if not isinstance(each, str):
                whole = False
                self._wrong(name, each, translate("Sequence", "a list of texts"), in_quotes(each), at)
        return tuple(found) if whole else ()

    def done(self) -> None:
        """Everything that is understood was taken; what is left is unknown."""
        known = ", ".join(dict.fromkeys(self._names))
        for name in self._left:
            text = translate("Sequence", "There is no member “{0}” here; there are {1}.")
            self.fault(text.format(name, known), name)
        self._left.clear()

    def _wrong(self, name: str, value: object, wanted: str, better: str = "", at: int | None = None) -> None:
        """``better``: the value as it may have been meant. ``at``: which one of a list it is."""
        text = translate("Sequence", "{0} must be {1}, not {2}.").format(name, wanted, shown_value(value))
        if better:
            meant = translate("Sequence", "Write {0}.")
            text = f"{text} {meant.format(f'{name} = {better}' if at is None else better)}"
        path = (*self.path, name) if at is None else (*self.path, name, at)
        self.faults.append(Fault(self.lines.of(path), text))


def shown_value(value: object) -> str:
    """A number as it is, anything else by its kind."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if number else kind_of(value)


def in_quotes(value: object) -> str:
    """A number, date or flag as a text of TOML; empty for what would not become one by quotes alone."""
    if isinstance(value, bool):
        return f'"{str(value).lower()}"'
    return "" if isinstance(value, str | list | dict) else f'"{value}"'


def _without_quotes(value: object) -> str:
    """A number that stands in quotes; empty for everything else."""
    return value if isinstance(value, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) else ""
