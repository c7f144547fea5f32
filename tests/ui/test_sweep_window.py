"""The Sweep page in its window: keys, cells as conversations, the status bar, and an end in the middle."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from wsinspector.conversation.sweep_reopen import reopened
from wsinspector.protocol.sweep_sets import SWEEP_SETS
from wsinspector.ui import theme
from wsinspector.ui.desk import INSPECT, LEARN, SWEEP, Desk
from wsinspector.ui.settings import Settings
from wsinspector.ui.sweep.page import SweepPage
from wsinspector.ui.window import MainWindow
from wsinspector.ui.workspace import Workspace

WAIT = 20_000
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    settings = Settings(tmp_path / "window.ini")
    settings.welcomed = True
    theme.apply(qapp)
    window = MainWindow(settings)
    window.resize(1440, 900)
    workspace = Workspace(settings)
    with qtbot.waitActive(window, timeout=WAIT):
        window.show()
        window.activateWindow()
    window.furnish(workspace)
    assert window.desk is not None
    qtbot.waitUntil(lambda: bool(workspace.scenarios()), timeout=WAIT)
    yield window.desk
    window.close()
    window.close_everything()
    workspace.stop()
    window.deleteLater()


def shown(desk: Desk) -> SweepPage:
    page = desk.sweeping
    assert page is not None
    return page


def swept(qtbot: QtBot, desk: Desk, servers: str = "lab/strict") -> SweepPage:
    desk.show_page(SWEEP)
    page = shown(desk)
    page.servers.set_text(servers)
    QTest.keyClick(desk.window, Qt.Key.Key_F5)
    assert page.busy
    qtbot.waitUntil(lambda: not page.busy, timeout=WAIT)
    return page


def test_the_pages_stand_in_their_order_and_have_keys(desk: Desk) -> None:
    names = [segment.text() for segment in desk.window.tabs.switch.segments]
    assert names[:4] == ["Inspect", "Sweep", "Provoke", "Learn"]
    keys: tuple[tuple[Qt.Key, int], ...] = (
        (Qt.Key.Key_P, SWEEP),
        (Qt.Key.Key_E, LEARN),
        (Qt.Key.Key_I, INSPECT),
    )
    for key, page in keys:
        QTest.keyClick(desk.window, key, CTRL_SHIFT)
        assert desk.window.tabs.switch.current() == page


def test_f5_runs_the_sweep_and_connects_nothing_else(qtbot: QtBot, desk: Desk) -> None:
    page = swept(qtbot, desk)
    assert page.run.results is not None
    assert desk.page is not None
    assert desk.page.tab.conversation.attempts == []


def test_f5_connects_again_once_a_conversation_is_in_front(qtbot: QtBot, desk: Desk) -> None:
    swept(qtbot, desk)
    desk.show_page(INSPECT)
    QTest.keyClick(desk.window, Qt.Key.Key_F5)
    assert desk.page is not None
    assert len(desk.page.tab.conversation.attempts) == 1


def test_a_cell_opens_as_a_tab_whose_draft_asks_the_same_again(qtbot: QtBot, desk: Desk) -> None:
    page = swept(qtbot, desk)
    model = page.results.model
    row = next(at for at, each in enumerate(model.rows) if each.label == "abc")
    with qtbot.waitSignal(page.cell_ready, timeout=WAIT):
        page.results.cell_opened.emit(0, model.rows[row].places[0])
    qtbot.waitUntil(lambda: desk.sweeping is None and not desk.files.opening.busy, timeout=WAIT)
    tab = desk.page.tab if desk.page is not None else None
    assert tab is not None
    assert tab.picked == 1
    assert b"Sec-WebSocket-Version: abc\r\n" in tab.draft.to_bytes()
    first = tab.snapshot_of(1)
    assert first is not None
    tab.connect_now()
    qtbot.waitUntil(
        lambda: (again := tab.snapshot_of(2)) is not None and again.response is not None, timeout=WAIT
    )
    second = tab.snapshot_of(2)
    assert second is not None
    assert second.response is not None
    assert first.response is not None
    assert second.response.status == first.response.status
    assert second.request != first.request  # the key is fresh
    count = len(desk.pages)
    with qtbot.waitSignal(page.cell_ready, timeout=WAIT):
        page.results.cell_opened.emit(0, model.rows[row].places[0])
    assert len(desk.pages) == count
    assert desk.page is not None
    assert desk.page.tab is tab


def test_the_status_bar_tells_of_the_sweep_while_it_is_in_front(qtbot: QtBot, desk: Desk) -> None:
    page = swept(qtbot, desk)
    assert page.run.path is not None
    assert desk.status.received.full_text().startswith("23 handshakes in ")
    assert desk.status.kept.full_text() == f"saved: {page.run.path.name}"
    desk.show_page(INSPECT)
    assert "handshakes" not in desk.status.received.full_text()


def test_the_capture_of_a_sweep_opens_on_its_page(qtbot: QtBot, desk: Desk) -> None:
    page = swept(qtbot, desk)
    path = page.run.path
    assert path is not None
    swept(qtbot, desk, "lab/any")
    desk.show_page(INSPECT)
    tabs = len(desk.pages)
    with qtbot.waitSignal(page.run.ended, timeout=WAIT):
        desk.open_file(path)
    assert desk.sweeping is page
    assert page.run.path == path
    assert len(desk.pages) == tabs


def test_our_own_sweep_of_the_lab_opens_no_tabs_by_itself(qtbot: QtBot, desk: Desk) -> None:
    tabs = len(desk.pages)
    swept(qtbot, desk, "lab/strict, lab/any")
    assert len(desk.pages) == tabs


@pytest.mark.parametrize("wait", ["until it runs", "not at all"])
def test_a_window_that_closes_in_the_middle_keeps_what_came(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, wait: str, request: pytest.FixtureRequest
) -> None:
    desk: Desk = request.getfixturevalue("desk")
    desk.show_page(SWEEP)
    page = shown(desk)
    page.servers.set_text("lab/strict, lab/silent")
    page.how.timeout.setValue(200)
    page.start()
    if wait == "until it runs":
        qtbot.waitUntil(
            lambda: page.run.results is not None and page.run.results.servers[0].done == 23, timeout=WAIT
        )
    path = page.run.path
    assert path is not None
    desk.window.close()
    desk.window.close_everything()
    if wait == "until it runs":
        results = reopened(path)
        assert results.servers[0].done == 23
        assert results.phase.value == "cancelled"
    else:
        assert path.exists()


def test_a_refused_version_leads_to_a_sweep_of_that_server_and_sends_nothing(
    qtbot: QtBot, desk: Desk
) -> None:
    inspect, lab = desk.page, desk.workspace.lab
    assert inspect is not None
    assert lab is not None
    inspect.tab.set_address(lab.url_of("/426-list"))
    inspect.tab.connect_now()
    text = "Sweep every version against this server"

    def links() -> list[QPushButton]:
        return [each for each in inspect.refusal.findChildren(QPushButton) if each.text() == text]

    qtbot.waitUntil(lambda: bool(links()), timeout=WAIT)
    links()[0].click()
    page = shown(desk)
    assert page.servers.text() == lab.url_of("/426-list")
    assert page.sets.current() == [each.name for each in SWEEP_SETS].index("registry")
    assert not page.busy
    assert page.run.results is None
