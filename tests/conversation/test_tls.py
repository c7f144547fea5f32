"""TLS as an attempt shows it: agreed, refused with the reason, or not there at all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve

from tests.conversation.conftest import SECONDS, Peers, Tabs, ended, until
from tests.conversation.test_frames import hold
from wsinspector.conversation.snapshot import EndedBy, EndKind, Phase
from wsinspector.lab.certificates import (
    AUTHORITY_NAME,
    Certificate,
    LabCertificates,
    make_certificates,
    server_context,
)
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.verdicts.outcome import Outcome


@pytest.fixture(scope="module")
def made() -> LabCertificates:
    return make_certificates(datetime.now(UTC))


def test_version_cipher_alpn_and_chain(
    peers: Peers, tabs: Tabs, made: LabCertificates, tmp_path: Path
) -> None:
    port = peers.upgraded(hold, context=server_context(made.servers[Certificate.GOOD]))
    authority = tmp_path / "authority.pem"
    authority.write_bytes(made.authority_pem)
    attempt = tabs.connect(f"wss://localhost:{port}/", ca_file=str(authority), connect_to="127.0.0.1")
    snapshot = until(attempt, lambda snapshot: snapshot.tls is not None and bool(snapshot.tls.chain))
    assert snapshot.tls is not None
    assert snapshot.tls.version == "TLSv1.3"
    assert snapshot.tls.cipher
    assert snapshot.tls.alpn == "http/1.1"
    assert snapshot.tls.sni == "localhost"
    assert snapshot.tls.verified
    assert [certificate.subject for certificate in snapshot.tls.chain] == [
        "CN=localhost",
        f"CN={AUTHORITY_NAME}",
    ]
    snapshot = until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    assert snapshot.timings.tls is not None
    assert "no half-close" in attempt.half_close_hindrance
    attempt.send_message("x")
    attempt.end_tcp()
    ended(attempt)


def test_the_labs_authority_is_trusted_for_the_labs_addresses_only(
    peers: Peers, tabs: Tabs, made: LabCertificates
) -> None:
    asked: list[tuple[str, int]] = []

    def authority(host: str, port: int) -> str | None:
        asked.append((host, port))
        return made.authority_pem.decode()

    port = peers.upgraded(hold, context=server_context(made.servers[Certificate.GOOD]))
    attempt = tabs.connect(f"wss://127.0.0.1:{port}/", lab_authority=authority)
    until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    assert asked == [("127.0.0.1", port)]
    attempt.cancel()
    ended(attempt)


def test_why_it_failed_and_the_chain_on_request(peers: Peers, tabs: Tabs, made: LabCertificates) -> None:
    port = peers.upgraded(hold, context=server_context(made.servers[Certificate.EXPIRED]))
    attempt = tabs.connect(
        f"wss://127.0.0.1:{port}/", lab_authority=lambda _host, _port: made.authority_pem.decode()
    )
    snapshot = ended(attempt)
    assert snapshot.outcome is Outcome.NETWORK_ERROR
    assert snapshot.unverified
    assert snapshot.network_error.startswith("The certificate has expired")
    assert snapshot.tls is None
    assert snapshot.bytes_out == 0
    attempt.read_chain()
    snapshot = until(attempt, lambda snapshot: snapshot.tls is not None and bool(snapshot.tls.chain))
    assert snapshot.tls is not None
    assert not snapshot.tls.verified
    assert snapshot.tls.chain[0].subject == "CN=localhost"


def test_any_certificate(peers: Peers, tabs: Tabs, made: LabCertificates) -> None:
    port = peers.upgraded(hold, context=server_context(made.servers[Certificate.SELF_SIGNED]))
    attempt = tabs.connect(f"wss://127.0.0.1:{port}/", verify=False, alpn=())
    snapshot = until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN and snapshot.tls is not None)
    assert snapshot.tls is not None
    assert not snapshot.tls.verified
    assert snapshot.tls.alpn is None
    attempt.close()
    attempt.abort()
    ended(attempt)


def test_sni_apart_from_the_url(peers: Peers, tabs: Tabs, made: LabCertificates) -> None:
    names: list[str] = []
    context = server_context(made.servers[Certificate.GOOD])
    context.sni_callback = lambda _stream, name, _context: names.append(str(name))
    port = peers.upgraded(hold, context=context)
    attempt = tabs.connect(f"wss://127.0.0.1:{port}/", verify=False, sni="other.test")
    until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    assert names == ["other.test"]
    attempt.cancel()
    ended(attempt)


def test_a_plain_answer_on_a_tls_port(peers: Peers, tabs: Tabs) -> None:
    async def plain(link: Link) -> None:
        await Inbox(link).read()
        link.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    snapshot = ended(tabs.connect(f"wss://127.0.0.1:{peers.listen(plain)}/"))
    assert snapshot.outcome is Outcome.NETWORK_ERROR
    assert "it answered in plain text. Try ws://." in snapshot.network_error
    assert not snapshot.unverified


def test_a_broken_record_before_the_answer_is_a_network_error(
    peers: Peers, tabs: Tabs, made: LabCertificates
) -> None:
    async def spoil(link: Link) -> None:
        await Inbox(link).read()
        transport = link._transport
        assert transport is not None
        transport.write(bytes.fromhex("1703030013") + bytes(19))

    port = peers.listen(spoil, context=server_context(made.servers[Certificate.GOOD]))
    snapshot = ended(tabs.connect(f"wss://127.0.0.1:{port}/", verify=False))
    assert snapshot.outcome is Outcome.NETWORK_ERROR
    assert snapshot.network_error.startswith("The TLS connection broke (")


def test_a_real_peer_over_tls_closes_cleanly(peers: Peers, tabs: Tabs, made: LabCertificates) -> None:
    context = server_context(made.servers[Certificate.GOOD])

    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async def start() -> tuple[Server, int]:
        server = await serve(echo, "127.0.0.1", 0, ssl=context, ping_interval=None, compression=None)
        return server, next(iter(server.sockets)).getsockname()[1]

    server, port = peers.loop.run(start()).result(SECONDS)
    attempt = tabs.connect(f"wss://127.0.0.1:{port}/", verify=False)
    until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    attempt.send_message(bytes(1_000_000))
    until(attempt, lambda snapshot: snapshot.frames_in >= 1)
    attempt.close(1001)
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by, snapshot.end.code) == (
        EndKind.CLOSE_FRAME,
        EndedBy.US,
        1001,
    )
    assert snapshot.bytes_in > 1_000_000

    async def stop() -> None:
        server.close()
        await server.wait_closed()

    peers.loop.run(stop()).result(SECONDS)


def test_a_tls_record_within_tls_says_nothing_of_the_port(
    peers: Peers, tabs: Tabs, made: LabCertificates
) -> None:
    async def alert(link: Link) -> None:
        await Inbox(link).read()
        link.write(bytes.fromhex("15030300020246"))

    port = peers.listen(alert, context=server_context(made.servers[Certificate.GOOD]))
    snapshot = ended(tabs.connect(f"wss://127.0.0.1:{port}/", verify=False))
    assert (snapshot.outcome, snapshot.hint) == (Outcome.NOT_HTTP, "")
