"""One worker thread a pane for what must not run on the window's, newest request first."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

Work = Callable[[], Any]
Done = Callable[[Any], None]


class Background(QObject):
    """Runs one piece of work at a time and hands its result to the window's thread.

    A request replaces a waiting one of the same name. Work must be short or look at
    :attr:`stopping`; an exception becomes the result, an object of its own class.
    """

    _finished = Signal(object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stopping = threading.Event()
        self._waiting: OrderedDict[str, tuple[Work, Done]] = OrderedDict()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._name = name
        self._busy = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def ask(self, name: str, work: Work, done: Done) -> None:
        """Run ``work`` soon and call ``done`` with what it returned."""
        with self._changed:
            self._waiting[name] = (work, done)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()

    def forget(self, name: str) -> None:
        """Drop a request that still waits."""
        with self._changed:
            self._waiting.pop(name, None)

    @property
    def idle(self) -> bool:
        with self._changed:
            return not self._waiting and not self._busy

    @property
    def stopping(self) -> bool:
        """Whether work that runs should give up."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """End the thread after the piece that runs; waits for it."""
        self._stopping.set()
        with self._changed:
            self._waiting.clear()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                while not self._waiting:
                    if self._stopping.is_set():
                        return
                    self._changed.wait()
                _, (work, done) = self._waiting.popitem(last=False)
                self._busy = True
            result: Any
            try:
                result = work()
            except Exception as error:  # the window says it; a dead worker would say nothing
                result = error
            if self.stopping:
                return
            self._finished.emit(done, result)

    def _deliver(self, done: Done, result: Any) -> None:
        if not self.stopping:
            done(result)
