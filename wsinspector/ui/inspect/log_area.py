"""The log with what stands around it: what is hidden above, pinned pairs, and the lines to type into."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wsinspector.present.numbers import count
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.log_finding import FindBar
from wsinspector.ui.inspect.log_marks import MarkBar
from wsinspector.ui.inspect.log_view import LogView
from wsinspector.ui.inspect.marks_list import MarksList
from wsinspector.ui.inspect.pairs_row import PairsRow
from wsinspector.ui.inspect.strip_bar import StripBar


class JumpBar(StripBar):
    """Where to go: a number or a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            translate("Jump", "Go to"),
            "1234, 12.5s, 10:32:05.5, +3s",
            translate(
                "Jump",
                "A frame's number; a time since connecting began (12.5s, 90ms); a time of day"
                " (10:32:05.5); + or − for a step from the current row ([key:log.jump])",
            ),
            parent,
        )
        self.row.setStretchFactor(self.field, 2)
        self.row.setStretchFactor(self.said, 3)
        self.field.textEdited.connect(lambda _text: self.say(""))


class HiddenAbove(QWidget):
    """Says which frames are not shown, and shows them again."""

    shown_again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chip = QPushButton()
        self.chip.setProperty("kind", "chip")
        self.chip.setAutoDefault(False)
        tell(self.chip, translate("Log", "Nothing was deleted. Show them again ([key:log.from-start])"))
        self.chip.clicked.connect(self.shown_again)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, theme.SPACE)
        row.addWidget(self.chip)
        row.addStretch(1)
        self.hide()

    def show_first(self, first: int) -> None:
        """Frame ``first`` is the first one that shows; 1 hides this."""
        hidden = first - 1
        text = (
            translate("Log", "1 frame above is hidden  ✕")
            if hidden == 1
            else translate("Log", "{n} frames above are hidden  ✕").format(n=count(hidden))
        )
        self.chip.setText(text)
        self.chip.setAccessibleName(translate("Log", "{text}, show again").format(text=text.rstrip(" ✕")))
        self.setVisible(hidden > 0)


class LogArea(QWidget):
    """From the top: what is hidden, the log, pinned pairs, and one of the lines and the list."""

    def __init__(self, view: LogView, mark_bar: MarkBar, marks: MarksList) -> None:
        super().__init__()
        self.hidden_above = HiddenAbove()
        self.pairs = PairsRow()
        self.seek = FindBar()
        self.jump = JumpBar()
        self.strips: tuple[StripBar | MarksList, ...] = (self.seek, self.jump, mark_bar, marks)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.hidden_above)
        layout.addWidget(view, 1)
        layout.addWidget(self.pairs)
        for strip in self.strips:
            layout.addWidget(strip)

    def put_away(self) -> bool:
        """Put away the line that is open; False where none is."""
        for strip in self.strips:
            if not strip.isHidden():
                strip.leave()
                return True
        return False

    def only(self, wanted: StripBar | MarksList) -> None:
        """Put away all lines but ``wanted``; what is looked for stays lit."""
        for strip in self.strips:
            if strip is not wanted and strip is not self.seek:
                strip.hide()
