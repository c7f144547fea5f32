"""Find, go to, marks, pinned pairs and from here, over real connections and a captured file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from wsinspector.capture import CaptureReader, CaptureWriter
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import Phase
from wsinspector.lab.server import Lab
from wsinspector.present.marks import Mark, Marks
from wsinspector.present.rows import Mode
from wsinspector.present.rowtext import TimeStyle
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.marks_list import MarksModel
from wsinspector.ui.inspect.tab import TabState

WAIT = 10_000
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def opened(engine: Engine, path: Path | None) -> TabState:
    conversation = (
        Conversation.open(engine, path) if path is not None and path.exists() else Conversation(engine, path)
    )
    conversation.set_options(Options(timeout=5.0, body_idle=0.3))
    return TabState(conversation)


@pytest.fixture
def tab(qtbot: QtBot, engine: Engine, tmp_path: Path) -> Iterator[TabState]:
    made = opened(engine, tmp_path / "kept.wsi")
    yield made
    made.stop()
    made.conversation.close()
    made.deleteLater()


def pane_of(qtbot: QtBot, tab: TabState) -> FramePane:
    made = FramePane(tab)
    qtbot.addWidget(made)
    made.resize(900, 800)
    made.show()
    return made


@pytest.fixture
def pane(qtbot: QtBot, tab: TabState) -> Iterator[FramePane]:
    made = pane_of(qtbot, tab)
    yield made
    made.stop()


def connect(qtbot: QtBot, tab: TabState, lab: Lab, path: str) -> None:
    tab.set_address(lab.url_of(path))
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.phase is Phase.OPEN, timeout=WAIT)


def chat(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, count: int = 40) -> None:
    """A finished conversation with many texts from the lab."""
    pane.tools.modes.segments[1].click()
    connect(qtbot, tab, lab, f"/chat?every=1&count={count}")
    qtbot.waitUntil(lambda: frames(pane) >= count, timeout=WAIT)
    tab.end_live()
    qtbot.waitUntil(lambda: tab.snapshot is not None and not tab.snapshot.live, timeout=WAIT)
    qtbot.waitUntil(
        lambda: (
            (model := pane.view.table.log()) is not None
            and model.snapshot is not None
            and not model.snapshot.live
            and not model.behind
        ),
        timeout=WAIT,
    )


def echo(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, *texts: str) -> None:
    """A live conversation in which each text is sent and comes back."""
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(pane.send_bar.button.isEnabled, timeout=WAIT)
    for at, text in enumerate(texts, 1):
        pane.send_bar.edit.setPlainText(text)
        QTest.keyClick(pane.send_bar.edit, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda n=2 * at: frames(pane) >= n, timeout=WAIT)  # type: ignore[misc]


def frames(pane: FramePane) -> int:
    model = pane.view.table.log()
    return 0 if model is None else len(model.rows.index)


def current(pane: FramePane) -> int:
    return pane.places.number()


def press(
    pane: FramePane, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(pane.view.table, key, modifier)


def pick(pane: FramePane, number: int) -> None:
    assert pane.places.go_to(number)


def said_row(pane: FramePane, number: int) -> str:
    model = pane.view.table.log()
    assert model is not None
    row = model.rows.row_of_frame(number)
    assert row is not None
    return str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole))


# -- marks


def test_m_marks_with_a_name_and_takes_off_again(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    chat(qtbot, tab, lab, pane)
    pick(pane, 3)
    press(pane, Qt.Key.Key_M)
    bar = pane.places.marking.bar
    assert bar.isVisible()
    QTest.keyClicks(bar.field, "login ok")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert not bar.isVisible()
    assert "marked login ok" in said_row(pane, 3)
    assert pane.places.marking.marks.numbers == (3,)
    qtbot.waitUntil(lambda: not pane.places.marking._unkept, timeout=WAIT)
    press(pane, Qt.Key.Key_M)
    assert "marked" not in said_row(pane, 3)
    press(pane, Qt.Key.Key_M)
    assert "marked login ok" in said_row(pane, 3)
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    pick(pane, 9)
    press(pane, Qt.Key.Key_M)
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    pick(pane, 1)
    pane.places.act("next-mark")
    assert current(pane) == 3
    pane.places.act("next-mark")
    assert current(pane) == 9
    pane.places.act("next-mark")
    assert current(pane) == 9
    pane.places.act("previous-mark")
    assert current(pane) == 3


def test_marks_and_notes_survive_reopening(qtbot: QtBot, engine: Engine, lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "kept.wsi"
    first = opened(engine, path)
    pane = pane_of(qtbot, first)
    chat(qtbot, first, lab, pane)
    pick(pane, 5)
    pane.places.act("mark")
    pane.places.marking.bar.leave()
    box = pane.detail.mark
    assert box.isVisible()
    box.note.setPlainText("two\nlines")  # told when the pane goes, though nobody waited
    box.name.setText("here")
    pane.stop()
    first.stop()
    first.conversation.close()
    with CaptureReader(path) as reader:
        (row,) = reader.marks(1)
        assert (row.frame, row.name, row.note) == (5, "here", "two\nlines")
    again = opened(engine, path)
    pane = pane_of(qtbot, again)
    again.pick(1)
    qtbot.waitUntil(lambda: pane.places.marking.marks.numbers == (5,), timeout=WAIT)
    qtbot.waitUntil(lambda: frames(pane) > 5, timeout=WAIT)
    pick(pane, 5)
    assert pane.detail.mark.note.toPlainText() == "two\nlines"
    assert "marked here" in said_row(pane, 5)
    pane.places.marking.set_name(5, "renamed")
    qtbot.waitUntil(lambda: not pane.places.marking._unkept, timeout=WAIT)
    pane.stop()
    again.stop()
    again.conversation.close()
    with CaptureReader(path) as reader:
        assert [mark.name for mark in reader.marks(1)] == ["renamed"]


def test_the_list_of_marks_leads_to_them(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, qtmodeltester: ModelTester
) -> None:
    chat(qtbot, tab, lab, pane)
    listed = pane.places.marking.list
    qtmodeltester.check(listed.model)  # type: ignore[no-untyped-call]
    pane.places.act("marks")
    assert listed.isVisible()
    QTest.keyClick(listed, Qt.Key.Key_Escape)
    assert not listed.isVisible()
    for number in (4, 30):
        pick(pane, number)
        pane.places.act("mark")
        pane.places.marking.bar.leave()
    pane.places.act("marks")
    assert listed.title.full_text() == "2 marks"
    assert listed.list.currentIndex().row() == 1
    QTest.keyClick(listed.list, Qt.Key.Key_Up)
    QTest.keyClick(listed.list, Qt.Key.Key_Return)
    assert current(pane) == 4
    QTest.keyClick(listed.list, Qt.Key.Key_Delete)
    assert pane.places.marking.marks.numbers == (30,)


def test_a_list_model_of_marks(qtmodeltester: ModelTester) -> None:
    model = MarksModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.show_marks(Marks([(1200, Mark("<b>x", "first\nsecond")), (7, Mark())]))
    texts = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert texts == ["⚑ #7", "⚑ #1\u2009200  <b>x · first"]
    assert model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole).startswith("<qt>&lt;b&gt;x")


def test_what_cannot_be_kept_is_said(qtbot: QtBot, engine: Engine, lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "kept.wsi"
    first = opened(engine, path)
    pane = pane_of(qtbot, first)
    chat(qtbot, first, lab, pane)
    pane.stop()
    first.stop()
    first.conversation.close()
    holder = CaptureWriter.open(path)  # as another program would
    try:
        other = TabState(Conversation.open(engine, path, read_only=True))
        pane = pane_of(qtbot, other)
        pane.tools.modes.segments[1].click()
        other.pick(1)
        qtbot.waitUntil(lambda: frames(pane) > 5, timeout=WAIT)
        pick(pane, 2)
        pane.places.act("mark")
        said = pane.places.marking.bar.said
        qtbot.waitUntil(
            lambda: said.full_text().startswith("Not kept yet, only shown: This capture is only read."),
            timeout=WAIT,
        )
        assert "marked" in said_row(pane, 2)
        assert pane.detail.mark.trouble.isVisible()
        pane.stop()
        other.stop()
        other.conversation.close()
    finally:
        holder.close()
    with CaptureReader(path) as reader:
        assert reader.marks(1) == []


def test_times_since_the_mark_above(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    chat(qtbot, tab, lab, pane)
    pick(pane, 4)
    pane.places.act("mark")
    pane.places.marking.bar.leave()
    seen = []
    for _ in TimeStyle:
        press(pane, Qt.Key.Key_T)
        seen.append(pane.view.header.times)
    assert seen == [TimeStyle.RELATIVE, TimeStyle.DELTA, TimeStyle.MARK, TimeStyle.ABSOLUTE]
    pane.view.header.set_style(TimeStyle.MARK)
    model = pane.view.table.log()
    assert model is not None
    rows = {number: model.cells(model.rows.row_of_frame(number) or 0).time for number in (1, 4, 5)}
    assert rows[4] == "+0.000 ms"
    assert rows[1].startswith("−")
    assert rows[5].startswith("+")
    assert model.cells(model.rowCount() - 1).time.startswith("+")


# -- find


def find(qtbot: QtBot, pane: FramePane, text: str) -> None:
    pane.places.act("find")
    pane.places.area.seek.field.setText(text)
    pane.places.area.seek.settle()
    qtbot.waitUntil(lambda: finished(pane), timeout=WAIT)


def finished(pane: FramePane) -> bool:
    said = pane.places.area.seek.said.full_text()
    return bool(said) and "+" not in said and "looking" not in said


def test_hits_are_gone_through_round_the_end(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    echo(qtbot, tab, lab, pane, "apple", "pear", "an Apple")
    pick(pane, 3)
    seek = pane.places.area.seek
    find(qtbot, pane, "apple")
    assert current(pane) == 5
    assert seek.said.full_text() == "3 of 4"
    QTest.keyClick(seek.field, Qt.Key.Key_Return)
    assert current(pane) == 6
    pane.places.act("find-next")
    assert current(pane) == 1
    assert seek.said.full_text() == "1 of 4, from the top"
    QTest.keyClick(seek.field, Qt.Key.Key_Return, SHIFT)
    assert current(pane) == 6
    assert seek.said.full_text() == "4 of 4, from the end"
    model = pane.view.table.log()
    assert model is not None
    assert len(model.rows.keys) == 6  # nothing was hidden
    pane.send_bar.edit.setPlainText("apple again")
    QTest.keyClick(pane.send_bar.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: seek.said.full_text().startswith("4 of 6"), timeout=WAIT)
    QTest.keyClick(seek.field, Qt.Key.Key_Escape)
    assert not seek.isVisible()
    assert not pane.view.table.delegate.find


def test_what_is_found_is_lit_in_the_payload(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    echo(qtbot, tab, lab, pane, "one 😀 needle, and a NEEDLE")
    find(qtbot, pane, "needle")
    text = pane.detail.payload.text
    qtbot.waitUntil(lambda: len(text.extraSelections()) == 2, timeout=WAIT)
    found = [selection.cursor.selectedText() for selection in text.extraSelections()]
    assert found == ["needle", "NEEDLE"]
    pane.detail.payload.views.segments[2].click()
    at = "one 😀 ".encode()
    qtbot.waitUntil(lambda: pane.detail.payload.hex.lit()[:1] == ((len(at), len(at) + 6),), timeout=WAIT)
    pane.places.area.seek.leave()
    assert not text.extraSelections()


def test_rows_are_painted_with_what_is_found(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    echo(qtbot, tab, lab, pane, "apple", "x" * 400 + "apple")
    before = pane.view.table.viewport().grab().toImage()
    find(qtbot, pane, "apple")
    pane.view.table.clearSelection()
    pane.view.table.setCurrentIndex(pane.view.table.model().index(-1, 0))
    after = pane.view.table.viewport().grab().toImage()
    assert before.size() == after.size() or after.height() < before.height()
    lit = pane.view.table.delegate._color("lit")
    colours = [
        {after.pixelColor(x, y).name() for x in range(after.width())}
        for y in range(pane.view.table.rowHeight(0) // 2, 4 * pane.view.table.rowHeight(0), 2)
    ]
    assert any(lit.name() in row for row in colours)


def test_not_found_and_only_hidden(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    echo(qtbot, tab, lab, pane, "apple")
    find(qtbot, pane, "nowhere")
    assert pane.places.area.seek.said.full_text() == "not found"
    pane.tools.kinds.segments[0].click()
    pane.tools.kinds.segments[3].click()
    find(qtbot, pane, "apple")
    assert pane.places.area.seek.said.full_text() == "only in rows that are hidden"
    pane.tools.kinds.segments[0].click()
    qtbot.waitUntil(
        lambda: pane.places.area.seek.said.full_text() in ("1 of 2", "2 of 2", "2 found"), timeout=WAIT
    )


# -- go to


def jump(pane: FramePane, text: str) -> str:
    pane.places.act("jump")
    field = pane.places.area.jump.field
    field.setText(text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    return pane.places.area.jump.said.full_text()


def test_go_to_a_number_or_a_time(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    chat(qtbot, tab, lab, pane)
    assert jump(pane, "17") == ""
    assert current(pane) == 17
    assert not pane.places.area.jump.isVisible()
    jump(pane, "+2")
    assert current(pane) == 19
    assert "Neither a number nor a time" in jump(pane, "yesterday")
    assert pane.places.area.jump.isVisible()
    assert current(pane) == 19
    jump(pane, "0s")
    qtbot.waitUntil(lambda: current(pane) == 1, timeout=WAIT)
    jump(pane, "20h")
    last = frames(pane)
    qtbot.waitUntil(lambda: current(pane) == last, timeout=WAIT)
    assert "last frame" in pane.places.area.jump.said.full_text()
    QTest.keyClick(pane.places.area.jump.field, Qt.Key.Key_Escape)
    assert not pane.places.area.jump.isVisible()


def test_a_hidden_frame_is_said_and_the_nearest_picked(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    chat(qtbot, tab, lab, pane)
    pick(pane, 10)
    press(pane, Qt.Key.Key_H)
    assert "hidden above" in jump(pane, "3")
    assert current(pane) == 10
    pane.places.area.jump.leave()
    press(pane, Qt.Key.Key_H, SHIFT)
    for at in (0, 1, 3):
        pane.tools.kinds.segments[at].click()
    assert "hidden by the toggles" in jump(pane, "12")


# -- from here


def test_a_hidden_mark_is_said(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    chat(qtbot, tab, lab, pane)
    pick(pane, 3)
    pane.places.act("mark")
    pane.places.marking.bar.leave()
    pick(pane, 10)
    press(pane, Qt.Key.Key_H)
    pane.places.act("previous-mark")
    assert pane.places.area.jump.said.full_text().endswith("#3 is hidden above (Shift+H).")
    press(pane, Qt.Key.Key_H, SHIFT)
    pane.places.act("previous-mark")
    assert current(pane) == 3


def test_a_pattern_is_found_and_a_wrong_one_said(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    echo(qtbot, tab, lab, pane, "order 17", "order x")
    seek = pane.places.area.seek
    pane.places.act("find")
    seek.ways.segments[1].click()
    seek.field.setText("order (")
    seek.settle()
    assert seek.said.full_text().startswith("No pattern: ")
    pick(pane, 1)
    find(qtbot, pane, r"ORDER \d+")
    assert seek.said.full_text() == "1 of 2"
    text = pane.detail.payload.text
    qtbot.waitUntil(lambda: len(text.extraSelections()) == 1, timeout=WAIT)
    assert text.extraSelections()[0].cursor.selectedText() == "order 17"


def test_show_from_here_hides_and_gives_back(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    chat(qtbot, tab, lab, pane)
    model = pane.view.table.log()
    assert model is not None
    rows = model.rowCount()
    pick(pane, 10)
    press(pane, Qt.Key.Key_H)
    chip = pane.places.area.hidden_above
    assert chip.chip.text().startswith("9 frames above are hidden")
    assert model.cells(0).number == "10"
    assert current(pane) == 10
    assert model.rows.mode is Mode.FRAMES
    assert model.cells(0).number == "10"
    chip.chip.click()
    assert not chip.isVisible()
    assert model.rowCount() >= rows
    assert model.cells(0).number == "1"


def test_what_lies_within_a_message_is_opened(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    chat(qtbot, tab, lab, pane)
    model = pane.view.table.log()
    assert model is not None
    index = model.rows.index
    inner = next(number for number in range(1, len(index) + 1) if index.head_of(number) != number)
    head = index.head_of(inner)
    pane.tools.modes.segments[0].click()
    jump(pane, str(inner))
    assert current(pane) == inner
    press(pane, Qt.Key.Key_M)
    pane.places.marking.bar.leave()
    assert pane.places.marking.marks.numbers == (inner,)
    press(pane, Qt.Key.Key_Left)
    assert current(pane) == head
    press(pane, Qt.Key.Key_Left)
    assert "marked" in said_row(pane, head)  # told from outside too
    pick(pane, head)
    press(pane, Qt.Key.Key_H)
    assert pane.places.first == head


# -- pairs


def test_two_pins_make_a_pair_that_stays(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    chat(qtbot, tab, lab, pane)
    pairs = pane.places.area.pairs
    pick(pane, 2)
    press(pane, Qt.Key.Key_P)
    assert pairs.chips[0].go.text().startswith("#2 pinned")
    assert "pinned" in said_row(pane, 2)
    pick(pane, 12)
    press(pane, Qt.Key.Key_P)
    assert len(pairs.chips) == 1
    assert pairs.chips[0].go.text().startswith("#2 → #12: ")
    assert pairs.chips[0].go.text().endswith("9 frames between")
    assert "pair 1" in said_row(pane, 12)
    pairs.chips[0].go.click()
    assert current(pane) == 2
    pairs.chips[0].go.click()
    assert current(pane) == 12
    pairs.chips[0].cross.click()
    assert not pairs.isVisible()
    assert "pair 1" not in said_row(pane, 12)


def test_a_ping_offers_its_pong(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    connect(qtbot, tab, lab, "/pings")
    pane.tools.modes.segments[1].click()
    qtbot.waitUntil(lambda: frames(pane) >= 2, timeout=WAIT)
    model = pane.view.table.log()
    assert model is not None
    pick(pane, 1)
    answer = pane.detail.answer
    qtbot.waitUntil(lambda: pane.places.can("pin-answer"), timeout=WAIT)
    pane.places.show_row()
    assert answer.isVisible()
    assert answer.go.text().startswith("Answered by #")
    answer.pin.click()
    assert pane.places.area.pairs.chips[0].go.text().startswith("#1 → #")
    answer.go.click()
    assert current(pane) != 1
    assert answer.go.text().startswith("Answers #1, ")


# -- keys and menus


def test_keys_and_menu_say_the_same(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    chat(qtbot, tab, lab, pane)
    pane.activateWindow()
    pane.view.table.setFocus()
    qtbot.waitUntil(pane.view.table.hasFocus)
    QTest.keyClick(pane.view.table, Qt.Key.Key_F, CONTROL)
    assert pane.places.area.seek.isVisible()
    QTest.keyClick(pane.view.table, Qt.Key.Key_G, CONTROL)
    assert pane.places.area.jump.isVisible()
    QTest.keyClick(pane.view.table, Qt.Key.Key_Escape)
    assert not pane.places.area.seek.isVisible()
    pane.view.table.clearSelection()
    pane.view.table.setCurrentIndex(pane.view.table.model().index(-1, 0))
    menu = pane.view.table.menu()
    enabled = {action.text(): action.isEnabled() for action in menu.actions()}
    assert not enabled["Mark, or take the mark off"]
    assert not enabled["Next mark"]
    assert enabled["Find…"]
    menu.deleteLater()
    pick(pane, 2)
    menu = pane.view.table.menu()
    action = next(one for one in menu.actions() if one.text() == "Mark, or take the mark off")
    assert action.shortcut().toString() == "M"
    action.trigger()
    assert pane.places.marking.marks.numbers == (2,)
    menu.deleteLater()


def test_what_is_copied_is_said(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    chat(qtbot, tab, lab, pane)
    table = pane.view.table
    pick(pane, 5)
    for kind, beginning in (("text", "{"), ("json", '{"no": 5, '), ("hex", "0000"), ("script", "")):
        QGuiApplication.clipboard().clear()
        table.copy_asked.emit(kind)
        qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()), timeout=WAIT)
        assert QGuiApplication.clipboard().text().startswith(beginning), kind
        qtbot.waitUntil(lambda: pane.tools.count.full_text() == "copied 1 row", timeout=WAIT)
    assert "wsinspector connect" in QGuiApplication.clipboard().text()
    table.selectAll()
    assert table.selected_count() == pane.view.table.model().rowCount()
    assert table.selected_rows(3) == [0, 1, 2]
    table.copy_asked.emit("text")
    texts = []

    def said() -> None:
        texts.append(pane.tools.count.full_text())
        assert f"copied {frames(pane)} rows" in texts, set(texts)

    qtbot.waitUntil(said, timeout=WAIT)
