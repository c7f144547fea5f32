"""List what the lab can do: a path, what is seen there, and the behaviour that does it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from wsinspector.lab import conversations, mirror, refusals
from wsinspector.lab.exchange import Exchange
from wsinspector.lab.manners import MANNERS, describe

Behaviour = Callable[[Exchange], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing to see. ``path`` begins with a slash; ``description`` is one line.

    ``query`` names what can be set in the URL, with the value used without it.
    """

    name: str
    path: str
    description: str
    behaviour: Behaviour
    query: tuple[tuple[str, str], ...] = ()


_WITH_A_PATH = ("426-list", "400-two-lines", "any")
"""Manners that have a row of their own below."""


def _refusing(manner: str) -> Scenario:
    versions = ",".join(refusals.OLD_VERSIONS)
    return Scenario(
        f"refusing: {manner}",
        f"{refusals.VERSIONS_PATH}{versions}/{manner}",
        f"Takes versions {' and '.join(refusals.OLD_VERSIONS)} only. {describe(manner)}",
        refusals.by_path,
    )


SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "conforming echo",
        "/echo",
        "Sends every frame back as it came: same opcode, same size, same fragmentation.",
        conversations.echo,
    ),
    Scenario(
        "chat",
        "/chat",
        "A ticker of JSON messages, with a history in fragments and a small picture; answers what is said.",
        conversations.chat,
        (("every", "1000 ms"), ("count", "no end"), ("room", "blue")),
    ),
    Scenario(
        "binary",
        "/binary",
        "Binary messages at every edge of the length field, and a picture; as Base64 text in hixie.",
        conversations.binary,
    ),
    Scenario(
        "pings",
        "/pings",
        "A ping with a payload of its own every second; none in hixie, which has no ping.",
        conversations.pings,
        (("every", "1000 ms"), ("count", "no end")),
    ),
    Scenario(
        "fragments",
        "/fragments",
        "Messages in fragments: an empty one, a ping in between, a cut character; whole ones in hixie.",
        conversations.fragments,
    ),
    Scenario(
        "mirror",
        mirror.PATH,
        "Answers 200 with the request's bytes as they arrived: point a proxy here to see what it alters.",
        mirror.mirror,
    ),
    Scenario(
        "426 with a list",
        "/426-list",
        "Takes versions 8 and 7 only; refuses every other with 426 and that list.",
        refusals.list_426,
    ),
    Scenario(
        "426 without a list",
        "/426-no-list",
        "Refuses with 426 and names no version.",
        refusals.no_list_426,
    ),
    Scenario(
        "400 with a list on two lines",
        "/400-two-lines",
        "Takes versions 8 and 7 only; refuses with 400 and a version line for each.",
        refusals.two_lines_400,
    ),
    Scenario(
        "400 with HTML",
        "/400-html",
        "Refuses with 400 and an HTML page, as a proxy in between does.",
        refusals.html_400,
    ),
    Scenario(
        "wrong accept",
        "/wrong-accept",
        "Answers 101 with the Sec-WebSocket-Accept (or the digest) of another key, then echoes.",
        conversations.wrong_accept,
    ),
    Scenario(
        "no accept",
        "/no-accept",
        "Answers 101 without Sec-WebSocket-Accept (or the digest), then echoes.",
        conversations.no_accept,
    ),
    Scenario(
        "any version",
        "/any-version",
        "Answers 101 whatever Sec-WebSocket-Version says, then echoes.",
        conversations.any_version,
    ),
    Scenario(
        "claims one version, takes another",
        "/claims-13-takes-8",
        "Refuses every version but 8, and says it speaks 13.",
        conversations.claims_13_takes_8,
    ),
    *(_refusing(manner) for manner in MANNERS if manner not in _WITH_A_PATH),
    Scenario(
        "silence",
        "/silence",
        "Reads the request and never answers.",
        refusals.silence,
    ),
    Scenario(
        "close without a byte",
        "/close",
        "Reads the request and ends the connection (FIN).",
        refusals.close_without_a_byte,
    ),
    Scenario(
        "reset without a byte",
        "/reset",
        "Reads the request and resets the connection (RST).",
        refusals.reset_without_a_byte,
    ),
    Scenario(
        "half a head",
        "/half-head",
        "Answers half a status line and headers, then nothing more.",
        refusals.half_head,
    ),
    Scenario(
        "Content-Length that lies",
        "/length-lies",
        "Refuses with 400, announces 33 bytes, sends none and keeps the connection open.",
        refusals.length_lies,
    ),
    Scenario(
        "stays open after a body",
        "/keeps-open",
        "Refuses with 400 and Connection: close, and does not close.",
        refusals.keeps_open,
    ),
    Scenario(
        "slow head",
        "/slow-head",
        "Answers 101 byte by byte, then echoes.",
        conversations.slow_head,
        (("every", "25 ms"),),
    ),
    Scenario(
        "early hints",
        "/early-hints",
        "Sends 103 before the 101, then echoes.",
        conversations.early_hints,
    ),
    Scenario(
        "HTTP/1.0",
        "/http-1.0",
        "Answers HTTP/1.0 200 with a body until the connection ends.",
        refusals.http_1_0,
    ),
    Scenario(
        "redirect",
        "/redirect",
        "Answers 302 with the address of /echo.",
        refusals.redirect,
    ),
    Scenario(
        "garbage",
        "/garbage",
        "Answers bytes that are no HTTP.",
        refusals.garbage,
    ),
    Scenario(
        "TLS record",
        "/tls-record",
        "Answers a TLS alert, as a TLS port does that is sent plain HTTP.",
        refusals.tls_record,
    ),
    Scenario(
        "masked by the server",
        "/masked",
        "Opens, sends a masked frame, which a server must not, then echoes.",
        conversations.masked,
    ),
    Scenario(
        "reserved opcode",
        "/reserved-opcode",
        "Opens, sends a frame with opcode 0xB, then echoes.",
        conversations.reserved_opcode,
    ),
    Scenario(
        "bad UTF-8",
        "/bad-utf8",
        "Opens, sends a text in two fragments, the second with a byte that is no UTF-8, then echoes.",
        conversations.bad_utf8,
    ),
    Scenario(
        "forbidden close code",
        "/forbidden-close-code",
        "Opens and sends a Close frame with 1005, which never travels.",
        conversations.forbidden_close_code,
    ),
    Scenario(
        "a frame of 2^63 bytes",
        "/frame-2-63",
        "Opens and begins a frame that declares 2^63 bytes; all that follows is its payload.",
        conversations.frame_2_63,
        (("every", "1000 ms"),),
    ),
    Scenario(
        "ends after silence",
        "/idle",
        "Echoes; ends without a Close frame once nothing has been sent either way for some seconds.",
        conversations.idle,
        (("seconds", "10"),),
    ),
)
"""In the order of the list shown: what works first, then what refuses, then what misbehaves."""

_BY_PATH: dict[str, Scenario] = {scenario.path: scenario for scenario in SCENARIOS} | {"/": SCENARIOS[0]}
_VERSIONS = Scenario(
    "chosen versions",
    refusals.VERSIONS_PATH,
    "Takes the versions named in the path, and refuses the others in the manner named there.",
    refusals.by_path,
)


def scenario_at(path: str) -> Scenario | None:
    """What happens at ``path``; None where nothing does."""
    if path.startswith(refusals.VERSIONS_PATH):
        return _BY_PATH.get(path, _VERSIONS)
    return _BY_PATH.get(path)
