"""Reads Sec-WebSocket-Extensions of either side with what is wrong in its form and its parameters."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from wsinspector.protocol.http import OWS, Head, split_unquoted
from wsinspector.verdicts.rule import shown

FIELD = b"Sec-WebSocket-Extensions"
DEFLATE = b"permessage-deflate"
FLAGS = (b"server_no_context_takeover", b"client_no_context_takeover")
SERVER_BITS, CLIENT_BITS = b"server_max_window_bits", b"client_max_window_bits"
WINDOWS = (SERVER_BITS, CLIENT_BITS)
WINDOW_CLAUSES = {SERVER_BITS: "RFC 7692 §7.1.2.1", CLIENT_BITS: "RFC 7692 §7.1.2.2"}

_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"\Z', re.DOTALL)
_BITS = re.compile(rb"(?:8|9|1[0-5])\Z")


@dataclass(frozen=True, slots=True)
class Extension:
    """One list member. A parameter without a value has None. ``fault`` names a broken form.

    ``name`` and the parameters' names are in small letters, as no text says that their case counts;
    ``written`` has them as they stand, the extension's first.
    """

    text: bytes
    name: bytes
    parameters: tuple[tuple[bytes, bytes | None], ...]
    fault: str | None
    written: tuple[bytes, ...]

    def value(self, name: bytes) -> bytes | None:
        return next((value for key, value in self.parameters if key == name), None)

    def has(self, name: bytes) -> bool:
        return any(key == name for key, _ in self.parameters)

    def parameters_written(self) -> Iterator[tuple[bytes, bytes, bytes | None]]:
        """Each parameter's name in small letters, as it stands, and its value."""
        for (name, value), as_it_stands in zip(self.parameters, self.written[1:], strict=True):
            yield name, as_it_stands, value

    def bits(self, name: bytes) -> int | None:
        """A window's bits, None where they are missing or not 8 to 15."""
        value = self.value(name)
        return int(value) if value is not None and _BITS.match(value) else None


def is_token(value: bytes) -> bool:
    return _TOKEN.match(value) is not None


def extensions_of(head: Head) -> tuple[Extension, ...]:
    """The extensions of all lines, in order (§9.1)."""
    return tuple(_extension(member) for member in head.members(FIELD))


def deflate_of(head: Head) -> tuple[Extension, ...]:
    """Those of :func:`extensions_of` that are permessage-deflate."""
    return tuple(each for each in extensions_of(head) if each.name == DEFLATE)


def _extension(member: bytes) -> Extension:
    name, *rest = (part.strip(OWS) for part in split_unquoted(member, 0x3B))
    fault = None if is_token(name) else f"{shown(name) or 'nothing'} is no token"
    parameters: list[tuple[bytes, bytes | None]] = []
    written = [name]
    for part in rest:
        key, mark, value = part.partition(b"=")
        key, value = key.strip(OWS), value.strip(OWS)
        quoted = _QUOTED.match(value)
        if quoted:
            value = re.sub(rb"\\(.)", rb"\1", quoted[1], flags=re.DOTALL)
        if not is_token(key):
            fault = fault or f"{shown(part) or 'nothing'} is no parameter"
        elif mark and not is_token(value):
            fault = fault or f"{shown(value) or 'nothing'} is no value of {shown(key)}"
        parameters.append((key.lower(), value if mark else None))
        written.append(key)
    return Extension(member, name.lower(), tuple(parameters), fault, tuple(written))


def unknown_parameters(extension: Extension) -> Iterator[str]:
    """RFC 7692 §7.1: only four parameters are defined."""
    for name, written, _ in extension.parameters_written():
        if name not in FLAGS and name not in WINDOWS:
            yield f"parameter {shown(written) or 'without a name'} is not defined"


def other_letters(extension: Extension) -> Iterator[tuple[bytes, bytes]]:
    """A parameter of the four that is written in other letters than RFC 7692 has it, and as it has it."""
    for name, written, _ in extension.parameters_written():
        if written != name and (name in FLAGS or name in WINDOWS):
            yield written, name


def repeated_parameters(extension: Extension) -> Iterator[str]:
    for name, count in Counter(name for name, _ in extension.parameters).items():
        if count > 1:
            yield f"parameter {shown(name) or 'without a name'} stands {count} times"


def valued_flags(extension: Extension) -> Iterator[str]:
    """RFC 7692 §7.1.1: a takeover parameter has no value."""
    for name, value in extension.parameters:
        if name in FLAGS and value is not None:
            yield f"{shown(name)} has the value {shown(value) or 'empty'}, expected none"


def wrong_windows(extension: Extension, *, offer: bool) -> Iterator[tuple[bytes, str]]:
    """RFC 7692 §7.1.2: 8 to 15 without a leading zero; in an offer the client's may have no value.

    Yields the parameter's name and what is wrong with it.
    """
    for name, value in extension.parameters:
        if name not in WINDOWS or (value is None and offer and name == CLIENT_BITS):
            continue
        if value is None or not _BITS.match(value):
            yield name, f"{shown(name)} {_wrong_bits(value)}"


def _wrong_bits(value: bytes | None) -> str:
    if value is None:
        return "has no value, expected 8 to 15"
    plain = value.lstrip(b"0")
    if plain != value and _BITS.match(plain):
        return f"has {shown(value)}, expected {plain.decode()}: the number has no leading zero"
    return f"has {shown(value) or 'an empty value'}, expected 8 to 15"


def per_frame_faults(extension: Extension) -> Iterator[str]:
    """What is wrong with the parameters of deflate-frame: two are defined, as implementations have it."""
    for name, value in extension.parameters:
        text = shown(name)
        match name:
            case b"max_window_bits":
                if value is None or not _BITS.match(value):
                    yield f"{text} {_wrong_bits(value)}"
            case b"no_context_takeover":
                if value is not None:
                    yield f"{text} has the value {shown(value) or 'empty'}, expected none"
            case _:
                yield f"parameter {text or 'without a name'} is not defined"


def parameters_wrong(extension: Extension, *, offer: bool) -> bool:
    """Whether a parameter is wrong whatever the other side said."""
    return any(
        next(faults, None) is not None
        for faults in (
            unknown_parameters(extension),
            repeated_parameters(extension),
            valued_flags(extension),
            wrong_windows(extension, offer=offer),
        )
    )
