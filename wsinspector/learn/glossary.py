"""Every word that a person needs who knows HTTP and no WebSocket, with its source, to be looked up."""

from dataclasses import replace

from wsinspector.learn.glossary_term import Term
from wsinspector.learn.glossary_terms_a import FIRST_TERMS
from wsinspector.learn.glossary_terms_b import LAST_TERMS
from wsinspector.translate import translate

TERMS: tuple[Term, ...] = (*FIRST_TERMS, *LAST_TERMS)
"""By the English alphabet, not yet translated."""

_BY_KEY = {term.key: term for term in TERMS}


def _told(term: Term) -> Term:
    return replace(term, name=translate("Glossary", term.name), text=translate("Glossary", term.text))


def terms() -> tuple[Term, ...]:
    """All words in the installed language, by its alphabet."""
    return tuple(sorted(map(_told, TERMS), key=lambda term: term.name.casefold()))


def term_called(key: str) -> Term | None:
    """The word of this key, in the installed language; None for a key that is none."""
    term = _BY_KEY.get(key)
    return None if term is None else _told(term)


def find_terms(wanted: str) -> tuple[Term, ...]:
    """The words that fit what was typed: those called so first, then those that begin so, then any "
    "mention."""
    asked = " ".join(wanted.casefold().split())
    if not asked:
        return terms()
    ranked = []
    for term in terms():
        name = term.name.casefold()
        if asked in (name, term.key):
            rank = 0
        elif name.startswith(asked) or term.key.startswith(asked):
            rank = 1
        elif asked in name or asked in term.key:
            rank = 2
        elif asked in term.text.casefold():
            rank = 3
        else:
            continue
        ranked.append((rank, term))
    return tuple(term for _, term in sorted(ranked, key=lambda each: each[0]))
