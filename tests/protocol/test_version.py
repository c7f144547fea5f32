"""RFC 6455 §4.3, §4.4, §11.3.5 and §11.6, each judged by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.version import (
    REGISTRY,
    Standing,
    entry_of,
    judge_request_lines,
    judge_response_lines,
    judge_value,
    list_members,
    short_meaning,
)


def test_the_registry_covers_0_to_255_once() -> None:
    covered = [number for entry in REGISTRY for number in range(entry.first, entry.last + 1)]
    assert covered == list(range(256))
    assert entry_of(256) is None
    assert entry_of(-1) is None


@pytest.mark.parametrize(
    ("number", "standing"),
    [
        (0, Standing.INTERIM), (8, Standing.INTERIM), (9, Standing.RESERVED), (12, Standing.RESERVED),
        (13, Standing.STANDARD), (14, Standing.UNASSIGNED), (255, Standing.UNASSIGNED),
    ],
)  # fmt: skip
def test_standings(number: int, standing: Standing) -> None:
    assert judge_value(str(number).encode()).standing is standing


@pytest.mark.parametrize(
    ("value", "grammar", "in_range", "leading_zero"),
    [
        (b"0", True, True, False), (b"13", True, True, False), (b"255", True, True, False),
        (b"256", True, False, False), (b"299", True, False, False), (b"300", False, False, False),
        (b"013", False, False, True), (b"00", False, False, True), (b"+13", False, False, False),
        (b"-1", False, False, False), (b"", False, False, False), (b"13, 8", False, False, False),
        (b"13.0", False, False, False), (b"0xd", False, False, False), (b"1\n", False, False, False),
        (b"9" * 500, False, False, False), ("١٣".encode(), False, False, False),
    ],
)  # fmt: skip
def test_values(value: bytes, grammar: bool, in_range: bool, leading_zero: bool) -> None:
    judged = judge_value(value)
    assert (judged.grammar_ok, judged.in_range, judged.leading_zero) == (grammar, in_range, leading_zero)
    assert all(remark.clause.startswith("RFC 6455 §") for remark in judged.remarks)


def test_edge_blanks_are_not_of_the_value() -> None:
    assert judge_value(b" \t13 ").number == 13


def test_a_request_names_its_version_once() -> None:
    assert judge_request_lines([b"13"]).multiplicity_ok
    assert not judge_request_lines([]).multiplicity_ok
    assert not judge_request_lines([b"13", b"13"]).multiplicity_ok
    assert judge_request_lines([b"13", b"8"]).remarks[0].text == (
        "The header stands 2 times; a request must not repeat it."
    )


def test_a_response_may_list_and_repeat() -> None:
    assert list_members([b"13, 8, 7"]) == list_members([b"13", b"8, 7"]) == (b"13", b"8", b"7")
    assert list_members([b" ,13,,8 , ", b""]) == (b"13", b"8")
    assert list_members([b"13,\r\n 8"]) == (b"13", b"8")
    assert list_members([b"13,\r\n  8\r\n\t7"]) == (b"13", b"8 7")
    assert judge_response_lines([b"13", b"08"]).judgements[1].leading_zero
    assert [remark.ok for remark in judge_response_lines([b","]).remarks] == [False]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((b"13",), "the standard"), ((b"8",), "interim, hybi-08 to 12"), ((b"9",), "reserved"),
        ((b"99",), "unassigned"), ((b"013",), "not a version: leading zero"), ((), "absent"),
        ((b"",), "empty"), ((b"13", b"8"), "2 lines: 13, 8"), ((b"256",), "not a version: over 255"),
        ((b"300",), "not a version: over 255"), ((b"abc",), "not a version: not digits only"),
        ((b"13, 8",), "not a version: a list"),
    ],
)  # fmt: skip
def test_chips(values: tuple[bytes, ...], text: str) -> None:
    assert short_meaning(values) == text


@given(st.lists(st.binary(max_size=12), max_size=4))
def test_any_value_is_judged(values: list[bytes]) -> None:
    judge_request_lines(values)
    judge_response_lines(values)
    assert short_meaning(values)
