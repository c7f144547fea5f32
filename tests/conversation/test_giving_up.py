"""Cancelling and stopping at every moment: at once, and with nothing left behind."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conversation.conftest import SECONDS, Peers, Tabs, ended, until
from tests.conversation.test_frames import hold, next_frame
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import EndKind, Phase
from wsinspector.live import resolve as resolve_module
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.opcodes import CLOSE


@pytest.fixture
def full() -> Iterator[int]:
    """A port whose backlog is full: connecting to it does not come to an end."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        yield port
        for filler in fillers:
            filler.close()


async def silent(link: Link) -> None:
    inbox = Inbox(link)
    while await inbox.read():
        pass


def begin(phase: Phase, peers: Peers, full: int, connect: Callable[[str], Attempt]) -> Attempt:
    """An attempt that has come as far as ``phase`` and comes no further."""
    match phase:
        case Phase.TCP:
            address = f"ws://127.0.0.1:{full}/"
        case Phase.TLS:
            address = f"wss://127.0.0.1:{peers.listen(silent)}/"
        case Phase.SENT:
            address = f"ws://127.0.0.1:{peers.listen(silent)}/"
        case Phase.HEAD:
            address = f"ws://127.0.0.1:{peers.answer(b'HTTP/1.1 101', hold=True)}/"
        case Phase.BODY:
            body = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"
            address = f"ws://127.0.0.1:{peers.answer(body, hold=True)}/"
        case _:
            address = f"ws://127.0.0.1:{peers.upgraded(hold)}/"
    attempt = connect(address)
    until(attempt, lambda snapshot: snapshot.phase is phase)
    return attempt


PHASES = [Phase.TCP, Phase.TLS, Phase.SENT, Phase.HEAD, Phase.BODY, Phase.OPEN]


@pytest.mark.parametrize("phase", PHASES)
def test_cancel(phase: Phase, peers: Peers, tabs: Tabs, full: int) -> None:
    attempt = begin(phase, peers, full, tabs.connect)
    attempt.cancel()
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert snapshot.end.kind is EndKind.CANCELLED
    connection = attempt.connection
    assert connection is not None
    assert connection.released.wait(SECONDS)


def test_stopping_the_engine_ends_every_attempt(peers: Peers, full: int, tmp_path: Path) -> None:
    engine = Engine().start()
    made: list[Conversation] = []

    def connect(address: str) -> Attempt:
        conversation = Conversation(engine, tmp_path / f"{len(made)}.wsi")
        conversation.set_address(address)
        conversation.set_options(Options(timeout=3600.0))  # none of them ends by itself
        made.append(conversation)
        attempt = conversation.connect()
        assert attempt is not None
        return attempt

    attempts = [begin(phase, peers, full, connect) for phase in PHASES]
    engine.stop()
    assert [attempt.live for attempt in attempts] == [False] * len(attempts)
    assert not engine.running
    for conversation in made:
        conversation.close()
    assert engine.failures == []
    late = made[0].connect()
    assert late is None


def test_connecting_without_an_engine_is_told(peers: Peers, tmp_path: Path) -> None:
    engine = Engine().start()
    conversation = Conversation(engine, tmp_path / "late.wsi")
    conversation.set_address("ws://127.0.0.1:9/")
    engine.stop()
    attempt = conversation.connect()
    assert attempt is not None
    assert not attempt.live
    attempt.send_message("x")
    assert attempt.snapshot.trouble
    conversation.close()


def test_disconnect_once_twice(peers: Peers, tabs: Tabs) -> None:
    """A peer that never answers a Close frame: the second time ends TCP."""
    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(hold)}/")
    attempt = conversation.connect()
    assert attempt is not None
    until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    assert conversation.current is attempt
    conversation.disconnect()
    until(attempt, lambda snapshot: snapshot.phase is Phase.CLOSING)
    conversation.disconnect()
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.sent_code, snapshot.end.clean) == (1000, False)
    assert conversation.current is None


def test_a_task_that_dies_is_reported() -> None:
    heard: list[str] = []
    engine = Engine(lambda name, error: heard.append(f"{name}: {error}")).start()

    async def die() -> None:
        raise ValueError("as asked")

    async def spawn() -> None:
        await engine.spawn(die(), "doomed")

    with pytest.raises(ValueError, match="as asked"):
        engine.run(spawn()).result(SECONDS)
    engine.stop()
    assert heard == ["doomed: as asked"]


def test_the_engine_runs_for_others() -> None:
    engine = Engine().start()

    async def answer() -> int:
        return 42

    assert engine.run(answer()).result(SECONDS) == 42
    engine.stop()
    engine.stop()
    assert engine.run(answer()).cancelled()
    assert not engine.call(print)


def test_cancelling_a_look_up_that_hangs(tabs: Tabs, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that does not answer is nothing a test has at hand, so the call itself waits."""
    answer = threading.Event()

    def hang(*_arguments: object, **_keywords: object) -> list[object]:
        answer.wait()
        return []

    attempt_at = tabs.new("ws://slow.test/")
    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(resolve_module, "_literal", lambda *_arguments: None)
    attempt = attempt_at.connect()
    assert attempt is not None
    attempt.cancel()
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert snapshot.end.kind is EndKind.CANCELLED
    answer.set()


def test_closing_a_conversation_tells_the_peer(peers: Peers, tabs: Tabs) -> None:
    heard: list[tuple[int, bytes]] = []
    over = threading.Event()

    async def listen(_link: Link, inbox: Inbox, _request: bytes) -> None:
        heard.append(await next_frame(inbox, bytearray()))
        over.set()

    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(listen)}/")
    attempt = conversation.connect()
    assert attempt is not None
    until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    conversation.close()
    snapshot = attempt.snapshot
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.sent_code) == (EndKind.CANCELLED, 1001)
    assert snapshot.frames == snapshot.frames_out == 1
    assert over.wait(SECONDS)
    assert heard == [(CLOSE, (1001).to_bytes(2, "big"))]


def test_a_fault_of_ours_ends_the_attempt_and_is_reported(
    peers: Peers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine().start()
    conversation = Conversation(engine, tmp_path / "fault.wsi")
    conversation.set_address(f"ws://127.0.0.1:{peers.upgraded(hold)}/")

    def break_down(*_arguments: object) -> None:
        raise ZeroDivisionError("as asked")

    monkeypatch.setattr("wsinspector.conversation.outgoing.Outgoing.send_request", break_down)
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert snapshot.end.text == "This program failed: as asked"
    conversation.close()
    engine.stop()
    assert [type(error) for _name, error in engine.failures] == [ZeroDivisionError]
