"""What a comparison gives: rows for both sides, a sentence, and which kind of comparison fits."""

import enum
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from wsinspector.present.comparing import CompareRow
from wsinspector.present.jsontext import looks_like_json
from wsinspector.present.pages import Pages
from wsinspector.protocol.messages import first_bad_utf8


class Kind(enum.Enum):
    """How two payloads are compared."""

    JSON = "json"
    TEXT = "text"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Side:
    """A payload: all of it, and its beginning as it was read to be looked at."""

    pages: Pages
    beginning: bytes
    text: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a comparison stops: ``rows`` that differ, ``steps`` taken, ``seconds`` by ``clock``."""

    rows: int = 2000
    steps: int = 400_000
    seconds: float = 5.0
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class Compared:
    """``rows``: what differs with a little around it; ``told``: how much does, and what was left out."""

    kind: Kind
    rows: tuple[CompareRow, ...]
    told: str
    differs: bool


@dataclass(slots=True)
class Meter:
    """What was spent of the limits; ``over`` once it is too much."""

    limits: Limits
    steps: int = 0
    over: bool = False
    _end: float = field(default=0.0)

    def __post_init__(self) -> None:
        self._end = self.limits.clock() + self.limits.seconds

    def spend(self, rows: int) -> bool:
        """One step more, with ``rows`` made so far; False where it must stop."""
        self.steps += 1
        if (
            self.steps > self.limits.steps
            or rows >= self.limits.rows
            or (self.steps % 16 == 0 and self.limits.clock() > self._end)
        ):
            self.over = True
        return not self.over


def fitting(left: Side, right: Side) -> Kind:
    """The kind that says most: JSON where both are, text where both are, else bytes."""
    if looks_like_json(left.beginning) and looks_like_json(right.beginning):
        return Kind.JSON
    if all(side.text and first_bad_utf8(side.beginning[:4096]) is None for side in (left, right)):
        return Kind.TEXT
    return Kind.BYTES
