"""The check that runs before anything is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from wsinspector.resources import system_libraries
from wsinspector.resources.system_libraries import FOR_A_WINDOW, FOR_QT, advice, missing, needs_xcb


def test_nothing_is_missing_where_everything_loads() -> None:
    assert missing(window=True, found=lambda _name: True) == ()


def test_offscreen_needs_less_than_a_window() -> None:
    assert missing(window=False, found=lambda _name: False) == FOR_QT
    assert missing(window=True, found=lambda _name: False) == FOR_QT + FOR_A_WINDOW


def test_the_advice_is_one_line_to_run_with_the_missing_packages_only() -> None:
    lacking = missing(window=True, found=lambda name: name not in ("libEGL.so.1", "libxcb-cursor.so.0"))
    last = advice(lacking).splitlines()[-1]
    assert last == "Run as root: apt-get install -y --no-install-recommends libegl1 libxcb-cursor0"


@pytest.mark.parametrize(
    ("environment", "needed"),
    [
        ({}, True),
        ({"DISPLAY": ":0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, False),
        ({"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, False),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, True),
    ],
)
def test_which_platform_qt_takes(environment: dict[str, str], needed: bool) -> None:
    assert needs_xcb(environment) is needed


def test_a_library_that_does_not_exist_does_not_load() -> None:
    assert not system_libraries.loads("libwsinspector-no-such-library.so.9")


def test_it_runs_as_a_plain_file_without_the_package() -> None:
    file = Path(system_libraries.__file__)
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(file), "--offscreen"], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, system_libraries.EXIT_MISSING)
    assert "Traceback" not in done.stderr
