"""What a refusal offers, and whether a second request has a chance (RFC 6455 §4.2.2, §4.4)."""

from dataclasses import dataclass

from wsinspector.protocol.dialects import DIALECTS, Challenge, dialect_called, fields, spoken_for
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import Response
from wsinspector.protocol.version import FIELD, judge_value, list_members

_STANDARD = b"13"
_SPOKEN = {dialect.version: dialect.name for dialect in DIALECTS if dialect.version is not None}
"""The newest dialect that says a value."""


@dataclass(frozen=True, slots=True)
class Retry:
    """A version that may be tried after a refusal, and the dialect that it says."""

    value: bytes
    dialect: str


def supported_versions(response: Response | None) -> tuple[str, ...] | None:
    """The versions a refusal lists, in its order, as Latin-1; None where it lists none.

    None for a 101 too: there the field has no meaning (§11.3.5).
    """
    if response is None or response.status == 101:
        return None
    members = list_members(response.head.values(FIELD))
    return tuple(member.decode("latin-1") for member in members) or None


def retry_offer(request: bytes, response: Response | None) -> Retry | None:
    """13 where it is listed, else the highest version listed that some dialect says.

    None where the request said one of the versions offered, and it alone: then the version is
    not what was refused (§11.3.5). ``13`` beside ``8`` on two lines can be tried with one.
    """
    offered = supported_versions(response)
    if offered is None:
        return None
    said = [judge_value(value).number for value in parse_request(request).values(FIELD)]
    judged = (judge_value(member.encode("latin-1")) for member in offered)
    numbers = {each.number for each in judged if each.ok and each.number is not None}
    if len(said) == 1 and said[0] in numbers:
        return None
    values = [b"%d" % number for number in sorted(numbers, reverse=True)]
    value = next((each for each in (_STANDARD, *values) if each in values and each in _SPOKEN), None)
    return Retry(value, _SPOKEN[value]) if value is not None else None


def retry_candidate(request: bytes, response: Response | None) -> bytes | None:
    """The value of :func:`retry_offer` alone."""
    offer = retry_offer(request, response)
    return offer.value if offer is not None else None


def dialect_saying(value: bytes) -> str | None:
    """The newest dialect whose requests say ``value``; None where none does."""
    return _SPOKEN.get(value)


def in_old_form(request: bytes) -> bool:
    """Whether a request is written as a draft has it, so that another version needs another request.

    A version value alone makes none: 8 in an otherwise standard request is only a value.
    """
    if dialect_called(spoken_for(request)).challenge is not Challenge.ACCEPT:
        return True
    head = parse_request(request)
    return bool(head.named(fields.SEC_ORIGIN) or head.named(b"Sec-WebSocket-Nonce"))
