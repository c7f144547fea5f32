"""Tells an expression from a plain word: what somebody merely looks for is never a syntax error."""

from wsinspector.filter.lexer import T, Token
from wsinspector.filter.names import ALSO_THINGS, THINGS, field_called

SIGNS = {"==", "!=", "<", "<=", ">", ">=", "~"}
WORDS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
JOINS = {"and", "or", "not", "&&", "||", "!", "("}


def known(token: Token) -> bool:
    """Whether the token can be a field's name."""
    return token.type is T.WORD and known_name(token.text)


def known_name(text: str) -> bool:
    return field_called(text) is not None or text.lower() == "json" or text.lower().startswith("json.")


def is_expression(found: list[Token]) -> bool:
    """Whether some token stands where only an expression has one: a name before an operator, or ``has``."""
    if _only_quoted(found[:-1]):
        return True
    for at, token in enumerate(found[:-1]):
        before = found[at - 1] if at else None
        if before is not None and before.text.lower() not in JOINS:
            continue
        if token.type is not T.WORD:
            continue
        operator, value = found[at + 1], found[min(at + 2, len(found) - 1)]
        if token.text.lower() == "has" and _has(operator, value):
            return True
        if token.text.lower().startswith("json") and operator.text == "[":
            operator, value = _behind_brackets(found, at + 1)
        if _operates(token, operator, value):
            return True
    return False


def _only_quoted(found: list[Token]) -> bool:
    """Texts in quotes put together by and, or, not; one alone is looked for with its quotes."""
    joins = [token for token in found if token.type is not T.STRING]
    return (
        any(token.text.lower() not in ("(", ")") for token in joins)
        and all(token.text.lower() in (*JOINS, ")") for token in joins)
        and any(token.type is T.STRING and not token.trouble for token in found)
    )


def _has(thing: Token, behind: Token) -> bool:
    if thing.type is not T.WORD:
        return False
    if thing.text.lower() in THINGS | set(ALSO_THINGS) or known(thing):
        return True
    return behind.type is T.END or behind.text.lower() in (*JOINS, ")")


def _behind_brackets(found: list[Token], at: int) -> tuple[Token, Token]:
    while found[at].type is not T.END and found[at].text not in SIGNS:
        if found[at].type is T.WORD and found[at].text.lower() in ("contains", "matches", "in", *WORDS):
            break
        at += 1
    return found[at], found[min(at + 1, len(found) - 1)]


def _operates(name: Token, operator: Token, value: Token) -> bool:
    word = operator.text.lower()
    is_name = known(name)
    if operator.type is T.OPERATOR:
        if operator.text == "=":
            return is_name
        return operator.text in SIGNS and (is_name or value.type not in (T.END, T.STRANGE))
    if operator.type is not T.WORD:
        return False
    if word in ("contains", "matches"):
        return is_name or value.type in (T.STRING, T.PATTERN)
    if word == "in":
        return value.text in ("(", "{") or (is_name and value.type is T.END)
    if word == "not":
        return is_name and value.text.lower() == "in"
    return word in WORDS and is_name
