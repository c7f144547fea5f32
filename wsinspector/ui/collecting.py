"""Cycles are collected by the window's thread alone: a Qt object must not end on another one.

Python collects on whichever thread happens to make an object, here the engine's more often than not. A
cycle that holds a timer or a widget would be taken apart there, which Qt forbids.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 200


class Collecting(QObject):
    """From its making to :meth:`stop`. What is there at the making is taken for lasting."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> int:
        """Collect as far as Python would have by now; how many generations were looked at."""
        young, middle, old = gc.get_count()
        if young <= gc.get_threshold()[0]:
            return 0
        generation = 0
        if middle > gc.get_threshold()[1]:
            generation = 2 if old > gc.get_threshold()[2] else 1
        gc.collect(generation)
        return generation + 1

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()


__all__ = ["Collecting"]
