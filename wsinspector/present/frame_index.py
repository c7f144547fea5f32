"""What every frame of an attempt is, in a byte each, so that ten million of them can be filtered at once."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import compress, pairwise
from typing import Protocol

from wsinspector.present.frame_classes import GONE, FrameClasses
from wsinspector.present.missing import Missing
from wsinspector.protocol.columns import (
    FLAG_ENDS_MESSAGE,
    FLAG_OUT,
    FLAG_SENTINEL,
    FLAG_STARTS_MESSAGE,
    FrameColumns,
)
from wsinspector.protocol.spans import Direction

SILENCE_NS = 30_000_000_000
CHUNK = 1 << 16

TEXT, BINARY, TEXT_PART, BINARY_PART, OTHER_PART = range(5)
PING, PONG, CLOSE, RESERVED, RESERVED_CONTROL = range(5, 10)
DROPPED = 10  # not in the file: see :class:`Missing`
KIND = 0x0F
OUT = 0x10
FAULT = 0x20
HIDDEN = 0x80  # in the column of messages: shown within another row

_OPCODE_KIND = {1: TEXT, 2: BINARY, 0: OTHER_PART, 8: CLOSE, 9: PING, 10: PONG}


def _kind_of_opcode(opcode: int) -> int:
    return _OPCODE_KIND.get(opcode, RESERVED_CONTROL if opcode & 8 else RESERVED)


_KINDS = bytes(_kind_of_opcode(first & 0x0F) for first in range(256))
_OUTS = bytes(OUT if flags & FLAG_OUT else 0 for flags in range(256))
_PART_OF = {TEXT: TEXT_PART, BINARY: BINARY_PART}
_FRAGMENTS = bytes(
    1 if bool(flags & FLAG_STARTS_MESSAGE) != bool(flags & FLAG_ENDS_MESSAGE) else 0 for flags in range(256)
)
_PARTS = re.compile(b"[\x01]")


class FrameSource(Protocol):
    """Where frames are read from; numbers count from 1."""

    def columns(self, first_no: int, count: int) -> FrameColumns:
        """At most ``count`` frames from ``first_no`` on."""

    def stream(self, direction: Direction, start: int, end: int) -> bytes:
        """The bytes of one direction between two offsets."""

    def stream_length(self, direction: Direction) -> int:
        """How many bytes of one direction there are."""

    def times(self, direction: Direction, start: int, end: int) -> "array[int]":
        """When the bytes between two offsets were read or written (ns), in order."""

    def window_before(self, direction: Direction, message: int) -> tuple[int, bytes] | None:
        """The last stored inflater window at the end of a message before ``message``: (that one, window)."""

    def left_out(self, direction: Direction) -> Sequence[tuple[int, int]]:
        """(start, stop) of the bytes that a copy made to share lacks, rising."""


class FrameIndex:
    """What every frame is, a byte for Frames and a byte for Messages; grows with the capture.

    ``frames[no - 1]`` and ``messages[no - 1]`` are kind | OUT | FAULT, the latter HIDDEN where
    the frame is shown within an earlier row: a later fragment, or a ping within a folded run.
    Frames that are not in the file are DROPPED and HIDDEN in both, and stand in ``missing``.
    """

    def __init__(self, source: FrameSource) -> None:
        self.source = source
        self.frames = FrameClasses()
        self.messages = FrameClasses()
        self.missing = Missing()
        self.silences: array[int] = array("Q")  # numbers of frames followed by a silence
        self.faults = 0
        self.newly_faulty: list[int] = []  # heads of messages whose later fragment is at fault
        self.newly_joined: list[tuple[int, int]] = []  # (head, fragment) since last asked
        # Of each side the messages of fragments, and the fragments' numbers; both rise.
        self._parts = [(array("I"), array("Q")), (array("I"), array("Q"))]
        self.begun: array[int] = array("Q")  # frames with which a message of several begins
        self.ended: array[int] = array("Q")  # and ends; both rise
        self._open_kind = [OTHER_PART, OTHER_PART]
        self._run_first: array[int] = array("Q")
        self._run_last: array[int] = array("Q")
        self._run_pings: array[int] = array("I")
        self._run_pongs: array[int] = array("I")
        self._run: int = 0  # head of the run that may still grow, 0: none
        self._last_time: int | None = None

    def __len__(self) -> int:
        return len(self.frames)

    def grow(self, upto: int, at_most: int = CHUNK) -> int:
        """Read frames up to number ``upto``; return how many were added."""
        before = len(self.frames)
        wanted = min(upto - before, at_most)
        if wanted <= 0:
            return 0
        columns = self.source.columns(before + 1, wanted)
        headers = columns.header.tobytes()
        if 0 not in headers:
            if len(columns):
                self._take(columns, before)
            return len(columns)
        for match in _SAME.finditer(headers.translate(_PRESENT)):
            start, stop = match.span()
            if match.group(1):
                self._take(_cut(columns, start, stop), before + start)
            else:
                self._miss(before + start, stop - start)
        return len(columns)

    def _miss(self, before: int, count: int) -> None:
        """The next ``count`` frames are not in the file."""
        gone = bytes((GONE,)) * count
        self.frames.extend(gone)
        self.messages.extend(gone)
        self.missing.add(before + 1, before + count + 1)
        self._run = 0
        self._last_time = None

    def drop(self, upto: int) -> list[int]:
        """The frames up to number ``upto`` are not in the file any more: let go of them.

        The frames come back that show from now on, as the row within which they showed is gone.
        """
        if upto <= self.frames.gone:
            return []
        if upto >= len(self.frames):
            self._run, self._last_time = 0, None
        self.frames.drop(upto)
        self.messages.drop(upto)
        self.missing.drop(upto)
        del self.silences[: bisect_right(self.silences, upto)]
        # Whoever walks along them keeps those it has.
        self.begun = self.begun[bisect_right(self.begun, upto) :]
        self.ended = self.ended[bisect_right(self.ended, upto) :]
        heads = self._drop_runs(upto)
        for side, (messages, numbers) in enumerate(self._parts):
            cut = bisect_right(numbers, upto)
            if not cut:
                continue
            self._parts[side] = (messages[cut:], numbers[cut:])
            if cut < len(numbers) and messages[cut] == messages[cut - 1]:
                heads.append(numbers[cut])
        for head in heads:
            self.messages[head - 1] &= ~HIDDEN
        self.newly_faulty = [head for head in self.newly_faulty if head > upto]
        self.newly_joined = [pair for pair in self.newly_joined if pair[0] > upto]
        return sorted(heads)

    def _drop_runs(self, upto: int) -> list[int]:
        cut = bisect_right(self._run_last, upto)
        for column in (self._run_first, self._run_last, self._run_pings, self._run_pongs):
            del column[:cut]
        open_run = self._run
        if 0 < open_run <= upto:
            self._run = 0
        if not self._run_first or self._run_first[0] > upto:
            return []
        left = self._calm(upto + 1, self._run_last[0])
        kinds = [self.frames[number - 1] & KIND for number in left]
        if open_run == self._run_first[0]:
            self._run = left[0]
        if len(left) > 1:
            self._run_first[0] = left[0]
            self._run_pings[0] = kinds.count(PING)
            self._run_pongs[0] = kinds.count(PONG)
        else:
            for column in (self._run_first, self._run_last, self._run_pings, self._run_pongs):
                del column[0]
        return [left[0]]

    def _calm(self, first: int, last: int) -> "array[int]":
        """The pings and pongs among ``first`` to ``last`` that can be folded."""
        flat = self.frames.piece(first - 1, last).translate(_IS_PING_PONG)
        return array("Q", compress(range(first, last + 1), flat))

    def _take(self, columns: FrameColumns, before: int) -> None:
        flags = columns.flags.tobytes()
        kinds = columns.first.tobytes().translate(_KINDS)
        classes = bytearray(_either(kinds, flags.translate(_OUTS)))
        if columns.anomalies.tobytes().strip(b"\0"):
            for at, anomalies in enumerate(columns.anomalies):
                if anomalies:
                    classes[at] |= FAULT
                    self.faults += 1
        messages = bytearray(classes)
        fragments = flags.translate(_FRAGMENTS)
        # A middle fragment neither starts nor ends a message: only its opcode tells.
        fragments = _either(fragments, kinds.translate(_IS_PART))
        for match in _PARTS.finditer(fragments):
            self._fragment(columns, match.start(), before, classes, messages)
        self._fold(messages, before)
        self._note_silences(columns.time, before)
        self.frames.extend(classes)
        self.messages.extend(messages)

    def _fragment(
        self, columns: FrameColumns, at: int, before: int, classes: bytearray, messages: bytearray
    ) -> None:
        number = before + at + 1
        side = columns.flags[at] & FLAG_OUT
        message = columns.message[at]
        if columns.flags[at] & FLAG_STARTS_MESSAGE:
            self._open_kind[side] = _PART_OF.get(classes[at] & KIND, OTHER_PART)
            self._part(side, message, number)
            self.begun.append(number)
            return
        known, numbers = self._parts[side]
        if not message or not known or known[-1] != message:
            if message and self.missing.run_at(1) is not None:
                self._open_kind[side] = OTHER_PART
                self._part(side, message, number)  # what it began with was dropped
                self._ends(columns, at, number)
            return  # a stray continuation is a row of its own
        kind = self._open_kind[side]
        classes[at] = classes[at] & ~KIND | kind
        messages[at] = classes[at] | HIDDEN
        self._part(side, message, number)
        self._ends(columns, at, number)
        head = numbers[bisect_left(known, message)]
        self.newly_joined.append((head, number))
        if classes[at] & FAULT:
            if head > before:
                already = messages[head - before - 1] & FAULT
                messages[head - before - 1] |= FAULT
            else:
                already = self.messages[head - 1] & FAULT
                self.messages[head - 1] |= FAULT
            if not already:
                self.newly_faulty.append(head)

    def _ends(self, columns: FrameColumns, at: int, number: int) -> None:
        if columns.flags[at] & FLAG_ENDS_MESSAGE:
            self.ended.append(number)

    def begins(self, number: int) -> bool:
        """Whether a message of several frames begins with this one."""
        return holds(self.begun, number)

    def ends(self, number: int) -> bool:
        """Whether one ends with it."""
        return holds(self.ended, number)

    def _part(self, side: int, message: int, number: int) -> None:
        messages, numbers = self._parts[side]
        numbers.append(number)  # those who look go by the messages
        messages.append(message)

    def _fold(self, messages: bytearray, before: int) -> None:
        visible = bytes(messages)
        for match in _RUN_OR_OTHER.finditer(visible):
            start, end = match.span()
            if not match.group(1):
                self._run = 0
                continue
            for at in range(start, end):
                kind = messages[at]
                if kind & HIDDEN:
                    continue
                number = before + at + 1
                if not self._run:
                    self._run = number
                    continue
                self._join_run(number, kind & KIND, messages, before)
                messages[at] |= HIDDEN

    def _join_run(self, number: int, kind: int, messages: bytearray, before: int) -> None:
        if not self._run_first or self._run_first[-1] != self._run:
            head = messages[self._run - before - 1] if self._run > before else self.messages[self._run - 1]
            self._run_first.append(self._run)
            self._run_last.append(self._run)
            self._run_pings.append(1 if head & KIND == PING else 0)
            self._run_pongs.append(1 if head & KIND == PONG else 0)
        self._run_last[-1] = number
        if kind == PING:
            self._run_pings[-1] += 1
        else:
            self._run_pongs[-1] += 1
        self.newly_joined.append((self._run, number))

    def _note_silences(self, times: "array[int]", before: int) -> None:
        found = []
        if self._last_time is not None and times[0] - self._last_time >= SILENCE_NS:
            found.append(before)
        self._last_time = times[-1]
        todo = [(0, len(times) - 1)]
        while todo:
            low, high = todo.pop()
            if high <= low or times[high] - times[low] < SILENCE_NS:
                continue
            if high - low == 1:
                found.append(before + low + 1)
                continue
            middle = (low + high) // 2
            todo += [(low, middle), (middle, high)]
        self.silences.extend(number for number in sorted(found) if self.silence_after(number) >= SILENCE_NS)

    def silence_after(self, number: int) -> int:
        """The longest time (ns) without a byte between frame ``number`` and the next one's last byte.

        A frame is complete with its last byte; its others may have come all the time before.
        """
        columns = self.source.columns(number, 2)
        if len(columns) < 2:
            return 0
        before, at = columns.time
        start = columns.offset[1]
        end = start + columns.header[1] + columns.length[1] + bool(columns.flags[1] & FLAG_SENTINEL)
        direction = Direction.OUT if columns.flags[1] & FLAG_OUT else Direction.IN
        between = (time for time in self.source.times(direction, start, end) if before < time < at)
        steps = [before, *between, at]
        return max(later - earlier for earlier, later in pairwise(steps))

    def run_of(self, head: int) -> tuple[int, int, int] | None:
        """``(last number, pings, pongs)`` of the folded run that begins at ``head``."""
        at = bisect_left(self._run_first, head)
        if at == len(self._run_first) or self._run_first[at] != head:
            return None
        return self._run_last[at], self._run_pings[at], self._run_pongs[at]

    def parts_of(self, message: int, side: int) -> "array[int]":
        """Numbers of the frames of a fragmented message so far; empty for one in a single frame."""
        known, numbers = self._parts[side]
        return numbers[bisect_left(known, message) : bisect_right(known, message)]

    def place_of(self, number: int, side: int) -> tuple[int, int, int] | None:
        """``(index, count, last)`` of a fragment among those of its message; copies none of them."""
        known, numbers = self._parts[side]
        at = bisect_left(numbers, number)
        if at >= len(known) or numbers[at] != number:
            return None
        low, high = bisect_left(known, known[at]), bisect_right(known, known[at])
        return at - low, high - low, numbers[high - 1]

    def part_of(self, number: int) -> "tuple[int, array[int]] | None":
        """``(index among them, the frames of its message)`` of a fragment; None for a frame that is whole."""
        side = 1 if self.frames[number - 1] & OUT else 0
        known, numbers = self._parts[side]
        at = bisect_left(numbers, number)
        if at >= len(known) or numbers[at] != number:
            return None
        parts = self.parts_of(known[at], side)
        return bisect_left(parts, number), parts

    def members_of(self, head: int) -> "array[int]":
        """The frames behind the row of ``head`` in Messages, itself first."""
        run = self.run_of(head)
        if run is not None:
            # Within a run only its own frames and later fragments of messages can stand.
            return self._calm(head, run[0])
        side = 1 if self.frames[head - 1] & OUT else 0
        known, numbers = self._parts[side]
        at = bisect_left(numbers, head)
        if at < len(known) and numbers[at] == head:
            return self.parts_of(known[at], side)
        return array("Q", (head,))

    def head_of(self, number: int) -> int:
        """The row in Messages within which frame ``number`` is shown; itself for one that is not there."""
        kind = self.messages[number - 1]
        if not kind & HIDDEN or kind & KIND == DROPPED:
            return number
        side = 1 if self.frames[number - 1] & OUT else 0
        known, numbers = self._parts[side]
        at = bisect_left(numbers, number)
        if at < len(known) and numbers[at] == number:
            return numbers[bisect_left(known, known[at])]
        return self._run_first[bisect_right(self._run_first, number) - 1]


def holds(numbers: "array[int]", number: int) -> bool:
    """Whether ``number`` is among ``numbers``, which rise."""
    at = bisect_left(numbers, number)
    return at < len(numbers) and numbers[at] == number


_IS_PART = bytes(1 if value & KIND == OTHER_PART else 0 for value in range(256))
_IS_PING_PONG = bytes(1 if value & KIND in (PING, PONG) and not value & FAULT else 0 for value in range(256))
_CALM = re.escape(bytes(kind | out for kind in (PING, PONG) for out in (0, OUT)))
_HIDDEN = re.escape(bytes(range(0x80, 0x100)))
_RUN_OR_OTHER = re.compile(b"([" + _CALM + b"][" + _CALM + _HIDDEN + b"]*)|[^" + _CALM + b"]+", re.DOTALL)


_PRESENT = bytes(1 if header else 0 for header in range(256))
_SAME = re.compile(b"(\x01+)|\x00+")


def _cut(columns: FrameColumns, start: int, stop: int) -> FrameColumns:
    return FrameColumns(*(getattr(columns, name)[start:stop] for name in FrameColumns.__slots__))


def _either(one: bytes, other: bytes) -> bytes:
    """``one | other``, byte by byte, at the speed of big integers."""
    joined = int.from_bytes(one, "little") | int.from_bytes(other, "little")
    return joined.to_bytes(len(one), "little")
