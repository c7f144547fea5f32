"""The verdict as lines one can open: a click lights the bytes meant and says why."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from wsinspector.present.heads import Chip
from wsinspector.present.verdict_rows import Badge, VerdictLines, VerdictRow
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.row_paint import chip_width, paint_chip

MARK_WIDTH = 22


class BadgeButton(QAbstractButton):
    """A count as a pill; the one that folds is pressed with pointer, Space or Enter."""

    def __init__(self, badge: Badge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._badge = badge
        self.setCheckable(badge.folds)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if badge.folds else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(badge.text)
        if badge.folds:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip(translate("Verdict", "Show or hide the rules that passed (Space)"))
        else:
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setText(badge.text)

    def _chip(self) -> Chip:
        arrow = (" ▾" if self.isChecked() else " ▸") if self._badge.folds else ""
        return Chip(self._badge.text + arrow, self._badge.tone)

    def sizeHint(self) -> QSize:
        return QSize(round(chip_width(self._chip())) + 2, theme.row_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = self.height() / 2
        paint_chip(painter, 1, middle, self._chip(), self.width() - 1)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -1.5), 8, 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.isCheckable():
            self.click()
            return
        super().keyPressEvent(event)


class VerdictLine(QWidget):
    """Mark, text, clause; opened, the two sentences of why beneath."""

    toggled = Signal(bool)

    def __init__(self, row: VerdictRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self._hovered = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(row.spoken())
        self.setAccessibleDescription(row.why)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        tip = translate("Verdict", "Lights the bytes it speaks of and says why (Enter)")
        self.setToolTip(f"{row.clause}\n{tip}" if row.clause else tip)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 2, 12, 2)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(3)
        mark = RoleLabel(row.mark, row.tone, bold=True)
        mark.setFixedWidth(MARK_WIDTH)
        text = RoleLabel(row.text, "muted" if row.tone == "ok" else "text", wraps=True)
        clause = RoleLabel(row.short_clause, "muted", size=0.93)
        clause.setMaximumWidth(150)
        clause.setContentsMargins(10, 0, 0, 0)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(mark, 0, 0, top)
        grid.addWidget(text, 0, 1, top)
        grid.addWidget(clause, 0, 2, top | Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(1, 1)
        self._why = RoleLabel(row.why, "muted", wraps=True)
        self._why.setVisible(False)
        grid.addWidget(self._why, 1, 1, 1, 2)
        for label in (mark, text, clause, self._why):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def is_open(self) -> bool:
        return not self._why.isHidden()

    def set_open(self, on: bool) -> None:
        if on != self.is_open:
            self._why.setVisible(on and bool(self.row.why))
            self.update()

    def toggle(self) -> None:
        opened = not self._why.isVisibleTo(self)
        self.set_open(opened)
        self.toggled.emit(opened)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.toggle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.toggle()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.is_open:
            painter.fillRect(self.rect(), theme.color("marked"))
        elif self._hovered:
            painter.fillRect(self.rect(), theme.color("hover"))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = False
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


class VerdictView(QWidget):
    """Heading with badges, failures and notes open, passes behind their badge."""

    picked = Signal(object)  # VerdictRow | None: light what it speaks of
    rebuilt = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = VerdictLines()
        self._passes_open = False
        self.setAccessibleName(translate("Verdict", "Verdict"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(2)
        self._buttons: list[BadgeButton] = []
        self._line_widgets: list[VerdictLine] = []
        self._badges = FlowRow(margin=12)
        self._badges.add(RoleLabel(translate("Verdict", "Verdict") + "  ", "text", bold=True))
        column.addWidget(self._badges)
        self._empty = RoleLabel("", "muted", wraps=True)
        self._empty.setContentsMargins(12, 2, 12, 2)
        column.addWidget(self._empty)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        column.addLayout(self._rows)
        self._rebuild()

    def show_lines(self, lines: VerdictLines) -> None:
        """Show ``lines``; what was opened stays open as far as it is still there."""
        if lines != self._lines:
            opened = {line.row.text for line in self.lines() if line.is_open}
            self._lines = lines
            self._rebuild()
            for line in self.lines():
                line.set_open(line.row.text in opened)

    def lines(self) -> list[VerdictLine]:
        """The lines in sight, from the top."""
        return list(self._line_widgets)

    def badges(self) -> list[BadgeButton]:
        return list(self._buttons)

    def show_passes(self, on: bool) -> None:
        if on != self._passes_open:
            self._passes_open = on
            self._rebuild()

    def _rebuild(self) -> None:
        focused = any(badge.hasFocus() for badge in self._buttons)
        for old in self._line_widgets:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        for badge in self._buttons:
            self._badges.remove(badge)
        self._buttons = [self._button(badge) for badge in self._lines.badges]
        for button in self._buttons:
            self._badges.add(button)
            if focused and button.isCheckable():
                button.setFocus()
        shown = list(self._lines.rows) + (list(self._lines.passed) if self._passes_open else [])
        self._line_widgets = [VerdictLine(row, self) for row in shown]
        for line in self._line_widgets:
            line.toggled.connect(self._line_toggled(line))
            self._rows.addWidget(line)
        self._empty.set_text(self._lines.empty)
        self._empty.setVisible(bool(self._lines.empty))
        self.rebuilt.emit()

    def _button(self, badge: Badge) -> BadgeButton:
        button = BadgeButton(badge, self)
        if badge.folds:
            button.setChecked(self._passes_open)
            button.toggled.connect(self.show_passes)
        return button

    def stops(self) -> list[QWidget]:
        """What Tab reaches, from the top."""
        return [*self.badges(), *self.lines()]

    def _line_toggled(self, line: VerdictLine) -> Callable[[bool], None]:
        def act(opened: bool) -> None:
            for other in self.lines():
                if other is not line:
                    other.set_open(False)
            self.picked.emit(line.row if opened else None)

        return act
