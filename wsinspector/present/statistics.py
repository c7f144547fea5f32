"""What the frames of an attempt come to in numbers, worked out of byte planes a slice at a time."""

import sys
import time
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import compress

from wsinspector.filter.columns import (
    ANOMALIES,
    FIRST,
    FLAGS,
    HEADER,
    LENGTH,
    OFFSET,
    TIME,
    as_bytes,
    mask_of,
)
from wsinspector.filter.rows import is_fragment
from wsinspector.present.filter_planes import Blocks, Frames
from wsinspector.present.frames import FrameReading
from wsinspector.present.statistics_control import Close, ControlFrames, HeldOf, not_held
from wsinspector.present.statistics_numbers import NONE, Distribution, Spread
from wsinspector.present.statistics_series import Counts, Series
from wsinspector.present.statistics_silences import Silence, Silences
from wsinspector.present.statistics_trips import Trips
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.columns import (
    FLAG_COMPRESSED,
    FLAG_MASKED,
    FLAG_OUT,
    FLAG_SENTINEL,
    FLAG_STARTS_MESSAGE,
)
from wsinspector.protocol.opcodes import CLOSE, PING, PONG
from wsinspector.protocol.spans import Direction

MOST = 1 << 16
"""Frames a step."""

STEP_NS = 25_000_000

OPCODE, SENT = 0x0F, 0x10
"""A kind is an opcode, with SENT where we sent the frame."""

_OPCODES = bytes(first & OPCODE for first in range(256))
_SENT = bytes(SENT if flags & FLAG_OUT else 0 for flags in range(256))
_OUT = bytes(flags & FLAG_OUT for flags in range(256))
_SENTINELS = bytes(1 if flags & FLAG_SENTINEL else 0 for flags in range(256))
_PRESENT = bytes(1 if header else 0 for header in range(256))
_CONTROL = bytes(1 if kind & OPCODE in (CLOSE, PING, PONG) else 0 for kind in range(256))
_FRAGMENT = bytes(int(is_fragment(1, flags)) for flags in range(256))
_CONTINUES = bytes(0 if first & OPCODE else 1 for first in range(256))
_CUT_SHORT = int(FrameAnomaly.TRUNCATED | FrameAnomaly.LENGTH_TOP_BIT)

Pair = tuple[int, int]
"""(received, sent)"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was worked out of frames ``first`` to ``done``; it does not change any more.

    ``frames``: those counted, of ``done`` looked at. ``sizes``: by kind, of payloads as they travelled.
    ``missing``: frames in the index of which nothing was kept. ``trips``: of (the peer's pings, ours).
    Times are ns as in the capture; ``first_at`` and ``last_at`` are None without a frame. ``composed``: the
    frames were made up around an import's messages: nothing is known of ``wire``, ``fragments``, ``masked``,
    ``compressed``, ``compressed_bytes``, ``faulty``, ``findings``; bytes of ``counts`` are payloads alone.
    """

    first: int
    done: int
    frames: int
    missing: int
    first_at: int | None
    last_at: int | None
    counts: Counts
    sizes: dict[int, Spread]
    both: tuple[Spread, Spread, Spread]
    wire: Pair
    messages: Pair
    fragments: Pair
    masked: Pair
    compressed: Pair
    compressed_bytes: Pair
    faulty: Pair
    findings: tuple[tuple[str, Pair], ...]
    closes: tuple[Close, ...]
    silences: tuple[Silence, ...]
    trips: tuple[Trips, Trips]
    control_left: int
    composed: bool = False

    def of_kinds(self, fits: Callable[[int], bool]) -> Pair:
        """How many frames have an opcode that ``fits``, each way."""
        received = sum(each.number for kind, each in self.sizes.items() if not kind & SENT and fits(kind))
        sent = sum(each.number for kind, each in self.sizes.items() if kind & SENT and fits(kind & OPCODE))
        return received, sent


@dataclass(slots=True)
class _Slice:
    """Frames to be counted, those left out already gone; a byte a frame where not said otherwise."""

    numbers: "range | array[int]"
    first: bytes
    flags: bytes
    headers: bytes
    times: "array[int]"
    lengths: "array[int]"
    offsets: "Callable[[], array[int]]"
    anomalies: "array[int] | None"


class StatisticsRun:
    """Counts frames ``first`` to ``last`` of an attempt, as far as they are in the index; more as they come.

    ``start``: when what is looked at began (ns). ``matches``: a 1 for each frame of the attempt that
    counts, as far as that is known; frames behind its end wait. ``held(offset)``: ns for which the frame of
    ours at ``offset`` was held for a step. Use it on one thread; :meth:`figures` gives what other threads may
    read, :meth:`cancel` may be called from any.
    """

    def __init__(
        self,
        reading: FrameReading,
        start: int,
        *,
        first: int = 1,
        last: int | None = None,
        matches: bytearray | None = None,
        held: HeldOf = not_held,
    ) -> None:
        self.done = first - 1
        self.cancelled = False
        self.first, self.last = first, last
        self._reading = reading
        self._matches = matches
        self._blocks = Blocks(reading.source)
        self._series = Series(start)
        self._silences = Silences()
        self._control = ControlFrames(reading, start, held)
        self._sizes: dict[int, Distribution] = {}
        self._missing = 0
        self._frames = 0
        self._first_at: int | None = None
        self._last_at: int | None = None
        self._wire = [0, 0]
        self._flags: Counter[int] = Counter()
        self._fragments = [0, 0]
        self._compressed_bytes = [0, 0]
        self._anomalies: tuple[Counter[int], Counter[int]] = (Counter(), Counter())

    def cancel(self) -> None:
        """Stop soon."""
        self.cancelled = True

    def upto(self, frames: int) -> int:
        """The last frame that can be counted now where there are ``frames``."""
        found = frames if self.last is None else min(frames, self.last)
        return found if self._matches is None else min(found, len(self._matches))

    def work(self, frames: int, budget_ns: int = STEP_NS) -> bool:
        """Count for about ``budget_ns``; whether some are left of the first ``frames`` of the attempt."""
        until = time.perf_counter_ns() + budget_ns
        while self.step(frames):
            if time.perf_counter_ns() > until:
                break
        return self.done < self.upto(frames) and not self.cancelled

    def step(self, frames: int) -> int:
        """Count the next frames; how many were looked at, 0 where there are none."""
        wanted = min(self.upto(frames) - self.done, MOST)
        if wanted <= 0 or self.cancelled:
            return 0
        planes = self._blocks.frames(self.done + 1, wanted)
        if planes is None:
            return 0
        number = planes.entries
        found = self._slice(planes, number)
        self.done += number
        if found is not None:
            self._count(found)
        return number

    def _slice(self, planes: Frames, number: int) -> "_Slice | None":
        headers = planes.plane(HEADER, 0)
        # No frame is without a header: it is one of those that were not kept.
        keep = headers.translate(_PRESENT) if 0 in headers else None
        if keep is not None:
            self._missing += keep.count(0)
        if self._matches is not None:
            wanted = bytes(self._matches[self.done : self.done + number])
            keep = wanted if keep is None else as_bytes(mask_of(wanted) & mask_of(keep), number)
        numbers: range | array[int] = range(self.done + 1, self.done + number + 1)
        first, flags = planes.plane(FIRST, 0), planes.plane(FLAGS, 0)
        times, lengths = planes.column(TIME), planes.column(LENGTH)
        faulty = any(planes.constant(ANOMALIES, byte) != 0 for byte in range(4))
        anomalies = planes.column(ANOMALIES) if faulty else None
        if keep is None or 0 not in keep:
            made = _Slice(
                numbers, first, flags, headers, times, lengths, lambda: planes.column(OFFSET), anomalies
            )
        elif 1 not in keep:
            return None
        else:
            made = _Slice(
                array("Q", compress(numbers, keep)),
                bytes(compress(first, keep)),
                bytes(compress(flags, keep)),
                bytes(compress(headers, keep)),
                array("q", compress(times, keep)),
                array("Q", compress(lengths, keep)),
                lambda: array("Q", compress(planes.column(OFFSET), keep)),
                array("I", compress(anomalies, keep)) if anomalies is not None else None,
            )
        self._cut_short(made)
        return made

    def _cut_short(self, frames: _Slice) -> None:
        """Of a frame that its stream ended in, count what is there and not what it declares."""
        if frames.anomalies is None:
            return
        at_fault = [at for at, bits in enumerate(frames.anomalies) if bits & _CUT_SHORT]
        if not at_fault:
            return
        offsets, frames.lengths = frames.offsets(), frames.lengths[:]
        for at in at_fault:
            end = self._reading.source.stream_length(Direction(frames.flags[at] & FLAG_OUT))
            there = max(end - offsets[at] - frames.headers[at], 0)
            frames.lengths[at] = min(frames.lengths[at], there)

    # -- counting

    def _count(self, frames: _Slice) -> None:
        number = len(frames.flags)
        self._frames += number
        if self._first_at is None:
            self._first_at = frames.times[0]
        self._last_at = frames.times[-1]
        self._flags.update(tally(frames.flags))
        kinds = as_bytes(
            mask_of(frames.first.translate(_OPCODES)) | mask_of(frames.flags.translate(_SENT)), number
        )
        self._count_sizes(kinds, frames)
        self._count_wire(frames)
        self._count_parts(frames)
        if frames.anomalies is not None:
            faults = zip(frames.flags, frames.anomalies, strict=True)
            for flags, bits in ((flags, bits) for flags, bits in faults if bits):
                self._anomalies[flags & FLAG_OUT][bits] += 1
        self._silences.take(frames.times, frames.numbers.__getitem__)
        control = kinds.translate(_CONTROL)
        if 1 in control:
            self._control.take(
                list(compress(range(number), control)),
                kinds,
                frames.flags,
                frames.headers,
                frames.offsets(),
                frames.lengths,
                frames.times,
                frames.numbers,
            )

    def _count_sizes(self, kinds: bytes, frames: _Slice) -> None:
        """A number for each frame, its size with its kind above, so that both are counted at once."""
        number = len(kinds)
        largest = max(frames.lengths)
        wide = 4 if largest < 1 << 24 else 8
        raw = bytearray(number * wide)
        lengths = frames.lengths.tobytes()
        for byte in range(wide - 1):
            if largest >> 8 * byte:
                raw[byte::wide] = lengths[_place(byte) :: 8]
        raw[wide - 1 :: wide] = kinds
        joined: array[int] = array("I" if wide == 4 else "Q", bytes(raw))
        if sys.byteorder == "big":
            joined.byteswap()
        shift = 8 * (wide - 1)
        mask = (1 << shift) - 1
        by_kind: dict[int, dict[int, int]] = {}
        for key, often in Counter(joined).items():
            by_kind.setdefault(key >> shift, {})[key & mask] = often
        for kind, sizes in by_kind.items():
            self._sizes.setdefault(kind, Distribution()).add(sizes)

    def _count_wire(self, frames: _Slice) -> None:
        """Frames and bytes in each step of time; frames of a step follow each other."""
        series, times = self._series, frames.times
        number = len(times)
        series.reach(times[-1])
        headers = bytes(number) if self._reading.composed else frames.headers  # those were never seen
        sides = frames.flags.translate(_OUT)
        sentinels = frames.flags.translate(_SENTINELS)
        low = 0
        while low < number:
            step = series.step_of(times[low])
            high = bisect_left(times, series.start + (step + 1) * series.width, low, number)
            high = max(high, low + 1)  # times may stand still or go back in what was imported
            sent = sides.count(1, low, high)
            octets = sum(frames.lengths[low:high]) + sum(headers[low:high])
            octets += sentinels.count(1, low, high)
            octets_sent = 0
            if sent == high - low:
                octets_sent = octets
            elif sent:
                mine = sides[low:high]
                octets_sent = sum(compress(frames.lengths[low:high], mine))
                octets_sent += sum(compress(headers[low:high], mine))
                octets_sent += sum(compress(sentinels[low:high], mine))
            self._wire[0] += octets - octets_sent
            self._wire[1] += octets_sent
            series.add(
                step, frames.numbers[low], (high - low - sent, sent), (octets - octets_sent, octets_sent)
            )
            low = high

    def _count_parts(self, frames: _Slice) -> None:
        parts = mask_of(frames.flags.translate(_FRAGMENT)) | mask_of(frames.first.translate(_CONTINUES))
        if parts:
            sent = (parts & mask_of(frames.flags.translate(_OUT))).bit_count()
            self._fragments[1] += sent
            self._fragments[0] += parts.bit_count() - sent
        for side, table in enumerate(_COMPRESSED):
            mine = frames.flags.translate(table)
            if 1 in mine:
                self._compressed_bytes[side] += sum(compress(frames.lengths, mine))

    # -- what came of it

    def _flagged(self, bit: int) -> Pair:
        received = sum(often for flags, often in self._flags.items() if flags & bit and not flags & FLAG_OUT)
        sent = sum(often for flags, often in self._flags.items() if flags & bit and flags & FLAG_OUT)
        return received, sent

    def figures(self) -> Figures:
        """What was counted so far."""
        sides = (Distribution(), Distribution(), Distribution())
        for kind, sizes in self._sizes.items():
            sides[1 if kind & SENT else 0].merge(sizes)
            sides[2].merge(sizes)
        findings: dict[str, list[int]] = {}
        for side, counter in enumerate(self._anomalies):
            for bits, often in counter.items():
                for anomaly in FrameAnomaly:
                    if anomaly & bits:
                        findings.setdefault(str(anomaly.name), [0, 0])[side] += often
        return Figures(
            first=self.first,
            done=self.done,
            frames=self._frames,
            missing=self._missing,
            first_at=self._first_at,
            last_at=self._last_at,
            counts=self._series.counts(),
            sizes={kind: self._sizes[kind].spread() for kind in sorted(self._sizes)},
            both=(sides[0].spread(), sides[1].spread(), sides[2].spread()),
            wire=(self._wire[0], self._wire[1]),
            messages=self._flagged(FLAG_STARTS_MESSAGE),
            fragments=(self._fragments[0], self._fragments[1]),
            masked=self._flagged(FLAG_MASKED),
            compressed=self._flagged(FLAG_COMPRESSED),
            compressed_bytes=(self._compressed_bytes[0], self._compressed_bytes[1]),
            faulty=(self._anomalies[0].total(), self._anomalies[1].total()),
            findings=tuple((name, (pair[0], pair[1])) for name, pair in sorted(findings.items())),
            closes=tuple(self._control.closes),
            silences=self._silences.longest(),
            trips=(self._control.trips[0].trips(), self._control.trips[1].trips()),
            control_left=self._control.left,
            composed=self._reading.composed,
        )


def nothing(start: int = 0) -> Figures:
    """The figures of no frame."""
    none = (0, 0)
    return Figures(
        1, 0, 0, 0, None, None, Series(start).counts(), {}, (NONE, NONE, NONE),
        none, none, none, none, none, none, none, (), (), (), (Trips(), Trips()), 0,
    )  # fmt: skip


def tally(values: bytes) -> dict[int, int]:
    """How often each byte comes: one pass for each that does."""
    found = {}
    while values:
        left = values.translate(None, values[:1])
        found[values[0]] = len(values) - len(left)
        values = left
    return found


def _place(byte: int) -> int:
    return byte if sys.byteorder == "little" else 7 - byte


_COMPRESSED = tuple(
    bytes(int(bool(flags & FLAG_COMPRESSED) and bool(flags & FLAG_OUT) == sent) for flags in range(256))
    for sent in (False, True)
)
