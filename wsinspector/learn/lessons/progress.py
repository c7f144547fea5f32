"""How far a person has come in each lesson, kept between starts in one small file."""

import contextlib
import json
import os
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from wsinspector.learn.lessons.model import Lesson
from wsinspector.translate import translate

LARGEST = 1 << 20


class Mark(Enum):
    """What came of a step. SOLVED is better than SHOWN, and that than READ."""

    READ = "read"
    SHOWN = "shown"
    SOLVED = "solved"


_RANK = {mark: rank for rank, mark in enumerate(Mark)}


@dataclass(slots=True)
class Course:
    """One lesson: the step a person was at, and the marks by the steps' keys."""

    at: str = ""
    marks: dict[str, Mark] = field(default_factory=dict)


@dataclass(slots=True)
class Progress:
    """``path``: the file, None keeps nothing. ``trouble``: what there is to say of it, else empty."""

    path: Path | None = None
    trouble: str = ""
    courses: dict[str, Course] = field(default_factory=dict)

    def load(self) -> None:
        """Read the file; a broken one is put aside and said, never an error."""
        self.courses, self.trouble = {}, ""
        if self.path is None:
            return
        try:
            if self.path.stat().st_size > LARGEST:
                raise ValueError(translate("Lesson", "it is too large"))
            self.courses = _courses(json.loads(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            self._put_aside(error)

    def _put_aside(self, error: Exception) -> None:
        assert self.path is not None
        aside = self.path.with_name(f"{self.path.name}.broken")
        with contextlib.suppress(OSError):
            os.replace(self.path, aside)
        text = translate(
            "Lesson", "The progress of lessons could not be read, and begins anew: {0}. It is in {1}."
        )
        self.trouble = text.format(error, aside)

    def save(self) -> bool:
        """Write the file; False, and ``trouble`` says why, where that cannot be."""
        if self.path is None:
            return True
        plain = {
            name: {"at": one.at, "steps": {key: mark.value for key, mark in one.marks.items()}}
            for name, one in self.courses.items()
        }
        scratch = self.path.with_name(f".{self.path.name}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"lessons": plain}, file, indent=1)
            os.replace(scratch, self.path)
        except OSError as error:
            self.trouble = translate("Lesson", "The progress of lessons cannot be kept: {0}.").format(error)
            return False
        self.trouble = ""
        return True

    # -- one lesson

    def course(self, identity: str) -> Course:
        return self.courses.setdefault(identity, Course())

    def mark(self, lesson: Lesson, key: str, mark: Mark) -> None:
        """Note what came of a step; a better mark is never lost."""
        marks = self.course(lesson.id).marks
        before = marks.get(key)
        if before is None or _RANK[mark] > _RANK[before]:
            marks[key] = mark

    def solved(self, lesson: Lesson) -> int:
        """How many exercises were solved without being shown."""
        marks = self.courses.get(lesson.id, Course()).marks
        return sum(step.exercise is not None and marks.get(step.key) is Mark.SOLVED for step in lesson.steps)

    def done(self, lesson: Lesson) -> bool:
        """Whether every step was read, and every exercise solved or shown."""
        marks = self.courses.get(lesson.id, Course()).marks
        return all(
            step.key in marks and (step.exercise is None or marks[step.key] is not Mark.READ)
            for step in lesson.steps
        )

    def begun(self, lesson: Lesson) -> bool:
        return bool(self.courses.get(lesson.id, Course()).marks)

    def place(self, lesson: Lesson) -> int:
        """The index of the step to go on at; 0 where its step is gone."""
        at = self.courses.get(lesson.id, Course()).at
        return next((number for number, step in enumerate(lesson.steps) if step.key == at), 0)

    def forget(self, lesson: Lesson) -> None:
        """Begin the lesson anew."""
        self.courses.pop(lesson.id, None)


def _courses(plain: Any) -> dict[str, Course]:
    found = {}
    for name, one in plain["lessons"].items():
        marks = {str(key): Mark(value) for key, value in one.get("steps", {}).items()}
        found[str(name)] = Course(str(one.get("at", "")), marks)
    return found
