"""Two heads side by side: what is marked, what it is called, what stays out of it."""

from hypothesis import given
from hypothesis import strategies as st

from wsinspector.present.comparing import CompareRow, compare_rows, marks_between

BASE = b"GET /c HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAA\r\n\r\n"


def changed(right: bytes) -> list[CompareRow]:
    return [row for row in compare_rows(BASE, right) if row.differs]


def test_equal_heads_have_no_difference() -> None:
    assert changed(BASE) == []


def test_a_generated_value_is_no_difference_and_is_named() -> None:
    rows = compare_rows(BASE, BASE.replace(b"AAAA", b"BBBB"))
    assert [row.label for row in rows if row.label] == ["generated"]
    assert not any(row.differs for row in rows)


def test_letter_case_is_marked_letter_by_letter() -> None:
    (row,) = changed(BASE.replace(b"Upgrade: w", b"upgrade: w"))
    assert row.label == "letter case"
    assert row.left is not None
    assert row.right is not None
    assert row.left.marks == row.right.marks == ((0, 1),)


def test_white_space_becomes_visible() -> None:
    (row,) = changed(BASE.replace(b"Host: a", b"Host:  a "))
    assert row.label == "white space"
    assert row.right is not None
    assert row.right.text == "Host:␣␣a␣"


def test_a_line_ending_is_named() -> None:
    (row,) = changed(BASE.replace(b"Host: a\r\n", b"Host: a\n"))
    assert row.label == "line ending"
    assert row.right is not None
    assert row.right.text == "Host: a [LF]"


def test_order_and_repetition_are_named() -> None:
    moved = BASE.replace(b"Host: a\r\nUpgrade: websocket\r\n", b"Upgrade: websocket\r\nHost: a\r\n")
    assert [row.label for row in changed(moved)] == ["order"]
    (row,) = changed(BASE.replace(b"Host: a\r\n", b"Host: a\r\nHost: a\r\n"))
    assert row.left is None
    assert row.spoken() == "only right: left nothing, right Host: a"


def test_bytes_behind_the_head_are_named() -> None:
    row = compare_rows(BASE + b"\x81\x00", BASE + b"\x81\x01")[-1]
    assert row.left is not None
    assert row.right is not None
    assert row.left.text == "behind the head: ⢁␀"
    assert (row.label, row.right.marks) == ("bytes", ((len(row.right.text) - 1, len(row.right.text)),))
    keys = BASE.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Key1: 1 2\r\n\r\n")
    row = compare_rows(keys + b"12345678", keys + b"abcdefgh")[-1]
    assert (row.kind, row.label, row.differs) == ("generated", "generated", False)


def test_secrets_stay_masked() -> None:
    secret = BASE.replace(b"GET /c", b"GET /c?token=abcdef").replace(
        b"\r\n\r\n", b"\r\nAuthorization: Bearer abcdefgh\r\n\r\n"
    )
    texts = [side.text for row in compare_rows(secret, secret) for side in (row.left, row.right) if side]
    assert not any("abcdef" in text for text in texts)


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_is_not_marked_is_equal(left: str, right: str) -> None:
    lefts, rights = marks_between(left, right)
    for text, marks in ((left, lefts), (right, rights)):
        assert all(0 <= start < end <= len(text) for start, end in marks)
    assert (left == right) == (not lefts and not rights)
