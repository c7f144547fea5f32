"""Brief connections: bytes both ways, each end told apart, and no wait where there is none."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from wsinspector.live.brief import connect_briefly
from wsinspector.live.resolve import ResolvedAddress
from wsinspector.live.transport import LinkEnd


class Ears:
    """A receiver that keeps what it is told, and the moments."""

    def __init__(self) -> None:
        self.data = b""
        self.times: list[int] = []
        self.how: LinkEnd | None = None
        self.error: Exception | None = None
        self.over = asyncio.Event()

    def received(self, data: bytes, at: int) -> None:
        self.data += data
        self.times.append(at)

    def ended(self, how: LinkEnd, at: int) -> None:
        self.how = how
        self.times.append(at)
        self.over.set()

    def lost(self, error: Exception | None, at: int) -> None:
        self.error = error
        self.times.append(at)
        self.over.set()


@contextmanager
def listening() -> Iterator[tuple[socket.socket, ResolvedAddress]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server, ResolvedAddress(socket.AF_INET, server.getsockname()[:2])


async def exchanged(data: bytes, serve: Callable[[socket.socket], None]) -> Ears:
    ears = Ears()
    with listening() as (server, address):
        link = await connect_briefly(address, 5)
        peer, _ = server.accept()
        with peer:
            link.write(data)
            link.start(ears)
            await asyncio.to_thread(serve, peer)
            async with asyncio.timeout(10):
                await ears.over.wait()
        link.close()
        link.close()
    assert ears.times == sorted(set(ears.times))
    return ears


async def test_bytes_go_both_ways_and_the_end_is_told() -> None:
    def serve(peer: socket.socket) -> None:
        assert peer.recv(100) == b"ask"
        peer.sendall(b"an")
        peer.sendall(b"swer")
        peer.shutdown(socket.SHUT_WR)

    ears = await exchanged(b"ask", serve)
    assert (ears.data, ears.how, ears.error) == (b"answer", LinkEnd.FIN, None)


async def test_a_large_request_leaves_whole() -> None:
    large = bytes(range(256)) * 32768
    came = bytearray()

    def serve(peer: socket.socket) -> None:
        while len(came) < len(large):
            came.extend(peer.recv(1 << 20))
        peer.shutdown(socket.SHUT_WR)

    ears = await exchanged(large, serve)
    assert came == large
    assert ears.how is LinkEnd.FIN


async def test_a_reset_is_told_from_an_end() -> None:
    def serve(peer: socket.socket) -> None:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        peer.close()

    ears = await exchanged(b"", serve)
    assert isinstance(ears.error, ConnectionResetError)
    assert ears.how is None


async def test_our_abort_reaches_the_peer_as_a_reset() -> None:
    with listening() as (server, address):
        link = await connect_briefly(address, 5)
        peer, _ = server.accept()
        with peer:
            link.start(Ears())
            link.abort()
            assert link.closed
            link.write(b"too late")
            with pytest.raises(ConnectionResetError):
                peer.recv(1)


async def test_a_closed_port_is_refused() -> None:
    with listening() as (_, address):
        pass
    with pytest.raises(ConnectionRefusedError):
        await connect_briefly(address, 5)
