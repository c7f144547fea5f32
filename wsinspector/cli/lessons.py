"""The command ``lessons``: what there is to learn, and whether the files of a teacher are lessons."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from wsinspector.cli.lesson_text import lesson_lines
from wsinspector.cli.request import WrongArgumentError
from wsinspector.cli.results import put
from wsinspector.cli.telling import say
from wsinspector.learn.lessons.model import Lesson
from wsinspector.learn.lessons.shelf import Shelf, built_in, files_in, read_file, read_shelf, writing_page
from wsinspector.translate import translate


def run(arguments: argparse.Namespace) -> int:
    """Print the lessons, one of them, or how to write one, or check files; 1 where a file is no lesson."""
    if arguments.how:
        put(writing_page().splitlines())
        return 0
    if arguments.check:
        return _check([Path(name) for name in arguments.check], as_json=arguments.json)
    shelf = read_shelf(((built_in(), False),))
    if arguments.read is not None:
        return _read(shelf, arguments.read, as_json=arguments.json)
    put([json.dumps([_as_json(lesson) for lesson in shelf.lessons])] if arguments.json else _list(shelf))
    return 0


def _list(shelf: Shelf) -> Iterator[str]:
    for lesson in shelf.lessons:
        told = f"{_steps(lesson)}, about {lesson.minutes} minutes"
        yield f"{lesson.order:>3}  {lesson.id:<16}{lesson.title} ({told})"


def _read(shelf: Shelf, wanted: str, *, as_json: bool) -> int:
    """Print a lesson by its id, or one out of a file. Raises WrongArgumentError where there is neither."""
    lesson = shelf.called(wanted)
    if lesson is None:
        path = Path(wanted)
        if not path.is_file():
            text = f"there is no lesson {wanted!r}; there are {', '.join(one.id for one in shelf.lessons)}."
            raise WrongArgumentError(text)
        found = read_file(path)
        lesson = found.lesson
        if lesson is None:
            say("\n".join(f"{path}:{fault.line}: {fault.text}" for fault in found.faults))
            return 1
    put(
        [json.dumps(_as_json(lesson) | {"text": list(lesson_lines(lesson))})]
        if as_json
        else lesson_lines(lesson)
    )
    return 0


def _check(paths: list[Path], *, as_json: bool) -> int:
    """Each file, and each of every folder; with the built-in ones, whose ids are taken."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise WrongArgumentError(f"there is no file or folder {path}")
        files += files_in(path) if path.is_dir() else [path]
    if not files:
        raise WrongArgumentError("there is no lesson (*.md) in that folder")
    shipped = built_in().resolve()
    mine = [path for path in files if path.resolve().parent != shipped]
    shelf = read_shelf(((built_in(), False),), mine)
    wanted = {path.resolve() for path in files}
    good = [one for one in shelf.lessons if one.path is not None and one.path.resolve() in wanted]
    bad = [one for one in shelf.refused if one.path.resolve() in wanted]
    if as_json:
        found = [_as_json(lesson) for lesson in good]
        faults = [
            {"file": str(one.path), "line": fault.line, "reason": fault.text}
            for one in bad
            for fault in one.faults
        ]
        put([json.dumps({"lessons": found, "faults": faults})])
    else:
        put(
            [
                *(f"{one.path}:{fault.line}: {fault.text}" for one in bad for fault in one.faults),
                *(f"{one.path}: {one.title}, {_steps(one)}, in order" for one in good),
            ]
        )
    return 1 if bad else 0


def _steps(lesson: Lesson) -> str:
    return translate("Lessons", "%n step(s)", "", len(lesson.steps))


def _as_json(lesson: Lesson) -> dict[str, object]:
    return {
        "id": lesson.id,
        "title": lesson.title,
        "order": lesson.order,
        "minutes": lesson.minutes,
        "needs": list(lesson.needs),
        "steps": [step.title for step in lesson.steps],
        "exercises": lesson.exercises,
        "file": str(lesson.path) if lesson.path is not None else "",
    }
