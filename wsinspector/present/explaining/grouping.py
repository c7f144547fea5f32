"""Where the messages of several frames stand among an attempt's frames: a row before them and one behind."""

import enum
from array import array
from bisect import bisect_left

from wsinspector.present.frame_index import holds

NOTHING: "array[int]" = array("Q")


class Stands(enum.Enum):
    """What stands at a place."""

    MESSAGE = enum.auto()  # above the first frame of a message
    FRAME = enum.auto()
    WHOLE = enum.auto()  # below the last frame of one


class Middle:
    """Frames ``first`` to ``last`` in order, counted in places from 0.

    ``begun`` and ``ended``: the numbers of the frames with which messages of several frames begin and end,
    rising; they may grow, as what lies behind ``last`` is not looked at.
    """

    __slots__ = ("_begun", "_begun_at", "_ended", "_ended_at", "_size", "first", "last")

    def __init__(
        self, first: int, last: int, begun: "array[int]" = NOTHING, ended: "array[int]" = NOTHING
    ) -> None:
        self.first, self.last = first, last
        self._begun, self._ended = begun, ended
        self._begun_at, self._ended_at = bisect_left(begun, first), bisect_left(ended, first)
        self._size = self._before(last + 1)

    def __len__(self) -> int:
        return self._size

    def _before(self, number: int) -> int:
        """How many places stand before those of frame ``number``."""
        begun, ended = bisect_left(self._begun, number), bisect_left(self._ended, number)
        return number - self.first + begun - self._begun_at + ended - self._ended_at

    def begins(self, number: int) -> bool:
        """Whether a message of several frames begins with frame ``number``."""
        return holds(self._begun, number)

    def ends(self, number: int) -> bool:
        """Whether one ends with it."""
        return holds(self._ended, number)

    def place_of(self, stands: Stands, number: int) -> int | None:
        """Where a frame stands, or the row above or below it; None where there is no such row."""
        if not self.first <= number <= self.last:
            return None
        begins = self.begins(number)
        at = self._before(number)
        match stands:
            case Stands.MESSAGE:
                return at if begins else None
            case Stands.FRAME:
                return at + begins
            case _:
                return at + begins + 1 if self.ends(number) else None

    def at(self, place: int) -> tuple[Stands, int]:
        """What stands at ``place``, and the number of the frame. Raises IndexError."""
        if not 0 <= place < self._size:
            raise IndexError(place)
        low, high = self.first, self.last
        if self._size == high - low + 1:
            return Stands.FRAME, low + place
        while low < high:
            middle = (low + high + 1) // 2
            if self._before(middle) <= place:
                low = middle
            else:
                high = middle - 1
        inside = place - self._before(low)
        if self.begins(low):
            inside -= 1
        if inside < 0:
            return Stands.MESSAGE, low
        return (Stands.WHOLE if inside else Stands.FRAME), low
