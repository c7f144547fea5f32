"""Decides many frames at once from the byte planes of their columns: an integer operation for all of them.

A mask is an integer with a byte for each frame of a slice, the first frame's lowest: 1 fits, 0 does not.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from wsinspector.filter.content import about_close, about_content
from wsinspector.filter.names import FINDINGS, OF_FRAMING
from wsinspector.filter.numbers import Interval, intervals_of, within
from wsinspector.filter.rows import is_fragment, type_words
from wsinspector.filter.syntax import And, Compare, Condition, Has, Leaf, Literal, Not, Or, Within
from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_MASKED, FLAG_OUT

OFFSET, HEADER, LENGTH, FIRST, FLAGS, TIME, MESSAGE, ANOMALIES = range(8)
"""The columns' places, as in :class:`~wsinspector.protocol.columns.FrameColumns`."""

_WIDTH = (8, 1, 8, 1, 1, 8, 4, 4)
_TOP = 1 << 63


class Planes(Protocol):
    """The columns of a slice cut into bytes; byte 0 of an entry is its lowest."""

    @property
    def entries(self) -> int: ...

    def plane(self, column: int, byte: int) -> bytes:
        """That byte of every entry."""

    def constant(self, column: int, byte: int) -> int | None:
        """Its value where that is known to be the same for all entries."""

    def column(self, column: int) -> "array[int]":
        """The whole column."""


@lru_cache(64)
def ones(count: int) -> int:
    """A mask that all of ``count`` frames fit."""
    return int.from_bytes(b"\x01" * count, "little")


def mask_of(plane: bytes) -> int:
    return int.from_bytes(plane, "little")


def as_bytes(mask: int, count: int) -> bytes:
    return mask.to_bytes(count, "little")


@dataclass(slots=True)
class Slice:
    """Frames that follow each other, the first with number ``first_no``.

    ``start``: when the attempt began (ns). ``before``: the time of the frame before the first one.
    ``types``: the types' bytes of all frames. ``marks``: numbers of marked frames, sorted.
    ``apart``: frames whose size is not their row's. ``known``: of conditions on payloads, by their place
    in :func:`wsinspector.filter.syntax.leaves`: (those that fit, those that are decided).
    """

    planes: Planes
    first_no: int
    start: int
    before: int | None
    types: Callable[[], bytes]
    marks: Sequence[int] = ()
    apart: int = 0
    known: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return self.planes.entries

    @property
    def all(self) -> int:
        return ones(self.count)


Decided = tuple[int, int]
"""(frames that fit whatever else comes out, frames that may fit)"""


class Node(Protocol):
    """A part of a condition, ready to be applied."""

    def decide(self, frames: Slice) -> Decided: ...


@dataclass(frozen=True, slots=True)
class _Table:
    """A byte of every frame looked up: ``source`` is FIRST, FLAGS or -1 for the type."""

    source: int
    table: bytes

    def decide(self, frames: Slice) -> Decided:
        plane = frames.types() if self.source < 0 else frames.planes.plane(self.source, 0)
        found = mask_of(plane.translate(self.table))
        return found, found


@dataclass(frozen=True, slots=True)
class _Number:
    field: str
    intervals: tuple[Interval, ...]

    def decide(self, frames: Slice) -> Decided:
        found = 0
        for low, high in self.intervals:
            found |= self._interval(frames, low, high)
        if self.field == "size":
            return found & ~frames.apart, found | frames.apart
        if self.field == "message":
            found &= _at_least(frames, MESSAGE, 1)
        elif self.field == "delta" and frames.before is None:
            found &= ~1
        return found, found

    def _interval(self, frames: Slice, low: int | None, high: int | None) -> int:
        if self.field == "number":
            return _numbers(frames, low, high)
        found = frames.all if low is None else self._from(frames, low)
        if high is not None:
            found &= ~self._from(frames, high + 1)
        return found

    def _from(self, frames: Slice, bound: int) -> int:
        if self.field == "time":
            return _at_least(frames, TIME, bound + frames.start)
        if self.field == "delta":
            return _delta_at_least(frames, bound)
        return _at_least(frames, MESSAGE if self.field == "message" else LENGTH, bound)


@dataclass(frozen=True, slots=True)
class _Findings:
    bits: int

    def decide(self, frames: Slice) -> Decided:
        found = 0
        for byte in range(4):
            bits = self.bits >> (8 * byte) & 0xFF
            if not bits or frames.planes.constant(ANOMALIES, byte) == 0:
                continue
            table = bytes(1 if value & bits else 0 for value in range(256))
            found |= mask_of(frames.planes.plane(ANOMALIES, byte).translate(table))
        return found, found


class _Marked:
    def decide(self, frames: Slice) -> Decided:
        low = bisect_left(frames.marks, frames.first_no)
        high = bisect_right(frames.marks, frames.first_no + frames.count - 1)
        found = 0
        for number in frames.marks[low:high]:
            found |= 1 << 8 * (number - frames.first_no)
        return found, found


@dataclass(frozen=True, slots=True)
class _Pending:
    """A condition on payloads: decided as far as ``known`` says."""

    at: int

    def decide(self, frames: Slice) -> Decided:
        fits, known = frames.known.get(self.at, (0, 0))
        return fits & known, fits | (frames.all & ~known)


class _Untold:
    def decide(self, frames: Slice) -> Decided:
        return 0, frames.all


@dataclass(frozen=True, slots=True)
class _Inverse:
    part: Node

    def decide(self, frames: Slice) -> Decided:
        must, may = self.part.decide(frames)
        return frames.all & ~may, frames.all & ~must


@dataclass(frozen=True, slots=True)
class _Joined:
    every: bool
    parts: tuple[Node, ...]

    def decide(self, frames: Slice) -> Decided:
        must, may = self.parts[0].decide(frames)
        for part in self.parts[1:]:
            if self.every and not may:
                break
            its_must, its_may = part.decide(frames)
            must = must & its_must if self.every else must | its_must
            may = may & its_may if self.every else may | its_may
        return must, may


def planned(condition: Condition, *, composed: bool = False) -> Node:
    """``condition`` ready to be applied to slices; see :class:`Slice` for conditions on payloads.

    ``composed``: the frames were made up around messages, see :class:`~wsinspector.filter.rows.FrameRow`.
    """
    return _Planner(composed).node(condition)


class _Planner:
    def __init__(self, composed: bool) -> None:
        self._leaves = 0
        self._composed = composed

    def node(self, part: Condition) -> Node:
        if isinstance(part, Not):
            inner = self.node(part.part)
            if isinstance(inner, _Table):
                return _Table(inner.source, inner.table.translate(_FLIP))
            return _Inverse(inner)
        if isinstance(part, And | Or):
            every = isinstance(part, And)
            nodes = _folded([self.node(each) for each in part.parts], every)
            return nodes[0] if len(nodes) == 1 else _Joined(every, tuple(nodes))
        at = self._leaves
        self._leaves += 1
        if about_content(part):
            return _Pending(at)
        name = part.what if isinstance(part, Has) else part.field
        return _Untold() if self._composed and name in OF_FRAMING else _column(part)


def _folded(nodes: list[Node], every: bool) -> list[Node]:
    """Look-ups in the same byte become one; they come first."""
    tables: dict[int, bytes] = {}
    others: list[Node] = []
    for node in nodes:
        if not isinstance(node, _Table):
            others.append(node)
        elif node.source not in tables:
            tables[node.source] = node.table
        else:
            pairs = zip(tables[node.source], node.table, strict=True)
            tables[node.source] = bytes((a & b) if every else (a | b) for a, b in pairs)
    others.sort(key=lambda node: isinstance(node, _Pending))
    return [*(_Table(source, table) for source, table in tables.items()), *others]


_FLIP = bytes(0 if value else 1 for value in range(256))
_BITS: dict[str, tuple[int, int]] = {
    "fin": (FIRST, 0x80),
    "rsv1": (FIRST, 0x40),
    "rsv2": (FIRST, 0x20),
    "rsv3": (FIRST, 0x10),
    "masked": (FLAGS, FLAG_MASKED),
    "compressed": (FLAGS, FLAG_COMPRESSED),
}


def _column(leaf: Leaf) -> Node:
    if isinstance(leaf, Has):
        return _thing(leaf.what)
    assert isinstance(leaf, Compare | Within)
    if leaf.field in ("type", "dir", "finding"):
        return _word(leaf)
    intervals = intervals_of(leaf)
    if leaf.field in _BITS:
        source, bit = _BITS[leaf.field]
        return _Table(source, _table(lambda value: within(intervals, int(bool(value & bit)))))
    if leaf.field == "opcode":
        return _Table(FIRST, _table(lambda value: within(intervals, value & 0x0F)))
    if leaf.field == "rsv":
        return _Table(FIRST, _table(lambda value: within(intervals, value >> 4 & 7)))
    return _Number(leaf.field, tuple(intervals))


def _table(fits: Callable[[int], bool]) -> bytes:
    return bytes(1 if fits(value) else 0 for value in range(256))


def _word(leaf: Compare | Within) -> Node:
    if isinstance(leaf, Compare):
        wanted = {leaf.literal.value}
        negated = leaf.operator == "!="
    else:
        wanted = {choice.value for choice in leaf.choices if isinstance(choice, Literal)}
        negated = False
    if leaf.field == "finding":
        bits = 0
        for name in wanted:
            bits |= int(FINDINGS.get(str(name), 0))
        return _Inverse(_Findings(bits)) if negated else _Findings(bits)
    if leaf.field == "dir":
        return _Table(
            FLAGS, _table(lambda value: (("out" if value & FLAG_OUT else "in") in wanted) is not negated)
        )
    return _Table(-1, _table(lambda value: bool(type_words(value) & wanted) is not negated))


def _thing(what: str) -> Node:
    match what:
        case "finding":
            return _Findings(0xFFFFFFFF)
        case "deflate":
            return _Table(FLAGS, _table(lambda value: bool(value & FLAG_COMPRESSED)))
        case "mask":
            return _Table(FLAGS, _table(lambda value: bool(value & FLAG_MASKED)))
        case "mark":
            return _Marked()
    return _Joined(
        False,
        (
            _Table(FIRST, _table(lambda value: not value & 0x0F)),
            _Table(FLAGS, _table(lambda value: is_fragment(1, value))),
        ),
    )


def needs(condition: Condition, *fields: str) -> bool:
    """Whether ``condition`` speaks of one of ``fields``."""
    if isinstance(condition, Not):
        return needs(condition.part, *fields)
    if isinstance(condition, And | Or):
        return any(needs(part, *fields) for part in condition.parts)
    name = condition.what if isinstance(condition, Has) else condition.field
    return name in fields


def _numbers(frames: Slice, low: int | None, high: int | None) -> int:
    first, last = frames.first_no, frames.first_no + frames.count - 1
    low = first if low is None else max(low, first)
    high = last if high is None else min(high, last)
    return ones(high - low + 1) << 8 * (low - first) if low <= high else 0


@lru_cache(1024)
def _three_ways(bound: int, flipped: int) -> bytes:
    """0 below ``bound``, 1 at it, 2 above it; ``flipped`` is applied to a byte first."""
    return bytes((value ^ flipped > bound) - (value ^ flipped < bound) + 1 for value in range(256))


def _at_least(frames: Slice, column: int, bound: int) -> int:
    """The frames whose entry is ``bound`` or more; byte by byte, the lowest first."""
    width = _WIDTH[column]
    signed = column == TIME
    if signed:
        bound += _TOP
    if bound <= 0:
        return frames.all
    if bound >> 8 * width:
        return 0
    everything = frames.all
    found = everything
    for byte in range(width):
        wanted = bound >> 8 * byte & 0xFF
        flipped = 0x80 if signed and byte == width - 1 else 0
        constant = frames.planes.constant(column, byte)
        if constant is not None:
            constant ^= flipped
            if constant != wanted:
                found = everything if constant > wanted else 0
            continue
        ways = mask_of(frames.planes.plane(column, byte).translate(_three_ways(wanted, flipped)))
        found = (ways >> 1 & everything) | (ways & found)
    return found


def _delta_at_least(frames: Slice, bound: int) -> int:
    """The frames that came ``bound`` ns or more after the one before; the first one where that is known."""
    times = frames.planes.column(TIME)
    earlier = array("q", [frames.before if frames.before is not None else times[0]])
    earlier.extend(times[:-1])
    span = 1 << 62
    low, high = min(min(times), min(earlier)), max(max(times), max(earlier))
    if low < 0 or high >= span or not 0 <= bound < span:
        fits = bytes(1 if a - b >= bound else 0 for a, b in zip(times, earlier, strict=True))
        return mask_of(fits)
    # All differences at once: with its top bit set a lane borrows from itself alone, and keeps the bit
    # where the later time is not below the earlier one plus the bound.
    lanes = int.from_bytes(b"\x01\0\0\0\0\0\0\0" * len(times), "little")
    later = int.from_bytes(_little(times), "little") | lanes << 63
    left = later - (int.from_bytes(_little(earlier), "little") + lanes * bound)
    top = left.to_bytes(8 * len(times), "little")[7::8]
    return mask_of(top) >> 7 & frames.all


def _little(times: "array[int]") -> bytes:
    if memoryview(array("H", [1])).tobytes()[0]:
        return times.tobytes()
    swapped = times[:]
    swapped.byteswap()
    return swapped.tobytes()


__all__ = ["Node", "Planes", "Slice", "about_close", "as_bytes", "mask_of", "needs", "ones", "planned"]
