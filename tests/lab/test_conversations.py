"""The lab's open scenarios, spoken to with plain bytes."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.wire import MASK, Wire, request, with_lab
from wsinspector.lab import content
from wsinspector.lab.extensions import echo_extension
from wsinspector.lab.server import Lab
from wsinspector.protocol.deflate import Deflater, Inflater
from wsinspector.protocol.frames import FrameHead, encode_frame
from wsinspector.protocol.opcodes import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT

Sent = list[tuple[int, bytes, bool]]


def echoed(frames: Sent, path: str = "/echo") -> bytes:
    """Send ``frames``, then Close 1000; everything that comes back until the lab ends."""

    async def talk(lab: Lab) -> bytes:
        wire = await Wire.open(lab, path)
        for opcode, payload, fin in frames:
            wire.frame(opcode, payload, fin=fin)
        wire.frame(CLOSE, b"\x03\xe8")
        back = await wire.rest()
        await wire.hang_up()
        return back

    return with_lab(talk)


@pytest.mark.parametrize("size", [*content.EDGES, 124, 1024, 1 << 20, (1 << 20) + 1])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_echo_of_every_payload_size(size: int, opcode: int) -> None:
    payload = b"x" * size if opcode == TEXT else content.pattern(size)
    assert echoed([(opcode, payload, True)]) == encode_frame(opcode, payload) + b"\x88\x02\x03\xe8"


@given(
    messages=st.lists(
        st.tuples(
            st.sampled_from([TEXT, BINARY]),
            st.lists(st.text(max_size=40).map(str.encode), min_size=1, max_size=5),
            st.booleans(),
        ),
        max_size=6,
    ),
    cut=st.integers(1, 200),
)
@settings(max_examples=25, deadline=None)
def test_echo_keeps_every_fragmentation_and_answers_pings_between(
    messages: list[tuple[int, list[bytes], bool]], cut: int
) -> None:
    out, expected = b"", b""
    for opcode, pieces, ping in messages:
        for number, piece in enumerate(pieces):
            kind = CONTINUATION if number else opcode
            fin = number == len(pieces) - 1
            out += encode_frame(kind, piece, fin=fin, key=MASK)
            expected += encode_frame(kind, piece, fin=fin)
            if ping:
                out += encode_frame(PING, b"p%d" % number, key=MASK)
                expected += encode_frame(PONG, b"p%d" % number)

    async def talk(lab: Lab) -> bytes:
        wire = await Wire.open(lab, "/echo")
        for at in range(0, len(out), cut):
            wire.send(out[at : at + cut])
        wire.frame(CLOSE, b"")
        back = await wire.rest()
        await wire.hang_up()
        return back

    assert with_lab(talk) == expected + b"\x88\x00"


def test_frames_sent_with_the_request_are_echoed() -> None:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, request("/echo") + encode_frame(TEXT, b"early", key=MASK))
        await wire.head()
        back = await wire.exactly(7)
        await wire.hang_up()
        return back

    assert with_lab(talk) == b"\x81\x05early"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (encode_frame(TEXT, b"Hello"), 1002),  # §5.1 not masked
        (encode_frame(0x3, b"", key=MASK), 1002),  # §5.2 reserved opcode
        (encode_frame(TEXT, b"", rsv=4, key=MASK), 1002),  # §5.2 nothing agreed
        (encode_frame(CONTINUATION, b"", key=MASK), 1002),  # §5.4 stray
        (encode_frame(PING, b"", fin=False, key=MASK), 1002),  # §5.5 fragmented control
        (encode_frame(BINARY, b"", declared=1 << 63, key=MASK), 1002),  # §5.2 top bit
        (encode_frame(BINARY, b"", declared=1 << 40, key=MASK), 1009),  # more than the lab takes
        (encode_frame(TEXT, b"\xff", key=MASK), 1007),  # §8.1
        (encode_frame(TEXT, b"ok \xce", fin=False, key=MASK) + encode_frame(0, b"\xff", key=MASK), 1007),
        (encode_frame(CLOSE, b"\x03\xed", key=MASK), 1002),  # §7.4.1: 1005 never travels
    ],
)
def test_the_echo_fails_as_a_conforming_server_does(frame: bytes, code: int) -> None:
    async def talk(lab: Lab) -> tuple[bytes, bytes]:
        wire = await Wire.open(lab, "/echo")
        wire.send(frame)
        wire.frame(TEXT, b"never answered")
        back = await wire.rest()
        await wire.hang_up()
        return back, b"never answered"

    back, unanswered = with_lab(talk)
    assert unanswered not in back
    at = back.rindex(b"\x88")
    assert int.from_bytes(back[at + 2 : at + 4], "big") == code


def test_section_7_1_1_the_server_ends_tcp_after_the_closing_handshake() -> None:
    assert echoed([]) == b"\x88\x02\x03\xe8"
    assert echoed([(CLOSE, b"\x0f\xa0bye", True)]) == b"\x88\x02\x0f\xa0"


def test_deflate_is_agreed_and_compressed_messages_come_back_as_they_came() -> None:
    line = b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
    deflater, inflater = Deflater(), Inflater()
    texts = [b"Hello", b"Hello", b"Hello again " * 40]
    wires = [deflater.deflate(text) for text in texts]

    async def talk(lab: Lab) -> list[tuple[FrameHead, bytes]]:
        wire = await Wire.dial(lab, request("/echo", line))
        assert b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n" in await wire.head()
        for data in wires:
            wire.frame(TEXT, data[:3], fin=False, rsv=4)
            wire.frame(CONTINUATION, data[3:])
        back = [await wire.read_frame() for _ in range(6)]
        await wire.hang_up()
        return back

    back = with_lab(talk)
    assert [head.first for head, _ in back] == [0x41, 0x80] * 3
    for number, text in enumerate(texts):
        data = back[2 * number][1] + back[2 * number + 1][1]
        assert data == wires[number]
        assert b"".join(inflater.pieces(data, final=True)) == text
        inflater.end_message()


@pytest.mark.parametrize(
    ("offer", "answer"),
    [
        (b"permessage-deflate", b"permessage-deflate"),
        (b"permessage-deflate; server_max_window_bits=10", None),
        (
            b"permessage-deflate; server_no_context_takeover",
            b"permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        ),
        (b"permessage-deflate; unknown", None),
    ],
)
def test_an_echo_agrees_only_to_windows_both_directions_can_share(offer: bytes, answer: bytes | None) -> None:
    found = echo_extension((offer,))
    assert found == answer


def test_the_first_subprotocol_offered_is_taken_by_the_echo() -> None:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, request("/echo", b"Sec-WebSocket-Protocol: b, a"))
        head = await wire.head()
        await wire.hang_up()
        return head

    assert b"\r\nSec-WebSocket-Protocol: b\r\n" in with_lab(talk)


def test_chat_sends_json_and_answers_what_is_said() -> None:
    async def talk(lab: Lab) -> tuple[bytes, list[tuple[FrameHead, bytes]]]:
        lines = (b"Sec-WebSocket-Protocol: other, chat.v1", b"Sec-WebSocket-Extensions: permessage-deflate")
        wire = await Wire.dial(lab, request("/chat?room=green&every=0&count=3", *lines))
        head = await wire.head()
        got: list[tuple[FrameHead, bytes]] = []
        while len([1 for one, _ in got if one.first == 0xC1]) < 3:
            got.append(await wire.read_frame())
        wire.frame(TEXT, b'{"say":"hello"}')
        got.append(await wire.read_frame())
        await wire.hang_up()
        return head, got

    head, got = with_lab(talk)
    assert b"\r\nSec-WebSocket-Protocol: chat.v1\r\n" in head
    assert b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n" in head
    pieces = [payload for one, payload in got if one.first in (0x01, 0x00, 0x80)]
    assert json.loads(b"".join(pieces))["event"] == "history"
    assert len(pieces) >= 3
    pictures = [payload for one, payload in got if one.first == 0x82]
    assert pictures[0].startswith(b"\x89PNG\r\n\x1a\n")
    inflater = Inflater()
    events: list[dict[str, Any]] = []
    for one, payload in got:
        if one.first == 0xC1:
            events.append(json.loads(b"".join(inflater.pieces(payload, final=True))))
            inflater.end_message()
    assert [event.get("seq") for event in events[:3]] == [1, 2, 3]
    assert events[3] == {"event": "said", "room": "green", "from": "you", "text": "hello"}


def test_binary_sends_every_edge_of_the_length_field() -> None:
    async def talk(lab: Lab) -> list[tuple[FrameHead, bytes]]:
        wire = await Wire.open(lab, "/binary")
        frames = [await wire.read_frame() for _ in content.EDGES]
        await wire.hang_up()
        return frames

    frames = with_lab(talk)
    assert [head.length for head, _ in frames] == list(content.EDGES)
    assert all(head.first == 0x82 and payload == content.pattern(head.length) for head, payload in frames)


def test_pings_count_and_the_echo_goes_on() -> None:
    async def talk(lab: Lab) -> list[bytes]:
        wire = await Wire.open(lab, "/pings?every=0&count=3")
        pings = [await wire.exactly(7) for _ in range(3)]
        wire.frame(TEXT, b"hi")
        pings.append(await wire.exactly(4))
        await wire.hang_up()
        return pings

    assert with_lab(talk) == [b"\x89\x05lab 1", b"\x89\x05lab 2", b"\x89\x05lab 3", b"\x81\x02hi"]


def test_fragments_begin_with_the_example_of_section_5_7_and_cut_a_character() -> None:
    expected = bytes.fromhex("010348656c") + bytes.fromhex("80026c6f")
    expected += b"\x01\x06" + "9,90 €".encode()[:-2]
    expected += b"\x89\x07between" + b"\x00\x00" + b"\x80\x02" + "€".encode()[-2:]

    async def talk(lab: Lab) -> bytes:
        wire = await Wire.open(lab, "/fragments")
        got = await wire.exactly(len(expected))
        await wire.hang_up()
        return got

    assert with_lab(talk) == expected


@pytest.mark.parametrize(
    ("path", "frames"),
    [
        ("/masked", bytes.fromhex("818537fa213d7f9f4d5158")),
        ("/reserved-opcode", bytes.fromhex("8b03010203")),
        ("/bad-utf8", b"\x01\x08" + "κόσμ".encode() + b"\x80\x0b\xce\xff and more"),
        ("/forbidden-close-code", bytes.fromhex("880203ed")),
        ("/frame-2-63", bytes.fromhex("827f8000000000000000") + b"byte block 0\n"),
    ],
)
def test_each_misbehaviour_sends_just_its_bytes(path: str, frames: bytes) -> None:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.open(lab, path)
        got = await wire.exactly(len(frames))
        await wire.hang_up()
        return got

    assert with_lab(talk) == frames


def test_section_5_5_1_after_its_close_the_lab_answers_no_data() -> None:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.open(lab, "/forbidden-close-code")
        await wire.exactly(4)
        wire.frame(TEXT, b"too late")
        wire.frame(CLOSE, b"\x03\xe8")
        rest = await wire.rest()
        await wire.hang_up()
        return rest

    assert with_lab(talk) == b""


def test_idle_ends_without_a_close_frame() -> None:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.open(lab, "/idle?seconds=0")
        rest = await wire.rest()
        await wire.hang_up()
        return rest

    assert with_lab(talk) == b""


@pytest.mark.parametrize(
    "query", ["every=x", "every=-1", "every=1e99", "every=nan", "count=inf", "every=%00"]
)
def test_a_query_that_is_no_number_means_the_default(query: str) -> None:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.open(lab, f"/pings?{query}")
        first = await wire.exactly(7)
        await wire.hang_up()
        return first

    assert with_lab(talk) == b"\x89\x05lab 1"


def test_a_client_that_vanishes_leaves_nothing_behind() -> None:
    async def talk(lab: Lab) -> None:
        for path in ("/chat?every=0", "/pings?every=0", "/frame-2-63?every=0", "/echo", "/slow-head"):
            wire = await Wire.dial(lab, request(path))
            await wire.exactly(1)
            await wire.hang_up()

    with_lab(talk)


def test_many_at_once() -> None:
    async def one(lab: Lab, number: int) -> bytes:
        wire = await Wire.open(lab, "/echo")
        wire.frame(BINARY, bytes((number,)) * 5000)
        _, payload = await wire.read_frame()
        await wire.hang_up()
        return payload

    async def talk(lab: Lab) -> list[bytes]:
        return await asyncio.gather(*(one(lab, number) for number in range(40)))

    assert with_lab(talk) == [bytes((number,)) * 5000 for number in range(40)]
