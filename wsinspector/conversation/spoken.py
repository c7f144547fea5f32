"""Which dialect a request proposes, which one is spoken after it, and what an answer settled."""

from dataclasses import dataclass, replace

from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.deflate import LIMIT
from wsinspector.protocol.dialects import Challenge, Dialect, dialect_called, dialect_of, spoken_for
from wsinspector.protocol.dialects.fields import OLD_PROTOCOL
from wsinspector.protocol.draft import EXTENSIONS, PROTOCOL
from wsinspector.protocol.http import Response


@dataclass(frozen=True, slots=True)
class Spoken:
    """``proposed``: whose handshake the request's bytes are. ``frames``: whose frames follow a 101.

    They differ where a person asked for it: "say 8, speak 13".
    """

    proposed: Dialect
    frames: Dialect

    @property
    def before(self) -> Agreed:
        """What holds until an answer has settled it."""
        return Agreed(dialect=self.frames.name)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a 101 settled: the subprotocol and extensions as answered, and what the frames are read as."""

    subprotocol: str | None
    extensions: tuple[str, ...]
    agreed: Agreed


def spoken_with(request: bytes, speak: str = "", *, proposed: str = "") -> Spoken:
    """``speak``: as in the options, a draft's name too; one that is none counts as "".

    ``proposed``: the dialect's name as it was kept; "" works it out of the request. Where two dialects send
    the same request, as hixie-76 and hybi-01 do, ``speak`` tells which of them it is.
    """
    asked, frames = _called(proposed) or dialect_called(spoken_for(request)), _called(speak)
    if frames is not None and _send_the_same(asked, frames):
        asked = frames
    return Spoken(asked, frames or asked)


def _send_the_same(one: Dialect, other: Dialect) -> bool:
    """Whether nothing in a request tells the two apart; from hybi-04 on the version or the origin does."""
    keys = one.challenge is other.challenge is Challenge.KEYS
    return keys and one.draft_number == other.draft_number


def agreement(spoken: Spoken, request: bytes, response: Response, *, inflate_limit: int = LIMIT) -> Agreement:
    """Read the agreement out of the request's and the answer's bytes; ``inflate_limit`` is our own."""
    proposed, frames = spoken.proposed, spoken.frames
    if frames.challenge is proposed.challenge:
        # The same kind of challenge has what its masking is made of.
        agreed = frames.handshake.agreed(frames, request, response)
    else:
        agreed = proposed.handshake.agreed(proposed, request, response)
    if agreed.dialect != frames.name:
        agreed = replace(agreed, dialect=frames.name)
    if agreed.inflate_limit != inflate_limit:
        agreed = replace(agreed, inflate_limit=inflate_limit)
    named = OLD_PROTOCOL if proposed.challenge is Challenge.NONE else PROTOCOL
    protocols = response.head.values(named)
    return Agreement(
        subprotocol=protocols[0].decode("latin-1") if protocols else None,
        extensions=tuple(member.decode("latin-1") for member in response.head.members(EXTENSIONS)),
        agreed=agreed,
    )


def _called(name: str) -> Dialect | None:
    return dialect_of(name) if name else None
