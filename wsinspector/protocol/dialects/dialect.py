"""What a dialect is: one row of facts, with a handshake and a framing that do the work."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.draft import Draft
from wsinspector.protocol.framings import Framing, framing_called
from wsinspector.protocol.http import Head, Response

Random = Callable[[int], bytes]
"""So many random bytes; ``os.urandom`` in the program, a list of fixed bytes in tests."""


class Challenge(enum.Enum):
    """How the server proves that it read the request."""

    NONE = "none"  # hixie-75
    KEYS = "keys"  # hixie-76 to hybi-03: two keys with spaces, eight bytes, an MD5
    ACCEPT = "accept"  # from hybi-04 on: one key, SHA-1, base64


@dataclass(frozen=True, slots=True)
class Asking:
    """What a request asks for, whatever its dialect. Values as they stand in the header."""

    target: bytes
    host: bytes
    origin: bytes
    subprotocols: tuple[bytes, ...] = ()


class Handshake(Protocol):
    """A family of opening handshakes, for both roles. ``dialect`` tells which of the family."""

    request_tail: int
    """Bytes after the request's blank line that belong to it: 8 for the third key, else 0."""
    answer_tail: int
    """Bytes after a 101's blank line that belong to the answer: 16 for the digest, else 0."""

    def compose(self, dialect: "Dialect", asking: Asking, random: Random) -> Draft:
        """The whole request as the draft demands it: lines, order, case; generated values marked."""
        ...

    def refreshed(self, draft: Draft, random: Random) -> Draft:
        """``draft`` with what must be new in every request drawn anew, where it is still marked."""
        ...

    def subprotocols(self, request: Head) -> tuple[bytes, ...]:
        """What a request offers, in order, taken apart as this family separates it."""
        ...

    def agreed(self, dialect: "Dialect", request: bytes, response: Response) -> Agreed:
        """What a 101 settled; ``response.body`` holds the ``answer_tail`` bytes as far as they came."""
        ...

    def answer(
        self,
        dialect: "Dialect",
        request: Head,
        request_tail: bytes,
        *,
        location: bytes,
        subprotocol: bytes | None,
        extensions: tuple[bytes, ...],
        random: Random,
    ) -> bytes:
        """A server's 101 with all that belongs to it.

        ``location``: the full ws or wss URL, for the dialects whose answer names it.
        """
        ...

    def refusal(self, dialect: "Dialect", request: Head, request_tail: bytes) -> str:
        """Why a conforming server of the dialect must not answer 101; empty where it may."""
        ...


@dataclass(frozen=True, slots=True)
class Dialect:
    """One row. ``name``: as users type it. ``drafts``: the documents it stands for, oldest first.

    ``dated``: of the first of them, ISO. ``version``: its Sec-WebSocket-Version, None where there was
    no such header. ``draft_number``: its Sec-WebSocket-Draft. ``origin_field``: the request header that
    holds the origin. ``handshake``, ``framing_name``: the families.
    """

    name: str
    drafts: tuple[str, ...]
    dated: str
    version: bytes | None
    draft_number: bytes | None
    origin_field: bytes
    challenge: Challenge
    handshake: Handshake
    framing_name: str

    @property
    def framing(self) -> Framing:
        return framing_called(self.framing_name)

    @property
    def has_extensions(self) -> bool:
        """Whether a request has a field for extensions; it came with hybi-04."""
        return self.challenge is Challenge.ACCEPT
