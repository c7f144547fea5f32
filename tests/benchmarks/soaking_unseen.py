"""The soak without a window: ``python -m tests.benchmarks.soaking_unseen URL SECONDS FOLDER``."""

import sys
import threading
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.soaking import KEPT_BYTES, Soak
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine

LOOK_SECONDS = 0.2


def main() -> int:
    url, seconds, folder = sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])
    engine = Engine().start()
    conversation = Conversation(engine, folder / "soak.wsi")
    conversation.set_options(replace(conversation.options, keep_bytes=KEPT_BYTES))
    conversation.set_address(url)
    attempt = conversation.connect()
    assert attempt is not None
    attempt.wait_for(lambda snapshot: snapshot.frames > 0 or not snapshot.live, 30)
    soak, pause = Soak(conversation, attempt, seconds), threading.Event()
    while not soak.over:
        soak.look()
        pause.wait(LOOK_SECONDS)
    wrong = soak.verdict()
    attempt.abort()
    attempt.wait_ended(30)
    conversation.close()
    engine.stop()
    sys.stderr.write("".join(f"{text}\n" for text in wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
