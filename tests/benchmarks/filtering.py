"""Rows 7 and 8: a filter by columns, and one by payload, over a capture of many frames."""

import os
import sqlite3
import tempfile
import time
from array import array
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measuring import Comparison, Held, Measured, Once, alternate
from wsinspector.capture import CaptureReader
from wsinspector.capture.appender import Appender
from wsinspector.capture.handover import Batch, Block, Part, Segment
from wsinspector.filter import parse
from wsinspector.present.filtering import FilterRun
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.columns import FLAG_ENDS_MESSAGE, FLAG_STARTS_MESSAGE, FrameColumns
from wsinspector.protocol.spans import Direction

FRAMES = int(os.environ.get("BENCH_FRAMES", "1000000"))
"""``BENCH_FRAMES=10000000 make bench ARGS='--rows 7'`` takes ten million (3 GB of disk)."""

BLOCK = 1 << 16
PAYLOAD = 124
FRAME = PAYLOAD + 2
PING_EVERY = 50
WORD = b"needle"
WORD_EVERY = 9973

_FILTERS = (
    (7, "type == ping", "kind = 9"),
    (7, "size > 20 and type == text", "size > 20 AND kind = 1"),
    (8, f'payload contains "{WORD.decode()}"', f"instr(payload, x'{WORD.hex()}') > 0"),
)
_MOST_MS = {7: 20, 8: 250}
"""CPU milliseconds a million frames."""


def frame_of(number: int) -> bytes:
    """Frame ``number``: text or, now and then, a ping; few hold the word."""
    first = b"\x89" if number % PING_EVERY == 0 else b"\x81"
    told = b'{"event":"price","number":%012d,"word":"%s"' % (
        number,
        WORD if number % WORD_EVERY == 0 else b"thread",
    )
    return first + bytes((PAYLOAD,)) + told.ljust(PAYLOAD - 1) + b"}"


def write_capture(path: Path, frames: int) -> int:
    """A capture of ``frames`` received frames, laid out as the writer does; the attempt's id."""
    appender = Appender(path, new=True)
    run = appender._connection.execute
    now = time.time_ns()
    run("INSERT INTO conversation VALUES (1, 'bench', ?, ?, 0, x'', '{}')", (now, now))
    run("INSERT INTO attempt VALUES (1, 1, 1, ?, 0, 1, '{}')", (now,))
    both = FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE
    message = 0
    for first in range(1, frames + 1, BLOCK):
        count = min(BLOCK, frames - first + 1)
        numbers = range(first, first + count)
        data = b"".join(map(frame_of, numbers))
        start = (first - 1) * FRAME
        texts = [number % PING_EVERY != 0 for number in numbers]
        messages = array("I")
        for text in texts:
            message += text
            messages.append(message if text else 0)
        columns = FrameColumns(
            array("Q", range(start, start + count * FRAME, FRAME)),
            array("B", [2]) * count,
            array("Q", [PAYLOAD]) * count,
            array("B", [0x81 if text else 0x89 for text in texts]),
            array("B", [both if text else 0 for text in texts]),
            array("q", range(first * 1000, (first + count) * 1000, 1000)),
            messages,
            array("I", [0]) * count,
        )
        segments = [
            Segment(
                Direction.IN,
                start + at,
                bytearray(data[at : at + (1 << 20)]),
                array("I", [0]),
                array("q", [first * 1000]),
            )
            for at in range(0, len(data), 1 << 20)
        ]
        part = Part(1, segments, [Block(first, columns)], positions=(start + len(data), 0))
        appender.append(Batch(1, {}, [part]))
    appender.close()
    return 1


def write_rows(path: Path, frames: int) -> None:
    """The peer: a row a frame in SQLite."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("CREATE TABLE frame (no INTEGER PRIMARY KEY, kind INT, size INT, payload BLOB)")
        connection.executemany(
            "INSERT INTO frame VALUES (?, ?, ?, ?)",
            (
                (number, 9 if number % PING_EVERY == 0 else 1, PAYLOAD, frame_of(number)[2:])
                for number in range(1, frames + 1)
            ),
        )
    connection.close()


class Filtered:
    """A capture that is open, as in the window: its index is there, the filter is typed anew each time."""

    def __init__(self, path: Path, attempt: int, frames: int) -> None:
        self.reader = CaptureReader(path)
        self._reading = FrameReading(AttemptSource(self.reader, attempt))
        self._index = FrameIndex(self._reading.source)
        self._frames = frames
        while self._index.grow(frames):
            pass
        self.hits = 0
        self.first_hit = 0.0

    def run(self, line: str) -> Once:
        cpu, wall = time.process_time(), time.perf_counter()
        condition = parse(line).condition
        assert condition is not None
        run = FilterRun(condition, self._reading, self._index, Inflation(self._reading))
        matches = bytearray()
        self.first_hit = 0.0
        while part := run.step(self._frames):
            matches += part
            if not self.first_hit and run.hits:
                self.first_hit = time.perf_counter() - wall
        once = Once(self._frames, time.process_time() - cpu, time.perf_counter() - wall)
        assert len(matches) == self._frames
        self.hits = run.hits
        return once


def compare(repetitions: int) -> Iterator[Measured]:
    millions = FRAMES / 1e6
    with tempfile.TemporaryDirectory() as folder:
        capture, rows = Path(folder) / "one.wsi", Path(folder) / "rows.sqlite"
        attempt = write_capture(capture, FRAMES)
        write_rows(rows, FRAMES)
        filtered = Filtered(capture, attempt, FRAMES)
        connection = sqlite3.connect(rows)
        try:
            for row, line, where in _FILTERS:
                query = f"SELECT no FROM frame WHERE {where}"
                first: list[float] = []

                def ours(line: str = line, first: list[float] = first) -> Once:
                    once = filtered.run(line)
                    first.append(filtered.first_hit * 1000)
                    return once

                def peer(query: str = query) -> Once:
                    cpu, wall = time.process_time(), time.perf_counter()
                    found = len(connection.execute(query).fetchall())
                    once = Once(FRAMES, time.process_time() - cpu, time.perf_counter() - wall)
                    assert found == filtered.hits, f"{found} rows, {filtered.hits} hits"
                    return once

                filtered.run(line)
                what = "filter by type or size" if row == 7 else "filter by payload"
                case = f"{line}, {millions:g} M frames"
                runs = alternate(repetitions, ours, peer)
                took = tuple(once.cpu * 1000 for once in runs["ours"])
                yield Held(row, f"{what}, CPU", case, "ms", _MOST_MS[row] * millions, took)
                yield Held(row, f"{what}, first hits", case, "ms", 50 if row == 7 else None, tuple(first))
                yield Comparison(
                    row=row,
                    what=what,
                    case=case,
                    peer="the same query by SQLite over one row a frame",
                    unit="frames",
                    decides="cpu",
                    goal=2.0 if row == 8 else None,
                    **runs,
                )
        finally:
            connection.close()
            filtered.reader.close()
