"""What a row of the log can be filtered by: each of its cells as a condition, named as a person would."""

import json
from array import array
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wsinspector.filter import HEARTBEATS, equals, format_condition, parse, quoted
from wsinspector.filter.syntax import Compare, Condition, Has, Literal, Value
from wsinspector.present.frame_index import (
    BINARY,
    BINARY_PART,
    CLOSE,
    KIND,
    PING,
    PONG,
    TEXT,
    TEXT_PART,
    FrameIndex,
)
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.numbers import count
from wsinspector.present.plain import visible
from wsinspector.translate import translate

LARGEST = 64 << 10
"""Payload bytes that are read for this: it happens while a menu opens."""

MOST_MEMBERS = 16
LONGEST = 80
"""Characters of a member's text that become a condition."""

_TYPES = {
    TEXT: "text",
    TEXT_PART: "text",
    BINARY: "binary",
    BINARY_PART: "binary",
    PING: "ping",
    PONG: "pong",
    CLOSE: "close",
}


@dataclass(frozen=True, slots=True)
class CellCondition:
    """``cell``: direction, type, size, message, payload or close. ``name`` follows Only and Without."""

    cell: str
    name: str
    condition: str


def cell_conditions(
    reading: FrameReading, index: FrameIndex, inflation: Inflation, numbers: "array[int]"
) -> tuple[CellCondition, ...]:
    """What the row of the frames ``numbers`` can be filtered by; its payload only where it is small."""
    first = reading.facts(numbers[0]) if numbers else None
    if first is None:
        return ()
    kind = index.frames[first.number - 1] & KIND
    found = [_type(kind, first)]
    if kind in (PING, PONG):
        found.append(CellCondition("type", translate("Filter", "pings and pongs"), HEARTBEATS))
    way = translate("Filter", "what was sent") if first.out else translate("Filter", "what was received")
    found.append(CellCondition("direction", way, equals("dir", "out" if first.out else "in")))
    run = kind in (PING, PONG) and len(numbers) > 1
    size = first.length if run else reading.sizes(numbers)
    bytes_ = translate("Filter", "1 byte") if size == 1 else translate("Filter", "{n} bytes")
    found.append(CellCondition("size", bytes_.format(n=count(size)), equals("size", size)))
    if first.message:
        name = translate("Filter", "message {n}").format(n=count(first.message))
        found.append(CellCondition("message", name, equals("message", first.message)))
    if kind == CLOSE:
        code = reading.framing.close_code(reading.payload(first, 0, 2), agreed=reading.agreed)
        if code is not None:
            name = translate("Filter", "close code {n}").format(n=code)
            found.append(CellCondition("close", name, equals("close.code", code)))
    elif not run:
        data = _payload(reading, inflation, numbers, first, size)
        found += _members(data)
        found += _whole(data)
    return tuple(found)


def _type(kind: int, facts: FrameFacts) -> CellCondition:
    name = _TYPES.get(kind)
    if name is not None:
        return CellCondition(
            "type", translate("Filter", "type {name}").format(name=name), equals("type", name)
        )
    number = f"0x{facts.opcode:X}"
    name = translate("Filter", "opcode {name}").format(name=number)
    return CellCondition("type", name, f"opcode == {number}")


def _payload(
    reading: FrameReading, inflation: Inflation, numbers: "array[int]", first: FrameFacts, size: int
) -> bytes:
    """The whole payload, empty where it is large or not inflated yet."""
    if first.compressed:
        seen = inflation.seen(first.number) if len(numbers) == 1 else None
        return seen.beginning if seen is not None and seen.size == len(seen.beginning) else b""
    return reading.joined(numbers, LARGEST) if size <= LARGEST and len(numbers) <= MOST_MEMBERS else b""


def _whole(data: bytes) -> list[CellCondition]:
    """The payload itself, where it is a short text."""
    try:
        text = data.decode("utf-8")
    except ValueError:
        return []
    if not 0 < len(text) <= LONGEST:
        return []
    condition = f"payload == {quoted(text)}"
    if not parse(condition).ok:
        return []
    return [CellCondition("payload", f"“{visible(text)}”", condition)]


def _members(data: bytes) -> list[CellCondition]:
    if data.lstrip(b" \t\r\n")[:1] != b"{":
        return []
    try:
        value: Any = json.loads(data.decode("utf-8"), parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        return []
    found = []
    for name, member in list(value.items())[:MOST_MEMBERS]:
        told = _member(name, member)
        if told is not None:
            found.append(told)
    return found


def _member(name: str, member: object) -> CellCondition | None:
    path = (name,)
    if len(name) > LONGEST:
        return None
    literal: Value
    if (isinstance(member, str) and len(member) <= LONGEST) or isinstance(member, bool) or member is None:
        literal = member
    elif isinstance(member, Decimal) and member.is_finite() and abs(member.adjusted()) < LONGEST:
        literal = Fraction(member)
    else:
        return _checked(Has("json", path), translate("Filter", "rows with {name}").format(name=visible(name)))
    text = str(member) if isinstance(member, Decimal) else ""
    shown = text or json.dumps(member, ensure_ascii=False)
    told = f"{visible(name)}: {visible(shown)}"
    return _checked(Compare("json", "==", Literal(literal, text), path), told)


def _checked(condition: Condition, name: str) -> CellCondition | None:
    """Only what reads back as what it is."""
    text = format_condition(condition)
    return CellCondition("payload", name, text) if parse(text).condition == condition else None
