"""What compressed frames say, found by walking forward from the nearest known window."""

from bisect import bisect_right, insort
from collections import OrderedDict
from dataclasses import dataclass, field

from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.left_out_frames import LeftOutFrames
from wsinspector.protocol.columns import (
    FLAG_COMPRESSED,
    FLAG_ENDS_MESSAGE,
    FLAG_OUT,
    FLAG_STARTS_MESSAGE,
    FrameColumns,
)
from wsinspector.protocol.deflate import InflateFault, Inflater
from wsinspector.protocol.spans import Direction, Role

PREVIEW = 512
"""Bytes of inflated payload kept a frame for the log."""

KEPT_PREVIEWS = 8192
CHECKPOINT_EVERY = 1 << 20
"""Compressed bytes between two windows that are remembered."""

PAGE = 1024
PIECE = 1 << 20
FAR = 4096
"""Frames from which on a stored window is asked for."""

NEAR = 64
"""Frames that are looked at for one of the same direction."""


@dataclass(frozen=True, slots=True)
class Inflated:
    """What one frame of a compressed message gave: its beginning, its size, and why it stopped."""

    beginning: bytes
    size: int
    fault: InflateFault | None = None


@dataclass(slots=True)
class _Walker:
    inflater: Inflater
    next_frame: int
    since: int = 0  # compressed bytes since the last remembered window


@dataclass(slots=True)
class Collected:
    """Output of the frames ``first`` to ``last``: at most ``at_most`` bytes kept, all ``size`` counted.

    ``message``: the one they belong to, of which single frames may have travelled uncompressed.
    """

    first: int
    last: int
    at_most: int
    message: int = 0
    parts: list[bytes] = field(default_factory=list)
    have: int = 0
    size: int = 0
    fault: InflateFault | None = None

    def take(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.have < self.at_most:
            part = piece[: self.at_most - self.have]
            self.parts.append(part)
            self.have += len(part)


class Inflation:
    """The two directions of one attempt. Not thread-safe: one thread walks, any may :meth:`seen`.

    ``takeover``: whether (IN, OUT) may refer back into earlier messages, by default as was agreed.
    Where each frame is deflated for itself, what is said of messages holds for frames.
    """

    def __init__(self, reading: FrameReading, takeover: tuple[bool, bool] | None = None) -> None:
        self._reading = reading
        self.takeover = _takeover(reading) if takeover is None else takeover
        self._walkers: list[_Walker | None] = [None, None]
        self._windows: tuple[list[tuple[int, bytes]], list[tuple[int, bytes]]] = ([], [])
        self._previews: OrderedDict[int, Inflated] = OrderedDict()
        self._left_out: list[LeftOutFrames | None] = [None, None]

    def seen(self, number: int) -> Inflated | None:
        """What frame ``number`` gave, where it was walked over not long ago."""
        return self._previews.get(number)

    def lacks(self, direction: Direction) -> LeftOutFrames:
        """Which frames of a direction lack bytes that were left out of the file on purpose."""
        known = self._left_out[direction]
        if known is None:
            known = self._left_out[direction] = LeftOutFrames(self._reading, direction)
        return known

    def is_left_out(self, facts: FrameFacts) -> bool:
        """Whether bytes of a frame's payload were left out of the file on purpose."""
        return self.lacks(facts.direction).holds(facts)

    def reach(self, direction: Direction, number: int, first: int) -> None:
        """Walk until frame ``number``; ``first`` is the first frame of its message."""
        self._walk(direction, number, first, None)

    def message(self, direction: Direction, first: int, last: int, at_most: int) -> Collected:
        """Inflate the message whose frames run from ``first`` to ``last``, as far as ``at_most`` bytes."""
        facts = self._reading.facts(first)
        wanted = Collected(first, last, at_most, facts.message if facts is not None else 0)
        self._walk(direction, last, first, wanted)
        return wanted

    def before(self, direction: Direction, first: int) -> Inflater:
        """An inflater of its own that stands before frame ``first``, which may be a later fragment."""
        head = self._head(direction, first)
        self._walk(direction, first - 1, head, None)
        walker = self._walkers[int(direction)]
        made = walker.inflater.copy() if walker is not None else Inflater()
        if made.size and head == first and not self._reading.agreed.per_frame:
            made.abandon()  # the message before was left unfinished
        return made

    def _head(self, direction: Direction, number: int) -> int:
        """The frame with which the message of frame ``number`` begins."""
        facts = self._reading.facts(number)
        if facts is None or facts.flags & FLAG_STARTS_MESSAGE or not facts.message:
            return number
        bit = FLAG_OUT if direction is Direction.OUT else 0
        high = number - 1
        while high > 0:
            low = max(1, high - PAGE + 1)
            columns = self._reading.source.columns(low, high - low + 1)
            for at in range(len(columns) - 1, -1, -1):
                flags = columns.flags[at]
                if flags & FLAG_OUT == bit and columns.message[at] == facts.message:
                    if flags & FLAG_STARTS_MESSAGE:
                        return low + at
                elif flags & FLAG_OUT == bit and 0 < columns.message[at] < facts.message:
                    return number  # what it began with is not there
            high = low - 1
        return number

    def _start(self, side: int, first: int) -> _Walker:
        limit = self._reading.agreed.inflate_limit
        if not self.takeover[side]:
            return _Walker(Inflater(takeover=False, limit=limit), first)
        walker = self._walkers[side]
        windows = self._windows[side]
        at = bisect_right(windows, first, key=lambda known: known[0]) - 1
        frame, window = windows[at] if at >= 0 else (1, b"")
        if walker is not None and frame <= walker.next_frame <= first:
            frame = walker.next_frame
        else:
            walker = None
        if first - frame > FAR or self._far(side, frame, first):
            stored = self._stored(side, first)
            if stored is not None and stored[0] > frame:
                return _Walker(Inflater(limit=limit, restore=stored[1]), stored[0])
        return walker if walker is not None else _Walker(Inflater(limit=limit, restore=window), frame)

    def _far(self, side: int, frame: int, first: int) -> bool:
        """Whether few but large frames lie between: more bytes than there are between two windows."""
        columns = self._reading.source.columns(first, 1)
        if first <= frame or not len(columns):
            return False
        bit = FLAG_OUT if side else 0
        stop = columns.offset[0]
        columns = self._reading.source.columns(frame, min(NEAR, first - frame))
        for at, flags in enumerate(columns.flags):
            if flags & FLAG_OUT == bit:
                return bool(stop - columns.offset[at] > CHECKPOINT_EVERY)
        return first - frame > NEAR

    def _stored(self, side: int, first: int) -> tuple[int, bytes] | None:
        """``(frame, window)``: where to begin with the window that was stored while the bytes came."""
        facts = self._reading.facts(first)
        if facts is None or not facts.message:
            return None
        found = self._reading.source.window_before(Direction(side), facts.message)
        if found is None:
            return None
        message, window = found
        bit = FLAG_OUT if side else 0
        high = first - 1
        while high > 0:
            low = max(1, high - PAGE + 1)
            columns = self._reading.source.columns(low, high - low + 1)
            for at in range(len(columns) - 1, -1, -1):
                if columns.flags[at] & FLAG_OUT == bit and 0 < columns.message[at] <= message:
                    return low + at + 1, window
            high = low - 1
        return None

    def _walk(self, direction: Direction, number: int, first: int, wanted: Collected | None) -> None:
        side = int(direction)
        walker = self._start(side, first)
        self._walkers[side] = walker
        bit = FLAG_OUT if direction is Direction.OUT else 0
        while walker.next_frame <= number:
            columns = self._reading.source.columns(
                walker.next_frame, min(PAGE, number + 1 - walker.next_frame)
            )
            if not len(columns):
                return
            base = walker.next_frame
            for at, flags in enumerate(columns.flags):
                if flags & FLAG_OUT == bit:
                    if flags & FLAG_COMPRESSED:
                        self._frame(walker, side, base + at, columns.length[at], flags, wanted)
                    elif wanted is not None and wanted.message and base + at >= wanted.first:
                        self._plain(columns, at, base + at, wanted)
                walker.next_frame = base + at + 1

    def _plain(self, columns: FrameColumns, at: int, number: int, wanted: Collected) -> None:
        """A frame that travelled uncompressed within a message of which others were deflated."""
        facts = self._reading.facts(number) if columns.message[at] == wanted.message else None
        if facts is None:
            return
        if self.is_left_out(facts):
            wanted.fault = wanted.fault or InflateFault.LEFT_OUT
            return
        start = 0
        while start < facts.length:
            data = self._reading.payload(facts, start, PIECE)
            if not data:
                return
            wanted.take(data)
            start += len(data)

    def _frame(
        self, walker: _Walker, side: int, number: int, length: int, flags: int, wanted: Collected | None
    ) -> None:
        inflater = walker.inflater
        per_frame = self._reading.agreed.per_frame
        if not per_frame and flags & FLAG_STARTS_MESSAGE and inflater.size:
            inflater.abandon()  # the message before was left unfinished
        collecting = wanted if wanted is not None and wanted.first <= number <= wanted.last else None
        beginning = b""
        size = 0
        facts = self._reading.facts(number)
        final = per_frame or bool(flags & FLAG_ENDS_MESSAGE)
        if facts is not None and self.is_left_out(facts):
            inflater.leave_out()
        if facts is not None and inflater.fault is None and not inflater.lost:
            start = 0
            while True:
                data = self._reading.payload(facts, start, PIECE)
                start += len(data)
                over = start >= length or not data
                for piece in inflater.pieces(data, final=final and over):
                    if len(beginning) < PREVIEW:
                        beginning += piece[: PREVIEW - len(beginning)]
                    size += len(piece)
                    if collecting is not None:
                        collecting.take(piece)
                if over or inflater.fault is not None:
                    break
        fault = InflateFault.FAILED if inflater.lost and inflater.fault is None else inflater.fault
        if collecting is not None:
            collecting.fault = collecting.fault or fault
        self._previews[number] = Inflated(beginning, size, fault)
        if len(self._previews) > KEPT_PREVIEWS:
            self._previews.popitem(last=False)
        if final:
            inflater.end_message()
            walker.since += length
            if inflater.fault is InflateFault.LEFT_OUT and facts is not None:
                self._behind_gap(walker, Direction(side), facts.message)
            elif walker.since >= CHECKPOINT_EVERY and self.takeover[side] and not inflater.lost:
                insort(self._windows[side], (number + 1, inflater.checkpoint()), key=lambda known: known[0])
                walker.since = 0

    def _behind_gap(self, walker: _Walker, direction: Direction, message: int) -> None:
        """Go on behind a message that was left out, where the window behind it was stored."""
        found = self._reading.source.window_before(direction, message + 1)
        if found is not None and found[0] == message:
            walker.inflater = Inflater(limit=self._reading.agreed.inflate_limit, restore=found[1])


def _takeover(reading: FrameReading) -> tuple[bool, bool]:
    deflate = reading.agreed.deflate
    if deflate is None:
        return True, True
    peer = Role.SERVER if reading.role is Role.CLIENT else Role.CLIENT
    return deflate.takeover(peer), deflate.takeover(reading.role)
