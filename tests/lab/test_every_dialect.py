"""The lab as every dialect's server, spoken to with the bytes that clients of the time sent."""

import asyncio
import re

import pytest

from tests.lab.old_clients import (
    HIXIE_75,
    HIXIE_76,
    HYBI_01,
    HYBI_04,
    HYBI_05,
    HYBI_06,
    HYBI_08,
    HYBI_11,
    OLD_CLIENTS,
    PLAIN_04,
    OldClient,
    nonce_masked,
    whole_masked,
)
from tests.lab.wire import KEY, MASK, Wire, with_lab
from wsinspector.lab.scenarios import SCENARIOS
from wsinspector.lab.server import Lab
from wsinspector.protocol.deflate import Inflater
from wsinspector.protocol.dialects import DIALECTS
from wsinspector.protocol.frames import encode_frame

KNOWN = [client for client in OLD_CLIENTS if client.answer]
CUTS = (1, 3, 1000)


def ids(client: object) -> str | None:
    return client.dialect if isinstance(client, OldClient) else None


async def send_in_pieces(wire: Wire, data: bytes, size: int) -> None:
    for at in range(0, len(data), size):
        wire.send(data[at : at + size])
        await asyncio.sleep(0)


def test_every_dialect_has_a_client_here() -> None:
    assert [client.dialect for client in OLD_CLIENTS] == [dialect.name for dialect in DIALECTS]


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("client", KNOWN, ids=ids)
def test_the_answer_and_every_frame_byte_for_byte(client: OldClient, cut: int) -> None:
    async def talk(lab: Lab) -> list[bytes]:
        wire = await Wire.dial(lab, b"")
        await send_in_pieces(wire, client.request(), cut)
        got = [await wire.exactly(len(client.answer))]
        for sent, back in client.frames:
            await send_in_pieces(wire, sent, cut)
            got.append(await wire.exactly(len(back)))
        wire.finish()
        got.append(await wire.rest())
        await wire.hang_up()
        return got

    assert with_lab(talk) == [client.answer, *(back for _, back in client.frames), b""]


@pytest.mark.parametrize("client", KNOWN, ids=ids)
def test_frames_may_come_with_the_request(client: OldClient) -> None:
    sent, back = client.frames[0]

    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, client.request() + sent)
        got = await wire.exactly(len(client.answer) + len(back))
        await wire.hang_up()
        return got

    assert with_lab(talk) == client.answer + back


@pytest.mark.parametrize("client", [each for each in KNOWN if each is not HIXIE_75], ids=ids)
def test_the_server_ends_tcp_after_the_closing_frames(client: OldClient) -> None:
    sent, back = client.frames[-1]

    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, client.request() + sent)
        got = await wire.rest()
        await wire.hang_up()
        return got

    assert with_lab(talk) == client.answer + back


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("path", [b"/echo", b"/versions/hybi-01", b"/versions/hybi-01,hixie-76"])
def test_hybi_01_without_a_draft_number_is_told_by_its_frames(path: bytes, cut: int) -> None:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, HIXIE_76.request(path))
        await wire.head()
        assert await wire.exactly(16) == HIXIE_76.answer[-16:]
        for sent, _ in HYBI_01.frames:
            await send_in_pieces(wire, sent, cut)
        got = await wire.rest()
        await wire.hang_up()
        return got

    assert with_lab(talk) == b"".join(back for _, back in HYBI_01.frames)


@pytest.mark.parametrize("frame", ["040161", "0400", "02053132333435", "840161", "0100", "0103627965"])
def test_one_short_frame_of_hybi_01_is_enough(frame: str) -> None:
    sent = bytes.fromhex(frame)
    back = b"\x03" + sent[1:] if sent[0] == 2 else sent

    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, HIXIE_76.request() + sent)
        await wire.exactly(len(HIXIE_76.answer))
        got = await wire.exactly(len(back))
        await wire.hang_up()
        return got

    assert with_lab(talk) == back


def test_what_is_no_hybi_01_stays_hixie_where_that_alone_is_taken() -> None:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, HIXIE_76.request(b"/versions/hixie-76") + b"\x04\x05Hello\xff\x00hi\xff")
        await wire.head()
        got = await wire.exactly(16 + 4)
        await wire.hang_up()
        return got[16:]

    assert with_lab(talk) == b"\x00hi\xff"


@pytest.mark.parametrize("cut", CUTS)
def test_hybi_04_masks_with_both_nonces(cut: int) -> None:
    async def talk(lab: Lab) -> tuple[bytes, bytes]:
        wire = await Wire.dial(lab, HYBI_04.request())
        head = await wire.head()
        named = re.search(rb"\r\nSec-WebSocket-Nonce: (\S{22}==)\r\n", head)
        assert named is not None
        for plain, _ in PLAIN_04:
            # Two frames in one example: each is masked for itself.
            for one in (plain,) if plain[:2] != "04" else (plain[:10], plain[10:]):
                await send_in_pieces(wire, nonce_masked(one, named[1]), cut)
        got = await wire.rest()
        await wire.hang_up()
        return head, got

    head, got = with_lab(talk)
    assert head.startswith(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Nonce: "
    )
    assert got.hex() == "".join(back for _, back in PLAIN_04)


def test_the_eight_bytes_may_be_announced_with_content_length() -> None:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, HIXIE_76.request(b"/echo", b"Content-Length: 8"))
        got = await wire.exactly(len(HIXIE_76.answer))
        await wire.hang_up()
        return got

    assert with_lab(talk) == HIXIE_76.answer


def refused(data: bytes) -> bytes:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, data)
        wire.finish()
        got = await wire.rest()
        await wire.hang_up()
        return got

    return with_lab(talk)


@pytest.mark.parametrize(
    ("client", "old", "new", "words"),
    [
        (HIXIE_75, b"Origin: http://example.com\r\n", b"", b"There is no Origin."),
        (HIXIE_76, b"Origin: http://example.com\r\n", b"", b"There is no Origin."),
        (HIXIE_76, b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\n", b"", b"There is no Sec-WebSocket-Key2."),
        (HIXIE_76, b"4 @1  46546xW%0l 1 5", b"4146546015", b"Sec-WebSocket-Key1: "),
        (HIXIE_76, b"^n:ds[4U", b"^n:ds", b"5 of the 8 bytes behind the head are there."),
        (HYBI_04, b"Connection: Upgrade", b"Connection: keep-alive, Upgrade", b"Connection holds more"),
        (HYBI_05, b"Sec-WebSocket-Key: " + KEY + b"\r\n", b"", b"There is no Sec-WebSocket-Key."),
        (HYBI_05, KEY, b"c2hvcnQ=", b"Sec-WebSocket-Key is not 16 bytes in base64."),
        (HYBI_11, b"Origin:", b"Sec-WebSocket-Protocol: a, a\r\nOrigin:", b"A subprotocol is offered twice."),
    ],
)
def test_what_a_server_of_the_time_must_refuse_gets_400_and_the_reason(
    client: OldClient, old: bytes, new: bytes, words: bytes
) -> None:
    data = client.request()
    assert data.count(old) == 1
    answer = refused(data.replace(old, new))
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert words in answer.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("client", OLD_CLIENTS, ids=ids)
def test_each_dialect_can_be_the_only_one_that_is_taken(client: OldClient) -> None:
    first = {name: refused(each.request(b"/versions/" + client.dialect.encode())) for name, each in _named()}
    opened = {name for name, answer in first.items() if answer.startswith(b"HTTP/1.1 101 ")}
    # Without a draft number, hybi-01 asks as hixie-76 does.
    assert opened == ({client.dialect} if client is not HYBI_01 else {"hixie-76", "hybi-01"})


def _named() -> list[tuple[str, OldClient]]:
    return [(client.dialect, client) for client in OLD_CLIENTS]


@pytest.mark.parametrize("client", [HYBI_08, HYBI_11], ids=ids)
def test_deflate_frame_is_agreed_and_each_frame_comes_back_compressed(client: OldClient) -> None:
    line = b"Sec-WebSocket-Extensions: x-webkit-deflate-frame; no_context_takeover"
    hello = encode_frame(1, bytes.fromhex("f248cdc9c90700"), rsv=4, key=MASK)

    async def talk(lab: Lab) -> tuple[bytes, bytes]:
        wire = await Wire.dial(lab, client.request(b"/echo", line) + 2 * hello)
        head = await wire.head()
        back = await wire.exactly(18)
        await wire.hang_up()
        return head, back

    head, back = with_lab(talk)
    assert b"\r\nSec-WebSocket-Extensions: x-webkit-deflate-frame; no_context_takeover\r\n" in head
    assert back == 2 * bytes.fromhex("c107f248cdc9c90700")


def test_the_chat_inflates_and_deflates_each_frame() -> None:
    line = b"Sec-WebSocket-Extensions: deflate-frame"
    hello = encode_frame(1, bytes.fromhex("f248cdc9c90700"), rsv=4, key=MASK)

    async def talk(lab: Lab) -> list[bytes]:
        wire = await Wire.dial(lab, HYBI_11.request(b"/chat?count=0", line) + hello)
        head = await wire.head()
        assert b"\r\nSec-WebSocket-Extensions: deflate-frame\r\n" in head
        inflater = Inflater()
        texts: list[bytes] = []
        while not texts:
            frame, payload = await wire.read_frame()
            if frame.first == 0xC1:
                texts.append(b"".join(inflater.pieces(payload, final=True)))
        await wire.hang_up()
        return texts

    assert with_lab(talk) == [b'{"event":"said","room":"blue","from":"you","text":"Hello"}']


@pytest.mark.parametrize("client", OLD_CLIENTS, ids=ids)
def test_every_scenario_comes_to_its_end_in_the_dialect(client: OldClient) -> None:
    """No task of the lab dies, and whatever opens says something in the dialect or nothing."""

    async def one(lab: Lab, path: str) -> tuple[str, bytes]:
        query = b"?every=0&seconds=0&count=2&room=%ff"
        wire = await Wire.dial(lab, client.request(path.encode() + query))
        for sent, _ in client.frames[:-1]:
            wire.send(sent)
        wire.finish()
        try:
            async with asyncio.timeout(30):
                got = await wire.rest()
        except ConnectionError:
            got = b""
        await wire.hang_up()
        return path, got

    async def talk(lab: Lab) -> dict[str, bytes]:
        return dict(await asyncio.gather(*(one(lab, scenario.path) for scenario in SCENARIOS)))

    answers = with_lab(talk)
    for path in ("/echo", "/chat", "/binary", "/pings", "/fragments", "/masked", "/idle", "/early-hints"):
        assert b" 101 " in answers[path], path
    for path in ("/silence", "/close", "/reset"):
        assert answers[path] == b"", path


_EURO, _TAIL = "9,90 €".encode()[:-2], "€".encode()[-2:]
_GREEK = "κόσμ".encode()
SAID: dict[str, dict[str, bytes]] = {
    "hixie": {
        "/fragments": b"\x00Hello\xff\x00" + "9,90 €".encode() + b"\xff\x00iVBORw0KGgo",
        "/binary": b"\x00\xff\x00AA==\xff\x00AAEC",
        "/reserved-opcode": bytes.fromhex("0b010203ff"),
        "/bad-utf8": b"\x00" + _GREEK + b"\xce and more\xff",
        "/frame-2-63": b"\x80\x81" + b"\x80" * 8 + b"\x00byte block 0\n",
        "/masked": b"\x00Hello\xff",
    },
    "more": {
        "/fragments": b"\x84\x03Hel\x00\x02lo\x84\x06"
        + _EURO
        + b"\x02\x07between\x80\x00\x00\x02"
        + _TAIL
        + b"\x85\x7e\x01\x00\x89PNG",
        "/binary": b"\x05\x00\x05\x01\x00\x05\x7d\x00\x01\x02",
        "/pings": b"\x02\x05lab 1\x02\x05lab 2",
        "/reserved-opcode": bytes.fromhex("0b03010203"),
        "/bad-utf8": b"\x84\x08" + _GREEK + b"\x00\x0b\xce\xff and more",
        "/frame-2-63": bytes.fromhex("057f8000000000000000") + b"byte block 0\n",
        "/forbidden-close-code": b"\x01\x00",
        "/masked": b"\x04\x05Hello",
    },
    "whole": {
        "/fragments": b"\x04\x03Hel\x80\x02lo\x04\x06"
        + _EURO
        + b"\x82\x07between\x00\x00\x80\x02"
        + _TAIL
        + b"\x05\x7e\x01\x00\x89PNG",
        "/binary": b"\x85\x00\x85\x01\x00\x85\x7d\x00\x01\x02",
        "/pings": b"\x82\x05lab 1\x82\x05lab 2",
        "/reserved-opcode": bytes.fromhex("8b03010203"),
        "/bad-utf8": b"\x04\x08" + _GREEK + b"\x80\x0b\xce\xff and more",
        "/frame-2-63": bytes.fromhex("857f8000000000000000") + b"byte block 0\n",
    },
}
FAMILY = {
    "hixie-75": "hixie", "hixie-76": "hixie", "hybi-01": "more", "hybi-02": "more", "hybi-03": "more",
    "hybi-04": "whole", "hybi-05": "whole", "hybi-06": "whole",
}  # fmt: skip
SPOKEN = [
    (client, path, said)
    for client in OLD_CLIENTS
    if client.dialect in FAMILY
    for path, said in SAID[FAMILY[client.dialect]].items()
]


def after_the_answer(client: OldClient, path: str, count: int) -> tuple[bytes, bytes]:
    """The head of the answer and ``count`` bytes that follow it."""

    async def talk(lab: Lab) -> tuple[bytes, bytes]:
        wire = await Wire.dial(lab, client.request(path.encode()))
        head = await wire.head()
        got = await wire.exactly(count)
        await wire.hang_up()
        return head, got

    return with_lab(talk)


@pytest.mark.parametrize(("client", "path", "said"), SPOKEN, ids=ids)
def test_what_the_lab_says_by_itself_byte_for_byte(client: OldClient, path: str, said: bytes) -> None:
    digest = client.answer.partition(b"\r\n\r\n")[2]
    query = "?every=0" if path == "/pings" else ""
    _, got = after_the_answer(client, path + query, len(digest + said))
    assert got == digest + said


@pytest.mark.parametrize(
    ("client", "frame"),
    [
        (HYBI_05, whole_masked("840548656c6c6f")),
        (HYBI_06, whole_masked("840548656c6c6f")),
        (HYBI_08, bytes.fromhex("818537fa213d7f9f4d5158")),
    ],
    ids=ids,
)
def test_a_masked_frame_of_the_server(client: OldClient, frame: bytes) -> None:
    assert after_the_answer(client, "/masked", len(frame))[1] == frame


def test_the_wrong_digest_is_that_of_another_client() -> None:
    head, digest = after_the_answer(HIXIE_76, "/wrong-accept", 16)
    assert head.startswith(b"HTTP/1.1 101 ")
    assert digest == b"fQJ,fN/4F4!~K~MH"


def test_the_wrong_digest_is_wrong_for_the_example_keys_too() -> None:
    lines = (
        b"Upgrade: WebSocket",
        b"Connection: Upgrade",
        b"Origin: http://example.com",
        b"Sec-WebSocket-Key1: 18x 6]8vM;54 *(5:  {   U1]8  z [  8",
        b"Sec-WebSocket-Key2: 1_ tx7X d  <  nw  334J702) 7]o}` 0",
    )
    client = OldClient("hixie-76", lines, b"Tm[K T2u", b"", ())
    assert after_the_answer(client, "/echo", 16)[1] == b"fQJ,fN/4F4!~K~MH"
    assert after_the_answer(client, "/wrong-accept", 16)[1] == b"8jKS'y:G*Co,Wxa-"


def test_without_the_digest_frames_follow_at_once() -> None:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, HIXIE_76.request(b"/no-accept") + b"\x00hi\xff\xff\x00")
        await wire.head()
        got = await wire.rest()
        await wire.hang_up()
        return got

    assert with_lab(talk) == b"\x00hi\xff\xff\x00"


def test_what_hixie_has_no_meaning_for_is_discarded_and_the_echo_goes_on() -> None:
    async def talk(lab: Lab) -> bytes:
        odd = b"\x05typed\xff" + b"\x80\x03abc" + b"\xff\x02no"
        wire = await Wire.dial(lab, HIXIE_76.request() + odd + b"\x00hi\xff\xff\x00")
        await wire.exactly(len(HIXIE_76.answer))
        got = await wire.rest()
        await wire.hang_up()
        return got

    assert with_lab(talk) == b"\x00hi\xff\xff\x00"


@pytest.mark.parametrize(
    ("client", "hello"),
    [
        (HIXIE_75, b"\x00hello\xff"),
        (HIXIE_76, b"\x05odd\xff\x00hello\xff"),
        (HYBI_05, whole_masked("840568656c6c6f")),
    ],
    ids=ids,
)
def test_the_chat_answers_what_is_said(client: OldClient, hello: bytes) -> None:
    said = b'{"event":"said","room":"blue","from":"you","text":"hello"}'

    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, client.request(b"/chat?count=0") + hello)
        got = b""
        while said not in got:
            got += await wire.exactly(1)
        await wire.hang_up()
        return got

    assert with_lab(talk).count(said) == 1
