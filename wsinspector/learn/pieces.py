"""One stretch of a conversation's bytes and all that is said of it: what every explanation is made of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from wsinspector.protocol.spans import Span
from wsinspector.translate import translate

BIT = 8

Reads = Callable[[int, int], bytes]
"""The bytes of one stream between two offsets; fewer where the stream ends before."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is told of a piece, a sentence or two each.

    ``what`` it is, ``why`` it is there, ``otherwise``: what would happen without it, or if it were another.
    ``clause``: the source of all three. ``terms``: words of the glossary that say more.
    """

    what: str
    why: str = ""
    otherwise: str = ""
    clause: str = ""
    terms: tuple[str, ...] = ()


def told(said: Said) -> Said:
    """``said`` out of a table of marked texts, in the installed language."""
    return replace(
        said,
        what=translate("Explain", said.what) if said.what else "",
        why=translate("Explain", said.why) if said.why else "",
        otherwise=translate("Explain", said.otherwise) if said.otherwise else "",
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a calculation. ``value``: as it is, odd bytes escaped. ``note``: what was done.

    ``exact``: the name too is bytes, or characters that count one by one.
    """

    name: str
    value: str
    note: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is odd about some bits of a stream. ``bits``: half-open; empty means the place where it is.

    ``broken``: a clause is not met; else it is only unusual. ``rule``: the id of the rule, "" without one.
    ``blames``: a side is at fault; a refusal in itself is nobody's, nor what a person wrote to be tried.
    """

    bits: Span
    text: str
    clause: str
    broken: bool = True
    rule: str = ""
    blames: bool = True


Opens = Callable[[], "tuple[Piece, ...]"]
Works = Callable[[], tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one stream. ``bits``: half-open, counted from the stream's first bit.

    ``value``: what the bytes mean, empty where they say all there is. It may hold nothing of a secret.
    ``role``: the colour's name, as the figure of a frame has it, or ``text``. ``opens``: makes the pieces
    that this one consists of, in order and without a gap; None where it is not divided.
    ``works``: makes the lines of a calculation. ``field``: the name under which the frame's figure has it.
    """

    name: str
    bits: Span
    said: Said
    value: str = ""
    role: str = "text"
    opens: Opens | None = None
    works: Works | None = None
    wrong: tuple[Wrong, ...] = ()
    field: str = ""

    @property
    def span(self) -> Span:
        """The bytes in which its bits lie."""
        return Span(self.bits.start // BIT, -(-self.bits.end // BIT))

    @property
    def whole_bytes(self) -> bool:
        return not self.bits.start % BIT and not self.bits.end % BIT

    def inside(self) -> "tuple[Piece, ...]":
        """The pieces it consists of, made now; empty where it is not divided."""
        return self.opens() if self.opens is not None else ()


def over(start: int, end: int) -> Span:
    """The bits of the bytes ``start`` to ``end - 1``."""
    return Span(BIT * start, BIT * end)


def piece(
    name: str,
    start: int,
    end: int,
    said: Said,
    value: str = "",
    *,
    role: str = "text",
    opens: Opens | None = None,
    works: Works | None = None,
) -> Piece:
    """A piece of whole bytes."""
    return Piece(name, over(start, end), said, value, role, opens, works)


def touched(wrong: Sequence[Wrong], bits: Span) -> tuple[Wrong, ...]:
    """Those of ``wrong`` that speak of some of ``bits``; an empty place belongs to what ends there too."""
    found = []
    for each in wrong:
        if each.bits.start == each.bits.end:
            inside = bits.start <= each.bits.start <= bits.end
        else:
            inside = each.bits.start < bits.end and bits.start < each.bits.end
        if inside:
            found.append(each)
    return tuple(found)


def with_wrong(pieces: Sequence[Piece], wrong: Sequence[Wrong]) -> tuple[Piece, ...]:
    """The pieces, each with what is wrong at its bits, and the pieces within them likewise."""
    if not wrong:
        return tuple(pieces)
    return tuple(_marked(each, wrong) for each in pieces)


def _marked(each: Piece, wrong: Sequence[Wrong]) -> Piece:
    here = touched(wrong, each.bits)
    if not here:
        return each
    opens = each.opens
    inner = None if opens is None else lambda: with_wrong(opens(), here)
    return replace(each, wrong=here, opens=inner)


def leaves(pieces: Sequence[Piece], depth: int = 64) -> Iterator[Piece]:
    """The pieces that are not divided further, in order; not for payloads of any size."""
    for each in pieces:
        inner = each.inside() if depth else ()
        if inner:
            yield from leaves(inner, depth - 1)
        else:
            yield each


def at_bit(pieces: Sequence[Piece], bit: int, *, to_byte: bool = False) -> tuple[int, ...]:
    """The way down to the smallest piece that holds ``bit``: its place at each level; empty where none does.

    Pieces of single bytes are gone into for ``to_byte`` alone: what they belong to tells more.
    """
    for place, each in enumerate(pieces):
        if each.bits.start <= bit < each.bits.end:
            inner = each.inside()
            if not to_byte and any(one.role == "bytes" for one in inner):
                return (place,)
            return (place, *at_bit(inner, bit, to_byte=to_byte))
    return ()
