"""Two streams of bytes in memory, read as an attempt's frames, and whether its parts cover them."""

from array import array

from tests.learn.tiling import tile_bytes
from wsinspector.conversation.progress import view_of
from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.present.explaining.part import Kind
from wsinspector.present.explaining.parts import Parts
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading, framing_of
from wsinspector.present.inflation import Inflation
from wsinspector.protocol.arriving import Agreed, Numbering
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.spans import Direction, Role

NAMES = tuple(FrameColumns.__slots__)


class Streams:
    """A frame source over bytes: what came and what went, scanned as the dialect has it."""

    def __init__(self, came: bytes, went: bytes, agreed: Agreed, role: Role, *, ended: bool) -> None:
        self.data = {Direction.IN: came, Direction.OUT: went}
        self.agreed, self.role = agreed, role
        self.all = FrameColumns()
        numbering = Numbering()
        pending = []
        for direction in Direction:
            theirs = Role.SERVER if role is Role.CLIENT else Role.CLIENT
            sender = theirs if direction is Direction.IN else role
            scanner = framing_of(agreed).scanner(direction, sender, agreed=agreed, numbering=numbering)
            scanner.feed(self.data[direction], 0)
            if ended:
                scanner.end(0)
            elif scanner.pending is not None:
                pending.append(view_of(scanner.pending, outgoing=direction is Direction.OUT))
            self.all.extend(scanner.take())
        self.pending = tuple(pending)

    def columns(self, first_no: int, count: int) -> FrameColumns:
        low, high = first_no - 1, first_no - 1 + count
        return FrameColumns(*(getattr(self.all, name)[low:high] for name in NAMES))

    def stream(self, direction: Direction, start: int, end: int) -> bytes:
        return self.data[direction][max(start, 0) : end]

    def stream_length(self, direction: Direction) -> int:
        return len(self.data[direction])

    def times(self, direction: Direction, start: int, end: int) -> "array[int]":
        del direction, start, end
        return array("q", [0])

    def window_before(self, direction: Direction, message: int) -> tuple[int, bytes] | None:
        del direction, message
        return None

    def left_out(self, direction: Direction) -> list[tuple[int, int]]:
        del direction
        return []

    def parts(self, *, grouped: bool = False) -> Parts:
        """``grouped``: frames of one message stand below it."""
        reading = FrameReading(self, self.agreed, self.role)
        if not grouped:
            return Parts(self.snapshot(), reading)
        index = FrameIndex(self)
        while index.grow(len(self.all)):
            pass
        return Parts(self.snapshot(), reading, Inflation(reading), index)

    def snapshot(self) -> AttemptSnapshot:
        """As of an attempt whose handshake has no bytes."""
        return AttemptSnapshot(
            serial=1,
            number=1,
            attempt_id=1,
            phase=Phase.ENDED,
            url="ws://127.0.0.1/",
            wall_ns=0,
            mono_ns=0,
            request=b"",
            opened_at=0,
            bytes_in=len(self.data[Direction.IN]),
            bytes_out=len(self.data[Direction.OUT]),
            frames=len(self.all),
            pending=self.pending,
            role=self.role,
            dialect=self.agreed.dialect,
            agreed=self.agreed,
        )


def covered(parts: Parts) -> None:
    """Fail unless every byte of both streams belongs to exactly one part and one piece of it."""
    spans: dict[Direction, list[tuple[int, int]]] = {direction: [] for direction in Direction}
    for place in range(len(parts)):
        part = parts.located(parts.part(place))
        pieces = parts.pieces(part)
        if part.direction is None or part.span is None:
            assert part.kind in (Kind.OPENING, Kind.END, Kind.GONE, Kind.MESSAGE, Kind.WHOLE)
            for each in pieces:
                assert each.said.what
            continue
        tile_bytes(pieces, part.span.start, part.span.end)
        parts.wrong(part)
        if part.sent:
            spans[part.direction].append((part.span.start, part.span.end))
    for direction, found in spans.items():
        at = 0
        for start, end in sorted(found):
            assert start == at, (direction, found)
            at = end
        length = parts.reading.source.stream_length(direction) if parts.reading is not None else 0
        assert at == length, (direction, found, length)
