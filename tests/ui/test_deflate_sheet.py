"""The offers of permessage-deflate as controls: a view of the draft's line, and what the answer agreed."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from websockets.sync.server import ServerConnection, serve

from tests.ui.filing import Opener, front
from wsinspector.protocol.deflate_offers import CLIENT_BITS, SERVER_BITS, SERVER_TAKEOVER, offers_of
from wsinspector.ui.desk import Desk
from wsinspector.ui.inspect.deflate_sheet import DeflateSheet


@pytest.fixture
def desk(open_window: Opener) -> Desk:
    return open_window()


@pytest.fixture
def sheet(qtbot: QtBot, desk: Desk) -> DeflateSheet:
    page = front(desk)
    page.toggle_options()
    group = page.drawer.handshake
    group.offers.click()
    assert group.sheet is not None
    assert group.sheet.isVisible()
    return group.sheet


def choose(sheet: DeflateSheet, name: bytes, value: bytes | None) -> None:
    box = sheet.boxes[name]
    at = next(at for at in range(box.count()) if box.itemData(at) == value)
    box.setCurrentIndex(at)
    box.activated.emit(at)


def test_controls_write_the_line_and_follow_it(desk: Desk, sheet: DeflateSheet) -> None:
    tab = front(desk).tab
    while sheet.list.count():
        sheet.remove.click()
    assert not sheet.text.isEnabled()
    assert "Add writes one" in sheet.line.full_text()
    sheet.add.click()
    choose(sheet, SERVER_BITS, b"=10")
    choose(sheet, SERVER_TAKEOVER, b"")
    sheet.add.click()
    assert offers_of(tab.draft) == (
        b"permessage-deflate; client_max_window_bits; server_max_window_bits=10; server_no_context_takeover",
        b"permessage-deflate",
    )
    assert "server_max_window_bits=10" in sheet.line.full_text()
    sheet.up.click()
    assert offers_of(tab.draft)[0] == b"permessage-deflate"
    assert "must not limit our window" in sheet.told.full_text()
    assert tab.undo()
    assert sheet.list.item(0).text().endswith("server_no_context_takeover")


def test_malformed_on_purpose_is_told_and_left_alone(desk: Desk, sheet: DeflateSheet) -> None:
    tab = front(desk).tab
    tab.edit(tab.draft)
    if not sheet.list.count():
        sheet.add.click()
    sheet.list.setCurrentRow(0)
    choose(sheet, CLIENT_BITS, b"=7")
    assert sheet.told.full_text().startswith("✕ Malformed")
    choose(sheet, CLIENT_BITS, b'="15"')
    assert "Malformed" not in sheet.told.full_text()
    sheet.twice.click()
    assert sheet.told.full_text().startswith("✕ Malformed")
    sheet.text.setText("permessage-deflate; x=\\xff")
    sheet.text.editingFinished.emit()
    assert offers_of(tab.draft)[0] == b"permessage-deflate; x=\xff"
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_what_the_answer_agreed_is_told_for_both_directions(
    qtbot: QtBot, desk: Desk, sheet: DeflateSheet
) -> None:
    while sheet.list.count():
        sheet.remove.click()
    sheet.add.click()
    choose(sheet, SERVER_BITS, b"=10")
    assert "Once an attempt is picked" in sheet.answered.full_text()
    tab = front(desk).tab

    def wait(connection: ServerConnection) -> None:
        for _ in connection:
            pass

    with serve(wait, "127.0.0.1", 0) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        tab.set_address(f"ws://127.0.0.1:{serving.socket.getsockname()[1]}/")
        tab.connect_now()
        qtbot.waitUntil(lambda: "Attempt 1" in sheet.answered.full_text())
        told = sheet.answered.full_text()
        tab.end_live()
        serving.shutdown()
        thread.join()
    assert "The answer fits an offer." in told
    assert "What the server sends: a window of 1\u2009024 bytes" in told
    assert "What the client sends: a window of" in told
