"""Start the window: paint it first, then load what it needs to work."""

import sys
from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from wsinspector.ui import theme, translating
from wsinspector.ui.settings import Settings
from wsinspector.ui.window import MainWindow

Script = Callable[[MainWindow], Awaitable[None]]


class _FirstPaint(QObject):
    """Notes when the window has been painted."""

    painted = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.painted = True
        return False


def make_application() -> QApplication:
    """The one QApplication, named and in the style that :func:`theme.apply` builds upon."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        app = existing
    else:
        # Named here, the style is made without Python's view of it and all its enumerations.
        app = QApplication([*sys.argv[:1], "-style", "Fusion"])
    app.setApplicationName("wsinspector")
    app.setApplicationDisplayName("wsinspector")
    app.setDesktopFileName("wsinspector")
    return app


def dress(app: QApplication, window: MainWindow) -> None:
    """What the first paint can do without: fonts, the sheet, the tab row, the icon."""
    from PySide6.QtGui import QIcon

    from wsinspector import resources
    from wsinspector.ui import accessible_roles

    theme.apply(app)
    window.settings.system_told = theme.system_told()
    window.dress()
    accessible_roles.begin()
    app.setWindowIcon(QIcon(str(resources.find("icons", "wsinspector.svg"))))
    app.processEvents()


def paint_first(app: QApplication, window: MainWindow) -> None:
    """Show ``window`` and process events until it is on the screen."""
    first = _FirstPaint()
    window.middle.installEventFilter(first)
    window.show()
    for _ in range(50):
        app.processEvents()
        if first.painted:
            break
    window.middle.removeEventFilter(first)


def run(targets: Sequence[str] = (), connect: bool = False) -> int:
    """Open the window with ``targets`` (addresses or files) in it; return the exit code."""
    return run_window(Settings(), targets, connect)


def run_window(
    settings: Settings, targets: Sequence[str] = (), connect: bool = False, script: Script | None = None
) -> int:
    """As :func:`run`, with given settings; ``script(window)`` drives the window, then it closes."""
    app = make_application()
    translating.begin()
    theme.set_initial(settings.scheme, settings.zoom)
    theme.lay_ground(app, settings.system_told)
    window = MainWindow(settings)
    paint_first(app, window)
    dress(app, window)
    return _work(app, window, targets, connect, script)


def _work(
    app: QApplication, window: MainWindow, targets: Sequence[str], connect: bool, script: Script | None
) -> int:
    # asyncio brings ssl, and qasync costs a third of a bare window: both only once it is painted.
    import asyncio
    import signal

    from qasync import QEventLoop

    from wsinspector.ui.collecting import Collecting
    from wsinspector.ui.crashing import Crashing
    from wsinspector.ui.workspace import Workspace

    collecting = Collecting()
    crashing = Crashing()
    crashing.begin()
    workspace = Workspace(window.settings)
    workspace.failed.connect(crashing.note)
    ended = asyncio.Event()

    async def until_the_end() -> None:
        asyncio.get_running_loop().set_exception_handler(crashing.note_of_loop)
        app.aboutToQuit.connect(ended.set)
        window.furnish(workspace, targets, connect)
        if window.desk is not None:
            window.desk.restoring.watch(crashing)
        if script is not None:
            await script(window)
            return
        await ended.wait()

    for number in (signal.SIGINT, signal.SIGTERM):
        # The tabs' timers run Python often enough for the handler to be called soon.
        signal.signal(number, lambda *_: app.quit())
    try:
        with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
            runner.run(until_the_end())
    finally:
        window.close_everything()
        workspace.stop()
        window.settings.sync()
        crashing.stop()
        collecting.stop()
    return 0
