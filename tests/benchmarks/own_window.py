"""Ours in row 11: the program as it is started, up to its first paint and its first possible Connect.

``python -m tests.benchmarks.own_window STARTED`` (wall-clock seconds) prints CPU and wall seconds.
"""

import json
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.benchmarks.stopwatch import after
from wsinspector.__main__ import main
from wsinspector.ui import app
from wsinspector.ui.window import MainWindow

reached: dict[str, float] = {}


def note(what: str) -> None:
    reached[f"{what}_cpu"] = time.process_time()
    reached[f"{what}_wall"] = time.time() - float(sys.argv[1])


def connectable(_: object) -> None:
    """The window is furnished: an address can be typed and Connect pressed."""
    note("connect")
    QTimer.singleShot(0, QApplication.closeAllWindows)


if __name__ == "__main__":
    after(app, "paint_first", lambda _: note("paint"))
    after(MainWindow, "furnish", connectable)
    main([])
    print(json.dumps(reached))
