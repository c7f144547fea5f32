"""The verdict as lines one can open: a click lights the bytes meant and says why."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from wsinspector.present.heads import Chip
from wsinspector.present.verdict_rows import LEAD, Badge, VerdictLines, VerdictRow
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import fill, tab_key, tell
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.row_paint import chip_width, paint_chip
from wsinspector.ui.tips import plain_tip

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
            tell(self, translate("Verdict", "Show or hide the rules that passed (Space)"))
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


class VerdictLine(QAbstractButton):
    """Mark, text, clause; opened, the two sentences of why beneath."""

    opened = Signal(bool)
    about_asked = Signal(str)  # the id of the rule

    def __init__(self, row: VerdictRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self._hovered = False
        self.setBackgroundRole(QPalette.ColorRole.Window)  # on a button its labels would lose their colours
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self.clicked.connect(lambda: self.toggle())  # by whoever uses it without keys and mouse
        self.setAccessibleName(row.spoken())
        self.setAccessibleDescription(row.why)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        tell(self, _tip(row))
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 2, 12, 2)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(3)
        mark = RoleLabel(row.mark, row.tone, bold=True)
        mark.setFixedWidth(MARK_WIDTH)
        text = RoleLabel(row.text, "muted" if row.tone == "ok" else "text", wraps=True)
        self.clause = clause = RoleLabel(row.short_clause, "muted", size=0.93)
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
        self.opened.emit(opened)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            if self._on_clause(event.position().toPoint()):
                self.about_asked.emit(self.row.rule)
            else:
                self.toggle()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        font = self.clause.font()
        font.setUnderline(self._on_clause(event.position().toPoint()))
        if font != self.clause.font():
            self.clause.setFont(font)

    def _on_clause(self, point: QPoint) -> bool:
        """The clause leads to the rule, where there is one."""
        return bool(self.row.rule) and self.clause.geometry().adjusted(0, -2, 12, 2).contains(point)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with the line."""
        menu = QMenu(self)
        about = menu.addAction(translate("Verdict", "About this rule") + tab_key("request.rule"))
        about.setEnabled(bool(self.row.rule))
        about.triggered.connect(lambda: self.about_asked.emit(self.row.rule))
        copy = menu.addAction(translate("Verdict", "Copy"))
        copy.triggered.connect(self.copy)
        return menu

    def copy(self) -> None:
        """Put the line and its why on the clipboard."""
        row = self.row
        parts = (f"{row.mark} {row.text} ({row.clause})", row.why)
        QGuiApplication.clipboard().setText("\n".join(part for part in parts if part))

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
        font = self.clause.font()
        font.setUnderline(False)
        self.clause.setFont(font)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def _tip(row: VerdictRow) -> str:
    lines = [row.clause] if row.clause else []
    lines.append(translate("Verdict", "Lights the bytes it speaks of and says why (Enter)"))
    if row.rule:
        lines.append(
            fill(translate("Verdict", "The clause leads to the rule and its examples ([key:request.rule])"))
        )
    return plain_tip("\n".join(lines))


class VerdictView(QWidget):
    """Heading with badges, failures and notes open, passes behind their badge."""

    picked = Signal(object)  # VerdictRow | None: light what it speaks of
    about_asked = Signal(str)  # the id of the rule
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
        self._leads: list[RoleLabel] = []
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
            focused = {line.row.text for line in self.lines() if line.hasFocus()}
            self._lines = lines
            self._rebuild()
            for line in self.lines():
                line.set_open(line.row.text in opened)
                if line.row.text in focused:
                    line.setFocus()

    @property
    def shown(self) -> VerdictLines:
        """What is told now."""
        return self._lines

    def lines(self) -> list[VerdictLine]:
        """The lines in sight, from the top."""
        return list(self._line_widgets)

    def badges(self) -> list[BadgeButton]:
        return list(self._buttons)

    def leads(self) -> list[str]:
        """The sentences that introduce lines, from the top."""
        return [lead.full_text() for lead in self._leads]

    def close_lines(self) -> None:
        """Fold every line again."""
        for line in self.lines():
            line.set_open(False)

    def ask_about(self) -> None:
        """Lead to the rule of the line that has the focus, else of the open one, else of the first."""
        lines = [line for line in self.lines() if line.row.rule]
        chosen = [line for line in lines if line.hasFocus()] or [line for line in lines if line.is_open]
        if chosen or lines:
            self.about_asked.emit((chosen or lines)[0].row.rule)

    def show_passes(self, on: bool) -> None:
        if on != self._passes_open:
            self._passes_open = on
            self._rebuild()

    def _rebuild(self) -> None:
        focused = any(badge.hasFocus() for badge in self._buttons)
        for old in (*self._line_widgets, *self._leads):
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
        self._line_widgets, self._leads = [], []
        for row in shown:
            if row.mark == LEAD:
                lead = RoleLabel(row.text, row.tone, wraps=True, parent=self)
                lead.setContentsMargins(12, 2, 12, 2)
                self._leads.append(lead)
                self._rows.addWidget(lead)
                continue
            line = VerdictLine(row, self)
            line.opened.connect(self._line_toggled(line))
            line.about_asked.connect(self.about_asked)
            self._line_widgets.append(line)
            self._rows.addWidget(line)
            line.show()  # at once, as what is hidden takes no focus
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
