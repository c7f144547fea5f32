"""Which frames a copy made to share lacks bytes of, so that nothing is made of what stands in their place."""

from bisect import bisect_left
from collections.abc import Sequence

from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.protocol.frame_facts import CloseStyle, frame_facts
from wsinspector.protocol.spans import Direction

Stretches = Sequence[tuple[Direction, int, int]]
"""(direction, first byte, one past the last) of a stream, as a snapshot's ``left_out``."""

CODE_BYTES = 2
"""A close code, which stays where the reason behind it is left out."""

_AT_ONCE = 1 << 16


def of_frame(reading: FrameReading, left_out: Stretches, facts: FrameFacts) -> list[tuple[int, int]]:
    """(start, stop) of what was left out of one frame's payload."""
    found = []
    for direction, first, past in left_out:
        start, stop = max(first, facts.payload_start), min(past, facts.payload_end)
        if direction is not facts.direction or start >= stop:
            continue
        start, stop = start - facts.payload_start, stop - facts.payload_start
        if first <= facts.offset:
            # All payloads, or those that were not chosen: the headers within the stretch are there.
            codes = frame_facts(reading.agreed.dialect).close is CloseStyle.CODES
            start = CODE_BYTES if facts.opcode == 8 and codes else 0
            if start >= stop or any(reading.payload(facts, start, min(stop - start, _AT_ONCE))):
                continue
        found.append((start, stop))
    return sorted(found)


class LeftOutFrames:
    """The same of many frames of one direction, without looking at every stretch for each."""

    def __init__(self, reading: FrameReading, direction: Direction) -> None:
        self._reading = reading
        self._direction = direction
        self._wide: list[tuple[int, int]] = []  # with others within
        apart: list[tuple[int, int]] = []
        for start, stop in sorted(reading.source.left_out(direction)):
            if apart and start < apart[-1][1]:
                self._wide.append(apart.pop())
            apart.append((start, stop))
        self._starts, self._stops = [each[0] for each in apart], [each[1] for each in apart]

    def __bool__(self) -> bool:
        return bool(self._starts)

    def holds(self, facts: FrameFacts) -> bool:
        """Whether bytes of the frame's payload were left out."""
        if not self._starts:
            return False
        near = [*self._wide]
        at = bisect_left(self._starts, facts.payload_end) - 1
        while at >= 0 and self._stops[at] > facts.payload_start:
            near.append((self._starts[at], self._stops[at]))
            at -= 1
        stretches = [(self._direction, start, stop) for start, stop in near]
        return bool(stretches) and bool(of_frame(self._reading, stretches, facts))
