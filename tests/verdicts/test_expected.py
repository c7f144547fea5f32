"""What a conforming server owes a request, before it is sent and beside the answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.draft import standard_draft
from wsinspector.protocol.http_reader import read_response
from wsinspector.verdicts.expected import Did, conformance, expected_of

DRAFT = standard_draft(b"/", b"h", b"dGhlIHNhbXBsZSBub25jZQ==")
REQUEST = DRAFT.to_bytes()
OPEN = (
    b"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)
VERSION_14 = DRAFT.with_version_values((b"14",)).to_bytes()
MUST = "A conforming server must refuse this, because the version is 14, which is unassigned, expected 13."


OTHER = ", but for another reason."
UNSAID = "; the answer does not say that this is why."


def test_nothing_is_owed_to_a_right_request() -> None:
    wanted = expected_of(REQUEST)
    assert (wanted.must_refuse, wanted.reasons) == (False, ())
    assert wanted.text == "Nothing obliges a server to refuse this."
    for answer in (OPEN, b"HTTP/1.1 404 No\r\n\r\n"):
        assert conformance(REQUEST, read_response(answer)).conforms is None


def test_the_reason_is_part_of_the_sentence() -> None:
    assert expected_of(VERSION_14).text == MUST
    assert expected_of(REQUEST.replace(b"Host: h\r\n", b"")).text == (
        "A conforming server must refuse this, because the request has no Host header, expected one."
    )


def test_several_reasons_are_named_and_the_rest_counted() -> None:
    request = (
        DRAFT.with_version_values((b"14",)).to_bytes().replace(b"GET", b"PUT").replace(b"Host: h\r\n", b"")
    )
    assert expected_of(request).text == (
        "A conforming server must refuse this, because the method is PUT, expected GET; the version is 14, "
        "which is unassigned, expected 13; the request has no Host header, expected one."
    )
    wanted = expected_of(request.replace(b"1.1", b"1.0").replace(b"Upgrade", b"X"))
    assert len(wanted.reasons) == 6
    assert wanted.text.endswith("There are 3 reasons more.")


@pytest.mark.parametrize(
    ("answer", "ended", "did", "conforms", "told"),
    [
        (OPEN, False, Did.OPENED, False, "It did not: it answered 101."),
        (b"HTTP/1.1 426 U\r\n\r\n", True, Did.REFUSED, True, "It did, with 426."),
        (b"HTTP/1.1 400 B\r\n\r\n", True, Did.REFUSED, True, "It did, with 400."),
        (b"HTTP/1.1 505 B\r\n\r\n", True, Did.REFUSED, True, f"It refused with 505{OTHER}"),
        (b"HTTP/1.1 405 B\r\n\r\n", True, Did.REFUSED, True, f"It refused with 405{OTHER}"),
        (b"HTTP/1.1 404 B\r\n\r\n", True, Did.REFUSED, True, f"It refused with 404{UNSAID}"),
        (b"HTTP/1.1 501 B\r\n\r\n", True, Did.REFUSED, True, f"It refused with 501{UNSAID}"),
        (
            b"HTTP/1.1 500 B\r\nContent-Length: 0\r\n\r\n",
            True,
            Did.OTHER,
            None,
            "It opened nothing, but a 500 tells of its own trouble.",
        ),
        (
            b"HTTP/1.1 503 B\r\nSec-WebSocket-Version: 13\r\n\r\n",
            True,
            Did.OTHER,
            None,
            "It opened nothing, but a 503 tells of its own trouble.",
        ),
        (
            b"HTTP/1.1 429 B\r\nSec-WebSocket-Version: 13\r\n\r\n",
            True,
            Did.REFUSED,
            True,
            f"It refused with 429{UNSAID}",
        ),
        (
            b"HTTP/1.1 406 B\r\nSec-WebSocket-Version: 13\r\n\r\n",
            True,
            Did.REFUSED,
            True,
            "It did, with 406.",
        ),
        (
            b"HTTP/1.1 426 B\r\nContent-Length: 33\r\n\r\ninvalid Connection header: close.",
            True,
            Did.REFUSED,
            True,
            f"It refused with 426{OTHER}",
        ),
        (
            b"HTTP/1.1 403 B\r\nContent-Length: 21\r\n\r\nUnsupported version: 8",
            True,
            Did.REFUSED,
            True,
            "It did, with 403.",
        ),
        (b"HTTP/1.1 200 OK\r\n\r\n", True, Did.OTHER, None, "It opened nothing, and answered 200."),
        (b"HTTP/1.1 302 F\r\n\r\n", True, Did.OTHER, None, "It opened nothing, and answered 302."),
        (b"SSH-2.0\r\n", True, Did.OTHER, None, "What came is no HTTP answer."),
        (b"HTTP/1.1 40", True, Did.OTHER, None, "It gave no whole answer."),
        (b"", True, Did.OTHER, None, "It gave no whole answer."),
        (b"", False, Did.NOTHING, None, ""),
    ],
)
def test_section_4_2_1_it_did_or_it_did_not(
    answer: bytes, ended: bool, did: Did, conforms: bool | None, told: str
) -> None:
    held = conformance(VERSION_14, read_response(answer), ended=ended)
    assert (held.did, held.conforms) == (did, conforms)
    assert held.text == f"{MUST} {told}".rstrip()


def test_a_request_of_an_old_dialect_is_not_held_against_the_standard() -> None:
    request = (
        b"GET /demo HTTP/1.1\r\nHost: example.com\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key2: 12998 5 Y3 1  .P00\r\nUpgrade: WebSocket\r\n"
        b"Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5\r\nOrigin: http://example.com\r\n\r\n^n:ds[4U"
    )
    assert not expected_of(request).must_refuse
    wrong = expected_of(request.replace(b"Key2: 12998 5 Y3 1  .P00", b"Key2: 12998"))
    assert wrong.must_refuse
    assert wrong.text.startswith("A conforming server of hixie-76 must refuse this, because ")


@pytest.mark.parametrize("half", [b"", REQUEST[:-2], VERSION_14[:-2], b"GET"])
def test_half_a_request_is_waited_for_and_not_refused(half: bytes) -> None:
    wanted = expected_of(half)
    assert not wanted.must_refuse
    assert wanted.text == "The request is not whole, so a server waits for the rest of it."


@given(st.binary(max_size=80), st.binary(max_size=60), st.booleans())
def test_any_bytes_are_held_against_each_other(request: bytes, answer: bytes, ended: bool) -> None:
    held = conformance(request, read_response(answer), ended=ended)
    assert held == conformance(request, read_response(answer), ended=ended)
    assert held.text.endswith(".")
