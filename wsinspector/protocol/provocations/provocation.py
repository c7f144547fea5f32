"""What one provocation is: the bytes that a client sends, and what the standard leaves a server to do."""

import enum
from dataclasses import dataclass, field
from functools import cached_property

from wsinspector.protocol.crafting import Craft, craft_from_plain
from wsinspector.protocol.crafting.plain_form import Plain
from wsinspector.translate import translate


class Kind(enum.Enum):
    """What a provocation is about; the value is its word on the command line."""

    MASKING = "masking"
    OPCODES = "opcodes"
    RSV = "rsv"
    LENGTH = "length"
    FRAGMENTS = "fragmentation"
    UTF8 = "utf-8"
    CONTROL = "control"
    CLOSE = "close"
    COMPRESSION = "compression"
    TIMING = "timing"
    SIZE = "size"
    ENDING = "ending"

    @property
    def title(self) -> str:
        return _TITLES[self]


_TITLES = {
    Kind.MASKING: translate("Provocations", "Masking"),
    Kind.OPCODES: translate("Provocations", "Opcodes"),
    Kind.RSV: translate("Provocations", "Reserved bits"),
    Kind.LENGTH: translate("Provocations", "Length"),
    Kind.FRAGMENTS: translate("Provocations", "Fragmentation"),
    Kind.UTF8: translate("Provocations", "UTF-8"),
    Kind.CONTROL: translate("Provocations", "Control frames"),
    Kind.CLOSE: translate("Provocations", "Close"),
    Kind.COMPRESSION: translate("Provocations", "Compression"),
    Kind.TIMING: translate("Provocations", "Timing"),
    Kind.SIZE: translate("Provocations", "Size"),
    Kind.ENDING: translate("Provocations", "End of TCP"),
}


class Demand(enum.Enum):
    """What the standard asks of the server that receives it."""

    FAIL = "fail"
    """A clause says that the receiver must fail the connection."""
    MAY_FAIL = "may-fail"
    """The client breaks a rule that binds senders; no clause says what a receiver must do (§10.7: it may)."""
    GO_ON = "go-on"
    """All is in order: what follows must be served, and a Ping answered."""
    CLOSE = "close"
    """A Close in order: it must be answered with one."""
    MAY_CLOSE = "may-close"
    """A Close that no endpoint may send: answered or dropped."""
    FREE = "free"
    """Nothing is demanded, but that the server lives on."""


class Then(enum.Enum):
    """What follows once the bytes have left."""

    PROBE = "probe"
    """A Ping, to see whether the server goes on."""
    WAIT = "wait"
    """Nothing: more bytes would be read as part of what is not whole, or nothing may follow."""
    HALF_CLOSE = "half-close"
    RESET = "reset"


DEFLATE = b"permessage-deflate"

LIMITS = (1009, 1008, 1002, 1007)
"""Close codes by which servers name a limit of their own, the last two of them loosely: of what is in order
but much, no code accuses anybody."""


@dataclass(frozen=True)
class Provocation:
    """One misbehaviour. ``id``: what a person types. ``what``: what the client does, a sentence;
    ``must``: what a conforming server does, a sentence; ``clause``: where that stands.

    ``plain``: the frames, as :mod:`wsinspector.protocol.crafting.plain_form` has them. ``codes``: close
    codes that name the fault; empty where any will do. ``pong``: payload of a Pong that must come beside
    that of the probe. ``offers``: value of Sec-WebSocket-Extensions; what is sent then makes sense only
    where it was agreed, a parameter in ``agrees`` too. ``early``: it leaves with the request.
    """

    id: str
    kind: Kind
    title: str
    what: str
    demand: Demand
    must: str
    clause: str
    plain: Plain | list[Plain] = field(default_factory=dict)
    codes: tuple[int, ...] = ()
    pong: bytes | None = None
    then: Then = Then.PROBE
    offers: bytes = b""
    agrees: str = ""
    early: bool = False

    @cached_property
    def craft(self) -> Craft:
        """The frames; none where ``plain`` is empty."""
        return craft_from_plain(self.plain) if self.plain else Craft()

    @property
    def needs_deflate(self) -> bool:
        return bool(self.offers)


MUST_FAIL = translate("Provocations", "Must fail the connection, usually with {codes}.")
MAY_FAIL = translate(
    "Provocations",
    "The rule binds the sender; no clause says what a receiver must do. "
    "Usual is to fail with {codes} (§10.7).",
)
MUST_GO_ON = translate("Provocations", "Nothing is wrong: must take it, and go on.")
MUST_CLOSE = translate("Provocations", "Must answer with a Close frame, and end TCP.")
MAY_CLOSE = translate(
    "Provocations",
    "No endpoint may send this Close; no clause says what a receiver must do. Usual is a Close with {codes}.",
)
FREE = translate("Provocations", "Nothing is demanded, but that the server lives on.")

_MUST = {
    Demand.FAIL: MUST_FAIL,
    Demand.MAY_FAIL: MAY_FAIL,
    Demand.GO_ON: MUST_GO_ON,
    Demand.CLOSE: MUST_CLOSE,
    Demand.MAY_CLOSE: MAY_CLOSE,
    Demand.FREE: FREE,
}

RFC = "RFC 6455 "


def row(
    id: str,
    kind: Kind,
    title: str,
    what: str,
    demand: Demand,
    clause: str,
    plain: Plain | list[Plain],
    *,
    codes: tuple[int, ...] = (),
    must: str = "",
    pong: bytes | None = None,
    then: Then | None = None,
    offers: bytes = b"",
    agrees: str = "",
    early: bool = False,
) -> Provocation:
    """A row of the catalogue. ``clause`` without a document is of RFC 6455."""
    if then is None:
        closes = demand in (Demand.CLOSE, Demand.MAY_CLOSE)
        then = Then.WAIT if closes else Then.PROBE
    said = must or _MUST[demand].format(codes=" or ".join(map(str, codes)) or "1002")
    where = clause if clause.startswith("RFC") else RFC + clause
    return Provocation(
        id, kind, title, what, demand, said, where, plain, codes, pong, then, offers, agrees, early
    )
