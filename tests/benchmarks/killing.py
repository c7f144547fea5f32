"""Row 12: killed with -9 at full rate, how old the oldest byte is that the file lacks."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.benchmarks.measuring import Held
from tests.capture.killing import killed, oldest_lost_ms
from wsinspector.capture import CaptureReader
from wsinspector.protocol.spans import Direction

TRIES = 50
GOAL_MS = 100.0


def compare(repetitions: int) -> Iterator[Held]:
    del repetitions  # fifty tries are what the row asks for
    chosen = Random(6455)
    ages = []
    for _ in range(TRIES):
        with tempfile.TemporaryDirectory() as folder:
            path, handed_over, _, at = killed(Path(folder), chosen)
            with CaptureReader(path) as reader:
                length = reader.stream_length(1, Direction.IN)
            ages.append(oldest_lost_ms(handed_over, length, at))
    beside = (("worst, ms", max(ages)),)
    yield Held(
        12, "killed: age of the oldest lost byte", f"{TRIES} tries", "ms", GOAL_MS, tuple(ages), beside
    )
