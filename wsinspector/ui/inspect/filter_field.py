"""The field of the filter: marks what is wrong in it, completes names and values, recalls what was used."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QHideEvent,
    QKeyEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from wsinspector.filter import Completion, Mistake, complete
from wsinspector.ui import theme
from wsinspector.ui.files.dropping import pass_files_on
from wsinspector.ui.inspect.filter_memory import FilterMemory
from wsinspector.ui.inspect.filter_popup import CompletionPopup

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FilterField(QLineEdit):
    """Up and Down pick a completion where some are offered, else recall; Escape empties, then leaves."""

    entered = Signal()
    left = Signal()
    help_asked = Signal()
    menu_asked = Signal()
    focused = Signal()

    def __init__(self, memory: FilterMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pass_files_on(self)
        self.memory = memory
        self.popup = CompletionPopup(self)
        self._mistakes: Sequence[Mistake] = ()
        self._recalled = -1  # place in the history
        self._edited = False
        self.popup.chosen.connect(self.take)
        self.textEdited.connect(self._was_edited)
        self.cursorPositionChanged.connect(self._cursor_moved)

    # -- what is wrong

    def show_mistakes(self, mistakes: Sequence[Mistake]) -> None:
        """Underline these parts of the text."""
        if mistakes != self._mistakes:
            self._mistakes = mistakes
            self.update()

    def span_of(self, mistake: Mistake) -> tuple[float, float]:
        """Left and right edge (px) of what is underlined."""
        text, metrics = self.text(), QFontMetricsF(self.font())
        # The cursor tells how far the text is scrolled.
        origin = self.cursorRect().center().x() - metrics.horizontalAdvance(text[: self.cursorPosition()])
        start = min(mistake.start, len(text))
        left = origin + metrics.horizontalAdvance(text[:start])
        right = origin + metrics.horizontalAdvance(text[: max(mistake.stop, start)])
        return left, max(right, left + metrics.horizontalAdvance("n"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._mistakes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("note"), 1.5))
        room = self.contentsRect().adjusted(theme.GAP, 0, -theme.GAP, 0)
        painter.setClipRect(room.adjusted(0, 0, 2, 0))
        below = (self.height() + QFontMetricsF(self.font()).height()) / 2 - 0.5
        for mistake in self._mistakes:
            left, right = self.span_of(mistake)
            # A wave, not only a colour.
            points = [QPointF(left, below)]
            while points[-1].x() < right:
                at = len(points)
                points.append(QPointF(left + 2.5 * at, below - (2 if at % 2 else 0)))
            painter.drawPolyline(points)
        painter.end()

    # -- completion

    def offer(self) -> None:
        """Show what could stand at the cursor."""
        self.popup.offer(complete(self.text(), self.cursorPosition()))

    def take(self, choice: Completion) -> None:
        """Put ``choice`` where it belongs, and offer what may follow."""
        text = self.text()
        before, after = text[: choice.start].rstrip(), text[choice.stop :]
        listed = before.endswith((",", "(", "{")) and " in" in before
        gap = "" if listed or choice.text == "(" or after[:1] in (" ", ")") else " "
        self.setText(text[: choice.start] + choice.text + gap + after)
        self.setCursorPosition(choice.start + len(choice.text) + max(len(gap), int(after[:1] == " ")))
        self._edited = True
        self.offer()

    def _was_edited(self, text: str) -> None:
        self._edited = True
        self._recalled = -1
        if text.strip():
            self.offer()
        else:
            self.popup.hide()

    def _cursor_moved(self, _old: int, _new: int) -> None:
        if self._mistakes:
            self.update()

    # -- history

    def _recall(self, by: int) -> None:
        recent = self.memory.recent
        place = self._recalled + by
        if place >= len(recent):
            return
        self._recalled = max(place, -1)
        self.setText(recent[self._recalled] if self._recalled >= 0 else "")
        self._edited = False

    def settled(self) -> None:
        """What stands here counts as not edited: Up and Down recall others."""
        self._edited = False
        text = self.text()
        recent = self.memory.recent
        self._recalled = recent.index(text) if text and text in recent else -1

    # -- keys

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_F1:
                event.accept()
                return True
            takes_tab = event.key() == Qt.Key.Key_Tab and not event.modifiers()
            if event.type() == QEvent.Type.KeyPress and takes_tab:
                choice = self.popup.picked or self.popup.first()
                if choice is not None:
                    self.take(choice)
                    return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        offered = self.popup.isVisible()
        if key == Qt.Key.Key_Escape:
            if offered:
                self.popup.hide()
            elif self.text():
                self.clear()
                self._recalled, self._edited = -1, False
            else:
                self.left.emit()
        elif key in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            choice = self.popup.picked
            if choice is not None:
                self.take(choice)
            else:
                self.popup.hide()
                self.entered.emit()
        elif key == Qt.Key.Key_F1:
            self.help_asked.emit()
        elif key == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.offer()
        elif key == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.menu_asked.emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._up_or_down(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _up_or_down(self, by: int) -> None:
        if self.popup.isVisible():
            if by < 0 and self.popup.picked is None:
                self.popup.hide()
            else:
                self.popup.step(by)
        elif not self.text() or not self._edited:
            if by > 0 and self._recalled < 0:
                self.left.emit()  # below the newest there is the log
            else:
                self._recall(-by)
        elif by > 0:
            self.left.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self.settled()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.popup.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.popup.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.popup.follow_field()  # the count beside it may grow while one thinks

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.popup.follow_field()
