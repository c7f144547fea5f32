"""In the frame's detail: which frame answers this one and after how long, and what it is a part of."""

from array import array

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from wsinspector.present.frames import FrameFacts
from wsinspector.present.numbers import count
from wsinspector.present.pairs import exact_time
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import tell
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.strip_bar import flat_button


class AnswerRow(QWidget):
    """Hidden where there is no such frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.go = QPushButton()
        self.go.setProperty("kind", "link")
        self.go.setAutoDefault(False)
        tell(self.go, translate("Pairs", "Go to that frame"))
        self.pin = flat_button(
            translate("Pairs", "Pin both"),
            translate(
                "Pairs", "Keep the time between the two below the log ([key:log.pin-answer] in the log)"
            ),
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        self.none = RoleLabel("", "muted")
        row.addWidget(self.go)
        row.addWidget(self.pin)
        row.addWidget(self.none, 1)
        row.addStretch(1)
        self.hide()

    @property
    def waiting(self) -> bool:
        """Whether an answer to the frame may still come to be told."""
        return not self.isHidden() and not self.none.isHidden()

    def show_answer(self, facts: FrameFacts | None, other: FrameFacts | None) -> None:
        """``other`` answers ``facts`` or is answered by it; None where nothing does, which is said."""
        lacking = _lacking(facts) if facts is not None and other is None else ""
        self.setVisible(other is not None or bool(lacking))
        self.none.set_text(lacking)
        self.none.setVisible(bool(lacking))
        for button in (self.go, self.pin):
            button.setVisible(other is not None)
        if facts is None or other is None:
            return
        took = exact_time(abs(other.time - facts.time))
        text = translate("Pairs", "Answered by #{number} after {time}")
        if other.number < facts.number:
            text = translate("Pairs", "Answers #{number}, {time} later")
        said = text.format(number=count(other.number), time=took)
        self.go.setText(said)
        self.go.setAccessibleName(said)


def _lacking(facts: FrameFacts) -> str:
    """What is said of a frame that nothing in the log answers; empty for one that asks for no answer."""
    match facts.opcode:
        case 0x8:
            return translate("Pairs", "No Close frame of the other side so far; a Close is answered.")
        case 0x9:
            return translate("Pairs", "No Pong with these bytes so far; a Ping is answered.")
        case 0xA:
            return translate("Pairs", "Answers no Ping in the log: nobody asked for it, which is allowed.")
    return ""


class PartRow(QWidget):
    """Hidden for a frame that is a message of its own; else which fragment it is, and the way to others."""

    go_to = Signal(int)  # a frame's number

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = self._before = self._after = 0
        self.first = _link(translate("Pairs", "Go to the first fragment of the message"))
        self.before = _link(translate("Pairs", "Go to the fragment before"))
        self.after = _link(translate("Pairs", "Go to the next fragment"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for button in (self.first, self.before, self.after):
            row.addWidget(button)
        row.addStretch(1)
        self.first.clicked.connect(lambda: self.go_to.emit(self._first))
        self.before.clicked.connect(lambda: self.go_to.emit(self._before))
        self.after.clicked.connect(lambda: self.go_to.emit(self._after))
        self.hide()

    def show_part(self, found: "tuple[int, array[int]] | None") -> None:
        """``(index, all fragments so far)``; None hides it."""
        self.setVisible(found is not None)
        if found is None:
            return
        at, parts = found
        self._first = parts[0]
        self._before = parts[at - 1] if at else 0
        self._after = parts[at + 1] if at + 1 < len(parts) else 0
        text = translate("Pairs", "Fragment {n} of {all} of the message from #{first} on")
        _say(self.first, text.format(n=count(at + 1), all=count(len(parts)), first=count(parts[0])))
        _say(self.before, f"‹ #{count(self._before)}")
        _say(self.after, f"#{count(self._after)} ›")
        self.first.setEnabled(at > 0)
        self.before.setVisible(bool(self._before))
        self.after.setVisible(bool(self._after))


def _link(tip: str) -> QPushButton:
    button = QPushButton()
    button.setProperty("kind", "link")
    button.setAutoDefault(False)
    tell(button, tip)
    return button


def _say(button: QPushButton, text: str) -> None:
    button.setText(text)
    button.setAccessibleName(text)
