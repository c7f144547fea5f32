"""The craft sheet on a pane with real connections: shown before it leaves, sent, stopped, remembered."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener, front
from tests.ui.test_frame_pane import connect, rows, send
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.lab.server import Lab
from wsinspector.protocol.crafting import Craft, CraftedFrame, Cut, Mask, Payload, Source, craft_from_plain
from wsinspector.ui import theme
from wsinspector.ui.inspect.craft_sheet import CraftSheet
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.settings import Settings


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
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "window.ini")


@pytest.fixture
def pane(qtbot: QtBot, qapp: QApplication, tab: TabState, settings: Settings) -> Iterator[FramePane]:
    theme.apply(qapp)
    made = FramePane(tab, None, settings)
    qtbot.addWidget(made)
    made.resize(1000, 676)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made
    made.stop()


def shown(qtbot: QtBot, pane: FramePane) -> CraftSheet:
    """The sheet with the bytes of what is set on it."""
    pane.crafting.show()
    settled(qtbot, pane)
    assert pane.crafting.sheet is not None
    return pane.crafting.sheet


def settled(qtbot: QtBot, pane: FramePane) -> None:
    """The bytes that are shown are those of what is set."""

    def same() -> bool:
        crafting = pane.crafting
        return (
            crafting.sheet is not None
            and crafting.preview is not None
            and crafting.preview.craft == crafting.sheet.craft()
        )

    qtbot.waitUntil(same)


def test_the_bytes_are_shown_while_nothing_is_connected(qtbot: QtBot, pane: FramePane) -> None:
    sheet = shown(qtbot, pane)
    QTest.keyClicks(sheet.form.payload.edit, "Hello")
    settled(qtbot, pane)
    assert sheet.view.told.full_text() == "11 bytes, 1 frame, 1 write"
    assert sheet.view.verdict.full_text() == "Must take the text message of 5 bytes. (RFC 6455 §6.2)"
    assert not sheet.send.isEnabled()
    assert sheet.said.full_text() == "Not connected. F5 connects."
    assert sheet.send.toolTip() == "Not connected. F5 connects."


def test_every_bit_is_set_by_keyboard_alone(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    connect(qtbot, tab, lab, "/echo")
    sheet = shown(qtbot, pane)
    qtbot.waitUntil(sheet.send.isEnabled)
    assert QApplication.focusWidget() is sheet.form.opcode
    QTest.keyClicks(sheet.form.opcode, "9")  # ping
    QTest.keyClick(sheet.form.opcode, Qt.Key.Key_Tab)
    focus = QApplication.focusWidget()
    assert focus is sheet.form.flags.segments[0]
    QTest.keyClick(focus, Qt.Key.Key_Right)
    QTest.keyClick(sheet.form.flags.segments[1], Qt.Key.Key_Space)
    settled(qtbot, pane)
    assert sheet.craft() == Craft((CraftedFrame(9, rsv1=True),))
    assert sheet.view.verdict.full_text().startswith(
        "Must fail the connection, usually with 1002: RSV1 is set"
    )
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: tab.snapshot is not None and not tab.snapshot.live)
    end = tab.snapshot.end if tab.snapshot is not None else None
    assert end is not None
    assert end.received_code == 1002


def test_the_bytes_that_were_shown_are_those_that_leave(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    connect(qtbot, tab, lab, "/echo")
    pane.crafting.show_craft(craft_from_plain({"text": "Hello", "mask": "fresh"}))
    settled(qtbot, pane)
    sheet, preview = pane.crafting.sheet, pane.crafting.preview
    assert sheet is not None
    assert preview is not None
    qtbot.waitUntil(sheet.send.isEnabled)
    qtbot.waitUntil(lambda: pane.background.idle)
    preview = pane.crafting.preview
    assert preview is not None
    wire = preview.plan.read(0, preview.plan.size)
    sheet.send.click()
    qtbot.waitUntil(lambda: len(rows(pane)) == 2)
    model = pane.model
    assert model is not None
    facts = model.reading.facts(1)
    assert facts is not None
    assert model.reading.wire(facts, 100) == wire
    qtbot.waitUntil(lambda: sheet.said.full_text() == "11 bytes sent.")
    qtbot.waitUntil(lambda: pane.crafting.preview is not None and pane.crafting.preview is not preview)
    following = pane.crafting.preview
    assert following is not None
    assert following.plan.read(2, 6) != wire[2:6]  # a fresh key for the next


def test_several_writes_are_stopped(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    connect(qtbot, tab, lab, "/echo")
    pane.crafting.show_craft(
        craft_from_plain({"text": "x", "mask": "zero", "write": {"size": 1, "delays": [0, 3600]}})
    )
    settled(qtbot, pane)
    sheet = pane.crafting.sheet
    assert sheet is not None
    qtbot.waitUntil(sheet.send.isEnabled)
    sheet.send_now()
    qtbot.waitUntil(lambda: sheet.said.full_text() == "Sending: 1 of 7 bytes…")
    assert sheet.send.text() == "Stop"
    assert not sheet.several.isEnabled()
    sheet.send.click()
    qtbot.waitUntil(lambda: sheet.said.full_text() == "Stopped after 1 of 7 bytes.")
    assert sheet.send.text() == "Send"
    # One byte of a header has left. What follows is read as its rest: 81 as a length of 1 and masked, the
    # next four as the key 81 00 00 00, which makes 81 of the payload's byte.
    qtbot.waitUntil(lambda: "stops being UTF-8" in sheet.view.verdict.full_text())


def test_send_as_several_writes_cuts_what_no_writes_are_set_for(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    connect(qtbot, tab, lab, "/echo")
    sheet = shown(qtbot, pane)
    qtbot.waitUntil(sheet.several.isEnabled)
    asked: list[Craft] = []
    sheet.send_asked.connect(asked.append)
    sheet.several.click()
    assert asked[0].writes.cut is Cut.SIZE
    sheet.put(craft_from_plain([{"opcode": 9}, {"opcode": 10}]))
    settled(qtbot, pane)
    qtbot.waitUntil(sheet.several.isEnabled)
    sheet.send_dribbled()
    assert asked[1].writes.cut is Cut.EACH
    qtbot.waitUntil(lambda: pane.crafting._sending is not None and pane.crafting._sending.over)


def test_a_frame_of_the_log_fills_the_sheet(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(pane.send_bar.button.isEnabled)
    send(qtbot, pane, "from the log")
    qtbot.waitUntil(lambda: len(rows(pane)) == 2)
    model = pane.model
    assert model is not None
    facts = model.reading.facts(1)
    assert facts is not None
    pane.view.table.setCurrentIndex(model.index(0, 0))
    pane.view.table.setFocus()
    QTest.keyClick(pane.view.table, Qt.Key.Key_C)
    settled(qtbot, pane)
    sheet = pane.crafting.sheet
    assert sheet is not None
    assert sheet.isVisible()
    key = model.reading.key(facts)
    assert sheet.craft() == Craft(
        (CraftedFrame(payload=Payload(Source.TEXT, "from the log"), mask=Mask.KEY, key=key),)
    )
    assert sheet.said.full_text() == "Taken from frame 1."
    preview = pane.crafting.preview
    assert preview is not None
    assert preview.plan.read(0, preview.plan.size) == model.reading.wire(facts, 1000)


FULL = {
    "frames": [
        {
            "opcode": 11,
            "fin": False,
            "rsv2": True,
            "mask": "01020304",
            "length": 70000,
            "form": 64,
            "random": 9,
            "size": 300,
            "compression": "corrupt",
            "fragments": [3, 2],
            "between": [{"after": 1, "opcode": "ping"}],
        },
        {"invalid": "overlong-3", "size": 9, "fragments": 4},
        {"opcode": "close", "code": 1002, "reason": "so", "mask": "zero"},
        {"pattern": "ab", "size": 70, "mask": "off"},
        {"text": "é", "fragments": "split-sequence"},
        {"base64": "AP8=", "between": [{"after": 1, "opcode": 3, "text": "odd"}], "fragments": [1]},
        {"raw": "81 05"},
        {"raw": {"text": "GET"}},
    ],
    "write": {"chunks": [3, 4], "delays": [0.5, 1.0]},
}


def test_every_control_gives_back_what_it_was_given(qtbot: QtBot, pane: FramePane) -> None:
    craft = craft_from_plain(FULL)
    sheet = shown(qtbot, pane)
    sheet.put(craft)
    for at in range(len(craft.frames)):
        sheet.chooser.setCurrentIndex(at)
        assert sheet.craft() == craft


def test_what_the_controls_cannot_mean_is_said(qtbot: QtBot, pane: FramePane) -> None:
    sheet = shown(qtbot, pane)
    QTest.keyClicks(sheet.form.length, "many")
    qtbot.waitUntil(lambda: sheet.view.verdict.full_text() == "length: 0 to 2^64 - 1.")
    assert not sheet.send.isEnabled()
    sheet.form.length.clear()
    QTest.keyClicks(sheet.form.length, "200")
    sheet.form.form.setCurrentIndex(1)
    qtbot.waitUntil(lambda: "does not fit the 7-bit form" in sheet.view.verdict.full_text())
    sheet.put(Craft((CraftedFrame(payload=Payload(Source.FILE, "/nowhere/at/all")),)))
    qtbot.waitUntil(lambda: "No such file" in sheet.view.verdict.full_text())


def kept_first(qtbot: QtBot, pane: FramePane, craft: Craft) -> None:
    """It was sent last."""
    qtbot.waitUntil(lambda: pane.crafting.memory.recent()[:1] == [craft])


def test_what_was_sent_and_what_stood_there_is_remembered(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, settings: Settings
) -> None:
    connect(qtbot, tab, lab, "/echo")
    sheet = shown(qtbot, pane)
    for text in ("one", "two", "one"):
        sheet.put(craft_from_plain({"text": text}))
        settled(qtbot, pane)
        qtbot.waitUntil(sheet.send.isEnabled)
        sheet.send_now()
        kept_first(qtbot, pane, craft_from_plain({"text": text}))
        qtbot.waitUntil(lambda: sheet.send.text() == "Send" and "sent" in sheet.said.full_text())
    sheet.add_frame(CraftedFrame(9))
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert pane.crafting.memory.recent() == [craft_from_plain({"text": text}) for text in ("one", "two")]
    sheet._earlier.aboutToShow.emit()
    earlier = sheet._earlier.actions()
    assert [action.text() for action in earlier] == ["text “one”", "text “two”"]
    earlier[1].trigger()
    assert sheet.craft() == craft_from_plain({"text": "two"})
    assert pane.crafting.memory.last() == craft_from_plain([{"text": "one"}, {"opcode": 9}])


def test_what_a_dialect_lacks_is_said(qtbot: QtBot, tab: TabState, pane: FramePane) -> None:
    tab.conversation.set_dialect("hixie-76")
    sheet = shown(qtbot, pane)
    qtbot.waitUntil(lambda: "has no FIN" in sheet.lacks.full_text())
    sheet.put(craft_from_plain({"opcode": 9}))
    qtbot.waitUntil(lambda: sheet.view.verdict.full_text() == "hixie-76 has no frame for ping.")


def test_the_fourth_reserved_bit_is_the_drafts_own(qtbot: QtBot, tab: TabState, pane: FramePane) -> None:
    sheet = shown(qtbot, pane)
    rsv4 = sheet.form.flags.segments[4]
    assert not rsv4.isVisible()
    tab.conversation.set_dialect("hybi-03")
    sheet.put(craft_from_plain({"text": "Hello"}))
    qtbot.waitUntil(rsv4.isVisible)
    rsv4.click()
    settled(qtbot, pane)
    qtbot.waitUntil(lambda: "RSV4 is set" in sheet.view.verdict.full_text())
    assert sheet.craft() == Craft((CraftedFrame(payload=Payload(Source.TEXT, "Hello"), rsv4=True),))


@pytest.mark.parametrize("zoom", [1.0, 1.25])
def test_nothing_is_cut_at_1024_by_700(qtbot: QtBot, pane: FramePane, zoom: float) -> None:
    theme.set_zoom(zoom)
    try:
        pane.resize(1024, 700)
        sheet = shown(qtbot, pane)
        sheet.put(craft_from_plain(FULL))
        settled(qtbot, pane)
        assert pane.rect().contains(sheet.geometry())
        room = sheet._scroll.viewport().width()
        for at in range(sheet.chooser.count()):
            sheet.chooser.setCurrentIndex(at)
            QApplication.processEvents()
            assert sheet._left.minimumSizeHint().width() <= room, at
        for button in (sheet.send, sheet.several, sheet.done, sheet.earlier):
            assert button.width() >= button.sizeHint().width()
    finally:
        theme.set_zoom(1.0)


def test_every_control_has_a_name_and_a_tip(qtbot: QtBot, pane: FramePane) -> None:
    sheet = shown(qtbot, pane)
    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
    controls: list[QWidget] = [each for kind in kinds for each in sheet.findChildren(kind)]
    named = [each for each in controls if each.objectName() != "qt_spinbox_lineedit"]
    assert named
    for each in named:
        if isinstance(each.parentWidget(), QComboBox):
            continue
        assert each.accessibleName() or (isinstance(each, QAbstractButton) and each.text()), each
        assert each.toolTip(), each


def test_tab_reaches_every_control_of_the_form(qtbot: QtBot, pane: FramePane) -> None:
    sheet = shown(qtbot, pane)
    first = QApplication.focusWidget()
    assert first is sheet.form.opcode
    seen: list[QWidget] = []
    for _ in itertools.repeat(None, 40):
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus in seen:
            break
        seen.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    form = sheet.form
    wanted = [form.opcode, form.masking, form.length, form.form, form.payload.source, form.payload.edit]
    wanted += [form.compression, form.fragments, sheet.writes.cut, sheet.done, sheet.chooser, sheet.add]
    assert [each for each in wanted if each not in seen] == []
    order = [seen.index(each) for each in wanted[:9]]
    assert order == sorted(order)


def test_each_frame_of_a_plan_is_drawn(qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane) -> None:
    connect(qtbot, tab, lab, "/echo")
    pane.crafting.show_craft(
        craft_from_plain({"text": "Hello", "fragments": [3], "between": [{"after": 1, "opcode": "ping"}]})
    )
    settled(qtbot, pane)
    sheet = pane.crafting.sheet
    assert sheet is not None
    assert sheet.view.told.full_text() == "23 bytes, 3 frames, 1 write"
    sheet.view.step(1)
    assert sheet.view.detail.title.full_text() == "Frame 2 of 3"
    assert "0x9 ping" in "".join(line.accessibleName() for line in sheet.view.detail.lines)
    qtbot.waitUntil(sheet.send.isEnabled)
    sheet.send_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.frames_out >= 3)


def test_the_key_opens_it_and_another_tab_puts_it_away(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    page = front(desk)
    page.address.field.setFocus()
    QTest.keySequence(desk.window, QKeySequence("Ctrl+Shift+A"))
    crafting = page.frames.crafting
    qtbot.waitUntil(lambda: crafting.sheet is not None and crafting.sheet.isVisible())
    sheet = crafting.sheet
    assert sheet is not None
    assert desk.window.rect().contains(sheet.geometry())
    desk.new_tab()
    assert not sheet.isVisible()
    QTest.keySequence(desk.window, QKeySequence("Ctrl+Shift+A"))
    other = front(desk).frames.crafting
    qtbot.waitUntil(lambda: other.sheet is not None and other.sheet.isVisible())
    assert not sheet.isVisible()


def test_a_file_is_read_for_its_bytes(qtbot: QtBot, pane: FramePane, tmp_path: Path) -> None:
    file = tmp_path / "payload.bin"
    file.write_bytes(b"\x00\x01")
    sheet = shown(qtbot, pane)
    sheet.form.payload.take_file(str(file))
    qtbot.waitUntil(lambda: sheet.view.told.full_text() == "8 bytes, 1 frame, 1 write")
    file.write_bytes(b"\x00\x01\x02")
    QTest.keyClicks(sheet.form.opcode, "2")
    qtbot.waitUntil(lambda: sheet.view.told.full_text() == "9 bytes, 1 frame, 1 write")
