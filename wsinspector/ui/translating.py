"""Installs the language of the window: Qt's catalogues, or a false one that shows what is not translated."""

import os
import re
from collections.abc import Callable

from PySide6.QtCore import QLocale, QTranslator

from wsinspector import resources
from wsinspector.translate import Translator, as_written, install

VARIABLE = "WSINSPECTOR_LANGUAGE"
"""A language as ``de`` or ``pt_BR`` instead of the system's; ``en`` for none, ``pseudo`` for a false one."""

PSEUDO = "pseudo"

_ACCENTED = str.maketrans(
    "AaCcDdEeGgHhIiKkLlNnOoRrSsTtUuYyZz",
    "ÅåÇçÐďÉéĜĝĤĥÎîĶķĻļÑñÖöŔŕŠšŢţÛûÝýŽž",
)
_KEPT = re.compile(r"\[key:[^\]]*\]|\{[^{}]*\}|%n|%L?\d|&(?=\w)|\t.*")
"""What stands for something else in a text, and the keys behind a tab in a menu."""

LONGER = 0.3
"""Other languages are longer than English by about this share."""


def begin() -> None:
    """Install the catalogue of the system's language, where there is one."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted == PSEUDO:
        install(pseudo)
        return
    locale = QLocale(wanted) if wanted else QLocale.system()
    catalogue = QTranslator()
    if catalogue.load(locale, "wsinspector", "_", str(resources.root() / "translations")):
        install(from_catalogue(catalogue))
    else:
        install(None)


def from_catalogue(catalogue: QTranslator) -> Translator:
    """What ``catalogue`` knows, and the text as written where it does not."""

    def found(context: str, text: str, comment: str, count: int) -> str:
        # Qt picks a form by an int; larger counts have the form of their last digits.
        number = count if count < 1_000_000 else count % 1_000_000 + 1_000_000
        return catalogue.translate(context, text, comment, number) or as_written(
            context, text, comment, count
        )

    return found


def pseudo(context: str, text: str, comment: str, count: int) -> str:
    """``text`` with accents, longer, in brackets: what is read without them was never translated."""
    return pseudonym(as_written(context, text, comment, count))


def pseudonym(text: str) -> str:
    """As :func:`pseudo`, of a text whose form is picked already."""
    if not text.strip():
        return text
    body, tab, keys = text.partition("\t")
    padding = "~" * round(len(body) * LONGER)
    return f"[{_outside(body, lambda part: part.translate(_ACCENTED))}{padding}]{tab}{keys}"


def _outside(text: str, change: Callable[[str], str]) -> str:
    parts, at = [], 0
    for kept in _KEPT.finditer(text):
        parts += [change(text[at : kept.start()]), kept[0]]
        at = kept.end()
    return "".join([*parts, change(text[at:])])
