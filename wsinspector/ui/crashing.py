"""Errors inside the program are caught here, told to the person and kept for a report; nothing is sent."""

import asyncio
import contextlib
import faulthandler
import platform
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from PySide6.QtCore import QObject, Signal, qVersion
from PySide6.QtGui import QGuiApplication

import wsinspector
from wsinspector.present.crash_report import Trouble, Troubles, crash_report
from wsinspector.translate import translate

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


class Crashing(QObject):
    """Listens from :meth:`begin` to :meth:`stop`. ``seen`` carries each new :class:`Trouble`."""

    seen = Signal(object)
    _noted = Signal(str, object)  # from any thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.troubles = Troubles()
        self._began = time.monotonic()
        self._before: Hook | None = None
        self._before_in_threads: Callable[[threading.ExceptHookArgs], object] | None = None
        self._fault_file: IO[str] | None = None
        self._noted.connect(self._note)

    def begin(self) -> None:
        """Hear of every error that nobody handles, on any thread."""
        self._before, self._before_in_threads = sys.excepthook, threading.excepthook
        sys.excepthook = self._unhandled
        threading.excepthook = self._unhandled_in_thread

    def write_faults_to(self, path: Path) -> None:
        """Let a fault that ends the process, as a segmentation fault, write its traces to ``path``."""
        try:
            file = path.open("w", encoding="utf-8")
        except OSError:
            return  # then there is none; the note of the tabs says so as well
        path.chmod(0o600)
        self._close_fault_file()
        faulthandler.enable(file)
        self._fault_file = file

    def stop(self) -> None:
        """Hear no more."""
        if self._before is not None and sys.excepthook == self._unhandled:
            sys.excepthook = self._before
        if self._before_in_threads is not None and threading.excepthook == self._unhandled_in_thread:
            threading.excepthook = self._before_in_threads
        self._close_fault_file()

    def note(self, where: str, error: BaseException) -> None:
        """Note ``error``; on any thread."""
        with contextlib.suppress(RuntimeError):  # the window is gone, and nobody to tell
            self._noted.emit(where, error)

    def note_of_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """As the exception handler of the window's loop."""
        loop.default_exception_handler(context)
        error = context.get("exception")
        if isinstance(error, Exception):
            self.note(translate("Crashing", "In the window"), error)

    def _note(self, where: str, error: BaseException) -> None:
        made: Trouble | None = self.troubles.add(where, error, time.monotonic() - self._began)
        if made is not None:
            self.seen.emit(made)

    def _unhandled(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            self._before(kind, error, trace)
        if isinstance(error, Exception):  # else somebody wants to leave
            self.note(translate("Crashing", "In the window"), error)

    def _unhandled_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if self._before_in_threads is not None:
            self._before_in_threads(arguments)
        name = arguments.thread.name if arguments.thread is not None else ""
        if isinstance(arguments.exc_value, Exception):
            self.note(translate("Crashing", "In the thread {0}").format(name), arguments.exc_value)

    def _close_fault_file(self) -> None:
        if self._fault_file is not None:
            faulthandler.disable()
            self._fault_file.close()
            self._fault_file = None


def report(troubles: Troubles, fault: str = "") -> str:
    """What a person may hand on of ``troubles``, or of an earlier run that ended with ``fault``."""
    return crash_report(_facts(), troubles, fault, _folders())


def _facts() -> dict[str, str]:
    import PySide6

    screen = QGuiApplication.primaryScreen()
    size = screen.size() if screen is not None else None
    return {
        "wsinspector": wsinspector.__version__,
        "Python": platform.python_version(),
        "Qt": f"{qVersion()} (PySide6 {PySide6.__version__})",
        translate("Crashing", "System"): platform.platform(),
        translate("Crashing", "Display"): QGuiApplication.platformName()
        + (f", {size.width()}×{size.height()}, {screen.devicePixelRatio():g}" if size is not None else ""),
    }


def _folders() -> dict[str, str]:
    """The home folder says who somebody is, and where a program is installed says little."""
    return {sys.prefix: "…", str(Path(wsinspector.__file__).parent): "wsinspector", str(Path.home()): "~"}
