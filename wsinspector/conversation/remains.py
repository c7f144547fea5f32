"""What a capture tells of an attempt in either role apart from its handshake."""

from bisect import bisect_right
from typing import Any

from wsinspector.capture import AttemptRow, CaptureReader
from wsinspector.capture.copying import COPIED_LIVE
from wsinspector.capture.rows import LEFT_OUT, Loss
from wsinspector.capture.trimming import AGE, FRAMES, SIZE
from wsinspector.conversation.progress import view_of
from wsinspector.conversation.snapshot import End, EndedBy, EndKind, PendingView
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.spans import Direction, Role

PIECE = 1 << 16
"""Bytes of a stream looked at together."""


LIMITS = frozenset((AGE, FRAMES, SIZE))
"""Reasons of what was dropped because a person asked for it."""

CUT_SHORT = "The program ended while this attempt was live."
COPIED = "This is a copy made while the attempt was live; what came later is not in it."


def last_byte(reader: CaptureReader, attempt_id: int) -> int | None:
    """When the last byte either way was read or written."""
    times = []
    for direction in Direction:
        length = reader.stream_length(attempt_id, direction)
        at = reader.time_at(attempt_id, direction, length - 1) if length else None
        if at is not None:
            times.append(at)
    return max(times, default=None)


def cut_short(row: AttemptRow, last_byte_at: int | None) -> End:
    """Stands for the end of an attempt of which none was kept: no code is made up, and nobody ended it."""
    at = last_byte_at or row.mono_ns
    began = row.facts.get("opened_at") or row.mono_ns
    return End(
        kind=EndKind.FAILED,
        by=EndedBy.US,
        clean=False,
        code=None,
        reason="",
        sent_code=None,
        received_code=None,
        silence=0.0,
        age=max(0.0, (at - began) / 1e9),
        at=at,
        text=COPIED if row.facts.get(COPIED_LIVE) else CUT_SHORT,
        kept=False,
    )


def unfinished(
    reader: CaptureReader, attempt_id: int, agreed: Agreed, role: Role, starts: dict[Direction, int]
) -> tuple[PendingView, ...]:
    """The frames that were under way when the program died.

    ``starts``: where frames begin each way; a way that is not in it is left out before its first frame.
    """
    found = []
    framing = dialect_called(agreed.dialect).framing
    theirs = Role.SERVER if role is Role.CLIENT else Role.CLIENT
    for direction in Direction:
        start = reader.indexed_to(attempt_id, direction)
        start = starts.get(direction) if start is None else start
        end = reader.stream_length(attempt_id, direction)
        if start is None or start >= end:
            continue
        sender = theirs if direction is Direction.IN else role
        scanner = framing.scanner(direction, sender, agreed=agreed, start=start)
        offsets, times = reader.reads(attempt_id, direction, start, end)
        place = max(0, bisect_right(offsets, start) - 1)
        scanner.feed(
            reader.stream(attempt_id, direction, start, min(end, start + PIECE)),
            times[place] if times else 0,
        )
        frame = scanner.pending
        if frame is not None:
            found.append(view_of(frame, outgoing=direction is Direction.OUT))
    return tuple(found)


def dropped(reader: CaptureReader, attempt_id: int) -> tuple[tuple[str, int], ...]:
    """What travelled and could not be kept, by kind; what a limit let go of is told by :func:`losses`."""
    counts: dict[str, Any] = {}
    for gap in reader.gaps(attempt_id):
        if gap.reason in LIMITS:
            continue
        if gap.kind == LEFT_OUT:
            continue  # a person's wish, and no loss
        name = gap.kind
        if gap.direction is not None:
            name = "bytes_in" if gap.direction is Direction.IN else "bytes_out"
        counts[name] = counts.get(name, 0) + gap.stop - gap.start
    return tuple(counts.items())


def dropped_to(reader: CaptureReader, attempt_id: int) -> int:
    """The number of the last frame that a limit dropped, 0 where none did: the oldest go first."""
    stops = (gap.stop for gap in reader.gaps(attempt_id) if gap.kind == "frames" and gap.reason in LIMITS)
    return max(stops, default=1) - 1


def left_out(reader: CaptureReader, attempt_id: int) -> tuple[tuple[Direction, int, int], ...]:
    """Stretches of both streams that a copy made to share holds no bytes of, with what stands for them."""
    return tuple(
        (gap.direction, gap.start, gap.stop)
        for gap in reader.gaps(attempt_id)
        if gap.kind == LEFT_OUT and gap.direction is not None and gap.start < gap.stop
    )


def losses(reader: CaptureReader, attempt_id: int) -> tuple[Loss, ...]:
    """What is not in the file of an attempt, by reason. What a person left out is no loss."""
    found: dict[str, Loss] = {}
    for gap in reader.gaps(attempt_id):
        if gap.kind == LEFT_OUT:
            continue
        found[gap.reason] = found.get(gap.reason, Loss(gap.reason)).plus(gap.kind, gap.stop - gap.start)
    return tuple(found.values())
