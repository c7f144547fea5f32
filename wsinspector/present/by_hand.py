"""What a waiting client can be answered with, as bytes to look at and to change before they leave."""

from dataclasses import dataclass

from wsinspector.conversation.hand import FIRST_OFFERED, accepting, refusing
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.lab.manners import ANY, HIXIE_WHEN_ABSENT, MANNERS, SILENCE, describe
from wsinspector.lab.versions import VersionRule
from wsinspector.present.client_name import spoken_by
from wsinspector.protocol.dialects import Random, dialect_called
from wsinspector.protocol.head_reader import parse_request
from wsinspector.translate import translate

ACCEPT, ACCEPT_BARE = "accept", "accept-bare"
OTHERS = (403, 404, 503)
_WELL_FORMED = parse_request(b"GET / HTTP/1.1\r\nSec-WebSocket-Version: 13\r\n\r\n")
"""In place of the client's head: a manner is picked for what it writes, whatever was asked."""


@dataclass(frozen=True, slots=True)
class Way:
    """One answer. ``ends``: our side ends behind it. ``problem``: why there are no bytes for it."""

    name: str
    text: str
    data: bytes = b""
    ends: bool = False
    problem: str = ""


def names(snapshot: AttemptSnapshot) -> tuple[tuple[str, ...], ...]:
    """The names of every way to answer, in groups: acceptances, refusals of versions, others."""
    dialect = dialect_called(snapshot.dialect)
    offered = dialect.handshake.subprotocols(parse_request(snapshot.request))
    accepts = (ACCEPT, ACCEPT_BARE) if offered else (ACCEPT,)
    manners = tuple(one for one in MANNERS if one not in (SILENCE, ANY, HIXIE_WHEN_ABSENT))
    return accepts, manners, tuple(str(status) for status in OTHERS)


def describe_way(name: str, snapshot: AttemptSnapshot) -> str:
    """One line on the way called ``name``."""
    spoken = spoken_by(snapshot)
    if name == ACCEPT:
        return translate("ByHand", "101, as {0} asks").format(spoken or translate("ByHand", "its dialect"))
    if name == ACCEPT_BARE:
        return translate("ByHand", "101 without a subprotocol")
    if name.isdigit():
        return translate("ByHand", "{0} and no list of versions").format(name)
    return describe(name).rstrip(".")


def way(name: str, snapshot: AttemptSnapshot, rule: VersionRule, random: Random) -> Way:
    """The bytes of the way called ``name``; ``rule`` says which versions a list names."""
    text = describe_way(name, snapshot)
    if name.isdigit():
        return Way(name, text, refusing(int(name)), ends=True)
    if name not in (ACCEPT, ACCEPT_BARE):
        data = VersionRule(rule.taken, name, rule.claimed).answer_to(_WELL_FORMED)
        return Way(name, text, data or b"", ends=True)
    chosen = FIRST_OFFERED if name == ACCEPT else None
    try:
        data = accepting(
            snapshot.request,
            secure=snapshot.tls is not None,
            local=snapshot.dialled,
            random=random,
            subprotocol=chosen,
        )
    except ValueError as error:
        return Way(name, text, problem=translate("ByHand", "No 101 can be made: {0}.").format(error))
    return Way(name, text, data)
