"""A program that has a conversation and writes its capture, told on standard input what to do.

``followed_writer CAPTURE URL``: connects and says "open"; a line ``send TEXT`` sends a message and says
"kept N", the number of the last frame in the file, once an echo has come; the end of input disconnects.
"""

import subprocess
import sys
from functools import partial
from pathlib import Path

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.snapshot import AttemptSnapshot

PATIENCE = 20.0


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _has(frames: int, snapshot: AttemptSnapshot) -> bool:
    return snapshot.frames >= frames


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
        assert attempt.wait_for(partial(_has, wanted), PATIENCE)
        say(f"kept {attempt.snapshot.frames}")
    conversation.disconnect()
    attempt.wait_ended(PATIENCE)
    conversation.close()
    engine.stop()


class Other:
    """The other process, as whoever starts it sees it."""

    def __init__(self, capture: Path, url: str) -> None:
        command = [sys.executable, "-m", "tests.conversation.followed_writer", str(capture), url]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.says("open")

    def says(self, word: str) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith(word), line
        return line.strip()

    def send(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"send {text}\n")
        self._process.stdin.flush()
        self.says("kept")

    def end(self) -> None:
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        assert self._process.wait(PATIENCE) == 0

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(PATIENCE)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


if __name__ == "__main__":
    main()
