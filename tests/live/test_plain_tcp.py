"""Dialling and listening over plain TCP: bytes, ends and failures told apart."""

import asyncio
import socket
import struct
from itertools import pairwise

import pytest

from tests.live.conftest import Run
from wsinspector.live.dial import DialError, Target, dial
from wsinspector.live.inbox import Inbox
from wsinspector.live.listen import listen
from wsinspector.live.resolve import ResolvedAddress
from wsinspector.live.tls import TlsStream
from wsinspector.live.transport import Link, LinkEnd


class Steps:
    def __init__(self) -> None:
        self.names: list[str] = []
        self.times: list[int] = []

    def looked_up(self, addresses: tuple[ResolvedAddress, ...], at: int) -> None:
        self._note(f"lookup {len(addresses)}", at)

    def connecting(self, address: ResolvedAddress, at: int) -> None:
        self._note(f"connecting {address.host}", at)

    def connected(self, address: ResolvedAddress, at: int) -> None:
        self._note(f"connected {address.host}", at)

    def secured(self, stream: TlsStream, at: int) -> None:
        self._note("tls", at)

    def _note(self, name: str, at: int) -> None:
        self.names.append(name)
        self.times.append(at)


class Recorder:
    """Notes everything a link tells."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.calls: list[str] = []
        self.times: list[int] = []
        self.error: Exception | None = None
        self.over = asyncio.Event()

    def received(self, data: bytes, at: int) -> None:
        self.data += data
        self.calls.append("received")
        self.times.append(at)

    def ended(self, how: LinkEnd, at: int) -> None:
        self.calls.append(how.value)
        self.times.append(at)
        self.over.set()

    def lost(self, error: Exception | None, at: int) -> None:
        self.error = error
        self.calls.append("lost")
        self.times.append(at)
        self.over.set()


async def echo(link: Link) -> None:
    inbox = Inbox(link)
    while data := await inbox.read():
        link.write(data)
        await link.drained()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_bytes_go_both_ways_and_the_steps_are_told(run: Run) -> None:
    async def body() -> None:
        listener = await listen(echo)
        steps = Steps()
        link = await dial(Target("127.0.0.1", listener.port), steps)
        inbox = Inbox(link)
        link.write(b"Hello")
        assert await inbox.read() == b"Hello"
        assert steps.names == ["lookup 1", "connecting 127.0.0.1", "connected 127.0.0.1"]
        assert steps.times == sorted(steps.times)
        link.end()
        assert await inbox.read() == b""
        assert inbox.end is LinkEnd.FIN
        await link.gone()
        await listener.close()

    run(body())


def test_ipv6(run: Run) -> None:
    async def body() -> None:
        listener = await listen(echo, "::1")
        link = await dial(Target("::1", listener.port))
        inbox = Inbox(link)
        link.write(b"six")
        assert await inbox.read() == b"six"
        assert link.remote == f"[::1]:{listener.port}"
        link.abort()
        await link.gone()
        await listener.close()

    run(body())


def test_a_name_is_looked_up_and_its_addresses_tried_in_order(run: Run) -> None:
    async def body() -> None:
        listener = await listen(echo)
        steps = Steps()
        link = await dial(Target("localhost", listener.port), steps)
        assert steps.names[-1] == "connected 127.0.0.1"
        link.abort()
        await listener.close()

    run(body())


def test_many_bytes_arrive_whole_with_rising_times(run: Run) -> None:
    async def body() -> None:
        payload = bytes(range(256)) * 8192

        async def send(link: Link) -> None:
            link.start(Recorder())
            link.write(payload)
            await link.drained()

        listener = await listen(send)
        link = await dial(Target("127.0.0.1", listener.port))
        seen = Recorder()
        link.start(seen)
        await seen.over.wait()
        assert seen.data == payload
        assert seen.calls[-1] == "fin"
        assert all(a < b for a, b in pairwise(seen.times))
        link.close()
        await link.gone()
        assert seen.calls.count("lost") == 1
        assert seen.error is None
        await listener.close()

    run(body())


def test_a_rst_that_came_before_our_end_is_told(run: Run) -> None:
    async def body() -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            link = await dial(Target("127.0.0.1", server.getsockname()[1]))
            seen = Recorder()
            link.start(seen)
            peer, _ = server.accept()
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()
            link.end()
            await seen.over.wait()
            assert seen.calls == ["lost"]
            assert isinstance(seen.error, ConnectionResetError)
            await link.gone()

    run(body())


def test_rst_is_told_from_fin(run: Run) -> None:
    async def body() -> None:
        async def reset(link: Link) -> None:
            inbox = Inbox(link)
            await inbox.read()
            link.abort()

        listener = await listen(reset)
        link = await dial(Target("127.0.0.1", listener.port))
        seen = Recorder()
        link.start(seen)
        link.write(b"x")
        await seen.over.wait()
        assert seen.calls == ["lost"]
        assert isinstance(seen.error, ConnectionResetError)
        await listener.close()

    run(body())


def test_half_close_leaves_the_other_way_open(run: Run) -> None:
    async def body() -> None:
        async def answer_after_end(link: Link) -> None:
            inbox = Inbox(link)
            got = b""
            while piece := await inbox.read():
                got += piece
            link.write(b"after " + got)

        listener = await listen(answer_after_end)
        link = await dial(Target("127.0.0.1", listener.port))
        inbox = Inbox(link)
        assert link.can_half_close
        link.write(b"FIN")
        link.end()
        assert await inbox.read() == b"after FIN"
        assert await inbox.read() == b""
        await link.gone()
        await listener.close()

    run(body())


def test_pausing_slows_the_peer_and_loses_nothing(run: Run) -> None:
    async def body() -> None:
        # More than the kernel keeps for both ends, however it tunes its buffers.
        payload = b"p" * (64 << 20)
        sent = asyncio.Event()

        async def send(link: Link) -> None:
            link.start(Recorder())
            link.write(payload)
            await link.drained()
            sent.set()

        listener = await listen(send)
        link = await dial(Target("127.0.0.1", listener.port))
        seen = Recorder()
        link.start(seen)
        link.pause()
        waiting = {asyncio.get_running_loop().create_task(sent.wait())}
        done, _ = await asyncio.wait(waiting, timeout=0.05)
        assert not done
        before = len(seen.data)
        link.resume()
        await seen.over.wait()
        assert before < len(payload)
        assert len(seen.data) == len(payload)
        await asyncio.wait(waiting)
        link.close()
        await listener.close()

    run(body())


def test_a_closed_port_is_named(run: Run) -> None:
    async def body() -> None:
        port = free_port()
        with pytest.raises(DialError) as caught:
            await dial(Target("127.0.0.1", port))
        assert caught.value.step == "tcp"
        assert str(caught.value) == (
            f"No TCP connection. 127.0.0.1:{port}: the port is closed (connection refused)."
        )

    run(body())


def test_connect_to_dials_another_address_than_the_url_names(run: Run) -> None:
    async def body() -> None:
        listener = await listen(echo)
        link = await dial(Target("name.invalid", 80, connect_to=("127.0.0.1", listener.port)))
        assert link.remote == f"127.0.0.1:{listener.port}"
        link.abort()
        await listener.close()

    run(body())


def test_closing_the_listener_ends_handlers_that_wait(run: Run) -> None:
    async def body() -> None:
        async def wait_forever(link: Link) -> None:
            await asyncio.Event().wait()

        listener = await listen(wait_forever)
        link = await dial(Target("127.0.0.1", listener.port))
        seen = Recorder()
        link.start(seen)
        await listener.close()
        await seen.over.wait()
        assert isinstance(seen.error, ConnectionResetError)
        assert listener.connections == 0

    run(body())


def test_a_handler_that_dies_is_reported(run: Run) -> None:
    async def body() -> None:
        heard: list[tuple[str, BaseException]] = []

        async def die(link: Link) -> None:
            raise ValueError("as asked")

        listener = await listen(die, report=lambda name, error: heard.append((name, error)))
        link = await dial(Target("127.0.0.1", listener.port))
        seen = Recorder()
        link.start(seen)
        await seen.over.wait()
        await listener.close()
        assert [str(error) for _name, error in heard] == ["as asked"]

    run(body())


def test_a_cancelled_dial_leaves_nothing_open(run: Run) -> None:
    async def body() -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
            # A full backlog lets no further connection come to be.
            port = server.getsockname()[1]
            fillers = []
            loop = asyncio.get_running_loop()
            for _ in range(4):
                filler = socket.socket()
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", port))
                fillers.append(filler)
            task = loop.create_task(dial(Target("127.0.0.1", port)))
            done, _ = await asyncio.wait({task}, timeout=0.05)
            if not done:
                task.cancel()
                await asyncio.wait({task})
                assert task.cancelled()
            else:
                task.result().abort()
            for filler in fillers:
                filler.close()

    run(body())
