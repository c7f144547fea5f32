"""Saved messages in the window: sent by Enter with their variables, moved by keys and by the mouse."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from wsinspector.library.saved_messages import Book, Folder, Saved, SavedMessages
from wsinspector.present.outgoing import Outgoing, SendKind
from wsinspector.ui.desk import Desk
from wsinspector.ui.sequences.beside import MESSAGES
from wsinspector.ui.sequences.messages_leaving import Leaving
from wsinspector.ui.sequences.messages_model import MessagesModel
from wsinspector.ui.sequences.messages_view import MessagesView

ALT = Qt.KeyboardModifier.AltModifier
BOOK = Book(
    (
        Folder("", (Saved("hi", "text", "Hello {{user}}"),)),
        Folder(
            "Login",
            (Saved("sub", "json", '{"n": {{counter}}, "u": "{{user}}"}'), Saved("raw", "hex", "00 ff")),
        ),
        Folder("End", ()),
    )
)


@pytest.fixture
def desk(open_window: Opener) -> Desk:
    return open_window()


@pytest.fixture
def view(qtbot: QtBot, desk: Desk, tmp_path: Path) -> MessagesView:
    page = desk.page
    assert page is not None
    panel = page.workbench.made()
    panel.messages.messages = SavedMessages(tmp_path / "messages.toml")
    panel.messages.messages.save(BOOK)
    page.workbench.toggle(MESSAGES)
    qtbot.waitUntil(lambda: panel.messages.model.book == BOOK)
    return panel.messages


@pytest.fixture
def opened(qtbot: QtBot, desk: Desk, view: MessagesView) -> Callable[[], None]:
    def go() -> None:
        page = desk.page
        assert page is not None
        page.tab.set_address(f"{desk.workspace.lab_address}/echo")
        page.tab.connect_now()
        qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.open)

    return go


def names(view: MessagesView) -> list[list[str]]:
    return [[message.name for message in folder.messages] for folder in view.model.book.folders]


def kept(qtbot: QtBot, view: MessagesView) -> list[list[str]]:
    """What is in the file, once it has all that is shown."""
    qtbot.waitUntil(lambda: SavedMessages(view.messages.path).load() == view.model.book)
    return names(view)


def test_enter_sends_with_variables_filled_in(
    qtbot: QtBot, desk: Desk, view: MessagesView, opened: Callable[[], None]
) -> None:
    sent: list[Outgoing] = []
    view.send_asked.connect(sent.append)
    view.variables.edit.setPlainText('user = a"b')
    view._pick((1, 0))
    QTest.keyClick(view.tree, Qt.Key.Key_Return)
    assert sent == []
    assert "no connection is open" in view.told.full_text()
    opened()
    for _ in range(2):
        QTest.keyClick(view.tree, Qt.Key.Key_Return)
    assert [frame.payload for frame in sent] == [b'{"n": 1, "u": "a\\"b"}', b'{"n": 2, "u": "a\\"b"}']
    page = desk.page
    assert page is not None
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.frames_in >= 2)


def test_a_close_with_too_long_a_reason_is_remarked_before_it_leaves(desk: Desk) -> None:
    assert desk.page is not None
    leaving = Leaving(desk.page.tab)
    assert leaving.preview(Saved("", "close", "ä" * 61, "1000")).warning == ""
    preview = leaving.preview(Saved("", "close", "ä" * 62, "1000"))
    assert preview.trouble == ""
    assert preview.warning.startswith("The reason is 124 bytes of UTF-8")


def test_an_unknown_variable_is_said_in_place_and_nothing_is_sent(
    qtbot: QtBot, view: MessagesView, opened: Callable[[], None]
) -> None:
    sent: list[Outgoing] = []
    view.send_asked.connect(sent.append)
    opened()
    view._pick((0, 0))
    assert view.leaves.full_text() == "✕ There is no variable {{user}}."
    QTest.keyClick(view.tree, Qt.Key.Key_Return)
    assert sent == []
    view.variables.edit.setPlainText("user = ada")
    assert view.leaves.full_text() == "text  Hello ada"
    view.variables.edit.setPlainText("no sign")
    assert view.variables.told.full_text() == "✕ Line 1: expected name = value."


def test_messages_are_moved_by_keys_and_the_file_follows(qtbot: QtBot, view: MessagesView) -> None:
    view._pick((1, 1))
    QTest.keyClick(view.tree, Qt.Key.Key_Up, ALT)
    assert kept(qtbot, view) == [["hi"], ["raw", "sub"], []]
    QTest.keyClick(view.tree, Qt.Key.Key_Up, ALT)
    assert kept(qtbot, view) == [["hi", "raw"], ["sub"], []]
    for _ in range(3):
        QTest.keyClick(view.tree, Qt.Key.Key_Down, ALT)
    assert kept(qtbot, view) == [["hi"], ["sub"], ["raw"]]
    assert view.place == (2, 0)
    view._pick((2, -1))
    QTest.keyClick(view.tree, Qt.Key.Key_Up, ALT)
    assert kept(qtbot, view) == [["hi"], ["raw"], ["sub"]]


def test_messages_are_moved_by_the_mouse(qtbot: QtBot, view: MessagesView) -> None:
    model = view.model
    data = model.mimeData([model.index_of((0, 0))])
    move = Qt.DropAction.MoveAction
    assert not model.dropMimeData(data, move, 1, 0, model.index_of((1, -1)))
    assert kept(qtbot, view) == [[], ["sub", "hi", "raw"], []]
    data = model.mimeData([model.index_of((1, 0))])
    model.dropMimeData(data, move, -1, 0, model.index_of((2, -1)))
    assert kept(qtbot, view) == [[], ["hi", "raw"], ["sub"]]
    data = model.mimeData([model.index_of((1, -1))])
    model.dropMimeData(data, move, -1, 0, QModelIndex())
    assert [folder.name for folder in view.model.book.folders] == ["", "End", "Login"]


def test_what_the_send_bar_holds_is_saved_and_taken_back(
    qtbot: QtBot, desk: Desk, view: MessagesView, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.page
    assert page is not None
    bar = page.frames.send_bar
    bar.set_kind(SendKind.JSON)
    bar.edit.setPlainText('{"new": true}')
    view._pick((1, 0))
    QTest.keyClick(view.tree, Qt.Key.Key_Insert)
    assert view.model.book.folders[1].messages[1] == Saved("", "json", '{"new": true}')
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_given: ("named", True))
    QTest.keyClick(view.tree, Qt.Key.Key_F2)
    assert kept(qtbot, view) == [["hi"], ["sub", "named", "raw"], []]
    bar.edit.clear()
    bar.set_kind(SendKind.TEXT)
    QTest.keyClick(view.tree, Qt.Key.Key_Space)
    assert (bar.kind, bar.edit.typed()) == (SendKind.JSON, '{"new": true}')
    assert bar.edit.hasFocus()
    view.tree.setFocus()
    QTest.keyClick(view.tree, Qt.Key.Key_Delete)
    assert kept(qtbot, view) == [["hi"], ["sub", "raw"], []]


def test_an_empty_book_says_what_would_fill_it(qtbot: QtBot, view: MessagesView) -> None:
    for place in ((1, 1), (1, 0), (1, -1), (1, -1), (0, 0)):
        view._pick(place)
        QTest.keyClick(view.tree, Qt.Key.Key_Delete)
    assert view.model.book.empty
    assert view.pages.currentIndex() == 1
    assert not view.button.isEnabled()


def test_a_folder_that_is_not_empty_is_kept(qtbot: QtBot, view: MessagesView) -> None:
    view._pick((1, -1))
    QTest.keyClick(view.tree, Qt.Key.Key_Delete)
    assert "not empty" in view.told.full_text()
    assert view.model.book == BOOK


def test_a_file_with_a_fault_is_told_of_and_left_alone(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = desk.page
    assert page is not None
    panel = page.workbench.made()
    path = tmp_path / "messages.toml"
    path.write_text('[[message]]\nname = "a"\n')
    panel.messages.messages = SavedMessages(path)
    page.workbench.toggle(MESSAGES)
    qtbot.waitUntil(lambda: "messages.toml has a fault in line 1" in panel.messages.told.full_text())
    page.frames.send_bar.edit.setPlainText("x")
    panel.messages.act("save")
    assert path.read_text() == '[[message]]\nname = "a"\n'


def test_the_model_keeps_what_qt_asks_of_one(qtbot: QtBot) -> None:
    model = MessagesModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(BOOK)
    model.show(Book())
    model.show(BOOK)
    assert tester.model() is model
    for place in ((0, 0), (1, -1), (1, 1), (2, -1)):
        assert model.place_of(model.index_of(place)) == place
