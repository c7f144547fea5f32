"""Payload views in the window: chosen by content, overruled, kept for a kind of message, opened in slices."""

import zlib
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.present.recording import Recording
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import Phase
from wsinspector.lab.server import Lab
from wsinspector.present.inflation import Inflation
from wsinspector.present.jsontext import Piece
from wsinspector.present.opened import open_message
from wsinspector.present.pages import HeldPages
from wsinspector.present.payload import Content, View
from wsinspector.present.views.contents import Budget, Image, Source, Tree
from wsinspector.present.views.image_view import Pictures
from wsinspector.present.views.json_tree import JsonTree
from wsinspector.protocol.deflate import TAIL
from wsinspector.ui import theme
from wsinspector.ui.inspect import text_view
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.picture_view import PictureView
from wsinspector.ui.inspect.structure_view import SLICES, UNFOLDED, StructureView
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.inspect.text_view import TextView
from wsinspector.ui.inspect.view_memory import ViewMemory
from wsinspector.ui.inspect.wire_beside import ShareModel, WireBeside
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


def text_in(view: StructureView) -> list[tuple[str, ...]]:
    items = (view.topLevelItem(at) for at in range(view.topLevelItemCount()))
    return [tuple(item.text(column) for column in range(3)) for item in items if item is not None]


CALL = '{"jsonrpc": "2.0", "method": "a.b", "params": [1.10, 2], "id": 7}'


def test_a_view_is_chosen_by_content_overruled_and_kept(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(pane.send_bar.button.isEnabled, timeout=WAIT)
    send(qtbot, pane, CALL)
    qtbot.waitUntil(lambda: len(rows(pane)) == 2, timeout=WAIT)
    payload, menu = pane.detail.payload, pane.detail.menu
    pane.view.table.select_row(0)
    qtbot.waitUntil(payload.structure.isVisible, timeout=WAIT)
    found = text_in(payload.structure)
    assert found[0] == ("Message", "call", "")
    assert found[3] == ("params", "[1.10, 2]", "arguments")
    assert payload.views.current() == 4
    assert payload.views.segments[4].text() == "JSON-RPC ▾"
    assert payload.note.full_text().startswith("JSON-RPC, 65 bytes")
    assert menu.by_content.isChecked()
    assert menu.actions["json-rpc"].text() == "JSON-RPC, may fit"

    menu.actions["json-tree"].trigger()
    qtbot.waitUntil(lambda: len(text_in(payload.structure)) == 4, timeout=WAIT)
    assert not menu.by_content.isChecked()
    tree = payload.structure
    tree.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(tree, key)
    params = tree.topLevelItem(2)
    assert params is not None
    qtbot.waitUntil(lambda: params.childCount() == 2, timeout=WAIT)
    QTest.keyClick(tree, Qt.Key.Key_Down)
    tree.copy_path.trigger()
    assert QGuiApplication.clipboard().text() == "$.params[0]"
    tree.copy_value.trigger()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "1.10", timeout=WAIT)
    pane.view.table.select_row(1)
    qtbot.waitUntil(lambda: pane.background.idle and pane.selected_numbers() == (2,), timeout=WAIT)
    qtbot.waitUntil(lambda: tree.currentItem() is tree.topLevelItem(0), timeout=WAIT)
    assert len(text_in(tree)) == 4, "kept for other messages of this kind"

    payload.views.segments[0].click()
    qtbot.waitUntil(lambda: payload.text.isVisible() and payload.text.toPlainText() == CALL, timeout=WAIT)
    assert not any(action.isChecked() for action in menu.actions.values())
    menu.actions["msgpack"].trigger()
    qtbot.waitUntil(lambda: payload.views.current() == 4, timeout=WAIT)
    menu.by_content.trigger()
    qtbot.waitUntil(lambda: len(text_in(tree)) == 5 and tree.isVisible(), timeout=WAIT)
    assert pane.detail.memory.views == {}


@pytest.mark.parametrize("deep", [2000, 100_000])
def test_json_nested_too_deeply_comes_as_a_tree(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane, deep: int
) -> None:
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(pane.send_bar.button.isEnabled, timeout=WAIT)
    send(qtbot, pane, "[" * deep + "7" + "]" * deep)
    qtbot.waitUntil(lambda: len(rows(pane)) == 2, timeout=WAIT)
    payload, tree = pane.detail.payload, pane.detail.payload.structure
    pane.view.table.select_row(0)
    qtbot.waitUntil(tree.isVisible, timeout=WAIT)
    assert payload.fault.full_text() == "Nested too deeply to be checked as JSON, shown as a tree."
    assert payload.views.current() == 1
    tree.setFocus()
    for opened_by_itself in (True, False, False):
        if not opened_by_itself:
            QTest.keyClick(tree, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda: (item := tree.currentItem()) is not None and item.childCount() == 1)
        QTest.keyClick(tree, Qt.Key.Key_Down)
    tree.copy_path.trigger()
    assert QGuiApplication.clipboard().text() == "$[0][0][0][0]"


def test_what_is_alone_in_a_value_is_opened_some_levels_deep(qtbot: QtBot) -> None:
    view = StructureView()
    qtbot.addWidget(view)
    data = b"[" * 2000 + b"]" * 2000
    shown = JsonTree().show(Source(data, len(data), True), Budget())
    assert isinstance(shown, Tree)
    view.show_nodes(shown, "JSON tree")
    levels, item = 0, view.topLevelItem(0)
    while item is not None and item.isExpanded():
        levels, item = levels + 1, item.child(0)
    assert levels == UNFOLDED


def test_a_kept_view_that_does_not_fit_says_so_and_gives_way(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    connect(qtbot, tab, lab, "/echo")
    qtbot.waitUntil(pane.send_bar.button.isEnabled, timeout=WAIT)
    send(qtbot, pane, "plain")
    qtbot.waitUntil(lambda: len(rows(pane)) == 2, timeout=WAIT)
    pane.view.table.select_row(0)
    payload = pane.detail.payload
    qtbot.waitUntil(lambda: payload.text.toPlainText() == "plain", timeout=WAIT)
    pane.detail.menu.actions["compressed"].trigger()
    qtbot.waitUntil(payload.fault.isVisible, timeout=WAIT)
    assert payload.fault.full_text() == "Not gzip or zlib: shown by its content."
    assert payload.text.toPlainText() == "plain"


def test_what_was_scanned_in_slices_goes_on_by_itself_for_a_while(qtbot: QtBot) -> None:
    view = StructureView()
    qtbot.addWidget(view)
    waiting: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
    view.run = lambda work, done: waiting.append((work, done))
    data = str([list(range(1000))] * 60).encode()
    now = iter(range(10_000))
    budget = Budget(seconds=1, clock=lambda: float(next(now)))
    shown = JsonTree().show(Source(data, len(data), True), budget)
    assert isinstance(shown, Tree)
    view.show_nodes(shown, "JSON tree")
    assert [row[0] for row in text_in(view)] == ["0", "…"]
    steps = 0
    while waiting:
        work, done = waiting.pop()
        done(work())
        steps += 1
    assert steps == SLICES
    rows = text_in(view)
    assert [row[0] for row in rows] == [*(str(number) for number in range(len(rows) - 1)), "…"]
    last = view.topLevelItem(view.topLevelItemCount() - 1)
    assert last is not None
    last.setExpanded(True)
    while waiting:
        work, done = waiting.pop()
        done(work())
    assert [row[0] for row in text_in(view)] == [str(number) for number in range(60)]


def test_a_range_of_members_opens_and_what_failed_is_said(qtbot: QtBot) -> None:
    view = StructureView()
    qtbot.addWidget(view)
    data = str(list(range(1200))).encode()
    shown = JsonTree().show(Source(data, len(data), True), Budget(clock=lambda: 0.0))
    assert isinstance(shown, Tree)
    view.show_nodes(shown, "JSON tree")
    assert view.topLevelItemCount() == 502
    last = view.topLevelItem(501)
    assert last is not None
    last.setExpanded(True)
    newest = last.child(199)
    assert newest is not None
    assert (last.childCount(), newest.text(1)) == (200, "1199")
    before = view.topLevelItem(500)
    assert before is not None
    view.run = lambda work, done: done(OSError("gone"))
    before.setExpanded(True)
    why = before.child(0)
    assert why is not None
    assert why.text(1) == "gone"


def test_a_picture_is_decoded_by_its_kind_alone_and_within_limits(qtbot: QtBot) -> None:
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(0x204080)
    view = PictureView()
    qtbot.addWidget(view)
    for form in ("png", "jpg", "bmp", "webp"):
        data = saved(picture, form)
        found = Pictures().show(Source(data, len(data), False), Budget())
        assert isinstance(found, Image)
        assert (found.width, found.height) == (40, 30)
        view.show_picture(found)
        assert view.image is not None
        assert (view.image.width(), view.image.height(), view.said) == (40, 30, "40 × 30 pixels")
        assert abs(view.image.pixelColor(20, 15).blue() - 0x80) < 12


def test_a_picture_of_another_kind_or_cut_is_told_and_a_wide_one_is_made_smaller(qtbot: QtBot) -> None:
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(0)
    png = saved(picture, "png")
    view = PictureView()
    qtbot.addWidget(view)
    for wrong in (Image("gif", 40, 30, HeldPages(png)), Image("png", 40, 30, HeldPages(png[:60]))):
        view.show_picture(wrong)
        assert view.image is None
        assert view.said.startswith("It cannot be decoded: ")
    wide = QImage(5000, 4, QImage.Format.Format_RGB32)
    wide.fill(0)
    view.show_picture(Image("png", 5000, 4, HeldPages(saved(wide, "png"))))
    assert view.image is not None
    assert view.image.width() == 2048


def test_a_picture_that_claims_too_many_pixels_is_not_decoded(qtbot: QtBot) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x06\0\0\0"
    huge += zlib.crc32(huge[12:]).to_bytes(4, "big")
    found = Pictures().show(Source(huge, len(huge), False), Budget())
    assert isinstance(found, Image)
    assert found.kind == ""
    assert found.note.endswith("over 16\u2009777\u2009216 pixels, so it is not decoded")
    view.show_picture(found)
    assert view.said.startswith("Not decoded")
    view.show_picture(Image("png", 1, 1, HeldPages(huge)))
    assert view.image is None
    assert view.said.startswith("It cannot be decoded: ")


def saved(picture: QImage, form: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert picture.save(buffer, form)  # type: ignore[call-overload]  # the stub asks for bytes, which it refuses
    return bytes(buffer.data().data())


def test_picked_views_are_kept_in_the_settings(tmp_path: Path) -> None:
    memory = ViewMemory(Settings(tmp_path / "settings.ini"))
    memory.keep("text", "json-tree")
    memory.keep("binary mqtt", "cbor")
    memory.keep("text", "json-rpc")
    again = ViewMemory(Settings(tmp_path / "settings.ini"))
    assert list(again.views.items()) == [("binary mqtt", "cbor"), ("text", "json-rpc")]
    again.keep("text", "")
    assert again.views == {"binary mqtt": "cbor"}


def test_message_and_wire_stand_side_by_side_with_shares(
    qtbot: QtBot, tab: TabState, lab: Lab, pane: FramePane
) -> None:
    connect(qtbot, tab, lab, "/fragments")
    qtbot.waitUntil(lambda: any(row[1].startswith("Text") for row in rows(pane)), timeout=WAIT)
    detail = pane.detail
    first = next(at for at, row in enumerate(rows(pane)) if row[1].startswith("Text"))
    pane.view.table.select_row(first)
    qtbot.waitUntil(lambda: bool(detail.payload.text.toPlainText()), timeout=WAIT)
    detail.menu.beside.trigger()
    beside = detail.beside
    assert beside.isVisible()
    assert not detail.bits.isVisible()
    frames = beside.model.rowCount()
    assert frames > 1
    assert beside.told.full_text().startswith(f"{frames} frames: ")
    detail.payload.views.segments[2].click()
    qtbot.waitUntil(detail.payload.hex.isVisible, timeout=WAIT)
    beside.frames.setFocus()
    QTest.keyClick(beside.frames, Qt.Key.Key_Down)
    share = beside.model.share(1)
    assert share is not None
    assert detail.payload.hex.lit() == ((share.start, share.end),)
    assert beside.hex.data().length() == share.header + share.payload
    assert beside.model.index(1, 1).data() == f"{share.header} + {share.payload}"
    detail.payload.views.segments[3].click()
    assert detail.bits.isVisible()
    assert not beside.isVisible()


def test_the_share_model_is_one_that_qt_accepts(qtmodeltester: ModelTester, tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.wsi")
    for at in range(5):
        recording.received(1 if not at else 0, b"x" * at, fin=at == 4)
    model = ShareModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    reading = recording.reading()
    model.show(open_message(reading, Inflation(reading), array("Q", range(1, 6)), 100))
    assert [model.index(row, 3).data() for row in range(5)] == ["0 %", "10 %", "20 %", "30 %", "40 %"]
    recording.close()


def test_a_message_that_does_not_inflate_lights_the_byte_on_the_wire(qtbot: QtBot, tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.wsi", deflate=True)
    good = recording.deflater.deflate(b"words and more words")
    recording.received(1, good, fin=False, rsv=4)
    recording.received(0, TAIL + b"\x07")
    reading = recording.reading()
    found = open_message(reading, Inflation(reading), array("Q", (1, 2)), 100)
    assert found is not None
    beside = WireBeside()
    qtbot.addWidget(beside)
    beside.show_opened(found)
    assert beside.frames.currentIndex().row() == 1
    assert beside.hex.lit() == ((6, 7),)
    assert beside.fault.full_text() == (
        "Does not inflate from byte 4 of the payload of #2 on: invalid block type."
    )
    recording.close()


def test_a_long_line_is_laid_out_in_parts_and_copied_as_one(qtbot: QtBot) -> None:
    view = TextView()
    qtbot.addWidget(view)
    long = "a" * 5000 + "\nshort\n" + "😀" * 2500
    view.set_content(Content(View.TEXT, (Piece(long, "plain"),), ""))
    assert view.blockCount() == 3 + 1 + 2
    view.selectAll()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == long
    pieces = (Piece("{\n  ", "mark"), Piece('"' + "b" * 4999, "string"), Piece(',\n"c"\n}', "mark"))
    view.set_content(Content(View.JSON, pieces, ""))
    assert view.blockCount() == 4 + 2
    view.selectAll()
    view.copy()
    assert QGuiApplication.clipboard().text() == "".join(piece.text for piece in pieces)


def test_many_pieces_are_inserted_while_the_window_goes_on(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_view, "INSERTING", 0.0)
    view = TextView()
    qtbot.addWidget(view)
    pieces = tuple(Piece(f"{at} ", "number") for at in range(50))
    view.set_content(Content(View.JSON, pieces, ""))
    assert view.toPlainText() == "0 "
    qtbot.waitUntil(lambda: view.toPlainText() == "".join(piece.text for piece in pieces))
    view.set_content(Content(View.JSON, pieces, ""))
    view.set_content(Content(View.TEXT, (Piece("else", "plain"),), ""))
    qtbot.wait(20)
    assert view.toPlainText() == "else"


def test_other_colours_leave_what_was_opened_open(qtbot: QtBot) -> None:
    view = StructureView()
    qtbot.addWidget(view)
    data = b'{"a": [1, 2], "b": 01}'
    shown = JsonTree().show(Source(data, len(data), True), Budget(clock=lambda: 0.0))
    assert isinstance(shown, Tree)
    view.show_nodes(shown, "JSON tree")
    first = view.topLevelItem(0)
    assert first is not None
    first.setExpanded(True)
    before = theme.scheme()
    colours = set()
    for scheme in ("light", "dark"):
        theme.set_scheme(scheme)
        inner, wrong = first.child(1), view.topLevelItem(1)
        assert inner is not None
        assert wrong is not None
        assert first.isExpanded()
        assert inner.foreground(1).color() == theme.color("json_number")
        assert wrong.foreground(0).color() == theme.color("fault")
        colours.add(inner.foreground(1).color().name())
    theme.set_scheme(before)
    assert len(colours) == 2
