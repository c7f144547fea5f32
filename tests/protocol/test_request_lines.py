"""A switch changes its own line of the request and no other byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.address import understand
from wsinspector.protocol.dialects import DIALECTS, with_dialect
from wsinspector.protocol.draft import EXTENSIONS, PROTOCOL, Draft, DraftLine, standard_draft
from wsinspector.protocol.request_lines import (
    AUTHORIZATION,
    DEFLATE_OFFER,
    HOST,
    ORIGIN,
    host_follows,
    offers_deflate,
    origin_follows,
    origin_of,
    subprotocols,
    value_of,
    with_authorization,
    with_deflate,
    with_host,
    with_origin,
    with_subprotocols,
    without,
)


def zeros(count: int) -> bytes:
    return bytes(count)


BARE = standard_draft(b"/", b"a.example", b"key")


def offering(*values: bytes) -> Draft:
    draft = BARE
    for value in values:
        draft = draft.insert(len(draft.lines), DraftLine(EXTENSIONS, value))
    return draft


def values(draft: Draft) -> list[bytes]:
    return [line.value for line in draft.lines if line.enabled and line.is_named(EXTENSIONS)]


def test_an_offer_is_a_line_at_the_end() -> None:
    offered = with_deflate(BARE, True)
    assert offered.to_bytes() == BARE.to_bytes()[:-2] + EXTENSIONS + b": " + DEFLATE_OFFER + b"\r\n\r\n"
    assert with_deflate(offered, True) is offered


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((b"permessage-deflate",), []),
        ((b"x-a, permessage-deflate; a=b, x-b",), [b"x-a, x-b"]),
        ((b"PerMessage-Deflate, permessage-deflate; x",), []),
        ((b'x; a="permessage-deflate, y", permessage-deflate',), [b'x; a="permessage-deflate, y"']),
        ((b"x-a", b"permessage-deflate"), [b"x-a"]),
    ],
)
def test_an_offer_taken_out_leaves_the_others(before: tuple[bytes, ...], after: list[bytes]) -> None:
    draft = with_deflate(offering(*before), False)
    assert values(draft) == after
    assert not offers_deflate(draft)


def test_an_offer_comes_back_as_it_was() -> None:
    draft = offering(b"permessage-deflate; server_max_window_bits=10")
    assert with_deflate(with_deflate(draft, False), True) == draft


def test_an_offer_joins_others() -> None:
    assert values(with_deflate(offering(b"x-a"), True)) == [b"x-a, " + DEFLATE_OFFER]
    assert values(with_deflate(offering(b""), True)) == [DEFLATE_OFFER]


@given(st.lists(st.binary(max_size=30), max_size=3))
def test_any_line_can_be_switched(lines: list[bytes]) -> None:
    draft = offering(*(line.replace(b"\r", b"").replace(b"\n", b"") for line in lines))
    assert offers_deflate(with_deflate(draft, True))
    assert not offers_deflate(with_deflate(draft, False))


def test_subprotocols_are_lines_behind_the_version() -> None:
    draft = with_subprotocols(with_deflate(BARE, True), (b"chat, x", b"y"))
    assert subprotocols(draft) == (b"chat, x", b"y")
    names = [line.name for line in draft.lines]
    assert names[4:] == [b"Sec-WebSocket-Version", PROTOCOL, PROTOCOL, EXTENSIONS]
    assert subprotocols(with_subprotocols(draft, (b"z",))) == (b"z",)
    assert with_subprotocols(draft, ()) == with_deflate(BARE, True)


@given(st.lists(st.binary(max_size=5), max_size=3), st.lists(st.binary(max_size=5), max_size=3))
def test_any_subprotocols_replace_any(first: list[bytes], second: list[bytes]) -> None:
    draft = with_subprotocols(with_subprotocols(BARE, first), second)
    assert subprotocols(draft) == tuple(second)
    assert [line for line in draft.lines if not line.is_named(PROTOCOL)] == list(BARE.lines)


def test_host_apart_and_back() -> None:
    apart = with_host(BARE, b"b.example")
    assert value_of(apart, HOST) == b"b.example"
    assert not host_follows(apart)
    assert with_host(apart, b"a.example", generated=True) == BARE
    first = with_host(without(BARE, HOST), b"c.example")
    assert first.lines[0].name == HOST


def test_origin_follows_the_address() -> None:
    address = understand("wss://a.example:444/x")
    assert origin_of(address) == b"https://a.example:444"
    draft = with_origin(BARE, origin_of(address))
    assert value_of(draft, ORIGIN) == b"https://a.example:444"
    assert origin_follows(draft)
    assert value_of(draft.with_generated(origin=b"http://b"), ORIGIN) == b"http://b"
    assert with_origin(draft, None) == BARE


def test_credentials_come_and_go() -> None:
    value = understand("ws://ada:pw@a.example").authorization
    draft = with_authorization(BARE, value)
    assert value_of(draft, AUTHORIZATION) == b"Basic YWRhOnB3"
    assert with_authorization(draft, None) == BARE


def test_a_line_that_is_off_is_switched_on_again() -> None:
    draft = with_origin(BARE, b"http://a")
    off = draft.switched(len(draft.lines) - 1, False)
    assert with_origin(off, b"http://b") == with_origin(BARE, b"http://b")


def test_bytes_that_are_no_head_stay() -> None:
    raw = Draft.from_bytes(b"\x00\x01")
    for changed in (
        with_deflate(raw, True),
        with_subprotocols(raw, (b"x",)),
        with_host(raw, b"x"),
        with_origin(raw, b"x"),
        with_authorization(raw, b"x"),
        without(raw, HOST),
    ):
        assert changed == raw


def test_subprotocols_stand_in_the_header_of_the_draft_s_dialect() -> None:
    for dialect in DIALECTS:
        draft = with_dialect(BARE, dialect, zeros)
        name = b"WebSocket-Protocol" if dialect.name == "hixie-75" else PROTOCOL
        offering = with_subprotocols(draft, [b"chat"])
        assert subprotocols(offering) == (b"chat",)
        assert b"\r\n" + name + b": chat\r\n" in offering.to_bytes()
        assert with_subprotocols(offering, []) == draft


def test_the_origin_stands_in_the_header_of_the_draft_s_dialect() -> None:
    for dialect in DIALECTS:
        draft = with_dialect(BARE, dialect, zeros)
        said = with_origin(draft, b"http://page.example")
        assert b"\r\n" + dialect.origin_field + b": http://page.example\r\n" in said.to_bytes()
        silent = with_origin(said, None)
        assert b"page.example" not in silent.to_bytes()
        again = with_origin(silent, b"http://page.example")
        assert sorted(again.to_bytes().split(b"\r\n")) == sorted(said.to_bytes().split(b"\r\n"))
