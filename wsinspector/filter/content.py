"""Decides what a filter says of a payload: texts, patterns, JSON values, the body of a Close frame."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Any

from wsinspector.filter.numbers import intervals_of, within
from wsinspector.filter.patterns import search
from wsinspector.filter.syntax import (
    Compare,
    Contains,
    Has,
    Leaf,
    Literal,
    Matches,
    Path,
    Within,
    needle_bytes,
)

JSON_LIMIT = 1 << 20
"""Bytes of JSON that are read; reading more would hold all other threads up."""

TIMEOUT = 0.05
"""Seconds that a pattern may take for one row."""

CONTENT_FIELDS = frozenset({"payload", "json", "close.code", "close.reason"})


@dataclass(frozen=True, slots=True)
class Content:
    """A payload to be decided upon.

    ``text``: it is that of a text message. ``code`` and ``reason``: of a Close frame, None where there is
    none. ``whole``: False where more of it could not be read.
    """

    data: bytes
    text: bool = False
    code: int | None = None
    reason: bytes | None = None
    whole: bool = True


class _Missing:
    pass


_MISSING = _Missing()


def about_content(leaf: Leaf) -> bool:
    """Whether ``leaf`` speaks of the payload, so that the columns alone do not decide it."""
    if isinstance(leaf, Has):
        return leaf.what == "json"
    return leaf.field in CONTENT_FIELDS


def about_close(leaf: Leaf) -> bool:
    """Whether only a Close frame (or the end) can fit."""
    return not isinstance(leaf, Has) and leaf.field in ("close.code", "close.reason")


def decide(leaf: Leaf, content: Content, timeout: float = TIMEOUT) -> bool | None:
    """Whether ``leaf`` fits; None where that is not known (a time-out, or a payload too large)."""
    if isinstance(leaf, Has) or leaf.field == "json":
        return _decide_json(leaf, content, timeout)
    if leaf.field == "close.code":
        if content.code is None or not isinstance(leaf, Compare | Within):
            return False
        return within(intervals_of(leaf), content.code)
    data = content.reason if leaf.field == "close.reason" else content.data
    if data is None:
        return False
    text = content.text or leaf.field == "close.reason"
    found = _decide_bytes(leaf, data, text, timeout)
    if not content.whole and leaf.field == "payload":
        # A hit in what is there stays one whatever follows.
        return True if found and isinstance(leaf, Contains) else None
    return found


def too_large(leaves: Iterable[Leaf], content: Content) -> bool:
    """Why it is not known, where :func:`decide` says so: the payload is too large, else a pattern's time."""
    if not content.whole:
        return True
    about_json = any(isinstance(leaf, Has) or leaf.field == "json" for leaf in leaves)
    return about_json and len(content.data) > JSON_LIMIT


def _decide_bytes(
    leaf: Compare | Within | Contains | Matches, data: bytes, text: bool, timeout: float
) -> bool | None:
    match leaf:
        case Contains():
            return contains(leaf, data)
        case Matches():
            shown = data.decode("utf-8", "surrogateescape") if text else data.decode("latin-1")
            return search(leaf.pattern, leaf.flags, shown, timeout)
        case Compare():
            return (data == _bytes(leaf.literal)) is (leaf.operator == "==")
    return any(isinstance(choice, Literal) and data == _bytes(choice) for choice in leaf.choices)


def _bytes(literal: Literal) -> bytes:
    return needle_bytes(literal.value) if isinstance(literal.value, str) else b""


@lru_cache(64)
def needle_of(leaf: Contains) -> bytes:
    """What is looked for; in small letters where case makes no difference."""
    needle = needle_bytes(leaf.needle)
    return needle.lower() if leaf.either_case else needle


def contains(leaf: Contains, data: bytes) -> bool:
    return needle_of(leaf) in (data.lower() if leaf.either_case else data)


# -- JSON


def _refuse(constant: str) -> None:
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse)


def _decide_json(leaf: Leaf, content: Content, timeout: float) -> bool | None:
    data = content.data
    if len(data) > JSON_LIMIT or not content.whole:
        return None
    path = () if isinstance(leaf, Has) and leaf.what != "json" else leaf.path
    if not _can_hold(data, path):
        return False
    try:
        value: Any = _DECODER.decode(data.decode("utf-8"))
    except (ValueError, RecursionError, InvalidOperation, OverflowError):
        return False
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step, _MISSING)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return False
    if value is _MISSING:
        return False
    return isinstance(leaf, Has) or _decide_value(leaf, value, timeout)


@lru_cache(64)
def _members(path: Path) -> tuple[bytes, ...]:
    """The names in ``path`` that stand in JSON as they are, or with a backslash."""
    names = [step for step in path if isinstance(step, str)]
    return tuple(needle_bytes(name) for name in names if name.isprintable() and '"' not in name)


def _can_hold(data: bytes, path: Path) -> bool:
    """A glance that is cheaper than reading: False where there can be no value at ``path``."""
    if path and data.lstrip(b" \t\r\n")[:1] not in (b"{", b"["):
        return False
    return b"\\" in data or all(name in data for name in _members(path))


def _decide_value(leaf: Compare | Within | Contains | Matches, value: Any, timeout: float) -> bool | None:
    match leaf:
        case Contains():
            return _value_contains(leaf, value)
        case Matches():
            return search(leaf.pattern, leaf.flags, value, timeout) if isinstance(value, str) else False
        case Compare():
            return _compared(value, leaf.operator, leaf.literal)
    for choice in leaf.choices:
        if isinstance(choice, Literal):
            if _compared(value, "==", choice):
                return True
        elif _compared(value, ">=", choice.low) and _compared(value, "<=", choice.high):
            return True
    return False


def _value_contains(leaf: Contains, value: Any) -> bool:
    if isinstance(value, str):
        return contains(leaf, value.encode("utf-8", "surrogatepass"))
    if isinstance(value, list):
        return any(isinstance(each, str) and contains_all(leaf, each) for each in value)
    return isinstance(value, dict) and any(contains_all(leaf, each) for each in value)


def contains_all(leaf: Contains, text: str) -> bool:
    """Whether ``text`` is what is looked for, and nothing more."""
    data = text.encode("utf-8", "surrogatepass")
    return needle_of(leaf) == (data.lower() if leaf.either_case else data)


def _compared(value: Any, operator: str, literal: Literal) -> bool:
    """Texts by their characters, numbers exactly; what is of another kind is unequal and not ordered."""
    wanted = literal.value
    if isinstance(wanted, Fraction) and isinstance(value, Decimal):
        return _ordered(_sign(value, wanted), operator)
    if isinstance(wanted, str) and isinstance(value, str):
        return _ordered((value > wanted) - (value < wanted), operator)
    same = value is wanted if wanted is None or isinstance(wanted, bool) else False
    return same if operator == "==" else not same if operator == "!=" else False


def _sign(value: Decimal, wanted: Fraction) -> int:
    return (value > wanted) - (value < wanted)


def _ordered(sign: int, operator: str) -> bool:
    return {
        "==": sign == 0,
        "!=": sign != 0,
        "<": sign < 0,
        "<=": sign <= 0,
        ">": sign > 0,
        ">=": sign >= 0,
    }[operator]
