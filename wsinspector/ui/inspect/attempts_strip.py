"""Draft and attempts in one row: which is shown, what of the draft is not sent, which two are compared."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QPushButton, QWidget

from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tab_key, tell
from wsinspector.ui.inspect.role_label import RoleLabel

SIDE = 12
NARROW = 430
GAP = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the strip; number 0 is the draft."""

    number: int
    label: str
    tone: str = "muted"


class StripButton(QAbstractButton):
    """One place: ``#2`` muted, its outcome behind it."""

    second_asked = Signal(int)
    menu_asked = Signal(int, QPoint)  # where, on the screen

    def __init__(self, entry: Entry, parent: QWidget) -> None:
        super().__init__(parent)
        self.entry = entry
        self.second = False
        self.first_place = self.last_place = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        lead, rest = self._words()
        self.setText(f"{lead} {rest}".strip())
        self.setAccessibleName(
            translate("Attempts", "Draft")
            if entry.number == 0
            else translate("Attempts", "Attempt {0}: {1}").format(entry.number, entry.label)
        )
        tell(
            self,
            translate(
                "Attempts", "What Connect will send; editing always edits the draft ([key:request.draft])"
            )
            if entry.number == 0
            else translate(
                "Attempts",
                "Show attempt {0} ([key:request.attempt-before], [key:request.attempt-after]). "
                "Ctrl+click compares with it, a right click "
                "makes it the draft.",
            ).format(entry.number),
        )

    def _words(self) -> tuple[str, str]:
        if self.entry.number == 0:
            return translate("Attempts", "Draft"), ""
        return f"#{self.entry.number}", self.entry.label

    def _font(self) -> QFont:
        font = QFont(theme.ui_font())
        font.setPointSizeF(font.pointSizeF() * 0.95)
        font.setBold(self.isChecked() or self.second)
        return font

    def sizeHint(self) -> QSize:
        font = QFont(self._font())
        font.setBold(True)  # so that nothing moves when the pick changes
        lead, rest = self._words()
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(lead) + (metrics.horizontalAdvance(rest) + 6 if rest else 0)
        return QSize(round(width) + 2 * GAP, theme.row_height() + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(0, 0, 0, 0)
        if self.isChecked() or self.second:
            painter.fillRect(box, theme.color("selection" if self.isChecked() else "marked"))
        elif self.underMouse():
            painter.fillRect(box, theme.color("hover"))
        font = self._font()
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2
        lead, rest = self._words()
        strong = self.isChecked() or self.second
        painter.setPen(theme.color("text" if strong else "muted"))
        total = metrics.horizontalAdvance(lead) + (metrics.horizontalAdvance(rest) + 6 if rest else 0)
        left = (box.width() - total) / 2
        painter.drawText(round(left), round(baseline), lead)
        painter.drawText(round(left + metrics.horizontalAdvance(lead) + 6), round(baseline), rest)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.drawRect(box.adjusted(1, 1, -2, -2))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.second_asked.emit(self.entry.number)
            return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(self.entry.number, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if control:
                self.second_asked.emit(self.entry.number)
            else:
                self.click()
        elif event.key() == Qt.Key.Key_Left:
            self.focusPreviousChild()
        elif event.key() == Qt.Key.Key_Right:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


class AttemptsStrip(QWidget):
    """Shows :class:`Entry` values; the oldest attempts go into a menu where the width ends."""

    picked = Signal(int)
    compared = Signal(int, int)  # left, right
    compare_left = Signal()  # back to one
    use_asked = Signal(int)  # make this attempt the draft
    rebuilt = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self._buttons: list[StripButton] = []
        self._picked = 0
        self._second: int | None = None
        self._state = ("", "")
        self._state_label = RoleLabel("", "muted", size=0.95, parent=self)
        self._state_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._more = QPushButton("…", self)
        self._more.setAccessibleName(translate("Attempts", "Earlier attempts"))
        tell(self._more, translate("Attempts", "Earlier attempts"))
        self._more.setStyleSheet("padding: 0; border-color: transparent")
        self._more.clicked.connect(self._open_menu)
        self._compare = QPushButton(self)
        self._compare.setCheckable(True)
        self._compare.setStyleSheet("padding: 2px 9px")
        self._compare.clicked.connect(self._compare_clicked)
        self.setAccessibleName(translate("Attempts", "Draft and attempts"))
        self.show_entries((Entry(0, ""),), 0, None)
        theme.watcher().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFixedHeight(theme.row_height() + 20)
        self._place()

    # -- what is shown

    def show_entries(self, entries: tuple[Entry, ...], picked: int, second: int | None) -> None:
        """Show ``entries``, the draft first; ``second`` is the one compared with, or None."""
        if entries != self._entries:
            focused = next((one.entry.number for one in self._buttons if one.hasFocus()), None)
            self._entries = entries
            for old in self._buttons:
                old.hide()
                old.deleteLater()
            self._buttons = [self._button(entry) for entry in entries]
            for button in self._buttons:
                if button.entry.number == focused:
                    button.setFocus()
            self.rebuilt.emit()
        self._picked, self._second = picked, second
        for button in self._buttons:
            button.setChecked(button.entry.number == picked)
            button.second = button.entry.number == second
            button.update()
        self._place()

    def set_state(self, text: str, short: str) -> None:
        """What of the draft is not sent yet; ``short`` where the width is small."""
        if (text, short) != self._state:
            self._state = (text, short)
            self._place()

    def state_text(self) -> str:
        return self._state[0]

    def numbers_in_sight(self) -> tuple[int, ...]:
        return tuple(button.entry.number for button in self._buttons if not button.isHidden())

    def stops(self) -> list[QWidget]:
        """What Tab reaches, from the left."""
        return [*self._buttons, self._more, self._compare]

    def pair(self) -> tuple[int, int] | None:
        """The two attempts the Compare button means: those compared, else the picked and the one before."""
        if self._second is not None:
            return self._picked, self._second
        numbers = [entry.number for entry in self._entries if entry.number]
        if len(numbers) < 2:
            return None
        right = self._picked if self._picked in numbers[1:] else numbers[-1]
        return numbers[numbers.index(right) - 1], right

    def _button(self, entry: Entry) -> StripButton:
        button = StripButton(entry, self)
        button.clicked.connect(lambda _on=False: self._pick(entry.number))
        button.second_asked.connect(self._pick_second)
        button.menu_asked.connect(self._open_menu_of)
        button.show()
        return button

    def _pick(self, number: int) -> None:
        for button in self._buttons:
            button.setChecked(button.entry.number == number)
        self.picked.emit(number)

    def _pick_second(self, number: int) -> None:
        if number == self._picked:
            self.compare_left.emit()
        else:
            first, second = sorted((self._picked, number)) if self._picked else (number, 0)
            self.compared.emit(first, second)

    def toggle_compare(self) -> None:
        """As the Compare button, where there are two attempts."""
        if not self._compare.isHidden():
            self._compare.click()

    def _compare_clicked(self) -> None:
        pair = self.pair()
        if self._second is not None or pair is None:
            self.compare_left.emit()
        else:
            self.compared.emit(*pair)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in self._buttons:
            if button.isHidden():
                action = menu.addAction(button.text())
                action.triggered.connect(lambda _on=False, n=button.entry.number: self._pick(n))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _open_menu_of(self, number: int, where: QPoint) -> None:
        menu = self.menu_of(number)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    def menu_of(self, number: int) -> QMenu:
        """What can be done with one place of the strip."""
        menu = QMenu(self)
        show = menu.addAction(translate("Attempts", "Show"))
        show.triggered.connect(lambda _on=False: self._pick(number))
        compare = menu.addAction(translate("Attempts", "Compare with the one shown"))
        compare.setEnabled(number != self._picked)
        compare.triggered.connect(lambda _on=False: self._pick_second(number))
        if number:
            use = menu.addAction(translate("Attempts", "Use as the draft"))
            use.triggered.connect(lambda _on=False: self.use_asked.emit(number))
            if number == self._picked:
                use.setText(translate("Attempts", "Use as the draft") + tab_key("request.use"))
        return menu

    # -- geometry

    def _place(self) -> None:
        height, width = self.height(), self.width() - SIDE
        pair = self.pair()
        self._compare.setVisible(pair is not None)
        if pair is not None:
            names = [translate("Attempts", "Draft") if n == 0 else f"#{n}" for n in pair]
            full = translate("Attempts", "Compare {0} {1}").format(*names)
            if self._second is not None:
                shown = translate("Attempts", "Back to one")
            else:
                shown = full if self.width() >= NARROW else translate("Attempts", "Compare")
            self._compare.setText(shown)
            self._compare.setAccessibleName(full if self._second is None else shown)
            self._compare.setChecked(self._second is not None)
            tip = translate(
                "Attempts",
                "{0} side by side, differences marked ([key:request.side-by-side]). Ctrl+click picks others.",
            )
            if self._second is not None:
                tip = translate("Attempts", "Back to one attempt ([key:request.side-by-side])")
            tell(self._compare, tip.format(full))
            size = self._compare.sizeHint()
            tall = min(size.height(), height - 6)
            self._compare.setGeometry(width - size.width(), (height - tall) // 2, size.width(), tall)
            width -= size.width() + GAP
        metrics = self._state_label.fontMetrics()
        left = self._place_buttons(SIDE, width - metrics.horizontalAdvance(self._state[1]) - GAP - 6)
        room = max(0, width - left - GAP)
        fits = metrics.horizontalAdvance(self._state[0]) + 4 <= room
        self._state_label.setGeometry(left + GAP, 0, room, height)
        self._state_label.set_text(self._state[0] if fits else self._state[1])
        tell(self._state_label, self._state[0])
        self.update()

    def _place_buttons(self, left: int, right: int) -> int:
        hints = [button.sizeHint() for button in self._buttons]
        shown = set(range(len(hints)))
        room = right - left
        more = 28
        picked = {at for at, one in enumerate(self._buttons) if one.isChecked() or one.second}
        hidden_any = False
        for at in range(1, len(hints)):
            total = sum(hints[one].width() for one in shown) + (more if hidden_any else 0)
            if total <= room or len(shown) <= 2:
                break
            if at not in picked:
                shown.discard(at)
                hidden_any = True
        self._more.setVisible(hidden_any)
        for at, button in enumerate(self._buttons):
            button.setVisible(at in shown)
            if at in shown:
                tall = hints[at].height()
                button.setGeometry(left, (self.height() - tall) // 2, hints[at].width(), tall)
                left += hints[at].width()
            if at == 0 and hidden_any:
                self._more.setGeometry(
                    left, (self.height() - hints[0].height()) // 2, more, hints[0].height()
                )
                left += more
        return left

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(380, theme.row_height() + 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, theme.row_height() + 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        shown = [button for button in self._buttons if not button.isHidden()]
        if not shown:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("line"), 1))
        box = QRectF(shown[0].geometry().united(shown[-1].geometry()))
        painter.drawRoundedRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), 4, 4)
