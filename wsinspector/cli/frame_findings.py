"""Say a frame's anomalies as findings: rule, severity, clause and one sentence each."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects import RFC6455, dialect_called
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.frame_rules import rule_name, severity_of


def frame_findings(
    header: bytes,
    sender: Role,
    anomalies: int,
    *,
    agreed: Agreed,
    length: int,
    payload: bytes = b"",
) -> list[dict[str, str]]:
    """A finding an anomaly, in the shape of a handshake's; ``header`` as far as it came.

    ``length``: payload bytes, which not every layout's header tells. ``payload``: unmasked, as far as it is
    there; a Close frame's code is in it.
    """
    if not anomalies:
        return []
    code = int.from_bytes(payload[:2], "big") if len(payload) > 1 and agreed.dialect == RFC6455 else None
    framing = dialect_called(agreed.dialect).framing
    detail = framing.explain(
        header, sender=sender, agreed=agreed, anomalies=FrameAnomaly(anomalies), length=length
    )
    return [
        {
            "rule": rule_name(anomaly.code),
            "severity": severity_of(anomaly.code, agreed, code).value,
            "clause": anomaly.clause,
            "text": anomaly.text,
        }
        for anomaly in detail.anomalies
    ]
