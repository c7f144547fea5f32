"""Reads a filter line: a condition, or what is wrong with it and where; it never raises."""

import re
from fractions import Fraction

from wsinspector.filter import patterns
from wsinspector.filter.lexer import T, Token, tokens
from wsinspector.filter.names import (
    ALSO_THINGS,
    DIRECTIONS,
    FINDINGS,
    OPCODES,
    THINGS,
    TYPES,
    UNITS_OF_COUNT,
    UNITS_OF_TIME,
    YES,
    Field,
    Kind,
    field_called,
)
from wsinspector.filter.reading import SIGNS, WORDS, is_expression
from wsinspector.filter.syntax import (
    Compare,
    Condition,
    Contains,
    Has,
    Literal,
    Matches,
    Mistake,
    Parsed,
    Path,
    Range,
    Within,
    all_of,
    any_of,
    not_,
    plain_word,
)
from wsinspector.translate import translate

LONGEST = 20_000
"""Characters of an expression."""

DEEPEST = 60
"""Parentheses within each other."""

_DIGITS = re.compile(r"([-+]?)([0-9]*)(?:\.([0-9]+))?(.*)", re.DOTALL)
_MOST_DIGITS = 40


class _MistakeError(Exception):
    """Unwinds the parser to the end of the term."""

    def __init__(self, start: int, stop: int, text: str) -> None:
        super().__init__(text)
        self.mistake = Mistake(start, stop, text)


def parse(text: str) -> Parsed:
    """What ``text`` means. Several mistakes are told where they stand in different terms."""
    if not text.strip():
        return Parsed(text, None)
    found = tokens(text) if len(text) <= LONGEST else []
    if not found or not is_expression(found):
        return Parsed(text, plain_word(text.strip()), word=True)
    parser = _Parser(found)
    condition = parser.whole()
    if parser.mistakes:
        return Parsed(text, None, tuple(parser.mistakes))
    return Parsed(text, condition)


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0
        self.mistakes: list[Mistake] = []

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._token
        if token.type is not T.END:
            self._at += 1
        return token

    def _is(self, *words: str) -> bool:
        token = self._token
        return token.type in (T.WORD, T.OPERATOR, T.SIGN) and token.text.lower() in words

    def _skip(self, *words: str) -> bool:
        if self._is(*words):
            self._take()
            return True
        return False

    def whole(self) -> Condition | None:
        parts: list[Condition] = []
        while True:
            part = self._or()
            if part is not None:
                parts.append(part)
            token = self._token
            if token.type is T.END:
                break
            if not self.mistakes:
                text = (
                    translate("filter", "This parenthesis was never opened.")
                    if token.text in (")", "}")
                    else translate("filter", "Expected and, or, or the end of the line.")
                )
                self.mistakes.append(Mistake(token.start, token.stop, text))
            if token.text in (")", "}"):
                break
            self._recover()
            if self._token.type is not T.END:
                self._take()
        return parts[0] if parts and not self.mistakes else None

    def _recover(self) -> None:
        """Go on behind the term that went wrong, to tell of others too."""
        depth = 0
        while self._token.type is not T.END:
            if self._is("(", "{"):
                depth += 1
            elif self._is(")", "}"):
                if not depth:
                    return
                depth -= 1
            elif not depth and self._is("and", "or", "&&", "||"):
                return
            self._take()

    def _or(self) -> Condition | None:
        parts = [self._and()]
        while self._skip("or", "||"):
            parts.append(self._and())
        good = [part for part in parts if part is not None]
        return any_of(good) if len(good) == len(parts) else None

    def _and(self) -> Condition | None:
        parts = [self._term()]
        while self._skip("and", "&&"):
            parts.append(self._term())
        good = [part for part in parts if part is not None]
        return all_of(good) if len(good) == len(parts) else None

    def _term(self) -> Condition | None:
        negated = False
        while self._is("not", "!"):
            self._take()
            negated = not negated
        try:
            part = self._primary()
        except _MistakeError as error:
            self.mistakes.append(error.mistake)
            self._recover()
            return None
        return not_(part) if negated and part is not None else part

    def _primary(self) -> Condition | None:
        token = self._token
        if self._is("("):
            return self._parentheses()
        if token.type is T.STRING:
            self._take()
            return Contains("payload", _needle(token), either_case=True)
        if token.type is not T.WORD:
            raise _expected(token, translate("filter", "a name such as type or payload"))
        if token.text.lower() == "has":
            self._take()
            return self._has()
        return self._comparison()

    def _parentheses(self) -> Condition | None:
        opening = self._take()
        if self._depth >= DEEPEST:
            raise _MistakeError(
                opening.start, opening.stop, translate("filter", "Too many parentheses within each other.")
            )
        self._depth += 1
        part = self._or()
        self._depth -= 1
        if not self._skip(")"):
            if part is not None:
                raise _MistakeError(
                    opening.start, opening.stop, translate("filter", "This parenthesis is never closed.")
                )
            self._recover()
            self._skip(")")
        return part

    def _has(self) -> Condition:
        token = self._take()
        name = token.text.lower()
        if token.type is T.WORD and (name == "json" or name.startswith("json.")):
            return Has("json", self._path(token))
        name = ALSO_THINGS.get(name, name)
        if token.type is not T.WORD or name not in THINGS:
            listed = ", ".join(sorted(THINGS))
            raise _expected(token, translate("filter", "one of {names}").format(names=listed))
        return Has(name)

    def _path(self, token: Token) -> Path:
        path: list[str | int] = []
        name = token.text[len("json") :]
        while True:
            if name:
                members = name.removeprefix(".").split(".")
                if "" in members:
                    raise _MistakeError(
                        token.start, token.stop, translate("filter", "A member's name is missing.")
                    )
                path += members
            if not self._is("["):
                break
            path.append(self._index())
            name = ""
            token = self._token
            joined = token.type in (T.STRANGE, T.NUMBER) and token.start == self._tokens[self._at - 1].stop
            if joined and token.text.startswith("."):
                name = self._take().text
        return tuple(path)

    def _index(self) -> str | int:
        opening = self._take()
        token = self._take()
        if token.type is T.STRING and not token.trouble and not token.flags:
            found: str | int = token.value
        elif token.type is T.NUMBER and re.fullmatch(r"-?[0-9]{1,15}", token.text):
            found = int(token.text)
        else:
            raise _expected(token, translate("filter", "an index or a name in quotes"))
        if not self._skip("]"):
            raise _MistakeError(
                opening.start, opening.stop, translate("filter", "This bracket is never closed.")
            )
        return found

    def _comparison(self) -> Condition:
        token = self._take()
        lowered = token.text.lower()
        path: Path = ()
        if lowered == "json" or lowered.startswith("json."):
            field = field_called("json")
            path = self._path(token)
        else:
            field = field_called(lowered)
        if field is None:
            raise _MistakeError(
                token.start,
                token.stop,
                translate("filter", "There is no field {name}; a text to look for needs quotes.").format(
                    name=token.text
                ),
            )
        operator = self._token
        word = operator.text.lower() if operator.type is T.WORD else operator.text
        if word == "not" and self._tokens[self._at + 1].text.lower() == "in":
            self._take()
            self._take()
            return not_(Within(field.name, self._choices(field), path))
        if word == "in":
            self._take()
            return Within(field.name, self._choices(field), path)
        if word in ("contains", "matches", "~"):
            self._take()
            return self._textual(field, "matches" if word == "~" else word, operator, path)
        word = WORDS.get(word, word)
        if word in SIGNS:
            self._take()
            return self._compare(field, word, operator, path)
        if field.kind is Kind.YES_NO and (operator.type is T.END or self._is("and", "or", "&&", "||", ")")):
            return Compare(field.name, "==", Literal(Fraction(1), "1"), path)
        if word == "=":
            raise _MistakeError(operator.start, operator.stop, translate("filter", "Write == to compare."))
        raise _expected(operator, translate("filter", "an operator such as =="))

    def _compare(self, field: Field, operator: str, token: Token, path: Path) -> Condition:
        ordered = operator not in ("==", "!=")
        if ordered and field.kind not in (Kind.NUMBER, Kind.TIME, Kind.JSON):
            raise _MistakeError(
                token.start,
                token.stop,
                translate("filter", "{name} is not ordered; use == or !=.").format(name=field.name),
            )
        literal = self._literal(field)
        if ordered and not isinstance(literal.value, Fraction | str):
            last = self._tokens[self._at - 1]
            raise _MistakeError(last.start, last.stop, translate("filter", "This value is not ordered."))
        return Compare(field.name, operator, literal, path)

    def _textual(self, field: Field, operator: str, at: Token, path: Path) -> Condition:
        if field.kind not in (Kind.BYTES, Kind.TEXT, Kind.JSON):
            raise _MistakeError(
                at.start,
                at.stop,
                translate("filter", "{name} is no text; use == or in.").format(name=field.name),
            )
        token = self._take()
        if operator == "contains":
            if token.type not in (T.STRING, T.WORD, T.NUMBER, T.BYTES) or token.text.lower() in ("and", "or"):
                raise _expected(token, translate("filter", "a text in quotes"))
            return Contains(field.name, _needle(token), "i" in token.flags.lower(), path)
        if token.type not in (T.PATTERN, T.STRING):
            raise _expected(token, translate("filter", "a pattern such as /abc/i"))
        _check_flags(token, patterns.FLAGS)
        flags = "".join(sorted(set(token.flags.lower())))
        if token.trouble and (token.type is T.PATTERN or token.unclosed):
            raise _MistakeError(token.start, token.stop, token.trouble)
        pattern = token.value
        if token.type is T.STRING:
            # Backslashes belong to the pattern here, but for one before the quote.
            body = token.text[1 : len(token.text) - 1 - len(token.flags)]
            pattern = body.replace("\\" + token.text[0], token.text[0])
        try:
            patterns.compiled(pattern, flags)
        except ValueError as error:
            text = translate("filter", "The pattern cannot be read: {reason}.").format(reason=error)
            raise _MistakeError(token.start, token.stop, text) from None
        return Matches(field.name, pattern, flags, path)

    def _choices(self, field: Field) -> tuple[Literal | Range, ...]:
        opening = self._take()
        if opening.text not in ("(", "{") or opening.type is not T.SIGN:
            raise _expected(opening, translate("filter", "values in parentheses"))
        closing = ")" if opening.text == "(" else "}"
        found: list[Literal | Range] = []
        while True:
            low = self._literal(field)
            if self._is(".."):
                between = self._take()
                high = self._literal(field)
                if not (isinstance(low.value, Fraction) and isinstance(high.value, Fraction)):
                    raise _MistakeError(
                        between.start, between.stop, translate("filter", "A range has two numbers.")
                    )
                found.append(Range(low, high))
            else:
                found.append(low)
            if self._skip(closing):
                return tuple(found)
            if not self._skip(","):
                token = self._token
                raise _expected(
                    token, translate("filter", "a comma or {sign}").format(sign=closing), after=opening
                )

    def _literal(self, field: Field) -> Literal:
        token = self._take()
        if token.type is T.END:
            raise _expected(token, translate("filter", "a value"))
        if token.type is T.STRING and token.flags:
            _check_flags(token, "")
        if token.type is T.STRING and token.trouble:
            raise _MistakeError(token.start, token.stop, token.trouble)
        match field.kind:
            case Kind.WORD:
                return _word(field, token)
            case Kind.YES_NO:
                value = YES.get(token.text.lower())
                if value is None:
                    raise _expected(token, translate("filter", "0 or 1"))
                return Literal(Fraction(value), str(int(value)))
            case Kind.NUMBER:
                if field.name == "opcode" and token.text.lower() in OPCODES:
                    return Literal(Fraction(OPCODES[token.text.lower()]), token.text.lower())
                return _number(token, UNITS_OF_COUNT)
            case Kind.TIME:
                return _number(token, UNITS_OF_TIME)
            case Kind.JSON:
                return _json_literal(token)
        return Literal(_needle(token, empty=True))


def _word(field: Field, token: Token) -> Literal:
    name = token.value if token.type is T.STRING else token.text
    name = name.lower()
    if field.name == "dir":
        name = DIRECTIONS.get(name, name)
    known = {"type": TYPES, "dir": ("in", "out"), "finding": tuple(FINDINGS)}[field.name]
    if name not in known:
        listed = ", ".join(known) if len(known) < 12 else ", ".join((*known[:3], "…"))
        raise _MistakeError(
            token.start,
            token.stop,
            translate("filter", "{field} is one of {values}.").format(field=field.name, values=listed),
        )
    return Literal(name)


def _json_literal(token: Token) -> Literal:
    if token.type is T.STRING:
        return Literal(token.value)
    if token.type is T.WORD and token.text in ("true", "false", "null"):
        return Literal({"true": True, "false": False, "null": None}[token.text])
    if token.type is T.NUMBER:
        return _number(token, UNITS_OF_COUNT)
    raise _expected(token, translate("filter", "a number, a text in quotes, true, false or null"))


def _number(token: Token, units: dict[str, int]) -> Literal:
    lowered = token.text.lower()
    if token.type is T.NUMBER and lowered.startswith("0x"):
        if 2 < len(lowered) <= 2 + _MOST_DIGITS:
            return Literal(Fraction(int(lowered, 16) * units[""]), token.text)
        raise _expected(token, translate("filter", "a number"))
    match = _DIGITS.fullmatch(token.text)
    if token.type is not T.NUMBER or match is None:
        raise _expected(token, translate("filter", "a number"))
    sign, whole, part, unit = match.groups()
    part = part or ""
    if len(whole) + len(part) > _MOST_DIGITS:
        raise _MistakeError(token.start, token.stop, translate("filter", "This number is too long."))
    factor = units.get(unit.lower())
    if factor is None:
        listed = ", ".join(name for name in units if name and name.isascii())
        raise _MistakeError(
            token.start,
            token.stop,
            translate("filter", "There is no unit {unit}; there are {units}.").format(
                unit=unit, units=listed
            ),
        )
    value = Fraction(int(whole + part or "0") * factor, 10 ** len(part))
    return Literal(-value if sign == "-" else value, token.text)


def _needle(token: Token, *, empty: bool = False) -> str:
    """What a text operator looks for: quoted text, bytes as 0x0102 or 01:02, or a bare word.

    ``empty``: it may be the empty text.
    """
    if token.type is T.STRING:
        if token.trouble:
            raise _MistakeError(token.start, token.stop, token.trouble)
        _check_flags(token, "i")
        value = token.value
    elif token.type is T.BYTES:
        value = bytes.fromhex(token.text.replace(":", "")).decode("utf-8", "surrogateescape")
    elif token.type is T.NUMBER and token.text.lower().startswith("0x"):
        try:
            value = bytes.fromhex(token.text[2:]).decode("utf-8", "surrogateescape")
        except ValueError:
            raise _MistakeError(
                token.start, token.stop, translate("filter", "Bytes have two digits each.")
            ) from None
    elif token.type in (T.WORD, T.NUMBER):
        value = token.text
    else:
        raise _expected(token, translate("filter", "a text in quotes"))
    if not value and not empty:
        raise _MistakeError(token.start, token.stop, translate("filter", "There is nothing to look for."))
    return value


def _check_flags(token: Token, allowed: str) -> None:
    if set(token.flags.lower()) - set(allowed):
        at = token.stop - len(token.flags)
        if allowed:
            text = translate("filter", "The letters here can be {letters}.").format(
                letters=", ".join(allowed)
            )
        else:
            text = translate("filter", "No letter belongs behind this quote.")
        raise _MistakeError(at, token.stop, text)


def _expected(token: Token, what: str, after: Token | None = None) -> _MistakeError:
    if token.type is T.END:
        text = translate("filter", "Something is missing: {what}.").format(what=what)
        start = after.start if after is not None else max(0, token.start - 1)
        return _MistakeError(start, max(token.stop, start + 1), text)
    return _MistakeError(token.start, token.stop, translate("filter", "Expected {what}.").format(what=what))
