"""Row 11: from the start of the process to the first paint, against a bare QMainWindow."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measuring import Comparison, Once, alternate, child, fresh_home

GOAL = 1.3


def start(module: str, until: str, environment: dict[str, str]) -> Once:
    """Start ``module`` once; what it took to get to ``until``."""
    found = child(module, repr(time.time()), environment=environment)
    return Once(1, found[f"{until}_cpu"], found[f"{until}_wall"])


def compare(repetitions: int) -> Iterator[Comparison]:
    with tempfile.TemporaryDirectory() as folder:
        environment = fresh_home(Path(folder))
        for module in ("own_window", "bare_window"):  # compiled and in the file cache from here on
            start(module, "paint", environment)
        for until, what, goal in (
            ("paint", "start to first paint", GOAL),
            ("connect", "start to first possible Connect", None),
        ):

            def ours(until: str = until) -> Once:
                return start("own_window", until, environment)

            def peer() -> Once:
                return start("bare_window", "paint", environment)

            yield Comparison(
                row=11,
                what=what,
                case="offscreen",
                peer="a bare QMainWindow, to its first paint",
                unit="start",
                decides="cpu",
                goal=goal,
                **alternate(repetitions, ours, peer),
            )
