"""A message opened to be looked at: its beginning at once, and any other part of it when it is asked for."""

from array import array
from dataclasses import dataclass

from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.inflated_pages import FaultPlace, InflatedPages
from wsinspector.present.inflation import Inflation
from wsinspector.present.numbers import count
from wsinspector.present.pages import JoinedPages, Pages, Parts, Stopping
from wsinspector.present.payload import Payload
from wsinspector.protocol.deflate import InflateFault
from wsinspector.translate import translate


@dataclass(frozen=True, slots=True)
class Opened:
    """``payload``: its beginning; ``pages``: all of it, joined and inflated.

    ``ends``: where in ``pages`` the share of each frame of ``parts`` ends. ``fault_place``: the byte at
    which it does not inflate any further; ``window``: bytes of earlier output that it could refer to.
    """

    reading: FrameReading
    first: FrameFacts
    payload: Payload
    pages: Pages
    parts: Parts
    ends: "array[int]"
    fault_place: FaultPlace | None = None
    window: int = 0

    def begins(self, index: int) -> int:
        """Where in ``pages`` the share of frame ``index`` begins."""
        return self.ends[index - 1] if index else 0


def fault_text(opened: Opened) -> str:
    """At which byte inflating fails, and what zlib says there; empty where it does not fail so."""
    place = opened.fault_place
    if place is None:
        if opened.payload.fault is InflateFault.LEFT_OUT:
            return translate(
                "Payload",
                "Not inflated: bytes that this needs were left out when the file was made to be shared.",
            )
        if opened.payload.fault is InflateFault.FAILED:
            return translate("Payload", "Not inflated: an earlier message failed, and with it the window.")
        return ""
    text = translate("Payload", "Does not inflate from byte {at} of the payload of #{number} on: {why}.")
    return text.format(at=count(place.at), number=count(place.number), why=place.why)


def open_message(
    reading: FrameReading,
    inflation: Inflation,
    numbers: "array[int]",
    at_most: int,
    stopping: Stopping = lambda: False,
) -> Opened | None:
    """Open the message (or part of one) that these frames carry; its first ``at_most`` bytes are read.

    None where the first is not in the capture, or once it is ``stopping``. Not for the UI thread: all of it
    is inflated once.
    """
    first = reading.facts(numbers[0]) if numbers else None
    if first is None:
        return None
    parts = Parts(reading, numbers, stopping)
    if stopping():
        return None
    last = reading.facts(numbers[-1]) or first
    agreed = reading.agreed
    # Where each frame is deflated for itself, the first of a message need not be.
    compressed = first.compressed or (agreed.per_frame and _any_compressed(reading, numbers))
    if compressed:
        before = inflation.before(first.direction, first.number)
        window = len(before.checkpoint())
        if _any_left_out(reading, inflation, numbers, first):
            before.leave_out()
        inflated = InflatedPages(reading, parts, before, at_most, stopping)
        payload = Payload(
            inflated.beginning,
            inflated.length(),
            parts.wire,
            len(numbers),
            first.opcode,
            True,
            fault=inflated.fault,
            whole=last.fin,
            agreed=agreed,
        )
        return Opened(reading, first, payload, inflated, parts, inflated.ends, inflated.fault_place, window)
    pages = JoinedPages(reading, parts)
    data = pages.read(0, at_most)
    payload = Payload(
        data,
        parts.come,
        parts.wire,
        len(numbers),
        first.opcode,
        missing=parts.wire - parts.come,
        whole=last.fin,
        agreed=agreed,
    )
    return Opened(reading, first, payload, pages, parts, parts.ends)


def _any_left_out(
    reading: FrameReading, inflation: Inflation, numbers: "array[int]", first: FrameFacts
) -> bool:
    if not inflation.lacks(first.direction):
        return False
    found = (reading.facts(number) for number in numbers)
    return any(facts is not None and facts.compressed and inflation.is_left_out(facts) for facts in found)


def _any_compressed(reading: FrameReading, numbers: "array[int]") -> bool:
    found = (reading.facts(number) for number in numbers)
    return any(facts is not None and facts.compressed for facts in found)
