"""Columns that are in memory as byte planes, so that the same plan decides live frames and kept ones."""

from array import array

from wsinspector.protocol.columns import FrameColumns

_NAMES = tuple(FrameColumns.__slots__)
_LITTLE = array("H", [1]).tobytes()[0] == 1


class ColumnPlanes:
    """As :class:`~wsinspector.filter.columns.Planes` says; nothing is cut that is not asked for."""

    def __init__(self, columns: FrameColumns) -> None:
        self.entries = len(columns)
        self._columns = columns
        self._planes: dict[tuple[int, int], bytes] = {}

    def plane(self, column: int, byte: int) -> bytes:
        found = self._planes.get((column, byte))
        if found is None:
            values = self.column(column)
            at = byte if _LITTLE else values.itemsize - 1 - byte
            found = self._planes[column, byte] = values.tobytes()[at :: values.itemsize]
        return found

    def constant(self, column: int, byte: int) -> int | None:
        return constant_of(self.plane(column, byte))

    def column(self, column: int) -> "array[int]":
        found: array[int] = getattr(self._columns, _NAMES[column])
        return found


def constant_of(plane: bytes) -> int | None:
    """The value that every byte of ``plane`` has; None where they differ."""
    if not plane:
        return 0
    return plane[0] if plane == plane[:1] * len(plane) else None
