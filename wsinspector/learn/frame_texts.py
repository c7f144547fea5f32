"""Why each field of a frame is there, and what would happen if it were another."""

from dataclasses import dataclass

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.frame_detail import PER_FRAME_DEFLATE, FieldDetail
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.opcodes import BINARY, CLOSE, CONTINUATION, OPCODES, PING, PONG, TEXT
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a field is there and what else it might have been. ``clause``: empty takes the field's own."""

    why: str
    otherwise: str = ""
    clause: str = ""
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What a field is told beside. ``opcode``: RFC 6455's number. ``starts``: the frame begins its "
    "message."""

    opcode: int
    fin: bool
    masked: bool
    compressed: bool
    sender: Role
    agreed: Agreed
    starts: bool = True

    @property
    def standard(self) -> bool:
        return self.agreed.dialect == "rfc6455"


def reason_of(field: FieldDetail, around: Around) -> Reason:
    """Why ``field`` is there."""
    makers = {
        "fin": _fin,
        "rsv": _reserved,
        "opcode": _opcode,
        "mask": _mask,
        "length": _length,
        "key": _key,
        "payload": _payload,
    }
    return makers[field.role_key](field, around)


def _fails(around: Around, anomaly: FrameAnomaly) -> str:
    """What a receiver of this dialect makes of a broken rule."""
    if frame_facts(around.agreed.dialect).faults & anomaly:
        return translate("Explain", "A receiver fails the connection over it.")
    return translate("Explain", "No rule of this draft is known that fails the connection over it.")


def _fin(field: FieldDetail, around: Around) -> Reason:
    terms = ("fin", "fragmentation")
    if field.name == "sentinel":
        return Reason(
            translate("Explain", "A text frame of hixie has no length: the receiver reads until this byte."),
            translate("Explain", "Without it the next frame would be read as part of this text."),
            terms=("hixie",),
        )
    if field.name.startswith("more"):
        return Reason(
            translate("Explain", "A length takes as many bytes as it needs, seven bits in each."),
            translate("Explain", "The other value would make the length a byte longer or shorter."),
            terms=("hixie",),
        )
    if OPCODES[around.opcode].kind.value == "control":
        return Reason(
            translate("Explain", "A control frame is short and may come between the parts of a message."),
            " ".join(
                (
                    translate("Explain", "With the other value a part of it would be missing."),
                    _fails(around, FrameAnomaly.CONTROL_FRAGMENTED),
                )
            ),
            "RFC 6455 §5.4, §5.5" if around.standard else "",
            (*terms, "control-frame"),
        )
    other = (
        translate("Explain", "With the other value the receiver would wait for more before it delivers.")
        if around.fin
        else translate("Explain", "With the other value the message would end here, cut short.")
    )
    return Reason(
        translate("Explain", "A message may come in several frames; this bit tells which is the last."),
        other,
        "RFC 6455 §5.2, §5.4" if around.standard else "",
        terms,
    )


def _reserved(field: FieldDetail, around: Around) -> Reason:
    terms: tuple[str, ...] = ("rsv", "extension")
    anomaly = {
        "RSV1": FrameAnomaly.RSV1,
        "RSV2": FrameAnomaly.RSV2,
        "RSV3": FrameAnomaly.RSV3,
    }.get(field.name, FrameAnomaly.RSV4)
    if field.name == "RSV1" and around.compressed:
        clause = PER_FRAME_DEFLATE if around.agreed.per_frame else "RFC 7692 §6"
        return Reason(
            translate(
                "Explain", "The compression that was agreed on uses this bit to mark what is compressed."
            ),
            translate(
                "Explain", "A wrong mark, and compressed bytes are delivered as they are, or plain ones fail."
            ),
            clause,
            (*terms, "permessage-deflate"),
        )
    return Reason(
        translate("Explain", "A bit kept free, so that an extension can use it without a new protocol."),
        " ".join(
            (
                translate("Explain", "Set without such an extension, it has no meaning."),
                _fails(around, anomaly),
            )
        ),
        "",
        terms,
    )


def _opcode(field: FieldDetail, around: Around) -> Reason:
    if field.name == "type":
        return Reason(
            translate("Explain", "The first byte tells how the frame ends: by a byte FF, or by a length."),
            translate(
                "Explain", "With its top bit the other way the receiver looks for the end in the wrong place."
            ),
            terms=("hixie", "opcode"),
        )
    texts = {
        CONTINUATION: translate(
            "Explain", "With another number a new message would begin inside the open one."
        ),
        TEXT: translate("Explain", "As binary the same bytes would be delivered unchecked, as no text."),
        BINARY: translate("Explain", "As text the bytes would have to be UTF-8, or the connection fails."),
        CLOSE: translate("Explain", "Without a Close the other side cannot tell an end from a broken line."),
        PING: translate(
            "Explain", "Without pings nobody notices a peer that is gone, until something is sent."
        ),
        PONG: translate("Explain", "Without a pong the other side may take this one for gone."),
    }
    terms = {
        CONTINUATION: ("opcode", "fragmentation"),
        CLOSE: ("opcode", "control-frame", "close-code"),
        PING: ("opcode", "control-frame", "ping"),
        PONG: ("opcode", "control-frame", "ping"),
    }
    return Reason(
        translate("Explain", "The receiver must know what to do with the payload before it reads it."),
        texts.get(around.opcode, _fails(around, FrameAnomaly.RESERVED_OPCODE)),
        "",
        terms.get(around.opcode, ("opcode",)),
    )


def _mask(field: FieldDetail, around: Around) -> Reason:
    del field
    terms = ("masking-key",)
    clause = "RFC 6455 §5.1, §5.3, §10.3" if around.standard else ""
    if around.sender is Role.CLIENT:
        return Reason(
            translate(
                "Explain",
                "Scripts of strangers choose what a browser sends. Masked by a key they cannot foresee, "
                "their bytes "
                "cannot pass for HTTP at a proxy that does not know WebSocket.",
            ),
            _otherwise_unmasked(around),
            clause,
            terms,
        )
    return Reason(
        translate(
            "Explain",
            "Masking guards proxies against bytes that a script makes a client send; a server runs no "
            "script of strangers.",
        ),
        " ".join(
            (
                translate("Explain", "With 0 no key would follow, as it must be from a server.")
                if around.masked
                else translate("Explain", "Set, a key would follow and the payload would be masked."),
                _fails(around, FrameAnomaly.MASKED),
            )
        ),
        clause,
        terms,
    )


def _otherwise_unmasked(around: Around) -> str:
    first = translate("Explain", "With 0 no key follows and the payload is plain.")
    if around.standard:
        return f"{first} {translate('Explain', 'The server must close the connection then.')}"
    return f"{first} {_fails(around, FrameAnomaly.UNMASKED)}"


def _length(field: FieldDetail, around: Around) -> Reason:
    del field
    return Reason(
        translate("Explain", "Bytes of a stream have no borders: the receiver counts the payload off."),
        translate("Explain", "One more or less, and all that follows is read in the wrong place."),
        "",
        ("frame", "length"),
    )


def _key(field: FieldDetail, around: Around) -> Reason:
    if field.name == "frame nonce":
        return Reason(
            translate(
                "Explain", "Four new random bytes a frame: the same text never travels as the same bytes."
            ),
            translate("Explain", "Without it the frame cannot be unmasked."),
            terms=("hybi", "masking-key"),
        )
    return Reason(
        translate(
            "Explain", "Four random bytes, new for each frame and not to be foreseen. They are no secret."
        ),
        translate(
            "Explain", "Could a script foresee it, it could choose what travels, and the masking is in vain."
        ),
        "RFC 6455 §5.3, §10.3" if around.standard else "",
        ("masking-key",),
    )


def _payload(field: FieldDetail, around: Around) -> Reason:
    del field
    style = frame_facts(around.agreed.dialect).close
    texts = {
        TEXT: translate("Explain", "What the application wants to say, as UTF-8."),
        BINARY: translate("Explain", "What the application wants to say, as bytes of any value."),
        CONTINUATION: translate("Explain", "The next part of what the application wants to say."),
        PING: translate("Explain", "Whatever the sender likes; the pong must bring back the same bytes."),
        PONG: translate("Explain", "The bytes of the ping that it answers; anything, where it answers none."),
    }
    if around.opcode == CLOSE:
        why = (
            translate("Explain", "Why the sender ends: a code for programs, a reason for people.")
            if style is CloseStyle.CODES
            else translate("Explain", "What the sender puts into its closing frame.")
        )
        return Reason(
            why,
            translate("Explain", "Empty, it says no reason; the other side then reports 1005.")
            if style is CloseStyle.CODES
            else "",
            "RFC 6455 §5.5.1, §7.1.5" if around.standard else "",
            ("close-code",),
        )
    return Reason(
        texts.get(around.opcode, translate("Explain", "Bytes whose meaning no text defines.")),
        translate("Explain", "It may be empty; the length is 0 then."),
        "RFC 6455 §5.2" if around.standard else "",
        ("message", "frame"),
    )
