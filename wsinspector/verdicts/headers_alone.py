"""What stays of a verdict where only status and headers of an answer were told, and its bytes made up."""

from wsinspector.verdicts.finding import Verdict
from wsinspector.verdicts.http_rules import HTTP_RULES
from wsinspector.verdicts.response_rules import NO_ANSWER

_OF_BYTES = {rule.name for rule in HTTP_RULES} | {NO_ANSWER.name}
_PRAISE_OF_BYTES = _OF_BYTES | {"well-formed", "http-version"}


def of_headers_alone(verdict: Verdict) -> Verdict:
    """``verdict`` without what it found in bytes, wrong or right, and without that none came."""
    return Verdict(
        tuple(each for each in verdict.findings if each.rule not in _OF_BYTES),
        tuple(each for each in verdict.passed if each.rule not in _PRAISE_OF_BYTES),
    )
