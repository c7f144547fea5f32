"""What waits between the thread that receives and the thread that writes."""

from array import array
from dataclasses import dataclass, field

from wsinspector.capture.blocks import BYTES_A_FRAME
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.spans import Direction

SEGMENT_BYTES = 1 << 20
BLOCK_FRAMES = 1 << 16
# Events are few; only a disk that stays full for hours under a chatty peer reaches this.
EVENTS_KEPT = 1 << 16

Value = int | str | bytes | None


@dataclass(slots=True)
class Segment:
    """Bytes of one direction, their place in its stream, and where each read begins and when."""

    direction: Direction
    start: int
    data: bytearray = field(default_factory=bytearray)
    offsets: "array[int]" = field(default_factory=lambda: array("I"))
    times: "array[int]" = field(default_factory=lambda: array("q"))


@dataclass(slots=True)
class Block:
    """Frames from number ``first_no`` on."""

    first_no: int
    columns: FrameColumns = field(default_factory=FrameColumns)


@dataclass(frozen=True, slots=True)
class Gap:
    """What could not be kept. ``kind``: "bytes" of a direction, "frames" or "events" by number."""

    attempt: int
    kind: str
    direction: Direction | None
    start: int
    stop: int
    reason: str


@dataclass(slots=True)
class Part:
    """What one attempt handed over since the last cut.

    ``positions``: length of each direction's stream, ``frames`` and ``events``: the last numbers
    given out, all at the moment of the cut.
    """

    attempt: int
    segments: list[Segment] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    events: list[tuple[int, int, str, str]] = field(default_factory=list)  # no, at_ns, kind, JSON
    checkpoints: list[tuple[Direction, int, bytes]] = field(default_factory=list)
    positions: tuple[int, int] = (0, 0)
    last_frame: int = 0
    last_event: int = 0

    @property
    def weight(self) -> int:
        return sum(len(segment.data) for segment in self.segments) + BYTES_A_FRAME * sum(
            len(block.columns) for block in self.blocks
        )


@dataclass(slots=True)
class Batch:
    """What one transaction writes. ``rows``: statements that supersede earlier ones by their key."""

    serial: int
    rows: dict[tuple[str, int], tuple[str, tuple[Value, ...]]] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    weight: int = 0

    def absorb(self, later: "Batch") -> None:
        """Put what came ``later`` behind what is here."""
        self.serial = later.serial
        self.rows |= later.rows
        self.parts += later.parts
        self.gaps += later.gaps
        self.weight += later.weight

    def shed(self, reason: str, dropped: dict[str, int]) -> None:
        """Give up bytes and frames, leaving gaps that say so; count them in ``dropped``."""
        events = sum(len(part.events) for part in self.parts)
        for part in self.parts:
            for segment in part.segments:
                size = len(segment.data)
                name = "bytes_in" if segment.direction is Direction.IN else "bytes_out"
                dropped[name] += size
                start = segment.start
                self._note(Gap(part.attempt, "bytes", segment.direction, start, start + size, reason))
            for block in part.blocks:
                count = len(block.columns)
                dropped["frames"] += count
                self._note(Gap(part.attempt, "frames", None, block.first_no, block.first_no + count, reason))
            part.segments = []
            part.blocks = []
            part.checkpoints = []
            if events > EVENTS_KEPT and part.events:
                events -= len(part.events)
                dropped["events"] += len(part.events)
                first, last = part.events[0][0], part.events[-1][0]
                self._note(Gap(part.attempt, "events", None, first, last + 1, reason))
                part.events = []
        self.weight = 0

    def _note(self, gap: Gap) -> None:
        for at in range(len(self.gaps) - 1, max(-1, len(self.gaps) - 4), -1):
            before = self.gaps[at]
            same = (before.attempt, before.kind, before.direction) == (gap.attempt, gap.kind, gap.direction)
            if same and before.stop == gap.start:
                self.gaps[at] = Gap(
                    gap.attempt, gap.kind, gap.direction, before.start, gap.stop, before.reason
                )
                return
        self.gaps.append(gap)
