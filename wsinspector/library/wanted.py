"""What a person types to find conversations: words, and parts that are named."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from wsinspector.translate import translate

_NAMES = "address|version|outcome|date"
_PART = re.compile(rf'(?:{_NAMES}):(?!\S)|(?:({_NAMES}):)?(?:("[^"]*"?)|(\S+))')
_BEGINS = re.compile(r"[0-9]{1,4}(?:-[0-9]{0,2}(?:-[0-9]{0,2}(?:[ t][0-9:]{0,8})?)?)?\Z", re.ASCII)
_DAY = re.compile(r"-?([0-9]{1,2})-([0-9]{1,2})\Z", re.ASCII)
NO_VERSION = "none"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations are shown: those in which every part fits; an empty part fits all.

    ``words`` may stand anywhere; ``version`` is the whole value, "none" where none was sent; of the others a
    part is enough, and ``date`` is how the date begins. ``day``: month and day of any year, as ``-11-23``.
    All in lower case.
    """

    words: tuple[str, ...] = ()
    address: str = ""
    version: str = ""
    outcome: tuple[str, ...] = ()
    date: str = ""
    day: str = ""

    def dated(self, text: str) -> bool:
        """Whether ``text``, as 2026-11-23 09:15:02, is of the date that is wanted."""
        return text.startswith(self.date) and self.day in text[4:10]

    @property
    def doubt(self) -> str:
        """What is said where nothing fits as no date is written like this; empty where one may be."""
        if not self.date or _BEGINS.match(self.date):
            return ""
        return translate(
            "Wanted", "“{0}” is no date: 2026-11-23, 2026-11, 11-23, today or yesterday is one."
        ).format(self.date)


def read_wanted(text: str, today: date) -> Wanted:
    """Words, and ``version:8``, ``outcome:426``, ``date:2026-11``, ``address:host`` among them.

    Quotes hold words together: ``outcome:"not reached"``. Every ``outcome:`` must fit. A name that has no
    value yet wants nothing. ``today``: local, for the words of which the date is counted from it.
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
    if "date" in parts:
        parts |= _date_of(parts["date"], today)
    return Wanted(tuple(words), outcome=tuple(outcome), **parts)


def _date_of(value: str, today: date) -> dict[str, str]:
    if value in ("today", "yesterday"):
        return {"date": str(today - timedelta(days=value == "yesterday"))}
    if (found := _DAY.match(value)) is not None:
        return {"date": "", "day": f"-{int(found[1]):02d}-{int(found[2]):02d}"}
    return {"date": value.replace("t", " ") if _BEGINS.match(value) else value}


__all__ = ["NO_VERSION", "Wanted", "read_wanted"]
