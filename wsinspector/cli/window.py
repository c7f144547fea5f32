"""Open the window, after making sure that Qt can be loaded at all."""

import argparse
import os
import sys

from wsinspector.cli.telling import say
from wsinspector.resources.system_libraries import EXIT_MISSING, advice, missing, needs_xcb

_DISPLAYS = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")


def run(arguments: argparse.Namespace) -> int:
    """Return the window's exit code, 4 where Qt's libraries are not here, 1 without a display."""
    lacking = missing(window=needs_xcb(os.environ))
    if lacking:
        say(advice(lacking))
        return EXIT_MISSING
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in _DISPLAYS):
        # Qt would abort the process, with a core dump for all explanation.
        say("there is no display to open a window on. The commands handshake, connect and lab need none.")
        return 1
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        say(f"Qt cannot be loaded: {error}")
        return EXIT_MISSING
    from wsinspector.ui.app import run as run_window

    return run_window(arguments.target, connect=arguments.connect)
