"""What a saved message becomes when it leaves: its variables filled in, as a frame of what is spoken."""

import time
from dataclasses import dataclass

from wsinspector.conversation.sequences.filling import (
    Filler,
    Quoting,
    UnknownVariableError,
    generated_texts,
    in_json,
)
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.library.saved_messages import Saved
from wsinspector.present.outgoing import Outgoing, SendKind, outgoing
from wsinspector.present.plain import visible
from wsinspector.protocol.arriving import NOTHING_AGREED
from wsinspector.protocol.spans import Role
from wsinspector.ui.inspect.tab import TabState

MOST_LINES = 6
MOST_SIGNS = 2000


@dataclass(frozen=True, slots=True)
class Preview:
    """``text``: what would leave, in short, and ``warning``: what is odd about it. ``trouble``: why nothing
    can; each empty where there is none."""

    text: str
    trouble: str = ""
    warning: str = ""


class Leaving:
    """Fills in the variables of one tab's conversation; the counter goes on from message to message."""

    def __init__(self, tab: TabState) -> None:
        self._tab = tab
        self._filler = Filler({}, now=time.time)
        self.look()

    def look(self) -> None:
        """Take over the conversation's variables; the counter begins anew."""
        try:
            self._filler = Filler(self._tab.conversation.variables, now=time.time)
        except UnknownVariableError:
            self._filler = Filler({}, now=time.time)

    @property
    def snapshot(self) -> AttemptSnapshot | None:
        """Of the attempt that would be sent on; None where there is none."""
        conversation = self._tab.conversation
        attempt = conversation.attempt(self._tab.picked) or conversation.current
        return attempt.snapshot if attempt is not None else None

    @property
    def open(self) -> bool:
        snapshot = self.snapshot
        return snapshot is not None and snapshot.open

    def frame(self, message: Saved) -> Outgoing:
        """The frame that leaves now. Raises UnknownVariableError."""
        self._filler.begin()
        return self._made(message, self._filler.fill(message.text, _quoting(message)))

    def preview(self, message: Saved) -> Preview:
        """What would leave, without anything being drawn for it."""
        shown = {name: f"‹{name}›" for name in generated_texts()}
        shown["counter"] = str(self._filler.next_counter)
        shown["unix_ms"] = str(int(time.time() * 1000))
        try:
            filler = Filler(shown | self._filler.values, now=time.time)
            text = filler.fill(message.text, _quoting(message))
        except UnknownVariableError as error:
            return Preview("", str(error))
        frame = self._made(message, text)
        if frame.problem:
            return Preview("", frame.problem)
        cut = text[:MOST_SIGNS] + ("…" if len(text) > MOST_SIGNS else "")
        lines = cut.split("\n")
        told = "\n".join(visible(line) for line in lines[:MOST_LINES])
        more = "\n…" if len(lines) > MOST_LINES else ""
        code = f"{message.code}  " if message.code else ""
        return Preview(f"{message.kind}  {code}{told}{more}".rstrip(), warning=frame.warning)

    def _made(self, message: Saved, text: str) -> Outgoing:
        snapshot = self.snapshot
        agreed = snapshot.agreed if snapshot is not None else NOTHING_AGREED
        role = snapshot.role if snapshot is not None else Role.CLIENT
        return outgoing(SendKind(message.kind), text, code=message.code or "1000", agreed=agreed, role=role)


def _quoting(message: Saved) -> Quoting | None:
    return in_json if message.kind == SendKind.JSON.value else None
