"""Offers of permessage-deflate in a draft: read as they are written, replaced, and nothing corrected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.deflate import answer
from wsinspector.protocol.deflate_offers import (
    CLIENT_BITS,
    SERVER_BITS,
    SERVER_TAKEOVER,
    offers_of,
    repeated,
    with_offers,
    with_parameter,
    written,
)
from wsinspector.protocol.draft import EXTENSIONS, Draft, DraftLine, standard_draft

DRAFT = standard_draft(b"/", b"example.com", b"dGhlIHNhbXBsZSBub25jZQ==")


def with_line(value: bytes) -> Draft:
    return DRAFT.insert(len(DRAFT.lines), DraftLine(EXTENSIONS, value))


def values(draft: Draft) -> list[bytes]:
    return [draft.lines[row].value for row in draft.named(EXTENSIONS)]


def test_other_extensions_stay_where_they_stand() -> None:
    draft = with_line(b"x-one, permessage-deflate;  client_max_window_bits , x-two;a=1")
    assert offers_of(draft) == (b"permessage-deflate;  client_max_window_bits",)
    offers = [b"permessage-deflate; server_max_window_bits=7", b"permessage-deflate"]
    made = with_offers(draft, offers)
    assert values(made) == [
        b"x-one, permessage-deflate; server_max_window_bits=7, permessage-deflate, x-two;a=1"
    ]
    assert values(with_offers(made, [])) == [b"x-one, x-two;a=1"]


def test_a_line_comes_and_goes() -> None:
    made = with_offers(DRAFT, [b"permessage-deflate"])
    assert values(made) == [b"permessage-deflate"]
    assert values(with_offers(made, [])) == []
    assert with_offers(made, [b"permessage-deflate"]) is made


@pytest.mark.parametrize("value", [b"=7", b"=16", b"=09", b"=", b"=x"])
def test_what_is_malformed_is_written_as_chosen_and_declined(value: bytes) -> None:
    made = with_parameter(b"permessage-deflate; client_max_window_bits", SERVER_BITS, value)
    assert made == b"permessage-deflate; client_max_window_bits; server_max_window_bits" + value
    assert written(made, SERVER_BITS) == value
    assert answer([made]) is None


def test_a_parameter_twice_or_no_more() -> None:
    assert repeated(b"permessage-deflate") == (
        b"permessage-deflate; server_no_context_takeover; server_no_context_takeover"
    )
    twice = repeated(b"permessage-deflate; client_max_window_bits=9")
    assert answer([twice]) is None
    assert with_parameter(twice, CLIENT_BITS, None) == b"permessage-deflate"
    assert with_parameter(twice, CLIENT_BITS, b"") == b"permessage-deflate; client_max_window_bits"


@given(st.lists(st.sampled_from([b"=8", b"=15", b"", b'="15"', b"=7"]), max_size=4))
def test_what_is_written_is_read_again(chosen: list[bytes]) -> None:
    offers = [with_parameter(b"permessage-deflate", CLIENT_BITS, each) for each in chosen]
    made = with_offers(with_line(b"x-one"), offers)
    assert list(offers_of(made)) == offers
    assert [written(offer, CLIENT_BITS) for offer in offers_of(made)] == chosen
    assert all(written(offer, SERVER_TAKEOVER) is None for offer in offers_of(made))
