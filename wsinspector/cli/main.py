"""Read the command line and run what it names; nothing is imported that the command does not need."""

import contextlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from wsinspector.cli.window import OpenWindow


def main(argv: list[str], open_window: "OpenWindow") -> int:
    """Run ``argv`` (without the program's name); return the exit code.

    ``open_window`` is given, since the command line and the window do not know each other; it
    takes addresses and files, and whether to connect.
    """
    if _only_targets(argv):
        from wsinspector.cli.window import run

        return run([each for each in argv if each != "--connect"], "--connect" in argv, open_window)
    from wsinspector.cli.arguments import parse

    try:
        return _run(parse(argv), open_window)
    except SystemExit as leaving:  # argparse: 0 after --help, 2 for wrong arguments
        return leaving.code if isinstance(leaving.code, int) else 2
    except BrokenPipeError:
        # Whoever read our output has gone, as with `| head`; the interpreter must not find out again.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
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
    from wsinspector.cli.results import ResultsLostError

    try:
        match arguments.command:
            case "handshake":
                from wsinspector.cli.handshake import run
            case "connect":
                from wsinspector.cli.connect import run
            case "frames":
                from wsinspector.cli.frames import run
            case "sweep":
                from wsinspector.cli.sweep import run
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
            case _:
                from wsinspector.cli.lab import run
        return run(arguments)
    except WrongArgumentError as error:
        sys.stderr.write(f"wsinspector {arguments.command}: {error}\n")
        return 2
    except ResultsLostError as error:
        sys.stderr.write(f"wsinspector: the results cannot be written: {error}\n")
        return 1


def _never_fail_on_text() -> None:
    """A terminal that cannot show a character gets an escape in its place."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
