"""Outside clients in the window: tabs behind, answers by hand, their bytes sent to another server."""

import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from wsinspector.conversation.catching import Catching
from wsinspector.conversation.snapshot import Phase
from wsinspector.ui import theme
from wsinspector.ui.desk import NEW, Desk
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.settings import Settings
from wsinspector.ui.window import MainWindow
from wsinspector.ui.workspace import Workspace

WAIT = 20_000

KEYS = (
    b"GET /echo HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nSec-WebSocket-Protocol: sample\r\nUpgrade: WebSocket\r\n"
    b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nOrigin: http://example.com\r\n\r\n^n:ds[4U"
)
"""An opening handshake of hixie-76; its eight last bytes stand behind the blank line."""

DIGEST = b"8jKS'y:G*Co,Wxa-"


def request(path: str = "/echo", version: bytes = b"13", *lines: bytes) -> bytes:
    """An opening handshake that names a host of its own, with ``lines`` added."""
    head = [
        b"GET " + path.encode() + b" HTTP/1.1",
        b"Host: old.example:8080",
        b"upgrade: WebSocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        b"Sec-WebSocket-Version: " + version,
        *lines,
    ]
    return b"\r\n".join(head) + b"\r\n\r\n"


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    settings = Settings(tmp_path / "window.ini")
    settings.welcomed = True
    theme.apply(qapp)
    window = MainWindow(settings)
    window.resize(1440, 900)
    workspace = Workspace(settings)
    workspace.folder = tmp_path
    workspace.control._folder = tmp_path
    with qtbot.waitActive(window, timeout=WAIT):
        window.show()
        window.activateWindow()
    window.furnish(workspace)
    made = window.desk
    assert made is not None
    qtbot.waitUntil(lambda: bool(workspace.scenarios()), timeout=WAIT)
    yield made
    window.close()
    window.close_everything()
    workspace.stop()
    window.deleteLater()


@pytest.fixture
def client(desk: Desk) -> Iterator[Callable[[bytes], socket.socket]]:
    """Connects to the lab as a program of its own does, and sends."""
    made: list[socket.socket] = []

    def connect(data: bytes) -> socket.socket:
        lab = desk.workspace.lab
        assert lab is not None
        one = socket.create_connection(("127.0.0.1", lab.port), timeout=WAIT / 1000)
        made.append(one)
        one.sendall(data)
        return one

    yield connect
    for one in made:
        one.close()


Connect = Callable[[bytes], socket.socket]


def read_until(qtbot: QtBot, one: socket.socket, end: bytes) -> bytes:
    """What comes up to ``end``; the window goes on meanwhile."""
    one.setblocking(False)
    came = bytearray()

    def there() -> bool:
        try:
            piece = one.recv(65536)
        except BlockingIOError:
            return False
        came.extend(piece)
        return came.endswith(end) or not piece

    qtbot.waitUntil(there, timeout=WAIT)
    return bytes(came)


def tab_of(qtbot: QtBot, desk: Desk, number: int = 1) -> InspectPage:
    """The tab of the client that came ``number``-th, once it is there."""
    qtbot.waitUntil(lambda: len(desk.pages) > number, timeout=WAIT)
    return desk.pages[number]


def in_front(qtbot: QtBot, desk: Desk, number: int = 1) -> InspectPage:
    page = tab_of(qtbot, desk, number)
    QTest.keyClick(desk.window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert desk.page is page
    return page


def ended(page: InspectPage, attempts: int) -> bool:
    """Whether the client of ``page`` came so many times, and has left."""
    made = page.tab.conversation.attempts
    return len(made) == attempts and not made[-1].live


def all_ended(catching: Catching, clients: int) -> bool:
    """Whether so many clients were caught, and have left."""
    held = catching.conversations
    return catching.dropped + len(held) == clients and all(each.current is None for each in held)


def lines_of(page: InspectPage) -> list[str]:
    return [line.row.text for line in page.handshake.verdict.lines()]


def test_a_client_leaves_the_keys_where_they_are(qtbot: QtBot, desk: Desk, client: Connect) -> None:
    front = desk.page
    assert front is not None
    front.address.field.setFocus()
    client(request())
    tab_of(qtbot, desk)
    assert desk.window.isActiveWindow()
    assert front.address.field.hasFocus()


def test_a_client_opens_behind_marked_until_it_is_looked_at(
    qtbot: QtBot, desk: Desk, client: Connect
) -> None:
    front = desk.page
    one = client(KEYS)
    assert read_until(qtbot, one, DIGEST).startswith(b"HTTP/1.1 101")
    page = tab_of(qtbot, desk)
    bar = desk.window.tabs.bar
    assert desk.page is front
    qtbot.waitUntil(lambda: bar.tabText(1).endswith("hixie-76"), timeout=WAIT)
    assert bar.tabText(1).startswith(f"{NEW} client ")
    assert "Ctrl+J" in desk.status.news.full_text()
    qtbot.waitUntil(lambda: desk.lab.status.clients.text() == "1 new client", timeout=WAIT)
    desk.lab.status.clients.click()
    assert desk.page is page
    assert not bar.tabText(1).startswith(NEW)
    assert desk.lab.status.clients.isHidden()
    one.sendall(b"\x00hello\xff")
    read_until(qtbot, one, b"\x00hello\xff")
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.frames == 2, timeout=WAIT)
    assert page.answer.line.lead == "A client speaks hixie-76."
    assert "conforming echo” answered with 101" in page.answer.line.text
    assert page.handshake.verdict.badges()
    assert page.address.field.isReadOnly()
    assert page.address.field.text().endswith("asked for ws://example.com/echo")
    assert page.address.version.edit.isReadOnly()
    assert "hixie-76" in page.address.version.meaning.full_text()


def test_what_the_person_sends_leaves_as_a_server_sends_it(qtbot: QtBot, desk: Desk, client: Connect) -> None:
    one = client(request())
    read_until(qtbot, one, b"\r\n\r\n")
    page = in_front(qtbot, desk)
    bar = page.frames.send_bar
    qtbot.waitUntil(bar.button.isEnabled, timeout=WAIT)
    bar.edit.setPlainText("hi")
    bar.send()
    assert read_until(qtbot, one, b"hi") == b"\x81\x02hi"


def test_a_client_that_must_be_refused_is_told_so_first(qtbot: QtBot, desk: Desk, client: Connect) -> None:
    one = client(request(version=b"99"))
    read_until(qtbot, one, b"\n\r\n")
    page = in_front(qtbot, desk)
    qtbot.waitUntil(lambda: "A conforming server must refuse it" in page.answer.line.text, timeout=WAIT)
    assert page.answer.line.lead == "A client asks for version 99."
    assert page.answer.line.tone == "fault"
    assert any("99" in text for text in lines_of(page))


def test_by_hand_the_bytes_can_be_changed_before_they_leave(
    qtbot: QtBot, desk: Desk, client: Connect
) -> None:
    desk.workspace.control.set_by_hand(True)
    one = client(request("/anything", b"13", b"Sec-WebSocket-Protocol: chat.v2, chat"))
    page = in_front(qtbot, desk)
    qtbot.waitUntil(lambda: page.by_hand is not None and page.by_hand.isVisible(), timeout=WAIT)
    hand = page.by_hand
    assert hand is not None
    assert page.answer.line.lead == "A client waits for an answer."
    assert page.answer._buttons[0].hasFocus()
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in hand.edit.data()
    assert b"Sec-WebSocket-Protocol: chat.v2\r\n" in hand.edit.data()
    hand.choose("400-two-lines")
    assert hand.edit.data().startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert hand.ends.isChecked()
    hand.choose("accept")
    assert not hand.ends.isChecked()
    changed = hand.edit.data().replace(b"Switching Protocols", b"As you like")
    hand.edit.edited.emit(changed)
    assert hand.length.full_text().endswith("changed by hand")
    hand.edit.setFocus()
    QTest.keyClick(hand.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert read_until(qtbot, one, b"\r\n\r\n") == changed
    qtbot.waitUntil(lambda: page.answer.line.text.startswith("You answered with 101"), timeout=WAIT)
    assert page.right.currentWidget() is page.frames


def test_undo_brings_back_what_was_typed_into_an_answer(qtbot: QtBot, desk: Desk, client: Connect) -> None:
    desk.workspace.control.set_by_hand(True)
    client(request())
    page = in_front(qtbot, desk)
    qtbot.waitUntil(lambda: page.by_hand is not None, timeout=WAIT)
    hand = page.by_hand
    assert hand is not None
    picked = hand.edit.data()
    hand.edit.edited.emit(b"HTTP/1.1 299 Hm\r\n\r\n")
    hand.choose("503")
    hand.edit.undo_asked.emit()
    assert hand.edit.data() == b"HTTP/1.1 299 Hm\r\n\r\n"
    hand.edit.undo_asked.emit()
    assert hand.edit.data() == picked
    hand.edit.redo_asked.emit()
    assert hand.edit.data() == b"HTTP/1.1 299 Hm\r\n\r\n"


def test_by_hand_one_key_refuses_with_the_versions_that_the_lab_takes(
    qtbot: QtBot, desk: Desk, client: Connect
) -> None:
    desk.workspace.control.take(("13", "8"), "426-list")
    desk.workspace.control.set_by_hand(True)
    one = client(request(version=b"7"))
    page = in_front(qtbot, desk)
    qtbot.waitUntil(lambda: len(page.answer._buttons) == 2, timeout=WAIT)
    refuse = next(button for button in page.answer._buttons if "426" in button.text())
    refuse.setFocus()
    QTest.keyClick(refuse, Qt.Key.Key_Space)
    answer = read_until(qtbot, one, b"protocol.")
    assert answer.startswith(b"HTTP/1.1 426 ")
    assert b"Sec-WebSocket-Version: 13, 8\r\n" in answer
    qtbot.waitUntil(lambda: "offers 13, 8" in page.answer.line.text, timeout=WAIT)


def test_what_is_no_http_can_still_be_answered_by_hand(qtbot: QtBot, desk: Desk, client: Connect) -> None:
    desk.workspace.control.set_by_hand(True)
    client(b"SSH-2.0-something\r\n\r\n")
    page = in_front(qtbot, desk)
    qtbot.waitUntil(lambda: page.by_hand is not None and bool(page.by_hand.edit.data()), timeout=WAIT)
    assert page.by_hand is not None
    assert page.by_hand.edit.data().startswith(b"HTTP/1.1 ")


def test_exactly_the_clients_bytes_go_to_another_server_and_both_are_compared(
    qtbot: QtBot, desk: Desk, client: Connect
) -> None:
    asked = request("/426-list")
    one = client(asked)
    read_until(qtbot, one, b"\n\r\n")
    page = in_front(qtbot, desk)
    assert page.address.button.text() == "Use as draft"
    page.address.button.click()
    assert page.tab.picked == 0
    assert page.address.field.text() == ""
    assert not page.address.field.isReadOnly()
    assert page.address.field.hasFocus()
    assert page.tab.draft.to_bytes() == asked
    assert page.tab.conversation.attempts[0].snapshot.request == asked
    one.close()
    lab = desk.workspace.lab
    assert lab is not None
    QTest.keyClicks(page.address.field, lab.url_of("/any-version"))
    assert page.tab.draft.to_bytes() == asked
    QTest.keyClick(page.address.field, Qt.Key.Key_Return)
    attempts = page.tab.conversation.attempts
    qtbot.waitUntil(lambda: len(attempts) == 2 and attempts[1].snapshot.response is not None, timeout=WAIT)
    assert page.tab.conversation.attempts[1].snapshot.request == asked
    page.tab.compare(1, 2)
    assert page.handshake.compare.isVisibleTo(page)
    labels = [button.text() for button in page.handshake.strip._buttons]
    assert labels[:2] == ["Draft", "#1 client 426"]


def test_the_clients_bytes_stay_the_draft_while_it_is_live(qtbot: QtBot, desk: Desk, client: Connect) -> None:
    asked = request()
    one = client(asked)
    read_until(qtbot, one, b"\r\n\r\n")
    page = in_front(qtbot, desk)
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.open, timeout=WAIT)
    QTest.keyClick(desk.window, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert page.address.button.text() == "Connect"
    assert page.tab.conversation.attempts[0].live
    page.tab.pick(1)
    page.answer._buttons[0].click()
    qtbot.waitUntil(lambda: page.tab.conversation.attempts[0].snapshot.phase is Phase.CLOSING, timeout=WAIT)


def test_the_same_client_again_is_one_more_attempt_of_the_same_tab(
    qtbot: QtBot, desk: Desk, client: Connect
) -> None:
    for number in (1, 2):
        one = client(request("/426-list"))
        read_until(qtbot, one, b"\n\r\n")
        one.close()
        page = tab_of(qtbot, desk)
        qtbot.waitUntil(partial(ended, page, number), timeout=WAIT)
    assert len(desk.pages) == 2
    qtbot.waitUntil(lambda: desk.pages[1].tab.picked == 2, timeout=WAIT)


def test_who_reads_an_attempt_goes_on_reading_it_when_the_client_tries_again(
    qtbot: QtBot, desk: Desk, client: Connect
) -> None:
    one = client(request("/by-hand"))
    page = in_front(qtbot, desk)
    one.close()
    qtbot.waitUntil(partial(ended, page, 1), timeout=WAIT)
    client(request("/by-hand"))
    qtbot.waitUntil(lambda: "again; Ctrl+J leads there" in desk.status.news.full_text(), timeout=WAIT)
    waiting = page.tab.conversation.attempts[1]
    qtbot.waitUntil(lambda: waiting.snapshot.phase is Phase.SENT, timeout=WAIT)
    assert page.tab.picked == 1
    QTest.keyClick(desk.window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert desk.page is page
    assert page.tab.picked == 2
    assert page.answer.line.lead == "A client waits for an answer."


def test_clients_nobody_looked_at_make_room_and_their_captures_go(
    qtbot: QtBot, desk: Desk, client: Connect
) -> None:
    catching = desk.workspace.control.catching
    assert catching is not None
    catching._most = 2
    paths = []
    for number in range(3):
        one = client(request(f"/426-list?client={number}"))
        read_until(qtbot, one, b"\n\r\n")
        one.close()
        qtbot.waitUntil(partial(all_ended, catching, number + 1), timeout=WAIT)
        path = catching.conversations[-1].capture_path
        assert path is not None
        paths.append(path)
    qtbot.waitUntil(lambda: "1 dropped" in desk.lab.status.clients.text(), timeout=WAIT)
    qtbot.waitUntil(lambda: len(desk.pages) == 3, timeout=WAIT)
    qtbot.waitUntil(lambda: not paths[0].exists(), timeout=WAIT)
    assert catching.dropped == 1


def test_a_client_that_was_looked_at_is_never_dropped(qtbot: QtBot, desk: Desk, client: Connect) -> None:
    catching = desk.workspace.control.catching
    assert catching is not None
    catching._most = 1
    first = client(request("/426-list?client=first"))
    read_until(qtbot, first, b"\n\r\n")
    page = in_front(qtbot, desk)
    assert catching.conversations == ()
    second = client(request("/426-list?client=second"))
    read_until(qtbot, second, b"\n\r\n")
    tab_of(qtbot, desk, 2)
    assert page in desk.pages
    assert catching.dropped == 0


def test_a_kept_client_is_shown_from_the_same_side(qtbot: QtBot, desk: Desk, client: Connect) -> None:
    one = client(request())
    read_until(qtbot, one, b"\r\n\r\n")
    page = in_front(qtbot, desk)
    one.close()
    qtbot.waitUntil(lambda: page.answer.line.text.startswith("by the peer"), timeout=WAIT)
    shown = (page.answer.line.text, lines_of(page), page.address.field.text())
    path = page.tab.conversation.capture_path
    assert path is not None
    desk.close_tab(1)
    desk.open_file(path)
    qtbot.waitUntil(lambda: len(desk.pages) == 2, timeout=WAIT)
    again = desk.pages[1]
    assert again.tab.caught is not None
    assert (again.answer.line.text, lines_of(again), again.address.field.text()) == shown
    assert again.address.button.text() == "Use as draft"
    assert desk.window.tabs.bar.tabText(1).startswith("client ")


def test_switched_off_nobody_is_caught(qtbot: QtBot, desk: Desk, client: Connect) -> None:
    desk.workspace.control.set_catches(False)
    one = client(request())
    assert read_until(qtbot, one, b"\r\n\r\n").startswith(b"HTTP/1.1 101")
    catching = desk.workspace.control.catching
    assert catching is not None
    assert catching.conversations == ()
    assert len(desk.pages) == 1


def test_open_to_others_is_seen_in_every_tab_until_it_is_switched_off(qtbot: QtBot, desk: Desk) -> None:
    control = desk.workspace.control
    desk.show_lab_sheet("beyond")
    sheet = desk.lab_sheet
    assert sheet is not None
    assert sheet.beyond.hasFocus()
    assert not sheet.beyond.isChecked()
    assert desk.lab.status.reach.isHidden()
    QTest.keyClick(sheet.beyond, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: control.beyond_loopback and not control.moving, timeout=WAIT)
    assert all(address in sheet.reach.full_text() for address in control.addresses[:4])
    assert desk.lab.status.reach.text().startswith("lab open to others: ")
    sheet.beyond.click()
    qtbot.waitUntil(lambda: not control.beyond_loopback and not control.moving, timeout=WAIT)
    assert desk.lab.status.reach.isHidden()
    assert [address.rpartition(":")[0] for address in control.addresses] == ["127.0.0.1"]


def test_by_keyboard_alone_from_the_key_that_leads_there_to_a_message(
    qtbot: QtBot, desk: Desk, client: Connect
) -> None:
    desk.workspace.control.set_by_hand(True)
    one = client(request())
    page = in_front(qtbot, desk)
    qtbot.waitUntil(lambda: page.answer._buttons[0].hasFocus(), timeout=WAIT)
    QTest.keyClick(page.answer._buttons[0], Qt.Key.Key_Space)
    read_until(qtbot, one, b"\r\n\r\n")
    edit = page.frames.send_bar.edit
    qtbot.waitUntil(lambda: edit.hasFocus() and page.frames.send_bar.button.isEnabled(), timeout=WAIT)
    QTest.keyClicks(edit, "hi")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert read_until(qtbot, one, b"hi") == b"\x81\x02hi"
    QTest.keyClick(desk.window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    assert read_until(qtbot, one, b"\x88\x02\x03\xe8") == b"\x88\x02\x03\xe8"


def test_every_control_has_a_name_and_says_what_it_does(qtbot: QtBot, desk: Desk, client: Connect) -> None:
    desk.workspace.control.set_by_hand(True)
    desk.workspace.control.take(("13",), "400-list")
    client(request())
    tab_of(qtbot, desk)
    qtbot.waitUntil(lambda: desk.lab.status.clients.text() == "1 client waits", timeout=WAIT)
    assert not [
        one for one in desk.lab.status.findChildren(QAbstractButton) if one.isVisible() and not told(one)
    ]
    page = in_front(qtbot, desk)
    desk.show_lab_sheet()
    qtbot.waitUntil(lambda: page.by_hand is not None and page.by_hand.isVisible(), timeout=WAIT)
    assert page.by_hand is not None
    assert desk.lab_sheet is not None
    for part in (page.by_hand, page.answer, page.address, desk.lab_sheet):
        controls: list[QAbstractButton | QLineEdit] = [*part.findChildren(QAbstractButton)]
        controls += part.findChildren(QLineEdit)
        mute = [one for one in controls if one.isVisible() and not told(one)]
        assert mute == []


def told(control: QAbstractButton | QLineEdit) -> bool:
    name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
    return bool(name and control.toolTip())


def test_the_report_tells_it_from_the_servers_side(qtbot: QtBot, desk: Desk, client: Connect) -> None:
    one = client(request("/echo?token=verysecrettoken", b"99"))
    read_until(qtbot, one, b"protocol.")
    one.close()
    page = in_front(qtbot, desk)
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and not page.tab.snapshot.live, timeout=WAIT)
    page.copy_report()
    report = QGuiApplication.clipboard().text()
    assert "< GET /echo?token=" in report
    assert "> HTTP/1.1 426 Upgrade Required" in report
    assert "- Client: `127.0.0.1:" in report
    assert "verysecret" not in report


def test_a_body_is_shown_whole_at_any_width(qtbot: QtBot, desk: Desk, client: Connect) -> None:
    one = client(request("/echo", b"99"))
    read_until(qtbot, one, b"protocol.")
    one.close()
    page = in_front(qtbot, desk)
    qtbot.waitUntil(lambda: page.right.currentWidget() is page.refusal, timeout=WAIT)
    for width in (1440, 1024):
        desk.window.resize(width, 800)
        bar = page.refusal.text.verticalScrollBar()
        qtbot.waitUntil(lambda bar=bar: bar.maximum() == 0, timeout=WAIT)  # type: ignore[misc]
