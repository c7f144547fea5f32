"""Someone who looks on at a connection is told of every byte of it, both ways, and of both its ends."""

import asyncio
import ssl
from datetime import UTC, datetime

import pytest

from tests.live.conftest import Run
from wsinspector.lab.certificates import Certificate, make_certificates, server_context
from wsinspector.live.dial import Target, dial
from wsinspector.live.dialled import dialled_here
from wsinspector.live.inbox import Inbox
from wsinspector.live.interfaces import own_addresses
from wsinspector.live.listen import listen
from wsinspector.live.tls import TlsSettings
from wsinspector.live.tls_failure import why_client_failed
from wsinspector.live.transport import Link, LinkEnd


class Onlooker:
    """Notes everything a tap is told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, bytes]] = []
        self.times: list[int] = []
        self.gone = asyncio.Event()

    def received(self, data: bytes, at: int) -> None:
        self._note("received", at, data)

    def wrote(self, data: bytes, at: int) -> None:
        self._note("wrote", at, data)

    def ended(self, how: LinkEnd, at: int) -> None:
        self._note(how.value, at)

    def we_ended(self, at: int, *, reset: bool) -> None:
        self._note("reset" if reset else "ended", at)

    def lost(self, error: Exception | None, at: int) -> None:
        self._note("lost" if error is None else type(error).__name__, at)
        self.gone.set()

    def _note(self, name: str, at: int, data: bytes = b"") -> None:
        self.calls.append((name, data))
        self.times.append(at)


async def seen(client_ends: bool, *, secure: bool = False) -> Onlooker:
    """A server that says "pong" to what comes, looked at until the connection is gone."""
    onlooker = Onlooker()

    async def handler(link: Link) -> None:
        link.tap = onlooker
        inbox = Inbox(link)
        await inbox.read()
        link.write(b"pong")
        if client_ends:
            await inbox.read()
        link.end()
        await inbox.read()

    made = make_certificates(datetime.now(UTC), ("127.0.0.1",)) if secure else None
    context = server_context(made.servers[Certificate.GOOD]) if made is not None else None
    tls = TlsSettings(ca_pem=made.authority_pem.decode()) if made is not None else None
    listener = await listen(handler, ssl=context)
    link = await dial(Target("127.0.0.1", listener.port, tls=tls))
    inbox = Inbox(link)
    link.write(b"ping")
    assert await inbox.read() == b"pong"
    if client_ends:
        link.end()
    assert await inbox.read() == b""
    link.close()
    await onlooker.gone.wait()
    await listener.close()
    return onlooker


@pytest.mark.parametrize("secure", [False, True])
def test_the_client_ends_first(run: Run, secure: bool) -> None:
    async def body() -> None:
        onlooker = await seen(True, secure=secure)
        ends = "close-notify" if secure else "fin"
        wanted = [("received", b"ping"), ("wrote", b"pong"), (ends, b""), ("ended", b""), ("lost", b"")]
        assert onlooker.calls == wanted
        assert onlooker.times == sorted(set(onlooker.times))

    run(body())


def test_the_server_ends_first(run: Run) -> None:
    async def body() -> None:
        names = [name for name, _ in (await seen(False)).calls]
        assert names == ["received", "wrote", "ended", "fin", "lost"]

    run(body())


def test_a_reset_is_told(run: Run) -> None:
    async def body() -> None:
        onlooker = Onlooker()

        async def handler(link: Link) -> None:
            link.tap = onlooker
            await Inbox(link).read()
            link.abort()

        listener = await listen(handler)
        link = await dial(Target("127.0.0.1", listener.port))
        inbox = Inbox(link)
        link.write(b"ping")
        assert await inbox.read() == b""
        assert isinstance(inbox.error, ConnectionResetError)
        await onlooker.gone.wait()
        assert [name for name, _ in onlooker.calls] == ["received", "reset", "lost"]
        await listener.close()

    run(body())


def test_who_is_held_neither_reads_nor_goes_on_writing(run: Run) -> None:
    async def body() -> None:
        held = asyncio.Event()
        order: list[str] = []
        link_there: list[Link] = []

        async def handler(link: Link) -> None:
            link_there.append(link)
            inbox = Inbox(link)
            await inbox.read()
            link.hold()
            link.write(b"first")
            held.set()
            await link.taken()
            order.append("taken")
            await link.drained()
            order.append("drained")
            assert await inbox.read() == b"more"

        listener = await listen(handler)
        link = await dial(Target("127.0.0.1", listener.port))
        inbox = Inbox(link)
        link.write(b"begin")
        await held.wait()
        assert await inbox.read() == b"first"
        link.write(b"more")
        await link.drained()
        assert order == ["taken"]
        order.append("released")
        link_there[0].release()
        assert await inbox.read() == b""
        assert order == ["taken", "released", "drained"]
        link.close()
        await listener.close()

    run(body())


def test_a_connection_of_our_own_is_known_once(run: Run) -> None:
    async def body() -> None:
        found: list[bool] = []

        async def handler(link: Link) -> None:
            inbox = Inbox(link)
            await inbox.read()
            found.extend((dialled_here(link), dialled_here(link)))

        listener = await listen(handler)
        ours = await dial(Target("127.0.0.1", listener.port))
        inbox = Inbox(ours)
        ours.write(b"x")
        assert await inbox.read() == b""
        assert found == [True, False]
        ours.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(b"x")
        assert await reader.read() == b""
        assert found == [True, False, False, False]
        writer.close()
        await listener.close()

    run(body())


def test_who_was_turned_away_by_tls_is_told(run: Run) -> None:
    async def body() -> None:
        told: list[tuple[Link, Exception]] = []
        made = make_certificates(datetime.now(UTC), ("127.0.0.1",))

        async def handler(_link: Link) -> None: ...

        listener = await listen(
            handler,
            ssl=server_context(made.servers[Certificate.GOOD]),
            turned_away=lambda link, error: told.append((link, error)),
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        await reader.read()
        writer.close()
        ((link, error),) = told
        assert isinstance(error, ssl.SSLError)
        assert link.tls is not None
        text, plain = why_client_failed(error, link.tls.first_bytes)
        assert plain == b"GET / HTTP/1.1\r\n\r\n"
        assert "wss://" in text
        await listener.close()

    run(body())


def test_a_client_that_just_goes() -> None:
    hello = bytes.fromhex("160301")
    text, plain = why_client_failed(ConnectionError("gone"), hello)
    assert (text.startswith("The client ended TCP"), plain) == (True, b"")


def test_the_addresses_of_this_computer_hold_loopback() -> None:
    assert own_addresses(4)[-1] == "127.0.0.1"
