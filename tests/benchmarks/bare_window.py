"""The peer of row 11: the least a Qt program in Python can do, up to its first paint.

``python -m tests.benchmarks.bare_window STARTED`` (wall-clock seconds) prints CPU and wall seconds.
"""

import json
import sys
import time

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

painted: list[tuple[float, float]] = []


class Central(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painted.append((time.process_time(), time.time()))


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.setCentralWidget(Central())
    window.resize(1440, 900)
    window.show()
    while not painted:
        app.processEvents()
    cpu, now = painted[0]
    print(json.dumps({"paint_cpu": cpu, "paint_wall": now - float(sys.argv[1])}))
