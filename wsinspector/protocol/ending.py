"""How a conversation ended, put together from what travelled (RFC 6455 §7.1)."""

import enum
from dataclasses import dataclass
from typing import Literal

from wsinspector.protocol.close_body import CloseBody

NO_STATUS = 1005
ABNORMAL = 1006

Party = Literal["peer", "us"]


class TcpEnd(enum.Enum):
    """How the bytes of a direction stopped."""

    FIN = "fin"
    RST = "rst"


@dataclass(frozen=True, slots=True)
class EndOfConversation:
    """How it ended (§7.1.4, §7.1.5).

    ``clean``: both Close frames had travelled before TCP ended. ``code``: of the peer's first
    Close frame; 1005 where it had none, 1006 where no Close frame came: these two are local, never
    sent. ``closed_first``: whose Close frame was first, None where there was none.
    ``ended_first``: who ended TCP first; ``tcp``: how. ``sent``/``received``: the Close frames.
    ``failed``: we failed the connection. ``frameless``: the dialect has no closing frame, so that the
    end of TCP is the only end there is.
    """

    clean: bool
    code: int
    reason: bytes
    closed_first: Party | None
    ended_first: Party
    tcp: TcpEnd
    sent: CloseBody | None
    received: CloseBody | None
    failed: bool
    frameless: bool = False

    @property
    def by(self) -> Party:
        """Who brought it about: the first Close frame, else the first end of TCP."""
        return self.closed_first or self.ended_first

    @property
    def code_is_local(self) -> bool:
        return self.code in (NO_STATUS, ABNORMAL)


def how_it_ended(
    *,
    sent: CloseBody | None,
    received: CloseBody | None,
    closed_first: Party | None,
    ended_first: Party,
    tcp: TcpEnd,
    failed: bool = False,
    frameless: bool = False,
) -> EndOfConversation:
    """Put together the end from what travelled (§7.1.4, §7.1.5)."""
    clean = sent is not None and received is not None and not failed
    code = ABNORMAL if received is None else NO_STATUS if received.code is None else received.code
    return EndOfConversation(
        clean,
        code,
        b"" if received is None else received.reason,
        closed_first,
        ended_first,
        tcp,
        sent,
        received,
        failed,
        frameless,
    )
