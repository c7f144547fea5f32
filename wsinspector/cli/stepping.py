"""``connect --step``: says what waits, and lets a line of standard input let it go."""

import os
import sys
import threading

from wsinspector.cli.telling import say
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.conversation.stepping_values import StepView
from wsinspector.present.stepping import step_words
from wsinspector.protocol.opcodes import TEXT


class Steps:
    """Return lets the next unit go; any other line is a text that is held; the end of input lets all go.

    With ``closes`` the end of input closes the connection too.
    """

    def __init__(self, conversation: Conversation, attempt: Attempt, *, closes: bool) -> None:
        self._conversation = conversation
        self._attempt = attempt
        self._closes = closes
        self._told: StepView | None = None
        self._thread = threading.Thread(target=self._read, name="standard input", daemon=True)

    def begin(self) -> None:
        """Read standard input from now on."""
        say("Steps. Return lets the next unit go, a line is sent as a text, Ctrl-D lets everything go.")
        self._thread.start()

    def is_news(self, snapshot: AttemptSnapshot) -> bool:
        """Whether something waits of which nothing was said."""
        return snapshot.step.next is not None and snapshot.step != self._told

    def tell(self, snapshot: AttemptSnapshot) -> None:
        """Say on standard error what waits, once."""
        if not self.is_news(snapshot):
            return
        self._told = snapshot.step
        words = step_words(snapshot)
        wire = f" {words.wire}" if words.wire else ""
        say(f"{words.spoken}{wire} [Return: {words.act}]")

    def end(self) -> None:
        """Hold nothing any more."""
        self._conversation.set_options(self._conversation.options.without("step"))

    def _read(self) -> None:
        # Not sys.stdin: its lock, held by a thread that waits, would keep the interpreter from ending.
        rest = b""
        while sys.stdin is not None and (data := os.read(sys.stdin.fileno(), 65536)):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._take(line.removesuffix(b"\r"))
        if rest:
            self._take(rest)
        self.end()
        if self._closes:
            self._attempt.close()

    def _take(self, line: bytes) -> None:
        if line:
            self._attempt.say(TEXT, line)
            return
        # A line that was typed ahead waits for what it lets go.
        self._attempt.wait_for(lambda snapshot: snapshot.step.next is not None or not snapshot.live)
        before = self._attempt.snapshot.step.steps
        self._attempt.step()
        self._attempt.wait_for(lambda snapshot: snapshot.step.steps > before or not snapshot.live)
