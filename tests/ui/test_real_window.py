"""The program as a person starts it, in a real window on a real screen server, against its lab."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="xvfb-run is not installed: make deps-xvfb")
def test_the_window_connects_and_ends_when_told(tmp_path: Path) -> None:
    program = tmp_path / "wsinspector"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m wsinspector "$@"\n')
    program.chmod(0o755)
    done = subprocess.run(
        ["xvfb-run", "-a", sys.executable, str(TOP / "packaging" / "try_package.py"), str(program)],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        cwd=TOP,
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"},
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "it ended with 0" in said
    assert "Traceback" not in said
