"""What a file may call a filter: plain words stay plain, an expression with a slip in it is told of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.filter import mistakes_in, parse


@pytest.mark.parametrize(
    ("text", "start", "said"),
    [
        ("(((", 0, "This parenthesis is never closed."),
        ("(type == text", 0, "This parenthesis is never closed."),
        ("hello)", 5, "This parenthesis was never opened."),
        ('"hello', 0, "The closing quote is missing."),
        ("'hello", 0, "The closing quote is missing."),
        ("len > ", 4, "> stands between a name and a value of the filter."),
        ("== text", 0, "== stands between a name and a value of the filter."),
        ("a && b", 2, "&& stands between a name and a value of the filter."),
        ("!!", 0, "There is nothing to look for."),
        ("()", 0, "There is nothing to look for."),
        ("a" * 20_001, 20_000, "A filter has at most 20000 characters."),
    ],
)
def test_a_slip_is_told_where_it_is(text: str, start: int, said: str) -> None:
    (mistake,) = mistakes_in(text)
    assert mistake.start == start
    assert mistake.text.startswith(said)


@pytest.mark.parametrize("text", ["type == ", "lenght > 3", 'payload matches "("', "type=text"])
def test_what_the_line_itself_refuses_is_refused_alike(text: str) -> None:
    assert mistakes_in(text) == parse(text).mistakes != ()


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "not found", "a b", '{"a":1}', "[", '{"id":', "aGk=", "don't", "rock 'n roll", "Hello!",
        "print(1)", "<b>bold</b>", "x=1", "C:\\path", "foo.bar", "42", "/[/", "…", '"quoted"', "a & b",
        "type == text", "not type == ping", "has finding", "json.x == 1",
    ],
)  # fmt: skip
def test_plain_words_and_sound_expressions_stay_what_they_are(text: str) -> None:
    assert mistakes_in(text) == ()


@given(st.text(max_size=60) | st.text("()\"'=!<>&|~ ab{}[]", max_size=60))
def test_nothing_makes_it_raise_and_each_place_is_within_the_text(text: str) -> None:
    for mistake in mistakes_in(text):
        assert 0 <= mistake.start <= mistake.stop <= len(text)
