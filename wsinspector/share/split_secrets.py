"""Secrets that a sender cut: a value whose bytes lie in several frames of one message."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from wsinspector.present.frames import FrameFacts, FrameReading, facts_of
from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_ENDS_MESSAGE, FLAG_OUT, FLAG_STARTS_MESSAGE
from wsinspector.share.left_out import Secret, Secrets

FRAMES_AT_ONCE = 4096
_WHOLE = FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE


@dataclass(frozen=True, slots=True)
class SplitPart:
    """``size`` bytes of ``secret``, from its byte ``into`` on, at ``start`` in the stream.

    ``at``: the same place, counted from the first byte of the payload of frame ``number``.
    """

    number: int
    out: bool
    start: int
    at: int
    secret: Secret
    into: int
    size: int

    @property
    def value(self) -> bytes:
        return self.secret.value[self.into : self.into + self.size]


@dataclass(slots=True)
class _Joining:
    """The end of what a message said so far. ``pieces``: (first and last position in the message, frame)."""

    message: int = 0
    said: int = 0
    tail: bytes = b""
    pieces: deque[tuple[int, int, FrameFacts]] = field(default_factory=deque)


def split_parts(reading: FrameReading, frames: int, secrets: Secrets) -> Iterator[SplitPart]:
    """The parts of the known values that lie in more than one of an attempt's frames.

    In the order in which the values end; two values may share bytes. Control frames between do not
    interrupt. Payloads are read unmasked, and no more of them than where a cut may be. What travelled
    compressed is passed over.
    """
    reach = 0 if secrets.keep else secrets.longest - 1
    if reach < 1:
        return
    joining = (_Joining(), _Joining())
    for first in range(1, frames + 1, FRAMES_AT_ONCE):
        columns = reading.source.columns(first, min(FRAMES_AT_ONCE, frames + 1 - first))
        for at, flags in enumerate(columns.flags):
            message = columns.message[at]
            if flags & _WHOLE == _WHOLE or not message or not columns.header[at]:
                continue
            side = joining[bool(flags & FLAG_OUT)]
            if side.message != message or flags & (FLAG_STARTS_MESSAGE | FLAG_COMPRESSED):
                side.message, side.said, side.tail = message, 0, b""
                side.pieces.clear()
            if not flags & FLAG_COMPRESSED:
                yield from _one(reading, facts_of(columns, at, first + at), side, reach, secrets)


def _one(
    reading: FrameReading, facts: FrameFacts, side: _Joining, reach: int, secrets: Secrets
) -> Iterator[SplitPart]:
    """What a fragment ends of the values that began before it."""
    head = reading.payload(facts, 0, reach)
    before = len(side.tail)
    side.pieces.append((side.said, side.said + facts.length, facts))
    if before and head:
        begin = side.said - before
        for start, secret in secrets.across(side.tail + head, before):
            yield from _parts(side.pieces, begin + start, secret)
    if facts.length <= reach:
        side.tail = (side.tail + head)[-reach:]
    else:
        side.tail = reading.payload(facts, facts.length - reach, reach)
    side.said += facts.length
    while side.pieces and side.pieces[0][1] <= side.said - len(side.tail):
        side.pieces.popleft()


def _parts(pieces: deque[tuple[int, int, FrameFacts]], start: int, secret: Secret) -> Iterator[SplitPart]:
    stop = start + len(secret)
    for low, high, facts in pieces:
        begin, end = max(low, start), min(high, stop)
        if begin < end:
            at = begin - low
            yield SplitPart(
                facts.number, facts.out, facts.payload_start + at, at, secret, begin - start, end - begin
            )
