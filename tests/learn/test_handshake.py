"""Every byte of a request and of an answer belongs to exactly one piece, whatever the bytes are."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.learn.tiling import tile_bytes
from wsinspector.learn.handshake import answer_end, answer_pieces, request_pieces
from wsinspector.learn.pieces import Piece, leaves
from wsinspector.protocol.dialects import DIALECTS, spoken_for
from wsinspector.protocol.http_reader import ResponseReader

VECTORS = Path(__file__).parent.parent / "vectors"
NAMES = [dialect.name for dialect in DIALECTS]

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
REQUEST = (
    b"GET /chat?token=abcdef HTTP/1.1\r\nHost: [::1]:8080\r\nUpgrade: websocket\r\n"
    b"Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: "
    + KEY
    + b"\r\nOrigin: https://example.com:8443\r\n"
    b'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits="15", x-other\r\n'
    b"Sec-WebSocket-Protocol: chat, superchat\r\nCookie: a=1; b=2\r\nX-Odd: 1\r\n 2\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)
ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nX-Who: me\r\n\r\n"
)
OLD = (
    b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
    b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nSec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\n"
    b"Sec-WebSocket-Protocol: one two\r\nOrigin: http://example.com\r\n\r\n^n:ds[4U"
)
OLD_ANSWER = (
    b"HTTP/1.1 101 WebSocket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Location: ws://127.0.0.1/echo\r\nSec-WebSocket-Origin: http://example.com\r\n\r\n"
    b"8jKS'y:G*Co,Wxa-"
)
CHUNKED = (
    b"HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5;x=1\r\nhello\r\n3\r\nyou\r\n0\r\nTrailer: 1\r\n\r\n"
)


def answered(data: bytes, request: bytes = REQUEST, tail: int = 0) -> tuple[Piece, ...]:
    """The pieces of the last answer in ``data``, after all of them were held against its bytes."""
    reader = ResponseReader(answer_tail=tail)
    reader.feed(data)
    reader.eof()
    at = 0
    found: tuple[Piece, ...] = ()
    for response in (*reader.interim, *((reader.response,) if reader.response is not None else ())):
        end = max(at, answer_end(response))
        found = answer_pieces(
            response, at, lambda start, stop: data[start:stop], request, spoken_for(request)
        )
        tile_bytes(found, at, end)
        at = end
    return found


def named(pieces: tuple[Piece, ...], name: str) -> list[Piece]:
    """The pieces of this name that are not of single bytes."""
    found = []
    for each in pieces:
        if each.name == name:
            found.append(each)
        if each.role != "bytes":
            found += named(each.inside(), name)
    return found


@given(st.binary(max_size=300), st.sampled_from(NAMES))
def test_any_bytes_as_a_request(data: bytes, dialect: str) -> None:
    tile_bytes(request_pieces(data, dialect), 0, len(data))


PARTS = st.sampled_from(
    [REQUEST[:40], b"GET / HTTP/1.1\r\n", b"Host: a:1\r\n", b"A", b": ", b"\r\n", b"\n", b" ", b"\t",
     b",", b";",
     b'"', b"=", b"Cookie: ", b"Origin: ", b"Sec-WebSocket-Version: ", b"Sec-WebSocket-Key1: ", b"4 @1 ",
     b"Sec-WebSocket-Extensions: ", b"Upgrade: ", b"\x00", b"\xff", b"HTTP/1.1 101 x\r\n",
     b"HTTP/1.1 200 OK\r\n",
     b"HTTP/1.1 100 Go\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\n", b"0\r\n\r\n", KEY]
)  # fmt: skip


@given(st.lists(PARTS, max_size=14).map(b"".join), st.sampled_from(NAMES))
def test_broken_heads_as_requests(data: bytes, dialect: str) -> None:
    tile_bytes(request_pieces(data, dialect), 0, len(data))


@given(st.one_of(st.binary(max_size=200), st.lists(PARTS, max_size=14).map(b"".join)))
def test_any_bytes_as_an_answer(data: bytes) -> None:
    answered(data)


def test_a_request_is_told_to_the_token() -> None:
    pieces = request_pieces(REQUEST, "rfc6455")
    tile_bytes(pieces, 0, len(REQUEST))
    (method,), (target,) = named(pieces, "method"), named(pieces, "target")
    assert REQUEST[target.span.start : target.span.end] == b"/chat?token=abcdef"
    assert method.said.clause == "RFC 6455 §4.1, §4.2.1"
    hosts = [REQUEST[each.span.start : each.span.end] for each in named(pieces, "host")]
    assert hosts == [b"[::1]", b"example.com"]
    assert [REQUEST[each.span.start : each.span.end] for each in named(pieces, "option")] == [
        b"keep-alive",
        b"Upgrade",
    ]
    (version,) = named(pieces, "version")
    assert (version.value, version.said.what) == ("the standard", "13 is the standard, RFC 6455.")
    assert len(named(pieces, "fold")) == 1
    bits = [
        each for each in named(pieces, "name") if b"client_max" in REQUEST[each.span.start : each.span.end]
    ]
    assert bits[0].said.clause == "RFC 7692 §7.1.2.2"


def test_the_sixteen_bytes_of_the_key() -> None:
    key = named(request_pieces(REQUEST, "rfc6455"), "base64 text")[0]
    assert key.works is not None
    steps = key.works()
    assert (steps[0].name, steps[0].value) == ("dGhl", "74 68 65")
    assert steps[-1].value == "16 bytes"


def test_the_accept_value_step_by_step() -> None:
    accept = named(answered(ANSWER), "base64 text")[0]
    assert accept.works is not None
    told = {step.name: step.value for step in accept.works()}
    assert told["SHA-1"] == "b37a4f2cc0624f1690f64606cf385945b2bec4ea"
    assert told["came"] == told["base64"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_an_unknown_header_is_said_to_be_unknown() -> None:
    (line,) = named(answered(ANSWER), "X-Who")
    assert line.said.what == "A header that is unknown here."
    assert "ignores" in line.said.otherwise


def test_the_keys_and_the_digest_of_hixie_76() -> None:
    pieces = request_pieces(OLD, "hixie-76")
    tile_bytes(pieces, 0, len(OLD))
    (third,) = named(pieces, "third key")
    assert (third.span.start, third.span.end) == (len(OLD) - 8, len(OLD))
    works = named(pieces, "digits")[0].works
    assert works is not None
    assert works()[-1].value == "829309203"
    assert [OLD[one.span.start : one.span.end] for one in named(pieces, "subprotocol")] == [b"one", b"two"]
    (digest,) = named(answered(OLD_ANSWER, OLD, 16), "digest")
    assert digest.works is not None
    assert digest.works()[-1].note == "equal"


def test_a_body_in_chunks() -> None:
    pieces = answered(CHUNKED)
    assert [each.value for each in named(pieces, "chunk size")] == ["5", "3", "0"]
    assert [CHUNKED[each.span.start : each.span.end] for each in named(pieces, "chunk")] == [b"hello", b"you"]
    assert len(named(pieces, "trailer line")) == 1


@pytest.mark.parametrize("file", ["answers.jsonl", "refusals.jsonl"])
def test_what_real_servers_answered(file: str) -> None:
    for text in (VECTORS / file).read_text("utf-8").splitlines():
        entry = json.loads(text)
        request = entry["request"].encode("latin-1")
        tile_bytes(request_pieces(request, spoken_for(request)), 0, len(request))
        answered(entry["answer"].encode("latin-1"), request)


def test_every_leaf_names_its_source() -> None:
    pieces = (*request_pieces(REQUEST, "rfc6455"), *answered(ANSWER), *answered(CHUNKED))
    for each in leaves(pieces):
        assert each.said.clause, each.name


def test_half_a_million_header_lines_are_told_in_groups() -> None:
    data = b"GET / HTTP/1.1\r\n" + b"a:b\r\n" * 5000 + b"\r\n"
    pieces = request_pieces(data, "rfc6455")
    assert len(pieces) < 20
    tile_bytes(pieces, 0, len(data))
