"""A piece as it is shown: its title, its bytes without secrets, its texts, what is wrong with it."""

from collections.abc import Collection
from dataclasses import dataclass

from wsinspector.learn.pieces import BIT, Piece, Step, Wrong
from wsinspector.present.explaining.part import Kind, Part
from wsinspector.present.explaining.parts import Parts
from wsinspector.present.frames import FrameFacts
from wsinspector.present.hexlines import MASK, character
from wsinspector.present.numbers import count
from wsinspector.present.plain import visible
from wsinspector.present.secrets import secret_spans_of_head
from wsinspector.present.typenames import type_name
from wsinspector.protocol.spans import Direction, Span
from wsinspector.translate import translate

BEGINNING = 48
"""Bytes of a piece that one line shows."""

SENT, CAME = "↑", "↓"


@dataclass(frozen=True, slots=True)
class Shown:
    """One piece in words. ``hex`` and ``text``: its beginning, a hidden byte as dots. ``bits``: of a piece
    that is less than bytes, the bits as they travelled, else empty. ``hidden``: some of it is a secret.

    ``steps``: made when asked for. ``left_out``: bytes that ``hex`` does not show.
    """

    name: str
    value: str
    hex: str
    text: str
    bits: str
    size: str
    hidden: bool
    left_out: int = 0


def hidden_in(parts: Parts, part: Part, revealed: bool = False) -> tuple[Span, ...]:
    """The secrets in a part of the handshake, and what was left out of any part, as bytes of its stream."""
    if part.span is None or part.direction is None:
        return ()
    gone = left_out_of(parts, part)
    if revealed or part.kind not in (Kind.REQUEST, Kind.INTERIM, Kind.ANSWER):
        return gone
    start = part.span.start
    end = part.span.end
    if part.kind is not Kind.REQUEST and parts.snapshot.response is not None:
        body = parts.snapshot.response.body_span
        if len(body) and start <= body.start:
            end = min(end, body.start)
    data = parts.reads(part.direction, start, end)
    return (*gone, *(span.shifted(start) for span in secret_spans_of_head(data)))


def left_out_of(parts: Parts, part: Part) -> tuple[Span, ...]:
    """What a copy made to share holds something else in place of, as bytes of the part's stream."""
    if part.span is None:
        return ()
    return tuple(
        Span(start, end)
        for direction, start, end in parts.snapshot.left_out
        if direction is part.direction and start < part.span.end and part.span.start < end
    )


def shown(parts: Parts, part: Part, each: Piece, hidden: Collection[Span] = ()) -> Shown:
    """A piece of ``part`` as a row shows it; nothing of what is ``hidden`` is in it."""
    span = each.span
    secret = [one for one in hidden if one.start < span.end and span.start < one.end]
    if part.direction is None or not len(each.bits):
        return Shown(visible(each.name), visible(each.value), "", "", "", "", hidden=False)
    data = parts.reads(part.direction, span.start, min(span.end, span.start + BEGINNING))
    cells, letters = [], []
    for at, byte in enumerate(data, span.start):
        covered = any(one.start <= at < one.end for one in secret)
        cells.append(MASK * 2 if covered else f"{byte:02x}")
        letters.append(MASK if covered else character(byte))
    name, value = visible(each.name), visible(each.value)
    if secret and each.role == "bytes":
        name, value = translate("Explain", "hidden"), ""
    bits = "" if each.whole_bytes else _bits(each, data)
    return Shown(
        name,
        value,
        " ".join(cells),
        "".join(letters),
        bits,
        size_of(each),
        bool(secret),
        max(0, len(span) - len(data)),
    )


def _bits(each: Piece, data: bytes) -> str:
    base = BIT * each.span.start
    digits = "".join(f"{byte:08b}" for byte in data)
    return digits[each.bits.start - base : each.bits.end - base]


def size_of(each: Piece) -> str:
    """How many bytes, or bits, a piece has; empty for one that is none."""
    if not len(each.bits):
        return ""
    if each.whole_bytes:
        return translate("Explain", "%n byte(s)", "", len(each.bits) // BIT)
    return translate("Explain", "%n bit(s)", "", len(each.bits))


def printed_bits(each: Piece) -> str:
    """Which bits of its bytes a piece has, counted from 0 on the left: ``bit 0``, ``bits 4 to 7``."""
    first = each.bits.start % BIT
    last = first + len(each.bits) - 1
    if first == last:
        return translate("Explain", "bit {0}").format(first)
    return translate("Explain", "bits {0} to {1}").format(first, last)


def steps_of(each: Piece, hidden: Collection[Span] = ()) -> tuple[Step, ...]:
    """The lines of a piece's calculation; none where some of its bytes are a secret."""
    if each.works is None or any(one.start < each.span.end and each.span.start < one.end for one in hidden):
        return ()
    return tuple(
        Step(visible(one.name), visible(one.value), visible(one.note), one.exact) for one in each.works()
    )


def sign(wrong: Wrong) -> str:
    """The sign and the word that stand before what is wrong."""
    if wrong.broken:
        return translate("Explain", "✕ Fault") if wrong.blames else translate("Explain", "✕ Not met")
    return translate("Explain", "! Unusual")


def tone(wrong: Wrong) -> str:
    """The role of its colour: red only where a side is blamed."""
    return "fault" if wrong.broken and wrong.blames else "note"


def title(parts: Parts, part: Part) -> str:
    """What a part is called."""
    match part.kind:
        case Kind.OPENING:
            return translate("Explain", "Before the first byte")
        case Kind.REQUEST:
            return translate("Explain", "Request")
        case Kind.INTERIM:
            return translate("Explain", "Interim answer {0}").format(part.number)
        case Kind.ANSWER:
            return translate("Explain", "Answer")
        case Kind.GONE:
            return translate("Explain", "Frames 1 to {0}").format(count(part.number))
        case Kind.MESSAGE:
            message = parts.message(part)
            made = parts.messages
            return made.title(message) if made and message else translate("Explain", "Message")
        case Kind.WHOLE:
            return translate("Explain", "The whole message")
        case Kind.FRAME:
            return translate("Explain", "Frame {0}").format(count(part.number))
        case Kind.ARRIVING:
            if part.direction is Direction.OUT:
                return translate("Explain", "Frame still leaving")
            return translate("Explain", "Frame still arriving")
        case Kind.REST:
            if part.direction is Direction.OUT:
                return translate("Explain", "Further bytes sent")
            return translate("Explain", "Further bytes received")
        case _:
            return translate("Explain", "The end")


def summary(parts: Parts, part: Part) -> str:
    """What a part says, in a few words."""
    snapshot = parts.snapshot
    match part.kind:
        case Kind.OPENING:
            return "TCP, TLS" if snapshot.tls is not None else "TCP"
        case Kind.GONE:
            return translate("Explain", "not in the file any more")
        case Kind.FRAME:
            facts = parts.facts(part.number)
            if facts is None or parts.reading is None:
                return translate("Explain", "not in the file")
            return _frame(type_name(parts.reading, facts), facts) + _which(parts, part)
        case Kind.MESSAGE | Kind.WHOLE:
            message, made = parts.message(part), parts.messages
            if message is None or made is None:
                return ""
            return (
                made.summary(message) if part.kind is Kind.MESSAGE else made.says(message, snapshot.left_out)
            )
        case Kind.ANSWER:
            status = snapshot.response.status if snapshot.response is not None else None
            size = _size(part)
            return f"{status}, {size}" if status is not None else size
        case Kind.END:
            return ""
        case Kind.REQUEST if not snapshot.number:
            return translate("Explain", "%n byte(s), not sent yet", "", len(snapshot.request))
        case Kind.REQUEST if not part.sent:
            return translate("Explain", "never sent")
        case _:
            return _size(part)


def _size(part: Part) -> str:
    return translate("Explain", "%n byte(s)", "", len(part.span)) if part.span is not None else ""


def _frame(name: str, facts: FrameFacts) -> str:
    size = translate("Explain", "%n byte(s)", "", min(facts.length, (1 << 31) - 1))
    if facts.length >= 1 << 31:
        size = count(facts.length)
    more = "" if facts.fin else translate("Explain", ", more follows")
    return f"{name}, {size}{more}"


def _which(parts: Parts, part: Part) -> str:
    """Which frame of its message a frame is; empty for one that is whole."""
    place = parts.messages.place_of(part.number) if parts.messages is not None else None
    return "" if place is None else translate("Explain", ", {0} of {1}").format(place[0] + 1, place[1])


def arrow(parts: Parts, part: Part) -> str:
    """Which way it travelled; empty where nothing did."""
    direction = parts.located(part).direction
    if direction is None:
        return ""
    return SENT if direction is Direction.OUT else CAME
