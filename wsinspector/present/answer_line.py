"""The one sentence above the panes as a value, and what can be pressed beside it."""

from dataclasses import dataclass
from typing import Literal

from wsinspector.translate import marked, translate

Tone = Literal["ok", "refused", "fault", "muted", "busy"]


@dataclass(frozen=True, slots=True)
class Action:
    """A button. ``key``: retry, follow, address, trust, reconnect, speak, ping, cancel; ``value``: for it.

    Of a client that reached us: accept, refuse (``value``: the manner), let-go.
    """

    key: str
    text: str
    value: str = ""
    tip: str = ""


ACTION_TIPS = {
    "retry": marked("AnswerLine", "Sends the request again with a version that the answer offers"),
    "follow": marked("AnswerLine", "Puts the address that the answer names into the bar"),
    "address": marked("AnswerLine", "Connects to this address instead"),
    "trust": marked("AnswerLine", "Connects again and goes on whatever the certificate says"),
    "reconnect": marked("AnswerLine", "Sends the request again as a new attempt"),
    "speak": marked("AnswerLine", "Connects again and speaks the frames of this version"),
    "ping": marked(
        "AnswerLine",
        "From the next connection on a ping is sent so often, so that nothing ends it for silence",
    ),
    "cancel": marked("AnswerLine", "Gives the attempt up and lets go of its connection"),
    "mirror": marked("AnswerLine", "Shows what was sent beside what the lab received"),
    "accept": marked("AnswerLine", "Answers the client with 101"),
    "refuse": marked("AnswerLine", "Refuses the client and ends our side"),
    "let-go": marked("AnswerLine", "Ends the connection without an answer"),
}
"""What a button does, by its key, where it has no tip of its own."""


def tip_of(action: Action) -> str:
    """What pressing ``action`` does, in the installed language; empty for a key that is none of these."""
    known = ACTION_TIPS.get(action.key, "")
    return action.tip or (translate("AnswerLine", known) if known else "")


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """``lead`` is bold and in the colour of ``tone``; ``since``: the instant an age is counted from."""

    tone: Tone
    lead: str
    text: str
    since: int | None = None
    primary: Action | None = None
    quiet: tuple[Action, ...] = ()

    @property
    def spoken(self) -> str:
        return f"{self.lead} {self.text}".strip()
