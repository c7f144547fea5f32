"""The program with a log of many rows while frames arrive: what a tick costs the window's thread.

``python -m tests.benchmarks.ticking URL ROWS SETTINGS MODE`` connects, waits until ROWS rows show, then
measures while frames go on arriving, and once more with nothing arriving; prints milliseconds as JSON.
"""

import asyncio
import json
import sys
import time
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

from tests.benchmarks.opened import log_of, settings_at, until
from tests.benchmarks.stopwatch import after
from wsinspector.present.rows import Mode
from wsinspector.ui.app import run_window
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.frame_tools import MODES
from wsinspector.ui.window import MainWindow

BEAT_MS = 5
SECONDS = 5.0
PATIENCE = 400.0
result: dict[str, float] = {}
ticks: list[float] = []


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def measure(name: str) -> None:
    """CPU between ticks of the frame pane, and how late a timer of BEAT_MS comes."""
    beats: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    ticks.clear()
    timer.start(BEAT_MS)
    await asyncio.sleep(SECONDS)
    timer.stop()
    spent = [(later - earlier) * 1000 for earlier, later in pairwise(ticks)]
    late = [(later - earlier) * 1000 - BEAT_MS for earlier, later in pairwise(beats)]
    result[f"{name}_cpu"] = percentile(spent, 0.99)
    result[f"{name}_cpu_median"] = percentile(spent, 0.5)
    result[f"{name}_gap"] = percentile(late, 0.99)
    result[f"{name}_gap_worst"] = max(late)
    result[f"{name}_ticks"] = float(len(spent))


async def script(window: MainWindow) -> None:
    desk = window.desk
    assert desk is not None
    window.resize(1440, 900)
    await until(lambda: desk.page is not None, "a page")
    page = desk.page
    assert page is not None
    page.frames.tools.modes.set_current(MODES.index(Mode(sys.argv[4])))
    page.frames.tools.rows_asked.emit()
    page.tab.set_address(sys.argv[1])
    page.tab.connect_now()
    wanted = int(sys.argv[2])
    await until(
        lambda: (log := log_of(window)) is not None and log.rowCount() >= wanted, "all rows", PATIENCE
    )
    model = log_of(window)
    attempt = page.tab.conversation.current
    assert model is not None
    assert attempt is not None
    await asyncio.sleep(2)
    first, began = attempt.snapshot.frames, time.perf_counter()
    await measure("live")
    result["rate"] = (attempt.snapshot.frames - first) / (time.perf_counter() - began)
    result["behind"] = float(model.behind)
    result["rows"] = float(model.rowCount())
    attempt.abort()
    await asyncio.sleep(2)
    await measure("idle")


if __name__ == "__main__":
    after(FramePane, "_look", lambda _: ticks.append(time.thread_time()))
    run_window(settings_at(Path(sys.argv[3])), script=script)
    print(json.dumps(result))
