"""What the export sheet says: how much leaves, in which files, and what of it does not."""

from collections.abc import Sequence
from pathlib import Path

from wsinspector.present.numbers import count, size
from wsinspector.share.left_out import LeftOut
from wsinspector.translate import translate
from wsinspector.ui.files.export_work import Asked, Written

MOST_LISTED = 6


def whole_amount(asked: Asked) -> str:
    """How much of a whole conversation leaves, and in how many files."""
    number = len(asked.parts)
    total = sum(part.attempt.snapshot.frames for part in asked.parts)
    attempts = translate("Export", "%n attempt(s)", "", number)
    frames = translate("Export", "%n frame(s)", "", total)
    text = translate("Export", "{0}, {1}").format(attempts, frames)
    if number == 1:
        return text
    if asked.form.together:
        return translate("Export", "{0}; in one file").format(text)
    lead = translate("Export", "{0}. {1} holds one attempt: {2} files, numbered behind the name")
    return lead.format(text, asked.form.title, count(number))


def left_out_text(found: Sequence[LeftOut], *, whole: bool) -> str:
    """What does not leave, with its count, in lines."""
    # Whole messages first: nothing else takes as much away, and the list is cut.
    gone = sorted((each for each in found if each.removed), key=lambda each: not each.whole)
    if not gone:
        if not whole:
            return translate("Export", "No secrets so far; it is too much to look through all of it before.")
        return "" if found else translate("Export", "No secrets were found: nothing is left out.")
    number = translate("Export", "%n secret(s)", "", len(gone))
    lead = translate("Export", "Left out, {0}:") if whole else translate("Export", "Left out, {0} so far:")
    return _listed(lead.format(number), gone)


def unsearched_text(found: Sequence[LeftOut]) -> str:
    """What leaves although nobody can look into it; empty where there is none."""
    kept = [each for each in found if not each.removed]
    if not kept:
        return ""
    lead = translate("Export", "! Not searched for secrets, and leaves as it travelled:")
    return _listed(lead, kept)


def _listed(lead: str, found: Sequence[LeftOut]) -> str:
    lines = [f"• {each.text}" for each in found[:MOST_LISTED]]
    if len(found) > MOST_LISTED:
        lines.append(translate("Export", "and {0} more").format(count(len(found) - MOST_LISTED)))
    return "\n".join([lead, *lines])


def written_text(made: Written, target: Path) -> tuple[str, str]:
    """What came of an export, and the role of its colour."""
    first = made.paths[0] if made.paths else target
    text = translate("Export", "Exported to {0}, {1}.").format(first, size(made.size))
    if len(made.paths) > 1:
        more = translate("Export", "Exported to {0} and {1} more beside it, {2}.")
        text = more.format(first, count(len(made.paths) - 1), size(made.size))
    left = sum(each.times for each in made.left_out if each.removed)
    if left:
        text += " " + translate("Export", "%n secret(s) left out.", "", left)
    kept = [each for each in made.left_out if not each.removed]
    if not kept:
        return text, "ok"
    places = ", ".join(each.where for each in kept[:3])
    told = translate("Export", "Not searched for secrets: {0}.").format(places)
    return f"{text} {told}", "note"
