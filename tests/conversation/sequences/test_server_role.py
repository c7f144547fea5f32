"""A sequence in the server's role: on a client that reached us and was accepted by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversation.catching import Net, masked, net, request
from tests.conversation.conftest import until
from tests.conversation.sequences.conftest import SECONDS, states
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.sequences.reading import read_sequence
from wsinspector.conversation.sequences.results import StepState
from wsinspector.conversation.sequences.run import SequenceRun
from wsinspector.conversation.snapshot import Phase
from wsinspector.protocol.frames import encode_frame

TEXT = """\
[[auto]]
when = 'payload == "ask"'
send = "answered"

[[step]]
expect = 'payload == "Hello"'
[[step]]
send = "hi {{counter}}"
[[step]]
craft = { opcode = 1, text = "crafted" }
[[step]]
expect = 'payload == "ask"'
"""


@pytest.fixture
def caught(engine: Engine, tmp_path: Path) -> Iterator[Net]:
    yield from net(engine, tmp_path)


def test_steps_are_done_on_the_clients_connection_and_leave_it_open(caught: Net) -> None:
    client = caught.client(request("/by-hand"))
    conversation = caught.caught()
    attempt = conversation.attempts[-1]
    until(attempt, lambda snapshot: snapshot.by_hand and snapshot.waits_since is not None)
    attempt.accept()
    assert client.head().startswith(b"HTTP/1.1 101 ")
    until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    read = read_sequence(TEXT)
    assert read.sequence is not None
    run = SequenceRun(conversation, read.sequence, attempt=attempt).start()
    assert run.wait_for(lambda results: results.current == 0, SECONDS) is not None
    client.socket.sendall(masked(encode_frame(1, b"Hello")))
    assert client.frame() == (1, b"hi 1")
    assert client.frame() == (1, b"crafted")
    client.socket.sendall(masked(encode_frame(1, b"ask")))
    assert client.frame() == (1, b"answered")
    results = run.wait_ended(SECONDS)
    assert results is not None
    assert states(results) == [StepState.OK] * 4, results.steps
    assert attempt.live
    client.socket.sendall(masked(encode_frame(1, b"ask")))
    client.socket.sendall(masked(encode_frame(9, b"p")))
    assert client.frame() == (10, b"p")
