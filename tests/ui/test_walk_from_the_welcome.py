"""From the welcome to the end of lesson 5 by keyboard alone, by the keys that the lessons themselves name."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from tests.ui.lesson_learner import Learner
from wsinspector.learn.lessons.model import Act, Ask, Kind
from wsinspector.ui.desk import Desk

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
FIRST_FIVE = ("handshake", "accept", "version", "refusal", "strange-values")


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key, to whatever has the focus."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, held)


def write(text: str) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, text)


class ByKeys(Learner):
    """A learner who never touches the mouse, and whom nobody puts the focus anywhere."""

    def answer(self, ask: Ask, text: str) -> None:
        if ask.kind is Kind.CHOICE:
            for _ in range(ask.choices.index(text)):
                press(Qt.Key.Key_Down)
            if not self.panel.exercise.answer:
                press(Qt.Key.Key_Space)
        else:
            write(text)
        press(Qt.Key.Key_Return)

    def perform(self, act: Act) -> None:
        lab = self.desk.workspace.lab
        assert lab is not None
        tab = self.page.tab
        if act.path:
            press(Qt.Key.Key_L, CONTROL)
            press(Qt.Key.Key_A, CONTROL)
            write(lab.url_of(act.path, "tls" if act.secure else "plain"))
        if act.version is not None and act.version:
            press(Qt.Key.Key_V, CONTROL | SHIFT)
            write(act.version[0])
            for value in act.version[1:]:
                press(Qt.Key.Key_Return, SHIFT)
                write(value)
        elif act.version is not None:
            press(Qt.Key.Key_V, CONTROL | SHIFT)
            # The platform without a screen hands no keys to a menu: its entry is triggered instead.
            self.pick(self.page.address.version.build_menu(), "Absent")
        for name in act.without:
            press(Qt.Key.Key_D, ALT)
            table = self.page.handshake.request.table
            self.qtbot.waitUntil(table.hasFocus)
            press(Qt.Key.Key_Home)
            rows = [row.name.decode() for row in table.head_model.rows]
            for _ in range(rows.index(name) - table.currentIndex().row()):
                press(Qt.Key.Key_Down)
            press(Qt.Key.Key_Space)
        if act.connect:
            before = len(tab.conversation.attempts)
            press(Qt.Key.Key_F5)
            self.qtbot.waitUntil(lambda: len(tab.conversation.attempts) > before)
            self.qtbot.waitUntil(lambda: not tab.conversation.attempts[-1].snapshot.undecided)


def finish(qtbot: QtBot, desk: Desk, learner: Learner) -> None:
    """Solve every step; behind the last one the list stands at the next lesson."""
    for _ in learner.run.lesson.steps:
        learner.go_right()
    qtbot.waitUntil(lambda: desk.switch.lessons.run is None)


@pytest.mark.slow
def test_from_the_welcome_to_the_end_of_lesson_5_by_keyboard_alone(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    desk.greeting.show()
    qtbot.waitUntil(lambda: bool(desk.workspace.scenarios()))
    QApplication.processEvents()  # the welcome takes the focus once more where a tab has opened meanwhile
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QPushButton))
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Space)  # “Learn it step by step”
    lessons = desk.switch.lessons
    for identity in FIRST_FIVE:
        qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QListWidget))
        qtbot.waitUntil(lambda: len(lessons.shelf.lessons) == 12)
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: lessons.run is not None and lessons.run.ready)
        learner = ByKeys(qtbot, desk, identity)
        assert learner.run.lesson.id == identity
        finish(qtbot, desk, learner)
        assert lessons.progress.done(learner.run.lesson)
