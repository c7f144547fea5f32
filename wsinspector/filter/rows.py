"""One row held against a condition: for those that columns cannot decide in bulk, and as the plain truth."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from wsinspector.filter.content import Content, about_close, about_content, decide
from wsinspector.filter.names import FINDINGS, OF_FRAMING
from wsinspector.filter.numbers import intervals_of, within
from wsinspector.filter.syntax import And, Compare, Condition, Has, Leaf, Literal, Not, Or, Within
from wsinspector.protocol.columns import (
    FLAG_COMPRESSED,
    FLAG_ENDS_MESSAGE,
    FLAG_MASKED,
    FLAG_OUT,
    FLAG_STARTS_MESSAGE,
)


class Unknown(Enum):
    """What cannot be told: not yet, as of a message that has not ended, or not at all, as of an import."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN

CONTINUES = 0x10
"""In a type's byte: the frame goes on with the message whose opcode stands in the low four bits."""


def type_words(kind: int) -> frozenset[str]:
    """The values of ``type`` that fit a type's byte: an opcode, that of the message for continuations."""
    opcode = kind & 0x0F
    names = {1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}
    words = {"control" if opcode & 8 else "data"}
    if opcode in names:
        words.add(names[opcode])
    elif opcode:
        words.add("reserved")
    if kind & CONTINUES or not opcode:
        words.add("continuation")
    return frozenset(words)


class Row(Protocol):
    """What a row has. ``value`` and ``content`` are None for what it lacks, UNKNOWN where it is not known;
    ``has`` is None where that is not known.
    """

    def value(self, field: str) -> int | frozenset[str] | Unknown | None: ...

    def has(self, what: str) -> bool | None: ...

    def content(self) -> Content | Unknown | None: ...


@dataclass(frozen=True, slots=True)
class FrameRow:
    """A frame. Times in ns since the attempt began; ``kind``: its type's byte; ``size``: of its row.

    ``composed``: it was made up around a message, and nothing of :data:`OF_FRAMING` is known of it.
    """

    number: int
    first: int
    kind: int
    flags: int
    length: int
    size: int | Unknown
    time: int
    delta: int | None
    message: int
    anomalies: int
    marked: bool
    read: Callable[[], Content | Unknown | None]
    composed: bool = False

    def value(self, field: str) -> int | frozenset[str] | Unknown | None:
        if self.composed and field in OF_FRAMING:
            return UNKNOWN
        match field:
            case "type":
                return type_words(self.kind)
            case "dir":
                return frozenset(("out" if self.flags & FLAG_OUT else "in",))
            case "finding":
                return frozenset(name for name, bit in FINDINGS.items() if self.anomalies & bit)
            case "size":
                return self.size
            case "message":
                return self.message or None
            case "opcode":
                return self.first & 0x0F
            case "fin":
                return self.first >> 7
            case "rsv":
                return self.first >> 4 & 7
            case "rsv1" | "rsv2" | "rsv3":
                return self.first >> (7 - int(field[-1])) & 1
            case "masked":
                return int(bool(self.flags & FLAG_MASKED))
            case "compressed":
                return int(bool(self.flags & FLAG_COMPRESSED))
        found: int | None = getattr(self, field)
        return found

    def has(self, what: str) -> bool | None:
        if self.composed and what in OF_FRAMING:
            return None
        match what:
            case "finding":
                return bool(self.anomalies)
            case "deflate":
                return bool(self.flags & FLAG_COMPRESSED)
            case "mask":
                return bool(self.flags & FLAG_MASKED)
            case "mark":
                return self.marked
        return is_fragment(self.first, self.flags)

    def content(self) -> Content | Unknown | None:
        return self.read()


def is_fragment(first: int, flags: int) -> bool:
    """Whether the frame is a part of a message of several."""
    starts, ends = bool(flags & FLAG_STARTS_MESSAGE), bool(flags & FLAG_ENDS_MESSAGE)
    return not first & 0x0F or starts != ends


@dataclass(frozen=True, slots=True)
class EndRow:
    """The last row: ``code`` as an application is told it; ``time`` in ns since the attempt began."""

    time: int
    code: int | None
    reason: bytes

    def value(self, field: str) -> int | frozenset[str] | Unknown | None:
        return self.time if field == "time" else None

    def has(self, what: str) -> bool:
        del what
        return False

    def content(self) -> Content | Unknown | None:
        return Content(b"", True, self.code, self.reason)


def evaluate(condition: Condition, row: Row) -> bool | None:
    """Whether ``row`` fits; None where that cannot be told.

    What speaks of something that the row lacks does not fit, also with ``!=``.
    """
    if isinstance(condition, Not):
        found = evaluate(condition.part, row)
        return None if found is None else not found
    if isinstance(condition, And | Or):
        decisive = isinstance(condition, Or)
        unknown = False
        # What costs reading comes last.
        for part in sorted(condition.parts, key=_costs):
            found = evaluate(part, row)
            if found is decisive:
                return decisive
            unknown = unknown or found is None
        return None if unknown else not decisive
    return _leaf(condition, row)


def _costs(part: Condition) -> bool:
    return not isinstance(part, And | Or | Not) and about_content(part)


def _leaf(leaf: Leaf, row: Row) -> bool | None:
    if about_content(leaf):
        if isinstance(row, EndRow) and not about_close(leaf):
            return False
        content = row.content()
        if content is None:
            return False
        return None if content is UNKNOWN else decide(leaf, content)
    if isinstance(leaf, Has):
        return row.has(leaf.what)
    assert isinstance(leaf, Compare | Within)
    value = row.value(leaf.field)
    if value is None:
        return False
    if value is UNKNOWN:
        return None
    if isinstance(value, frozenset):
        return _words(leaf, value)
    return within(intervals_of(leaf), value)


def _words(leaf: Compare | Within, words: frozenset[str]) -> bool:
    if isinstance(leaf, Compare):
        return (leaf.literal.value in words) is (leaf.operator == "==")
    return any(isinstance(choice, Literal) and choice.value in words for choice in leaf.choices)
