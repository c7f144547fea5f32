"""Say a frame's anomalies as findings: rule, severity, clause and one sentence each."""

from wsinspector.protocol.anomalies import FAILING, FrameAnomaly
from wsinspector.protocol.explain import explain_frame
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.finding import Severity

_OUR_LIMITS = FrameAnomaly.TOO_BIG | FrameAnomaly.INFLATE_LIMIT
_VIOLATIONS = (FAILING | FrameAnomaly.AFTER_CLOSE) & ~_OUR_LIMITS


def frame_findings(header: bytes, sender: Role, anomalies: int) -> list[dict[str, str]]:
    """A finding an anomaly, in the shape of a handshake's; ``header`` as far as it came."""
    if not anomalies:
        return []
    detail = explain_frame(header, sender=sender, anomalies=FrameAnomaly(anomalies))
    return [
        {
            "rule": rule_name(anomaly.code),
            "severity": _severity(anomaly.code).value,
            "clause": anomaly.clause,
            "text": anomaly.text,
        }
        for anomaly in detail.anomalies
    ]


def rule_name(code: FrameAnomaly) -> str:
    """The anomaly's name as it stands in reports, such as ``reserved-opcode``."""
    return (code.name or "").lower().replace("_", "-")


def _severity(code: FrameAnomaly) -> Severity:
    if code & _VIOLATIONS:
        return Severity.VIOLATES
    return Severity.NOTE if code & _OUR_LIMITS else Severity.UNUSUAL
