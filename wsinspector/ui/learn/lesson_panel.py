"""The panel of a lesson beside the page the learner works in: text, exercise, and the way through."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from wsinspector.learn.lessons.model import Ask, Step
from wsinspector.learn.lessons.progress import Mark
from wsinspector.learn.lessons.prose import plain
from wsinspector.translate import translate
from wsinspector.ui import theme
from wsinspector.ui.actions.binding import fill, tell
from wsinspector.ui.actions.registry import registry
from wsinspector.ui.announcing import announce
from wsinspector.ui.inspect.flow_row import FlowRow
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.rule import Rule
from wsinspector.ui.inspect.strip_bar import flat_button
from wsinspector.ui.learn.lesson_exercise import ExerciseBox
from wsinspector.ui.learn.lesson_run import LessonRun
from wsinspector.ui.learn.lesson_text import LessonText

LEAST = 340  # px at zoom 1
MOST_LEAST = 430  # px: larger text wraps instead of pushing the window open


class LessonPanel(QWidget):
    """Shows one run at a time. ``link_followed("rule:version-list")``; ``left``: it was put away;
    ``list_asked``: to the other lessons; ``page_asked``: to the page, over which it lies."""

    link_followed = Signal(str)
    left = Signal()
    list_asked = Signal()
    page_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run: LessonRun | None = None
        self.setAccessibleName(translate("LessonPanel", "Lesson"))
        self.setAutoFillBackground(True)
        self.title = RoleLabel("", "muted")
        self.count = RoleLabel("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.heading = RoleLabel("", "text", bold=True, size=1.15, wraps=True)
        self.text = LessonText()
        self.exercise = ExerciseBox()
        self.again = flat_button(
            "↺",
            translate("LessonPanel", "Bring about once more what the step begins with ([key:lesson.again])"),
        )
        self.cross = flat_button("✕", translate("LessonPanel", "Leave the lesson; it goes on where it was"))
        self.back = QPushButton(translate("LessonPanel", "Back"))
        self.show_me = QPushButton(translate("LessonPanel", "Show me"))
        self.check = QPushButton(translate("LessonPanel", "Check"))
        self.next = QPushButton(translate("LessonPanel", "Next"))
        self.to_page = QPushButton(translate("LessonPanel", "To the page"))
        tell(self.to_page, translate("LessonPanel", "Where the step is done ([key:window.lessons])"))
        self.to_page.hide()
        tell(self.back, translate("LessonPanel", "The step before ([key:lesson.back])"))
        tell(
            self.show_me,
            translate("LessonPanel", "Do it for me; the exercise then counts as shown ([key:lesson.show])"),
        )
        tell(
            self.check,
            translate("LessonPanel", "Whether it is solved ([key:lesson.check], or Enter in the answer)"),
        )
        self.keys = RoleLabel("", "muted", size=0.92, wraps=True)
        self.area = QScrollArea(self)
        for button in (self.back, self.show_me, self.check, self.next, self.to_page):
            button.setAutoDefault(True)  # Enter presses it, as Space does
        self._lay_out()
        self._wire()
        self._restyle()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(theme.MARGIN, theme.GAP, theme.GAP, theme.SPACE)
        head.setSpacing(theme.GAP)
        head.addWidget(self.title, 1)
        head.addWidget(self.count)
        head.addWidget(self.again)
        head.addWidget(self.cross)
        self._inner = QWidget()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        column.setSpacing(theme.GAP)
        for widget in (self.heading, self.text, self.exercise):
            column.addWidget(widget)
        column.addStretch(1)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setAccessibleName(translate("LessonPanel", "The step"))
        self.area.setWidget(self._inner)
        buttons = self._buttons = FlowRow(spacing=theme.GAP)
        for button in (self.back, self.show_me, self.check, self.next, self.to_page):
            buttons.add(button)
        self.to_page.hide()
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.MARGIN, theme.GAP, theme.MARGIN, theme.GAP)
        foot.addWidget(buttons, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.bar)
        whole.addWidget(self.area, 1)
        whole.addWidget(Rule())
        below = QVBoxLayout()
        below.setContentsMargins(theme.MARGIN, theme.SPACE, theme.MARGIN, 0)
        below.addWidget(self.keys)
        whole.addLayout(below)
        whole.addLayout(foot)

    def _wire(self) -> None:
        self.text.link_followed.connect(self.link_followed)
        self.exercise.check_asked.connect(self.check_now)
        self.cross.clicked.connect(self.left)
        self.to_page.clicked.connect(self.page_asked)
        self.again.clicked.connect(self.begin_again)
        self.back.clicked.connect(self.go_back)
        self.next.clicked.connect(self.go_on)
        self.check.clicked.connect(self.check_now)
        self.show_me.clicked.connect(self.show_now)
        theme.watcher().changed.connect(self._restyle)
        registry().changed.connect(self._tell_keys)
        self._tell_keys()

    def _tell_keys(self) -> None:
        text = translate(
            "LessonPanel",
            "[key:lesson.next] next  ·  [key:lesson.check] check  ·  [key:window.lessons] page and back",
        )
        self.keys.set_text(fill(text))
        if self.run is not None:
            self.area.setAccessibleDescription(self._spoken(self.run.step))

    def _restyle(self) -> None:
        zoom = theme.zoom()
        self.setMinimumWidth(min(round(LEAST * zoom), MOST_LEAST))
        self.bar.setFixedHeight(max(3, round(4 * zoom)))
        line, focus = theme.color("line").name(), theme.color("focus").name()
        self.bar.setStyleSheet(
            f"QProgressBar {{ background: {line}; border: none; }}"
            f"QProgressBar::chunk {{ background: {focus}; }}"
        )
        palette = self.palette()
        palette.setColor(palette.ColorRole.Window, theme.color("pane"))
        self.setPalette(palette)
        self.area.viewport().setAutoFillBackground(False)
        self._inner.setAutoFillBackground(False)

    # -- what is shown

    def show_way(self, on: bool) -> None:
        """Show the way to the page: it is not seen beside the panel."""
        if self.to_page.isHidden() is on:
            self.to_page.setVisible(on)
            self._buttons.arrange_again()

    def show_run(self, run: LessonRun | None) -> None:
        """Follow ``run``; None shows nothing."""
        if self.run is not None:
            self.run.step_changed.disconnect(self._show_step)
            self.run.told.disconnect(self._say)
            self.run.solved_changed.disconnect(self._show_solved)
        self.run = run
        if run is not None:
            run.step_changed.connect(self._show_step)
            run.told.connect(self._say)
            run.solved_changed.connect(self._show_solved)

    def _show_step(self) -> None:
        run = self.run
        if run is None:
            return
        lesson, step = run.lesson, run.step
        folder = lesson.path.parent if lesson.path is not None else None
        self.title.set_text(lesson.title)
        count = translate("LessonPanel", "Step {0} of {1}").format(run.at + 1, len(lesson.steps))
        self.count.set_text(count)
        self.count.setMinimumWidth(self.count.sizeHint().width())
        self.bar.setMaximum(len(lesson.steps))
        self.bar.setValue(run.at + 1)
        self.bar.setAccessibleName(count)
        self.heading.set_text(step.title)
        self.text.show_blocks(step.text, folder)
        self.text.setVisible(bool(step.text))
        self.exercise.show_exercise(step.exercise)
        self.back.setEnabled(run.at > 0)
        self.again.setEnabled(run.base >= 0)
        last = run.at + 1 >= len(lesson.steps)
        self.next.setText(translate("LessonPanel", "Finish") if last else translate("LessonPanel", "Next"))
        tell(
            self.next,
            translate("LessonPanel", "End the lesson ([key:lesson.next])")
            if last
            else translate("LessonPanel", "The next step ([key:lesson.next])"),
        )
        for button in (self.show_me, self.check):
            button.setVisible(step.exercise is not None)
        self._show_solved()
        if run.mark is Mark.SOLVED:
            self._say(translate("LessonPanel", "✓ You have solved this before."), "ok")
        elif run.mark is Mark.SHOWN:
            self._say(translate("LessonPanel", "You were shown this before."), "muted")
        self.area.verticalScrollBar().setValue(0)
        self.area.setAccessibleDescription(self._spoken(step))
        announce(self.area, f"{count}: {step.title}")

    def _spoken(self, step: Step) -> str:
        """All that is read of a step, for who comes to it by ear."""
        exercise = step.exercise
        asked = "" if exercise is None else exercise.question if isinstance(exercise, Ask) else exercise.task
        return fill("\n".join(part for part in (step.title, plain(step.text), asked) if part))

    def _say(self, text: str, role: str) -> None:
        if role == "note":
            self.exercise.say(f"✕ {text}", role, translate("LessonPanel", "Not solved. {0}").format(text))
            self.exercise.try_again()
        else:
            self.exercise.say(text, role, text.removeprefix("✓").strip())
        if text:
            QTimer.singleShot(
                0, self, lambda: self.area.ensureWidgetVisible(self.exercise.result, 0, theme.GAP)
            )

    def _show_solved(self) -> None:
        run = self.run
        if run is None:
            return
        done = run.step.exercise is None or run.mark in (Mark.SOLVED, Mark.SHOWN)
        self.exercise.show_done(run.step.exercise is not None and run.mark is Mark.SOLVED)
        _primary(self.next, done)
        _primary(self.check, not done)
        inside = self.isAncestorOf(focus) if (focus := self.window().focusWidget()) is not None else False
        if done and inside and run.step.exercise is not None and focus is not None and focus is not self.back:
            self.next.setFocus()

    # -- what is pressed

    def check_now(self) -> None:
        """Say whether the exercise is solved."""
        if self.run is not None:
            self.run.check(self.exercise.answer)

    def show_now(self) -> None:
        """Let the exercise be done."""
        if self.run is not None and self.run.step.exercise is not None:
            self.run.show_me(self.exercise.put)

    def go_on(self) -> None:
        """To the next step, or out of the lesson behind the last."""
        if self.run is None:
            return
        if self.run.next():
            self._focus_step()
        else:
            self.list_asked.emit()

    def begin_again(self) -> None:
        """Bring about once more what the step begins with."""
        if self.run is not None and self.run.base >= 0:
            self.run.set_up_again()
            self._say(translate("LessonPanel", "All is as the step begins."), "muted")

    def go_back(self) -> None:
        """To the step before."""
        if self.run is not None:
            self.run.back()
            self._focus_step()

    def _focus_step(self) -> None:
        """The keys go to a question; while something is to be done, they stay where that is done."""
        focus = self.window().focusWidget()
        asks = self.run is not None and self.run.step.ask is not None
        if asks or focus is None or self.isAncestorOf(focus) or not focus.isVisible():
            self.focus_first()

    def focus_first(self) -> None:
        """Put the focus where the step goes on: in the answer, else on the text."""
        if not self.exercise.focus_first():
            run = self.run
            waits = run is not None and run.step.do is not None and not run.solved
            (self.area if waits else self.next).setFocus()


def _primary(button: QPushButton, on: bool) -> None:
    kind = "primary" if on else ""
    if button.property("kind") != kind:
        button.setProperty("kind", kind)
        button.style().unpolish(button)
        button.style().polish(button)
