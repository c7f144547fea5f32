"""A program that captures until it is killed, saying after each commit how far the file goes.

``endless_writer CAPTURE [STAMPS]``: STAMPS, made before and full of zeros, takes for each run of
frames when it was handed over (monotonic ns, eight bytes). It is mapped, so it outlives the program.
"""

import mmap
import sys
import time
from pathlib import Path

from tests.capture.traffic import new_attempt, run_of_frames
from wsinspector.capture import CaptureWriter
from wsinspector.protocol.spans import Direction

RUN = 200  # frames handed over at a time


def mapped(path: Path) -> memoryview:
    """The stamps in ``path``, shared with whoever else maps them."""
    with path.open("r+b") as file:
        return memoryview(mmap.mmap(file.fileno(), 0)).cast("q")


if __name__ == "__main__":
    writer = CaptureWriter.create(sys.argv[1])
    stamps = mapped(Path(sys.argv[2])) if len(sys.argv) > 2 else None
    attempt = new_attempt(writer)
    said = 0
    for number, first in enumerate(range(1, 10**9, RUN)):
        data, columns = run_of_frames(first, RUN)
        if stamps is not None:
            stamps[number] = time.monotonic_ns()
        attempt.bytes(Direction.IN, data, first)
        attempt.frames(columns)
        if attempt.committed_frames != said:
            said = attempt.committed_frames
            sys.stdout.write(f"{said}\n")
            sys.stdout.flush()
        if attempt.full:
            writer.flush()
