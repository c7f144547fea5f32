"""Payloads out of a stream: every header as it travelled, and zeros where a payload was."""

import heapq
from collections.abc import Iterator

from wsinspector.present.frames import FrameFacts, facts_of
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.spans import Direction
from wsinspector.share.leaving import Leaving
from wsinspector.share.stream_secrets import FRAMES_AT_ONCE, Patch
from wsinspector.share.travelled import WINDOW

_CODE = 2  # bytes of a close code, which says how a connection ended and nothing of what was said


def payload_patches(
    leaving: Leaving, direction: Direction, start: int, others: Iterator[Patch]
) -> Iterator[Patch]:
    """``others`` as far as the handshake goes, which ends at ``start``, and then what makes payloads zeros.

    A payload is zeros where it is read, so under a mask the bytes become the mask. Bytes behind the
    handshake that belong to no frame of the index become zeros too.
    """
    heads = (patch for patch in others if patch.start < start)
    yield from heapq.merge(heads, _zeros(leaving, direction, start), key=lambda each: each.start)


def _zeros(leaving: Leaving, direction: Direction, start: int) -> Iterator[Patch]:
    attempt = leaving.snapshot.attempt_id
    length = leaving.reader.stream_length(attempt, direction)
    at = start
    for first in range(1, leaving.frames_there + 1, FRAMES_AT_ONCE):
        leaving.look()
        columns = leaving.reader.columns(attempt, first, FRAMES_AT_ONCE)
        for place in range(len(columns)):
            facts = facts_of(columns, place, first + place)
            if not facts.header or facts.direction is not direction or facts.offset < at:
                continue
            yield from _raw(leaving, direction, at, facts.offset)
            yield from _payload(leaving, facts, length)
            at = min(facts.end, length)
    yield from _raw(leaving, direction, at, length)


def _payload(leaving: Leaving, facts: FrameFacts, length: int) -> Iterator[Patch]:
    codes = frame_facts(leaving.snapshot.agreed.dialect).close is CloseStyle.CODES
    into = _CODE if facts.opcode == 8 and codes else 0
    stop = min(facts.payload_end, length) - facts.payload_start
    while into < stop:
        data = leaving.reading.payload(facts, into, min(WINDOW, stop - into))
        if not data:
            return
        if any(data):
            yield Patch(facts.payload_start + into, data, None, "")
        into += len(data)


def _raw(leaving: Leaving, direction: Direction, start: int, stop: int) -> Iterator[Patch]:
    while start < stop:
        data = leaving.reader.stream(leaving.snapshot.attempt_id, direction, start, min(stop, start + WINDOW))
        if not data:
            return
        if any(data):
            yield Patch(start, data, None, "")
        start += len(data)
