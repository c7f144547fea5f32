"""Reads the file of a lesson: front matter, Markdown and steps; whatever is wrong has a line and a reason."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from wsinspector.actions.naming import ACTIONS, PLACE
from wsinspector.conversation.sequences.members import Fault, Members
from wsinspector.conversation.sequences.places import Lines
from wsinspector.learn.glossary import term_called
from wsinspector.learn.lessons.model import Act, Ask, Do, Lesson, Point, Step
from wsinspector.learn.lessons.prose import Picture, Prose
from wsinspector.learn.lessons.tables import no_key, read_act, read_ask, read_do, read_point
from wsinspector.translate import translate
from wsinspector.verdicts.catalogue import rule_called

FENCE = "```"
RULE = "+++"
BLOCKS = ("setup", "point", "ask", "do")
LARGEST = 1 << 20
"""Characters of a file that are read."""

MOST_FAULTS = 50

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEY = re.compile(r"\[key:([^\]]*)\]")
_AT = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True, slots=True)
class Read:
    """A lesson, or the faults for which it is refused, by line."""

    lesson: Lesson | None
    faults: tuple[Fault, ...] = ()


Looks = Callable[[str], str]
"""The name of a picture to why it cannot be shown; empty where it can."""


def any_picture(_name: str) -> str:
    """Every picture is there: for a text without a folder."""
    return ""


def read_lesson(text: str, *, picture: Looks = any_picture) -> Read:
    """Read a lesson; never raises. With a single fault there is no lesson."""
    if len(text) > LARGEST:
        return Read(None, (Fault(1, translate("Lesson", "A lesson has a million characters at most.")),))
    reader = _Reader(text, picture)
    lesson = reader.read()
    faults = tuple(sorted(set(reader.faults)))[:MOST_FAULTS]
    return Read(None if faults else lesson, faults)


class _Reader:
    def __init__(self, text: str, picture: Looks) -> None:
        self.faults: list[Fault] = []
        self._lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._picture = picture
        self._at = 0  # lines read
        self._steps: list[_Open] = []
        self._summary = Prose(self.faults, _known)

    def read(self) -> Lesson | None:
        front = self._front()
        if front is None:
            return None
        while self._at < len(self._lines):
            self._line(self._lines[self._at], self._at + 1)
        self._summary.end()
        lesson = self._head(front)
        self._check_pictures()
        self._check_keys()
        return lesson

    def _check_keys(self) -> None:
        """Whether every ``[key:id]`` names an action: else the learner would read just that."""
        for number, line in enumerate(self._lines, 1):
            for name in _KEY.findall(line):
                if name not in ACTIONS:
                    near = get_close_matches(name, ACTIONS, 3)
                    text = (
                        translate("Lesson", "There is no action {0!r}. Near are {1}.")
                        if near
                        else translate("Lesson", "There is no action {0!r}.")
                    )
                    self.faults.append(Fault(number, text.format(name, ", ".join(near))))

    # -- front matter

    def _front(self) -> Members | None:
        if not self._lines or self._lines[0].strip() != RULE:
            text = translate("Lesson", "A lesson begins with front matter between two lines {0}.")
            self.faults.append(Fault(1, text.format(RULE)))
            return None
        end = next((at for at in range(1, len(self._lines)) if self._lines[at].strip() == RULE), None)
        if end is None:
            self.faults.append(
                Fault(1, translate("Lesson", "The front matter has no end: {0}.").format(RULE))
            )
            return None
        self._at = end + 1
        return self._table(1, end)

    def _head(self, front: Members) -> Lesson:
        identity, title = front.text("id"), front.text("title").strip()
        if not _ID.fullmatch(identity):
            text = translate("Lesson", "id is a word of small letters, digits and hyphens, not {0!r}.")
            front.fault(text.format(identity), "id")
        if not title:
            front.fault(translate("Lesson", "“{0}” is missing.").format("title"))
        elif PLACE in title:
            front.fault(no_key(), "title")
        minutes, order = front.whole("minutes", 10, 1, 600), front.whole("order", 1000, 0, 100_000)
        needs = front.texts("needs")
        front.done()
        if not self._steps:
            text = translate("Lesson", "There is no step: each begins with a line “## Title”.")
            self.faults.append(Fault(self._at, text))
        steps = tuple(each.step() for each in self._steps)
        return Lesson(identity, title, minutes, order, needs, tuple(self._summary.blocks), steps)

    # -- line by line

    def _line(self, line: str, number: int) -> None:
        self._at += 1
        if line.startswith("## "):
            self._begin(line[3:].strip(), number)
        elif line.startswith("#"):
            self.faults.append(
                Fault(number, translate("Lesson", "The only headings are “## Title” of steps."))
            )
        elif line.startswith(FENCE):
            self._fence(line[len(FENCE) :].strip(), number)
        else:
            self._prose().take(line, number)

    def _prose(self) -> Prose:
        return self._steps[-1].prose if self._steps else self._summary

    def _begin(self, title: str, number: int) -> None:
        self._prose().end()
        if PLACE in title:
            self.faults.append(Fault(number, no_key()))
        key = "-".join(re.findall(r"[a-z0-9]+", title.lower())) or f"step-{len(self._steps) + 1}"
        if any(each.key == key for each in self._steps):
            text = translate("Lesson", "There is a step {0!r} already.")
            self.faults.append(Fault(number, text.format(title)))
        self._steps.append(_Open(key, title, number, Prose(self.faults, _known)))

    def _fence(self, name: str, number: int) -> None:
        begin = self._at
        end = next((at for at in range(begin, len(self._lines)) if self._lines[at].rstrip() == FENCE), None)
        if end is None:
            text = translate("Lesson", "This block has no end: {0}.").format(FENCE)
            self.faults.append(Fault(number, text))
            self._at = len(self._lines)
            return
        self._at = end + 1
        if name in ("", "text"):
            self._prose().code(self._lines[begin:end])
        elif name not in BLOCKS:
            text = translate("Lesson", "There is no block {0!r}; there are {1}, and text.")
            self.faults.append(Fault(number, text.format(name, ", ".join(BLOCKS))))
        elif not self._steps:
            text = translate("Lesson", "A block belongs to a step: “## Title” stands before it.")
            self.faults.append(Fault(number, text))
        else:
            self._steps[-1].prose.end()
            table = self._table(begin, end)
            if table is not None:
                self._steps[-1].take(name, table, number)

    def _table(self, begin: int, end: int) -> Members | None:
        """The TOML of the lines ``begin`` to ``end - 1``, counted from 0, its faults at the file's lines."""
        text = "\n".join(self._lines[begin:end]) + "\n"
        data: dict[str, Any]
        try:
            data = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            said = str(error) or translate("Lesson", "too deep")
            found = _AT.search(said)
            line = int(found[1]) if found is not None and found[1] else (end - begin if found else 1)
            why = translate("Lesson", "It is no TOML here: {0}.").format(_AT.sub("", said))
            self.faults.append(Fault(begin + max(1, line), why))
            return None
        # Blank lines before it: what stands in the file stands at the same line in here.
        return Members(data, (), _Placed("\n" * begin + text, begin), self.faults)

    def _check_pictures(self) -> None:
        shown = [(1, self._summary)] + [(each.line, each.prose) for each in self._steps]
        for line, prose in shown:
            for block in prose.blocks:
                if isinstance(block, Picture) and (why := self._picture(block.name)):
                    self.faults.append(Fault(self._line_of(f"({block.name})", line), why))

    def _line_of(self, text: str, after: int) -> int:
        found = (at for at in range(after - 1, len(self._lines)) if text in self._lines[at])
        return next(found, after - 1) + 1


class _Placed(Lines):
    """A table that begins below the first line: what has no line of its own stands where it begins."""

    def __init__(self, text: str, begin: int) -> None:
        super().__init__(text)
        self._begin = begin

    def of(self, path: tuple[str | int, ...]) -> int:
        return max(super().of(path), self._begin)


class _Open:
    """A step as far as it was read."""

    def __init__(self, key: str, title: str, line: int, prose: Prose) -> None:
        self.key, self.title, self.line, self.prose = key, title, line, prose
        self._setup: Act | None = None
        self._point: Point | None = None
        self._ask: Ask | None = None
        self._do: Do | None = None
        self._seen: set[str] = set()

    def take(self, name: str, table: Members, line: int) -> None:
        """Read the block ``name``; a second of its kind is a fault."""
        said = ""
        if name in self._seen:
            said = translate("Lesson", "The step has a block “{0}” already.").format(name)
        elif {name} | self._seen >= {"ask", "do"}:
            said = translate("Lesson", "A step asks or lets do, one of them: begin another step.")
        if said:
            table.faults.append(Fault(line, said))
            return
        self._seen.add(name)
        match name:
            case "setup":
                self._setup = read_act(table)
            case "point":
                self._point = read_point(table)
            case "ask":
                self._ask = read_ask(table)
            case _:
                self._do = read_do(table)

    def step(self) -> Step:
        self.prose.end()
        return Step(
            self.key,
            self.title,
            self.line,
            tuple(self.prose.blocks),
            self._setup,
            self._point,
            self._ask,
            self._do,
        )


def _known(kind: str, name: str) -> bool:
    return (term_called(name) if kind == "glossary" else rule_called(name)) is not None


def pictures_in(folder: Path) -> Looks:
    """Whether a picture can be shown out of ``folder``: it lies there, by itself and not by a link."""

    def looks(name: str) -> str:
        place = folder / name
        try:
            if place.resolve().parent != folder.resolve():
                text = translate("Lesson", "The picture {0} is a link to another folder.")
                return text.format(name)
            if not place.is_file():
                return translate("Lesson", "There is no picture {0} beside the lesson.").format(name)
        except (OSError, ValueError) as error:
            return f"{name}: {error}"
        return ""

    return looks
