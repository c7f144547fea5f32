"""Whether the peer speaks what was agreed on: another dialect in its first bytes, or no frames any more."""

from bisect import bisect_left
from collections.abc import Sequence

from wsinspector.capture.reader import CaptureReader
from wsinspector.conversation.snapshot import Fit
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.dialects.fits import LOOKED_AT, better_fit
from wsinspector.protocol.escapes import escape_value
from wsinspector.protocol.spans import Direction, Role

_HTTP = b"HTTP/1."
_LONGEST_LINE = 160  # bytes of a status line that are shown


class FailedInHttp:
    """Finds where the peer gave up frames and answered in HTTP, as servers do when their own code fails.

    ``at``: offset in the stream of the answer's first byte; what comes from there on is no frame. None
    while there is nothing of the kind.
    """

    def __init__(self) -> None:
        self.at: int | None = None
        self._tail = b""
        self._line = b""

    @property
    def text(self) -> str:
        """What to tell a person; empty where there is nothing to tell."""
        if self.at is None:
            return ""
        line, ended, _ = self._line.partition(b"\n")
        shown = escape_value(line[:_LONGEST_LINE].rstrip(b"\r"))
        cut = "…" if len(line) > _LONGEST_LINE and not ended else ""
        return f"Probably the server failed and answered in HTTP: {shown}{cut}"

    def came(
        self,
        data: bytes,
        start: int,
        offsets: Sequence[int],
        pending: int | None,
        firsts: bytes | None = None,
    ) -> None:
        """Take one read, with what the scanner made of it.

        ``start``: offset of its first byte. ``offsets``: of the frames that it completed, in order;
        ``pending``: of the one still arriving, None at a frame boundary. ``firsts``: the first bytes of
        those frames as they travelled, where they are known: few reads need to be searched then.
        """
        if self.at is not None:
            self._line += data[: max(0, _LONGEST_LINE + 1 - len(self._line))]
            return
        known, begin = self._tail + data[: len(_HTTP) - 1], start - len(self._tail)
        searched: tuple[tuple[bytes, int], ...] = ((known, begin), (data, start))
        if firsts is not None and _HTTP[:1] not in firsts and not self._may_begin(data, start, pending):
            searched = ()
        for where, base in searched:
            found = where.find(_HTTP)
            while found >= 0 and self.at is None:
                if self._frame_begins(base + found, offsets, pending):
                    self.at = base + found
                    behind = max(0, start - self.at)
                    self._line = self._tail[len(self._tail) - behind :] if behind else b""
                    first = max(0, self.at - start)
                    self._line += data[first : first + _LONGEST_LINE + 1]
                found = where.find(_HTTP, found + 1)
        self._tail = known[1 - len(_HTTP) :] if len(data) < len(_HTTP) else data[1 - len(_HTTP) :]

    def _may_begin(self, data: bytes, start: int, pending: int | None) -> bool:
        """Whether the frame still arriving can be an answer that begins in this read or at its edge."""
        if pending is None:
            return False
        if pending < start:
            return pending >= start - len(self._tail)
        return data[pending - start : pending - start + 1] in (_HTTP[:1], b"")

    def _frame_begins(self, offset: int, offsets: Sequence[int], pending: int | None) -> bool:
        place = bisect_left(offsets, offset)
        return offset == pending or (place < len(offsets) and offsets[place] == offset)


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
