"""Step in every dialect, answering a client by hand, with crafted frames and in a sequence."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversation.catching import Client, Net, net, request
from tests.conversation.conftest import SECONDS, Peers, Tabs, Talk, ended, until
from tests.conversation.dialect_peer import DialectPeer
from tests.conversation.test_dialects import NAMES, able, conversation_in
from tests.conversation.test_stepping import shown_steps, stepped, waits
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.crafting import SendingState
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.options import Options
from wsinspector.conversation.sequences.reading import read_sequence
from wsinspector.conversation.sequences.results import StepState
from wsinspector.conversation.sequences.run import SequenceRun
from wsinspector.conversation.snapshot import EndedBy
from wsinspector.conversation.stepping_values import Unit
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.crafting import Craft, CraftedFrame, Payload
from wsinspector.protocol.opcodes import TEXT


@pytest.mark.parametrize("name", NAMES)
def test_every_dialect(name: str, peers: Peers, tabs: Tabs) -> None:
    peer = DialectPeer(name)
    conversation = conversation_in(name, peers.listen(peer.handle), tabs, step=True)
    attempt = conversation.connect()
    assert attempt is not None
    assert shown_steps(attempt, 2) == ["request", "response"]
    until(attempt, lambda snapshot: snapshot.open)
    attempt.send_message("hello")
    waits(attempt, Unit.FRAME)
    assert peer.heard(TEXT) == []
    assert shown_steps(attempt, 2) == ["frame", "frame"]
    assert peer.heard(TEXT) == [b"hello"]
    attempt.close(1000)
    closing = ["frame", "frame", "end"] if able(name).close else ["fin", "end"]
    assert shown_steps(attempt, len(closing)) == closing
    last = ended(attempt)
    assert last.end is not None
    assert (last.end.clean, last.end.by) == (True, EndedBy.US)
    assert len(last.held_steps.holds) == 3
    assert [last.held_steps.of(0) > 0, last.held_steps.of(last.bytes_out)] == [True, 0]


@pytest.fixture
def lab(engine: Engine, tmp_path: Path) -> Iterator[Net]:
    yield from net(engine, tmp_path)


def test_a_client_is_answered_by_hand_step_by_step(lab: Net) -> None:
    client = lab.client(request("/by-hand"))
    conversation = lab.caught()
    attempt = conversation.attempts[0]
    until(attempt, lambda snapshot: snapshot.by_hand and snapshot.waits_since is not None)
    conversation.set_options(Options(step=True))
    attempt.accept()
    held = waits(attempt, Unit.ANSWER)
    assert (held.bytes_out, held.response) == (0, None)
    assert held.step.held[0].data.startswith(b"HTTP/1.1 101 ")
    attempt.step()
    assert client.head().startswith(b"HTTP/1.1 101 ")
    until(attempt, lambda snapshot: snapshot.open)
    attempt.send_message("hello")
    waits(attempt, Unit.FRAME)
    attempt.step()
    assert client.frame() == (TEXT, b"hello")
    _say(client)
    unseen = until(attempt, lambda snapshot: snapshot.step.unseen == 1)
    assert unseen.frames_in == 0
    assert stepped(attempt).frames_in == 1


def _say(client: Client) -> None:
    client.send(bytes.fromhex("818537fa213d7f9f4d5158"))


def test_crafted_frames_are_held_piece_by_piece(tabs: Tabs, peers: Peers) -> None:
    got = bytearray()

    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        while more := await inbox.read():
            got.extend(more)

    attempt = _open(tabs, peers, talk)
    first = attempt.craft(_craft("one"))
    second = attempt.craft(_craft("two"))
    waits(attempt, Unit.BYTES)
    assert first.progress.sent == 0
    stepped(attempt)
    assert first.wait(SECONDS).state is SendingState.SENT
    waits(attempt, Unit.BYTES)
    second.cancel()
    assert second.wait(SECONDS).state is SendingState.CANCELLED
    until(attempt, lambda snapshot: snapshot.step.held_count == 0)
    attempt.abort()
    ended(attempt)
    assert attempt.snapshot.frames_out == 1


def test_a_craft_fails_where_the_connection_is_lost_while_it_is_held(tabs: Tabs, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        await inbox.read()
        link.abort()

    attempt = _open(tabs, peers, talk)
    attempt.send_message("go")
    sending = attempt.craft(_craft("never"))
    until(attempt, lambda snapshot: snapshot.step.held_count == 2)
    attempt.step()
    assert sending.wait(SECONDS).state is SendingState.FAILED


def _craft(text: str) -> Craft:
    return Craft((CraftedFrame(payload=Payload(value=text)),))


def _open(tabs: Tabs, peers: Peers, talk: Talk) -> Attempt:
    return _conversation(tabs, peers, talk).attempts[0]


def _conversation(tabs: Tabs, peers: Peers, talk: Talk) -> Conversation:
    """An open connection that steps."""
    conversation = tabs.new(f"ws://127.0.0.1:{peers.upgraded(talk)}/", step=True)
    attempt = conversation.connect()
    assert attempt is not None
    assert shown_steps(attempt, 2) == ["request", "response"]
    until(attempt, lambda snapshot: snapshot.open)
    return conversation


def test_a_sequence_waits_for_what_it_sent_to_be_let_go(tabs: Tabs, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        await inbox.read()
        link.write(b"\x81\x02ok")
        while await inbox.read():
            pass

    conversation = _conversation(tabs, peers, talk)
    attempt = conversation.attempts[0]
    read = read_sequence('[[step]]\nsend = "go"\n[[step]]\nexpect = "ok"')
    assert read.sequence is not None
    run = SequenceRun(conversation, read.sequence, attempt=attempt).start()
    waits(attempt, Unit.FRAME)
    attempt.step()
    results = run.wait_ended(SECONDS)
    assert results is not None
    assert [each.state for each in results.steps] == [StepState.OK, StepState.OK]


def test_a_sequence_tells_what_never_left(tabs: Tabs, peers: Peers) -> None:
    async def talk(link: Link, inbox: Inbox, request: bytes) -> None:
        await inbox.read()
        link.abort()

    conversation = _conversation(tabs, peers, talk)
    attempt = conversation.attempts[0]
    read = read_sequence('[[step]]\nsend = "go"\n[[step]]\nsend = "never"')
    assert read.sequence is not None
    run = SequenceRun(conversation, read.sequence, attempt=attempt).start()
    waits(attempt, Unit.FRAME)
    attempt.step()
    results = run.wait_ended(SECONDS)
    assert results is not None
    assert results.steps[-1].state is StepState.FAILED
