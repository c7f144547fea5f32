"""What a copy made to share holds no bytes of, told where a payload is shown: never as zeros or stars."""

from array import array
from collections.abc import Callable, Sequence

from wsinspector.present.frames import FrameReading
from wsinspector.present.jsontext import Piece
from wsinspector.present.left_out_frames import CODE_BYTES as CODE_BYTES
from wsinspector.present.left_out_frames import Stretches as Stretches
from wsinspector.present.left_out_frames import of_frame as of_frame
from wsinspector.present.payload import TEXT_LIMIT, Content, Payload, View, note_of, size_text
from wsinspector.present.plain import decoded, visible
from wsinspector.translate import translate


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
