"""The figure of a frame's bits, coloured by field; pointing at a cell tells which field it is."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from wsinspector.present.bitmap import ROW_BITS, BitMap, Cell
from wsinspector.translate import translate
from wsinspector.ui import theme


class BitFigure(QWidget):
    """Draws a :class:`BitMap`; ``lit`` is the index of the lit field, -1 for none."""

    pointed_at = Signal(int, int)  # field, byte; -1, -1 for none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map: BitMap | None = None
        self._lit = -1
        self._lit_byte = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(translate("Bits", "Bits of the frame's header"))

    def set_map(self, found: BitMap | None) -> None:
        self._map = found
        self._lit = self._lit_byte = -1
        if found is not None:
            said = "; ".join(f"{field.name} {field.value}, {field.meaning}" for field in found.fields)
            self.setAccessibleDescription(said)
        self.updateGeometry()
        self.update()

    def set_lit(self, field: int, byte: int = -1) -> None:
        """Light the cells of ``field``, or only that of ``byte`` where it is given."""
        if (field, byte) != (self._lit, self._lit_byte):
            self._lit, self._lit_byte = field, byte
            self.update()

    def _font(self) -> QFont:
        font = QFont(theme.mono_font())
        font.setPointSizeF(font.pointSizeF() * 0.9)
        return font

    def _row_height(self) -> int:
        return round(QFontMetricsF(self._font()).height() + 7)

    def sizeHint(self) -> QSize:
        rows = self._map.rows if self._map is not None else 3
        return QSize(320, rows * self._row_height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def _rect(self, cell: Cell) -> QRectF:
        bit = (self.width() - 1) / ROW_BITS
        height = self._row_height()
        left, right = round(cell.column * bit), round((cell.column + cell.width) * bit)
        return QRectF(left + 0.5, cell.row * height + 0.5, right - left, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._map is None:
            return
        painter = QPainter(self)
        painter.setFont(self._font())
        metrics = QFontMetricsF(painter.font())
        line = QPen(theme.color("line"), 1)
        for cell in self._map.cells:
            box = self._rect(cell)
            tone = cell.role
            painter.setPen(line)
            lit = cell.field == self._lit and self._lit_byte in (-1, cell.byte)
            if lit:
                painter.setBrush(theme.color("selection"))
            elif tone not in ("payload", "mask") and _set(cell):
                painter.setBrush(theme.color(f"{tone}_soft"))
            else:
                painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)
            painter.setPen(theme.color("text"))
            text = cell.text
            if metrics.horizontalAdvance(text) > box.width() - 2:
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width() - 2)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
        if self._lit >= 0:
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for cell in self._map.cells:
                if cell.field == self._lit and self._lit_byte in (-1, cell.byte):
                    painter.drawRect(self._rect(cell))
        painter.end()

    def _cell_at(self, point: QPointF) -> Cell | None:
        if self._map is None:
            return None
        return next((cell for cell in self._map.cells if self._rect(cell).contains(point)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        self.pointed_at.emit(*((cell.field, cell.byte) if cell is not None else (-1, -1)))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed_at.emit(-1, -1)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._map is not None:
            cell = self._cell_at(QPointF(event.pos()))
            if cell is not None:
                field = self._map.fields[cell.field]
                QToolTip.showText(event.globalPos(), f"{field.name} {field.value}: {field.meaning}", self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def _set(cell: Cell) -> bool:
    """Flags are coloured where they are set: an empty one tells nothing."""
    return cell.width > 1 or cell.text != "0"
