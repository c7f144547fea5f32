"""What a conforming server owes a request, said before it is sent, and whether it did so afterwards."""

import enum
from dataclasses import dataclass

from wsinspector.protocol.dialects import RFC6455, spoken_for
from wsinspector.protocol.http import HttpAnomaly, Response
from wsinspector.translate import translate
from wsinspector.verdicts.asking_http_rules import WHOLE
from wsinspector.verdicts.finding import Finding, Severity, Verdict
from wsinspector.verdicts.request_rules import judge_request

MOST_NAMED = 3
"""Reasons named in one sentence; the findings hold all."""


class Did(enum.Enum):
    """What a server did with a request that it must refuse."""

    REFUSED = "refused"
    OPENED = "opened"
    OTHER = "other"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Expectation:
    """``must_refuse``: by RFC 6455 §4.2.1, HTTP or the draft spoken. ``reasons``: why, worst first.

    ``text``: one sentence; where nothing obliges a server to refuse it says that.
    """

    must_refuse: bool
    reasons: tuple[Finding, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Conformance:
    """The expectation beside what came. ``text``: both as one or two sentences."""

    expectation: Expectation
    did: Did
    text: str

    @property
    def conforms(self) -> bool | None:
        """False only where it opened. None where nothing is known yet, or where HTTP leaves it free.

        Whoever ignores Upgrade may answer as to any other request (RFC 9110 §7.8), and no answer at
        all may have been lost on the way.
        """
        if not self.expectation.must_refuse or self.did not in (Did.REFUSED, Did.OPENED):
            return None
        return self.did is Did.REFUSED


def expected_of(request: bytes, *, dialect: str = "") -> Expectation:
    """What a conforming server must do with the bytes ``request``; arguments as of judge_request."""
    name = dialect or spoken_for(request)
    return expectation(judge_request(request, dialect=name), dialect=name)


def expectation(verdict: Verdict, *, dialect: str = RFC6455) -> Expectation:
    """As :func:`expected_of`, from a verdict on the request that is already there."""
    reasons = tuple(each for each in verdict.findings if each.severity is Severity.BREAKS)
    if any(each.rule == WHOLE for each in reasons):
        text = translate("Expected", "The request is not whole, so a server waits for the rest of it.")
        return Expectation(False, reasons, text)
    if not reasons:
        return Expectation(False, (), translate("Expected", "Nothing obliges a server to refuse this."))
    named = [_clause(each.text) for each in reasons[:MOST_NAMED]]
    text = translate("Expected", "A conforming server must refuse this, because {reasons}.")
    if dialect != RFC6455:
        text = translate("Expected", "A conforming server of {dialect} must refuse this, because {reasons}.")
    text = text.format(dialect=dialect, reasons="; ".join(named))
    more = len(reasons) - MOST_NAMED
    if more == 1:
        text += " " + translate("Expected", "There is one reason more.")
    elif more > 1:
        text += " " + translate("Expected", "There are {n} reasons more.").format(n=more)
    return Expectation(True, reasons, text)


def conformance(
    request: bytes, response: Response | None, *, ended: bool = False, dialect: str = ""
) -> Conformance:
    """The expectation of ``request`` held against the answer as far as it came.

    ``ended``: no more will come, as the server ended its side or the time allowed is over.
    """
    wanted = expected_of(request, dialect=dialect)
    did, came = _what_it_did(response, ended)
    if not wanted.must_refuse:
        return Conformance(wanted, did, wanted.text)
    return Conformance(wanted, did, f"{wanted.text} {came}".rstrip())


def _what_it_did(response: Response | None, ended: bool) -> tuple[Did, str]:
    if response is not None and any(seen.code is HttpAnomaly.NOT_HTTP for seen in response.anomalies):
        return Did.OTHER, translate("Expected", "What came is no HTTP answer.")
    if response is None or not response.head.complete or response.status is None:
        if not ended:
            return Did.NOTHING, ""
        return Did.OTHER, translate("Expected", "It gave no whole answer.")
    status = response.status
    if status == 101:
        return Did.OPENED, translate("Expected", "It did not: it answered 101.")
    if 400 <= status < 600:
        return Did.REFUSED, translate("Expected", "It did, with {status}.").format(status=status)
    told = translate("Expected", "It opened nothing, and answered {status}.").format(status=status)
    return Did.OTHER, told


def _clause(text: str) -> str:
    """A finding's sentence as part of another one."""
    text = text.removesuffix(".")
    return text[:1].lower() + text[1:] if text.startswith(("The ", "No ", "A ")) else text
