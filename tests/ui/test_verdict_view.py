"""The verdict in sight: badges fold, a click opens why and tells what to light."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from wsinspector.present.verdict_rows import Badge, VerdictLines, VerdictRow
from wsinspector.protocol.spans import Span
from wsinspector.ui import theme
from wsinspector.ui.inspect.role_label import RoleLabel
from wsinspector.ui.inspect.verdict_view import VerdictLine, VerdictView
from wsinspector.verdicts.finding import Subject

FAILS = VerdictRow("✕", "fault", "Found", "RFC 6455 §4.1", "Why.", (Subject("response", Span(0, 4)),))
ABOUT = VerdictRow("✕", "note", "Sent so", "RFC 6455 §4.2.2", "Because.", (), "request-version")
NOTES = VerdictRow("!", "note", "<b>Odd</b>", "RFC 9110 §8.6", "Because.")
PASSES = VerdictRow("✓", "ok", "Fine", "RFC 6455 §4.1")
LINES = VerdictLines(
    (Badge("1 violation", "fault"), Badge("1 passed", "ok", True)), (FAILS, NOTES), (PASSES,)
)


@pytest.fixture
def view(qtbot: QtBot) -> VerdictView:
    made = VerdictView()
    qtbot.addWidget(made)
    made.resize(420, 300)
    made.show_lines(LINES)
    made.show()
    return made


def test_failures_and_notes_are_open_and_passes_folded(view: VerdictView) -> None:
    assert [line.row for line in view.lines()] == [FAILS, NOTES]
    assert [badge.text() for badge in view.badges()] == ["1 violation", "1 passed"]


def test_the_badge_of_passes_opens_them_by_key_and_click(view: VerdictView) -> None:
    QTest.keyClick(view.badges()[1], Qt.Key.Key_Return)
    assert [line.row for line in view.lines()] == [FAILS, NOTES, PASSES]
    QTest.mouseClick(view.badges()[1], Qt.MouseButton.LeftButton)
    assert [line.row for line in view.lines()] == [FAILS, NOTES]


def test_a_click_opens_why_and_lights_and_another_closes(view: VerdictView, qtbot: QtBot) -> None:
    line = view.lines()[0]
    with qtbot.waitSignal(view.picked, check_params_cb=lambda row: row == FAILS):
        QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    assert [one.is_open for one in view.lines()] == [True, False]
    with qtbot.waitSignal(view.picked, check_params_cb=lambda row: row is None):
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert [one.is_open for one in view.lines()] == [False, False]


def test_only_one_line_is_open(view: VerdictView) -> None:
    first, second = view.lines()
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    assert (first.is_open, second.is_open) == (False, True)


def test_an_open_line_stays_open_when_more_is_known(view: VerdictView) -> None:
    QTest.mouseClick(view.lines()[0], Qt.MouseButton.LeftButton)
    view.show_lines(VerdictLines(LINES.badges, (FAILS, NOTES, NOTES), LINES.passed))
    assert view.lines()[0].is_open


def test_lines_are_read_aloud_with_their_kind(view: VerdictView) -> None:
    assert view.lines()[0].accessibleName() == "Fails: Found, RFC 6455 §4.1"
    assert view.lines()[0].accessibleDescription() == "Why."


def test_nothing_to_judge_says_what_would_fill_it(view: VerdictView) -> None:
    view.show_lines(VerdictLines(empty="Connect first."))
    assert view.lines() == []
    assert view.badges() == []


def test_the_clause_leads_to_the_rule_and_the_rest_of_the_line_does_not(
    view: VerdictView, qtbot: QtBot
) -> None:
    view.show_lines(VerdictLines(rows=(ABOUT, FAILS)))
    line, without = view.lines()
    qtbot.waitUntil(lambda: line.clause.x() > line.width() // 2)
    with qtbot.waitSignal(view.about_asked) as asked:
        QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=line.clause.geometry().center())
    assert asked.args == ["request-version"]
    assert not line.is_open
    with qtbot.assertNotEmitted(view.about_asked):
        QTest.mouseClick(without, Qt.MouseButton.LeftButton, pos=without.clause.geometry().center())
        QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    assert line.is_open


def test_the_menu_of_a_line_leads_to_its_rule_and_copies_it(view: VerdictView, qtbot: QtBot) -> None:
    view.show_lines(VerdictLines(rows=(ABOUT, FAILS)))
    line, without = view.lines()
    about, copy = line.menu().actions()
    with qtbot.waitSignal(view.about_asked) as asked:
        about.trigger()
    assert asked.args == ["request-version"]
    copy.trigger()
    assert QGuiApplication.clipboard().text() == "✕ Sent so (RFC 6455 §4.2.2)\nBecause."
    assert not without.menu().actions()[0].isEnabled()


def test_a_key_leads_to_the_rule_of_the_open_line_else_of_the_first(view: VerdictView, qtbot: QtBot) -> None:
    second = VerdictRow("!", "note", "Odd", "RFC 9110 §8.6", "Because.", (), "request-body")
    view.show_lines(VerdictLines(rows=(FAILS, ABOUT, second)))
    with qtbot.waitSignal(view.about_asked) as first:
        view.ask_about()
    view.lines()[2].toggle()
    with qtbot.waitSignal(view.about_asked) as opened:
        view.ask_about()
    assert (first.args, opened.args) == (["request-version"], ["request-body"])


def test_what_introduces_lines_is_no_line_itself(view: VerdictView) -> None:
    lead = VerdictRow("", "text", "A conforming server must refuse this, because:", "")
    view.show_lines(VerdictLines(rows=(lead, ABOUT)))
    assert view.leads() == [lead.text]
    assert [line.row for line in view.lines()] == [ABOUT]
    view.show_lines(LINES)
    assert view.leads() == []


def test_a_line_keeps_the_focus_when_more_is_known(view: VerdictView, qtbot: QtBot) -> None:
    with qtbot.waitActive(view):
        view.activateWindow()
    view.lines()[0].setFocus()
    view.show_lines(VerdictLines(LINES.badges, (FAILS, NOTES, ABOUT), LINES.passed))
    assert view.lines()[0].hasFocus()


def test_a_line_keeps_the_colours_of_its_parts(qtbot: QtBot) -> None:
    row = VerdictRow("✕", "fault", "Status 426, expected 101.", "RFC 6455 §4.1", "Only a 101 opens.")
    line = VerdictLine(row)
    qtbot.addWidget(line)
    mark, *_ = line.findChildren(RoleLabel)
    assert mark.palette().color(mark.foregroundRole()) == theme.color("fault")
