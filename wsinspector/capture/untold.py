"""What a scan cannot tell of a copy made to share: what the bytes said that were left out of it."""

from array import array
from bisect import bisect_left
from itertools import accumulate

from wsinspector.capture.reader import CaptureReader
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_OUT, FrameColumns
from wsinspector.protocol.spans import Direction

_TEXTS = int(FrameAnomaly.BAD_UTF8 | FrameAnomaly.CLOSE_REASON_NOT_UTF8)
_INFLATED = int(
    FrameAnomaly.BAD_UTF8 | FrameAnomaly.INFLATE_FAILED | FrameAnomaly.INFLATE_LIMIT | FrameAnomaly.TOO_BIG
)


class Untold:
    """The stretches of one attempt that were left out; false where there are none."""

    def __init__(self, reader: CaptureReader, attempt_id: int) -> None:
        found = [reader.left_out(attempt_id, side) for side in Direction]
        self._starts = [[start for start, _ in each] for each in found]
        self._stops = [list(accumulate((stop for _, stop in each), max)) for each in found]

    def __bool__(self) -> bool:
        return any(self._starts)

    def reaches(self, direction: Direction, offset: int) -> bool:
        """Whether something from ``offset`` on was left out."""
        return bool(self._stops[direction]) and self._stops[direction][-1] > offset

    def clear(self, columns: FrameColumns) -> None:
        """Take away what a scan made of the bytes that stand in the place of those left out."""
        self._clear(columns, behind=False)

    def without_contents(self, columns: FrameColumns) -> FrameColumns:
        """``columns`` without anything that a scan of the file cannot find out, also of compressed frames
        behind what was left out, as these may need it."""
        made = FrameColumns(*(getattr(columns, name)[:] for name in FrameColumns.__slots__))
        self._clear(made, behind=True)
        return made

    def _clear(self, columns: FrameColumns, *, behind: bool) -> None:
        kept = array("I")
        for at, anomalies in enumerate(columns.anomalies):
            kept.append(anomalies & ~self._unknown(columns, at, behind=behind) if anomalies else 0)
        columns.anomalies = kept

    def _unknown(self, columns: FrameColumns, at: int, *, behind: bool) -> int:
        flags = columns.flags[at]
        side = bool(flags & FLAG_OUT)
        body = columns.offset[at] + columns.header[at]
        near = bisect_left(self._starts[side], body + columns.length[at]) - 1
        if near < 0:
            return 0
        if self._stops[side][near] > body:
            return _TEXTS | _INFLATED if flags & FLAG_COMPRESSED else _TEXTS
        return _INFLATED if behind and flags & FLAG_COMPRESSED else 0
