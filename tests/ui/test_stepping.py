"""Step in the window: the bar, its keys, what comes into sight, and going back."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.conversation.stepping_values import Unit
from wsinspector.present.stepping import step_words
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.tab_order import follow_the_eye
from wsinspector.ui.presenting.step_keys import takes_space

Met = Callable[[AttemptSnapshot], bool]


def until(qtbot: QtBot, page: InspectPage, met: Met) -> AttemptSnapshot:
    """Wait until the attempt that is shown is so, and the page has seen it."""
    seen: list[AttemptSnapshot] = []

    def so() -> bool:
        snapshot = page.tab.snapshot
        if snapshot is not None and met(snapshot):
            seen.append(snapshot)
        return bool(seen)

    qtbot.waitUntil(so)
    with qtbot.waitSignal(page.tab.ticked):
        pass
    return seen[0]


@pytest.fixture
def desk(open_window: Opener) -> Desk:
    return open_window()


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> InspectPage:
    """A conversation that steps, connecting to the lab's echo, its request held."""
    lab = desk.workspace.lab
    assert lab is not None
    made = desk.new_tab()
    made.tab.set_address(lab.url_of("/echo"))
    made.stepping.toggle()
    made.tab.connect_now()
    until(qtbot, made, lambda snapshot: snapshot.step.next is Unit.REQUEST)
    return made


def test_the_bar_tells_what_waits_and_lets_it_go(page: InspectPage, qtbot: QtBot) -> None:
    bar = page.stepping.bar
    assert bar is not None
    assert bar.isVisible()
    assert bar.lead.full_text() == "Held."
    assert page.answer.line.text == "The request is held: not a byte has left."
    assert bar.wire.full_text() == ""  # what it holds stands beneath, its secrets hidden
    bar.go.click()
    until(qtbot, page, lambda snapshot: snapshot.step.next is Unit.RESPONSE)
    assert bar.lead.full_text() == "Came."
    assert page.answer.line.text == "The answer is here; the next step shows it."
    bar.go.click()
    until(qtbot, page, lambda snapshot: snapshot.open)
    assert step_words(page.tab.snapshot or pytest.fail("gone")).lead == "Steps."


def test_space_steps_where_the_focus_has_no_use_for_it(page: InspectPage, desk: Desk, qtbot: QtBot) -> None:
    page.frames.view.table.setFocus()
    QTest.keyClick(page.frames.view.table, Qt.Key.Key_Space)
    until(qtbot, page, lambda snapshot: snapshot.step.next is Unit.RESPONSE)
    QTest.keyClick(page.frames.view.table, Qt.Key.Key_Space)
    until(qtbot, page, lambda snapshot: snapshot.open)
    edit = page.frames.send_bar.edit
    edit.setFocus()
    QTest.keyClicks(edit, "a b")
    assert edit.toPlainText() == "a b"
    QTest.keyClick(edit, Qt.Key.Key_Return)
    until(qtbot, page, lambda snapshot: snapshot.step.held_count == 1)
    QTest.keyClick(edit, Qt.Key.Key_F10)
    until(qtbot, page, lambda snapshot: snapshot.step.unseen == 1)
    assert (page.tab.snapshot or pytest.fail("gone")).frames_in == 0
    QTest.keyClick(edit, Qt.Key.Key_F10)
    until(qtbot, page, lambda snapshot: snapshot.frames_in == 1)


def test_back_looks_and_changes_nothing(page: InspectPage, qtbot: QtBot) -> None:
    shown: list[tuple[str, int]] = []
    page.stepping.shown.connect(lambda unit, number: shown.append((unit, number)))
    steps = page.stepping
    steps.step()
    until(qtbot, page, lambda snapshot: snapshot.step.next is Unit.RESPONSE)
    steps.step()
    until(qtbot, page, lambda snapshot: snapshot.open)
    attempt = page.tab.conversation.attempt(1)
    assert attempt is not None
    attempt.send_message("hello")
    until(qtbot, page, lambda snapshot: snapshot.step.held_count == 1)
    steps.step()
    until(qtbot, page, lambda snapshot: snapshot.step.unseen == 1)
    steps.step()
    before = until(qtbot, page, lambda snapshot: snapshot.frames == 2)
    qtbot.waitUntil(lambda: ("frame", 2) in shown)
    shown.clear()
    for _ in range(5):  # more often than there are units
        steps.back()
    assert shown == [("frame", 1), ("response", 0), ("request", 0)]
    bar = steps.bar
    assert bar is not None
    assert bar.lead.full_text() == "Back."
    assert not bar.back.isEnabled()
    shown.clear()
    for _ in range(3):
        steps.step()
    assert shown == [("response", 0), ("frame", 1), ("frame", 2)]
    after = page.tab.snapshot
    assert after is not None
    assert (after.frames, after.bytes_out, after.step.steps) == (
        before.frames,
        before.bytes_out,
        before.step.steps,
    )


def test_switching_off_lets_everything_go(page: InspectPage, qtbot: QtBot) -> None:
    page.stepping.toggle()
    until(qtbot, page, lambda snapshot: snapshot.open and not snapshot.step.on)
    bar = page.stepping.bar
    assert bar is not None
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_f10_is_the_menu_where_nothing_steps(desk: Desk, qtbot: QtBot) -> None:
    page = desk.new_tab()
    assert not page.stepping.active
    pressed: list[bool] = []
    desk.step_keys.step_or(lambda: pressed.append(True))
    assert pressed == [True]


def test_what_takes_space(qtbot: QtBot, page: InspectPage) -> None:
    assert takes_space(QPushButton())
    assert takes_space(page.frames.send_bar.edit)
    assert takes_space(page.address.field)
    assert not takes_space(page.frames.view.table)
    assert not takes_space(None)


def test_tab_order_ends_no_part_of_the_page(page: InspectPage) -> None:
    menu = page.frames.detail.menu
    follow_the_eye(page)
    gc.collect()
    assert shiboken6.isValid(menu.by_content)


def test_an_option_and_a_chip(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    page = desk.new_tab()
    page.stepping.toggle()
    chips = [button.text() for button in page.address.findChildren(QPushButton)]
    assert any(text.startswith("steps") for text in chips)
    page.toggle_options()
    assert page.drawer.behaviour.step.isChecked()
    page.drawer.behaviour.step.click()
    assert not page.tab.conversation.options.step
