"""What travels once a connection is open, kept up with in either role, without any I/O."""

from bisect import bisect_left
from typing import Protocol

from wsinspector.conversation.doubt import Doubt, FailedInHttp
from wsinspector.conversation.snapshot import Fit, Stop
from wsinspector.conversation.watching import FrameWatch
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed, Attention, Numbering, PendingFrame
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.crafting import Standing
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.protocol.framings import Scanner
from wsinspector.protocol.opcodes import CONTROL_BIT, FIN_BIT
from wsinspector.protocol.policy import (
    Command,
    Fail,
    Policy,
    PolicySettings,
    TcpEnd,
    WouldStop,
)
from wsinspector.protocol.spans import Direction, Role

CHECKPOINT_EVERY = 1 << 20
"""Compressed bytes between two windows kept, each at most 32 KiB."""


READ_AS = "read_as"
"""The member of an attempt's facts that tells how its frames are read."""


def notable(agreed: Agreed) -> FrameAnomaly:
    """The anomalies that make a frame one at fault, in the dialect agreed on."""
    return frame_facts(agreed.dialect).faults | FrameAnomaly.INFLATE_LIMIT


class Traffic:
    """Both directions after the handshake: bytes in, commands out, frame columns on the side.

    ``role``: ours. ``agreed``: what the handshake settled, the dialect of the frames among it.
    ``start_in``, ``start_out``: offsets of the first frame byte in each direction's stream. ``echo``:
    whole messages are told of, to be sent back. ``policy``, ``numbering``, ``watch``: where they existed
    before the connection was open. Give it what is received with :meth:`received` and what is sent with
    :meth:`sent`; take the frames each call completed with :meth:`take`.
    """

    def __init__(
        self,
        role: Role,
        settings: PolicySettings,
        agreed: Agreed,
        *,
        start_in: int,
        start_out: int,
        echo: bool = False,
        policy: Policy | None = None,
        numbering: Numbering | None = None,
        watch: FrameWatch | None = None,
    ) -> None:
        self.role = role
        self.agreed = agreed
        self.policy = policy if policy is not None else Policy(role, settings)
        self.numbering = numbering if numbering is not None else Numbering()
        self.frames_in = 0
        self.frames_out = 0
        self.faults = 0
        self.would_stop: Stop | None = None
        self.stopped: Stop | None = None
        self.attention: list[Attention] = []
        self.checkpoint: tuple[Direction, int, bytes] | None = None
        """Direction, message and window of the inflater, for the caller to keep and to clear."""
        self.fit: Fit | None = None
        """A dialect that the peer's first frames fit better than ``agreed``."""
        self._doubt: Doubt | None = Doubt(agreed, role)
        self._failed = FailedInHttp() if role is Role.CLIENT else None
        self._checkpoint_at = 0
        self._faulty_at = -1
        self._unnumbered: int | None = None
        self._notable = notable(agreed)
        self._columns = FrameColumns()
        self.watch = watch if watch is not None else FrameWatch()
        self._echo = echo
        self._tells = echo or self.watch.contents
        self._peer = Role.SERVER if role is Role.CLIENT else Role.CLIENT
        self.framing = dialect_called(agreed.dialect).framing
        self.abilities = self.framing.abilities(agreed)
        self.policy.agreed = agreed
        self.read_as = {
            "in": start_in,
            "out": start_out,
            "max_message": settings.max_message or 0,
            "inflate_limit": agreed.inflate_limit,
            "stop_at_fault": settings.fail,
        }
        """What is needed beside the handshake to read the same bytes to the same frames, as JSON."""
        self._in: Scanner = self.framing.scanner(
            Direction.IN,
            self._peer,
            agreed=agreed,
            numbering=self.numbering,
            start=start_in,
            max_message=settings.max_message,
            message_events=self._tells,
            stop_at_fault=settings.fail,
            inflate_limit=agreed.inflate_limit,
        )
        self._out: Scanner = self.framing.scanner(
            Direction.OUT,
            role,
            agreed=agreed,
            numbering=self.numbering,
            start=start_out,
            inflate_limit=agreed.inflate_limit,
        )

    # -- what is known

    @property
    def pending_in(self) -> PendingFrame | None:
        return self._in.pending

    @property
    def pending_out(self) -> PendingFrame | None:
        return self._out.pending

    @property
    def standing(self) -> Standing:
        """What bytes of ours that are made bit by bit would follow."""
        scanner = self._out
        pending, message = scanner.pending, scanner.open_message
        window = scanner.checkpoint() or b""
        if pending is None:
            return Standing(message, closed=scanner.closed, window=window)
        if not pending.header_len:
            return Standing(message, begun=pending.header, closed=scanner.closed, window=window)
        if pending.first & FIN_BIT and not pending.first & CONTROL_BIT:
            message = 0  # the frame under way ends it
        return Standing(message, pending.length - pending.have, closed=scanner.closed, window=window)

    @property
    def hint(self) -> str:
        """What the peer's bytes are instead of frames, for a person; empty where they are frames."""
        return self._failed.text if self._failed is not None else ""

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

    # -- what happened

    def received(self, data: bytes, at: int) -> list[Command]:
        """Bytes of the peer; what the policy wants done about them."""
        scanner = self._in
        watch = self.watch
        if (watch.contents or self._echo) is not self._tells:
            self._tells = not self._tells
            scanner.tell_messages(self._tells)
        start = scanner.position
        scanner.feed(data, at)
        columns = scanner.take()
        failed = self._failed
        if failed is not None:
            pending = scanner.pending
            # The drafts' first bytes stand in the columns as they read, not as they travelled.
            firsts = columns.first.tobytes() if self.framing.name == "rfc6455" else None
            offset = None if pending is None else pending.offset
            failed.came(data, start, columns.offset, offset, firsts)
        if len(columns):
            if watch.on:
                last, attention = self.numbering.frames, scanner.attention
                watch.came(columns, last, attention, self.framing, self.agreed)
            self._count_in(columns)
            if len(self._columns):
                self._columns.extend(columns)
            else:
                # The scanner has let go of them; whoever watches may not.
                self._columns = copied(columns) if watch.on else columns
        if self.agreed.deflate is not None and scanner.position - self._checkpoint_at >= CHECKPOINT_EVERY:
            self._keep_window(scanner)
        if self._doubt is not None:
            self._look_at_first(self._doubt, data)
        if not scanner.attention:
            return []
        commands: list[Command] = []
        for seen in scanner.drain():
            if seen.anomalies & self._notable:
                self._fault(seen.offset)
            if failed is not None and failed.at is not None and seen.offset >= failed.at:
                # Whatever it looks like, it closes nothing and asks for no answer.
                commands += self.note(self.policy.judged(seen), at)
                continue
            commands += self.note(self.policy.saw(seen), at)
            self.attention.append(seen)
        return commands

    def sent(self, data: bytes, at: int) -> list[Attention]:
        """Bytes of ours; those frames of them that are worth a look."""
        self._out.feed(data, at)
        columns = self._out.take()
        self.frames_out += len(columns)
        self._columns.extend(columns)
        return self._out.drain()

    def framed(self, opcode: int, payload: bytes, at: int) -> list[Command]:
        """A frame of ours left; what follows from it."""
        return self.note(self.policy.sent(opcode, payload), at)

    def peer_ended(self, how: TcpEnd, at: int) -> list[Command]:
        """The peer's stream is over."""
        self.finish_frames(at)
        return self.note(self.policy.peer_ended(how), at)

    def finish_frames(self, at: int) -> None:
        """No further byte comes: frames still under way are cut off."""
        for scanner in (self._in, self._out):
            if scanner.pending is None:
                continue
            scanner.end(at)
            columns = scanner.take()
            if scanner is self._in:
                self._count_in(columns)
                if columns.anomalies[-1] & self._notable:
                    self._fault(columns.offset[-1])
            else:
                self.frames_out += len(columns)
            self._columns.extend(columns)

    def note(self, commands: list[Command], at: int) -> list[Command]:
        """Remember where ``commands`` stop the connection, or would; they come back as they are."""
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

    # -- writing

    def encode(
        self,
        opcode: int,
        payload: bytes,
        *,
        key: bytes | None,
        fin: bool = True,
        rsv: int = 0,
        length_form: int | None = None,
        declared: int | None = None,
    ) -> bytes:
        """One frame of ours. Raises ValueError, in words for a person, where the layout cannot hold it."""
        return self.framing.encode(
            opcode,
            payload,
            sender=self.role,
            agreed=self.agreed,
            key=key,
            fin=fin,
            rsv=rsv,
            length_form=length_form,
            declared=declared,
        )

    def close_body(self, code: int | None, reason: str = "") -> bytes:
        """What a closing frame of ours holds; without code and reason where the dialect has none."""
        return self.framing.close_body(code, reason, sender=self.role, agreed=self.agreed)

    # -- inside

    def _look_at_first(self, doubt: Doubt, data: bytes) -> None:
        doubt.came(data)
        if doubt.over:
            self.fit, self._doubt = doubt.fit, None

    def _fault(self, offset: int) -> None:
        """Count the frame at ``offset`` once, though it may be told of while arriving and when whole."""
        if offset != self._faulty_at:
            self._faulty_at = offset
            self.faults += 1

    def _keep_window(self, scanner: Scanner) -> None:
        """Only where windows are carried over is there one to keep (RFC 7692 §7.1.1)."""
        deflate = self.agreed.deflate
        if deflate is None or not deflate.takeover(self._peer):
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


def copied(columns: FrameColumns) -> FrameColumns:
    """The same columns once more, as the first are added to."""
    made = FrameColumns()
    made.extend(columns)
    return made


class Carrying(Protocol):
    """An exchange of either role, as far as those need it who send and who tell how it went."""

    policy: Policy
    numbering: Numbering

    @property
    def traffic(self) -> Traffic | None:
        """None until the handshake is over."""
        ...

    @property
    def upgraded(self) -> bool: ...

    @property
    def watch(self) -> FrameWatch: ...

    def take(self) -> FrameColumns: ...

    def sent(self, data: bytes, at: int) -> list[Attention]: ...

    def framed(self, opcode: int, payload: bytes, at: int) -> list[Command]: ...
