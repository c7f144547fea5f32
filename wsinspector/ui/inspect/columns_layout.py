"""Groups side by side in as many columns as the width has room for, read down and then across."""

from itertools import combinations, pairwise

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class ColumnsLayout(QLayout):
    """Keeps the order: a column takes the groups that follow each other, so that all are about as high.

    Where the columns begin is settled once for each number of columns: a message that appears in
    one group must not carry another to the next column.
    """

    def __init__(
        self, parent: QWidget | None = None, *, column: int, gap: int, most: int, spacing: int = 8
    ) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._column, self._gap, self._most = column, gap, most
        self._cuts: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def set_column(self, width: int) -> None:
        """A column is at least ``width`` px wide."""
        self._column = width
        self._cuts.clear()
        self.invalidate()

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return QSize(2 * self._column, self.heightForWidth(2 * self._column))

    def minimumSize(self) -> QSize:
        margins = self.contentsMargins()
        return QSize(self._column + margins.left() + margins.right(), 0)

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        inner = rect.marginsRemoved(self.contentsMargins())
        shown = [item for item in self._items if not item.isEmpty()]
        if not shown:
            return 0
        fitting = (inner.width() + self._gap) // (self._column + self._gap)
        columns = min(max(fitting, 1), self._most, len(shown))
        width = (inner.width() - (columns - 1) * self._gap) // columns
        heights = [_height(item, width) for item in shown]
        cuts = self._cuts.setdefault((columns, len(shown)), self._cut(heights, columns))
        if move:
            for number, (first, last) in enumerate(cuts):
                x, y = inner.x() + number * (width + self._gap), inner.y()
                for item, height in zip(shown[first:last], heights[first:last], strict=True):
                    item.setGeometry(QRect(x, y, width, height))
                    y += height + self.spacing()
        margins = self.contentsMargins()
        return max(self._high(heights, cut) for cut in cuts) + margins.top() + margins.bottom()

    def _high(self, heights: list[int], cut: tuple[int, int]) -> int:
        first, last = cut
        return sum(heights[first:last]) + (last - first - 1) * self.spacing()

    def _cut(self, heights: list[int], columns: int) -> list[tuple[int, int]]:
        """Where to cut the row of groups so that the highest column is lowest. Few groups, so all ways."""
        ways = [
            list(pairwise((0, *inside, len(heights))))
            for inside in combinations(range(1, len(heights)), columns - 1)
        ]
        return min(ways, key=lambda cuts: max(self._high(heights, cut) for cut in cuts))


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
