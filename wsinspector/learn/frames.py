"""A frame of any dialect as pieces, bit by bit in its header and byte by byte in its payload."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from wsinspector.learn.byte_pieces import bytes_within, raw
from wsinspector.learn.frame_steps import length_works, mask_works, seven_bit_works
from wsinspector.learn.frame_texts import Around, reason_of
from wsinspector.learn.payloads import Payload, first_bad_byte, payload_piece
from wsinspector.learn.pieces import BIT, Piece, Reads, Said, Step, Works, Wrong, over
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.frame_detail import Anomaly, FieldDetail
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.framings import framing_called
from wsinspector.protocol.opcodes import CLOSE
from wsinspector.protocol.spans import Role, Span
from wsinspector.translate import translate
from wsinspector.verdicts.frame_rules import rule_name

_OURS = FrameAnomaly.TOO_BIG | FrameAnomaly.INFLATE_LIMIT
_ALWAYS_BROKEN = FrameAnomaly.AFTER_CLOSE | FrameAnomaly.TRUNCATED


@dataclass(frozen=True, slots=True)
class FrameToTell:
    """One frame. ``offset``: of its first byte in its stream. ``header``: as it travelled, as far as it came.

    ``length``: payload bytes as declared, or before the closing byte. ``have``: payload bytes that came.
    ``sentinel``: one byte 0xFF ends it. ``opcode``: RFC 6455's number. ``reads``: the stream as it travelled;
    ``plain``: payload bytes between two payload offsets, unmasked. ``inflated``: (beginning, size) of what a
    compressed payload gave, None where that is not known. ``unfinished``: it is still arriving.
    """

    offset: int
    header: bytes
    length: int
    have: int
    sentinel: bool
    opcode: int
    fin: bool
    masked: bool
    compressed: bool
    starts: bool
    sender: Role
    anomalies: FrameAnomaly
    reads: Reads
    plain: Callable[[int, int], bytes]
    agreed: Agreed = NOTHING_AGREED
    inflated: Callable[[], tuple[bytes, int] | None] | None = None
    unfinished: bool = False

    @property
    def payload_start(self) -> int:
        return self.offset + len(self.header)

    @property
    def end(self) -> int:
        """Behind the last byte that came."""
        return self.payload_start + self.have + self.sentinel


def frame_pieces(frame: FrameToTell) -> tuple[tuple[Piece, ...], tuple[Wrong, ...]]:
    """The pieces of a frame, which cover its bits to the last, and what is wrong with it."""
    framing = framing_called(frame_facts(frame.agreed.dialect).framing)
    detail = framing.explain(
        frame.header,
        sender=frame.sender,
        agreed=frame.agreed,
        anomalies=frame.anomalies,
        payload_available=frame.have if frame.have < frame.length or frame.unfinished else None,
        length=frame.length,
        compressed=frame.compressed,
    )
    plain = framing.plain_header(frame.header, sender=frame.sender, agreed=frame.agreed)
    around = Around(
        frame.opcode, frame.fin, frame.masked, frame.compressed, frame.sender, frame.agreed, frame.starts
    )
    whole = detail.plain_header != b""
    pieces = []
    for field in detail.fields:
        if field.role_key == "payload":
            continue
        made = _field(frame, field, around, _works(frame, field, plain, whole=whole))
        if made is not None:
            pieces.append(made)
    header = _tiled(pieces, over(frame.offset, frame.payload_start), frame)
    parts = list(header)
    payload = next((field for field in detail.fields if field.role_key == "payload"), None)
    if frame.have:
        parts.append(payload_piece(_payload(frame), payload, around))
    if frame.sentinel:
        stop = [each for each in pieces if each.field == "sentinel"]
        at = over(frame.end - 1, frame.end)
        parts.append(replace(stop[0], bits=at) if stop else _unknown(at, frame))
    return tuple(parts), tuple(_wrong(frame, each, detail.fields) for each in detail.anomalies)


def _payload(frame: FrameToTell) -> Payload:
    return Payload(
        frame.payload_start,
        frame.have,
        frame.opcode,
        frame.masked,
        frame.compressed,
        frame.starts,
        frame.fin,
        20 if frame.agreed.dialect == "hybi-04" else 4,
        frame_facts(frame.agreed.dialect).close,
        frame.agreed,
        frame.sender,
        frame.reads,
        frame.plain,
        frame.inflated,
    )


def _field(frame: FrameToTell, field: FieldDetail, around: Around, works: Works | None) -> Piece | None:
    """A field's piece, as far as its bits came; None where none did."""
    start, end = field.bits
    bits = Span(BIT * frame.offset + start, BIT * frame.offset + end)
    come = BIT * (frame.end if field.name == "sentinel" else frame.payload_start)
    bits = Span(bits.start, min(bits.end, come))
    if bits.start >= bits.end:
        return None
    reason = reason_of(field, around)
    said = Said(field.meaning, reason.why, reason.otherwise, reason.clause or field.clause, reason.terms)
    opens = None
    if len(bits) > BIT and not bits.start % BIT and not bits.end % BIT:
        opens = bytes_within(frame.reads, bits.start // BIT, bits.end // BIT, raw)
    return Piece(field.name, bits, said, field.value, field.role_key, opens, works, field=field.name)


def _works(frame: FrameToTell, field: FieldDetail, plain: bytes, *, whole: bool) -> Works | None:
    head = plain[4:] if whole else plain
    if field.role_key == "length":
        if frame_facts(frame.agreed.dialect).framing == "sentinel":
            return seven_bit_works(frame.header[1:])
        return length_works(head)
    if field.role_key == "key" and field.present and frame.have and not whole:
        return _masking(frame)
    return None


def _masking(frame: FrameToTell) -> Works:
    def works() -> tuple[Step, ...]:
        size = min(frame.have, 17)
        wire = frame.reads(frame.payload_start, frame.payload_start + size)
        return mask_works(wire, frame.plain(0, size), note_text=not frame.compressed)()

    return works


def _tiled(pieces: list[Piece], bits: Span, frame: FrameToTell) -> tuple[Piece, ...]:
    """The pieces in order over ``bits``; what no field covers is told as part of the header."""
    made: list[Piece] = []
    at = bits.start
    for each in sorted(pieces, key=lambda one: one.bits.start):
        start, end = max(each.bits.start, at), min(each.bits.end, bits.end)
        if start >= end:
            continue
        if start > at:
            made.append(_unknown(Span(at, start), frame))
        made.append(
            each if (start, end) == (each.bits.start, each.bits.end) else replace(each, bits=Span(start, end))
        )
        at = end
    if at < bits.end:
        made.append(_unknown(Span(at, bits.end), frame))
    return tuple(made)


def _unknown(bits: Span, frame: FrameToTell) -> Piece:
    said = Said(
        translate("Explain", "Part of the frame's header that has no field of its own."),
        clause=frame_facts(frame.agreed.dialect).document,
    )
    return Piece(translate("Explain", "header"), bits, said, role="length")


def _wrong(frame: FrameToTell, anomaly: Anomaly, fields: tuple[FieldDetail, ...]) -> Wrong:
    base = BIT * frame.offset
    bits = Span(base + BIT * anomaly.span.start, base + BIT * anomaly.span.end)
    field = next((each for each in fields if each.name == anomaly.field), None)
    if field is not None:
        bits = Span(base + field.bits[0], base + field.bits[1])
    bits = _narrowed(frame, anomaly.code, bits)
    end = BIT * frame.end
    bits = Span(min(bits.start, end), min(bits.end, end))
    faults = (frame_facts(frame.agreed.dialect).faults | _ALWAYS_BROKEN) & ~_OURS
    return Wrong(bits, anomaly.text, anomaly.clause, bool(anomaly.code & faults), rule_name(anomaly.code))


def _narrowed(frame: FrameToTell, code: FrameAnomaly, bits: Span) -> Span:
    """The very bytes of a payload that are wrong, where they can be told."""
    start = frame.payload_start
    codes = frame_facts(frame.agreed.dialect).close is CloseStyle.CODES and frame.opcode == CLOSE
    if code is FrameAnomaly.CLOSE_CODE_FORBIDDEN and codes and frame.have >= 2:
        return over(start, start + 2)
    if code is FrameAnomaly.CLOSE_REASON_NOT_UTF8 and codes and frame.have > 2:
        at = first_bad_byte(frame.plain(2, frame.have))
        return over(start + 2 + at, start + 3 + at) if at is not None else over(start + 2, start + frame.have)
    if code is FrameAnomaly.BAD_UTF8 and frame.starts and not frame.compressed:
        at = first_bad_byte(frame.plain(0, min(frame.have, 1 << 16)))
        return over(start + at, start + at + 1) if at is not None else bits
    return bits
