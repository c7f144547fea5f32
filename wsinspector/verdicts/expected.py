"""What a conforming server owes a request, said before it is sent, and whether it did so afterwards."""

import enum
from dataclasses import dataclass

from wsinspector.protocol.dialects import RFC6455, spoken_for
from wsinspector.protocol.http import HttpAnomaly, Response
from wsinspector.protocol.version import FIELD
from wsinspector.translate import translate
from wsinspector.verdicts.asking_http_rules import WHOLE
from wsinspector.verdicts.finding import Finding, Severity, Verdict
from wsinspector.verdicts.refused.complaints import SAY_THEIR_OWN, Aspect, complaints_of
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
    named = [within(each.text) for each in reasons[:MOST_NAMED]]
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
    did, came = _what_it_did(response, ended, wanted)
    if not wanted.must_refuse:
        return Conformance(wanted, did, wanted.text)
    return Conformance(wanted, did, f"{wanted.text} {came}".rstrip())


def _what_it_did(response: Response | None, ended: bool, wanted: Expectation) -> tuple[Did, str]:
    if response is not None and any(seen.code is HttpAnomaly.NOT_HTTP for seen in response.anomalies):
        return Did.OTHER, translate("Expected", "What came is no HTTP answer.")
    if response is None or not response.head.complete or response.status is None:
        if not ended:
            return Did.NOTHING, ""
        return Did.OTHER, translate("Expected", "It gave no whole answer.")
    status = response.status
    if status == 101:
        return Did.OPENED, translate("Expected", "It did not: it answered 101.")
    if status >= 500 and status not in _REFUSING_5XX:
        text = translate("Expected", "It opened nothing, but a {status} tells of its own trouble.")
        return Did.OTHER, text.format(status=status)
    if 400 <= status < 600:
        text = {
            True: translate("Expected", "It did, with {status}."),
            False: translate("Expected", "It refused with {status}, but for another reason."),
            None: translate(
                "Expected", "It refused with {status}; the answer does not say that this is why."
            ),
        }[_for_this(response, status, wanted)]
        return Did.REFUSED, text.format(status=status)
    told = translate("Expected", "It opened nothing, and answered {status}.").format(status=status)
    return Did.OTHER, told


_REFUSING_5XX = (501, 505, 511)
"""Statuses from 500 on by which something is not taken; the others are a server's own trouble."""

_SPEAKS_OF = {405: Aspect.METHOD, 505: Aspect.HTTP_VERSION}
_BY_RULE = {
    "request-method": {Aspect.METHOD},
    "request-host": {Aspect.HOST},
    "request-upgrade": {Aspect.UPGRADE, Aspect.CONNECTION},
    "request-connection": {Aspect.UPGRADE, Aspect.CONNECTION},
    "request-key": {Aspect.KEY},
    "request-http-version": {Aspect.HTTP_VERSION},
    "request-version": {Aspect.VERSION},
}
"""What an answer that refuses for a rule's reason complains of; the rules of longer names mean the like."""


def _for_this(response: Response, status: int, wanted: Expectation) -> bool | None:
    """Whether it refused for one of the reasons; None where the answer does not tell.

    A bare 400 or 426 is how a handshake is refused, and needs no words.
    """
    asked = {aspect for reason in wanted.reasons for aspect in _aspects(reason.rule)}
    told = {each.aspect for each in complaints_of(response)}
    told |= {_SPEAKS_OF[status]} if status in _SPEAKS_OF else set()
    unknown = Aspect.FORM in told or not asked
    offers = bool(response.head.named(FIELD)) and status not in SAY_THEIR_OWN
    if told & asked or (Aspect.VERSION in asked and offers and not told):
        return True
    if told and not unknown:
        return False
    return True if status in (400, 426) else None


def _aspects(rule: str) -> set[Aspect]:
    """Of the longest name that ``rule`` begins with; none where words for it are not known."""
    fitting = [name for name in _BY_RULE if rule == name or rule.startswith(f"{name}-")]
    return _BY_RULE[max(fitting, key=len)] if fitting else set()


def within(text: str) -> str:
    """A finding's sentence as part of another one: without its full stop, and begun as that goes on."""
    text = text.removesuffix(".")
    return text[:1].lower() + text[1:] if text.startswith(("The ", "No ", "A ")) else text
