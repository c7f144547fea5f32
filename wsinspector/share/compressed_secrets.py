"""Which compressed messages hold a secret: no byte can be taken out of such data, so all of it stays."""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from wsinspector.present.frames import FrameFacts, FrameReading, facts_of
from wsinspector.present.inflation import Inflation
from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_ENDS_MESSAGE, FLAG_OUT
from wsinspector.protocol.deflate import WINDOW, InflateFault, Inflater
from wsinspector.protocol.spans import Direction
from wsinspector.share.left_out import FILL, Secrets
from wsinspector.translate import translate

MOST_WINDOWS = 512
"""Windows that are kept of an attempt, 32 KiB each, so that a copy to share stays small; behind further
gaps messages cannot be inflated."""

MOST_UNSEARCHED = 1000
"""Messages that are listed as not searched."""

_FRAMES_AT_ONCE = 4096
_PIECE = 1 << 20
_ANY_SIZE = 1 << 62  # what inflates beyond a person's limit may hold a secret too


@dataclass(frozen=True, slots=True)
class Veil:
    """A message that does not leave. ``first``: its first frame; ``size``: payload bytes as they travelled.

    ``names``: of the secrets, empty where it was left out of the file already. ``refers``: it does not
    hold one, but cannot be inflated without the bytes of one.
    """

    message: int
    first: int
    size: int
    names: str
    refers: bool

    @property
    def where(self) -> str:
        """In words, with the reason."""
        text = (
            translate(
                "Veils",
                "the whole payload of message {0}, frame {1}, as compressed data refers back to a secret",
            )
            if self.refers
            else translate(
                "Veils",
                "the whole payload of message {0}, frame {1}, as the secret is within compressed data",
            )
        )
        return text.format(self.message, self.first)


class Veils:
    """The messages of an attempt that do not leave, and what is needed behind them.

    ``windows``: what an inflater must know behind message (direction, number) to go on, with stars for
    the secrets. ``unsearched``: (direction, first frame, payload bytes) of messages that do not inflate;
    ``more_unsearched``, ``more_unsearched_bytes``: those besides.
    """

    def __init__(self) -> None:
        self.windows: dict[tuple[Direction, int], bytes] = {}
        self.unsearched: list[tuple[Direction, int, int]] = []
        self.more_unsearched = self.more_unsearched_bytes = 0
        # Columns, as there may be a million of them: an object each would be too much.
        self._numbers = (array("Q"), array("Q"))  # of frames, rising
        self._of = (array("L"), array("L"))  # which message each belongs to
        self._messages, self._firsts, self._sizes = array("Q"), array("Q"), array("Q")
        self._kinds = array("L")
        self._known: dict[tuple[str, bool], int] = {}

    def add(self, direction: Direction, numbers: "array[int]", veil: Veil) -> None:
        """One message more; ``numbers``: its frames, behind all that were added of its direction."""
        self._of[direction].extend([len(self._messages)] * len(numbers))
        self._numbers[direction].extend(numbers)
        self._messages.append(veil.message)
        self._firsts.append(veil.first)
        self._sizes.append(veil.size)
        self._kinds.append(self._known.setdefault((veil.names, veil.refers), len(self._known)))

    def of(self, direction: Direction, number: int) -> Veil | None:
        """What is to be said of frame ``number``, where it does not leave."""
        numbers = self._numbers[direction]
        at = bisect_left(numbers, number)
        return self._veil(direction, at) if at < len(numbers) and numbers[at] == number else None

    def frames(self, direction: Direction) -> Iterator[tuple[int, Veil]]:
        """The frames that do not leave, rising."""
        for at, number in enumerate(self._numbers[direction]):
            yield number, self._veil(direction, at)

    def _veil(self, direction: Direction, at: int) -> Veil:
        place = self._of[direction][at]
        names, refers = list(self._known)[self._kinds[place]]
        return Veil(self._messages[place], self._firsts[place], self._sizes[place], names, refers)


def veils_of(reading: FrameReading, frames: int, secrets: Secrets, look: Callable[[], None]) -> Veils:
    """Search the compressed messages among the first ``frames`` of an attempt; ``look()`` may raise.

    Each is inflated once to its end, whatever its size, a piece at a time. Behind a message that stays,
    what is left of it in the window are stars: a message that comes out otherwise with these than it was
    stays as well, so that none is ever read as something nobody said.
    """
    return _Search(reading, secrets, look).run(frames)


@dataclass(slots=True)
class _Message:
    number: int
    numbers: "array[int]" = field(default_factory=lambda: array("Q"))
    size: int = 0
    end: bytes = b""
    names: dict[str, None] = field(default_factory=dict)
    left_out: bool = False
    compressed: bool = False
    mixed: bool = False  # some of its frames travelled plain
    window: int = 0  # bytes that it gave to the window
    fault: InflateFault | None = None
    told: hashlib.blake2b = field(default_factory=hashlib.blake2b)
    told_in_copy: hashlib.blake2b = field(default_factory=hashlib.blake2b)


@dataclass(slots=True)
class _Side:
    """``copy``: the inflater of who has not got the secrets, where it may differ."""

    direction: Direction
    takeover: bool
    inflater: Inflater
    copy: Inflater | None = None
    said: bytearray = field(default_factory=bytearray)  # the end of what was said, for the window
    since: int = 0  # bytes said since the copy differs
    names: str = ""
    pending: tuple[int, bytes] | None = None
    open: _Message | None = None
    broken: bool = False


class _Search:
    def __init__(self, reading: FrameReading, secrets: Secrets, look: Callable[[], None]) -> None:
        self._reading = reading
        self._secrets = secrets
        self._look = look
        self._per_frame = reading.agreed.per_frame
        self._reach = 0 if secrets.keep else max(secrets.longest - 1, 0)
        limitless = FrameReading(
            reading.source, replace(reading.agreed, inflate_limit=_ANY_SIZE), reading.role
        )
        self._inflation = Inflation(limitless)
        takeover = self._inflation.takeover
        self._sides = [
            _Side(side, takeover[side], Inflater(takeover=takeover[side], limit=_ANY_SIZE))
            for side in Direction
        ]
        self._found = Veils()

    def run(self, frames: int) -> Veils:
        for first in range(1, frames + 1, _FRAMES_AT_ONCE):
            self._look()
            columns = self._reading.source.columns(first, min(_FRAMES_AT_ONCE, frames + 1 - first))
            for at, flags in enumerate(columns.flags):
                if not columns.header[at]:
                    self._missing()
                    continue
                message = columns.message[at]
                if not message:
                    continue
                side = self._sides[bool(flags & FLAG_OUT)]
                compressed, last = bool(flags & FLAG_COMPRESSED), bool(flags & FLAG_ENDS_MESSAGE)
                if side.open is not None and side.open.number != message:
                    self._finish(side, whole=False)
                if side.open is None:
                    if not compressed and (last or not self._per_frame):
                        continue
                    self._begin(side, message)
                self._frame(side, facts_of(columns, at, first + at), last=last)
                if last:
                    self._finish(side, whole=True)
        for side in self._sides:
            if side.open is not None:
                self._finish(side, whole=False)
        return self._found

    def _missing(self) -> None:
        """A frame that is not in the file, of either side."""
        for side in self._sides:
            if side.open is not None:
                self._finish(side, whole=False)
            side.broken = True

    def _begin(self, side: _Side, message: int) -> None:
        side.open = _Message(message)
        if not side.broken or not side.takeover:
            return
        side.broken = False
        found = self._reading.source.window_before(side.direction, message)
        window = found[1] if found is not None else b""
        side.inflater = Inflater(limit=_ANY_SIZE, restore=window)
        if found is None:
            side.inflater.abandon()
        side.said = bytearray(window)
        clean = without_parts(self._secrets, window)
        side.copy = Inflater(limit=_ANY_SIZE, restore=clean) if clean != window else None
        side.since = 0

    def _frame(self, side: _Side, facts: FrameFacts, *, last: bool) -> None:
        message = side.open
        assert message is not None
        message.numbers.append(facts.number)
        message.size += facts.length
        final = last or self._per_frame
        if facts.compressed:
            message.compressed = True
            if self._inflation.is_left_out(facts):
                message.left_out = True
                side.inflater.leave_out()
        start = 0
        while True:
            data = self._reading.payload(facts, start, _PIECE)
            start += len(data)
            over = start >= facts.length or not data
            if not facts.compressed:
                message.mixed = True
                self._search(message, data)
            elif side.inflater.fault is None and not side.inflater.lost:
                self._inflate(side, message, data, final=final and over)
            if over:
                break
            self._look()
        if facts.compressed:
            fault = side.inflater.fault
            message.fault = message.fault or (InflateFault.FAILED if side.inflater.lost else None) or fault
            if final:
                side.inflater.end_message()
                if side.copy is not None:
                    side.copy.end_message()

    def _inflate(self, side: _Side, message: _Message, data: bytes, *, final: bool) -> None:
        for piece in side.inflater.pieces(data, final=final):
            self._look()
            self._search(message, piece)
            if side.takeover:
                side.said += piece
                message.window += len(piece)
                if len(side.said) > 4 * WINDOW:
                    del side.said[: -WINDOW - self._reach]
            if side.copy is not None:
                message.told.update(piece)
                side.since += len(piece)
        if side.copy is not None and side.copy.fault is None:
            for piece in side.copy.pieces(data, final=final):
                message.told_in_copy.update(piece)

    def _search(self, message: _Message, piece: bytes) -> None:
        if not self._reach:
            return
        data = message.end + piece
        for _, secret in self._secrets.spans(data):
            message.names[secret.name] = None
        message.end = data[-self._reach :]

    def _finish(self, side: _Side, *, whole: bool) -> None:
        message = side.open
        assert message is not None
        side.open = None
        if not message.compressed:
            return
        refers = side.copy is not None and (
            side.copy.fault is not message.fault or message.told.digest() != message.told_in_copy.digest()
        )
        stays = bool(message.names) or refers or message.left_out
        if stays:
            side.names = ", ".join(message.names) or side.names
            names = side.names if message.names or refers else ""
            veil = Veil(message.number, message.numbers[0], message.size, names, not message.names)
            self._found.add(side.direction, message.numbers, veil)
        else:
            self._pass(side, message)
        if not whole:
            side.inflater.abandon()
            side.copy = None
        elif stays and side.takeover:
            self._go_on(side, message)
        elif side.since >= WINDOW:
            side.copy = None  # nothing that differs can be reached any more

    def _pass(self, side: _Side, message: _Message) -> None:
        """A message that leaves: before it there must be the window, if something stayed there."""
        if message.fault is InflateFault.FAILED and self._reach:
            if len(self._found.unsearched) < MOST_UNSEARCHED:
                self._found.unsearched.append((side.direction, message.numbers[0], message.size))
            else:
                self._found.more_unsearched += 1
                self._found.more_unsearched_bytes += message.size
        if side.pending is not None and len(self._found.windows) < MOST_WINDOWS:
            number, window = side.pending
            self._found.windows[side.direction, number] = window
        side.pending = None

    def _go_on(self, side: _Side, message: _Message) -> None:
        """Behind a message that stayed."""
        if message.left_out:
            found = self._reading.source.window_before(side.direction, message.number + 1)
            if found is None or found[0] != message.number:
                side.pending = side.copy = None
                return
            side.inflater = Inflater(limit=_ANY_SIZE, restore=found[1])
            side.said = bytearray(found[1])
        if side.inflater.fault is not None or side.inflater.lost:
            side.pending = side.copy = None
            return
        if message.names and message.mixed:
            # In the window what travelled plain is not there, and a part of a secret not to be known as one.
            size = min(message.window, len(side.said))
            side.said[len(side.said) - size :] = FILL * size
        window = _starred(self._secrets, bytes(side.said))[-WINDOW:]
        side.pending = message.number, window
        side.copy = Inflater(limit=_ANY_SIZE, restore=window)
        side.since = 0


def _starred(secrets: Secrets, data: bytes) -> bytes:
    return b"".join(secrets.stream([data], ""))


LEAST_PART = 4
"""Bytes of a secret's end that are taken for one where a window begins with them."""


def without_parts(secrets: Secrets, window: bytes) -> bytes:
    """A window with stars for known values, also for one whose beginning is out of it."""
    if secrets.keep:
        return window
    data = _starred(secrets, window)
    for secret in secrets.known:
        for size in range(len(secret) - 1, LEAST_PART - 1, -1):
            if window.startswith(secret.value[-size:]):
                data = secret.fill[:size] + data[size:]
                break
    return data
