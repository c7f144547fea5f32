"""The filter line over real connections to the lab: typing, mistakes, completion, history, cells, the end."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import Phase
from wsinspector.filter import parse, reference
from wsinspector.lab.server import Lab
from wsinspector.present.rows import Mode
from wsinspector.ui import theme
from wsinspector.ui.inspect.filter_line import FilterLine
from wsinspector.ui.inspect.filter_memory import MOST_RECENT, FilterMemory
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.log_columns import Column
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.learn.filter_page import FilterPage
from wsinspector.ui.settings import Settings

WAIT = 10_000


@pytest.fixture
def tab(qtbot: QtBot, engine: Engine) -> Iterator[TabState]:
    conversation = Conversation(engine)
    conversation.set_options(Options(timeout=5.0, body_idle=0.3))
    made = TabState(conversation)
    yield made
    made.stop()
    conversation.close()
    made.deleteLater()


@pytest.fixture
def pane(qtbot: QtBot, tab: TabState) -> Iterator[FramePane]:
    made = FramePane(tab)
    qtbot.addWidget(made)
    made.resize(870, 800)
    made.show()
    made.activateWindow()
    yield made
    made.stop()


@pytest.fixture
def line(qtbot: QtBot, pane: FramePane) -> FilterLine:
    found = pane.tools.filter
    found.field.setFocus()
    qtbot.waitUntil(found.field.hasFocus)
    return found


def open_echo(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, *texts: str) -> None:
    """An echo connection on which ``texts`` were sent and came back."""
    tab.set_address(lab.url_of("/echo"))
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.phase is Phase.OPEN, timeout=WAIT)
    qtbot.waitUntil(pane.send_bar.button.isEnabled, timeout=WAIT)
    for number, text in enumerate(texts, 1):
        pane.send_bar.edit.setPlainText(text)
        QTest.keyClick(pane.send_bar.edit, Qt.Key.Key_Return)
        qtbot.waitUntil(partial(has_rows, pane, 2 * number), timeout=WAIT)


def has_rows(pane: FramePane, wanted: int) -> bool:
    return len(shown(pane)) == wanted


def shown(pane: FramePane) -> list[str]:
    model = pane.view.table.log()
    if model is None:
        return []
    cells = [model.cells(row) for row in range(model.rowCount())]
    return [each.payload if each.type not in ("End", "") else each.type for each in cells]


def counts(pane: FramePane, text: str) -> Callable[[], bool]:
    return lambda: pane.tools.count.full_text() == text


def deed(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text().split("\t")[0] == text)


def test_a_mistake_is_marked_and_the_filter_of_before_stays(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, line: FilterLine
) -> None:
    open_echo(qtbot, tab, lab, pane, "a", "much longer")
    line.field.setText("size > 5")
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    qtbot.waitUntil(counts(pane, "2 of 4 frames"), timeout=WAIT)
    assert line.field.property("active")
    line.field.setText("size > x and fin == 1")
    assert not line.apply()
    mistake = parse("size > x and fin == 1").mistakes[0]
    assert line.field._mistakes[0] == mistake
    left, right = line.field.span_of(mistake)
    assert 0 < left < right < line.field.width()
    said = line.says.text.full_text()
    assert mistake.text in said
    assert "Still in force: size > 5" in said
    assert said == line.field.accessibleDescription()
    assert shown(pane) == ["much longer", "much longer"]
    line.field.grab()
    QTest.keyClick(line.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(counts(pane, "4 frames"), timeout=WAIT)
    assert line.says.isHidden()
    assert not line.field.property("active")


def test_what_is_not_typed_to_its_end_is_not_underlined(line: FilterLine) -> None:
    line.field.setText("type == ")
    assert not line.apply()
    assert not line.says.isHidden()
    assert line.field._mistakes == ()


def test_a_plain_word_is_never_wrong(line: FilterLine) -> None:
    for text in ("(", "a == ", '"', "what is this?", "*"):
        line.field.setText(text)
        assert line.apply() or not parse(text).word
        assert parse("(").word


def test_completions_in_sight_follow_the_look(pane: FramePane, line: FilterLine) -> None:
    QTest.keyClicks(line.field, "ty")
    popup, before = line.field.popup, theme.scheme()
    assert popup.isVisible()
    try:
        seen = set()
        for scheme in ("dark", "light", "contrast"):
            theme.set_scheme(scheme)
            assert theme.color("raised").name() in popup.styleSheet()
            seen.add(popup.grab().toImage().pixelColor(popup.width() - 6, 4).name())
        assert len(seen) == 3
    finally:
        theme.set_scheme(before)


def test_completions_are_offered_and_enter_is_not_stolen(
    qtbot: QtBot, pane: FramePane, line: FilterLine
) -> None:
    QTest.keyClicks(line.field, "ty")
    popup = line.field.popup
    assert popup.isVisible()
    assert popup.first() is not None
    assert popup.picked is None
    QTest.keyClick(line.field, Qt.Key.Key_Tab)
    assert line.field.text() == "type "
    assert line.field.hasFocus()
    QTest.keyClick(line.field, Qt.Key.Key_Down)
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert line.field.text() == "type == "
    QTest.keyClicks(line.field, "pi")
    assert popup.isVisible()
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert line.field.text() == "type == pi"
    assert line.wrong
    assert not popup.isVisible()
    line.field.setFocus()
    line.field.setText("type == ")
    line.field.offer()
    assert popup.isVisible()
    QTest.keyClick(line.field, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert line.field.text() == "type == "


def test_up_and_down_recall_what_was_used(line: FilterLine) -> None:
    for text in ("one", "two", "three"):
        line.field.setText(text)
        line._entered()
    line.field.clear()
    line.field.setFocus()
    line.field.settled()
    QTest.keyClick(line.field, Qt.Key.Key_Up)
    assert line.field.text() == "three"
    QTest.keyClick(line.field, Qt.Key.Key_Up)
    assert line.field.text() == "two"
    QTest.keyClick(line.field, Qt.Key.Key_Down)
    QTest.keyClick(line.field, Qt.Key.Key_Down)
    assert line.field.text() == ""
    line.menu._forget()
    assert line.memory.recent == []


def test_filters_are_saved_renamed_and_deleted_and_found_again(tmp_path: Path, line: FilterLine) -> None:
    settings = Settings(tmp_path / "window.ini")
    line.use(FilterMemory(settings))
    line.take('payload contains "a, b"')
    line._ask_name()
    line.naming.field.setText("with a comma")
    QTest.keyClick(line.naming.field, Qt.Key.Key_Return)
    assert line.naming.isHidden()
    settings.sync()
    again = FilterMemory(Settings(tmp_path / "window.ini"))
    assert again.saved == [("with a comma", 'payload contains "a, b"')]
    again.save("other", "type == ping")
    again.rename("with a comma", "mine")
    assert [name for name, _ in again.saved] == ["mine", "other"]
    again.delete("mine")
    assert again.text_of("mine") is None
    for number in range(MOST_RECENT + 5):
        again.used(f"word {number}")
    assert len(again.recent) == MOST_RECENT
    assert again.recent[0] == f"word {MOST_RECENT + 4}"


def test_a_name_that_is_taken_is_not_replaced_unasked(line: FilterLine) -> None:
    line.memory.save("mine", "one")
    line.take("two")
    line._ask_name()
    line.naming.field.setText("mine")
    QTest.keyClick(line.naming.field, Qt.Key.Key_Return)
    assert line.memory.text_of("mine") == "one"
    QTest.keyClick(line.naming.field, Qt.Key.Key_Return)
    assert line.memory.text_of("mine") == "two"


def test_a_cell_filters_and_is_left_out(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, line: FilterLine
) -> None:
    open_echo(qtbot, tab, lab, pane, '{"event": "price", "n": 1.50}', "plain")
    table = pane.view.table
    table.select_row(0)
    menu = table.menu(Column.DIRECTION)
    deed(menu, "Only what was sent").trigger()
    assert line.field.text() == "dir == out"
    qtbot.waitUntil(counts(pane, "2 of 4 frames"), timeout=WAIT)
    assert table.currentIndex().row() == 0
    without = deed(table.menu(), "Without").menu()
    assert isinstance(without, QMenu)
    deed(without, 'event: "price"').trigger()
    assert line.field.text() == 'dir == out and not json.event == "price"'
    qtbot.waitUntil(counts(pane, "1 of 4 frames"), timeout=WAIT)
    assert shown(pane) == ["plain"]
    line.clear()
    table.select_row(0)
    only = deed(table.menu(), "Only").menu()
    assert isinstance(only, QMenu)
    deed(only, "n: 1.50").trigger()
    qtbot.waitUntil(counts(pane, "2 of 4 frames"), timeout=WAIT)


def click(
    pane: FramePane, row: int, column: Column, button: Qt.MouseButton, held: Qt.KeyboardModifier
) -> None:
    table = pane.view.table
    lane = table.columns.lanes()[column]
    at = table.visualRect(table.log().index(row, 0)).center()  # type: ignore[union-attr]
    at.setX(round(lane.left + 24))
    QTest.mouseClick(table.viewport(), button, held, at)


ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize(
    ("button", "held"), [(Qt.MouseButton.LeftButton, ALT), (Qt.MouseButton.MiddleButton, NONE)]
)
def test_one_click_on_a_cell_filters_by_it_or_leaves_it_out(
    qtbot: QtBot,
    tab: TabState,
    lab: Lab,
    pane: FramePane,
    line: FilterLine,
    button: Qt.MouseButton,
    held: Qt.KeyboardModifier,
) -> None:
    open_echo(qtbot, tab, lab, pane, '{"event": "price", "n": 1.50, "of": 3}', "plain", '{"event": "tick"}')
    for row, column, shift, expected in (
        (0, Column.DIRECTION, NONE, "dir == out"),
        (0, Column.DIRECTION, SHIFT, "dir != out"),
        (2, Column.TYPE, SHIFT, "type != text"),
        (2, Column.SIZE, NONE, "size == 5"),
        (2, Column.PAYLOAD, NONE, 'payload == "plain"'),
        (0, Column.PAYLOAD, NONE, 'payload == "{\\"event\\": \\"price\\", \\"n\\": 1.50, \\"of\\": 3}"'),
        (4, Column.PAYLOAD, SHIFT, 'not json.event == "tick"'),
        (3, Column.NUMBER, NONE, "message == 4"),
    ):
        click(pane, row, column, button, held | shift)
        assert line.field.text() == expected
        assert pane.view.table.selected_count() <= 1
        assert line.condition is not None
        line.clear()
        qtbot.waitUntil(partial(has_rows, pane, 6), timeout=WAIT)
    pane.view.table.select_row(2)
    QTest.keyClick(pane.view.table, Qt.Key.Key_Minus)
    assert line.field.text() == "type != text"
    line.clear()
    qtbot.waitUntil(partial(has_rows, pane, 6), timeout=WAIT)
    QTest.keyClick(pane.view.table, Qt.Key.Key_Equal)
    assert line.field.text() == "type == text"


def test_heartbeats_go_with_one_click(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, line: FilterLine
) -> None:
    tab.set_address(lab.url_of("/pings"))
    tab.connect_now()
    pane.tools.modes.segments[1].click()
    qtbot.waitUntil(lambda: pane.model is not None and len(pane.model.rows.index) > 3, timeout=WAIT)
    model = pane.model
    assert model is not None
    row = next(row for row in range(model.rowCount()) if model.cells(row).type == "Ping")
    pane.view.table.select_row(row)
    deed(pane.view.table.menu(Column.TYPE), "Without pings and pongs").trigger()
    qtbot.waitUntil(lambda: pane.filtering.choice.whole, timeout=WAIT)
    wanted = line.field.text()
    line.clear()
    qtbot.waitUntil(
        lambda: "Ping" in {model.cells(row).type for row in range(model.rowCount())}, timeout=WAIT
    )
    beats = pane.tools.beats
    assert not beats.is_on(0)
    QTest.mouseClick(beats.segments[0], Qt.MouseButton.LeftButton)
    assert (line.field.text(), beats.is_on(0)) == (wanted, True)
    QTest.mouseClick(beats.segments[0], Qt.MouseButton.LeftButton)
    assert (line.field.text(), line.condition, beats.is_on(0)) == ("", None, False)
    qtbot.waitUntil(
        lambda: "Ping" in {model.cells(row).type for row in range(model.rowCount())}, timeout=WAIT
    )
    row = next(row for row in range(model.rowCount()) if model.cells(row).type == "Ping")
    click(pane, row, Column.TYPE, Qt.MouseButton.LeftButton, ALT | SHIFT)
    assert line.field.text() == wanted
    assert beats.is_on(0)
    qtbot.waitUntil(lambda: pane.filtering.choice.whole, timeout=WAIT)
    assert not {model.cells(row).type for row in range(model.rowCount())} & {"Ping", "Pong"}


@pytest.mark.parametrize("mode", [Mode.MESSAGES, Mode.FRAMES])
def test_the_end_fits_by_its_code(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, line: FilterLine, mode: Mode
) -> None:
    pane.tools.modes.segments[int(mode is Mode.FRAMES)].click()
    open_echo(qtbot, tab, lab, pane, "x")
    tab.conversation.attempts[-1].abort()
    qtbot.waitUntil(lambda: shown(pane)[-1] == "End", timeout=WAIT)
    line.take("close.code == 1006")
    qtbot.waitUntil(lambda: shown(pane) == ["End"], timeout=WAIT)
    qtbot.waitUntil(counts(pane, "only the end, of 2 frames"), timeout=WAIT)
    line.take("close.code == 1000")
    qtbot.waitUntil(lambda: shown(pane) == [], timeout=WAIT)
    assert "No frame fits" in pane.view.table.empty_text
    qtbot.waitUntil(lambda: line.says.act.text() == "Clear filter", timeout=WAIT)
    line.says.act.click()
    qtbot.waitUntil(lambda: len(shown(pane)) == 3, timeout=WAIT)


def test_what_is_hidden_above_is_not_counted(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, line: FilterLine
) -> None:
    open_echo(qtbot, tab, lab, pane, "x", "yy", "x")
    line.take("size == 1")
    qtbot.waitUntil(counts(pane, "4 of 6 frames"), timeout=WAIT)
    pane.view.table.select_row(2)
    pane.places.act("from-here")
    qtbot.waitUntil(counts(pane, "2 of 2 frames"), timeout=WAIT)
    assert shown(pane) == ["x", "x"]
    line.clear()
    qtbot.waitUntil(counts(pane, "2 of 6 frames"), timeout=WAIT)
    pane.places.act("from-start")
    qtbot.waitUntil(counts(pane, "6 frames"), timeout=WAIT)


def test_what_is_offered_stays_when_the_count_grows(qtbot: QtBot, pane: FramePane, line: FilterLine) -> None:
    QTest.keyClicks(line.field, "siz")
    popup = line.field.popup
    qtbot.waitUntil(popup.isVisible, timeout=WAIT)
    before = line.field.width()
    line.show_count("100 of 1 010 010 frames, and more", busy=True, stopped=False)
    qtbot.waitUntil(lambda: line.field.width() < before, timeout=WAIT)
    assert popup.isVisible()
    QTest.keyClick(line.field, Qt.Key.Key_Tab)
    assert line.field.text().startswith("size")
    assert line.field.hasFocus()


def test_the_count_keeps_its_width_while_one_types(pane: FramePane, line: FilterLine) -> None:
    line.show_count("11 111 of 88 888 frames", busy=False, stopped=False)
    widest = line.count.minimumWidth()
    line.show_count("1 of 88 888 frames", busy=False, stopped=False)
    assert line.count.minimumWidth() == widest
    line.show_count("", busy=False, stopped=False)
    assert line.count.minimumWidth() < widest


def test_none_fits_is_said_only_once_all_were_looked_through(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, line: FilterLine
) -> None:
    open_echo(qtbot, tab, lab, pane, "x", "y")
    line.take("size > 99")
    assert pane.view.table.empty_text.startswith("Looking for frames that fit “size > 99”")
    qtbot.waitUntil(lambda: "No frame fits" in pane.view.table.empty_text, timeout=WAIT)


def test_where_one_was_taken_instead_is_said_first_and_not_after_the_filter(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, line: FilterLine
) -> None:
    open_echo(qtbot, tab, lab, pane, "x", "y")
    line.take("payload contains x and size > 0 and size < 50")
    qtbot.waitUntil(lambda: shown(pane) == ["x", "x"], timeout=WAIT)
    qtbot.waitUntil(lambda: not pane.filtering.looking, timeout=WAIT)
    bar = pane.places.area.jump
    pane.places.act("jump")
    bar.field.setText("4")
    bar.entered.emit(False)
    said = bar.said.full_text()
    assert said == "Nearest is #2: #4 is hidden by the filter “payload contains x and …”."
    line.take("size == 1")
    assert bar.said.full_text() == ""


def test_a_filter_in_force_does_not_look_focused(
    qtbot: QtBot, qapp: QApplication, pane: FramePane, line: FilterLine
) -> None:
    theme.apply(qapp)

    def edge() -> str:
        image = line.field.grab().toImage()
        return image.pixelColor(image.width() // 2, 0).name()

    qtbot.waitUntil(line.field.hasFocus, timeout=WAIT)
    assert edge() == theme.color("focus").name()
    line.take("size == 1")
    assert edge() == theme.color("focus").name()
    pane.view.table.setFocus()
    assert edge() == theme.color("line").name()
    image = line.field.grab().toImage()
    bar = image.pixelColor(1, image.height() // 2).name()
    line.clear()
    assert bar != line.field.grab().toImage().pixelColor(1, image.height() // 2).name()


def test_marks_that_change_change_what_fits(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, line: FilterLine
) -> None:
    open_echo(qtbot, tab, lab, pane, "x", "y")
    line.take("has mark")
    qtbot.waitUntil(counts(pane, "0 of 4 frames"), timeout=WAIT)
    pane.places.marking.toggle(2)
    qtbot.waitUntil(counts(pane, "1 of 4 frames"), timeout=WAIT)
    assert shown(pane) == ["x"]


def test_toggles_and_filter_work_together_and_say_what_hides(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, line: FilterLine
) -> None:
    open_echo(qtbot, tab, lab, pane, "x", "yy")
    line.take("size == 1")
    qtbot.waitUntil(counts(pane, "2 of 4 frames"), timeout=WAIT)
    assert "by the filter “size == 1”" in pane.filtering.why_hidden(3)
    run = pane.filtering.choice._run
    for at in (0, 3):
        pane.tools.kinds.segments[at].click()
    qtbot.waitUntil(lambda: line.says.act.text() == "Show all kinds", timeout=WAIT)
    assert pane.filtering.choice._run is run  # nothing is decided twice
    assert shown(pane) == []
    line.says.act.click()
    qtbot.waitUntil(lambda: shown(pane) == ["x", "x"], timeout=WAIT)


def test_looking_can_be_stopped_and_goes_on(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, line: FilterLine
) -> None:
    open_echo(qtbot, tab, lab, pane, "x", "y")
    line.take("size == 1")
    choice = pane.filtering.choice
    choice.stop()
    choice.resume()
    qtbot.waitUntil(counts(pane, "4 of 4 frames"), timeout=WAIT)
    assert choice.whole


def test_every_example_of_the_page_can_be_read_and_tried(qtbot: QtBot) -> None:
    page = FilterPage()
    qtbot.addWidget(page)
    assert [row.entry.name for row in page.rows] == [entry.name for entry in reference()]
    for row in page.rows:
        assert parse(row.example.example).ok
    with qtbot.waitSignal(page.filter_asked) as asked:
        page.rows[2].example.click()
    assert asked.args == [page.rows[2].entry.example]
    page.search.setText("websocket.opcode")
    assert [row.entry.name for row in page.rows if not row.isHidden()] == ["opcode"]
    page.search.setText("nothing has this")
    assert not page.nothing.isHidden()


def test_f1_in_the_filter_asks_for_the_reference(qtbot: QtBot, line: FilterLine) -> None:
    with qtbot.waitSignal(line.help_asked):
        QTest.keyClick(line.field, Qt.Key.Key_F1)
