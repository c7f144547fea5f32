"""Why a filter could not tell of some rows, in words for the command line."""

from wsinspector.present.numbers import count
from wsinspector.translate import translate


def undecided_text(undecided: int, too_large: int, untold: int = 0) -> str:
    """``3 not decided: of 2 the payload is too large, of 1 a pattern took too long.``

    ``untold``: those of an import that does not tell what was asked.
    """
    why = []
    if untold:
        text = translate("Filter", "of {n} the imported file does not tell")
        why.append(text.format(n=count(untold)))
    if too_large:
        why.append(translate("Filter", "of {n} the payload is too large").format(n=count(too_large)))
    slow = undecided - too_large - untold
    if slow > 0:
        text = translate("Filter", "of {n} a pattern took too long")
        why.append(text.format(n=count(slow)))
    return translate("Filter", "{n} not decided: {why}.").format(n=count(undecided), why=", ".join(why))
