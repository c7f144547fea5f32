"""A slow stream leaves a small row every 40 ms; put together they cost the file far less."""

import sqlite3
from array import array
from dataclasses import dataclass, field

from wsinspector.capture.blocks import (
    FRAME_CODES,
    Packed,
    pack_frames,
    pack_reads,
    unpack_frames,
    unpack_reads,
)
from wsinspector.capture.sealing import seal_rows, unseal_rows
from wsinspector.protocol.columns import FrameColumns

# A row below these sizes is worth merging; a page is wasted for each row, so this bounds the waste.
SMALL_SEGMENT = 128 << 10
SMALL_BLOCK = 2 << 10
ROWS_AT_ONCE = 32


@dataclass(slots=True)
class Tail:
    """The last small rows of one kind that follow each other without a gap.

    ``ready``: runs of rows to be merged now.
    """

    small: int
    rows: list[int] = field(default_factory=list)
    start: int = 0
    stop: int = 0
    ready: list[list[int]] = field(default_factory=list)
    over: bool = False  # nothing will be written behind them

    def add(self, row: int, start: int, length: int) -> None:
        """Note a row written behind the others."""
        if start != self.stop or length >= self.small:
            self.end()
        if length < self.small:
            if not self.rows:
                self.start = start
            self.rows.append(row)
        self.stop = start + length
        if len(self.rows) >= ROWS_AT_ONCE or (self.rows and self.stop - self.start >= self.small):
            self.end()

    def end(self) -> None:
        """Nothing follows that could be merged with what is there."""
        if len(self.rows) > 1:
            self.ready.append(self.rows)
        self.rows = []

    def merged(self, rows: list[int]) -> None:
        """Note the rows the ready runs became. The last one goes on growing while it is small."""
        if not self.rows and rows and self.stop - self.start < self.small:
            self.rows = rows[-1:]
        self.ready = []


def merge_segments(connection: sqlite3.Connection, rows: list[int]) -> int:
    """Put segments that follow each other into one; its row id. Runs in the caller's transaction."""
    found = [connection.execute("SELECT * FROM segment WHERE id = ?", (row,)).fetchone() for row in rows]
    _, attempt, direction, start, _, _, _ = found[0]
    offsets, times = array("I"), array("q")
    for _, _, _, begins, _, reads, _ in found:
        within, when = unpack_reads(reads)
        offsets.extend(begins - start + offset for offset in within)
        times.extend(when)
    data = b"".join(row[6] for row in found)
    merged = connection.execute(
        "INSERT INTO segment (attempt, direction, start, length, reads, data) VALUES (?, ?, ?, ?, ?, ?)",
        (attempt, direction, start, len(data), pack_reads(offsets, times), data),
    ).lastrowid
    return _replace(connection, "segment", rows, merged)


def merge_blocks(connection: sqlite3.Connection, rows: list[int]) -> int:
    """Put blocks that follow each other into one; its row id. Runs in the caller's transaction."""
    found = [connection.execute("SELECT * FROM block WHERE id = ?", (row,)).fetchone() for row in rows]
    columns = FrameColumns()
    for *_, packed in found:
        columns.extend(unpack_frames(Packed(packed, FRAME_CODES)))
    _, attempt, first_no, _, _, _, _ = found[0]
    merged = connection.execute(
        "INSERT INTO block (attempt, first_no, frames, in_end, out_end, columns) VALUES (?, ?, ?, ?, ?, ?)",
        (attempt, first_no, len(columns), *found[-1][4:6], pack_frames(columns)),
    ).lastrowid
    return _replace(connection, "block", rows, merged)


def _replace(connection: sqlite3.Connection, table: str, rows: list[int], merged: int | None) -> int:
    # Only now: a row id freed before the new row was in place would be given out again, and
    # readers go by row ids.
    connection.executemany(f"DELETE FROM {table} WHERE id = ?", [(row,) for row in rows])
    assert merged is not None
    unseal_rows(connection, table, rows)
    seal_rows(connection, table, [merged])
    return merged
