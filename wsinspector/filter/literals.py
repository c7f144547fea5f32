"""Reads single values of a filter: numbers with units, words, texts, bytes, JSON literals."""

import re
from fractions import Fraction

from wsinspector.filter.lexer import T, Token
from wsinspector.filter.names import DIRECTIONS, FINDINGS, TYPES, UNITS_OF_COUNT, Field
from wsinspector.filter.syntax import Literal, Mistake
from wsinspector.translate import translate

_DIGITS = re.compile(r"([-+]?)([0-9]*)(?:\.([0-9]+))?(.*)", re.DOTALL)
_MOST_DIGITS = 40


class MistakeError(Exception):
    """Unwinds the parser to the end of the term."""

    def __init__(self, start: int, stop: int, text: str) -> None:
        super().__init__(text)
        self.mistake = Mistake(start, stop, text)


def word_literal(field: Field, token: Token) -> Literal:
    name = token.value if token.type is T.STRING else token.text
    name = name.lower()
    if field.name == "dir":
        name = DIRECTIONS.get(name, name)
    known = {"type": TYPES, "dir": ("in", "out"), "finding": tuple(FINDINGS)}[field.name]
    if name not in known:
        listed = ", ".join(known) if len(known) < 12 else ", ".join((*known[:3], "…"))
        raise MistakeError(
            token.start,
            token.stop,
            translate("filter", "{field} is one of {values}.").format(field=field.name, values=listed),
        )
    return Literal(name)


def json_literal(token: Token) -> Literal:
    if token.type is T.STRING:
        return Literal(token.value)
    if token.type is T.WORD and token.text in ("true", "false", "null"):
        return Literal({"true": True, "false": False, "null": None}[token.text])
    if token.type is T.NUMBER:
        return number_literal(token, UNITS_OF_COUNT)
    raise expected(token, translate("filter", "a number, a text in quotes, true, false or null"))


def number_literal(token: Token, units: dict[str, int]) -> Literal:
    lowered = token.text.lower()
    if token.type is T.NUMBER and lowered.startswith("0x"):
        if 2 < len(lowered) <= 2 + _MOST_DIGITS:
            return Literal(Fraction(int(lowered, 16) * units[""]), token.text)
        raise expected(token, translate("filter", "a number"))
    match = _DIGITS.fullmatch(token.text)
    if token.type is not T.NUMBER or match is None:
        raise expected(token, translate("filter", "a number"))
    sign, whole, part, unit = match.groups()
    part = part or ""
    if len(whole) + len(part) > _MOST_DIGITS:
        raise MistakeError(token.start, token.stop, translate("filter", "This number is too long."))
    factor = units.get(unit.lower())
    if factor is None:
        listed = ", ".join(name for name in units if name and name.isascii())
        raise MistakeError(
            token.start,
            token.stop,
            translate("filter", "There is no unit {unit}; there are {units}.").format(
                unit=unit, units=listed
            ),
        )
    value = Fraction(int(whole + part or "0") * factor, 10 ** len(part))
    return Literal(-value if sign == "-" else value, token.text)


def needle(token: Token, *, empty: bool = False) -> str:
    """What a text operator looks for: quoted text, bytes as 0x0102 or 01:02, or a bare word.

    ``empty``: it may be the empty text.
    """
    if token.type is T.STRING:
        if token.trouble:
            raise MistakeError(token.start, token.stop, token.trouble)
        check_flags(token, "i")
        value = token.value
    elif token.type is T.BYTES:
        value = bytes.fromhex(token.text.replace(":", "")).decode("utf-8", "surrogateescape")
    elif token.type is T.NUMBER and token.text.lower().startswith("0x"):
        try:
            value = bytes.fromhex(token.text[2:]).decode("utf-8", "surrogateescape")
        except ValueError:
            raise MistakeError(
                token.start, token.stop, translate("filter", "Bytes have two digits each.")
            ) from None
    elif token.type in (T.WORD, T.NUMBER):
        value = token.text
    else:
        raise expected(token, translate("filter", "a text in quotes"))
    if not value and not empty:
        raise MistakeError(token.start, token.stop, translate("filter", "There is nothing to look for."))
    return value


def check_flags(token: Token, allowed: str) -> None:
    if set(token.flags.lower()) - set(allowed):
        at = token.stop - len(token.flags)
        if allowed:
            text = translate("filter", "The letters here can be {letters}.").format(
                letters=", ".join(allowed)
            )
        else:
            text = translate("filter", "No letter belongs behind this quote.")
        raise MistakeError(at, token.stop, text)


def expected(token: Token, what: str, after: Token | None = None) -> MistakeError:
    if token.type is T.END:
        text = translate("filter", "Something is missing: {what}.").format(what=what)
        start = after.start if after is not None else max(0, token.start - 1)
        return MistakeError(start, max(token.stop, start + 1), text)
    return MistakeError(token.start, token.stop, translate("filter", "Expected {what}.").format(what=what))
