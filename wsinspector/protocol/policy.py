"""What an endpoint does about what it sees: conforming, tolerant or only watching, in either role."""

from dataclasses import dataclass

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed, Attention
from wsinspector.protocol.close_body import CloseBody, read_close_body, write_close_body
from wsinspector.protocol.deflate import LIMIT
from wsinspector.protocol.ending import ABNORMAL, EndOfConversation, Party, TcpEnd, how_it_ended
from wsinspector.protocol.failing import failing_code, failing_reason, fails
from wsinspector.protocol.frame_facts import CloseStyle, FrameFacts, frame_facts, may_send_in
from wsinspector.protocol.framings import Framing, framing_called
from wsinspector.protocol.opcodes import CLOSE, PING
from wsinspector.protocol.spans import Role

__all__ = [
    "CONFORMING",
    "PONG_PAYLOADS",
    "TOLERANT",
    "WATCH",
    "CloseBody",
    "Command",
    "EndOfConversation",
    "EndTcp",
    "Fail",
    "Party",
    "Policy",
    "PolicySettings",
    "SendClose",
    "SendPong",
    "TcpEnd",
    "WouldStop",
    "by_name",
    "failing_code",
    "failing_reason",
    "fails",
    "how_it_ended",
    "read_close_body",
    "write_close_body",
]

NORMAL = 1000

PONG_PAYLOADS = ("same", "empty", "other")
"""What a pong holds: the ping's payload (§5.5.2), nothing, or the ping's with its last byte changed."""


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """The parts of a policy, each on its own.

    ``pong``: answer pings, ``pong_after`` seconds later, with what ``pong_payload`` (one of
    :data:`PONG_PAYLOADS`) names. ``close``: do our part of the closing handshake and end TCP.
    ``fail``: fail the connection where RFC 6455 demands it. ``max_message``: bytes, for 1009.
    ``inflate_limit``: bytes a compressed message may inflate to before it is left as it is.
    """

    pong: bool
    close: bool
    fail: bool
    max_message: int | None = None
    inflate_limit: int = LIMIT
    pong_after: float = 0.0
    pong_payload: str = "same"


CONFORMING = PolicySettings(pong=True, close=True, fail=True)
TOLERANT = PolicySettings(pong=True, close=True, fail=False)
WATCH = PolicySettings(pong=False, close=False, fail=False)

_BY_NAME = {"conforming": CONFORMING, "tolerant": TOLERANT, "watch": WATCH}


def by_name(name: str) -> PolicySettings:
    """The settings called ``conforming``, ``tolerant`` or ``watch``; KeyError for others."""
    return _BY_NAME[name]


@dataclass(frozen=True, slots=True)
class SendPong:
    """Send a Pong with this payload, ``after`` so many seconds."""

    payload: bytes
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class SendClose:
    """Send a closing frame; ``code`` None means an empty body.

    ``body``: what it holds, as it is, in a dialect whose closing frames hold no code; else None.
    """

    code: int | None
    reason: str = ""
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class EndTcp:
    """End the TCP connection; ``patient``: give the peer a stated time to end it first."""

    patient: bool = False


@dataclass(frozen=True, slots=True)
class Fail:
    """The connection has failed here (§7.1.7): draw the stop line.

    ``number``: of the frame, None while it is still arriving or where no frame is to blame;
    ``offset``: of that frame in the peer's stream, None where no frame is to blame. ``code``: None
    in a dialect that knows no close codes.
    """

    code: int | None
    number: int | None
    offset: int | None
    text: str


@dataclass(frozen=True, slots=True)
class WouldStop:
    """A conforming endpoint would have failed here; told once. Fields as in :class:`Fail`."""

    code: int | None
    number: int | None
    offset: int | None
    text: str


Command = SendPong | SendClose | EndTcp | Fail | WouldStop


class Policy:
    """The state machine of one endpoint; ``role`` is ours.

    Feed it what happened (``handshake_broken``, ``saw``, ``sent``, ``peer_ended``, ``we_ended``); it
    returns what to do, in order. Once :attr:`stopped`, nothing is answered any more. :attr:`agreed`
    may be set as soon as the handshake has settled it, before the first frame.
    """

    def __init__(
        self, role: Role, settings: PolicySettings = TOLERANT, agreed: Agreed = NOTHING_AGREED
    ) -> None:
        self.role = role
        self.settings = settings
        self.agreed = agreed
        self.stopped = False
        self.sent_close: CloseBody | None = None
        self.received_close: CloseBody | None = None
        self.closed_first: Party | None = None
        self._told = False
        self._ending = False
        self._end: EndOfConversation | None = None

    @property
    def _facts(self) -> FrameFacts:
        return frame_facts(self.agreed.dialect)

    @property
    def _framing(self) -> Framing:
        return framing_called(self._facts.framing)

    @property
    def may_send_data(self) -> bool:
        """Whether a conforming endpoint may still send data (§5.5.1)."""
        return not self.stopped and self.sent_close is None

    # -- events

    def handshake_broken(self, text: str = "the handshake is broken") -> list[Command]:
        """The handshake did not open the connection; no Close frame may travel yet (§4.1, §7.1.7)."""
        if self.stopped or self._told:
            return []
        self._told = True
        if not self.settings.fail:
            return [WouldStop(ABNORMAL, None, None, text)]
        self.stopped = True
        return [Fail(ABNORMAL, None, None, text), *self._end_tcp(patient=False)]

    def saw(self, seen: Attention) -> list[Command]:
        """A frame of the peer that needs a look."""
        if self.received_close is not None:
            # After a Close "a peer discards any further data received" (§1.4).
            return []
        commands = self.judged(seen)
        if self.stopped or not seen.complete:
            return commands
        if seen.opcode == PING:
            commands += self._ping(seen)
        elif seen.opcode == CLOSE:
            commands += self._close(seen)
        return commands

    def judged(self, seen: Attention) -> list[Command]:
        """What follows from the faults of a frame alone, whatever it means otherwise."""
        if self.stopped or self.received_close is not None:
            return []
        judged = seen.anomalies
        if not self.settings.fail:
            # A limit of this program is nothing at which every conforming endpoint would stop.
            judged &= ~FrameAnomaly.INFLATE_LIMIT
        dialect = self.agreed.dialect
        if fails(judged, dialect) and not self._told:
            self._told = True
            code = failing_code(judged, dialect)
            number = seen.number if seen.complete else None
            text = failing_reason(judged, dialect)
            if self.settings.fail:
                return self._fail(code, number, seen.offset, text)
            return [WouldStop(code, number, seen.offset, text)]
        return []

    def sent(self, opcode: int, payload: bytes = b"") -> list[Command]:
        """A frame of ours is on its way, whoever asked for it. Payload: unmasked, of a Close."""
        if opcode != CLOSE or self.sent_close is not None:
            return []
        self.sent_close = self._read_close(payload)
        self.closed_first = self.closed_first or "us"
        if self.received_close is not None and self.settings.close and not self.stopped:
            return self._end_tcp(patient=self.role is Role.CLIENT)
        return []

    def peer_ended(self, how: TcpEnd = TcpEnd.FIN) -> list[Command]:
        """The peer's direction is over."""
        self._over("peer", how)
        if how is TcpEnd.RST or not self.settings.close:
            return []
        return self._end_tcp(patient=False)

    def we_ended(self, how: TcpEnd = TcpEnd.FIN) -> list[Command]:
        """Our direction is over, by a command or by the user."""
        self._ending = True
        self._over("us", how)
        return []

    def close_never_left(self) -> None:
        """The Close of ours that was commanded or asked for was not written, and will not be."""
        self.sent_close = None
        if self.closed_first == "us":
            self.closed_first = "peer" if self.received_close is not None else None

    def how_it_ended(self) -> EndOfConversation | None:
        """None while TCP has not ended in any direction.

        Where we ended TCP first the peer's Close may still come: then this changes.
        """
        if self._end is None:
            return None
        return how_it_ended(
            sent=self.sent_close,
            received=self.received_close,
            closed_first=self.closed_first,
            ended_first=self._end.ended_first,
            tcp=self._end.tcp,
            failed=self.stopped,
            frameless=self._facts.close is CloseStyle.NONE,
        )

    # -- parts

    def _ping(self, seen: Attention) -> list[Command]:
        """A Pong with the same data (§5.5.2), to a Ping that one Pong can answer."""
        able = self._framing.abilities(self.agreed).ping
        if able and self.settings.pong and seen.fin and seen.length == len(seen.payload):
            return [SendPong(self._pong_payload(seen.payload), self.settings.pong_after)]
        return []

    def _pong_payload(self, asked: bytes) -> bytes:
        match self.settings.pong_payload:
            case "empty":
                return b""
            case "other":
                return asked[:-1] + bytes([asked[-1] ^ 1]) if asked else b"?"
        return asked

    def _read_close(self, body: bytes) -> CloseBody:
        if self._facts.close is CloseStyle.CODES:
            return read_close_body(body)
        return CloseBody(None, bytes(body))

    def _close(self, seen: Attention) -> list[Command]:
        self.received_close = self._read_close(seen.payload)
        self.closed_first = self.closed_first or "peer"
        if not self.settings.close:
            return []
        commands: list[Command] = []
        if self.sent_close is None and self._facts.close is not CloseStyle.NONE:
            commands.append(self._answer_to_close(seen))
        # The server ends TCP first; a client may wait for it (§7.1.1).
        return [*commands, *self._end_tcp(patient=self.role is Role.CLIENT)]

    def _answer_to_close(self, seen: Attention) -> SendClose:
        """The received code back (§5.5.1); to a Close at fault what failing would send.

        Before there were codes: the whole body back, or what the draft fixes.
        """
        dialect = self.agreed.dialect
        if self._facts.close is not CloseStyle.CODES:
            answer = self._codeless(seen.payload)
        elif (failing := failing_code(seen.anomalies, dialect)) is not None:
            answer = SendClose(failing, failing_reason(seen.anomalies, dialect))
        else:
            code = self.received_close.code if self.received_close is not None else None
            answer = SendClose(code if code is None or may_send_in(dialect, code, self.role) else NORMAL)
        self._closing_with(answer)
        return answer

    def _codeless(self, received: bytes) -> SendClose:
        """A closing frame of a dialect without codes, which may answer the body ``received``."""
        if self._facts.close is CloseStyle.FREE:
            return SendClose(None, body=received)
        fixed = self._framing.close_body(None, "", sender=self.role, agreed=self.agreed)
        return SendClose(None, body=fixed)

    def _closing_with(self, sending: SendClose) -> None:
        if sending.body is not None:
            self.sent_close = CloseBody(None, sending.body)
        else:
            self.sent_close = CloseBody(sending.code, sending.reason.encode())

    def _fail(self, code: int | None, number: int | None, offset: int, text: str) -> list[Command]:
        """Fail the WebSocket Connection (§7.1.7): a Close frame, then TCP; nothing is read any more."""
        self.stopped = True
        commands: list[Command] = [Fail(code, number, offset, text)]
        if self._facts.close is CloseStyle.NONE:
            return [*commands, *self._end_tcp(patient=False)]
        if self.sent_close is None:
            closing = self._codeless(b"") if code is None else SendClose(code, text)
            self._closing_with(closing)
            self.closed_first = self.closed_first or "us"
            commands.append(closing)
        return [*commands, *self._end_tcp(patient=self.role is Role.CLIENT)]

    def _end_tcp(self, *, patient: bool) -> list[Command]:
        if self._ending:
            return []
        self._ending = not patient
        return [EndTcp(patient)]

    def _over(self, party: Party, how: TcpEnd) -> None:
        if self._end is None:
            self._end = how_it_ended(
                sent=self.sent_close,
                received=self.received_close,
                closed_first=self.closed_first,
                ended_first=party,
                tcp=how,
                failed=self.stopped,
                frameless=self._facts.close is CloseStyle.NONE,
            )
