"""The right pane over real connections to the lab: rows, detail, filter, sending, refusals."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import Phase
from wsinspector.lab.server import Lab
from wsinspector.present.outgoing import SendKind
from wsinspector.present.rows import Mode
from wsinspector.protocol.draft import DraftLine
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.refusal_pane import RefusalPane
from wsinspector.ui.inspect.tab import TabState

SECONDS = 10.0
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
    yield made
    made.stop()


def connect(qtbot: QtBot, tab: TabState, lab: Lab, path: str) -> None:
    tab.set_address(lab.url_of(path))
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.phase is Phase.OPEN, timeout=WAIT)


def rows(pane: FramePane) -> list[tuple[str, str, str]]:
    model = pane.view.table.log()
    if model is None:
        return []
    found = [model.cells(row) for row in range(model.rowCount())]
    return [(cells.direction[2:], cells.type, cells.payload) for cells in found]


def send(qtbot: QtBot, pane: FramePane, text: str) -> None:
    pane.send_bar.edit.setPlainText(text)
    QTest.keyClick(pane.send_bar.edit, Qt.Key.Key_Return)


def test_an_empty_pane_says_what_would_fill_it(pane: FramePane) -> None:
    assert "F5 connects" in pane.view.table.empty_text
    assert not pane.send_bar.button.isEnabled()
    assert "F5" in pane.send_bar.button.toolTip()


def test_what_is_sent_and_what_comes_back(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(pane.send_bar.button.isEnabled, timeout=WAIT)
    assert pane.tools.follow.text() == "Following"
    send(qtbot, pane, '{"say": 1.50}')
    qtbot.waitUntil(lambda: len(rows(pane)) == 2, timeout=WAIT)
    assert rows(pane) == [("out", "Text", '{"say": 1.50}'), ("in", "Text", '{"say": 1.50}')]
    assert pane.tools.count.full_text() == "2 frames"
    assert pane.send_bar.edit.toPlainText() == ""
    QTest.keyClick(pane.send_bar.edit, Qt.Key.Key_Up)
    assert pane.send_bar.edit.toPlainText() == '{"say": 1.50}'
    pane.send_bar.set_kind(SendKind.CLOSE)
    send(qtbot, pane, "done")
    qtbot.waitUntil(lambda: tab.snapshot is not None and not tab.snapshot.live, timeout=WAIT)
    qtbot.waitUntil(lambda: rows(pane)[-1][1] == "End", timeout=WAIT)
    assert rows(pane)[-1] == ("out", "End", "closed by us, 1000 normal closure")
    assert pane.tools.follow.text() == "Ended"
    assert not pane.send_bar.button.isEnabled()
    assert "ended" in pane.send_bar.bytes_line.full_text()


def test_a_row_shows_its_bits_and_payload(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(pane.send_bar.button.isEnabled, timeout=WAIT)
    send(qtbot, pane, '{"say": 1.50}')
    qtbot.waitUntil(lambda: len(rows(pane)) == 2, timeout=WAIT)
    pane.view.table.select_row(0)
    payload = pane.detail.payload
    qtbot.waitUntil(lambda: payload.text.toPlainText() == '{ "say": 1.50 }', timeout=WAIT)
    assert pane.detail.isVisible()
    assert pane.detail.bits.title.full_text() == "Frame 1"
    assert payload.note.full_text() == "13 bytes, nothing left out"
    payload.views.segments[3].click()
    assert payload.wire.data().read(0, 2) == b"\x81\x8d"
    pane.detail.bits.figure.pointed_at.emit(2, 0)
    assert payload.wire.lit() == ((0, 1),)
    payload.wire.pointed_at.emit(3)
    lit = [line for line in pane.detail.bits.lines if line.lit]
    assert len(lit) == 1
    assert "masking key" in lit[0].accessibleName()
    payload.views.segments[2].click()
    qtbot.waitUntil(lambda: payload.hex.data().length() == 13, timeout=WAIT)
    pane.detail.bits.figure.pointed_at.emit(6, -1)
    assert payload.hex.lit() == ((0, 13),)
    payload.hex.pointed_at.emit(2)
    lit = [line for line in pane.detail.bits.lines if line.lit]
    assert len(lit) == 1
    assert "payload" in lit[0].accessibleName()
    payload.hex.pointed_at.emit(-1)
    QTest.keyClick(pane.view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == '{"say": 1.50}', timeout=WAIT)
    assert pane.selected_numbers() == (1,)


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton])
def test_a_click_picks_the_row_below_it_also_where_it_opens_the_detail(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, button: Qt.MouseButton
) -> None:
    connect(qtbot, tab, lab, "/chat?every=1&count=60")
    model = pane.view.table.log
    qtbot.waitUntil(lambda: (log := model()) is not None and log.rowCount() > 60, timeout=WAIT)
    table = pane.view.table
    row = table.verticalScrollBar().value() + 3
    place = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), button, pos=place)
    assert pane.detail.isVisible()
    assert table.currentIndex().row() == row
    assert table.selected_rows() == [row]


def test_a_word_is_found_in_the_background(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(pane.send_bar.button.isEnabled, timeout=WAIT)
    for text in ("apple", "pear (", "an APPLE again"):
        send(qtbot, pane, text)
    qtbot.waitUntil(lambda: len(rows(pane)) == 6, timeout=WAIT)
    pane.tools.filter.field.setText("apple")
    qtbot.waitUntil(lambda: pane.tools.count.full_text() == "4 of 6 frames", timeout=WAIT)
    assert {payload for _, _, payload in rows(pane)} == {"apple", "an APPLE again"}
    send(qtbot, pane, "apple pie")
    qtbot.waitUntil(lambda: pane.tools.count.full_text() == "6 of 8 frames", timeout=WAIT)
    pane.tools.filter.field.setText("(")
    qtbot.waitUntil(lambda: pane.tools.count.full_text() == "2 of 8 frames", timeout=WAIT)
    pane.tools.filter.field.setText("nowhere")
    qtbot.waitUntil(lambda: "nowhere" in pane.view.table.empty_text, timeout=WAIT)
    QTest.keyClick(pane.tools.filter.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(rows(pane)) == 8, timeout=WAIT)


def test_compressed_rows_fill_in(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    draft = tab.draft
    line = DraftLine(b"Sec-WebSocket-Extensions", b"permessage-deflate")
    tab.edit(draft.insert(len(draft.lines), line))
    connect(qtbot, tab, lab, "/chat")
    assert tab.snapshot is not None
    assert tab.snapshot.deflate

    def shown() -> bool:
        model = pane.view.table.log()
        found = [model.cells(row) for row in range(model.rowCount())] if model is not None else []
        deflated = [cells for cells in found if any(label.text == "deflate" for label in cells.labels)]
        return bool(deflated) and deflated[0].payload.startswith("{")

    qtbot.waitUntil(shown, timeout=WAIT)


def test_faults_and_the_stop_line(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    connect(qtbot, tab, lab, "/reserved-opcode")
    qtbot.waitUntil(lambda: len(rows(pane)) >= 2, timeout=WAIT)
    assert any(payload.startswith("A conforming client stops here with 1002") for _, _, payload in rows(pane))
    assert pane.tools.kinds.segments[3].text() == "Faults 1"
    for at in range(3):
        pane.tools.kinds.segments[at].click()
    assert [kind for _, kind, _ in rows(pane) if kind not in ("", "End")] == ["0xB"]


def test_walking_onto_the_stop_line_tells_what_it_means(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    connect(qtbot, tab, lab, "/reserved-opcode")
    table, detail = pane.view.table, pane.detail
    qtbot.waitUntil(lambda: [row[1] for row in rows(pane)][:2] == ["0xB", ""], timeout=WAIT)
    stop = 1
    assert rows(pane)[stop][2].startswith("A conforming client stops here")
    pane.activateWindow()
    table.setFocus()
    table.select_row(stop - 1)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() == stop
    assert detail.isVisible()
    assert detail.bits.title.full_text() == "A conforming client stops here"
    assert detail.bits.note.full_text() == f"at frame {stop}"
    (line,) = detail.bits.lines
    assert "opcode" in line.accessibleName()
    assert "§5.2" in line.accessibleName()
    assert line.rule
    told = detail.payload.text.toPlainText()
    assert told.startswith("1002 protocol error\n")
    assert "sends a Close frame with this code" in told
    assert "This one is set to go on (tolerant)." in told
    with qtbot.waitSignal(detail.bits.about_asked) as asked:
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert asked.args == [line.rule]
    assert pane.model is not None
    pane.opening.show_tail(pane.model, stop)
    assert detail.bits.lines == [line], "said again, it keeps the line that may have the focus"
    QTest.keyClick(table, Qt.Key.Key_Up)
    assert detail.bits.title.full_text() == f"Frame {stop}"


def test_the_log_picks_a_row_as_it_gets_the_focus_and_both_panes_tell_of_it(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(pane.send_bar.button.isEnabled, timeout=WAIT)
    send(qtbot, pane, "one")
    qtbot.waitUntil(lambda: len(rows(pane)) == 2, timeout=WAIT)
    table, detail = pane.view.table, pane.detail
    assert not table.currentIndex().isValid()
    assert detail.payload.note.full_text() == "Pick a row to see its payload."
    held = threading.Event()
    pane.background.ask("held", held.wait, lambda _result: None)
    try:
        pane.activateWindow()
        table.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(table.hasFocus)
        assert detail.bits.title.full_text() == "Frame 1"
        assert table.selected_rows() == [0]
        assert detail.payload.note.full_text() == "reading…"
    finally:
        held.set()
    qtbot.waitUntil(lambda: detail.payload.text.toPlainText() == "one", timeout=WAIT)
    held.clear()
    pane.background.ask("held", held.wait, lambda _result: None)
    try:
        QTest.keyClick(table, Qt.Key.Key_Down)
        assert detail.bits.title.full_text() == "Frame 2"
        qtbot.waitUntil(lambda: detail.payload.note.full_text() == "reading…", timeout=WAIT)
        assert detail.payload.text.toPlainText() == "", "what is shown there is no more of another frame"
    finally:
        held.set()
    qtbot.waitUntil(lambda: detail.payload.text.toPlainText() == "one", timeout=WAIT)


def test_keys_press_the_toggles_and_leave_the_focus(qtbot: QtBot, pane: FramePane) -> None:
    tools, table = pane.tools, pane.view.table
    pane.activateWindow()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    tools.show_faults(3)
    QTest.keyClick(table, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    assert not tools.shown.faults
    QTest.keyClick(table, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    assert tools.mode is Mode.FRAMES
    assert table.hasFocus()


def test_only_watch_offers_what_is_due(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    tab.set_options(Options(policy="watch"))
    connect(qtbot, tab, lab, "/pings")
    row = pane.send_bar.due
    qtbot.waitUntil(lambda: len(row._due) == 1, timeout=WAIT)
    number = row._due[0].number
    QTest.mouseClick(row.buttons[0], Qt.MouseButton.LeftButton)
    pane.tools.modes.segments[1].click()
    qtbot.waitUntil(lambda: any(kind == "Pong" for _, kind, _ in rows(pane)), timeout=WAIT)
    qtbot.waitUntil(lambda: all(due.number != number for due in row._due), timeout=WAIT)


def test_the_draft_keeps_the_live_log_in_sight(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(pane.send_bar.button.isEnabled, timeout=WAIT)
    send(qtbot, pane, "x")
    qtbot.waitUntil(lambda: len(rows(pane)) == 2, timeout=WAIT)
    tab.pick(0)
    assert len(rows(pane)) == 2
    assert pane.send_bar.button.isEnabled() or pane.send_bar.outgoing().problem


def test_who_watches_the_newest_attempt_watches_the_reconnected_one(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    tab.set_options(Options(reconnect_every=0.05))
    tab.set_address(lab.url_of("/idle?seconds=0.1"))
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.picked >= 2, timeout=WAIT)
    tab.pick(1)
    qtbot.waitUntil(lambda: len(tab.conversation.attempts) >= 4, timeout=WAIT)
    tab._look()
    assert tab.picked == 1
    tab.set_options(Options())


def test_low_windows_open_the_detail_by_enter(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    pane.resize(870, 500)
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(pane.send_bar.button.isEnabled, timeout=WAIT)
    send(qtbot, pane, "x")
    qtbot.waitUntil(lambda: len(rows(pane)) == 2, timeout=WAIT)
    pane.view.table.select_row(0)
    assert not pane.detail.isVisible()
    QTest.keyClick(pane.view.table, Qt.Key.Key_Return)
    assert pane.detail.isVisible()
    QTest.keyClick(pane.view.table, Qt.Key.Key_Escape)
    assert not pane.detail.isVisible()


def test_stopping_is_safe_at_any_time(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    connect(qtbot, tab, lab, "/chat")
    pane.tools.filter.field.setText("e")
    pane.stop()
    pane.stop()
    tab.pick(0)
    assert rows(pane) == []


@pytest.fixture
def refusal(qtbot: QtBot, tab: TabState) -> RefusalPane:
    made = RefusalPane(tab)
    qtbot.addWidget(made)
    made.resize(870, 700)
    made.show()
    return made


def refused(qtbot: QtBot, tab: TabState, lab: Lab, path: str) -> None:
    tab.set_address(lab.url_of(path))
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and not tab.snapshot.live, timeout=WAIT)


def links(pane: RefusalPane) -> list[str]:
    return [step.text for step in pane._steps]


def test_a_refusal_offers_the_version_it_names(
    qtbot: QtBot, tab: TabState, lab: Lab, refusal: RefusalPane
) -> None:
    refused(qtbot, tab, lab, "/426-list")
    qtbot.waitUntil(lambda: bool(links(refusal)), timeout=WAIT)
    assert links(refusal)[0] == "Retry with version 8"
    texts = [step.text for step in refusal.sequence._sequence.steps]
    assert texts[0].startswith("TCP, ")
    assert texts[1] == "GET /426-list Sec-WebSocket-Version: 13"
    assert texts[2] == "426 Sec-WebSocket-Version: 8, 7"
    assert "bytes" in refusal.note.full_text()
    refusal.take(refusal._steps[0])
    assert tab.conversation.attempts[-1].number == 2
    assert b"Sec-WebSocket-Version: 8\r\n" in tab.conversation.attempts[-1].snapshot.request
    refusal.grab()


def test_html_is_text(qtbot: QtBot, tab: TabState, lab: Lab, refusal: RefusalPane) -> None:
    refused(qtbot, tab, lab, "/400-html")
    qtbot.waitUntil(lambda: "<h1>" in refusal.text.toPlainText(), timeout=WAIT)
    assert not refusal.views.segments[1].isVisible()
    refusal.views.segments[2].click()
    assert refusal.hex.data().read(0, 1) == b"<"
    assert "Send the draft again" in links(refusal)
    refusal.take(refusal._steps[-1])
    qtbot.waitUntil(lambda: refusal.hex.data().read(0, 8) == b"HTTP/1.1", timeout=WAIT)
    assert links(refusal)[-1] == "Show the body alone"
    refusal.take(refusal._steps[-1])
    assert refusal.title.full_text() == "Body"
    assert "<h1>" in refusal.text.toPlainText()
    assert links(refusal)[-1] == "Show every byte that came"


def test_every_byte_is_shown_however_late_it_is_kept(
    qtbot: QtBot, tab: TabState, lab: Lab, refusal: RefusalPane
) -> None:
    refused(qtbot, tab, lab, "/400-html")
    path = tab.conversation.capture_path
    assert path is not None
    tab.conversation.flush(SECONDS)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # the writer has to wait
        refused(qtbot, tab, lab, "/400-html")
        qtbot.waitUntil(lambda: "<h1>" in refusal.text.toPlainText(), timeout=WAIT)
        refusal.take(refusal._steps[-1])
        qtbot.waitUntil(lambda: "on their way" in refusal.note.full_text(), timeout=WAIT)
        assert refusal.title.full_text() == "Body"
    qtbot.waitUntil(lambda: refusal.hex.data().read(0, 8) == b"HTTP/1.1", timeout=WAIT)
    assert tab.snapshot is not None
    assert refusal.hex.data().length() == tab.snapshot.bytes_in


def test_what_is_no_text_is_shown_as_hex(qtbot: QtBot, tab: TabState, lab: Lab, refusal: RefusalPane) -> None:
    refused(qtbot, tab, lab, "/tls-record")
    qtbot.waitUntil(lambda: refusal.hex.data().length() == 7, timeout=WAIT)
    assert refusal.views.current() == 2


def test_a_redirect_fills_the_address_and_waits(
    qtbot: QtBot, tab: TabState, lab: Lab, refusal: RefusalPane
) -> None:
    refused(qtbot, tab, lab, "/redirect")
    qtbot.waitUntil(lambda: bool(links(refusal)), timeout=WAIT)
    assert links(refusal)[0].startswith("Follow to ws")
    refusal.take(refusal._steps[0])
    assert tab.conversation.address_text == refusal._steps[0].value
    assert len(tab.conversation.attempts) == 1


def test_no_answer_says_so(qtbot: QtBot, tab: TabState, lab: Lab, refusal: RefusalPane) -> None:
    refused(qtbot, tab, lab, "/close")
    qtbot.waitUntil(lambda: refusal.note.full_text() == "not one byte came", timeout=WAIT)
    assert refusal.title.full_text() == "No answer"
    assert refusal.sequence._sequence.steps[-1].text == "closes the connection"


def test_a_length_that_lies_is_told(qtbot: QtBot, tab: TabState, lab: Lab, refusal: RefusalPane) -> None:
    refused(qtbot, tab, lab, "/length-lies")
    qtbot.waitUntil(lambda: "announced" in refusal.note.full_text(), timeout=WAIT)


def test_a_frame_still_arriving_shows_its_bits(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    connect(qtbot, tab, lab, "/frame-2-63")
    qtbot.waitUntil(lambda: len(rows(pane)) == 2, timeout=WAIT)
    assert rows(pane)[0][1] == "Binary"
    assert rows(pane)[1][2].startswith("A conforming client stops here with 1002")
    model = pane.view.table.log()
    assert model is not None
    pane.view.table.select_row(0)
    assert pane.detail.bits.title.full_text() == "Frame still arriving"
    assert pane.detail.isVisible()
    assert "the message goes on" in pane.detail.payload.note.full_text()
    pane.grab()


def test_a_capture_opened_again_shows_the_same(
    qtbot: QtBot, engine: Engine, lab: Lab, tmp_path: Path
) -> None:
    path = tmp_path / "kept.wsi"
    first = Conversation(engine, path)
    state = TabState(first)
    live = FramePane(state)
    qtbot.addWidget(live)
    state.set_address(lab.url_of("/echo"))
    state.connect_now()
    qtbot.waitUntil(live.send_bar.button.isEnabled, timeout=WAIT)
    for text in ("one", "two"):
        send(qtbot, live, text)
    qtbot.waitUntil(lambda: len(rows(live)) == 4, timeout=WAIT)
    live.send_bar.set_kind(SendKind.CLOSE)
    live.send_bar.button.click()
    qtbot.waitUntil(lambda: len(rows(live)) == 7, timeout=WAIT)
    before = rows(live)
    state.stop()
    live.stop()
    first.close()
    second = Conversation.open(engine, path)
    again = TabState(second)
    shown = FramePane(again)
    qtbot.addWidget(shown)
    again.pick(1)
    qtbot.waitUntil(lambda: len(rows(shown)) == len(before), timeout=WAIT)
    assert rows(shown) == before
    again.stop()
    shown.stop()
    second.close()


def test_a_fault_of_a_frame_leads_to_its_rule(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    connect(qtbot, tab, lab, "/masked")
    qtbot.waitUntil(lambda: ("in", "Text", "Hello") in rows(pane)[:1], timeout=WAIT)
    pane.view.table.select_row(0)
    bits = pane.detail.bits
    qtbot.waitUntil(lambda: any(line.rule for line in bits.lines), timeout=WAIT)
    line = next(line for line in bits.lines if line.rule)
    assert line.accessibleName().startswith("✕")
    assert "Enter" in line.toolTip()
    with qtbot.waitSignal(bits.about_asked) as clicked:
        QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    assert clicked.args == ["masked"]
    with qtbot.waitSignal(bits.about_asked) as pressed:
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert pressed.args == ["masked"]
    assert line.focusPolicy() is Qt.FocusPolicy.StrongFocus
    # A line that is right leads nowhere.
    assert [each.rule for each in bits.lines if each is not line] == [""] * (len(bits.lines) - 1)
