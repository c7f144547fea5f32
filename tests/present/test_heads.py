"""Rows of a head: the draft's, an attempt's and an answer's, with chips, masks and spans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.present.heads import (
    RowKind,
    ending_name,
    head_bytes,
    row_at,
    rows_of_draft,
    rows_of_request,
    rows_of_response,
    rows_within,
    secrets_in,
    separator_name,
)
from wsinspector.protocol.draft import Draft, DraftLine, standard_draft
from wsinspector.protocol.head_reader import parse_head
from wsinspector.protocol.http_reader import read_response
from wsinspector.protocol.spans import Span

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
DRAFT = standard_draft(b"/chat", b"example.org", KEY)
REQUEST = DRAFT.to_bytes()
ACCEPT = b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
OPEN = b"HTTP/1.1 101 Switching Protocols\r\n" + ACCEPT + b"\r\n"


def chips(row: object) -> list[str]:
    return [chip.text for chip in row.chips]  # type: ignore[attr-defined]


def test_a_draft_has_its_lines_between_request_line_and_blank_line() -> None:
    rows = rows_of_draft(DRAFT)
    assert [row.kind for row in rows] == [RowKind.START, *[RowKind.HEADER] * 5, RowKind.TERMINATOR]
    assert rows[0].parts == (("GET", "strong"), (" /chat", "text"), (" HTTP/1.1", "muted"))
    assert [row.shown_name for row in rows[1:-1]] == [
        "Host",
        "Upgrade",
        "Connection",
        "Sec-WebSocket-Key",
        "Sec-WebSocket-Version",
    ]


def test_generated_values_and_the_version_are_marked() -> None:
    rows = rows_of_draft(DRAFT)
    assert chips(rows[1]) == ["generated"]
    assert chips(rows[5]) == ["the standard"]
    assert [row.marked for row in rows] == [False] * 5 + [True, False]


def test_a_switched_off_row_keeps_its_place_and_has_no_bytes() -> None:
    rows = rows_of_draft(DRAFT.switched(1, False))
    assert rows[2].shown_name == "Upgrade"
    assert rows[2].span is None
    assert not rows[2].enabled
    assert "switched off" in rows[2].spoken()


def test_spans_of_a_draft_cover_exactly_its_bytes() -> None:
    draft = DRAFT.switched(1, False)
    rows = [row for row in rows_of_draft(draft) if row.span is not None]
    assert b"".join(draft.to_bytes()[row.span.start : row.span.end] for row in rows if row.span) == (
        draft.to_bytes()
    )


def test_what_is_no_head_is_one_row() -> None:
    rows = rows_of_draft(Draft().with_bytes(b"\x16\x03\x01"))
    assert [row.kind for row in rows] == [RowKind.NO_HEAD]
    assert rows[0].shown_value == "␖␃␁"


def test_a_request_reads_like_its_draft() -> None:
    rows = rows_of_request(REQUEST, generated=(b"host", b"sec-websocket-key"))
    of_draft = rows_of_draft(DRAFT)
    assert [row.spoken() for row in rows] == [row.spoken() for row in of_draft]
    assert [row.span for row in rows] == [row.span for row in of_draft]


def test_secrets_are_masked_until_they_are_revealed() -> None:
    draft = DRAFT.insert(1, DraftLine(b"Authorization", b"Bearer abcdefgh"))
    row = rows_of_draft(draft)[2]
    assert row.shown_value == "Bearer ••••••••"
    assert chips(row) == ["hidden, 8 characters"]
    assert "abcdefgh" not in row.spoken()
    (place,) = secrets_in(rows_of_draft(draft))
    assert draft.to_bytes()[slice(*place)] == b"abcdefgh"
    revealed = rows_of_draft(draft, revealed={row.secret_key})
    assert revealed[2].shown_value == "Bearer abcdefgh"
    assert secrets_in(revealed) == ()


def test_a_token_in_the_target_is_masked_in_the_request_line() -> None:
    row = rows_of_draft(standard_draft(b"/c?token=verysecret&x=1", b"h", KEY))[0]
    assert "verysecret" not in "".join(text for text, _role in row.parts)
    assert "&x=1" in row.shown_value


def test_secrets_stay_masked_where_the_bytes_are_no_head_any_more() -> None:
    data = b"\r\nAuthorization: Bearer abcdefgh\r\n\r\n"
    (row,) = rows_of_draft(Draft().with_bytes(data))
    assert "abcdefgh" not in row.shown_value


@pytest.mark.parametrize(
    ("version", "chip"),
    [(b"13", "offered instead"), (b"8", "the version you sent"), (b"13, 8", "holds a version you sent")],
)
def test_what_a_refusal_says_of_versions_is_measured_against_the_request(version: bytes, chip: str) -> None:
    request = DRAFT.with_version_values([b"8"]).to_bytes()
    response = read_response(
        b"HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: "
        + version
        + b"\r\nContent-Length: 0\r\n\r\n"
    )
    assert response is not None
    rows = rows_of_response(response, request)
    assert rows[0].parts == (("HTTP/1.1", "muted"), (" 426 Upgrade Required", "refused"))
    assert chips(rows[1]) == [chip]
    assert rows[1].marked


@pytest.mark.parametrize(
    ("accept", "text", "tone"),
    [
        (b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "as computed", "muted"),
        (b"nonsense", "not what the key gives", "fault"),
    ],
)
def test_the_accept_value_is_measured_against_the_key(accept: bytes, text: str, tone: str) -> None:
    response = read_response(b"HTTP/1.1 101 OK\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
    assert response is not None
    (chip,) = rows_of_response(response, REQUEST)[1].chips
    assert (chip.text, chip.tone) == (text, tone)


def test_a_101_is_good_and_its_parts_have_roles() -> None:
    response = read_response(OPEN)
    assert response is not None
    assert rows_of_response(response)[0].parts == (("HTTP/1.1", "muted"), (" 101 Switching Protocols", "ok"))


def test_odd_lines_carry_what_is_odd_about_them() -> None:
    response = read_response(b"HTTP/1.0 400 \nX-A : b\r\nnonsense\r\nContent-Length: 33\r\n\r\n")
    assert response is not None
    rows = rows_of_response(response)
    assert {"HTTP/1.0", "LF only"} <= set(chips(rows[0]))
    assert "blank before the colon" in chips(rows[1])
    assert "no colon" in chips(rows[2])
    assert "not what came" in chips(rows[3])


def test_blanks_at_the_end_of_a_value_are_visible() -> None:
    row = rows_of_draft(DRAFT.with_edited_value(1, b"websocket  "))[2]
    assert row.shown_value == "websocket␣␣"
    assert separator_name(b" :\t") == "␣:␉"
    assert [ending_name(one) for one in (b"\r\n", b"\n", b"", b"\n\r")] == ["CRLF", "LF", "none", "␊␍"]


def test_a_very_long_value_is_cut_and_says_so() -> None:
    row = rows_of_draft(DRAFT.with_edited_value(1, b"x" * 65536))[2]
    assert len(row.shown_value) < 2100
    assert row.shown_value.endswith("…")


def test_rows_are_found_by_byte() -> None:
    rows = rows_of_request(REQUEST)
    at = REQUEST.index(b"Upgrade: websocket")
    assert row_at(rows, at) == 2
    assert row_at(rows, len(REQUEST)) is None
    assert rows_within(rows, Span(at, at + 30)) == (2, 3)
    assert rows_within(rows, Span(at, at)) == (2,)


@given(st.binary(max_size=200))
def test_any_bytes_make_rows_and_heads_give_their_bytes_back(data: bytes) -> None:
    for row in rows_of_request(data):
        row.spoken()
    head = parse_head(data, at_end=True)
    assert head is not None
    assert head_bytes(head) == data[head.span.start : head.span.end]
    response = read_response(data)
    if response is not None:
        rows_of_response(response, data)
    assert sum(row.span is not None for row in rows_of_draft(Draft().with_bytes(data))) >= 1


def test_who_signed_a_refusal_is_marked_and_a_101_is_not() -> None:
    def tips(status: bytes) -> list[str]:
        made = read_response(status + b"\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n")
        assert made is not None
        chips = [chip for row in rows_of_response(made) for chip in row.chips]
        return [chip.tip for chip in chips if chip.text == "who answered"]

    assert tips(b"HTTP/1.1 400 Bad Request") == ["nginx signs so"]
    assert tips(b"HTTP/1.1 101 Switching Protocols") == []
