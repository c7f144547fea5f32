"""What the scanners of all layouts with a header share: a frame's payload, message, fault and end."""

from functools import lru_cache

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed, Attention, Numbering, PendingFrame
from wsinspector.protocol.columns import (
    FLAG_COMPRESSED,
    FLAG_ENDS_MESSAGE,
    FLAG_OUT,
    FLAG_STARTS_MESSAGE,
    FrameColumns,
)
from wsinspector.protocol.deflate import LIMIT
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.protocol.frame_rules import close_anomalies, first_byte_anomalies
from wsinspector.protocol.frames import mask_from
from wsinspector.protocol.lengths import MAX_HEADER
from wsinspector.protocol.message_reader import Message, MessageReader
from wsinspector.protocol.opcodes import (
    CLOSE,
    CONTROL_BIT,
    FIN_BIT,
    MAX_CONTROL_PAYLOAD,
)
from wsinspector.protocol.runs import no_frames
from wsinspector.protocol.spans import Direction, Role

# An enum.Flag takes half a microsecond to combine, so the scanner reckons with plain integers.
_CONTROL_TOO_LONG = int(FrameAnomaly.CONTROL_TOO_LONG)
_STRAY = int(FrameAnomaly.STRAY_CONTINUATION)
_INTERLEAVED = int(FrameAnomaly.INTERLEAVED_DATA)
_AFTER_CLOSE = int(FrameAnomaly.AFTER_CLOSE)
_TRUNCATED = int(FrameAnomaly.TRUNCATED)

_anomalies_of = lru_cache(256)(FrameAnomaly)
"""Making a flag of an integer takes longer than looking it up."""

_INFLATE_LIMIT = int(FrameAnomaly.INFLATE_LIMIT)

TOP_BIT = 1 << 63
"""From this length on, every later byte of the stream is the frame's payload."""

UNLIMITED_CONTROL = 1 << 16
"""Bytes held of a control frame's payload in a dialect that limits none."""


@lru_cache(64)
def _by_first(agreed: Agreed) -> list[int]:
    """What is said of each first byte. A scanner a connection: a table each would cost more than a frame."""
    said = int(frame_facts(agreed.dialect).said)
    return [int(first_byte_anomalies(first, agreed)) & said for first in range(256)]


class FrameScanner:
    """Turns the bytes of one direction into :class:`FrameColumns`; a layout says how headers are read.

    ``start``: offset of the first frame byte in the direction's stream. ``sender``: who sends
    in this direction. ``max_message``: bytes a message may have before TOO_BIG.
    ``message_events``: also tell of each whole message in :attr:`attention`, with its payload
    (up to ``inflate_limit`` bytes). ``stop_at_fault``: from the first failing frame or Close on,
    nothing counts as a message any more (§7.1.7); the columns go on.

    Holds of a payload only what it needs: 125 bytes of a control frame (64 KiB where the dialect
    limits none), three bytes of text, the inflater's window (and messages, where ``message_events``
    asks for them).
    """

    _quick: tuple[int, ...] = ()
    """First bytes with which :meth:`_run` may be worth trying."""

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
        facts = frame_facts(agreed.dialect)
        self._said = int(facts.said)
        self._failing = int(facts.faults)
        self._notable = self._failing | _INFLATE_LIMIT
        self._by_first = _by_first(agreed)
        limited = self._said & _CONTROL_TOO_LONG
        self._control_room = MAX_CONTROL_PAYLOAD if limited else UNLIMITED_CONTROL
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
        self._body = bytearray()

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

    @property
    def open_message(self) -> int:
        """Opcode of the message whose end has not come, 0 where none is open."""
        message = self._messages.open
        return 0 if message is None else message.opcode

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
                self._length >= TOP_BIT,
                None if message is None else message.bad_at,
                self._began,
            )
        if not header:
            return None
        first = self._first_of(header)
        known = FrameAnomaly(self._by_first[first])
        flags = self._direction_flag
        return PendingFrame(self._offset, header, 0, 0, 0, first, flags, 0, known, False, None, self._began)

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

    def tell_messages(self, on: bool) -> None:
        """From the next message on tell of each, or no more; as ``message_events`` does from the first."""
        self._message_events = on
        self._messages.keep = on

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
                    if self._messages.open is None and data[pos] in self._quick and not self._busy:
                        pos = self._run(data, pos, size, at)
                        if pos == size:
                            return
                    self._offset = base + pos
                    self._began = at
                    if not self._begin(data, pos, size):
                        self._header = data[pos:]
                        return
                    pos += len(self._header)
            pos = self._through(data, pos, size, at)
        if self._active and self._anomalies & self._notable & ~self._surfaced:
            self._surfaced = self._anomalies
            self._tell(at, b"", False)

    def end(self, at: int) -> None:
        """The stream is over: a frame still arriving is emitted as TRUNCATED. Call it once."""
        if not self._active:
            if not self._header:
                return
            self._first = self._first_of(self._header)
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
        """Take the whole, faultless messages from ``pos`` on, as many as a layout finds quickly.

        The position after them.
        """
        del data, size, at
        return pos

    # -- a frame's three moments

    def _first_of(self, header: bytes) -> int:
        """FIN, RSV bits and opcode of a header that has begun, 0 where they have not come."""
        return header[0]

    def _begin(self, data: bytes, pos: int, size: int) -> bool:
        """Read the header at ``pos`` and call :meth:`_begun`; False where its bytes are not all there."""
        raise NotImplementedError

    def _begun(
        self, header: bytes, first: int, length: int, found: int, flags: int = 0, key: bytes | None = None
    ) -> None:
        """A header is whole. ``key``: masks the payload, from its first byte on."""
        # §5.5.1 forbids data frames behind a Close, and no control frames: a Ping may come at any time
        # before the connection is closed (§5.5.2), and a Pong may answer one that crossed the Close.
        if self._closed and not first & CONTROL_BIT:
            found |= _AFTER_CLOSE
        self._key = key
        self._header = header
        self._active = True
        self._first = first
        self._length = length
        self._have = 0
        self._surfaced = 0
        self._flags = flags | self._direction_flag
        self._anomalies = found & self._said
        self._current = None
        if first & CONTROL_BIT:
            self._body.clear()
            self._reads_payload = True
            if length > MAX_CONTROL_PAYLOAD:
                self._anomalies |= _CONTROL_TOO_LONG & self._said
        elif self._stopped:
            self._reads_payload = False
        else:
            self._begin_data(first, length)

    def _begin_data(self, first: int, length: int) -> None:
        """Place a data frame into its message."""
        messages = self._messages
        message = messages.open
        if first & 0x0F:
            if message is not None:
                self._anomalies |= _INTERLEAVED & self._said
            message = messages.begin(first, self._anomalies)
            self._flags |= FLAG_STARTS_MESSAGE
        elif message is None:
            self._anomalies |= _STRAY & self._said
            self._reads_payload = False
            messages.skip(first)
            return
        messages.begin_frame(message, first, self._anomalies)
        self._current = message
        if first & FIN_BIT:
            self._flags |= FLAG_ENDS_MESSAGE
        if message.compressed:
            self._flags |= FLAG_COMPRESSED
        if length < TOP_BIT:
            self._anomalies |= messages.declared(message, length)
        self._reads_payload = message.is_read

    def _through(self, data: bytes, pos: int, size: int, at: int) -> int:
        """Take what has come of the current frame's payload; the position after it."""
        length = self._length
        taken = size - pos if length >= TOP_BIT else min(size - pos, length - self._have)
        if taken and self._reads_payload:
            self._take_payload(data, pos, pos + taken)
        self._have += taken
        if self._have == length:
            self._finish(at)
        return pos + taken

    @property
    def _ends_data(self) -> bool:
        """Whether what is compressed ends with the current frame."""
        return bool(self._first & FIN_BIT) or self.agreed.per_frame

    def _take_payload(self, data: bytes, start: int, stop: int) -> None:
        """Look into a piece of the current frame's payload."""
        message = self._current
        if message is None:
            room = self._control_room - len(self._body)
            if room > 0:
                self._body += data[start : min(stop, start + room)]
            return
        key = self._key
        piece = data[start:stop] if key is None else mask_from(memoryview(data)[start:stop], key, self._have)
        final = self._ends_data and self._have + stop - start == self._length
        self._anomalies = self._messages.read(message, piece, self._anomalies, final)

    def _finish(self, at: int) -> None:
        first = self._first
        message = self._current
        body = b""
        if first & CONTROL_BIT:
            body = bytes(self._body)
            if self._key is not None:
                body = mask_from(body, self._key, 0)
            if first & 0x0F == CLOSE:
                whole = self._length == len(body)
                dialect = self.agreed.dialect
                self._anomalies |= int(close_anomalies(body, self.sender, whole=whole, dialect=dialect))
        elif message is not None and self._ends_data:
            self._anomalies = self._messages.end(message, self._anomalies, last=bool(first & FIN_BIT))
        if self._anomalies & self._failing:
            if message is not None:
                message.faulty = True
            if self._stop_at_fault:
                self._stopped = True
                self._flags &= ~FLAG_ENDS_MESSAGE
        self._emit(at)
        told = first & CONTROL_BIT or self._anomalies & self._notable
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
            if complete and message.parts is not None and self._first & FIN_BIT:
                ended = not message.faulty
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
