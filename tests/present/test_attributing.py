"""Which difference of two requests goes with which of their answers: claimed only where it is the one."""

import dataclasses

import pytest

from tests.present.test_answer import OPEN_101, draft, snapshot
from wsinspector.conversation.snapshot import AttemptSnapshot, EndKind, Phase
from wsinspector.present.attributing import goes_with
from wsinspector.verdicts.outcome import Outcome

REFUSED = b"HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n"
EIGHT = draft(b"8").to_bytes()
THIRTEEN = draft(b"13").to_bytes()


def came(answer: bytes, request: bytes) -> AttemptSnapshot:
    return snapshot(answer, Outcome.OPEN if b"101" in answer[:12] else Outcome.REFUSED, request=request)


def test_one_difference_goes_with_the_other() -> None:
    assert goes_with(came(REFUSED, EIGHT), came(OPEN_101, THIRTEEN)) == "Version 8 → 13 goes with 426 → 101."
    absent = THIRTEEN.replace(b"Sec-WebSocket-Version: 13\r\n", b"")
    assert goes_with(came(REFUSED, absent), came(OPEN_101, THIRTEEN)) == (
        "Version none → 13 goes with 426 → 101."
    )


def test_with_two_differences_none_is_named_as_the_one() -> None:
    other = THIRTEEN.replace(b"\r\n\r\n", b"\r\nCookie: secret=abcdefgh\r\n\r\n")
    text = goes_with(came(REFUSED, EIGHT), came(OPEN_101, other))
    assert text == (
        "More than one thing differs: version 8 → 13, Cookie added. "
        "Which of them 426 → 101 goes with, these two attempts do not tell."
    )
    assert "abcdefgh" not in text


def test_what_makes_no_difference_is_said() -> None:
    fourteen = draft(b"14").to_bytes()
    text = goes_with(came(REFUSED, EIGHT), came(REFUSED, fourteen))
    assert text == "Version 8 → 14 makes no difference to the answer: 426 both times."


def test_a_new_key_and_a_new_date_are_no_difference() -> None:
    key = THIRTEEN.replace(b"dGhlIHNhbXBsZSBub25jZQ==", b"AQIDBAUGBwgJCgsMDQ4PEA==")
    dated = (REFUSED.replace(b"\r\n\r\n", b"\r\nDate: %s\r\n\r\n" % day) for day in (b"Mon", b"Tue"))
    first, second = (came(answer, request) for answer, request in zip(dated, (THIRTEEN, key), strict=True))
    assert goes_with(first, second).startswith("The same request and the same answer")


def test_the_same_request_with_another_answer_is_not_explained_by_its_bytes() -> None:
    text = goes_with(came(REFUSED, THIRTEEN), came(OPEN_101, THIRTEEN))
    assert text == ("The same request came to another answer: 426 → 101. The difference is not in its bytes.")


def test_a_field_of_the_answer_goes_with_a_field_of_the_request() -> None:
    offered = THIRTEEN.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: chat\r\n\r\n")
    chosen = OPEN_101.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: chat\r\n\r\n")
    assert goes_with(came(OPEN_101, THIRTEEN), came(chosen, offered)) == (
        "Sec-WebSocket-Protocol added goes with a change in the answer (Sec-WebSocket-Protocol added)."
    )


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ((b"Upgrade: websocket", b"upgrade: websocket"), "Letter case of upgrade"),
        ((b"Host: ", b"Host:  "), "White space of Host"),
        ((b"GET / ", b"GET /x "), "The request line"),
        ((b"\r\n\r\n", b"\r\n\r\nmore"), "The bytes behind the head"),
    ],
)
def test_each_kind_of_difference_has_its_words(change: tuple[bytes, bytes], text: str) -> None:
    made = THIRTEEN.replace(*change)
    assert made != THIRTEEN
    assert goes_with(came(REFUSED, THIRTEEN), came(OPEN_101, made)) == f"{text} goes with 426 → 101."


def test_another_address_is_a_difference() -> None:
    elsewhere = dataclasses.replace(came(OPEN_101, THIRTEEN), url="ws://b.example/")
    assert goes_with(came(REFUSED, THIRTEEN), elsewhere) == "The address goes with 426 → 101."


def test_what_is_under_way_is_not_judged() -> None:
    live = dataclasses.replace(came(b"", THIRTEEN), phase=Phase.SENT, end=None, response=None)
    assert goes_with(came(REFUSED, EIGHT), live) == ""


def test_no_answer_has_its_words() -> None:
    silent = came(b"", THIRTEEN)
    assert silent.end is not None
    reset = dataclasses.replace(silent, response=None, end=dataclasses.replace(silent.end, kind=EndKind.RST))
    assert goes_with(reset, came(OPEN_101, THIRTEEN)).startswith(
        "The same request came to another answer: a reset → 101"
    )
