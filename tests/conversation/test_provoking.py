"""Runs of provocations against real servers on loopback: the lab, libraries, and servers that err or die."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversation.conftest import SECONDS, Peers, switching
from tests.interop.running import peer
from wsinspector.capture import CaptureReader
from wsinspector.conversation.checked import check_file
from wsinspector.conversation.conversation import Conversation
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.provoking import Provoking
from wsinspector.conversation.provoking_results import ProvokedRow, ProvokePlan, ProvokeResults
from wsinspector.conversation.sweep_plan import servers_at
from wsinspector.conversation.sweep_results import SweepPhase
from wsinspector.lab.server import Lab
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.provocations import PROVOCATIONS, Provocation, provocation_called
from wsinspector.verdicts.provoked import Did, Result


def called(*ids: str) -> tuple[Provocation, ...]:
    found = tuple(each for id in ids if (each := provocation_called(id)) is not None)
    assert len(found) == len(ids)
    return found


def provoke(
    engine: Engine,
    *urls: str,
    ids: tuple[str, ...] = (),
    path: Path | None = None,
    timeout: float = 10.0,
    at_once: int = 4,
) -> ProvokeResults:
    """The results of a whole run."""
    chosen = called(*ids) if ids else PROVOCATIONS
    plan = ProvokePlan(servers_at(urls), chosen, at_once, timeout=timeout)
    provoking = Provoking(engine, plan, path).start()
    results = provoking.wait_ended(SECONDS * 3)
    provoking.close()
    assert results is not None
    assert results.trouble == ""
    return results


def row(results: ProvokeResults, id: str, server: int = 0) -> ProvokedRow:
    place = [each.id for each in results.provocations].index(id)
    found = results.servers[server].rows[place]
    assert found is not None
    return found


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    serving = Engine().start()
    made = Lab()
    serving.run(made.start()).result(SECONDS)
    serving.run(made.ready()).result(SECONDS)
    yield made
    serving.run(made.stop()).result(SECONDS)
    serving.stop()


def test_the_lab_does_all_that_is_required_of_a_server(engine: Engine, lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "run.wsi"
    results = provoke(engine, f"{lab.url}/echo", path=path, timeout=20.0)
    assert results.phase is SweepPhase.DONE
    assert results.done == results.total == len(PROVOCATIONS)
    server = results.servers[0]
    assert (server.reached, server.pongs, server.trouble) == (True, True, "")
    against = [
        (each.id, found.verdict.text)
        for each, found in zip(results.provocations, server.rows, strict=True)
        if found is not None and found.verdict.result not in (Result.AS_REQUIRED, Result.ALLOWED)
    ]
    assert against == []
    assert row(results, "rsv1").seen.code == 1002
    assert row(results, "utf8-bad-across").seen.code == 1007
    assert row(results, "ping-125").seen.pongs == ((b"0123456789" * 13)[:125],)
    # Every provocation is a conversation of one file, which is whole.
    assert check_file(path).fine
    with CaptureReader(path) as reader:
        titles = {each.id: each.title for each in reader.conversations()}
    assert len(titles) == len(PROVOCATIONS) + 1
    place = results.place(0, [each.id for each in results.provocations].index("opcode-3"))
    assert place is not None
    assert titles[place.conversation_id] == "Opcode 0x3 (opcode-3)"
    opened = Conversation.open(engine, Path(place.path), place.conversation_id)
    assert opened.attempts[0].snapshot.frames > 1
    assert opened.attempts[0].snapshot.url == f"{lab.url}/echo"
    opened.close()


def test_over_tls_nothing_is_half_closed(engine: Engine, lab: Lab) -> None:
    url = next(each.url for each in lab.entrances if each.kind == "good")
    plan = ProvokePlan(servers_at([f"{url}/echo"]), called("half-close", "rsv1"), verify=False, timeout=20.0)
    provoking = Provoking(engine, plan).start()
    results = provoking.wait_ended(SECONDS)
    provoking.close()
    assert results is not None
    assert row(results, "rsv1").verdict.result is Result.AS_REQUIRED
    assert row(results, "half-close").verdict.result is Result.UNFIT
    assert row(results, "half-close").verdict.text.startswith("TLS has no half-close here")


async def deaf_to_faults(link: Link, inbox: Inbox, _: bytes) -> None:
    """Reads masked frames of up to 65535 bytes, answers Pings, and finds nothing wrong."""
    held = b""
    while data := await inbox.read():
        held += data
        while len(held) >= 6:
            length, start = held[1] & 0x7F, 2
            if length == 126:
                length, start = int.from_bytes(held[2:4], "big"), 4
            if len(held) < start + 4 + length:
                break
            key, body = held[start : start + 4], held[start + 4 : start + 4 + length]
            if held[0] & 0x0F == 9:
                payload = bytes(byte ^ key[place % 4] for place, byte in enumerate(body))
                link.write(b"\x8a" + bytes([length]) + payload)
            held = held[start + 4 + length :]


def test_a_server_that_goes_on_is_told_of_only_where_a_clause_forbids_it(
    engine: Engine, peers: Peers
) -> None:
    ids = ("rsv1", "opcode-3", "length-16-for-5", "stray-continuation", "zero-key", "utf8-bad-unfinished")
    results = provoke(engine, f"ws://127.0.0.1:{peers.upgraded(deaf_to_faults)}/", ids=ids, timeout=10.0)
    assert [row(results, id).verdict.result for id in ids] == [
        Result.WRONG,
        Result.WRONG,
        Result.ALLOWED,
        Result.ALLOWED,
        Result.AS_REQUIRED,
        Result.ALLOWED,
    ]
    assert results.faults == 2
    assert row(results, "rsv1").verdict.did is Did.WENT_ON


def test_a_server_that_says_nothing_is_undecided_and_never_accused(engine: Engine, peers: Peers) -> None:
    async def mute(link: Link, inbox: Inbox, _: bytes) -> None:
        while await inbox.read():
            pass

    ids = ("rsv1", "close-1000", "zero-key", "longer-than-sent")
    results = provoke(engine, f"ws://127.0.0.1:{peers.upgraded(mute)}/", ids=ids, timeout=0.3)
    assert results.servers[0].pongs is False
    assert [row(results, id).verdict.result for id in ids] == [Result.UNDECIDED] * 3 + [Result.ALLOWED]
    assert row(results, "rsv1").verdict.did is Did.SILENT
    assert row(results, "rsv1").seen.alive is True


def test_dropping_is_failing_but_no_answer_to_a_close(engine: Engine, peers: Peers) -> None:
    async def drops(link: Link, inbox: Inbox, _: bytes) -> None:
        await inbox.read()
        link.end()
        while await inbox.read():  # what is not read before a close would make a reset of it
            pass

    results = provoke(
        engine, f"ws://127.0.0.1:{peers.upgraded(drops)}/", ids=("rsv1", "close-999", "close-1000"), timeout=5
    )
    assert [row(results, id).verdict.did for id in ("rsv1", "close-999", "close-1000")] == [Did.DROPPED] * 3
    assert row(results, "rsv1").verdict.result is Result.ALLOWED
    assert row(results, "close-999").verdict.result is Result.ALLOWED
    assert row(results, "close-1000").verdict.result is Result.WRONG


def test_a_server_that_dies_is_told_of_and_left_alone(engine: Engine, peers: Peers) -> None:
    """One listening socket that is closed by the first frame with RSV1."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]

    async def serve() -> None:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            request = await reader.readuntil(b"\r\n\r\n")
            writer.write(switching(request))
            first = await reader.read(1)
            if first == b"\xc1":
                server.close()
            writer.close()

        server = await asyncio.start_server(talk, sock=listening)

    peers.loop.run(serve()).result(SECONDS)
    ids = ("opcode-3", "rsv1", "rsv2")
    results = provoke(engine, f"ws://127.0.0.1:{port}/", ids=ids, timeout=5.0, at_once=1)
    assert row(results, "opcode-3").verdict.result is Result.ALLOWED
    assert row(results, "rsv1").verdict.result is Result.CRASHED
    assert row(results, "rsv1").verdict.text == "No new connection opened afterwards."
    assert results.servers[0].rows[2] is None
    assert results.servers[0].trouble.startswith("The server takes no new connection any more")


def test_where_no_plain_connection_opens_nothing_is_provoked(engine: Engine, peers: Peers) -> None:
    asked = []

    async def refuses(link: Link) -> None:
        asked.append(await Inbox(link).read_until(b"\r\n\r\n"))
        link.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    results = provoke(engine, f"ws://127.0.0.1:{peers.listen(refuses)}/", timeout=10.0)
    assert len(asked) == 1
    assert results.done == 0
    server = results.servers[0]
    assert (server.reached, server.trouble) == (False, "The handshake was answered with 403.")


def test_what_needs_compression_does_not_apply_where_it_is_not_agreed(engine: Engine, peers: Peers) -> None:
    port = peers.upgraded(deaf_to_faults)
    results = provoke(engine, f"ws://127.0.0.1:{port}/", ids=("deflate-corrupt",), timeout=10.0)
    assert row(results, "deflate-corrupt").verdict.result is Result.UNFIT
    agreed = peers.upgraded(deaf_to_faults, headers=b"Sec-WebSocket-Extensions: permessage-deflate\r\n")
    results = provoke(
        engine,
        f"ws://127.0.0.1:{agreed}/",
        ids=("deflate-corrupt", "deflate-window", "deflate-context-kept"),
        timeout=10.0,
    )
    assert row(results, "deflate-corrupt").verdict.result is Result.ALLOWED
    assert row(results, "deflate-window").verdict.result is Result.UNFIT
    assert "client_no_context_takeover" in row(results, "deflate-context-kept").verdict.text


def test_a_run_is_cancelled_and_keeps_what_it_saw(engine: Engine, peers: Peers, tmp_path: Path) -> None:
    async def mute(link: Link, inbox: Inbox, _: bytes) -> None:
        while await inbox.read():
            pass

    port = peers.upgraded(mute)
    path = tmp_path / "run.wsi"
    plan = ProvokePlan(
        servers_at([f"ws://127.0.0.1:{port}/"]), called("close-1000", "rsv1", "rsv2"), 1, timeout=0.2
    )
    provoking = Provoking(engine, plan, path).start()
    assert provoking.wait_for(lambda results: results.done >= 1, SECONDS) is not None
    provoking.cancel()
    results = provoking.wait_ended(SECONDS)
    provoking.close()
    provoking.close()
    assert results is not None
    assert results.phase is SweepPhase.CANCELLED
    assert results.servers[0].rows[0] is not None
    assert check_file(path).fine


def test_two_servers_stand_side_by_side_in_one_file(
    engine: Engine, lab: Lab, peers: Peers, tmp_path: Path
) -> None:
    path = tmp_path / "run.wsi"
    port = peers.upgraded(deaf_to_faults)
    results = provoke(
        engine, f"{lab.url}/echo", f"ws://127.0.0.1:{port}/", ids=("rsv1",), path=path, timeout=10.0
    )
    assert [row(results, "rsv1", at).verdict.result for at in (0, 1)] == [Result.AS_REQUIRED, Result.WRONG]
    with CaptureReader(path) as reader:
        assert len(reader.conversations()) == 4


def test_a_file_that_exists_is_never_written_to(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "run.wsi"
    path.write_bytes(b"mine")
    plan = ProvokePlan(servers_at(["ws://127.0.0.1:1/"]), called("rsv1"))
    with pytest.raises(FileExistsError):
        Provoking(engine, plan, path)
    assert path.read_bytes() == b"mine"
    with pytest.raises(ValueError, match="is no port"):
        Provoking(engine, ProvokePlan(servers_at(["ws://127.0.0.1:99999/"]), called("rsv1")))


@pytest.mark.interop
@pytest.mark.parametrize(
    ("name", "against"),
    [
        ("websockets", []),
        (
            "aiohttp",
            ["unmasked-text", "unmasked-ping", "unmasked-continuation", "deflate-rsv1-ping"],
        ),
        (
            "tornado",
            [
                *("unmasked-text", "unmasked-ping", "unmasked-continuation"),
                *("close-1005", "close-1006", "close-1015"),
            ],
        ),
    ],
)
def test_libraries_are_told_for_what_they_are(engine: Engine, name: str, against: list[str]) -> None:
    with peer(name) as url:
        results = provoke(engine, url, timeout=20.0)
    rows = dict(zip((each.id for each in results.provocations), results.servers[0].rows, strict=True))
    assert [id for id, found in rows.items() if found and found.verdict.result is Result.WRONG] == against
    undecided = (Result.UNDECIDED, Result.CRASHED)
    assert [id for id, found in rows.items() if found and found.verdict.result in undecided] == []
    assert results.done == results.total
