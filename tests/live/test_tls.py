"""TLS: what was agreed, why it failed, and both mix-ups of plain and TLS ports."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.live.conftest import Run
from tests.live.test_plain_tcp import Recorder, Steps, echo
from wsinspector.lab.certificates import (
    AUTHORITY_NAME,
    Certificate,
    LabCertificates,
    make_certificates,
    server_context,
)
from wsinspector.live.certificates import describe, describe_chain, sent_chain
from wsinspector.live.dial import DialError, Target, dial
from wsinspector.live.inbox import Inbox
from wsinspector.live.listen import listen
from wsinspector.live.tls import TlsSettings, recognise_record
from wsinspector.live.transport import Link, LinkEnd


@pytest.fixture(scope="module")
def made() -> LabCertificates:
    return make_certificates(datetime.now(UTC))


@pytest.fixture
def trusting(made: LabCertificates) -> TlsSettings:
    return TlsSettings(ca_pem=made.authority_pem.decode())


def test_bytes_and_facts_over_tls(run: Run, made: LabCertificates, trusting: TlsSettings) -> None:
    async def body() -> None:
        listener = await listen(echo, ssl=server_context(made.servers[Certificate.GOOD]))
        steps = Steps()
        link = await dial(Target("localhost", listener.port, ("127.0.0.1", 0), trusting), steps)
        assert steps.names[-1] == "tls"
        assert link.tls is not None
        assert link.tls.verified
        assert link.tls.sni == "localhost"
        assert link.tls.ssl_object.version() == "TLSv1.3"
        assert link.tls.ssl_object.selected_alpn_protocol() == "http/1.1"
        assert not link.can_half_close
        inbox = Inbox(link)
        payload = b"secret" * 100_000
        link.write(payload)
        got = b""
        while len(got) < len(payload):
            got += await inbox.read()
        assert got == payload
        link.end()
        await link.gone()
        await listener.close()

    run(body())


def test_the_chain_is_had_through_the_one_wrapper(
    run: Run, made: LabCertificates, trusting: TlsSettings
) -> None:
    async def body() -> None:
        listener = await listen(echo, ssl=server_context(made.servers[Certificate.GOOD]))
        for settings in (trusting, TlsSettings(verify=False)):
            link = await dial(Target("127.0.0.1", listener.port, tls=settings))
            assert link.tls is not None
            chain = describe_chain(sent_chain(link.tls.ssl_object))
            assert chain[0].subject == "CN=localhost"
            assert chain[0].issuer == f"CN={AUTHORITY_NAME}"
            assert "127.0.0.1" in chain[0].names
            assert chain[1].subject == f"CN={AUTHORITY_NAME}"
            assert chain[1].pem.split() == made.authority_pem.decode().split()
            link.abort()
        await listener.close()

    run(body())


def test_a_certificate_that_cannot_be_read_is_a_value() -> None:
    facts = describe(b"no certificate")
    assert facts.subject.startswith("cannot be read")
    assert len(facts.fingerprint) == 95


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Certificate.SELF_SIGNED, "The certificate is self-signed"),
        (Certificate.EXPIRED, "The certificate has expired"),
        (Certificate.WRONG_HOST, "The certificate is for another name than localhost"),
    ],
)
def test_why_a_verification_failed(
    run: Run, made: LabCertificates, trusting: TlsSettings, kind: Certificate, text: str
) -> None:
    async def body() -> None:
        listener = await listen(echo, ssl=server_context(made.servers[kind]))
        target = Target("localhost", listener.port, ("127.0.0.1", 0), trusting)
        with pytest.raises(DialError) as caught:
            await dial(target)
        assert caught.value.step == "tls"
        assert caught.value.unverified
        assert str(caught.value).startswith(text)
        await listener.close()

    run(body())


def test_an_unknown_authority(run: Run, made: LabCertificates) -> None:
    async def body() -> None:
        listener = await listen(echo, ssl=server_context(made.servers[Certificate.GOOD]))
        with pytest.raises(DialError, match=r"not known here|not trusted here"):
            await dial(Target("127.0.0.1", listener.port, tls=TlsSettings()))
        link = await dial(Target("127.0.0.1", listener.port, tls=TlsSettings(verify=False)))
        assert link.tls is not None
        assert not link.tls.verified
        link.abort()
        await listener.close()

    run(body())


def test_a_plain_answer_on_a_tls_port_is_recognised(run: Run) -> None:
    async def body() -> None:
        async def plain(link: Link) -> None:
            inbox = Inbox(link)
            await inbox.read()
            link.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        listener = await listen(plain)
        with pytest.raises(DialError, match="does not speak TLS") as caught:
            await dial(Target("127.0.0.1", listener.port, tls=TlsSettings(verify=False)))
        assert caught.value.plain_answer.startswith(b"HTTP/1.1 400")
        await listener.close()

    run(body())


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (bytes.fromhex("15030300020246"), "alert"),
        (bytes.fromhex("160301"), "handshake"),
        (b"HTTP/1.1 400", None),
        (b"\x15\x03", None),
        (b"", None),
    ],
)
def test_a_tls_record_is_recognised_by_its_first_bytes(data: bytes, kind: str | None) -> None:
    assert recognise_record(data) == kind


def test_a_peer_that_ends_during_the_handshake(run: Run) -> None:
    async def body() -> None:
        async def leave(link: Link) -> None:
            await Inbox(link).read()

        listener = await listen(leave)
        with pytest.raises(DialError, match="ended TCP during the TLS handshake"):
            await dial(Target("127.0.0.1", listener.port, tls=TlsSettings(verify=False)))
        await listener.close()

    run(body())


def test_silence_during_the_handshake_runs_into_the_time_out(run: Run) -> None:
    async def body() -> None:
        async def silent(link: Link) -> None:
            while await Inbox(link).read():
                pass

        listener = await listen(silent)
        with pytest.raises(TimeoutError):
            await dial(Target("127.0.0.1", listener.port, tls=TlsSettings(verify=False)), within=0.05)
        await listener.close()

    run(body())


def test_close_notify_is_told_from_a_truncation(
    run: Run, made: LabCertificates, trusting: TlsSettings
) -> None:
    async def body() -> None:
        async def in_order(link: Link) -> None:
            await Inbox(link).read()
            link.write(b"bye")

        listener = await listen(in_order, ssl=server_context(made.servers[Certificate.GOOD]))
        link = await dial(Target("127.0.0.1", listener.port, tls=trusting))
        seen = Recorder()
        link.start(seen)
        link.write(b"x")
        await seen.over.wait()
        assert seen.data == b"bye"
        assert seen.calls == ["received", LinkEnd.CLOSE_NOTIFY.value]
        link.close()
        await link.gone()
        await listener.close()

        async def cut(link: Link) -> None:
            await Inbox(link).read()
            transport = link._transport
            assert transport is not None
            transport.close()

        listener = await listen(cut, ssl=server_context(made.servers[Certificate.GOOD]))
        link = await dial(Target("127.0.0.1", listener.port, tls=trusting))
        seen = Recorder()
        link.start(seen)
        link.write(b"x")
        await seen.over.wait()
        assert seen.calls == [LinkEnd.TRUNCATED.value]
        link.close()
        await listener.close()

    run(body())


def test_a_ca_file_that_is_missing_or_empty_is_named(
    run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def body() -> None:
        missing = tmp_path_factory.mktemp("ca") / "none.pem"
        with pytest.raises(DialError, match=r"The CA file .*none\.pem cannot be used: no such file"):
            await dial(Target("127.0.0.1", 9, tls=TlsSettings(ca_file=str(missing))))
        missing.write_text("nothing")
        with pytest.raises(DialError, match="it holds no certificate"):
            await dial(Target("127.0.0.1", 9, tls=TlsSettings(ca_file=str(missing))))

    run(body())


def test_reading_the_authorities_is_no_part_of_the_look_up(run: Run, tmp_path: Path) -> None:
    async def body() -> None:
        steps = Steps()
        with pytest.raises(DialError, match="The CA file"):
            await dial(Target("127.0.0.1", 9, tls=TlsSettings(ca_file=str(tmp_path / "none.pem"))), steps)
        assert steps.names == ["lookup 1"]

    run(body())


def test_alpn_is_what_was_asked_for(run: Run, made: LabCertificates) -> None:
    async def body() -> None:
        listener = await listen(echo, ssl=server_context(made.servers[Certificate.GOOD]))
        link = await dial(Target("127.0.0.1", listener.port, tls=TlsSettings(verify=False, alpn=())))
        assert link.tls is not None
        assert link.tls.ssl_object.selected_alpn_protocol() is None
        link.abort()
        await listener.close()

    run(body())


def test_the_standard_librarys_tls_server_is_understood(run: Run, made: LabCertificates) -> None:
    """Not only our own TLS stream on the other side."""
    import asyncio

    async def body() -> None:
        async def upper(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write((await reader.readline()).upper())
            await writer.drain()
            writer.close()

        context: ssl.SSLContext = server_context(made.servers[Certificate.GOOD])
        server = await asyncio.start_server(upper, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        link = await dial(Target("127.0.0.1", port, tls=TlsSettings(verify=False)))
        inbox = Inbox(link)
        link.write(b"line\n")
        assert await inbox.read() == b"LINE\n"
        assert await inbox.read() == b""
        link.end()
        await link.gone()
        server.close()
        await server.wait_closed()

    run(body())


def test_a_broken_record_is_told_after_what_was_whole(
    run: Run, made: LabCertificates, trusting: TlsSettings
) -> None:
    async def body() -> None:
        async def spoil(link: Link) -> None:
            await Inbox(link).read()
            link.write(b"whole")
            transport = link._transport
            assert transport is not None
            transport.write(bytes.fromhex("1703030013") + bytes(19))

        listener = await listen(spoil, ssl=server_context(made.servers[Certificate.GOOD]))
        link = await dial(Target("127.0.0.1", listener.port, tls=trusting))
        seen = Recorder()
        link.start(seen)
        link.write(b"x")
        await seen.over.wait()
        assert seen.data == b"whole"
        assert isinstance(seen.error, ssl.SSLError)
        assert seen.calls == ["received", "lost"]
        await link.gone()
        assert seen.calls.count("lost") == 1
        await listener.close()

    run(body())


def test_an_address_is_no_server_name(run: Run, made: LabCertificates, trusting: TlsSettings) -> None:
    async def body() -> None:
        listener = await listen(echo, ssl=server_context(made.servers[Certificate.GOOD]))
        link = await dial(Target("127.0.0.1", listener.port, tls=trusting))
        assert link.tls is not None
        assert (link.tls.name, link.tls.sni) == ("127.0.0.1", "")
        link.abort()
        await listener.close()

    run(body())
