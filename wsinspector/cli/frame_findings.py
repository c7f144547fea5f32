"""Say a frame's anomalies as findings: rule, severity, clause and one sentence each."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.finding import Severity

_OUR_LIMITS = FrameAnomaly.TOO_BIG | FrameAnomaly.INFLATE_LIMIT


def frame_findings(
    header: bytes, sender: Role, anomalies: int, *, agreed: Agreed, length: int
) -> list[dict[str, str]]:
    """A finding an anomaly, in the shape of a handshake's; ``header`` as far as it came.

    ``length``: payload bytes, which not every layout's header tells.
    """
    if not anomalies:
        return []
    framing = dialect_called(agreed.dialect).framing
    detail = framing.explain(
        header, sender=sender, agreed=agreed, anomalies=FrameAnomaly(anomalies), length=length
    )
    return [
        {
            "rule": rule_name(anomaly.code),
            "severity": _severity(anomaly.code, agreed).value,
            "clause": anomaly.clause,
            "text": anomaly.text,
        }
        for anomaly in detail.anomalies
    ]


def rule_name(code: FrameAnomaly) -> str:
    """The anomaly's name as it stands in reports, such as ``reserved-opcode``."""
    return (code.name or "").lower().replace("_", "-")


def _severity(code: FrameAnomaly, agreed: Agreed) -> Severity:
    violations = frame_facts(agreed.dialect).faults | FrameAnomaly.AFTER_CLOSE
    if code & violations & ~_OUR_LIMITS:
        return Severity.VIOLATES
    return Severity.NOTE if code & _OUR_LIMITS else Severity.UNUSUAL
