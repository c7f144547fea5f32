"""Variables in texts, with a clock and a UUID that are given."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.conversation.sequences.filling import (
    Filler,
    Place,
    UnknownVariableError,
    in_filter,
    in_json,
    places,
    unknown_in,
)
from wsinspector.filter import parse
from wsinspector.filter.syntax import Compare


def filler(**values: str) -> Filler:
    numbers = iter(range(1, 100))
    return Filler(values, now=lambda: 1_767_225_600.25, unique=lambda: f"id-{next(numbers)}")


def test_the_counter_goes_on_with_each_message_that_asks_for_it_and_not_within_one() -> None:
    made = filler()
    said = []
    for text in ("{{counter}} {{counter}}", "none", "{{ counter }}"):
        made.begin()
        said.append(made.fill(text))
    assert said == ["1 1", "none", "2"]


def test_what_awaits_an_answer_has_what_was_drawn_for_the_message() -> None:
    made = filler()
    assert made.fill_again("{{counter}}") == "0"
    made.begin()
    sent = made.fill("{{counter}} {{uuid}}")
    assert made.fill_again("{{counter}} {{uuid}}") == sent == "1 id-1"
    made.begin()
    assert made.fill("{{uuid}}") == "id-2"
    assert made.fill_again("{{counter}}") == "1"


def test_times_and_values_of_the_environment() -> None:
    made = filler(user="ada", greeting="Hello {{user}}")
    assert (
        made.fill("{{greeting}} at {{now}} {{unix_ms}}")
        == "Hello ada at 2026-01-01T00:00:00.250Z 1767225600250"
    )


def test_a_variable_made_of_a_generated_one_is_drawn_once_for_the_run() -> None:
    made = filler(key="{{uuid}}")
    made.begin()
    first = made.fill("{{key}}")
    made.begin()
    assert made.fill("{{key}}") == first == "id-1"


def test_an_unknown_name_is_told_with_its_place() -> None:
    with pytest.raises(UnknownVariableError) as caught:
        filler().fill("to {{nobody}}")
    assert caught.value.place == Place("nobody", 3, 13)
    assert unknown_in("{{a}} {{counter}} \\{{b}} {{c}}", {"a": ""}) == (Place("c", 25, 30),)


def test_a_backslash_keeps_the_braces() -> None:
    assert filler().fill("\\{{counter}} {{ 1 + 1 }} {{") == "{{counter}} {{ 1 + 1 }} {{"


@given(st.text())
def test_values_within_strings_of_json_are_that_value(value: str) -> None:
    made = filler(value=value)
    text = made.fill('{"a": "x{{value}}", "b": {{counter}}}', in_json)
    clean = value  # a value that names a variable itself is filled as a text, and none has such a name here
    if "{{" not in value:
        assert json.loads(text) == {"a": "x" + clean, "b": 1}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_values_within_strings_of_a_filter_are_that_value(value: str) -> None:
    if "{{" in value:
        return
    parsed = parse(filler(value=value).fill('json.id == "{{value}}"', in_filter))
    assert parsed.ok, parsed.mistakes
    assert isinstance(parsed.condition, Compare)
    assert parsed.condition.literal.value == value


@given(st.text('{}ab_ \\"-1', max_size=40))
def test_whatever_the_text_is_places_and_filling_agree(text: str) -> None:
    names = {place.name: "v" for place in places(text)}
    filled = filler(**dict.fromkeys(names, "v")).fill(text)
    assert len(list(places(text))) == len(unknown_in(text, {}))
    if not names and "\\{{" not in text:
        assert filled == text
