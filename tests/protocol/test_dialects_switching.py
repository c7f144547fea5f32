"""A draft rewritten from one dialect to another keeps what is nobody's own, and comes back whole."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.exchanges import crlf
from wsinspector.protocol.dialects import (
    DIALECTS,
    Dialect,
    dialect_called,
    recognise,
    to_speak,
    with_dialect,
)
from wsinspector.protocol.draft import Draft, DraftLine, Generated, standard_draft
from wsinspector.protocol.head_reader import parse_request

KEY = b"AAAAAAAAAAAAAAAAAAAAAA=="


def zeros(count: int) -> bytes:
    return bytes(count)


FULL = crlf(
    b"GET /chat?a=b HTTP/1.1",
    b"User-Agent: odd/1",
    b"Host: a.example:81",
    b"Upgrade: websocket",
    b"Connection: keep-alive, Upgrade",
    b"Cookie: c=1",
    b"Sec-WebSocket-Key: " + KEY,
    b"Sec-WebSocket-Version: 13",
    b"Authorization: Basic eA==",
    b"Origin: https://page.example",
    b"Sec-WebSocket-Protocol: one",
    b"Sec-WebSocket-Protocol: two",
    b"Sec-WebSocket-Extensions: permessage-deflate",
    b"X: y",
)


def test_all_of_a_request_goes_over_to_hixie_75() -> None:
    draft = with_dialect(Draft.from_bytes(FULL), dialect_called("hixie-75"), zeros)
    assert draft.to_bytes() == crlf(
        b"GET /chat?a=b HTTP/1.1",
        b"Upgrade: WebSocket",
        b"Connection: Upgrade",
        b"Host: a.example:81",
        b"Origin: https://page.example",
        b"WebSocket-Protocol: one",
        b"User-Agent: odd/1",
        b"Cookie: c=1",
        b"Authorization: Basic eA==",
        b"X: y",
    )


def test_all_of_a_request_goes_over_to_hybi_03_and_back() -> None:
    draft = with_dialect(Draft.from_bytes(FULL), dialect_called("hybi-03"), zeros)
    head = parse_request(draft.to_bytes())
    assert head.values(b"Sec-WebSocket-Protocol") == (b"one two",)
    assert head.values(b"Sec-WebSocket-Draft") == (b"2",)
    assert not head.named(b"Sec-WebSocket-Extensions")
    assert not head.named(b"Sec-WebSocket-Version")
    assert draft.tail == bytes(8)
    back = with_dialect(draft, dialect_called("rfc6455"), zeros)
    assert back.to_bytes() == crlf(
        b"GET /chat?a=b HTTP/1.1",
        b"Host: a.example:81",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: " + KEY,
        b"Sec-WebSocket-Version: 13",
        b"Origin: https://page.example",
        b"Sec-WebSocket-Protocol: one, two",
        b"User-Agent: odd/1",
        b"Cookie: c=1",
        b"Authorization: Basic eA==",
        b"Sec-WebSocket-Extensions: permessage-deflate",
        b"X: y",
    )


def test_the_origin_moves_to_the_field_of_its_time() -> None:
    older = with_dialect(Draft.from_bytes(FULL), dialect_called("hybi-08"), zeros)
    assert parse_request(older.to_bytes()).values(b"Sec-WebSocket-Origin") == (b"https://page.example",)
    assert not parse_request(older.to_bytes()).named(b"Origin")
    newer = with_dialect(older, dialect_called("hybi-11"), zeros)
    assert parse_request(newer.to_bytes()).values(b"Origin") == (b"https://page.example",)
    assert newer.version_values() == (b"8",)


def test_marks_of_host_and_origin_go_with_their_values() -> None:
    draft = standard_draft(b"/", b"a.example", KEY, origin=b"http://a.example")
    marked = with_dialect(draft, dialect_called("hixie-76"), zeros)
    assert set(marked.generated_values()) == {
        Generated.HOST,
        Generated.ORIGIN,
        Generated.KEY1,
        Generated.KEY2,
        Generated.KEY3,
    }
    typed = draft.with_edited_value(draft.named(b"Host")[0], b"typed.example")
    typed = typed.with_edited_value(typed.named(b"Origin")[0], b"null")
    other = with_dialect(typed, dialect_called("hixie-76"), zeros)
    assert not {Generated.HOST, Generated.ORIGIN} & set(other.generated_values())
    assert b"Origin: null\r\n" in other.to_bytes()
    assert with_dialect(marked, dialect_called("rfc6455"), zeros) == draft


def test_an_origin_that_is_demanded_and_was_not_there_follows_the_address() -> None:
    for name, field in (("hixie-75", b"Origin"), ("hybi-08", b"Sec-WebSocket-Origin")):
        draft = with_dialect(standard_draft(b"/", b"a.example", KEY), dialect_called(name), zeros)
        assert b"\r\n" + field + b": http://a.example\r\n" in draft.to_bytes()
        assert Generated.ORIGIN in draft.generated_values()


def test_an_extension_that_was_switched_off_stays_off() -> None:
    line = DraftLine(b"Sec-WebSocket-Extensions", b"permessage-deflate", enabled=False)
    draft = standard_draft(b"/", b"h", KEY)
    draft = draft.insert(len(draft.lines), line)
    older = with_dialect(draft, dialect_called("hybi-08"), zeros)
    assert b"permessage-deflate" not in older.to_bytes()


def test_a_version_value_changes_the_version_lines_alone() -> None:
    for dialect in DIALECTS:
        draft = with_dialect(Draft.from_bytes(FULL), dialect, zeros)
        said = draft.with_version_values([b"25"])
        assert said.version_values() == (b"25",)
        rest = [line for line in said.lines if not line.is_named(b"Sec-WebSocket-Version")]
        assert rest == [line for line in draft.lines if not line.is_named(b"Sec-WebSocket-Version")]
        assert (said.request_line, said.tail) == (draft.request_line, draft.tail)


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"no head at all"])
def test_bytes_that_are_no_head_stay_as_they_are(data: bytes) -> None:
    draft = Draft.from_bytes(data)
    for dialect in DIALECTS:
        assert with_dialect(draft, dialect, zeros) is draft


@given(st.lists(st.sampled_from(DIALECTS), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_any_way_through_the_dialects_ends_in_a_request_of_the_last(
    path: list[Dialect], random: Random
) -> None:
    draft = Draft.from_bytes(FULL)
    for dialect in path:
        draft = with_dialect(draft, dialect, random.randbytes)
    last = path[-1]
    head = parse_request(draft.to_bytes())
    assert last.handshake.refusal(last, head, draft.tail) == ""
    assert recognise(head).challenge is last.challenge
    assert to_speak(draft, last) == (last.name if last.name in ("hybi-01", "hybi-03") else "")
    for name in (b"User-Agent", b"Cookie", b"Authorization", b"X"):
        assert len(head.named(name)) == 1
