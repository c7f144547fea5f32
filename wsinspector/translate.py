"""Mark texts for translation without Qt; the window installs the translator."""

from collections.abc import Callable

Translator = Callable[[str, str, int], str]


def _identity(_context: str, text: str, count: int) -> str:
    if count < 0:
        return text
    return text.replace("%n", str(count)).replace("(s)", "" if count == 1 else "s")


_translator: Translator = _identity


def translate(context: str, text: str, count: int = -1) -> str:
    """Return ``text`` in the installed language.

    ``count`` stands for ``%n`` in it and picks the plural form, -1 means that there is none. As written, a
    counted text says "%n frame(s)", which becomes "1 frame" or "2 frames".
    """
    return _translator(context, text, count)


def install(translator: Translator | None) -> None:
    """Use ``translator`` from now on; None goes back to the texts as written."""
    global _translator
    _translator = translator or _identity
