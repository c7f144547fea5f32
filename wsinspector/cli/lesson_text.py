"""A lesson as text for a terminal or a printer: what the learner reads, without what is right."""

import textwrap
from collections.abc import Iterator

from wsinspector.actions.naming import with_first_keys
from wsinspector.learn.lessons.model import Lesson, Step
from wsinspector.learn.lessons.prose import Block, Code, Item, Picture, plain
from wsinspector.translate import translate

WIDTH = 100


def lesson_lines(lesson: Lesson) -> Iterator[str]:
    """The lines of ``lesson``; keys are those of a window in which none was changed."""
    yield lesson.title
    yield "=" * len(lesson.title)
    yield from _prose(lesson.summary)
    for number, step in enumerate(lesson.steps, 1):
        yield ""
        head = f"{number}. {step.title}"
        yield head
        yield "-" * len(head)
        yield from _prose(step.text)
        yield from _exercise(step)


def _exercise(step: Step) -> Iterator[str]:
    if step.ask is not None:
        yield ""
        yield from _wrapped(translate("Lessons", "Question: {0}").format(step.ask.question), "", "  ")
        for choice in step.ask.choices:
            yield from _wrapped(choice, "  ○ ", "    ")
    elif step.do is not None:
        yield ""
        yield from _wrapped(translate("Lessons", "Task: {0}").format(step.do.task), "", "  ")


def _prose(blocks: tuple[Block, ...]) -> Iterator[str]:
    before: Block | None = None
    for block in blocks:
        told = with_first_keys(plain((block,)))
        if not (isinstance(block, Item) and isinstance(before, Item)):
            yield ""
        before = block
        match block:
            case Code():
                yield from (f"    {line}".rstrip() for line in told.split("\n"))
            case Picture():
                yield from _wrapped(translate("Lessons", "Picture: {0}").format(told), "", "  ")
            case Item(mark, _):
                yield from _wrapped(told, "  ", " " * (len(mark) + 3))
            case _:
                yield from _wrapped(told, "", "")


def _wrapped(text: str, first: str, others: str) -> list[str]:
    return textwrap.wrap(
        with_first_keys(text), WIDTH, initial_indent=first, subsequent_indent=others,
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip
