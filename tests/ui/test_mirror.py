"""The mirror in the window: what the answer line says, and the request as sent beside what arrived."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.lab.server import Lab
from wsinspector.ui import theme
from wsinspector.ui.inspect.page import InspectPage
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.settings import Settings


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, engine: Engine, tmp_path: Path) -> Iterator[InspectPage]:
    theme.apply(qapp)
    conversation = Conversation(engine)
    conversation.set_options(Options(timeout=5.0))
    tab = TabState(conversation)
    made = InspectPage(tab, Settings(tmp_path / "window.ini"))
    qtbot.addWidget(made)
    made.resize(1440, 800)
    made.show()
    yield made
    tab.stop()
    made.stop()
    conversation.close()
    tab.deleteLater()


def press(qtbot: QtBot, page: InspectPage, text: str) -> None:
    """Press the answer line's button ``text`` once it is there."""

    def named() -> list[QPushButton]:
        return [
            one for one in page.answer.findChildren(QPushButton) if one.text() == text and one.isVisible()
        ]

    qtbot.waitUntil(lambda: len(named()) == 1, timeout=10_000)
    named()[0].click()


def sides(page: InspectPage) -> list[tuple[str, str]]:
    model = page.handshake.compare.requests.compare_model
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def connect(qtbot: QtBot, page: InspectPage, url: str) -> None:
    page.tab.set_address(url)
    page.tab.connect_now()
    qtbot.waitUntil(lambda: page.answer.line.lead == "Mirrored.", timeout=10_000)


def test_directly_everything_arrives(qtbot: QtBot, page: InspectPage, lab: Lab) -> None:
    connect(qtbot, page, lab.url_of("/mirror"))
    assert page.answer.line.text == "The mirror received exactly what was sent."
    press(qtbot, page, "Compare with what arrived")
    compare = page.handshake.compare
    assert all(left == right for left, right in sides(page))
    assert compare.told.full_text() == "The mirror received exactly what was sent."
    press(qtbot, page, "Show the handshake")
    assert compare.isHidden()
    assert page.handshake.request.isVisible()


def test_what_arrived_stands_beside_what_was_sent(qtbot: QtBot, page: InspectPage, lab: Lab) -> None:
    key = page.tab.draft.to_bytes().split(b"Sec-WebSocket-Key: ")[1][:24]

    def carry() -> None:
        client, _ = listener.accept()
        with client, socket.create_connection(("127.0.0.1", lab.port)) as server:
            request = client.recv(1 << 16)
            request = request.replace(b"Upgrade: websocket\r\n", b"", 1).replace(key[:4], b"AAAA")
            server.sendall(request)
            while piece := server.recv(1 << 16):
                client.sendall(piece)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=carry)
        thread.start()
        connect(qtbot, page, f"ws://127.0.0.1:{listener.getsockname()[1]}/mirror")
        thread.join(10)
    assert page.answer.line.text == (
        "Something on the way made 2 changes: Upgrade removed, value of Sec-WebSocket-Key changed."
    )
    press(qtbot, page, "Compare with what arrived")
    page.tab.snapshot_changed.emit(page.tab.snapshot)  # as every later change of the attempt does
    assert ("Upgrade: websocket", "") in sides(page)
    assert [left != right for left, right in sides(page)].count(True) == 2
    compare = page.handshake.compare
    assert compare.told.isVisible()
    assert compare.told.full_text().splitlines()[0].startswith("Upgrade removed. It holds for one hop;")
    assert not page.right.isVisible()
    assert page.tab.compared == page.tab.picked == 1
    page.tab.pick(1)
    assert page.right.isVisible()
    assert page.answer.line.primary is not None
