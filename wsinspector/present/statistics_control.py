"""Pings, pongs and Close frames read out of a slice: the few frames whose bytes count here."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from wsinspector.present.frames import FrameReading
from wsinspector.present.statistics_trips import TripCounter
from wsinspector.protocol.columns import FLAG_MASKED, FLAG_OUT
from wsinspector.protocol.opcodes import CLOSE, MAX_CONTROL_PAYLOAD, PING
from wsinspector.protocol.spans import Direction, Role

MOST_READ = 1 << 20
"""Frames whose payloads are read; the ones behind them count, but are paired with none."""

MOST_CLOSES = 16
TOGETHER = 1 << 16
APART = 2048
"""Bytes between two frames up to which what lies between is read with them."""

_OPCODE = 0x0F

HeldOf = Callable[[int], int]


def not_held(_offset: int) -> int:
    """Of an attempt in which nothing was held."""
    return 0


@dataclass(frozen=True, slots=True)
class Close:
    """A Close frame: its ``code`` as it travelled, None without one."""

    number: int
    sent: bool
    code: int | None


class ControlFrames:
    """Fed with the control frames of each slice, in order; ``trips``: of (the peer's pings, ours).

    ``held(offset)``: ns for which the frame of ours at ``offset`` was held for a step; that is not counted.
    """

    def __init__(self, reading: FrameReading, start: int, held: HeldOf = not_held) -> None:
        self._held = held
        self.trips = (TripCounter(start), TripCounter(start))
        self.closes: list[Close] = []
        self.left = 0
        self._read = 0
        self._reading = reading

    def take(
        self,
        places: Sequence[int],
        kinds: bytes,
        flags: bytes,
        headers: bytes,
        offsets: "array[int]",
        lengths: "array[int]",
        times: "array[int]",
        numbers: Sequence[int],
    ) -> None:
        """The frames at ``places`` of a slice's columns."""
        room = max(MOST_READ - self._read, 0)
        if len(places) > room:
            self.left += len(places) - room
            places = places[:room]
        self._read += len(places)
        payloads: dict[int, bytes] = {}
        for direction in Direction:
            mine = [at for at in places if flags[at] & FLAG_OUT == direction]
            for at, data in self._raw(direction, mine, headers, offsets, lengths):
                payloads[at] = self._unmasked(direction, flags[at], headers[at], data)
        for at in places:
            opcode, sent = kinds[at] & _OPCODE, flags[at] & FLAG_OUT
            payload = payloads.get(at, b"")
            if opcode == CLOSE:
                if len(self.closes) < MOST_CLOSES:
                    code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else None
                    self.closes.append(Close(numbers[at], bool(sent), code))
            elif opcode == PING:
                self.trips[sent].ping(payload, numbers[at], times[at])
            else:
                # What a person held is no time that the answer took.
                held = self._held(offsets[at]) if sent else 0
                self.trips[1 - sent].pong(payload, times[at] - held)

    def _raw(
        self,
        direction: Direction,
        places: Sequence[int],
        headers: bytes,
        offsets: "array[int]",
        lengths: "array[int]",
    ) -> Iterator[tuple[int, bytes]]:
        """(place, bytes of the frame): those that lie near each other are read in one go."""
        at = 0
        while at < len(places):
            begins = offsets[places[at]]
            last = at
            stop = self._end(places[at], headers, offsets, lengths)
            while last + 1 < len(places):
                following = self._end(places[last + 1], headers, offsets, lengths)
                if offsets[places[last + 1]] - stop > APART or following - begins > TOGETHER:
                    break
                last, stop = last + 1, following
            data = self._reading.source.stream(direction, begins, stop)
            for place in places[at : last + 1]:
                start = offsets[place] - begins
                yield place, data[start : self._end(place, headers, offsets, lengths) - begins]
            at = last + 1

    @staticmethod
    def _end(place: int, headers: bytes, offsets: "array[int]", lengths: "array[int]") -> int:
        return offsets[place] + headers[place] + min(lengths[place], MAX_CONTROL_PAYLOAD)

    def _unmasked(self, direction: Direction, flags: int, header: int, data: bytes) -> bytes:
        payload = data[header:]
        reading = self._reading
        if not payload or not flags & FLAG_MASKED:
            return payload
        sender = reading.role
        if direction is Direction.IN:
            sender = Role.SERVER if sender is Role.CLIENT else Role.CLIENT
        return reading.framing.unmask(data[:header], payload, 0, sender=sender, agreed=reading.agreed)
