"""Tells a plain word from an expression with a slip in it: a file is not watched as a line being typed is."""

from wsinspector.filter.lexer import T, Token, tokens
from wsinspector.filter.parser import LONGEST, parse
from wsinspector.filter.syntax import Mistake
from wsinspector.translate import translate

_COMPARING = {"==", "!=", "<=", ">=", "<", ">", "~", "&&", "||"}
"""Operators that no plain word has standing alone between blanks; ``!`` and ``=`` end words and base64."""


def mistakes_in(text: str) -> tuple[Mistake, ...]:
    """What keeps ``text`` from being a filter that means what it says; empty for a plain word such as Hello.

    Beside what :func:`~wsinspector.filter.parser.parse` finds: what is no expression, and so would be taken
    for a word, but has parentheses that do not match, a quote without its end, or an operator by itself.
    """
    read = parse(text)
    if not read.word:
        return read.mistakes
    if len(text) > LONGEST:
        said = translate("filter", "A filter has at most {0} characters.")
        return (Mistake(LONGEST, len(text), said.format(LONGEST)),)
    found = _slip(text, tokens(text)[:-1])
    return () if found is None else (found,)


def _slip(text: str, found: list[Token]) -> Mistake | None:
    opened: list[Token] = []
    for token in found:
        if token.text == "(":
            opened.append(token)
        elif token.text == ")":
            if not opened:
                return _told(token, translate("filter", "This parenthesis was never opened."))
            opened.pop()
        elif token.type is T.STRING and token.unclosed and _begins(text, token):
            return _told(token, token.trouble)
        elif token.text in _COMPARING and _alone(text, token):
            said = translate("filter", "{0} stands between a name and a value of the filter.")
            return _told(token, said.format(token.text))
    if opened:
        return _told(opened[0], translate("filter", "This parenthesis is never closed."))
    if found and all(token.type is T.OPERATOR or token.text in ("(", ")") for token in found):
        return _told(found[0], translate("filter", "There is nothing to look for."))
    return None


def _told(token: Token, said: str) -> Mistake:
    hint = translate("filter", 'A text with such signs is looked for with payload contains "…".')
    return Mistake(token.start, token.stop, f"{said} {hint}")


def _begins(text: str, token: Token) -> bool:
    """Whether the quote opens something; in don't it is a letter."""
    return token.text.startswith('"') or not text[: token.start].strip()


def _alone(text: str, token: Token) -> bool:
    before, behind = text[: token.start][-1:], text[token.stop :][:1]
    return (not before or before.isspace()) and (not behind or behind.isspace())
