"""Crafted frames over open connections: what arrives, what is kept, pauses, cancelling, every policy."""

import hashlib
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conversation.catching import Net, net, request
from tests.conversation.conftest import SECONDS, Peers, Tabs, ended, until
from tests.conversation.test_by_hand import BY_HAND, opened
from tests.conversation.test_frames import at, next_frame
from wsinspector.conversation.attempt import Attempt
from wsinspector.conversation.crafting import CraftSending, SendingState
from wsinspector.conversation.engine import Engine
from wsinspector.conversation.snapshot import Phase
from wsinspector.live.inbox import Inbox
from wsinspector.live.transport import Link
from wsinspector.protocol.crafting import Must, Standing, craft_from_plain, judge, plan_of
from wsinspector.protocol.draft import DraftLine
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.opcodes import CLOSE, PING, PONG, TEXT
from wsinspector.protocol.spans import Role

DEFLATE = b"Sec-WebSocket-Extensions: permessage-deflate\r\n"


class Collecting:
    """A peer that opens properly and keeps what comes."""

    def __init__(self, peers: Peers, *, headers: bytes = b"", most: int = 1 << 30) -> None:
        self.got = bytearray()
        self.first = threading.Event()
        self.enough = threading.Event()
        self.most = most

        async def talk(link: Link, inbox: Inbox, _request: bytes) -> None:
            while piece := await inbox.read():
                self.got += piece
                self.first.set()
                if len(self.got) >= self.most:
                    self.enough.set()

        self.port = peers.upgraded(talk, headers=headers)


def connected(tabs: Tabs, port: int, **options: Any) -> Attempt:
    attempt = tabs.connect(at(port), **options)
    until(attempt, lambda snapshot: snapshot.phase is Phase.OPEN)
    return attempt


@pytest.mark.parametrize("policy", ["conforming", "tolerant", "watch"])
def test_the_bytes_that_were_planned_arrive_and_are_kept(policy: str, peers: Peers, tabs: Tabs) -> None:
    peer = Collecting(peers, most=9 + 6 + 2)
    attempt = connected(tabs, peer.port, policy=policy)
    craft = craft_from_plain(
        {
            "frames": [
                {"text": "Hel", "fin": False, "mask": "37fa213d"},
                {"opcode": 11, "rsv2": True, "mask": "zero"},
                {"raw": "8000"},
            ],
            "write": {"size": 1},
        }
    )
    progress = attempt.craft(craft).wait(SECONDS)
    assert (progress.state, progress.sent, progress.total, progress.trouble) == (
        SendingState.SENT,
        17,
        17,
        "",
    )
    assert peer.enough.wait(SECONDS)
    assert peer.got.hex() == "018337fa213d7f9f4d" + "ab8000000000" + "8000"
    until(attempt, lambda snapshot: snapshot.frames_out == 3)
    attempt.abort()
    ended(attempt)


def test_a_plan_leaves_as_it_was_shown(peers: Peers, tabs: Tabs) -> None:
    peer = Collecting(peers, most=11)
    attempt = connected(tabs, peer.port)
    plan = plan_of(craft_from_plain({"text": "Hello"}), sender=Role.CLIENT, keys=lambda: b"\x01\x02\x03\x04")
    assert attempt.send_plan(plan).wait(SECONDS).state is SendingState.SENT
    assert peer.enough.wait(SECONDS)
    assert bytes(peer.got) == plan.read(0, plan.size)
    attempt.abort()


def test_fresh_keys_are_drawn_for_each(peers: Peers, tabs: Tabs) -> None:
    peer = Collecting(peers, most=12)
    attempt = connected(tabs, peer.port)
    attempt.craft(craft_from_plain([{"opcode": 9}, {"opcode": 9}])).wait(SECONDS)
    assert peer.enough.wait(SECONDS)
    assert peer.got[2:6] != peer.got[8:12]
    attempt.abort()


def test_an_answer_waits_for_the_border_between_two_frames(peers: Peers, tabs: Tabs) -> None:
    """A pong in the midst of a dribbled frame would be read as its payload."""
    got: list[tuple[int, bytes]] = []
    over = threading.Event()

    async def talk(link: Link, inbox: Inbox, _request: bytes) -> None:
        kept = bytearray(await inbox.read())
        link.write(encode_frame(PING, b"are you there"))
        while len(got) < 3:
            got.append(await next_frame(inbox, kept))
        over.set()
        while await inbox.read():
            pass

    attempt = connected(tabs, peers.upgraded(talk))
    dribble = {
        "frames": [{"text": "Hello"}, {"text": "again"}],
        "write": {"chunks": [3, 4], "delays": [0.0, 0.2, 0.2]},
    }
    sending = attempt.craft(craft_from_plain(dribble))
    assert over.wait(SECONDS)
    assert sending.wait(SECONDS).state is SendingState.SENT
    assert sorted(got) == [(TEXT, b"Hello"), (TEXT, b"again"), (PONG, b"are you there")]
    attempt.abort()


def test_two_crafts_do_not_mix(peers: Peers, tabs: Tabs) -> None:
    peer = Collecting(peers, most=22)
    attempt = connected(tabs, peer.port)
    frame = {"mask": "zero", "write": {"size": 1}}
    first = attempt.craft(craft_from_plain({**frame, "text": "Hello"}))
    second = attempt.craft(craft_from_plain({**frame, "text": "World"}))
    assert second.wait(SECONDS).state is SendingState.SENT
    assert first.over
    assert peer.enough.wait(SECONDS)
    assert peer.got.hex() == "818500000000" + b"Hello".hex() + "818500000000" + b"World".hex()
    attempt.abort()


def test_a_connection_that_was_failed_takes_no_more(peers: Peers, tabs: Tabs) -> None:
    async def talk(link: Link, inbox: Inbox, _request: bytes) -> None:
        await inbox.read()
        link.write(encode_frame(3, b"?"))
        await inbox.read()

    attempt = connected(tabs, peers.upgraded(talk), policy="conforming")
    dribble = {"text": "Hello", "write": {"size": 1, "delays": [0, 0.2, 3600]}}
    sending = attempt.craft(craft_from_plain(dribble))
    stopped = until(attempt, lambda snapshot: snapshot.stopped is not None).stopped
    assert stopped is not None
    assert stopped.code == 1002
    progress = sending.wait(SECONDS)
    assert progress.state is SendingState.FAILED
    assert progress.sent < 11
    ended(attempt)


def test_a_long_pause_is_cancelled(peers: Peers, tabs: Tabs) -> None:
    peer = Collecting(peers)
    attempt = connected(tabs, peer.port)
    ends: queue.Queue[CraftSending] = queue.Queue()
    craft = craft_from_plain({"text": "Hello", "write": {"size": 1, "delay": 3600}})
    sending = attempt.craft(craft, on_end=ends.put)
    assert peer.first.wait(SECONDS)
    sending.cancel()
    progress = sending.wait(SECONDS)
    assert (progress.state, progress.sent, progress.total) == (SendingState.CANCELLED, 1, 11)
    assert ends.get(timeout=SECONDS) is sending
    attempt.abort()
    ended(attempt)
    assert len(peer.got) == 1


def test_the_end_of_the_connection_ends_a_pause(peers: Peers, tabs: Tabs) -> None:
    peer = Collecting(peers)
    attempt = connected(tabs, peer.port)
    sending = attempt.craft(craft_from_plain({"text": "Hello", "write": {"size": 1, "delay": 3600}}))
    assert peer.first.wait(SECONDS)
    attempt.abort()
    progress = sending.wait(SECONDS)
    assert (progress.state, progress.sent) == (SendingState.FAILED, 1)
    assert progress.trouble == "Nothing was sent: the connection is not open."


def test_what_cannot_be_planned_is_told(peers: Peers, tabs: Tabs) -> None:
    peer = Collecting(peers)
    attempt = connected(tabs, peer.port)
    progress = attempt.craft(craft_from_plain({"text": "x", "length": 300, "form": 7})).wait(SECONDS)
    assert (progress.state, progress.sent) == (SendingState.FAILED, 0)
    assert "does not fit the 7-bit form" in progress.trouble
    assert attempt.snapshot.trouble == progress.trouble
    attempt.abort()
    ended(attempt)
    assert attempt.craft(craft_from_plain({"text": "x"})).wait(0).state is SendingState.FAILED


def test_a_crafted_close_is_a_close(peers: Peers, tabs: Tabs) -> None:
    async def talk(link: Link, inbox: Inbox, _request: bytes) -> None:
        kept = bytearray()
        opcode, payload = await next_frame(inbox, kept)
        link.write(encode_frame(opcode, payload))

    attempt = connected(tabs, peers.upgraded(talk))
    attempt.craft(craft_from_plain({"opcode": "close", "code": 4001, "reason": "so", "write": {"size": 1}}))
    end = ended(attempt).end
    assert end is not None
    assert (end.clean, end.sent_code, end.received_code) == (True, 4001, 4001)


def test_a_compressed_message_uses_the_context_of_the_connection(peers: Peers, tabs: Tabs) -> None:
    peer = Collecting(peers, headers=DEFLATE, most=6 + 7 + 6 + 5)
    conversation = tabs.new(at(peer.port))
    draft = conversation.draft
    line = DraftLine(b"Sec-WebSocket-Extensions", b"permessage-deflate")
    conversation.set_draft(draft.insert(len(draft.lines), line))
    made = conversation.connect()
    assert made is not None
    until(made, lambda snapshot: snapshot.phase is Phase.OPEN)
    hello = craft_from_plain({"text": "Hello", "compression": "yes", "mask": "zero"})
    made.craft(hello).wait(SECONDS)
    made.craft(hello).wait(SECONDS)
    assert peer.enough.wait(SECONDS)
    assert peer.got.hex() == "c18700000000f248cdc9c90700" + "c18500000000f200110000"
    made.abort()


def test_what_the_next_bytes_follow_is_known(peers: Peers, tabs: Tabs) -> None:
    peer = Collecting(peers, most=7)
    attempt = connected(tabs, peer.port)
    assert _standing(attempt) == Standing()
    attempt.craft(craft_from_plain({"text": "a", "fin": False})).wait(SECONDS)
    standing = _standing(attempt)
    assert standing == Standing(message=TEXT)
    rest = plan_of(craft_from_plain({"opcode": 0}), sender=Role.CLIENT, keys=lambda: b"abcd")
    assert [line.must for line in judge(rest, standing).lines] == [Must.DELIVER]
    attempt.send_bytes(b"\x80")
    assert _standing(attempt) == Standing(message=TEXT, begun=b"\x80")
    attempt.send_bytes(b"\x84abcd\x00")
    assert _standing(attempt).owed == 3
    attempt.abort()


def _standing(attempt: Attempt) -> Standing:
    told: queue.Queue[Standing] = queue.Queue()
    attempt.ask_standing(told.put)
    return told.get(timeout=SECONDS)


def test_a_large_generated_payload_is_streamed_and_kept(peers: Peers, tabs: Tabs) -> None:
    size = 24 << 20
    peer = Collecting(peers, most=14 + size)
    attempt = connected(tabs, peer.port)
    craft = craft_from_plain({"opcode": "binary", "random": 3, "size": size, "mask": "zero"})
    progress = attempt.craft(craft).wait(60)
    assert (progress.state, progress.sent) == (SendingState.SENT, size + 14)
    assert peer.enough.wait(SECONDS)
    plan = plan_of(craft, sender=Role.CLIENT, keys=lambda: bytes(4))
    expected = hashlib.sha256()
    for chunk in plan.chunks():
        expected.update(chunk.data)
    assert hashlib.sha256(peer.got).digest() == expected.digest()
    until(attempt, lambda snapshot: snapshot.bytes_out > size and snapshot.frames == 1)
    attempt.abort()


# -- as the server


@pytest.fixture
def lab(engine: Engine, tmp_path: Path) -> Iterator[Net]:
    yield from net(engine, tmp_path)


def test_a_client_answered_by_hand_gets_crafted_frames(lab: Net) -> None:
    client = lab.client(request(BY_HAND))
    attempt = opened(lab, client)
    craft = craft_from_plain([{"text": "Hello"}, {"opcode": "close", "code": 1000}])
    assert attempt.craft(craft).wait(SECONDS).state is SendingState.SENT
    assert client.read(11) == bytes.fromhex("810548656c6c6f" + "880203e8")
    until(attempt, lambda snapshot: snapshot.phase is Phase.CLOSING)
    client.send(encode_frame(CLOSE, b"\x03\xe8", key=bytes(4)))
    client.end()
    end = ended(attempt).end
    assert end is not None
    assert (end.sent_code, end.received_code) == (1000, 1000)
