"""Clients that a person answers: waiting for the answer, every kind of answer, and the frames after it."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.conversation.catching import ACCEPT, KEYS, Client, Net, masked, net, request, same_again
from tests.conversation.conftest import SECONDS, Tabs, ended, until
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.hand import accepting, hindrance
from wsinspector.conversation.options import Options
from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, EndKind, Phase
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.columns import FLAG_OUT
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.opcodes import CLOSE, PING, PONG, TEXT
from wsinspector.protocol.spans import Role
from wsinspector.verdicts.outcome import Outcome

BY_HAND = "/by-hand"
MASKED_HELLO = bytes.fromhex("818537fa213d7f9f4d5158")
CLOSE_1000 = bytes.fromhex("880203e8")
DIGEST = b"8jKS'y:G*Co,Wxa-"


@pytest.fixture
def lab(engine: Engine, tmp_path: Path) -> Iterator[Net]:
    yield from net(engine, tmp_path)


def waits(attempt: Attempt) -> AttemptSnapshot:
    return until(attempt, lambda snapshot: snapshot.by_hand and snapshot.waits_since is not None)


def opened(lab: Net, client: Client) -> Attempt:
    """A client that was accepted as it should be."""
    attempt = lab.attempt()
    waits(attempt)
    attempt.accept()
    assert client.head().startswith(b"HTTP/1.1 101 ")
    until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    return attempt


def test_a_client_waits_and_is_accepted(lab: Net) -> None:
    client = lab.client(request(BY_HAND, b"Sec-WebSocket-Protocol: b, a"))
    conversation = lab.caught()
    attempt = conversation.attempts[0]
    snapshot = waits(attempt)
    assert snapshot.waits_since == snapshot.request_at
    assert snapshot.response is None
    assert snapshot.outcome is None
    assert (lab.catching.waiting, snapshot.answered_by) == (1, "")
    attempt.accept()
    head = client.head()
    assert b"Sec-WebSocket-Accept: " + ACCEPT + b"\r\n" in head
    assert b"Sec-WebSocket-Protocol: b\r\n" in head
    snapshot = until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    assert (snapshot.waits_since, lab.catching.waiting) == (None, 0)
    assert snapshot.subprotocol == "b"
    assert snapshot.opened_at is not None
    client.send(MASKED_HELLO)
    attempt.send_message("Hello")
    assert client.frame() == (TEXT, b"Hello")
    attempt.ping(b"there?")
    assert client.frame() == (PING, b"there?")
    client.send(masked(bytes((0x80 | PONG, 6)) + b"there?"))
    until(attempt, lambda snapshot: snapshot.round_trip_ms is not None)
    client.send(masked(bytes((0x80 | PING, 2)) + b"me"))
    assert client.frame() == (PONG, b"me")
    attempt.close(1001, "enough")
    assert client.frame() == (CLOSE, b"\x03\xe9enough")
    client.send(masked(CLOSE_1000))
    client.rest()
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by, snapshot.end.clean) == (
        EndKind.CLOSE_FRAME,
        EndedBy.US,
        True,
    )
    assert (snapshot.frames_in, snapshot.frames_out, snapshot.faults) == (4, 4, 0)


def test_the_switch_holds_for_every_path(lab: Net) -> None:
    lab.catching.by_hand = True
    client = lab.client(request("/426-list"))
    opened(lab, client)
    lab.catching.by_hand = False
    assert lab.client(request("/426-list")).head().startswith(b"HTTP/1.1 426 ")


def test_a_close_of_the_client_is_answered_and_tcp_ended(lab: Net) -> None:
    client = lab.client(request(BY_HAND))
    attempt = opened(lab, client)
    client.send(masked(CLOSE_1000))
    assert client.rest() == CLOSE_1000
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.by, snapshot.end.clean, snapshot.end.code) == (EndedBy.PEER, True, 1000)


def test_who_only_watches_answers_nothing(lab: Net) -> None:
    client = lab.client(request(BY_HAND))
    conversation = lab.caught()
    attempt = conversation.attempts[0]
    waits(attempt)
    conversation.set_options(Options(policy="watch"))
    until(attempt, lambda snapshot: snapshot.policy == "watch")
    attempt.accept()
    client.head()
    client.send(masked(CLOSE_1000))
    snapshot = until(attempt, lambda snapshot: snapshot.phase is Phase.CLOSING)
    assert snapshot.frames_out == 0
    attempt.end_tcp()
    assert client.rest() == b""
    assert ended(attempt).end is not None


def test_a_conforming_server_fails_what_is_not_masked(lab: Net) -> None:
    client = lab.client(request(BY_HAND))
    conversation = lab.caught()
    attempt = conversation.attempts[0]
    waits(attempt)
    conversation.set_options(Options(policy="conforming"))
    until(attempt, lambda snapshot: snapshot.policy == "conforming")
    attempt.accept()
    client.head()
    client.send(bytes.fromhex("810548656c6c6f"))
    opcode, body = client.frame()
    assert (opcode, body[:2]) == (CLOSE, b"\x03\xea")
    assert client.rest() == b""
    snapshot = ended(attempt)
    assert snapshot.stopped is not None
    assert (snapshot.stopped.number, snapshot.stopped.code) == (1, 1002)


def test_a_refusal_with_versions(lab: Net) -> None:
    client = lab.client(request(BY_HAND, version=b"25"))
    attempt = lab.attempt()
    waits(attempt)
    attempt.refuse(426, ["13, 8"], "Not that one.")
    head = client.head()
    assert head.startswith(b"HTTP/1.1 426 Upgrade Required\r\n")
    assert b"Sec-WebSocket-Version: 13, 8\r\n" in head
    assert client.rest() == b"Not that one."
    snapshot = ended(attempt)
    assert snapshot.outcome is Outcome.REFUSED
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.RESPONSE_DONE, EndedBy.US)


def test_a_refusal_as_the_library_sees_it(lab: Net) -> None:
    refused: list[int] = []

    def body() -> None:
        try:
            connect(lab.lab.url_of(BY_HAND), proxy=None, open_timeout=SECONDS)
        except InvalidStatus as error:
            refused.append(error.response.status_code)

    thread = threading.Thread(target=body)
    thread.start()
    attempt = lab.attempt()
    waits(attempt)
    attempt.refuse(403)
    thread.join(SECONDS)
    assert refused == [403]
    ended(attempt)


def test_the_library_is_accepted(lab: Net) -> None:
    received: list[str | bytes] = []

    def body() -> None:
        with connect(lab.lab.url_of(BY_HAND), proxy=None, open_timeout=SECONDS) as client:
            assert client.protocol.extensions == []  # none was named, though offered
            client.send("Hello")
            received.append(client.recv(timeout=SECONDS))

    thread = threading.Thread(target=body)
    thread.start()
    attempt = lab.attempt()
    waits(attempt)
    attempt.accept()
    snapshot = until(attempt, lambda snapshot: snapshot.frames_in == 1)
    assert (snapshot.deflate, snapshot.faults) == (False, 0)
    attempt.send_message("back")
    thread.join(SECONDS)
    assert received == ["back"]
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert snapshot.end.clean


def test_any_bytes_can_be_the_answer(lab: Net) -> None:
    client = lab.client(request(BY_HAND))
    attempt = lab.attempt()
    waits(attempt)
    attempt.answer(b"HTTP/1.1 200 OK\r\nContent-Le")
    snapshot = until(attempt, lambda snapshot: snapshot.phase is Phase.HEAD)
    assert snapshot.response is not None
    attempt.answer(b"ngth: 2\r\n\r\nok", end=True)
    assert client.rest() == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    snapshot = ended(attempt)
    assert snapshot.response is not None
    assert (snapshot.response.status, snapshot.response.body) == (200, b"ok")


def test_frames_behind_the_101_in_the_same_bytes(lab: Net) -> None:
    # The client has not waited for its answer either.
    client = lab.client(request(BY_HAND) + MASKED_HELLO)
    conversation = lab.caught()
    attempt = conversation.attempts[0]
    asked = waits(attempt).request
    assert asked == request(BY_HAND)
    proper = accepting(asked, secure=False, local="", random=bytes)
    attempt.answer(proper + bytes.fromhex("810548656c6c6f"))
    client.head()
    assert client.frame() == (TEXT, b"Hello")
    snapshot = until(attempt, lambda snapshot: snapshot.frames == 2)
    assert (snapshot.frames_in, snapshot.frames_out, snapshot.faults) == (1, 1, 0)
    assert snapshot.opened_at is not None
    reader = conversation.reader()
    assert reader is not None
    columns = reader.columns(attempt.attempt_id, 1, 2)
    # The client's came first, and says when.
    assert [flags & FLAG_OUT for flags in columns.flags] == [0, FLAG_OUT]
    assert columns.time[0] < snapshot.opened_at <= columns.time[1]
    client.close()


def test_a_client_that_does_not_read_is_not_read_either(lab: Net) -> None:
    pings = masked(bytes((0x80 | PING, 125)) + bytes(125)) * 2000
    count = 50  # 12 MB of pongs: more than the system's buffers and ours
    client = lab.client(request(BY_HAND))
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    attempt = opened(lab, client)
    sending = threading.Thread(target=lambda: client.send(pings * count))
    sending.start()
    until(attempt, lambda snapshot: snapshot.held)
    for _ in range(2000 * count):
        client.read(127)
    sending.join(SECONDS)
    snapshot = until(attempt, lambda snapshot: snapshot.frames_in == 2000 * count)
    assert (snapshot.frames_out, snapshot.faults) == (2000 * count, 0)
    client.close()


def test_a_101_to_a_request_that_must_be_refused(lab: Net) -> None:
    client = lab.client(request(BY_HAND, version=b"25"))
    attempt = lab.attempt()
    snapshot = waits(attempt)
    assert snapshot.verdict is not None
    assert snapshot.verdict.breaks
    assert "Version" in hindrance(snapshot.request)
    attempt.accept()
    assert b"Sec-WebSocket-Accept: " + ACCEPT in client.head()
    assert until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN).outcome is Outcome.OPEN
    client.close()


def test_what_cannot_be_answered_is_said(lab: Net) -> None:
    client = lab.client(request(BY_HAND))
    attempt = lab.attempt()
    waits(attempt)
    attempt.refuse(101)
    assert "101 is no status" in until(attempt, lambda snapshot: snapshot.trouble != "").trouble
    attempt.accept()
    client.head()
    until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN and not snapshot.trouble)
    attempt.accept()
    assert "has its answer" in until(attempt, lambda snapshot: snapshot.trouble != "").trouble
    attempt.abort()
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.RST, EndedBy.US)
    attempt.answer(b"x")
    assert attempt.snapshot.trouble.startswith("Nothing was sent")


def test_only_a_client_can_be_answered(tabs: Tabs, lab: Net) -> None:
    attempt = tabs.connect(lab.lab.url_of("/426-list"))
    ended(attempt)
    attempt.accept()
    assert attempt.snapshot.trouble.startswith("Nothing was sent")


def test_half_a_request_cannot_be_accepted_but_answered(lab: Net) -> None:
    lab.catching.by_hand = True
    client = lab.client(b"GET / HTTP/1.1\r\nHo")
    attempt = lab.attempt()
    snapshot = until(attempt, lambda snapshot: snapshot.by_hand and snapshot.request != b"")
    assert (snapshot.phase, snapshot.waits_since) == (Phase.TCP, None)
    attempt.accept()
    assert "not whole" in until(attempt, lambda snapshot: snapshot.trouble != "").trouble
    attempt.refuse(400)
    assert client.rest().startswith(b"HTTP/1.1 400 ")
    assert ended(attempt).request == b"GET / HTTP/1.1\r\nHo"


def test_a_client_that_gives_up_waiting(lab: Net) -> None:
    client = lab.client(request(BY_HAND))
    attempt = lab.attempt()
    waits(attempt)
    client.close()
    snapshot = ended(attempt)
    assert snapshot.outcome is Outcome.CLOSED
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.FIN, EndedBy.PEER)


def test_closing_the_tab_lets_the_client_go(lab: Net) -> None:
    waiting = lab.client(request(BY_HAND))
    first = lab.caught()
    waits(first.attempts[0])
    talking = lab.client(request(BY_HAND))
    second = lab.caught()
    waits(second.attempts[0])
    second.attempts[0].accept()
    talking.head()
    until(second.attempts[0], lambda snapshot: snapshot.phase is Phase.OPEN)
    for conversation in (first, second):
        conversation.close()
        same_again(conversation)
    assert waiting.rest() == b""
    assert talking.rest() == bytes.fromhex("880203e9")


def test_closing_the_program_lets_the_clients_go(engine: Engine, tmp_path: Path) -> None:
    for lab in net(engine, tmp_path):
        client = lab.client(request(BY_HAND))
        attempt = lab.attempt()
        waits(attempt)
        lab.catching.close()
        assert client.rest() == b""
        assert not attempt.live
        assert lab.client(request(BY_HAND)).rest().startswith(b"HTTP/1.1 503 ")


def test_nobody_is_there_for_our_own_client(lab: Net, tabs: Tabs) -> None:
    snapshot = ended(tabs.connect(lab.lab.url_of(BY_HAND)))
    assert snapshot.response is not None
    assert snapshot.response.status == 503
    assert lab.nobody()


def test_a_private_capture_serves_as_well(engine: Engine) -> None:
    made = Net(engine, None)
    client = made.client(request(BY_HAND))
    attempt = made.attempt()
    waits(attempt)
    attempt.refuse(404)
    assert client.rest().startswith(b"HTTP/1.1 404 Not Found")
    ended(attempt)
    made.catching.close()
    made.engine.run(made.lab.stop()).result(SECONDS)


def test_hixie_76_by_hand(lab: Net) -> None:
    client = lab.client(KEYS[:-3])
    conversation = lab.caught()
    attempt = conversation.attempts[0]
    assert until(attempt, lambda snapshot: snapshot.request != b"").request == KEYS[:-3]
    client.send(KEYS[-3:])
    snapshot = waits(attempt)
    assert (snapshot.request, snapshot.dialect) == (KEYS, "hixie-76")
    assert conversation.draft.to_bytes() == KEYS
    attempt.accept()
    head = client.head()
    assert b"Sec-WebSocket-Location: ws://example.com/by-hand\r\n" in head
    assert b"Sec-WebSocket-Protocol: sample\r\n" in head
    assert client.read(16) == DIGEST
    snapshot = until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    assert snapshot.agreed.dialect == "hixie-76"
    client.send(b"\x00Hello\xff")
    attempt.send_message("Hello")
    assert client.read(7) == b"\x00Hello\xff"
    until(attempt, lambda snapshot: snapshot.frames_in == 1)
    attempt.ping(b"x")  # there is none
    assert until(attempt, lambda snapshot: snapshot.trouble != "").frames_out == 1
    attempt.close()
    assert client.read(2) == b"\xff\x00"
    client.send(b"\xff\x00")
    client.rest()
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert snapshot.end.clean
    assert (snapshot.frames_in, snapshot.frames_out, snapshot.faults) == (2, 2, 0)


def test_hixie_75_by_hand(lab: Net) -> None:
    asked = (
        b"GET /by-hand HTTP/1.1\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nHost: example.com\r\n"
        b"Origin: http://example.com\r\nWebSocket-Protocol: sample\r\n\r\n"
    )
    client = lab.client(asked)
    attempt = lab.attempt()
    assert waits(attempt).dialect == "hixie-75"
    attempt.accept()
    head = client.head()
    assert head.startswith(
        b"HTTP/1.1 101 Web Socket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
    )
    assert b"WebSocket-Protocol: sample\r\n" in head
    client.send(b"\x00Hello\xff")
    until(attempt, lambda snapshot: snapshot.frames_in == 1)
    attempt.send_message("Hello")
    assert client.read(7) == b"\x00Hello\xff"
    attempt.close()  # it has no closing frame: the end of TCP is all
    assert client.rest() == b""
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.FIN, EndedBy.US)
    assert (snapshot.subprotocol, snapshot.faults) == ("sample", 0)


@pytest.mark.parametrize(("version", "name"), [(b"5", "hybi-05"), (b"7", "hybi-07"), (b"8", "hybi-11")])
def test_a_draft_in_between(lab: Net, version: bytes, name: str) -> None:
    client = lab.client(request(BY_HAND, version=version))
    attempt = opened(lab, client)
    assert attempt.snapshot.dialect == name
    framing, agreed = dialect_called(name).framing, Agreed(dialect=name)
    key = bytes.fromhex("37fa213d")
    client.send(framing.encode(TEXT, b"Hello", sender=Role.CLIENT, agreed=agreed, key=key))
    until(attempt, lambda snapshot: snapshot.frames_in == 1)
    attempt.send_message("back")
    wanted = framing.encode(TEXT, b"back", sender=Role.SERVER, agreed=agreed)
    assert client.read(len(wanted)) == wanted
    body = framing.close_body(1000, "", sender=Role.CLIENT, agreed=agreed)
    client.send(framing.encode(CLOSE, body, sender=Role.CLIENT, agreed=agreed, key=key))
    client.rest()
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.by, snapshot.end.clean, snapshot.faults) == (EndedBy.PEER, True, 0)


def test_a_file_of_a_client_that_was_cut_off_is_read(engine: Engine, tmp_path: Path) -> None:
    """The file as it stands while the client is connected, as after a crash."""
    for lab in net(engine, tmp_path):
        client = lab.client(request(BY_HAND))
        conversation = lab.caught()
        attempt = conversation.attempts[0]
        waits(attempt)
        attempt.accept()
        client.head()
        client.send(MASKED_HELLO + MASKED_HELLO[:8])
        until(attempt, lambda snapshot: snapshot.frames == 1 and bool(snapshot.pending))
        path = conversation.capture_path
        assert path is not None
        writer = conversation.reader()
        assert writer is not None
        again = Conversation.open(engine, path)
        snapshot = again.attempts[0].snapshot
        assert (snapshot.role, snapshot.request) == (Role.SERVER, request(BY_HAND))
        assert snapshot.frames_in == 1
        again.close()
