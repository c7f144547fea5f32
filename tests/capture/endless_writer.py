"""A program that captures until it is killed, saying after each commit how far the file goes."""

import sys

from tests.capture.traffic import new_attempt, run_of_frames
from wsinspector.capture import CaptureWriter
from wsinspector.protocol.spans import Direction

if __name__ == "__main__":
    writer = CaptureWriter.create(sys.argv[1])
    attempt = new_attempt(writer)
    said = 0
    for first in range(1, 10**9, 200):
        data, columns = run_of_frames(first, 200)
        attempt.bytes(Direction.IN, data, first)
        attempt.frames(columns)
        if attempt.committed_frames != said:
            said = attempt.committed_frames
            sys.stdout.write(f"{said}\n")
            sys.stdout.flush()
        if attempt.full:
            writer.flush()
