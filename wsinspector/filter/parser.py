"""Reads a filter line: a condition, or what is wrong with it and where; it never raises."""

import re
from fractions import Fraction

from wsinspector.filter import patterns
from wsinspector.filter.lexer import T, Token, tokens
from wsinspector.filter.literals import (
    MistakeError,
    check_flags,
    expected,
    json_literal,
    needle,
    number_literal,
    word_literal,
)
from wsinspector.filter.names import (
    ALSO_THINGS,
    OPCODES,
    THINGS,
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


def parse(text: str) -> Parsed:
    """What ``text`` means. Several mistakes are told where they stand in different terms."""
    if not text.strip():
        return Parsed(text, None)
    if len(text) > LONGEST:
        said = translate("filter", "A filter has at most {0} characters.").format(LONGEST)
        return Parsed(text, None, (Mistake(LONGEST, len(text), said),))
    found = tokens(text)
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
        except MistakeError as error:
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
            return Contains("payload", needle(token), either_case=True)
        if token.type is not T.WORD:
            raise expected(token, translate("filter", "a name such as type or payload"))
        if token.text.lower() == "has":
            self._take()
            return self._has()
        return self._comparison()

    def _parentheses(self) -> Condition | None:
        opening = self._take()
        if self._depth >= DEEPEST:
            raise MistakeError(
                opening.start, opening.stop, translate("filter", "Too many parentheses within each other.")
            )
        self._depth += 1
        part = self._or()
        self._depth -= 1
        if not self._skip(")"):
            if part is not None:
                raise MistakeError(
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
            raise expected(token, translate("filter", "one of {names}").format(names=listed))
        return Has(name)

    def _path(self, token: Token) -> Path:
        path: list[str | int] = []
        name = token.text[len("json") :]
        while True:
            if name:
                members = name.removeprefix(".").split(".")
                if "" in members:
                    raise MistakeError(
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
            raise expected(token, translate("filter", "an index or a name in quotes"))
        if not self._skip("]"):
            raise MistakeError(
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
            raise MistakeError(
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
            raise MistakeError(operator.start, operator.stop, translate("filter", "Write == to compare."))
        raise expected(operator, translate("filter", "an operator such as =="))

    def _compare(self, field: Field, operator: str, token: Token, path: Path) -> Condition:
        ordered = operator not in ("==", "!=")
        if ordered and field.kind not in (Kind.NUMBER, Kind.TIME, Kind.JSON):
            raise MistakeError(
                token.start,
                token.stop,
                translate("filter", "{name} is not ordered; use == or !=.").format(name=field.name),
            )
        literal = self._literal(field)
        if ordered and not isinstance(literal.value, Fraction | str):
            last = self._tokens[self._at - 1]
            raise MistakeError(last.start, last.stop, translate("filter", "This value is not ordered."))
        return Compare(field.name, operator, literal, path)

    def _textual(self, field: Field, operator: str, at: Token, path: Path) -> Condition:
        if field.kind not in (Kind.BYTES, Kind.TEXT, Kind.JSON):
            raise MistakeError(
                at.start,
                at.stop,
                translate("filter", "{name} is no text; use == or in.").format(name=field.name),
            )
        token = self._take()
        if operator == "contains":
            if token.type not in (T.STRING, T.WORD, T.NUMBER, T.BYTES) or token.text.lower() in ("and", "or"):
                raise expected(token, translate("filter", "a text in quotes"))
            return Contains(field.name, needle(token), "i" in token.flags.lower(), path)
        if token.type not in (T.PATTERN, T.STRING):
            raise expected(token, translate("filter", "a pattern such as /abc/i"))
        check_flags(token, patterns.FLAGS)
        flags = "".join(sorted(set(token.flags.lower())))
        if token.trouble and (token.type is T.PATTERN or token.unclosed):
            raise MistakeError(token.start, token.stop, token.trouble)
        pattern = token.value
        if token.type is T.STRING:
            # Backslashes belong to the pattern here, but for one before the quote.
            body = token.text[1 : len(token.text) - 1 - len(token.flags)]
            pattern = body.replace("\\" + token.text[0], token.text[0])
        try:
            patterns.compiled(pattern, flags)
        except ValueError as error:
            text = translate("filter", "The pattern cannot be read: {reason}.").format(reason=error)
            raise MistakeError(token.start, token.stop, text) from None
        return Matches(field.name, pattern, flags, path)

    def _choices(self, field: Field) -> tuple[Literal | Range, ...]:
        opening = self._take()
        if opening.text not in ("(", "{") or opening.type is not T.SIGN:
            raise expected(opening, translate("filter", "values in parentheses"))
        closing = ")" if opening.text == "(" else "}"
        found: list[Literal | Range] = []
        while True:
            first = self._token
            low = self._literal(field)
            if self._is(".."):
                between = self._take()
                high = self._literal(field)
                if not (isinstance(low.value, Fraction) and isinstance(high.value, Fraction)):
                    raise MistakeError(
                        between.start, between.stop, translate("filter", "A range has two numbers.")
                    )
                if low.value > high.value:
                    text = translate("filter", "Nothing lies in this range: write the smaller number first.")
                    raise MistakeError(first.start, self._tokens[self._at - 1].stop, text)
                found.append(Range(low, high))
            else:
                found.append(low)
            if self._skip(closing):
                return tuple(found)
            blanks = closing == "}" and self._token.type is not T.END  # as Wireshark had it before 4
            if not self._skip(",") and not blanks:
                token = self._token
                raise expected(
                    token, translate("filter", "a comma or {sign}").format(sign=closing), after=opening
                )

    def _literal(self, field: Field) -> Literal:
        token = self._take()
        if token.type is T.END:
            raise expected(token, translate("filter", "a value"))
        if token.type is T.STRING and token.flags:
            check_flags(token, "")
        if token.type is T.STRING and token.trouble:
            raise MistakeError(token.start, token.stop, token.trouble)
        match field.kind:
            case Kind.WORD:
                return word_literal(field, token)
            case Kind.YES_NO:
                value = YES.get(token.text.lower())
                if value is None:
                    raise expected(token, translate("filter", "0 or 1"))
                return Literal(Fraction(value), str(int(value)))
            case Kind.NUMBER:
                if field.name == "opcode" and token.text.lower() in OPCODES:
                    return Literal(Fraction(OPCODES[token.text.lower()]), token.text.lower())
                return number_literal(token, UNITS_OF_COUNT)
            case Kind.TIME:
                return number_literal(token, UNITS_OF_TIME)
            case Kind.JSON:
                return json_literal(token)
        return Literal(needle(token, empty=True))
