"""The rules by which clients of the oldest dialects judge a 101, and which of RFC 6455's are not theirs."""

from collections.abc import Callable
from dataclasses import replace

from wsinspector.protocol.dialects import RFC6455, Challenge, dialect_called, spoken_for
from wsinspector.protocol.dialects import fields as names
from wsinspector.protocol.dialects.hixie75 import FIRST_LINES
from wsinspector.protocol.draft import EXTENSIONS, PROTOCOL
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.verdicts import challenge_checks as checks
from wsinspector.verdicts.challenge_examples import of_75, of_76, of_accept
from wsinspector.verdicts.finding import Finding, Severity
from wsinspector.verdicts.rule import (
    Applies,
    Case,
    Result,
    Rule,
)

_NOT_CONFIRMED = "as implementations have it; this is not confirmed against the draft's text"


def _rule(
    name: str, clause: str, what: str, why: str, check: Callable[[Case], Result], severity: Severity
) -> Rule[Case]:
    return Rule(name, clause, Applies.SWITCHED, why, check, what=what, severity=severity)


_76 = "hixie-76 to hybi-03"

CHALLENGE_RULES: tuple[Rule[Case], ...] = (
    replace(
        _rule(
            "hixie-first-lines",
            "hixie-75",
            "A 101 of hixie-75 begins with three lines that are fixed byte by byte.",
            "Clients of hixie-75 compare the status line, Upgrade and Connection as bytes, in this order. "
            "Any other letter, case or order fails the connection.",
            checks.first_lines,
            Severity.BREAKS,
        ),
        passing=of_75(),
        failing=of_75(start=b"HTTP/1.1 101 Switching Protocols"),
    ),
    replace(
        _rule(
            "hixie-upgrade",
            _76,
            "A 101 of hixie-76 to hybi-03 has Upgrade: WebSocket.",
            "The header says what the connection now speaks. That its letters must be just these is "
            f"{_NOT_CONFIRMED}.",
            checks.upgrade,
            Severity.BREAKS,
        ),
        passing=of_76(),
        failing=of_76({b"Upgrade": b"h2c"}),
    ),
    replace(
        _rule(
            "hixie-connection",
            _76,
            "A 101 of hixie-76 to hybi-03 has Connection: Upgrade.",
            "The header marks Upgrade as meant for this very connection. That nothing else may stand in "
            f"it is {_NOT_CONFIRMED}.",
            checks.connection,
            Severity.BREAKS,
        ),
        passing=of_76(),
        failing=of_76({b"Connection": b"close"}),
    ),
    replace(
        _rule(
            "hixie-origin",
            "hixie-75 to hybi-03",
            "A 101 up to hybi-03 repeats the origin of the request.",
            "The server says which pages it serves, and the client compares that with the page it shows. "
            f"That clients fail on another value is {_NOT_CONFIRMED}.",
            checks.origin,
            Severity.UNUSUAL,
        ),
        passing=of_76(),
        failing=of_76({names.SEC_ORIGIN: b"http://other.example"}),
    ),
    replace(
        _rule(
            "hixie-location",
            "hixie-75 to hybi-03",
            "A 101 up to hybi-03 repeats the whole URL of the request.",
            "The client compares the URL with the one it asked for, so that no answer of another host "
            f"passes. That clients fail on another value is {_NOT_CONFIRMED}.",
            checks.location,
            Severity.UNUSUAL,
        ),
        passing=of_76(),
        failing=of_76({names.SEC_LOCATION: b"ws://other.example/demo"}),
    ),
    replace(
        _rule(
            "hixie-subprotocol",
            "hixie-75 to hybi-03",
            "A 101 up to hybi-03 has the subprotocol that was offered, and none where none was.",
            "A client of the time takes the subprotocol that it asked for and no other. That clients fail "
            f"on another value is {_NOT_CONFIRMED}.",
            checks.subprotocol,
            Severity.UNUSUAL,
        ),
        passing=of_76({PROTOCOL: b"sample"}, offer=b"sample"),
        failing=of_76({PROTOCOL: b"default"}),
    ),
    replace(
        _rule(
            "hixie-once",
            "hixie-75 to hybi-03",
            "Each header of the handshake stands once in a 101 up to hybi-03.",
            "Clients that read the first and clients that read the last line would see different answers. "
            f"That clients fail on a repeated one is {_NOT_CONFIRMED}.",
            checks.once,
            Severity.UNUSUAL,
        ),
        passing=of_76(),
        failing=of_76(extra=b"Upgrade: WebSocket\r\n"),
    ),
    replace(
        _rule(
            "hixie-digest",
            _76,
            "Sixteen bytes follow the head of a 101: the MD5 of both keys' numbers and eight bytes.",
            "The digest proves that the server read this request and speaks WebSocket. A client fails the "
            "connection on any other value, and its next bytes are not frames before all sixteen came.",
            checks.digest,
            Severity.BREAKS,
        ),
        passing=of_76(),
        failing=of_76(digest=bytes.fromhex("398cf2fc5ee330584b7c593df0886af4")),
    ),
    replace(
        _rule(
            "nonce",
            "hybi-04",
            "A 101 of hybi-04 has Sec-WebSocket-Nonce.",
            "The client's frames are masked with a key made of both sides' nonces. Without the server's "
            "nonce neither side can make that key.",
            checks.nonce,
            Severity.BREAKS,
        ),
        passing=of_accept(b"4", {names.NONCE: b"AQIDBAUGBwgJCgsMDQ4PEA=="}),
        failing=of_accept(b"4"),
    ),
    replace(
        _rule(
            "connection-alone",
            "hybi-04, hybi-05",
            "In a 101 of hybi-04 or hybi-05 Connection is Upgrade and nothing else.",
            "From hybi-06 on it is enough that Upgrade is among the tokens. Servers of today write other "
            "tokens beside it now and then, which clients of that age did not expect.",
            checks.only_upgrade,
            Severity.VIOLATES,
        ),
        passing=of_accept(b"5"),
        failing=of_accept(b"5", {b"Connection": b"keep-alive, Upgrade"}),
    ),
    replace(
        _rule(
            "hixie-answer",
            "hixie-75, hixie-76",
            "A 101 has the form of the dialect in which the request was made.",
            "Some servers take a request whose version they do not know for one of the oldest drafts. "
            "Their frames are of that draft too, so a client of today cannot read them.",
            checks.hixie_answer,
            Severity.NOTE,
        ),
        passing=of_accept(b"13"),
        failing=of_accept(
            b"13",
            {
                names.ACCEPT: None,
                names.OLD_ORIGIN: b"http://example.com",
                names.OLD_LOCATION: b"ws://server.example/chat",
            },
            start=FIRST_LINES[0],
        ),
    ),
    replace(
        _rule(
            "opaque-extension",
            "hybi-03 to hybi-12",
            "No extension of a 101 hides where frames begin.",
            "Such an extension compresses the byte stream and not messages, so that the bytes shown are no "
            "frame headers. It went before RFC 6455 came.",
            checks.opaque,
            Severity.NOTE,
        ),
        passing=of_accept(b"8"),
        failing=of_accept(b"8", {EXTENSIONS: b"deflate-stream"}, offer={EXTENSIONS: b"deflate-stream"}),
    ),
)
"""Rules of single dialects; each looks at the dialect itself and says nothing of the others."""

_STANDARD_ALONE = frozenset(
    {
        "http-version",
        "upgrade",
        "connection",
        "accept",
        "accept-once",
        "subprotocol",
        "subprotocol-once",
        "version-in-101",
    }
)
_LATER: dict[str, str] = {
    "subprotocol": "That an unrequested subprotocol fails the connection came with hybi-13.",
    "accept-once": "What may be repeated was settled in hybi-14.",
    "subprotocol-once": "What may be repeated was settled in hybi-14.",
}
"""Rules of RFC 6455 that no client of an earlier draft had to keep, and since when they hold."""

_TAKEN_OVER = ("RFC 6455 §4.1", "RFC 6455 §4.2", "RFC 6455 §9.1")
"""Where RFC 6455 has what every draft had in its own way: the opening, and offering extensions."""


def handshake_dialect(request: bytes, dialect: str) -> str:
    """``dialect``, where its challenge is in the request, else what the request's bytes propose."""
    own = spoken_for(request)
    if dialect and dialect_called(dialect).challenge is dialect_called(own).challenge:
        return dialect
    return own


def speaks_of(rule: Rule[Case], dialect: str) -> bool:
    """Whether a rule of RFC 6455 speaks of answers to ``dialect`` at all."""
    if dialect_called(dialect).challenge is Challenge.ACCEPT:
        return True
    return rule.name not in _STANDARD_ALONE and not rule.name.startswith(("extension", "deflate"))


def cited(clause: str, dialect: str) -> str:
    """``clause`` as ``dialect`` has it: what was already in a draft is cited from the draft.

    From hybi-07 on the drafts share their rules and frames with RFC 6455, and its clauses are cited.
    """
    facts = frame_facts(dialect)
    if facts.framing == RFC6455 or not clause.startswith(_TAKEN_OVER):
        return clause
    return facts.document


def by_its_time(finding: Finding, dialect: str) -> Finding:
    """A finding of a rule that came later than ``dialect``: unusual then, and said so."""
    later = _LATER.get(finding.rule)
    if later is None:
        finding = replace(finding, clause=cited(finding.clause, dialect))
    version = dialect_called(dialect).version
    if later is None or version in (None, b"13") or finding.severity is not Severity.BREAKS:
        return finding
    first = finding.why.split(". ", 1)[0].rstrip(".") + "."
    return replace(finding, severity=Severity.UNUSUAL, why=f"{first} {later}")
