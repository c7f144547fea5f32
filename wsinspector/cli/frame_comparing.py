"""``frames --compare A B``: what two frames, or the messages they belong to, differ in."""

import json
from array import array
from collections.abc import Iterator
from typing import Any

from wsinspector.capture import AttemptRow, CaptureReader
from wsinspector.cli.request import WrongArgumentError
from wsinspector.conversation.restore import restored_attempt
from wsinspector.present.comparing import CompareRow, SideText
from wsinspector.present.differing.compared import Compared, Side
from wsinspector.present.differing.comparing_payloads import compare
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.opened import Opened, open_message
from wsinspector.present.source import AttemptSource

READ = 1 << 20


def compared(
    reader: CaptureReader, attempts: list[AttemptRow], numbers: tuple[int, int], *, messages: bool
) -> Compared:
    """Compare frames ``numbers``; with ``messages`` all of the messages they belong to.

    Raises WrongArgumentError where there is more than one attempt to look in, or no such frame.
    """
    if len(attempts) != 1:
        raise WrongArgumentError("--compare needs one attempt: say which with --conversation and --attempt.")
    snapshot = restored_attempt(reader, attempts[0]).snapshot
    reading = FrameReading(AttemptSource(reader, snapshot.attempt_id), snapshot.agreed, snapshot.role)
    inflation = Inflation(reading)
    index = FrameIndex(reading.source)
    while messages and index.grow(snapshot.frames):
        pass
    left, right = (_opened(reading, inflation, index if messages else None, number) for number in numbers)
    return compare(_side(left), _side(right))


def _opened(reading: FrameReading, inflation: Inflation, index: FrameIndex | None, number: int) -> Opened:
    members = array("Q", (number,))
    if index is not None and 0 < number <= len(index):
        found = index.part_of(number)
        members = found[1] if found is not None else members
    opened = open_message(reading, inflation, members, READ)
    if opened is None:
        raise WrongArgumentError(f"--compare {number}: the file does not hold that frame.")
    return opened


def _side(opened: Opened) -> Side:
    return Side(opened.pages, opened.payload.data, opened.payload.opcode == 1)


def lines(found: Compared, *, as_lines: bool) -> Iterator[str]:
    """What differs: for a person as ``<`` and ``>``, else a JSON object a row and one that sums up."""
    if not as_lines:
        yield found.told
        for row in found.rows:
            if row.differs:
                yield row.label or "."
                yield from (f"{mark} {side.text}" for mark, side in _sides(row) if side is not None)
        return
    for row in found.rows:
        if row.differs:
            made: dict[str, Any] = {"at": row.label, "differs": row.kind}
            made |= {
                "left": row.left.text if row.left is not None else None,
                "right": row.right.text if row.right is not None else None,
            }
            yield json.dumps(made, ensure_ascii=False)
    yield json.dumps({"compared": found.kind.value, "differs": found.differs, "told": found.told})


def _sides(row: CompareRow) -> tuple[tuple[str, SideText | None], ...]:
    return ("<", row.left), (">", row.right)
