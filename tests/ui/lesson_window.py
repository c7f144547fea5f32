"""Run as a program: a window in which a lesson is done wrong and then right, for who listens to it."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QAccessible

from wsinspector.ui.app import run_window
from wsinspector.ui.settings import Settings

LESSON = """+++
id = "heard"
title = "Heard"
+++
## One and one
```ask
question = "One and one?"
kind = "number"
answer = 2
why = "Two."
[[wrong]]
answer = 3
hint = "That is one and two."
```
## Connect
```setup
path = "/echo"
```
```do
task = "Connect."
why = "It is open."
[expect]
opened = true
[show]
connect = true
```
## The end
Done.
"""


async def _until(find: Callable[[], Any]) -> Any:
    while not (found := find()):  # noqa: ASYNC110 - what is waited for has no event of its own
        await asyncio.sleep(0.02)
    return found


async def _learn(window: Any) -> None:
    lessons = window.desk.switch.lessons
    lessons.folder.mkdir(parents=True, exist_ok=True)
    (lessons.folder / "heard.md").write_text(LESSON, "utf-8")
    await _until(QAccessible.isActive)
    lessons.start_called("heard")
    run = await _until(lambda: lessons.run)
    panel = lessons.panel
    for answer in ("3", "2"):
        panel.exercise.put(answer)
        panel.check_now()
    panel.go_on()
    await _until(lambda: run.ready and not run.acting.busy)
    run.page.tab.connect_now()
    await _until(lambda: run.solved)
    panel.go_on()
    await asyncio.Event().wait()  # until whoever listens has heard it all


if __name__ == "__main__":
    run_window(Settings(Path(sys.argv[1])), script=_learn)
