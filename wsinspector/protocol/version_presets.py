"""The version values worth trying, in the groups in which the version box offers them."""

import enum
from dataclasses import dataclass

from wsinspector.protocol.version import short_meaning


class PresetGroup(enum.Enum):
    """COMMON stands on top of the menu; the others are its sub-menus, in this order."""

    COMMON = "common"
    OLDER = "older"
    MALFORMED = "malformed"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class VersionPreset:
    """``values``: one a version line, () is absent. ``lesson`` says why somebody would try it."""

    group: PresetGroup
    values: tuple[bytes, ...]
    lesson: str

    @property
    def meaning(self) -> str:
        return short_meaning(self.values)


def _one(group: PresetGroup, value: bytes, lesson: str) -> VersionPreset:
    return VersionPreset(group, (value,), lesson)


_COMMON, _OLDER = PresetGroup.COMMON, PresetGroup.OLDER
_MALFORMED, _REPEATED = PresetGroup.MALFORMED, PresetGroup.REPEATED

VERSION_PRESETS: tuple[VersionPreset, ...] = (
    _one(_COMMON, b"13", "What every client sends today."),
    _one(_COMMON, b"8", "Still taken by many servers."),
    _one(_COMMON, b"7", "Taken by some servers."),
    VersionPreset(_COMMON, (), "Some servers then take the request for hixie-75."),
    *(_one(_OLDER, b"%d" % number, "An interim version.") for number in (6, 5, 4, 3, 2, 1, 0)),
    _one(_OLDER, b"12", "Reserved, never used on the wire."),
    _one(_OLDER, b"14", "Unassigned: a server should list what it takes."),
    _one(_OLDER, b"255", "The greatest number there can be."),
    _one(_MALFORMED, b"", "The header is there and says nothing."),
    _one(_MALFORMED, b"013", "A leading zero; lenient number parsers read 13."),
    _one(_MALFORMED, b"+13", "A sign; lenient number parsers read 13."),
    _one(_MALFORMED, b"13.0", "A fraction; some parsers stop at the dot."),
    _one(_MALFORMED, b"0xd", "Hexadecimal 13."),
    _one(_MALFORMED, b"13abc", "Some parsers stop at the first letter."),
    _one(_MALFORMED, b"-1", "A negative number."),
    _one(_MALFORMED, b"256", "Fits the grammar, not the range."),
    _one(_MALFORMED, b"269", "13 for whoever keeps eight bits."),
    _one(_MALFORMED, b"65549", "13 for whoever keeps 16 bits."),
    _one(_MALFORMED, b"4294967309", "13 for whoever keeps 32 bits."),
    _one(_MALFORMED, b"abc", "No number at all."),
    _one(_MALFORMED, b"1\xb3", "A superscript three, as Latin-1: some parsers take it for a digit."),
    _one(_MALFORMED, b"13, 8", "A list on one line."),
    VersionPreset(_REPEATED, (b"13", b"8"), "Servers take the first, the last, both or none."),
    VersionPreset(_REPEATED, (b"8", b"13"), "The same the other way round."),
    VersionPreset(_REPEATED, (b"13", b"13"), "The same value twice is still a repeated header."),
)
"""In the order of the menu."""
