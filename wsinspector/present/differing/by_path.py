"""Two JSON texts compared by path: members by name, elements by place, literals as they came."""

import json
from decimal import Decimal, InvalidOperation

from wsinspector.present.comparing import CompareRow, SideText, marks_between
from wsinspector.present.differing.compared import Compared, Kind, Limits, Meter, Side
from wsinspector.present.differing.edits import Edit, edits
from wsinspector.present.numbers import count
from wsinspector.present.pages import Pages
from wsinspector.present.plain import preview, visible
from wsinspector.present.views.json_scan import Broken, Member, Window, closing_of, members
from wsinspector.present.views.json_tree import path_step
from wsinspector.translate import translate

DEEPEST = 100
LONGEST = 300
SMALL = 4096
"""Bytes of a value that are read to be compared at once; of a longer one only whether it is the same."""

MOST_ELEMENTS = 20_000
CHUNK = 64 << 10
_BLANKS = b" \t\r\n"


def compare_json(left: Side, right: Side, limits: Limits) -> Compared:
    """A row a path whose value differs, or that only one side has."""
    comparison = _Comparison(left.pages, right.pages, limits)
    roots = [_root(pages) for pages in (left.pages, right.pages)]
    if roots[0] is None or roots[1] is None:
        which = translate("Differing", "the left is no JSON") if roots[0] is None else ""
        if not which:
            which = translate("Differing", "the right is no JSON")
        return Compared(Kind.JSON, (), which, differs=True)
    comparison.values(roots[0], roots[1], "$", 0)
    return Compared(Kind.JSON, tuple(comparison.rows), comparison.told(), bool(comparison.rows))


def _root(pages: Pages) -> Member | None:
    head = pages.read(0, SMALL)
    start = len(head) - len(head.lstrip(_BLANKS))
    return Member("", start, pages.length()) if start < len(head) else None


class _Comparison:
    def __init__(self, left: Pages, right: Pages, limits: Limits) -> None:
        self._pages = (left, right)
        self._meter = Meter(limits)
        self.rows: list[CompareRow] = []
        self._moved = 0
        self._broken = ""

    def told(self) -> str:
        rows = len(self.rows)
        if not rows:
            told = translate("Differing", "no value differs")
        elif rows == 1:
            told = translate("Differing", "1 value differs")
        else:
            told = translate("Differing", "{count} values differ").format(count=count(rows))
        if self._moved:
            told += translate("Differing", "; members stand in another order at {count} places").format(
                count=count(self._moved)
            )
        if self._broken:
            told += f"; {self._broken}"
        if self._meter.over:
            told += translate("Differing", "; stopped early, what is behind was not compared")
        return told

    def values(self, left: Member, right: Member, path: str, depth: int) -> None:
        """Compare two values; rows are added for what differs within."""
        if not self._meter.spend(len(self.rows)):
            return
        kinds = self._first(0, left), self._first(1, right)
        nested = kinds[0] == kinds[1] and kinds[0] in (b"{", b"[")
        if self._alike(left, right):
            return
        if nested and depth < DEEPEST:
            inside = self._members(0, left), self._members(1, right)
            if kinds[0] == b"{":
                self._objects(*inside, path, depth + 1)
            else:
                self._arrays(*inside, path, depth + 1)
            return
        self._changed(left, right, path)

    def _first(self, side: int, member: Member) -> bytes:
        return self._pages[side].read(member.start, min(member.start + 1, member.end))

    def _alike(self, left: Member, right: Member) -> bool:
        """Whether the bytes are the same."""
        size = left.end - left.start
        if size != right.end - right.start:
            return False
        for at in range(0, size, CHUNK):
            stop = min(at + CHUNK, size)
            one = self._pages[0].read(left.start + at, left.start + stop)
            if one != self._pages[1].read(right.start + at, right.start + stop):
                return False
        return True

    def _members(self, side: int, value: Member) -> list[Member]:
        window = Window(self._pages[side])
        found: list[Member] = []
        closing = closing_of(self._first(side, value)[0])
        for member in members(window, value.start + 1, closing):
            if isinstance(member, Member):
                found.append(member)
                if not self._meter.spend(len(self.rows)):
                    break
            elif isinstance(member, Broken):
                text = translate("Differing", "the left is no JSON from byte {at} on")
                if side:
                    text = translate("Differing", "the right is no JSON from byte {at} on")
                self._broken = text.format(at=count(member.at))
        return found

    def _objects(self, left: list[Member], right: list[Member], path: str, depth: int) -> None:
        waiting: dict[str, list[Member]] = {}
        for member in right:
            waiting.setdefault(member.key, []).append(member)
        shared = []
        for member in left:
            others = waiting.get(member.key)
            if not others:
                self._only(0, member, path + path_step(member.key))
                continue
            other = others.pop(0)  # the first of the same name with the first, the second with the second
            shared.append(other.start)
            self.values(member, other, path + path_step(member.key), depth)
        if shared != sorted(shared):
            self._moved += 1
        for member in right:
            if any(member is other for other in waiting.get(member.key, ())):
                self._only(1, member, path + path_step(member.key))

    def _arrays(self, left: list[Member], right: list[Member], path: str, depth: int) -> None:
        if max(len(left), len(right)) > MOST_ELEMENTS:
            stretches = [Edit(0, len(left), 0, len(right))]
        else:
            stretches = edits(self._written(0, left), self._written(1, right))
        for left_start, left_end, right_start, right_end in stretches:
            both = min(left_end - left_start, right_end - right_start)
            for at in range(both):
                index = left_start + at
                self.values(left[index], right[right_start + at], f"{path}[{index}]", depth)
            for index in range(left_start + both, left_end):
                self._only(0, left[index], f"{path}[{index}]")
            for index in range(right_start + both, right_end):
                self._only(1, right[index], f"{path}[{index}]")

    def _written(self, side: int, found: list[Member]) -> list[bytes | int]:
        """Elements as they are written; a long one by its place, so that it meets its own."""
        pages = self._pages[side]
        return [
            pages.read(member.start, member.end) if member.end - member.start <= SMALL else at
            for at, member in enumerate(found)
        ]

    def _changed(self, left: Member, right: Member, path: str) -> None:
        whole = max(left.end - left.start, right.end - right.start) <= SMALL
        a, b = self._raw(0, left), self._raw(1, right)
        if not whole and a == b and self._alike(left, right):
            return
        label = path
        if whole and same_value(a, b):
            label = translate("Differing", "{path}, the same value written otherwise").format(path=path)
        old, new = preview(a, LONGEST), preview(b, LONGEST)
        old_marks, new_marks = marks_between(old, new)
        self.rows.append(
            CompareRow("value", SideText(old, old_marks), SideText(new, new_marks), visible(label))
        )

    def _only(self, side: int, member: Member, path: str) -> None:
        if not self._meter.spend(len(self.rows)):
            return
        text = SideText(preview(self._raw(side, member), LONGEST))
        if side:
            label = visible(translate("Differing", "{path}, only right").format(path=path))
            self.rows.append(CompareRow("right", None, text, label))
        else:
            label = visible(translate("Differing", "{path}, only left").format(path=path))
            self.rows.append(CompareRow("left", text, None, label))

    def _raw(self, side: int, member: Member) -> bytes:
        return self._pages[side].read(member.start, min(member.end, member.start + SMALL)).rstrip(_BLANKS)


def same_value(left: bytes, right: bytes) -> bool:
    """Whether two literals mean the same: ``1.10`` and ``1.1``, ``"\\u0041"`` and ``"A"``."""
    try:
        if left[:1] == right[:1] == b'"':
            return bool(json.loads(left) == json.loads(right))
        if left[:1] in b'"tfn[{' or right[:1] in b'"tfn[{':
            return False
        return Decimal(left.decode()) == Decimal(right.decode())
    except (ValueError, InvalidOperation, RecursionError):
        return False
