"""Dropping the oldest of a capture while it is written, so that it stays within what a person set."""

import sqlite3
from collections.abc import Container, Iterator
from dataclasses import dataclass

from wsinspector.capture.blocks import FRAME_CODES, Packed, UnreadableBlock, unpack_reads
from wsinspector.capture.handover import Gap
from wsinspector.capture.sealing import unseal_rows
from wsinspector.protocol.columns import FLAG_OUT
from wsinspector.protocol.spans import Direction

SIZE = "limit: size"
FRAMES = "limit: frames"
AGE = "limit: age"

LEAST_BYTES = 4 << 20
"""A smaller size limit counts as this: two cuts must fit."""

# Columns of a block.
_OFFSET, _FLAGS, _MESSAGE = 0, 4, 6
_SENT = bytes(value & FLAG_OUT for value in range(256))


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is kept, 0 for no limit: ``size`` of the file in bytes, its journal included,
    ``frames`` of each attempt, ``seconds`` since bytes were read or written."""

    size: int = 0
    frames: int = 0
    seconds: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.size or self.frames or self.seconds)

    @property
    def most(self) -> int:
        """Bytes of the file alone from which on it is trimmed; the journal has the rest."""
        return max(self.size, LEAST_BYTES) // 2


class Trimmer:
    """Drops whole segments and blocks, the oldest first; in the caller's transaction, on its thread.

    What stays: the first segment each way, for the handshake is in it, the last one, and what ``busy``
    rows of the tables hold. Frames keep their numbers and bytes their offsets; what is gone is one gap a
    reason that grows.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._connection = connection
        (self._page_bytes,) = self._run("PRAGMA page_size").fetchone()

    def used(self) -> int:
        """Bytes of the file that hold something."""
        (pages,) = self._run("PRAGMA page_count").fetchone()
        (free,) = self._run("PRAGMA freelist_count").fetchone()
        return int((pages - free) * self._page_bytes)

    def to_size(self, most: int, busy: Container[tuple[str, int]]) -> list[Gap]:
        """Drop until about ``most`` bytes are used."""
        over = self.used() - most
        rows = []
        for row in self._oldest(busy):
            if over <= 0:
                break
            rows.append(row)
            over -= row[4]
        return self._drop(rows, SIZE, busy)

    def to_age(self, before_ns: int, attempts: Container[int], busy: Container[tuple[str, int]]) -> list[Gap]:
        """Drop what was last read or written before ``before_ns``, of ``attempts`` on this clock."""
        rows = []
        for row in self._oldest(busy):
            if row[1] not in attempts:
                continue
            (reads,) = self._run("SELECT reads FROM segment WHERE id = ?", (row[0],)).fetchone()
            try:
                times = unpack_reads(reads)[1]
            except UnreadableBlock:
                break
            if times and times[-1] >= before_ns:
                break
            rows.append(row)
        return self._drop(rows, AGE, busy)

    def to_frames(self, attempt: int, last_dropped: int, busy: Container[tuple[str, int]]) -> list[Gap]:
        """Drop the blocks of an attempt that hold nothing behind frame ``last_dropped``."""
        cut = [0, 0]
        gone = []
        for number, first, count, *ends in self._blocks(attempt):
            if first + count - 1 > last_dropped or ("block", number) in busy:
                break
            gone.append((number, first, count))
            cut = [end or before for end, before in zip(ends, cut, strict=True)]
        gaps = self._drop_blocks(attempt, gone, FRAMES)
        rows = [row for row in self._oldest(busy, attempt) if row[3] + row[4] <= cut[row[2]]]
        return gaps + self._drop_segments(_following(rows), FRAMES)

    # -- inside

    def _oldest(
        self, busy: Container[tuple[str, int]], only: int | None = None
    ) -> Iterator[tuple[int, int, int, int, int]]:
        """(row, attempt, direction, start, length) of the segments that may go, as they were written."""
        last = -1
        while True:
            rows = self._run(
                "SELECT id, attempt, direction, start, length FROM segment AS s WHERE id > ?1"
                " AND (?2 IS NULL OR attempt = ?2) AND start > 0 AND EXISTS (SELECT 1 FROM segment AS later"
                " WHERE later.attempt = s.attempt AND later.direction = s.direction"
                " AND later.start > s.start) ORDER BY id LIMIT 64",
                (last, only),
            ).fetchall()
            if not rows:
                return
            for row in rows:
                if ("segment", row[0]) not in busy:
                    yield row
            last = rows[-1][0]

    def _blocks(self, attempt: int) -> Iterator[tuple[int, int, int, int | None, int | None]]:
        yield from self._run(
            "SELECT id, first_no, frames, in_end, out_end FROM block WHERE attempt = ? ORDER BY first_no",
            (attempt,),
        ).fetchall()

    def _drop(
        self, rows: list[tuple[int, int, int, int, int]], reason: str, busy: Container[tuple[str, int]]
    ) -> list[Gap]:
        gaps: list[Gap] = []
        for attempt in dict.fromkeys(row[1] for row in rows):
            own = _following([row for row in rows if row[1] == attempt])
            if not own:
                continue
            cut = [0, 0]
            for _, _, direction, start, length in own:
                cut[direction] = max(cut[direction], start + length)
            gone = self._touched(attempt, cut, busy)
            gaps += self._drop_blocks(attempt, gone, reason) + self._drop_segments(own, reason)
        return gaps

    def _touched(
        self, attempt: int, cut: list[int], busy: Container[tuple[str, int]]
    ) -> list[tuple[int, int, int]]:
        """(row, first number, frames) of the blocks up to the last one with a frame that begins before
        ``cut``."""
        gone: list[tuple[int, int, int]] = []
        last = 0
        before: list[int | None] | None = None
        for number, first, count, *ends in self._blocks(attempt):
            if before is None:
                before = self._begins(number)
            if ("block", number) in busy:
                break
            gone.append((number, first, count))
            if any(
                end is not None and end != begin and (begin or 0) < stop
                for begin, end, stop in zip(before, ends, cut, strict=True)
            ):
                last = len(gone)
            before = list(ends)
        return gone[:last]

    def _begins(self, number: int) -> list[int | None]:
        """Where the first frame of each direction in a block begins."""
        (data,) = self._run("SELECT columns FROM block WHERE id = ?", (number,)).fetchone()
        begins: list[int | None] = [None, None]
        try:
            block = Packed(data, FRAME_CODES)
        except UnreadableBlock:
            return begins
        sides = block.plane(_FLAGS).translate(_SENT)
        for side in (0, 1):
            at = sides.find(side)
            if at >= 0:
                begins[side] = block.column(_OFFSET, at, at + 1)[0]
        return begins

    def _drop_blocks(self, attempt: int, gone: list[tuple[int, int, int]], reason: str) -> list[Gap]:
        if not gone:
            return []
        numbers = [number for number, _, _ in gone]
        self._connection.executemany("DELETE FROM block WHERE id = ?", [(number,) for number in numbers])
        unseal_rows(self._connection, "block", numbers)
        first, stop = gone[0][1], gone[-1][1] + gone[-1][2]
        self._forget_checkpoints(attempt)
        return [self._note(Gap(attempt, "frames", None, first, stop, reason))]

    def _drop_segments(self, rows: list[tuple[int, int, int, int, int]], reason: str) -> list[Gap]:
        gaps = []
        for number, attempt, direction, start, length in rows:
            self._run("DELETE FROM segment WHERE id = ?", (number,))
            gaps.append(
                self._note(Gap(attempt, "bytes", Direction(direction), start, start + length, reason))
            )
        unseal_rows(self._connection, "segment", [row[0] for row in rows])
        return gaps

    def _forget_checkpoints(self, attempt: int) -> None:
        """Windows of messages that are gone, but for the last: the first one kept is inflated with it."""
        row = self._run(
            "SELECT columns FROM block WHERE attempt = ? ORDER BY first_no LIMIT 1", (attempt,)
        ).fetchone()
        try:
            messages = Packed(row[0], FRAME_CODES).column(_MESSAGE) if row is not None else []
        except UnreadableBlock:
            return
        first = min((message for message in messages if message), default=0)
        for direction in Direction:
            self._run(
                "DELETE FROM checkpoint WHERE attempt = ?1 AND direction = ?2 AND message <"
                " (SELECT max(message) FROM checkpoint WHERE attempt = ?1 AND direction = ?2"
                " AND message < ?3)",
                (attempt, int(direction), first),
            )

    def _note(self, gap: Gap) -> Gap:
        """Write a gap, by letting the one before it grow where there is one of the same reason."""
        side = None if gap.direction is None else int(gap.direction)
        grown = self._run(
            "UPDATE gap SET stop = ? WHERE attempt = ? AND kind = ? AND direction IS ? AND stop = ?"
            " AND reason = ?",
            (gap.stop, gap.attempt, gap.kind, side, gap.start, gap.reason),
        ).rowcount
        if not grown:
            self._run(
                "INSERT INTO gap (attempt, kind, direction, start, stop, reason) VALUES (?, ?, ?, ?, ?, ?)",
                (gap.attempt, gap.kind, side, gap.start, gap.stop, gap.reason),
            )
        return gap


def _following(rows: list[tuple[int, int, int, int, int]]) -> list[tuple[int, int, int, int, int]]:
    """Those of one attempt by where they lie."""
    return sorted(rows, key=lambda row: (row[2], row[3]))
