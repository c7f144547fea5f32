"""The catalogue of provocations: whole, readable, and of one mind with the program's own rules."""

import pytest

from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.crafting import Must, Plan, craft_from_plain, craft_to_plain, judge, plan_of
from wsinspector.protocol.deflate import DeflateParameters
from wsinspector.protocol.loopback import is_loopback_host
from wsinspector.protocol.provocations import (
    KINDS,
    PROVOCATIONS,
    Demand,
    Kind,
    Provocation,
    Then,
    of_kind,
    provocation_called,
)
from wsinspector.protocol.spans import Role

KEY = b"\x01\x02\x03\x04"


def plan(provocation: Provocation) -> Plan:
    agreed = None
    if provocation.offers:
        agreed = DeflateParameters(
            client_no_context_takeover=provocation.agrees == "client_no_context_takeover",
            client_max_window_bits=9 if provocation.agrees == "client_max_window_bits" else 15,
        )
    return plan_of(
        provocation.craft, sender=Role.CLIENT, agreed=Agreed(deflate=agreed), keys=lambda: KEY, window=b""
    )


def sent(id: str) -> bytes:
    provocation = provocation_called(id)
    assert provocation is not None
    made = plan(provocation)
    return made.read(0, made.size)


def test_every_provocation_says_what_it_does_and_what_must_follow_where_that_stands() -> None:
    ids = [each.id for each in PROVOCATIONS]
    assert len(set(ids)) == len(ids) >= 45
    assert {each.kind for each in PROVOCATIONS} == set(KINDS)
    assert sum(len(of_kind(kind)) for kind in KINDS) == len(PROVOCATIONS)
    for each in PROVOCATIONS:
        assert each.id == each.id.lower()
        assert " " not in each.id
        assert each.what.endswith("."), each.id
        assert each.must.endswith((".", ")")), each.id
        assert "{" not in each.must + each.what + each.title, each.id
        assert each.clause.startswith(("RFC 6455 §", "RFC 7692 §")), each.id
        assert each.title[:1] == each.title[:1].upper(), each.id
        assert provocation_called(each.id) is each
    assert provocation_called("no such thing") is None


@pytest.mark.parametrize("each", PROVOCATIONS, ids=lambda each: each.id)
def test_what_it_demands_agrees_with_the_verdict_before_sending(each: Provocation) -> None:
    made = plan(each)
    assert not made.problem
    judgement = judge(made)
    failing = judgement.failing
    match each.demand:
        case Demand.FAIL:
            assert failing is not None
            assert not each.codes or failing.code in each.codes
            assert failing.text.startswith("Must fail"), "a clause says so"
        case Demand.MAY_FAIL | Demand.MAY_CLOSE:
            assert failing is not None
            assert failing.code in each.codes
            assert failing.text.startswith("Usually fails"), "the rule binds the sender alone"
        case Demand.GO_ON:
            assert failing is None
            assert Must.CLOSE not in {line.must for line in judgement.lines}
            assert judgement.pending is None or judgement.partial
        case Demand.CLOSE:
            assert failing is None
            assert Must.CLOSE in {line.must for line in judgement.lines}
        case Demand.FREE:
            assert failing is None or failing.code in each.codes
    if judgement.pending is not None and each.demand is Demand.FREE:
        assert each.then is not Then.PROBE  # a Ping would be read as its payload


@pytest.mark.parametrize("each", PROVOCATIONS, ids=lambda each: each.id)
def test_its_frames_can_be_taken_into_a_file(each: Provocation) -> None:
    assert craft_from_plain(craft_to_plain(each.craft)) == each.craft


@pytest.mark.parametrize(
    ("id", "data"),
    [
        ("unmasked-text", b"\x81\x05Hello"),
        ("unmasked-ping", b"\x89\x08unmasked"),
        ("zero-key", b"\x81\x85\x00\x00\x00\x00Hello"),
        ("opcode-b", b"\x8b\x85" + KEY + bytes(a ^ b for a, b in zip(b"Hello", KEY * 2, strict=False))),
        ("rsv1", b"\xc1\x85" + KEY + bytes(a ^ b for a, b in zip(b"Hello", KEY * 2, strict=False))),
        ("length-16-for-5", b"\x81\xfe\x00\x05" + KEY + b"Ig\x6fhn"),
        ("half-header", b"\x81"),
        ("ping-empty", b"\x89\x80" + KEY),
        ("close-empty", b"\x88\x80" + KEY),
        ("close-one-byte", b"\x88\x81" + KEY + b"\x02"),
        ("close-1005", b"\x88\x82" + KEY + b"\x02\xef"),
        ("stray-continuation", b"\x80\x85" + KEY + b"Ig\x6fhn"),
    ],
)  # fmt: skip
def test_the_bytes_are_those_of_the_clause(id: str, data: bytes) -> None:
    assert sent(id) == data


def test_lengths_lie_as_they_say() -> None:
    assert sent("length-top-bit")[:10] == b"\x81\xff\x80\x00\x00\x00\x00\x00\x00\x05"
    assert sent("length-2-62")[:10] == b"\x81\xff\x40\x00\x00\x00\x00\x00\x00\x00"
    assert sent("longer-than-sent")[:2] == b"\x81\xe4"
    assert len(sent("longer-than-sent")) == 2 + 4 + 5
    assert sent("control-126")[:4] == b"\x89\xfe\x00\x7e"


def test_a_bomb_and_large_messages_are_bounded() -> None:
    for each in PROVOCATIONS:
        assert plan(each).size <= (16 << 20) + 14
    bomb = provocation_called("deflate-bomb")
    assert bomb is not None
    assert plan(bomb).size < 1 << 15


def test_all_that_needs_compression_offers_it() -> None:
    for each in of_kind(Kind.COMPRESSION):
        assert each.needs_deflate
        assert each.offers.startswith(b"permessage-deflate")
    assert all(not each.offers for each in PROVOCATIONS if each.kind is not Kind.COMPRESSION)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.9.8.7", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("a.localhost", True),
        ("example.org", False),
        ("127.0.0.1.example.org", False),
        ("localhost.example.org", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("", False),
    ],
)
def test_only_what_is_surely_this_computer_is_taken_for_it(host: str, here: bool) -> None:
    assert is_loopback_host(host) is here
