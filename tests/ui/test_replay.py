"""Replaying in the window: asked on a sheet, run in a tab or on the open connection, and compared."""

import contextlib
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.ui.filing import Opener, connect, front
from wsinspector.conversation.replaying import Pace
from wsinspector.present.replay_comparing import Mark
from wsinspector.protocol.draft import DraftLine
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.replay.sheet import ALL, NEW, PACES, PRESENT, ROWS, ReplaySheet
from wsinspector.ui.replay.view import EMPTY, RESULT, ReplayView
from wsinspector.ui.sequences.beside import REPLAY
from wsinspector.ui.widgets.segmented import Segmented

Answer = Callable[[ServerConnection, str | bytes], None]
SENT = ('{"a": {"b": 1}}', "two", "three")


@contextlib.contextmanager
def server(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """A server of the websockets library: its address, and the Authorization lines that came."""
    asked: list[str] = []

    def handle(connection: ServerConnection) -> None:
        assert connection.request is not None
        asked.append(connection.request.headers.get("Authorization", ""))
        with contextlib.suppress(ConnectionClosed):
            for message in connection:
                answer(connection, message)

    with serve(handle, "127.0.0.1", 0) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{serving.socket.getsockname()[1]}/", asked
        finally:
            serving.shutdown()
            thread.join()


def changed(connection: ServerConnection, message: str | bytes) -> None:
    assert isinstance(message, str)
    connection.send(message.replace("1", "2"))


@pytest.fixture
def desk(open_window: Opener) -> Desk:
    return open_window()


@pytest.fixture
def chat(qtbot: QtBot, desk: Desk) -> InspectPage:
    """A conversation with the lab's echo, three messages each way."""
    page = connect(qtbot, desk, "/echo")
    attempt = page.tab.conversation.current
    assert attempt is not None
    for at, text in enumerate(SENT, 1):
        attempt.send_message(text)
        wanted = 2 * at  # each has its answer before the next leaves
        qtbot.waitUntil(lambda wanted=wanted: attempt.snapshot.frames >= wanted)  # type: ignore[misc]
    qtbot.waitUntil(lambda: page.frames.model is not None and page.frames.model.rowCount() >= 6)
    return page


def asked(qtbot: QtBot, desk: Desk, page: InspectPage, *, rows: bool = False) -> ReplaySheet:
    """The sheet, once it knows what would leave."""
    desk.replaying.ask(page, rows=rows)
    sheet = desk.replaying.sheet
    assert sheet is not None
    foreseen(qtbot, sheet)
    return sheet


def foreseen(qtbot: QtBot, sheet: ReplaySheet) -> None:
    qtbot.waitUntil(lambda: sheet.foreseen.full_text().startswith(("Sends", "Only")))


def panel(page: InspectPage) -> ReplayView:
    assert page.workbench.panel is not None
    return page.workbench.panel.replay


def replayed(qtbot: QtBot, desk: Desk) -> ReplayView:
    """The panel in front, once all was compared."""
    page = front(desk)
    qtbot.waitUntil(lambda: page.workbench.panel is not None and panel(page).run is not None)
    view = panel(page)
    qtbot.waitUntil(lambda: not view.running)
    return view


def pick(choice: Segmented, at: int) -> None:
    choice.segments[at].click()


def signs(view: ReplayView) -> list[str]:
    return [line.sign for line in view.table.answers.lines]


def test_by_keys_alone_in_a_tab_of_its_own_all_equal(qtbot: QtBot, desk: Desk, chat: InspectPage) -> None:
    chat.frames.view.table.setFocus()
    QTest.keyClick(desk.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    sheet = desk.replaying.sheet
    assert sheet is not None
    assert sheet.isVisible()
    foreseen(qtbot, sheet)
    assert sheet.foreseen.full_text() == "Sends 3 frames. The first time 3 answers came."
    assert not sheet.notes.isVisible()
    met: list[QWidget] = []
    while QApplication.focusWidget() is not sheet.go and len(met) < 20:
        focus = QApplication.focusWidget()
        assert focus is not None
        met.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert len(set(met)) == len(met)
    QTest.keyClick(sheet.go, Qt.Key.Key_Return)
    assert not sheet.isVisible()
    view = replayed(qtbot, desk)
    page = front(desk)
    assert page is not chat
    assert page.workbench.shown
    assert view.pages.currentIndex() == RESULT
    assert signs(view) == ["=", "=", "="]
    assert view.state.full_text() == ("= Sent 3. Answers: 3 equal. Handshake and end are equal.")
    QAbstractItemModelTester(view.table.answers)
    qtbot.waitUntil(lambda: page.frames.model is not None and page.frames.model.rowCount() >= 6)
    assert page.tab.conversation.address_text == chat.tab.conversation.attempts[0].snapshot.url
    # from the table to the log of now, and to that of the first time
    view.table.setFocus()
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    line = view.table.line()
    assert line is not None
    assert line.pair is not None
    assert line.pair.again is not None
    assert page.frames.places.number() == line.pair.again.numbers[0]
    QTest.keyClick(view.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert front(desk) is chat
    assert line.pair.first is not None
    assert chat.frames.places.number() == line.pair.first.numbers[0]
    assert chat.frames.view.table.hasFocus()


def test_another_server_answers_otherwise(qtbot: QtBot, desk: Desk, chat: InspectPage) -> None:
    with server(changed) as (url, _):
        sheet = asked(qtbot, desk, chat)
        sheet.address.setText(url)
        sheet.address.textEdited.emit(url)
        foreseen(qtbot, sheet)
        sheet.start()
        view = replayed(qtbot, desk)
    answers = [line for line in view.table.answers.lines if line.pair is not None]
    assert [line.mark for line in answers] == [Mark.DIFFERS, Mark.EQUAL, Mark.EQUAL]
    assert answers[0].where == "Differs at $.a.b."
    assert "1 differs" in view.state.full_text()
    assert view.state.full_text().startswith("≠")
    view.only.setChecked(True)
    assert "=" not in signs(view)
    model = view.table.answers
    row = next(at for at, line in enumerate(model.lines) if line.pair is not None)
    view.table.setCurrentIndex(model.index(row, 0))
    qtbot.waitUntil(lambda: bool(view.compare.table.compare_model.rows))
    differing = [each for each in view.compare.table.compare_model.rows if each.differs]
    assert [each.label.split()[0] for each in differing] == ["$.a.b"]


def test_selected_rows_on_the_connection_that_is_open(qtbot: QtBot, desk: Desk, chat: InspectPage) -> None:
    attempt = chat.tab.conversation.current
    assert attempt is not None
    known = attempt.snapshot.frames
    assert chat.frames.places.go_to(1)
    QTest.keyClick(chat.frames.view.table, Qt.Key.Key_R)
    sheet = desk.replaying.sheet
    assert sheet is not None
    assert sheet.what.current() == ROWS
    pick(sheet.into, PRESENT)
    foreseen(qtbot, sheet)
    assert sheet.foreseen.full_text().startswith("Sends 1 frame.")
    assert not sheet.address.isEnabled()
    sheet.start()
    view = replayed(qtbot, desk)
    assert front(desk) is chat
    assert attempt.live
    assert attempt.snapshot.frames == known + 2
    assert len(chat.tab.conversation.attempts) == 1
    assert signs(view) == ["="]
    pair = view.table.answers.lines[0].pair
    assert pair is not None
    assert pair.again is not None
    assert pair.again.numbers[0] == known + 2


def test_secrets_stay_here_unless_they_are_asked_for(qtbot: QtBot, desk: Desk) -> None:
    page = front(desk)
    assert desk.workspace.lab is not None
    page.tab.set_address(desk.workspace.lab.url_of("/echo"))
    draft = page.tab.draft
    page.tab.edit(draft.insert(len(draft.lines), DraftLine(b"Authorization", b"Bearer s3cr3t")))
    page.tab.connect_now()
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.open)
    with server(changed) as (url, came):
        for wanted in (False, True):
            sheet = asked(qtbot, desk, page)
            sheet.address.setText(url)
            sheet.address.textEdited.emit(url)
            sheet.credentials.setChecked(wanted)
            foreseen(qtbot, sheet)
            assert ("Authorization" in sheet.notes.full_text()) is not wanted
            sheet.start()
            replayed(qtbot, desk)
            desk.close_tab(desk.window.tabs.bar.currentIndex())
            desk.tabs.bring_to_front(page)
    assert came == ["", "Bearer s3cr3t"]


def test_a_server_that_is_not_there_is_told_and_the_first_time_can_be_closed(
    qtbot: QtBot, desk: Desk, chat: InspectPage
) -> None:
    sheet = asked(qtbot, desk, chat)
    sheet.address.setText("ws://127.0.0.1:1/")
    sheet.address.textEdited.emit("ws://127.0.0.1:1/")
    foreseen(qtbot, sheet)
    sheet.start()
    view = replayed(qtbot, desk)
    assert view.state.full_text().startswith("✕ The connection did not open")
    assert "127.0.0.1" in view.state.full_text()
    assert not view.table.answers.lines
    assert view.button.text() == "Replay…"
    desk.close_tab(desk.pages.index(chat))
    assert front(desk).workbench.shown


def test_it_can_be_stopped(qtbot: QtBot, desk: Desk, chat: InspectPage) -> None:
    sheet = asked(qtbot, desk, chat)
    pick(sheet.pace, PACES.index(Pace.RECORDED))
    sheet.speed.setValue(0.01)
    assert sheet.speed.isEnabled()
    foreseen(qtbot, sheet)
    attempt = chat.tab.conversation.current
    assert attempt is not None
    sheet.start()
    page = front(desk)
    qtbot.waitUntil(lambda: page.tab.snapshot is not None and page.tab.snapshot.open)
    view = panel(page)
    assert view.running
    assert view.button.text() == "Stop"
    view.stop_replay()
    replayed(qtbot, desk)
    assert "Stopped after" in view.state.full_text()
    assert "missing" in view.state.full_text() or not view.table.answers.lines


def test_nothing_sent_is_said_and_an_empty_panel_says_what_fills_it(qtbot: QtBot, desk: Desk) -> None:
    page = front(desk)
    desk.replaying.ask(page)
    assert desk.replaying.sheet is not None
    assert not desk.replaying.sheet.isVisible()
    page.workbench.show(REPLAY)
    view = panel(page)
    assert view.pages.currentIndex() == EMPTY
    assert not view.start.isEnabled()
    assert "Nothing was sent yet" in view.why.full_text()
    connect(qtbot, desk, "/echo")
    assert view.start.isEnabled()


def test_an_address_that_is_none_is_said_on_the_sheet(qtbot: QtBot, desk: Desk, chat: InspectPage) -> None:
    sheet = asked(qtbot, desk, chat)
    assert (sheet.what.current(), sheet.into.current()) == (ALL, NEW)
    sheet.address.setText("http://:99999/")
    sheet.address.textEdited.emit("")
    qtbot.waitUntil(lambda: sheet.wrong.isVisible())
    assert not sheet.go.isEnabled()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_the_menu_of_a_tab_replays_it(qtbot: QtBot, desk: Desk, chat: InspectPage) -> None:
    desk.new_tab()
    assert front(desk) is not chat
    menu = desk.replaying.tab_menu(desk.pages.index(chat))
    assert menu is not None
    menu.actions()[0].trigger()
    assert front(desk) is chat
    sheet = desk.replaying.sheet
    assert sheet is not None
    assert sheet.isVisible()
    empty = desk.replaying.tab_menu(1)
    assert empty is not None
    assert not empty.actions()[0].isEnabled()
    empty.actions()[-1].trigger()
    assert desk.pages == [chat]
    assert desk.replaying.tab_menu(7) is None
