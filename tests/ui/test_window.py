"""The whole window on its real lab: first start, refusal and retry, ending, finding again."""

import dataclasses
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from wsinspector.conversation.snapshot import AttemptSnapshot, Phase
from wsinspector.ui import theme
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.learn.rules import RulesPage
from wsinspector.ui.settings import Settings
from wsinspector.ui.window import MainWindow
from wsinspector.ui.workspace import Workspace
from wsinspector.verdicts.catalogue import rule_called
from wsinspector.verdicts.outcome import Outcome

WAIT = 10_000
Opener = Callable[..., Desk]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Opener]:
    """Opens windows one after the other, each with the same settings and captures."""
    opened: list[tuple[MainWindow, Workspace]] = []

    def close() -> None:
        while opened:
            window, workspace = opened.pop()
            window.close()
            window.close_everything()
            workspace.stop()
            workspace.settings.sync()
            window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def make(target: str | None = None, connect: bool = False, *, welcomed: bool = True) -> Desk:
        close()
        settings = Settings(tmp_path / "window.ini")
        if welcomed:
            settings.welcomed = True
        theme.apply(qapp)
        window = MainWindow(settings)
        window.resize(1440, 900)
        workspace = Workspace(settings)
        opened.append((window, workspace))
        with qtbot.waitActive(window, timeout=WAIT):
            window.show()
            window.activateWindow()
        window.furnish(workspace, () if target is None else (target,), connect)
        assert window.desk is not None
        desk = window.desk
        qtbot.waitUntil(lambda: bool(desk.workspace.scenarios()), timeout=WAIT)
        qtbot.waitUntil(lambda: not desk.files.opening.busy, timeout=WAIT)
        return desk

    yield make
    close()


def front(desk: Desk) -> InspectPage:
    page = desk.page
    assert page is not None
    return page


def connect(qtbot: QtBot, desk: Desk, path: str, version: bytes = b"13") -> AttemptSnapshot:
    """Connect the tab in front to a path of the lab; the snapshot once it opened or ended."""
    assert desk.workspace.lab is not None
    tab = front(desk).tab
    tab.set_address(desk.workspace.lab.url_of(path))
    tab.edit(tab.draft.with_version_values([version]))
    QTest.mouseClick(front(desk).address.button, Qt.MouseButton.LeftButton)

    def settled() -> bool:
        snapshot = tab.snapshot
        return snapshot is not None and (snapshot.open or not snapshot.live)

    qtbot.waitUntil(settled, timeout=WAIT)
    front(desk).answer.look()
    assert tab.snapshot is not None
    return tab.snapshot


def button(page: InspectPage, text: str) -> QPushButton:
    found = [each for each in page.answer.findChildren(QPushButton) if each.text() == text]
    assert len(found) == 1, text
    return found[0]


def test_the_first_start_welcomes_and_fills_in_the_lab(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window(welcomed=False)
    page = front(desk)
    qtbot.waitUntil(lambda: page.tab.conversation.address_text.endswith("/chat"), timeout=WAIT)
    assert page.tab.conversation.attempts == []
    welcome = desk.greeting.welcome
    assert welcome is not None
    assert welcome.isVisible()
    QTest.keyClick(welcome, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.open, timeout=WAIT)
    assert desk.greeting.welcome is None
    assert desk.settings.welcomed


def test_the_welcome_has_the_focus_at_every_start(qtbot: QtBot, open_window: Opener) -> None:
    for _ in range(2):
        desk = open_window(welcomed=False)
        welcome = desk.greeting.welcome
        assert welcome is not None
        qtbot.waitUntil(welcome.lab.hasFocus, timeout=WAIT)
        desk.window.close()


def test_what_is_begun_by_key_puts_the_welcome_away(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    for key, held in (
        (Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier),
    ):
        desk.greeting.show()
        QTest.keyClick(desk.window, key, held)
        qtbot.waitUntil(lambda: desk.greeting.welcome is None, timeout=WAIT)


def test_a_url_fills_the_draft_and_does_not_connect(open_window: Opener) -> None:
    page = front(open_window("ws://127.0.0.1:1/there?room=blue"))
    assert page.address.field.address() == "ws://127.0.0.1:1/there?room=blue"
    assert page.tab.draft.target == b"/there?room=blue"
    assert page.tab.conversation.attempts == []
    assert page.answer.line.lead == "Not sent yet."


def test_a_refusal_offers_the_retry_that_opens(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    snapshot = connect(qtbot, desk, "/echo?versions=13", b"8")
    page = front(desk)
    assert snapshot.outcome is Outcome.REFUSED
    assert page.answer.line.tone == "refused"
    assert page.answer.line.spoken == "Refused with 426. You sent version 8; the answer offers 13."
    QTest.mouseClick(button(page, "Retry with 13"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.open, timeout=WAIT)
    assert page.tab.picked == 2
    assert [attempt.snapshot.outcome for attempt in page.tab.conversation.attempts] == [
        Outcome.REFUSED,
        Outcome.OPEN,
    ]
    page.answer.look()
    assert page.answer.line.spoken == "Open. Version 13 was accepted."


def test_disconnect_closes_cleanly_and_says_so(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    connect(qtbot, desk, "/echo")
    page = front(desk)
    page.tab.attempts_changed.emit()
    assert page.address.button.text() == "Disconnect"
    QTest.mouseClick(page.address.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.tab.conversation.current is None, timeout=WAIT)
    page.answer.look()
    assert page.answer.line.lead == "Closed"
    assert "1000" in page.answer.line.text
    assert "cleanly" in page.answer.line.text
    page.tab.attempts_changed.emit()
    assert page.address.button.text() == "Connect"


def test_two_tabs_are_open_at_once(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    connect(qtbot, desk, "/chat")
    first = front(desk)
    desk.new_tab()
    connect(qtbot, desk, "/pings")
    second = front(desk)
    assert first is not second
    for page in (first, second):
        attempt = page.tab.conversation.current
        assert attempt is not None
        assert attempt.snapshot.phase is Phase.OPEN
    desk.close_tab(1)
    assert front(desk) is first
    assert first.tab.conversation.current is not None


def test_a_closed_window_finds_its_conversation_again(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    connect(qtbot, desk, "/426-list", b"25")
    before = front(desk).tab.snapshot
    address = front(desk).tab.conversation.address_text
    desk = open_window()
    page = front(desk)
    after = page.tab.snapshot
    assert before is not None
    assert after is not None
    assert page.tab.conversation.address_text == address
    assert (after.request, after.outcome, after.verdict) == (before.request, before.outcome, before.verdict)
    assert after.response is not None
    assert after.response.status == 426
    assert page.tab.draft.version_values() == (b"25",)


def test_a_pasted_command_fills_the_draft(qtbot: QtBot, open_window: Opener) -> None:
    page = front(open_window())
    command = "curl -k -H 'X-Trace: 7' -H 'Sec-WebSocket-Version: 8' --compressed https://127.0.0.1:9/feed"
    QGuiApplication.clipboard().setText(command)
    page.address.field.setFocus()
    QTest.keyClick(page.address.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.tab.conversation.address.host == "127.0.0.1"
    assert page.tab.conversation.address.secure
    assert page.tab.draft.version_values() == (b"8",)
    assert b"X-Trace: 7\r\n" in page.tab.draft.to_bytes()
    assert not page.tab.conversation.options.verify
    assert page.tab.conversation.attempts == []
    assert page.answer.line.lead == "Not sent yet."
    assert "--compressed" in page.answer.line.text  # what could not be carried over, in its place
    page.tab.edit(page.tab.draft.with_version_values([b"13"]))
    assert page.answer.line.text == "Connect sends these bytes as they stand."


def test_secrets_of_the_address_are_dots_out_of_focus(qtbot: QtBot, open_window: Opener) -> None:
    page = front(open_window("ws://127.0.0.1:1/?access_token=abcdef123456"))
    field = page.address.field
    field.clearFocus()
    page.address.button.setFocus()
    assert "abcdef" not in field.text()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus, timeout=WAIT)
    assert field.text().endswith("abcdef123456")


def test_what_ended_has_one_loud_button(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    connect(qtbot, desk, "/echo")
    page = front(desk)
    page.tab.end_live()
    qtbot.waitUntil(lambda: page.answer.line.primary is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: page.address.button.text() == "Connect", timeout=WAIT)
    loud = [one for one in page.findChildren(QPushButton) if one.property("kind") == "primary"]
    seen = [one.text() for one in loud if one.isVisible() and one.isEnabled()]
    assert seen == ["Connect"]


def test_chips_name_what_differs_and_take_it_back(qtbot: QtBot, open_window: Opener) -> None:
    page = front(open_window())
    tab = page.tab
    tab.set_options(dataclasses.replace(tab.conversation.options, verify=False, policy="watch"))
    chips = [chip for chip in page.address._chips.findChildren(QPushButton) if not chip.isHidden()]
    assert [chip.text().split("  ")[0] for chip in chips] == ["any certificate", "only watches"]
    QTest.mouseClick(chips[0], Qt.MouseButton.LeftButton)
    assert tab.conversation.options.verify
    assert tab.conversation.options.policy == "watch"


def test_a_bad_address_is_told_in_place(qtbot: QtBot, open_window: Opener) -> None:
    page = front(open_window())
    page.address.field.setFocus()
    page.address.field.clear()
    QTest.keyClicks(page.address.field, "ws://bad host/")
    assert page.answer.line.lead == "This address cannot be used."
    QTest.keyClick(page.address.field, Qt.Key.Key_Return)
    assert page.tab.conversation.attempts == []


def test_a_closing_window_waits_for_nothing(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    assert desk.workspace.lab is not None
    tab = front(desk).tab
    tab.set_address(desk.workspace.lab.url_of("/silence"))
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.phase is Phase.SENT, timeout=WAIT)
    # The fixture closes the window while the attempt waits for an answer.


@pytest.mark.parametrize("size", [(1440, 900), (1100, 700), (900, 600), (640, 420)])
def test_every_size_lays_out_without_a_warning(
    qtbot: QtBot, open_window: Opener, size: tuple[int, int]
) -> None:
    desk = open_window()
    connect(qtbot, desk, "/echo")
    desk.window.resize(*size)
    qtbot.waitUntil(lambda: desk.window.width() == size[0], timeout=WAIT)
    page = front(desk)
    assert page.handshake.isVisible() or page.frames.isVisible()
    assert (page.handshake.isVisible() and page.frames.isVisible()) == (size[0] >= 1024)


def test_look_and_zoom_change_at_once_and_are_kept(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    desk.set_scheme("light")
    assert not theme.is_dark()
    laid_out: list[float] = []
    theme.watcher().changed.connect(lambda: laid_out.append(theme.zoom()))
    for _ in range(3):
        desk.zoom(1)
    qtbot.waitUntil(lambda: theme.zoom() == pytest.approx(1.1**3), timeout=WAIT)
    assert len(laid_out) == 1
    assert desk.settings.scheme == "light"
    desk.zoom(0)
    qtbot.waitUntil(lambda: theme.zoom() == 1.0, timeout=WAIT)
    desk.set_scheme("dark")


def test_the_sheet_of_keys_comes_and_goes(open_window: Opener) -> None:
    desk = open_window()
    desk.toggle_sheet()
    assert desk.sheet is not None
    assert desk.sheet.isVisible()
    desk.toggle_sheet()
    assert not desk.sheet.isVisible()


@pytest.mark.parametrize("address", ["ws://ada:pa55word@127.0.0.1:1/", "ada:pa55word@127.0.0.1:1/x"])
def test_no_secret_stands_in_a_title(open_window: Opener, address: str) -> None:
    desk = open_window(address)
    bar = desk.window.tabs.bar
    for shown in (bar.tabText(0), bar.tabToolTip(0), desk.window.windowTitle()):
        assert "pa55word" not in shown


def test_the_lab_listens_where_its_conversations_know_it(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    connect(qtbot, desk, "/426-list", b"25")
    desk = open_window()
    tab = front(desk).tab
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.outcome is not None, timeout=WAIT)
    assert tab.snapshot is not None
    assert tab.snapshot.outcome is Outcome.REFUSED


def test_a_taken_port_does_not_keep_the_lab_from_listening(qtbot: QtBot, open_window: Opener) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        open_window().settings.lab_port = taken.getsockname()[1]
        desk = open_window()
        assert desk.workspace.lab is not None
        assert desk.workspace.lab.port not in (0, taken.getsockname()[1])


def test_the_tab_in_front_is_in_front_again(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    connect(qtbot, desk, "/426-list", b"25")
    desk.new_tab()
    connect(qtbot, desk, "/400-html")
    desk.window.tabs.bar.setCurrentIndex(0)
    desk = open_window()
    assert len(desk.pages) == 2
    assert front(desk).tab.conversation.address.target == b"/426-list"


def test_a_typed_command_is_taken_like_a_pasted_one(open_window: Opener) -> None:
    page = front(open_window())
    page.address.field.setFocus()
    page.address.field.selectAll()
    QTest.keyClicks(page.address.field, "curl -H 'X-Trace: 7' https://127.0.0.1:9/feed")
    QTest.keyClick(page.address.field, Qt.Key.Key_Return)
    assert page.tab.conversation.attempts == []
    assert b"X-Trace: 7\r\n" in page.tab.draft.to_bytes()
    assert page.tab.conversation.address.target == b"/feed"


def test_a_capture_is_noted_as_open_before_the_end(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    connect(qtbot, desk, "/400-html")
    path = front(desk).tab.conversation.capture_path
    qtbot.waitUntil(lambda: desk.settings.open_files == [f"{path}\t1"], timeout=WAIT)


def test_a_line_of_the_verdict_leads_to_its_rule_and_the_example_into_the_draft(
    qtbot: QtBot, open_window: Opener
) -> None:
    desk = open_window()
    connect(qtbot, desk, "/wrong-accept")
    QTest.keyClick(desk.window, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    learn = desk.switch.learn
    assert learn is not None
    rules = learn.current()
    assert isinstance(rules, RulesPage)
    assert rules.picked() == "accept"
    assert rules.tree.hasFocus()
    rules.show_place("request-key")
    rule = rule_called("request-key")
    assert rule is not None
    attempts = len(front(desk).tab.conversation.attempts)
    rules.card.put.click()
    tab = front(desk).tab
    assert desk.window.whole.currentIndex() == 0
    assert tab.picked == 0
    assert tab.draft.to_bytes() == rule.failing.data
    assert len(tab.conversation.attempts) == attempts
    assert any(line.row.rule == "request-key" for line in front(desk).handshake.verdict.lines())


def test_the_welcome_leads_to_the_lessons(qtbot: QtBot, open_window: Opener) -> None:
    desk = open_window()
    desk.greeting.show()
    welcome = desk.greeting.welcome
    assert welcome is not None
    welcome.lessons.setFocus()
    QTest.keyClick(welcome.lessons, Qt.Key.Key_Space)
    learn = desk.switch.learn
    assert learn is not None
    assert learn is desk.window.whole.currentWidget()
    assert learn.list.currentRow() == 0  # the lessons stand first
