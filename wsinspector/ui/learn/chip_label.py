"""A chip that stands by itself, painted as those in the tables are."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from wsinspector.present.heads import Chip
from wsinspector.ui import theme
from wsinspector.ui.inspect.row_paint import chip_width, paint_chip


class ChipLabel(QWidget):
    """Shows ``chip``; its text is the accessible name."""

    def __init__(self, chip: Chip, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chip = chip
        self.setAccessibleName(chip.text)

    def sizeHint(self) -> QSize:
        return QSize(round(chip_width(self._chip)) + 2, theme.row_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_chip(QPainter(self), 0, self.height() / 2, self._chip, self.width())
