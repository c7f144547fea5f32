"""Small controls of the craft sheet: choices with a flat arrow, lines, and the field for a payload."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from wsinspector.ui import theme
from wsinspector.ui.inspect.send_bar import ARROW_WIDTH, CodeBox

LEAST = 96
"""Pixels at zoom 1 that a choice keeps where there is little room."""


class Choice(CodeBox):
    """One of a few, each with the word that a file has for it."""

    def __init__(self, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.control_height())

    def offer(self, items: list[tuple[str, object]]) -> None:
        """``(text, word)`` of each; what was picked stays where it is still there."""
        before = self.word()
        self.blockSignals(True)
        self.clear()
        for text, word in items:
            self.addItem(text, word)
        self.pick(before)
        self.blockSignals(False)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), round(LEAST * theme.zoom())), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.width() - ARROW_WIDTH - 2 * theme.GAP - 2
        text = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        option.currentText = text
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
        self.draw_arrow()

    def word(self) -> object:
        return self.currentData()

    def pick(self, word: object) -> None:
        """Choose ``word``, the first where it is none of them; no signal tells of it."""
        at = next((index for index in range(self.count()) if self.itemData(index) == word), 0)
        was = self.blockSignals(True)
        self.setCurrentIndex(at)
        self.blockSignals(was)


class Line(QLineEdit):
    """A line of ``columns`` characters."""

    def __init__(self, name: str, tip: str, columns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.control_height())

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(self.font()).horizontalAdvance("0") * self._columns
        return QSize(round(width) + 2 * theme.GAP + 8, theme.control_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 60), theme.control_height())

    def put(self, text: str) -> None:
        """Set the text without a signal."""
        was = self.blockSignals(True)
        self.setText(text)
        self.blockSignals(was)


class PayloadEdit(QPlainTextEdit):
    """What a payload is made of; Tab goes on to the next control."""

    LINES = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.watcher().changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Read the font again."""
        self.setFont(theme.mono_font())
        line = QFontMetricsF(theme.mono_font()).lineSpacing()
        self.setFixedHeight(round(line * self.LINES) + 4 * theme.SPACE + 2)
        field, edge, focus = (theme.color(role).name() for role in ("field", "line", "focus"))
        shape = f"border-radius: {theme.RADIUS}px; padding: {theme.SPACE}px"
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {field}; border: 1px solid {edge}; {shape}; }}"
            f"QPlainTextEdit:focus {{ border-color: {focus}; }}"
        )

    def typed(self) -> str:
        """The text as typed: toPlainText would make a blank of U+00A0."""
        block = self.document().firstBlock()
        lines = []
        while block.isValid():
            lines.append(block.text())
            block = block.next()
        return "\n".join(lines)

    def put(self, text: str) -> None:
        """Set the text without a signal."""
        was = self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(was)
