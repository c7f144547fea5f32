"""A window that is closed in the middle of a sweep always comes to its end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def closed(tries: int, seed: int) -> subprocess.CompletedProcess[str]:
    """A program ends windows in the middle; it has its time within itself, and tells where it hung."""
    return subprocess.run(
        [sys.executable, "-m", "tests.ui.closing_sweeps", str(tries), str(seed)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("tries", "seed"), [(4, 7), pytest.param(60, 11, marks=pytest.mark.slow)])
def test_a_window_closed_at_any_moment_after_run_ends(tries: int, seed: int) -> None:
    done = closed(tries, seed)
    assert done.stdout == f"closed {tries}\n", done.stderr
    assert done.returncode == 0
