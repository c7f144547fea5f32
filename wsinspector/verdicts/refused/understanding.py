"""Tells a refusal for what it is: the kind, what it rests on, who answered and where it was lost."""

from collections.abc import Sequence

from wsinspector.protocol.http import Response
from wsinspector.translate import translate
from wsinspector.verdicts.finding import Finding, Verdict
from wsinspector.verdicts.refused.boxes import who_answered
from wsinspector.verdicts.refused.evidence import RefusedCase, case_of, quoted
from wsinspector.verdicts.refused.lost import where_lost
from wsinspector.verdicts.refused.opened import lie_told
from wsinspector.verdicts.refused.rules import KIND_RULES, REFUSED_RULES
from wsinspector.verdicts.refused.telling import Before, Kind, Refusal

GUESS = "Probably"
MOST_QUOTES = 16

_NOT_THE_VERSION = frozenset({
    Kind.REDIRECT, Kind.DOWNGRADED, Kind.UPGRADE_LOST, Kind.NOT_ASKED, Kind.OTHER_PROTOCOL, Kind.LISTED,
    Kind.HTTP_2, Kind.NOT_HTTP, Kind.TLS_MEANT,
})  # fmt: skip
_OF_VERSIONS = frozenset({Kind.VERSION_LISTED, Kind.LIST_LIES, Kind.LISTED, Kind.VERSION_IN_101})


def understand_refusal(
    request: bytes,
    response: Response | None,
    verdict: Verdict | None = None,
    earlier: Sequence[Before] = (),
    *,
    certificates: Sequence[str] = (),
) -> Refusal:
    """What the answer ``response`` to the bytes ``request`` is; None is no answer at all.

    ``verdict``: of the same answer, where there is one; what it finds wrong with a 101 leaves that no
    opening. ``earlier``: attempts on the same address, oldest first. ``certificates``: subject and
    issuer of each certificate shown. Never raises on received bytes; the same bytes give the same value.
    """
    case = case_of(request, response, earlier, certificates)
    spoke = who_answered(response, certificates)
    for rule in KIND_RULES:
        findings, _ = rule.judge(case)
        if findings:
            return _told(case, Kind(rule.name), findings[0], verdict)
    text = translate("Refused", "The answer is a 101.")
    if verdict is not None and verdict.breaks:
        text = translate("Refused", "The answer is a 101 that no conforming client takes.")
    return Refusal(Kind.OPENED, text, (), "RFC 6455 §4.1", False, spoke=spoke)


def _told(case: RefusedCase, kind: Kind, finding: Finding, verdict: Verdict | None) -> Refusal:
    spoke = who_answered(case.response, case.certificates)
    not_version = kind in _NOT_THE_VERSION or case.one_listed
    remark = ""
    if case.one_listed and kind is not Kind.LISTED and case.status != 101:
        remark = translate(
            "Refused", "The version is not the reason: {value} was sent and {value} is offered."
        )
        remark = remark.format(value=case.sent_text())
    elif case.listed and kind not in _OF_VERSIONS and case.status != 101:
        remark = translate("Refused", "A list of versions came along all the same: {listed}.")
        remark = remark.format(listed=case.listed_text())
    lie = lie_told(case) if case.status != 101 else ""
    if lie:
        remark = f"{remark} {lie}".strip()
    if case.status == 101 and verdict is not None and verdict.breaks:
        remark = translate("Refused", "No conforming client takes this 101.")
    return Refusal(
        kind,
        finding.text,
        tuple(quoted(case, subject) for subject in finding.subjects[:MOST_QUOTES]),
        finding.clause,
        finding.text.startswith(GUESS),
        remark,
        not_version,
        spoke,
        where_lost(case, kind, spoke),
    )


def judge_refusal(
    request: bytes,
    response: Response | None,
    earlier: Sequence[Before] = (),
    certificates: Sequence[str] = (),
) -> Verdict:
    """The same as findings: the one kind, then every box that signed."""
    case = case_of(request, response, earlier, certificates)
    findings: list[Finding] = []
    for rule in REFUSED_RULES:
        if findings and rule in KIND_RULES:
            continue
        findings += rule.judge(case)[0]
    return Verdict.of(findings, [])
