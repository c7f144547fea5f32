"""The built wheel, installed into a bare environment, starts: window, lab and command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import wsinspector

TOP = Path(__file__).parent.parent
pytestmark = pytest.mark.wheel


def run(*command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **more},
        cwd="/",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a bare environment that holds the wheel and what it depends on."""
    place = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", place, TOP)
    (wheel,) = place.glob("wsinspector-*.whl")
    run(sys.executable, "-m", "venv", place / "bare")
    binaries = place / "bare" / "bin"
    run(binaries / "python", "-m", "pip", "install", "--quiet", "-c", TOP / "constraints.txt", wheel)
    return binaries


def test_it_says_its_version(installed: Path) -> None:
    assert wsinspector.__version__ in run(installed / "wsinspector", "--version").stdout


def test_its_resources_are_the_wheel_s_own(installed: Path) -> None:
    code = (
        "from wsinspector import resources; print(resources.root());"
        "print(resources.find('presets', 'chromium.json'))"
    )
    shown = run(installed / "python", "-c", code).stdout
    assert str(TOP / "resources") not in shown
    assert "wsinspector/resources/data" in shown


def test_the_command_line_opens_a_connection_to_its_own_lab(installed: Path) -> None:
    with subprocess.Popen(
        [installed / "wsinspector", "lab", "--json"], stdout=subprocess.PIPE, text=True, cwd="/"
    ) as lab:
        try:
            assert lab.stdout is not None
            echo = next(
                scenario["url"]
                for scenario in json.loads(lab.stdout.readline())["scenarios"]
                if scenario["path"] == "/echo"
            )
            answer = json.loads(run(installed / "wsinspector", "handshake", echo, "--json").stdout)
        finally:
            lab.terminate()
    assert answer["outcome"] == "open"
    assert answer["accept_ok"] is True


def test_the_window_connects_to_the_lab(installed: Path) -> None:
    shown = run(sys.executable, TOP / "packaging" / "try_package.py", installed / "wsinspector")
    assert "took" in shown.stdout
