"""A program whose files may not grow for a while: the writer goes on, and says what it dropped."""

import json
import resource
import sys

from tests.capture.traffic import FRAME, new_attempt, run_of_frames
from wsinspector.capture import CaptureWriter
from wsinspector.protocol.spans import Direction

if __name__ == "__main__":
    writer = CaptureWriter.create(sys.argv[1], handover_bytes=1 << 20)
    attempt = new_attempt(writer)
    next_no = 1

    def hand_over(count: int) -> None:
        global next_no
        data, columns = run_of_frames(next_no, count)
        attempt.bytes(Direction.IN, data, next_no)
        attempt.frames(columns)
        next_no += count

    hand_over(10)
    writer.flush()
    largest = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, largest))
    while not writer.dropped["frames"]:
        hand_over(1000)
        writer.flush(0.01)
    trouble = writer.trouble
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    writer.flush()
    hand_over(10)
    writer.flush()
    after = writer.trouble
    closed = writer.close()
    json.dump(
        {
            "trouble": trouble,
            "after": after,
            "closed": closed.trouble,
            "dropped": dict(closed.dropped),
            "frames": next_no - 1,
            "bytes": (next_no - 1) * FRAME,
        },
        sys.stdout,
    )
