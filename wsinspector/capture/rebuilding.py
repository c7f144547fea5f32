"""An attempt's index held against a scan of its bytes, and made again where the two disagree."""

from array import array
from collections.abc import Callable, Iterator

from wsinspector.capture.finding import LOST, NOTED, REPAIRED, Finding
from wsinspector.capture.handover import BLOCK_FRAMES
from wsinspector.capture.reader import CaptureReader
from wsinspector.capture.rescanning import Reading, rescanned
from wsinspector.capture.rows import AttemptRow
from wsinspector.capture.stretch import Stretch
from wsinspector.capture.untold import Untold
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Numbering
from wsinspector.protocol.columns import FLAG_OUT, FLAG_SENTINEL, FrameColumns
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate

_TRUNCATED = int(FrameAnomaly.TRUNCATED)


class IndexCheck:
    """Compares one attempt's index with its bytes; what differs is put into ``reader.rebuilt``.

    From the first hole in the bytes on there is nothing to compare with: blocks that can be read count
    there, and a missing one is scanned for from where the block before it ends, as far as bytes reach.
    ``suspect``: rows of blocks that are known not to be as they were written. ``compared``: frames.
    ``look(done, all)`` is told of frames, and may raise to give up.
    """

    def __init__(
        self,
        reader: CaptureReader,
        row: AttemptRow,
        reading: Reading,
        suspect: frozenset[int] = frozenset(),
        look: Callable[[int, int], None] = lambda *_: None,
    ) -> None:
        self._reader = reader
        self._row = row
        self._id = row.id
        self._reading = reading
        self._suspect = suspect
        self._look = look
        self._index = Stretch()
        self._changed = False
        self._ends: list[int | None] = [None, None]
        self._messages = 0
        self._scan: Iterator[FrameColumns] = iter(())
        self._scanned = FrameColumns()
        self._exact = True
        self._declared: list[tuple[int, int]] = []
        self._all = 0
        self._untold = Untold(reader, row.id)
        self.compared = 0

    def run(self) -> None:
        """Compare all of it. Raises CaptureError."""
        reader, attempt = self._reader, self._id
        self._declared = [(gap.start, gap.stop) for gap in reader.noted_gaps(attempt) if gap.kind == "frames"]
        self._scan = rescanned(reader, attempt, self._reading)
        layout = reader.layout(attempt)
        self._all = layout[-1][1] - 1 if layout else 0
        for first, past, row in layout:
            self._look(first - 1, self._all)
            if not row and (first, past) in self._declared:
                self._pass_over(first, past)
            elif row:
                self._block(first, past, row)
            else:
                self._missing(first, past)
        self._rest()
        if self._changed:
            reader.rebuilt.put(attempt, self._index, (self._ends[0], self._ends[1]))

    # -- parts of the index as it lies

    def _over(self) -> bool:
        """Whether the bytes hold no frame beyond those scanned."""
        return not self._exact and not self._holed()

    def _block(self, first: int, past: int, row: int) -> None:
        if self._over():
            self._not_backed(first, past)
            return
        stored = self._reader.columns(self._id, first, past - first)
        readable = any(stored.header) and row not in self._suspect
        found = self._next(past - first) if self._exact else FrameColumns()
        if len(found) == past - first:
            self.compared += len(found)
            if self._agree(stored, found):
                self._keep(first, past, row, stored)
            else:
                self._replace(first, found)
            return
        if not self._exact and not readable:
            self._missing(first, past)
            return
        if self._exact:
            # Here the bytes end, or a hole begins: nothing after it can be numbered by a scan.
            self._exact = False
            known = len(found)
            if known and not self._agree(_cut(stored, known), found):
                self._replace(first, found)
                self._missing(first + known, past)
                return
            if not readable:
                if known:
                    self._replace(first, found)
                self._missing(first + known, past)
                return
            if self._over():
                self._replace(first, found)
                self._not_backed(first + known, past)
                return
        self._keep(first, past, row, stored)

    def _missing(self, first: int, past: int) -> None:
        """No block tells of these frames: make one, if the bytes let us."""
        while first < past:
            found = self._next(min(past - first, BLOCK_FRAMES)) if self._exact else self._resumed(first, past)
            if not len(found):
                break
            self._replace(first, found)
            first += len(found)
        self._exact = self._exact and first == past
        if first < past and self._over():
            self._not_backed(first, past)
        elif first < past:
            self._changed = True
            self._index.add(first - 1, past - first, 0)
            text = translate("Check", "Of these frames nothing can be worked out: their bytes are not there.")
            self._say(LOST, text, first, past)

    def _pass_over(self, first: int, past: int) -> None:
        """Frames that were dropped on purpose: the bytes around them may still be compared."""
        if self._exact and len(self._next(past - first)) < past - first:
            self._exact = False
        self._index.add(first - 1, past - first, 0)

    def _rest(self) -> None:
        """Frames behind the last block."""
        if not self._exact:
            return
        tail = 0
        first = self._index.end + 1
        while len(found := self._next(BLOCK_FRAMES)):
            tail += len(found)
            if self._row.finished:
                self._replace(self._index.end + 1, found)
        if tail and not self._row.finished:
            text = translate(
                "Check", "Frames came after the last index block was written; they have no row yet."
            )
            self._say(NOTED, text, first, first + tail)

    # -- what a part becomes

    def _keep(self, first: int, past: int, row: int, stored: FrameColumns) -> None:
        if not self._reader.says(row, first, past):
            self._replace(first, stored)
            return
        self._index.add(first - 1, past - first, row)
        self._advance(stored)

    def _replace(self, first: int, found: FrameColumns) -> None:
        if not len(found):
            return
        self._changed = True
        self._index.add(first - 1, len(found), self._reader.rebuilt.keep(found))
        self._advance(found)
        text = translate("Check", "The index of these frames was worked out of the bytes again.")
        self._say(REPAIRED, text, first, first + len(found))

    def _not_backed(self, first: int, past: int) -> None:
        """The index tells of frames that the bytes do not hold."""
        self._changed = True
        text = translate("Check", "The index told of frames that are not in the bytes; it does so no more.")
        self._say(REPAIRED, text, first, past)

    def _advance(self, columns: FrameColumns) -> None:
        if not len(columns):
            return
        self._messages = max(self._messages, max(columns.message))
        for way in Direction:
            for at in range(len(columns) - 1, -1, -1):
                if columns.flags[at] & FLAG_OUT == way:
                    stop = columns.offset[at] + columns.header[at] + columns.length[at]
                    stop += bool(columns.flags[at] & FLAG_SENTINEL)
                    self._ends[way] = min(stop, self._reader.stream_length(self._id, way))
                    break

    def _say(self, outcome: str, text: str, first: int, past: int) -> None:
        self._reader.findings.add(Finding("frames", outcome, text, self._id, None, first, past))

    # -- the scan

    def _next(self, count: int) -> FrameColumns:
        """At most ``count`` frames more."""
        while len(self._scanned) < count:
            self._look(min(self._index.end + len(self._scanned), self._all), self._all)
            more = next(self._scan, None)
            if more is None:
                break
            if self._untold:
                self._untold.clear(more)
            self._scanned.extend(more)
            if self._reading.composed:
                _unblame(self._scanned)
        found, self._scanned = _cut(self._scanned, count), _cut(self._scanned, len(self._scanned), count)
        return found

    def _resumed(self, first: int, past: int) -> FrameColumns:
        """Frames ``first`` to at most ``past - 1``, scanned from where the part before them ends.

        Nothing is known there of messages begun before; what depends on them may come out otherwise.
        """
        starts = {
            way: self._reading.starts[way] if end is None else end for way, end in enumerate_ends(self._ends)
        }
        numbering = Numbering(messages=self._messages, frames=first - 1)
        scan = rescanned(self._reader, self._id, self._reading, starts=starts, numbering=numbering)
        found = FrameColumns()
        for more in scan:
            if self._untold:
                self._untold.clear(more)
            found.extend(more)
            if self._reading.composed:
                _unblame(found)
            if len(found) >= min(past - first, BLOCK_FRAMES):
                break
        return _cut(found, min(past - first, BLOCK_FRAMES))

    def _agree(self, stored: FrameColumns, found: FrameColumns) -> bool:
        """Whether the index says what the bytes do, as far as they can: of a copy made to share the index
        may know more."""
        if self._untold:
            stored, found = self._untold.without_contents(stored), self._untold.without_contents(found)
        return _same(stored, found)

    def _holed(self) -> bool:
        return any(
            past > self._reading.starts[way]
            for way in Direction
            for _, past in self._reader.holes(self._id, way)
        )


def enumerate_ends(ends: list[int | None]) -> Iterator[tuple[Direction, int | None]]:
    """Each direction with its entry."""
    return ((way, ends[way]) for way in Direction)


def _cut(columns: FrameColumns, stop: int, start: int = 0) -> FrameColumns:
    return FrameColumns(*(getattr(columns, name)[start:stop] for name in FrameColumns.__slots__))


def _unblame(columns: FrameColumns) -> None:
    columns.anomalies = array("I", bytes(4 * len(columns)))


def _same(stored: FrameColumns, found: FrameColumns) -> bool:
    """Whether the two are equal, but for when a frame that never became whole was cut off."""
    if stored == found:
        return True
    if any(
        getattr(stored, name) != getattr(found, name) for name in FrameColumns.__slots__ if name != "time"
    ):
        return False
    return all(
        one == other or anomalies & _TRUNCATED
        for one, other, anomalies in zip(stored.time, found.time, found.anomalies, strict=True)
    )
