"""What ``explain --glossary`` prints: a word with its source, or those that mention it."""

import json
import textwrap
from collections.abc import Iterator

from wsinspector.cli.request import WrongArgumentError
from wsinspector.cli.results import put
from wsinspector.learn.glossary import find_terms, term_called
from wsinspector.learn.glossary_term import Term

WIDTH = 96


def tell_term(wanted: str, *, as_json: bool) -> int:
    """Print what fits ``wanted``, all words where it is empty. Raises WrongArgumentError where none does."""
    found = find_terms(wanted)
    exact = [term for term in found if wanted.casefold().strip() in (term.key, term.name.casefold())]
    chosen = exact or list(found)
    if not chosen:
        raise WrongArgumentError(f"no word of the glossary fits {wanted!r}; --glossary '' lists all.")
    put([json.dumps([_as_json(term) for term in chosen], ensure_ascii=False)] if as_json else _lines(chosen))
    return 0


def _as_json(term: Term) -> dict[str, object]:
    return {
        "key": term.key,
        "name": term.name,
        "text": term.text,
        "source": term.source,
        "see": list(term.see),
    }


def _lines(terms: list[Term]) -> Iterator[str]:
    for number, term in enumerate(terms):
        if number:
            yield ""
        yield term.name
        yield from textwrap.wrap(term.text, WIDTH, initial_indent="  ", subsequent_indent="  ")
        yield f"  {term.source}"
        names = [found.name for key in term.see if (found := term_called(key)) is not None]
        if names:
            yield f"  see also: {', '.join(names)}"
