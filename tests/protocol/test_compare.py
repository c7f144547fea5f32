"""Two heads compared down to case, order, repetition and blanks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.compare import compare_heads, differing
from wsinspector.protocol.draft import DraftLine, standard_draft

DRAFT = standard_draft(b"/", b"h", b"k1")
A = DRAFT.to_bytes()


def rows(a: bytes, b: bytes) -> list[tuple[str, bytes, tuple[str, ...]]]:
    """Every row that is not the same: kind, name, what."""
    found = []
    for row in compare_heads(a, b):
        line = row.right or row.left
        assert line is not None
        if row.kind != "same":
            found.append((row.kind, line.name, row.what))
    return found


def test_a_head_equals_itself() -> None:
    assert rows(A, A) == []
    assert len(compare_heads(A, A)) == 6


def test_a_generated_value_is_no_difference() -> None:
    b = DRAFT.with_generated(key=b"k2").to_bytes()
    assert rows(A, b) == [("generated", b"Sec-WebSocket-Key", ("value",))]
    assert differing(compare_heads(A, b)) == 0
    assert differing(compare_heads(A, b, generated=())) == 1


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"Upgrade: websocket", b"upgrade: websocket", ("case",)),
        (b"Upgrade: websocket", b"Upgrade: WebSocket", ("value",)),
        (b"Upgrade: websocket", b"Upgrade:websocket", ("blanks",)),
        (b"Upgrade: websocket", b"Upgrade: websocket ", ("blanks",)),
        (b"Upgrade: websocket\r\n", b"Upgrade: websocket\n", ("ending",)),
        (b"Upgrade: websocket", b"UPGRADE:  x", ("case", "value", "blanks")),
        (b"Upgrade: websocket", b"Upgrade:\r\n websocket", ("fold", "blanks")),
    ],
)
def test_what_differs_in_a_line(old: bytes, new: bytes, what: tuple[str, ...]) -> None:
    found = rows(A, A.replace(old, new))
    assert [(kind, name.lower()) for kind, name, _ in found] == [("changed", b"upgrade")]
    assert found[0][2] == what


def test_the_request_line() -> None:
    assert rows(A, A.replace(b"GET /", b"GET /x")) == [("changed", b"GET /x HTTP/1.1", ("start-line",))]


def test_lines_that_only_one_side_has() -> None:
    b = DRAFT.insert(2, DraftLine(b"Origin", b"null")).to_bytes()
    assert rows(A, b) == [("only-right", b"Origin", ())]
    assert rows(b, A) == [("only-left", b"Origin", ())]


def test_repetition() -> None:
    assert rows(A, DRAFT.duplicate(4).to_bytes()) == [
        ("only-right", b"Sec-WebSocket-Version", ("repetition",))
    ]
    b = DRAFT.with_version_values((b"13", b"8")).to_bytes()
    assert rows(b, A) == [("only-left", b"Sec-WebSocket-Version", ("repetition",))]


def test_order() -> None:
    assert rows(A, DRAFT.move(0, 4).to_bytes()) == [("moved", b"Host", ("order",))]
    eight_first = DRAFT.with_version_values((b"8", b"13")).to_bytes()
    thirteen_first = DRAFT.with_version_values((b"13", b"8")).to_bytes()
    assert [(kind, what) for kind, _, what in rows(eight_first, thirteen_first)] == [("moved", ("order",))]


def test_the_blank_line() -> None:
    assert rows(A, A[:-2]) == [("only-left", b"", ("ending",))]
    assert rows(A, A[:-2] + b"\n") == [("changed", b"", ("ending",))]


def with_keys(tail: bytes) -> bytes:
    return b"GET / HTTP/1.1\r\nSec-WebSocket-Key1: 1 2\r\n\r\n" + tail


def test_a_third_key_is_drawn_anew_as_the_other_two_are() -> None:
    (row,) = [row for row in compare_heads(with_keys(b"12345678"), with_keys(b"abcdefgh")) if row.what]
    assert (row.kind, row.what, row.differs) == ("generated", ("tail",), False)
    assert row.left is not None
    assert row.right is not None
    assert (row.left.value, row.right.value) == (b"12345678", b"abcdefgh")
    assert rows(with_keys(b"12345678"), with_keys(b"12345678")) == []


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        (with_keys(b"12345678"), with_keys(b"1234567"), "changed"),
        (with_keys(b"12345678"), with_keys(b""), "only-left"),
        (with_keys(b""), with_keys(b"12345678"), "only-right"),
        (A + b"12345678", A + b"abcdefgh", "changed"),
    ],
)
def test_other_bytes_behind_the_head_are_a_difference(left: bytes, right: bytes, kind: str) -> None:
    assert rows(left, right) == [(kind, b"", ("tail",))]


def test_five_thousand_lines() -> None:
    head = b"GET / HTTP/1.1\r\n" + b"".join(b"H%d: %d\r\n" % (at, at) for at in range(5000)) + b"\r\n"
    assert rows(head, head) == []
    assert rows(head, head.replace(b"H7: 7\r\n", b"H7: 8\r\n")) == [("changed", b"H7", ("value",))]


HEADS = st.lists(st.sampled_from([b"A: 1\r\n", b"a: 1\n", b"A: 2\r\n", b"B:\r\n", b"x\r\n", b" f\r\n"])).map(
    lambda lines: b"GET / HTTP/1.1\r\n" + b"".join(lines) + b"\r\n"
)


@given(HEADS, HEADS)
def test_every_line_stands_in_exactly_one_row(a: bytes, b: bytes) -> None:
    found = compare_heads(a, b)
    left = [row.left.span.start for row in found if row.left is not None]
    right = [row.right.span.start for row in found if row.right is not None]
    assert len(set(left)) == len(left)
    assert right == sorted(right)
    assert sum(len(row.left.span) for row in found if row.left is not None) in (len(a), len(a) - 2)
    assert (differing(found) == 0) == (a == b)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_any_bytes_are_compared(a: bytes, b: bytes) -> None:
    compare_heads(a, b)
