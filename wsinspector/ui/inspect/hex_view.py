"""Bytes of any number as hex and text, with stretches lit, coloured or hidden."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from wsinspector.present.hexlines import MASK, HexLayout, hex_line, layout_for
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.registry import registry
from wsinspector.ui.inspect.hex_cursor import HexCursor

Stretch = tuple[int, int]
MARGIN = 8
MOST_COPIED = 256 << 10
"""Selected bytes that are put on the clipboard at the most."""


class HexData(Protocol):
    """Where the bytes come from; only the lines in sight are ever read."""

    def length(self) -> int: ...

    def read(self, start: int, end: int) -> bytes: ...


class HeldBytes:
    """Bytes in memory as :class:`HexData`."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    def length(self) -> int:
        return len(self.data)

    def read(self, start: int, end: int) -> bytes:
        return self.data[start:end]


class HexView(QAbstractScrollArea):
    """Offset, hex and text of a :class:`HexData`, as wide as the space admits (4 to 16 bytes a line).

    Read-only; ``hex_edit.HexEdit`` is the one to type into.
    """

    selection_changed = Signal(int, int)  # first byte, one past the last
    pointed_at = Signal(int)  # byte under the pointer, -1 for none
    hidden_clicked = Signal(int)  # a byte of a hidden stretch was clicked
    find_asked = Signal()  # the key / in a view that is only read
    cut_copied = Signal(int)  # so many of the selected bytes were copied, not all

    def __init__(self, data: HexData | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: HexData = data if data is not None else HeldBytes()
        self.editable = False
        self._cursor = HexCursor()
        self._lit: tuple[Stretch, ...] = ()
        self._hidden: tuple[Stretch, ...] = ()
        self._tones: tuple[tuple[int, int, str], ...] = ()
        self._fit_lines = 0
        self._sight = 0  # bytes in sight when it was last laid out
        self._layout = HexLayout(16, 4)
        self._pointed = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName(translate("HexView", "Bytes"))
        self.setToolTip(self.tip())
        self._font_changed()

    def tip(self) -> str:
        """What the keys do."""
        return translate(
            "HexView", "Arrows move, Shift extends, Ctrl+C copies, Alt+Left and Alt+Right change the part."
        )

    # -- what is shown

    def set_data(self, data: HexData) -> None:
        """Show ``data``; the cursor stays where it is as far as the length admits."""
        self._data = data
        self._cursor.clamp(data.length())
        self._relayout()

    def set_bytes(self, data: bytes) -> None:
        self.set_data(HeldBytes(data))

    def data(self) -> HexData:
        return self._data

    def set_lit(self, stretches: Sequence[Stretch]) -> None:
        """Light the bytes of ``stretches``; the first is brought into sight."""
        self._lit = tuple(stretches)
        if self._lit:
            self.show_byte(self._lit[0][0])
        self.viewport().update()

    def lit(self) -> tuple[Stretch, ...]:
        return self._lit

    def set_hidden(self, stretches: Sequence[Stretch]) -> None:
        """Show dots in place of the bytes of ``stretches``."""
        self._hidden = tuple(stretches)
        self.viewport().update()

    def set_tones(self, tones: Sequence[tuple[int, int, str]]) -> None:
        """Colour ``(start, end, role of the theme)`` stretches, a frame's fields for instance."""
        self._tones = tuple(tones)
        self.viewport().update()

    def fit_to_lines(self, most: int) -> None:
        """Be as high as the content, up to ``most`` lines, in place of scrolling early."""
        self._fit_lines = most
        self._relayout()

    def line_text(self, line: int) -> str:
        """Line ``line`` as shown, for tests and for reading aloud."""
        width = self._layout.width
        shown = hex_line(self._data.read(line * width, (line + 1) * width), line * width, self._hidden)
        return f"{shown.offset:0{self._layout.digits}x}  {' '.join(shown.cells)}  {shown.text}"

    # -- selection

    def selection(self) -> Stretch:
        """``(first, one past the last)`` of the selected bytes; empty at the cursor."""
        return self._cursor.stretch

    def select(self, start: int, end: int) -> None:
        length = self._data.length()
        self._cursor.put(min(start, length))
        self._cursor.put(min(end, length), extend=True)
        self.show_byte(start)
        self._cursor_moved()

    def show_byte(self, offset: int) -> None:
        """Scroll so that ``offset`` is in sight."""
        line, bar = offset // self._layout.width, self.verticalScrollBar()
        if line < bar.value():
            bar.setValue(line)
        elif line >= bar.value() + self._lines_in_sight():
            bar.setValue(line - self._lines_in_sight() + 1)

    def _cursor_moved(self) -> None:
        start, end = self._cursor.stretch
        self.setAccessibleDescription(self._spoken())
        self.selection_changed.emit(start, end)
        self.viewport().update()

    def _spoken(self) -> str:
        at = self._cursor.at
        if at >= self._data.length():
            return translate("HexView", "at the end")
        if self._is_hidden(at):
            return translate("HexView", "offset {0}, hidden").format(at)
        byte = self._data.read(at, at + 1)
        return translate("HexView", "offset {0}, byte {1}").format(at, byte.hex() or "…")

    def _is_hidden(self, at: int) -> bool:
        return any(start <= at < end for start, end in self._hidden)

    # -- geometry

    def _font_changed(self) -> None:
        self.setFont(theme.mono_font())
        metrics = QFontMetricsF(self.font())
        self._advance = metrics.horizontalAdvance("0" * 64) / 64
        self._ascent = metrics.ascent()
        self._line_height = round(metrics.height()) + 4
        self._relayout()

    def _relayout(self) -> None:
        columns = int((self.viewport().width() - 2 * MARGIN) / self._advance)
        length = self._data.length()
        top = self.verticalScrollBar().value() * self._layout.width
        in_sight = top <= self._cursor.at < top + self._sight
        self._layout = layout_for(columns, length)
        lines = self.line_count()
        if self._fit_lines:
            height = max(1, min(lines, self._fit_lines)) * self._line_height + MARGIN
            if self.height() != height:
                self.setFixedHeight(height)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, lines - self._lines_in_sight()))
        bar.setPageStep(max(1, self._lines_in_sight()))
        bar.setValue(top // self._layout.width)  # the same bytes stay on top, however many fit a line
        self._sight = self._lines_in_sight() * self._layout.width
        if in_sight:
            self.show_byte(self._cursor.at)
        self.viewport().update()

    def line_count(self) -> int:
        """Lines shown; an editable view has a place behind the last byte."""
        length = self._data.length()
        return max(1, -(-(length + (1 if self.editable else 0)) // self._layout.width))

    def _lines_in_sight(self) -> int:
        return max(1, (self.viewport().height() - MARGIN) // self._line_height)

    def sizeHint(self) -> QSize:
        lines = min(self.line_count(), self._fit_lines or 12)
        return QSize(
            round(self._layout.columns * self._advance) + 2 * MARGIN, lines * self._line_height + MARGIN
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(round(HexLayout(4, 4).columns * self._advance), self._line_height + MARGIN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._relayout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange) and hasattr(self, "_advance"):
            self._font_changed()

    def _byte_at(self, point: QPointF) -> tuple[int, bool]:
        line = int((point.y() - MARGIN / 2) // self._line_height) + self.verticalScrollBar().value()
        index, in_text = self._layout.hit((point.x() - MARGIN) / self._advance)
        at = max(0, line) * self._layout.width + index
        return min(at, self._data.length()), in_text

    def _cell(self, at: int, line: int, in_text: bool) -> QRectF:
        index = at % self._layout.width
        column = self._layout.text_column(index) if in_text else self._layout.hex_column(index)
        return QRectF(
            MARGIN + column * self._advance,
            MARGIN / 2 + line * self._line_height,
            self._advance * (1 if in_text else 2),
            self._line_height,
        )

    # -- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        first, width = self.verticalScrollBar().value(), self._layout.width
        lines = self.viewport().height() // self._line_height + 2
        start = first * width
        data = self._data.read(start, min(start + lines * width, self._data.length()))
        if not data and not self.editable:
            painter.setPen(theme.color("muted"))
            said = translate("HexView", "reading…" if self._data.length() else "no bytes")
            painter.drawText(QPointF(MARGIN, MARGIN / 2 + self._ascent + 2), said)
            return
        for line in range(-(-len(data) // width)):
            self._paint_line(painter, line, start + line * width, data[line * width : (line + 1) * width])
        if self.hasFocus():
            self._paint_cursor(painter, first)

    def _paint_line(self, painter: QPainter, line: int, offset: int, data: bytes) -> None:
        shown = hex_line(data, offset, self._hidden)
        baseline = MARGIN / 2 + line * self._line_height + self._ascent + 2
        painter.setPen(theme.color("muted"))
        painter.drawText(QPointF(MARGIN, baseline), f"{offset:0{self._layout.digits}x}")
        selected_from, selected_to = self._cursor.stretch
        for index, (cell, character) in enumerate(zip(shown.cells, shown.text, strict=True)):
            at = offset + index
            if selected_from <= at < selected_to:
                self._fill(painter, at, line, "selection")
            elif any(start <= at < end for start, end in self._lit):
                self._fill(painter, at, line, "lit")
            painter.setPen(theme.color(self._tone(at, data[index])))
            painter.drawText(QPointF(self._cell(at, line, False).x(), baseline), cell)
            painter.drawText(QPointF(self._cell(at, line, True).x(), baseline), character)

    def _tone(self, at: int, byte: int) -> str:
        for start, end, role in self._tones:
            if start <= at < end:
                return role
        if self._is_hidden(at):
            return "muted"
        return "text" if 0x20 <= byte < 0x7F else "muted"

    def _fill(self, painter: QPainter, at: int, line: int, role: str) -> None:
        colour = theme.color(role)
        painter.fillRect(self._cell(at, line, False).adjusted(-2, 0, 2, 0), colour)
        painter.fillRect(self._cell(at, line, True), colour)

    def _paint_cursor(self, painter: QPainter, first: int) -> None:
        line = self._cursor.at // self._layout.width - first
        for in_text in (False, True):
            cell = self._cell(self._cursor.at, line, in_text)
            here = in_text == self._cursor.in_text
            painter.setPen(QPen(theme.color("focus" if here else "muted"), 1))
            if here and self.editable and self._cursor.inserting:
                painter.drawLine(cell.topLeft(), cell.bottomLeft())
                continue
            if here and self._cursor.low and not in_text:
                cell.setLeft(cell.left() + self._advance)
            painter.drawRect(cell.adjusted(-1, 0, 1, -1))

    # -- pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at, in_text = self._byte_at(event.position())
        if self._is_hidden(at):
            self.hidden_clicked.emit(at)
        self._cursor.in_text = in_text
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._cursor.put(at, extend=extend)
        self._cursor_moved()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at, _in_text = self._byte_at(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._cursor.put(at + 1 if at >= self._cursor.anchor else at, extend=True)
            self._cursor.clamp(self._data.length())
            self.show_byte(self._cursor.at)
            self._cursor_moved()
            return
        pointed = at if at < self._data.length() else -1
        if pointed != self._pointed:
            self._pointed = pointed
            self.pointed_at.emit(pointed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointed = -1
        self.pointed_at.emit(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._copy_key(event) or self._move_key(event):
            event.accept()
            return
        if not self.editable and registry().meant(event, "hex") == "hex.find":
            self.find_asked.emit()
            event.accept()
            return
        event.ignore()

    def _copy_key(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select(0, self._data.length())
        else:
            return False
        return True

    def _move_key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if event.key() not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                return False
            self._cursor.in_text = event.key() == Qt.Key.Key_Right
            self._cursor_moved()
            return True
        moved = self._cursor.move(
            event.key(),
            width=self._layout.width,
            page=self._lines_in_sight(),
            length=self._data.length(),
            whole=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier),
            extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier),
        )
        if moved:
            self.show_byte(self._cursor.at)
            self._cursor_moved()
        return moved

    # -- clipboard

    def copy(self) -> None:
        """Put the selected bytes on the clipboard: hex from the hex part, text from the text part."""
        start, end = self._cursor.stretch
        if end - start > MOST_COPIED:
            end = start + MOST_COPIED
            self.cut_copied.emit(MOST_COPIED)
        line = hex_line(self._data.read(start, end), start, self._hidden)
        if not line.cells:
            return
        if not self._cursor.in_text:
            text = " ".join(line.cells)
        elif MASK in line.text:
            text = line.text
        else:
            text = self._data.read(start, end).decode("latin-1")
        QGuiApplication.clipboard().setText(text)
