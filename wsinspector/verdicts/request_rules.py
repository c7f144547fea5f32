"""Judges a request as a server must, from its bytes alone: before it is sent, or when it was caught."""

from wsinspector.protocol.dialects import RFC6455, dialect_called, spoken_for
from wsinspector.protocol.head_reader import parse_request, request_parts
from wsinspector.verdicts.asking_http_rules import ASKING_HTTP_RULES, DRAFT_REFUSAL
from wsinspector.verdicts.asking_rules import ASKING_RULES
from wsinspector.verdicts.finding import Finding, Passed, Verdict
from wsinspector.verdicts.offer_rules import OFFER_RULES
from wsinspector.verdicts.rule import Applies, RequestCase, Rule

REQUEST_RULES: tuple[Rule[RequestCase], ...] = (
    *ASKING_RULES,
    *OFFER_RULES,
    DRAFT_REFUSAL,
    *ASKING_HTTP_RULES,
)
"""Every rule on a request, in the order in which a reader wants to see them."""

_VERSION = b"13"
_FAMILY = "rfc6455"
"""The framing of the drafts from 07 on: their handshake is the standard's but for version and origin."""


def judge_request(request: bytes, *, dialect: str = "") -> Verdict:
    """A server's checks on the bytes ``request``; a finding that BREAKS is one it must refuse for.

    ``dialect``: by whose rules, the name of a row of the table; empty takes what the bytes propose.
    Raises KeyError for a name that is none. The same bytes give the same verdict.
    """
    case = request_case(request, dialect)
    applies = (Applies.ALWAYS, Applies.STANDARD if case.refusal is None else Applies.DRAFT)
    findings: list[Finding] = []
    passed: list[Passed] = []
    for rule in REQUEST_RULES:
        if rule.applies in applies:
            bad, good = rule.judge(case)
            findings += bad
            passed += good
    return Verdict.of(findings, passed)


def request_case(request: bytes, dialect: str = "") -> RequestCase:
    """What the rules look at, made from the bytes."""
    name = dialect or spoken_for(request)
    head = parse_request(request)
    version, tail = _VERSION, 0
    refusal: str | None = None
    if name != RFC6455:
        row = dialect_called(name)
        version = row.version or b""
        tail = row.handshake.request_tail
        if row.framing_name != _FAMILY:
            end = head.span.end
            refusal = row.handshake.refusal(row, head, request[end : end + tail])
    return RequestCase(request, head, request_parts(head), name, version, tail, refusal)
