"""Two payloads compared: by lines, by paths, byte by byte; nothing raises, nothing is endless."""

import json

from hypothesis import given
from hypothesis import strategies as st

from wsinspector.present.comparing import CompareRow
from wsinspector.present.differing.compared import Compared, Kind, Limits, Side, fitting
from wsinspector.present.differing.comparing_payloads import compare
from wsinspector.present.differing.edits import edits
from wsinspector.present.pages import HeldPages

FREE = Limits(clock=lambda: 0.0)


def side(data: bytes, *, text: bool = True) -> Side:
    return Side(HeldPages(data), data, text)


def between(left: bytes, right: bytes, kind: Kind | None = None, limits: Limits = FREE) -> Compared:
    return compare(side(left), side(right), kind, limits)


def shown(found: Compared) -> list[tuple[str, str | None, str | None]]:
    return [(row.label, _text(row, "left"), _text(row, "right")) for row in found.rows]


def _text(row: CompareRow, which: str) -> str | None:
    held = row.left if which == "left" else row.right
    return held.text if held is not None else None


def test_the_kind_follows_the_content() -> None:
    assert fitting(side(b"[1]"), side(b' {"a":1}')) is Kind.JSON
    assert fitting(side(b"[1]"), side(b"words")) is Kind.TEXT
    assert fitting(side(b"words"), side(b"\xff")) is Kind.BYTES
    assert fitting(side(b"words"), side(b"words", text=False)) is Kind.BYTES


def test_json_differs_by_path_with_numbers_and_duplicates_as_they_came() -> None:
    left = b'{"a": 1.10, "b": [1, 2, 3], "c": "x", "d": {"e": null}, "f": 1, "f": 2}'
    right = b'{"a": 1.1, "b": [0, 1, 2, 3], "d": {"e": true}, "g": 5, "f": 1, "f": 3}'
    found = between(left, right)
    assert shown(found) == [
        ("$.a, the same value written otherwise", "1.10", "1.1"),
        ("$.b[0], only right", None, "0"),
        ("$.c, only left", '"x"', None),
        ("$.d.e", "null", "true"),
        ("$.f", "2", "3"),
        ("$.g, only right", None, "5"),
    ]
    assert found.told == "6 values differ"


def test_white_space_is_no_difference_and_order_is_told() -> None:
    found = between(b'{"a":1,"b":[1,2]}', b'{ "b": [ 1, 2 ],\n "a": 1 }')
    assert (found.rows, found.differs) == ((), False)
    assert found.told == "no value differs; members stand in another order at 1 places"


def test_json_that_breaks_off_says_where() -> None:
    assert between(b'{"a": 1', b'{"a": 1}', Kind.JSON).told == (
        "no value differs; the left is no JSON from byte 7 on"
    )
    assert between(b"", b"[]", Kind.JSON).told == "the left is no JSON"


def test_lines_that_differ_stand_with_two_around_them() -> None:
    lines = [f"line {number}" for number in range(20)]
    other = lines.copy()
    other[10] = "line ten"
    other.insert(15, "new")
    found = between("\n".join(lines).encode(), "\n".join(other).encode())
    assert found.kind is Kind.TEXT
    assert shown(found) == [
        ("", "… 8 lines the same", ""),
        ("", "line 8", "line 8"),
        ("", "line 9", "line 9"),
        ("line 11", "line 10", "line ten"),
        ("", "line 11", "line 11"),
        ("", "line 12", "line 12"),
        ("", "line 13", "line 13"),
        ("", "line 14", "line 14"),
        ("line 16, only right", None, "new"),
        ("", "line 15", "line 15"),
        ("", "line 16", "line 16"),
        ("", "… 3 lines the same", ""),
    ]
    assert found.told == "2 lines differ"
    changed = found.rows[3]
    assert changed.left is not None
    assert changed.left.marks == ((5, 7),)


def test_a_difference_far_into_a_long_line_is_seen() -> None:
    left = b"a" * 5000 + b"LEFT" + b"b" * 5000
    right = b"a" * 5000 + b"RIGHT" + b"b" * 5000
    (row,) = between(left, right, Kind.TEXT).rows
    assert row.left is not None
    assert row.left.text.startswith("…4\u2009920 characters the same… aaa")
    assert "LEFT" in row.left.text


def test_bytes_that_were_put_in_do_not_shift_the_rest() -> None:
    left = bytes(range(100))
    right = left[:40] + b"\xff\xfe" + left[40:]
    found = between(left, right, Kind.BYTES)
    assert shown(found) == [
        ("", "… 40 bytes the same", ""),
        ("only right", None, "000028  ff fe                    ··"),
        ("", "… 60 bytes the same", ""),
    ]
    assert found.told == "2 bytes differ, 100 bytes against 102 bytes"


def test_changed_bytes_are_marked_in_their_rows() -> None:
    found = between(b"abcdefgh1234zz", b"abcdXfghY234zz", Kind.BYTES)
    row = found.rows[1]
    assert row.left is not None
    assert row.left.text == "000004  65 66 67 68 31           efgh1"
    assert row.left.marks == ((8, 10), (20, 22))
    assert found.told == "2 bytes differ"


def test_large_payloads_are_compared_place_by_place_and_stop_at_the_budget() -> None:
    left = bytes(3 << 20)
    right = bytearray(left)
    right[1 << 20] = 1
    right[2 << 20] = 1
    found = between(left, bytes(right), Kind.BYTES)
    assert [label for label, _, _ in shown(found)] == ["", "", "", "", ""]
    assert found.told == "2 bytes differ"
    stopped = between(bytes(3 << 20), b"\1" * (3 << 20), Kind.BYTES, Limits(rows=5, clock=lambda: 0.0))
    assert "stopped early" in stopped.told or len(stopped.rows) <= 6


def test_many_differences_end_at_the_limit_of_rows() -> None:
    left = json.dumps({str(at): at for at in range(5000)}).encode()
    right = json.dumps({str(at): -at - 1 for at in range(5000)}).encode()
    found = between(left, right, Kind.JSON, Limits(rows=50, clock=lambda: 0.0))
    assert len(found.rows) == 50
    assert found.told.endswith("stopped early, what is behind was not compared")


VALUES = st.recursive(
    st.one_of(st.integers(-3, 3), st.booleans(), st.text("ab", max_size=2)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab", max_size=1), inner, max_size=3),
    max_leaves=10,
)


@given(VALUES, VALUES)
def test_json_is_told_to_differ_exactly_where_it_does(left: object, right: object) -> None:
    found = between(json.dumps([left]).encode(), json.dumps([right], indent=1).encode(), Kind.JSON)
    assert found.differs == (json.dumps(left, sort_keys=True) != json.dumps(right, sort_keys=True))


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_no_bytes_make_a_comparison_raise_and_equal_ones_never_differ(left: bytes, right: bytes) -> None:
    for kind in Kind:
        assert between(left, right, kind).told
        if kind is not Kind.JSON:
            assert between(left, right, kind).differs == (left != right)
            assert not between(left, left, kind).differs


@given(st.lists(st.integers(0, 3), max_size=30), st.lists(st.integers(0, 3), max_size=30))
def test_edits_turn_the_left_into_the_right(left: list[int], right: list[int]) -> None:
    made, done = [], 0
    for edit in edits(left, right):
        made += left[done : edit.left_start] + right[edit.right_start : edit.right_end]
        done = edit.left_end
    assert made + left[done:] == right
    assert edits(left, left) == []


def test_too_many_edits_are_one() -> None:
    assert edits(range(5000), range(5000, 10_000)) == [(0, 5000, 0, 5000)]
