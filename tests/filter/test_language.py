"""The filter language: every line is read or its mistake told, and what is printed reads back the same."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.filter.conditions import conditions
from wsinspector.filter import format_condition, parse, quoted, reference
from wsinspector.filter.syntax import Compare, Contains, Literal, needle_bytes

_PIECES = [
    *("type", "==", "text", "(", ")", "and", "or", "not", "!", "&&", "||", "in", "{", "}", ",", ".."),
    *(
        "size",
        "<",
        ">=",
        "1k",
        "0x",
        "0xB",
        "12.5",
        "payload",
        "contains",
        "matches",
        "/a(/",
        "/b+/i",
        '"x"i',
    ),
    *('"', "'", "\\", "json", "json.a", "json.", "[", "]", "0", '"k"', "has", "finding", "=", "~", "is", "é"),
]


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    parsed = parse(text)
    assert parsed.ok or all(0 <= each.start < each.stop and each.text for each in parsed.mistakes)
    assert parsed.ok or parsed.condition is None


@given(st.lists(st.sampled_from(_PIECES), max_size=12))
def test_any_row_of_tokens_is_read(pieces: list[str]) -> None:
    text = " ".join(pieces)
    parsed = parse(text)
    assert all(0 <= each.start < each.stop <= len(text) for each in parsed.mistakes)
    if parsed.condition is not None and not parsed.word:
        assert parse(format_condition(parsed.condition)).condition == parsed.condition


@given(conditions())
@example(Contains("json", "a", False, ("", "0", "0")))
@example(Contains("json", "a", False, (0, "-1")))
def test_what_is_printed_reads_back_the_same(condition: object) -> None:
    text = format_condition(condition)  # type: ignore[arg-type]
    assert parse(text).condition == condition, text


@given(st.text())
def test_a_quoted_text_reads_back_the_same(text: str) -> None:
    if text:
        condition = parse(f"payload contains {quoted(text)}").condition
        assert isinstance(condition, Contains)
        assert needle_bytes(condition.needle) == needle_bytes(text)


@given(st.binary(min_size=1))
def test_quoted_bytes_read_back_the_same(data: bytes) -> None:
    condition = parse(f"payload contains {quoted(data)}").condition
    assert isinstance(condition, Contains)
    assert needle_bytes(condition.needle) == data


@pytest.mark.parametrize(
    "word",
    [
        *("hello", "hello world", "logged in", "a=b", "token=abc", "<b>bold</b>", "dGVzdA==", '{"a": 1}'),
        *('"price"', "what has happened", "message in a bottle", "what contains", "x)", "(", "not", "and"),
        *("https://example.com/?a=1&b=2", "a and b", "'", "typ", "type", "matches /"),
    ],
)
def test_a_plain_word_is_searched_as_it_is_typed(word: str) -> None:
    parsed = parse(f"  {word} ")
    assert parsed.word
    assert parsed.condition == Contains("payload", word, either_case=True)


def test_an_empty_line_lets_everything_through() -> None:
    assert parse("  ").ok
    assert parse("").condition is None


@pytest.mark.parametrize(
    ("text", "marked", "says"),
    [
        ("type == txt", "txt", "type is one of"),
        ("type = text", "=", "Write =="),
        ("size > abc", "abc", "Expected a number"),
        ("size > 1q", "1q", "no unit q"),
        ("colour == 3", "colour", "no field colour"),
        ("payload matches /(/", "/(/", "cannot be read"),
        ("payload matches /a/k", "k", "i, m, s, x"),
        ("(type == text", "(", "never closed"),
        ("type == text)", ")", "never opened"),
        ('payload contains "abc', '"abc', "closing quote"),
        ("payload contains 0x012", "0x012", "two digits"),
        ("dir > in", ">", "not ordered"),
        ("type contains x", "contains", "no text"),
        ("has fnding", "fnding", "finding"),
        ("size in (1, 2", "(1, 2", "a comma"),
        ("type == text size > 3", "size", "and, or"),
        ("json.a[ == 3", "==", "an index"),
    ],
)
def test_a_mistake_is_told_where_it_stands(text: str, marked: str, says: str) -> None:
    first = parse(text).mistakes[0]
    assert text[first.start : first.stop] == marked
    assert says in first.text


def test_mistakes_of_several_terms_are_told() -> None:
    assert [each.start for each in parse("type == txt and size > 3 or dir == up").mistakes] == [8, 35]


def test_numbers_have_units() -> None:
    sizes = {"1k": 1000, "1ki": 1024, "0x10": 16, "1.5k": 1500, "2M": 2_000_000}
    for text, value in sizes.items():
        assert parse(f"size == {text}").condition == Compare("size", "==", Literal(Fraction(value)))
    times = {"12.5": 12_500_000_000, "100ms": 100_000_000, "7ns": 7, "3us": 3000, "1m": 60_000_000_000}
    for text, value in times.items():
        assert parse(f"time == {text}").condition == Compare("time", "==", Literal(Fraction(value)))


@pytest.mark.parametrize(
    ("wireshark", "ours"),
    [
        ("websocket.opcode == 1", "opcode == 1"),
        ("websocket.fin eq 0 && websocket.mask", "fin == 0 and masked == 1"),
        ("websocket.payload contains 81:60:03", 'payload contains "\\x81`\\x03"'),
        ('websocket.payload matches "a\\d"', "payload matches /a\\d/"),
        ("websocket.payload.close.status_code in {1000 1001}", "close.code in (1000, 1001)"),
        ("websocket.opcode === 1", None),
        ("websocket.payload.close.status_code in {1000,1001..1003}", "close.code in (1000, 1001..1003)"),
        ("websocket.payload_length_ext_16 ge 126", "length >= 126"),
        ("frame.time_relative < 3 or !(frame.number == 2)", "time < 3 or not number == 2"),
        ("websocket.opcode == 9 and frame.time_delta > 0.5", "opcode == 9 and delta > 0.5"),
    ],
)
def test_wiresharks_names_are_understood(wireshark: str, ours: str | None) -> None:
    parsed = parse(wireshark)
    if ours is None:
        assert not parsed.ok
    else:
        assert format_condition(parsed.condition) == format_condition(parse(ours).condition)


def test_every_example_of_the_reference_is_read() -> None:
    entries = reference()
    assert len(entries) > 30
    for entry in entries:
        parsed = parse(entry.example)
        assert parsed.ok, entry.example
        assert parsed.word == (entry.name == "a word")
        for other in entry.also if entry.group == "field" else ():
            if not other.startswith("data-"):
                assert parse(entry.example.replace(entry.name, other)).condition == parsed.condition
