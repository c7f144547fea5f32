"""What could be typed next in a filter line: names, operators, values, each with its meaning."""

from dataclasses import dataclass

from wsinspector.filter.lexer import T, Token, tokens
from wsinspector.filter.names import Field, Kind, field_called, fields, things
from wsinspector.filter.reading import JOINS, SIGNS, WORDS
from wsinspector.translate import translate

MOST = 40


@dataclass(frozen=True, slots=True)
class Completion:
    """Put ``text`` in place of the characters ``start`` to ``stop - 1``; ``meaning`` is one sentence."""

    start: int
    stop: int
    text: str
    meaning: str


def complete(text: str, cursor: int) -> list[Completion]:
    """What fits at ``cursor`` (a place between characters, 0 to the length of ``text``), best first."""
    cursor = max(0, min(cursor, len(text)))
    found = tokens(text[:cursor])[:-1]
    typed = ""
    start = cursor
    if found and found[-1].stop == cursor and found[-1].type in (T.WORD, T.NUMBER):
        typed = found[-1].text
        start = found[-1].start
        found = found[:-1]
    elif found and found[-1].unclosed:
        return []
    stop = cursor
    while stop < len(text) and start < cursor and (text[stop].isalnum() or text[stop] in "._-"):
        stop += 1
    choices = _choices(found, whole_line=not found)
    lowered = typed.lower()
    if lowered and _begins(found):
        choices = choices + _other_names()
    first = [each for each in choices if each[0].lower().startswith(lowered)]
    other = {name for name, _ in _other_names()}
    within = [
        each
        for each in choices
        if lowered and lowered in each[0].lower() and each not in first and each[0] not in other
    ]
    return [
        Completion(start, stop, name, meaning) for name, meaning in (first + within)[:MOST] if name != typed
    ]


def _begins(found: list[Token]) -> bool:
    """Whether a name stands behind ``found``."""
    return not found or (found[-1].text.lower() in JOINS and _field_of_list(found) is None)


def _other_names() -> list[tuple[str, str]]:
    """Names that are understood besides the fields' own, Wireshark's among them: the usual ones first."""
    said = translate("filter", "The same as {0}. {1}")
    ranked = [(rank, other, each) for each in fields() for rank, other in enumerate(each.also)]
    ranked.sort(key=lambda one: one[0])
    return [(other, said.format(each.name, each.meaning)) for _rank, other, each in ranked]


def _choices(found: list[Token], *, whole_line: bool) -> list[tuple[str, str]]:
    before = found[-1] if found else None
    listing = before is not None and before.text == "(" and len(found) > 1 and found[-2].text.lower() == "in"
    if before is None or (before.text.lower() in JOINS and not listing):
        return _beginnings(whole_line)
    word = before.text.lower()
    if word == "has":
        return [(each.name, each.meaning) for each in things()]
    earlier = found[-2] if len(found) > 1 else None
    if before.type is T.OPERATOR or word in WORDS:
        field = field_called(_base(earlier)) if earlier is not None else None
        return _values(field)
    if before.text in ("(", "{", ",") or word == "in":
        field = _field_of_list(found)
        return _values(field) if field is not None else _beginnings(False)
    if before.type is T.WORD and earlier is not None and earlier.text.lower() == "has":
        return _joins()
    if before.type is T.WORD and (earlier is None or earlier.text.lower() in JOINS):
        field = field_called(_base(before))
        return _operators(field) if field is not None else []
    if before.text == "]":
        return _operators(field_called("json"))
    return _joins()


def _base(token: Token) -> str:
    text = token.text.lower()
    return "json" if text == "]" or text.startswith("json.") else text


def _field_of_list(found: list[Token]) -> Field | None:
    """The field whose values stand in the list that is being typed."""
    for at in range(len(found) - 1, 0, -1):
        if found[at].text in (")", "}"):
            return None
        if found[at].text.lower() == "in":
            name = found[at - 2] if found[at - 1].text.lower() == "not" and at > 1 else found[at - 1]
            return field_called(_base(name))
    return None


def _beginnings(whole_line: bool) -> list[tuple[str, str]]:
    names = [(each.name, each.meaning) for each in fields()]
    names.append(("has", translate("filter", "Something that a row has: a finding, a mark …")))
    names.append(("not", translate("filter", "The opposite of what follows.")))
    if not whole_line:
        names.append(("(", translate("filter", "Several conditions as one.")))
    return names


def _joins() -> list[tuple[str, str]]:
    return [
        ("and", translate("filter", "What follows must fit too.")),
        ("or", translate("filter", "What follows may fit instead.")),
    ]


def _operators(field: Field | None) -> list[tuple[str, str]]:
    if field is None:
        return []
    equal = [
        ("==", translate("filter", "Is equal to.")),
        ("!=", translate("filter", "Is not equal to.")),
    ]
    ordered = [
        (">", translate("filter", "Is more than.")),
        (">=", translate("filter", "Is at least.")),
        ("<", translate("filter", "Is less than.")),
        ("<=", translate("filter", "Is at most.")),
    ]
    texts = [
        ("contains", translate("filter", "Holds this text or these bytes.")),
        ("matches", translate("filter", "Fits a regular expression: /abc/i.")),
    ]
    listed = [("in", translate("filter", "Is one of several: in (1, 2, 5..9)."))]
    match field.kind:
        case Kind.NUMBER | Kind.TIME:
            return equal + ordered + listed
        case Kind.BYTES | Kind.TEXT:
            return texts + equal + listed
        case Kind.JSON:
            return equal + ordered + texts + listed
    return equal + listed


def _values(field: Field | None) -> list[tuple[str, str]]:
    if field is None:
        return []
    if field.kind is Kind.JSON:
        return [
            ("true", translate("filter", "JSON's true.")),
            ("false", translate("filter", "JSON's false.")),
            ("null", translate("filter", "JSON's null.")),
        ]
    if field.kind is Kind.TIME:
        return []
    return [(each.name, each.meaning) for each in field.values]


__all__ = ["SIGNS", "Completion", "complete"]
