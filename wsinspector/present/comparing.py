"""Two heads side by side: every difference marked, generated values muted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from wsinspector.present.heads import ending_name, shown_bytes
from wsinspector.present.secrets import DOTS, secret_spans
from wsinspector.protocol.compare import GENERATED_NAMES, LineDiff, compare_heads
from wsinspector.protocol.http import OWS, HeadLine
from wsinspector.translate import translate

MOST_COMPARED = 600
"""Characters of a line whose differences are looked for one by one."""


@dataclass(frozen=True, slots=True)
class SideText:
    """One line of one side; ``marks`` are the stretches of ``text`` that differ."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CompareRow:
    """A line on both sides, or on one. ``kind`` is that of ``compare_heads``; ``label`` names it."""

    kind: str
    left: SideText | None
    right: SideText | None
    label: str = ""

    @property
    def differs(self) -> bool:
        return self.kind not in ("same", "generated")

    def spoken(self) -> str:
        """Both sides and what differs, for a screen reader."""
        left = self.left.text if self.left is not None else translate("Compare", "nothing")
        right = self.right.text if self.right is not None else translate("Compare", "nothing")
        if not self.differs:
            return f"{left}, {self.label or translate('Compare', 'the same')}"
        return translate("Compare", "{0}: left {1}, right {2}").format(self.label, left, right)


def compare_rows(
    left: bytes, right: bytes, *, generated: Collection[bytes] = GENERATED_NAMES
) -> tuple[CompareRow, ...]:
    """The rows for two requests or two answers' heads; ``generated`` as ``compare_heads`` has it."""
    return tuple(_row(diff) for diff in compare_heads(left, right, generated=generated))


def mirror_rows(sent: bytes, received: bytes) -> tuple[CompareRow, ...]:
    """The rows for one request as it was sent and as it arrived: here a key that differs is a difference."""
    return compare_rows(sent, received, generated=())


def _row(diff: LineDiff) -> CompareRow:
    left, right = _text(diff.left), _text(diff.right)
    if left is not None and right is not None and diff.kind not in ("same", "generated"):
        left_marks, right_marks = marks_between(left, right)
    else:
        left_marks = right_marks = ()
    return CompareRow(
        diff.kind,
        SideText(left, left_marks) if left is not None else None,
        SideText(right, right_marks) if right is not None else None,
        _label(diff),
    )


def _masked(data: bytes, name: bytes = b"") -> str:
    """``data``, the value of the field ``name``, or bytes of no field, without what is secret in it."""
    shown, at = "", 0
    for span in secret_spans(name, data):
        shown += shown_bytes(data[at : span.start]) + DOTS
        at = span.end
    return shown + shown_bytes(data[at:])


def _masked_start(line: HeadLine) -> str:
    """A start line, or a line without a colon, which stands wholly in ``name``."""
    shown = _masked(line.name)
    return shown if line.ending == b"\r\n" else f"{shown} [{ending_name(line.ending)}]"


def _text(line: HeadLine | None) -> str | None:
    """The line with its odd blanks and ending visible and its secrets masked."""
    if line is None:
        return None
    if not line.name and not line.between and not line.ending:
        return translate("Compare", "behind the head: {0}").format(_masked(line.value))
    if not line.name and not line.between and not line.value:
        return translate("Compare", "blank line") + f" [{ending_name(line.ending)}]"
    if not line.between:
        return _masked_start(line)
    shown = _masked(line.value, line.name.strip(OWS).lower())
    bare = shown.rstrip(" ")
    shown = bare + "␣" * (len(shown) - len(bare))
    between = shown_bytes(line.between)
    if line.between not in (b": ", b""):
        between = between.replace(" ", "␣")
    ending = "" if line.ending == b"\r\n" else f" [{ending_name(line.ending)}]"
    return shown_bytes(line.name) + between + shown + ending


_WHAT = {
    "case": "letter case",
    "value": "value",
    "order": "order",
    "blanks": "white space",
    "ending": "line ending",
    "repetition": "repetition",
    "fold": "folding",
    "start-line": "start line",
    "tail": "bytes",
}


def _label(diff: LineDiff) -> str:
    match diff.kind:
        case "same":
            return ""
        case "generated":
            return translate("Compare", "generated")
        case "only-left":
            return translate("Compare", "only left")
        case "only-right":
            return translate("Compare", "only right")
    words = [translate("Compare", _WHAT.get(one, one)) for one in diff.what]
    if diff.kind == "moved" and not words:
        words = [translate("Compare", "order")]
    return ", ".join(words)


def marks_between(left: str, right: str) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """The stretches of each text that the other does not have, letter by letter."""
    matcher = SequenceMatcher(None, left[:MOST_COMPARED], right[:MOST_COMPARED], autojunk=False)
    lefts: list[tuple[int, int]] = []
    rights: list[tuple[int, int]] = []
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag != "equal":
            if a1 > a0:
                lefts.append((a0, a1))
            if b1 > b0:
                rights.append((b0, b1))
    if left[MOST_COMPARED:] != right[MOST_COMPARED:]:
        lefts.append((min(MOST_COMPARED, len(left)), len(left)))
        rights.append((min(MOST_COMPARED, len(right)), len(right)))
    return _joined(lefts), _joined(rights)


def _joined(stretches: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Neighbouring stretches as one where an equal letter or two between them only flicker."""
    joined: list[tuple[int, int]] = []
    for start, end in stretches:
        if joined and start - joined[-1][1] <= 2:
            joined[-1] = (joined[-1][0], end)
        elif end > start:
            joined.append((start, end))
    return tuple(joined)
