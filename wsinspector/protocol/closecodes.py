"""Close codes as IANA lists them, and who may send which (RFC 6455 §7.4)."""

import bisect
import enum
from dataclasses import dataclass

from wsinspector.protocol.spans import Role


class Senders(enum.Enum):
    """Who may put a code into a Close frame."""

    BOTH = "both"
    CLIENT = "client"
    SERVER = "server"
    LOCAL = "local only"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class CloseCode:
    """One entry, or a range, of the registry. ``meaning`` is one short sentence."""

    first: int
    last: int
    name: str
    meaning: str
    senders: Senders
    reference: str


def _one(code: int, name: str, meaning: str, senders: Senders, reference: str) -> CloseCode:
    return CloseCode(code, code, name, meaning, senders, reference)


_RFC = "RFC 6455 §7.4.1"
_RANGES = "RFC 6455 §7.4.2"
_REGISTRY = "IANA registry, no RFC"

CLOSE_CODES: tuple[CloseCode, ...] = (
    CloseCode(0, 999, "unused", "Codes below 1000 are not used.", Senders.NOBODY, _RANGES),
    _one(1000, "normal closure", "The purpose of the connection is fulfilled.", Senders.BOTH, _RFC),
    _one(1001, "going away", "The server goes down or the page is left.", Senders.BOTH, _RFC),
    _one(1002, "protocol error", "The other side broke the protocol.", Senders.BOTH, _RFC),
    _one(1003, "unsupported data", "A kind of data came that is not accepted.", Senders.BOTH, _RFC),
    _one(1004, "reserved", "Reserved; drafts 06 to 12 used it for too large.", Senders.NOBODY, _RFC),
    _one(1005, "no status received", "A Close frame came without a code.", Senders.LOCAL, _RFC),
    _one(1006, "abnormal closure", "The connection ended without a Close frame.", Senders.LOCAL, _RFC),
    _one(1007, "invalid payload data", "Data did not fit its type, as bad UTF-8.", Senders.BOTH, _RFC),
    _one(1008, "policy violation", "A message broke a rule of the receiver.", Senders.BOTH, _RFC),
    _one(1009, "message too big", "A message was too big to process.", Senders.BOTH, _RFC),
    _one(1010, "mandatory extension", "An extension the client needs was missing.", Senders.CLIENT, _RFC),
    # RFC 6455 speaks of the server only; clients send it as well and no server minds.
    _one(1011, "internal error", "Something unexpected stopped the sender.", Senders.BOTH, _RFC),
    _one(1012, "service restart", "The service restarts.", Senders.SERVER, _REGISTRY),
    _one(1013, "try again later", "The service is overloaded.", Senders.SERVER, _REGISTRY),
    _one(1014, "bad gateway", "A gateway got a bad answer from behind it.", Senders.SERVER, _REGISTRY),
    _one(1015, "TLS handshake", "The TLS handshake failed.", Senders.LOCAL, _RFC),
    CloseCode(1016, 2999, "unassigned", "Kept for the protocol, no meaning yet.", Senders.NOBODY, _RANGES),
    _one(3000, "unauthorized", "The endpoint wants authorisation.", Senders.BOTH, _REGISTRY),
    CloseCode(3001, 3002, "registered range", "For libraries and frameworks.", Senders.BOTH, _RANGES),
    _one(3003, "forbidden", "The endpoint refuses in spite of authorisation.", Senders.BOTH, _REGISTRY),
    CloseCode(3004, 3007, "registered range", "For libraries and frameworks.", Senders.BOTH, _RANGES),
    _one(3008, "timeout", "An operation took too long.", Senders.BOTH, _REGISTRY),
    CloseCode(3009, 3999, "registered range", "For libraries and frameworks.", Senders.BOTH, _RANGES),
    CloseCode(4000, 4999, "private use", "By agreement between applications.", Senders.BOTH, _RANGES),
    CloseCode(5000, 65535, "outside the registry", "No range is defined here.", Senders.NOBODY, _RANGES),
)
"""Every code of two bytes falls into exactly one entry."""

_FIRSTS = [entry.first for entry in CLOSE_CODES]


def close_code(code: int) -> CloseCode:
    """The entry of a code; what lies outside 0 to 65535 gets the nearest entry."""
    return CLOSE_CODES[max(0, bisect.bisect_right(_FIRSTS, code) - 1)]


def may_send(code: int, role: Role) -> bool:
    """Whether an endpoint in ``role`` may put ``code`` into a Close frame."""
    if not 0 <= code <= 65535:
        return False
    senders = close_code(code).senders
    if senders is Senders.SERVER:
        # The registry's text speaks of servers but forbids no client to send these.
        return True
    return senders is Senders.BOTH or (senders is Senders.CLIENT and role is Role.CLIENT)


def must_not_be_set(code: int) -> bool:
    """Whether §7.4.1 says that no endpoint sets ``code`` in a Close frame: 1005, 1006 and 1015.

    Of the others that :func:`may_send` does not take it says that a server does not use them, that they are
    reserved or not used, which forbids a sender nothing and asks a receiver for nothing.
    """
    return close_code(code).senders is Senders.LOCAL


def describe(code: int) -> str:
    """``1000 normal closure``; for a code by local decision that it is never sent."""
    entry = close_code(code)
    if entry.senders is Senders.LOCAL:
        return f"{code} {entry.name} (never sent)"
    return f"{code} {entry.name}"
