"""The Markdown that lessons are written in: a small part of it, read into values.

No HTML, no address: a link leads to a word of the glossary or to a rule, a picture lies beside the lesson.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from wsinspector.conversation.sequences.members import Fault
from wsinspector.translate import translate

PICTURES = (".png", ".jpg", ".jpeg")
LINKS = ("glossary", "rule")


class Style(Enum):
    """How a stretch of text is set."""

    PLAIN = "plain"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Span:
    """``target``: of a link, "glossary:masking" or "rule:version-list"."""

    text: str
    style: Style = Style.PLAIN
    target: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list; ``mark`` stands before it: "•" or "1."."""

    mark: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Lines as they stand."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """``name``: a file beside the lesson. ``alt``: what it shows, in words."""

    name: str
    alt: str


Block = Paragraph | Item | Code | Picture
Known = Callable[[str, str], bool]
"""(kind of link, name) to whether there is such a word or rule."""

_SPAN = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|\*(?P<emphasis>[^*\s][^*\n]*)\*"
    r"|!\[(?P<alt>[^\]\n]*)\]\((?P<picture>[^)\n]*)\)"
    r"|\[(?P<link>[^\]\n]+)\]\((?P<target>[^)\n]*)\)"
    r"|(?P<html><(?:[A-Za-z/!?])[^>\n]*>?)"
)
_ITEM = re.compile(r"(?:[-*]|(?P<number>\d{1,3})[.)]) +(?P<text>.*)")
_PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<name>[^)]*)\)")


class Prose:
    """Collects blocks line by line; ``faults`` grows with what may not stand in a lesson."""

    def __init__(self, faults: list[Fault], known: Known) -> None:
        self.blocks: list[Block] = []
        self._faults = faults
        self._known = known
        self._open: list[str] = []
        self._mark = ""
        self._line = 0

    def take(self, line: str, number: int) -> None:
        """Read one line of text; ``number`` is that of the file."""
        text = line.strip()
        picture = _PICTURE.fullmatch(text)
        item = _ITEM.fullmatch(text)
        if not text:
            self.end()
        elif picture is not None:
            self.end()
            self._picture(picture["name"], picture["alt"], number)
        elif item is not None:
            self.end()
            self._mark = f"{item['number']}." if item["number"] else "•"
            self._begin(item["text"], number)
        else:
            self._begin(text, number)

    def code(self, lines: list[str]) -> None:
        """Take lines as they stand."""
        self.end()
        self.blocks.append(Code("\n".join(lines)))

    def end(self) -> None:
        """A paragraph is over."""
        if not self._open:
            return
        spans = spans_of(" ".join(self._open), self._line, self._faults, self._known)
        self.blocks.append(Item(self._mark, spans) if self._mark else Paragraph(spans))
        self._open.clear()
        self._mark = ""

    def _begin(self, text: str, number: int) -> None:
        if not self._open:
            self._line = number
        self._open.append(text)

    def _picture(self, name: str, alt: str, number: int) -> None:
        why = wrong_picture(name)
        if not why and not alt.strip():
            why = translate("Lesson", "The picture {0} needs words that say what it shows.").format(name)
        if why:
            self._faults.append(Fault(number, why))
        else:
            self.blocks.append(Picture(name, alt))


def wrong_picture(name: str) -> str:
    """Why ``name`` cannot be a picture of a lesson; empty where it can."""
    if "/" in name or "\\" in name or ":" in name or name.startswith("."):
        text = translate(
            "Lesson", "The picture {0} does not lie beside the lesson: only a bare name may stand."
        )
        return text.format(name or "“”")
    if not name.lower().endswith(PICTURES):
        return translate("Lesson", "A picture is a file {0}, not {1}.").format(
            ", ".join(PICTURES), name or "“”"
        )
    return ""


def spans_of(text: str, line: int, faults: list[Fault], known: Known) -> tuple[Span, ...]:
    """The stretches of a paragraph; what may not stand there becomes a fault and stays as it is written."""
    found: list[Span] = []
    at = 0
    for match in _SPAN.finditer(text):
        if match.start() > at:
            found.append(Span(text[at : match.start()]))
        at = match.end()
        if match["code"]:
            found.append(Span(match["code"], Style.CODE))
        elif match["strong"]:
            found.append(Span(match["strong"], Style.STRONG))
        elif match["emphasis"]:
            found.append(Span(match["emphasis"], Style.EMPHASIS))
        elif match["link"]:
            found.append(_link(match["link"], match["target"], line, faults, known))
        else:
            if match["html"]:
                why = translate("Lesson", "There is no HTML in a lesson: {0}. Code stands in `…`.")
                faults.append(Fault(line, why.format(match["html"])))
            else:
                why = translate("Lesson", "A picture stands on a line of its own.")
                faults.append(Fault(line, why))
            found.append(Span(match[0]))
    if at < len(text):
        found.append(Span(text[at:]))
    return tuple(found)


def _link(text: str, target: str, line: int, faults: list[Fault], known: Known) -> Span:
    kind, _, name = target.partition(":")
    if kind not in LINKS or not name:
        why = translate("Lesson", "A link leads to glossary:… or rule:…, not to {0}.")
        faults.append(Fault(line, why.format(target or "“”")))
    elif not known(kind, name):
        faults.append(Fault(line, translate("Lesson", "There is no {0} called {1}.").format(kind, name)))
    return Span(text, Style.LINK, target)


def plain(blocks: tuple[Block, ...]) -> str:
    """The blocks as plain text, for a screen reader or a terminal."""
    lines = []
    for block in blocks:
        match block:
            case Paragraph(spans):
                lines.append("".join(span.text for span in spans))
            case Item(mark, spans):
                lines.append(f"{mark} " + "".join(span.text for span in spans))
            case Code(text):
                lines.append(text)
            case Picture(_, alt):
                lines.append(alt)
    return "\n".join(lines)
