"""JSON as a tree that is scanned where it is opened, each literal as it came, duplicate members kept."""

import re
from collections.abc import Iterator

from wsinspector.present.jsontext import looks_like_json
from wsinspector.present.numbers import count
from wsinspector.present.pages import HeldPages, Pages
from wsinspector.present.plain import decoded, preview, visible
from wsinspector.present.views.contents import Budget, Node, Sample, Shown, Source, Tree, in_slices
from wsinspector.present.views.json_scan import Broken, Closed, Member, Window, closing_of, members
from wsinspector.protocol.messages import first_bad_utf8
from wsinspector.translate import translate

LONGEST = 300
COPIED = 1 << 20
"""Bytes of a value that are copied at the most."""

SIDE_BY_SIDE = 500
"""Members on one level; more of them stand in ranges, and these in longer ranges."""

_PLAIN_KEY = re.compile(r'"[A-Za-z_]\w*"', re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_LITERALS = ("true", "false", "null")
_BLANKS = b" \t\r\n"


class JsonTree:
    """Where JSON is too long to be laid out as text it comes by itself."""

    id = "json-tree"
    reaches_all = True

    @property
    def name(self) -> str:
        return translate("Views", "JSON tree")

    def fits(self, sample: Sample) -> int:
        if not looks_like_json(sample.data):
            return 0
        return 60 if sample.total > 1 << 20 else 40

    def show(self, source: Source, budget: Budget) -> Shown | None:
        at = len(source.data) - len(source.data.lstrip())
        first = source.data[at : at + 1]
        if first not in (b"{", b"["):
            return None
        pages = source.whole
        left = ""
        bad = first_bad_utf8(source.data)
        if bad is not None and (bad < len(source.data) - 3 or len(source.data) == source.total):
            left = translate("Views", "not UTF-8 at byte {at}; such bytes stand as \\xNN").format(
                at=count(bad)
            )
        elif pages.length() < source.total:
            left = translate("Views", "only the beginning was read, members behind it are not shown")
        level = _Level(pages, at + 1, closing_of(first[0]), "$", budget)
        return Tree(level.nodes(root=pages.length() >= source.total), left)


def path_step(key: str) -> str:
    """What a member's ``key``, as it is written, adds to a path: ``.name`` or ``["a name"]``."""
    return f".{key[1:-1]}" if _PLAIN_KEY.fullmatch(key) else f"[{visible(key)}]"


def json_node(name: str, value: str, budget: Budget, meaning: str = "") -> Node:
    """A value as written, ``value``, as one line, opened where it is an object or an array."""
    data = value.encode("utf-8", "surrogatepass")
    window = Window(HeldPages(data))
    return _node(window, HeldPages(data), Member("", 0, len(data)), visible(name), "$", budget, meaning)


class _Level:
    """The members that follow byte ``at``, numbered from ``first`` on; ``stop``: not that one any more."""

    def __init__(
        self,
        pages: Pages,
        at: int,
        closing: int,
        path: str,
        budget: Budget,
        first: int = 0,
        stop: int | None = None,
    ) -> None:
        self._pages = pages
        self._at = at
        self._closing = closing
        self._path = path
        self._budget = budget
        self._first = first
        self._stop = stop
        self._window = Window(pages)

    def nodes(self, *, root: bool = False) -> tuple[Node, ...]:
        """As many as the budget admits, and one that goes on; ``root``: what lies behind is told too."""
        return in_slices(self._nodes(root), self._budget, self._more)

    def _more(self) -> str:
        text = translate("Views", "scanned to byte {at} of {all}, open to go on")
        return text.format(at=count(self._window.base), all=count(self._window.end))

    def _nodes(self, root: bool) -> Iterator[Node | None]:
        number, begins, group_first = self._first, 0, -1
        for member in members(self._window, self._at, self._closing):
            if member is None:
                yield None
                continue
            over = number == self._stop or not isinstance(member, Member)
            if group_first >= 0 and (over or number - group_first >= self._size(group_first)):
                yield self._range(begins, group_first, number)
                group_first = -1
            if number == self._stop:
                return
            if not isinstance(member, Member):
                yield from self._end(member, root)
                return
            if self._size(number) == 1:
                yield self._member(member, number)
            elif group_first < 0:
                group_first, begins = number, member.at
            number += 1
        if group_first >= 0:
            yield self._range(begins, group_first, number)

    def _size(self, number: int) -> int:
        """How many members one node stands for from ``number`` on."""
        size = 1
        if self._stop is not None:
            while self._stop - self._first > size * SIDE_BY_SIDE:
                size *= SIDE_BY_SIDE
            return size
        while number >= size * SIDE_BY_SIDE:
            size *= SIDE_BY_SIDE
        return size

    def _range(self, at: int, first: int, stop: int) -> Node:
        inner = _Level(self._pages, at, self._closing, self._path, self._budget, first, stop)
        return Node(
            f"{count(first)} … {count(stop - 1)}",
            "",
            translate("Views", "{count} members").format(count=count(stop - first)),
            "mark",
            self._path,
            inner.nodes,
        )

    def _end(self, found: Broken | Closed, root: bool) -> Iterator[Node]:
        if isinstance(found, Broken):
            text = translate("Views", "it ends at byte {at} without being closed")
            if not found.ended:
                text = translate("Views", "no JSON from byte {at} on")
            elif self._path == "$" and not root:
                return  # only the beginning was read, and the note says so
            yield Node("✕", "", text.format(at=count(found.at)), "fault")
        elif root and self._window.piece(found.at, found.at + 4096).strip(_BLANKS):
            text = translate("Views", "more bytes stand behind it, from byte {at} on")
            yield Node("!", "", text.format(at=count(found.at)), "fault")

    def _member(self, member: Member, number: int) -> Node:
        if self._closing == ord("]"):
            name, step = str(number), f"[{number}]"
        else:
            name = visible(member.key[1:-1] if member.key[:1] == '"' else member.key)
            step = path_step(member.key)
        return _node(self._window, self._pages, member, name, self._path + step, self._budget, "")


def _node(
    window: Window, pages: Pages, member: Member, name: str, path: str, budget: Budget, meaning: str
) -> Node:
    start, end = member.start, member.end
    raw = window.piece(start, min(end, start + LONGEST + 1))
    shown = preview(raw, LONGEST)

    def copied() -> str:
        return decoded(pages.read(start, min(end, start + COPIED)))

    if not member.whole:
        meaning = translate("Views", "cut off")
    if raw[:1] in (b"{", b"["):
        level = _Level(pages, start + 1, closing_of(raw[0]), path, budget)
        return Node(name, shown, meaning, "mark", path, level.nodes, copied)
    role = "string" if raw[:1] == b'"' else "literal" if shown in _LITERALS else "number"
    if role == "number" and member.whole and len(raw) <= LONGEST and not _NUMBER.fullmatch(shown):
        role, meaning = "fault", meaning or translate("Views", "no JSON value")
    return Node(name, shown, meaning, role, path, None, copied)
