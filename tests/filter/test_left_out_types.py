"""Types that a line leaves out can be told from it, and be taken back."""

import pytest

from wsinspector.filter import HEARTBEATS, leaves_out, parse, taken_back, without_condition


@pytest.mark.parametrize(
    "text",
    [
        "type not in (ping, pong)",
        "not type in (pong, ping, close)",
        "size > 3 and type != ping and type != pong",
        "not (type in (ping, pong))",
    ],
)
def test_heartbeats_are_left_out(text: str) -> None:
    assert leaves_out(parse(text).condition, HEARTBEATS)


@pytest.mark.parametrize(
    "text", ["", "hello", "type != ping", "type not in (ping, pong) or size > 3", "type in (ping, pong)"]
)
def test_heartbeats_are_not_left_out(text: str) -> None:
    assert not leaves_out(parse(text).condition, HEARTBEATS)


@pytest.mark.parametrize("text", ["", "size > 3", "type != close", '"hello"', "size > 3 or dir == in"])
def test_what_was_left_out_is_taken_back(text: str) -> None:
    narrowed = without_condition(text, HEARTBEATS)
    assert leaves_out(parse(narrowed).condition, HEARTBEATS)
    assert parse(taken_back(narrowed, HEARTBEATS)).condition == parse(text).condition


def test_nothing_is_taken_from_a_line_without_it() -> None:
    for text in ("", "hello", "type ==", "type not in (ping, pong) or size > 3"):
        assert taken_back(text, HEARTBEATS) == text
