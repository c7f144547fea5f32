"""States of the window that teach and keep: lessons, the library, what is offered after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Register = Callable[[str], Callable[[Callable[[Any], Awaitable[None]]], object]]


def register_all(state: Register, lessons: list[str]) -> None:
    """Register every state with ``state``; ``lessons``: their ids, a state each."""
    state("lessons")(_lessons)
    for identity in lessons:
        state(f"lesson-{identity}")(_lesson(identity))
    state("library")(_history)
    state("library-requests")(_requests)
    state("library-variables")(_variables)
    state("after-a-crash")(_after_a_crash)


async def _lessons(p: Any) -> None:
    await p.fresh("/chat")
    p.desk.show_learn("lessons")
    await p.until(lambda: p.desk.switch.lessons.shelf.lessons, "the lessons")
    await asyncio.sleep(0.2)


def _lesson(identity: str) -> Callable[[Any], Awaitable[None]]:
    async def show(p: Any) -> None:
        """The lesson at its first exercise."""
        await p.fresh("/chat")
        lessons = p.desk.switch.lessons
        lessons.read()
        await p.until(lambda: lessons.shelf.called(identity), "the lessons")
        lessons.start(lessons.shelf.called(identity), anew=True)
        await asyncio.sleep(0.5)
        run = lessons.run
        asking = [at for at, step in enumerate(run.lesson.steps) if step.exercise is not None]
        run.go(asking[0] if asking else 0)
        await asyncio.sleep(0.8)

    return show


async def _history(p: Any) -> None:
    from wsinspector.ui.page_switch import LIBRARY

    for path in ("/chat", "/426-list", "/400-html", "/wrong-accept"):
        await p.fresh(path)
        await p.connect()
    p.desk.show_page(LIBRARY)
    await asyncio.sleep(0.6)


async def _requests(p: Any) -> None:
    await _shelf(p, 1)


async def _variables(p: Any) -> None:
    await _shelf(p, 2)


async def _shelf(p: Any, part: int) -> None:
    from wsinspector.ui.page_switch import LIBRARY

    await p.fresh("/chat")
    p.desk.show_page(LIBRARY)
    p.desk.switch.shelves.show_part(part)
    await asyncio.sleep(0.4)


async def _after_a_crash(p: Any) -> None:
    import time
    from pathlib import Path

    from wsinspector.library.left_open import LeftOpen, OpenTab

    await p.fresh("/chat")
    tab = OpenTab("ws://server.example/feed", state={"address": "ws://server.example/feed"})
    restoring = p.desk.restoring
    fault = "Fatal Python error: Segmentation fault\n\nCurrent thread (most recent call first):\n"
    restoring.left = [LeftOpen((tab, tab), 0, fault, time.time_ns(), Path("none"), None)]
    restoring.offer()
    await asyncio.sleep(0.2)
