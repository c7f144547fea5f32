"""Conditions of every shape, as the parser makes them."""

from fractions import Fraction

from hypothesis import strategies as st

from wsinspector.filter.names import FIELDS, FINDINGS, THINGS, TYPES, Kind
from wsinspector.filter.syntax import (
    Compare,
    Condition,
    Contains,
    Has,
    Leaf,
    Literal,
    Matches,
    Range,
    Within,
    all_of,
    any_of,
    not_,
)

_WORDS = {"type": TYPES, "dir": ("in", "out"), "finding": tuple(FINDINGS)}
_EQUAL = ("==", "!=")
_ORDERED = (*_EQUAL, "<", "<=", ">", ">=")
_PATTERNS = ("a", "[ab]+c", "a/b", "/", r"\d{2}", "(?:x|y)", r"\\", "^$")


def _literals(name: str) -> st.SearchStrategy[Literal]:
    kind = FIELDS[name].kind
    if kind is Kind.WORD:
        return st.sampled_from(_WORDS[name]).map(Literal)
    if kind is Kind.YES_NO:
        return st.sampled_from((0, 1)).map(lambda value: Literal(Fraction(value)))
    if kind is Kind.NUMBER:
        return st.integers(0, 300).map(lambda value: Literal(Fraction(value)))
    if kind is Kind.TIME:
        return st.integers(0, 5_000_000_000).map(lambda value: Literal(Fraction(value)))
    if kind is Kind.JSON:
        return st.one_of(
            st.integers(-5, 300).map(lambda value: Literal(Fraction(value))),
            st.text(max_size=4).map(Literal),
            st.sampled_from((True, False, None)).map(Literal),
        )
    return st.text(max_size=4).map(Literal)


_PATHS = st.lists(
    st.one_of(st.text(max_size=4), st.sampled_from(("a", "b", "0", "x-y")), st.integers(-3, 5)), max_size=3
).map(tuple)


def _range(one: Literal, other: Literal) -> Range:
    """A range backwards is a mistake."""
    assert isinstance(one.value, Fraction)
    assert isinstance(other.value, Fraction)
    return Range(one, other) if one.value <= other.value else Range(other, one)


@st.composite
def leaf(
    draw: st.DrawFn, fields: tuple[str, ...] = tuple(FIELDS), things: tuple[str, ...] = tuple(THINGS)
) -> Leaf:
    """One condition about one of ``fields``, or that a row has one of ``things``."""
    if things and draw(st.integers(0, 5)) == 0:
        thing = draw(st.sampled_from(sorted(things)))
        return Has(thing, draw(_PATHS) if thing == "json" else ())
    name = draw(st.sampled_from(fields))
    kind = FIELDS[name].kind
    path = draw(_PATHS) if kind is Kind.JSON else ()
    shape = draw(st.integers(0, 3))
    if shape == 0:
        choice = _literals(name)
        found: st.SearchStrategy[Literal | Range] = choice
        if kind in (Kind.NUMBER, Kind.TIME):
            found = st.one_of(choice, st.builds(_range, choice, choice))
        return Within(name, tuple(draw(st.lists(found, min_size=1, max_size=3))), path)
    if shape == 1 and kind in (Kind.BYTES, Kind.TEXT, Kind.JSON):
        needle = draw(
            st.one_of(st.sampled_from(("a", "ab", "B", "é", "\udcff")), st.text(min_size=1, max_size=3))
        )
        return Contains(name, needle, draw(st.booleans()), path)
    if shape == 2 and kind in (Kind.BYTES, Kind.TEXT, Kind.JSON):
        return Matches(name, draw(st.sampled_from(_PATTERNS)), draw(st.sampled_from(("", "i", "is"))), path)
    literal = draw(_literals(name))
    ordered = kind in (Kind.NUMBER, Kind.TIME) or (
        kind is Kind.JSON and isinstance(literal.value, Fraction | str)
    )
    return Compare(name, draw(st.sampled_from(_ORDERED if ordered else _EQUAL)), literal, path)


def conditions(
    fields: tuple[str, ...] = tuple(FIELDS), things: tuple[str, ...] = tuple(THINGS)
) -> st.SearchStrategy[Condition]:
    """Conditions of several leaves."""

    def deeper(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        some = st.lists(parts, min_size=2, max_size=3)
        return st.one_of(some.map(all_of), some.map(any_of), parts.map(not_))

    base: st.SearchStrategy[Condition] = leaf(fields, things)
    return st.recursive(base, deeper, max_leaves=5)
