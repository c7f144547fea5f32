"""The panel of a lesson beside the page, and over it where there is no room for both."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from tests.ui.lesson_learner import Learner
from wsinspector.learn.lessons.progress import Mark
from wsinspector.ui import theme
from wsinspector.ui.desk import Desk
from wsinspector.ui.learn.lesson_place import LessonPlace

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    theme.set_zoom(1.0)


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key, to whatever has the focus."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, held)


def begun(qtbot: QtBot, desk: Desk) -> tuple[Learner, LessonPlace]:
    desk.window.resize(1024, 700)
    learner = Learner(qtbot, desk, "strange-values")
    place = desk.switch.lessons.place
    assert place is not None
    return learner, place


def test_beside_where_there_is_room(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    learner, place = begun(qtbot, desk)
    assert not place.over
    assert desk.window.pages.isVisible()
    assert learner.panel.to_page.isHidden()
    assert learner.panel.x() >= desk.window.whole.geometry().right()


def test_over_the_page_at_large_text_and_back(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    learner, place = begun(qtbot, desk)
    panel, run = learner.panel, learner.run
    desk.window.set_zoom(3.0)
    qtbot.waitUntil(lambda: place.over and panel.width() >= 1000)
    panel.focus_first()
    press(Qt.Key.Key_F5)  # works where the page is covered, too
    qtbot.waitUntil(lambda: run.mark is Mark.SOLVED)
    assert panel.isVisible()
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: not panel.isVisible())
    assert desk.window.pages.isVisible()
    assert place.strip.isVisible()
    assert place.strip.text.full_text().startswith("✓ Right.")
    press(Qt.Key.Key_F6)  # the next step, whose text is to be read
    qtbot.waitUntil(lambda: run.at == 1 and panel.isVisible())
    assert not place.strip.isVisible()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert panel.isAncestorOf(focus)
    desk.window.set_zoom(1.0)
    qtbot.waitUntil(lambda: not place.over and panel.x() >= desk.window.whole.geometry().right())
    assert panel.isVisible()


def test_who_goes_into_the_page_by_a_key_sees_it(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    learner, place = begun(qtbot, desk)
    desk.window.set_zoom(3.0)
    qtbot.waitUntil(lambda: place.over and learner.panel.isVisible())
    learner.panel.focus_first()
    press(Qt.Key.Key_V, CONTROL | SHIFT)  # to the version
    qtbot.waitUntil(lambda: not learner.panel.isVisible())
    focus = QApplication.focusWidget()
    assert focus is not None
    assert learner.page.isAncestorOf(focus)
    assert place.strip.text.full_text() == "Step 1 of 10: One that is right"
    QTest.mouseClick(place.strip.back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(learner.panel.isVisible)


def test_the_panel_goes_with_its_tab(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    learner, place = begun(qtbot, desk)
    desk.window.set_zoom(3.0)
    qtbot.waitUntil(lambda: place.over and learner.panel.isVisible())
    desk.show_learn("glossary")
    qtbot.waitUntil(lambda: not learner.panel.isVisible())
    assert not place.strip.isVisible()
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    qtbot.waitUntil(learner.panel.isVisible)
    desk.switch.lessons.leave()
    assert not learner.panel.isVisible()
    assert not place.strip.isVisible()
