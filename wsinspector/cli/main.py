"""Read the command line and run what it names; nothing is imported that the command does not need."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from wsinspector.cli.window import OpenWindow


READER_GONE = 141
"""The exit code where nobody reads on, as with `| head`: 128 and the number of SIGPIPE, as of any filter.

A command that knows its outcome before it prints keeps that.
"""


def main(argv: list[str], open_window: "OpenWindow") -> int:
    """Run ``argv`` (without the program's name); return the exit code.

    ``open_window`` is given, since the command line and the window do not know each other; it
    takes addresses and files, and whether to connect.
    """
    if _only_targets(argv):
        from wsinspector.cli.window import run

        return run([each for each in argv if each != "--connect"], "--connect" in argv, open_window)
    from wsinspector.cli.arguments import parse
    from wsinspector.cli.results import ReaderGoneError, ResultsLostError, put
    from wsinspector.cli.telling import said_all, say

    try:
        try:
            return _run(parse(argv), open_window)
        except SystemExit as leaving:  # argparse: 0 after --help, 2 for wrong arguments
            said_all()  # of what argparse printed of its own accord
            put(())
            return leaving.code if isinstance(leaving.code, int) else 2
    except ReaderGoneError:
        return READER_GONE
    except ResultsLostError as error:
        say(f"the results cannot be written: {error}")
        return 1
    except KeyboardInterrupt:
        return 1


def _only_targets(argv: list[str]) -> bool:
    """Whether ``argv`` surely opens the window and nothing else: argparse is not loaded for that.

    A name without any of these signs may be that of a command.
    """
    targets = [each for each in argv if each != "--connect"]
    if any(each.startswith("-") for each in targets):
        return False
    return not targets or any(sign in targets[0] for sign in ":/.")


def _run(arguments: "argparse.Namespace", open_window: "OpenWindow") -> int:
    if arguments.command == "window":
        from wsinspector.cli.window import run as run_window

        return run_window(arguments.targets, arguments.connect, open_window)
    _never_fail_on_text()
    from wsinspector.cli.request import WrongArgumentError
    from wsinspector.cli.telling import say

    try:
        match arguments.command:
            case "handshake":
                from wsinspector.cli.handshake import run
            case "connect":
                from wsinspector.cli.connect import run
            case "run":
                from wsinspector.cli.run import run
            case "replay":
                from wsinspector.cli.replay import run
            case "frames":
                from wsinspector.cli.frames import run
            case "sweep":
                from wsinspector.cli.sweep import run
            case "provoke":
                from wsinspector.cli.provoke import run
            case "dialects":
                from wsinspector.cli.dialects import run
            case "rules":
                from wsinspector.cli.rules import run
            case "export":
                from wsinspector.cli.export import run
            case "import":
                from wsinspector.cli.importing import run
            case "judge":
                from wsinspector.cli.judging import run
            case "info":
                from wsinspector.cli.looking import run_info as run
            case "check":
                from wsinspector.cli.looking import run_check as run
            case "library":
                from wsinspector.cli.library import run
            case "lessons":
                from wsinspector.cli.lessons import run
            case "explain":
                from wsinspector.cli.explaining import run
            case _:
                from wsinspector.cli.lab import run
        return run(arguments)
    except WrongArgumentError as error:
        say(str(error), by=arguments.command)
        return 2


def _never_fail_on_text() -> None:
    """A terminal that cannot show a character gets an escape in its place."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
