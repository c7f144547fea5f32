"""What the log says of itself: how many rows there are, and why there are none."""

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.present.numbers import count
from wsinspector.present.search import WordSearch
from wsinspector.translate import translate
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.inspect.log_table import MOST_SELECTED


def count_text(model: LogModel, snapshot: AttemptSnapshot, search: WordSearch | None) -> str:
    """How many frames there are, how far reading them is, or how many of them ``search`` found."""
    total = len(model.rows.index)
    text = (
        translate("Log", "1 frame")
        if total == 1
        else translate("Log", "{count} frames").format(count=count(total))
    )
    if model.behind > 1000:
        return translate("Log", "reading, {share} %").format(share=100 * total // max(1, snapshot.frames))
    if search is None:
        return text
    found = count(model.rows.matches.count(1) if model.rows.matches is not None else 0)
    if search.done < total:
        share = 100 * search.done // max(1, total)
        return translate("Log", "{found} found, {share} %").format(found=found, share=share)
    return translate("Log", "{found} of {count}").format(found=found, count=text)


def empty_text(snapshot: AttemptSnapshot | None, word: str, *, everything: bool) -> str:
    """What would fill an empty log. ``word``: what is looked for; ``everything``: all kinds are shown."""
    if snapshot is None:
        return translate("Log", "Frames appear here once a connection is open. F5 connects.")
    if snapshot.opened_at is None and not snapshot.undecided:
        return translate("Log", "Nothing opened, so there are no frames.")
    if snapshot.opened_at is None:
        return translate("Log", "Waiting for the answer. Frames follow a 101.")
    if word:
        text = translate("Log", "No payload holds “{word}” so far. Escape empties the filter.")
        return text.format(word=word)
    if not everything:
        return translate("Log", "No row of the pressed kinds. Press Text, Binary, Control or Faults above.")
    if snapshot.live:
        return translate("Log", "Open, and not a frame yet. Send one below, or wait for the peer.")
    return translate("Log", "The connection ended without a frame.")


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
