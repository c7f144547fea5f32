"""Why a filter could not tell of some rows, in words for the command line."""

from wsinspector.translate import translate


def undecided_text(undecided: int, too_large: int, untold: int = 0) -> str:
    """``3 frames were not decided: 2 with too large a payload, 1 that took the pattern over 50 ms.``

    ``untold``: those of an import that does not tell what was asked.
    """
    why = []
    if untold:
        why.append(translate("Filter", "%n of which the imported file does not tell it", "", untold))
    if too_large:
        why.append(translate("Filter", "%n with too large a payload or one that is not whole", "", too_large))
    slow = undecided - too_large - untold
    if slow > 0:
        why.append(translate("Filter", "%n that took the pattern over 50 ms", "", slow))
    text = translate("Filter", "%n frame(s) (was|were) not decided: {why}.", "", undecided)
    return text.format(why=", ".join(why))
