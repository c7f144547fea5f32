"""For which frames an endpoint fails the connection, with which code and reason, in each dialect."""

from wsinspector.protocol.anomalies import FAILING, FrameAnomaly
from wsinspector.protocol.frame_facts import CloseStyle, FrameFacts, frame_facts

PROTOCOL_ERROR = 1002
BAD_PAYLOAD = 1007
TOO_BIG = 1009

_CODES: tuple[tuple[FrameAnomaly, int], ...] = (
    (
        FAILING
        & ~(
            FrameAnomaly.BAD_UTF8
            | FrameAnomaly.INFLATE_FAILED
            | FrameAnomaly.CLOSE_REASON_NOT_UTF8
            | FrameAnomaly.TOO_BIG
        ),
        PROTOCOL_ERROR,
    ),
    (
        FrameAnomaly.BAD_UTF8 | FrameAnomaly.INFLATE_FAILED | FrameAnomaly.CLOSE_REASON_NOT_UTF8,
        BAD_PAYLOAD,
    ),
    (FrameAnomaly.TOO_BIG | FrameAnomaly.INFLATE_LIMIT, TOO_BIG),
)
"""Anomalies to the code a conforming endpoint fails with; the first row that fits decides."""

_REASONS: dict[FrameAnomaly, str] = {
    FrameAnomaly.RESERVED_OPCODE: "reserved opcode",
    FrameAnomaly.RSV1: "reserved bit RSV1",
    FrameAnomaly.RSV2: "reserved bit RSV2",
    FrameAnomaly.RSV3: "reserved bit RSV3",
    FrameAnomaly.UNMASKED: "frame from the client not masked",
    FrameAnomaly.MASKED: "frame from the server masked",
    FrameAnomaly.LENGTH_TOP_BIT: "length with its top bit set",
    FrameAnomaly.LENGTH_NOT_MINIMAL: "length not in its shortest form",
    FrameAnomaly.CONTROL_TOO_LONG: "control frame over 125 bytes",
    FrameAnomaly.CONTROL_FRAGMENTED: "fragmented control frame",
    FrameAnomaly.STRAY_CONTINUATION: "continuation without a message",
    FrameAnomaly.INTERLEAVED_DATA: "data frame inside a fragmented message",
    FrameAnomaly.CLOSE_BODY_ONE_BYTE: "close body of one byte",
    FrameAnomaly.CLOSE_CODE_FORBIDDEN: "close code that must not be sent",
    FrameAnomaly.CLOSE_REASON_NOT_UTF8: "close reason not UTF-8",
    FrameAnomaly.BAD_UTF8: "text not UTF-8",
    FrameAnomaly.INFLATE_FAILED: "compressed data damaged",
    FrameAnomaly.INFLATE_LIMIT: "message inflates beyond the limit",
    FrameAnomaly.TOO_BIG: "message beyond the limit",
}
"""Short enough for a Close frame's reason; wire text, so never translated."""


DEMANDED = (
    FrameAnomaly.RESERVED_OPCODE
    | FrameAnomaly.RSV1
    | FrameAnomaly.RSV2
    | FrameAnomaly.RSV3
    | FrameAnomaly.UNMASKED
    | FrameAnomaly.MASKED
    | FrameAnomaly.BAD_UTF8
)
"""Anomalies for which RFC 6455 says itself that the receiver must end the connection (§5.1, §5.2, §8.1).

The rules behind the others bind the sender; a receiver may fail the connection for them (§10.7).
"""


def _deciding(anomalies: FrameAnomaly, facts: FrameFacts) -> FrameAnomaly:
    """Those of ``anomalies`` for which a conforming endpoint of the dialect goes no further."""
    return anomalies & (facts.faults | FrameAnomaly.INFLATE_LIMIT)


def fails(anomalies: FrameAnomaly, dialect: str = "rfc6455") -> bool:
    """Whether a conforming endpoint fails the connection for ``anomalies``."""
    return bool(_deciding(anomalies, frame_facts(dialect)))


def failing_code(anomalies: FrameAnomaly, dialect: str = "rfc6455") -> int | None:
    """The close code a conforming endpoint fails the connection with.

    None where it goes on (:func:`fails` tells), and in a dialect that knows no codes.
    """
    facts = frame_facts(dialect)
    if facts.close is not CloseStyle.CODES:
        return None
    deciding = _deciding(anomalies, facts)
    for those, code in _CODES:
        if deciding & those:
            return {BAD_PAYLOAD: facts.bad_payload, TOO_BIG: facts.too_big}.get(code, code)
    return None


def failing_reason(anomalies: FrameAnomaly, dialect: str = "rfc6455") -> str:
    """Names the anomaly that decides :func:`fails`."""
    deciding = _deciding(anomalies, frame_facts(dialect))
    for those, _ in _CODES:
        for one, text in _REASONS.items():
            if deciding & those & one:
                return text
    return ""
