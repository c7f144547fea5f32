"""Row 4: the window's thread while frames arrive, with ten million rows above them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.capturing import sender
from tests.benchmarks.measuring import Held, child, fresh_home

ROWS = 10_000_000
RATES = (50_000, 200_000)
PATIENCE = 900.0
CPU_MS = 8.0
LATE_MS = 8.0
WORST_MS = 50.0


def compare(repetitions: int) -> Iterator[Held]:
    with sender() as url, tempfile.TemporaryDirectory() as place:
        for mode in ("messages", "frames"):
            for rate in RATES:
                yield from _at(url, Path(place), rate, mode, max(1, repetitions // 2))


def _at(url: str, folder: Path, rate: int, mode: str, repetitions: int) -> Iterator[Held]:
    runs = []
    for _ in range(repetitions):
        with tempfile.TemporaryDirectory(dir=folder) as home:
            asked = f"{url}?frames={ROWS}&rate={rate}&mixed=1"
            arguments = (asked, str(ROWS), str(Path(home) / "window.ini"), mode)
            environment = fresh_home(Path(home))
            runs.append(child("ticking", *arguments, environment=environment, patience=PATIENCE))
    case = f"{rate // 1000} k frames/s, {mode}"
    cpu = tuple(run["live_cpu"] for run in runs)
    measured = (("idle", max(run["idle_cpu"] for run in runs)), ("rate", min(run["rate"] for run in runs)))
    yield Held(4, "CPU a tick, p99", case, "ms", CPU_MS, cpu, measured)
    late = tuple(run["live_gap"] - run["idle_gap"] for run in runs)
    idle = (("idle, p99", max(run["idle_gap"] for run in runs)),)
    yield Held(4, "a timer's lateness beyond idle, p99", case, "ms", LATE_MS, late, idle)
    worst = tuple(run["live_gap_worst"] for run in runs)
    yield Held(4, "a timer's lateness, worst", case, "ms", WORST_MS, worst)
