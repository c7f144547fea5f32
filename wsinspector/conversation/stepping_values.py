"""What Step tells: the units that wait, and how long bytes of ours were held before they left."""

import enum
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any


class Unit(enum.Enum):
    """What one step lets go of ours, or shows of the peer's."""

    REQUEST = "request"
    ANSWER = "answer"  # ours, to a client that reached the lab
    RESPONSE = "response"
    FRAME = "frame"
    BYTES = "bytes"  # crafted, or typed: perhaps no whole frame
    FIN = "fin"
    END = "end"  # how the peer, or the network, ended the connection


@dataclass(frozen=True, slots=True)
class HeldBytes:
    """Bytes of ours that are composed and not written. ``since``: monotonic ns.

    ``opcode``: of a frame, None of anything else.
    """

    unit: Unit
    data: bytes
    since: int
    opcode: int | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Bytes of ours that were held from ``since`` until they left at ``at`` (monotonic ns).

    ``offset``, ``size``: where they stand in the stream of what we sent.
    """

    since: int
    at: int
    offset: int
    size: int

    @property
    def held(self) -> int:
        """ns."""
        return self.at - self.since


@dataclass(frozen=True, slots=True)
class StepView:
    """What a person steps through. ``since``: when the first unit that waits began to, None where none does.

    ``held``: ours, the next first, not more than MOST_HELD_SHOWN of ``held_count``. ``unseen``: how many
    units of the peer came and are not shown; they come before ours. ``next``: what a step does, None where
    it does nothing. ``steps``: how many were made. ``ended``: the connection is over, though that is not
    shown yet; ``never_left``: what was held then.
    """

    on: bool = False
    next: Unit | None = None
    since: int | None = None
    held: tuple[HeldBytes, ...] = ()
    held_count: int = 0
    unseen: int = 0
    steps: int = 0
    ended: bool = False
    never_left: tuple[HeldBytes, ...] = ()


NO_STEPS = StepView()
MOST_HELD_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that was held in an attempt: what left late, and the stretches in which anything waited.

    ``stretches``: (from, to), in order and apart; only the first MOST_NOTED of both are kept.
    """

    holds: tuple[Hold, ...] = ()
    stretches: tuple[tuple[int, int], ...] = ()

    def between(self, start: int, stop: int) -> int:
        """ns of ``start`` to ``stop`` in which something waited for a step."""
        return sum(max(0, min(last, stop) - max(first, start)) for first, last in self.stretches)

    def of(self, offset: int) -> int:
        """ns for which the byte of ours at ``offset`` was held."""
        place = bisect_right(self.holds, offset, key=lambda hold: hold.offset)
        for hold in reversed(self.holds[:place]):
            if hold.size:
                return hold.held if offset < hold.offset + hold.size else 0
        return 0

    def to_json(self) -> dict[str, Any]:
        """Plain lists, the inverse of :func:`held_from_json`."""
        return {
            "holds": [[one.since, one.at, one.offset, one.size] for one in self.holds],
            "stretches": [list(stretch) for stretch in self.stretches],
        }


NOTHING_HELD = Held()
MOST_NOTED = 1024


def held_from_json(data: Any) -> Held:
    """What was noted; nothing where it is damaged."""
    if not isinstance(data, dict):
        return NOTHING_HELD
    holds, stretches = data.get("holds"), data.get("stretches")
    if not (_numbers(holds, 4) and _numbers(stretches, 2)):
        return NOTHING_HELD
    assert isinstance(holds, list)
    assert isinstance(stretches, list)
    return Held(
        tuple(sorted((Hold(*each) for each in holds), key=lambda hold: hold.offset)),
        tuple(sorted((first, max(first, last)) for first, last in stretches)),
    )


def _numbers(rows: object, width: int) -> bool:
    return isinstance(rows, list) and all(
        isinstance(row, list) and len(row) == width and all(type(each) is int for each in row) for row in rows
    )
