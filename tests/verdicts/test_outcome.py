"""One word for how an attempt turned out, and what a refusal offers."""

import pytest

from wsinspector.protocol.dialects import dialect_called, with_dialect
from wsinspector.protocol.draft import standard_draft
from wsinspector.protocol.http_reader import ReadLimits, ResponseReader, read_response
from wsinspector.verdicts.outcome import Outcome, outcome_of
from wsinspector.verdicts.refusal import in_old_form, retry_candidate, retry_offer, supported_versions
from wsinspector.verdicts.response_rules import judge_response

DRAFT = standard_draft(b"/", b"h", b"dGhlIHNhbXBsZSBub25jZQ==")
OPEN = (
    b"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)


def outcome(
    data: bytes, *, network_error: bool = False, closed: bool = False, timed_out: bool = False
) -> Outcome | None:
    reader = ResponseReader(ReadLimits(head=500))
    reader.feed(data)
    response = reader.response
    verdict = judge_response(DRAFT.to_bytes(), response)
    return outcome_of(verdict, response, network_error=network_error, closed=closed, timed_out=timed_out)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (OPEN, Outcome.OPEN),
        (OPEN.replace(b"s3p", b"AAA"), Outcome.FAILED),
        (b"HTTP/1.1 426 U\r\n\r\n", Outcome.REFUSED),
        (b"HTTP/1.0 200 OK\r\n\r\n", Outcome.REFUSED),
        (b"HTTP/1.1 abc\r\n\r\n", Outcome.NOT_HTTP),
        (b"SSH-2.0-x\r\n", Outcome.NOT_HTTP),
        (b"HTTP/1.1 101 S\r\n" + b"x" * 600, Outcome.NO_ANSWER),
        (b"HTTP/1.1 101 S\r\n", None),
        (b"", None),
    ],
)
def test_what_came_decides(data: bytes, expected: Outcome | None) -> None:
    assert outcome(data) is expected


def test_how_it_ended_decides_where_no_whole_head_came() -> None:
    for data in (b"", b"HTTP/1.1 101 S\r\nUpg"):
        assert outcome(data, closed=True) is Outcome.CLOSED
        assert outcome(data, timed_out=True) is Outcome.NO_ANSWER
        assert outcome(data, network_error=True) is Outcome.NETWORK_ERROR
    assert outcome(OPEN, closed=True) is Outcome.OPEN


@pytest.mark.parametrize(
    ("said", "listed", "versions", "retry"),
    [
        ((b"8",), b"13", ("13",), b"13"),
        ((b"14",), b"7, 13 ,8", ("7", "13", "8"), b"13"),
        ((b"13",), b"13, 8", ("13", "8"), None),
        ((b"13",), b"8, 7", ("8", "7"), b"8"),
        ((b"013",), b"13", ("13",), b"13"),
        ((b"13",), b"13", ("13",), None),
        ((b"13", b"8"), b"13", ("13",), b"13"),
        ((), b"13", ("13",), b"13"),
        ((b"8",), b"013, 256, x", ("013", "256", "x"), None),
        ((b"8",), b",", None, None),
        ((b"8",), None, None, None),
        ((b"8",), b"255, 13, 7", ("255", "13", "7"), b"13"),
        ((b"13",), b"25, 7, 6", ("25", "7", "6"), b"7"),
        ((b"13",), b"25, 14, 12, 3", ("25", "14", "12", "3"), None),
    ],
)
def test_versions_offered_and_the_one_to_try_next(
    said: tuple[bytes, ...], listed: bytes | None, versions: tuple[str, ...] | None, retry: bytes | None
) -> None:
    request = DRAFT.with_version_values(said).to_bytes()
    line = b"" if listed is None else b"Sec-WebSocket-Version: " + listed + b"\r\n"
    response = read_response(b"HTTP/1.1 426 U\r\n" + line + b"\r\n")
    assert supported_versions(response) == versions
    assert retry_candidate(request, response) == retry


def test_a_101_offers_nothing() -> None:
    assert supported_versions(read_response(OPEN[:-2] + b"Sec-WebSocket-Version: 13\r\n\r\n")) is None
    assert supported_versions(None) is None


def test_a_version_to_try_names_the_newest_dialect_that_says_it() -> None:
    request = DRAFT.with_version_values((b"13",)).to_bytes()
    for listed, dialect in ((b"8", "hybi-11"), (b"7", "hybi-07"), (b"4", "hybi-04")):
        response = read_response(b"HTTP/1.1 400 B\r\nSec-WebSocket-Version: " + listed + b"\r\n\r\n")
        offer = retry_offer(request, response)
        assert offer is not None
        assert (offer.value, offer.dialect) == (listed, dialect)


def test_a_version_alone_makes_no_old_request() -> None:
    assert not in_old_form(DRAFT.with_version_values((b"8",)).to_bytes())
    assert not in_old_form(b"")
    for name in ("hixie-75", "hixie-76", "hybi-03", "hybi-04", "hybi-08"):
        draft = with_dialect(DRAFT, dialect_called(name), lambda count: bytes(count))
        assert in_old_form(draft.to_bytes()), name
