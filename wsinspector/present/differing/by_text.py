"""Two texts compared line by line, and within a line that changed character by character."""

from wsinspector.present.comparing import CompareRow, SideText, marks_between
from wsinspector.present.differing.compared import Compared, Kind, Limits, Meter, Side
from wsinspector.present.differing.edits import edits
from wsinspector.present.numbers import count
from wsinspector.present.plain import decoded, visible
from wsinspector.translate import translate

MOST_BYTES = 1 << 20
AROUND = 2
"""Lines shown around those that differ."""

LONGEST = 500
BEFORE = 80
"""Characters of a long line that are shown before its first difference."""


def compare_text(left: Side, right: Side, limits: Limits) -> Compared:
    """Lines that differ with two around them; the first MiB of each side."""
    cut = any(side.pages.length() > MOST_BYTES for side in (left, right))
    a, b = (decoded(side.pages.read(0, MOST_BYTES)).split("\n") for side in (left, right))
    found = edits(a, b)
    meter = Meter(limits)
    rows: list[CompareRow] = []
    differing = 0
    done = 0  # lines of the left that were told of
    for at, edit in enumerate(found):
        _same(rows, a, done, edit.left_start, b, edit.right_start - edit.left_start, first=not at)
        olds, news = a[edit.left_start : edit.left_end], b[edit.right_start : edit.right_end]
        for index in range(max(len(olds), len(news))):
            if meter.spend(len(rows)):
                rows.append(_changed(olds, news, index, edit.left_start, edit.right_start))
            differing += 1
        done = edit.left_end
    if found:
        _same(rows, a, done, len(a), b, found[-1].right_end - found[-1].left_end, last=True)
    return Compared(Kind.TEXT, tuple(rows[: limits.rows]), _told(differing, meter, cut), bool(found))


def _told(differing: int, meter: Meter, cut: bool) -> str:
    if not differing:
        told = translate("Differing", "no line differs")
    elif differing == 1:
        told = translate("Differing", "1 line differs")
    else:
        told = translate("Differing", "{count} lines differ").format(count=count(differing))
    if meter.over:
        told += translate("Differing", ", the first of them shown")
    if cut:
        told += translate("Differing", "; only the first MiB of each was compared")
    return told


def _same(
    rows: list[CompareRow],
    lines: list[str],
    start: int,
    end: int,
    other: list[str],
    shift: int,
    *,
    first: bool = False,
    last: bool = False,
) -> None:
    """Lines ``start`` to ``end`` are the same: those beside a difference, and how many lie between."""
    head = 0 if first else AROUND
    tail = 0 if last else AROUND
    if end - start > head + tail + 1:
        for at in range(start, start + head):
            rows.append(_kept(lines[at], at, shift))
        between = end - start - head - tail
        rows.append(
            CompareRow(
                "same",
                SideText(translate("Differing", "… %n line(s) the same", "", between)),
                SideText(""),
            )
        )
        start = end - tail
    for at in range(start, end):
        rows.append(_kept(lines[at], at, shift))


def _kept(line: str, at: int, shift: int) -> CompareRow:
    text = SideText(_line(line))
    return CompareRow("same", text, text, "")


def _changed(olds: list[str], news: list[str], at: int, left: int, right: int) -> CompareRow:
    if at < len(olds) and at < len(news):
        old, new = _near_the_difference(olds[at], news[at])
        old_marks, new_marks = marks_between(old, new)
        label = translate("Differing", "line {line}").format(line=count(left + at + 1))
        if left != right:
            label = translate("Differing", "line {line} | {other}").format(
                line=count(left + at + 1), other=count(right + at + 1)
            )
        return CompareRow("value", SideText(old, old_marks), SideText(new, new_marks), label)
    if at < len(olds):
        label = translate("Differing", "line {line}, only left").format(line=count(left + at + 1))
        return CompareRow("left", SideText(_line(olds[at])), None, label)
    label = translate("Differing", "line {line}, only right").format(line=count(right + at + 1))
    return CompareRow("right", None, SideText(_line(news[at])), label)


def _near_the_difference(old: str, new: str) -> tuple[str, str]:
    """Both lines; of long ones what is around the first difference."""
    if max(len(old), len(new)) <= LONGEST:
        return _line(old), _line(new)
    both = enumerate(zip(old, new, strict=False))
    same = next((at for at, (one, other) in both if one != other), min(len(old), len(new)))
    start = max(0, same - BEFORE)
    lead = ""
    if start:
        lead = translate("Differing", "…%n character(s) the same… ", "", start)
    return lead + _line(old[start:]), lead + _line(new[start:])


def _line(line: str) -> str:
    shown = visible(line)
    return shown if len(shown) <= LONGEST else shown[:LONGEST] + "…"
