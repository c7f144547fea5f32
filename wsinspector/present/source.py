"""One attempt of a capture as the log reads it."""

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from wsinspector.capture.blocks import Packed
from wsinspector.capture.reader import CaptureReader
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.spans import Direction


@dataclass(frozen=True, slots=True)
class AttemptSource:
    """A :class:`~wsinspector.present.rows.FrameSource` over the capture; any thread may call."""

    reader: CaptureReader
    attempt_id: int

    def columns(self, first_no: int, count: int) -> FrameColumns:
        return self.reader.columns(self.attempt_id, first_no, count)

    def block(self, first_no: int) -> tuple[int, Packed] | None:
        """(number of its first frame, block) of the first block that ends behind ``first_no``."""
        return next(self.reader.blocks(self.attempt_id, first_no), None)

    def stream(self, direction: Direction, start: int, end: int) -> bytes:
        return self.reader.stream(self.attempt_id, direction, start, end)

    def segment_end(self, direction: Direction, offset: int) -> int:
        """Where the stored piece ends that holds ``offset``."""
        return self.reader.segment_end(self.attempt_id, direction, offset)

    def times(self, direction: Direction, start: int, end: int) -> "array[int]":
        offsets, times = self.reader.reads(self.attempt_id, direction, start, end)
        return times[max(bisect_right(offsets, start) - 1, 0) : bisect_left(offsets, end)]

    def why_missing(self, first: int, stop: int) -> tuple[str, ...]:
        """Why the frames ``first`` to ``stop - 1`` are not there, as it was noted."""
        found = (
            gap.reason
            for gap in self.reader.gaps(self.attempt_id)
            if gap.kind == "frames" and gap.start < stop and first < gap.stop
        )
        return tuple(dict.fromkeys(found))

    def window_before(self, direction: Direction, message: int) -> tuple[int, bytes] | None:
        return self.reader.checkpoint_before(self.attempt_id, direction, message)

    def left_out(self, direction: Direction) -> list[tuple[int, int]]:
        """(start, stop) of the bytes that a copy made to share lacks, rising."""
        return self.reader.left_out(self.attempt_id, direction)

    def stream_length(self, direction: Direction) -> int:
        return self.reader.stream_length(self.attempt_id, direction)
