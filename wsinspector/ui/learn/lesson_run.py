"""One lesson under way: which step, what was tried, what the bytes say of it, and what is kept of that."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.learn.lessons.answers import one_of, readable
from wsinspector.learn.lessons.model import Act, Ask, Do, Fact, Kind, Lesson, Step
from wsinspector.learn.lessons.progress import Mark, Progress
from wsinspector.present.lesson_evidence import Seen, Since, answer_of, frames_fitting, look
from wsinspector.translate import translate
from wsinspector.ui.inspect.background import Background
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.learn.lesson_acting import LessonActing
from wsinspector.ui.learn.lesson_pointing import LessonPointing

AGAIN_MS = 150
"""Frames come into the capture a moment after they travelled."""

TRIES = 14
"""So often what is asked for is looked for again: about two seconds."""


class LessonRun(QObject):
    """``lesson`` in ``page``, the learner's own tab for it.

    ``step_changed``: another step is shown. ``told(text, role)``: what came of a try. ``solved_changed``:
    the exercise of the step is solved now. ``kept``: the progress was written.
    """

    step_changed = Signal()
    told = Signal(str, str)
    solved_changed = Signal()
    kept = Signal()

    def __init__(
        self,
        lesson: Lesson,
        page: InspectPage,
        progress: Progress,
        url_of: Callable[[str, bool], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.lesson = lesson
        self.page = page
        self.at = 0
        self.progress = progress
        self.acting = LessonActing(page.tab, url_of)
        self.pointing = LessonPointing(page)
        self.background = Background("lesson", self)
        self._since = Since()
        self._tries = 0
        self._shown = False
        self._looking = False
        self._ready = False
        self._wrong: object = None
        self._serials: object = None
        self._ground = ""  # key of the step whose setup made what is there now
        self._visited: set[str] = set()
        self._stopped = False
        self._timer = QTimer(self)
        self._timer.setInterval(AGAIN_MS)
        self._timer.timeout.connect(self._look_soon)
        self._timer.start()

    def stop(self) -> None:
        """Let go of the thread and of every light; before the conversation is closed."""
        if not self._stopped:
            self._stopped = True
            self._timer.stop()
            self.acting.give_up()
            self.pointing.forget()
            self.background.stop()

    @property
    def step(self) -> Step:
        return self.lesson.steps[self.at]

    @property
    def mark(self) -> Mark | None:
        """What came of the step in sight, of now or of an earlier time."""
        return self.progress.course(self.lesson.id).marks.get(self.step.key)

    @property
    def solved(self) -> bool:
        return self.step.exercise is None or self.mark is Mark.SOLVED

    @property
    def ready(self) -> bool:
        """Whether the step is set up."""
        return self._ready

    # -- steps

    def go(self, at: int) -> None:
        """Show step ``at``, and bring about what it begins with where that is not there."""
        self.at = min(max(at, 0), len(self.lesson.steps) - 1)
        self._tries, self._shown, self._wrong, self._serials = 0, False, None, None
        self.pointing.forget()
        self.acting.give_up()
        self._ready = False
        step = self.step
        if step.exercise is None:
            self.progress.mark(self.lesson, step.key, Mark.READ)
        self.progress.course(self.lesson.id).at = step.key
        self._keep()
        self.step_changed.emit()
        self._perform(self._lacking())
        self._visited.add(step.key)

    def next(self) -> bool:
        """To the next step; False at the end."""
        if self.at + 1 >= len(self.lesson.steps):
            return False
        self.go(self.at + 1)
        return True

    def back(self) -> None:
        """To the step before."""
        if self.at:
            self.go(self.at - 1)

    @property
    def base(self) -> int:
        """The step whose setup the one in sight rests on: itself or one before, -1 where none is."""
        return next((at for at in range(self.at, -1, -1) if self.lesson.steps[at].setup is not None), -1)

    def set_up_again(self) -> None:
        """Do once more what the step begins with."""
        self._ready = False
        self._perform(self._way())

    def _lacking(self) -> list[tuple[Act, bool]]:
        """What is to be done before the step in sight can begin; each act, and whether it begins afresh."""
        if self.base < 0 or self._ground == self.lesson.steps[self.base].key:
            return []
        if self.step.key in self._visited and self.solved:
            return []  # it is only looked at again
        return self._way()

    def _way(self) -> list[tuple[Act, bool]]:
        """The setup the step rests on, and what the steps between do: as if the lesson came from there."""
        if self.base < 0:
            return []
        steps = self.lesson.steps[self.base : self.at]
        setup = self.lesson.steps[self.base].setup
        assert setup is not None
        return [(setup, True), *((step.do.show, False) for step in steps if step.do is not None)]

    def _perform(self, acts: list[tuple[Act, bool]]) -> None:
        """Carry out ``acts`` one after the other; then the step begins."""
        if not acts:
            self._begun()
            return
        self._ground = self.lesson.steps[self.base].key
        (act, afresh), *others = acts
        self.acting.perform(act, partial(self._perform, others), afresh=afresh)

    def _begun(self) -> None:
        """The step is set up: what is there now was not the learner."""
        self._since = Since.of(self._snapshots())
        self._ready = True
        self.pointing.point(self.step.point)

    def _snapshots(self) -> list[AttemptSnapshot]:
        return [attempt.snapshot for attempt in self.page.tab.conversation.attempts]

    # -- what the learner does

    def _look_soon(self) -> None:
        """Look at the bytes where they are others than the last time."""
        frame, _ = self.pointing.wants_frame
        waits = self.step.do is not None and not self.solved and self._ready
        if self._looking or not (waits or (frame and self._ready)):
            return
        snapshots = self._snapshots()
        serials = [(each.number, each.serial, each.frames) for each in snapshots]
        if serials == self._serials:
            return
        self._serials = serials
        self._look(snapshots, said=False)

    def _look(self, snapshots: list[AttemptSnapshot], *, said: bool) -> None:
        self._looking = True
        reader = self.page.tab.conversation.reader()
        fitting = partial(frames_fitting, reader)
        task, since = self.step.do, self._since
        frame, first = self.pointing.wants_frame

        def work() -> tuple[Seen, int]:
            seen = look(task, snapshots, since, fitting) if task is not None else Seen()
            found = fitting(snapshots[-1], frame) if frame and snapshots else []
            return seen, (found[0 if first else -1] if found else 0)

        self.background.ask("look", work, partial(self._looked, self.step, said))

    def _looked(self, step: Step, said: bool, result: Any) -> None:
        self._looking = False
        if step is not self.step or isinstance(result, Exception):
            return
        seen, frame = result
        if frame:
            self.pointing.show_frame(frame)
        if step.do is None or self.solved:
            return
        if seen.done:
            self._right(step.do.why)
        elif seen.wrong is not None and (said or seen.wrong is not self._wrong):
            self._wrong = seen.wrong
            self._tries += not said
            self.told.emit(seen.wrong.hint, "note")
        elif said:
            self._hint(step.do.hints, translate("LessonPanel", "That is not done yet."))

    def check(self, answer: str) -> None:
        """Say whether the exercise is solved, ``answer`` being what was given to a question."""
        exercise = self.step.exercise
        if isinstance(exercise, Ask):
            self._check_answer(exercise, answer)
        elif exercise is not None and not self.solved:
            if not self._ready:
                self.told.emit(translate("LessonPanel", "The step is still being set up."), "muted")
            else:
                self._serials = None
                self._look(self._snapshots(), said=True)

    def _check_answer(self, ask: Ask, answer: str) -> None:
        if not answer.strip():
            text = (
                translate("LessonPanel", "Pick one of them first.")
                if ask.kind is Kind.CHOICE
                else translate("LessonPanel", "Write an answer first.")
            )
            self.told.emit(text, "muted")
        elif not readable(ask.kind, answer):
            text = {
                Kind.HEX: translate("LessonPanel", "That is no hex: pairs of 0 to 9 and a to f."),
                Kind.NUMBER: translate("LessonPanel", "That is no whole number."),
            }[ask.kind]
            self.told.emit(text, "note")
        else:
            facts = [ask.fact] + [wrong.fact for wrong in ask.wrong]
            self._find(facts, partial(self._judge, ask, answer))

    def _find(
        self, facts: list[Fact | None], then: Callable[[list[str | None]], None], tries: int = TRIES
    ) -> None:
        """The values of ``facts`` in this conversation, read on the thread; the first is waited for."""
        snapshots = self._snapshots()
        if not snapshots or not any(facts):
            then([None] * len(facts))
            return
        reader, newest, step = self.page.tab.conversation.reader(), snapshots[-1], self.step
        fitting = partial(frames_fitting, reader)

        def work() -> list[str | None]:
            return [None if fact is None else answer_of(fact, newest, reader, fitting) for fact in facts]

        def done(result: Any) -> None:
            if step is not self.step or isinstance(result, Exception):
                return
            if facts[0] is not None and result[0] is None and tries > 1:
                QTimer.singleShot(AGAIN_MS, self, lambda: self._find(facts, then, tries - 1))
            else:
                then(result)

        self.background.ask("find", work, done)

    def _judge(self, ask: Ask, answer: str, found: list[str | None]) -> None:
        wanted = (*ask.answers, *(each for each in found[:1] if each is not None))
        if not wanted:
            text = translate(
                "LessonPanel", "What is asked for is not there yet: do the step before once more."
            )
            self.told.emit(text, "note")
            return
        if one_of(ask.kind, answer, wanted, exact=ask.exact):
            self._right(ask.why)
            return
        for wrong, value in zip(ask.wrong, found[1:], strict=True):
            foreseen = (*wrong.answers, *(each for each in (value,) if each is not None))
            if one_of(ask.kind, answer, foreseen, exact=ask.exact):
                self._tries += 1
                self.told.emit(wrong.hint, "note")
                return
        self._hint(ask.hints, translate("LessonPanel", "That is not it."))

    def _hint(self, hints: tuple[str, ...], otherwise: str) -> None:
        """The next hint; after the last one it stays."""
        self._tries += 1
        hint = hints[min(self._tries, len(hints)) - 1] if hints else ""
        self.told.emit(f"{otherwise} {hint}".strip(), "note")

    def _right(self, why: str) -> None:
        mark = Mark.SHOWN if self._shown else Mark.SOLVED
        self.progress.mark(self.lesson, self.step.key, mark)
        self._keep()
        lead = translate("LessonPanel", "Right.") if not self._shown else translate("LessonPanel", "Shown.")
        self.told.emit(f"✓ {lead} {why}".strip(), "ok")
        self.solved_changed.emit()

    # -- being shown

    def show_me(self, put: Callable[[str], None]) -> None:
        """Do the task, or ``put`` the answer; the step then counts as shown."""
        exercise = self.step.exercise
        if isinstance(exercise, Do):
            if self._ready and not self.acting.busy:
                self._shown = self._shown or not self.solved
                self._serials = None
                self.acting.perform(exercise.show, lambda: None, afresh=False)
        elif exercise is not None:
            self._find([exercise.fact], partial(self._put, exercise, put))

    def _put(self, ask: Ask, put: Callable[[str], None], found: list[str | None]) -> None:
        answer = next((each for each in (*ask.answers, *found) if each is not None), None)
        if answer is None:
            text = translate(
                "LessonPanel", "What is asked for is not there yet: do the step before once more."
            )
            self.told.emit(text, "note")
            return
        put(answer)
        self._shown = self._shown or not self.solved
        self._right(ask.why)

    def _keep(self) -> None:
        self.progress.save()
        self.kept.emit()
