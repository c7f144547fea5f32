"""A program that has a conversation and writes its capture, told on standard input what to do.

``followed_writer CAPTURE URL``: connects and says "open"; a line ``send TEXT`` sends a message and says
"kept N", the number of the last frame in the file, once an echo has come; the end of input disconnects.
"""

import sys
from pathlib import Path

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine

PATIENCE = 20.0


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    engine = Engine().start()
    conversation = Conversation(engine, Path(sys.argv[1]))
    conversation.set_address(sys.argv[2])
    attempt = conversation.connect()
    assert attempt is not None
    opened = attempt.wait_for(lambda snapshot: snapshot.open, PATIENCE)
    assert opened is not None
    conversation.flush(PATIENCE)
    say("open")
    for line in sys.stdin:
        text = line.strip().removeprefix("send ")
        wanted = attempt.snapshot.frames + 2
        attempt.send_message(text)
        assert attempt.wait_for(lambda snapshot, wanted=wanted: snapshot.frames >= wanted, PATIENCE)
        say(f"kept {attempt.snapshot.frames}")
    conversation.disconnect()
    attempt.wait_ended(PATIENCE)
    conversation.close()
    engine.stop()


if __name__ == "__main__":
    main()
