"""Mark texts for translation without Qt; the window installs the translator.

Qt's ``lupdate`` reads the calls in here's callers: context, text and comment are literals, and stand in no
f-string. What is decided later is marked where it stands and translated where it is used.
"""

import re
from collections.abc import Callable

Translator = Callable[[str, str, str, int], str]
"""(context, text, comment, count) to the text in another language; ``%n`` may stay in it."""

THIN_SPACE = "\N{THIN SPACE}"

_FORMS = re.compile(r"\(s\)|\((\w*)\|(\w*)\)")


def as_written(_context: str, text: str, _comment: str, count: int) -> str:
    """``text`` itself; of a counted one its English form: "(s)" and "(was|were)" are singular at 1."""
    if count < 0:
        return text
    return _FORMS.sub(lambda form: _form(form, count == 1), text)


_translator: Translator = as_written


def translate(context: str, text: str, comment: str = "", count: int = -1) -> str:
    """Return ``text`` in the installed language.

    ``count`` stands for ``%n`` in it, its digits in groups of three, and picks the plural form; -1 means
    that there is none. A counted text is written as "%n frame(s) (was|were) left out". ``comment`` tells
    apart what is the same in English and another word elsewhere.
    """
    found = _translator(context, text, comment, count)
    return found if count < 0 else found.replace("%n", f"{count:,}".replace(",", THIN_SPACE))


def marked(_context: str, text: str) -> str:
    """Return ``text`` as it stands, for a table; ``translate(context, …)`` follows where it is shown."""
    return text


def install(translator: Translator | None) -> None:
    """Use ``translator`` from now on; None goes back to the texts as written."""
    global _translator
    _translator = translator or as_written


def _form(form: re.Match[str], one: bool) -> str:
    if form[1] is None:
        return "" if one else "s"
    return form[1] if one else form[2]
