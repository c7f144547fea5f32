"""What an answer other than a 101 says, and whether it says what RFC 6455 asks of a refusal."""

from collections.abc import Iterator

from wsinspector.protocol.http import Response
from wsinspector.protocol.version import FIELD, judge_request_lines, judge_response_lines, list_members
from wsinspector.translate import translate
from wsinspector.verdicts.examples import refused, switched
from wsinspector.verdicts.finding import Fault, Severity
from wsinspector.verdicts.refused.complaints import Aspect, complaints_of
from wsinspector.verdicts.rule import Applies, Bad, Case, Good, Rule, on_lines, on_status_line, shown


def _refuses(response: Response) -> bool:
    """Whether the status is a client error: what a server says to a handshake it will not take."""
    return response.status is not None and 400 <= response.status < 500


def _status(case: Case) -> Iterator[Bad | Good]:
    response = case.response
    if not response.head.complete:
        return
    if response.status == 101:
        yield Good(translate("Rules", "Status 101."))
    elif response.status is None:
        text = translate("Rules", "Status line {0}, expected status 101.").format(
            shown(response.head.start_line)
        )
        yield Bad(text, on_status_line(response))
    else:
        yield Bad(
            translate("Rules", "Status {0}, expected 101.").format(response.status),
            on_status_line(response),
            fault=Fault.NOBODY,
        )


def _plain_request(case: Case) -> bool:
    """Whether the request is right but for its version, so that only that can be refused by 426."""
    upgrade = [member.lower() for member in case.request.members(b"Upgrade")]
    connection = [member.lower() for member in case.request.members(b"Connection")]
    return b"websocket" in upgrade and b"upgrade" in connection


def _asks_for_another(response: Response) -> bool:
    """Whether a 426 names protocols to upgrade to, such as TLS, and WebSocket is none of them."""
    wanted = [member.lower() for member in response.head.members(b"Upgrade")]
    return response.status == 426 and bool(wanted) and b"websocket" not in wanted


def _version_list(case: Case) -> Iterator[Bad | Good]:
    response = case.response
    lines = response.head.named(FIELD)
    if lines:
        listed = list_members(response.head.values(FIELD))
        if listed:
            yield Good(
                translate("Rules", "The refusal lists versions: {0}.").format(shown(b", ".join(listed)))
            )
        return
    if not _refuses(response):
        return
    said = judge_request_lines(case.request.values(FIELD))
    number = said.judgements[0].number if said.multiplicity_ok and said.judgements[0].ok else None
    # RFC 6455 §4.2.1 asks for no list where the version is absent, malformed or repeated; a 400 to
    # 13 has another reason than its version, and so has a 426 that asks for another protocol.
    if number is None or response.status not in (400, 426) or _asks_for_another(response):
        return
    if number == 13 and response.status != 426:
        return
    aspects = {each.aspect for each in complaints_of(response)}
    of_version = _finds_version_wrong(response)
    if aspects - {Aspect.FORM} and not of_version:
        return  # it says what it refused for, and that was something else
    if of_version and response.status == 426 and number != 13 and _plain_request(case):
        text = translate(
            "Rules", "Version {0} was refused with 426 without a Sec-WebSocket-Version header."
        ).format(number)
        yield Bad(text, on_status_line(response), Severity.VIOLATES)
    elif of_version:
        yield Bad(
            translate(
                "Rules", "Version {0} was sent; the {1} complains of the version and names none."
            ).format(number, response.status),
            on_status_line(response),
            Severity.UNUSUAL,
            Fault.NOBODY,
            why="A client cannot learn what to try. A 400 alone is what any handshake that is out of order "
            "may get.",
        )
    else:
        yield Bad(
            translate(
                "Rules",
                "Version {0} was sent and the {1} names no versions, "
                "which it must if the version is what it refuses.",
            ).format(number, response.status),
            on_status_line(response),
            Severity.UNUSUAL,
            Fault.NOBODY,
            why="Where the version is the reason, the answer must list the versions it takes. "
            "The bytes do not say whether it is.",
        )


def _finds_version_wrong(response: Response) -> bool:
    """Whether the answer's words find the version wrong, and nothing else but the form.

    A version that is missed though it was sent was lost on the way, and no list is owed for that.
    """
    told = {each.aspect: each.text.lower() for each in complaints_of(response)}
    words = told.get(Aspect.VERSION)
    if words is None or not told.keys() <= {Aspect.VERSION, Aspect.FORM}:
        return False
    return not any(each in words for each in _MISSED) or any(each in words for each in _WRONG)


_MISSED = ("missing", "no sec-websocket-version", "without", "not found", "absent", "empty")
_WRONG = ("invalid", "unsupported", "not supported", "unknown", "wrong", "bad ")


def _version_members(case: Case) -> Iterator[Bad | Good]:
    lines = case.response.head.named(FIELD)
    if not lines:
        return
    judged = judge_response_lines(case.response.head.values(FIELD))
    where = on_lines("response", lines)
    if not judged.judgements:
        yield Bad(
            translate("Rules", "Sec-WebSocket-Version names no version, expected at least one."),
            where,
            Severity.VIOLATES,
        )
        return
    wrong = [each for each in judged.judgements if not each.ok]
    for each in wrong:
        text = translate(
            "Rules", "Version {0} in the list, expected 0 to 255 without a leading zero."
        ).format(shown(each.value))
        yield Bad(text, where, Severity.VIOLATES)
    if not wrong:
        yield Good(translate("Rules", "Every version listed has the right form."))


def _version_listed(case: Case) -> Iterator[Bad | Good]:
    lines = case.response.head.named(FIELD)
    said = judge_request_lines(case.request.values(FIELD))
    if not lines or len(said.judgements) != 1 or not said.judgements[0].ok:
        return
    listed = [each.number for each in judge_response_lines(case.response.head.values(FIELD)).judgements]
    number = said.judgements[0].number
    if number in listed:
        yield Bad(
            translate(
                "Rules", "Version {0} was sent and is in the list: the version is not what was refused."
            ).format(number),
            on_lines("response", lines),
            Severity.NOTE,
            Fault.NOBODY,
        )


def _upgrade_in_426(case: Case) -> Iterator[Bad | Good]:
    if case.response.status != 426:
        return
    if case.response.head.named(b"Upgrade"):
        yield Good(translate("Rules", "The 426 names what to upgrade to."))
    else:
        text = translate("Rules", "The 426 has no Upgrade header, expected one.")
        yield Bad(text, on_status_line(case.response), Severity.VIOLATES)


STATUS_RULE = Rule(
    "status",
    "RFC 6455 §4.1",
    Applies.ALWAYS,
    "Only a 101 opens a WebSocket connection. Any other status is an ordinary HTTP answer, and "
    "says in its own words why.",
    _status,
    what="The status is 101.",
    passing=switched(),
    failing=refused(b"404 Not Found"),
    fault=Fault.NOBODY,
)

REFUSAL_RULES: tuple[Rule[Case], ...] = (
    Rule(
        "version-list",
        "RFC 6455 §4.2.2",
        Applies.REFUSED,
        "A server that does not take a version must say which ones it takes. 400 is as good as 426 "
        "for that; the list is what counts.",
        _version_list,
        what="A refusal of a version lists the versions taken.",
        passing=refused(b"400 Bad Request", {b"Sec-WebSocket-Version": b"13"}),
        failing=refused(
            b"426 Upgrade Required", {b"Upgrade": b"websocket"}, body=b"Unsupported WebSocket version"
        ),
        severity=Severity.VIOLATES,
    ),
    Rule(
        "version-list-members",
        "RFC 6455 §4.3",
        Applies.REFUSED,
        "A version is a number from 0 to 255 without a leading zero. A client cannot try again with "
        "anything else.",
        _version_members,
        what="Every version listed is a number from 0 to 255 without a leading zero.",
        passing=refused(b"400 Bad Request", {b"Sec-WebSocket-Version": b"13, 8, 7"}),
        failing=refused(b"400 Bad Request", {b"Sec-WebSocket-Version": b"013; 8"}),
        severity=Severity.VIOLATES,
    ),
    Rule(
        "version-listed",
        "RFC 6455 §11.3.5",
        Applies.REFUSED,
        "The field lists what the server takes. The refusal has another reason than the version.",
        _version_listed,
        what="The versions listed do not hold the one that was sent.",
        passing=refused(b"400 Bad Request", {b"Sec-WebSocket-Version": b"13"}),
        failing=refused(b"400 Bad Request", {b"Sec-WebSocket-Version": b"13, 8"}),
        severity=Severity.NOTE,
        fault=Fault.NOBODY,
    ),
    Rule(
        "upgrade-in-426",
        "RFC 9110 §15.5.22",
        Applies.REFUSED,
        "A 426 must name the protocol to upgrade to. Few servers do, and clients open without it.",
        _upgrade_in_426,
        what="A 426 has an Upgrade header.",
        passing=refused(b"426 Upgrade Required", {b"Upgrade": b"websocket", b"Sec-WebSocket-Version": b"13"}),
        failing=refused(b"426 Upgrade Required", {b"Sec-WebSocket-Version": b"13"}),
        severity=Severity.VIOLATES,
    ),
)
