"""A compressed message read anywhere in its inflated bytes, none of which need be held."""

from array import array
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass

from wsinspector.present.frames import FrameReading
from wsinspector.present.pages import Parts, Stopping
from wsinspector.protocol.deflate import InflateFault, Inflater

FEED = 4096
"""Compressed bytes inflated at once: at the most 4 MiB, as deflate gives 1032 bytes for one."""

STEP = 1 << 20
"""Inflated bytes at least between two places from which reading can go on."""

MOST_PLACES = 128
KEPT = 2


@dataclass(frozen=True, slots=True)
class FaultPlace:
    """Where inflating gave up: byte ``at`` of the payload of frame ``number``, and what zlib says."""

    number: int
    at: int
    why: str


@dataclass(slots=True)
class _Place:
    """From here: ``size`` bytes were made; next is byte ``at`` of the payload of part ``index``."""

    size: int
    index: int
    at: int
    inflater: Inflater


class InflatedPages:
    """Pages over an :class:`Inflater` that stands before the message. One thread may call.

    Made by inflating once to the end, of which only the first ``keep`` bytes are kept (``beginning``),
    the end of each frame's share (``ends``) and every MiB the inflater's state, 72 KiB each and
    :data:`MOST_PLACES` at the most; reading goes on from the nearest.
    """

    quick = False

    def __init__(
        self,
        reading: FrameReading,
        parts: Parts,
        before: Inflater,
        keep: int,
        stopping: Stopping = lambda: False,
    ) -> None:
        self._reading = reading
        self._parts = parts
        self._step = STEP
        self.ends: array[int] = array("Q")
        self.fault: InflateFault | None = None
        self.fault_place: FaultPlace | None = None
        self._places = [_Place(0, 0, 0, before.copy())]
        self._regions: OrderedDict[int, bytes] = OrderedDict()
        here = _Place(0, 0, 0, before)
        kept: list[bytes] = []
        have = 0
        while self.fault is None and here.index < len(parts.numbers) and not stopping():
            out = self._feed(here)
            if have < keep:
                kept.append(out[: keep - have])
                have += len(kept[-1])
            if here.size - self._places[-1].size >= self._step:
                self._places.append(_Place(here.size, here.index, here.at, here.inflater.copy()))
                self._thin_out()
        self.beginning = b"".join(kept)
        self._size = here.size
        while len(self.ends) < len(parts.numbers):
            self.ends.append(self._size)

    def length(self) -> int:
        return self._size

    def read(self, start: int, end: int) -> bytes:
        end = min(end, self._size)
        found: list[bytes] = []
        while start < end:
            at = bisect_right(self._places, start, key=lambda place: place.size) - 1
            data = self._region(at)[start - self._places[at].size :][: end - start]
            if not data:
                break
            found.append(data)
            start += len(data)
        return b"".join(found)

    def _thin_out(self) -> None:
        if len(self._places) > MOST_PLACES:
            self._places = self._places[::2]
            self._step *= 2

    def _region(self, at: int) -> bytes:
        """What lies between place ``at`` and the next."""
        known = self._regions.get(at)
        if known is not None:
            self._regions.move_to_end(at)
            return known
        place = self._places[at]
        stop = self._places[at + 1].size if at + 1 < len(self._places) else self._size
        here = _Place(place.size, place.index, place.at, place.inflater.copy())
        found = []
        while here.size < stop and here.index < len(self._parts.numbers):
            found.append(self._feed(here, again=True))
        data = b"".join(found)[: stop - place.size]
        self._regions[at] = data
        if len(self._regions) > KEPT:
            self._regions.popitem(last=False)
        return data

    def _feed(self, here: _Place, *, again: bool = False) -> bytes:
        """Inflate the next few bytes and move ``here`` behind them; ``again``: it is known how it ends."""
        index = here.index
        number = self._parts.numbers[index]
        facts = self._reading.facts(number)
        size = self._parts.ends[index] - self._parts.begins(index) if facts is not None else 0
        data = b"" if facts is None else self._reading.payload(facts, here.at, min(FEED, size - here.at))
        over = here.at + len(data) >= size or not data
        place = self.fault_place
        if again and place is not None and place.number == number:
            data = data[: max(0, place.at - here.at)]  # else zlib would keep what came before the fault
            over = over or not data
        per_frame = self._reading.agreed.per_frame
        if facts is not None and not facts.compressed:
            out = data  # it travelled uncompressed within a message of which others were deflated
        else:
            final = over and (per_frame or index == len(self._parts.numbers) - 1)
            # Without FIN the message goes on: what ends it has not come.
            final = final and (per_frame or (facts is not None and facts.fin))
            before = None if again else here.inflater.copy()
            out = b"".join(here.inflater.pieces(data, final=final)) if not here.inflater.lost else b""
            if not again and (here.inflater.fault is not None or here.inflater.lost):
                out = self._give_up(here, number, before, data, final)
            elif final and per_frame:
                here.inflater.end_message()
        here.size += len(out)
        here.at += len(data)
        if over:
            here.index, here.at = index + 1, 0
            if not again:
                self.ends.append(here.size)
        return out

    def _give_up(self, here: _Place, number: int, before: Inflater | None, data: bytes, final: bool) -> bytes:
        """Note why and where; what the bytes before that one give."""
        self.fault = here.inflater.fault or InflateFault.FAILED
        if self.fault is not InflateFault.FAILED or before is None or before.lost:
            return b""
        # zlib does not tell how far it came, and keeps what it made: so it is given byte by byte.
        at = 0
        made: list[bytes] = []
        while at < len(data) and before.fault is None:
            made += before.pieces(data[at : at + 1], final=final and at == len(data) - 1)
            at += 1
        self.fault_place = FaultPlace(number, here.at + max(at - 1, 0), here.inflater.why)
        return b"".join(made)
