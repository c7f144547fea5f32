"""What the log says of itself: how many rows there are, and why there are none."""

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.numbers import count
from wsinspector.present.plain import visible
from wsinspector.translate import translate
from wsinspector.ui.actions.binding import fill
from wsinspector.ui.inspect.filter_rows import RowChoice
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.log_table import MOST_SELECTED

LITTLE = 5000
"""Frames that are decided sooner than a number can be read."""

LONGEST = 80

LONGEST_BRIEF = 24
"""Characters of a filter that is named where there is little room."""


def count_text(model: LogModel, snapshot: AttemptSnapshot, choice: RowChoice) -> str:
    """How many frames there are, how far reading them is, or how many of them fit the filter.

    Where rows show from a later frame on, only those frames are counted.
    """
    total, above = len(model.rows.index), model.rows.first - 1
    shown = max(total - above, 0)
    if model.behind > 1000 and not choice.waiting:
        return translate("Log", "reading, {share} %").format(share=100 * total // max(1, snapshot.frames))
    if not choice.filtered:
        if above:
            return translate("Log", "{found} of {count}").format(found=count(shown), count=_frames(total))
        return _frames(total)
    hits, done = choice.hits_shown, max(choice.done - above, 0)
    found = count(hits)
    if choice.stopped:
        return translate("Log", "{found} of the first {count}").format(found=found, count=count(done))
    if choice.done < total and total - choice.done > LITTLE:
        share = 100 * choice.done // max(1, total)
        return translate("Log", "{found} found, {share} %").format(found=found, share=share)
    if not hits and model.end_shows:
        return translate("Log", "only the end, of {count}").format(count=_frames(shown))
    return translate("Log", "{found} of {count}").format(found=found, count=_frames(shown))


def _frames(number: int) -> str:
    if number == 1:
        return translate("Log", "1 frame")
    return translate("Log", "{count} frames").format(count=count(number))


def empty_text(
    snapshot: AttemptSnapshot | None, filtered: str, *, everything: bool, looking: bool = False
) -> str:
    """What would fill an empty log.

    ``filtered``: the filter; ``everything``: all kinds are shown; ``looking``: not every frame is decided.
    """
    if snapshot is None:
        return fill(
            translate("Log", "Frames appear here once a connection is open. [key:request.connect] connects.")
        )
    if snapshot.opened_at is None and not snapshot.undecided:
        return translate("Log", "Nothing opened, so there are no frames.")
    if snapshot.opened_at is None:
        return translate("Log", "Waiting for the answer. Frames follow a 101.")
    if filtered:
        if looking:
            text = translate("Log", "Looking for frames that fit {filter} …")
        elif snapshot.live:
            text = translate("Log", "No frame fits {filter} so far. One that does appears here.")
        else:
            text = translate("Log", "No frame fits {filter}.")
        return text.format(filter=shortened(filtered))
    if not everything:
        return translate("Log", "No row of the pressed kinds. Press Text, Binary, Control or Faults above.")
    if snapshot.live:
        return translate("Log", "Open, and not a frame yet. Send one below, or wait for the peer.")
    return translate("Log", "The connection ended without a frame.")


def shortened(text: str, longest: int = LONGEST) -> str:
    """A filter within a sentence, at most ``longest`` characters of it."""
    return f"“{visible(text if len(text) <= longest else text[: longest - 1] + '…')}”"


def copied_text(rows: int, selected: int) -> str:
    """How many rows were copied, and whether that is all of them."""
    if rows < selected and rows >= MOST_SELECTED:
        text = translate("Log", "copied the first {rows} of {selected} rows")
        return text.format(rows=count(rows), selected=count(selected))
    return (
        translate("Log", "copied 1 row")
        if rows == 1
        else translate("Log", "copied {rows} rows").format(rows=count(rows))
    )
