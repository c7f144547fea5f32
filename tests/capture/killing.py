"""Killing a program that captures at full rate, and how old the oldest byte is that its file lacks."""

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from tests.capture.endless_writer import RUN, mapped
from tests.capture.traffic import FRAME

ROOT = Path(__file__).parents[2]
MOST_RUNS = 1 << 20
LONGEST = 0.1  # s more that a writer lives after its last commit awaited here


def killed(folder: Path, chosen: Random) -> tuple[Path, memoryview, int, int]:
    """Kill a writer at some moment: its file, when each run was handed over (ns), the frames it
    published as committed, and when it was killed (ns)."""
    path, stamps = folder / "a.wsi", folder / "stamps"
    with stamps.open("wb") as file:
        file.truncate(8 * MOST_RUNS)
    command = [sys.executable, "-m", "tests.capture.endless_writer", str(path), str(stamps)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        published = 0
        for _ in range(chosen.randint(1, 6)):
            published = int(process.stdout.readline())
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(chosen.uniform(0, LONGEST))
        at = time.monotonic_ns()
        process.send_signal(signal.SIGKILL)
        # The last line may be cut where it was being written.
        whole = process.stdout.read().rpartition("\n")[0]
        published = max([published, *map(int, whole.split())])
    assert process.returncode == -signal.SIGKILL
    return path, mapped(stamps), published, at


def oldest_lost_ms(handed_over: memoryview, length: int, at: int) -> float:
    """How long before ``at`` the first byte was handed over that a file of ``length`` bytes lacks."""
    oldest: int = handed_over[length // (RUN * FRAME)]
    # Zero: the writer died before it handed over anything that is not in the file.
    return max(0, at - oldest) / 1e6 if oldest else 0.0
