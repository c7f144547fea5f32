"""In the frame's detail: the name and the note of its mark, and the frame that answers it."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from wsinspector.present.marks import MOST_NAME, Mark
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.strip_bar import StripField, flat_button

LINES = 3
TYPING_MS = 500


class MarkBox(QWidget):
    """Hidden for a frame without a mark. What is typed is told after a moment, and when it is left."""

    named = Signal(int, str)  # frame, name
    noted = Signal(int, str)
    taken_off = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._mark: Mark | None = None
        self.flag = RoleLabel("⚑", "link", bold=True)
        self.flag.setAccessibleName(translate("Marks", "Mark"))
        self.name = StripField()
        self.name.setMaxLength(MOST_NAME)
        self.name.setPlaceholderText(translate("Marks", "name of the mark"))
        self.name.setAccessibleName(translate("Marks", "Name of the mark"))
        tell(self.name, translate("Marks", "One line, shown in the row ([key:log.name] in the log)"))
        self.off = flat_button(
            translate("Marks", "Take off"), translate("Marks", "Take the mark off this frame (M in the log)")
        )
        self.note = QPlainTextEdit()
        self.note.setPlaceholderText(translate("Marks", "A note, in as many lines as you like"))
        self.note.setAccessibleName(translate("Marks", "Note on the frame"))
        tell(self.note, translate("Marks", "Kept with the capture; Escape goes back to the log"))
        self.note.setTabChangesFocus(True)
        self.note.installEventFilter(self)
        self.trouble = RoleLabel("", "note", wraps=True)
        self.trouble.hide()
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        head.addWidget(self.flag)
        head.addWidget(self.name, 1)
        head.addWidget(self.off)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.note)
        layout.addWidget(self.trouble)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.tell)
        self.name.textEdited.connect(lambda _text: self._typing.start())
        self.note.textChanged.connect(self._typed)
        self.name.editingFinished.connect(self.tell)
        self.name.entered.connect(lambda _shift: self.note.setFocus())
        self.name.left.connect(self._leave)
        self.off.clicked.connect(lambda: self.taken_off.emit(self._number))
        self._fit()
        theme.watcher().changed.connect(self._fit)
        self.hide()

    def show_mark(self, number: int, mark: Mark | None, trouble: str = "") -> None:
        """Show the mark of frame ``number``; what was typed for another is told first."""
        if number != self._number:
            self.tell()
        same = number == self._number and self._mark is not None
        self._number, self._mark = number, mark
        self.trouble.set_text(trouble)
        self.trouble.setVisible(bool(trouble))
        if mark is not None:
            # What has the focus is being typed, and newer than what comes back.
            if not (same and self.name.hasFocus()) and self.name.text() != mark.name:
                self.name.setText(mark.name)
            if not (same and self.note.hasFocus()) and self.note.toPlainText() != mark.note:
                self.note.blockSignals(True)
                self.note.setPlainText(mark.note)
                self.note.blockSignals(False)
        self.setVisible(mark is not None)

    def tell(self) -> None:
        """Hand over what was typed and not told yet."""
        self._typing.stop()
        mark = self._mark
        if mark is None:
            return
        name, note = self.name.text(), self.note.toPlainText()
        number = self._number
        if name != mark.name:
            self.named.emit(number, name)
        if note != mark.note:
            self.noted.emit(number, note)

    def _typed(self) -> None:
        if self._mark is not None:
            self._typing.start()

    def _leave(self) -> None:
        self.tell()
        self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.note:
            if event.type() == QEvent.Type.FocusOut:
                self.tell()
            elif event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
                event.accept()
                return True
            elif event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
                self._leave()
                return True
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        line = QFontMetricsF(theme.ui_font()).lineSpacing()
        # The sheet takes the frame off everything that scrolls; this is a field.
        self.note.setStyleSheet(
            f"QPlainTextEdit {{ background: {theme.color('field').name()};"
            f" border: 1px solid {theme.color('line').name()}; border-radius: {theme.RADIUS}px; }}"
            f"QPlainTextEdit:focus {{ border-color: {theme.color('focus').name()}; }}"
        )
        self.note.setFixedHeight(round(line * LINES + 4 * theme.SPACE))
