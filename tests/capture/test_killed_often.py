"""Killed fifty times at full rate: nothing said to be kept is lost, and how old is what is lost."""

import contextlib
import random
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.capture.endless_writer import RUN, mapped
from tests.capture.traffic import FRAME, one_frame
from wsinspector.capture import CaptureReader
from wsinspector.protocol.spans import Direction

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TIMES = 50
MOST_RUNS = 1 << 20
LONGEST = 0.1  # s more that a writer lives after its last commit awaited here


def killed(path: Path, stamps: Path, commits: int, more: float) -> tuple[int, int]:
    """Kill a writer ``more`` seconds after some commits: the frames it published, and when (ns)."""
    command = [sys.executable, "-m", "tests.capture.endless_writer", str(path), str(stamps)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(commits):
            published = int(process.stdout.readline())
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(more)
        at = time.monotonic_ns()
        process.send_signal(signal.SIGKILL)
        # The last line may be cut where it was being written.
        whole = process.stdout.read().rpartition("\n")[0]
        published = max([published, *map(int, whole.split())])
    assert process.returncode == -signal.SIGKILL
    return published, at


def test_nothing_published_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = random.Random(6455)
    ages: list[float] = []
    for number in range(TIMES):
        folder = tmp_path / str(number)
        folder.mkdir()
        path, stamps = folder / "a.wsi", folder / "stamps"
        with stamps.open("wb") as file:
            file.truncate(8 * MOST_RUNS)
        published, at = killed(path, stamps, chosen.randint(1, 6), chosen.uniform(0, LONGEST))
        with CaptureReader(path) as reader:
            there = reader.frame_count(1)
            length = reader.stream_length(1, Direction.IN)
            assert there >= published > 0
            assert length >= there * FRAME
            assert list(reader.columns(1, 1, there).message) == list(range(1, there + 1))
            for first in range(1, there + 1, RUN):
                last = min(first + RUN, there + 1)
                wanted = b"".join(map(one_frame, range(first, last)))
                assert reader.stream(1, Direction.IN, (first - 1) * FRAME, (last - 1) * FRAME) == wanted
            for no in (1, published, there):
                assert reader.frame_bytes(1, no) == one_frame(no)
        handed_over = mapped(stamps)
        oldest_lost = handed_over[length // (RUN * FRAME)]
        # Zero: the writer died before it handed over anything that is not in the file.
        ages.append(max(0, at - oldest_lost) / 1e6 if oldest_lost else 0.0)
        for left in folder.iterdir():
            left.unlink()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{TIMES} times killed: the oldest lost byte was {statistics.median(ages):.0f} ms old "
            f"in the median, {max(ages):.0f} ms at worst\n"
        )
