"""A filter applied to the frames of an attempt: columns first, payloads only of what is still open."""

import re
import time
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import partial
from itertools import compress

from wsinspector.filter.columns import (
    FIRST,
    FLAGS,
    HEADER,
    LENGTH,
    OFFSET,
    TIME,
    Planes,
    Slice,
    as_bytes,
    mask_of,
    needs,
    ones,
    planned,
)
from wsinspector.filter.content import Content, about_close, about_content, decide, needle_of, too_large
from wsinspector.filter.rows import CONTINUES, EndRow, FrameRow, Unknown, evaluate, is_fragment
from wsinspector.filter.syntax import Condition, Contains, Leaf, leaves
from wsinspector.present.filter_contents import AHEAD, Contents
from wsinspector.present.filter_planes import Blocks, Frames
from wsinspector.present.filter_scan import PIECE, Side
from wsinspector.present.frame_index import BINARY_PART, KIND, TEXT_PART, FrameIndex
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.rows import Mode
from wsinspector.protocol.columns import FLAG_COMPRESSED, FLAG_ENDS_MESSAGE, FLAG_MASKED, FLAG_OUT
from wsinspector.protocol.opcodes import CLOSE
from wsinspector.protocol.spans import Direction

Read = Callable[[], Content | Unknown | None]

MOST = 1 << 16
"""Frames a step where columns decide."""

FIRST_STEP = 1 << 11
"""Frames of the first step where payloads are read: the first hits come at once."""

STEP_NS = 25_000_000

_PLAIN = bytes(0 if flags & (FLAG_MASKED | FLAG_COMPRESSED) else 1 for flags in range(256))
_OUT = bytes(flags & FLAG_OUT for flags in range(256))
_FRAGMENT = bytes(int(is_fragment(1, flags)) for flags in range(256))
_CONTINUATION = bytes(0 if first & 0x0F else 1 for first in range(256))
_TYPES = bytes(first & 0x0F or CONTINUES for first in range(256))
_CLOSES = bytes(int(first & 0x0F == CLOSE) for first in range(256))
_PARTS_OF = bytes({TEXT_PART: 1, BINARY_PART: 2}.get(kind & KIND, 0) for kind in range(256))
_SET = re.compile(b"\x01")


class FilterRun:
    """Decides frame after frame, as far as they are in the index; more may be asked for as they come.

    A row fits where one of its frames does. In Messages a condition on size or payload speaks of the whole
    message, and is decided at its last frame; in Frames it speaks of the frame, except that the last
    frame of a message stands for the joined payload, and that compressed fragments before it have none.
    ``undecided`` counts frames of which it cannot be told: a pattern took too long, or a payload is too
    large, which ``too_large`` of them are, or the file does not tell how the frames travelled, which it is
    with ``untold`` of them. Use it on one thread; :meth:`cancel` may be called from any.
    """

    def __init__(
        self,
        condition: Condition,
        reading: FrameReading,
        index: FrameIndex,
        inflation: Inflation,
        *,
        mode: Mode = Mode.MESSAGES,
        start_ns: int = 0,
        marks: Iterable[int] = (),
    ) -> None:
        self.condition = condition
        self.done = 0  # number of the last frame decided
        self.hits = 0
        self.undecided = 0
        self.too_large = 0
        self.untold = 0
        self.cancelled = False
        self._reading = reading
        self._index = index
        self._contents = Contents(reading, inflation)
        self._blocks = Blocks(reading.source)
        self._mode = mode
        self._start = start_ns
        self._marks = array("Q", sorted(marks))
        self._plan = planned(condition, composed=reading.composed)
        found = [(at, leaf) for at, leaf in enumerate(leaves(condition)) if about_content(leaf)]
        self._pending = sorted(found, key=lambda each: _cost(each[1]))
        messages = mode is Mode.MESSAGES
        self._joins = bool(found) or (messages and needs(condition, "size"))
        self._most = FIRST_STEP if found else MOST
        self._large: set[int] = set()  # of a step, frames of which a payload was too large
        self._read: list[Content] = []  # what was read of a message or a part
        self._before: int | None = None
        self._deadline = 0

    def cancel(self) -> None:
        """Stop soon; what was given out stays right."""
        self.cancelled = True

    def work(self, upto: int, budget_ns: int = STEP_NS) -> bytes:
        """Decide frames up to number ``upto`` for about ``budget_ns``: a 1 for each that fits, else 0."""
        until = time.perf_counter_ns() + budget_ns
        found = bytearray()
        while part := self.step(upto):
            found += part
            if time.perf_counter_ns() > until:
                break
        return bytes(found)

    def step(self, upto: int) -> bytes:
        """Decide the next frames; empty where there are none up to ``upto``, or after :meth:`cancel`."""
        wanted = min(upto - self.done, self._most)
        if wanted <= 0 or self._stopped():
            return b""
        missing = self._index.missing.run_at(self.done + 1)
        if missing is not None:
            return self._pass_over(min(missing[1] - 1 - self.done, wanted))
        following = self._index.missing.next_after(self.done + 1)
        if following is not None:
            wanted = min(wanted, following - 1 - self.done)
        planes = self._blocks.frames(self.done + 1, wanted)
        if planes is None:
            return b""
        self._large.clear()
        began = time.perf_counter_ns()
        self._deadline = began + STEP_NS
        frames = Slice(
            planes, self.done + 1, self._start, self._before, partial(self._types, planes), self._marks
        )
        count = planes.entries
        apart = self._fragments(planes) if self._joins else 0
        if self._mode is Mode.MESSAGES:
            frames.apart = apart
        must, may = self._plan.decide(frames)
        vague = 0  # frames whose payload did not settle it
        for at, leaf in self._pending:
            left = may & ~must & ~apart & ones(count)
            if not left:
                continue
            fits, known, count = self._decide(leaf, frames, left, count)
            frames.known[at] = fits, known
            vague |= left & ~known
            must, may = self._plan.decide(frames)
        if self._stopped():
            return b""
        if count < planes.entries:
            must, may, apart = must & ones(count), may & ones(count), apart & ones(count)
        if apart:
            must, may, count = self._apart(frames, must, may, apart, count)
        self._before = self._time(planes, count - 1)
        self.done += count
        self.hits += must.bit_count()
        unknown = may & ~must
        self.undecided += unknown.bit_count()
        self.too_large += sum(unknown >> 8 * at & 1 for at in self._large) if unknown else 0
        if self._reading.composed:
            self.untold += (unknown & ~vague).bit_count()
        if self._pending:
            self._adapt(count < planes.entries, count, time.perf_counter_ns() - began)
        return as_bytes(must, count)

    def _pass_over(self, count: int) -> bytes:
        """Frames that are not in the file fit nothing, not even what speaks of all others."""
        self._before = None
        self.done += count
        return bytes(count)

    def _stopped(self) -> bool:
        return self.cancelled

    def _late(self) -> bool:
        return self.cancelled or time.perf_counter_ns() > self._deadline

    def _adapt(self, cut: bool, count: int, taken: int) -> None:
        if cut:
            self._most = max(64, min(2 * count, self._most))
        elif taken < STEP_NS // 2:
            self._most = min(MOST, 2 * self._most)

    def _time(self, planes: Frames, at: int) -> int:
        value = 0
        for byte in range(8):
            value |= planes.plane(TIME, byte)[at] << 8 * byte
        return value - (1 << 64) if value >> 63 else value

    # -- what the columns do not say by themselves

    def _types(self, planes: Frames) -> bytes:
        """The types' bytes: opcodes, those of their message for continuations."""
        types = planes.plane(FIRST, 0).translate(_TYPES)
        if CONTINUES not in types:
            return types
        kinds = self._index.frames.piece(self.done, self.done + len(types))
        return as_bytes(mask_of(types) | mask_of(kinds.translate(_PARTS_OF)), len(types))

    def _fragments(self, planes: Planes) -> int:
        return mask_of(planes.plane(FLAGS, 0).translate(_FRAGMENT)) | mask_of(
            planes.plane(FIRST, 0).translate(_CONTINUATION)
        )

    def _facts(self, frames: Slice, at: int) -> FrameFacts:
        column = frames.planes.column
        return FrameFacts(frames.first_no + at, *(column(number)[at] for number in range(8)))

    # -- payloads of whole messages in one frame

    def _decide(self, leaf: Leaf, frames: Slice, left: int, count: int) -> tuple[int, int, int]:
        """(fits, known, how many frames from the first on are decided) for the frames ``left``."""
        planes = frames.planes
        everything = frames.all
        if about_close(leaf):
            closes = mask_of(planes.plane(FIRST, 0).translate(_CLOSES))
            fits, known, count = self._each(leaf, frames, left & closes, count)
            return fits, known | (everything & ~closes), count
        if isinstance(leaf, Contains) and leaf.field == "payload":
            plain = mask_of(planes.plane(FLAGS, 0).translate(_PLAIN)) & ~self._fragments(planes)
            in_bulk = left & plain
            if in_bulk.bit_count() * 200 > count:
                fits, count = self._scan(leaf, frames, count)
                others, known, count = self._each(leaf, frames, left & ~plain & ones(count), count)
                return (fits & plain) | others, known | plain, count
        return self._each(leaf, frames, left, count)

    def _each(self, leaf: Leaf, frames: Slice, left: int, count: int) -> tuple[int, int, int]:
        """Frame by frame, as far as there is time."""
        total = frames.count
        if not left:
            return 0, 0, count
        fits, unknown = bytearray(total), bytearray(total)
        left &= ones(count)
        wanted = list(compress(range(count), as_bytes(left, count)))
        ahead = len(wanted) * 16 > count
        for turn, at in enumerate(wanted):
            if turn and self._late():
                count = at
                break
            facts = self._facts(frames, at)
            if facts.length > AHEAD and isinstance(leaf, Contains) and not facts.compressed:
                found: bool | None = self._long(leaf, facts)
            else:
                content = self._contents.of_frame(facts, facts.opcode, ahead=ahead)
                found = decide(leaf, content)
                if found is None and too_large((leaf,), content):
                    self._large.add(at)
            if found is None:
                unknown[at] = 1
            elif found:
                fits[at] = 1
        known = left & ones(count) & ~mask_of(bytes(unknown))
        return mask_of(bytes(fits)), known, count

    def _long(self, leaf: Contains, facts: FrameFacts) -> bool:
        """A large payload is searched a piece at a time."""
        needle = needle_of(leaf)
        overlap = len(needle) - 1
        at = 0
        while data := self._reading.payload(facts, at, PIECE + overlap):
            if needle in (data.lower() if leaf.either_case else data):
                return True
            at += PIECE
            if self._stopped():
                break
        return False

    def _scan(self, leaf: Contains, frames: Slice, count: int) -> tuple[int, int]:
        """Unmasked frames lie in the stream as they are: each direction is searched in large pieces."""
        found = bytearray(frames.count)
        sides = frames.planes.plane(FLAGS, 0)[:count].translate(_OUT)
        for direction in Direction:
            mine: range | list[int]
            how_many = sides.count(direction)
            if not how_many:
                continue
            if how_many == count:
                mine = range(count)
            else:
                wanted = sides if direction is Direction.OUT else sides.translate(_NOT)
                mine = list(compress(range(count), wanted))
            planes = frames.planes
            offsets = planes.column(OFFSET)
            starts = offsets if len(mine) == len(offsets) else array("Q", [offsets[at] for at in mine])
            headers, lengths = planes.column(HEADER), planes.column(LENGTH)
            side = Side(self._reading.source, direction, offsets, headers, lengths, mine, starts, found)
            cut = side.scan(leaf, self._late)
            count = count if cut is None else min(count, cut)
            sides = sides[:count]
        return mask_of(bytes(found)), count

    # -- messages of several frames

    def _apart(self, frames: Slice, must: int, may: int, apart: int, count: int) -> tuple[int, int, int]:
        """Decide what speaks of messages of several frames: (fits, may fit, how many are decided)."""
        flags = frames.planes.plane(FLAGS, 0)
        messages = self._mode is Mode.MESSAGES
        fits, unknown = bytearray(count), bytearray(count)
        settled, open_ = as_bytes(must, count), as_bytes(may, count)
        for turn, match in enumerate(_SET.finditer(as_bytes(apart, count))):
            at = match.start()
            if turn and self._late():
                count = at
                break
            if settled[at] or not (messages or open_[at]):
                continue
            facts = self._facts(frames, at)
            parts = (
                self._index.parts_of(facts.message, facts.flags & FLAG_OUT) if facts.message else array("Q")
            )
            place = bisect_left(parts, facts.number)
            self._read.clear()
            member = place < len(parts) and parts[place] == facts.number
            ends = bool(flags[at] & FLAG_ENDS_MESSAGE)
            if not member:
                result = self._alone(facts)
            elif messages:
                result = self._message(parts[: place + 1]) if ends else False
            else:
                result = self._part(facts, parts[: place + 1], ends=ends)
            if result is None:
                unknown[at] = 1
                if any(too_large((leaf for _, leaf in self._pending), content) for content in self._read):
                    self._large.add(at)
            elif result:
                fits[at] = 1
        keep = ones(count)
        must = must & keep | mask_of(bytes(fits[:count]))
        return must, must | mask_of(bytes(unknown[:count])) | (may & ~apart & keep), count

    def _alone(self, facts: FrameFacts) -> bool | None:
        """A continuation of nothing is a row of its own."""

        def read() -> Content:
            self._read.append(self._contents.of_frame(facts, facts.opcode, ahead=False))
            return self._read[-1]

        return evaluate(self.condition, self._row(facts, facts.length, read))

    def _message(self, parts: "array[int]") -> bool | None:
        """A whole message: fits where one of its frames does, with the message's size and payload."""
        members = [facts for number in parts if (facts := self._reading.facts(number)) is not None]
        if not members:
            return False  # dropped meanwhile
        opcode = members[0].opcode
        size = sum(facts.length for facts in members)
        held: list[Content] = []

        def read() -> Content:
            if not held:
                held.append(self._contents.of_message(members, opcode))
            self._read.append(held[0])
            return held[0]

        unknown = False
        for facts in members:
            found = evaluate(self.condition, self._row(facts, size, read))
            if found:
                return True
            unknown = unknown or found is None
        return None if unknown else False

    def _part(self, facts: FrameFacts, parts: "array[int]", *, ends: bool) -> bool | None:
        """One fragment for itself; the last one stands for the whole."""
        opcode = self._kind(facts) & 0x0F

        def read() -> Content | None:
            if not ends and facts.compressed:
                return None
            if not ends:
                self._read.append(self._contents.of_frame(facts, opcode, ahead=False))
            else:
                found = (self._reading.facts(number) for number in parts)
                members = [each for each in found if each is not None]
                self._read.append(self._contents.of_message(members, opcode))
            return self._read[-1]

        return evaluate(self.condition, self._row(facts, facts.length, read))

    def _kind(self, facts: FrameFacts) -> int:
        opcode = facts.opcode
        if opcode:
            return opcode
        return CONTINUES | _PARTS_OF[self._index.frames[facts.number - 1]]

    def _row(self, facts: FrameFacts, size: int | Unknown, read: Read) -> FrameRow:
        before = self._reading.facts(facts.number - 1)
        at = bisect_left(self._marks, facts.number)
        return FrameRow(
            facts.number,
            facts.first,
            self._kind(facts),
            facts.flags,
            facts.length,
            size,
            facts.time - self._start,
            facts.time - before.time if before is not None else None,
            facts.message,
            facts.anomalies,
            at < len(self._marks) and self._marks[at] == facts.number,
            read,
            self._reading.composed,
        )


_NOT = bytes((1, *(0 for _ in range(255))))


def _cost(leaf: Leaf) -> int:
    """Literal texts are found in bulk, and Close frames are few."""
    if about_close(leaf):
        return 0
    return 1 if isinstance(leaf, Contains) and leaf.field == "payload" else 2


def end_fits(condition: Condition | None, *, at_ns: int, code: int | None, reason: str) -> bool:
    """Whether the last row fits, which says how the attempt ended ``at_ns`` after it began.

    ``code``: as an application is told it; 1005 and 1006 never travel.
    """
    if condition is None:
        return True
    return bool(evaluate(condition, EndRow(at_ns, code, reason.encode("utf-8", "surrogatepass"))))
