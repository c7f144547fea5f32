"""Judges an answer to a handshake as RFC 6455 has the client do, from recorded bytes alone."""

import dataclasses
from collections.abc import Sequence

from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import HttpAnomaly, Response
from wsinspector.verdicts.extension_rules import EXTENSION_RULES
from wsinspector.verdicts.finding import Fault, Finding, Passed, Severity, Subject, Verdict
from wsinspector.verdicts.http_rules import HTTP_RULES
from wsinspector.verdicts.opening_rules import OPENING_RULES
from wsinspector.verdicts.opening_rules import accept_ok as _accept_ok
from wsinspector.verdicts.refusal_rules import REFUSAL_RULES, STATUS_RULE
from wsinspector.verdicts.rule import Applies, Case, Rule

CATALOGUE: tuple[Rule[Case], ...] = (
    STATUS_RULE,
    *OPENING_RULES[:5],
    *EXTENSION_RULES,
    *OPENING_RULES[5:],
    *REFUSAL_RULES,
    *HTTP_RULES,
)
"""Every rule on an answer, in the order in which a reader wants to see them."""

MOST_NAMED = 5
"""Interim answers named in one sentence; forty thousand of them fit into a head's limit."""

_NO_ANSWER = Finding(
    "no-answer",
    Severity.BREAKS,
    Fault.NOBODY,
    "RFC 6455 §4.1",
    "No byte came, expected an answer.",
    "A handshake is over when the server's answer is there. The server kept silent or hung up, or "
    "something between did.",
)


def _only_interim(interim: Sequence[Response]) -> Finding:
    """As :data:`_NO_ANSWER`, where something came that only announces an answer (RFC 9110 §15.2)."""
    statuses = ", ".join(str(each.status) for each in interim[:MOST_NAMED])
    more = ", …" if len(interim) > MOST_NAMED else ""
    return dataclasses.replace(
        _NO_ANSWER,
        text=f"Only interim answers came ({statuses}{more}), expected a final one.",
        subjects=tuple(Subject("response", each.head.span) for each in interim[:MOST_NAMED]),
    )


def judge_response(request: bytes, response: Response | None, *, interim: Sequence[Response] = ()) -> Verdict:
    """The client's checks on ``response``, which answers the bytes ``request``.

    None, half a head and what is no HTTP are judged too. The same bytes give the same verdict.
    """
    if response is None:
        return Verdict.of([_only_interim(interim) if interim else _NO_ANSWER], [])
    case = Case(request, parse_request(request), response, tuple(interim))
    findings: list[Finding] = []
    passed: list[Passed] = []
    applies = _applying(response)
    for rule in CATALOGUE:
        if rule.applies in applies:
            bad, good = rule.judge(case)
            findings += bad
            passed += good
    return Verdict.of(findings, passed)


def _applying(response: Response) -> tuple[Applies, ...]:
    """Which rules speak of this answer; half a head is judged by what HTTP says alone."""
    if not response.head.complete:
        return (Applies.ALWAYS,) if _only_form(response) else ()
    if response.status == 101:
        return (Applies.ALWAYS, Applies.SWITCHED)
    return (Applies.ALWAYS, Applies.REFUSED)


def _only_form(response: Response) -> bool:
    ended = (HttpAnomaly.NOT_HTTP, HttpAnomaly.HALF_A_HEAD, HttpAnomaly.HEAD_LIMIT)
    return any(seen.code in ended for seen in response.anomalies)


def accept_ok(request: bytes, response: Response | None) -> bool | None:
    """Whether a 101's accept value belongs to the request's key; None where there is nothing to say."""
    if response is None or response.status != 101 or not response.head.complete:
        return None
    return _accept_ok(Case(request, parse_request(request), response, ()))
