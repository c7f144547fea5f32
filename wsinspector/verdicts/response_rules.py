"""Judges an answer to a handshake as RFC 6455 has the client do, from recorded bytes alone."""

from collections.abc import Sequence
from dataclasses import replace

from wsinspector.protocol.dialects import spoken_for
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import HttpAnomaly, Response
from wsinspector.translate import translate
from wsinspector.verdicts.challenge_checks import right_digest
from wsinspector.verdicts.challenge_rules import (
    CHALLENGE_RULES,
    by_its_time,
    cited,
    handshake_dialect,
    speaks_of,
)
from wsinspector.verdicts.examples import request_bytes, switched
from wsinspector.verdicts.extension_rules import EXTENSION_RULES
from wsinspector.verdicts.finding import Fault, Finding, Passed, Subject, Verdict
from wsinspector.verdicts.http_header_rules import HTTP_HEADER_RULES
from wsinspector.verdicts.http_rules import HTTP_RULES, well_formed
from wsinspector.verdicts.opening_rules import OPENING_RULES
from wsinspector.verdicts.opening_rules import accept_ok as _accept_ok
from wsinspector.verdicts.refusal_rules import REFUSAL_RULES, STATUS_RULE
from wsinspector.verdicts.rule import Applies, Bad, Case, Example, Result, Rule

CATALOGUE: tuple[Rule[Case], ...] = (
    STATUS_RULE,
    *OPENING_RULES[:5],
    *EXTENSION_RULES,
    *OPENING_RULES[5:],
    *CHALLENGE_RULES,
    *REFUSAL_RULES,
    *HTTP_HEADER_RULES,
    *HTTP_RULES,
)
"""Every rule on an answer, in the order in which a reader wants to see them."""

MOST_NAMED = 5
"""Interim answers named in one sentence; forty thousand of them fit into a head's limit."""


def _no_answer(interim: tuple[Response, ...]) -> Result:
    if not interim:
        yield Bad(translate("Rules", "No byte came, expected an answer."))
        return
    # Something came that only announces an answer (RFC 9110 §15.2).
    statuses = ", ".join(str(each.status) for each in interim[:MOST_NAMED])
    more = ", …" if len(interim) > MOST_NAMED else ""
    yield Bad(
        translate("Rules", "Only interim answers came ({0}{1}), expected a final one.").format(
            statuses, more
        ),
        tuple(Subject("response", each.head.span) for each in interim[:MOST_NAMED]),
    )


NO_ANSWER: Rule[tuple[Response, ...]] = Rule(
    "no-answer",
    "RFC 6455 §4.1",
    Applies.ALWAYS,
    "A handshake is over when the server's answer is there. The server kept silent or hung up, or "
    "something between did.",
    _no_answer,
    what="A request is answered.",
    passing=switched(),
    failing=Example(b"", request_bytes()),
    fault=Fault.NOBODY,
)
"""The one rule on what came before an answer, where none followed."""


def judge_response(
    request: bytes,
    response: Response | None,
    *,
    interim: Sequence[Response] = (),
    dialect: str = "",
    kept_open: bool = False,
) -> Verdict:
    """The client's checks on ``response``, which answers the bytes ``request``.

    ``dialect``: the name of what the handshake speaks; "" is what the request's own bytes propose, and
    so is a dialect whose challenge is not in the request.
    ``kept_open``: the server had not ended its side when the whole answer was read and time had passed.
    None, half a head and what is no HTTP are judged too. The same bytes give the same verdict.
    """
    name = handshake_dialect(request, dialect)
    if response is None:
        bad, good = NO_ANSWER.judge(tuple(interim))
        return Verdict.of([by_its_time(finding, name) for finding in bad], good)
    case = Case(request, parse_request(request), response, tuple(interim), kept_open, name)
    findings: list[Finding] = []
    passed: list[Passed] = []
    applies = _applying(response)
    for rule in CATALOGUE:
        if rule.applies in applies and speaks_of(rule, name):
            bad, good = rule.judge(case)
            findings += (by_its_time(finding, name) for finding in bad)
            passed += (replace(each, clause=cited(each.clause, name)) for each in good)
    form = well_formed(response)
    return Verdict.of(findings, [*passed, form] if form else passed)


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
    """Whether a 101's accept value or digest belongs to the request; None where there is nothing to say."""
    if response is None or response.status != 101 or not response.head.complete:
        return None
    case = Case(request, parse_request(request), response, (), dialect=spoken_for(request))
    right = right_digest(case)
    return _accept_ok(case) if right is None else response.body == right
