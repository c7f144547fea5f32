"""Goes through a lesson as a learner does: with the keys and the mouse, on the window's own widgets."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from wsinspector.conversation.snapshot import Phase
from wsinspector.learn.lessons.model import Act, Ask, Do, Kind, Sending
from wsinspector.learn.lessons.progress import Mark
from wsinspector.present.outgoing import SendKind
from wsinspector.ui.actions.binding import fill
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.version_box import LINE
from wsinspector.ui.learn.lesson_panel import LessonPanel
from wsinspector.ui.learn.lesson_run import LessonRun

KINDS = {
    "text": SendKind.TEXT,
    "hex": SendKind.HEX,
    "ping": SendKind.PING,
    "pong": SendKind.PONG,
    "close": SendKind.CLOSE,
}


class Learner:
    """Sits in front of ``desk``, the lesson of this id in front."""

    def __init__(self, qtbot: QtBot, desk: Desk, identity: str) -> None:
        self.qtbot = qtbot
        self.desk = desk
        lessons = desk.switch.lessons
        lessons.start_called(identity)
        qtbot.waitUntil(lambda: lessons.run is not None)
        run, panel = lessons.run, lessons.panel
        assert run is not None
        assert panel is not None
        self.run: LessonRun = run
        self.panel: LessonPanel = panel
        self.settle()

    @property
    def page(self) -> InspectPage:
        return self.run.page

    def settle(self) -> None:
        """Wait until the step is set up and in sight."""
        self.qtbot.waitUntil(lambda: self.run.ready and not self.run.acting.busy)
        self.qtbot.waitUntil(self.panel.isVisible)

    # -- a step

    def go_wrong(self) -> int:
        """Try everything wrong that the step foresees; each gets its own hint. How much there was."""
        exercise, tried = self.run.step.exercise, 0
        if isinstance(exercise, Ask):
            for wrong in exercise.wrong:
                for answer in wrong.answers[:1]:
                    self.answer(exercise, answer)
                    self.hears(wrong.hint)
                    tried += 1
        elif exercise is not None:
            for deed in exercise.wrong:
                if deed.by is not None:
                    self.perform(deed.by)
                    self.hears(deed.hint)
                    tried += 1
        assert self.run.mark is not Mark.SOLVED
        return tried

    def go_right(self) -> None:
        """Solve the exercise of the step, if it has one, and go on."""
        exercise = self.run.step.exercise
        if isinstance(exercise, Ask):
            self.answer(exercise, self.right_answer(exercise))
        elif isinstance(exercise, Do):
            self.perform(exercise.show)
        if exercise is not None:
            self.qtbot.waitUntil(lambda: self.run.mark is Mark.SOLVED)
            self.hears(exercise.why)
        key = self.run.step.key
        last = self.run.at + 1 == len(self.run.lesson.steps)
        QTest.keyClick(self.desk.window, Qt.Key.Key_F6)
        if not last:
            self.qtbot.waitUntil(lambda: self.run.step.key != key)
            self.settle()

    def right_answer(self, ask: Ask) -> str:
        """What the lesson says is right; of what is asked of the bytes, what they say."""
        if ask.answers:
            return ask.answers[0]
        from wsinspector.present.lesson_evidence import answer_of, frames_fitting

        conversation = self.page.tab.conversation
        assert ask.fact is not None
        found: list[str] = []

        def there() -> bool:
            snapshot, reader = conversation.attempts[-1].snapshot, conversation.reader()
            assert ask.fact is not None
            value = answer_of(ask.fact, snapshot, reader, lambda one, text: frames_fitting(reader, one, text))
            found[:] = [] if value is None else [value]
            return bool(found)

        self.qtbot.waitUntil(there)
        return found[0]

    def hears(self, text: str) -> None:
        """Wait until the panel says ``text``."""
        self.qtbot.waitUntil(lambda: fill(text) in self.panel.exercise.result.full_text())

    # -- hands

    def type_into(self, widget: QWidget, text: str) -> None:
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(widget, Qt.Key.Key_Delete)
        QTest.keyClicks(widget, text)

    def answer(self, ask: Ask, text: str) -> None:
        box = self.panel.exercise
        if ask.kind is Kind.CHOICE:
            button = next(each for each in box.choices.buttons if each.text() == text)
            button.setFocus()
            QTest.keyClick(button, Qt.Key.Key_Space)
            QTest.keyClick(button, Qt.Key.Key_Return)
        else:
            self.type_into(box.field, text)
            QTest.keyClick(box.field, Qt.Key.Key_Return)

    def perform(self, act: Act) -> None:
        """Do by hand what ``act`` says."""
        page, tab = self.page, self.page.tab
        if tab.dialled is not None and (act.connect or act.disconnect):
            self.end_live()
        if act.path:
            lab = self.desk.workspace.lab
            assert lab is not None
            self.type_into(page.address.field, lab.url_of(act.path, "tls" if act.secure else "plain"))
        if act.dialect:
            self.pick(page.address.version.build_menu(), act.dialect)
        if act.version is not None:
            self.put_version(act.version)
        for name in act.without:
            self.switch_off(name)
        assert not act.headers
        assert not act.options
        if act.connect:
            before = len(tab.conversation.attempts)
            page.address.button.setFocus()
            QTest.keyClick(self.desk.window, Qt.Key.Key_F5)
            self.qtbot.waitUntil(lambda: len(tab.conversation.attempts) > before)
            self.qtbot.waitUntil(lambda: not tab.conversation.attempts[-1].snapshot.undecided)
        for sending in act.send:
            self.send(sending)

    def end_live(self) -> None:
        tab = self.page.tab
        while tab.dialled is not None:
            phase = tab.dialled.snapshot.phase
            QTest.keyClick(self.desk.window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
            self.qtbot.waitUntil(partial(self._left, phase))

    def _left(self, phase: Phase) -> bool:
        """Whether what is live has gone on from ``phase``."""
        dialled = self.page.tab.dialled
        return dialled is None or dialled.snapshot.phase is not phase

    def put_version(self, values: tuple[str, ...]) -> None:
        box = self.page.address.version
        if not values:
            self.pick(box.build_menu(), "Absent")
            return
        self.type_into(box.edit, values[0])
        for value in values[1:]:
            QTest.keyClick(box.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
            QTest.keyClicks(box.edit, value)
        assert box.edit.text() == f" {LINE} ".join(values)

    def pick(self, menu: QMenu, text: str) -> None:
        """Choose the entry that begins with ``text``, in whatever part of the menu."""
        waiting = [menu]
        while waiting:
            for action in waiting.pop().actions():
                inner = action.menu()
                if isinstance(inner, QMenu):
                    waiting.append(inner)
                elif action.text().split("\t")[0].split(" ")[0].lower() == text.lower():
                    action.trigger()
                    return
        raise AssertionError(text)

    def switch_off(self, name: str) -> None:
        """Press Space on the row of ``name``."""
        page = self.page
        page.tab.pick(0)
        page.show_head("request")
        table = page.handshake.request.table
        rows = [
            at for at, row in enumerate(table.head_model.rows) if row.name.lower() == name.lower().encode()
        ]
        table.setFocus()
        for at in rows:
            if not table.head_model.rows[at].enabled:
                continue
            table.setCurrentIndex(table.model().index(at, 0))
            QTest.keyClick(table, Qt.Key.Key_Space)

    def send(self, sending: Sending) -> None:
        bar = self.page.frames.send_bar
        attempt = self.page.tab.dialled
        assert attempt is not None
        self.qtbot.waitUntil(lambda: attempt.snapshot.open)
        before = attempt.snapshot.frames_out
        kind = KINDS[sending.kind]
        for action in bar.kind_button.menu().actions():
            if action.data() is kind:
                action.trigger()
        assert bar.kind is kind
        if sending.kind == "close":
            line = bar.code.lineEdit()
            assert line is not None
            if sending.code is None:
                bar.code.setCurrentIndex(bar.code.count() - 1)
            else:
                self.type_into(line, str(sending.code))
        self.type_into(bar.edit, sending.text)
        self.qtbot.waitUntil(bar.button.isEnabled)
        QTest.keyClick(bar.edit, Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: attempt.snapshot.frames_out > before or not attempt.snapshot.live)
