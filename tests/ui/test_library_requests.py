"""Requests are kept on the Library page, and variables filled in from there, by keyboard and by mouse."""

import json
from pathlib import Path

from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from wsinspector.library.environments import Environments, Variable, VariableSet
from wsinspector.library.request_store import RequestStore
from wsinspector.library.requests import RequestFolder, SavedRequest
from wsinspector.present.outgoing import SendKind
from wsinspector.protocol.draft import Draft
from wsinspector.share.request_files import read_request_file
from wsinspector.ui.desk import Desk
from wsinspector.ui.library.pages import LibraryPages
from wsinspector.ui.library.requests_model import RequestsModel
from wsinspector.ui.library.variables_model import NAME, SECRET, VALUE, VariablesModel

ONE = SavedRequest(
    "one", "ws://{{host}}/chat", Draft.from_bytes(b"GET /chat HTTP/1.1\r\nX: {{host}}\r\n\r\n")
)


def _pages(desk: Desk, qtbot: QtBot) -> LibraryPages:
    desk.switch.show_library()
    pages = desk.switch.shelves
    assert pages is not None
    qtbot.waitUntil(lambda: desk.shelf.loaded)
    return pages


def _names(desk: Desk) -> list[str]:
    return [each.name for each in desk.shelf.whole.nodes]


def test_a_draft_is_kept_renamed_doubled_moved_deleted_and_brought_back(
    open_window: Opener, qtbot: QtBot
) -> None:
    desk = open_window()
    page = desk.new_tab()
    page.tab.set_address("ws://a.test/chat?x=1")
    page.tab.edit(page.tab.draft.insert(1, Draft.from_bytes(b"GET / X\r\nX: \xff\r\n\r\n").lines[0]))
    kept = page.tab.draft
    pages = _pages(desk, qtbot)
    QTest.keyClick(pages.history.field, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    view = pages.requests
    qtbot.waitUntil(view.save.hasFocus)
    QTest.keyClick(view.save, Qt.Key.Key_Insert)
    assert _names(desk) == ["a.test/chat"]
    view.tree.setFocus()
    qtbot.waitUntil(view.tree.hasFocus)
    QTest.keyClick(view.tree, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert _names(desk) == ["a.test/chat", "a.test/chat 2"]
    assert view.model.setData(view.tree.currentIndex(), "mine")
    qtbot.waitUntil(lambda: _names(desk) == ["a.test/chat", "mine"])
    QTest.keyClick(view.tree, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert _names(desk) == ["mine", "a.test/chat"]
    QTest.keyClick(view.tree, Qt.Key.Key_Delete)
    assert _names(desk) == ["a.test/chat"]
    QTest.keyClick(view.tree, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert _names(desk) == ["mine", "a.test/chat"]
    view.pick((0,))
    QTest.keyClick(view.tree, Qt.Key.Key_Return)
    opened = desk.page
    assert opened is not None
    assert opened is not page
    assert opened.tab.conversation.address_text == "ws://a.test/chat?x=1"
    now = opened.tab.draft
    assert now.with_generated(key=b"") == kept.with_generated(key=b"")
    assert now.key() != kept.key(), "a key is drawn anew"
    desk.shelf.settle()
    whole = RequestStore(desk.settings.beside("requests.toml")).load()
    assert [each.name for each in whole.nodes] == ["mine", "a.test/chat"]


def test_the_set_in_use_is_filled_in_and_an_unknown_name_sends_nothing(
    open_window: Opener, qtbot: QtBot
) -> None:
    desk = open_window()
    pages = _pages(desk, qtbot)
    pages.open_request(ONE)
    page = desk.page
    assert page is not None
    assert "There is no variable {{host}}" in page.answer.line.text
    page.tab.connect_now()
    assert page.tab.conversation.attempts == []
    pages.variables.name_set(None, "Local")
    model = pages.variables.model
    assert model.setData(model.index(0, NAME), "host")
    assert model.setData(model.index(0, VALUE), "a.test:81")
    assert page.tab.conversation.address.url == "ws://a.test:81/chat"
    assert page.answer.line.text == "Leaves filled in: X: a.test:81"
    assert model.setData(model.index(0, SECRET), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    desk.tabs.fill_in_again()
    assert "a.test" not in page.answer.line.text
    assert not model.setData(model.index(1, NAME), "host"), "a name stands for one thing"
    assert pages.variables.told.text().startswith("✕ There is a variable host already")


def test_a_message_leaves_filled_in_and_braces_that_are_meant_stay(open_window: Opener, qtbot: QtBot) -> None:
    desk = open_window()
    pages = _pages(desk, qtbot)
    page = desk.new_tab()
    bar = page.frames.send_bar
    bar.edit.setPlainText('{"to": "{{who}}"}')
    assert bar.outgoing().problem.startswith("There is no variable {{who}}.")
    pages.variables.name_set(None, "Local")
    desk.shelf.change_environments(Environments((VariableSet("L", (Variable("who", 'a"b'),)),), "L"))
    assert bar.outgoing().payload == b'{"to": "a"b"}'
    bar.set_kind(SendKind.JSON)
    assert bar.outgoing().payload == b'{"to": "a\\"b"}'
    bar.set_kind(SendKind.TEXT)
    bar.edit.setPlainText("\\{{who}} {{}} {{counter}}")
    assert bar.outgoing().payload == b"{{who}} {{}} 1"


def test_a_variable_without_a_value_is_led_to_and_nothing_is_judged_before(
    open_window: Opener, qtbot: QtBot
) -> None:
    desk = open_window()
    qtbot.waitUntil(lambda: desk.shelf.loaded)
    page = desk.page
    assert page is not None
    verdict = page.handshake.verdict
    qtbot.waitUntil(lambda: bool(verdict.shown.passed))
    page.tab.set_address("ws://{{host}}/chat")
    qtbot.waitUntil(lambda: "variables" in verdict.shown.empty)
    assert "{{host}}" in page.answer.line.text
    (button,) = (each for each in page.answer.findChildren(QPushButton) if each.text() == "Variables…")
    button.click()
    assert desk.switch.shelves is not None
    assert desk.switch.shelves.variables.isVisible()
    local = VariableSet("L", (Variable("host", "127.0.0.1:9"),))
    desk.shelf.change_environments(Environments((local,), "L"))
    desk.show_page(0)
    qtbot.waitUntil(lambda: bool(verdict.shown.passed))
    qtbot.waitUntil(
        lambda: all(each.text() != "Variables…" for each in page.answer.findChildren(QPushButton))
    )


def test_a_file_comes_in_as_a_folder_and_a_broken_one_is_said(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = open_window()
    pages = _pages(desk, qtbot)
    path = tmp_path / "theirs.toml"
    pages.share(RequestFolder("theirs", (ONE,)), path)
    qtbot.waitUntil(path.exists)
    pages.bring(path)
    qtbot.waitUntil(lambda: _names(desk) == ["theirs"])
    assert read_request_file(path)[0].nodes == (ONE,)
    arrived = pages.requests.arrived
    assert "1 request came in" in arrived.lead.full_text()
    assert arrived.more.isHidden()
    path.write_text("[[request]]\nname = 1\n")
    with qtbot.waitSignal(pages.said) as said:
        pages.bring(path)
    assert str(said.args).startswith("['theirs.toml, line 1: ")
    assert _names(desk) == ["theirs"]
    assert arrived.lead.full_text().startswith("theirs.toml, line 1: ")
    arrived.away.click()
    assert arrived.isHidden()


def test_what_an_import_could_not_carry_over_is_listed_in_its_place(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = open_window()
    pages = _pages(desk, qtbot)
    headers = [{"name": "Upgrade", "value": "websocket"}]
    request = {"method": "GET", "url": "ws://a.test/x", "httpVersion": "HTTP/1.1", "headers": headers}
    entry = {
        "request": request,
        "_webSocketMessages": [{"type": "send", "time": 1, "opcode": 1, "data": "x"}],
    }
    path = tmp_path / "browser.har"
    path.write_text(json.dumps({"log": {"entries": [entry]}}))
    pages.bring(path)
    qtbot.waitUntil(lambda: _names(desk) == ["browser"])
    arrived = pages.requests.arrived
    assert "1 request came in" in arrived.lead.full_text()
    assert "1 message stayed behind" in arrived.text.full_text()
    assert "The exact bytes are not in a HAR" in arrived.text.full_text()
    assert not arrived.text.isHidden()


def test_the_models_keep_qts_rules(qtbot: QtBot) -> None:
    del qtbot
    model = RequestsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    inner = RequestFolder("f", (ONE, RequestFolder("g", (ONE,))))
    model.show(RequestFolder("", (ONE, inner)))
    assert model.rowCount(model.index(1, 0)) == 2
    asked: list[object] = []
    model.moved.connect(lambda *told: asked.append(told))
    data: QMimeData = model.mimeData([model.index(0, 0)])
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, -1, 0, model.index(1, 0))
    assert asked == [((0,), (1, 2))]
    model.show(RequestFolder())
    assert model.rowCount(QModelIndex()) == 0
    variables = VariablesModel()
    QAbstractItemModelTester(variables, QAbstractItemModelTester.FailureReportingMode.Fatal)
    variables.show(VariableSet("x", (Variable("a", "1"), Variable("b", "2", secret=True))))
    assert variables.data(variables.index(1, VALUE)) == "••••••••"
    variables.show(None)
    assert variables.rowCount() == 0


def test_a_draft_is_kept_from_where_it_is_written(open_window: Opener, qtbot: QtBot) -> None:
    desk = open_window()
    qtbot.waitUntil(lambda: desk.shelf.loaded)
    page = desk.new_tab()
    page.tab.set_address("ws://a.test/chat")
    page.address.field.setFocus()
    for expected in (["a.test/chat"], ["a.test/chat", "a.test/chat 2"]):
        QTest.keyClick(
            page.address.field,
            Qt.Key.Key_H,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
        assert _names(desk) == expected
        assert f"Saved as {expected[-1]}" in desk.status.news.full_text()
