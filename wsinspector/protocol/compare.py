"""Two heads side by side, line by line, down to case, order, repetition and blanks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import OWS, Head, HeadLine
from wsinspector.protocol.spans import Span

GENERATED_NAMES = frozenset(
    {
        b"sec-websocket-key",
        b"sec-websocket-accept",
        b"sec-websocket-key1",
        b"sec-websocket-key2",
        b"sec-websocket-nonce",
    }
)
"""Fields that are new in every attempt: their values never count as a difference."""

_THIRD_KEY_WITH = b"sec-websocket-key1"
_THIRD_KEY_BYTES = 8
"""Behind a head with that key they are drawn as it is: for hixie-76 to hybi-03."""

_MATCH_LIMIT = 600  # lines; beyond it lines are matched by name alone, which costs less


@dataclass(frozen=True, slots=True)
class LineDiff:
    """One row of the comparison.

    ``kind``: same, changed, only-left, only-right, moved (only the place differs) or generated
    (only a generated value differs). ``what`` holds the differences: start-line, case (of the
    name), value, blanks, fold, ending, order, repetition (the other side has the name less often), tail.
    A tail, the bytes behind the head, stands in the ``value`` of a line without name and ending.
    """

    kind: str
    left: HeadLine | None
    right: HeadLine | None
    what: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        return self.kind not in ("same", "generated")


def compare_heads(a: bytes, b: bytes, *, generated: Collection[bytes] = GENERATED_NAMES) -> list[LineDiff]:
    """Compare two heads of either kind; the first row is the start line, in ``name``.

    Rows stand in the order of ``b``; lines only ``a`` has stand behind the line they follow in
    ``a``. ``generated`` are names in lower case; where a draft is compared, its ``fresh_names()``.
    """
    left, right = parse_request(a), parse_request(b)
    start = _start(_start_row(left), _start_row(right))
    rows = [start, *_lines(left.lines, right.lines, frozenset(generated))]
    if left.terminator != right.terminator:
        rows.append(_terminator(left.terminator, left.span, right.terminator, right.span))
    tails = a[left.span.end :], b[right.span.end :]
    if any(tails):
        keys = _THIRD_KEY_WITH in generated and left.named(_THIRD_KEY_WITH) and right.named(_THIRD_KEY_WITH)
        drawn = bool(keys) and len(tails[0]) == len(tails[1]) == _THIRD_KEY_BYTES
        rows.append(_tails(*tails, left.span.end, right.span.end, drawn=drawn))
    return rows


def differing(rows: Sequence[LineDiff]) -> int:
    """How many rows count as a difference."""
    return sum(row.differs for row in rows)


def _start_row(head: Head) -> HeadLine:
    begin = head.span.start
    end = begin + len(head.start_line) + len(head.start_ending)
    return HeadLine(head.start_line, b"", b"", head.start_ending, Span(begin, end))


def _start(left: HeadLine, right: HeadLine) -> LineDiff:
    what = []
    if left.name != right.name:
        what.append("start-line")
    if left.ending != right.ending:
        what.append("ending")
    return LineDiff("changed" if what else "same", left, right, tuple(what))


def _terminator(left: bytes, left_span: Span, right: bytes, right_span: Span) -> LineDiff:
    def line(ending: bytes, span: Span) -> HeadLine | None:
        return HeadLine(b"", b"", b"", ending, Span(span.end - len(ending), span.end)) if ending else None

    kind = "changed" if left and right else "only-left" if left else "only-right"
    return LineDiff(kind, line(left, left_span), line(right, right_span), ("ending",))


def _tails(left: bytes, right: bytes, left_at: int, right_at: int, *, drawn: bool) -> LineDiff:
    def line(data: bytes, at: int) -> HeadLine | None:
        return HeadLine(b"", b"", data, b"", Span(at, at + len(data))) if data else None

    if left == right:
        kind = "same"
    elif drawn:
        kind = "generated"
    else:
        kind = "changed" if left and right else "only-left" if left else "only-right"
    return LineDiff(kind, line(left, left_at), line(right, right_at), ("tail",))


def _lines(
    left: Sequence[HeadLine], right: Sequence[HeadLine], generated: frozenset[bytes]
) -> list[LineDiff]:
    pairs, moved = _pair(left, right)
    by_right = {there: here for here, there in (pairs | moved).items()}
    taken = pairs.keys() | moved.keys()
    left_counts, right_counts = _counts(left), _counts(right)
    only_left: dict[int, list[LineDiff]] = {}
    anchor = -1
    for at, line in enumerate(left):
        if at in pairs:
            anchor = pairs[at]
        elif at not in taken:
            what = ("repetition",) if right_counts.get(_name(line)) else ()
            only_left.setdefault(anchor, []).append(LineDiff("only-left", line, None, what))
    rows = only_left.get(-1, [])
    for at, line in enumerate(right):
        here = by_right.get(at)
        if here is None:
            what = ("repetition",) if left_counts.get(_name(line)) else ()
            rows.append(LineDiff("only-right", None, line, what))
        else:
            rows.append(_pair_row(left[here], line, here in moved, generated))
        rows.extend(only_left.get(at, ()))
    return rows


def _pair(left: Sequence[HeadLine], right: Sequence[HeadLine]) -> tuple[dict[int, int], dict[int, int]]:
    """Left to right: lines that keep their order, and lines that were moved."""
    pairs: dict[int, int] = {}
    ours, theirs = [_bytes(line) for line in left], [_bytes(line) for line in right]
    same = min(len(ours), len(theirs))
    first = next((at for at in range(same) if ours[at] != theirs[at]), same)
    last = next((at for at in range(same - first) if ours[-1 - at] != theirs[-1 - at]), same - first)
    pairs.update((at, at) for at in range(first))
    left_end, right_end = len(ours) - last, len(theirs) - last
    pairs.update((left_end + at, right_end + at) for at in range(last))
    if max(left_end, right_end) - first <= _MATCH_LIMIT:
        gap_left = gap_right = first
        matcher = SequenceMatcher(None, ours[first:left_end], theirs[first:right_end], autojunk=False)
        for block in matcher.get_matching_blocks():
            a, b = first + block.a, first + block.b
            _pair_by_name(left, right, range(gap_left, a), range(gap_right, b), pairs)
            pairs.update((a + step, b + step) for step in range(block.size))
            gap_left, gap_right = a + block.size, b + block.size
    moved: dict[int, int] = {}
    free: dict[bytes, list[int]] = {}
    used = set(pairs.values())
    for at in range(len(right)):
        if at not in used:
            free.setdefault(_name(right[at]), []).append(at)
    for exact in (True, False):
        for at, line in enumerate(left):
            candidates = free.get(_name(line), [])
            if at in pairs or at in moved or not candidates:
                continue
            wanted = [each for each in candidates[:_MATCH_LIMIT] if theirs[each] == ours[at]]
            if wanted or not exact:
                there = (wanted or candidates)[0]
                candidates.remove(there)
                moved[at] = there
    return pairs, moved


def _pair_by_name(
    left: Sequence[HeadLine], right: Sequence[HeadLine], ours: range, theirs: range, pairs: dict[int, int]
) -> None:
    names, others = [_name(left[at]) for at in ours], [_name(right[at]) for at in theirs]
    for block in SequenceMatcher(None, names, others, autojunk=False).get_matching_blocks():
        pairs.update((ours[block.a + step], theirs[block.b + step]) for step in range(block.size))


def _pair_row(left: HeadLine, right: HeadLine, moved: bool, generated: frozenset[bytes]) -> LineDiff:
    what = list(_differences(left, right))
    if what == ["value"] and not moved and _name(left) in generated:
        return LineDiff("generated", left, right, ("value",))
    if moved:
        kind = "changed" if what else "moved"
        return LineDiff(kind, left, right, (*what, "order"))
    return LineDiff("changed" if what else "same", left, right, tuple(what))


def _differences(left: HeadLine, right: HeadLine) -> list[str]:
    found = []
    if left.name.strip(OWS) != right.name.strip(OWS):
        found.append("case")
    if left.trimmed != right.trimmed:
        found.append("value")
    if left.folded != right.folded:
        found.append("fold")
    if (left.between, _edges(left), left.name[:1] in (b" ", b"\t")) != (
        right.between, _edges(right), right.name[:1] in (b" ", b"\t"),
    ):  # fmt: skip
        found.append("blanks")
    if left.ending != right.ending:
        found.append("ending")
    return found


def _edges(line: HeadLine) -> tuple[bytes, bytes]:
    value = line.value
    return value[: len(value) - len(value.lstrip())], value[len(value.rstrip()) :]


def _name(line: HeadLine) -> bytes:
    return line.name.strip(OWS).lower()


def _bytes(line: HeadLine) -> bytes:
    return line.name + line.between + line.value + line.ending


def _counts(lines: Sequence[HeadLine]) -> dict[bytes, int]:
    counts: dict[bytes, int] = {}
    for line in lines:
        counts[_name(line)] = counts.get(_name(line), 0) + 1
    return counts
