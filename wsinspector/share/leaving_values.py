"""What leaves of frames and messages, as plain values that any format can write."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from wsinspector.present.frames import FrameFacts
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE, FLAG_STARTS_MESSAGE
from wsinspector.protocol.deflate import InflateFault
from wsinspector.protocol.spans import Direction


class Cancelled(Exception):  # noqa: N818
    """A person gave up an export."""


@dataclass(frozen=True, slots=True)
class LeavingFrame:
    """One frame. Times are ns; ``offset`` is the place of its first byte in its direction's stream.

    ``wire``: bytes it has on the wire, as declared: header, payload, and one for a sentinel. ``opcode``
    is numbered as in RFC 6455, ``rsv`` is 0 to 7 (RSV1 is 4). ``header``: as it travelled. ``key``: empty
    where it is not masked. ``payload``: bytes as declared, ``have`` those that are here. ``message``: 0
    for control frames. ``missing``: stretches of its payload that were not kept, as (start, stop, why).
    """

    number: int
    out: bool
    mono_ns: int
    wall_ns: int
    offset: int
    wire: int
    fin: bool
    rsv: int
    opcode: int
    name: str
    masked: bool
    key: bytes
    compressed: bool
    header: bytes
    payload: int
    have: int
    message: int
    anomalies: tuple[str, ...]
    missing: tuple[tuple[int, int, str], ...]
    facts: FrameFacts

    @property
    def direction(self) -> Direction:
        return Direction.OUT if self.out else Direction.IN

    @property
    def starts(self) -> bool:
        """Whether it is the first frame of a message."""
        return bool(self.facts.flags & FLAG_STARTS_MESSAGE)

    @property
    def ends(self) -> bool:
        return bool(self.facts.flags & FLAG_ENDS_MESSAGE)

    @property
    def control(self) -> bool:
        return bool(self.opcode & 8)


@dataclass(frozen=True, slots=True)
class Hole:
    """Frames ``first`` to ``last`` were received or sent and not kept."""

    first: int
    last: int
    reason: str


@dataclass(frozen=True, slots=True)
class LeavingMessage:
    """A data message, or a control frame. ``first``: its first frame; ``last``: the one whose time it has.

    ``whole`` is False where its end is not there.
    """

    first: LeavingFrame
    last: LeavingFrame
    numbers: "array[int]"
    compressed: bool
    whole: bool

    @property
    def out(self) -> bool:
        return self.first.out

    @property
    def opcode(self) -> int:
        return self.first.opcode

    @property
    def wall_ns(self) -> int:
        return self.last.wall_ns


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says, in pieces to be run through once. ``fault``: why it does not inflate further."""

    pieces: Iterable[bytes]
    fault: InflateFault | None = None
