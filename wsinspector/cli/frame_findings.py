"""Say a frame's anomalies as findings: rule, severity, clause and one sentence each."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.frame_rules import rule_name, severity_of


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
            "severity": severity_of(anomaly.code, agreed).value,
            "clause": anomaly.clause,
            "text": anomaly.text,
        }
        for anomaly in detail.anomalies
    ]
