"""The address bar over real connections: Return goes where the field says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.snapshot import Phase
from wsinspector.lab.server import Lab
from wsinspector.ui.inspect.address_bar import AddressBar
from wsinspector.ui.inspect.tab import TabState
from wsinspector.ui.settings import Settings

WAIT = 10_000


@pytest.fixture
def tab(engine: Engine) -> Iterator[TabState]:
    conversation = Conversation(engine)
    made = TabState(conversation)
    yield made
    made.stop()
    conversation.close()
    made.deleteLater()


@pytest.fixture
def bar(qtbot: QtBot, tab: TabState, tmp_path: Path) -> AddressBar:
    made = AddressBar(tab, Settings(tmp_path / "window.ini"))
    qtbot.addWidget(made)
    made.resize(1200, 60)
    made.show()
    return made


def phase(tab: TabState, number: int) -> Phase | None:
    snapshot = tab.snapshot_of(number)
    return snapshot.phase if snapshot is not None else None


def test_return_ends_what_is_live_where_the_address_is_the_same(
    qtbot: QtBot, bar: AddressBar, tab: TabState, lab: Lab
) -> None:
    tab.set_address(lab.url_of("/echo"))
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: phase(tab, 1) is Phase.OPEN, timeout=WAIT)
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: phase(tab, 1) is Phase.ENDED, timeout=WAIT)
    assert len(tab.conversation.attempts) == 1


def test_return_after_another_address_was_typed_goes_there(
    qtbot: QtBot, bar: AddressBar, tab: TabState, lab: Lab
) -> None:
    tab.set_address(lab.url_of("/echo"))
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: phase(tab, 1) is Phase.OPEN, timeout=WAIT)
    tab.set_address(lab.url_of("/chat"))
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: phase(tab, 2) is Phase.OPEN, timeout=WAIT)
    qtbot.waitUntil(lambda: phase(tab, 1) is Phase.ENDED, timeout=WAIT)
    ended = tab.snapshot_of(1)
    assert ended is not None
    assert ended.end is not None
    assert ended.end.sent_code == 1000
    assert tab.picked == 2
