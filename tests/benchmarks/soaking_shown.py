"""The soak with the window: ``python -m tests.benchmarks.soaking_shown URL SECONDS FOLDER``."""

import sys
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.benchmarks.soaking import KEPT_BYTES, Soak
from wsinspector.__main__ import main
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation

URL, SECONDS = sys.argv[1], float(sys.argv[2])
LOOK_MS = 200
wrong = ["It never connected."]


def watch(conversation: Conversation, attempt: Attempt) -> None:
    """Look now and then, and close the window in the end."""
    soak = Soak(conversation, attempt, SECONDS)
    timer = QTimer(QApplication.instance())

    def look() -> None:
        if not soak.over:
            soak.look()
            return
        timer.stop()
        wrong[:] = soak.verdict()
        attempt.abort()
        QTimer.singleShot(LOOK_MS, QApplication.closeAllWindows)

    timer.timeout.connect(look)
    timer.start(LOOK_MS)


def limited() -> None:
    """Have the program connect with a limit to its file, and be watched."""
    connect = Conversation.connect

    def both(conversation: Conversation, **named: Any) -> Attempt | None:
        conversation.set_options(replace(conversation.options, keep_bytes=KEPT_BYTES))
        attempt = connect(conversation, **named)
        if attempt is not None:
            watch(conversation, attempt)
        return attempt

    setattr(Conversation, "connect", both)  # noqa: B010 - a hook in a program as it is started


if __name__ == "__main__":
    limited()
    main(["--connect", URL])
    sys.stderr.write("".join(f"{text}\n" for text in wrong))
    sys.exit(bool(wrong))
