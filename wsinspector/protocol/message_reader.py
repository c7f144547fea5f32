"""The scanner's second half: what the frames of one direction say as messages (RFC 6455 §5.4, §5.6)."""

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import Agreed, Numbering
from wsinspector.protocol.deflate import InflateFault, Inflater
from wsinspector.protocol.messages import Utf8Checker
from wsinspector.protocol.opcodes import FIN_BIT, RSV1_BIT, TEXT
from wsinspector.protocol.spans import Role

# An enum.Flag takes half a microsecond to combine, so both halves reckon with plain integers.
_RSV_ANY = int(FrameAnomaly.RSV1 | FrameAnomaly.RSV2 | FrameAnomaly.RSV3)
_RSV1 = int(FrameAnomaly.RSV1)
_BAD_UTF8 = int(FrameAnomaly.BAD_UTF8)
_INFLATE_FAILED = int(FrameAnomaly.INFLATE_FAILED)
_RESERVED_OPCODE = int(FrameAnomaly.RESERVED_OPCODE)
_INFLATE_LIMIT = int(FrameAnomaly.INFLATE_LIMIT)
_TOO_BIG = int(FrameAnomaly.TOO_BIG)
_OF_CONTENT = _BAD_UTF8 | _TOO_BIG


class Message:
    """A data message whose end has not come.

    ``checker``: of a text whose meaning is known. ``compressed``: it is, or where frames are
    compressed for themselves the current one. ``inflating``: compressed, and its window is whole.
    ``parts``: kept payload, None where nobody asked for it or it must not be used. ``size``: payload
    bytes declared so far. ``faulty``: a frame of it failed. ``finished``: the inflater has had all
    of it.
    """

    __slots__ = (
        "checker",
        "compressed",
        "faulty",
        "finished",
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
        self.finished = False
        self.parts: list[bytes] | None = None

    @property
    def is_read(self) -> bool:
        """Whether its payload has to be looked at."""
        return self.checker is not None or self.inflating or self.parts is not None

    @property
    def bad_at(self) -> int | None:
        """Offset in its text of the first bad byte."""
        return None if self.checker is None else self.checker.bad_at


class MessageReader:
    """Follows the messages of one direction. Anomalies go in and out as plain integers.

    ``keep``: keep the payload of text and binary messages, where it is at most ``limit`` bytes, to
    which a message may also inflate; may be set between messages. ``open``: the fragmented message in
    progress.
    """

    def __init__(
        self,
        sender: Role,
        agreed: Agreed,
        numbering: Numbering,
        *,
        max_message: int | None,
        keep: bool,
        limit: int,
        window: bytes,
    ) -> None:
        self.open: Message | None = None
        self._numbering = numbering
        self._max_message = max_message
        self.keep = keep
        self._limit = limit
        self._per_frame = agreed.per_frame
        self.inflater: Inflater | None = None
        if agreed.deflate is not None:
            takeover = agreed.deflate.takeover(sender)
            self.inflater = Inflater(takeover=takeover, limit=limit, restore=window)

    def begin(self, first: int, anomalies: int) -> Message:
        """A new message by its first frame: the first byte, and what is already wrong with it."""
        self._numbering.messages += 1
        opcode = first & 0x0F
        compressed = bool(first & RSV1_BIT) and not anomalies & _RSV1 and not self._per_frame
        message = Message(self._numbering.messages, opcode, compressed)
        outer = self.open
        broken = compressed or not first & FIN_BIT
        if outer is not None and outer.inflating and broken and not self._per_frame:
            # The outer message's compressed data cannot go on after this.
            outer.inflating = False
            outer.checker = None
            outer.parts = None
            self._abandon()
        if self._per_frame:
            self._begin_content(message)
        elif anomalies & _RSV_ANY:
            # What the bytes mean is not known: judging them as text would be guessing.
            message.inflating = False
            if compressed:
                self._abandon()
        elif compressed and self.inflater is not None and self.inflater.lost:
            message.inflating = False
        elif not anomalies & _RESERVED_OPCODE:
            self._begin_content(message)
        if not first & FIN_BIT:
            self.open = message
        return message

    def _begin_content(self, message: Message) -> None:
        """What the bytes mean is known."""
        if message.opcode == TEXT:
            message.checker = Utf8Checker()
        if self.keep and message.opcode in (1, 2):
            message.parts = []

    def begin_frame(self, message: Message, first: int, anomalies: int) -> None:
        """A frame of ``message``, by its first byte: where each frame is compressed for itself or not."""
        if not self._per_frame:
            return
        compressed = bool(first & RSV1_BIT) and not anomalies & _RSV1
        lost = self.inflater is None or self.inflater.lost
        unknown = bool(anomalies & _RSV_ANY)
        message.compressed = compressed
        message.inflating = compressed and not unknown and not lost
        message.finished = False
        if compressed and unknown:
            self._abandon()
        if unknown or (compressed and lost):
            message.checker = None
            message.parts = None

    def skip(self, first: int) -> None:
        """A data frame that belongs to no message is passed over."""
        if self._per_frame and first & RSV1_BIT:
            # What it would have added to the window is not known.
            self._abandon()

    def _abandon(self) -> None:
        if self.inflater is not None:
            self.inflater.abandon()

    def declared(self, message: Message, length: int) -> int:
        """A frame declares ``length`` bytes more: TOO_BIG where that passes the limit."""
        if message.compressed:
            return 0
        message.size += length
        if message.size > self._limit:
            message.parts = None
        return 0 if self._max_message is None else self._weigh(message, message.size)

    def _weigh(self, message: Message, size: int) -> int:
        """Hold a size against the limit; only the first frame beyond is TOO_BIG."""
        if self._max_message is None or size <= self._max_message or message.too_big:
            return 0
        message.too_big = True
        message.parts = None
        return _TOO_BIG

    def read(self, message: Message, piece: bytes, anomalies: int, final: bool) -> int:
        """Look into a piece of payload, unmasked: the frame's anomalies with those found.

        ``final``: no payload of this message follows.
        """
        if message.compressed:
            message.finished = final
            return _settle(anomalies | self._inflate(message, piece, final=final))
        return anomalies | _check(message, piece)

    def end(self, message: Message, anomalies: int, *, last: bool) -> int:
        """A frame of ``message`` is whole: the frame's anomalies with those of its end.

        ``last``: of the message. Frames before the last are only told of where each is compressed
        for itself.
        """
        found = anomalies
        if message.compressed and not message.finished:
            found = _settle(found | self._inflate(message, b"", final=True))
        if not last:
            return found
        whole = message.inflating or not message.compressed
        checker = message.checker
        if whole and checker is not None and checker.bad_at is None and checker.end() is not None:
            found |= _BAD_UTF8
        if message is self.open:
            self.open = None
        return found

    def _inflate(self, message: Message, piece: bytes, *, final: bool) -> int:
        inflater = self.inflater
        if inflater is None or not message.inflating:
            return 0
        found = 0
        for out in inflater.pieces(piece, final=final):
            size = message.size + inflater.size
            if size > self._limit:
                message.parts = None
            found |= _check(message, out) | self._weigh(message, size)
        if self._per_frame and (final or inflater.fault is not None):
            message.size += inflater.size
        if inflater.fault is not None:
            message.inflating = False
            message.parts = None
            if inflater.fault is InflateFault.FAILED:
                found |= _INFLATE_FAILED
                message.checker = None
            else:
                found |= _INFLATE_LIMIT
                if self._per_frame and message.bad_at is None:
                    # Frames may follow that can be read, but the text has a hole.
                    message.checker = None
            inflater.end_message()
        elif final:
            inflater.end_message()
        return found


def _settle(found: int) -> int:
    """Where inflating fails, that alone is said of a frame's content.

    What comes out just before the damage depends on how the bytes were cut.
    """
    return found & ~_OF_CONTENT if found & _INFLATE_FAILED else found


def _check(message: Message, piece: bytes) -> int:
    if message.parts is not None:
        message.parts.append(piece)
    checker = message.checker
    if checker is not None and checker.bad_at is None and checker.feed(piece) is not None:
        return _BAD_UTF8
    return 0
