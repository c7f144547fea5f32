"""One frame's header told field by field, each with its bits, its meaning and its clause."""

from dataclasses import dataclass

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.lengths import header_length, minimal_form
from wsinspector.protocol.opcodes import FIN_BIT, MASK_BIT, OPCODES, Kind
from wsinspector.protocol.spans import Role, Span
from wsinspector.translate import translate

_HYBI = "draft-ietf-hybi-thewebsocketprotocol-{}"


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
    """One :class:`FrameAnomaly` bit, the bytes of the frame it speaks of, and why."""

    code: FrameAnomaly
    span: Span
    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class FrameDetail:
    """``plain_header``: the header as the sender had it, where masking covers it too; else empty."""

    fields: tuple[FieldDetail, ...]
    anomalies: tuple[Anomaly, ...]
    plain_header: bytes = b""


def explain_frame(
    head_bytes: bytes,
    *,
    sender: Role,
    agreed: Agreed = NOTHING_AGREED,
    anomalies: FrameAnomaly = FrameAnomaly.NONE,
    payload_available: int | None = None,
    compressed: bool = False,
) -> FrameDetail:
    """Explain a frame by its first bytes.

    ``head_bytes``: the header as far as it came, at least one byte; payload behind it is not
    looked at. ``payload_available``: payload bytes that came, None for all of them.
    ``compressed``: it belongs to a compressed message.
    """
    if not head_bytes:
        return FrameDetail((), ())
    fields = _first_byte(head_bytes[0], compressed)
    if len(head_bytes) > 1:
        fields += _second_byte_on(head_bytes, sender, payload_available, compressed)
    return FrameDetail(tuple(fields), _anomalies(head_bytes, fields, anomalies, sender))


def _first_byte(first: int, compressed: bool) -> list[FieldDetail]:
    opcode = OPCODES[first & 0x0F]
    control = opcode.kind is Kind.CONTROL
    fin = bool(first & FIN_BIT)
    if fin and control:
        fin_text = translate("frame", "A control frame is always whole.")
    elif fin:
        fin_text = translate("frame", "The last frame of its message.")
    elif control:
        fin_text = translate("frame", "Says more follows, but a control frame must not be fragmented.")
    else:
        fin_text = translate("frame", "More frames of this message follow.")
    fields = [
        FieldDetail("FIN", (0, 1), _bit(fin), fin_text, "RFC 6455 §5.2", "fin"),
    ]
    for place in (1, 2, 3):
        value = bool(first & (0x80 >> place))
        meaning, clause = _rsv(place, value, opcode.number, compressed)
        fields.append(FieldDetail(f"RSV{place}", (place, place + 1), _bit(value), meaning, clause, "rsv"))
    value_text = f"0x{opcode.number:X} {opcode.name}" if opcode.defined else f"0x{opcode.number:X}"
    fields.append(
        FieldDetail("opcode", (4, 8), value_text, _opcode_meaning(opcode.number), opcode.clause, "opcode")
    )
    return fields


def _rsv(place: int, value: bool, opcode: int, compressed: bool) -> tuple[str, str]:
    if not value:
        if place == 1 and compressed:
            return translate("frame", "Set on a compressed message's first frame only."), "RFC 7692 §6.1"
        return translate("frame", "Must be 0 unless an extension uses it."), "RFC 6455 §5.2"
    if place == 1 and compressed and opcode:
        return translate("frame", "Compressed, permessage-deflate."), "RFC 7692 §6.1"
    return translate("frame", "Set, but nothing agreed on gives it a meaning here."), "RFC 6455 §5.2"


def _opcode_meaning(opcode: int) -> str:
    meanings = {
        0x0: translate("frame", "Continues the message that an earlier frame began."),
        0x1: translate("frame", "Text: the whole message must be UTF-8."),
        0x2: translate("frame", "Binary: any bytes."),
        0x8: translate("frame", "Close: the sender sends nothing more. May hold a code and a reason."),
        0x9: translate("frame", "Ping: to be answered by a Pong with the same payload."),
        0xA: translate("frame", "Pong: answers a Ping, or comes unasked as a sign of life."),
    }
    if opcode in meanings:
        return meanings[opcode]
    if OPCODES[opcode].kind is Kind.CONTROL:
        return translate("frame", "Reserved for a control frame not yet defined.")
    return translate("frame", "Reserved for a data frame not yet defined.")


def _second_byte_on(
    head: bytes, sender: Role, payload_available: int | None, compressed: bool
) -> list[FieldDetail]:
    b1 = head[1]
    size = header_length(b1)
    masked = bool(b1 & MASK_BIT)
    fields = [
        FieldDetail("MASK", (8, 9), _bit(masked), _mask_meaning(masked, sender), "RFC 6455 §5.1", "mask")
    ]
    short = b1 & 0x7F
    length: int | None = short
    if short < 126:
        meaning = _length_meaning(short, 7)
        fields.append(FieldDetail("length", (9, 16), str(short), meaning, "RFC 6455 §5.2", "length"))
    else:
        form = 16 if short == 126 else 64
        stop = 2 + form // 8
        escape = translate("frame", "The length is in the next {bits} bits.").format(bits=form)
        fields.append(FieldDetail("length", (9, 16), str(short), escape, "RFC 6455 §5.2", "length"))
        length = int.from_bytes(head[2:stop], "big") if len(head) >= stop else None
        fields.append(
            FieldDetail(
                "extended length",
                (16, 8 * stop),
                "" if length is None else _count(length),
                _not_here() if length is None else _length_meaning(length, form),
                "RFC 6455 §5.2",
                "length",
                length is not None,
            )
        )
    if masked:
        key = head[size - 4 : size] if len(head) >= size else b""
        meaning = translate("frame", "XORed over the payload, byte by byte in turn.") if key else _not_here()
        bits = (8 * size - 32, 8 * size)
        fields.append(
            FieldDetail("masking key", bits, key.hex(" "), meaning, "RFC 6455 §5.3", "key", bool(key))
        )
    if length:
        fields.append(_payload(size, length, payload_available, masked, compressed))
    return fields


def _payload(size: int, length: int, available: int | None, masked: bool, compressed: bool) -> FieldDetail:
    have = length if available is None else min(available, length)
    value = translate("frame", "1 byte") if length == 1 else translate("frame", "{n} bytes")
    value = value.format(n=_count(length))
    if have < length:
        meaning = translate("frame", "{have} of {n} bytes are here.")
        meaning = meaning.format(have=_count(have), n=_count(length))
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


def _mask_meaning(masked: bool, sender: Role) -> str:
    if sender is Role.CLIENT:
        if masked:
            return translate("frame", "Masked, as every frame of a client.")
        return translate("frame", "Not masked, but a client must mask every frame.")
    if masked:
        return translate("frame", "Masked, but a server must not mask.")
    return translate("frame", "Not masked, as every frame of a server.")


def _length_meaning(length: int, form: int) -> str:
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
    return text.format(n=_count(length))


def _count(number: int) -> str:
    """With thin spaces for thousands, as every number that is read."""
    return f"{number:,}".replace(",", "\u2009")


def _not_here() -> str:
    return translate("frame", "Has not come yet.")


def _bit(value: bool) -> str:
    return "1" if value else "0"


def _texts(sender: Role) -> dict[FrameAnomaly, tuple[str, str, str]]:
    """Of each anomaly: the field it lies in, a sentence, its clause."""
    a = FrameAnomaly
    forbidden = translate("frame", "The close code must not be sent, or not by a {side}.").format(
        side=translate("frame", "client") if sender is Role.CLIENT else translate("frame", "server")
    )
    return {
        a.RESERVED_OPCODE: (
            "opcode",
            translate("frame", "The opcode is reserved."),
            "RFC 6455 §5.2",
        ),
        a.RSV1: (
            "RSV1",
            translate("frame", "RSV1 is set where nothing agreed on gives it a meaning."),
            "RFC 6455 §5.2",
        ),
        a.RSV2: (
            "RSV2",
            translate("frame", "RSV2 is set where nothing agreed on gives it a meaning."),
            "RFC 6455 §5.2",
        ),
        a.RSV3: (
            "RSV3",
            translate("frame", "RSV3 is set where nothing agreed on gives it a meaning."),
            "RFC 6455 §5.2",
        ),
        a.UNMASKED: (
            "MASK",
            translate("frame", "A client must mask every frame; this one is not masked."),
            "RFC 6455 §5.1",
        ),
        a.MASKED: (
            "MASK",
            translate("frame", "A server must not mask; this frame is masked."),
            "RFC 6455 §5.1",
        ),
        a.LENGTH_NOT_MINIMAL: (
            "extended length",
            translate("frame", "The length is not in the shortest form that can hold it."),
            "RFC 6455 §5.2",
        ),
        a.LENGTH_TOP_BIT: (
            "extended length",
            translate("frame", "The 64-bit length has its top bit set; it must be 0."),
            "RFC 6455 §5.2",
        ),
        a.CONTROL_TOO_LONG: (
            "length",
            translate("frame", "A control frame must have at most 125 bytes of payload."),
            "RFC 6455 §5.5",
        ),
        a.CONTROL_FRAGMENTED: (
            "FIN",
            translate("frame", "A control frame must not be fragmented; FIN is 0."),
            "RFC 6455 §5.5",
        ),
        a.STRAY_CONTINUATION: (
            "opcode",
            translate("frame", "A continuation, but no fragmented message is open."),
            "RFC 6455 §5.4",
        ),
        a.INTERLEAVED_DATA: (
            "opcode",
            translate("frame", "A new message begins before the fragmented one has ended."),
            "RFC 6455 §5.4",
        ),
        a.CLOSE_BODY_ONE_BYTE: (
            "payload",
            translate("frame", "A Close frame's body is empty or at least two bytes; this one has one."),
            "RFC 6455 §5.5.1",
        ),
        a.CLOSE_CODE_FORBIDDEN: ("payload", forbidden, "RFC 6455 §7.4"),
        a.CLOSE_REASON_NOT_UTF8: (
            "payload",
            translate("frame", "The close reason is not UTF-8."),
            "RFC 6455 §5.5.1",
        ),
        a.BAD_UTF8: (
            "payload",
            translate("frame", "Here the message's text stops being UTF-8."),
            "RFC 6455 §8.1",
        ),
        a.INFLATE_FAILED: (
            "payload",
            translate("frame", "The compressed payload cannot be inflated."),
            "RFC 7692 §6.2",
        ),
        a.INFLATE_LIMIT: (
            "payload",
            translate("frame", "The message inflates beyond the limit set here."),
            "RFC 7692 §6.2",
        ),
        a.AFTER_CLOSE: (
            "opcode",
            translate("frame", "Sent after a Close frame in the same direction."),
            "RFC 6455 §5.5.1",
        ),
        a.ZERO_MASKING_KEY: (
            "masking key",
            translate("frame", "The masking key is zero, so nothing is masked; it must not be predictable."),
            "RFC 6455 §5.3",
        ),
        a.REPEATED_MASKING_KEY: (
            "masking key",
            translate("frame", "The same masking key as the frame before; each needs a fresh one."),
            "RFC 6455 §5.3",
        ),
        a.TRUNCATED: (
            "",
            translate("frame", "The stream ended inside this frame."),
            "RFC 6455 §7.1.4",
        ),
        a.TOO_BIG: (
            "length",
            translate("frame", "The message is larger than the limit set here."),
            "RFC 6455 §7.4.1",
        ),
        a.RSV4: (
            "RSV4",
            translate("frame", "RSV4 is set where nothing agreed on gives it a meaning."),
            _HYBI.format("06"),
        ),
        a.CLOSE_MARKER: (
            "payload",
            translate("frame", "The one byte in it is not the one that tells its sender's side."),
            _HYBI.format("05"),
        ),
    }


def _anomalies(
    head: bytes, fields: list[FieldDetail], found: FrameAnomaly, sender: Role
) -> tuple[Anomaly, ...]:
    spans = {field.name: field.span for field in fields}
    if "extended length" in spans:
        # What is said of the length speaks of the bytes that hold it.
        spans["length"] = spans["extended length"]
    frame = Span(0, max((span.end for span in spans.values()), default=len(head)))
    return tuple(
        Anomaly(code, spans.get(place, frame), text, clause)
        for code, (place, text, clause) in _texts(sender).items()
        if found & code
    )
