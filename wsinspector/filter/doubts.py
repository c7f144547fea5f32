"""What a line that is searched as a word may have been meant to ask."""

from wsinspector.filter.lexer import T, Token, tokens
from wsinspector.filter.names import FIELDS, Field, Kind, field_called
from wsinspector.filter.parser import parse
from wsinspector.filter.reading import known_name
from wsinspector.filter.slips import mistakes_in
from wsinspector.translate import translate

_BETWEEN = {"and", "or", "not", "&&", "||", "!", "(", ")", "has"}


def doubt_of(text: str) -> str:
    """One or two sentences where ``text`` is searched as a word but looks like a condition; else empty.

    A word is never refused, as anything may stand in a payload: this is what a person is told beside it.
    """
    if not text.strip() or not parse(text).word:
        return ""
    found = tokens(text)[:-1]
    named = [token for token in found if token.text.lower() not in _BETWEEN]
    if named and all(token.type is T.WORD and known_name(token.text) for token in named):
        return translate(
            "filter", "Searched as a word in payloads. The field is asked like this: {0}"
        ).format(_asked(named[0]))
    slips = mistakes_in(text)
    if slips:
        return translate("filter", "Searched as a word in payloads. {0}").format(slips[0].text)
    if len(named) < len(found) and (not named or found[0] is not named[0]):
        return translate("filter", "Searched as a word in payloads, with all that stands there.")
    return ""


def _asked(name: Token) -> str:
    field: Field = field_called(name.text) or FIELDS["json"]
    if field.kind is Kind.YES_NO:
        return f"{name.text} == 1"
    if field.kind is Kind.JSON:
        path = name.text if name.text.lower() != "json" else "json.event"
        return f'{path} == "price"'
    return field.example.replace(field.name, name.text, 1)


__all__ = ["doubt_of"]
