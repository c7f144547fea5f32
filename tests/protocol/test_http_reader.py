"""Answers of every kind, whole and cut anywhere."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsinspector.protocol.http import BodyFraming, HttpAnomaly, Response
from wsinspector.protocol.http_reader import (
    ReadLimits,
    ReadPhase,
    ResponseReader,
    parse_head,
    parse_request,
    read_response,
    request_parts,
)
from wsinspector.protocol.spans import Span

SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"


def read(data: bytes, *, limits: ReadLimits | None = None, method: bytes = b"GET") -> ResponseReader:
    reader = ResponseReader(limits, method=method)
    reader.feed(data)
    return reader


def answer(reader: ResponseReader) -> Response:
    response = reader.response
    assert response is not None
    return response


def phases(reader: ResponseReader, end: str) -> tuple[ReadPhase, ReadPhase]:
    """The phase before and after silence or the end."""
    before = reader.phase
    if end == "idle":
        reader.idle()
    else:
        reader.eof()
    return before, reader.phase


def codes(response: Response) -> list[HttpAnomaly]:
    return [seen.code for seen in response.anomalies]


def test_a_101_is_followed_by_frames() -> None:
    reader = read(SWITCH + b"\x81\x05Hello")
    assert reader.phase is ReadPhase.UPGRADED
    assert reader.frames_start == len(SWITCH)
    response = answer(reader)
    assert (response.status, response.reason) == (101, b"Switching Protocols")
    assert response.framing is BodyFraming.UPGRADED
    assert response.complete
    assert response.anomalies == ()


def test_every_byte_of_a_head_is_kept_with_its_span() -> None:
    lines = (
        b"SEC-websocket-VERSION :\t13 \n",
        b"X:\r\n  folded\r\n\tagain\r\n",
        b"no colon\r\n",
        b": nameless\r\n",
    )
    data = b"HTTP/1.1 400 Bad\r\n" + b"".join(lines) + b"\r\n"
    head = parse_head(data)
    assert head is not None
    assert [(line.name, line.between, line.value, line.ending) for line in head.lines] == [
        (b"SEC-websocket-VERSION", b" :\t", b"13 ", b"\n"),
        (b"X", b":", b"\r\n  folded\r\n\tagain", b"\r\n"),
        (b"no colon", b"", b"", b"\r\n"),
        (b"", b": ", b"nameless", b"\r\n"),
    ]
    for line in head.lines:
        assert data[line.span.start : line.span.end] == line.name + line.between + line.value + line.ending
        assert data[line.value_span.start : line.value_span.end] == line.value
    assert codes(answer(read(data))) == [
        HttpAnomaly.BLANK_BEFORE_COLON,
        HttpAnomaly.LF_ONLY,
        HttpAnomaly.FOLDED_LINE,
        HttpAnomaly.NO_COLON,
        HttpAnomaly.BAD_NAME,
    ]


@pytest.mark.parametrize(
    ("line", "status", "reason", "expected"),
    [
        (b"HTTP/1.1 101 Switching Protocols", 101, b"Switching Protocols", []),
        (b"HTTP/1.1 426 ", 426, b"", [HttpAnomaly.EMPTY_REASON]),
        (b"HTTP/1.1 426", 426, b"", [HttpAnomaly.MISSING_REASON_BLANK]),
        (b"HTTP/1.0 200 OK", 200, b"OK", [HttpAnomaly.HTTP_1_0]),
        (b"HTTP/2 400 Bad", 400, b"Bad", [HttpAnomaly.HTTP_0_9_OR_ODD_VERSION, HttpAnomaly.BAD_STATUS_LINE]),
        (b"HTTP/1.1  400 Bad", 400, b"Bad", [HttpAnomaly.BAD_STATUS_LINE]),
        (b"http/1.1 400 Bad", 400, b"Bad", [HttpAnomaly.BAD_STATUS_LINE]),
        (b"HTTP/1.1 4000 Bad", None, b"", [HttpAnomaly.BAD_STATUS_LINE]),
        (b"HTTP/1.1 abc", None, b"", [HttpAnomaly.BAD_STATUS_LINE]),
        (b"HTTP/1.1 400 a\x00b", 400, b"a\x00b", [HttpAnomaly.CONTROL_CHARACTER]),
    ],
)
def test_status_lines(line: bytes, status: int | None, reason: bytes, expected: list[HttpAnomaly]) -> None:
    response = answer(read(line + b"\r\nContent-Length: 0\r\n\r\n"))
    assert (response.status, response.reason) == (status, reason)
    assert codes(response) == expected


def test_lf_alone_ends_lines_and_head() -> None:
    reader = read(b"HTTP/1.1 400 Bad\nContent-Length: 2\n\nhi")
    response = answer(reader)
    assert reader.phase is ReadPhase.DONE
    assert response.body == b"hi"
    assert set(codes(response)) == {HttpAnomaly.LF_ONLY}


def test_done_at_the_length_though_the_server_keeps_the_connection_open() -> None:
    reader = read(b"HTTP/1.1 400 Bad\r\nConnection: close\r\nContent-Length: 4\r\n\r\nno v")
    assert reader.phase is ReadPhase.DONE
    assert answer(reader).complete
    assert answer(reader).anomalies == ()


def test_a_length_that_announces_33_bytes_and_none_come() -> None:
    reader = read(b"HTTP/1.1 400 Bad\r\nContent-Length: 33\r\n\r\n")
    assert answer(reader).anomalies == ()
    assert phases(reader, "idle") == (ReadPhase.BODY, ReadPhase.DONE)
    response = answer(reader)
    assert codes(response) == [HttpAnomaly.LENGTH_AWAITED]
    assert (response.announced, response.body, response.complete) == (33, b"", False)
    reader.feed(b"x" * 33)
    assert answer(reader).complete
    assert answer(reader).anomalies == ()


def test_a_length_too_small() -> None:
    response = answer(read(b"HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\nhello"))
    assert response.body == b"he"
    assert [(seen.code, len(seen.span)) for seen in response.anomalies] == [(HttpAnomaly.BYTES_AFTER_BODY, 3)]


@pytest.mark.parametrize("value", [b"x", b"-1", b"+5", b"5, 6", b"", b"9" * 30])
def test_a_length_that_cannot_be_read_leaves_the_close_to_end_the_body(value: bytes) -> None:
    reader = read(b"HTTP/1.1 400 Bad\r\nContent-Length: " + value + b"\r\n\r\nhello")
    reader.eof()
    response = answer(reader)
    assert response.framing is BodyFraming.UNTIL_CLOSE
    assert response.body == b"hello"
    assert codes(response) == [HttpAnomaly.LENGTH_UNREADABLE]
    assert response.complete


def test_a_length_that_is_repeated_but_agrees() -> None:
    response = answer(read(b"HTTP/1.1 400 Bad\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nhi"))
    assert (response.announced, response.complete) == (2, True)


def test_chunks_extensions_and_trailers() -> None:
    reader = read(
        b"HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\nafter"
    )
    response = answer(reader)
    assert reader.phase is ReadPhase.DONE
    assert response.framing is BodyFraming.CHUNKED
    assert response.body == b"abc0123456789"
    assert response.complete
    assert codes(response) == [HttpAnomaly.BYTES_AFTER_BODY]


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"zz\r\nabc", b"zz\r\nabc"),
        (b"3\r\nabcdef", b"abcdef"),
        (b"3\r\nabc\rX5", b"abc\rX5"),
        (b"\r\nabc", b"\r\nabc"),
        (b"1" * 5000, b"1" * 5000),
    ],
)
def test_a_chunk_that_cannot_be_read_leaves_the_rest_as_it_came(body: bytes, kept: bytes) -> None:
    reader = read(b"HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
    reader.eof()
    response = answer(reader)
    assert response.body == kept
    # Where the body would have ended cannot be known, so it is not called cut.
    assert codes(response) == [HttpAnomaly.BAD_CHUNK]
    assert not response.complete


def test_chunks_cut_by_the_end() -> None:
    reader = read(b"HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
    reader.eof()
    assert answer(reader).body == b"ab"
    assert codes(answer(reader)) == [HttpAnomaly.BODY_CUT]


def test_length_and_chunks_together() -> None:
    response = answer(
        read(b"HTTP/1.1 400 B\r\nContent-Length: 1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n0\r\n\r\n")
    )
    assert response.framing is BodyFraming.CHUNKED
    assert codes(response) == [HttpAnomaly.LENGTH_AND_CHUNKED]


def test_a_body_until_close() -> None:
    reader = read(b"HTTP/1.1 200 OK\r\n\r\n<html>")
    assert phases(reader, "idle") == (ReadPhase.BODY, ReadPhase.DONE)
    assert not answer(reader).complete
    reader.eof()
    assert answer(reader).complete
    assert answer(reader).body_span == Span(19, 25)


def test_answers_without_a_body() -> None:
    assert read(b"HTTP/1.1 204 No\r\n\r\n").phase is ReadPhase.DONE
    assert read(b"HTTP/1.1 400 No\r\nContent-Length: 9\r\n\r\n", method=b"HEAD").phase is ReadPhase.DONE


def test_interim_answers_come_before_the_final_one() -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    reader = read(interim + SWITCH + b"\x89\x00")
    assert [each.status for each in reader.interim] == [103, 100]
    assert answer(reader).status == 101
    assert answer(reader).head.span.start == len(interim)
    assert reader.frames_start == len(interim + SWITCH)


def test_no_byte_at_all() -> None:
    reader = ResponseReader()
    reader.eof()
    assert reader.response is None
    assert reader.phase is ReadPhase.DONE


def test_half_a_head_then_silence() -> None:
    reader = read(b"HTTP/1.1 400 Bad\r\nConte")
    assert answer(reader).anomalies == ()
    assert reader.phase is ReadPhase.HEAD
    reader.idle()
    response = answer(reader)
    assert codes(response) == [HttpAnomaly.HALF_A_HEAD]
    assert (response.status, response.complete, response.head.complete) == (400, False, False)
    assert [line.name for line in response.head.lines] == [b"Conte"]
    reader.feed(b"nt-Length: 0\r\n\r\n")
    assert answer(reader).complete


@pytest.mark.parametrize(
    "data", [b"\x15\x03\x01\x00\x02\x02", b"SSH-2.0-x\r\n\r\n", b"HT\n\n", b"<html>\r\n\r\n", b"HTTPS"]
)
def test_what_is_no_http_is_shown_whole(data: bytes) -> None:
    reader = read(data)
    reader.eof()
    response = answer(reader)
    assert codes(response) == [HttpAnomaly.NOT_HTTP]
    assert response.body == data
    assert response.status is None


def test_blank_lines_before_the_status_line() -> None:
    reader = read(b"\r\n\n" + SWITCH)
    assert answer(reader).status == 101
    assert answer(reader).anomalies[0].span == Span(0, 3)
    assert reader.frames_start == 3 + len(SWITCH)


def test_a_header_of_more_than_64_kib() -> None:
    value = b"v" * 200_000
    response = answer(read(b"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\nX: " + value + b"\r\n\r\n"))
    assert response.head.values(b"x") == (value,)
    assert codes(response) == [HttpAnomaly.HUGE_HEADER]


def test_limits_end_the_reading_and_say_so() -> None:
    reader = read(b"HTTP/1.1 400 Bad\r\nX: " + b"v" * 100, limits=ReadLimits(head=50))
    assert reader.phase is ReadPhase.DONE
    assert codes(answer(reader)) == [HttpAnomaly.HEAD_LIMIT]
    reader = read(b"HTTP/1.1 400 Bad\r\n\r\nabcdef", limits=ReadLimits(body=4))
    assert reader.phase is ReadPhase.DONE
    assert (answer(reader).body, codes(answer(reader))) == (b"abcd", [HttpAnomaly.BODY_LIMIT])


def test_thousands_of_odd_lines_are_not_all_listed() -> None:
    response = answer(read(b"HTTP/1.1 400 Bad\r\n" + b"odd\r\n" * 5000 + b"\r\n"))
    assert codes(response).count(HttpAnomaly.NO_COLON) == 20
    assert len(response.head.lines) == 5000


@pytest.mark.parametrize(
    "head",
    [
        b"X: " + b"v" * (1 << 20),
        b"a:\n" * (1 << 16),
        b"X: y" + b"\r\n z" * (1 << 16),
        b"\n" * (1 << 20),
    ],
    ids=["one line", "many lines", "many folds", "blank lines"],
)
def test_a_long_head_byte_by_byte(head: bytes) -> None:
    """Linear work ends within a second; work by the square would not end before the test's time limit."""
    data = head + b"HTTP/1.1 400 Bad\r\n" if head[:1] == b"\n" else b"HTTP/1.1 400 Bad\r\n" + head
    reader = ResponseReader(ReadLimits(head=2 << 20))
    for at in range(len(data)):
        reader.feed(data[at : at + 1])
    assert answer(reader).status == 400
    assert answer(reader).head.span.end == len(data)


def test_forty_thousand_interim_answers_in_one_read() -> None:
    reader = read(b"HTTP/1.1 100 \r\n\r\n" * 40_000 + SWITCH, limits=ReadLimits(head=1 << 20))
    assert len(reader.interim) == 40_000
    assert reader.phase is ReadPhase.UPGRADED


PIECES = st.sampled_from(
    [
        b"HTTP/1.1 ", b"HTTP/1.0 ", b"101 ", b"400 Bad", b"100 Continue", b"204 ", b"\r\n", b"\n", b"\r",
        b" ", b"\t", b":", b"Content-Length: ", b"Transfer-Encoding: chunked", b"5", b"0", b"A", b"hello",
        b"\x00", b"\xff", b"Upgrade: websocket", b";", b",", b"\r\n\r\n", b"HTTP/1.1 400 Bad\r\n",
        b"HTTP/1.1 100 C\r\n\r\n", b"HTTP/1.1 400 B\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"5\r\nhello\r\n", b"0\r\n\r\n", b"HTTP/1.1 400 B\r\nContent-Length: 5\r\n\r\n", SWITCH,
    ]
)  # fmt: skip
STREAMS = st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=30).map(b"".join))


@settings(max_examples=300, deadline=None)
@given(
    STREAMS,
    st.lists(st.integers(0, 300), max_size=12),
    st.sampled_from(["open", "idle", "eof"]),
    st.booleans(),
)
def test_any_bytes_cut_anywhere_read_the_same(data: bytes, cuts: list[int], end: str, small: bool) -> None:
    limits = ReadLimits(head=40, body=7) if small else ReadLimits()
    whole, cut, single = (ResponseReader(limits) for _ in range(3))
    whole.feed(data)
    edges = [0, *sorted(min(each, len(data)) for each in cuts), len(data)]
    for start, stop in pairwise(edges):
        cut.feed(data[start:stop])
        assert cut.response is None or cut.response.body_span.end <= stop
    for at in range(len(data)):
        single.feed(data[at : at + 1])
    for reader in (whole, cut, single):
        if end == "idle":
            reader.idle()
        elif end == "eof":
            reader.eof()
    for reader in (cut, single):
        assert reader.response == whole.response
        assert reader.interim == whole.interim
        assert reader.phase == whole.phase
        assert reader.frames_start == whole.frames_start


@given(st.binary(max_size=120))
def test_any_request_is_read_without_losing_a_byte(data: bytes) -> None:
    head = parse_request(data)
    lines = b"".join(line.name + line.between + line.value + line.ending for line in head.lines)
    text = head.start_line + head.start_ending + lines + head.terminator
    assert text == data[head.span.start : head.span.end]
    request_parts(head)


def test_request_lines() -> None:
    def parts(line: bytes) -> tuple[bytes, bytes, bytes]:
        read = request_parts(parse_request(line + b"\r\n\r\n"))
        return read.method, read.target, read.version

    assert parts(b"GET /a?b HTTP/1.1") == (b"GET", b"/a?b", b"HTTP/1.1")
    assert parts(b"GET  /a b  HTTP/1.0") == (b"GET", b"/a b", b"HTTP/1.0")
    assert parts(b"GET /") == (b"GET", b"/", b"")
    assert parts(b"GET HTTP/1.1") == (b"GET", b"", b"HTTP/1.1")
    assert parts(b"") == (b"", b"", b"")


def test_read_response_takes_the_whole_stream() -> None:
    response = read_response(b"HTTP/1.1 400 Bad\r\n\r\nx")
    assert response is not None
    assert response.complete
    assert read_response(b"") is None
