"""A program of its own: windows that are closed at a random moment after Run; where one hangs, it says where.

Called as ``python -m tests.ui.closing_sweeps TRIES SEED``, with folders of its own in the environment.
"""

import asyncio
import faulthandler
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import SignalInstance

from wsinspector.ui.app import run_window
from wsinspector.ui.settings import Settings
from wsinspector.ui.sweep.reports import report_kinds
from wsinspector.ui.window import MainWindow

PATIENCE = 40.0
"""Seconds for one window; then the stacks of all threads are written and the program ends."""

DEEDS = ("run", "run", "open", "report", "cell")
SERVERS = ("lab/strict", "lab/strict, lab/any, lab/silent", "lab/any", "ws://127.0.0.1:1/")
WAITS = (0.0, 0.0, 0.002, 0.02, 0.1, 0.3)


async def _until(met: Callable[[], bool], signal: SignalInstance) -> None:
    """Come back once ``met`` is true, looked at with each ``signal``."""
    told = asyncio.Event()
    signal.connect(lambda *_: told.set())
    while not met():
        await told.wait()
        told.clear()


async def _close_in_the_middle(window: MainWindow, chance: random.Random, folder: Path) -> None:
    desk = window.desk
    assert desk is not None
    await _until(lambda: bool(desk.workspace.scenarios()), desk.workspace.lab_ready)
    page = desk.switch.show_sweep()
    page.servers.set_text(chance.choice(SERVERS))
    page.sets.choose(chance.choice(("common", "malformed", "all")))
    deed = chance.choice(DEEDS)
    if deed == "open":
        page.servers.set_text("lab/strict")
        page.start()
        await _until(lambda: not page.busy, page.run.ended)
        path = page.run.path
        assert path is not None
        page.open_file(path)
    else:
        page.start()
    if deed in ("report", "cell"):
        await _until(lambda: page.run.results is not None, page.run.shown)
    if deed == "report":
        page.write_report(report_kinds()[0], folder / "report.html")
    elif deed == "cell":
        page.run.open_cell(0, 0)
    await asyncio.sleep(chance.choice(WAITS) * chance.random())
    window.close()


def main(tries: int, seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        for number in range(tries):
            faulthandler.dump_traceback_later(PATIENCE, exit=True)
            settings = Settings(Path(name) / f"{number}.ini")
            settings.welcomed = True

            async def script(window: MainWindow) -> None:
                await _close_in_the_middle(window, chance, Path(name))

            run_window(settings, script=script)
    faulthandler.cancel_dump_traceback_later()
    sys.stdout.write(f"closed {tries}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
