"""Sequences in the window: by keyboard, against the lab, with faults where they are."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from wsinspector.conversation.sequences.results import RunPhase, StepState
from wsinspector.library.environments import Environments, Variable, VariableSet
from wsinspector.resources import root
from wsinspector.ui.desk import Desk
from wsinspector.ui.sequences.beside import MESSAGES, SEQUENCE, Workbench
from wsinspector.ui.sequences.sequence_parts import EMPTY, REFERENCE, STEPS, TEXT
from wsinspector.ui.sequences.sequence_view import SequenceView
from wsinspector.ui.sequences.steps import StepsModel

ECHO = """\
name = "Echo"
url = "{{lab}}/echo"

[[step]]
send = "one"

[[step]]
expect = 'payload == "one"'

[[step]]
send = "two"

[[step]]
name = "never"
expect = 'payload == "three"'
within = 0.2

[[step]]
send = "four"
"""


@pytest.fixture
def desk(open_window: Opener) -> Desk:
    return open_window()


@pytest.fixture
def bench(qtbot: QtBot, desk: Desk) -> Workbench:
    assert desk.page is not None
    desk.page.workbench.toggle(SEQUENCE)
    panel = desk.page.workbench.panel
    assert panel is not None
    return panel


@pytest.fixture
def view(bench: Workbench) -> SequenceView:
    return bench.sequence


def finished(qtbot: QtBot, view: SequenceView) -> RunPhase:
    qtbot.waitUntil(lambda: view.run is not None and view.run.results.over)
    assert view.run is not None
    results = view.run.results
    qtbot.waitUntil(lambda: view.steps.steps.steps == results.steps)
    return results.phase


def states(view: SequenceView) -> list[StepState]:
    return [each.state for each in view.steps.steps.steps]


def test_the_key_shows_it_in_place_of_the_handshake_and_back(qtbot: QtBot, desk: Desk) -> None:
    page = desk.page
    assert page is not None
    QTest.keyClick(
        desk.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert page.workbench.shown
    assert not page.handshake.isVisible()
    assert page.workbench.panel is not None
    view = page.workbench.panel.sequence
    assert view.pages.currentIndex() == EMPTY
    assert view.new.hasFocus()
    QTest.keyClick(
        desk.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert page.handshake.isVisible()
    assert not page.workbench.shown


def test_a_run_shows_each_step_and_a_step_leads_to_its_frame(
    qtbot: QtBot, desk: Desk, view: SequenceView
) -> None:
    page = desk.page
    assert page is not None
    view.set_text(ECHO)
    assert view.sequence is not None
    QTest.keyClick(view.steps, Qt.Key.Key_F9)
    assert finished(qtbot, view) is RunPhase.FAILED
    ok = StepState.OK
    assert states(view) == [ok, ok, ok, ok, StepState.FAILED, StepState.NOT_RUN]
    assert view.state.full_text().startswith("Failed: 1 of 6 steps")
    assert view.steps.currentIndex().row() == 4
    assert page.tab.picked == 1
    qtbot.waitUntil(lambda: page.frames.model is not None and len(page.frames.model.rows.keys) >= 4)
    failed = view.steps.steps.steps[4]
    qtbot.waitUntil(lambda: len(view.steps.steps.frames) == 1)
    assert view.steps.steps.told(failed).split("\n")[1:] == [
        'Looked for: payload == "three"',
        "Came: frame 4, Text, 3 bytes: two",
    ]
    view.steps.setCurrentIndex(view.steps.steps.index(2))
    QTest.keyClick(view.steps, Qt.Key.Key_Return)
    assert page.frames.selected_numbers() == (2,)
    text = view.steps.steps.data(view.steps.steps.index(4), Qt.ItemDataRole.AccessibleTextRole)
    assert text.startswith("5, never, failed, expect")


def test_it_is_stopped_where_it_is(qtbot: QtBot, view: SequenceView) -> None:
    view.set_text('url = "{{lab}}/echo"\n[[step]]\nexpect = "never"\nwithin = 3600\n')
    view.toggle_run()
    qtbot.waitUntil(lambda: view.steps.steps.current == 1)
    assert view.button.text() == "Stop"
    QTest.mouseClick(view.button, Qt.MouseButton.LeftButton)
    assert finished(qtbot, view) is RunPhase.STOPPED
    assert view.button.text() == "Run"


def test_faults_are_marked_in_the_text_and_keep_it_from_running(qtbot: QtBot, view: SequenceView) -> None:
    view.set_text('[[step]]\nsend = "a"\n\n[[step]]\nexpect = "type == "\nfoo = 1\n', edit=True)
    marked = [each.cursor.blockNumber() + 1 for each in view.edit.extraSelections()]
    assert marked == [5, 6]
    assert view.told.full_text().startswith("✕ line 5: The filter “type == ”, at its end")
    view.edit.go_to(1)
    QTest.keyClick(view.edit, Qt.Key.Key_F8)
    assert view.edit.textCursor().blockNumber() == 4
    QTest.keyClick(view.edit, Qt.Key.Key_F8)
    assert view.edit.textCursor().blockNumber() == 5
    view.toggle_run()
    assert view.run is None
    assert view.pages.currentIndex() == TEXT
    assert view.edit.textCursor().blockNumber() == 4


def test_typing_is_read_a_moment_later(qtbot: QtBot, view: SequenceView) -> None:
    view.set_text("", edit=True)
    QTest.keyClicks(view.edit, "[[step]]")
    QTest.keyClick(view.edit, Qt.Key.Key_Return)
    QTest.keyClicks(view.edit, 'ping = ""')
    qtbot.waitUntil(lambda: view.sequence is not None)
    assert view.told.full_text() == ""


@pytest.fixture
def sends_mine(view: SequenceView, desk: Desk, tmp_path: Path) -> SequenceView:
    """A sequence in a folder of its own that sends a file beside that folder."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "mine.txt").write_bytes(b"mine")
    steps = '[[step]]\nsend = { file = "../mine.txt" }\n[[step]]\nexpect = "size == 4"\n'
    text = f'url = "{{{{lab}}}}/echo"\n{steps}'
    view.set_text(text, path=tmp_path / "shared" / "a.toml")
    return view


def test_a_file_outside_the_folder_is_asked_for_and_declined_by_keys(
    qtbot: QtBot, desk: Desk, sends_mine: SequenceView
) -> None:
    view, row = sends_mine, sends_mine.outside
    assert "leads out of the folder" in view.told.full_text()
    QTest.keyClick(view.steps, Qt.Key.Key_F9)
    qtbot.waitUntil(row.isVisible)
    assert row.no.hasFocus()
    assert "../mine.txt" in row.text.full_text()
    QTest.keyClick(row.no, Qt.Key.Key_Escape)
    assert not row.isVisible()
    assert view.run is None
    assert view.steps.hasFocus()
    assert desk.page is not None
    assert desk.page.tab.conversation.attempts == []


def test_a_file_outside_the_folder_is_sent_once_agreed_to(qtbot: QtBot, sends_mine: SequenceView) -> None:
    view, row = sends_mine, sends_mine.outside
    view.toggle_run()
    qtbot.waitUntil(row.isVisible)
    QTest.keyClick(row.no, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert row.yes.hasFocus()
    QTest.keyClick(row.yes, Qt.Key.Key_Return)
    assert finished(qtbot, view) is RunPhase.PASSED
    view.toggle_run()
    assert finished(qtbot, view) is RunPhase.PASSED
    assert not row.isVisible()
    text, path = view.edit.typed(), view.file.path
    view.set_text(text, path=path)
    view.toggle_run()
    qtbot.waitUntil(row.isVisible)
    view.set_text('[[step]]\nsend = "a"\n')
    assert not row.isVisible()


def test_the_set_of_variables_in_use_is_filled_in(qtbot: QtBot, desk: Desk, view: SequenceView) -> None:
    view.set_text(
        'url = "{{lab}}/echo"\n[[step]]\nsend = "{{who}}"\n[[step]]\nexpect = "payload == \\"ada\\""\n'
    )
    assert "There is no variable {{who}}." in view.told.full_text()
    qtbot.waitUntil(lambda: desk.shelf.variables_writable)
    made = Environments((VariableSet("staging", (Variable("who", "ada"),)),), "staging")
    assert desk.shelf.change_environments(made)
    assert view.told.full_text() == ""
    view.toggle_run()
    assert finished(qtbot, view) is RunPhase.PASSED


def test_on_the_open_connection(qtbot: QtBot, desk: Desk, view: SequenceView) -> None:
    page = desk.page
    assert page is not None
    view.set_text('[[step]]\nsend = "here"\n[[step]]\nexpect = \'payload == "here"\'\n')
    view.here.click()
    qtbot.waitUntil(lambda: view.state.full_text() == "No connection is open. F5 connects.")
    page.tab.set_address(f"{desk.workspace.lab_address}/echo")
    page.tab.connect_now()
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.open)
    qtbot.waitUntil(view.button.isEnabled)
    view.toggle_run()
    assert finished(qtbot, view) is RunPhase.PASSED
    assert len(page.tab.conversation.attempts) == 1
    assert page.tab.conversation.current is not None


def test_a_file_is_opened_saved_and_found_changed(qtbot: QtBot, view: SequenceView, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(ECHO, encoding="utf-8")
    view.file.open(path)
    qtbot.waitUntil(lambda: view.file.path == path)
    assert (view.title.full_text(), view.unsaved) == ("Echo", False)
    view.edit.setPlainText(ECHO.replace('"Echo"', '"Other"'))
    view.edit.settle()
    assert view.title.full_text() == "Other •"
    view.save()
    qtbot.waitUntil(lambda: not view.unsaved)
    assert 'name = "Other"' in path.read_text(encoding="utf-8")
    with qtbot.waitSignal(view.said) as told:
        view.file.open(tmp_path / "none.toml")
    assert "none.toml cannot be read" in told.args[0]


@pytest.mark.parametrize("path", sorted((root() / "sequences").glob("*.toml")), ids=lambda path: path.stem)
def test_each_example_passes_against_the_lab(qtbot: QtBot, view: SequenceView, path: Path) -> None:
    view.file.open(path, example=True)
    qtbot.waitUntil(lambda: view.sequence is not None)
    assert view.file.path is None
    view.toggle_run()
    assert finished(qtbot, view) is RunPhase.PASSED, view.steps.steps.steps


def test_a_sequence_of_the_rows_of_the_log(qtbot: QtBot, desk: Desk, view: SequenceView) -> None:
    page = desk.page
    assert page is not None
    page.tab.set_address(f"{desk.workspace.lab_address}/echo")
    page.tab.connect_now()
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.open)
    attempt = page.tab.conversation.current
    assert attempt is not None
    attempt.send_message('{"a": 1}')
    attempt.send_message("{{braces}}")
    qtbot.waitUntil(lambda: page.frames.model is not None and len(page.frames.model.rows.keys) >= 4)
    page.workbench.leave()
    page.frames.view.table.selectAll()
    QTest.keyClick(page.frames.view.table, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: view.sequence is not None)
    assert page.workbench.shown
    assert view.edit.typed().count("[[step]]") == 4
    assert "json = '{\"a\": 1}'" in view.edit.typed()
    view.toggle_run()
    assert finished(qtbot, view) is RunPhase.PASSED, view.steps.steps.steps


def test_the_reference_is_one_key_away(qtbot: QtBot, view: SequenceView) -> None:
    view.set_text(ECHO)
    QTest.keyClick(view.steps, Qt.Key.Key_H, Qt.KeyboardModifier.AltModifier)
    assert view.pages.currentIndex() == REFERENCE
    assert "expect_not" in view.help.toPlainText()
    QTest.keyClick(view.help, Qt.Key.Key_H, Qt.KeyboardModifier.AltModifier)
    assert view.pages.currentIndex() == STEPS


def test_everything_has_a_name_and_what_can_be_pressed_says_its_purpose(
    qtbot: QtBot, bench: Workbench
) -> None:
    bench.show_page(MESSAGES)
    for widget in (*bench.findChildren(QAbstractButton), *bench.findChildren(QPlainTextEdit)):
        if widget.isVisibleTo(bench) and not widget.objectName().startswith("qt_"):
            assert widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()), widget
            if isinstance(widget, QAbstractButton) and widget.text():
                assert widget.toolTip(), widget.text()


def test_closing_the_tab_while_it_runs_is_safe(qtbot: QtBot, desk: Desk, view: SequenceView) -> None:
    view.set_text('url = "{{lab}}/echo"\n[[step]]\nrepeat = { every = 0.01 }\n[[step.step]]\nsend = "x"\n')
    view.toggle_run()
    qtbot.waitUntil(lambda: view.steps.steps.current >= 2)
    run = view.run
    assert run is not None
    desk.close_tab(0)
    results = run.wait_ended(30)
    assert results is not None
    QApplication.processEvents()
    assert results.phase is RunPhase.STOPPED


def test_the_model_keeps_what_qt_asks_of_one(qtbot: QtBot) -> None:
    from wsinspector.conversation.sequences.reading import read_sequence
    from wsinspector.conversation.sequences.results import blank_results

    model = StepsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    read = read_sequence(ECHO, ("lab",))
    assert read.sequence is not None
    model.show(tuple(blank_results(read.sequence.steps)))
    model.show((), -1)
    assert tester.model() is model


def test_what_was_not_saved_is_found_again_at_the_next_start(open_window: Opener, qtbot: QtBot) -> None:
    page = open_window().page
    assert page is not None
    page.workbench.made().sequence.set_text(ECHO)
    page = open_window().page
    assert page is not None
    again = page.workbench.made().sequence
    assert again.edit.typed() == ECHO
    assert again.unsaved


def test_in_a_narrow_window_a_step_brings_the_log_to_the_front(
    qtbot: QtBot, desk: Desk, view: SequenceView
) -> None:
    page = desk.page
    assert page is not None
    desk.window.resize(900, 700)
    qtbot.waitUntil(page.switch.isVisible)
    assert page.switch.tabText(0) == "Sequences"
    page.switch.setCurrentIndex(0)
    view.set_text(ECHO)
    view.toggle_run()
    finished(qtbot, view)
    assert not page.frames.isVisible()
    view.steps.setCurrentIndex(view.steps.steps.index(2))
    QTest.keyClick(view.steps, Qt.Key.Key_Return)
    assert page.frames.isVisible()
    qtbot.waitUntil(lambda: page.frames.selected_numbers() == (2,))


def test_a_hidden_variable_goes_to_an_address_of_the_file_only_once_agreed_to(
    qtbot: QtBot, desk: Desk, view: SequenceView
) -> None:
    qtbot.waitUntil(lambda: desk.shelf.variables_writable)
    values = (Variable("token", "s3cr3t", secret=True), Variable("who", "ada"))
    assert desk.shelf.change_environments(Environments((VariableSet("staging", values),), "staging"))
    row = view.outside
    view.set_text(
        'url = "{{lab}}/echo"\n[variables]\nmade = "x{{token}}"\n[[step]]\nsend = "{{made}} {{who}}"\n'
    )
    assert view.told.full_text() == ""
    view.toggle_run()
    qtbot.waitUntil(row.isVisible)
    assert "hidden variables of the Library" in row.text.full_text()
    assert "made, token" in row.text.full_text()
    assert "who" not in row.text.full_text()
    assert row.no.hasFocus()
    QTest.keyClick(row.no, Qt.Key.Key_Return)
    assert view.run is None
    view.toggle_run()
    qtbot.waitUntil(row.isVisible)
    row.yes.click()
    assert finished(qtbot, view) is RunPhase.PASSED
    view.toggle_run()
    assert finished(qtbot, view) is RunPhase.PASSED
    view.set_text('url = "{{lab}}/echo"\n[[step]]\nsend = "{{who}}"\n')
    view.toggle_run()
    assert finished(qtbot, view) is RunPhase.PASSED
    assert not row.isVisible()
