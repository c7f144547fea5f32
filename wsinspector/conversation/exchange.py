"""What the two byte streams of a connection mean, kept up with as they come, without any I/O."""

from bisect import bisect_left
from dataclasses import dataclass

from wsinspector.conversation.snapshot import Stop
from wsinspector.protocol.arriving import NOTABLE, Agreed, Attention, Numbering, PendingFrame
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.deflate import agreed_from
from wsinspector.protocol.draft import EXTENSIONS, PROTOCOL
from wsinspector.protocol.http import Response
from wsinspector.protocol.http_reader import ReadPhase, ResponseReader, parse_request, request_parts
from wsinspector.protocol.policy import Command, Fail, Policy, PolicySettings, TcpEnd, WouldStop
from wsinspector.protocol.scanner import Rfc6455Scanner
from wsinspector.protocol.spans import Direction, Role
from wsinspector.verdicts.finding import Verdict
from wsinspector.verdicts.response_rules import judge_response

CHECKPOINT_EVERY = 1 << 20
"""Compressed bytes between two windows kept, each at most 32 KiB."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a 101 settled: the subprotocol and extensions as answered, and what deflate means."""

    subprotocol: str | None
    extensions: tuple[str, ...]
    agreed: Agreed


def agreement(request: bytes, response: Response) -> Agreement:
    """Read the agreement out of the request's and the answer's bytes."""
    asked = parse_request(request)
    protocols = response.head.values(PROTOCOL)
    extensions = response.head.members(EXTENSIONS)
    return Agreement(
        subprotocol=protocols[0].decode("latin-1") if protocols else None,
        extensions=tuple(member.decode("latin-1") for member in extensions),
        agreed=Agreed(agreed_from(asked.values(EXTENSIONS), response.head.values(EXTENSIONS))),
    )


class Exchange:
    """One connection as the client: bytes in, commands out, frame columns on the side.

    Give it what is received with :meth:`received` and what is sent after the request with
    :meth:`sent`; take the frames each call completed with :meth:`take`.
    """

    def __init__(self, request: bytes, settings: PolicySettings, *, echo: bool = False) -> None:
        self.request = request
        self.policy = Policy(Role.CLIENT, settings)
        self.reader = ResponseReader(method=request_parts(parse_request(request)).method)
        self.numbering = Numbering()
        self.verdict: Verdict | None = None
        self.agreement: Agreement | None = None
        self.frames_in = 0
        self.frames_out = 0
        self.faults = 0
        self._faulty_at = -1
        self.would_stop: Stop | None = None
        self.stopped: Stop | None = None
        self.attention: list[Attention] = []
        self.checkpoint: tuple[Direction, int, bytes] | None = None
        """Direction, message and window of the inflater, for the caller to keep and to clear."""
        self._checkpoint_at = 0
        self._echo = echo
        self._settings = settings
        self._columns = FrameColumns()
        self._in: Rfc6455Scanner | None = None
        self._out: Rfc6455Scanner | None = None
        self._unnumbered: int | None = None

    # -- what is known

    @property
    def upgraded(self) -> bool:
        return self._in is not None

    @property
    def response(self) -> Response | None:
        return self.reader.response

    @property
    def pending(self) -> tuple[PendingFrame, ...]:
        """Frames still arriving and still leaving."""
        scanners = (scanner for scanner in (self._in, self._out) if scanner is not None)
        return tuple(frame for scanner in scanners if (frame := scanner.pending) is not None)

    @property
    def pending_in(self) -> PendingFrame | None:
        return self._in.pending if self._in is not None else None

    @property
    def pending_out(self) -> PendingFrame | None:
        return self._out.pending if self._out is not None else None

    def take(self) -> FrameColumns:
        """The frames completed since the last call, in the order of their numbers."""
        taken = self._columns
        self._columns = FrameColumns()
        return taken

    def drain(self) -> list[Attention]:
        """Frames of the peer that were worth a look since the last call."""
        drained = self.attention
        self.attention = []
        return drained

    def judge(self) -> None:
        """Make the verdict on what has come of the answer."""
        self.verdict = judge_response(self.request, self.reader.response, interim=self.reader.interim)

    # -- what happened

    def received(self, data: bytes, at: int) -> list[Command]:
        """Bytes of the peer; what the policy wants done about them."""
        if self._in is not None:
            return self._scan(self._in, data, at)
        before = self.reader.received
        self.reader.feed(data)
        if self.reader.phase is not ReadPhase.UPGRADED:
            return []
        start = self.reader.frames_start
        assert start is not None
        scanner, commands = self._open(start, at)
        if rest := data[start - before :]:
            commands += self._scan(scanner, rest, at)
        return commands

    def sent(self, data: bytes, at: int) -> None:
        """Bytes of ours after the request."""
        if self._out is None:
            return
        self._out.feed(data, at)
        columns = self._out.take()
        self._out.drain()
        self.frames_out += len(columns)
        self._columns.extend(columns)

    def framed(self, opcode: int, payload: bytes, at: int) -> list[Command]:
        """A frame of ours left; what follows from it."""
        return self._note(self.policy.sent(opcode, payload), at)

    def peer_ended(self, how: TcpEnd, at: int) -> list[Command]:
        """The peer's stream is over."""
        if self._in is None:
            self.reader.eof()
            return []
        self.finish_frames(at)
        return self._note(self.policy.peer_ended(how), at)

    def finish_frames(self, at: int) -> None:
        """No further byte comes: frames still under way are cut off."""
        for scanner in (self._in, self._out):
            if scanner is None or scanner.pending is None:
                continue
            scanner.end(at)
            columns = scanner.take()
            if scanner is self._in:
                self._count_in(columns)
                if columns.anomalies[-1] & NOTABLE:
                    self._fault(columns.offset[-1])
            else:
                self.frames_out += len(columns)
            self._columns.extend(columns)

    # -- inside

    def _open(self, start: int, at: int) -> tuple[Rfc6455Scanner, list[Command]]:
        self.judge()
        response = self.reader.response
        assert response is not None
        self.agreement = agreement(self.request, response)
        self._in = Rfc6455Scanner(
            Direction.IN,
            Role.SERVER,
            agreed=self.agreement.agreed,
            numbering=self.numbering,
            start=start,
            max_message=self._settings.max_message,
            message_events=self._echo,
            stop_at_fault=self._settings.fail,
        )
        self._out = Rfc6455Scanner(
            Direction.OUT,
            Role.CLIENT,
            agreed=self.agreement.agreed,
            numbering=self.numbering,
            start=len(self.request),
        )
        if self.verdict is not None and self.verdict.breaks:
            return self._in, self._note(self.policy.handshake_broken(), at)
        return self._in, []

    def _scan(self, scanner: Rfc6455Scanner, data: bytes, at: int) -> list[Command]:
        scanner.feed(data, at)
        columns = scanner.take()
        if len(columns):
            self._count_in(columns)
            if len(self._columns):
                self._columns.extend(columns)
            else:
                self._columns = columns  # the scanner has let go of them
        if scanner.agreed.deflate is not None and scanner.position - self._checkpoint_at >= CHECKPOINT_EVERY:
            self._keep_window(scanner)
        if not scanner.attention:
            return []
        commands: list[Command] = []
        for seen in scanner.drain():
            if seen.anomalies & NOTABLE:
                self._fault(seen.offset)
            commands += self._note(self.policy.saw(seen), at)
            self.attention.append(seen)
        return commands

    def _fault(self, offset: int) -> None:
        """Count the frame at ``offset`` once, though it may be told of while arriving and when whole."""
        if offset != self._faulty_at:
            self._faulty_at = offset
            self.faults += 1

    def _keep_window(self, scanner: Rfc6455Scanner) -> None:
        """Only where windows are carried over is there one to keep (RFC 7692 §7.1.1)."""
        deflate = scanner.agreed.deflate
        if deflate is None or not deflate.takeover(Role.SERVER):
            return
        window = scanner.checkpoint()
        if window is not None:
            self.checkpoint = (Direction.IN, self.numbering.messages, window)
            self._checkpoint_at = scanner.position

    def _count_in(self, columns: FrameColumns) -> None:
        self.frames_in += len(columns)
        if self._unnumbered is None:
            return
        place = bisect_left(columns.offset, self._unnumbered)
        if place < len(columns) and columns.offset[place] == self._unnumbered:
            number = self.numbering.frames - len(columns) + place + 1
            self._unnumbered = None
            if self.stopped is not None:
                self.stopped = Stop(number, self.stopped.code, self.stopped.text, self.stopped.at)
            elif self.would_stop is not None:
                self.would_stop = Stop(number, self.would_stop.code, self.would_stop.text, self.would_stop.at)

    def _note(self, commands: list[Command], at: int) -> list[Command]:
        for command in commands:
            if not isinstance(command, Fail | WouldStop):
                continue
            number = command.number
            if number is None:
                # Still arriving: the number it would have now, made exact once it is whole.
                number = self.numbering.frames + 1 if command.offset is not None else 0
                self._unnumbered = command.offset
            stop = Stop(number, command.code, command.text, at)
            if isinstance(command, Fail):
                self.stopped = stop
            else:
                self.would_stop = stop
        return commands
