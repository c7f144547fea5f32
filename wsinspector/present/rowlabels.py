"""The small labels of a row: only bits and faults that tell something."""

from dataclasses import dataclass

from wsinspector.protocol.anomalies import FAILING, FrameAnomaly


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
}

_BROKEN = int(FAILING | FrameAnomaly.AFTER_CLOSE | FrameAnomaly.TRUNCATED) & ~int(FrameAnomaly.TOO_BIG)
_ITEMS = tuple(
    (int(anomaly), Label(text, "fault" if anomaly & _BROKEN else "note"))
    for anomaly, text in ANOMALY_TEXTS.items()
)
_BY_BITS: dict[int, tuple[Label, ...]] = {0: ()}


def anomaly_labels(anomalies: int) -> tuple[Label, ...]:
    """One label an anomaly; red where the peer broke a rule, else a note."""
    known = _BY_BITS.get(anomalies)
    if known is None:
        known = tuple(label for bit, label in _ITEMS if anomalies & bit)
        _BY_BITS[anomalies] = known
    return known


DEFLATE = Label("deflate")
NOT_FINAL = Label("not final")
