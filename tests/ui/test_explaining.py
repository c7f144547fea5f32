"""Explain mode: every byte reached by keys, told, lit where it is shown, and live."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.present.explaining.streams import Streams
from tests.ui.filing import Opener, connect, front
from wsinspector.present.explaining.part import Kind
from wsinspector.present.explaining.rows import Row
from wsinspector.protocol.arriving import NOTHING_AGREED
from wsinspector.protocol.spans import Role, Span
from wsinspector.ui.desk import Desk
from wsinspector.ui.explain.model import ExplainModel
from wsinspector.ui.explain.pane import ExplainPane
from wsinspector.ui.inspect.frame_detail import FieldLine
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.learn.glossary import GlossaryPage
from wsinspector.verdicts.finding import Subject

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def press(*keys: Qt.Key) -> None:
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)


def current(pane: ExplainPane) -> Row:
    row = pane.current
    assert row is not None
    return row


def name(pane: ExplainPane) -> str:
    assert pane.text.told is not None
    return pane.text.told.name


def row_of(pane: ExplainPane, key: str) -> int:
    assert pane.model is not None
    found = pane.model.rows.row_of(key)
    assert found is not None
    return found


def named(pane: ExplainPane, wanted: str) -> None:
    """Down from here to the next row that is called so."""
    for _ in range(60):
        press(Key.Key_Down)
        if name(pane) == wanted:
            return
    raise AssertionError(f"no {wanted} below")


def begun(qtbot: QtBot, desk: Desk) -> tuple[InspectPage, ExplainPane]:
    page = front(desk)
    QTest.keyClick(desk.window, Key.Key_X, CTRL_SHIFT)
    pane = page.explain
    qtbot.waitUntil(pane.table.hasFocus)
    return page, pane


def echoed(qtbot: QtBot, desk: Desk, count: int = 1) -> InspectPage:
    page = connect(qtbot, desk, "/echo")
    attempt = page.tab.conversation.attempts[-1]
    for number in range(count):
        attempt.send_message(f"Hello {number}")
    qtbot.waitUntil(lambda: page.frames.model is not None and len(page.frames.model.rows.keys) >= 2 * count)
    return page


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    parts = Streams(bytes.fromhex("810548656c6c6f") * 3, b"", NOTHING_AGREED, Role.CLIENT, ended=True).parts()
    model = ExplainModel(parts)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    whole = parts.snapshot
    model.refresh(whole, 1)
    for row in (1, 2, 0):
        model.open(row)
    model.refresh(whole)
    model.close(1)
    assert model.rowCount() == len(model.rows)


def test_the_model_of_messages_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    wire = bytes.fromhex("010248c3 0002a96c 890100 800121".replace(" ", "")) * 2
    streams = Streams(wire, b"", NOTHING_AGREED, Role.CLIENT, ended=True)
    model = ExplainModel(streams.parts(grouped=True))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    whole = model.parts.snapshot
    model.refresh(whole, 2)
    for row in (1, 3):
        model.open(row)
    for frames in (3, 5, 8):
        model.refresh(whole, frames)
        assert model.rowCount() == len(model.rows)
    assert model.rows.row_of("whole-8") == model.rowCount() - 1


def test_from_the_request_to_a_byte_by_keys_alone(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    echoed(qtbot, desk)
    page, pane = begun(qtbot, desk)
    pane.table.go_to(row_of(pane, "request"))
    press(Key.Key_Right)
    named(pane, "Sec-WebSocket-Key")
    press(Key.Key_Right)
    named(pane, "value")
    press(Key.Key_Return, Key.Key_Down)
    assert name(pane) == "base64 text"
    told = pane.text.told
    assert told is not None
    assert told.steps[-1].value == "16 bytes"
    assert told.clause == "RFC 6455 §4.1, RFC 4648 §4"
    press(Key.Key_Right, Key.Key_Right)
    press(Key.Key_Right, Key.Key_Right)
    assert current(pane).piece is not None
    assert len(pane.text.told.bytes) == 1 if pane.text.told else False
    press(Key.Key_Left, Key.Key_Left, Key.Key_Left)
    assert current(pane).depth < 4
    press(Key.Key_Escape)
    assert pane.isHidden()
    assert page.right.isVisible()
    assert page.handshake.isVisible()


def test_a_piece_lights_where_its_bytes_are_shown(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    echoed(qtbot, desk)
    page, pane = begun(qtbot, desk)
    pane.table.go_to(row_of(pane, "answer"))
    press(Key.Key_Right)
    named(pane, "Upgrade")
    table = page.handshake.response.table
    assert [table.head_model.rows[at].name for at in table.lit_rows()] == [b"Upgrade"]
    assert page.handshake.isVisible()
    pane.table.go_to(row_of(pane, "frame-1"))
    press(Key.Key_Right)
    named(pane, "opcode")
    assert page.right.isVisible()
    assert page.frames.places.number() == 1
    lit = [line for line in page.frames.detail.bits.lines if line.lit]
    assert [line.accessibleName().split(",")[0] for line in lit] == ["opcode 0x1 text"]
    assert pane.table.hasFocus()


def test_what_is_picked_elsewhere_is_told(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    echoed(qtbot, desk)
    page, pane = begun(qtbot, desk)
    pane.table.go_to(row_of(pane, "frame-1"))
    page.frames.places.go_to(2)
    assert current(pane).part.key == "frame-2"
    line = next(
        each
        for each in page.frames.detail.bits.findChildren(FieldLine)
        if each.accessibleName().startswith("length 7")
    )
    line.setFocus()
    qtbot.waitUntil(lambda: name(pane) == "length")
    page.tab.subject_lit.emit(Subject("request", _line(page, b"Upgrade")))
    assert current(pane).part.kind is Kind.REQUEST
    row = next(each for each in page.handshake.response.table.head_model.rows if each.name == b"Connection")
    page.handshake.response.row_clicked.emit(row)
    assert (current(pane).part.kind, name(pane)) == (Kind.ANSWER, "Connection")


def _line(page: InspectPage, wanted: bytes) -> Span:
    found = next(row.span for row in page.handshake.request.table.head_model.rows if row.name == wanted)
    assert found is not None
    return found


def test_frames_appear_while_they_come(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = echoed(qtbot, desk)
    _, pane = begun(qtbot, desk)
    model = pane.model
    assert model is not None
    pane.table.go_to(row_of(pane, "frame-1"))
    press(Key.Key_Right, Key.Key_Down)
    before, here = model.parts.frame_count, current(pane)
    page.tab.conversation.attempts[-1].send_message("more")
    qtbot.waitUntil(lambda: model.parts.frame_count == before + 2)
    assert (current(pane).part.key, current(pane).path) == (here.part.key, here.path)
    page.tab.conversation.attempts[-1].close()
    qtbot.waitUntil(lambda: model.parts.place_of("end") is not None)
    assert pane.model is model


def test_the_frames_of_a_message_stand_below_it(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = connect(qtbot, desk, "/fragments")
    qtbot.waitUntil(lambda: page.frames.model is not None and len(page.frames.model.rows.index) >= 15)
    page, pane = begun(qtbot, desk)
    qtbot.waitUntil(lambda: pane.model is not None and pane.model.rows.row_of("whole-2") is not None)
    assert pane.model is not None
    pane.table.go_to(row_of(pane, "frame-2"))
    spoken = pane.model.spoken(current(pane))
    assert "2 of 2" in spoken
    assert spoken.endswith("level 2")
    press(Key.Key_Left)
    assert current(pane).part.key == "message-1"
    assert page.frames.places.number() == 1
    pane.table.go_to(row_of(pane, "whole-2"))
    assert page.frames.places.number() == 2
    press(Key.Key_Right, Key.Key_Down)
    told = pane.text.told
    assert told is not None
    assert (told.name, told.value) == ("put together", "Hello")
    assert [step.value for step in told.steps] == ["Hel", "lo"]


def test_a_fault_has_a_sign_and_a_word(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = connect(qtbot, desk, "/echo")
    page.tab.conversation.attempts[-1].send_frame(0x2, b"x", rsv=2)
    qtbot.waitUntil(lambda: page.frames.model is not None and len(page.frames.model.rows.keys) > 0)
    _, pane = begun(qtbot, desk)
    model = pane.model
    assert model is not None
    pane.table.go_to(row_of(pane, "frame-1"))
    assert "✕ Fault" in model.spoken(current(pane))
    press(Key.Key_Right)
    named(pane, "RSV2")
    told = pane.text.told
    assert told is not None
    assert [fault.rule for fault in told.faults] == ["rsv2"]
    assert told.faults[0].text.startswith("✕ Fault: ")
    assert "✕ Fault" not in model.spoken(model.rows.row(pane.table.currentIndex().row() - 1))


def test_the_body_of_a_refusal_is_told(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    assert desk.workspace.lab is not None
    page = front(desk)
    page.tab.set_address(desk.workspace.lab.url_of("/400-html"))
    page.tab.connect_now()
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and not page.tab.snapshot.live)
    _, pane = begun(qtbot, desk)
    assert page.tab.snapshot is not None
    response = page.tab.snapshot.response
    assert response is not None
    assert response.body
    qtbot.waitUntil(lambda: pane.model is not None and pane.model.parts.place_of("answer") is not None)
    pane.table.go_to(row_of(pane, "answer"))
    press(Key.Key_Right)
    named(pane, "body")
    assert pane.text.told is not None
    assert "".join(pane.text.told.bytes).count(" ") > 10


def test_the_draft_is_told_as_it_is_written(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page, pane = begun(qtbot, desk)
    page.tab.pick(0)
    qtbot.waitUntil(lambda: pane.model is not None and not pane.model.parts.snapshot.number)
    assert pane.model is not None
    assert pane.model.rows.row(0).part.kind is Kind.REQUEST
    pane.table.go_to(0)
    press(Key.Key_Right)
    page.tab.edit(page.tab.draft.with_bytes(b"GET / HTTP/1.1\r\nSec-WebSocket-Version: 013\r\n\r\n"))
    qtbot.waitUntil(lambda: pane.model is not None and pane.model.rowCount() == 4)
    pane.table.go_to(2)
    assert name(pane) == "Sec-WebSocket-Version"
    assert pane.text.told is not None
    assert pane.text.told.faults


def test_no_secret_is_shown(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page, pane = begun(qtbot, desk)
    page.tab.pick(0)
    secret = "verysecretvalue"
    page.tab.edit(page.tab.draft.with_bytes(f"GET / HTTP/1.1\r\nCookie: id={secret}\r\n\r\n".encode("ascii")))
    qtbot.waitUntil(lambda: pane.model is not None and secret.encode() in pane.model.parts.snapshot.request)
    model = pane.model
    assert model is not None
    at = 0
    said = []
    while at < model.rowCount() and at < 300:
        model.open(at)
        pane.table.go_to(at)
        assert pane.text.told is not None
        said += [model.spoken(model.rows.row(at)), pane.text.told.as_text()]
        at += 1
    assert at > 20
    for text in said:
        assert secret not in text
        assert secret.encode().hex(" ") not in text
    assert any("hidden" in text for text in said)


def test_one_pane_where_the_page_is_narrow(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    desk.window.resize(800, 700)
    page, pane = begun(qtbot, desk)
    qtbot.waitUntil(lambda: page.switch.isVisible() and page.switch.count() == 3)
    assert pane.isVisible()
    assert not page.splitter.isVisible()
    page.switch.setCurrentIndex(0)
    assert not pane.isVisible()
    assert page.handshake.isVisible()
    page.explaining.toggle()
    assert page.switch.count() == 2
    assert page.splitter.isVisible()


def test_a_word_leads_to_the_glossary(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    _, pane = begun(qtbot, desk)
    pane.table.go_to(row_of(pane, "request"))
    link = pane.text.links[0]
    assert link.accessibleName() == "handshake"
    link.setFocus()
    press(Key.Key_Space)
    glossary = next(iter(desk.window.findChildren(GlossaryPage)))
    qtbot.waitUntil(glossary.isVisible)
    assert glossary.area.verticalScrollBar().value() > 0
    glossary.search.setText("masking key")
    assert glossary.boxes["masking-key"].isVisible()
    assert not glossary.boxes["alpn"].isVisible()
    glossary.search.setText("no such word")
    assert glossary.nothing.isVisible()


def test_the_menu_has_it(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = front(desk)
    desk.menus.fill_menu()
    entries = desk.window.tabs.menu.actions()
    entry = next(each for each in entries if each.text().startswith("Explain every byte"))
    assert not entry.isChecked()
    entry.trigger()
    assert page.explaining.on
    assert page.explain.isVisible()
