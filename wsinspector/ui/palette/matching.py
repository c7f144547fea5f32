"""Which texts a few typed letters mean, how well they fit, and which letters of them were meant."""

import heapq
import re
import unicodedata
from collections.abc import Sequence

MOST = 300
"""Rows that are shown at once: nobody reads further."""

_NEAR, _WORD, _FRONT, _USELESS = 40, 30, 20, 35

_LONG = 50
"""Characters above which a text is a sentence: letters stand everywhere in it, so words are looked for."""

_OF_KIND = 3
"""Letters from which a kind is meant."""

_SPREAD = 3
"""How many times as long as what is typed the letters may lie apart."""

_INITIAL = re.compile(r"(?<!\w)\w")


class Index:
    """Texts made ready to be looked through; one of five thousand is answered within some milliseconds.

    ``kinds``: a word for what each text is, which finds all of its kind below those that have it in the text.
    """

    def __init__(self, texts: Sequence[str], kinds: Sequence[str] = ()) -> None:
        self._folded = [folded(text) for text in texts]
        self._kinds = [folded(kind) for kind in kinds] or [""] * len(self._folded)
        self._initials = ["".join(_INITIAL.findall(text)) for text in self._folded]

    def find(
        self, typed: str, first: Sequence[int] = (), last: frozenset[int] = frozenset(), most: int = MOST
    ) -> list[int]:
        """Places of the texts that ``typed`` means, the best first.

        ``first``: places that were used last; ``last``: those that are of no use now.
        """
        words = folded(typed).split()
        rank = {at: number for number, at in enumerate(first)}
        if not words:
            others = (at for at in range(len(self._folded)) if at not in rank)
            return [*first, *others][:most]
        found = range(len(self._folded))
        scores: dict[int, int] = {}
        for word in words:
            scores = self._scored(word, scores if scores else found, scores)
            if not scores:
                return []
        for at in last & scores.keys():
            scores[at] -= _USELESS
        behind = len(rank)
        return heapq.nsmallest(most, scores, key=lambda at: (-scores[at], rank.get(at, behind), at))

    def _scored(
        self, word: str, places: "Sequence[int] | dict[int, int]", before: dict[int, int]
    ) -> dict[int, int]:
        texts, loose = self._folded, _loose(word)
        scores: dict[int, int] = {}
        for at in places:
            text = texts[at]
            here = text.find(word)
            if here >= 0:
                score = _NEAR + _FRONT
                if here == 0:
                    score += _FRONT + _FRONT + _WORD
                elif not text[here - 1].isalnum() or f" {word}" in text:
                    score += _WORD
            else:
                if len(word) >= _OF_KIND and self._kinds[at].startswith(word):
                    scores[at] = before.get(at, 0) - _LONG  # in the order in which they were given
                    continue
                met = loose(text)
                if met is None:
                    continue
                start, end = met.span()
                if word in self._initials[at] and len(text) <= _LONG:
                    score = _NEAR + _FRONT
                    if self._initials[at].startswith(word):
                        score += _FRONT
                elif end - start > _SPREAD * len(word) or len(text) > _LONG:
                    continue
                else:
                    score = max(_NEAR - (end - start - len(word)), 0)
                    if start == 0 or not text[start - 1].isalnum():
                        score += _FRONT
            scores[at] = before.get(at, 0) + score - len(text) // 8
        return scores


def folded(text: str) -> str:
    """``text`` for comparing, a letter a letter without its accent: places in it are places in ``text``."""
    return text.lower() if text.isascii() else "".join(map(_folded, text))


def _folded(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()[:1]


def _loose(word: str):  # type: ignore[no-untyped-def]
    """A search for the letters of ``word`` in their order, with others between them."""
    parts = [re.escape(word[0])]
    parts += [f"[^{re.escape(letter)}]*{re.escape(letter)}" for letter in word[1:]]
    return re.compile("".join(parts), re.DOTALL).search


def matched(typed: str, text: str) -> list[int]:
    """Places of the letters in ``text`` that ``typed`` means, in their order; empty where it means none."""
    held = folded(text)
    places: set[int] = set()
    for word in folded(typed).split():
        near = re.search(rf"\b{re.escape(word)}", held) or re.search(re.escape(word), held)
        if near is not None:
            places.update(range(*near.span()))
            continue
        initials = [start.start() for start in _INITIAL.finditer(held)]
        first = "".join(held[place] for place in initials).find(word)
        if first >= 0:
            places.update(initials[first : first + len(word)])
            continue
        at = _began(word, held)
        for letter in word:
            at = held.find(letter, at)
            if at < 0:
                return []
            places.add(at)
            at += 1
    return sorted(places)


def _began(word: str, held: str) -> int:
    """Where the letters of ``word`` begin in ``held``, as :func:`_loose` finds them."""
    met = _loose(word)(held)
    return met.start() if met is not None else 0
