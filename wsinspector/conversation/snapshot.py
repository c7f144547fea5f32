"""What an attempt publishes: one immutable value, replaced as a whole, safe to read from any thread."""

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wsinspector.conversation.stepping_values import NO_STEPS, NOTHING_HELD, Held, StepView
from wsinspector.live.certificates import CertificateFacts as CertificateFacts
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.spans import Direction, Role

if TYPE_CHECKING:
    from wsinspector.capture.rows import Loss
    from wsinspector.protocol.http import Response
    from wsinspector.verdicts.finding import Verdict
    from wsinspector.verdicts.outcome import Outcome


class Phase(enum.Enum):
    """How far an attempt has come; the order is that of a connection's life.

    In the server's role TCP means that the client's request is not whole yet, SENT that the client
    waits for an answer; HEAD and BODY speak of our answer as it leaves.
    """

    LOOKUP = "lookup"
    TCP = "tcp"
    TLS = "tls"
    SENT = "sent"  # request written, not a byte of the answer yet
    HEAD = "head"  # part of the head has come
    BODY = "body"
    OPEN = "open"
    CLOSING = "closing"  # a Close frame was sent or received
    ENDED = "ended"


class EndedBy(enum.Enum):
    PEER = "peer"
    US = "us"
    NETWORK = "network"


class EndKind(enum.Enum):
    """The event that ended the connection."""

    CLOSE_FRAME = "close-frame"  # the closing handshake was completed
    FIN = "fin"
    RST = "rst"
    CANCELLED = "cancelled"
    TIMEOUT = "timeout"
    RESPONSE_DONE = "response-done"  # an answer other than 101 was read to its end
    FAILED = "failed"  # the connection never came to be, or the policy failed it


@dataclass(frozen=True, slots=True)
class End:
    """How an attempt ended.

    ``code``: the close code as an API would report it, 1005 and 1006 being local (§7.1.5);
    None where the connection never opened. ``sent_code``/``received_code``: codes that really
    travelled. ``silence``: seconds without a byte in either direction before the end.
    ``age``: seconds from the 101 (or the dial) to the end. Neither counts what Step held: that is ``held``
    (s, within the age). ``kept`` is False where the capture has no end:
    then ``at`` is its last byte, ``text`` says why, and kind, who and code say nothing.
    """

    kind: EndKind
    by: EndedBy
    clean: bool
    code: int | None
    reason: str
    sent_code: int | None
    received_code: int | None
    silence: float
    age: float
    at: int
    text: str = ""
    kept: bool = True
    held: float = 0.0


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of each step, without what was held; None where it did not happen."""

    lookup: float | None = None
    tcp: float | None = None
    tls: float | None = None
    first_byte: float | None = None
    total: float | None = None


@dataclass(frozen=True, slots=True)
class TlsView:
    """What is known of the TLS connection; ``verified`` is False with 'accept any certificate'."""

    version: str
    cipher: str
    alpn: str | None
    sni: str
    verified: bool
    chain: tuple[CertificateFacts, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a conforming endpoint stops: after frame ``number``, with ``code`` where there are codes."""

    number: int
    code: int | None
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class PendingView:
    """A frame that is still arriving or leaving: what is known of it so far.

    ``length``: as declared; of a frame that ends with a byte (FLAG_SENTINEL in ``flags``) nobody knows it.
    """

    outgoing: bool
    offset: int
    header: int
    first: int
    length: int
    have: int
    anomalies: int
    began_at: int
    flags: int = 0


@dataclass(frozen=True, slots=True)
class Fit:
    """A dialect that the frames fit better than what was agreed, and the sentence that says why."""

    dialect: str
    reason: str


@dataclass(frozen=True, slots=True)
class AttemptSnapshot:
    """Everything the window shows of an attempt except its frames.

    ``role``: ours; as the server, the request came in and the response went out. ``dialect``: what
    the request speaks; ``agreed`` holds what the frames are read as, once the handshake is over.
    ``fit``: set where the frames look like another dialect's.
    ``answered``: a refusal is here to its last byte, and only the end of the connection that it
    promises is awaited. ``imported``: from a file that may not tell how it ended, so that ``end`` is None.

    ``at`` values are monotonic ns of the machine that recorded; ``wall_ns`` and ``mono_ns``
    anchor them to the calendar. Offsets count from the first byte of a direction.
    """

    serial: int
    number: int
    attempt_id: int
    phase: Phase
    url: str
    wall_ns: int
    mono_ns: int
    request: bytes
    request_at: int | None = None
    response: "Response | None" = None
    response_at: int | None = None
    interim: "tuple[Response, ...]" = ()
    verdict: "Verdict | None" = None
    outcome: "Outcome | None" = None
    network_error: str = ""
    end: End | None = None
    timings: Timings = field(default_factory=Timings)
    addresses: tuple[str, ...] = ()
    dialled: str = ""
    tls: TlsView | None = None
    opened_at: int | None = None
    policy: str = "tolerant"
    subprotocol: str | None = None
    extensions: tuple[str, ...] = ()
    deflate: bool = False
    frames_in: int = 0
    frames_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    frames: int = 0  # committed: readable from the capture
    faults: int = 0
    pending: tuple[PendingView, ...] = ()
    would_stop: Stop | None = None
    stopped: Stop | None = None
    round_trip_ms: float | None = None
    last_byte_at: int | None = None
    closed_by_peer: bool = False
    answered: bool = False
    step: StepView = NO_STEPS
    held_steps: Held = NOTHING_HELD  # what Step held: to be taken off wall times
    dropped: tuple[tuple[str, int], ...] = ()
    losses: "tuple[Loss, ...]" = ()  # what is not in the file, by reason: limits that were set, a full disk
    left_out: "tuple[tuple[Direction, int, int], ...]" = ()  # stretches a copy to share lacks
    dropped_to: int = 0  # number of the last frame that a limit dropped: none up to it is in the file
    held: bool = False  # reading waits for the capture
    hint: str = ""  # what the peer seems to speak instead, and what to try
    generated: tuple[str, ...] = ()  # see :func:`wsinspector.conversation.state.generated_in`
    role: Role = Role.CLIENT
    dialect: str = "rfc6455"
    agreed: Agreed = NOTHING_AGREED
    fit: Fit | None = None
    client: str = ""  # address and port of whoever reached us, in the server's role
    by_hand: bool = False  # in the server's role: a person answers, and no scenario
    answered_by: str = ""  # in the server's role: name of the lab's scenario that answers
    unverified: bool = False  # TLS failed only because the certificate could not be verified
    trouble: str = ""
    handshake_lost: str = ""  # why nothing is judged: bytes of the handshake are not in the file
    imported: str = ""  # "har", "json-lines": what it was read from, where it was not recorded here

    @property
    def live(self) -> bool:
        return self.phase is not Phase.ENDED

    @property
    def undecided(self) -> bool:
        """Whether it is still to be seen what the handshake comes to."""
        return self.live and not self.open and not self.answered

    @property
    def waits_since(self) -> int | None:
        """When (ns) the request of a client was whole that waits for our answer; None where none does."""
        return self.request_at if self.role is Role.SERVER and self.phase is Phase.SENT else None

    @property
    def open(self) -> bool:
        return self.phase in (Phase.OPEN, Phase.CLOSING)
