"""What a person sets of frames that are made bit by bit, before any byte of them exists."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

from wsinspector.protocol.crafting.payloads import Payload, Source
from wsinspector.protocol.opcodes import TEXT


class Mask(enum.Enum):
    """How a frame is masked; the value is its word in a file. A file gives a key as eight hex digits."""

    ROLE = "role"  # as our role and the dialect have it, with a fresh key where it masks
    OFF = "off"
    ZERO = "zero"
    FRESH = "fresh"
    KEY = "key"


class Compression(enum.Enum):
    """How a message is compressed, rightly or not; the value is its word in a file."""

    NO = "no"
    YES = "yes"  # RSV1 and the connection's context, also where nothing was agreed
    RSV1_ALONE = "rsv1-alone"  # RSV1 over a payload that is not compressed
    NO_RSV1 = "no-rsv1"  # compressed, RSV1 clear
    TAIL_KEPT = "tail-kept"  # 00 00 ff ff still there (RFC 7692 §7.2.1 removes it)
    FINAL_BLOCK = "final-block"  # BFINAL set, which RFC 7692 §7.2.3.4 allows
    CORRUPT = "corrupt"  # a block of the type that does not exist
    WINDOW = "window"  # as with a window of 15 bits, whatever was agreed
    MISSING_CONTEXT = "missing-context"  # refers back to bytes that the receiver never had


class Cut(enum.Enum):
    """Where writes end."""

    TOGETHER = "together"
    EACH = "each"
    SIZE = "size"
    CHUNKS = "chunks"


@dataclass(frozen=True, slots=True)
class Writes:
    """How the bytes are handed to the connection.

    ``size``: bytes a write for ``SIZE``. ``chunks``: bytes of each write for ``CHUNKS``, all that is left
    in a last one. ``delay``: seconds before each write but the first. ``delays``: seconds before the
    first, second, … write, where given.
    """

    cut: Cut = Cut.TOGETHER
    size: int = 1
    chunks: tuple[int, ...] = ()
    delay: float = 0.0
    delays: tuple[float, ...] = ()

    def delay_before(self, index: int) -> float:
        """Seconds before write ``index``, from 0."""
        if index < len(self.delays):
            return self.delays[index]
        return self.delay if index else 0.0


@dataclass(frozen=True, slots=True)
class Between:
    """A frame, usually a control frame, that follows fragment ``after``, from 1."""

    after: int
    frame: "CraftedFrame"


@dataclass(frozen=True, slots=True)
class CraftedFrame:
    """A frame, or a message in fragments, with every bit chosen.

    ``opcode``: 0 to 15 in RFC 6455's numbers, of the first frame; the others continue. ``fin``: of the
    last. ``rsv1`` to ``rsv4``: of the first, over what ``compression`` sets; ``rsv4`` only hybi-01 to 06
    have. ``key``: four bytes, for ``Mask.KEY``. ``length``: declared, 0 to 2^64 - 1, None for the true
    one, where there are fragments that of the last; ``form``: 7, 16 or 64, None for the shortest, of
    every frame. ``fragments``: payload bytes of each frame as it travels, what is left goes into one
    more. ``every``: bytes of each fragment instead, 0 for none. ``split_sequence``: cut behind the
    first byte of the first UTF-8 sequence that has several.
    """

    opcode: int = TEXT
    payload: Payload = field(default_factory=Payload)
    fin: bool = True
    rsv1: bool = False
    rsv2: bool = False
    rsv3: bool = False
    rsv4: bool = False
    mask: Mask = Mask.ROLE
    key: bytes = b""
    length: int | None = None
    form: int | None = None
    compression: Compression = Compression.NO
    fragments: tuple[int, ...] = ()
    every: int = 0
    split_sequence: bool = False
    between: tuple[Between, ...] = ()

    @property
    def rsv(self) -> int:
        """RSV1 is 4, RSV2 2, RSV3 1, RSV4 8: as the framings count them."""
        return self.rsv1 << 2 | self.rsv2 << 1 | self.rsv3 | self.rsv4 << 3


@dataclass(frozen=True, slots=True)
class CraftedBytes:
    """Bytes as they are, whatever they may be."""

    payload: Payload = field(default_factory=lambda: Payload(Source.HEX))


@dataclass(frozen=True, slots=True)
class Craft:
    """Frames and bytes that leave one after the other, and how they are written."""

    frames: tuple[CraftedFrame | CraftedBytes, ...] = ()
    writes: Writes = field(default_factory=Writes)

    def payloads(self) -> Iterator[Payload]:
        """Every payload in it, also those of frames between fragments."""
        for frame in self.frames:
            yield frame.payload
            if isinstance(frame, CraftedFrame):
                yield from (one.frame.payload for one in frame.between)

    @property
    def files(self) -> tuple[str, ...]:
        """Paths of the files that have to be read for it."""
        return tuple({one.value: None for one in self.payloads() if one.source is Source.FILE})
