"""What we send travels compressed where that was agreed and asked for, and a real server reads it."""

import dataclasses
import random
from collections.abc import Iterator
from threading import Thread

import pytest
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.sync.server import Server, ServerConnection, serve

from tests.conversation.conftest import Tabs, until
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.snapshot import Phase
from wsinspector.protocol.draft import DraftLine

OFFERS = (
    b"permessage-deflate",
    b"permessage-deflate; client_no_context_takeover",
    b"permessage-deflate; client_max_window_bits=9",
    b"permessage-deflate; server_no_context_takeover; client_max_window_bits=10",
)
MESSAGES = ["", "a", "Hello, Hello, Hello", *(f'{{"n":{n},"text":"again and again"}}' * 40 for n in range(6))]


@pytest.fixture
def heard() -> list[str | bytes]:
    """What the server understood."""
    return []


@pytest.fixture
def echo(heard: list[str | bytes]) -> Iterator[str]:
    def handler(connection: ServerConnection) -> None:
        for message in connection:
            heard.append(message)
            connection.send(message)

    factory = ServerPerMessageDeflateFactory()
    server: Server = serve(handler, "127.0.0.1", 0, extensions=[factory], compression=None)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
    server.shutdown()
    thread.join(20)


def opened(tabs: Tabs, url: str, offer: bytes, **options: object) -> Attempt:
    conversation = tabs.new(url, **options)
    draft = conversation.draft
    line = DraftLine(b"Sec-WebSocket-Extensions", offer)
    conversation.set_draft(dataclasses.replace(draft, lines=(*draft.lines, line)))
    attempt = conversation.connect()
    assert attempt is not None
    until(attempt, lambda seen: seen.phase is Phase.OPEN)
    return attempt


@pytest.mark.parametrize("offer", OFFERS, ids=bytes.decode)
def test_a_real_server_reads_what_leaves_compressed(
    tabs: Tabs, echo: str, heard: list[str | bytes], offer: bytes
) -> None:
    attempt = opened(tabs, echo, offer, compress=True)
    noise = random.Random(7).randbytes(5000)
    for message in MESSAGES:
        attempt.send_message(message)
    attempt.send_message(noise)
    attempt.send_message(noise)
    seen = until(attempt, lambda seen: seen.frames_in == len(MESSAGES) + 2)
    assert seen.faults == 0
    assert heard == [*MESSAGES, noise, noise]
    assert seen.bytes_out < sum(map(len, MESSAGES)) / 2 + 2 * len(noise) + 600


def test_without_the_wish_or_the_agreement_nothing_is_compressed(tabs: Tabs, echo: str) -> None:
    for offer, wish in ((b"permessage-deflate", False), (b"x-unknown", True)):
        attempt = opened(tabs, echo, offer, compress=wish)
        attempt.send_message("again and again and again " * 100)
        seen = until(attempt, lambda seen: seen.frames_in == 1)
        assert seen.bytes_out > 2600
