"""An engine, peers on another loop, and conversations that must reopen as they were."""

import dataclasses
import ssl
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.checked import check_file
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.snapshot import AttemptSnapshot
from wsinspector.live.inbox import Inbox
from wsinspector.live.listen import Handler, Listener, listen
from wsinspector.live.transport import Link
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.http_reader import parse_request

SECONDS = 40.0
"""How long a test waits for what must come; a machine under load is given its time."""
NOT_KEPT = {"serial", "trouble", "held", "step"}

Talk = Callable[[Link, Inbox, bytes], Coroutine[Any, Any, None]]


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine().start()
    yield made
    made.stop()
    assert made.failures == []


class Peers:
    """Servers of a test, on a loop of their own."""

    def __init__(self) -> None:
        self.loop = Engine().start()
        self._listeners: list[Listener] = []

    def listen(self, handler: Handler, host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> int:
        listener = self.loop.run(listen(handler, host, 0, context)).result(SECONDS)
        self._listeners.append(listener)
        return listener.port

    def answer(self, *pieces: bytes, hold: bool = False) -> int:
        """A server that reads a request's head, sends ``pieces``, and ends unless told to ``hold``."""

        async def handler(link: Link) -> None:
            inbox = Inbox(link)
            await inbox.read_until(b"\r\n\r\n")
            for piece in pieces:
                link.write(piece)
            while hold and await inbox.read():
                pass

        return self.listen(handler)

    def upgraded(self, talk: Talk, *, headers: bytes = b"", context: ssl.SSLContext | None = None) -> int:
        """A server that opens properly and then runs ``talk(link, inbox, request)``."""

        async def handler(link: Link) -> None:
            inbox = Inbox(link)
            request = await inbox.read_until(b"\r\n\r\n")
            if not request:
                return
            link.write(switching(request, headers))
            await talk(link, inbox, request)

        return self.listen(handler, context=context)

    def close(self) -> None:
        for listener in self._listeners:
            self.loop.run(listener.close()).result(SECONDS)
        self.loop.stop()
        assert self.loop.failures == []


def switching(request: bytes, headers: bytes = b"", accept: bytes | None = None) -> bytes:
    """A 101 that answers ``request``."""
    key = parse_request(request).values(b"Sec-WebSocket-Key")[0]
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + (accept or accept_for(key)) + b"\r\n" + headers + b"\r\n"
    )


@pytest.fixture
def peers() -> Iterator[Peers]:
    made = Peers()
    yield made
    made.close()


class Tabs:
    """Makes conversations; at the end each is closed, checked, reopened, and compared with what it was."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self._folder = folder
        self._made: list[Conversation] = []

    def new(self, address: str = "", **options: Any) -> Conversation:
        path = self._folder / f"{len(self._made) + 1}.wsi"
        lab = options.pop("lab_authority", None)
        conversation = Conversation(self.engine, path, lab_authority=lab)
        conversation.set_address(address)
        conversation.set_options(dataclasses.replace(conversation.options, **options))
        self._made.append(conversation)
        return conversation

    def connect(self, address: str, **options: Any) -> Attempt:
        attempt = self.new(address, **options).connect()
        assert attempt is not None
        return attempt

    def close(self) -> None:
        for conversation in self._made:
            conversation.close()
            if conversation.attempts:
                self._same_again(conversation)

    def _same_again(self, conversation: Conversation) -> None:
        path = conversation.capture_path
        assert path is not None
        report = check_file(path)  # a scan of the bytes finds the frames that were found live
        assert report.fine, report.findings
        again = Conversation.open(self.engine, path)
        try:
            assert again.draft == conversation.draft
            assert again.options == conversation.options
            assert again.address_text == conversation.address_text
            assert len(again.attempts) == len(conversation.attempts)
            for before, after in zip(conversation.attempts, again.attempts, strict=True):
                assert not before.live
                assert before.options == after.options
                assert shown(after.snapshot) == shown(before.snapshot)
        finally:
            again.close()


def shown(snapshot: AttemptSnapshot) -> dict[str, Any]:
    """What must be the same after reopening."""
    return {
        spec.name: getattr(snapshot, spec.name)
        for spec in dataclasses.fields(snapshot)
        if spec.name not in NOT_KEPT
    }


@pytest.fixture
def tabs(engine: Engine, tmp_path: Path) -> Iterator[Tabs]:
    made = Tabs(engine, tmp_path)
    yield made
    made.close()


def ended(attempt: Attempt) -> AttemptSnapshot:
    snapshot = attempt.wait_ended(SECONDS)
    assert snapshot is not None, f"still {attempt.snapshot.phase}"
    return snapshot


def until(attempt: Attempt, met: Callable[[AttemptSnapshot], bool]) -> AttemptSnapshot:
    snapshot = attempt.wait_for(met, SECONDS)
    assert snapshot is not None, f"never so: {attempt.snapshot}"
    return snapshot
