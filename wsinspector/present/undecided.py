"""Why a filter could not tell of some rows, and what to do about it, in words."""

from wsinspector.translate import translate


def undecided_text(undecided: int, too_large: int, untold: int = 0) -> str:
    """One sentence for what happened, and one for each reason with its number of frames.

    ``untold``: those of an import that does not tell what was asked.
    """
    said = [translate("Filter", "%n frame(s) (was|were) not decided and (is|are) left out.", "", undecided)]
    if untold:
        said.append(translate("Filter", "The imported file does not tell it of %n.", "", untold))
    if too_large:
        said.append(
            translate("Filter", "%n (has|have) a payload that is too large or not whole.", "", too_large)
        )
    slow = undecided - too_large - untold
    if slow > 0:
        said.append(
            translate(
                "Filter",
                "The pattern took longer than 50 ms on %n; a simpler one may decide (it|them).",
                "",
                slow,
            )
        )
    return " ".join(said)
