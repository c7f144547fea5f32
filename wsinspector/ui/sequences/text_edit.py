"""A sequence as text: TOML with numbered lines, faults underlined where they are and listed below."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from wsinspector.conversation.sequences.members import Fault
from wsinspector.translate import translate
from wsinspector.ui import theme

SOON_MS = 150


class _Margin(QWidget):
    """The numbers of the lines, a mark at those with a fault."""

    def __init__(self, edit: "SequenceEdit") -> None:
        super().__init__(edit)
        self._edit = edit

    def sizeHint(self) -> QSize:
        return QSize(self._edit.margin_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._edit.paint_margin(self, event)


class SequenceEdit(QPlainTextEdit):
    """``changed``: the text is another, told a moment after typing. ``left``: Escape."""

    changed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._faults: dict[int, str] = {}
        self._margin = _Margin(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.changed)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setAccessibleName(translate("SequenceText", "The sequence as text"))
        self.setToolTip(translate("SequenceText", "What can be written is explained behind Reference"))
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scrolled)
        self.textChanged.connect(self._soon.start)
        theme.watcher().changed.connect(self.restyle)
        self.restyle()

    def typed(self) -> str:
        """The text as typed: toPlainText would make a blank of U+00A0."""
        lines = []
        block = self.document().firstBlock()
        while block.isValid():
            lines.append(block.text())
            block = block.next()
        return "\n".join(lines)

    def settle(self) -> None:
        """Tell of what was typed now, where that waits."""
        if self._soon.isActive():
            self._soon.stop()
            self.changed.emit()

    def restyle(self) -> None:
        """Read font and colours again."""
        self.setFont(theme.mono_font())  # before the sheet: it is measured with this font then
        field, line, focus = (theme.color(role).name() for role in ("field", "line", "focus"))
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {field}; border: 1px solid {line};"
            f" border-radius: {theme.RADIUS}px; padding: 0 }}"
            f"QPlainTextEdit:focus {{ border-color: {focus} }}"
        )
        self._make_room()
        self._mark()

    # -- faults

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """Mark the lines with a fault; the first fault of a line is its tooltip."""
        self._faults = {}
        for fault in faults:
            self._faults.setdefault(fault.line, fault.text)
        self._mark()
        self._margin.update()

    def go_to(self, line: int) -> None:
        """Put the cursor into ``line``, from 1, and show it."""
        block = self.document().findBlockByNumber(line - 1)
        if block.isValid():
            cursor = QTextCursor(block)
            self.setTextCursor(cursor)
            self.centerCursor()
        self.setFocus()

    def _mark(self) -> None:
        marks = []
        for line in self._faults:
            block = self.document().findBlockByNumber(line - 1)
            if not block.isValid():
                continue
            mark = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(theme.color("fault"))
            look.setBackground(theme.color("fault_soft"))
            mark.format = look
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            mark.cursor = cursor
            marks.append(mark)
        self.setExtraSelections(marks)

    # -- the margin

    def margin_width(self) -> int:
        digits = max(2, len(str(self.blockCount())))
        return round(QFontMetricsF(theme.mono_font()).horizontalAdvance("0") * (digits + 1)) + theme.GAP

    def _make_room(self) -> None:
        self.setViewportMargins(self.margin_width(), 0, 0, 0)
        self._place_margin()

    def _place_margin(self) -> None:
        box = self.contentsRect()
        self._margin.setGeometry(QRect(box.left(), box.top(), self.margin_width(), box.height()))

    def _scrolled(self, rect: QRect, by: int) -> None:
        if by:
            self._margin.scroll(0, by)
        else:
            self._margin.update(0, rect.y(), self._margin.width(), rect.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_margin()

    def paint_margin(self, margin: QWidget, event: QPaintEvent) -> None:
        painter = QPainter(margin)
        painter.fillRect(event.rect(), theme.color("pane"))
        painter.setFont(theme.mono_font())
        block: QTextBlock = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        line = QFontMetricsF(theme.mono_font()).height()
        while block.isValid() and top <= event.rect().bottom():
            number = block.blockNumber() + 1
            bad = number in self._faults
            painter.setPen(theme.color("fault" if bad else "muted"))
            box = QRect(0, round(top), margin.width() - theme.GAP, round(line))
            align = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(box, align, f"✕{number}" if bad else str(number))
            top += self.blockBoundingRect(block).height()
            block = block.next()
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)
