"""Headers that HTTP asks of an answer by its status, and what they promise of the connection."""

from dataclasses import replace

from wsinspector.protocol.http import Response
from wsinspector.translate import translate
from wsinspector.verdicts.examples import refused, switched
from wsinspector.verdicts.finding import Fault, Severity
from wsinspector.verdicts.rule import (
    Applies,
    Bad,
    Case,
    Check,
    Example,
    Good,
    Result,
    Rule,
    on_lines,
    on_status_line,
    shown,
)

_REDIRECTS = (301, 302, 303, 307, 308)


def _owed(statuses: tuple[int, ...], name: bytes) -> Check:
    """A rule that an answer with one of ``statuses`` has the header ``name``."""

    def check(case: Case) -> Result:
        status = case.response.status
        if status not in statuses:
            return
        field = name.decode("ascii")
        if case.response.head.named(name):
            yield Good(translate("Rules", "The {0} has the header {1}.").format(status, field))
        else:
            yield Bad(
                translate("Rules", "The {0} has no {1} header, expected one.").format(status, field),
                on_status_line(case.response),
            )

    return check


def promises_end(response: Response) -> bool:
    """Whether a whole refusal says that the connection ends behind it (RFC 9112 §9.6)."""
    return response.complete and response.status != 101 and _closes(response)


def _closes(response: Response) -> bool:
    return b"close" in [member.lower() for member in response.head.members(b"Connection")]


def _close_in_101(case: Case) -> Result:
    if _closes(case.response):
        value = shown(b", ".join(case.response.head.values(b"Connection")))
        where = on_lines("response", case.response.head.named(b"Connection"))
        yield Bad(
            translate("Rules", "Connection is {0} in a 101, expected no close in it.").format(value), where
        )


def _close_kept(case: Case) -> Result:
    if case.kept_open and promises_end(case.response):
        where = on_lines("response", case.response.head.named(b"Connection"))
        yield Bad(
            translate(
                "Rules",
                "Connection: close was said, and the connection was still open after a wait for its end.",
            ),
            where,
        )


def _status_range(case: Case) -> Result:
    status = case.response.status
    if status is not None and not 100 <= status < 600:
        text = translate("Rules", "Status {0:03}, expected one from 100 to 599.").format(status)
        yield Bad(text, on_status_line(case.response))


def _unasked(case: Case) -> Result:
    asked = [member.lower() for member in case.request.members(b"Upgrade")]
    if b"websocket" not in asked:
        what = f"Upgrade: {shown(b', '.join(asked))}" if asked else "no Upgrade header"
        text = translate("Rules", "The request had {0}, and the server switched protocols.").format(what)
        yield Bad(text, on_status_line(case.response))


_NEEDED = refused(b"401 Unauthorized", {b"WWW-Authenticate": b'Basic realm="chat"'})


def _when_refused(
    name: str,
    clause: str,
    what: str,
    why: str,
    check: Check,
    passing: Example,
    failing: Example,
    severity: Severity = Severity.VIOLATES,
) -> Rule[Case]:
    return Rule(
        name, clause, Applies.REFUSED, why, check, what=what, passing=passing, failing=failing,
        severity=severity,
    )  # fmt: skip


HTTP_HEADER_RULES: tuple[Rule[Case], ...] = (
    Rule(
        "switched-unasked",
        "RFC 9110 §7.8",
        Applies.SWITCHED,
        "A server may switch only to a protocol that the request names in Upgrade. It may have been taken "
        "out on the way to the server, or the server does not look.",
        _unasked,
        what="A 101 answers a request with Upgrade: websocket.",
        passing=switched(),
        failing=switched(request={b"Upgrade": None}),
        severity=Severity.VIOLATES,
        fault=Fault.EITHER,
    ),
    Rule(
        "connection-close-in-101",
        "RFC 9112 §9.6",
        Applies.SWITCHED,
        "The token says that the connection ends behind this answer. A 101 says that it goes on.",
        _close_in_101,
        what="A 101 has no close in Connection.",
        passing=switched(),
        failing=switched({b"Connection": b"Upgrade, close"}),
        severity=Severity.UNUSUAL,
    ),
    _when_refused(
        "status-range",
        "RFC 9110 §15",
        "A status is one from 100 to 599.",
        "The first digit says what kind of answer it is, and only 1 to 5 say anything. A client treats any "
        "other status as a 5xx.",
        _status_range,
        refused(b"404 Not Found"),
        refused(b"999 Request denied"),
    ),
    _when_refused(
        "connection-close-kept",
        "RFC 9112 §9.6",
        "Who answers Connection: close ends the connection behind the answer.",
        "A server that says so must close behind its answer. How soon is left to it, so a slow one only "
        "costs its client time.",
        _close_kept,
        refused(b"404 Not Found", {b"Connection": b"close"}),
        replace(refused(b"404 Not Found", {b"Connection": b"close"}), ended=False),
        Severity.UNUSUAL,
    ),
    _when_refused(
        "challenge-in-401",
        "RFC 9110 §15.5.2",
        "A 401 says in WWW-Authenticate how to sign in.",
        "A client can only sign in where it is told how. Without a challenge the refusal is final, for which "
        "403 is the status.",
        _owed((401,), b"WWW-Authenticate"),
        _NEEDED,
        refused(b"401 Unauthorized"),
    ),
    _when_refused(
        "challenge-in-407",
        "RFC 9110 §15.5.8",
        "A 407 says in Proxy-Authenticate how to sign in at the proxy.",
        "The answer is a proxy's own, and it must say what it wants. The server behind it was not asked.",
        _owed((407,), b"Proxy-Authenticate"),
        refused(b"407 Proxy Authentication Required", {b"Proxy-Authenticate": b"Basic"}),
        refused(b"407 Proxy Authentication Required"),
    ),
    _when_refused(
        "allow-in-405",
        "RFC 9110 §15.5.6",
        "A 405 lists in Allow the methods that are taken.",
        "The server must say what it takes in place of the method refused. A handshake is a GET.",
        _owed((405,), b"Allow"),
        refused(b"405 Method Not Allowed", {b"Allow": b"GET"}),
        refused(b"405 Method Not Allowed"),
    ),
    _when_refused(
        "location-in-redirect",
        "RFC 9110 §15.4",
        "A redirect says in Location where to go.",
        "Most clients follow only that header. Without it the answer leads nowhere.",
        _owed(_REDIRECTS, b"Location"),
        refused(b"302 Found", {b"Location": b"/elsewhere"}),
        refused(b"302 Found"),
        Severity.UNUSUAL,
    ),
)
