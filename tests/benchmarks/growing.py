"""Row 13: how much the resident memory grows while a gigabyte comes through one connection.

``python -m tests.benchmarks.growing URL FOLDER`` prints megabytes and seconds as JSON.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path

from tests.benchmarks.resident import resident
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine

GIGABYTE = 1_000_000_000
EVERY_SECONDS = 0.02
MEGABYTE = 1e6


def receive(url: str, folder: Path, wanted: int = GIGABYTE) -> dict[str, float]:
    """Megabytes above what was resident at the first frame, at most and when all had come."""
    engine = Engine().start()
    path = folder / f"{os.getpid()}.wsi"
    conversation = Conversation(engine, path)
    conversation.set_address(url)
    attempt = conversation.connect()
    assert attempt is not None
    attempt.wait_for(lambda snapshot: snapshot.frames > 0 or not snapshot.live, 30)
    began, first, peak = time.perf_counter(), resident(), 0
    pause = threading.Event()
    while attempt.snapshot.bytes_in < wanted and attempt.snapshot.live:
        pause.wait(EVERY_SECONDS)
        peak = max(peak, resident())
    last, wall = resident(), time.perf_counter() - began
    came = attempt.snapshot.bytes_in
    attempt.abort()
    attempt.wait_ended(30)
    conversation.close()
    engine.stop()
    path.unlink()
    if came < wanted:
        raise RuntimeError(f"only {came} bytes came")
    return {"peak": (peak - first) / MEGABYTE, "last": (last - first) / MEGABYTE, "wall": wall}


if __name__ == "__main__":
    print(json.dumps(receive(sys.argv[1], Path(sys.argv[2]))))
