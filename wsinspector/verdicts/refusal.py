"""What a refusal offers, and whether a second request has a chance (RFC 6455 §4.2.2, §4.4)."""

from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http import Response
from wsinspector.protocol.version import FIELD, judge_value, list_members


def supported_versions(response: Response | None) -> tuple[str, ...] | None:
    """The versions a refusal lists, in its order, as Latin-1; None where it lists none.

    None for a 101 too: there the field has no meaning (§11.3.5).
    """
    if response is None or response.status == 101:
        return None
    members = list_members(response.head.values(FIELD))
    return tuple(member.decode("latin-1") for member in members) or None


def retry_candidate(request: bytes, response: Response | None) -> bytes | None:
    """The highest version offered that can stand in a header, where trying it may help.

    None where the request said one of the versions offered, and it alone: then the version is
    not what was refused (§11.3.5). ``13`` beside ``8`` on two lines can be tried with one.
    """
    offered = supported_versions(response)
    if offered is None:
        return None
    said = [judge_value(value).number for value in parse_request(request).values(FIELD)]
    judged = (judge_value(member.encode("latin-1")) for member in offered)
    numbers = [each.number for each in judged if each.ok and each.number is not None]
    if not numbers or (len(said) == 1 and said[0] in numbers):
        return None
    return str(max(numbers)).encode("ascii")
