"""A client's request, read as a server does, cut at every byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.request_reader import MOST, RequestReader, is_http, read_request

PLAIN = b"GET / HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
KEYS = (
    b"GET /demo HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nUpgrade: WebSocket\r\n"
    b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nOrigin: http://example.com\r\n\r\n^n:ds[4U"
)
"""The example of hixie-76 §1.2: eight bytes behind the blank line belong to the request."""


@pytest.mark.parametrize("data", [PLAIN, KEYS])
def test_cut_anywhere(data: bytes) -> None:
    behind = b"\x00more"
    for cut in range(len(data) + 1):
        reader = RequestReader()
        taken = reader.feed(data[:cut])
        assert (taken, reader.complete) == (cut, cut == len(data))
        assert (reader.data, reader.size) == (data[:cut], cut)
        assert reader.feed(data[cut:] + behind) == len(data) - cut
        assert reader.complete
        assert reader.data == data
        assert reader.feed(behind) == 0


def test_the_third_key_is_the_tail() -> None:
    assert read_request(KEYS).tail == b"^n:ds[4U"
    assert read_request(PLAIN + b"12345678").tail == b""


def test_a_head_without_end_is_not_read_for_ever() -> None:
    reader = RequestReader()
    assert reader.feed(b"x" * (MOST + 10)) == MOST
    assert reader.feed(b"\r\n\r\n") == 0
    assert not reader.complete
    assert len(reader.data) == MOST


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"GET / HTTP/1.1\r\n", True),
        (b"GET / HTTP/1.1", None),
        (b"\r\n\r\nGET / http/1.0\n", True),
        (b"EHLO x\r\n", False),
        (b"", None),
    ],
)
def test_whether_it_is_http(data: bytes, answer: bool | None) -> None:
    assert is_http(data) is answer


@given(st.lists(st.binary(max_size=40)), st.sampled_from([b"", PLAIN[:-2], KEYS[:-4]]))
def test_any_bytes(pieces: list[bytes], before: bytes) -> None:
    reader = RequestReader()
    came = b""
    for piece in (before, *pieces):
        taken = reader.feed(piece)
        came += piece[:taken]
        assert 0 <= taken <= len(piece)
    assert reader.data == came
    assert is_http(came) in (True, False, None)
