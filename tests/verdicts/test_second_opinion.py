"""What the library ``websockets`` makes of recorded bytes, beside our own verdict."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verdicts.test_recorded_answers import RECORDED
from wsinspector.protocol.draft import DraftLine, standard_draft
from wsinspector.verdicts.second_opinion import second_opinion

DRAFT = standard_draft(b"/", b"h", b"dGhlIHNhbXBsZSBub25jZQ==")
REQUEST = DRAFT.to_bytes()
HEAD = b"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
OPEN = HEAD + b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"


def asking(name: bytes, value: bytes) -> bytes:
    return DRAFT.insert(len(DRAFT.lines), DraftLine(name, value)).to_bytes()


def test_a_right_answer_is_accepted_with_frames_behind_it() -> None:
    opinion = second_opinion(REQUEST, OPEN + b"\x83\x7f" * 9000)
    assert (opinion.asked, opinion.accepted, opinion.error) == (True, True, "")
    assert opinion.text.startswith("websockets ")
    assert opinion.text.endswith("would have opened the connection.")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (HEAD + b"Sec-WebSocket-Accept: AAAA\r\n\r\n", "invalid Sec-WebSocket-Accept header: AAAA"),
        (HEAD + b"\r\n", "missing Sec-WebSocket-Accept header"),
        (OPEN.replace(b"Upgrade: websocket\r\n", b""), "missing Upgrade header"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "HTTP 404"),
        (b"SSH-2.0\r\n", "did not receive a valid HTTP response"),
        (OPEN[:-2] + b"Sec-WebSocket-Protocol: x\r\n\r\n", "no subprotocols supported"),
        (OPEN[:-2] + b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n", "no extensions supported"),
    ],
)
def test_a_wrong_answer_is_told_in_the_library_s_words(answer: bytes, error: str) -> None:
    opinion = second_opinion(REQUEST, answer, ended=True)
    assert (opinion.asked, opinion.accepted) == (True, False)
    assert error in opinion.error
    assert opinion.error in opinion.text


def test_the_library_is_given_the_recorded_offers() -> None:
    line = b"Sec-WebSocket-Protocol: chat\r\n\r\n"
    assert second_opinion(asking(b"Sec-WebSocket-Protocol", b"soap, chat"), OPEN[:-2] + line).accepted is True
    offer = b"permessage-deflate; client_max_window_bits; server_max_window_bits=10"
    request = asking(b"Sec-WebSocket-Extensions", offer)

    def answered(value: bytes) -> bool | None:
        answer = OPEN[:-2] + b"Sec-WebSocket-Extensions: permessage-deflate" + value + b"\r\n\r\n"
        return second_opinion(request, answer).accepted

    assert answered(b"; server_max_window_bits=10; client_max_window_bits=12") is True
    assert answered(b"; server_max_window_bits=11") is False
    assert answered(b"; server_max_window_bits=10; odd") is False


def test_half_an_answer_leaves_it_waiting_until_the_end() -> None:
    half = OPEN[:40]
    assert second_opinion(REQUEST, half).accepted is None
    assert second_opinion(REQUEST, half, ended=True).accepted is False


@pytest.mark.parametrize(
    ("request_bytes", "reason"),
    [
        (REQUEST[:-2], "the request's head is not whole"),
        (REQUEST.replace(b"GET", b"POST"), "the library sends GET over HTTP/1.1 alone"),
        (DRAFT.remove(3).to_bytes(), "the request does not have one Sec-WebSocket-Key"),
        (DRAFT.duplicate(3).to_bytes(), "the request does not have one Sec-WebSocket-Key"),
        (DRAFT.with_version_values((b"8",)).to_bytes(), "the library speaks RFC 6455 alone"),
        (asking(b"Sec-WebSocket-Extensions", b"x-own"), "the library does not know the extension x-own"),
        (asking(b"Sec-WebSocket-Protocol", b"a b"), "a subprotocol offered is no token"),
    ],
)
def test_not_asked_where_it_cannot_stand_in_the_client_s_place(request_bytes: bytes, reason: str) -> None:
    opinion = second_opinion(request_bytes, OPEN)
    assert (opinion.asked, opinion.accepted, opinion.text) == (False, None, f"Not asked: {reason}.")


def test_real_answers_to_the_standard_version() -> None:
    opinions = {
        name: second_opinion(recorded.request, recorded.answer, ended=recorded.ended)
        for name, recorded in RECORDED.items()
    }
    assert opinions["websockets 17.4 v13"].accepted is True
    assert opinions["hypercorn 0.18.0 v13"].accepted is True
    assert opinions["tornado 6.6.1 v14"].accepted is False
    assert "HTTP 426" in opinions["tornado 6.6.1 v14"].error
    assert opinions["tornado 6.6.1 key-duplicate"].asked is False


def test_asking_loads_no_event_loop_and_no_tls() -> None:
    code = (
        "import sys\n"
        "from wsinspector.verdicts.second_opinion import second_opinion\n"
        "assert not [each for each in sys.modules if each.startswith('websockets.client')]\n"
        f"assert second_opinion({REQUEST!r}, {OPEN!r}).accepted\n"
        "print([each for each in ('asyncio', 'ssl') if each in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=50)
    assert done.stdout.strip() == b"[]"


PIECES = st.lists(
    st.sampled_from(
        [
            HEAD, b"HTTP/1.1 200 \r\n", b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", b"\r\n",
            b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=8\r\n",
            b'Sec-WebSocket-Extensions: x; a="\r\n', b"Sec-WebSocket-Protocol: \xff\r\n", b": x\r\n",
            b"Content-Length: 9999999999999\r\n", b"Transfer-Encoding: chunked\r\n", b"zz\r\n", b"\x00",
        ]
    ),
    max_size=10,
).map(b"".join)  # fmt: skip
OFFERS = st.sampled_from(
    [REQUEST, asking(b"Sec-WebSocket-Extensions", b"permessage-deflate; client_max_window_bits")]
)


@given(st.one_of(OFFERS, st.binary(max_size=60)), st.one_of(PIECES, st.binary(max_size=80)), st.booleans())
def test_any_bytes_have_an_opinion(request: bytes, answer: bytes, ended: bool) -> None:
    assert second_opinion(request, answer, ended=ended) == second_opinion(request, answer, ended=ended)


@pytest.mark.parametrize("status", [b"100 Continue", b"103 Early Hints"])
def test_an_interim_answer_is_the_library_s_limit(status: bytes) -> None:
    interim = b"HTTP/1.1 " + status + b"\r\n\r\n"
    opinion = second_opinion(REQUEST, interim + OPEN)
    assert (opinion.asked, opinion.accepted) == (True, None)
    assert f"an interim answer ({status[:3].decode()}) came first" in opinion.text
    assert "not a fault of the server" in opinion.text


def test_the_library_s_words_hold_no_broken_letters() -> None:
    opinion = second_opinion(REQUEST, b"HTTP/1.1 4000 Bad\r\n\r\n")
    assert "100-599" in opinion.error
