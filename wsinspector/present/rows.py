"""Which rows the log shows, as one sorted array of integers, so that no frame costs an object."""

import enum
import re
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

from wsinspector.present.frame_index import (
    BINARY,
    BINARY_PART,
    CHUNK,
    CLOSE,
    FAULT,
    HIDDEN,
    KIND,
    PING,
    PONG,
    RESERVED_CONTROL,
    TEXT,
    TEXT_PART,
    FrameIndex,
)

SUB_BITS = 24
"""A row's key is ``number << SUB_BITS | sub``; keys are sorted, so every look-up is a bisection."""

SUB_DROPPED = (1 << SUB_BITS) - 3
SUB_SILENCE = (1 << SUB_BITS) - 2
SUB_STOP = (1 << SUB_BITS) - 1
MAX_CHILDREN = 1 << 16
TAIL = 1 << 63
"""Keys from here on are rows after the last frame: frames still arriving, silence, the end."""


FIRST_DROPPED = 1 << SUB_BITS | SUB_DROPPED
"""The row that tells of the frames a limit dropped: the oldest go first."""

_SET = re.compile(b"[\x01]")
_WITHIN_ROW = bytes(int(bool(value & HIDDEN)) for value in range(256))
_HAS_ROW = bytes(int(not value & HIDDEN) for value in range(256))
_TURN = 1 << 16
# Where a key holds the bits of its number above the sixteenth.
_HIGH_BYTES = (5, 6, 7) if sys.byteorder == "little" else (2, 1, 0)


class Mode(enum.Enum):
    """A row a message, or a row a frame."""

    MESSAGES = "messages"
    FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class Shown:
    """The kinds that are pressed: a row shows when any of them fits."""

    text: bool = True
    binary: bool = True
    control: bool = True
    faults: bool = True

    @property
    def everything(self) -> bool:
        return self.text and self.binary and self.control and self.faults

    def mask(self) -> bytes:
        """256 entries, 1 for the classes that are shown."""
        wanted: set[int] = set()
        if self.text:
            wanted |= {TEXT, TEXT_PART}
        if self.binary:
            wanted |= {BINARY, BINARY_PART}
        if self.control:
            wanted |= {PING, PONG, CLOSE, RESERVED_CONTROL}
        return bytes(
            not value & HIDDEN
            and (self.everything or value & KIND in wanted or bool(self.faults and value & FAULT))
            for value in range(256)
        )


@dataclass(frozen=True, slots=True)
class Insertion:
    """Keys that belong at row ``at``, in order."""

    at: int
    keys: "array[int]"


def number_of(key: int) -> int:
    """The frame number a key stands at."""
    return key >> SUB_BITS


def sub_of(key: int) -> int:
    return key & ((1 << SUB_BITS) - 1)


@lru_cache(1)
def _first_keys() -> bytes:
    """The keys of the numbers below _TURN, as they lie in memory."""
    return array("Q", range(0, _TURN << SUB_BITS, 1 << SUB_BITS)).tobytes()


def _keys_of(first: int, stop: int) -> "array[int]":
    """The keys of the frames ``first`` to ``stop - 1``, copied from a table: no integer a frame."""
    keys: array[int] = array("Q")
    while first < stop:
        turn, low = divmod(first, _TURN)
        count = min(_TURN - low, stop - first)
        piece = bytearray(_first_keys()[8 * low : 8 * (low + count)])
        for place, byte in zip(_HIGH_BYTES, turn.to_bytes(3, "little"), strict=True):
            if byte:
                piece[place::8] = bytes((byte,)) * count
        keys.frombytes(piece)
        first += count
    return keys


def _both(one: bytes, other: bytes) -> bytes:
    joined = int.from_bytes(one, "little") & int.from_bytes(other, "little")
    return joined.to_bytes(len(one), "little")


class LogRows:
    """The keys of the rows that show, kept sorted while frames arrive and rows are opened.

    Changes are prepared as :class:`Insertion` and applied one by one, so that a Qt model can
    announce each; a change of mode or filter is a :meth:`rebuild`.
    """

    def __init__(self, index: FrameIndex, mode: Mode = Mode.MESSAGES, shown: Shown | None = None) -> None:
        self.index = index
        self.mode = mode
        self.shown = shown or Shown()
        self.matches: bytearray | None = None  # 1 a frame that fits the filter
        self.stop: int | None = None  # number of the frame after which a conforming peer stops
        self.keys: array[int] = array("Q")
        self.opened: dict[int, array[int]] = {}
        self.first = 1  # number of the first frame that shows
        self.laid_out = 0  # goes up where a row came or went above the last one
        self._mask = self.shown.mask()
        self._collected = 0

    @property
    def collected(self) -> int:
        """Number of the last frame that was considered."""
        return self._collected

    @property
    def ready(self) -> int:
        """Number of the last frame that can be considered: indexed, and decided where there is a filter."""
        return len(self.index) if self.matches is None else min(len(self.index), len(self.matches))

    @property
    def everything(self) -> bool:
        """Whether no row is left out."""
        return self.shown.everything and self.matches is None and self.first == 1

    def rebuild(self, mode: Mode, shown: Shown, matches: bytearray | None, first: int = 1) -> None:
        """Start over with another mode or filter; :meth:`prepare` then gives the rows again.

        Rows of frames before ``first`` are left out, those of messages that began there too.
        """
        self.mode, self.shown, self.matches = mode, shown, matches
        self.first = max(first, 1)
        self.laid_out += 1
        self._mask = shown.mask()
        self.keys = array("Q")
        self.opened = {}
        self._collected = self.first - 1
        self.index.newly_faulty.clear()
        self.index.newly_joined.clear()

    def anew(self, mode: Mode, shown: Shown, matches: bytearray | None, first: int = 1) -> "LogRows":
        """The same frames laid out otherwise, for :meth:`take_over` once they are prepared.

        The index must not grow between the first :meth:`prepare` of these rows and that.
        """
        made = LogRows(self.index, mode, shown)
        made.stop = self.stop
        made.rebuild(mode, shown, matches, first)
        return made

    def take_over(self, other: "LogRows") -> None:
        """Become what ``other`` is; it is of no use afterwards."""
        self.mode, self.shown, self.matches, self.first = other.mode, other.shown, other.matches, other.first
        self.keys, self.opened = other.keys, other.opened
        self._mask, self._collected = other._mask, other._collected
        self.laid_out += 1
        # Frames may have been dropped since the other was begun.
        at, gone = self.dropping()
        if gone:
            self.remove(at, gone)
            for insertion in self.dropped([]):
                self.apply(insertion)

    def prepare(self, at_most: int = CHUNK) -> Iterator[Insertion]:
        """What the frames since the last call add; :meth:`apply` each before asking for the next."""
        upto = min(self.ready, self._collected + at_most)
        yield from self._late(self._collected)
        if upto <= self._collected:
            return
        after, self._collected = self._collected, upto
        fresh, earlier = self._collect(after, upto)
        yield from map(self._lone, earlier)
        if fresh:
            yield Insertion(len(self.keys), fresh)

    # -- rows of frames that are not in the file any more

    def dropping(self) -> tuple[int, int]:
        """``(first row, count)`` to remove of what :meth:`FrameIndex.drop` took; not yet removed."""
        at = 1 if self.keys and self.keys[0] == FIRST_DROPPED else 0
        return at, max(0, bisect_left(self.keys, (self.index.frames.gone + 1) << SUB_BITS) - at)

    def dropped(self, heads: list[int]) -> Iterator[Insertion]:
        """What shows in their place, once they are removed: one row for all, and rows of ``heads``, the
        frames that showed within them. :meth:`apply` each before asking for the next."""
        gone = self.index.frames.gone
        self.laid_out += 1
        self.opened = {key: parts for key, parts in self.opened.items() if number_of(key) > gone}
        self._collected = max(self._collected, gone)
        if gone and self.first == 1 and (not self.keys or self.keys[0] != FIRST_DROPPED):
            yield Insertion(0, array("Q", (FIRST_DROPPED,)))
        if self.mode is not Mode.MESSAGES:
            return
        for head in heads:
            shows = self.first <= head <= self._collected and self._fits(head)
            if shows and self.row_of(head << SUB_BITS) is None:
                yield self._lone(head << SUB_BITS)

    def _lone(self, key: int) -> Insertion:
        return Insertion(bisect_left(self.keys, key), array("Q", (key,)))

    def apply(self, insertion: Insertion) -> None:
        """Put the keys of ``insertion`` where it says."""
        if insertion.at == len(self.keys):
            self.keys.extend(insertion.keys)
        else:
            if not sub_of(insertion.keys[0]):
                self.laid_out += 1
            self.keys[insertion.at : insertion.at] = insertion.keys

    def _late(self, before: int) -> Iterator[Insertion]:
        """Rows above the tail: messages that turned out faulty, fragments of opened messages."""
        faulty, self.index.newly_faulty = self.index.newly_faulty, []
        joined, self.index.newly_joined = self.index.newly_joined, []
        if self.mode is not Mode.MESSAGES:
            return
        for head in faulty:
            if self.first <= head <= before and self._fits(head) and self.row_of(head << SUB_BITS) is None:
                yield self._lone(head << SUB_BITS)
        if not self.opened:
            return
        for head, number in joined:
            key = head << SUB_BITS
            children = self.opened.get(key)
            if children is not None and number > children[-1] and len(children) < MAX_CHILDREN:
                children.append(number)
                yield self._lone(key | len(children))

    def _fits(self, number: int) -> bool:
        classes = self.index.messages if self.mode is Mode.MESSAGES else self.index.frames
        if not self._mask[classes[number - 1]]:
            return False
        return self.matches is None or self._matched(number)

    def _matched(self, head: int) -> bool:
        matches = self.matches
        assert matches is not None
        if self.mode is Mode.FRAMES:
            return bool(matches[head - 1])
        return any(no <= len(matches) and matches[no - 1] for no in self.index.members_of(head))

    def _collect(self, after: int, upto: int) -> "tuple[array[int], list[int]]":
        """Keys of the frames ``after + 1`` to ``upto`` and of the markers among them.

        The second part are keys of earlier messages, found by a later fragment of theirs.
        """
        classes = self.index.messages if self.mode is Mode.MESSAGES else self.index.frames
        kinds = classes.piece(after, upto)
        mask = kinds.translate(self._mask)
        earlier: list[int] = []
        if self.matches is not None:
            found = bytes(self.matches[after:upto])
            if self.mode is Mode.MESSAGES:
                found, earlier = self._heads_of(found, kinds, after)
            mask = _both(mask, found)
        step = 1 << SUB_BITS
        if 0 in mask:
            keys = array("Q", compress(range((after + 1) * step, (upto + 1) * step, step), mask))
        else:
            keys = _keys_of(after + 1, upto + 1)
        marks = self._marks(after, upto)
        if marks:
            keys = array("Q", sorted([*keys, *marks]))
        return keys, earlier

    def _heads_of(self, found: bytes, kinds: bytes, after: int) -> tuple[bytes, list[int]]:
        """Matches moved to the rows that show them; only what lies within another row is looked up."""
        heads = bytearray(_both(found, kinds.translate(_HAS_ROW)))
        earlier: set[int] = set()
        for match in _SET.finditer(_both(found, kinds.translate(_WITHIN_ROW))):
            head = self.index.head_of(after + match.start() + 1)
            if head > after:
                heads[head - after - 1] = 1
            elif (
                head >= self.first
                and self._mask[self.index.messages[head - 1]]
                and self.row_of(head << SUB_BITS) is None
            ):
                earlier.add(head << SUB_BITS)
        return bytes(heads), sorted(earlier)

    def _marks(self, after: int, upto: int) -> list[int]:
        silences = self.index.silences
        # The silence after frame n is known once n + 1 has come.
        low, high = bisect_left(silences, max(after, self.first)), bisect_left(silences, upto)
        marks = [
            number << SUB_BITS | SUB_SILENCE for number in silences[low:high] if not self._within_run(number)
        ]
        marks += [number << SUB_BITS | SUB_DROPPED for number in self.index.missing.beginning(after, upto)]
        if self.stop is not None and after < self.stop <= upto:
            marks.append(self.stop << SUB_BITS | SUB_STOP)
        return marks

    def _within_run(self, number: int) -> bool:
        if self.mode is Mode.FRAMES or number >= len(self.index):
            return False
        following = self.index.messages[number]
        return bool(following & HIDDEN) and following & KIND in (PING, PONG)

    def set_stop(self, number: int | None) -> tuple[int | None, Insertion | None]:
        """Say after which frame a conforming peer stops.

        The number of a frame still arriving is a guess and may change: the first part is the row of
        the old line, to be removed, the second the new one, both None where nothing shows yet.
        """
        if number == self.stop:
            return None, None
        old = None if self.stop is None else self.row_of(self.stop << SUB_BITS | SUB_STOP)
        self.stop = number
        if number is None or not self.first <= number <= self._collected:
            return old, None
        key = number << SUB_BITS | SUB_STOP
        shift = 1 if old is not None and self.keys[old] < key else 0
        return old, Insertion(bisect_left(self.keys, key) - shift, array("Q", (key,)))

    # -- rows within rows

    def can_open(self, key: int) -> bool:
        """Whether more frames stand behind the row."""
        if self.mode is Mode.FRAMES or key >= TAIL or sub_of(key):
            return False
        return len(self.index.members_of(number_of(key))) > 1

    def open(self, key: int) -> Insertion | None:
        """The rows behind ``key``; None where there are none or they show already."""
        if key in self.opened or not self.can_open(key):
            return None
        members = self.index.members_of(number_of(key))[:MAX_CHILDREN]
        self.opened[key] = members
        first = key + 1
        return Insertion(bisect_left(self.keys, first), array("Q", range(first, first + len(members))))

    def shut(self, key: int) -> tuple[int, int] | None:
        """Take the rows behind ``key`` away: ``(first row, count)`` to remove, not yet removed."""
        members = self.opened.pop(key, None)
        if members is None:
            return None
        return bisect_left(self.keys, key + 1), len(members)

    def remove(self, at: int, count: int) -> None:
        del self.keys[at : at + count]

    # -- looking up

    def row_of(self, key: int) -> int | None:
        """The row at which ``key`` shows."""
        at = bisect_left(self.keys, key)
        return at if at < len(self.keys) and self.keys[at] == key else None

    def nearest(self, key: int) -> int:
        """The row of ``key``, or of what stands nearest above it; -1 for an empty log."""
        return min(bisect_right(self.keys, key), len(self.keys)) - 1

    def shown_among(self, after: int, upto: int) -> bytes:
        """A 1 for each of the frames ``after + 1`` to ``upto`` that has a row of its own, else 0."""
        low = bisect_left(self.keys, (after + 1) << SUB_BITS)
        high = bisect_left(self.keys, (upto + 1) << SUB_BITS)
        found = bytearray(upto - after)
        for key in self.keys[low:high]:
            if not key & ((1 << SUB_BITS) - 1):
                found[(key >> SUB_BITS) - after - 1] = 1
        return bytes(found)

    def row_of_frame(self, number: int) -> int | None:
        """The row that shows frame ``number``, opened or not; for one that is gone, the row that says so."""
        if not 0 < number <= len(self.index):
            return None
        missing = self.index.missing.run_at(number)
        if missing is not None:
            return self.row_of(missing[0] << SUB_BITS | SUB_DROPPED)
        head = number if self.mode is Mode.FRAMES else self.index.head_of(number)
        return self.row_of(head << SUB_BITS)

    def nearest_frame(self, number: int) -> int | None:
        """The row whose frame stands nearest to ``number``, markers left out; None where there is none."""
        at = bisect_left(self.keys, number << SUB_BITS)
        below = next((row for row in range(at, len(self.keys)) if not self.is_marker(self.keys[row])), None)
        above = next((row for row in range(at - 1, -1, -1) if not self.is_marker(self.keys[row])), None)
        if below is None or above is None:
            return above if below is None else below
        after, before = number_of(self.keys[below]) - number, number - number_of(self.keys[above])
        return below if after < before else above

    def is_marker(self, key: int) -> bool:
        return key < TAIL and sub_of(key) >= SUB_DROPPED

    def is_child(self, key: int) -> bool:
        return key < TAIL and 0 < sub_of(key) < SUB_DROPPED

    def frame_of(self, key: int) -> int | None:
        """The number of the (first) frame a row shows; None for markers and the tail."""
        if key >= TAIL or self.is_marker(key):
            return None
        sub = sub_of(key)
        if not sub:
            return number_of(key)
        children = self.opened.get(key - sub)
        return children[sub - 1] if children is not None and sub <= len(children) else None

    def frames_of(self, key: int) -> "array[int]":
        """The numbers of all frames a row stands for."""
        number = self.frame_of(key)
        if number is None:
            return array("Q")
        if self.mode is Mode.FRAMES or sub_of(key):
            return array("Q", (number,))
        return self.index.members_of(number)
