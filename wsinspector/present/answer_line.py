"""The one sentence above the panes as a value, and what can be pressed beside it."""

from dataclasses import dataclass
from typing import Literal

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
