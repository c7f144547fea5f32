"""What a capture says besides bytes: its rows, with the JSON in them read."""

from dataclasses import dataclass
from typing import Any

from wsinspector.protocol.spans import Direction

DAMAGED = "The file was damaged."
"""Why something is not there, or not as it was written, where neither a limit nor a disk is the reason."""

ALTERED = "changed"
"""Kind of a gap whose bytes are there and are known not to be those that travelled: a repair noted it."""

LEFT_OUT = "left-out"
"""Kind of a gap whose bytes are there in number, but replaced: what stood there was left out on purpose."""


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """``created_ns`` and ``changed_ns`` are wall-clock; ``draft`` is the request to be sent next."""

    id: int
    title: str
    created_ns: int
    changed_ns: int
    pinned: bool
    draft: bytes
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """``wall_ns`` and ``mono_ns`` are one moment. Not ``finished``: still written, or cut short."""

    id: int
    conversation: int
    number: int
    wall_ns: int
    mono_ns: int
    finished: bool
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EventRow:
    """``no`` counts from 1 in each attempt; ``at_ns`` is monotonic."""

    no: int
    at_ns: int
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MarkRow:
    """What a person put on frame ``frame``: a name in one line and a note, each may be empty.

    ``made_ns`` is wall-clock.
    """

    frame: int
    name: str
    note: str
    made_ns: int


@dataclass(frozen=True, slots=True)
class Loss:
    """How much of an attempt is not in its file, for one reason."""

    reason: str
    frames: int = 0
    bytes: int = 0
    events: int = 0
    changed: int = 0  # bytes that are there, and not as they were written

    def plus(self, kind: str, count: int) -> "Loss":
        """With ``count`` more of a gap's ``kind``."""
        return Loss(
            self.reason,
            self.frames + (count if kind == "frames" else 0),
            self.bytes + (count if kind == "bytes" else 0),
            self.events + (count if kind == "events" else 0),
            self.changed + (count if kind == ALTERED else 0),
        )


@dataclass(frozen=True, slots=True)
class GapRow:
    """What was not kept: ``kind`` "bytes" (offsets of ``direction``), "frames" or "events" (numbers).

    Of kind :data:`LEFT_OUT` are offsets whose bytes a copy made to be shared replaced, of kind
    :data:`ALTERED` offsets whose bytes were damaged before a repair.
    """

    kind: str
    direction: Direction | None
    start: int
    stop: int
    reason: str
