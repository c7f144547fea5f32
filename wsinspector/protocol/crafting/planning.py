"""From what a person set to the bytes that leave, piece by piece, so that a gigabyte is never held."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.crafting.compressing import Compressor, reaches_beyond, sets_rsv1, split_point
from wsinspector.protocol.crafting.crafted import (
    Compression,
    Craft,
    CraftedBytes,
    CraftedFrame,
    Cut,
    Mask,
    Writes,
)
from wsinspector.protocol.crafting.payloads import Content, CraftError, Held, content_of
from wsinspector.protocol.frame_facts import frame_facts
from wsinspector.protocol.frames import mask_from
from wsinspector.protocol.framings import Framing, framing_called
from wsinspector.protocol.framings.frame_key import PREFIX, frame_key
from wsinspector.protocol.opcodes import CONTINUATION, RSV1_BIT, TEXT
from wsinspector.protocol.spans import Role
from wsinspector.translate import translate

PIECE = 256 << 10
"""Bytes of a write at most: a larger one is several, without a delay between them."""

MOST_FRAMES = 1 << 20
_SENTINEL_BYTES = 64 << 20
_ZERO_KEY = bytes(4)
_RSV1 = RSV1_BIT >> 4


@dataclass(frozen=True, slots=True)
class Part:
    """A frame of a plan, or bytes as they are, where it lies in the plan's bytes.

    ``start``: of its first byte. ``head``: what goes before the payload as it travels, key included;
    empty for raw bytes. ``content`` from ``begin`` to ``end``: the payload before masking. ``key``:
    masks it, empty for none, turned by ``turn`` bytes. ``tail``: what follows the payload. ``source``:
    index of the member of :attr:`Craft.frames` that made it.
    """

    start: int
    head: bytes
    content: Content
    begin: int
    end: int
    key: bytes = b""
    turn: int = 0
    tail: bytes = b""
    opcode: int = 0
    fin: bool = True
    raw: bool = False
    source: int = 0

    @property
    def length(self) -> int:
        """Payload bytes that travel."""
        return self.end - self.begin

    @property
    def size(self) -> int:
        return len(self.head) + self.length + len(self.tail)

    @property
    def stop(self) -> int:
        return self.start + self.size

    def read(self, start: int, stop: int) -> bytes:
        """Bytes ``[start, stop)`` of this part as they travel."""
        head, length = len(self.head), self.length
        parts = [self.head[start:stop]]
        first, last = max(0, start - head), min(length, stop - head)
        if first < last:
            data = self.content.read(self.begin + first, self.begin + last)
            parts.append(mask_from(data, self.key, self.turn + first) if self.key else data)
        if self.tail:
            parts.append(self.tail[max(0, start - head - length) : max(0, stop - head - length)])
        return b"".join(parts)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one write takes, and the seconds to wait before it."""

    data: bytes
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What leaves. ``problem``: why nothing can, else empty. ``agreed``, ``sender``: what it was made for.

    ``beyond_window``: of each message that refers back further than agreed, where it begins and the bits
    that were agreed.
    """

    parts: tuple[Part, ...] = ()
    writes: Writes = field(default_factory=Writes)
    problem: str = ""
    agreed: Agreed = NOTHING_AGREED
    sender: Role = Role.CLIENT
    beyond_window: tuple[tuple[int, int], ...] = ()

    @property
    def size(self) -> int:
        return self.parts[-1].stop if self.parts else 0

    def read(self, start: int, stop: int) -> bytes:
        """Bytes ``[start, stop)`` of all that leaves, as far as there are any."""
        pieces = []
        low, high = 0, len(self.parts)
        while low < high:  # the first part that ends behind ``start``
            middle = (low + high) // 2
            if self.parts[middle].stop <= start:
                low = middle + 1
            else:
                high = middle
        while low < len(self.parts) and self.parts[low].start < stop:
            part = self.parts[low]
            pieces.append(part.read(max(0, start - part.start), min(part.size, stop - part.start)))
            low += 1
        return b"".join(pieces)

    def chunks(self) -> Iterator[Chunk]:
        """The writes in order, each at most :data:`PIECE` bytes; made as they are taken."""
        at = 0
        for index, size in enumerate(self._sizes()):
            delay = self.writes.delay_before(index)
            stop = at + size
            while at < stop:
                upto = min(stop, at + PIECE)
                yield Chunk(self.read(at, upto), delay)
                at, delay = upto, 0.0

    def _sizes(self) -> Iterator[int]:
        total = self.size
        match self.writes.cut:
            case Cut.EACH:
                yield from (part.size for part in self.parts if part.size)
                return
            case Cut.SIZE:
                step = max(1, self.writes.size)
                yield from (min(step, total - at) for at in range(0, total, step))
                return
            case Cut.CHUNKS:
                for size in self.writes.chunks:
                    taken = min(max(0, size), total)
                    if taken:
                        yield taken
                    total -= taken
            case _:
                pass
        if total:
            yield total


def plan_of(
    craft: Craft,
    *,
    sender: Role,
    agreed: Agreed = NOTHING_AGREED,
    keys: Callable[[], bytes],
    files: Mapping[str, bytes] | None = None,
    window: bytes = b"",
) -> Plan:
    """The bytes of ``craft`` in the layout of ``agreed.dialect``; never raises.

    ``keys``: gives four bytes for each fresh masking key. ``files``: contents by path. ``window``: what
    the receiver's inflater holds of what ``sender`` sent before, at most 32 KiB.
    """
    making = _Making(sender, agreed, keys, files or {}, window)
    try:
        _checked(craft.writes)
        for index, one in enumerate(craft.frames):
            making.add(one, index)
    except (CraftError, ValueError) as error:
        return Plan((), craft.writes, _sentence(str(error)), agreed, sender)
    return Plan(tuple(making.parts), craft.writes, "", agreed, sender, tuple(making.beyond))


def _sentence(text: str) -> str:
    name = "-" in text.partition(" ")[0]  # a dialect's is written small
    return (text[:1] if name else text[:1].upper()) + text[1:] + ("" if text.endswith(".") else ".")


def _checked(writes: Writes) -> None:
    if writes.size < 1 or any(size < 0 for size in writes.chunks):
        raise CraftError(translate("Craft", "A write has at least one byte."))
    if not all(0 <= delay < float("inf") for delay in (writes.delay, *writes.delays)):
        raise CraftError(translate("Craft", "A delay is a number of seconds, 0 or more."))


class _Frame(NamedTuple):
    """What differs between the frames of one message."""

    opcode: int
    fin: bool
    rsv: int
    length: int | None


class _Making:
    """The parts made so far; the compressor's window goes from one message to the next."""

    def __init__(
        self,
        sender: Role,
        agreed: Agreed,
        keys: Callable[[], bytes],
        files: Mapping[str, bytes],
        window: bytes,
    ) -> None:
        self.parts: list[Part] = []
        self.beyond: list[tuple[int, int]] = []
        self._sender = sender
        self._agreed = agreed
        self._keys = keys
        self._files = files
        self._framing: Framing = framing_called(frame_facts(agreed.dialect).framing)
        self._masks = self._framing.abilities(agreed).masked
        self._compressor = Compressor(agreed.deflate, sender, window)
        self._at = 0

    def add(self, one: CraftedFrame | CraftedBytes, index: int, *, inner: bool = False) -> None:
        content = content_of(one.payload, self._files)
        if isinstance(one, CraftedBytes):
            self._put(Part(self._at, b"", content, 0, content.size, raw=True, source=index))
            return
        if inner and one.between:
            raise CraftError(translate("Craft", "A frame between fragments has no frames between its own."))
        per_frame = self._agreed.per_frame
        compressing = one.compression not in (Compression.NO, Compression.RSV1_ALONE)
        if compressing and not per_frame:
            content = self._compressed(content, one.compression)
        borders = _borders(one, content)
        between: dict[int, list[CraftedFrame]] = {}
        for other in one.between:
            if not 1 <= other.after <= len(borders):
                text = translate("Craft", "There is no fragment {number} to send a frame behind.")
                raise CraftError(text.format(number=other.after))
            between.setdefault(other.after, []).append(other.frame)
        begin = 0
        for number, end in enumerate(borders, 1):
            first, last = number == 1, number == len(borders)
            piece, low, high = content, begin, end
            if compressing and per_frame:
                piece = self._compressed(Held(content.read(begin, end)), one.compression)
                low, high = 0, piece.size
            rsv = one.rsv if first else 0
            if sets_rsv1(one.compression) and (first or per_frame):
                rsv |= _RSV1
            made = _Frame(
                one.opcode if first else CONTINUATION,
                one.fin if last else False,
                rsv,
                one.length if last else None,
            )
            self._frame(one, made, (piece, low, high), index)
            for frame in between.get(number, ()):
                self.add(frame, index, inner=True)
            begin = end

    def _compressed(self, content: Content, how: Compression) -> Content:
        if content.size > 64 << 20:
            raise CraftError(translate("Craft", "At most 64 MiB are compressed."))
        before, bits = self._compressor.window, self._compressor.bits
        data = self._compressor.compressed(content.read(0, content.size), how)
        if how is Compression.WINDOW and reaches_beyond(data, before, bits):
            self.beyond.append((self._at, bits))
        return Held(data)

    def _frame(
        self, one: CraftedFrame, made: "_Frame", payload: tuple[Content, int, int], index: int
    ) -> None:
        content, begin, end = payload
        opcode = made.opcode
        key = self._key(one)
        name = self._framing.name
        tail = b""
        if name == "sentinel" and one.form is not None:
            text = translate("Craft", "{dialect} has one form of length, of as many bytes as it needs.")
            raise CraftError(text.format(dialect=self._agreed.dialect))
        if name == "sentinel" and (opcode == TEXT or (end > begin and opcode not in (TEXT, 2))):
            # Whether the byte that ends a frame lies inside it has to be looked at.
            if end - begin > _SENTINEL_BYTES:
                raise CraftError(translate("Craft", "A text frame of this dialect may have 64 MiB here."))
            whole = self._encoded(one, made, content.read(begin, end), key, made.length)
            head, tail = whole[:1], whole[-1:]
        else:
            length = end - begin if made.length is None else made.length
            declared = None if name == "sentinel" and opcode != 2 else length
            head = self._encoded(one, made, b"", key, declared)
        used, turn = b"", 0
        if key is not None and name == "rfc6455":
            used = key
        elif key is not None and name == "whole":
            used, turn = frame_key(key, self._agreed), len(head) - PREFIX
        self._put(Part(self._at, head, content, begin, end, used, turn, tail, opcode, made.fin, source=index))

    def _encoded(
        self,
        one: CraftedFrame,
        made: "_Frame",
        payload: bytes,
        key: bytes | None,
        declared: int | None,
    ) -> bytes:
        if made.rsv & 8 and self._framing.name == "rfc6455":
            raise CraftError(
                translate("Craft", "RSV4 is a bit of hybi-01 to 06; here MASK stands in its place.")
            )
        return self._framing.encode(
            made.opcode,
            payload,
            sender=self._sender,
            agreed=self._agreed,
            key=key,
            fin=made.fin,
            rsv=made.rsv,
            length_form=one.form,
            declared=declared,
        )

    def _key(self, one: CraftedFrame) -> bytes | None:
        masks = self._masks
        match one.mask:
            case Mask.OFF:
                return None
            case Mask.ROLE if not masks or self._sender is not Role.CLIENT:
                return None
            case _ if not masks:
                text = translate("Craft", "{dialect} masks nothing.")
                raise CraftError(text.format(dialect=self._agreed.dialect))
            case Mask.ZERO:
                return _ZERO_KEY
            case Mask.KEY:
                return one.key
            case _:
                return self._keys()

    def _put(self, part: Part) -> None:
        if len(self.parts) >= MOST_FRAMES:
            text = translate("Craft", "At most {count} frames are planned at once.")
            raise CraftError(text.format(count=MOST_FRAMES))
        self.parts.append(part)
        self._at = part.stop


def _borders(one: CraftedFrame, content: Content) -> list[int]:
    """Where in the payload each frame ends; the last is the payload's end."""
    size = content.size
    if one.every > 0:
        if size // one.every >= MOST_FRAMES:
            text = translate("Craft", "At most {count} frames are planned at once.")
            raise CraftError(text.format(count=MOST_FRAMES))
        borders = list(range(one.every, size, one.every))
        return [*borders, size]
    if one.split_sequence:
        cut = _split_in(content)
        if not cut:
            raise CraftError(translate("Craft", "No UTF-8 sequence of several bytes to cut."))
        return [cut, size]
    borders = []
    at = 0
    for length in one.fragments:
        if length < 0:
            raise CraftError(translate("Craft", "A fragment has 0 bytes or more."))
        at = min(size, at + length)
        borders.append(at)
    if not borders or at < size:
        borders.append(size)
    return borders


def _split_in(content: Content) -> int:
    for start in range(0, content.size, PIECE):
        found = split_point(content.read(start, min(content.size, start + PIECE + 1)))
        if found:
            return start + found
    return 0
