"""Captures written row by row, so that a test decides every cut, every time and every gap."""

import json
import sqlite3
from array import array
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.present.recording import Recording
from wsinspector.capture import CaptureReader, ConversationRow
from wsinspector.capture.blocks import pack_reads
from wsinspector.capture.migrate import initialise
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.restore import restored_attempts
from wsinspector.protocol.arriving import Numbering
from wsinspector.protocol.spans import Direction, Role

WALL = 1_700_000_000 * 1_000_000_000
MONO = 5_000_000_000

Arrival = tuple[Direction, bytes | int, int]
"""A read or write: direction, its bytes or how many were not kept, ns since the attempt began."""


def craft(
    path: Path,
    arrivals: Sequence[Arrival],
    facts: dict[str, Any],
    *,
    events: Sequence[tuple[int, str, dict[str, Any]]] = (),
    reads_a_segment: int = 3,
) -> Path:
    """One conversation with one attempt; segments hold some reads each."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        initialise(connection)
        run = connection.execute
        run("INSERT INTO conversation VALUES (1, 'crafted', ?, ?, 0, x'', '{}')", (WALL, WALL))
        run("INSERT INTO attempt VALUES (1, 1, 1, ?, ?, 1, ?)", (WALL, MONO, json.dumps(facts)))
        for number, (at, kind, data) in enumerate(events, 1):
            run("INSERT INTO event VALUES (1, ?, ?, ?, ?)", (number, MONO + at, kind, json.dumps(data)))
        for direction in Direction:
            _write(
                connection, direction, [each for each in arrivals if each[0] is direction], reads_a_segment
            )
    return path


def _write(
    connection: sqlite3.Connection, direction: Direction, arrivals: Sequence[Arrival], together: int
) -> None:
    position = 0
    data, offsets, times = bytearray(), array("I"), array("q")

    def cut() -> None:
        nonlocal position, data, offsets, times
        if data:
            connection.execute(
                "INSERT INTO segment (attempt, direction, start, length, reads, data)"
                " VALUES (1, ?, ?, ?, ?, ?)",
                (int(direction), position, len(data), pack_reads(offsets, times), bytes(data)),
            )
            position += len(data)
        data, offsets, times = bytearray(), array("I"), array("q")

    for _, what, at in arrivals:
        if isinstance(what, int):
            cut()
            connection.execute(
                "INSERT INTO gap (attempt, kind, direction, start, stop, reason)"
                " VALUES (1, 'bytes', ?, ?, ?, 'The disk was full.')",
                (int(direction), position, position + what),
            )
            position += what
            continue
        offsets.append(len(data))
        times.append(MONO + at)
        data += what
        if len(offsets) >= together:
            cut()
    cut()


class Handshaken(Recording):
    """A recording that begins with a request and a 101."""

    def __init__(
        self,
        path: Path,
        request: bytes,
        answer: bytes,
        facts: dict[str, Any],
        *,
        deflate: bool = False,
        cuts: Sequence[int] = (),
        role: Role = Role.CLIENT,
    ) -> None:
        """``cuts``: where the request was cut into writes or reads. ``role``: ours."""
        super().__init__(path, deflate=deflate, role=role)
        asking, answering = Direction.OUT, Direction.IN
        if role is Role.SERVER:
            asking, answering = answering, asking
        at = self.now
        self.attempt.update(
            {"request_length": len(request), "request_at": at, "opened_at": at, "dialled": "203.0.113.9:8080"}
            | {"url": "ws://a.example/", "timings": {"tcp": 0.5}, "role": role.value}
            | facts
        )
        for start, stop in pairwise((0, *cuts, len(request))):
            self.attempt.bytes(asking, request[start:stop], self.now)
            self.now += 1_000_000
        self.attempt.bytes(answering, answer, self.now)
        numbering = Numbering()
        starts = {asking: len(request), answering: len(answer)}
        self.scanners = {
            side: self.framing.scanner(
                side, sender, agreed=self.agreed, numbering=numbering, start=starts[side]
            )
            for side, sender in self.senders.items()
        }

    def restored(self) -> tuple[CaptureReader, ConversationRow, Attempt]:
        """The file when it was closed, as it is opened again; whoever asks closes the reader."""
        self.end()
        self.close()
        reader = CaptureReader(self.path)
        row = reader.conversations()[0]
        return reader, row, restored_attempts(reader, row.id)[0]
