"""Replaying in the window: asked on a sheet, run in a tab or on the open connection, and compared."""

import contextlib
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.ui.filing import Opener, connect, front
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.replay.sheet import ReplaySheet
from wsinspector.ui.replay.view import RESULT, ReplayView

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
    for text in SENT:
        attempt.send_message(text)
    qtbot.waitUntil(lambda: page.frames.model is not None and page.frames.model.rowCount() >= 6)
    qtbot.waitUntil(lambda: attempt.snapshot.frames >= 6)
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


def pick(choice: object, at: int) -> None:
    choice.segments[at].click()  # type: ignore[attr-defined]


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
    met = []
    while QApplication.focusWidget() is not sheet.go and len(met) < 20:
        met.append(QApplication.focusWidget())
        QTest.keyClick(met[-1], Qt.Key.Key_Tab)
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
