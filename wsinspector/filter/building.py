"""Makes conditions out of what somebody points at, and adds them to a line that is there."""

from fractions import Fraction

from wsinspector.filter.names import FIELDS, Kind
from wsinspector.filter.parser import parse
from wsinspector.filter.printing import format_condition, quoted
from wsinspector.filter.syntax import (
    And,
    Compare,
    Condition,
    Contains,
    Literal,
    Not,
    Or,
    Within,
    all_of,
    not_,
)

_OPPOSITE = {"==": "!=", "!=": "=="}
_EVERYWHERE = {
    "type",
    "dir",
    "size",
    "length",
    "time",
    "number",
    "opcode",
    "fin",
    "rsv",
    "rsv1",
    "rsv2",
    "rsv3",
}
HEARTBEATS = "type in (ping, pong)"


def equals(field: str, value: int | str | bytes | Fraction) -> str:
    """``field == value`` as text: ``equals("type", "ping")`` is ``type == ping``.

    Times are in nanoseconds. Raises KeyError where there is no such field.
    """
    known = FIELDS[field]
    if known.kind is Kind.WORD and isinstance(value, str):
        return f"{field} == {value}"
    if known.kind is Kind.TIME:
        assert isinstance(value, int)
        return f"{field} == {_time(value)}"
    if isinstance(value, int | Fraction):
        return f"{field} == {value}"
    return f"{field} == {quoted(value)}"


def at_least(field: str, value: int) -> str:
    """``field >= value``, for numbers and times (ns)."""
    return f"{field} >= {_time(value) if FIELDS[field].kind is Kind.TIME else value}"


def at_most(field: str, value: int) -> str:
    """``field <= value``, for numbers and times (ns)."""
    return f"{field} <= {_time(value) if FIELDS[field].kind is Kind.TIME else value}"


def payload_contains(value: str | bytes) -> str:
    """``payload contains "…"``."""
    return f"payload contains {quoted(value)}"


def any_type(*types: str) -> str:
    """``type == …`` or ``type in (…)``."""
    return equals("type", types[0]) if len(types) == 1 else f"type in ({', '.join(types)})"


def _time(ns: int) -> str:
    """Seconds, or nanoseconds where that would round."""
    return f"{ns // 1_000_000_000}" if ns % 1_000_000_000 == 0 else _decimals(ns)


def _decimals(ns: int) -> str:
    sign = "-" if ns < 0 else ""
    whole, part = divmod(abs(ns), 1_000_000_000)
    return f"{sign}{whole}.{part:09}".rstrip("0")


def opposite(condition: Condition) -> Condition:
    """The condition that fits exactly where ``condition`` does not, written as short as can be."""
    if isinstance(condition, Compare) and condition.operator in _OPPOSITE and condition.field in _EVERYWHERE:
        flipped = _OPPOSITE[condition.operator]
        return Compare(condition.field, flipped, condition.literal, condition.path)
    return not_(condition)


def with_condition(text: str, condition: str) -> str:
    """``text`` narrowed down to what also fits ``condition``; as it is where it says so already.

    What was typed stays as it was typed, mistakes too.
    """
    before = parse(text)
    added = parse(condition).condition
    if added is None:
        return text
    wanted = format_condition(added)
    if not text.strip():
        return wanted
    if before.condition is None:
        return f"{text.strip()} and {wanted}"
    parts = before.condition.parts if isinstance(before.condition, And) else (before.condition,)
    news = added.parts if isinstance(added, And) else (added,)
    news = tuple(part for part in news if part not in parts)
    if not news:
        return text
    wanted = " and ".join(
        f"({format_condition(part)})" if isinstance(part, Or) else format_condition(part) for part in news
    )
    if before.word:
        assert isinstance(before.condition, Contains)
        return f"{quoted(before.condition.needle)} and {wanted}"
    kept = text.strip()
    return f"({kept}) and {wanted}" if isinstance(before.condition, Or) else f"{kept} and {wanted}"


def without_condition(text: str, condition: str) -> str:
    """``text`` narrowed down to what does not fit ``condition``.

    Where several types were left out one by one, they become one list.
    """
    parsed = parse(condition).condition
    if parsed is None:
        return text
    before = parse(text).condition
    left_out = _left_out_types(parsed)
    if before is not None and left_out:
        parts = list(before.parts) if isinstance(before, And) else [before]
        for at, part in enumerate(parts):
            known = _excluded_types(part)
            if known:
                together = known + [each for each in left_out if each not in known]
                choices = tuple(Literal(name) for name in together)
                merged: list[Condition] = [*parts]
                merged[at] = Not(Within("type", choices)) if len(together) > 1 else part
                return format_condition(all_of(merged))
    return with_condition(text, format_condition(opposite(parsed)))


def leaves_out(condition: Condition | None, types: str) -> bool:
    """Whether ``condition`` fits no row of ``types``, written as ``type == x`` or ``type in (x, y)``."""
    wanted = parse(types).condition
    return wanted is not None and {*_left_out_types(wanted)} <= {
        each for part in _parts(condition) for each in _excluded_types(part)
    }


def taken_back(text: str, types: str) -> str:
    """``text`` without leaving out ``types`` any more; as it is where it does not."""
    before, wanted = parse(text).condition, parse(types).condition
    if before is None or wanted is None or not leaves_out(before, types):
        return text
    back = _left_out_types(wanted)
    parts: list[Condition] = []
    for part in _parts(before):
        known = _excluded_types(part)
        rest = [each for each in known if each not in back]
        if rest == known:
            parts.append(part)
        elif rest:
            kept = parse(any_type(*rest)).condition
            assert kept is not None
            parts.append(opposite(kept))
    return format_condition(all_of(parts)) if parts else ""


def _parts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, And) else (condition,)


def _left_out_types(condition: Condition) -> list[str]:
    """The types named by ``type == x`` or ``type in (x, y)``; empty for anything else."""
    if isinstance(condition, Compare) and condition.field == "type" and condition.operator == "==":
        return [str(condition.literal.value)]
    if isinstance(condition, Within) and condition.field == "type":
        return [str(each.value) for each in condition.choices if isinstance(each, Literal)]
    return []


def _excluded_types(condition: Condition) -> list[str]:
    if isinstance(condition, Not):
        return _left_out_types(condition.part)
    if isinstance(condition, Compare) and condition.field == "type" and condition.operator == "!=":
        return [str(condition.literal.value)]
    return []
