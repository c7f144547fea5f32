"""One direction's bytes into frame columns, cut anywhere, whatever they are (RFC 6455 §5)."""

from wsinspector.protocol.anomalies import FAILING, FrameAnomaly
from wsinspector.protocol.arriving import (
    NOTABLE,
    NOTHING_AGREED,
    Agreed,
    Attention,
    MessageNumbering,
    Numbering,
    PendingFrame,
)
from wsinspector.protocol.closecodes import may_send
from wsinspector.protocol.columns import (
    FLAG_COMPRESSED,
    FLAG_ENDS_MESSAGE,
    FLAG_MASKED,
    FLAG_OUT,
    FLAG_STARTS_MESSAGE,
    FrameColumns,
)
from wsinspector.protocol.deflate import LIMIT, InflateFault, Inflater
from wsinspector.protocol.frames import MAX_HEADER, FrameHead, apply_mask, read_frame_head
from wsinspector.protocol.messages import Utf8Checker
from wsinspector.protocol.opcodes import (
    CLOSE,
    CONTROL_BIT,
    FIN_BIT,
    MAX_CONTROL_PAYLOAD,
    OPCODES,
    PONG,
    RSV1_BIT,
    RSV2_BIT,
    RSV3_BIT,
    TEXT,
)
from wsinspector.protocol.spans import Direction, Role

__all__ = [
    "Agreed",
    "Attention",
    "MessageNumbering",
    "Numbering",
    "PendingFrame",
    "Rfc6455Scanner",
    "close_anomalies",
]

_TOP_BIT = 1 << 63
_ZERO_KEY = bytes(4)
_NONE = FrameAnomaly.NONE


def _first_byte_anomalies(first: int, agreed: Agreed) -> FrameAnomaly:
    """What is wrong with a first byte whatever follows it (§5.2, §5.5; RFC 7692 §6.1)."""
    found = _NONE
    opcode = first & 0x0F
    if not OPCODES[opcode].defined:
        found |= FrameAnomaly.RESERVED_OPCODE
    if first & RSV1_BIT and (agreed.deflate is None or opcode not in (1, 2)):
        found |= FrameAnomaly.RSV1
    if first & RSV2_BIT:
        found |= FrameAnomaly.RSV2
    if first & RSV3_BIT:
        found |= FrameAnomaly.RSV3
    if opcode & CONTROL_BIT and not first & FIN_BIT:
        found |= FrameAnomaly.CONTROL_FRAGMENTED
    return found


def close_anomalies(body: bytes, sender: Role, *, whole: bool = True) -> FrameAnomaly:
    """What is wrong with a Close frame's body (§5.5.1, §7.4); ``whole`` False: it was cut at 125 bytes."""
    if not body:
        return _NONE
    if len(body) == 1:
        return FrameAnomaly.CLOSE_BODY_ONE_BYTE
    found = _NONE
    if not may_send(int.from_bytes(body[:2], "big"), sender):
        found |= FrameAnomaly.CLOSE_CODE_FORBIDDEN
    checker = Utf8Checker()
    bad = checker.feed(body[2:])
    if bad is not None or (whole and checker.end() is not None):
        found |= FrameAnomaly.CLOSE_REASON_NOT_UTF8
    return found


class _Message:
    """A data message whose end has not come."""

    __slots__ = (
        "checker",
        "compressed",
        "faulty",
        "inflating",
        "number",
        "opcode",
        "parts",
        "size",
        "too_big",
    )

    def __init__(self, number: int, opcode: int, compressed: bool) -> None:
        self.number = number
        self.opcode = opcode
        self.compressed = compressed
        self.inflating = compressed
        self.checker: Utf8Checker | None = None
        self.size = 0
        self.too_big = False
        self.faulty = False
        self.parts: list[bytes] | None = None


class Rfc6455Scanner:
    """Turns the bytes of one direction into :class:`FrameColumns`.

    ``start``: offset of the first frame byte in the direction's stream. ``sender``: who sends
    in this direction. ``max_message``: bytes a message may have before TOO_BIG. ``message_events``:
    also tell of each whole message, with its payload, in :attr:`attention`. ``stop_at_fault``:
    from the first failing frame or Close on, nothing counts as a message any more (§7.1.7); the columns
    go on. Holds of a payload only what it needs: control payloads up to 125 bytes, three bytes of text,
    the inflater's window (and messages, where ``message_events`` asks for them).
    """

    def __init__(
        self,
        direction: Direction,
        sender: Role,
        *,
        agreed: Agreed = NOTHING_AGREED,
        numbering: Numbering | None = None,
        start: int = 0,
        max_message: int | None = None,
        message_events: bool = False,
        stop_at_fault: bool = False,
        inflate_limit: int = LIMIT,
        inflater_window: bytes = b"",
    ) -> None:
        self.direction = direction
        self.sender = sender
        self.agreed = agreed
        self.numbering = Numbering() if numbering is None else numbering
        self.columns = FrameColumns()
        self.attention: list[Attention] = []
        self._max_message = max_message
        self._events = message_events
        self._stop_at_fault = stop_at_fault
        self._masked = sender is Role.CLIENT
        self._direction_flag = FLAG_OUT if direction is Direction.OUT else 0
        self._by_first = [_first_byte_anomalies(first, agreed) for first in range(256)]
        self._inflater: Inflater | None = None
        if agreed.deflate is not None:
            self._inflater = Inflater(
                takeover=agreed.deflate.takeover(sender), limit=inflate_limit, restore=inflater_window
            )
        self._end = start
        self._open: _Message | None = None
        self._closed = False
        self._stopped = False
        self._last_key: bytes | None = None
        self._header = b""
        self._offset = start
        self._began = 0
        self._head: FrameHead | None = None
        self._have = 0
        self._need = 0
        self._endless = False
        self._flags = 0
        self._current: _Message | None = None
        self._reads_payload = False
        self._anomalies = _NONE
        self._surfaced = _NONE
        self._body = b""

    # -- what the caller reads

    @property
    def position(self) -> int:
        """Offset in the stream of the next byte to be fed."""
        return self._end

    @property
    def closed(self) -> bool:
        """Whether a Close frame came in this direction."""
        return self._closed

    @property
    def between_messages(self) -> bool:
        """Whether a checkpoint taken now is exact."""
        return self._head is None and not self._header and self._open is None

    def checkpoint(self) -> bytes | None:
        """The inflater's window, to be given as ``inflater_window``; None where there is none to keep."""
        if self._inflater is None or self._inflater.lost or not self.between_messages:
            return None
        return self._inflater.checkpoint()

    @property
    def pending(self) -> PendingFrame | None:
        """The frame still arriving, or None at a frame boundary."""
        head = self._head
        if head is None:
            if not self._header:
                return None
            return PendingFrame(
                self._offset,
                self._header,
                0,
                0,
                0,
                self._header[0],
                self._direction_flag,
                0,
                self._by_first[self._header[0]],
                False,
                None,
                self._began,
            )
        message = self._current
        return PendingFrame(
            self._offset,
            self._header,
            head.header_len,
            head.length,
            self._have,
            head.first,
            self._flags,
            0 if message is None else message.number,
            self._anomalies,
            self._endless,
            self._bad_at(),
            self._began,
        )

    def take(self) -> FrameColumns:
        """The frames completed since the last call; they are then the caller's."""
        taken = self.columns
        self.columns = FrameColumns()
        return taken

    def drain(self) -> list[Attention]:
        """The entries of :attr:`attention` since the last call."""
        drained = self.attention
        self.attention = []
        return drained

    # -- what the caller gives

    def feed(self, data: bytes, at: int) -> None:
        """Take the stream's next bytes, read (or written) at ``at`` ns."""
        size = len(data)
        base = self._end
        self._end = base + size
        pos = 0
        while pos < size:
            if self._head is None:
                header = self._header
                if header:
                    joined = header + data[pos : pos + MAX_HEADER]
                    head = read_frame_head(joined)
                    if head is None:
                        self._header = joined
                        return
                    pos += head.header_len - len(header)
                    self._header = joined[: head.header_len]
                else:
                    self._offset = base + pos
                    self._began = at
                    head = read_frame_head(data, pos)
                    if head is None:
                        self._header = data[pos:]
                        return
                    self._header = data[pos : pos + head.header_len]
                    pos += head.header_len
                self._begin(head)
            pos = self._payload(data, pos, size)
            if not self._need and not self._endless:
                self._finish(at)
        if self._head is not None and self._anomalies & NOTABLE & ~self._surfaced:
            self._surface(at)

    def end(self, at: int) -> None:
        """The stream is over: a frame still arriving is emitted as TRUNCATED. Call it once."""
        head = self._head
        if head is not None:
            self._emit(at, head, self._anomalies | FrameAnomaly.TRUNCATED, self._flags & ~FLAG_ENDS_MESSAGE)
        elif self._header:
            first = self._header[0]
            head = FrameHead(first, 0, len(self._header), 0, False, None, 7)
            self._emit(at, head, self._by_first[first] | FrameAnomaly.TRUNCATED, self._direction_flag)
        self._header = b""
        self._head = None

    # -- a frame's three moments

    def _begin(self, head: FrameHead) -> None:
        first = head.first
        found = self._by_first[first]
        if head.masked is not self._masked:
            found |= FrameAnomaly.MASKED if head.masked else FrameAnomaly.UNMASKED
        self._endless = head.length >= _TOP_BIT
        if self._endless:
            found |= FrameAnomaly.LENGTH_TOP_BIT
        if not head.minimal:
            found |= FrameAnomaly.LENGTH_NOT_MINIMAL
        if head.key is not None:
            if head.key == _ZERO_KEY:
                found |= FrameAnomaly.ZERO_MASKING_KEY
            if head.key == self._last_key:
                found |= FrameAnomaly.REPEATED_MASKING_KEY
        self._last_key = head.key
        # A Pong may answer a Ping that crossed the Close (§5.5.2).
        if self._closed and first & 0x0F != PONG:
            found |= FrameAnomaly.AFTER_CLOSE
        flags = self._direction_flag | (FLAG_MASKED if head.masked else 0)
        message: _Message | None = None
        if first & CONTROL_BIT:
            if head.length > MAX_CONTROL_PAYLOAD:
                found |= FrameAnomaly.CONTROL_TOO_LONG
            self._reads_payload = True
        elif not self._stopped:
            message = self._open
            if first & 0x0F:
                if message is not None:
                    found |= FrameAnomaly.INTERLEAVED_DATA
                message = self._new_message(first, found)
                flags |= FLAG_STARTS_MESSAGE
            elif message is None:
                found |= FrameAnomaly.STRAY_CONTINUATION
            if message is not None:
                if first & FIN_BIT:
                    flags |= FLAG_ENDS_MESSAGE
                if message.compressed:
                    flags |= FLAG_COMPRESSED
                elif not self._endless:
                    message.size += head.length
                    found |= self._size_anomaly(message, message.size)
            self._reads_payload = message is not None and (
                message.checker is not None or message.inflating or message.parts is not None
            )
        else:
            self._reads_payload = False
        self._head = head
        self._current = message
        self._have = 0
        self._need = head.length
        self._flags = flags
        self._anomalies = found
        self._surfaced = _NONE
        self._body = b""

    def _new_message(self, first: int, found: FrameAnomaly) -> _Message:
        self.numbering.messages += 1
        opcode = first & 0x0F
        compressed = bool(first & RSV1_BIT) and not found & FrameAnomaly.RSV1
        message = _Message(self.numbering.messages, opcode, compressed)
        unknown = found & (FrameAnomaly.RSV1 | FrameAnomaly.RSV2 | FrameAnomaly.RSV3)
        if unknown or (compressed and self._inflater is not None and self._inflater.lost):
            # What the bytes mean is not known: judging them as text would be guessing.
            message.inflating = False
            if compressed and self._inflater is not None:
                self._inflater.abandon()
        elif opcode == TEXT:
            message.checker = Utf8Checker()
        outer = self._open
        if outer is not None and compressed and outer.inflating:
            outer.inflating = False
            outer.checker = None
            self._abandon_inflating(message)
        if not first & FIN_BIT:
            if outer is not None and outer.inflating:
                self._abandon_inflating(message)
            self._open = message
        if self._events and opcode in (1, 2):
            message.parts = []
        return message

    def _abandon_inflating(self, message: _Message) -> None:
        """A compressed message was left unfinished: its window is lost for ``message`` too."""
        if self._inflater is not None:
            self._inflater.abandon()
            if self._inflater.lost and message.compressed:
                message.inflating = False
                message.checker = None

    def _size_anomaly(self, message: _Message, size: int) -> FrameAnomaly:
        if self._max_message is None or size <= self._max_message or message.too_big:
            return _NONE
        message.too_big = True
        message.parts = None
        return FrameAnomaly.TOO_BIG

    def _payload(self, data: bytes, pos: int, size: int) -> int:
        """Take what is there of the current frame's payload; the position after it."""
        stop = size if self._endless else min(size, pos + self._need)
        if self._reads_payload and stop > pos:
            piece = data[pos:stop]
            if self._current is None:
                room = MAX_CONTROL_PAYLOAD - len(self._body)
                if room > 0:
                    self._body += piece[:room]
            else:
                key = None if self._head is None else self._head.key
                if key is not None:
                    turn = self._have & 3
                    piece = apply_mask(piece, key[turn:] + key[:turn])
                self._read(self._current, piece, final=False)
        taken = stop - pos
        self._have += taken
        if not self._endless:
            self._need -= taken
        return stop

    def _read(self, message: _Message, piece: bytes, *, final: bool) -> None:
        """Check a piece of a message's payload, unmasked; ``final`` ends the message."""
        if not message.compressed:
            self._check(message, piece)
        elif message.inflating and self._inflater is not None:
            inflater = self._inflater
            for out in inflater.pieces(piece, final=final):
                self._check(message, out)
                self._anomalies |= self._size_anomaly(message, inflater.size)
            if inflater.fault is not None:
                message.inflating = False
                message.parts = None
                failed = inflater.fault is InflateFault.FAILED
                self._anomalies |= FrameAnomaly.INFLATE_FAILED if failed else FrameAnomaly.INFLATE_LIMIT
            if final or inflater.fault is not None:
                inflater.end_message()

    def _check(self, message: _Message, piece: bytes) -> None:
        checker = message.checker
        if checker is not None and checker.bad_at is None and checker.feed(piece) is not None:
            self._anomalies |= FrameAnomaly.BAD_UTF8
        if message.parts is not None:
            message.parts.append(piece)

    def _finish(self, at: int) -> None:
        head = self._head
        assert head is not None
        message = self._current
        body = b""
        if head.first & CONTROL_BIT:
            body = self._body if head.key is None else apply_mask(self._body, head.key)
            if head.first & 0x0F == CLOSE:
                whole = head.length <= MAX_CONTROL_PAYLOAD
                self._anomalies |= close_anomalies(body, self.sender, whole=whole)
        elif message is not None and head.first & FIN_BIT:
            if message.compressed:
                self._read(message, b"", final=True)
            checker = message.checker
            if (
                checker is not None
                and checker.bad_at is None
                and message.inflating == message.compressed
                and checker.end() is not None
            ):
                self._anomalies |= FrameAnomaly.BAD_UTF8
            if message is self._open:
                self._open = None
        found = self._anomalies
        flags = self._flags
        if found & FAILING:
            if message is not None:
                message.faulty = True
            if self._stop_at_fault:
                self._stopped = True
                flags &= ~FLAG_ENDS_MESSAGE
        self._emit(at, head, found, flags)
        ended = (
            message is not None
            and message.parts is not None
            and not message.faulty
            and bool(flags & FLAG_ENDS_MESSAGE)
        )
        if head.first & CONTROL_BIT or found & NOTABLE or ended:
            self.attention.append(
                Attention(
                    self.numbering.frames,
                    self._offset,
                    head.first,
                    head.length,
                    body,
                    found,
                    True,
                    at,
                    0 if message is None else message.number,
                    self._bad_at(),
                    ended,
                    message.opcode if ended and message is not None else 0,
                    b"".join(message.parts or ()) if ended and message is not None else b"",
                )
            )
        if head.first & 0x0F == CLOSE:
            self._closed = True
            self._stopped = self._stopped or self._stop_at_fault
        self._head = None
        self._header = b""
        self._current = None

    def _bad_at(self) -> int | None:
        message = self._current
        return None if message is None or message.checker is None else message.checker.bad_at

    def _surface(self, at: int) -> None:
        """Tell of a frame that is already known to be wrong, before its last byte."""
        head = self._head
        if head is None:
            return
        self._surfaced = self._anomalies
        message = self._current
        self.attention.append(
            Attention(
                0,
                self._offset,
                head.first,
                head.length,
                b"",
                self._anomalies,
                False,
                at,
                0 if message is None else message.number,
                self._bad_at(),
            )
        )

    def _emit(self, at: int, head: FrameHead, found: FrameAnomaly, flags: int) -> None:
        columns = self.columns
        message = self._current
        columns.offset.append(self._offset)
        columns.header.append(head.header_len)
        columns.length.append(head.length)
        columns.first.append(head.first)
        columns.flags.append(flags)
        columns.time.append(at)
        columns.message.append(0 if message is None else message.number)
        columns.anomalies.append(found)
        self.numbering.frames += 1
