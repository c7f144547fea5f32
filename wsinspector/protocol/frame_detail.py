"""One field of a frame's header told in words: what the explanations of all layouts are made of."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.frame_facts import CloseStyle
from wsinspector.protocol.lengths import minimal_form
from wsinspector.protocol.opcodes import CLOSE, OPCODES, Kind
from wsinspector.protocol.spans import Span
from wsinspector.translate import translate

PER_FRAME_DEFLATE = "draft-tyoshino-hybi-websocket-perframe-deflate"
"""Where deflate-frame and x-webkit-deflate-frame are told."""


@dataclass(frozen=True, slots=True)
class FieldDetail:
    """One field of a frame as it travelled.

    ``bits``: half-open range, counted from the frame's first bit. ``role_key`` is
    one of ``fin``, ``rsv``, ``opcode``, ``mask``, ``length``, ``key``, ``payload``. ``present`` is False
    where some of its bytes have not come.
    """

    name: str
    bits: tuple[int, int]
    value: str
    meaning: str
    clause: str
    role_key: str
    present: bool = True

    @property
    def span(self) -> Span:
        """The bytes its bits lie in, counted from the frame's first."""
        return Span(self.bits[0] // 8, -(-self.bits[1] // 8))


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One :class:`FrameAnomaly` bit, the bytes of the frame it speaks of, and why.

    ``field``: the name of the field it lies in, empty where it speaks of the whole frame.
    """

    code: FrameAnomaly
    span: Span
    text: str
    clause: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class FrameDetail:
    """``plain_header``: the header as the sender had it, where masking covers it too; else empty."""

    fields: tuple[FieldDetail, ...]
    anomalies: tuple[Anomaly, ...]
    plain_header: bytes = b""


def fin_meaning(last: bool, control: bool) -> str:
    """What it means that this frame is, or is not, the last of its message."""
    if last and control:
        return translate("frame", "A control frame is always whole.")
    if last:
        return translate("frame", "The last frame of its message.")
    if control:
        return translate("frame", "Says more follows, but a control frame must not be fragmented.")
    return translate("frame", "More frames of this message follow.")


def rsv_fields(first: int, compressed: bool, per_frame: bool) -> list[FieldDetail]:
    """RSV1 to RSV3 of a first byte whose opcode is RFC 6455's."""
    fields = []
    for place in (1, 2, 3):
        value = bool(first & (0x80 >> place))
        meaning, clause = _rsv(place, value, first & 0x0F, compressed, per_frame)
        fields.append(FieldDetail(f"RSV{place}", (place, place + 1), bit(value), meaning, clause, "rsv"))
    return fields


def _rsv(place: int, value: bool, opcode: int, compressed: bool, per_frame: bool) -> tuple[str, str]:
    if place == 1 and compressed and per_frame and value:
        return translate("frame", "Compressed, this frame for itself."), PER_FRAME_DEFLATE
    if not value:
        if place == 1 and compressed:
            return translate("frame", "Set on a compressed message's first frame only."), "RFC 7692 §6.1"
        return translate("frame", "Must be 0 unless an extension uses it."), "RFC 6455 §5.2"
    if place == 1 and compressed and opcode:
        return translate("frame", "Compressed, permessage-deflate."), "RFC 7692 §6.1"
    return translate("frame", "Set, but nothing agreed on gives it a meaning here."), "RFC 6455 §5.2"


def length_fields(head: bytes) -> tuple[list[FieldDetail], int | None]:
    """The length in a header from its second byte on, and what it says; None where it is not all there."""
    short = head[1] & 0x7F
    if short < 126:
        meaning = length_meaning(short, 7)
        return [FieldDetail("length", (9, 16), str(short), meaning, "RFC 6455 §5.2", "length")], short
    form = 16 if short == 126 else 64
    stop = 2 + form // 8
    escape = translate("frame", "The length is in the next {bits} bits.").format(bits=form)
    length = int.from_bytes(head[2:stop], "big") if len(head) >= stop else None
    return [
        FieldDetail("length", (9, 16), str(short), escape, "RFC 6455 §5.2", "length"),
        FieldDetail(
            "extended length",
            (16, 8 * stop),
            "" if length is None else count(length),
            not_here() if length is None else length_meaning(length, form),
            "RFC 6455 §5.2",
            "length",
            length is not None,
        ),
    ], length


def cited(fields: Iterable[FieldDetail], document: str) -> tuple[FieldDetail, ...]:
    """The fields with the clauses of the dialect's own document, whose sections are not all known."""
    if document == "RFC 6455":
        return tuple(fields)
    return tuple(
        replace(field, clause=document) if field.clause.startswith("RFC 6455") else field for field in fields
    )


def _close_meaning(style: CloseStyle) -> str:
    return {
        CloseStyle.NONE: translate("frame", "Close: the sender sends nothing more."),
        CloseStyle.EMPTY: translate("frame", "Close: the sender sends nothing more. Answered by the same."),
        CloseStyle.FREE: translate(
            "frame", "Close: the sender sends nothing more. May hold any body; the answer holds the same."
        ),
        CloseStyle.MARKER: translate(
            "frame",
            "Close: the sender sends nothing more. Holds one byte: S from a server, C from a client "
            "(the latter not confirmed against the draft's text).",
        ),
        CloseStyle.CODES: translate(
            "frame", "Close: the sender sends nothing more. May hold a code and a reason."
        ),
    }[style]


def opcode_meaning(opcode: int, style: CloseStyle = CloseStyle.CODES) -> str:
    """Of one of RFC 6455's opcodes. ``style``: what a closing frame holds."""
    meanings = {
        0x0: translate("frame", "Continues the message that an earlier frame began."),
        0x1: translate("frame", "Text: the whole message must be UTF-8."),
        0x2: translate("frame", "Binary: any bytes."),
        CLOSE: _close_meaning(style),
        0x9: translate("frame", "Ping: to be answered by a Pong with the same payload."),
        0xA: translate("frame", "Pong: answers a Ping, or comes unasked as a sign of life."),
    }
    if opcode in meanings:
        return meanings[opcode]
    if OPCODES[opcode].kind is Kind.CONTROL:
        return translate("frame", "Reserved for a control frame not yet defined.")
    return translate("frame", "Reserved for a data frame not yet defined.")


def payload_field(
    size: int, length: int, available: int | None, masked: bool, compressed: bool
) -> FieldDetail:
    """The payload behind ``size`` bytes of header; ``available``: bytes that came, None for all."""
    have = length if available is None else min(available, length)
    value = translate("frame", "1 byte") if length == 1 else translate("frame", "{n} bytes")
    value = value.format(n=count(length))
    if have < length:
        meaning = translate("frame", "{have} of {n} bytes are here.")
        meaning = meaning.format(have=count(have), n=count(length))
    elif masked and compressed:
        meaning = translate("frame", "Travels compressed, then masked.")
    elif masked:
        meaning = translate("frame", "Travels masked.")
    elif compressed:
        meaning = translate("frame", "Travels compressed.")
    else:
        meaning = translate("frame", "Travels as it is.")
    end = 8 * (size + length)
    return FieldDetail("payload", (8 * size, end), value, meaning, "RFC 6455 §5.2", "payload", have == length)


def length_meaning(length: int, form: int) -> str:
    if length >> 63:
        return translate("frame", "Its top bit is set: every later byte counts as this frame's payload.")
    if minimal_form(length) != form:
        text = translate("frame", "{n} bytes of payload, but not in the shortest form.")
    elif not length:
        text = translate("frame", "No payload.")
    elif length == 1:
        text = translate("frame", "1 byte of payload.")
    else:
        text = translate("frame", "{n} bytes of payload.")
    return text.format(n=count(length))


def count(number: int) -> str:
    """With thin spaces for thousands, as every number that is read."""
    return f"{number:,}".replace(",", "\u2009")


def not_here() -> str:
    return translate("frame", "Has not come yet.")


def bit(value: bool) -> str:
    return "1" if value else "0"
