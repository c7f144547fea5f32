"""Ours in row 1: a conversation that decodes every frame and writes it into a capture file.

``python -m tests.benchmarks.keeping_all URL WARM_UP SECONDS FOLDER`` prints as JSON how many frames
became readable from the file, and what that cost the whole process.
"""

import json
import os
import resource
import sys
import threading
import time
from pathlib import Path

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine


def receive(url: str, warm_up: float, seconds: float, folder: Path) -> dict[str, float]:
    """Frames committed between the end of ``warm_up`` and ``seconds`` later."""
    engine = Engine().start()
    path = folder / f"{os.getpid()}.wsi"
    conversation = Conversation(engine, path)
    conversation.set_address(url)
    attempt = conversation.connect()
    assert attempt is not None
    assert attempt.wait_for(lambda snapshot: snapshot.frames > 0 or not snapshot.live, 30) is not None
    pause = threading.Event()
    pause.wait(warm_up)
    first = attempt.snapshot
    cpu, wall = time.process_time(), time.perf_counter()
    pause.wait(seconds)
    last = attempt.snapshot
    result = {
        "amount": float(last.frames - first.frames),
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
    }
    attempt.abort()
    attempt.wait_ended(30)
    result["resident_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result["lost"] = float(sum(count for _, count in attempt.snapshot.dropped))
    frames = attempt.snapshot.frames_in + attempt.snapshot.frames_out
    conversation.close()
    engine.stop()
    result["bytes_a_frame"] = path.stat().st_size / frames - 125
    path.unlink()
    return result


if __name__ == "__main__":
    url, warm_up, seconds, folder = sys.argv[1:5]
    print(json.dumps(receive(url, float(warm_up), float(seconds), Path(folder))))
