"""The lessons there are: those that come with the program, and those of a teacher's own folder."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wsinspector import resources
from wsinspector.conversation.sequences.members import Fault
from wsinspector.learn.lessons.model import Lesson
from wsinspector.learn.lessons.reading import LARGEST, Read, pictures_in, read_lesson
from wsinspector.translate import translate

SUFFIX = ".md"
WRITING = "WRITING.md"
"""How to write a lesson; no lesson itself."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is no lesson, and why."""

    path: Path
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Lessons in the order in which they are offered, and what was refused."""

    lessons: tuple[Lesson, ...] = ()
    refused: tuple[Refused, ...] = ()

    def called(self, identity: str) -> Lesson | None:
        return next((each for each in self.lessons if each.id == identity), None)


def built_in() -> Path:
    """The folder of the lessons that come with the program."""
    return resources.find("lessons")


def writing_page() -> str:
    """How to write a lesson, as Markdown."""
    return resources.find("lessons", WRITING).read_text("utf-8")


def read_file(path: Path, *, own: bool = True) -> Read:
    """Read one file; a file that cannot be read is a fault, not an error."""
    try:
        if path.stat().st_size > 4 * LARGEST:
            return Read(None, (Fault(1, translate("Lesson", "A lesson has a million characters at most.")),))
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        return Read(None, (Fault(1, translate("Lesson", "The file cannot be read: {0}.").format(error)),))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Read(None, (Fault(line, translate("Lesson", "This is no UTF-8.")),))
    found = read_lesson(text, picture=pictures_in(path.parent))
    if found.lesson is None:
        return found
    return Read(dataclasses.replace(found.lesson, path=path, own=own))


def files_in(folder: Path) -> list[Path]:
    """The lesson files directly in ``folder``, by name; none where it cannot be read."""
    try:
        found = [each for each in folder.iterdir() if each.suffix == SUFFIX and each.is_file()]
    except OSError:
        return []
    return sorted(each for each in found if each.name != WRITING and not each.name.startswith("."))


def read_shelf(folders: Iterable[tuple[Path, bool]], also: Iterable[Path] = ()) -> Shelf:
    """Read ``folders``, each with whether it is a teacher's own, and the single files ``also``.

    Of two lessons with one id the first stays.
    """
    files = [(path, own) for folder, own in folders for path in files_in(folder)]
    files += [(path, True) for path in also if path not in [known for known, _ in files]]
    lessons: list[Lesson] = []
    refused: list[Refused] = []
    for path, own in files:
        found = read_file(path, own=own)
        lesson = found.lesson
        if lesson is None:
            refused.append(Refused(path, found.faults))
            continue
        same = next((each for each in lessons if each.id == lesson.id), None)
        if same is not None:
            where = same.path.name if same.path is not None else same.title
            text = translate("Lesson", "The id {0} is that of {1} already.").format(lesson.id, where)
            refused.append(Refused(path, (Fault(1, text),)))
        else:
            lessons.append(lesson)
    known = {each.id for each in lessons}
    for lesson in [each for each in lessons if each.own]:
        missing = [name for name in lesson.needs if name not in known]
        if missing and lesson.path is not None:
            text = translate("Lesson", "needs: there is no lesson {0}.").format(", ".join(missing))
            refused.append(Refused(lesson.path, (Fault(1, text),)))
            lessons.remove(lesson)
    lessons.sort(key=lambda each: (each.own, each.order, each.title))
    return Shelf(tuple(lessons), tuple(refused))
