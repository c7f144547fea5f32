"""Open the window, after making sure that Qt can be loaded at all."""

import os
import sys
from collections.abc import Callable, Sequence

from wsinspector.cli.telling import say
from wsinspector.resources.system_libraries import EXIT_MISSING, advice, missing, needs_xcb

OpenWindow = Callable[[Sequence[str], bool], int]
"""Takes addresses and files, and whether to connect; returns the exit code."""

_QT = ("PySide6", "shiboken6")
_DISPLAYS = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")


def run(targets: Sequence[str], connect: bool, open_window: OpenWindow) -> int:
    """Return the window's exit code, 4 where Qt's libraries are not here, 1 without a display."""
    # Qt's modules do not import without their libraries, but its xcb platform aborts the process.
    lacking = missing(window=True) if needs_xcb(os.environ) else ()
    if lacking:
        say(advice(lacking))
        return EXIT_MISSING
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in _DISPLAYS):
        # Qt would abort the process, with a core dump for all explanation.
        say("there is no display to open a window on. The commands handshake, connect and lab need none.")
        return 1
    try:
        return open_window(targets, connect)
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _QT and ".so" not in str(error):
            raise
        lacking = missing(window=needs_xcb(os.environ))
        # There may be a shared object that a Qt module needs and our list does not know.
        say(advice(lacking) if lacking else f"Qt cannot be loaded: {error}")
        return EXIT_MISSING
