"""The figure of a frame's bits, coloured by field; pointing at a cell tells which field it is."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from wsinspector.present.bitmap import ROW_BITS, BitMap, Cell
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.accessible_roles import Role


class BitFigure(QWidget):
    """Draws a :class:`BitMap`; ``lit`` is the index of the lit field, -1 for none.

    With the focus one cell is current: arrows move it, and it is told as if it were pointed at.
    """

    ACCESSIBLE_ROLE = Role.Graphic

    pointed_at = Signal(int, int)  # field, byte; -1, -1 for none
    copy_asked = Signal(int)  # field

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map: BitMap | None = None
        self._lit = -1
        self._lit_byte = -1
        self._current = 0  # a cell
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(translate("Bits", "Bits of the frame's header"))

    def set_map(self, found: BitMap | None) -> None:
        self._map = found
        self._lit = self._lit_byte = -1
        self._current = 0
        self._say_current()
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
        if self.hasFocus() and self._current < len(self._map.cells):
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._rect(self._map.cells[self._current]).adjusted(1, 1, -1, -1))
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

    def current_field(self) -> int:
        """The field of the current cell; -1 where nothing is drawn."""
        cells = self._map.cells if self._map is not None else ()
        return cells[self._current].field if self._current < len(cells) else -1

    def _say_current(self) -> None:
        """What is read aloud: the current cell and its field, or all fields while there is no focus."""
        if self._map is None:
            self.setAccessibleDescription("")
            return
        fields = self._map.fields
        if not self.hasFocus() or self.current_field() < 0:
            said = "; ".join(f"{field.name} {field.value}, {field.meaning}" for field in fields)
        else:
            field, cell = fields[self.current_field()], self._map.cells[self._current]
            said = f"{cell.text}: {field.name} {field.value}, {field.meaning}"
        self.setAccessibleDescription(said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        cells = self._map.cells if self._map is not None else ()
        if event.matches(QKeySequence.StandardKey.Copy) and self.current_field() >= 0:
            self.copy_asked.emit(self.current_field())
            return
        to = self._moved(cells, event.key()) if cells else None
        if to is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        self._current = to
        self._tell_current()

    def _moved(self, cells: tuple[Cell, ...], key: int) -> int | None:
        here = min(self._current, len(cells) - 1)
        match key:
            case Qt.Key.Key_Left:
                return max(here - 1, 0)
            case Qt.Key.Key_Right:
                return min(here + 1, len(cells) - 1)
            case Qt.Key.Key_Home:
                return 0
            case Qt.Key.Key_End:
                return len(cells) - 1
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                row = cells[here].row + (1 if key == Qt.Key.Key_Down else -1)
                column = cells[here].column
                found = [at for at, cell in enumerate(cells) if cell.row == row and cell.column <= column]
                return found[-1] if found else here
        return None

    def _tell_current(self) -> None:
        self._say_current()
        self.update()
        cells = self._map.cells if self._map is not None else ()
        if self._current < len(cells):
            self.pointed_at.emit(cells[self._current].field, cells[self._current].byte)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.MouseFocusReason:
            self._tell_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._say_current()
        self.pointed_at.emit(-1, -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if cell is not None and self._map is not None:
            self._current = self._map.cells.index(cell)
            self._tell_current()

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
