"""The panel that F1 opens: near what has the focus, put away by Escape, with ways to go on."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.explain.about import About
from wsinspector.ui.explain.text import ExplainText
from wsinspector.ui.inspect.strip_bar import flat_button
from wsinspector.ui.keys import Sheet

WIDE = 460
HIGH = 420
"""px at zoom 1."""


class AboutPanel(Sheet):
    """One explanation. ``term_asked``, ``rule_asked``: it was put away, and that is to be shown."""

    term_asked = Signal(str)
    rule_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget: QWidget | None = None
        self._explain: Callable[[], None] | None = None
        self._rule = ""
        self.setAccessibleName(translate("Areas", "What has the focus, explained"))
        self.text = ExplainText()
        self.text.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")
        self.piece = QPushButton(translate("Areas", "Explain byte for byte"))
        self.piece.setToolTip(translate("Areas", "Goes to this piece in the explained conversation (Enter)"))
        self.rule = QPushButton(translate("Areas", "The rule"))
        self.rule.setToolTip(translate("Areas", "Goes to the rule and its examples (Enter)"))
        self.cross = flat_button("✕", translate("Areas", "Put this away (Escape)"))
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.MARGIN, 0, theme.GAP, theme.GAP)
        foot.addWidget(self.piece)
        foot.addWidget(self.rule)
        foot.addStretch(1)
        foot.addWidget(self.cross)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 4, 2, 2)
        column.setSpacing(0)
        column.addWidget(self.text, 1)
        column.addLayout(foot)
        self.cross.clicked.connect(self.leave)
        self.piece.clicked.connect(self._go_to_piece)
        self.rule.clicked.connect(lambda: self._leave_for(self.rule_asked.emit, self._rule))
        self.text.term_asked.connect(lambda key: self._leave_for(self.term_asked.emit, key))
        self.text.rule_asked.connect(lambda rule: self._leave_for(self.rule_asked.emit, rule))

    def show_about(self, found: About, widget: QWidget) -> None:
        """Show ``found`` beside ``widget``."""
        if self._widget is not None:
            self._widget.destroyed.disconnect(self._gone)
        widget.destroyed.connect(self._gone)
        self._explain, self._rule, self._widget = found.explain, found.rule, widget
        self.text.show_told(found.told)
        self.piece.setVisible(found.explain is not None)
        self.rule.setVisible(bool(found.rule) and not self.text.rules_linked)
        self.appear()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _gone(self) -> None:
        """What is told went away, as with its tab."""
        self._widget = self._explain = None
        self.hide()

    def place(self) -> None:
        """Below what is explained, or above it; never beyond the window."""
        parent, widget = self.parentWidget(), self._widget
        if parent is None or widget is None:
            return
        width = min(round(WIDE * theme.zoom()), parent.width() - 2 * theme.MARGIN)
        most = min(round(HIGH * theme.zoom()), parent.height() - 2 * theme.MARGIN)
        self.resize(width, min(self._wanted(width), most))
        at = widget.rect()
        if isinstance(widget, QAbstractItemView) and widget.currentIndex().isValid():
            row = widget.visualRect(widget.currentIndex())
            at = QRect(widget.viewport().mapTo(widget, row.topLeft()), row.size())
        left = widget.mapTo(parent, QPoint(max(at.left(), 0) + theme.MARGIN, 0)).x()
        below = widget.mapTo(parent, QPoint(0, min(at.bottom() + 2, widget.height()))).y()
        above = widget.mapTo(parent, QPoint(0, max(at.top(), 0))).y() - self.height() - 2
        room = parent.rect().adjusted(theme.GAP, theme.GAP, -theme.GAP, -theme.GAP)
        top = below if below + self.height() <= room.bottom() else max(above, room.top())
        self.move(max(room.left(), min(left, room.right() - self.width())), top)

    def _wanted(self, width: int) -> int:
        body = self.text.widget()
        layout = body.layout() if body is not None else None
        if layout is None:
            return HIGH
        layout.activate()
        high = (
            layout.totalHeightForWidth(width - 2)
            if layout.hasHeightForWidth()
            else layout.sizeHint().height()
        )
        foot = max(self.cross.sizeHint().height(), self.piece.sizeHint().height()) + theme.GAP
        return max(high, 60) + foot + theme.MARGIN

    def _go_to_piece(self) -> None:
        explain = self._explain
        self.leave()
        if explain is not None:
            explain()

    def _leave_for(self, ask: Callable[[str], object], name: str) -> None:
        self.leave()
        ask(name)
