"""The row above the log: messages or frames, kinds, a word to look for, and whether the tail is followed."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from wsinspector.present.numbers import count
from wsinspector.present.rows import Mode, Shown
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.widgets.segmented import Segmented

MODES = (Mode.MESSAGES, Mode.FRAMES)
TYPING_MS = 150


class FilterField(QLineEdit):
    """A word; Escape empties it, then gives the focus back."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
            return
        super().keyPressEvent(event)


class FrameTools(QWidget):
    """Emits what was chosen; shows counts it is told."""

    rows_asked = Signal()  # mode or kinds changed
    word_asked = Signal(str)
    follow_asked = Signal()
    left = Signal()  # the focus goes to the log

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrow = False
        self._following = (True, 0, False)
        self.modes = Segmented([translate("Log", "Messages"), translate("Log", "Frames")])
        self.modes.setAccessibleName(translate("Log", "A row a message, or a row a frame"))
        self.modes.set_tip(0, translate("Log", "A row a message; pings and pongs folded (Alt+M)"))
        self.modes.set_tip(1, translate("Log", "Every frame as it travelled (Alt+F)"))
        self.modes.set_key(0, "Alt+M")
        self.modes.set_key(1, "Alt+F")
        names = (
            translate("Log", "Text"),
            translate("Log", "Binary"),
            translate("Log", "Control"),
            translate("Log", "Faults"),
        )
        self.kinds = Segmented(names, several=True)
        self.kinds.setAccessibleName(translate("Log", "A row shows when any pressed kind fits"))
        tips = (
            translate("Log", "Text messages (Alt+T)"),
            translate("Log", "Binary messages (Alt+B)"),
            translate("Log", "Pings, pongs and Close (Alt+C)"),
            translate("Log", "Every row with something wrong (Alt+X)"),
        )
        for at, (tip, key) in enumerate(zip(tips, "TBCX", strict=True)):
            self.kinds.set_on(at, True)
            self.kinds.set_tip(at, tip)
            self.kinds.set_key(at, f"Alt+{key}")
        self.word = FilterField()
        self.word.setPlaceholderText(translate("Log", "Filter: a word in the payload"))
        self.word.setAccessibleName(translate("Log", "Show rows whose payload holds this word"))
        tip = translate("Log", "Rows whose payload holds this word, in either case (Ctrl+Shift+F)")
        self.word.setToolTip(tip)
        self.word.setClearButtonEnabled(True)
        self.word.setMinimumWidth(72)
        self.word.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.count = RoleLabel("", "muted")
        self.follow = QPushButton()
        self.follow.clicked.connect(self.follow_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        layout.setSpacing(theme.GAP)
        layout.addWidget(self.modes)
        layout.addWidget(self.kinds)
        layout.addWidget(self.word, 1)
        layout.addWidget(self.count)
        layout.addWidget(self.follow)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(lambda: self.word_asked.emit(self.word.text()))
        self.word.textChanged.connect(self._typed)
        self.word.left.connect(self.left)
        self.modes.picked.connect(lambda _at: self.rows_asked.emit())
        self.kinds.toggled.connect(lambda _at, _on: self.rows_asked.emit())
        self.show_following(True, 0, False)

    def focus_word(self) -> None:
        self.word.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.word.selectAll()

    def _typed(self, text: str) -> None:
        if text:
            self._typing.start()
        else:
            self._typing.stop()
            self.word_asked.emit("")

    @property
    def mode(self) -> Mode:
        return MODES[self.modes.current()]

    @property
    def shown(self) -> Shown:
        return Shown(*(self.kinds.is_on(at) for at in range(4)))

    def show_faults(self, frames: int) -> None:
        """How many frames have an anomaly."""
        text = translate("Log", "Faults")
        self.kinds.set_text(3, f"{text} {count(frames)}" if frames else text)

    def show_count(self, text: str, *, busy: bool = False) -> None:
        if text != self.count.full_text():
            self.count.set_text(text)
            self.count.setMinimumWidth(0 if busy else self.count.sizeHint().width())

    def show_following(self, following: bool, unseen: int, ended: bool) -> None:
        """What the button at the end says: one press goes back to the newest row."""
        self._following = (following, unseen, ended)
        if following:
            text = translate("Log", "Ended") if ended else translate("Log", "Following")
            tip = translate("Log", "The newest row stays in sight until you scroll")
            if ended:
                tip = translate("Log", "Nothing more will come")
        elif unseen:
            said = (
                translate("Log", "{count} new ↓") if self._narrow else translate("Log", "Held, {count} new ↓")
            )
            text = said.format(count=count(unseen))
            tip = translate("Log", "Go to the newest row and follow (End)")
        else:
            text = translate("Log", "Ended ↓") if ended else translate("Log", "Held ↓")
            tip = translate("Log", "Go to the newest row and follow (End)")
        self.follow.setText(text)
        self.follow.setAccessibleName(text)
        self.follow.setToolTip(tip)

    def set_narrow(self, narrow: bool) -> None:
        """The count gives way: the status bar has it too."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.count.setVisible(not narrow)
            self.show_following(*self._following)
