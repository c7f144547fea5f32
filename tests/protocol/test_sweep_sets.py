"""The odd requests of a sweep: what leaves, by which names, and what a person may type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.draft import standard_draft
from wsinspector.protocol.sweep_requests import Composer, OddRequest, id_of, saying
from wsinspector.protocol.sweep_sets import (
    ALL,
    COMMON,
    HANDSHAKE,
    MALFORMED,
    REGISTRY,
    SWEEP_SETS,
    request_called,
    set_called,
)
from wsinspector.protocol.sweep_texts import own_set_text, read_own_set, request_with_id

PLAIN = standard_draft(b"/echo", b"server.example", b"dGhlIHNhbXBsZSBub25jZQ==")


def sent(id: str) -> bytes:
    request = request_with_id(id)
    assert request is not None, id
    return request.build(PLAIN).to_bytes()


def lines(data: bytes) -> list[bytes]:
    return data.split(b"\r\n")


def test_the_sets_hold_what_their_names_say() -> None:
    assert [each.name for each in SWEEP_SETS] == ["common", "registry", "malformed", "handshake", "all"]
    assert len(COMMON.requests) == 23
    assert [each.odd.id for each in REGISTRY.requests] == [str(number) for number in range(256)]
    ids = {each.odd.id for part in (COMMON, REGISTRY, MALFORMED, HANDSHAKE) for each in part.requests}
    assert {each.odd.id for each in ALL.requests} == ids
    assert len(ALL.requests) == len(ids)
    assert set_called("registry") is REGISTRY
    assert set_called("nothing") is None


@pytest.mark.parametrize(
    ("id", "line"),
    [
        ("13", b"Sec-WebSocket-Version: 13"),
        ("(empty)", b"Sec-WebSocket-Version: "),
        ("(blanks)", b"Sec-WebSocket-Version:    "),
        ("\\t", b"Sec-WebSocket-Version: \t"),
        ("\\t13", b"Sec-WebSocket-Version: \t13"),
        ("4294967309", b"Sec-WebSocket-Version: 4294967309"),
        ("(400 digits)", b"Sec-WebSocket-Version: " + b"1" * 400),
        ("13\\x00", b"Sec-WebSocket-Version: 13\0"),
        ("13é", b"Sec-WebSocket-Version: 13\xe9"),
        ("13\\r", b"Sec-WebSocket-Version: 13\r"),
        ("(odd case)", b"sEC-wEBsOCKET-vERSION: 13"),
        ("(no blank after the colon)", b"Sec-WebSocket-Version:13"),
        ("(two blanks after the colon)", b"Sec-WebSocket-Version:  13"),
        ("(blank before the colon)", b"Sec-WebSocket-Version : 13"),
    ],
)
def test_a_version_line_leaves_as_its_name_says_and_nothing_else_changes(id: str, line: bytes) -> None:
    plain = lines(PLAIN.to_bytes())
    assert lines(sent(id)) == [line if each.startswith(b"Sec-WebSocket-Version") else each for each in plain]


def test_the_odd_values_are_all_there() -> None:
    ids = {each.odd.id for each in MALFORMED.requests}
    assert ids == {
        *("13", "(absent)", "(empty)", "(blanks)", "\\t", "\\t13", "(13 between blanks)"),
        *("013", "+13", "-1", "13.0", "0xd", "13abc", "abc", "13;", "13,8", "8, 13", "13 13"),
        *("256", "269", "65549", "4294967309", "(12 digits)", "(400 digits)"),
        *("13\\r", "13\\n", "13\\x00", "13é"),
        *("13⏎13", "13⏎8", "8⏎13", "13⏎14", "14⏎13"),
        *("(odd case)", "(no blank after the colon)", "(two blanks after the colon)"),
        "(blank before the colon)",
    }


def test_absent_and_repeated_version_lines() -> None:
    version = b"Sec-WebSocket-Version: "
    assert not [each for each in lines(sent("(absent)")) if each.startswith(version)]
    found = [each for each in lines(sent("8⏎13")) if each.startswith(version)]
    assert found == [version + b"8", version + b"13"]


@pytest.mark.parametrize(
    ("id", "removed", "added"),
    [
        ("(key missing)", [b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="], []),
        ("(key doubled)", [], [b"Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA=="]),
        ("(Upgrade missing)", [b"Upgrade: websocket"], []),
        ("(Connection keep-alive)", [b"Connection: Upgrade"], [b"Connection: keep-alive"]),
        ("(POST)", [b"GET /echo HTTP/1.1"], [b"POST /echo HTTP/1.1"]),
        ("(HTTP/1.0)", [b"GET /echo HTTP/1.1"], [b"GET /echo HTTP/1.0"]),
        ("(absolute form)", [b"GET /echo HTTP/1.1"], [b"GET http://server.example/echo HTTP/1.1"]),
        ("(unknown path)", [b"GET /echo HTTP/1.1"], [b"GET /echo/no-such-path-7f3a HTTP/1.1"]),
        ("(64 KiB header)", [], [b"X-Large: " + b"a" * 65536]),
        ("(Origin null)", [], [b"Origin: null"]),
    ],
)
def test_a_handshake_differs_in_one_line(id: str, removed: list[bytes], added: list[bytes]) -> None:
    before, after = lines(PLAIN.to_bytes()), lines(sent(id))
    assert [each for each in before if each not in after] == removed
    assert [each for each in after if each not in before] == added


def test_every_request_is_odd_but_the_one_the_others_are_compared_with() -> None:
    same = [each.odd.id for each in ALL.requests if each.build(PLAIN) == PLAIN]
    assert same == ["13"]


def test_every_request_is_put_together_as_it_is_built() -> None:
    composer = Composer(PLAIN)
    for request in ALL.requests:
        assert composer.bytes_of(request.odd) in (None, request.build(PLAIN).to_bytes()), request.odd.id


@pytest.mark.parametrize("request_", ALL.requests, ids=lambda each: str(each.odd.id)[:20])
def test_an_id_names_its_request(request_: OddRequest) -> None:
    found = request_with_id(request_.odd.id)
    assert found is request_called(request_.odd.id)
    assert found is request_


@given(st.lists(st.binary(max_size=12), max_size=4))
def test_a_request_put_together_from_parts_is_the_one_that_is_built(values: list[bytes]) -> None:
    request = saying(*values)
    made = Composer(PLAIN).bytes_of(request.odd)
    assert made == (request.build(PLAIN).to_bytes() if values else None)


@given(st.lists(st.binary(max_size=12), max_size=4))
def test_an_id_says_any_values(values: list[bytes]) -> None:
    made = saying(*values)
    again = request_with_id(made.odd.id)
    assert again is not None
    assert again.odd.id == made.odd.id == id_of(values)
    assert again.odd.values == tuple(values)


@given(st.text(max_size=200))
def test_any_text_can_be_read_as_a_set(text: str) -> None:
    read = read_own_set(text)
    again = read_own_set(own_set_text(read.requests))
    assert [each.odd.id for each in again.requests] == [each.odd.id for each in read.requests]
    assert again.faults == ()


def test_a_set_of_ones_own() -> None:
    text = "# mine\n13\n\n  14  \n13⏎ 8 ⏎(empty)\n\\x20 13\n(key short)\n(absent)\n14\n"
    read = read_own_set(text)
    assert read.faults == ()
    assert [each.odd.values for each in read.requests] == [
        (b"13",),
        (b"14",),
        (b"13", b"8", b""),
        (b"  13",),
        None,
        (),
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("1\\q3", "Line 2: \\q is no escape; a backslash is written \\\\."),
        ("13\\", "Line 2: \\ at the end is no escape; a backslash is written \\\\."),
        ("13⏎", "Line 2: Nothing stands beside ⏎; an empty value is written (empty)."),
        ("13⏎(absent)", "Line 2: (absent) stands alone in its line."),
    ],
)
def test_what_cannot_be_read_says_where_and_why(line: str, fault: str) -> None:
    read = read_own_set(f"13\n{line}\n8\n")
    assert [str(each) for each in read.faults] == [fault]
    assert [each.odd.id for each in read.requests] == ["13", "8"]


def test_a_name_that_is_none_names_some_that_are() -> None:
    (fault,) = read_own_set("(key lost)").faults
    assert str(fault).startswith("Line 1: (key lost) is no name. Names are (absent), (empty), ")


def test_a_character_beyond_latin_1_is_told() -> None:
    read = read_own_set("1³\n13€")
    assert read.requests[0].odd.values == (b"1\xb3",)
    assert [str(note) for note in read.notes] == ["Line 2: U+20AC is sent as 3 bytes of UTF-8."]
