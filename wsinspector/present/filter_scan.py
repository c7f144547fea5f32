"""Looks for a literal text where frames lie in the stream as they are, many of them in one go."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wsinspector.filter.content import needle_of
from wsinspector.filter.syntax import Contains
from wsinspector.present.frame_index import FrameSource
from wsinspector.protocol.spans import Direction

PIECE = 1 << 20
WORTH = 1 << 18
"""Bytes from which on a stored piece is read as it lies; shorter ones are put together."""

_FARTHEST = 1 << 62


@dataclass(slots=True)
class Side:
    """The frames of one direction in a run of frames: ``mine`` are their places, ``starts`` their offsets.

    ``offsets``, ``headers`` and ``lengths`` are the columns of the whole run. ``found`` gets a 1 at the place
    of each frame that holds the text.
    """

    source: FrameSource
    direction: Direction
    offsets: "array[int]"
    headers: "array[int]"
    lengths: "array[int]"
    mine: Sequence[int]
    starts: "array[int]"
    found: bytearray

    def scan(self, leaf: Contains, late: Callable[[], bool]) -> int | None:
        """Search until ``late`` says so; the place of the first frame not searched whole, None for all."""
        needle = needle_of(leaf)
        overlap = len(needle) - 1
        last = self.mine[-1]
        end = min(self.offsets[last] + self.headers[last] + self.lengths[last], _FARTHEST)
        segment_end = getattr(self.source, "segment_end", None)
        base = self.starts[0]
        tail = b""
        while base < end:
            stop = min(end, base + PIECE)
            if segment_end is not None:
                bound = segment_end(self.direction, base)
                stop = bound if base + WORTH <= bound < stop else stop
            data = self.source.stream(self.direction, base, stop)
            if not data:
                return None
            if leaf.either_case:
                data = data.lower()
            if tail:
                self._take(tail + data[:overlap], base - len(tail), needle)
            self._take(data, base, needle)
            tail = (tail + data if len(data) < overlap else data)[-overlap:] if overlap else b""
            base += len(data)
            if base < end and late():
                # The frame that the next piece begins in is not whole yet.
                whole = bisect_right(self.starts, base) - 1
                if whole > 0:
                    return self.mine[whole]
        return None

    def _take(self, data: bytes, base: int, needle: bytes) -> None:
        hit = data.find(needle)
        while hit >= 0:
            where = base + hit
            at = self.mine[max(bisect_right(self.starts, where) - 1, 0)]
            begins = self.offsets[at] + self.headers[at]
            stop = begins + self.lengths[at]
            # Bytes of a header are no payload.
            if where >= begins and where + len(needle) <= stop:
                self.found[at] = 1
                hit = data.find(needle, max(stop - base, hit + 1))
            else:
                hit = data.find(needle, hit + 1)
