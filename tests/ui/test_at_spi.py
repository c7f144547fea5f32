"""A screen reader's view of the real window: read and used by another process through AT-SPI."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wsinspector.lab.server import Lab

TOP = Path(__file__).parents[2]
READER = Path(__file__).parent / "at_spi_reader.py"
SYSTEM_PYTHON = "/usr/bin/python3"

# Both in one D-Bus of their own, on a screen of their own.
TOGETHER = """
"$1" -m wsinspector & window=$!
trap 'kill $window 2>/dev/null; wait $window' EXIT
"$2" "$3" "$4"
"""


def _can_read() -> bool:
    asked = [SYSTEM_PYTHON, "-c", "import pyatspi"]
    return (
        shutil.which("dbus-run-session") is not None
        and shutil.which("xvfb-run") is not None
        and Path(SYSTEM_PYTHON).exists()
        and subprocess.run(asked, capture_output=True, check=False).returncode == 0
    )


def _environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "config" / "wsinspector").mkdir(parents=True)
    (tmp_path / "config" / "wsinspector" / "window.ini").write_text("[start]\nwelcomed=yes\n")
    return os.environ | {
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }


@pytest.mark.slow
@pytest.mark.skipif(not _can_read(), reason="no screen reader's view here: make deps-at-spi")
def test_a_screen_reader_finds_names_and_connects(tmp_path: Path, lab: Lab) -> None:
    asked = ["sh", "-c", TOGETHER, "sh", sys.executable, SYSTEM_PYTHON, str(READER), f"{lab.url}/echo"]
    done = subprocess.run(
        ["xvfb-run", "-a", "dbus-run-session", "--", *asked],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        cwd=TOP,
        env=_environment(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    for seen in (said["before"], said["after"]):
        _everything_is_named(seen)
    names = {each["name"] for each in said["after"]}
    assert "Disconnect" in names


def _everything_is_named(seen: list[dict[str, Any]]) -> None:
    assert len(seen) > 40
    nameless = [each for each in seen if each["focusable"] and not each["name"].strip()]
    assert nameless == []
    vague = ("unknown", "invalid", "filler")
    unknown = [each for each in seen if each["focusable"] and each["role"] in vague]
    assert unknown == []


@pytest.mark.slow
@pytest.mark.skipif(not _can_read(), reason="no screen reader's view here: make deps-at-spi")
def test_a_screen_reader_is_told_what_came_of_an_exercise(tmp_path: Path) -> None:
    here = Path(__file__).parent
    window = [sys.executable, "-m", "tests.ui.lesson_window", str(tmp_path / "window.ini")]
    listening = [SYSTEM_PYTHON, str(here / "at_spi_listener.py"), "The end", *window]
    done = subprocess.run(
        ["xvfb-run", "-a", "dbus-run-session", "--", *listening],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        cwd=TOP,
        env=_environment(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    wanted = (
        "Step 1 of 3: One and one",
        "Not solved. That is one and two.",
        "Right. Two.",
        "Step 2 of 3: Connect",
        "Right. It is open.",
        "Step 3 of 3: The end",
    )
    assert [each for each in said if each in wanted] == list(wanted), said
