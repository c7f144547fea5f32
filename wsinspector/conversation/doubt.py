"""Whether the peer speaks what was agreed on: its first bytes are looked at once, live and from a file."""

from wsinspector.capture.reader import CaptureReader
from wsinspector.conversation.snapshot import Fit
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects.fits import LOOKED_AT, better_fit
from wsinspector.protocol.spans import Direction, Role


class Doubt:
    """Holds the peer's first bytes until they tell that another dialect fits, or there are enough of them.

    ``role``: ours. ``over``: nothing more is to be given; ``fit`` is what came of it.
    """

    def __init__(self, agreed: Agreed, role: Role) -> None:
        self.fit: Fit | None = None
        self.over = False
        self._agreed = agreed
        self._role = role
        self._inward = b""

    def came(self, data: bytes) -> None:
        """Take what one read brought, frames only."""
        if self.over:
            return
        self._inward += data[: LOOKED_AT - len(self._inward)]
        found = better_fit(self._inward, b"", self._agreed, self._role)
        if found is not None:
            self.fit = Fit(*found)
        self.over = found is not None or len(self._inward) >= LOOKED_AT


def doubted(
    reader: CaptureReader, attempt_id: int, agreed: Agreed, role: Role, start: int | None
) -> Fit | None:
    """As :class:`Doubt` had it live; ``start``: offset of the peer's first frame byte, None without one."""
    if start is None:
        return None
    doubt = Doubt(agreed, role)
    stop = start + LOOKED_AT
    data = reader.stream(attempt_id, Direction.IN, start, stop)
    offsets, times = reader.reads(attempt_id, Direction.IN, start, stop)
    # A read that the writer cut in two stands there twice, with the same time.
    begins = [
        offset
        for at, offset in enumerate(offsets)
        if start < offset < start + len(data) and (not at or times[at] != times[at - 1])
    ]
    at = start
    for end in [*begins, start + len(data)]:
        if end > at:
            doubt.came(data[at - start : end - start])
        at = end
    return doubt.fit
