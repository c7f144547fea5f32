"""The strip: which is shown, which two are compared, and what gives way where the width ends."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from wsinspector.ui.inspect.attempts_strip import AttemptsStrip, Entry, StripButton

ENTRIES = (Entry(0, ""), Entry(1, "426"), Entry(2, "101"))


@pytest.fixture
def strip(qtbot: QtBot) -> AttemptsStrip:
    made = AttemptsStrip()
    qtbot.addWidget(made)
    made.resize(547, made.height())
    made.show_entries(ENTRIES, 2, None)
    made.show()
    return made


def buttons(strip: AttemptsStrip) -> dict[int, StripButton]:
    found = [one for one in strip.findChildren(StripButton) if not one.isHidden()]
    return {one.entry.number: one for one in found}


def compare_button(strip: AttemptsStrip) -> QPushButton:
    return next(one for one in strip.findChildren(QPushButton) if one.isCheckable())


def test_draft_and_attempts_with_their_outcome(strip: AttemptsStrip) -> None:
    assert [one.text() for one in buttons(strip).values()] == ["Draft", "#1 426", "#2 101"]
    assert buttons(strip)[2].isChecked()
    assert buttons(strip)[1].accessibleName() == "Attempt 1: 426"


def test_a_click_picks(strip: AttemptsStrip, qtbot: QtBot) -> None:
    with qtbot.waitSignal(strip.picked, check_params_cb=lambda number: number == 1):
        QTest.mouseClick(buttons(strip)[1], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(strip.picked, check_params_cb=lambda number: number == 0):
        QTest.keyClick(buttons(strip)[0], Qt.Key.Key_Space)


def test_compare_means_the_picked_one_and_the_one_before(strip: AttemptsStrip, qtbot: QtBot) -> None:
    assert compare_button(strip).text() == "Compare #1 #2"
    with qtbot.waitSignal(strip.compared, check_params_cb=lambda a, b: (a, b) == (1, 2)):
        compare_button(strip).click()
    strip.show_entries(ENTRIES, 1, 2)
    with qtbot.waitSignal(strip.compare_left):
        compare_button(strip).click()


def test_one_attempt_has_nothing_to_compare_with(strip: AttemptsStrip) -> None:
    strip.show_entries(ENTRIES[:2], 1, None)
    assert compare_button(strip).isHidden()


def test_control_and_click_picks_the_second(strip: AttemptsStrip, qtbot: QtBot) -> None:
    strip.show_entries((*ENTRIES, Entry(3, "400")), 3, None)
    with qtbot.waitSignal(strip.compared, check_params_cb=lambda a, b: (a, b) == (1, 3)):
        QTest.mouseClick(buttons(strip)[1], Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(strip.compared, check_params_cb=lambda a, b: (a, b) == (0, 3)):
        QTest.keyClick(buttons(strip)[0], Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)


def test_the_oldest_attempts_give_way_and_the_picked_one_stays(strip: AttemptsStrip) -> None:
    many = (Entry(0, ""), *(Entry(number, "101") for number in range(1, 40)))
    strip.show_entries(many, 3, None)
    shown = strip.numbers_in_sight()
    assert shown[0] == 0
    assert {3, 39} <= set(shown)
    assert len(shown) < 12
    right = max(one.geometry().right() for one in buttons(strip).values())
    assert right < compare_button(strip).geometry().left()


def test_what_is_not_sent_is_said_shorter_where_the_width_is_small(strip: AttemptsStrip) -> None:
    strip.set_state("not sent yet: 2 lines differ", "2 lines differ")
    assert strip.state_text() == "not sent yet: 2 lines differ"
    strip.resize(380, strip.height())
    assert compare_button(strip).text() == "Compare"
    assert compare_button(strip).accessibleName() == "Compare #1 #2"
