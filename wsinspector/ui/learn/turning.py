"""A list and what is picked of it: side by side, or one above the other where that is too narrow."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from wsinspector.ui import theme

NARROW = 560
"""px of width at zoom 1 below which one stands above the other."""

ABOVE = [500, 500]


class TurningSplit(QSplitter):
    """``beside``: the shares of two widgets side by side, in thousandths."""

    def __init__(self, beside: list[int], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._beside = beside
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        theme.watcher().changed.connect(self._turn)

    def hold(self, one: QWidget, other: QWidget) -> None:
        """Take the two widgets."""
        for widget, share in zip((one, other), self._beside, strict=True):
            self.addWidget(widget)
            self.setStretchFactor(self.indexOf(widget), share)
        self.setSizes(self._beside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        wide = self.width() >= NARROW * theme.zoom()
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self.orientation() is not wanted:
            self.setOrientation(wanted)
            self.setSizes(self._beside if wide else ABOVE)
