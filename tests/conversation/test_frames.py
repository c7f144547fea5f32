"""Open connections: frames in the capture, policies at work, and every way to end."""

import asyncio
import contextlib
import dataclasses
import random
import threading

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tests.conversation.conftest import SECONDS, Peers, Tabs, ended, switching, until
from wsinspector.conversation.outgoing import CLOSING
from wsinspector.conversation.snapshot import EndedBy, EndKind, Phase, Stop
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.columns import FLAG_OUT
from wsinspector.protocol.deflate import Deflater
from wsinspector.protocol.draft import DraftLine
from wsinspector.protocol.frames import apply_mask, encode_frame, read_frame_head
from wsinspector.protocol.opcodes import BINARY, CLOSE, PING, PONG, TEXT
from wsinspector.protocol.spans import Direction
from wsinspector.verdicts.outcome import Outcome

HELLO = encode_frame(TEXT, b"Hello")
UNMASKED_RULES = encode_frame(3, b"?")


def at(port: int) -> str:
    return f"ws://127.0.0.1:{port}/"


async def next_frame(inbox: Inbox, kept: bytearray) -> tuple[int, bytes]:
    """The client's next frame: opcode and unmasked payload."""
    while True:
        head = read_frame_head(bytes(kept))
        if head is not None and len(kept) >= head.header_len + head.length:
            payload = bytes(kept[head.header_len : head.header_len + head.length])
            del kept[: head.header_len + head.length]
            return head.first & 0x0F, apply_mask(payload, head.key) if head.key else payload
        piece = await inbox.read()
        if not piece:
            raise EOFError
        kept += piece


async def hold(_link: Link, inbox: Inbox, _request: bytes) -> None:
    while await inbox.read():
        pass


@pytest.fixture
def real_peer(peers: Peers) -> str:
    """An echo server of the websockets library; its address."""

    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    stop = asyncio.Event()

    async def body(port: "asyncio.Future[int]") -> None:
        async with serve(echo, "127.0.0.1", 0, ping_interval=None, compression=None) as server:
            port.set_result(next(iter(server.sockets)).getsockname()[1])
            await stop.wait()

    async def start() -> int:
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        peers.loop.spawn(body(port), "websockets server")
        return await port

    return at(peers.loop.run(start()).result(SECONDS))


def test_a_conforming_peer(real_peer: str, tabs: Tabs) -> None:
    conversation = tabs.new(real_peer)
    attempt = conversation.connect()
    assert attempt is not None
    opened = until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    assert opened.outcome is Outcome.OPEN
    assert opened.opened_at is not None
    attempt.send_message("Hello")
    attempt.send_message(bytes(70_000))
    attempt.ping(b"round")
    snapshot = until(attempt, lambda snapshot: snapshot.frames == 6 and snapshot.round_trip_ms is not None)
    assert (snapshot.frames_in, snapshot.frames_out, snapshot.faults) == (3, 3, 0)
    reader = conversation.reader()
    assert reader is not None
    columns = reader.columns(attempt.attempt_id, 1, 10)
    opcodes = sorted(first & 0x0F for first in columns.first)
    assert opcodes == [TEXT, TEXT, BINARY, BINARY, PING, PONG]
    assert sum(1 for flags in columns.flags if flags & FLAG_OUT) == 3
    attempt.close(1000, "done")
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert snapshot.end.kind is EndKind.CLOSE_FRAME
    assert snapshot.end.by is EndedBy.US
    assert snapshot.end.clean
    assert (snapshot.end.code, snapshot.end.sent_code, snapshot.end.received_code) == (1000, 1000, 1000)
    assert snapshot.frames_in == 4


def test_frames_in_the_same_packet_as_the_101(peers: Peers, tabs: Tabs) -> None:
    async def early(link: Link) -> None:
        inbox = Inbox(link)
        link.write(switching(await inbox.read_until(b"\r\n\r\n")) + HELLO)
        await hold(link, inbox, b"")

    attempt = tabs.connect(at(peers.listen(early)))
    until(attempt, lambda snapshot: snapshot.frames_in == 1)
    assert attempt.half_close_hindrance == ""
    attempt.end_tcp()
    snapshot = ended(attempt)
    assert attempt.half_close_hindrance
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by, snapshot.end.code) == (EndKind.FIN, EndedBy.US, 1006)


def test_a_close_of_the_peer_is_answered(peers: Peers, tabs: Tabs) -> None:
    answered: list[tuple[int, bytes]] = []

    async def leave(link: Link, inbox: Inbox, _request: bytes) -> None:
        link.write(encode_frame(CLOSE, (1001).to_bytes(2, "big") + b"going"))
        answered.append(await next_frame(inbox, bytearray()))

    snapshot = ended(tabs.connect(at(peers.upgraded(leave))))
    assert answered == [(CLOSE, (1001).to_bytes(2, "big"))]
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.CLOSE_FRAME, EndedBy.PEER)
    assert (snapshot.end.code, snapshot.end.reason) == (1001, "going")


def test_a_close_without_a_code_is_1005(peers: Peers, tabs: Tabs) -> None:
    async def leave(link: Link, inbox: Inbox, _request: bytes) -> None:
        link.write(encode_frame(CLOSE, b""))
        await next_frame(inbox, bytearray())

    snapshot = ended(tabs.connect(at(peers.upgraded(leave))))
    assert snapshot.end is not None
    assert snapshot.end.clean
    assert (snapshot.end.code, snapshot.end.received_code) == (1005, None)


def test_an_end_without_a_close_frame_is_1006(peers: Peers, tabs: Tabs) -> None:
    async def leave(link: Link, _inbox: Inbox, _request: bytes) -> None:
        link.write(HELLO)

    snapshot = ended(tabs.connect(at(peers.upgraded(leave))))
    assert snapshot.end is not None
    assert not snapshot.end.clean
    assert (snapshot.end.kind, snapshot.end.by, snapshot.end.code) == (EndKind.FIN, EndedBy.PEER, 1006)
    assert snapshot.end.silence >= 0.0
    assert snapshot.frames_in == 1


def test_a_reset(peers: Peers, tabs: Tabs) -> None:
    async def reset(link: Link, inbox: Inbox, _request: bytes) -> None:
        await next_frame(inbox, bytearray())
        link.abort()

    attempt = tabs.connect(at(peers.upgraded(reset)))
    until(attempt, lambda snapshot: snapshot.open)
    attempt.send_message("now")
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by, snapshot.end.code) == (EndKind.RST, EndedBy.PEER, 1006)


def test_half_a_frame_is_pending_and_then_cut_off(peers: Peers, tabs: Tabs) -> None:
    go = asyncio.Event()

    async def half(link: Link, _inbox: Inbox, _request: bytes) -> None:
        link.write(HELLO[:4])
        await go.wait()

    conversation = tabs.new(at(peers.upgraded(half)))
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = until(attempt, lambda snapshot: bool(snapshot.pending))
    assert (snapshot.pending[0].length, snapshot.pending[0].have) == (5, 2)
    assert snapshot.frames_in == 0
    peers.loop.call(go.set)
    snapshot = ended(attempt)
    assert snapshot.pending == ()
    assert snapshot.frames_in == 1
    reader = conversation.reader()
    assert reader is not None
    until(attempt, lambda snapshot: snapshot.frames == 1)
    assert reader.columns(attempt.attempt_id, 1, 1).anomalies[0] & FrameAnomaly.TRUNCATED


def test_tolerant_goes_on_after_a_fault_and_marks_it(peers: Peers, tabs: Tabs) -> None:
    async def faulty(link: Link, inbox: Inbox, _request: bytes) -> None:
        link.write(HELLO + UNMASKED_RULES + HELLO)
        await hold(link, inbox, b"")

    attempt = tabs.connect(at(peers.upgraded(faulty)))
    snapshot = until(attempt, lambda snapshot: snapshot.frames_in == 3)
    assert isinstance(snapshot.would_stop, Stop)
    assert (snapshot.would_stop.number, snapshot.would_stop.code) == (2, 1002)
    assert snapshot.stopped is None
    assert snapshot.faults == 1
    attempt.abort()
    snapshot = ended(attempt)
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by) == (EndKind.RST, EndedBy.US)


def test_conforming_fails_the_connection_and_answers_nothing_after(peers: Peers, tabs: Tabs) -> None:
    heard: list[tuple[int, bytes]] = []

    async def faulty(link: Link, inbox: Inbox, _request: bytes) -> None:
        link.write(UNMASKED_RULES + encode_frame(PING, b"?"))
        heard.append(await next_frame(inbox, kept := bytearray()))
        link.write(HELLO)
        link.end()
        with contextlib.suppress(EOFError):
            heard.append(await next_frame(inbox, kept))

    snapshot = ended(tabs.connect(at(peers.upgraded(faulty)), policy="conforming"))
    assert [(opcode, payload[:2]) for opcode, payload in heard] == [(CLOSE, (1002).to_bytes(2, "big"))]
    assert snapshot.stopped is not None
    assert (snapshot.stopped.number, snapshot.stopped.code) == (1, 1002)
    assert snapshot.end is not None
    assert (snapshot.end.kind, snapshot.end.by, snapshot.end.sent_code) == (EndKind.FAILED, EndedBy.US, 1002)
    assert snapshot.frames_in == 3


@pytest.mark.parametrize("policy", ["tolerant", "conforming", "watch"])
def test_a_wrong_accept_is_failed_whatever_the_policy(peers: Peers, tabs: Tabs, policy: str) -> None:
    async def wrong(link: Link) -> None:
        inbox = Inbox(link)
        link.write(switching(await inbox.read_until(b"\r\n\r\n"), accept=b"AAAA") + HELLO)
        await hold(link, inbox, b"")

    attempt = tabs.connect(at(peers.listen(wrong)), policy=policy)
    snapshot = until(attempt, lambda snapshot: snapshot.frames_in == 1)
    assert snapshot.outcome is Outcome.FAILED
    if policy == "conforming":
        snapshot = ended(attempt)
        assert snapshot.stopped is not None
        assert snapshot.stopped.number == 0
        assert snapshot.opened_at is None
        assert snapshot.frames_out == 0
        return
    assert snapshot.phase is Phase.OPEN
    assert snapshot.would_stop is not None
    assert snapshot.would_stop.number == 0
    attempt.abort()
    ended(attempt)


def test_watching_answers_nothing_until_told(peers: Peers, tabs: Tabs) -> None:
    heard: list[tuple[int, bytes]] = []

    async def ask(link: Link, inbox: Inbox, _request: bytes) -> None:
        link.write(encode_frame(PING, b"ask"))
        heard.append(await next_frame(inbox, bytearray()))

    attempt = tabs.connect(at(peers.upgraded(ask)), policy="watch")
    until(attempt, lambda snapshot: snapshot.frames_in == 1)
    attempt.pong(b"by hand")
    snapshot = ended(attempt)
    assert heard == [(PONG, b"by hand")]
    assert snapshot.frames_out == 1


def test_parts_of_a_policy_set_apart(peers: Peers, tabs: Tabs) -> None:
    heard: list[tuple[int, bytes]] = []

    async def ask(link: Link, inbox: Inbox, _request: bytes) -> None:
        link.write(encode_frame(PING, b"1") + encode_frame(CLOSE, b""))
        heard.append(await next_frame(inbox, kept := bytearray()))
        link.end()
        with pytest.raises(EOFError):
            await next_frame(inbox, kept)

    snapshot = ended(tabs.connect(at(peers.upgraded(ask)), answer_close=False))
    assert heard == [(PONG, b"1")]
    assert snapshot.end is not None
    assert (snapshot.end.sent_code, snapshot.end.clean, snapshot.end.code) == (None, False, 1005)


def test_echo(peers: Peers, tabs: Tabs) -> None:
    heard: list[tuple[int, bytes]] = []

    async def fragments(link: Link, inbox: Inbox, _request: bytes) -> None:
        link.write(encode_frame(TEXT, b"Hel", fin=False) + encode_frame(0, b"lo"))
        link.write(encode_frame(BINARY, b"\x00\x01"))
        kept = bytearray()
        heard.extend([await next_frame(inbox, kept), await next_frame(inbox, kept)])

    ended(tabs.connect(at(peers.upgraded(fragments)), echo=True))
    assert heard == [(TEXT, b"Hello"), (BINARY, b"\x00\x01")]


def test_nothing_is_echoed_or_said_once_the_closing_handshake_has_begun(peers: Peers, tabs: Tabs) -> None:
    heard: list[tuple[int, bytes]] = []
    said = threading.Event()

    async def go_on(link: Link, inbox: Inbox, _request: bytes) -> None:
        link.write(encode_frame(TEXT, b"before"))
        kept = bytearray()
        heard.extend([await next_frame(inbox, kept), await next_frame(inbox, kept)])
        link.write(encode_frame(TEXT, b"after"))
        await asyncio.to_thread(said.wait, SECONDS)
        link.write(encode_frame(CLOSE, b"\x03\xe8"))

    attempt = tabs.connect(at(peers.upgraded(go_on)), echo=True)
    until(attempt, lambda snapshot: snapshot.frames_out == 1)
    attempt.close()
    until(attempt, lambda snapshot: snapshot.frames_in == 2)
    attempt.say(TEXT, b"too late")
    until(attempt, lambda snapshot: snapshot.trouble == CLOSING)
    said.set()
    snapshot = ended(attempt)
    assert heard == [(TEXT, b"before"), (CLOSE, b"\x03\xe8")]
    assert snapshot.frames_out == 2
    assert snapshot.end is not None
    assert snapshot.end.clean


def test_keep_alive_pings_when_asked(peers: Peers, tabs: Tabs) -> None:
    async def answer(link: Link, inbox: Inbox, _request: bytes) -> None:
        kept = bytearray()
        for _ in range(2):
            opcode, payload = await next_frame(inbox, kept)
            assert opcode == PING
            link.write(encode_frame(PONG, payload))

    snapshot = ended(tabs.connect(at(peers.upgraded(answer)), ping_every=0.01))
    assert snapshot.round_trip_ms is not None
    assert snapshot.frames_in == 2


def test_frames_no_conforming_client_would_send(peers: Peers, tabs: Tabs) -> None:
    got: list[bytes] = []

    async def read(link: Link, inbox: Inbox, _request: bytes) -> None:
        data = b""
        while len(data) < 2 + 4 + 4:
            data += await inbox.read()
        got.append(data)

    attempt = tabs.connect(at(peers.upgraded(read)))
    until(attempt, lambda snapshot: snapshot.open)
    attempt.send_frame(0xB, b"", rsv=7, masked=False)
    attempt.send_frame(TEXT, b"", length_form=16, masked=False)
    attempt.send_bytes(b"\x89\x00\x8a\x00")
    snapshot = ended(attempt)
    assert got == [bytes.fromhex("fb00 817e0000 89008a00".replace(" ", ""))]
    assert snapshot.frames_out == 4
    assert snapshot.faults == 0


def test_what_cannot_be_sent_is_said(peers: Peers, tabs: Tabs) -> None:
    attempt = tabs.connect(at(peers.upgraded(hold)))
    until(attempt, lambda snapshot: snapshot.open)
    attempt.send_frame(TEXT, b"", declared=1 << 70)
    until(attempt, lambda snapshot: "does not fit" in snapshot.trouble)
    attempt.close(70_000)
    until(attempt, lambda snapshot: "16 bits" in snapshot.trouble)
    attempt.close(1000, "\ud800")
    attempt.send_message("fine")
    until(attempt, lambda snapshot: snapshot.trouble == "" and snapshot.frames_out == 1)
    attempt.abort()
    ended(attempt)
    attempt.send_message("late")
    assert attempt.snapshot.trouble == "Nothing was sent: the connection is not open."


def test_deflate_is_agreed_and_read(peers: Peers, tabs: Tabs) -> None:
    async def compressed(link: Link, _inbox: Inbox, _request: bytes) -> None:
        link.write(bytes.fromhex("c107f248cdc9c90700"))

    offer = b"permessage-deflate; client_max_window_bits"
    port = peers.upgraded(compressed, headers=b"Sec-WebSocket-Extensions: permessage-deflate\r\n")
    conversation = tabs.new(at(port))
    draft = conversation.draft
    conversation.set_draft(draft.insert(len(draft.lines), DraftLine(b"Sec-WebSocket-Extensions", offer)))
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = ended(attempt)
    assert snapshot.deflate
    assert snapshot.extensions == ("permessage-deflate",)
    assert snapshot.faults == 0
    assert snapshot.frames_in == 1


def test_windows_of_the_inflater_are_kept(peers: Peers, tabs: Tabs) -> None:
    noise = random.Random(7).randbytes(400_000)

    async def compressed(link: Link, _inbox: Inbox, _request: bytes) -> None:
        deflater = Deflater()
        for _ in range(4):
            link.write(encode_frame(BINARY, deflater.deflate(noise), rsv=4))
            await link.drained()

    port = peers.upgraded(compressed, headers=b"Sec-WebSocket-Extensions: permessage-deflate\r\n")
    conversation = tabs.new(at(port))
    draft = conversation.draft
    offer = DraftLine(b"Sec-WebSocket-Extensions", b"permessage-deflate")
    conversation.set_draft(draft.insert(len(draft.lines), offer))
    attempt = conversation.connect()
    assert attempt is not None
    snapshot = ended(attempt)
    assert (snapshot.frames_in, snapshot.faults) == (4, 0)
    until(attempt, lambda snapshot: snapshot.frames == 4)
    reader = conversation.reader()
    assert reader is not None
    found = reader.checkpoint_before(attempt.attempt_id, Direction.IN, 5)
    assert found is not None
    number, window = found
    assert number in (3, 4)
    assert window == noise[-32768:]


def test_a_peer_that_reads_no_pongs_is_not_read_either(peers: Peers, tabs: Tabs) -> None:
    """Its pings would else be answered into memory without end."""
    enough = asyncio.Event()
    pings = encode_frame(PING, bytes(125)) * 2048

    async def flood(link: Link, inbox: Inbox, _request: bytes) -> None:
        link.pause()
        while not enough.is_set():
            link.write(pings)
            # A client that has stopped reading lets nothing drain: this then waits for the test.
            waits = {asyncio.get_running_loop().create_task(one) for one in (link.drained(), enough.wait())}
            _, others = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for other in others:
                other.cancel()
        link.resume()
        while await inbox.read():
            pass

    attempt = tabs.connect(at(peers.upgraded(flood)))
    until(attempt, lambda snapshot: snapshot.held)
    peers.loop.call(enough.set)
    until(attempt, lambda snapshot: not snapshot.held)
    attempt.abort()
    ended(attempt)


def test_policy_and_pings_can_change_while_connected(peers: Peers, tabs: Tabs) -> None:
    heard: list[tuple[int, bytes]] = []

    async def ask(link: Link, inbox: Inbox, _request: bytes) -> None:
        link.write(encode_frame(PING, b"unanswered"))
        kept = bytearray()
        heard.append(await next_frame(inbox, kept))
        link.write(encode_frame(PING, b"answered"))
        while (got := await next_frame(inbox, kept))[0] != PONG:
            heard.append(got)
        heard.append(got)

    conversation = tabs.new(at(peers.upgraded(ask)), policy="watch")
    attempt = conversation.connect()
    assert attempt is not None
    until(attempt, lambda snapshot: snapshot.frames_in == 1)
    conversation.set_options(dataclasses.replace(conversation.options, policy="tolerant", ping_every=0.01))
    snapshot = ended(attempt)
    assert heard[0][0] == PING
    assert heard[-1] == (PONG, b"answered")
    assert snapshot.policy == "tolerant"
    assert attempt.options.ping_every == 0.01


def test_the_silence_before_the_end_is_counted_from_the_last_byte(peers: Peers, tabs: Tabs) -> None:
    async def leave(link: Link, _inbox: Inbox, _request: bytes) -> None:
        link.write(HELLO)

    snapshot = ended(tabs.connect(at(peers.upgraded(leave))))
    assert snapshot.end is not None
    assert snapshot.last_byte_at is not None
    assert snapshot.opened_at is not None
    assert snapshot.end.silence == (snapshot.end.at - snapshot.last_byte_at) / 1e9
    assert snapshot.end.age == (snapshot.end.at - snapshot.opened_at) / 1e9
