"""What is said of a frame's anomalies in JSON lines: rule, severity, clause and one sentence each."""

from typing import NamedTuple

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.verdicts.finding import Severity


class _Said(NamedTuple):
    severity: Severity
    clause: str
    text: str


_BAD = Severity.VIOLATES

_SAID: dict[FrameAnomaly, _Said] = {
    FrameAnomaly.RESERVED_OPCODE: _Said(
        _BAD, "RFC 6455 §5.2", "The opcode is reserved, expected 0 to 2 or 8 to 10."
    ),
    FrameAnomaly.RSV1: _Said(
        _BAD, "RFC 6455 §5.2", "RSV1 is set, expected 0: nothing agreed gives it a meaning here."
    ),
    FrameAnomaly.RSV2: _Said(
        _BAD, "RFC 6455 §5.2", "RSV2 is set, expected 0: nothing agreed gives it a meaning."
    ),
    FrameAnomaly.RSV3: _Said(
        _BAD, "RFC 6455 §5.2", "RSV3 is set, expected 0: nothing agreed gives it a meaning."
    ),
    FrameAnomaly.UNMASKED: _Said(
        _BAD, "RFC 6455 §5.1", "The frame is not masked, expected masking from a client."
    ),
    FrameAnomaly.MASKED: _Said(
        _BAD, "RFC 6455 §5.1", "The frame is masked, expected no masking from a server."
    ),
    FrameAnomaly.LENGTH_NOT_MINIMAL: _Said(
        _BAD,
        "RFC 6455 §5.2",
        "The length is not in its shortest form, expected the fewest bytes that hold it.",
    ),
    FrameAnomaly.LENGTH_TOP_BIT: _Said(
        _BAD,
        "RFC 6455 §5.2",
        "The 64-bit length has its top bit set, expected 0; all that follows is payload.",
    ),
    FrameAnomaly.CONTROL_TOO_LONG: _Said(
        _BAD, "RFC 6455 §5.5", "The control frame has more than 125 bytes of payload, expected at most 125."
    ),
    FrameAnomaly.CONTROL_FRAGMENTED: _Said(
        _BAD, "RFC 6455 §5.5", "The control frame has FIN 0, expected 1: it must not be fragmented."
    ),
    FrameAnomaly.STRAY_CONTINUATION: _Said(
        _BAD, "RFC 6455 §5.4", "A continuation without a message before it, expected text, binary or control."
    ),
    FrameAnomaly.INTERLEAVED_DATA: _Said(
        _BAD, "RFC 6455 §5.4", "A new message inside a fragmented one, expected a continuation or control."
    ),
    FrameAnomaly.CLOSE_BODY_ONE_BYTE: _Said(
        _BAD, "RFC 6455 §5.5.1", "The Close body has one byte, expected none or at least two."
    ),
    FrameAnomaly.CLOSE_CODE_FORBIDDEN: _Said(
        _BAD, "RFC 6455 §7.4", "The close code is one that this side must not send."
    ),
    FrameAnomaly.CLOSE_REASON_NOT_UTF8: _Said(
        _BAD, "RFC 6455 §5.5.1", "The close reason is not UTF-8, expected UTF-8."
    ),
    FrameAnomaly.BAD_UTF8: _Said(
        _BAD,
        "RFC 6455 §8.1",
        "The first byte of the message that is not UTF-8 is in this frame, expected UTF-8.",
    ),
    FrameAnomaly.INFLATE_FAILED: _Said(
        _BAD, "RFC 7692 §6.2", "The compressed payload does not inflate, expected DEFLATE data."
    ),
    FrameAnomaly.AFTER_CLOSE: _Said(
        _BAD, "RFC 6455 §5.5.1", "The frame came after a Close frame of the same side, expected none."
    ),
    FrameAnomaly.INFLATE_LIMIT: _Said(
        Severity.NOTE,
        "RFC 7692 §6.2",
        "The message inflates beyond the limit set here and was not read further.",
    ),
    FrameAnomaly.TOO_BIG: _Said(
        Severity.NOTE, "RFC 6455 §7.4.1", "The message is larger than the limit set here."
    ),
    FrameAnomaly.ZERO_MASKING_KEY: _Said(
        Severity.UNUSUAL, "RFC 6455 §5.3", "The masking key is zero, expected an unpredictable one."
    ),
    FrameAnomaly.REPEATED_MASKING_KEY: _Said(
        Severity.UNUSUAL,
        "RFC 6455 §5.3",
        "The masking key is that of the frame before, expected a fresh one.",
    ),
    FrameAnomaly.TRUNCATED: _Said(
        Severity.UNUSUAL, "RFC 6455 §7.1.7", "The stream ended inside the frame, expected its whole payload."
    ),
}


def frame_findings(anomalies: int) -> list[dict[str, str]]:
    """A finding an anomaly, in the shape of a handshake's findings."""
    return [
        {
            "rule": (anomaly.name or "").lower().replace("_", "-"),
            "severity": said.severity.value,
            "clause": said.clause,
            "text": said.text,
        }
        for anomaly, said in _SAID.items()
        if anomalies & anomaly
    ]
