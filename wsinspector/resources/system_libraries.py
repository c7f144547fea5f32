"""Name the system libraries Qt loads, so that a bare machine gets one line to run and no traceback.

Standard library only and runnable as a plain file: it is asked before anything is installed.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

EXIT_MISSING = 4


class SystemLibrary(NamedTuple):
    """A shared library and the Debian package that holds it."""

    soname: str
    package: str


FOR_QT: tuple[SystemLibrary, ...] = (
    SystemLibrary("libGL.so.1", "libgl1"),
    SystemLibrary("libEGL.so.1", "libegl1"),
    SystemLibrary("libglib-2.0.so.0", "libglib2.0-0"),
    SystemLibrary("libxkbcommon.so.0", "libxkbcommon0"),
    SystemLibrary("libfontconfig.so.1", "libfontconfig1"),
    SystemLibrary("libdbus-1.so.3", "libdbus-1-3"),
)
"""Needed for every Qt program, also without a screen."""

FOR_A_WINDOW: tuple[SystemLibrary, ...] = (
    SystemLibrary("libxcb-cursor.so.0", "libxcb-cursor0"),
    SystemLibrary("libxcb-icccm.so.4", "libxcb-icccm4"),
    SystemLibrary("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    SystemLibrary("libxcb-shape.so.0", "libxcb-shape0"),
    SystemLibrary("libxcb-xkb.so.1", "libxcb-xkb1"),
    SystemLibrary("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
)
"""Needed besides by Qt's xcb platform, which aborts the process where one is missing."""

_WITHOUT_XCB = ("offscreen", "minimal", "vnc", "wayland", "eglfs", "linuxfb")


def needs_xcb(environment: Mapping[str, str]) -> bool:
    """Whether Qt would take its xcb platform in ``environment``."""
    platform = environment.get("QT_QPA_PLATFORM", "")
    if platform:
        return not platform.startswith(_WITHOUT_XCB)
    # Qt prefers Wayland only in a session that says it is one.
    return not (environment.get("WAYLAND_DISPLAY") and not environment.get("DISPLAY"))


def loads(soname: str) -> bool:
    """Whether the dynamic linker finds and loads ``soname``."""
    import ctypes  # here and below: what the start of the window does not need is not loaded for it

    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing(*, window: bool, found: Callable[[str], bool] = loads) -> tuple[SystemLibrary, ...]:
    """The libraries that ``found`` does not find; ``window`` adds those of the xcb platform."""
    if not sys.platform.startswith("linux"):
        return ()
    wanted = FOR_QT + FOR_A_WINDOW if window else FOR_QT
    return tuple(library for library in wanted if not found(library.soname))


def install_command(libraries: Sequence[SystemLibrary]) -> tuple[str, ...]:
    """The apt-get command that installs the packages of ``libraries``."""
    return (
        "apt-get",
        "install",
        "-y",
        "--no-install-recommends",
        *(library.package for library in libraries),
    )


def advice(libraries: Sequence[SystemLibrary]) -> str:
    """Two lines: what is missing, and the one line to run as root."""
    names = ", ".join(library.soname for library in libraries)
    command = " ".join(install_command(libraries))
    return f"Qt needs system libraries that are not here: {names}.\nRun as root: {command}"


def _install(libraries: Sequence[SystemLibrary]) -> bool:
    import subprocess

    subprocess.run(["apt-get", "update", "-q"], check=False)
    return subprocess.run(install_command(libraries), check=False).returncode == 0


def main(argv: Sequence[str] | None = None) -> int:
    """Check, and with ``--install`` install when already root; return 0, or 4 where any is missing."""
    import argparse
    import subprocess

    parser = argparse.ArgumentParser(
        prog="system_libraries", description="Check for the system libraries that Qt loads."
    )
    parser.add_argument("--offscreen", action="store_true", help="leave out what only a window needs")
    parser.add_argument(
        "--install", action="store_true", help="install what is missing, where this already runs as root"
    )
    arguments = parser.parse_args(argv)
    window = not arguments.offscreen
    lacking = missing(window=window)
    if lacking and arguments.install and os.geteuid() == 0 and _install(lacking):
        # The linker's cache of this process may be stale, so a fresh one looks again.
        return subprocess.run(
            [sys.executable, __file__, *(["--offscreen"] if not window else [])], check=False
        ).returncode
    if lacking:
        sys.stderr.write(advice(lacking) + "\n")
        return EXIT_MISSING
    return 0


if __name__ == "__main__":
    sys.exit(main())
