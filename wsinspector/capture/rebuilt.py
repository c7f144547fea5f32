"""Index blocks worked out of the bytes again, held in memory in place of those a file lacks."""

from wsinspector.capture.blocks import FRAME_CODES, Packed, pack_frames
from wsinspector.capture.stretch import Stretch
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.spans import Direction


class Rebuilt:
    """Whole indexes of attempts: blocks of the file by their row, others by a number below 0.

    One may serve several readers of a file, one after another or at once. An index is set whole and
    never changes after that.
    """

    def __init__(self) -> None:
        self._stretches: dict[int, Stretch] = {}
        self._ends: dict[int, tuple[int | None, int | None]] = {}
        self._blocks: dict[int, Packed] = {}

    def __bool__(self) -> bool:
        return bool(self._stretches)

    def stretch(self, attempt_id: int) -> Stretch | None:
        """The index of an attempt, numbers from 0; None where the file's own serves."""
        return self._stretches.get(attempt_id)

    def end(self, attempt_id: int, direction: Direction) -> int | None:
        """The offset behind the last frame of a direction."""
        return self._ends[attempt_id][direction]

    def ends(self, attempt_id: int) -> tuple[int | None, int | None]:
        """As :meth:`end`, of both directions."""
        return self._ends[attempt_id]

    def block(self, row: int) -> Packed:
        """A block held here; ``row`` is below 0."""
        return self._blocks[row]

    def keep(self, columns: FrameColumns) -> int:
        """Hold a block; the number under which a stretch names it."""
        row = -1 - len(self._blocks)
        self._blocks[row] = Packed(pack_frames(columns), FRAME_CODES)
        return row

    def put(self, attempt_id: int, stretch: Stretch, ends: tuple[int | None, int | None]) -> None:
        """Let ``stretch`` be the index of an attempt."""
        self._ends[attempt_id] = ends
        self._stretches[attempt_id] = stretch

    def blocks(self, attempt_id: int) -> list[tuple[int, Packed]]:
        """(number of its first frame, block) of the blocks of an attempt that are held here."""
        stretch = self._stretches[attempt_id]
        return [
            (start + 1, self._blocks[row])
            for start, row in zip(stretch.starts, stretch.rows, strict=True)
            if row < 0
        ]

    def attempts(self) -> list[int]:
        """The attempts whose index is here."""
        return list(self._stretches)
