"""The client's half of a handshake, and what follows it, kept up with as the bytes come, without any I/O."""

from wsinspector.conversation.snapshot import Stop
from wsinspector.conversation.spoken import Agreement, Spoken, agreement, spoken_with
from wsinspector.conversation.traffic import Traffic
from wsinspector.conversation.watching import FrameWatch
from wsinspector.protocol.arriving import Attention, Numbering, PendingFrame
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.http import Response
from wsinspector.protocol.http_reader import ReadPhase, ResponseReader, parse_request, request_parts
from wsinspector.protocol.policy import Command, Policy, PolicySettings, TcpEnd
from wsinspector.protocol.spans import Direction, Role
from wsinspector.verdicts.finding import Verdict
from wsinspector.verdicts.response_rules import judge_response


def reader_for(request: bytes, spoken: Spoken) -> ResponseReader:
    """Reads the answer to ``request``, with what the dialect puts behind the head of its 101."""
    return ResponseReader(
        method=request_parts(parse_request(request)).method,
        answer_tail=spoken.proposed.handshake.answer_tail,
    )


def waits_for_tail(reader: ResponseReader) -> bool:
    """Whether the head of a 101 came, and what belongs behind it has not come whole."""
    response = reader.response if reader.phase is ReadPhase.BODY else None
    return response is not None and response.status == 101


class Exchange:
    """One connection as the client: bytes in, commands out, frame columns on the side.

    Give it what is received with :meth:`received` and what is sent after the request with
    :meth:`sent`; take the frames each call completed with :meth:`take`. Once a 101 is whole there is
    a :class:`Traffic`, which most of the members below ask. ``speak``: as in the options.
    """

    role = Role.CLIENT

    def __init__(
        self, request: bytes, settings: PolicySettings, *, echo: bool = False, speak: str = ""
    ) -> None:
        self.request = request
        self.spoken = spoken_with(request, speak)
        self.policy = Policy(Role.CLIENT, settings)
        self.reader = reader_for(request, self.spoken)
        self.numbering = Numbering()
        self.verdict: Verdict | None = None
        self.agreement: Agreement | None = None
        self.kept_open = False
        """Whether a whole answer said that the connection ends, and time was given to it in vain."""
        self.watch = FrameWatch()
        self._echo = echo
        self._settings = settings
        self._traffic: Traffic | None = None

    # -- what is known

    @property
    def traffic(self) -> Traffic | None:
        """None until a 101 is whole."""
        return self._traffic

    @property
    def upgraded(self) -> bool:
        return self._traffic is not None

    @property
    def response(self) -> Response | None:
        return self.reader.response

    @property
    def waits_for_tail(self) -> bool:
        """As :func:`waits_for_tail`."""
        return waits_for_tail(self.reader)

    @property
    def frames_in(self) -> int:
        return self._traffic.frames_in if self._traffic is not None else 0

    @property
    def frames_out(self) -> int:
        return self._traffic.frames_out if self._traffic is not None else 0

    @property
    def faults(self) -> int:
        """Frames of the peer at fault."""
        return self._traffic.faults if self._traffic is not None else 0

    @property
    def would_stop(self) -> Stop | None:
        return self._traffic.would_stop if self._traffic is not None else None

    @property
    def stopped(self) -> Stop | None:
        return self._traffic.stopped if self._traffic is not None else None

    @property
    def pending_in(self) -> PendingFrame | None:
        return self._traffic.pending_in if self._traffic is not None else None

    @property
    def pending_out(self) -> PendingFrame | None:
        return self._traffic.pending_out if self._traffic is not None else None

    @property
    def pending(self) -> tuple[PendingFrame, ...]:
        """Frames still arriving and still leaving."""
        return tuple(frame for frame in (self.pending_in, self.pending_out) if frame is not None)

    def take(self) -> FrameColumns:
        """The frames completed since the last call, in the order of their numbers."""
        return self._traffic.take() if self._traffic is not None else FrameColumns()

    def drain(self) -> list[Attention]:
        """Frames of the peer that were worth a look since the last call."""
        return self._traffic.drain() if self._traffic is not None else []

    def take_checkpoint(self) -> tuple[Direction, int, bytes] | None:
        """Direction, message and window of the inflater where one is to be kept; told once."""
        traffic = self._traffic
        if traffic is None or traffic.checkpoint is None:
            return None
        checkpoint, traffic.checkpoint = traffic.checkpoint, None
        return checkpoint

    def judge(self) -> None:
        """Make the verdict on what has come of the answer."""
        self.verdict = judge_response(
            self.request,
            self.reader.response,
            interim=self.reader.interim,
            dialect=self.spoken.proposed.name,
            kept_open=self.kept_open,
        )

    # -- what happened

    def received(self, data: bytes, at: int) -> list[Command]:
        """Bytes of the peer; what the policy wants done about them."""
        if self._traffic is not None:
            return self._traffic.received(data, at)
        before = self.reader.received
        self.reader.feed(data)
        if self.reader.phase is not ReadPhase.UPGRADED:
            return []
        start = self.reader.frames_start
        assert start is not None
        traffic, commands = self._open(start, at)
        if rest := data[start - before :]:
            commands += traffic.received(rest, at)
        return commands

    def sent(self, data: bytes, at: int) -> list[Attention]:
        """Bytes of ours after the request; those frames of them that are worth a look."""
        return self._traffic.sent(data, at) if self._traffic is not None else []

    def framed(self, opcode: int, payload: bytes, at: int) -> list[Command]:
        """A frame of ours left; what follows from it."""
        return self._traffic.framed(opcode, payload, at) if self._traffic is not None else []

    def peer_ended(self, how: TcpEnd, at: int) -> list[Command]:
        """The peer's stream is over."""
        if self._traffic is None:
            self.reader.eof()
            return []
        return self._traffic.peer_ended(how, at)

    def finish_frames(self, at: int) -> None:
        """No further byte comes: frames still under way are cut off."""
        if self._traffic is not None:
            self._traffic.finish_frames(at)

    # -- inside

    def _open(self, start: int, at: int) -> tuple[Traffic, list[Command]]:
        self.judge()
        response = self.reader.response
        assert response is not None
        traffic = self._open_with(response, start)
        if self.verdict is not None and self.verdict.breaks:
            return traffic, traffic.note(self.policy.handshake_broken(), at)
        return traffic, []

    def _open_with(self, response: Response, start: int) -> Traffic:
        """Frames come from offset ``start`` on and leave behind the request."""
        self.agreement = agreement(
            self.spoken, self.request, response, inflate_limit=self._settings.inflate_limit
        )
        self._traffic = Traffic(
            Role.CLIENT,
            self._settings,
            self.agreement.agreed,
            start_in=start,
            start_out=len(self.request),
            echo=self._echo,
            policy=self.policy,
            numbering=self.numbering,
            watch=self.watch,
        )
        return self._traffic
