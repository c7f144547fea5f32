"""The request in sight is copied for other tools, from the draft and from what was sent."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.filing import Opener
from wsinspector.ui.desk import Desk


def _button(desk: Desk) -> QPushButton:
    assert desk.page is not None
    (found,) = (
        each
        for each in desk.page.handshake.request.findChildren(QPushButton)
        if each.accessibleName() == "Copy the request for another tool"
    )
    assert found.isVisible()
    return found


def _pick(desk: Desk, text: str, *, with_secrets: bool = False) -> None:
    assert _button(desk).toolTip()
    assert desk.page is not None
    menu = desk.page.handshake.copy_menu()
    of = menu.secrets if with_secrets else menu
    next(each for each in of.actions() if each.text() == text).trigger()


def _told(desk: Desk) -> str:
    assert desk.page is not None
    return desk.page.handshake.request._copied.full_text()


def test_the_draft_is_copied_and_what_is_lost_stands_below_it(open_window: Opener, qtbot: QtBot) -> None:
    desk = open_window()
    assert desk.page is not None
    tab = desk.page.tab
    tab.set_address("ws://h.example/chat")
    tab.edit(tab.draft.with_version_values((b"99",)))
    _pick(desk, "curl")
    assert "'Sec-WebSocket-Version: 99'" in QGuiApplication.clipboard().text()
    assert _told(desk) == "Copied as curl."
    _pick(desk, "Python (websockets)")
    assert "ws://h.example/chat" in QGuiApplication.clipboard().text()
    assert "Version “99”" in _told(desk)
    tab.edit(tab.draft.with_version_values((b"8",)))
    qtbot.waitUntil(lambda: _told(desk) == "")  # it was said of other bytes


def test_secrets_stay_here_unless_asked_for(open_window: Opener, qtbot: QtBot) -> None:
    desk = open_window()
    assert desk.page is not None
    tab = desk.page.tab
    tab.set_address("ws://h.example/chat")
    head = tab.draft.to_bytes().removesuffix(b"\r\n") + b"Cookie: sid=topsecret\r\n\r\n"
    tab.edit(tab.draft.with_bytes(head))
    _pick(desk, "curl")
    assert "<secret>" in QGuiApplication.clipboard().text()
    assert "Secrets are left out" in _told(desk)
    _pick(desk, "curl", with_secrets=True)
    assert "'Cookie: sid=topsecret'" in QGuiApplication.clipboard().text()
    assert _told(desk) == "Copied as curl."


def test_what_was_sent_is_copied_as_it_was_sent(open_window: Opener, qtbot: QtBot) -> None:
    desk = open_window()
    assert desk.page is not None
    tab = desk.page.tab
    url = next(each.url for each in desk.workspace.scenarios() if each.path == "/echo")
    tab.set_address(url)
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.response is not None)
    assert tab.snapshot is not None
    key = next(line for line in tab.snapshot.request.split(b"\r\n") if line.startswith(b"Sec-WebSocket-Key"))
    qtbot.waitUntil(lambda: desk.pages[0].handshake.request._data.length() > 0)
    _pick(desk, "curl")
    assert key.decode() in QGuiApplication.clipboard().text()


def test_variables_are_copied_as_they_leave(open_window: Opener, qtbot: QtBot) -> None:
    desk = open_window()
    assert desk.page is not None
    tab = desk.page.tab
    tab.conversation.use_environment(lambda: {"host": "h.example", "room": "blue"})
    tab.set_address("ws://{{host}}/chat?room={{room}}")
    _pick(desk, "curl")
    assert "'http://h.example/chat?room=blue'" in QGuiApplication.clipboard().text()
    assert "{{" not in QGuiApplication.clipboard().text()
