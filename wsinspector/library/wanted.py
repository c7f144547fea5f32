"""What a person types to find conversations: words, and parts that are named."""

import re
from dataclasses import dataclass

_PART = re.compile(r'(?:(address|version|outcome|date):)?(?:("[^"]*"?)|(\S+))')


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations are shown: those in which every part fits; an empty part fits all.

    ``words`` may stand anywhere; ``version`` is the whole value, of the others a part is enough, and
    ``date`` is how the date begins. All in lower case.
    """

    words: tuple[str, ...] = ()
    address: str = ""
    version: str = ""
    outcome: tuple[str, ...] = ()
    date: str = ""


def read_wanted(text: str) -> Wanted:
    """Words, and ``version:8``, ``outcome:426``, ``date:2026-11``, ``address:host`` among them.

    Quotes hold words together: ``outcome:"not reached"``. Every ``outcome:`` must fit.
    """
    parts: dict[str, str] = {}
    words, outcome = [], []
    for name, quoted, plain in _PART.findall(text.lower()):
        value = quoted.strip('"') or plain
        if name == "outcome":
            outcome.append(value)
        elif name:
            parts[name] = value
        elif value:
            words.append(value)
    return Wanted(tuple(words), outcome=tuple(outcome), **parts)
