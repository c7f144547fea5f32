"""What rules and readers say of a handshake, at the very bytes they speak of."""

from collections.abc import Iterable

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.learn.pieces import Wrong, over
from wsinspector.present.head_anomaly_names import HEAD_ANOMALY_NAMES
from wsinspector.present.heads import head_bytes
from wsinspector.present.plain import visible
from wsinspector.present.secrets import without_secrets
from wsinspector.protocol.http import Response
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.finding import Fault, Finding, Severity
from wsinspector.verdicts.request_rules import judge_request

_BROKEN = (Severity.BREAKS, Severity.VIOLATES)


def request_faults(snapshot: AttemptSnapshot) -> tuple[Wrong, ...]:
    """A server's checks on the request, and what the rules on the answer say of it."""
    found = list(judge_request(snapshot.request).findings)
    if snapshot.verdict is not None:
        known = {(each.rule, each.text) for each in found}
        found += [each for each in snapshot.verdict.findings if (each.rule, each.text) not in known]
    return _wrong(snapshot, found, "request")


def answer_faults(snapshot: AttemptSnapshot, response: Response, *, interim: bool) -> tuple[Wrong, ...]:
    """What the rules say of an answer; of what no rule judged, what the reader saw."""
    if snapshot.verdict is not None and not interim:
        return _wrong(snapshot, snapshot.verdict.findings, "response")
    return tuple(
        Wrong(over(seen.span.start, seen.span.end), HEAD_ANOMALY_NAMES[seen.code], "", broken=False)
        for seen in response.anomalies
        if seen.code in HEAD_ANOMALY_NAMES
    )


def _wrong(snapshot: AttemptSnapshot, findings: Iterable[Finding], side: str) -> tuple[Wrong, ...]:
    heads = [snapshot.request]
    if snapshot.response is not None:
        heads.append(head_bytes(snapshot.response.head))
    ours = snapshot.role is Role.CLIENT  # who composes odd requests does so on purpose
    made = []
    for finding in findings:
        for subject in finding.subjects:
            if subject.side == side:
                made.append(
                    Wrong(
                        over(subject.span.start, subject.span.end),
                        without_secrets(visible(finding.text), heads),
                        finding.clause,
                        finding.severity in _BROKEN,
                        finding.rule,
                        finding.fault is not Fault.NOBODY and not (ours and side == "request"),
                    )
                )
    return tuple(made)
