"""Whatever comes back to a handshake: shown as what it is, with the end it had."""

import asyncio
import socket
import threading

from tests.conversation.conftest import Peers, Tabs, ended, until
from wsinspector.conversation.snapshot import AttemptSnapshot, EndedBy, EndKind, Phase
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.present.answer import of_attempt
from wsinspector.protocol.http import HttpAnomaly
from wsinspector.verdicts.outcome import Outcome

REFUSAL = (
    b"HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nSec-WebSocket-Version: 13, 8\r\n"
    b"Content-Length: 5\r\n\r\nsorry"
)


def at(port: int) -> str:
    return f"ws://127.0.0.1:{port}/"


KEPT = "connection-close-kept"


def rules_of(snapshot: AttemptSnapshot) -> list[str]:
    assert snapshot.verdict is not None
    return [finding.rule for finding in snapshot.verdict.findings]


def test_a_refusal_is_done_at_its_length_though_the_server_stays(peers: Peers, tabs: Tabs) -> None:
    stays = REFUSAL.replace(b"Connection: close\r\n", b"")
    # Nobody said that the connection ends, so nothing is waited for: an hour would be the time-out.
    attempt = tabs.connect(at(peers.answer(stays, hold=True)), body_idle=3600.0, timeout=3600.0)
    snapshot = ended(attempt)
    assert KEPT not in rules_of(snapshot)
    assert snapshot.outcome is Outcome.REFUSED
    assert snapshot.response is not None
    assert snapshot.response.status == 426
    assert snapshot.response.body == b"sorry"
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.RESPONSE_DONE, EndedBy.US)
    assert snapshot.end.code is None
    assert not snapshot.closed_by_peer
    assert snapshot.timings.first_byte is not None
    assert snapshot.timings.total is not None
    assert snapshot.timings.tls is None


def test_connection_close_and_yet_open_is_found_after_the_wait(peers: Peers, tabs: Tabs) -> None:
    attempt = tabs.connect(at(peers.answer(REFUSAL, hold=True)), body_idle=0.3)
    early = until(attempt, lambda snapshot: snapshot.answered)
    assert early.live
    assert early.outcome is Outcome.REFUSED
    assert early.response is not None
    assert early.response.body == b"sorry"
    assert KEPT not in rules_of(early)
    assert of_attempt(early).lead == "Refused with 426."
    snapshot = ended(attempt)
    assert KEPT in rules_of(snapshot)
    assert not snapshot.answered
    assert not snapshot.closed_by_peer
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.RESPONSE_DONE, EndedBy.US)
    assert of_attempt(snapshot).text == of_attempt(early).text


def test_connection_close_and_an_end_is_as_said(peers: Peers, tabs: Tabs) -> None:
    snapshot = ended(tabs.connect(at(peers.answer(REFUSAL))))
    assert KEPT not in rules_of(snapshot)
    assert snapshot.closed_by_peer
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.RESPONSE_DONE, EndedBy.PEER)


def test_a_reset_behind_connection_close_is_an_end_too(peers: Peers, tabs: Tabs) -> None:
    gone = threading.Event()

    async def reset(link: Link) -> None:
        await Inbox(link).read()
        link.write(REFUSAL)
        await asyncio.to_thread(gone.wait)
        link.abort()

    attempt = tabs.connect(at(peers.listen(reset)), body_idle=3600.0)
    until(attempt, lambda snapshot: snapshot.answered)
    gone.set()
    snapshot = ended(attempt)
    assert snapshot.outcome is Outcome.REFUSED
    assert KEPT not in rules_of(snapshot)
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.RESPONSE_DONE, EndedBy.PEER)


def test_who_does_not_wait_for_the_end_accuses_nobody(peers: Peers, tabs: Tabs) -> None:
    attempt = tabs.connect(at(peers.answer(REFUSAL, hold=True)))
    until(attempt, lambda snapshot: snapshot.answered)
    attempt.cancel()
    snapshot = ended(attempt)
    assert snapshot.outcome is Outcome.REFUSED
    assert KEPT not in rules_of(snapshot)
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.RESPONSE_DONE, EndedBy.US)


def test_a_body_until_close(peers: Peers, tabs: Tabs) -> None:
    snapshot = ended(tabs.connect(at(peers.answer(b"HTTP/1.0 403 No\r\n\r\n<p>no</p>"))))
    assert snapshot.outcome is Outcome.REFUSED
    assert snapshot.response is not None
    assert snapshot.response.body == b"<p>no</p>"
    assert snapshot.closed_by_peer
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.RESPONSE_DONE, EndedBy.PEER)


def test_a_length_that_lies_ends_after_the_idle_time(peers: Peers, tabs: Tabs) -> None:
    lie = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 33\r\n\r\n"
    snapshot = ended(tabs.connect(at(peers.answer(lie, hold=True)), body_idle=0.02))
    assert snapshot.outcome is Outcome.REFUSED
    assert snapshot.response is not None
    assert HttpAnomaly.LENGTH_AWAITED in {seen.code for seen in snapshot.response.anomalies}


def test_silence(peers: Peers, tabs: Tabs) -> None:
    snapshot = ended(tabs.connect(at(peers.answer(hold=True)), timeout=0.05))
    assert snapshot.outcome is Outcome.NO_ANSWER
    assert snapshot.response is None
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.TIMEOUT, EndedBy.US)


def test_half_a_head_and_silence(peers: Peers, tabs: Tabs) -> None:
    port = peers.answer(b"HTTP/1.1 101 Switching Pro", hold=True)
    attempt = tabs.connect(at(port), timeout=0.3)
    until(attempt, lambda snapshot: snapshot.phase is Phase.HEAD)
    snapshot = ended(attempt)
    assert snapshot.outcome is Outcome.NO_ANSWER
    assert snapshot.response is not None
    assert not snapshot.response.head.complete
    assert HttpAnomaly.HALF_A_HEAD in {seen.code for seen in snapshot.response.anomalies}


def test_a_close_without_a_byte(peers: Peers, tabs: Tabs) -> None:
    snapshot = ended(tabs.connect(at(peers.answer())))
    assert snapshot.outcome is Outcome.CLOSED
    assert snapshot.closed_by_peer
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.FIN, EndedBy.PEER)


def test_a_reset_without_a_byte(peers: Peers, tabs: Tabs) -> None:
    async def reset(link: Link) -> None:
        await Inbox(link).read()
        link.abort()

    snapshot = ended(tabs.connect(at(peers.listen(reset))))
    assert snapshot.outcome is Outcome.CLOSED
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.RST, EndedBy.PEER)


def test_no_http_at_all(peers: Peers, tabs: Tabs) -> None:
    snapshot = ended(tabs.connect(at(peers.answer(b"SSH-2.0-OpenSSH_9\r\n"))))
    assert snapshot.outcome is Outcome.NOT_HTTP
    assert snapshot.hint == ""


def test_a_tls_record_on_a_plain_port_is_said(peers: Peers, tabs: Tabs) -> None:
    snapshot = ended(tabs.connect(at(peers.answer(bytes.fromhex("15030300020246")))))
    assert snapshot.outcome is Outcome.NOT_HTTP
    assert snapshot.hint == "The answer is a TLS record (alert): this port speaks TLS. Try wss://."


def test_interim_answers_come_before_the_final_one(peers: Peers, tabs: Tabs) -> None:
    port = peers.answer(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", REFUSAL)
    snapshot = ended(tabs.connect(at(port)))
    assert [response.status for response in snapshot.interim] == [103]
    assert snapshot.outcome is Outcome.REFUSED


def test_a_closed_port_is_a_network_error(tabs: Tabs) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    snapshot = ended(tabs.connect(at(port)))
    assert snapshot.outcome is Outcome.NETWORK_ERROR
    assert "connection refused" in snapshot.network_error
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.FAILED, EndedBy.NETWORK)
    assert snapshot.timings.lookup is None  # 127.0.0.1 is no name
    assert snapshot.timings.tcp is None


def test_only_a_name_takes_a_look_up(tabs: Tabs) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    named = ended(tabs.connect(f"ws://localhost:{port}/"))
    assert named.timings.lookup is not None
    assert named.timings.tcp is None


def test_url_address_and_host_are_separate_things(peers: Peers, tabs: Tabs) -> None:
    seen: list[bytes] = []

    async def note(link: Link) -> None:
        seen.append(await Inbox(link).read_until(b"\r\n\r\n"))

    port = peers.listen(note)
    snapshot = ended(tabs.connect("ws://name.invalid/chat", connect_to=f"127.0.0.1:{port}"))
    assert seen[0].startswith(b"GET /chat HTTP/1.1\r\nHost: name.invalid\r\n")
    assert snapshot.dialled == f"127.0.0.1:{port}"
    assert snapshot.url == "ws://name.invalid/chat"


def test_ipv6(peers: Peers, tabs: Tabs) -> None:
    async def refuse(link: Link) -> None:
        await Inbox(link).read_until(b"\r\n\r\n")
        link.write(REFUSAL)

    port = peers.listen(refuse, "::1")
    snapshot = ended(tabs.connect(f"ws://[::1]:{port}/"))
    assert snapshot.outcome is Outcome.REFUSED
    assert snapshot.dialled == f"[::1]:{port}"


def test_a_body_without_end_is_read_to_its_limit(peers: Peers, tabs: Tabs) -> None:
    async def endless(link: Link) -> None:
        inbox = Inbox(link)
        await inbox.read_until(b"\r\n\r\n")
        link.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not link.closed:
            link.write(bytes(1 << 16))
            await link.drained()

    snapshot = ended(tabs.connect(at(peers.listen(endless))))
    assert snapshot.outcome is Outcome.REFUSED
    assert snapshot.response is not None
    assert HttpAnomaly.BODY_LIMIT in {seen.code for seen in snapshot.response.anomalies}


def test_a_dialled_address_that_cannot_be_is_named(tabs: Tabs) -> None:
    snapshot = ended(tabs.connect("ws://127.0.0.1/", connect_to="127.0.0.1:99999"))
    assert snapshot.outcome is Outcome.NETWORK_ERROR
    assert "127.0.0.1:99999 was not found" in snapshot.network_error


def test_what_is_no_name_at_all(tabs: Tabs) -> None:
    for odd in ("a\0b", "x" * 80 + ".test", "."):
        snapshot = ended(tabs.connect("ws://127.0.0.1/", connect_to=odd))
        assert snapshot.outcome is Outcome.NETWORK_ERROR
        assert "was not found" in snapshot.network_error
