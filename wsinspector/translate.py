"""Mark texts for translation without Qt; the window installs the translator."""

from collections.abc import Callable

Translator = Callable[[str, str, int], str]


def _identity(_context: str, text: str, _count: int) -> str:
    return text


_translator: Translator = _identity


def translate(context: str, text: str, count: int = -1) -> str:
    """Return ``text`` in the installed language; ``count`` picks a plural form, -1 means none."""
    return _translator(context, text, count)


def install(translator: Translator | None) -> None:
    """Use ``translator`` from now on; None goes back to the texts as written."""
    global _translator
    _translator = translator or _identity
