"""Writes conditions as a person would: what is printed reads back as the same condition."""

import re

from wsinspector.filter.syntax import (
    And,
    Compare,
    Condition,
    Contains,
    Has,
    Leaf,
    Literal,
    Matches,
    Not,
    Or,
    Path,
    Range,
    Within,
)

_MEMBER = re.compile(r"[\w\-$@]+")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def quoted(value: str | bytes) -> str:
    """A text or bytes in quotes, control characters and bytes that are no UTF-8 escaped."""
    text = value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(sign: str) -> str:
    if sign in _NAMED:
        return _NAMED[sign]
    number = ord(sign)
    if 0xDC80 <= number <= 0xDCFF:
        return f"\\x{number - 0xDC00:02x}"
    if number < 0x20 or number == 0x7F:
        return f"\\x{number:02x}"
    if 0x80 <= number < 0xA0 or number in (0x2028, 0x2029):
        return f"\\u{number:04x}"
    return sign


def format_condition(condition: Condition | None) -> str:
    """The text of ``condition``; empty for None."""
    if condition is None:
        return ""
    return _text(condition)


def _text(part: Condition) -> str:
    if isinstance(part, Or):
        return " or ".join(map(_text, part.parts))
    if isinstance(part, And):
        return " and ".join(_within(each) for each in part.parts)
    if isinstance(part, Not):
        inner = part.part
        if isinstance(inner, Within):
            return f"{_name(inner.field, inner.path)} not in ({_choices(inner)})"
        return f"not ({_text(inner)})" if isinstance(inner, And | Or) else f"not {_text(inner)}"
    return _leaf(part)


def _within(part: Condition) -> str:
    return f"({_text(part)})" if isinstance(part, Or) else _text(part)


def _leaf(part: Leaf) -> str:
    match part:
        case Has():
            return f"has {_name(part.what, part.path)}"
        case Compare():
            return f"{_name(part.field, part.path)} {part.operator} {_literal(part.field, part.literal)}"
        case Within():
            return f"{_name(part.field, part.path)} in ({_choices(part)})"
        case Contains():
            flag = "i" if part.either_case else ""
            return f"{_name(part.field, part.path)} contains {quoted(part.needle)}{flag}"
        case Matches():
            return f"{_name(part.field, part.path)} matches {_pattern(part.pattern)}{part.flags}"


def _pattern(pattern: str) -> str:
    return (
        "/"
        + re.sub(r"\\.|/", lambda match: "\\/" if match[0] == "/" else match[0], pattern, flags=re.DOTALL)
        + "/"
    )


def _choices(part: Within) -> str:
    found = []
    for choice in part.choices:
        if isinstance(choice, Range):
            found.append(f"{_literal(part.field, choice.low)}..{_literal(part.field, choice.high)}")
        else:
            found.append(_literal(part.field, choice))
    return ", ".join(found)


def _literal(field: str, literal: Literal) -> str:
    value = literal.value
    if isinstance(value, str):
        return value if field in ("type", "dir", "finding") else quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if literal.text:
        return literal.text
    if field in ("time", "delta"):
        seconds = value / 10**9
        if seconds.denominator in (1, 2, 4, 5, 8, 10):
            return f"{float(seconds):g}"
        return f"{round(value)}ns"
    return str(value.numerator) if value.denominator == 1 else str(float(value))


def _name(field: str, path: Path) -> str:
    """As it reads back: behind a bracket, ".0" would be a number."""
    text = field
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _MEMBER.fullmatch(step) and not (text.endswith("]") and step[0] in "0123456789-"):
            text += f".{step}"
        else:
            text += f"[{quoted(step)}]"
    return text
