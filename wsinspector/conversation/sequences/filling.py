"""Variables in texts: ``{{name}}`` becomes a value when a message leaves, and an unknown name is an error.

``{{counter}}`` is 1 in the first message that asks for it, 2 in the next; ``{{uuid}}`` and ``{{now}}`` are
drawn once a message too, so that twice the same name in one message is twice the same value. Every other
name comes from the environment. ``\\{{name}}`` stands for the characters ``{{name}}``.
"""

import json
import re
import uuid
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from wsinspector.filter.printing import quoted
from wsinspector.translate import translate

GENERATED = ("counter", "uuid", "now", "unix_ms")
"""Names that are always there, in the order in which they are explained."""

DOTS = "•••"
"""What stands for a value that is not shown."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_PLACE = re.compile(r"(\\?)\{\{[ \t]*([A-Za-z_][A-Za-z0-9_-]*)[ \t]*\}\}")


Quoting = Callable[[str], str]


def in_json(value: str) -> str:
    """``value`` as it stands between the quotes of a JSON string."""
    return json.dumps(value, ensure_ascii=False)[1:-1]


def in_filter(value: str) -> str:
    """``value`` as it stands between the quotes of a filter's text."""
    return quoted(value)[1:-1]


@dataclass(frozen=True, slots=True)
class Place:
    """A variable in a text: characters ``start`` to ``stop - 1``."""

    name: str
    start: int
    stop: int


class UnknownVariableError(Exception):
    """A text names a variable that there is not; ``place`` says where."""

    def __init__(self, place: Place) -> None:
        super().__init__(unknown_text(place.name))
        self.place = place


def unknown_text(name: str) -> str:
    """What is said of a name that no variable has."""
    return translate("Variables", "There is no variable {{{{{0}}}}}.").format(name)


def generated_texts() -> dict[str, str]:
    """What each generated variable stands for, in a sentence."""
    return {
        "counter": translate("Variables", "1 in the first message that uses it, then one more each time."),
        "uuid": translate("Variables", "A random UUID, a new one for each message."),
        "now": translate("Variables", "The time as 2026-03-01T12:00:00.000Z."),
        "unix_ms": translate("Variables", "Milliseconds since 1 January 1970."),
    }


def places(text: str) -> Iterator[Place]:
    """The variables that ``text`` names, from left to right."""
    for found in _PLACE.finditer(text):
        if not found[1]:
            yield Place(found[2], found.start(), found.end())


def unknown_in(text: str, known: Mapping[str, str]) -> tuple[Place, ...]:
    """The places of ``text`` whose names are neither generated nor in ``known``."""
    return tuple(each for each in places(text) if each.name not in known and each.name not in GENERATED)


def made_of(values: Mapping[str, str], names: Container[str]) -> frozenset[str]:
    """The variables of ``values`` that are among ``names``, or made of such, by way of others too."""
    found: set[str] = set()
    for name, value in values.items():  # a variable is made of those before it
        if name in names or any(each.name in found for each in places(value)):
            found.add(name)
    return frozenset(found)


def veiled(text: str, values: Mapping[str, str], names: Iterable[str]) -> str:
    """``text`` with dots wherever the value of one of ``names`` stands in it, the longest first."""
    hidden = {values[name] for name in names if values.get(name)}
    for value in sorted(hidden, key=len, reverse=True):
        for written in (in_filter(value), value):
            text = text.replace(written, DOTS)
    return text


class Filler:
    """Puts values into texts. ``now`` gives the wall clock in seconds, ``unique`` a fresh UUID.

    One :meth:`begin` a message; all texts filled after it belong to that message.
    """

    def __init__(
        self,
        values: Mapping[str, str],
        *,
        now: Callable[[], float],
        unique: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._now = now
        self._unique = unique
        self._counter = 0
        self._drawn: dict[str, str] = {}
        self.values: dict[str, str] = {}
        for name, value in values.items():
            # A variable may be made of those before it and of what is generated, once for the whole run.
            self._drawn = {}
            self.values[name] = self.fill(value)
        self._drawn = {}

    @property
    def next_counter(self) -> int:
        """What the counter will be in the next message that asks for it."""
        return self._counter + 1

    def told(self, text: str, hidden: Container[str], quoting: Quoting | None = None) -> str:
        """As :meth:`fill_again`, dots in place of the variables ``hidden``: for what is shown and kept."""
        held = self.values
        self.values = {name: DOTS if name in hidden else value for name, value in held.items()}
        try:
            return self.fill_again(text, quoting)
        finally:
            self.values = held

    def begin(self) -> None:
        """The next message begins: what is generated is drawn anew."""
        self._drawn = {}

    def fill(self, text: str, quoting: Quoting | None = None) -> str:
        """``text`` with values in place of names. Raises UnknownVariableError.

        ``quoting``: how a value is written where it stands between double quotes, as in JSON.
        """
        pieces: list[str] = []
        at = 0
        inside = False
        for found in _PLACE.finditer(text):
            before = text[at : found.start()]
            inside = quoting is not None and _in_string(before, inside)
            pieces.append(before)
            at = found.end()
            if found[1]:
                pieces.append(found[0][1:])
                continue
            value = self._value(Place(found[2], found.start(), found.end()))
            pieces.append(quoting(value) if quoting is not None and inside else value)
        pieces.append(text[at:])
        return "".join(pieces)

    def fill_again(self, text: str, quoting: Quoting | None = None) -> str:
        """As :meth:`fill`, with what was drawn last: for a filter that awaits the answer to a message."""
        if "counter" not in self._drawn:
            self._drawn["counter"] = str(self._counter)
        return self.fill(text, quoting)

    def _value(self, place: Place) -> str:
        name = place.name
        if name in self.values:
            return self.values[name]
        if name not in GENERATED:
            raise UnknownVariableError(place)
        if name not in self._drawn:
            self._drawn[name] = self._draw(name)
        return self._drawn[name]

    def _draw(self, name: str) -> str:
        match name:
            case "counter":
                self._counter += 1
                return str(self._counter)
            case "uuid":
                return self._unique()
            case "unix_ms":
                return str(int(self._now() * 1000))
        said = datetime.fromtimestamp(self._now(), UTC).isoformat(timespec="milliseconds")
        return said.replace("+00:00", "Z")


def _in_string(text: str, inside: bool) -> bool:
    """Whether a JSON string is open behind ``text``."""
    skip = False
    for sign in text:
        if skip:
            skip = False
        elif inside and sign == "\\":
            skip = True
        elif sign == '"':
            inside = not inside
    return inside
