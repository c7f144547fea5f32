"""Every lesson, driven through the window as a learner would, once right and once wrong."""

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from tests.ui.lesson_learner import Learner
from wsinspector.learn.lessons.shelf import built_in, read_shelf

LESSONS = {lesson.id: lesson for lesson in read_shelf(((built_in(), False),)).lessons}
ALWAYS = ("strange-values", "masking")
"""Gone through by every run of the tests; the others take long."""

EACH = [
    pytest.param(identity, marks=() if identity in ALWAYS else (pytest.mark.slow,)) for identity in LESSONS
]


@pytest.mark.parametrize("identity", EACH)
def test_a_lesson_is_solved(identity: str, qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    learner = Learner(qtbot, desk, identity)
    for _ in LESSONS[identity].steps:
        learner.go_right()
    progress = desk.switch.lessons.progress
    assert progress.done(LESSONS[identity])
    assert progress.solved(LESSONS[identity]) == LESSONS[identity].exercises


@pytest.mark.parametrize("identity", EACH)
def test_what_is_wrong_in_a_lesson_is_told_why(identity: str, qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    learner = Learner(qtbot, desk, identity)
    tried = 0
    for step in LESSONS[identity].steps:
        if step.exercise is not None:
            found = learner.go_wrong()
            assert found, f"{step.title}: nothing wrong is foreseen"
            tried += found
        learner.go_right()
    assert tried >= LESSONS[identity].exercises


@pytest.mark.parametrize("identity", EACH)
def test_a_lesson_that_was_left_goes_on_at_any_step(identity: str, qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    lessons = desk.switch.lessons
    lesson, keys = LESSONS[identity], [step.key for step in LESSONS[identity].steps]
    Learner(qtbot, desk, identity)
    for at, step in enumerate(lesson.steps):
        if step.exercise is None or not at:
            continue
        lessons.leave()
        desk.close_tab(len(desk.pages) - 1)
        lessons.progress.forget(lesson)
        lessons.progress.course(identity).at = keys[at]
        learner = Learner(qtbot, desk, identity)
        assert learner.run.at == at
        learner.go_right()
