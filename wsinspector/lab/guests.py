"""What the lab tells of its clients to whoever wants to see them, and how one is answered by hand."""

from typing import Protocol

from wsinspector.lab.answers import refusal
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link

BY_HAND = "/by-hand"
"""The path whose clients a person answers, whatever answers elsewhere."""

NOBODY = refusal(
    b"503 Service Unavailable",
    (),
    b"This path is answered by hand, for other programs' clients, and nobody is there to do it now.",
)


class Guest(Protocol):
    """One client of the lab, as whoever looks on sees it; every call on the lab's loop."""

    @property
    def by_hand(self) -> bool:
        """Whether a person answers this client, whatever it asks for."""
        ...

    async def wait_for_hand(self, inbox: Inbox) -> bool:
        """Be answered by a person until the connection is over; False at once where nobody can.

        Reads ``inbox`` empty meanwhile: what comes is told of by the link's tap.
        """
        ...

    def served_by(self, scenario: str) -> None:
        """The scenario called ``scenario`` answers from now on."""
        ...


class Guests(Protocol):
    """Who is told of every connection that is made to the lab, on the lab's loop."""

    def arrived(self, link: Link) -> Guest | None:
        """A client connected, and nothing was read yet but its TLS handshake; None: not looked at."""
        ...

    def turned_away(self, link: Link, error: Exception) -> None:
        """A client's TLS handshake did not come to its end, and its connection is over."""
        ...
