"""Row 13: a gigabyte through one connection, and what memory it takes."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.capturing import sender
from tests.benchmarks.measuring import Held, child, fresh_home

LIMIT_MB = 64.0


def compare(repetitions: int) -> Iterator[Held]:
    with sender() as url, tempfile.TemporaryDirectory() as folder:
        for size in (125, 65536):
            runs = [
                child("growing", f"{url}?size={size}", folder, environment=fresh_home(Path(folder)))
                for _ in range(repetitions)
            ]
            peaks = tuple(run["peak"] for run in runs)
            last = (("when all had come", max(run["last"] for run in runs)),)
            yield Held(
                13, "memory while 1 GB comes, at most", f"frames of {size} B", "MB", LIMIT_MB, peaks, last
            )
