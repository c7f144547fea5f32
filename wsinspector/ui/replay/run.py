"""One replay as the window follows it: planned, sent, and compared with the first time."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from wsinspector.capture import CaptureReader
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.replaying import Replay, Replayed
from wsinspector.present.opened import Opened
from wsinspector.present.pages import Stopping
from wsinspector.present.replay_comparing import Comparison, Pair, compare_answers
from wsinspector.present.replaying import PIECE, Heard, NoReplayError, Recorded, recorded
from wsinspector.translate import translate
from wsinspector.ui.replay.asking import How, Ready


@dataclass(frozen=True, slots=True)
class Place:
    """Where the first time is found again: an attempt of a file's conversation."""

    path: Path | None
    conversation_id: int | None
    attempt: int
    address: str


class ReplayRun:
    """Goes on after :meth:`start` without the window; :meth:`close` gives the first capture back."""

    def __init__(self, conversation: Conversation, ready: Ready, how: How, first: Place) -> None:
        plan = ready.planned.plan
        self.conversation = conversation
        self.planned = ready.planned
        self.first = first
        self.into_open = how.into is not None
        self.replay = Replay(
            conversation,
            plan,
            how.pace,
            delay=0.0,
            within=how.within,
            speed=how.speed,
            attempt=how.into,
        )
        self.done: Replayed | None = None
        self.found: Comparison | None = None
        self.again: Recorded | None = None
        self._reader: CaptureReader | None = ready.reader

    @property
    def over(self) -> bool:
        """Whether nothing leaves any more; the answers may still have to be compared."""
        return self.done is not None

    @property
    def attempt(self) -> Attempt | None:
        """The attempt of now, once nothing leaves any more."""
        return self.conversation.attempt(self.done.attempt) if self.done is not None else None

    def start(self) -> None:
        self.replay.start()

    def look(self) -> bool:
        """Whether it has just come to its end."""
        if self.done is None:
            self.done = self.replay.wait_ended(0)
            return self.done is not None
        return False

    @property
    def kept(self) -> bool:
        """Whether every frame of it can be read, or never will be."""
        attempt, done = self.attempt, self.done
        if attempt is None or done is None:
            return True
        snapshot = attempt.snapshot
        return snapshot.frames >= done.frames or bool(snapshot.dropped) or bool(snapshot.losses)

    def stop(self) -> None:
        """Send no more."""
        self.replay.stop()

    def close(self) -> None:
        """Look no more into the capture of the first time."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    # -- off the window's thread

    def compared(self, stopping: Stopping) -> tuple[Comparison, Recorded] | None:
        """What was answered now against the first time; None where there was no answer to compare.

        Raises NoReplayError, CaptureError.
        """
        attempt, done = self.attempt, self.done
        reader = self.conversation.reader()
        if attempt is None or done is None or reader is None or attempt.snapshot.response is None:
            return None
        again = recorded(reader, attempt, done.before, stopping)
        whole = self.planned.whole and not self.into_open and not done.stopped
        found = compare_answers(self.planned.first, again, whole=whole)
        return (dataclasses.replace(found, handshake=()) if self.into_open else found), again

    def opened(self, pair: Pair) -> tuple[Opened | None, Opened | None]:
        """Both payloads of a pair. Raises NoReplayError once the first time's file was closed."""
        if self._reader is None:
            raise NoReplayError(translate("Replay", "The tab of the first time was closed."))
        return _opened(self.planned.first, pair.first), _opened(self.again, pair.again)


def _opened(side: Recorded | None, heard: Heard | None) -> Opened | None:
    return side.opened(heard.numbers, PIECE) if side is not None and heard is not None else None
