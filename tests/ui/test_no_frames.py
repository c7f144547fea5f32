"""The line over the log says why what came behind a 101 cannot be read as frames."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.conversation.conftest import Peers
from tests.conversation.conftest import peers as peers
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.draft import EXTENSIONS, DraftLine
from wsinspector.ui.inspect.frame_pane import FramePane
from wsinspector.ui.inspect.tab import TabState

WAIT = 10_000
FAILED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 100\r\n\r\n" + b"x" * 100


@pytest.fixture
def tab(engine: Engine) -> Iterator[TabState]:
    conversation = Conversation(engine)
    made = TabState(conversation)
    yield made
    made.stop()
    conversation.close()
    made.deleteLater()


@pytest.fixture
def pane(qtbot: QtBot, tab: TabState) -> Iterator[FramePane]:
    made = FramePane(tab)
    qtbot.addWidget(made)
    made.resize(870, 800)
    made.show()
    yield made
    made.stop()


def said(qtbot: QtBot, tab: TabState, pane: FramePane, port: int) -> str:
    """Connect, wait for the end, and read the line over the log."""
    tab.set_address(f"ws://127.0.0.1:{port}/")
    tab.connect_now()
    qtbot.waitUntil(lambda: tab.snapshot is not None and tab.snapshot.end is not None, timeout=WAIT)
    qtbot.waitSignal(tab.ticked).wait()  # type: ignore[no-untyped-call]  # the pane has seen it by then
    return pane.reading_bar.text.full_text() if pane.reading_bar.isVisible() else ""


def test_a_server_that_failed_and_answered_in_http(
    qtbot: QtBot, tab: TabState, pane: FramePane, peers: Peers
) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        link.write(b"\x81\x02hi" + FAILED)

    assert said(qtbot, tab, pane, peers.upgraded(talk)) == (
        "Frames of rfc6455. Probably the server failed and answered in HTTP: "
        "HTTP/1.1 500 Internal Server Error."
    )


def test_a_stream_that_is_compressed_as_a_whole(
    qtbot: QtBot, tab: TabState, pane: FramePane, peers: Peers
) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        link.write(b"\x5a\x00")

    tab.edit(tab.draft.insert(len(tab.draft.lines), DraftLine(EXTENSIONS, b"deflate-stream")))
    port = peers.upgraded(talk, headers=b"Sec-WebSocket-Extensions: deflate-stream\r\n")
    text = said(qtbot, tab, pane, port)
    assert text.startswith(
        "Frames of rfc6455. deflate-stream is agreed, so the frames cannot be read as they are. "
    )


def test_frames_that_can_be_read_need_no_words(
    qtbot: QtBot, tab: TabState, pane: FramePane, peers: Peers
) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        link.write(b"\x81\x02hi\x88\x00")
        await inbox.read()

    assert said(qtbot, tab, pane, peers.upgraded(talk)) == ""
