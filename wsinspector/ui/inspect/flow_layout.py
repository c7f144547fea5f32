"""Widgets one behind the other, on as many lines as the width asks for."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Left to right, then down; each widget at its size hint, centred in its line."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        margins = self.contentsMargins()
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.sizeHint())
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Place the widgets, or only measure; the height used."""
        margins = self.contentsMargins()
        inner = rect.marginsRemoved(margins)
        x, y, line = inner.x(), inner.y(), 0
        row: list[tuple[QLayoutItem, int]] = []
        for item in self._items:
            size = item.sizeHint()
            if row and x + size.width() > inner.right() + 1:
                self._place(row, y, line, move)
                x, y, row, line = inner.x(), y + line + 2, [], 0
            row.append((item, x))
            x += size.width() + self.spacing()
            line = max(line, size.height())
        self._place(row, y, line, move)
        return y + line - rect.y() + margins.bottom()

    def _place(self, row: list[tuple[QLayoutItem, int]], y: int, line: int, move: bool) -> None:
        for item, x in row if move else ():
            size = item.sizeHint()
            item.setGeometry(QRect(QPoint(x, y + (line - size.height()) // 2), size))
