"""What a capture says besides bytes: its rows, with the JSON in them read."""

from dataclasses import dataclass
from typing import Any

from wsinspector.protocol.spans import Direction


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
class GapRow:
    """What was not kept: ``kind`` "bytes" (offsets of ``direction``), "frames" or "events" (numbers)."""

    kind: str
    direction: Direction | None
    start: int
    stop: int
    reason: str
