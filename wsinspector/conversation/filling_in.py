"""Variables in a request: what ``{{name}}`` becomes in the address and in the lines when it is sent.

Bytes are kept as they are around a variable, and a request that names none leaves as it is typed.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from wsinspector.conversation.sequences.filling import (
    Filler,
    Place,
    UnknownVariableError,
    places,
    unknown_text,
)
from wsinspector.protocol.address import Address, understand
from wsinspector.protocol.draft import Draft
from wsinspector.translate import translate

OPENS = b"{{"
_ONLY = re.compile(rb"\s*(?:\{\{[ \t]*[A-Za-z_][A-Za-z0-9_-]*[ \t]*\}\}\s*)+\Z")


@dataclass(frozen=True, slots=True)
class Filled:
    """A draft with values in it. ``problem``: which name has no value, and where; then nothing may leave.

    ``names``: the variables that were filled in, each once, in the order of the draft.
    """

    draft: Draft
    problem: str = ""
    names: tuple[str, ...] = ()


def filled_address(text: str, values: Mapping[str, str]) -> Address:
    """``text`` understood with its variables filled in; an unknown one is its error."""
    if "{{" not in text:
        return understand(text)
    try:
        return understand(Filler(values, now=time.time).fill(text))
    except UnknownVariableError as error:
        return replace(understand(""), error=str(error))


@dataclass(frozen=True, slots=True)
class Values:
    """What variables stand for where a report tells of it: a value of those ``hidden`` may not be in it."""

    values: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    def filled(self, text: str) -> str:
        """``text`` with its variables filled in. Raises ValueError with a sentence where one cannot be."""
        for place in places(text):
            if place.name in self.hidden:
                said = translate("Variables", "{{{{{0}}}}} is secret, and what is asked is told in a report.")
                raise ValueError(said.format(place.name))
        try:
            return Filler(self.values, now=time.time).fill(text)
        except UnknownVariableError as error:
            raise ValueError(str(error)) from None


def filled_draft(draft: Draft, values: Mapping[str, str]) -> Filled:
    """``draft`` with its variables filled in, in the request line and in the values that are sent.

    A value is put in as Latin-1 where it can be, else as UTF-8; the bytes around it stay.
    """
    rows = [line for line in draft.lines if line.enabled and OPENS in line.value]
    if not rows and OPENS not in draft.request_line:
        return Filled(draft)
    try:
        filler = Filler({name: _as_latin(value) for name, value in values.items()}, now=time.time)
    except UnknownVariableError as error:
        return Filled(draft, str(error))
    names: dict[str, None] = {}

    def fill(data: bytes) -> bytes:
        text = data.decode("latin-1")
        names.update(dict.fromkeys(place.name for place in places(text)))
        return filler.fill(text).encode("latin-1")

    try:
        made = replace(draft, request_line=fill(draft.request_line))
    except UnknownVariableError as error:
        return Filled(draft, _in_request_line(error.place))
    for at, line in enumerate(draft.lines):
        if not line.enabled or OPENS not in line.value:
            continue
        try:
            made = made.with_line(at, replace(line, value=fill(line.value)))
        except UnknownVariableError as error:
            return Filled(draft, _in_line(error.place, line.name))
    return Filled(made, "", tuple(names))


def named_in(address: str, draft: Draft) -> tuple[str, ...]:
    """The variables that a request names, each once: those of the address, then those of its lines."""
    found = dict.fromkeys(place.name for place in places(address))
    for data in (draft.request_line, *(line.value for line in draft.lines if line.enabled)):
        if OPENS in data:
            found.update(dict.fromkeys(place.name for place in places(data.decode("latin-1"))))
    return tuple(found)


def is_variable(data: bytes) -> bool:
    """Whether ``data`` is nothing but variables: what they stand for is not in it."""
    return _ONLY.match(data) is not None


def _as_latin(value: str) -> str:
    """Characters whose Latin-1 bytes are what stands for ``value`` on the wire."""
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass").decode("latin-1")
    return value


def _in_request_line(place: Place) -> str:
    said = translate("Variables", "{0} It stands in the request line, at character {1}.")
    return said.format(unknown_text(place.name), place.start + 1)


def _in_line(place: Place, name: bytes) -> str:
    said = translate("Variables", "{0} It stands in the value of {1}, at character {2}.")
    return said.format(unknown_text(place.name), name.decode("latin-1").strip(), place.start + 1)
