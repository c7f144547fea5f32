"""One piece of work on a file, in a thread of its own: it tells how far it is and can be cancelled."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal


class Task(QObject):
    """``ended(task)`` comes on the window's thread, also after :meth:`cancel`.

    ``result`` is what ``work(task)`` returned, ``error`` what it raised. ``done`` and ``total`` are in
    whatever unit ``work`` counts; a ``total`` of 0 says that nobody knows how much there is.
    """

    ended = Signal(object)

    _over = Signal()

    def __init__(self, title: str, work: Callable[["Task"], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.done = 0
        self.total = 0
        self.result: Any = None
        self.error: Exception | None = None
        self._work = work
        self._cancelled = threading.Event()
        self._over.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name=title, daemon=True)

    def start(self) -> "Task":
        self._thread.start()
        return self

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the work to give up; it looks at :meth:`wanted`."""
        self._cancelled.set()

    def wait(self) -> None:
        """Until the work has given up; before the window goes."""
        if self._thread.is_alive():
            self._thread.join()

    def _finish(self) -> None:
        # Whoever hears of the end may delete this object: its thread must have left it by then.
        self.wait()
        self.ended.emit(self)

    # called by the work, on its thread

    def wanted(self) -> bool:
        """Whether to go on."""
        return not self._cancelled.is_set()

    def progress(self, done: int, total: int) -> None:
        """Say how far it is."""
        self.done, self.total = done, total

    def pause(self, seconds: float) -> None:
        """Leave the processor to others for a moment; not once cancelled."""
        self._cancelled.wait(seconds)

    def _run(self) -> None:
        try:
            self.result = self._work(self)
        except Exception as error:  # the window says it
            self.error = error
        try:
            self._over.emit()
        except RuntimeError:
            return  # the window is gone
