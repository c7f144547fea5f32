"""Start the program: the window, or a command without one."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: list[str] | None = None) -> int:
    """Run with ``argv`` (without the program's name); return the exit code."""
    from wsinspector.cli.main import main as run_command

    return run_command(sys.argv[1:] if argv is None else argv, _open_window)


def _open_window(targets: "Sequence[str]", connect: bool) -> int:
    # Late: the commands without a window must not load Qt.
    from wsinspector.ui.app import run

    return run(targets, connect=connect)


if __name__ == "__main__":
    sys.exit(main())
