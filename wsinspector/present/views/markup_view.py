"""XML and HTML laid out by their tags, as text: nothing is rendered, no entity expanded, nothing fetched."""

import re
from collections.abc import Iterator

from wsinspector.present.jsontext import Piece
from wsinspector.present.numbers import count
from wsinspector.present.plain import decoded, visible
from wsinspector.present.views.contents import Budget, Sample, Shown, Source, Text
from wsinspector.translate import translate

SHOWN = 256 << 10
DEEPEST = 40
MOST_PIECES = 40_000
INDENT = "  "

_BEGINS = re.compile(r"\ufeff?\s*<(?:\?xml\b|!doctype\b|!--|[A-Za-z_][\w.:-]*(?:\s|/?>))", re.IGNORECASE)
_PART = re.compile(
    r"(?P<comment><!--.*?(?:-->|\Z))"
    r"|(?P<data><!\[CDATA\[.*?(?:\]\]>|\Z))"
    r"|(?P<told><\?.*?(?:\?>|\Z))"
    r"|(?P<type><![A-Za-z](?:[^>\[\"']++|\"[^\"]*+\"|'[^']*+'|\[[^\]]*+\])*(?:>|\Z)?)"
    r"|(?P<tag></?[A-Za-z_](?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*>?)"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL,
)
_NAME = re.compile(r"</?([A-Za-z_][\w.:-]*)")
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_ENTITY = re.compile(r"&#?\w{1,32};")
_RAW = ("script", "style")
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track")
)
"""HTML's elements without an end tag."""


class Markup:
    """Lines and indents are ours; the order of all else is as it came."""

    id = "markup"
    reaches_all = False

    @property
    def name(self) -> str:
        return translate("Views", "XML or HTML")

    def fits(self, sample: Sample) -> int:
        return 70 if _BEGINS.match(decoded(sample.data[:256])) else 0

    def show(self, source: Source, budget: Budget) -> Shown | None:
        text = decoded(source.data[:SHOWN])
        if not _BEGINS.match(text):
            return None
        end = budget.clock() + 4 * budget.seconds
        pieces: list[Piece] = []
        reached = 0
        for behind, made in _laid_out(text):
            pieces += made
            reached = behind
            if len(pieces) > MOST_PIECES or budget.clock() >= end:
                break
        else:
            reached = len(text)
        note = translate("Views", "laid out by its tags, nothing rendered")
        if reached < len(text):
            said = translate("Views", "{note}; the first {count} characters laid out")
            note = said.format(note=note, count=count(reached))
        elif source.total > SHOWN:
            said = translate("Views", "{note}; the first {count} bytes laid out")
            note = said.format(note=note, count=count(min(SHOWN, len(source.data))))
        return Text(tuple(pieces), note)


def _laid_out(text: str) -> Iterator[tuple[int, list[Piece]]]:
    """``(where it ends in text, its pieces)`` of one part after the other."""
    html = bool(re.match(r"\ufeff?\s*<(?:!doctype\s+html|html)\b", text, re.IGNORECASE))
    depth, at, first = 0, 0, True
    opened = False  # the line before is an open tag, behind which short text may stand
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:  # every character is a part, so this ends what cannot be
            return
        at = match.end()
        part, kind = match.group(), match.lastgroup
        if kind == "text":
            said = part.strip()
            if not said:
                continue
            close = _PART.match(text, at)
            beside = opened and close is not None and close.group().startswith("</") and "\n" not in said
            made = [] if beside or first else [Piece("\n" + INDENT * min(depth, DEEPEST), "plain")]
            made += _entities(said)
            if beside and close is not None:
                depth = max(0, depth - 1)
                at = close.end()
                made += _tag(close.group())
            opened = False
        elif kind == "tag":
            name = _NAME.match(part)
            called = name.group(1) if name is not None else ""
            ends = part.startswith("</")
            if ends:
                depth = max(0, depth - 1)
            empty = opened and ends
            made = [] if first or empty else [Piece("\n" + INDENT * min(depth, DEEPEST), "plain")]
            made += _tag(part)
            lone = part.endswith("/>") or (html and called.lower() in _VOID)
            opened = not ends and not lone
            if opened:
                depth += 1
            if opened and html and called.lower() in _RAW:
                close_at = re.compile(f"</{called}", re.IGNORECASE).search(text, at)
                stop = close_at.start() if close_at is not None else len(text)
                made.append(Piece(visible(text[at:stop], lines=True), "plain"))
                at = stop
        else:
            made = [] if first else [Piece("\n" + INDENT * min(depth, DEEPEST), "plain")]
            made.append(Piece(visible(part, lines=True), "literal" if kind == "comment" else "mark"))
            opened = False
        first = False
        yield at, made


def _tag(part: str) -> list[Piece]:
    """Name and brackets as a key, values as strings."""
    made: list[Piece] = []
    at = 0
    for value in _VALUE.finditer(part):
        made.append(Piece(visible(part[at : value.start()], lines=True), "key"))
        made.append(Piece(visible(value.group(), lines=True), "string"))
        at = value.end()
    made.append(Piece(visible(part[at:], lines=True), "key"))
    return made


def _entities(text: str) -> list[Piece]:
    made: list[Piece] = []
    at = 0
    for entity in _ENTITY.finditer(text):
        if entity.start() > at:
            made.append(Piece(visible(text[at : entity.start()], lines=True), "plain"))
        made.append(Piece(entity.group(), "number"))
        at = entity.end()
    if at < len(text):
        made.append(Piece(visible(text[at:], lines=True), "plain"))
    return made
