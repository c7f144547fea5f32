"""One frame's header told field by field, each with its bits, its meaning and its clause."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.anomaly_texts import explain_anomalies
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.frame_detail import (
    Anomaly,
    FieldDetail,
    FrameDetail,
    bit,
    cited,
    fin_meaning,
    length_fields,
    not_here,
    opcode_meaning,
    payload_field,
    rsv_fields,
)
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.protocol.lengths import header_length
from wsinspector.protocol.opcodes import FIN_BIT, MASK_BIT, OPCODES, Kind
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

__all__ = ["Anomaly", "FieldDetail", "FrameDetail", "explain_frame"]


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
    built = _first_byte(head_bytes[0], compressed, agreed)
    if len(head_bytes) > 1:
        built += _second_byte_on(head_bytes, sender, payload_available, compressed)
    fields = cited(built, frame_facts(agreed.dialect).document)
    return FrameDetail(fields, explain_anomalies(anomalies, fields, sender=sender, agreed=agreed))


def _first_byte(first: int, compressed: bool, agreed: Agreed) -> list[FieldDetail]:
    opcode = OPCODES[first & 0x0F]
    fin = bool(first & FIN_BIT)
    fin_text = fin_meaning(fin, opcode.kind is Kind.CONTROL)
    value = f"0x{opcode.number:X} {opcode.name}" if opcode.defined else f"0x{opcode.number:X}"
    return [
        FieldDetail("FIN", (0, 1), bit(fin), fin_text, "RFC 6455 §5.2", "fin"),
        *rsv_fields(first, compressed, agreed.per_frame),
        FieldDetail("opcode", (4, 8), value, opcode_meaning(opcode.number), opcode.clause, "opcode"),
    ]


def _second_byte_on(
    head: bytes, sender: Role, payload_available: int | None, compressed: bool
) -> list[FieldDetail]:
    b1 = head[1]
    size = header_length(b1)
    masked = bool(b1 & MASK_BIT)
    told, length = length_fields(head)
    fields = [
        FieldDetail("MASK", (8, 9), bit(masked), _mask_meaning(masked, sender), "RFC 6455 §5.1", "mask"),
        *told,
    ]
    if masked:
        key = head[size - 4 : size] if len(head) >= size else b""
        meaning = translate("frame", "XORed over the payload, byte by byte in turn.") if key else not_here()
        bits = (8 * size - 32, 8 * size)
        fields.append(
            FieldDetail("masking key", bits, key.hex(" "), meaning, "RFC 6455 §5.3", "key", bool(key))
        )
    if length:
        fields.append(payload_field(size, length, payload_available, masked, compressed))
    return fields


def _mask_meaning(masked: bool, sender: Role) -> str:
    if sender is Role.CLIENT:
        if masked:
            return translate("frame", "Masked, as every frame of a client.")
        return translate("frame", "Not masked, but a client must mask every frame.")
    if masked:
        return translate("frame", "Masked, but a server must not mask.")
    return translate("frame", "Not masked, as every frame of a server.")
