"""Ours in row 1 with its window: the program itself, connected to the sender and following the log.

``python -m tests.benchmarks.keeping_all_shown URL WARM_UP SECONDS FOLDER`` prints as JSON how many
frames became readable from the file, and what that cost the whole process.
"""

import json
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.benchmarks.stopwatch import after
from wsinspector.__main__ import main
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation

URL, WARM_UP, SECONDS = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
result: dict[str, float] = {}


def measure(attempt: Attempt | None) -> None:
    """Begin once the first frames are there."""
    assert attempt is not None
    if attempt.snapshot.frames:
        QTimer.singleShot(round(WARM_UP * 1000), lambda: begin(attempt))
    else:
        QTimer.singleShot(10, lambda: measure(attempt))


def begin(attempt: Attempt) -> None:
    first, cpu, wall = attempt.snapshot.frames, time.process_time(), time.perf_counter()

    def finish() -> None:
        result["amount"] = float(attempt.snapshot.frames - first)
        result["cpu"] = time.process_time() - cpu
        result["wall"] = time.perf_counter() - wall
        result["lost"] = float(sum(count for _, count in attempt.snapshot.dropped))
        # A closing handshake would wait behind all that is still on its way.
        attempt.abort()
        QTimer.singleShot(200, QApplication.closeAllWindows)

    QTimer.singleShot(round(SECONDS * 1000), finish)


if __name__ == "__main__":
    after(Conversation, "connect", measure)
    main(["--connect", URL])
    print(json.dumps(result))
