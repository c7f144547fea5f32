"""What a conforming receiver must do about bytes that have not left yet, by the program's own rules."""

import enum
from array import array
from dataclasses import dataclass, replace

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.anomaly_texts import anomaly_texts
from wsinspector.protocol.arriving import Agreed, Attention, PendingFrame
from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_ENDS_MESSAGE, FrameColumns
from wsinspector.protocol.crafting.planning import PIECE, Plan
from wsinspector.protocol.failing import DEMANDED, failing_code, fails
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.framings import Scanner, framing_called
from wsinspector.protocol.opcodes import BINARY, CLOSE, CONTROL_BIT, OPCODES, PING, PONG, TEXT
from wsinspector.protocol.policy import CONFORMING, Policy, SendClose, SendPong
from wsinspector.protocol.spans import Direction, Role
from wsinspector.translate import translate

MOST_JUDGED = 4 << 20
"""Bytes of a plan that are read for its verdict."""


class Must(enum.Enum):
    """What a conforming receiver does."""

    NOTHING = "nothing"
    DELIVER = "deliver"
    PONG = "pong"
    CLOSE = "close"
    WAIT = "wait"
    FAIL = "fail"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the sender's direction stands before the plan leaves.

    ``message``: opcode of a fragmented message that is open, 0 for none. ``owed``: payload bytes still
    missing from a frame that has begun. ``begun``: bytes of a header that is not whole. ``closed``: a
    Close frame has left. ``window``: what the receiver's inflater holds.
    """

    message: int = 0
    owed: int = 0
    begun: bytes = b""
    closed: bool = False
    window: bytes = b""


FRESH = Standing()


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a receiver must do, or that is noted of a frame.

    ``frame``: its number among those that the bytes make, from 1. ``start``: its first byte in the plan;
    ``code``: of the Close to send, None for none. ``anomaly``: what is wrong, NONE where nothing is.
    """

    must: Must
    text: str
    clause: str
    frame: int
    start: int
    code: int | None = None
    anomaly: FrameAnomaly = FrameAnomaly.NONE


@dataclass(frozen=True, slots=True)
class Judgement:
    """All lines in order; behind the first ``FAIL`` nothing counts. ``columns``: the frames as a receiver
    reads them, offsets from the plan's first byte. ``partial``: only the first bytes were read."""

    lines: tuple[Line, ...]
    columns: FrameColumns
    partial: bool = False
    pending: PendingFrame | None = None

    @property
    def failing(self) -> Line | None:
        """The line for which the connection must be failed."""
        return next((line for line in self.lines if line.must is Must.FAIL), None)

    @property
    def sentence(self) -> str:
        """The verdict in a line: the failing one, or else all that is done."""
        failing = self.failing
        if failing is not None:
            return failing.text
        # What waited within and has come by the end is nothing to tell.
        told = [line.text for line in self.lines[:-1] if line.must is not Must.WAIT]
        told += [line.text for line in self.lines[-1:]]
        if self.partial:
            told.append(translate("Craft", "Only the first 4 MiB were judged."))
        if not told:
            return translate("Craft", "Nothing leaves.")
        if len(told) > _TOLD:
            more = translate("Craft", "{count} more.").format(count=len(told) - _TOLD)
            if len(self.lines) >= MOST_LINES:
                more = translate("Craft", "Many more.")
            told = [*told[:_TOLD], more]
        return " ".join(told)


_TOLD = 3
MOST_LINES = 1000
"""What is told of a plan at most; the line for which the connection fails is told in any case."""


def judge(plan: Plan, standing: Standing = FRESH) -> Judgement:
    """What a conforming receiver must do about ``plan``, to which ``standing`` came before; never raises."""
    return _Judging(plan, standing).all()


def _bytes(count: int) -> str:
    if count == 1:
        return translate("Craft", "1 byte")
    return translate("Craft", "{count} bytes").format(count=count)


class _Judging:
    def __init__(self, plan: Plan, standing: Standing) -> None:
        self._plan = plan
        self._agreed: Agreed = plan.agreed
        self._sender = plan.sender
        self._standing = standing
        self._facts = frame_facts(plan.agreed.dialect)
        self._framing = framing_called(self._facts.framing)
        receiver = Role.SERVER if plan.sender is Role.CLIENT else Role.CLIENT
        self._policy = Policy(receiver, CONFORMING, plan.agreed)
        self._texts = anomaly_texts(plan.sender)
        self._lines: list[Line] = []
        self._columns = FrameColumns()
        self._failed = False
        self._count = 0
        self._shift = 0

    def all(self) -> Judgement:
        plan, standing = self._plan, self._standing
        if plan.problem or not plan.size:
            return Judgement((), FrameColumns())
        skipped = min(standing.owed, plan.size)
        if skipped:
            text = translate(
                "Craft",
                "The first {bytes} fill the frame that has begun; they are read as its payload.",
            )
            self._lines.append(
                Line(Must.NOTHING, text.format(bytes=_bytes(skipped)), self._clause("§5.2"), 0, 0)
            )
        self._remark()
        scanner = self._scanner(skipped)
        stop = min(plan.size, skipped + MOST_JUDGED)
        for at in range(skipped, stop, PIECE):
            scanner.feed(plan.read(at, min(stop, at + PIECE)), 0)
            self._took(scanner)
        pending = scanner.pending
        if pending is not None and self._shift:
            pending = replace(pending, offset=max(0, pending.offset - self._shift))
        if pending is not None and not self._failed and stop == plan.size and not self._discarding:
            self._lines.append(self._waiting(pending))
        return Judgement(tuple(self._lines), self._columns, stop < plan.size, pending)

    def _remark(self) -> None:
        """What the plan itself tells, since no receiver has to notice it."""
        for start, bits in self._plan.beyond_window:
            text = translate(
                "Craft",
                "Refers back further than the window of {count} bytes that was agreed; a receiver that keeps "
                "no more cannot inflate it.",
            )
            clause = "RFC 7692 §7.1.2"
            said = f"{text.format(count=1 << bits)} ({clause})"
            self._lines.append(Line(Must.NOTHING, said, clause, 0, start))

    @property
    def _discarding(self) -> bool:
        return self._standing.closed or self._policy.received_close is not None

    def _scanner(self, start: int) -> Scanner:
        """One that stands where the receiver's stands, at offset ``start``."""
        standing = self._standing
        prefix = b""
        if standing.message and self._framing.abilities(self._agreed).fragments:
            prefix = self._framing.encode(
                standing.message, b"", sender=self._sender, agreed=self._agreed, key=self._key(), fin=False
            )
        prefix += standing.begun
        scanner = self._framing.scanner(
            Direction.IN,
            self._sender,
            agreed=self._agreed,
            start=start,
            stop_at_fault=True,
            inflate_limit=self._agreed.inflate_limit,
            inflater_window=standing.window,
        )
        if prefix:
            self._shift = len(prefix)
            scanner.feed(prefix, 0)
            scanner.take()
            scanner.drain()
        return scanner

    def _key(self) -> bytes | None:
        masked = self._sender is Role.CLIENT and self._framing.abilities(self._agreed).masked
        return b"\x01\x02\x03\x04" if masked else None

    def _took(self, scanner: Scanner) -> None:
        """Look at what the scanner has made of the last bytes, in the order of the frames."""
        columns = scanner.take()
        if self._shift:
            columns.offset = array("Q", (max(0, offset - self._shift) for offset in columns.offset))
        told = {max(0, seen.offset - self._shift): seen for seen in scanner.drain()}
        self._columns.extend(columns)
        for index in range(len(columns)):
            self._count += 1
            if self._failed:
                return  # what is behind it counts no more
            seen = told.pop(columns.offset[index], None)
            self._frame(columns, index, seen)
        for seen in told.values():
            if not seen.complete and not self._failed:
                self._judged(seen, max(0, seen.offset - self._shift), self._count + 1)

    def _frame(self, columns: FrameColumns, index: int, seen: Attention | None) -> None:
        first, start = columns.first[index], columns.offset[index]
        length, opcode = columns.length[index], columns.first[index] & 0x0F
        anomalies = FrameAnomaly(columns.anomalies[index])
        plenty = len(self._lines) >= MOST_LINES
        if self._discarding and plenty:
            return
        if self._discarding:
            text = translate("Craft", "Frame {number} comes behind a Close and is discarded.")
            clause = self._clause("§1.4")
            self._lines.append(
                Line(Must.DISCARD, text.format(number=self._count), clause, self._count, start)
            )
            return
        if seen is not None and self._judged(seen, start, self._count):
            return
        if plenty and not first & CONTROL_BIT:
            return
        self._noted(anomalies, start)
        if first & CONTROL_BIT:
            if seen is not None:
                self._control(seen, opcode, length, start)
        elif columns.flags[index] & FLAG_ENDS_MESSAGE and not anomalies & FrameAnomaly.STRAY_CONTINUATION:
            self._delivered(columns, index, start)
        elif not first & 0x80:
            text = translate("Craft", "Frame {number}: keeps {bytes} and waits for the rest of the message.")
            self._say(Must.WAIT, text.format(number=self._count, bytes=_bytes(length)), "§5.4", start)

    def _judged(self, seen: Attention, start: int, number: int) -> bool:
        """Say that the connection must fail for ``seen``, where it must."""
        dialect = self._agreed.dialect
        anomalies = seen.anomalies & ~(FrameAnomaly.INFLATE_LIMIT | FrameAnomaly.TOO_BIG)
        if not fails(anomalies, dialect):
            return False
        self._failed = True
        code = failing_code(anomalies, dialect)
        deciding = next(
            (one for one in anomalies & self._facts.faults if failing_code(one, dialect) == code), anomalies
        )
        _, why, clause = self._texts[deciding]
        standard = self._facts.document.startswith("RFC ")
        if code is None:
            text = translate("Craft", "Must fail the connection: {why}")
        elif standard and not deciding & DEMANDED:
            text = translate(
                "Craft",
                "Usually fails the connection with {code}, as it may (§10.7); "
                "the rule binds the sender: {why}",
            )
        else:
            text = translate("Craft", "Must fail the connection, usually with {code}: {why}")
        if not standard:
            clause = self._facts.document
        said = f"{text.format(code=code, why=why)} ({clause})"
        self._lines.append(Line(Must.FAIL, said, clause, number, start, code, deciding))
        return True

    def _noted(self, anomalies: FrameAnomaly, start: int) -> None:
        for one in anomalies & self._facts.noted:
            if one in (FrameAnomaly.INFLATE_LIMIT, FrameAnomaly.TRUNCATED):
                continue
            _, why, clause = self._texts[one]
            clause = clause if self._facts.document.startswith("RFC ") else self._facts.document
            text = translate("Craft", "Need not fail: {why}").format(why=why)
            said = f"{text} ({clause})"
            self._lines.append(Line(Must.NOTHING, said, clause, self._count, start, None, one))

    def _control(self, seen: Attention, opcode: int, length: int, start: int) -> None:
        commands = self._policy.saw(seen)
        if opcode == PING and any(isinstance(command, SendPong) for command in commands):
            text = translate("Craft", "Must answer with a Pong with the same {bytes}.")
            self._say(Must.PONG, text.format(bytes=_bytes(length)), "§5.5.2", start)
        elif opcode == PONG:
            text = translate("Craft", "A Pong: no answer is expected.")
            self._say(Must.NOTHING, text, "§5.5.3", start)
        elif opcode == CLOSE:
            answer = next((command for command in commands if isinstance(command, SendClose)), None)
            code = None if answer is None else answer.code
            if self._facts.close is CloseStyle.NONE:
                text = translate("Craft", "Must end the connection.")
            elif code is None:
                text = translate("Craft", "Must answer with a Close frame, and end TCP.")
            else:
                text = translate("Craft", "Must answer with a Close frame, usually with {code}, and end TCP.")
            self._say(Must.CLOSE, text.format(code=code), "§5.5.1", start, code)

    def _delivered(self, columns: FrameColumns, index: int, start: int) -> None:
        opcode = columns.first[index] & 0x0F
        if opcode and columns.first[index] & 0x80:
            kind = {TEXT: translate("Craft", "text"), BINARY: translate("Craft", "binary")}.get(
                opcode, OPCODES[opcode].name
            )
            text = translate("Craft", "Must take the {kind} message of {bytes}.")
            if columns.flags[index] & FLAG_COMPRESSED:
                text = translate("Craft", "Must inflate {bytes} and take the {kind} message.")
            said = text.format(kind=kind, bytes=_bytes(columns.length[index]))
        else:
            said = translate("Craft", "Must take the message that frame {number} ends.").format(
                number=self._count
            )
        self._say(Must.DELIVER, said, "§6.2", start)

    def _waiting(self, pending: PendingFrame) -> Line:
        number = self._count + 1
        if pending.header_len == 0 or pending.endless:
            text = translate("Craft", "Waits: the header of frame {number} is not whole.")
            missing = 0
        else:
            missing = pending.length - pending.have
            text = translate("Craft", "Waits for {missing} more of frame {number}.")
        clause, start = self._clause("§5.2"), pending.offset
        said = text.format(number=number, missing=_bytes(missing))
        return Line(Must.WAIT, f"{said} ({clause})", clause, number, start)

    def _clause(self, section: str) -> str:
        document = self._facts.document
        return f"{document} {section}" if document.startswith("RFC ") else document

    def _say(self, must: Must, text: str, section: str, start: int, code: int | None = None) -> None:
        clause = self._clause(section)
        self._lines.append(Line(must, f"{text} ({clause})", clause, self._count, start, code))
