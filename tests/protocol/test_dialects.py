"""The table, the two challenges, composing and answering, each against bytes that drafts or servers wrote."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.exchanges import (
    ANSWERED_75,
    ANSWERED_76,
    ASKED_75,
    ASKED_76,
    VECTORS,
    Vector,
    answered,
    asked,
    asked_76,
    crlf,
)
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.deflate import DeflateParameters
from wsinspector.protocol.dialects import (
    DIALECTS,
    Asking,
    Challenge,
    Random,
    dialect_called,
    dialect_of,
    extension_note,
    opaque_extension,
    recognise,
    refreshed,
    spoken_for,
)
from wsinspector.protocol.dialects.challenges import (
    MOST,
    connection_key,
    digest_for,
    digest_mistake,
    numbered_key,
    read_numbered_key,
)
from wsinspector.protocol.dialects.extensions import answer_per_frame
from wsinspector.protocol.draft import Generated, standard_draft
from wsinspector.protocol.head_reader import parse_request
from wsinspector.protocol.http_reader import read_response

ASKING = Asking(b"/echo", b"127.0.0.1:39107", b"http://example.com", (b"sample",))


def drawing(seed: bytes) -> Random:
    """The same bytes over and over, so that a run can be repeated."""
    place = 0

    def draw(count: int) -> bytes:
        nonlocal place
        got = bytes(seed[(place + at) % len(seed)] for at in range(count))
        place += count
        return got

    return draw


SEEDS = st.binary(min_size=1, max_size=200)


def test_the_table_has_every_dialect_oldest_first_and_each_has_its_framing() -> None:
    assert [dialect.name for dialect in DIALECTS] == [
        "hixie-75",
        "hixie-76",
        "hybi-01",
        "hybi-02",
        "hybi-03",
        "hybi-04",
        "hybi-05",
        "hybi-06",
        "hybi-07",
        "hybi-08",
        "hybi-11",
        "rfc6455",
    ]
    assert [dialect.dated for dialect in DIALECTS] == sorted(dialect.dated for dialect in DIALECTS)
    assert [dialect.framing.name for dialect in DIALECTS] == [
        *["sentinel"] * 2,
        *["more"] * 3,
        *["whole"] * 3,
        *["rfc6455"] * 4,
    ]
    with pytest.raises(KeyError):
        dialect_called("hybi-09")


# -- the two keys


@pytest.mark.parametrize("vector", VECTORS)
def test_the_numbers_and_the_digest_of_both_keys(vector: Vector) -> None:
    assert (read_numbered_key(vector.key1).number, read_numbered_key(vector.key2).number) == vector.numbers
    assert digest_for(vector.key1, vector.key2, vector.key3) == vector.digest


@given(SEEDS)
def test_a_drawn_key_keeps_the_rules_whatever_was_drawn(seed: bytes) -> None:
    key = numbered_key(drawing(seed))
    read = read_numbered_key(key)
    assert read.fault == ""
    assert read.number is not None
    assert 0 <= read.number <= MOST
    assert 1 <= read.spaces <= 12
    assert b" " not in (key[:1], key[-1:])
    strays = [byte for byte in key if byte != 0x20 and not 0x30 <= byte <= 0x39]
    assert 1 <= len(strays) <= 12
    assert all(0x21 <= byte <= 0x2F or 0x3A <= byte <= 0x7E for byte in strays)


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        (b"", "digit"),
        (b"a b", "digit"),
        (b"123x", "no space"),
        (b"1 01 x", "2 spaces do not divide"),  # 101 by 2
        (b"4294967296 ", "four bytes"),
        (b"9" * 5000 + b" 9", "too great"),
    ],
)
def test_a_key_that_stands_for_no_number(key: bytes, fault: str) -> None:
    read = read_numbered_key(key)
    assert read.number is None
    assert fault in read.fault
    assert digest_for(key, VECTORS[0].key2, VECTORS[0].key3) is None


def test_zeros_in_front_do_not_make_a_number_too_great() -> None:
    assert read_numbered_key(b"0" * 5000 + b"8 ").number == 8


def test_the_fingerprint_of_a_digest_over_text() -> None:
    one = VECTORS[0]
    came = bytes.fromhex("398cf2fc5ee330584b7c593df0886af4")
    assert digest_mistake(one.key1, one.key2, one.key3, came).startswith("computed over UTF-8 text")
    assert digest_mistake(one.key1, one.key2, one.key3, one.digest) == ""
    assert digest_mistake(one.key1, one.key2, one.key3, bytes(16)) == ""
    swapped = digest_for(one.key2, one.key1, one.key3) or b""
    assert "wrong way round" in digest_mistake(one.key1, one.key2, one.key3, swapped)
    as_text = one.digest.hex().encode()[:16]
    assert "hexadecimal" in digest_mistake(one.key1, one.key2, one.key3, as_text)


def test_the_connection_key_of_hybi_04() -> None:
    made = connection_key(b"dGhlIHNhbXBsZSBub25jZQ==", b"AQIDBAUGBwgJCgsMDQ4PEC==")
    assert made == bytes.fromhex("41e14f78311e4c34283e6d8b363b8848d58591a7")


# -- the client's requests


def test_what_hixie_75_sends() -> None:
    dialect = dialect_called("hixie-75")
    draft = dialect.handshake.compose(dialect, ASKING, os.urandom)
    assert draft.to_bytes() == crlf(
        b"GET /echo HTTP/1.1",
        b"Upgrade: WebSocket",
        b"Connection: Upgrade",
        b"Host: 127.0.0.1:39107",
        b"Origin: http://example.com",
        b"WebSocket-Protocol: sample",
    )


@pytest.mark.parametrize("name", ["hixie-76", "hybi-01", "hybi-02", "hybi-03"])
def test_what_the_dialects_with_two_keys_send(name: str) -> None:
    dialect = dialect_called(name)
    asking = Asking(b"/", b"a.example", b"", (b"one", b"two"))
    draft = dialect.handshake.compose(dialect, asking, drawing(b"abcdefgh12345"))
    head = parse_request(draft.to_bytes())
    assert [line.name for line in head.lines][:5] == [
        b"Upgrade",
        b"Connection",
        b"Host",
        b"Origin",
        b"Sec-WebSocket-Protocol",
    ]
    assert head.values(b"Upgrade") == (b"WebSocket",)
    assert head.values(b"Origin") == (b"http://a.example",)
    assert head.values(b"Sec-WebSocket-Protocol") == (b"one two",)
    assert head.values(b"Sec-WebSocket-Draft") == ((b"2",) if name in ("hybi-02", "hybi-03") else ())
    assert not head.named(b"Content-Length")
    assert len(draft.tail) == 8
    assert draft.tail_generated
    assert draft.fresh_names() == {b"sec-websocket-key1", b"sec-websocket-key2"}


@pytest.mark.parametrize(
    ("name", "version", "origin"),
    [
        ("hybi-04", b"4", b"Sec-WebSocket-Origin"),
        ("hybi-05", b"5", b"Sec-WebSocket-Origin"),
        ("hybi-06", b"6", b"Sec-WebSocket-Origin"),
        ("hybi-07", b"7", b"Sec-WebSocket-Origin"),
        ("hybi-08", b"8", b"Sec-WebSocket-Origin"),
        ("hybi-11", b"8", b"Origin"),
        ("rfc6455", b"13", b"Origin"),
    ],
)
def test_what_the_dialects_with_one_key_send(name: str, version: bytes, origin: bytes) -> None:
    dialect = dialect_called(name)
    asking = Asking(b"/echo", b"a.example", b"http://example.com", (b"one", b"two"))
    draft = dialect.handshake.compose(dialect, asking, lambda count: b"the sample nonce"[:count])
    assert draft.to_bytes() == crlf(
        b"GET /echo HTTP/1.1",
        b"Host: a.example",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        b"Sec-WebSocket-Version: " + version,
        origin + b": http://example.com",
        b"Sec-WebSocket-Protocol: one, two",
    )
    assert spoken_for(draft.to_bytes()) == name


def test_rfc6455_composes_what_a_new_draft_holds() -> None:
    dialect = dialect_called("rfc6455")
    draft = dialect.handshake.compose(dialect, Asking(b"/", b"h", b""), lambda count: bytes(count))
    assert draft == standard_draft(b"/", b"h", b"AAAAAAAAAAAAAAAAAAAAAA==")


# -- which dialect a request speaks


@pytest.mark.parametrize(
    ("request_bytes", "name"),
    [
        (ASKED_75, "hixie-75"),
        (ASKED_76, "hixie-76"),
        (asked_76(b"Sec-WebSocket-Draft: 1"), "hybi-01"),
        (asked_76(b"Sec-WebSocket-Draft: 2"), "hybi-02"),
        (asked_76(b"Sec-WebSocket-Draft: 3"), "hybi-03"),
        (asked_76(b"Sec-WebSocket-Draft: 9"), "hixie-76"),
        (asked(b"4"), "hybi-04"),
        (asked(b"5"), "hybi-05"),
        (asked(b"6"), "hybi-06"),
        (asked(b"7"), "hybi-07"),
        (asked(b"8"), "hybi-08"),
        (asked(b"8", origin=b"Origin"), "hybi-11"),
        (asked(b"13", origin=b"Origin"), "rfc6455"),
        (asked(b"25"), "rfc6455"),
        (asked(b"08"), "rfc6455"),
        (asked(b"7", b"Sec-WebSocket-Version: 8"), "rfc6455"),
        (b"", "rfc6455"),
        (b"\x00\xff not a request", "rfc6455"),
        (ASKED_75.replace(b"WebSocket", b"websocket"), "rfc6455"),
        (ASKED_75[:-2] + b"Sec-WebSocket-Version: 13\r\n\r\n", "rfc6455"),
    ],
)
def test_what_a_request_proposes(request_bytes: bytes, name: str) -> None:
    assert spoken_for(request_bytes) == name
    assert recognise(parse_request(request_bytes)).name == name


@given(st.sampled_from([ASKED_75, ASKED_76, asked(b"4"), b""]), st.integers(0, 400), st.binary(max_size=40))
def test_reading_a_request_never_raises(start: bytes, cut: int, rest: bytes) -> None:
    data = start[:cut] + rest
    head = parse_request(data)
    recognise(head)
    for dialect in DIALECTS:
        handshake = dialect.handshake
        handshake.refusal(dialect, head, rest)
        handshake.answer(
            dialect, head, rest, location=b"", subprotocol=None, extensions=(), random=os.urandom
        )
        answer = read_response(data)
        if answer is not None:
            handshake.agreed(dialect, data, answer)


# -- the server's half


def _answer(name: str, request: bytes, **changes: bytes) -> bytes:
    dialect = dialect_called(name)
    head = parse_request(request)
    tail = request[head.span.end :]
    assert dialect.handshake.refusal(dialect, head, tail) == ""
    return dialect.handshake.answer(
        dialect,
        head,
        tail,
        location=b"ws://127.0.0.1:39107/echo",
        subprotocol=changes.get("subprotocol"),
        extensions=(),
        random=lambda count: bytes(range(1, count + 1)),
    )


def test_the_answer_to_hixie_75_is_the_one_recorded() -> None:
    assert _answer("hixie-75", ASKED_75) == ANSWERED_75


@pytest.mark.parametrize(
    ("name", "request_bytes"),
    [
        ("hixie-76", ASKED_76),
        ("hybi-01", ASKED_76),
        ("hybi-02", asked_76(b"Sec-WebSocket-Draft: 2")),
        ("hybi-03", asked_76(b"Sec-WebSocket-Draft: 2")),
    ],
)
def test_the_answer_to_two_keys_is_the_one_recorded_but_for_the_order(
    name: str, request_bytes: bytes
) -> None:
    came = _answer(name, request_bytes)
    assert sorted(came[:-16].split(b"\r\n")) == sorted(ANSWERED_76[:-16].split(b"\r\n"))
    assert came.startswith(
        b"HTTP/1.1 101 WebSocket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
    )
    assert came[-16:] == ANSWERED_76[-16:]


@pytest.mark.parametrize(
    ("name", "version"), [("hybi-05", b"5"), ("hybi-06", b"6"), ("hybi-07", b"7"), ("hybi-08", b"8")]
)
def test_the_answer_to_one_key_is_the_one_recorded(name: str, version: bytes) -> None:
    assert _answer(name, asked(version)) == answered()


def test_the_answer_of_hybi_04_carries_a_nonce_that_the_client_can_mix_in() -> None:
    request = asked(b"4")
    came = _answer("hybi-04", request)
    assert came == answered(b"Sec-WebSocket-Nonce: AQIDBAUGBwgJCgsMDQ4PEA==")
    response = read_response(came)
    assert response is not None
    dialect = dialect_called("hybi-04")
    agreed = dialect.handshake.agreed(dialect, request, response)
    key = connection_key(b"dGhlIHNhbXBsZSBub25jZQ==", b"AQIDBAUGBwgJCgsMDQ4PEA==")
    assert agreed == Agreed(dialect="hybi-04", connection_key=key)


def test_a_chosen_subprotocol_stands_in_the_field_of_its_time() -> None:
    offer = ASKED_75[:-2] + b"WebSocket-Protocol: chat\r\n\r\n"
    assert b"\r\nWebSocket-Protocol: chat\r\n" in _answer("hixie-75", offer)
    assert b"\r\nSec-WebSocket-Protocol: b\r\n" in _answer(
        "hybi-07", asked(b"7", b"Sec-WebSocket-Protocol: a, b"), subprotocol=b"b"
    )


@pytest.mark.parametrize(
    ("name", "request_bytes", "reason"),
    [
        ("hixie-75", ASKED_75.replace(b"GET", b"PUT"), "GET"),
        ("hixie-75", ASKED_75.replace(b"Origin", b"X"), "Origin"),
        ("hixie-76", ASKED_75, "Sec-WebSocket-Key1"),
        ("hixie-76", ASKED_76[:-1], "7 of the 8"),
        ("hixie-76", ASKED_76.replace(b"4 @1  46546xW%0l 1 5", b"4 @1  46546xW%0l 1 6"), "divide"),
        ("hybi-02", ASKED_76.replace(b"12998 5 Y3 1  .P00", b"12998x"), "no space"),
        ("hybi-04", asked(b"4").replace(b"Connection: ", b"Connection: keep-alive, "), "more than Upgrade"),
        ("hybi-05", asked(b"5").replace(b"Connection: ", b"Connection: keep-alive, "), "more than Upgrade"),
        ("hybi-07", asked(b"8"), "Sec-WebSocket-Version is not 7"),
        ("hybi-07", asked(b"7").replace(b"ZQ==", b""), "16 bytes"),
        ("rfc6455", asked(b"13").replace(b"websocket\r\n", b"h2c\r\n"), "Upgrade"),
        ("rfc6455", asked(b"13").replace(b"HTTP/1.1", b"HTTP/1.0"), "HTTP version"),
        ("rfc6455", asked(b"13").replace(b"Host", b"X"), "Host"),
        ("rfc6455", asked(b"13")[:-2], "not whole"),
    ],
)
def test_what_a_server_of_the_dialect_must_refuse(name: str, request_bytes: bytes, reason: str) -> None:
    dialect = dialect_called(name)
    head = parse_request(request_bytes)
    assert reason in dialect.handshake.refusal(dialect, head, request_bytes[head.span.end :])


def test_hybi_06_takes_other_tokens_beside_upgrade() -> None:
    dialect = dialect_called("hybi-06")
    head = parse_request(asked(b"6").replace(b"Connection: ", b"Connection: keep-alive, "))
    assert dialect.handshake.refusal(dialect, head, b"") == ""


# -- extensions of their time


@pytest.mark.parametrize(
    ("offer", "answer", "deflate", "per_frame"),
    [
        (b"permessage-deflate", b"permessage-deflate", DeflateParameters(), False),
        (b"deflate-frame", b"deflate-frame", DeflateParameters(), True),
        (b"x-webkit-deflate-frame", b"x-webkit-deflate-frame", DeflateParameters(), True),
        (
            b"deflate-frame; max_window_bits=10",
            b"deflate-frame; no_context_takeover",
            DeflateParameters(False, True, 10, 15),
            True,
        ),
        (b"deflate-frame", b"deflate-frame; max_window_bits=16", None, False),
        (b"deflate-frame", b"deflate-frame; other", None, False),
        (b"x", b"deflate-frame", None, False),
        (b"deflate-stream", b"deflate-stream", None, False),
    ],
)
def test_which_compression_an_answer_settles(
    offer: bytes, answer: bytes, deflate: DeflateParameters | None, per_frame: bool
) -> None:
    request = asked(b"8", b"Sec-WebSocket-Extensions: " + offer)
    response = read_response(answered(b"Sec-WebSocket-Extensions: " + answer))
    assert response is not None
    dialect = dialect_called("hybi-08")
    agreed = dialect.handshake.agreed(dialect, request, response)
    assert (agreed.deflate, agreed.per_frame) == (deflate, per_frame)
    name = answer.split(b";")[0].decode()
    assert agreed.void == (name if deflate is None and offer != b"x" and "stream" not in name else "")


def test_a_server_takes_the_first_offer_of_compression_by_frame_that_it_can() -> None:
    taken = answer_per_frame([b"permessage-deflate, x-webkit-deflate-frame; no_context_takeover"])
    assert taken == (b"x-webkit-deflate-frame", DeflateParameters(True, False, 15, 15))
    assert answer_per_frame([b"deflate-frame; max_window_bits=8"]) is None
    assert answer_per_frame([b"deflate-frame; odd"]) is None


def test_extensions_are_named_and_those_that_hide_frames_said_so() -> None:
    for name in (b"compression", b"deflate-stream", b"deflate-frame", b"X-WebKit-Deflate-Frame"):
        note = extension_note(name)
        assert note is not None
        assert note.obsolete
    modern = extension_note(b"permessage-deflate")
    assert modern is not None
    assert not modern.obsolete
    assert extension_note(b"unheard-of") is None
    agreed = opaque_extension([b"deflate-stream, x"], [b"deflate-stream"])
    assert agreed is not None
    assert agreed.name == b"deflate-stream"
    assert opaque_extension([b"x"], [b"deflate-stream"]) is None


# -- what is drawn anew


def test_only_what_is_still_marked_is_drawn_anew() -> None:
    dialect = dialect_called("hixie-76")
    draft = dialect.handshake.compose(dialect, ASKING, drawing(b"one seed"))
    row = draft.named(b"Sec-WebSocket-Key1")[0]
    edited = draft.with_edited_value(row, VECTORS[0].key1)
    fresh = refreshed(edited, drawing(b"quite another"))
    assert fresh.lines[row].value == VECTORS[0].key1
    other = draft.named(b"Sec-WebSocket-Key2")[0]
    assert fresh.lines[other].value != draft.lines[other].value
    assert fresh.tail != draft.tail
    assert fresh.tail_generated
    kept = refreshed(draft.with_tail(VECTORS[0].key3), drawing(b"quite another"))
    assert kept.tail == VECTORS[0].key3
    assert Generated.KEY3 not in kept.generated_values()


def test_edited_bytes_keep_the_tail_s_mark_while_it_is_the_same() -> None:
    dialect = dialect_called("hixie-76")
    draft = dialect.handshake.compose(dialect, ASKING, drawing(b"one seed"))
    edited = draft.with_bytes(draft.to_bytes().replace(b"/echo", b"/other"))
    assert edited.tail_generated
    assert edited.generated_values() == draft.generated_values()
    assert not draft.with_bytes(draft.to_bytes()[:-1] + b"\x00").tail_generated


def test_the_tables_say_which_challenge_needs_bytes_behind_the_head() -> None:
    for dialect in DIALECTS:
        keys = dialect.challenge is Challenge.KEYS
        assert dialect.handshake.request_tail == (8 if keys else 0)
        assert dialect.handshake.answer_tail == (16 if keys else 0)


def test_a_drafts_name_stands_for_the_dialect_that_holds_it() -> None:
    assert all(dialect_of(one.name) is one for one in DIALECTS)
    assert {draft: one.name for one in DIALECTS for draft in one.drafts if dialect_of(draft) is not one} == {}
    named = {"hybi-00": "hixie-76", "hybi-10": "hybi-08", "HYBI-12": "hybi-11", "hybi-17": "rfc6455"}
    found = {draft: dialect_of(draft) for draft in named}
    assert {draft: one.name for draft, one in found.items() if one is not None} == named
    assert dialect_of("hybi-18") is None
    assert dialect_of("") is None
