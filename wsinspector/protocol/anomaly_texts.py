"""A sentence and a clause for everything that can be wrong with a frame, in every dialect."""

from collections.abc import Mapping, Sequence

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.frame_detail import PER_FRAME_DEFLATE, Anomaly, FieldDetail
from wsinspector.protocol.frame_facts import FRAME_FACTS, frame_facts
from wsinspector.protocol.spans import Role, Span
from wsinspector.translate import translate

Texts = dict[FrameAnomaly, tuple[str, str, str]]
"""Of each anomaly: the field it lies in, a sentence, its clause."""

_HYBI = "draft-ietf-hybi-thewebsocketprotocol-{}"
_INFLATING = FrameAnomaly.INFLATE_FAILED | FrameAnomaly.INFLATE_LIMIT
_OF_EVERY_TIME = FRAME_FACTS["rfc6455"].noted | FrameAnomaly.TRUNCATED
"""What fails no connection in RFC 6455 either."""


def anomaly_texts(sender: Role) -> Texts:
    """As RFC 6455 has them; of the two that it does not know, as the drafts had them."""
    a = FrameAnomaly
    forbidden = translate("frame", "The close code is none that a {side} sends.").format(
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
            translate("frame", "Data sent after a Close frame in the same direction."),
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
            translate(
                "frame",
                "Its body is not the one byte that tells the sender's side, S of a server, C of a client. "
                "Some servers give back the byte that they got.",
            ),
            _HYBI.format("05"),
        ),
    }


def explain_anomalies(
    found: FrameAnomaly,
    fields: Sequence[FieldDetail],
    *,
    sender: Role,
    agreed: Agreed,
    places: Mapping[str, str] | None = None,
    texts: Mapping[FrameAnomaly, tuple[str, str, str]] | None = None,
    head_len: int = 0,
) -> tuple[Anomaly, ...]:
    """The anomalies ``found``, each with the bytes it speaks of.

    ``places``: how a layout calls a field that RFC 6455 calls otherwise. ``texts``: what a layout
    says in its own words.
    """
    facts = frame_facts(agreed.dialect)
    spans = {field.name: field.span for field in fields}
    if "extended length" in spans:
        # What is said of the length speaks of the bytes that hold it.
        spans["length"] = spans["extended length"]
    frame = Span(0, max((span.end for span in spans.values()), default=head_len))
    told = []
    for code, (place, text, clause) in {**anomaly_texts(sender), **(texts or {})}.items():
        if not found & code:
            continue
        where = (places or {}).get(place, place)
        if code & _INFLATING:
            clause = PER_FRAME_DEFLATE if agreed.per_frame else clause
        elif not facts.document.startswith("RFC "):
            clause = facts.document
        if code is FrameAnomaly.RSV1 and agreed.void:
            void = translate("frame", "{text} The answer to the offer of {extension} is not valid.")
            text = void.format(text=text, extension=agreed.void)
        if code & facts.noted & ~_OF_EVERY_TIME:
            known = translate(
                "frame", "{text} No rule of {dialect} is known that fails the connection for it."
            )
            text = known.format(text=text, dialect=agreed.dialect)
        told.append(Anomaly(code, spans.get(where, frame), text, clause, where if where in spans else ""))
    return tuple(told)
