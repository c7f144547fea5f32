"""The exercise of a step: the question with its field or the task, and what came of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from wsinspector.learn.lessons.model import Ask, Do, Kind
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import fill
from wsinspector.ui.actions.registry import registry
from wsinspector.ui.announcing import announce
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.learn.lesson_choice import Choices


class ExerciseBox(QWidget):
    """``check_asked``: Return was pressed in the answer."""

    check_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task = RoleLabel("", "text", wraps=True, bold=True)
        self.choices = Choices()
        self.field = QLineEdit()
        self.result = RoleLabel("", "muted", wraps=True)
        self._shown: Ask | Do | None = None
        self._done = False
        self._said = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE, 0, 0)
        column.setSpacing(theme.GAP)
        for widget in (self.task, self.choices, self.field, self.result):
            column.addWidget(widget)
        self.field.returnPressed.connect(self.check_asked)
        self.choices.entered.connect(self.check_asked)
        self.field.setMinimumHeight(theme.control_height())
        theme.watcher().changed.connect(self._restyle)
        registry().changed.connect(self._tell)

    def _restyle(self) -> None:
        self.field.setMinimumHeight(theme.control_height())
        self.field.setFont(theme.mono_font())

    def show_exercise(self, exercise: Ask | Do | None) -> None:
        """Show a question or a task, not yet answered."""
        self._shown = exercise
        self.setVisible(exercise is not None)
        asks = isinstance(exercise, Ask)
        picks = isinstance(exercise, Ask) and exercise.kind is Kind.CHOICE
        self.field.setVisible(asks and not picks)
        self.choices.setVisible(picks)
        self.field.clear()
        self.field.setFont(theme.mono_font())
        self.choices.show_choices(exercise.choices if isinstance(exercise, Ask) else ())
        if isinstance(exercise, Ask):
            self.field.setPlaceholderText(_form(exercise.kind))
            self.field.setToolTip(translate("LessonPanel", "Your answer (Enter checks it)"))
        self._done = False
        self._tell()
        self.say("", "muted")

    def _tell(self) -> None:
        """Write what is asked, and what came of it, with the keys of now."""
        shown = self._shown
        if isinstance(shown, Ask):
            question = fill(shown.question)
            self.task.set_text(question)
            self.field.setAccessibleName(translate("LessonPanel", "Answer: {0}").format(question))
            self.choices.setAccessibleName(question)
        elif shown is not None:
            task = fill(shown.task)
            self.task.set_text(f"{'✓' if self._done else '○'} {task}")
            spoken = (
                translate("LessonPanel", "Done: {0}")
                if self._done
                else translate("LessonPanel", "To do: {0}")
            )
            self.task.setAccessibleName(spoken.format(task))
        self.result.set_text(fill(self._said))

    def show_done(self, done: bool) -> None:
        """Mark a task as done, or as waiting."""
        self._done = done
        self._tell()
        self.task.set_role("ok" if done else "text")

    @property
    def answer(self) -> str:
        """What stands in the field, or is picked."""
        if isinstance(self._shown, Ask) and self._shown.kind is Kind.CHOICE:
            return self.choices.picked
        return self.field.text()

    def put(self, answer: str) -> None:
        """Put an answer there, for whoever asked to be shown it."""
        self.field.setText(answer)
        self.choices.pick(answer)

    def say(self, text: str, role: str, spoken: str = "") -> None:
        """What came of the last try; ``spoken``: the same where a sign in it is not read aloud."""
        self.result.setVisible(bool(text))
        self.result.set_role(role)
        self._said = text
        self._tell()
        announce(self.result, fill(spoken or text))

    def try_again(self) -> None:
        """Let what is typed next replace an answer that was wrong."""
        self.field.selectAll()

    def focus_first(self) -> bool:
        """Put the focus where the answer goes; False where there is none to be given here."""
        if not isinstance(self._shown, Ask):
            return False
        if self._shown.kind is Kind.CHOICE and self.choices.buttons:
            self.choices.buttons[0].setFocus()
        else:
            self.field.setFocus()
        return True


def _form(kind: Kind) -> str:
    return {
        Kind.NUMBER: translate("LessonPanel", "A number: 10, 0x0a or 0b1010"),
        Kind.HEX: translate("LessonPanel", "Bytes in hex: 4a 0f"),
        Kind.TEXT: translate("LessonPanel", "A word or a value"),
        Kind.CHOICE: "",
    }[kind]
