"""Outside clients of the lab as conversations in the server's role, while its scenarios answer them."""

import dataclasses
import socket
import ssl
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.conversation.catching import ACCEPT, KEY, KEYS, Net, masked, net, request, same_again
from tests.conversation.conftest import SECONDS, Tabs, ended, until
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.snapshot import EndedBy, EndKind, Phase
from wsinspector.protocol.accept import accept_for
from wsinspector.protocol.columns import FLAG_OUT
from wsinspector.protocol.dialects import dialect_called
from wsinspector.protocol.opcodes import CLOSE, PING, PONG, TEXT
from wsinspector.protocol.spans import Direction, Role
from wsinspector.verdicts.outcome import Outcome

HELLO = bytes.fromhex("810548656c6c6f")
MASKED_HELLO = bytes.fromhex("818537fa213d7f9f4d5158")
CLOSE_1000 = bytes.fromhex("880203e8")


@pytest.fixture
def lab(engine: Engine, tmp_path: Path) -> Iterator[Net]:
    yield from net(engine, tmp_path)


def test_a_client_becomes_a_conversation_of_the_server(lab: Net) -> None:
    client = lab.client(request("/echo?room=1"))
    conversation = lab.caught()
    assert conversation.title == f"client {client.name}"
    assert conversation.address_text == ""
    attempt = conversation.attempts[0]
    assert b"Sec-WebSocket-Accept: " + ACCEPT in client.head()
    opened = until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    assert opened.role is Role.SERVER
    assert opened.client == client.name
    assert opened.dialled == f"127.0.0.1:{lab.lab.port}"
    assert opened.url == "ws://old.example:8080/echo?room=1"
    assert opened.request == request("/echo?room=1")
    assert opened.outcome is Outcome.OPEN
    assert (opened.dialect, opened.agreed.dialect) == ("rfc6455", "rfc6455")
    assert (opened.by_hand, opened.answered_by) == (False, "conforming echo")
    assert opened.response is not None
    assert opened.response.status == 101
    assert opened.verdict is not None
    assert not opened.verdict.breaks
    client.send(MASKED_HELLO)
    assert client.frame() == (TEXT, b"Hello")
    client.send(masked(CLOSE_1000))
    assert client.frame() == (8, b"\x03\xe8")
    client.close()
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by, snapshot.end.clean) == (
        EndKind.CLOSE_FRAME,
        EndedBy.PEER,
        True,
    )
    assert (snapshot.end.code, snapshot.end.sent_code, snapshot.end.received_code) == (1000, 1000, 1000)
    assert (snapshot.frames_in, snapshot.frames_out, snapshot.faults) == (2, 2, 0)
    until(attempt, lambda snapshot: snapshot.frames == 4)  # all is in the file
    reader = conversation.reader()
    assert reader is not None
    assert reader.stream(attempt.attempt_id, Direction.IN, 0, 1 << 20) == request(
        "/echo?room=1"
    ) + MASKED_HELLO + masked(CLOSE_1000)
    sent = reader.stream(attempt.attempt_id, Direction.OUT, 0, 1 << 20)
    assert sent.endswith(HELLO + CLOSE_1000)
    columns = reader.columns(attempt.attempt_id, 1, 10)
    assert [flags & FLAG_OUT for flags in columns.flags] == [0, FLAG_OUT, 0, FLAG_OUT]
    assert list(columns.time) == sorted(set(columns.time))


def test_the_draft_is_the_request_to_the_byte(lab: Net, tabs: Tabs) -> None:
    odd = b"GET / HTTP/1.1\r\nHOST : x\r\nUpgrade:websocket\n  folded\r\nX: \xff\r\n\r\n"
    client = lab.client(odd)
    conversation = lab.caught()
    client.rest()
    ended(conversation.attempts[0])
    assert conversation.draft.to_bytes() == odd
    assert all(line.generated is None for line in conversation.draft.lines)


def test_the_same_bytes_go_to_another_server_and_two_attempts_compare(lab: Net, tabs: Tabs) -> None:
    client = lab.client(request("/"))
    caught = lab.caught()
    client.head()
    until(caught.attempts[0], lambda snapshot: snapshot.phase is Phase.OPEN)
    ours = tabs.new()
    ours.use_exactly(caught.attempts[0].snapshot.request)
    ours.set_address(lab.lab.url_of("/426-list"))
    attempt = ours.connect()
    assert attempt is not None
    snapshot = until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    # The path of the address does not replace that of the bytes: they are sent as they are.
    assert snapshot.request == caught.attempts[0].snapshot.request
    assert (snapshot.role, snapshot.outcome) == (Role.CLIENT, Outcome.OPEN)
    attempt.close()
    ended(attempt)


def test_nothing_of_an_exact_draft_follows_an_address_later_on(engine: Engine, tmp_path: Path) -> None:
    made = Conversation(engine, tmp_path / "exact.wsi")
    made.use_exactly(request("/"))
    made.set_address("ws://one.example/a")
    made.save()
    made.close()
    again = Conversation.open(engine, tmp_path / "exact.wsi")
    again.set_address("ws://two.example/b")
    assert again.draft.to_bytes() == request("/")
    again.close()


def test_a_client_of_the_websockets_library(lab: Net) -> None:
    with connect(lab.lab.url_of("/echo"), proxy=None, open_timeout=SECONDS) as client:
        attempt = lab.attempt()
        client.send("Hello")
        assert client.recv(timeout=SECONDS) == "Hello"
        snapshot = until(attempt, lambda snapshot: snapshot.frames == 2)
        assert snapshot.deflate
        assert snapshot.extensions
        assert snapshot.verdict is not None
        assert not snapshot.verdict.breaks
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.by, snapshot.end.clean, snapshot.end.code) == (EndedBy.PEER, True, 1000)


def test_an_old_client_and_the_scenario(lab: Net) -> None:
    client = lab.client(KEYS.replace(b"/by-hand", b"/echo"))
    attempt = lab.attempt()
    client.head()
    assert client.read(16) == b"8jKS'y:G*Co,Wxa-"
    client.send(b"\x00Hello\xff")
    assert client.read(7) == b"\x00Hello\xff"
    snapshot = until(attempt, lambda snapshot: snapshot.frames == 2)
    assert (snapshot.dialect, snapshot.agreed.dialect, snapshot.fit) == ("hixie-76", "hixie-76", None)
    assert snapshot.verdict is not None
    assert not snapshot.verdict.breaks
    client.send(b"\xff\x00")
    assert client.rest() == b"\xff\x00"
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.by, snapshot.end.clean, snapshot.faults) == (EndedBy.PEER, True, 0)


@pytest.mark.parametrize(("version", "name"), [(b"4", "hybi-04"), (b"5", "hybi-05"), (b"7", "hybi-07")])
def test_a_draft_in_between_and_the_scenario(lab: Net, version: bytes, name: str) -> None:
    client = lab.client(request(version=version))
    attempt = lab.attempt()
    client.head()
    snapshot = until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    assert (snapshot.dialect, snapshot.agreed.dialect) == (name, name)
    framing, agreed = dialect_called(name).framing, snapshot.agreed
    for opcode, payload in ((TEXT, b"Hello"), (CLOSE, b"")):
        sent = framing.encode(
            opcode, payload, sender=Role.CLIENT, agreed=agreed, key=bytes.fromhex("37fa213d")
        )
        client.send(sent)
    assert framing.encode(TEXT, b"Hello", sender=Role.SERVER, agreed=agreed) in client.rest()
    snapshot = ended(attempt)
    assert (snapshot.frames_in, snapshot.frames_out, snapshot.faults) == (2, 2, 0)
    assert snapshot.end is not None
    assert snapshot.end.clean


def test_the_round_trip_of_a_scenarios_ping(lab: Net) -> None:
    client = lab.client(request("/pings?every=1&count=1"))
    attempt = lab.attempt()
    client.head()
    opcode, payload = client.frame()
    assert opcode == PING
    client.send(masked(bytes((0x80 | PONG, len(payload))) + payload))
    snapshot = until(attempt, lambda snapshot: snapshot.round_trip_ms is not None)
    assert snapshot.frames_in == 1


def test_faults_of_the_client_count(lab: Net) -> None:
    client = lab.client(request())
    attempt = lab.attempt()
    client.head()
    client.send(HELLO)  # not masked
    client.rest()
    snapshot = ended(attempt)
    assert snapshot.faults == 1
    assert snapshot.would_stop is not None
    assert (snapshot.would_stop.number, snapshot.would_stop.code) == (1, 1002)
    assert snapshot.end is not None
    assert (snapshot.end.by, snapshot.end.sent_code) == (EndedBy.US, 1002)


def test_a_refusal_is_an_answer_given_whole(lab: Net) -> None:
    client = lab.client(request("/426-list"))
    attempt = lab.attempt()
    assert client.head().startswith(b"HTTP/1.1 426 ")
    client.rest()
    client.close()
    snapshot = ended(attempt)
    assert snapshot.outcome is Outcome.REFUSED
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.RESPONSE_DONE, EndedBy.US)
    assert snapshot.request_at is not None
    assert snapshot.response_at is not None
    assert snapshot.response_at > snapshot.request_at
    assert snapshot.timings.first_byte is not None


def test_a_question_that_is_no_upgrade(lab: Net) -> None:
    client = lab.client(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    attempt = lab.attempt()
    assert client.head().startswith(b"HTTP/1.1 200 ")
    client.rest()
    snapshot = ended(attempt)
    assert snapshot.outcome is Outcome.REFUSED
    assert snapshot.verdict is not None
    assert snapshot.verdict.breaks


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (b"GET /echo HTT", Outcome.NOT_HTTP),
        (b"GET /echo HTTP/1.1\r\nHost: x\r\nUpg", Outcome.CLOSED),
        (b"\x00\x01\x02 no HTTP at all\r\n\r\n", Outcome.NOT_HTTP),
        (b"EHLO\r\n", Outcome.NOT_HTTP),
    ],
)
def test_what_is_no_request_is_shown_too(lab: Net, data: bytes, outcome: Outcome) -> None:
    client = lab.client(data)
    conversation = lab.caught()
    attempt = conversation.attempts[0]
    client.end()
    client.rest()
    snapshot = ended(attempt)
    assert snapshot.request == data
    assert snapshot.outcome is outcome
    assert conversation.draft.to_bytes() == data


def test_a_tls_client_at_the_plain_port(lab: Net) -> None:
    context = ssl.create_default_context()
    raw = socket.create_connection(("127.0.0.1", lab.lab.port), timeout=SECONDS)
    with raw, pytest.raises(ssl.SSLError):
        context.wrap_socket(raw, server_hostname="localhost")
    snapshot = ended(lab.attempt())
    assert snapshot.request[:2] == b"\x16\x03"
    assert "TLS" in snapshot.hint
    assert snapshot.outcome is Outcome.NOT_HTTP


def test_a_client_that_sends_nothing_is_not_caught(lab: Net) -> None:
    silent = lab.client()
    silent.close()
    lab.client(request("/426-list")).rest()
    conversation = lab.caught()
    assert conversation.attempts[0].snapshot.client != silent.name
    assert lab.nobody()


def test_a_client_that_vanishes_midway(lab: Net) -> None:
    client = lab.client(request())
    attempt = lab.attempt()
    client.head()
    client.send(MASKED_HELLO[:4])
    until(attempt, lambda snapshot: snapshot.bytes_in == len(request()) + 4)
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by, snapshot.end.code) == (EndKind.RST, EndedBy.PEER, 1006)
    assert snapshot.frames_in == 1  # cut off


def test_our_own_connections_are_not_caught(lab: Net, tabs: Tabs) -> None:
    attempt = tabs.connect(lab.lab.url_of("/echo"))
    until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    lab.client(request("/426-list")).rest()
    conversation = lab.caught()
    assert "/426-list" in conversation.attempts[0].snapshot.url
    assert lab.nobody()
    attempt.close()
    ended(attempt)


def test_switched_off_nobody_is_caught(lab: Net) -> None:
    lab.catching.enabled = False
    assert lab.client(request("/426-list")).rest()
    lab.catching.enabled = True
    lab.client(request("/426-no-list")).rest()
    assert "/426-no-list" in lab.caught().attempts[0].snapshot.url
    assert lab.nobody()


def test_a_client_over_tls(lab: Net) -> None:
    lab.engine.run(lab.lab.ready()).result(SECONDS)
    context = ssl.create_default_context(cadata=lab.lab.authority_pem)
    with connect(lab.lab.url_of("/echo", "good"), ssl=context, proxy=None) as client:
        attempt = lab.attempt()
        client.send("Hello")
        assert client.recv(timeout=SECONDS) == "Hello"
    snapshot = ended(attempt)
    assert snapshot.tls is not None
    assert snapshot.tls.version.startswith("TLS")
    assert snapshot.url.startswith("wss://")


def test_a_client_that_does_not_trust_the_certificate(lab: Net) -> None:
    lab.engine.run(lab.lab.ready()).result(SECONDS)
    with pytest.raises(ssl.SSLCertVerificationError):
        connect(lab.lab.url_of("/echo", "self-signed"), ssl=ssl.create_default_context(), proxy=None)
    snapshot = ended(lab.attempt())
    assert snapshot.outcome is Outcome.NETWORK_ERROR
    assert "alert" in snapshot.network_error
    assert snapshot.request == b""


def test_plain_text_at_a_tls_port(lab: Net) -> None:
    lab.engine.run(lab.lab.ready()).result(SECONDS)
    port = next(each.port for each in lab.lab.entrances if each.kind == "good")
    lab.client(request(), port=port).rest()
    snapshot = ended(lab.attempt())
    assert snapshot.request == request()
    assert "wss://" in snapshot.network_error


def test_our_own_failed_tls_is_not_caught(lab: Net, tabs: Tabs) -> None:
    lab.engine.run(lab.lab.ready()).result(SECONDS)
    snapshot = ended(tabs.connect(lab.lab.url_of("/echo", "self-signed")))
    assert snapshot.unverified
    lab.client(request("/426-list")).rest()
    assert "/426-list" in lab.caught().attempts[0].snapshot.url
    assert lab.nobody()


def test_closing_the_tab_leaves_the_client_to_its_scenario(lab: Net) -> None:
    client = lab.client(request())
    conversation = lab.caught()
    client.head()
    until(conversation.attempts[0], lambda snapshot: snapshot.phase is Phase.OPEN)
    conversation.close()
    snapshot = ended(conversation.attempts[0])
    assert snapshot.end is not None
    assert snapshot.end.kind is EndKind.CANCELLED
    client.send(MASKED_HELLO)
    assert client.frame() == (TEXT, b"Hello")
    assert lab.catching.conversations == ()
    same_again(conversation)


def test_a_frame_may_be_said_beside_the_scenario(lab: Net) -> None:
    client = lab.client(request())
    attempt = lab.attempt()
    client.head()
    until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    attempt.send_message("by the way")
    assert client.frame() == (TEXT, b"by the way")
    attempt.accept()
    assert until(attempt, lambda snapshot: snapshot.trouble != "").trouble.startswith("Nothing was sent")
    attempt.abort()
    assert ended(attempt).frames_out == 1


def test_a_client_that_comes_again_is_one_more_attempt(lab: Net) -> None:
    first = lab.client(request("/426-list"))
    first.rest()
    conversation = lab.caught()
    ended(conversation.attempts[0])
    other_key = request("/426-list").replace(KEY, b"AQIDBAUGBwgJCgsMDQ4PEA==")
    second = lab.client(other_key)
    second.rest()
    assert lab.caught() is conversation
    before, after = conversation.attempts
    assert ended(after).request == other_key == conversation.draft.to_bytes()
    assert before.snapshot.request == request("/426-list")
    assert (after.number, after.snapshot.client) == (2, second.name)
    # While it is connected another of its kind is a client of its own.
    third, fourth = lab.client(request()), lab.client(request())
    assert lab.caught() is not lab.caught()
    third.close()
    fourth.close()
    # Another request is another client.
    lab.client(request("/426-list", b"X: y")).rest()
    assert lab.caught() is not conversation
    assert lab.nobody()


def test_a_flood_is_bounded(engine: Engine, tmp_path: Path) -> None:
    for lab in net(engine, tmp_path, most=3):
        for number in range(8):
            lab.client(request(f"/426-list?n={number}")).rest()
            ended(lab.attempt())
        assert (lab.catching.dropped, lab.catching.missed) == (5, 0)
        held = lab.catching.conversations
        assert [each.attempts[0].snapshot.url[-3:] for each in held] == ["n=5", "n=6", "n=7"]
        lab.catching.keep(held[0])
        kept = held[0]
        live = [lab.client(request()) for _ in range(3)]
        for _ in live:
            lab.attempt()
        assert lab.catching.dropped == 7
        # All three live: one more is answered, and counted.
        lab.catching.by_hand = True
        assert lab.client(request("/426-list")).rest().startswith(b"HTTP/1.1 426")
        lab.catching.by_hand = False
        assert lab.catching.missed == 1
        assert not kept.closed
        assert lab.nobody()
        kept.close()
        same_again(kept)


def test_many_at_once_are_served_and_some_caught(engine: Engine, tmp_path: Path) -> None:
    for lab in net(engine, tmp_path, most=5):
        clients = [lab.client(request()) for _ in range(20)]
        for client in clients:
            assert client.head().startswith(b"HTTP/1.1 101 ")
        for _ in range(5):
            assert lab.attempt().live
        assert lab.nobody()
        assert (lab.catching.missed, lab.catching.dropped) == (15, 0)
        assert len(lab.catching.conversations) == 5


def test_what_reaches_beyond_loopback_is_asked_for(lab: Net) -> None:
    port = lab.lab.port
    assert lab.catching.listening() == (f"127.0.0.1:{port}",)
    listening = lab.catching.listen_on("0.0.0.0").result(SECONDS)
    assert f"127.0.0.1:{port}" in listening
    assert lab.catching.beyond_loopback
    lab.client(request("/426-list")).rest()
    assert lab.caught().attempts[0].snapshot.role is Role.SERVER
    with pytest.raises(ValueError, match="nowhere"):
        lab.catching.listen_on("nowhere").result(SECONDS)
    assert lab.catching.listen_on("127.0.0.1").result(SECONDS) == (f"127.0.0.1:{port}",)
    assert not lab.catching.beyond_loopback


def test_an_accept_value_of_the_scenario_is_kept_wrong_as_it_is(lab: Net) -> None:
    client = lab.client(request("/wrong-accept"))
    attempt = lab.attempt()
    head = client.head()
    assert accept_for(KEY) not in head
    snapshot = until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    assert snapshot.response is not None
    assert snapshot.response.head.values(b"Sec-WebSocket-Accept") != (ACCEPT,)
    assert dataclasses.replace(snapshot, serial=0).outcome is Outcome.OPEN
