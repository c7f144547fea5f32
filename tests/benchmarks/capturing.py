"""Rows 1 and 2: frames captured a second, against clients that discard, from the same sender."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.measuring import ROOT, Comparison, Once, alternate, child, fresh_home

WARM_UP = 1.0
SECONDS = 3.0
GOAL = 5.0
AMBITION = 1.0
WEBSOCKETS = "a bare websockets asyncio client that discards"
PICOWS = "picows discarding, its frames read in C"


@contextmanager
def sender() -> Iterator[str]:
    """The URL of a server that sends flat out, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.sender"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"ws://127.0.0.1:{int(process.stdout.readline())}/"
        finally:
            process.terminate()


def receive(module: str, *arguments: str, home: str) -> Once:
    """What one receiver measured of itself; a frame lost is no frame captured."""
    found = child(module, *arguments, environment=fresh_home(Path(home)))
    if found.get("lost"):
        raise RuntimeError(f"{module} lost {found['lost']:.0f} of {found['amount']:.0f}")
    return Once(found["amount"], found["cpu"], found["wall"])


def compare(repetitions: int) -> Iterator[Comparison]:
    timing = (str(WARM_UP), str(SECONDS))
    cases: list[tuple[int, str, str, str, str, float | None]] = [
        (1, "keeping_all", "no window", "discarding", WEBSOCKETS, None),
        (1, "keeping_all_shown", "window live", "discarding", WEBSOCKETS, GOAL),
    ]
    if find_spec("picows") is not None:
        cases.append((2, "keeping_all", "no window", "discarding_picows", PICOWS, AMBITION))
    with sender() as url, tempfile.TemporaryDirectory() as folder:
        for row, module, case, other, peer_name, goal in cases:

            def ours(module: str = module) -> Once:
                return receive(module, url, *timing, folder, home=folder)

            def peer(other: str = other) -> Once:
                return receive(other, url, *timing, home=folder)

            yield Comparison(
                row=row,
                what="captured, 125 B",
                case=case,
                peer=peer_name,
                unit="frames",
                decides="wall",
                goal=goal,
                **alternate(repetitions, ours, peer),
            )
