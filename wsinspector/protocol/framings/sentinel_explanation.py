"""A frame of hixie-75 and 76 told byte by byte: its type, its length where it has one, its end."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.anomaly_texts import Texts, explain_anomalies
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.frame_detail import FieldDetail, FrameDetail, bit, not_here, payload_field
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.frame_scanner import TOP_BIT
from wsinspector.protocol.framings.sentinel_scanner import (
    CLOSE_TYPE,
    LENGTH_BIT,
    MAX_LENGTH_BYTES,
    SENTINEL,
    TEXT_TYPE,
    read_length,
)
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate


def explain_sentinel(
    head: bytes,
    *,
    sender: Role,
    agreed: Agreed,
    anomalies: FrameAnomaly,
    payload_available: int | None,
    length: int | None,
) -> FrameDetail:
    """``length``: payload bytes of a frame that ends at its FF, None where that is not known.

    ``payload_available``: given for a frame whose FF has not come.
    """
    if not head:
        return FrameDetail((), ())
    document = frame_facts(agreed.dialect).document
    kind = head[0]
    if kind & LENGTH_BIT:
        fields = _with_length(head, agreed, document, payload_available)
    else:
        fields = [_type(kind, None, agreed, document)]
        if length is not None:
            cut = bool(anomalies & FrameAnomaly.TRUNCATED) or payload_available is not None
            fields += _until_sentinel(length, document, payload_available, cut=cut)
    texts = _texts(head, agreed, document)
    told = explain_anomalies(anomalies, fields, sender=sender, agreed=agreed, texts=texts)
    return FrameDetail(tuple(fields), told)


def _type(kind: int, length: int | None, agreed: Agreed, document: str) -> FieldDetail:
    name = f"0x{kind:02X}"
    if kind == TEXT_TYPE:
        name += " text"
        meaning = translate("frame", "Text: UTF-8 up to the byte FF.")
    elif not kind & LENGTH_BIT:
        meaning = translate("frame", "Not defined: passed over up to the byte FF.")
    elif kind == CLOSE_TYPE and length == 0:
        name += " close"
        if frame_facts(agreed.dialect).close is CloseStyle.NONE:
            meaning = translate("frame", "With the length 0 a closing frame, but not before hixie-76.")
        else:
            meaning = translate(
                "frame", "With the length 0 it closes: the sender sends nothing more. Answered by the same."
            )
    else:
        meaning = translate(
            "frame", "Its top bit is set: a length follows, then bytes that every receiver passes over."
        )
    return FieldDetail("type", (0, 8), name, meaning, document, "opcode")


def _with_length(head: bytes, agreed: Agreed, document: str, available: int | None) -> list[FieldDetail]:
    read = read_length(head, 1, len(head))
    length, stop = read if read is not None else (None, min(len(head), 1 + MAX_LENGTH_BYTES))
    fields = [_type(head[0], length, agreed, document)]
    for at in range(1, stop):
        more = bool(head[at] & LENGTH_BIT)
        if not more:
            follows = translate("frame", "The length ends here.")
        elif at == MAX_LENGTH_BYTES:
            follows = translate("frame", "The length goes on; more than nine bytes of it are not read.")
        else:
            follows = translate("frame", "The length goes on in the next byte.")
        value = head[at] & 0x7F
        place = f" {at}" if at > 1 else ""
        meaning = translate("frame", "Seven bits of the length, the highest first.")
        if length is not None and at == stop - 1:
            meaning = f"{meaning} {_length_meaning(length)}"
        fields += [
            FieldDetail("more" + place, (8 * at, 8 * at + 1), bit(more), follows, document, "fin"),
            FieldDetail("length" + place, (8 * at + 1, 8 * at + 8), str(value), meaning, document, "length"),
        ]
    if length is None and len(head) == 1:
        fields.append(FieldDetail("length", (8, 16), "", not_here(), document, "length", False))
    if length:
        fields.append(_of_draft(payload_field(stop, length, available, False, False), document))
    return fields


def _length_meaning(length: int) -> str:
    if length >= TOP_BIT:
        return translate("frame", "Every later byte counts as this frame's payload.")
    if not length:
        return translate("frame", "No payload.")
    return translate("frame", "Together %n byte(s).", "", length)


def _until_sentinel(length: int, document: str, available: int | None, *, cut: bool) -> list[FieldDetail]:
    fields = []
    if length:
        fields.append(_of_draft(payload_field(1, length, available, False, False), document))
    start = 8 * (1 + length)
    value = "" if cut else f"0x{SENTINEL:02X}"
    meaning = not_here() if cut else translate("frame", "Ends the frame: no byte of UTF-8 is ever FF.")
    fields.append(FieldDetail("sentinel", (start, start + 8), value, meaning, document, "fin", not cut))
    return fields


def _of_draft(field: FieldDetail, document: str) -> FieldDetail:
    return FieldDetail(
        field.name, field.bits, field.value, field.meaning, document, field.role_key, field.present
    )


def _texts(head: bytes, agreed: Agreed, document: str) -> Texts:
    if head[0] != CLOSE_TYPE:
        reserved = translate("frame", "The type is not defined; receivers pass the frame over.")
    elif frame_facts(agreed.dialect).close is CloseStyle.NONE:
        reserved = translate("frame", "The type is not defined: closing frames came with hixie-76.")
    else:
        reserved = translate("frame", "The type is not defined where the length is not 0.")
    return {
        FrameAnomaly.RESERVED_OPCODE: ("type", reserved, document),
        FrameAnomaly.LENGTH_TOP_BIT: (
            "length",
            translate("frame", "The length has more than nine bytes; no frame is that long."),
            document,
        ),
    }
