"""Payload views in the window: chosen by content, overruled, kept for a kind of message, opened in slices."""

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
from wsinspector.present.views.contents import Budget, Source, Tree
from wsinspector.present.views.json_tree import JsonTree
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.structure_view import StructureView
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.inspect.view_memory import ViewMemory
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
    assert payload.note.full_text().startswith("JSON-RPC, 65 bytes")
    assert menu.by_content.isChecked()
    assert menu.actions["json-rpc"].text() == "JSON-RPC, may fit"

    menu.actions["json-tree"].trigger()
    qtbot.waitUntil(lambda: len(text_in(payload.structure)) == 4, timeout=WAIT)
    assert not menu.by_content.isChecked()
    tree = payload.structure
    tree.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(tree, key)
    tree.copy_path.trigger()
    assert QGuiApplication.clipboard().text() == "$.params[0]"
    tree.copy_value.trigger()
    assert QGuiApplication.clipboard().text() == "1.10"
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


def test_what_was_scanned_in_slices_goes_on_where_it_is_opened(qtbot: QtBot) -> None:
    view = StructureView()
    qtbot.addWidget(view)
    data = str(list(range(1200))).encode()
    shown = JsonTree().show(Source(data, len(data), True), Budget(clock=lambda: 0.0))
    assert isinstance(shown, Tree)
    view.show_nodes(shown, "JSON tree")
    assert view.topLevelItemCount() == 501
    for count in (1001, 1200):
        last = view.topLevelItem(view.topLevelItemCount() - 1)
        assert last is not None
        last.setExpanded(True)
        assert view.topLevelItemCount() == count
    assert [row[1] for row in text_in(view)] == [str(number) for number in range(1200)]


def test_picked_views_are_kept_in_the_settings(tmp_path: Path) -> None:
    memory = ViewMemory(Settings(tmp_path / "settings.ini"))
    memory.keep("text", "json-tree")
    memory.keep("binary mqtt", "cbor")
    memory.keep("text", "json-rpc")
    again = ViewMemory(Settings(tmp_path / "settings.ini"))
    assert list(again.views.items()) == [("binary mqtt", "cbor"), ("text", "json-rpc")]
    again.keep("text", "")
    assert again.views == {"binary mqtt": "cbor"}
