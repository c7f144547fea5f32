"""Payloads out of a stream: every header as it travelled, and zeros where a payload was."""

import heapq
from collections.abc import Iterator, Sequence

from wsinspector.present.frames import FrameFacts, facts_of
from wsinspector.protocol.columns import FLAG_MASKED, FLAG_OUT
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.spans import Direction
from wsinspector.share.leaving import Leaving
from wsinspector.share.stream_secrets import FRAMES_AT_ONCE, Patch, StreamView, sender_of
from wsinspector.share.travelled import WINDOW
from wsinspector.share.unsearched import is_chosen

_CODE = 2  # bytes of a close code, which says how a connection ended and nothing of what was said


def payload_patches(
    leaving: Leaving, direction: Direction, start: int, others: Iterator[Patch], chosen: Sequence[int] = ()
) -> Iterator[Patch]:
    """``others``, and behind the handshake, which ends at ``start``, what makes payloads zeros.

    A payload is zeros where it is read, so under a mask the bytes become the mask. Bytes behind the
    handshake that belong to no frame of the index become zeros too. ``chosen``: rising numbers of
    frames that stay.
    """
    behind = 0
    zeros = _zeros(leaving, direction, start, chosen)
    for patch in heapq.merge(zeros, others, key=lambda each: each.start):
        if patch.start >= behind:  # a secret within what becomes zeros is gone with it
            behind = patch.end
            yield patch


def _zeros(leaving: Leaving, direction: Direction, start: int, chosen: Sequence[int]) -> Iterator[Patch]:
    attempt = leaving.snapshot.attempt_id
    view = StreamView(leaving.reader, attempt, direction)
    own = FLAG_OUT if direction is Direction.OUT else 0
    at = start
    for first in range(1, leaving.frames_there + 1, FRAMES_AT_ONCE):
        leaving.look()
        columns = leaving.reader.columns(attempt, first, FRAMES_AT_ONCE)
        for place in range(len(columns)):
            if columns.flags[place] & FLAG_OUT != own or not columns.header[place]:
                continue
            facts = facts_of(columns, place, first + place)
            if facts.offset >= at:
                yield from _raw(view, at, facts.offset)
                if not is_chosen(facts.number, chosen):
                    yield from _payload(leaving, view, facts)
                at = min(facts.end, view.length)
    yield from _raw(view, at, view.length)


def _payload(leaving: Leaving, view: StreamView, facts: FrameFacts) -> Iterator[Patch]:
    agreed = leaving.snapshot.agreed
    codes = frame_facts(agreed.dialect).close is CloseStyle.CODES
    into = _CODE if facts.opcode == 8 and codes else 0
    at, stop = facts.payload_start + into, min(facts.payload_end, view.length)
    masked = bool(facts.flags & FLAG_MASKED)
    header = view.bytes(facts.offset, facts.payload_start) if masked else b""
    while at < stop:
        data = view.bytes(at, min(stop, at + WINDOW))
        if not data:
            return
        if masked and len(header) == facts.header:
            sender = sender_of(leaving.snapshot, facts)
            into = at - facts.payload_start
            plain = leaving.reading.framing.unmask(header, data, into, sender=sender, agreed=agreed)
        else:
            plain = data
        if plain.count(0) < len(plain):
            yield Patch(at, plain, None, "")
        at += len(data)


def _raw(view: StreamView, start: int, stop: int) -> Iterator[Patch]:
    while start < stop:
        data = view.bytes(start, min(stop, start + WINDOW))
        if not data:
            return
        if data.count(0) < len(data):
            yield Patch(start, data, None, "")
        start += len(data)
