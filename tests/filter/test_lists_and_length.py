"""Values are offered within a list, and a line that is too long is told of instead of searched for."""

import pytest

from wsinspector.filter import parse
from wsinspector.filter.completing import complete


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("opcode in (", "continuation"),
        ("type in (", "text"),
        ("type not in (", "text"),
        ("opcode in (0x1, ", "continuation"),
        ("(", "type"),
        ("type == text and (", "type"),
    ],
)
def test_what_is_offered_behind_a_parenthesis(text: str, first: str) -> None:
    assert complete(text, len(text))[0].text == first


def test_a_line_that_is_too_long_is_no_word() -> None:
    read = parse("size == 0 or " * 1700)
    assert (read.ok, read.word, read.condition) == (False, False, None)
    assert read.mistakes[0].text == "A filter has at most 20000 characters."
