"""A byte a frame, of which the beginning can be dropped: a capture within limits grows for ever."""

GONE = 0x8A
"""What is read of a frame that was dropped: of a kind of its own, and hidden."""


class FrameClasses:
    """Bytes counted from 0 that grow at the end like a bytearray; what :meth:`drop` took reads as GONE.

    One thread changes them; others may look meanwhile.
    """

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held = (0, bytearray())  # how many were dropped, and those behind

    @property
    def gone(self) -> int:
        """How many bytes at the beginning were dropped."""
        return self._held[0]

    def __len__(self) -> int:
        gone, data = self._held
        return gone + len(data)

    def __getitem__(self, at: int) -> int:
        gone, data = self._held
        if at < 0:
            raise IndexError(at)
        return GONE if at < gone else data[at - gone]

    def __setitem__(self, at: int, value: int) -> None:
        gone, data = self._held
        if at >= gone:
            data[at - gone] = value

    def piece(self, start: int, stop: int) -> bytes:
        """The bytes ``start`` to ``stop - 1``, clipped to what there is."""
        gone, data = self._held
        lost = min(stop, gone) - start
        kept = bytes(data[max(start - gone, 0) : max(stop - gone, 0)])
        return bytes((GONE,)) * lost + kept if lost > 0 else kept

    def extend(self, more: bytes | bytearray) -> None:
        """Add bytes at the end."""
        self._held[1].extend(more)

    def find(self, wanted: bytes, start: int = 0) -> int:
        """As of bytes; what was dropped is not found."""
        gone, data = self._held
        at = data.find(wanted, max(start - gone, 0))
        return at + gone if at >= 0 else -1

    def rfind(self, wanted: bytes, start: int, stop: int) -> int:
        """As of bytes; what was dropped is not found."""
        gone, data = self._held
        at = data.rfind(wanted, max(start - gone, 0), max(stop - gone, 0))
        return at + gone if at >= 0 else -1

    def drop(self, count: int) -> None:
        """Let go of the first ``count`` bytes, of those to come too where there are fewer."""
        gone, data = self._held
        if count > gone:
            self._held = (count, data[count - gone :])
