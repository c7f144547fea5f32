"""One direction's bytes into frame columns, cut anywhere, whatever they are (RFC 6455 §5)."""

from functools import lru_cache

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
from wsinspector.protocol.columns import (
    FLAG_COMPRESSED,
    FLAG_ENDS_MESSAGE,
    FLAG_MASKED,
    FLAG_OUT,
    FLAG_STARTS_MESSAGE,
    FrameColumns,
)
from wsinspector.protocol.deflate import LIMIT
from wsinspector.protocol.frame_rules import close_anomalies, first_byte_anomalies
from wsinspector.protocol.frames import apply_mask
from wsinspector.protocol.lengths import MAX_HEADER, header_length
from wsinspector.protocol.message_reader import Message, MessageReader
from wsinspector.protocol.opcodes import (
    CLOSE,
    CONTROL_BIT,
    FIN_BIT,
    MASK_BIT,
    MAX_CONTROL_PAYLOAD,
    PONG,
)
from wsinspector.protocol.runs import append_run, no_frames, run_masked, run_plain
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

# An enum.Flag takes half a microsecond to combine, so the scanner reckons with plain integers.
_FAILING = int(FAILING)
_NOTABLE = int(NOTABLE)
_UNMASKED = int(FrameAnomaly.UNMASKED)
_MASKED = int(FrameAnomaly.MASKED)
_NOT_MINIMAL = int(FrameAnomaly.LENGTH_NOT_MINIMAL)
_LENGTH_TOP_BIT = int(FrameAnomaly.LENGTH_TOP_BIT)
_CONTROL_TOO_LONG = int(FrameAnomaly.CONTROL_TOO_LONG)
_STRAY = int(FrameAnomaly.STRAY_CONTINUATION)
_INTERLEAVED = int(FrameAnomaly.INTERLEAVED_DATA)
_AFTER_CLOSE = int(FrameAnomaly.AFTER_CLOSE)
_ZERO_MASKING_KEY = int(FrameAnomaly.ZERO_MASKING_KEY)
_REPEATED_MASKING_KEY = int(FrameAnomaly.REPEATED_MASKING_KEY)
_TRUNCATED = int(FrameAnomaly.TRUNCATED)

_anomalies_of = lru_cache(256)(FrameAnomaly)
"""Making a flag of an integer takes longer than looking it up."""

_TOP_BIT = 1 << 63
_ZERO_KEY = bytes(4)
_FINAL_MESSAGES = (0x81, 0x82)


class Rfc6455Scanner:
    """Turns the bytes of one direction into :class:`FrameColumns`.

    ``start``: offset of the first frame byte in the direction's stream. ``sender``: who sends
    in this direction. ``max_message``: bytes a message may have before TOO_BIG.
    ``message_events``: also tell of each whole message in :attr:`attention`, with its payload
    (up to ``inflate_limit`` bytes). ``stop_at_fault``: from the first failing frame or Close on,
    nothing counts as a message any more (§7.1.7); the columns go on.

    Holds of a payload only what it needs: 125 bytes of a control frame, three bytes of text, the
    inflater's window (and messages, where ``message_events`` asks for them).
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
        self.columns = no_frames()
        self.attention: list[Attention] = []
        self._max_message = max_message
        self._message_events = message_events
        self._stop_at_fault = stop_at_fault
        self._masked = sender is Role.CLIENT
        self._direction_flag = FLAG_OUT if direction is Direction.OUT else 0
        self._by_first = [int(first_byte_anomalies(first, agreed)) for first in range(256)]
        self._messages = MessageReader(
            sender,
            agreed,
            self.numbering,
            max_message=max_message,
            keep=message_events,
            limit=inflate_limit,
            window=inflater_window,
        )
        self._end = start
        self._closed = False
        self._stopped = False
        self._last_key: bytes | None = None
        # The frame being read: its header as far as it came; once whole, ``_active`` and the rest.
        self._header = b""
        self._offset = start
        self._began = 0
        self._active = False
        self._first = 0
        self._length = 0
        self._key: bytes | None = None
        self._have = 0
        self._flags = 0
        self._current: Message | None = None
        self._reads_payload = False
        self._anomalies = 0
        self._surfaced = 0
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
        return not self._active and not self._header and self._messages.open is None

    def checkpoint(self) -> bytes | None:
        """The inflater's window, to be given as ``inflater_window``; None where there is none to keep."""
        inflater = self._messages.inflater
        if inflater is None or inflater.lost or not self.between_messages:
            return None
        return inflater.checkpoint()

    @property
    def pending(self) -> PendingFrame | None:
        """The frame still arriving, or None at a frame boundary."""
        header = self._header
        if self._active:
            message = self._current
            return PendingFrame(
                self._offset,
                header,
                len(header),
                self._length,
                self._have,
                self._first,
                self._flags,
                0 if message is None else message.number,
                FrameAnomaly(self._anomalies),
                self._length >= _TOP_BIT,
                None if message is None else message.bad_at,
                self._began,
            )
        if not header:
            return None
        known = FrameAnomaly(self._by_first[header[0]])
        flags = self._direction_flag
        return PendingFrame(
            self._offset, header, 0, 0, 0, header[0], flags, 0, known, False, None, self._began
        )

    def take(self) -> FrameColumns:
        """The frames completed since the last call; they are then the caller's."""
        taken = self.columns
        self.columns = no_frames()
        return taken

    def drain(self) -> list[Attention]:
        """The entries of :attr:`attention` since the last call."""
        drained = self.attention
        self.attention = []
        return drained

    # -- what the caller gives

    def stop_counting(self) -> None:
        """From the next frame on nothing counts as a message (§7.1.7): the connection has failed."""
        self._stopped = True

    def feed(self, data: bytes, at: int) -> None:
        """Take the stream's next bytes, read (or written) at ``at`` ns."""
        size = len(data)
        base = self._end
        self._end = base + size
        pos = 0
        while pos < size:
            if not self._active:
                header = self._header
                if header:
                    joined = header + data[pos : pos + MAX_HEADER]
                    if not self._begin(joined, 0, len(joined)):
                        self._header = joined
                        return
                    pos += len(self._header) - len(header)
                else:
                    if self._messages.open is None and not self._busy and data[pos] in _FINAL_MESSAGES:
                        pos = self._run(data, pos, size, at)
                        if pos == size:
                            return
                    self._offset = base + pos
                    self._began = at
                    if not self._begin(data, pos, size):
                        self._header = data[pos:]
                        return
                    pos += len(self._header)
            length = self._length
            taken = size - pos if length >= _TOP_BIT else min(size - pos, length - self._have)
            if taken and self._reads_payload:
                self._take_payload(data, pos, pos + taken)
            self._have += taken
            pos += taken
            if self._have == length:
                self._finish(at)
        if self._active and self._anomalies & _NOTABLE & ~self._surfaced:
            self._surfaced = self._anomalies
            self._tell(at, b"", False)

    def end(self, at: int) -> None:
        """The stream is over: a frame still arriving is emitted as TRUNCATED. Call it once."""
        if not self._active:
            if not self._header:
                return
            self._first = self._header[0]
            self._anomalies = self._by_first[self._first]
            self._flags = self._direction_flag
            self._length = 0
            self._current = None
        self._anomalies |= _TRUNCATED
        self._flags &= ~FLAG_ENDS_MESSAGE
        self._emit(at)
        self._header = b""
        self._active = False

    # -- the fast road

    @property
    def _busy(self) -> bool:
        return self._closed or self._stopped or self._message_events

    def _run(self, data: bytes, pos: int, size: int, at: int) -> int:
        """Take the whole, faultless messages from ``pos`` on; the position after them."""
        limit = size if self._max_message is None else self._max_message
        if self._masked:
            run = run_masked(data, pos, size, limit, self._last_key)
            flags = self._direction_flag | FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE | FLAG_MASKED
        else:
            run = run_plain(data, pos, size, limit)
            flags = self._direction_flag | FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE
        stop, _, lengths, _, key = run
        count = len(lengths)
        if count:
            self._last_key = key
            numbering = self.numbering
            offset = self._end - size + pos
            key_bytes = 4 if self._masked else 0
            append_run(self.columns, run, offset, key_bytes, flags, at, numbering.messages + 1)
            numbering.messages += count
            numbering.frames += count
        return stop

    # -- a frame's three moments

    def _begin(self, data: bytes, pos: int, size: int) -> bool:
        """Read the header at ``pos``; False where its bytes are not all there."""
        if size - pos < 2:
            return False
        first = data[pos]
        b1 = data[pos + 1]
        stop = pos + header_length(b1)
        if stop > size:
            return False
        found = self._by_first[first]
        length = b1 & 0x7F
        if length == 126:
            length = data[pos + 2] << 8 | data[pos + 3]
            if length < 126:
                found |= _NOT_MINIMAL
        elif length == 127:
            length = int.from_bytes(data[pos + 2 : pos + 10], "big")
            if length < 0x10000:
                found |= _NOT_MINIMAL
            elif length >= _TOP_BIT:
                found |= _LENGTH_TOP_BIT
        flags = self._direction_flag
        key: bytes | None = None
        if b1 & MASK_BIT:
            key = data[stop - 4 : stop]
            flags |= FLAG_MASKED
            if not self._masked:
                found |= _MASKED
            if key == _ZERO_KEY:
                found |= _ZERO_MASKING_KEY
            if key == self._last_key:
                found |= _REPEATED_MASKING_KEY
        elif self._masked:
            found |= _UNMASKED
        self._last_key = self._key = key
        # A Pong may answer a Ping that crossed the Close (§5.5.2).
        if self._closed and first & 0x0F != PONG:
            found |= _AFTER_CLOSE
        self._header = data[pos:stop]
        self._active = True
        self._first = first
        self._length = length
        self._have = 0
        self._surfaced = 0
        self._flags = flags
        self._anomalies = found
        self._current = None
        if first & CONTROL_BIT:
            self._body = b""
            self._reads_payload = True
            if length > MAX_CONTROL_PAYLOAD:
                self._anomalies |= _CONTROL_TOO_LONG
        elif self._stopped:
            self._reads_payload = False
        else:
            self._begin_data(first, length)
        return True

    def _begin_data(self, first: int, length: int) -> None:
        """Place a data frame into its message."""
        messages = self._messages
        message = messages.open
        if first & 0x0F:
            if message is not None:
                self._anomalies |= _INTERLEAVED
            message = messages.begin(first, self._anomalies)
            self._flags |= FLAG_STARTS_MESSAGE
        elif message is None:
            self._anomalies |= _STRAY
            self._reads_payload = False
            return
        self._current = message
        if first & FIN_BIT:
            self._flags |= FLAG_ENDS_MESSAGE
        if message.compressed:
            self._flags |= FLAG_COMPRESSED
        if length < _TOP_BIT:
            self._anomalies |= messages.declared(message, length)
        self._reads_payload = message.is_read

    def _take_payload(self, data: bytes, start: int, stop: int) -> None:
        """Look into a piece of the current frame's payload."""
        message = self._current
        if message is None:
            room = MAX_CONTROL_PAYLOAD - len(self._body)
            if room > 0:
                self._body += data[start : min(stop, start + room)]
            return
        key = self._key
        if key is None:
            piece = data[start:stop]
        else:
            turn = self._have & 3
            piece = apply_mask(memoryview(data)[start:stop], key[turn:] + key[:turn] if turn else key)
        final = bool(self._first & FIN_BIT) and self._have + stop - start == self._length
        self._anomalies = self._messages.read(message, piece, self._anomalies, final)

    def _finish(self, at: int) -> None:
        first = self._first
        message = self._current
        body = b""
        if first & CONTROL_BIT:
            body = self._body if self._key is None else apply_mask(self._body, self._key)
            if first & 0x0F == CLOSE:
                whole = self._length <= MAX_CONTROL_PAYLOAD
                self._anomalies |= int(close_anomalies(body, self.sender, whole=whole))
        elif message is not None and first & FIN_BIT:
            self._anomalies = self._messages.end(message, self._anomalies)
        if self._anomalies & _FAILING:
            if message is not None:
                message.faulty = True
            if self._stop_at_fault:
                self._stopped = True
                self._flags &= ~FLAG_ENDS_MESSAGE
        self._emit(at)
        told = first & CONTROL_BIT or self._anomalies & _NOTABLE
        if told or (message is not None and message.parts is not None and first & FIN_BIT):
            self._tell(at, body, True)
        if first & 0x0F == CLOSE:
            self._closed = True
            self._stopped = self._stopped or self._stop_at_fault
        self._active = False
        self._header = b""

    def _tell(self, at: int, body: bytes, complete: bool) -> None:
        """Add to :attr:`attention` the current frame, whole or known to be wrong before its last byte."""
        message = self._current
        number = opcode = 0
        ended = False
        payload = b""
        if message is not None:
            number = message.number
            if complete and message.parts is not None and self._first & FIN_BIT and not message.faulty:
                ended = True
                opcode = message.opcode
                payload = b"".join(message.parts)
        self.attention.append(
            Attention(
                self.numbering.frames if complete else 0,
                self._offset,
                self._first,
                self._length,
                body,
                _anomalies_of(self._anomalies),
                complete,
                at,
                number,
                None if message is None else message.bad_at,
                ended,
                opcode,
                payload,
            )
        )

    def _emit(self, at: int) -> None:
        columns = self.columns
        message = self._current
        columns.offset.append(self._offset)
        columns.header.append(len(self._header))
        columns.length.append(self._length)
        columns.first.append(self._first)
        columns.flags.append(self._flags)
        columns.time.append(at)
        columns.message.append(0 if message is None else message.number)
        columns.anomalies.append(self._anomalies)
        self.numbering.frames += 1
