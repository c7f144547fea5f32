"""The small labels of a row: only bits and faults that tell something."""

from dataclasses import dataclass

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.frame_facts import FrameFacts, frame_facts


@dataclass(frozen=True, slots=True)
class Label:
    """A label's text and its role: ``muted``, ``note`` or ``fault``."""

    text: str
    role: str = "muted"


ANOMALY_TEXTS: dict[FrameAnomaly, str] = {
    FrameAnomaly.RESERVED_OPCODE: "reserved opcode",
    FrameAnomaly.RSV1: "RSV1",
    FrameAnomaly.RSV2: "RSV2",
    FrameAnomaly.RSV3: "RSV3",
    FrameAnomaly.UNMASKED: "unmasked",
    FrameAnomaly.MASKED: "masked",
    FrameAnomaly.LENGTH_NOT_MINIMAL: "length not minimal",
    FrameAnomaly.LENGTH_TOP_BIT: "length over 2⁶³",
    FrameAnomaly.CONTROL_TOO_LONG: "control over 125",
    FrameAnomaly.CONTROL_FRAGMENTED: "fragmented control",
    FrameAnomaly.STRAY_CONTINUATION: "stray continuation",
    FrameAnomaly.INTERLEAVED_DATA: "interleaved",
    FrameAnomaly.CLOSE_BODY_ONE_BYTE: "half a code",
    FrameAnomaly.CLOSE_CODE_FORBIDDEN: "forbidden code",
    FrameAnomaly.CLOSE_REASON_NOT_UTF8: "reason not UTF-8",
    FrameAnomaly.BAD_UTF8: "not UTF-8",
    FrameAnomaly.INFLATE_FAILED: "does not inflate",
    FrameAnomaly.INFLATE_LIMIT: "inflates too far",
    FrameAnomaly.AFTER_CLOSE: "after Close",
    FrameAnomaly.ZERO_MASKING_KEY: "zero key",
    FrameAnomaly.REPEATED_MASKING_KEY: "same key again",
    FrameAnomaly.TRUNCATED: "cut off",
    FrameAnomaly.TOO_BIG: "over the limit",
    FrameAnomaly.RSV4: "RSV4",
    FrameAnomaly.CLOSE_MARKER: "other side's mark",
}

_ALWAYS_BROKEN = int(FrameAnomaly.AFTER_CLOSE | FrameAnomaly.TRUNCATED)
_TYPE_TEXT = "type not defined"
"""Of a frame that has a type and no opcode."""

_BY_BITS: dict[tuple[str, int], tuple[Label, ...]] = {}


def _text(anomaly: FrameAnomaly, facts: FrameFacts) -> str:
    if anomaly is FrameAnomaly.RESERVED_OPCODE and facts.framing == "sentinel":
        return _TYPE_TEXT
    return ANOMALY_TEXTS[anomaly]


def anomaly_labels(anomalies: int, dialect: str = "rfc6455") -> tuple[Label, ...]:
    """One label an anomaly; red where the peer broke a rule of ``dialect``, else a note."""
    if not anomalies:
        return ()
    known = _BY_BITS.get((dialect, anomalies))
    if known is None:
        facts = frame_facts(dialect)
        broken = (int(facts.faults) | _ALWAYS_BROKEN) & ~int(FrameAnomaly.TOO_BIG)
        known = tuple(
            Label(_text(anomaly, facts), "fault" if broken & anomaly else "note")
            for anomaly in ANOMALY_TEXTS
            if anomalies & anomaly
        )
        _BY_BITS[dialect, anomalies] = known
    return known


def is_fault(anomaly: FrameAnomaly, dialect: str) -> bool:
    """Whether a conforming endpoint of ``dialect`` fails the connection for it."""
    return bool(frame_facts(dialect).faults & anomaly)


DEFLATE = Label("deflate")
NOT_FINAL = Label("not final")
