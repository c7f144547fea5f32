"""The lab's mirror: every byte of a request comes back, whatever it is."""

import base64
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.wire import Wire, request, with_lab
from wsinspector.lab.server import Lab
from wsinspector.protocol.http_reader import read_response
from wsinspector.protocol.mirroring import Mirrored, mirrored


def answers(*requests: bytes) -> list[bytes]:
    """What the lab answers to each, on a connection of its own, until it ends its side."""

    async def talk(lab: Lab) -> list[bytes]:
        found = []
        for data in requests:
            wire = await Wire.dial(lab, data)
            found.append(await wire.rest())
            await wire.hang_up()
        return found

    return with_lab(talk)


def test_the_answer_byte_for_byte() -> None:
    sent = request("/mirror")
    digest = base64.b64encode(hashlib.sha256(sent).digest())
    assert answers(sent) == [
        b"HTTP/1.1 200 OK\r\n"
        b"Connection: close\r\n"
        b"Content-Type: message/http\r\n"
        b"Content-Length: %d\r\n"
        b"Content-Digest: sha-256=:%s:\r\n"
        b"Cache-Control: no-store, no-transform\r\n"
        b"WSInspector-Mirror: request\r\n"
        b"Server: lab\r\n\r\n" % (len(sent), digest) + sent
    ]


HIXIE = (
    b"GET /mirror HTTP/1.1\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nHost: example.com\r\n"
    b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\n\r\n"
)


@pytest.mark.parametrize(
    "sent",
    [
        HIXIE + b"^n:ds[4U",
        HIXIE,  # the third key was lost on the way
        HIXIE + b"^n:ds[4U and more",
        request("/mirror", b"Content-Length: 5") + b"hello",
        request("/mirror", b"Transfer-Encoding: chunked") + b"2\r\nhi\r\n0\r\n\r\n",
        request("/mirror", b"Content-Length: 12") + b"not all",
        request("/mirror") + b"unannounced",
        b"\r\n\n" + request("/mirror").replace(b"\r\n", b"\n"),
        request("/mirror", b"X-Large: " + b"a" * 65536),
        request("/mirror?one=%zz", b"X-Fold: one\r\n two", b"no colon", b"Odd : \x00\xff\x7f"),
        b"POST http://other.invalid/mirror HTTP/1.0\r\n\r\n",
    ],
    ids=lambda sent: f"{sent[-12:]!r}",
)
def test_what_was_sent_comes_back(sent: bytes) -> None:
    (answer,) = answers(sent)
    assert mirrored(read_response(answer)) == Mirrored(sent, True)


def test_head_gets_no_body() -> None:
    (answer,) = answers(b"HEAD /mirror HTTP/1.1\r\nHost: example.com\r\n\r\n")
    assert answer.endswith(b"\r\n\r\n")
    assert b"Content-Length: 44\r\n" in answer


def test_a_tail_in_a_second_piece_is_awaited() -> None:
    async def talk(lab: Lab) -> bytes:
        wire = await Wire.dial(lab, HIXIE + b"^n:d")
        wire.send(b"s[4U")
        answer = await wire.rest()
        await wire.hang_up()
        return answer

    assert mirrored(read_response(with_lab(talk))) == Mirrored(HIXIE + b"^n:ds[4U", True)


LINE = st.binary(max_size=40).map(lambda data: data.replace(b"\n", b"").replace(b"\r", b"") or b"X: y")


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(LINE, max_size=6), min_size=1, max_size=3))
def test_any_lines_come_back(heads: list[list[bytes]]) -> None:
    requests = [b"\r\n".join([b"GET /mirror HTTP/1.1", *lines]) + b"\r\n\r\n" for lines in heads]
    for sent, answer in zip(requests, answers(*requests), strict=True):
        assert mirrored(read_response(answer)) == Mirrored(sent, True)
