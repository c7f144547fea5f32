"""Sweeps of real servers on loopback: side by side, few at once, cancelled, saved and read back."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conversation.conftest import SECONDS, Peers, switching
from wsinspector.capture import CaptureReader
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.restore import restored_attempts
from wsinspector.conversation.sweep import Sweep
from wsinspector.conversation.sweep_own_sets import OwnSets, WrongNameError
from wsinspector.conversation.sweep_plan import SweepPlan, server_at, servers_at
from wsinspector.conversation.sweep_probe import surely_over
from wsinspector.conversation.sweep_reopen import NoSweep, reopened
from wsinspector.conversation.sweep_results import SweepPhase, SweepResults
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.http_reader import ReadPhase, ResponseReader, parse_request
from wsinspector.protocol.sweep_requests import OddRequest, saying
from wsinspector.protocol.sweep_sets import COMMON, HANDSHAKE, REGISTRY
from wsinspector.verdicts.sweep_cells import Ended, Tone, judge_cell

REFUSAL = (
    b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Content-Length: 4\r\nConnection: close\r\n\r\nnope"
)
VERSION = b"Sec-WebSocket-Version"


async def strict(link: Link) -> None:
    """Takes one line that says 13, and refuses all else with a list."""
    request = await Inbox(link).read_until(b"\r\n\r\n", limit=1 << 17)
    right = parse_request(request).values(VERSION) == (b"13",)
    link.write(switching(request, b"") if right else REFUSAL)


async def greeting(link: Link) -> None:
    """Opens for all, and sends a frame in the same write."""
    request = await Inbox(link).read_until(b"\r\n\r\n", limit=1 << 17)
    link.write(switching(request) + bytes.fromhex("810548656c6c6f"))


async def mute(link: Link) -> None:
    """Never answers."""
    inbox = Inbox(link)
    while await inbox.read():
        pass


async def endless(link: Link) -> None:
    """Announces a body that never comes."""
    inbox = Inbox(link)
    await inbox.read_until(b"\r\n\r\n")
    link.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 9999\r\n\r\n")
    while await inbox.read():
        pass


async def resetting(link: Link) -> None:
    await Inbox(link).read_until(b"\r\n\r\n")
    link.abort()


async def garbage(link: Link) -> None:
    await Inbox(link).read_until(b"\r\n\r\n")
    link.write(b"\x16\x03\x01\x00 what?\r\n\r\n")


class Sweeps:
    """Makes sweeps; at the end each is closed, reopened, and compared with what it was."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.folder = folder
        self._made: list[Sweep] = []

    def begin(self, ports: list[int], requests: tuple[OddRequest, ...], **plan: Any) -> Sweep:
        servers = servers_at([f"127.0.0.1:{port}" for port in ports])
        path = self.folder / f"sweep-{len(self._made)}.wsi"
        sweep = Sweep(self.engine, SweepPlan(servers, requests, ("own",), **plan), path)
        self._made.append(sweep)
        return sweep.start()

    def run(self, ports: list[int], requests: tuple[OddRequest, ...], **plan: Any) -> SweepResults:
        results = self.begin(ports, requests, **plan).wait_ended(SECONDS * 2)
        assert results is not None
        return results

    def close(self) -> None:
        for sweep in self._made:
            sweep.close()
            assert sweep.results.trouble == ""
            before, after = sweep.results, reopened(sweep.path)
            assert after.odds == before.odds
            assert after.phase == before.phase
            assert (after.sets, after.at_once, after.timeout) == (("own",), before.at_once, before.timeout)
            for old, new in zip(before.servers, after.servers, strict=True):
                assert (old.name, old.url, old.trouble) == (new.name, new.url, new.trouble)
                assert old.probes == new.probes


@pytest.fixture
def sweeps(engine: Engine, tmp_path: Path) -> Iterator[Sweeps]:
    made = Sweeps(engine, tmp_path)
    yield made
    made.close()


def shorts(results: SweepResults, server: int = 0) -> list[str]:
    return [judge_cell(probe).short if probe is not None else "" for probe in results.servers[server].probes]


def values(*texts: bytes) -> tuple[OddRequest, ...]:
    return tuple(saying(text) for text in texts)


def test_a_server_is_asked_everything_and_every_answer_is_there(sweeps: Sweeps, peers: Peers) -> None:
    results = sweeps.run([peers.listen(strict)], COMMON.requests)
    assert results.phase is SweepPhase.DONE
    assert (results.done, results.total) == (23, 23)
    for odd, short in zip(results.odds, shorts(results), strict=True):
        assert short == ("101" if odd.id == "13" else "426 → 13"), odd.id
    assert results.servers[0].probes[0] is not None
    assert results.servers[0].probes[0].response is not None
    assert results.servers[0].probes[0].response.body == b"nope"


def test_servers_stand_side_by_side_and_one_that_hangs_holds_up_nobody(sweeps: Sweeps, peers: Peers) -> None:
    ports = [peers.listen(each) for each in (strict, mute, resetting, garbage, endless)]
    results = sweeps.run(ports, values(b"13", b"14"), timeout=0.5)
    assert shorts(results, 0) == ["101", "426 → 13"]
    assert shorts(results, 1) == ["no answer", "no answer"]
    assert shorts(results, 2) == ["reset", "reset"]
    assert shorts(results, 3) == ["no HTTP", "no HTTP"]
    assert shorts(results, 4) == ["400", "400, no list"]
    assert [server.over for server in results.servers] == [True] * 5


def test_a_port_that_is_closed_is_asked_once(sweeps: Sweeps, peers: Peers) -> None:
    port = peers.listen(strict)
    closed = peers.listen(strict)
    peers.loop.run(peers._listeners.pop().close()).result(SECONDS)
    results = sweeps.run([closed, port], values(b"13", b"14", b"15"))
    assert results.phase is SweepPhase.DONE
    gone = results.servers[0]
    assert (gone.done, gone.reached) == (1, False)
    assert "the port is closed" in gone.trouble
    assert results.servers[1].done == 3


def test_a_server_that_stops_listening_is_left_alone(sweeps: Sweeps, peers: Peers) -> None:
    asked = threading.Event()

    async def once(link: Link) -> None:
        await strict(link)
        asked.set()

    port = peers.listen(once)
    sweep = sweeps.begin([port], REGISTRY.requests, at_once=1, pace=0.02)
    assert asked.wait(SECONDS)
    peers.loop.run(peers._listeners.pop().close()).result(SECONDS)
    results = sweep.wait_ended(SECONDS)
    assert results is not None
    (server,) = results.servers
    assert server.reached
    assert server.trouble.startswith("It took no connection any more: ")
    assert [probe.ended for probe in server.probes if probe is not None][-3:] == [Ended.NETWORK] * 3
    assert server.done < 256


def test_no_more_than_a_few_are_under_way_at_once(sweeps: Sweeps, peers: Peers) -> None:
    under_way = most = 0

    async def counting(link: Link) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await strict(link)
        under_way -= 1

    results = sweeps.run([peers.listen(counting)], REGISTRY.requests[:40], at_once=3)
    assert results.done == 40
    assert 1 <= most <= 3


def test_a_cancelled_sweep_keeps_what_came(sweeps: Sweeps, peers: Peers) -> None:
    async def thirteen(link: Link) -> None:
        inbox = Inbox(link)
        request = await inbox.read_until(b"\r\n\r\n")
        if parse_request(request).values(VERSION) == (b"13",):
            link.write(switching(request))
        while await inbox.read():
            pass

    sweep = sweeps.begin(
        [peers.listen(thirteen)], values(b"13", b"14", b"15", b"16"), at_once=1, timeout=60.0
    )
    assert sweep.wait_for(lambda seen: seen.done == 1 and seen.servers[0].running == 1, SECONDS) is not None
    sweep.cancel()
    results = sweep.wait_ended(SECONDS)
    assert results is not None
    assert results.phase is SweepPhase.CANCELLED
    assert shorts(results) == ["101", "cancelled", "", ""]


def test_a_sweep_can_be_cancelled_before_it_begins_and_closed_twice(engine: Engine, peers: Peers) -> None:
    plan = SweepPlan(servers_at([f"127.0.0.1:{peers.listen(mute)}"]), REGISTRY.requests)
    sweep = Sweep(engine, plan)
    private = sweep.path
    sweep.start()
    sweep.cancel()
    results = sweep.wait_ended(SECONDS)
    assert results is not None
    assert results.phase is SweepPhase.CANCELLED
    sweep.close()
    sweep.close()
    assert not private.exists()


def test_an_engine_that_stops_ends_the_sweep(peers: Peers) -> None:
    engine = Engine().start()
    plan = SweepPlan(servers_at([f"127.0.0.1:{peers.listen(mute)}"]), REGISTRY.requests, timeout=60.0)
    sweep = Sweep(engine, plan).start()
    assert sweep.wait_for(lambda seen: seen.servers[0].running == 1, SECONDS) is not None
    engine.stop()
    results = sweep.wait_ended(SECONDS)
    assert results is not None
    assert results.phase is SweepPhase.CANCELLED
    sweep.close()
    late = Sweep(engine, plan).start()
    assert late.results.phase is SweepPhase.CANCELLED
    late.close()


def test_any_cell_opens_as_a_conversation(sweeps: Sweeps, peers: Peers) -> None:
    sweep = sweeps.begin([peers.listen(strict), peers.listen(greeting)], values(b"13", b"14"))
    results = sweep.wait_ended(SECONDS)
    assert results is not None
    assert sweep.flush(SECONDS)
    place = results.place(1, 1)
    assert place is not None
    found = Conversation.open(sweeps.engine, Path(place.path), place.conversation_id)
    try:
        attempt = found.attempt(place.attempt)
        assert attempt is not None
        snapshot = attempt.snapshot
        probe = results.servers[1].probes[1]
        assert probe is not None
        assert snapshot.request == probe.request
        assert snapshot.outcome is probe.outcome
        assert (snapshot.frames_in, snapshot.frames) == (1, 1)
        assert VERSION + b": 14\r\n" in snapshot.request
    finally:
        found.close()
    with CaptureReader(sweep.path) as reader:
        for server in results.servers:
            attempts = restored_attempts(reader, server.conversation_id)
            assert [each.number for each in attempts] == [1, 2]
            assert [each.snapshot.verdict for each in attempts] == [
                probe.verdict for probe in server.probes if probe is not None
            ]


def test_handshakes_of_every_shape_reach_a_server_whole(sweeps: Sweeps, peers: Peers) -> None:
    seen: dict[bytes, bytes] = {}

    async def noting(link: Link) -> None:
        request = await Inbox(link).read_until(b"\r\n\r\n", limit=1 << 17)
        seen[request] = request
        link.write(REFUSAL)

    results = sweeps.run([peers.listen(noting)], HANDSHAKE.requests)
    sent = [probe.request for probe in results.servers[0].probes if probe is not None]
    assert len(set(sent)) == len(HANDSHAKE.requests)
    assert all(request in seen for request in sent)


def test_tls_is_swept_too_and_an_unknown_authority_is_said(engine: Engine, tmp_path: Path) -> None:
    from wsinspector.lab.server import Lab

    serving = Engine().start()
    lab = Lab()
    serving.run(lab.start()).result(SECONDS)
    serving.run(lab.ready()).result(30)
    try:
        url = lab.url_of("/echo", "good")
        plan = SweepPlan((server_at(url, "lab"),), values(b"13", b"14", b"15"))
        for authority in (lab.authority_for, None):
            sweep = Sweep(engine, plan, lab_authority=authority).start()
            results = sweep.wait_ended(SECONDS)
            assert results is not None
            if authority is not None:
                assert shorts(results)[0] == "101"
                assert results.done == 3
            else:
                assert not results.servers[0].reached
                assert results.servers[0].trouble
            sweep.close()
    finally:
        serving.run(lab.stop()).result(SECONDS)
        serving.stop()


def test_an_address_that_is_none_begins_no_sweep(engine: Engine) -> None:
    with pytest.raises(ValueError, match="port"):
        Sweep(engine, SweepPlan(servers_at(["ws://127.0.0.1:99999/"]), COMMON.requests))


def test_a_file_that_is_there_is_not_written_over(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "there.wsi"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        Sweep(engine, SweepPlan(servers_at(["127.0.0.1:1"]), COMMON.requests), path)
    assert path.read_text() == "mine"


def test_a_conversation_is_no_sweep(engine: Engine, peers: Peers, tmp_path: Path) -> None:
    conversation = Conversation(engine, tmp_path / "one.wsi")
    conversation.set_address(f"127.0.0.1:{peers.listen(strict)}")
    attempt = conversation.connect(handshake_only=True)
    assert attempt is not None
    attempt.wait_ended(SECONDS)
    conversation.close()
    with pytest.raises(NoSweep):
        reopened(tmp_path / "one.wsi")


def test_servers_are_named_by_what_tells_them_apart() -> None:
    servers = servers_at(["ws://a.example/", "a.example:80", "ws://b.example/x?token=1", "wss://a.example/"])
    assert [server.name for server in servers] == ["ws://a.example/", "b.example/x", "wss://a.example/"]


def test_credentials_travel_in_every_request(sweeps: Sweeps, peers: Peers) -> None:
    server = server_at(f"ws://me:secret@127.0.0.1:{peers.listen(strict)}/")
    sweep = Sweep(sweeps.engine, SweepPlan((server,), values(b"13", b"13\n"))).start()
    results = sweep.wait_ended(SECONDS)
    assert results is not None
    for probe in results.servers[0].probes:
        assert probe is not None
        assert b"Authorization: Basic bWU6c2VjcmV0\r\n" in probe.request
    assert judge_cell(results.servers[0].probes[0]).tone is Tone.OPENED  # type: ignore[arg-type]
    sweep.close()


def test_own_sets_are_kept_by_name(tmp_path: Path) -> None:
    sets = OwnSets(tmp_path / "sets")
    assert sets.names() == ()
    sets.save("mine", "13\n14\n")
    sets.save("Yours 2", "1\\q\n")
    assert sets.names() == ("Yours 2", "mine")
    assert [each.odd.id for each in sets.read("mine").requests] == ["13", "14"]
    assert sets.text("Yours 2") == "1\\q\n"
    sets.remove("mine")
    assert sets.names() == ("Yours 2",)
    for name in ("", "../x", "common", "a/b", " a"):
        with pytest.raises(WrongNameError):
            sets.save(name, "13\n")


PIECES = st.sampled_from(
    [
        b"HTTP/1.1 400 Bad\r\n", b"HTTP/1.1 101 Yes\r\n", b"HTTP/1.1 426 \r\n", b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 4000 x\r\n", b"Content-Length: 3\r\n", b"content-length:5\r\n", b"Content-Length: x\r\n",
        b" 7\r\n", b"\n", b"\r", b"\r\n", b"abc", b"Transfer-Encoding: chunked\r\n", b"X: y\r\n",
    ]
)  # fmt: skip


@settings(max_examples=1500)
@given(st.lists(PIECES, max_size=9).map(b"".join))
@example(b"HTTP/1.1 400 Bad\r\nContent-Length: 3\r\n\r\nabc")
@example(b"HTTP/1.1 400 Bad\r\nContent-Length: 3\r\ncontent-length:5\r\n\r\nabc")
@example(b"HTTP/1.1 400 Bad\r\nContent-Length: 3\r\n 7\r\n\r\nabc")
@example(b"HTTP/1.1 101 Yes\r\n\r\n")
def test_an_answer_that_is_surely_over_is_over_for_the_reader_too(data: bytes) -> None:
    reader = ResponseReader()
    reader.feed(data)
    if surely_over(data):
        assert reader.phase in (ReadPhase.DONE, ReadPhase.UPGRADED)
        assert (reader.phase is ReadPhase.UPGRADED) == (data[9:12] == b"101")


@pytest.mark.parametrize("status", [b"400 Bad Request", b"426 Upgrade Required", b"500 Oops"])
def test_a_usual_answer_in_one_piece_needs_no_reader(status: bytes) -> None:
    head = b"HTTP/1.1 " + status + b"\r\nContent-Length: 4\r\n\r\n"
    assert surely_over(head + b"body")
    assert not surely_over(head + b"bod")
    assert not surely_over(head.replace(b"Content-Length", b"X-Length") + b"body")
