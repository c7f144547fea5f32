"""A line that is searched as a word tells where it looks like a condition; names are offered to go on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.filter import complete, doubt_of, parse
from wsinspector.filter.names import fields


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("fin", "fin == 1"),
        (" Websocket.Mask ", "Websocket.Mask == 1"),
        ("not masked", "masked == 1"),
        ("fin and masked", "fin == 1"),
        ("json.event", 'json.event == "price"'),
        ("websocket.opcode", "websocket.opcode in (0xB, 0xC)"),
        ("payload", 'payload contains "abc"'),
    ],
)
def test_a_name_without_an_operator(text: str, asked: str) -> None:
    assert parse(text).word
    assert doubt_of(text).endswith(f"The field is asked like this: {asked}")
    assert not parse(asked).word
    assert parse(asked).ok


@pytest.mark.parametrize(
    ("text", "said"),
    [("((", "never closed"), ("(hello", "never closed"), ("a == ", "between a name"), ("==", "between")],
)
def test_a_slip(text: str, said: str) -> None:
    assert said in doubt_of(text)


@pytest.mark.parametrize(
    "text", ["", "hello", "Hello, world!", "final", "don't", "a-b", "fin == 0", "size > 20"]
)
def test_what_is_meant_as_it_stands(text: str) -> None:
    assert doubt_of(text) == ""


@given(st.text(max_size=40))
def test_any_line_is_doubted_only_where_it_is_a_word(text: str) -> None:
    assert not doubt_of(text) or parse(text).word


def names(text: str) -> list[str]:
    return [each.text for each in complete(text, len(text))]


def test_names_of_wireshark_are_offered_before_an_operator() -> None:
    every = [other for each in fields() for other in each.also if other.startswith("websocket.")]
    assert set(names("we")) == set(every)
    assert set(names("type == text and websocket.")) == set(every)
    assert names("we")[:2] == ["websocket.payload_length", "websocket.opcode"]
    assert names("we").index("websocket.payload") < names("we").index("websocket.payload_length_ext_16")
    assert names("websocket.opc") == ["websocket.opcode"]
    assert names("fi")[:2] == ["fin", "finding"]
    assert not any(name.startswith("websocket.") for name in names("fi") + names("") + names("type == "))
    assert not any(name.startswith("websocket.") for name in names("opcode in (we"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("websocket.opcode in {1 2}", "opcode in (1, 2)"),
        ("websocket.opcode in {1..2 9 0xA}", "opcode in (1..2, 9, 0xA)"),
        ("opcode in {1, 2 5}", "opcode in (1, 2, 5)"),
    ],
)
def test_sets_with_blanks_as_wireshark_had_them(old: str, new: str) -> None:
    assert parse(old).condition == parse(new).condition
    assert parse(old).condition is not None


@pytest.mark.parametrize("text", ["opcode in (1 2)", "opcode in {1 2", "opcode in {1 and}", "opcode in {}"])
def test_what_is_no_set(text: str) -> None:
    assert parse(text).mistakes
