"""Makes the large captures that other rows open, with the program's own engine.

``python -m tests.benchmarks.recorded URL FRAMES FILE`` captures FRAMES frames and prints as JSON what
that took and how large the file is.
"""

import json
import sys
import time
from pathlib import Path

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine

PATIENCE = 600.0


def record(url: str, frames: int, path: Path) -> dict[str, float]:
    """A capture of ``frames`` frames at ``path``. Raises RuntimeError where some are missing."""
    engine = Engine().start()
    conversation = Conversation(engine, path)
    try:
        conversation.set_address(url)
        began = time.perf_counter()
        attempt = conversation.connect()
        assert attempt is not None
        attempt.wait_for(lambda snapshot: snapshot.frames >= frames or not snapshot.live, PATIENCE)
        wall = time.perf_counter() - began
        attempt.abort()
        snapshot = attempt.wait_ended(60)
        if snapshot is None or snapshot.frames < frames or snapshot.dropped:
            raise RuntimeError(f"{snapshot and snapshot.frames} of {frames} frames were captured")
    finally:
        conversation.close()
        engine.stop()
    return {"frames": snapshot.frames, "wall": wall, "file": path.stat().st_size}


if __name__ == "__main__":
    print(json.dumps(record(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
