"""The program as it opens a large capture: when rows show, when all do, what they hold, what 50 cost.

``python -m tests.benchmarks.opened FILE SETTINGS MODE`` prints CPU and wall milliseconds and bytes as
JSON. MODE: messages or frames.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.resident import resident
from wsinspector.present.rows import Mode
from wsinspector.ui.app import run_window
from wsinspector.ui.inspect.frame_tools import MODES
from wsinspector.ui.inspect.log_model import LogModel
from wsinspector.ui.settings import Settings
from wsinspector.ui.window import MainWindow

TRIES = 400
ROWS = 50
PATIENCE = 120.0
result: dict[str, float] = {}


async def until(true: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait until ``true`` says so. Raises TimeoutError."""
    began = time.perf_counter()
    while not true():
        if time.perf_counter() - began > patience:
            raise TimeoutError(what)
        await asyncio.sleep(0.001)


def log_of(window: MainWindow) -> LogModel | None:
    """The rows of the conversation in front, once it has any."""
    page = window.desk.page if window.desk is not None else None
    return None if page is None else page.frames.view.table.log()


def fifty(model: LogModel) -> list[float]:
    """CPU milliseconds of fifty neighbouring rows that were not looked at before, TRIES times."""
    places = random.Random(2)
    found = []
    for _ in range(TRIES):
        row = places.randrange(model.rowCount() - ROWS)
        began = time.thread_time()
        for at in range(row, row + ROWS):
            model.cells(at)
        found.append((time.thread_time() - began) * 1000)
    return sorted(found)


async def script(window: MainWindow) -> None:
    desk = window.desk
    assert desk is not None
    await until(lambda: desk.page is not None, "a page")
    await asyncio.sleep(1)
    desk.window.resize(1440, 900)
    await asyncio.sleep(1)
    before = resident()
    wall, cpu = time.perf_counter(), time.process_time()
    earlier = desk.page
    desk.open_file(Path(sys.argv[1]))
    await until(lambda: desk.page is not earlier, "its page")
    page = desk.page
    assert page is not None
    if Mode(sys.argv[3]) is Mode.FRAMES:
        page.frames.tools.modes.set_current(MODES.index(Mode.FRAMES))
        page.frames.tools.rows_asked.emit()
    await until(lambda: (model := log_of(window)) is not None and model.rowCount() > ROWS, "the first rows")
    model = log_of(window)
    assert model is not None
    await until(lambda: desk.page is not None and desk.page.frames.view.table.paint_ns > 0, "a paint")
    result["shown_wall"] = (time.perf_counter() - wall) * 1000
    result["shown_cpu"] = (time.process_time() - cpu) * 1000
    await until(lambda: model.snapshot is not None and not model.behind, "all rows")
    result["all_wall"] = (time.perf_counter() - wall) * 1000
    result["all_cpu"] = (time.process_time() - cpu) * 1000
    result["resident"] = float(resident() - before)
    result["rows"] = float(model.rowCount())
    times = fifty(model)
    result["fifty_median"] = times[len(times) // 2]
    result["fifty_worst"] = times[-1]


def settings_at(path: Path) -> Settings:
    """Those of somebody who was welcomed before: else the welcome lies over the rows and is painted too."""
    settings = Settings(path)
    settings.welcomed = True
    return settings


if __name__ == "__main__":
    run_window(settings_at(Path(sys.argv[2])), script=script)
    print(json.dumps(result))
