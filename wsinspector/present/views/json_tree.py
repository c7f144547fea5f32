"""JSON as a tree that is scanned where it is opened, each literal as it came, duplicate members kept."""

import re
from collections.abc import Iterator

from wsinspector.present.jsontext import looks_like_json
from wsinspector.present.plain import decoded, visible
from wsinspector.present.views.contents import Budget, Node, Sample, Shown, Source, Tree, in_slices
from wsinspector.present.views.json_scan import Member, members
from wsinspector.translate import translate

LONGEST = 300
BEHIND = 16 << 10
_PLAIN_KEY = re.compile(r'"[A-Za-z_]\w*"', re.ASCII)


class JsonTree:
    """Where JSON is too long to be laid out as text it comes by itself."""

    id = "json-tree"

    @property
    def name(self) -> str:
        return translate("Views", "JSON tree")

    def fits(self, sample: Sample) -> int:
        if not looks_like_json(sample.data):
            return 0
        return 60 if sample.total > 1 << 20 else 40

    def show(self, source: Source, budget: Budget) -> Shown | None:
        if not looks_like_json(source.data):
            return None
        text, bad = _decoded(source.data)
        at = len(text) - len(text.lstrip())
        if text[at : at + 1] not in ("{", "["):
            return None
        left = ""
        if bad is not None and (bad < len(source.data) - 3 or len(source.data) == source.total):
            left = translate("Views", "not UTF-8 from byte {at} on, little is shown behind it").format(at=bad)
        elif len(source.data) < source.total:
            left = translate("Views", "only the beginning was read, members behind it are not shown")
        return Tree(in_slices(_nodes(text, at, "$", budget), budget, _more()), left)


def json_node(name: str, value: str, budget: Budget, meaning: str = "") -> Node:
    """A value as written, ``value``, as one line, opened where it is an object or an array."""
    return _node(value, Member("", 0, len(value)), visible(name), "$", budget, meaning)


def _decoded(data: bytes) -> tuple[str, int | None]:
    """The text, and where it is no UTF-8; of what is behind that only some, as escapes are slow to make."""
    try:
        return data.decode(), None
    except UnicodeDecodeError as error:
        return decoded(data[: error.start + BEHIND]), error.start


def _more() -> str:
    return translate("Views", "not scanned yet, open to go on")


def _nodes(text: str, at: int, path: str, budget: Budget) -> Iterator[Node | None]:
    number = 0
    for member in members(text, at):
        if member is None:
            yield None
            continue
        if not member.key:
            name, step = str(number), f"[{number}]"
        elif _PLAIN_KEY.fullmatch(member.key):
            name, step = member.key[1:-1], f".{member.key[1:-1]}"
        else:
            name = visible(member.key[1:-1] if member.key[:1] == '"' else member.key)
            step = f"[{visible(member.key)}]"
        number += 1
        yield _node(text, member, name, path + step, budget, "")


def _node(text: str, member: Member, name: str, path: str, budget: Budget, meaning: str) -> Node:
    start = member.start
    first = text[start : start + 1]
    shown = visible(text[start : min(member.end, start + LONGEST)])
    if member.end - start > LONGEST:
        shown += "…"
    if not member.whole:
        meaning = translate("Views", "cut off")
    if first in ("{", "[") and first:
        return Node(
            name,
            shown,
            meaning,
            "mark",
            path,
            lambda: in_slices(_nodes(text, start, path, budget), budget, _more()),
        )
    role = "string" if first == '"' else "literal" if shown in ("true", "false", "null") else "number"
    return Node(name, shown, meaning, role, path)
