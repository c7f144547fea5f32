"""What a copy made to share holds no bytes of, told where a payload is shown: never as zeros or stars."""

from array import array
from collections.abc import Callable, Sequence

from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.jsontext import Piece
from wsinspector.present.payload import TEXT_LIMIT, Content, Payload, View, note_of, size_text
from wsinspector.present.plain import decoded, visible
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.spans import Direction
from wsinspector.translate import translate

Stretches = Sequence[tuple[Direction, int, int]]
"""(direction, first byte, one past the last) of a stream, as a snapshot's ``left_out``."""

CODE_BYTES = 2
"""A close code, which stays where the reason behind it is left out."""

_AT_ONCE = 1 << 16


def withheld(
    reading: FrameReading, left_out: Stretches, numbers: "array[int]", most: int = TEXT_LIMIT
) -> tuple[tuple[int, int], ...]:
    """(start, stop) of what was left out of the payloads of these frames, one after another.

    Looked for in the first ``most`` bytes. Of a compressed message all is left out or nothing.
    """
    found: list[tuple[int, int]] = []
    at = 0
    for number in numbers if left_out else ():
        facts = reading.facts(number)
        if facts is None or at >= most:
            break
        found += [(at + start, at + stop) for start, stop in of_frame(reading, left_out, facts)]
        at += facts.length
    joined: list[tuple[int, int]] = []
    for start, stop in found:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return tuple(joined)


def of_frame(reading: FrameReading, left_out: Stretches, facts: FrameFacts) -> list[tuple[int, int]]:
    """(start, stop) of what was left out of one frame's payload."""
    found = []
    for direction, first, past in left_out:
        start, stop = max(first, facts.payload_start), min(past, facts.payload_end)
        if direction is not facts.direction or start >= stop:
            continue
        start, stop = start - facts.payload_start, stop - facts.payload_start
        if first <= facts.offset:
            # All payloads, or those that were not chosen: the headers within the stretch are there.
            codes = frame_facts(reading.agreed.dialect).close is CloseStyle.CODES
            start = CODE_BYTES if facts.opcode == 8 and codes else 0
            if start >= stop or any(reading.payload(facts, start, min(stop - start, _AT_ONCE))):
                continue
        found.append((start, stop))
    return sorted(found)


def mark_text(size: int) -> str:
    """What stands in the place of ``size`` bytes."""
    return f"⟨{translate('Withheld', 'left out: {0}').format(size_text(size))}⟩"


def with_marks(data: bytes, gone: Sequence[tuple[int, int]], part: Callable[[bytes], str]) -> str:
    """``data`` on one line, what is there by ``part``, with a mark in the place of each gap."""
    text, at = "", 0
    for start, stop in gone:
        if start >= len(data):
            break
        text += (part(data[at:start]) if start > at else "") + mark_text(stop - start)
        at = stop
    return text + (part(data[at:]) if at < len(data) else "")


def fault_of(gone: Sequence[tuple[int, int]]) -> str:
    """One sentence above the payload."""
    size = size_text(sum(stop - start for start, stop in gone))
    return translate(
        "Withheld", "This copy was made without {0} of the payload: nothing here can show them."
    ).format(size)


def content_without(payload: Payload, gone: Sequence[tuple[int, int]]) -> Content:
    """The payload as text with a mark for each stretch that was left out."""
    if payload.compressed:
        mark = Piece(mark_text(payload.wire), "literal")
        return Content(View.TEXT, (mark,), size_text(payload.wire), fault_of(gone))
    pieces: list[Piece] = []
    at, end = 0, min(len(payload.data), TEXT_LIMIT)
    for start, stop in gone:
        if start >= end:
            break
        if start > at:
            pieces.append(Piece(visible(decoded(payload.data[at:start]), lines=True), "plain"))
        pieces.append(Piece(mark_text(stop - start), "literal"))
        at = stop
    if at < end:
        pieces.append(Piece(visible(decoded(payload.data[at:end]), lines=True), "plain"))
    note = note_of(payload, min(end, payload.total), made=_how_much(payload, gone))
    return Content(View.TEXT, tuple(pieces), note, fault_of(gone))


def note_without(payload: Payload, gone: Sequence[tuple[int, int]]) -> str:
    """How large the payload is where its bytes are shown, the missing ones hidden."""
    return note_of(payload, payload.total, made=_how_much(payload, gone))


def _how_much(payload: Payload, gone: Sequence[tuple[int, int]]) -> str:
    if sum(stop - start for start, stop in gone) >= payload.total:
        return translate("Withheld", "all of it left out")
    return translate("Withheld", "in part left out")
