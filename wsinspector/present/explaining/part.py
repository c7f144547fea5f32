"""One part of a conversation as it is told: the request, a frame, a message of several, the end."""

import enum
from dataclasses import dataclass

from wsinspector.present.explaining.grouping import Stands
from wsinspector.protocol.spans import Direction, Span


class Kind(enum.Enum):
    OPENING = "opening"
    REQUEST = "request"
    INTERIM = "interim"
    ANSWER = "answer"
    GONE = "gone"
    MESSAGE = "message"
    FRAME = "frame"
    WHOLE = "whole"
    ARRIVING = "arriving"
    REST = "rest"
    END = "end"


STANDS = {Kind.MESSAGE: Stands.MESSAGE, Kind.FRAME: Stands.FRAME, Kind.WHOLE: Stands.WHOLE}
KINDS = {stands: kind for kind, stands in STANDS.items()}
_NUMBERED = (*STANDS, Kind.INTERIM)


@dataclass(frozen=True, slots=True)
class Part:
    """One part. ``number``: of a frame, an interim answer, or the last frame that is gone; of a MESSAGE that
    of its first frame, of what it says as a WHOLE that of its last.

    ``direction``: None where it is no bytes. ``span``: bytes of that stream, None where it is not known
    before it is looked at (a frame). ``sent``: whether the bytes ever left. ``level``: 1 below a MESSAGE.
    """

    kind: Kind
    number: int = 0
    direction: Direction | None = None
    span: Span | None = None
    sent: bool = True
    level: int = 0

    @property
    def key(self) -> str:
        """A name that stays the same while the conversation goes on: ``frame-12``, ``rest-in``."""
        if self.kind in _NUMBERED:
            return f"{self.kind.value}-{self.number}"
        if self.kind in (Kind.ARRIVING, Kind.REST) and self.direction is not None:
            return f"{self.kind.value}-{'out' if self.direction is Direction.OUT else 'in'}"
        return str(self.kind.value)
