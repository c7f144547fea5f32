"""How many frames a second pass: newest for a line, averaged for a number."""

from collections import deque

from wsinspector.present.numbers import count
from wsinspector.translate import translate

SAMPLE_S = 0.5
SPAN_S = 3.0
"""The number counts over so long: over one sample, a frame a second would read 2, 0, 2, 0."""


class Rate:
    """Fed with ``(s, frames so far)`` as often as one likes; samples each SAMPLE_S."""

    def __init__(self, now: float, total: int) -> None:
        self._kept: deque[tuple[float, int]] = deque([(now, total)])

    def add(self, now: float, total: int) -> float | None:
        """The rate since the last sample, where it is time for another one."""
        last, before = self._kept[-1]
        if now - last < SAMPLE_S:
            return None
        self._kept.append((now, total))
        while now - self._kept[1][0] >= SPAN_S:
            self._kept.popleft()
        return (total - before) / (now - last)

    @property
    def averaged(self) -> float:
        """Frames a second over about the last SPAN_S; 0 before the second sample."""
        (since, first), (now, total) = self._kept[0], self._kept[-1]
        return (total - first) / (now - since) if now > since else 0.0


def rate_text(frames_a_second: float) -> str:
    """``12 frames/s``; with a decimal below one, so that a slow ticker is not said to stand still."""
    slow = 0.05 <= frames_a_second < 0.95
    whole = round(frames_a_second)
    if whole == 1 and not slow:
        return translate("StatusBar", "1 frame/s")
    number = f"{frames_a_second:.1f}" if slow else count(whole)
    return translate("StatusBar", "{0} frames/s").format(number)
