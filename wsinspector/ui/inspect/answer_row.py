"""In the frame's detail: which frame answers this one, and after how long."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from wsinspector.present.frames import FrameFacts
from wsinspector.present.numbers import count
from wsinspector.present.pairs import exact_time
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.inspect.strip_bar import flat_button


class AnswerRow(QWidget):
    """Hidden where there is no such frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.go = QPushButton()
        self.go.setProperty("kind", "link")
        self.go.setAutoDefault(False)
        self.go.setToolTip(translate("Pairs", "Go to that frame"))
        self.pin = flat_button(
            translate("Pairs", "Pin both"),
            translate("Pairs", "Keep the time between the two below the log (Shift+P in the log)"),
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.go)
        row.addWidget(self.pin)
        row.addStretch(1)
        self.hide()

    def show_answer(self, facts: FrameFacts | None, other: FrameFacts | None) -> None:
        """``other`` answers ``facts`` or is answered by it."""
        self.setVisible(facts is not None and other is not None)
        if facts is None or other is None:
            return
        took = exact_time(abs(other.time - facts.time))
        text = translate("Pairs", "Answered by #{number} after {time}")
        if other.number < facts.number:
            text = translate("Pairs", "Answers #{number}, {time} later")
        said = text.format(number=count(other.number), time=took)
        self.go.setText(said)
        self.go.setAccessibleName(said)
