"""The rows above the log: messages or frames, kinds, the filter, and whether the tail is followed."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wsinspector.filter import HEARTBEATS, leaves_out
from wsinspector.present.numbers import count
from wsinspector.present.rows import Mode, Shown
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.filter_line import FilterLine
from wsinspector.ui.widgets.segmented import Segmented

MODES = (Mode.MESSAGES, Mode.FRAMES)
BESIDE = 1040
"""From this width on (before zoom) the filter stands beside the toggles, else below them."""


class FrameTools(QWidget):
    """Emits what was chosen; shows counts it is told."""

    rows_asked = Signal()  # mode or kinds changed
    follow_asked = Signal()
    left = Signal()  # the focus goes to the log

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrow = False
        self._following = (True, 0, False)
        self.modes = Segmented([translate("Log", "Messages"), translate("Log", "Frames")])
        self.modes.setAccessibleName(translate("Log", "A row a message, or a row a frame"))
        self.modes.set_tip(
            0, translate("Log", "A row a message; pings and pongs folded ([key:frames.messages])")
        )
        self.modes.set_tip(1, translate("Log", "Every frame as it travelled ([key:frames.frames])"))
        self.modes.set_key(0, "frames.messages")
        self.modes.set_key(1, "frames.frames")
        names = (
            translate("Log", "Text"),
            translate("Log", "Binary"),
            translate("Log", "Control"),
            translate("Log", "Faults"),
        )
        self.kinds = Segmented(names, several=True)
        self.kinds.setAccessibleName(translate("Log", "A row shows when any pressed kind fits"))
        tips = (
            translate("Log", "Text messages ([key:frames.text])"),
            translate("Log", "Binary messages ([key:frames.binary])"),
            translate("Log", "Pings, pongs and Close ([key:frames.control])"),
            translate("Log", "Every row with something wrong ([key:frames.faults])"),
        )
        keys = ("frames.text", "frames.binary", "frames.control", "frames.faults")
        for at, (tip, key) in enumerate(zip(tips, keys, strict=True)):
            self.kinds.set_on(at, True)
            self.kinds.set_tip(at, tip)
            self.kinds.set_key(at, key)
        self.beats = Segmented([translate("Log", "No heartbeats")], several=True)
        self.beats.setAccessibleName(translate("Log", "Rows that are left out"))
        self.beats.set_tip(
            0, translate("Log", "Leave out pings and pongs, or show them again ([key:frames.heartbeats])")
        )
        self.beats.set_key(0, "frames.heartbeats")
        self.filter = FilterLine()
        self.filter.place(self.beats)
        self.count = self.filter.count
        self.follow = QPushButton()
        self.follow.clicked.connect(self.follow_asked)
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.GAP)
        self._row.addWidget(self.modes)
        self._row.addWidget(self.kinds)
        self._row.addStretch(1)
        self._row.addWidget(self.follow)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        self._column.setSpacing(theme.SPACE)
        self._column.addLayout(self._row)
        self._column.addWidget(self.filter)
        self._beside = False
        self.filter.left.connect(self.left)
        self.filter.kinds_asked.connect(self.show_all_kinds)
        self.filter.applied.connect(self._show_beats)
        self.beats.toggled.connect(self._beats_pressed)
        self.modes.picked.connect(lambda _at: self.rows_asked.emit())
        self.kinds.toggled.connect(lambda _at, _on: self.rows_asked.emit())
        self.show_following(True, 0, False)

    @property
    def mode(self) -> Mode:
        return MODES[self.modes.current()]

    @property
    def shown(self) -> Shown:
        return Shown(*(self.kinds.is_on(at) for at in range(4)))

    def show_all_kinds(self) -> None:
        """Press every toggle."""
        for at in range(4):
            self.kinds.set_on(at, True)
        self.rows_asked.emit()

    def _beats_pressed(self, _at: int, on: bool) -> None:
        self.filter.leave_out(HEARTBEATS, on)
        self._show_beats()

    def _show_beats(self) -> None:
        """The button is pressed where the filter in force says so, however it came to."""
        self.beats.set_on(0, leaves_out(self.filter.condition, HEARTBEATS))

    def place_last(self, widget: QWidget) -> None:
        """Put ``widget`` at the end of the first row."""
        self._row.addWidget(widget)

    def show_faults(self, frames: int) -> None:
        """How many frames have an anomaly."""
        text = translate("Log", "Faults")
        self.kinds.set_text(3, f"{text} {count(frames)}" if frames else text)

    def show_count(self, text: str, *, busy: bool = False, stopped: bool = False) -> None:
        """What is said beside the filter."""
        self.filter.show_count(text, busy=busy, stopped=stopped)

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
        tell(self.follow, tip)

    def set_narrow(self, narrow: bool) -> None:
        """Whether short texts are wanted."""
        if narrow != self._narrow:
            self._narrow = narrow
            self.show_following(*self._following)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= BESIDE * theme.zoom()
        if beside != self._beside:
            self._beside = beside
            focused = self.filter.field.hasFocus()
            if beside:
                self._column.removeWidget(self.filter)
                self._row.insertWidget(2, self.filter, 100)
            else:
                self._row.removeWidget(self.filter)
                self._column.addWidget(self.filter)
            if focused:
                self.filter.field.setFocus()
