"""Open the window, after making sure that Qt can be loaded at all."""

import argparse
import os

from wsinspector.cli.telling import say
from wsinspector.resources.system_libraries import EXIT_MISSING, advice, missing, needs_xcb


def run(arguments: argparse.Namespace) -> int:
    """Return the window's exit code, or 4 where Qt's libraries are not here."""
    lacking = missing(window=needs_xcb(os.environ))
    if lacking:
        say(advice(lacking))
        return EXIT_MISSING
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        say(f"Qt cannot be loaded: {error}")
        return EXIT_MISSING
    from wsinspector.ui.app import run as run_window

    return run_window(arguments.target, connect=arguments.connect)
