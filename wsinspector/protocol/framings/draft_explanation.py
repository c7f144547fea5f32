"""The header of hybi-01 to 06 told field by field, also where it travelled masked."""

from dataclasses import replace

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.anomaly_texts import explain_anomalies
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.frame_detail import (
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
from wsinspector.protocol.frame_facts import FrameFacts, frame_facts
from wsinspector.protocol.frames import mask_from
from wsinspector.protocol.framings.draft_numbers import RFC_OF_DRAFT, RSV4_BIT
from wsinspector.protocol.framings.frame_key import CONNECTION_KEY, PREFIX, frame_key
from wsinspector.protocol.opcodes import FIN_BIT, OPCODES, Kind
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

_CLAUSE = "RFC 6455"
"""Stands for the dialect's own document until the fields are whole."""


def explain_plain(
    head: bytes,
    *,
    more: bool,
    sender: Role,
    agreed: Agreed,
    anomalies: FrameAnomaly,
    payload_available: int | None,
    compressed: bool,
) -> FrameDetail:
    """A header that is not masked; ``more``: the first bit says that more follows, else FIN."""
    if not head:
        return FrameDetail((), ())
    built = _fields(head, more, agreed, payload_available, compressed, masked=False)
    return _detail(built, sender, agreed, anomalies, more=more)


def explain_masked(
    head: bytes,
    *,
    sender: Role,
    agreed: Agreed,
    anomalies: FrameAnomaly,
    payload_available: int | None,
    compressed: bool,
) -> FrameDetail:
    """A client's frame of hybi-04 to 06: four bytes, then a header that is masked."""
    if not head:
        return FrameDetail((), ())
    prefix = head[:PREFIX]
    built = [_prefix(prefix, agreed)]
    wire = head[PREFIX:]
    if not wire:
        return _detail(built, sender, agreed, anomalies, more=False)
    key = frame_key(prefix, agreed)
    plain = mask_from(wire, key, 0)
    for field in _fields(plain, False, agreed, payload_available, compressed, masked=True):
        start, end = field.bits
        shifted = replace(field, bits=(start + 8 * PREFIX, end + 8 * PREFIX))
        built.append(shifted if field.role_key == "payload" else _as_travelled(shifted, field, wire, key))
    detail = _detail(built, sender, agreed, anomalies, more=False)
    header = max(-(-field.bits[1] // 8) for field in built if field.role_key != "payload")
    return replace(detail, plain_header=(prefix + plain)[:header])


def _prefix(prefix: bytes, agreed: Agreed) -> FieldDetail:
    whole = len(prefix) == PREFIX
    if agreed.dialect == "hybi-04":
        name = "frame nonce"
        meaning = translate(
            "frame",
            "The SHA-1 of it and the connection's key is XORed over all that follows, the header too.",
        )
        if len(agreed.connection_key) != CONNECTION_KEY:
            unknown = translate("frame", "The connection's key is not known: what follows cannot be read.")
            meaning = f"{meaning} {unknown}"
    else:
        name = "masking key"
        meaning = translate("frame", "XORed over all that follows, the header too.")
    value = prefix.hex(" ") if whole else ""
    return FieldDetail(name, (0, 8 * PREFIX), value, meaning if whole else not_here(), _CLAUSE, "key", whole)


def _fields(
    head: bytes, more: bool, agreed: Agreed, available: int | None, compressed: bool, *, masked: bool
) -> list[FieldDetail]:
    facts = frame_facts(agreed.dialect)
    number = head[0] & 0x0F
    opcode = OPCODES[RFC_OF_DRAFT[number]]
    first = head[0] & 0xF0 | opcode.number
    control = opcode.kind is Kind.CONTROL
    top = bool(head[0] & FIN_BIT)
    value = f"0x{number:X} {opcode.name}" if opcode.defined else f"0x{number:X}"
    if more:
        fin = FieldDetail("MORE", (0, 1), bit(top), fin_meaning(not top, control), _CLAUSE, "fin")
    else:
        fin = FieldDetail("FIN", (0, 1), bit(top), fin_meaning(top, control), _CLAUSE, "fin")
    fields = [
        fin,
        *rsv_fields(first, compressed, agreed.per_frame),
        FieldDetail("opcode", (4, 8), value, _opcode(opcode.number, agreed, facts), _CLAUSE, "opcode"),
    ]
    if len(head) < 2:
        return fields
    rsv4 = bool(head[1] & RSV4_BIT)
    if rsv4:
        meaning = translate("frame", "Set, but nothing agreed on gives it a meaning here.")
    else:
        meaning = translate("frame", "Must be 0. From draft 07 on MASK stands here.")
    told, length = length_fields(head)
    fields += [FieldDetail("RSV4", (8, 9), bit(rsv4), meaning, _CLAUSE, "rsv"), *told]
    if length:
        size = told[-1].bits[1] // 8
        fields.append(payload_field(size, length, available, masked, compressed))
    return fields


def _opcode(number: int, agreed: Agreed, facts: FrameFacts) -> str:
    if OPCODES[number].defined:
        meaning = opcode_meaning(number, facts.close)
    else:
        meaning = translate("frame", "Reserved; what for, the draft does not say.")
    if number:
        later = translate("frame", "RFC 6455 numbers it 0x{number:X}.").format(number=number)
        meaning = f"{meaning} {later}" if OPCODES[number].defined else meaning
    if agreed.dialect == "hybi-01":
        doubt = translate(
            "frame", "Not confirmed for this draft: implementations disagree on its numbers and its layout."
        )
        meaning = f"{meaning} {doubt}"
    return meaning


def _as_travelled(shifted: FieldDetail, field: FieldDetail, wire: bytes, key: bytes) -> FieldDetail:
    """The field with what stood there on the wire, and what was XORed over it."""
    if not field.present:
        return shifted
    start, end = field.bits
    first, last = start // 8, -(-end // 8)
    travelled, over = wire[first:last], mask_from(bytes(last - first), key, first)
    text = translate("frame", "{wire} travelled, XORed with {key}.")
    if end - start < 8:
        low = 8 * last - end
        width = (1 << (end - start)) - 1
        parts = [one[0] >> low & width for one in (travelled, over)]
        shape = "0x{:02X}" if end - start > 4 else "0x{:X}" if end - start > 1 else "{}"
        note = text.format(wire=shape.format(parts[0]), key=shape.format(parts[1]))
    else:
        note = text.format(wire=travelled.hex(" "), key=over.hex(" "))
    return replace(shifted, meaning=f"{field.meaning} {note}")


def _detail(
    built: list[FieldDetail], sender: Role, agreed: Agreed, anomalies: FrameAnomaly, *, more: bool
) -> FrameDetail:
    fields = cited(built, frame_facts(agreed.dialect).document)
    places = {"masking key": fields[0].name, "MASK": "RSV4"}
    texts = {}
    if more:
        places["FIN"] = "MORE"
        texts[FrameAnomaly.CONTROL_FRAGMENTED] = (
            "MORE",
            translate("frame", "Says that more of a control frame follows; later drafts forbid it."),
            "RFC 6455 §5.5",
        )
    if agreed.dialect == "hybi-04":
        texts[FrameAnomaly.REPEATED_MASKING_KEY] = (
            "masking key",
            translate("frame", "The same nonce as the frame before; each needs a fresh one."),
            "RFC 6455 §5.3",
        )
    told = explain_anomalies(anomalies, fields, sender=sender, agreed=agreed, places=places, texts=texts)
    return FrameDetail(fields, told)
