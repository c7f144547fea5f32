"""Conditions on numbers as runs of integers, which columns and single values are held against alike."""

import math
from fractions import Fraction

from wsinspector.filter.syntax import Compare, Literal, Within

Interval = tuple[int | None, int | None]
"""From, to, both included; None has no bound."""


def intervals_of(leaf: Compare | Within) -> list[Interval]:
    """The integers that fit ``leaf``, whose literals are numbers."""
    if isinstance(leaf, Compare):
        return _compared(leaf.operator, _number(leaf.literal))
    found: list[Interval] = []
    for choice in leaf.choices:
        if isinstance(choice, Literal):
            found += _compared("==", _number(choice))
        else:
            found.append((math.ceil(_number(choice.low)), math.floor(_number(choice.high))))
    return found


def _number(literal: Literal) -> Fraction:
    return literal.value if isinstance(literal.value, Fraction) else Fraction(0)


def _compared(operator: str, value: Fraction) -> list[Interval]:
    low, high = math.ceil(value), math.floor(value)
    match operator:
        case "<":
            return [(None, low - 1)]
        case "<=":
            return [(None, high)]
        case ">":
            return [(high + 1, None)]
        case ">=":
            return [(low, None)]
        case "==":
            return [(low, high)]  # empty for what is no integer
    return [(None, low - 1), (high + 1, None)]


def within(intervals: list[Interval], value: int) -> bool:
    return any((low is None or low <= value) and (high is None or value <= high) for low, high in intervals)
