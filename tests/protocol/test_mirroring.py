"""What happened to a request on its way: every kind of edit named, equal bytes never."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wsinspector.protocol.http_reader import read_response
from wsinspector.protocol.mirroring import Change, Difference, Mirrored, differences, mirrored

LINES = (
    b"Host: example.com",
    b"Upgrade: websocket",
    b"Connection: Upgrade",
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    b"Sec-WebSocket-Version: 8",
    b"Sec-WebSocket-Version: 13",
    b"User-Agent: one",
)
START = b"GET /mirror HTTP/1.1"


def head(*lines: bytes, start: bytes = START, tail: bytes = b"") -> bytes:
    return b"\r\n".join([start, *lines]) + b"\r\n\r\n" + tail


def told(sent: bytes, received: bytes) -> list[tuple[str, bytes]]:
    return [(one.change.value, one.name) for one in differences(sent, received)]


SENT = head(*LINES)


def with_line(place: int, *lines: bytes) -> bytes:
    return head(*LINES[:place], *lines, *LINES[place + 1 :])


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (SENT, []),
        (with_line(1), [("removed", b"Upgrade")]),
        (head(*LINES, b"Via: 1.1 box"), [("added", b"Via")]),
        (with_line(2, b"Connection: close"), [("value", b"Connection")]),
        (with_line(1, b"upgrade: websocket"), [("case", b"Upgrade")]),
        (with_line(1, b"Upgrade:websocket"), [("blanks", b"Upgrade")]),
        (with_line(1, b"Upgrade: websocket \t"), [("blanks", b"Upgrade")]),
        (with_line(1, b"Upgrade : websocket"), [("blanks", b"Upgrade")]),
        (
            head(*LINES[:4], b"Sec-WebSocket-Version: 8, 13", LINES[6]),
            [("joined", b"Sec-WebSocket-Version")],
        ),
        (
            head(*LINES[:4], b"sec-websocket-version: 8,13", LINES[6]),
            [("joined", b"Sec-WebSocket-Version"), ("case", b"Sec-WebSocket-Version")],
        ),
        (head(LINES[1], LINES[0], *LINES[2:]), [("moved", b"Host")]),
        (head(*LINES[1:], LINES[0]), [("moved", b"Host")]),
        (
            head(*LINES[:4], LINES[5], LINES[4], LINES[6]),
            [("moved", b"Sec-WebSocket-Version")],
        ),
        (head(*LINES, start=b"POST /mirror HTTP/1.1"), [("method", b"")]),
        (head(*LINES, start=b"GET /other HTTP/1.1"), [("target", b"")]),
        (head(*LINES, start=b"GET /mirror HTTP/1.0"), [("http-version", b"")]),
        (head(*LINES, start=b"GET  /mirror HTTP/1.1"), [("start-line", b"")]),
        (SENT.replace(b"websocket\r\n", b"websocket\n"), [("ending", b"Upgrade")]),
        (SENT.replace(b"HTTP/1.1\r\n", b"HTTP/1.1\n"), [("ending", b"")]),
        (SENT[:-2] + b"\n", [("ending", b"")]),
        (b"\r\n" + SENT, [("leading", b"")]),
        (SENT + b"more", [("tail-added", b"")]),
        (b"", [("method", b""), ("target", b""), ("http-version", b""), ("ending", b"")]),
    ],
)
def test_each_kind_of_edit_has_its_name(received: bytes, expected: list[tuple[str, bytes]]) -> None:
    found = told(SENT, received)
    assert found[: len(expected)] == expected
    assert len(found) == len(expected) or received == b""


def test_what_a_proxy_did_to_the_lines_stands_beside_its_name() -> None:
    received = head(*LINES[:4], b"Sec-WebSocket-Version: 8, 13", LINES[6])
    assert differences(SENT, received) == (
        Difference(Change.JOINED, b"Sec-WebSocket-Version", LINES[4:6], (b"Sec-WebSocket-Version: 8, 13",)),
    )
    assert differences(received, SENT) == (
        Difference(Change.SPLIT, b"Sec-WebSocket-Version", (b"Sec-WebSocket-Version: 8, 13",), LINES[4:6]),
    )


def test_the_third_key_behind_the_head() -> None:
    third = b"8jKS'y:G"
    sent = head(*LINES, tail=third)
    assert differences(sent, SENT) == (Difference(Change.TAIL_LOST, b"", (third,), (b"",), 8),)
    assert differences(sent, sent[:-3]) == (Difference(Change.TAIL_LOST, b"", (third,), (third[:-3],), 3),)
    assert told(sent, sent[:-1] + b"!") == [("tail-changed", b"")]


def test_a_folded_value_that_was_written_on_one_line() -> None:
    sent, received = head(b"X-Odd: one\r\n two"), head(b"X-Odd: one two")
    assert told(sent, received) == [("unfolded", b"X-Odd")]
    assert told(received, sent) == [("unfolded", b"X-Odd")]
    assert told(sent, head(b"X-Odd: one   two")) == [("unfolded", b"X-Odd")]
    assert told(sent, head(b"X-Odd: onetwo")) == [("value", b"X-Odd")]


def test_what_nginx_sends_on_without_any_setting() -> None:
    received = head(
        b"Host: 127.0.0.1:9000", b"Connection: close", *LINES[3:], start=b"GET /mirror HTTP/1.0"
    )  # fmt: skip
    assert told(SENT, received) == [
        ("http-version", b""),
        ("value", b"Host"),
        ("removed", b"Upgrade"),
        ("value", b"Connection"),
    ]


NAMES = st.sampled_from([b"Host", b"X-One", b"X-Two", b"Cookie", b"Sec-WebSocket-Version", b"Via"])
VALUES = st.text("ab1;,= é", max_size=6).map(lambda text: text.strip().encode("latin-1"))
FIELDS = st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=8)
Fields = list[tuple[bytes, bytes]]


def written(fields: Fields) -> bytes:
    return head(*(name + b": " + value for name, value in fields))


@given(FIELDS, st.data())
def test_a_dropped_line_is_removed(fields: Fields, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(fields) - 1))
    found = told(written(fields), written([*fields[:at], *fields[at + 1 :]]))
    name = fields[at][0]
    others = [value for other, value in fields if other == name]
    if len(others) == 1:
        assert found == [("removed", name)]
    else:  # two that together read like a third may as well have been joined
        assert {each[1] for each in found} == {name}
        assert {each[0] for each in found} & {"removed", "joined"}


@given(FIELDS, NAMES, VALUES, st.data())
def test_an_added_line_is_added(fields: Fields, name: bytes, value: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(fields)))
    found = told(written(fields), written([*fields[:at], (name, value), *fields[at:]]))
    if name in [other for other, _ in fields]:
        assert {each[1] for each in found} == {name}
        assert {each[0] for each in found} & {"added", "split"}
    else:
        assert found == [("added", name)]


@given(FIELDS, VALUES, VALUES, st.sampled_from([b", ", b",", b"; "]), st.data())
def test_joined_lines_are_joined(
    fields: Fields, one: bytes, two: bytes, joint: bytes, data: st.DataObject
) -> None:
    fields = [field for field in fields if field[0] != b"Cookie"]
    at = data.draw(st.integers(0, len(fields)))
    whole = (one + joint + two).strip()
    assume(whole not in (one, two))
    sent = [*fields[:at], (b"Cookie", one), (b"Cookie", two), *fields[at:]]
    received = [*fields[:at], (b"Cookie", whole), *fields[at:]]
    assert told(written(sent), written(received)) == [("joined", b"Cookie")]
    assert told(written(received), written(sent)) == [("split", b"Cookie")]


@given(FIELDS, st.data())
def test_two_lines_in_each_other_s_place_are_moved(fields: Fields, data: st.DataObject) -> None:
    assume(len(fields) > 1)
    at = data.draw(st.integers(0, len(fields) - 2))
    assume(fields[at] != fields[at + 1])
    swapped = [*fields[:at], fields[at + 1], fields[at], *fields[at + 2 :]]
    found = told(written(fields), written(swapped))
    # As few as can be: an equal line further on may be the one that stayed.
    assert found
    assert {each[0] for each in found} == {"moved"}


@given(FIELDS, st.data())
def test_a_name_in_other_letters_is_a_matter_of_case(fields: Fields, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(fields) - 1))
    name, value = fields[at]
    found = told(written(fields), written([*fields[:at], (name.swapcase(), value), *fields[at + 1 :]]))
    assert ("case", name) in found
    # Among lines of one name and one value nobody can tell which it was.
    assert {each[0] for each in found} <= {"case", "moved"}


@given(FIELDS, VALUES, st.data())
def test_another_value_is_a_matter_of_value(fields: Fields, value: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(fields) - 1))
    name = fields[at][0]
    assume(value != fields[at][1] and [other for other, _ in fields].count(name) == 1)
    assert told(written(fields), written([*fields[:at], (name, value), *fields[at + 1 :]])) == [
        ("value", name)
    ]


ODD = st.one_of(
    st.binary(max_size=80),
    st.lists(
        st.sampled_from(
            [b"GET / HTTP/1.1", b"A: b", b"a:b ", b"a: c", b" fold", b"\r\n", b"\n", b":", b"\0"]
        ),
        max_size=12,
    ).map(b"".join),
)


@given(ODD, ODD)
def test_any_bytes_are_compared_and_equal_ones_never_differ(sent: bytes, received: bytes) -> None:
    assert differences(sent, sent) == ()
    assert bool(differences(sent, received)) == (sent != received)


def test_thousands_of_lines_are_compared_in_no_time() -> None:
    lines = [b"X-%d: %d" % (at % 3, at) for at in range(6000)]
    found = differences(head(*lines), head(*reversed(lines)))
    assert len(found) == 5999
    assert {one.change for one in found} == {Change.MOVED}


ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: message/http\r\nContent-Length: 5\r\nWSInspector-Mirror: request\r\n"
    b"Content-Digest: sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:\r\n\r\nhello"
)


def test_a_copy_is_known_by_its_kind_and_its_name_and_held_against_its_digest() -> None:
    assert mirrored(read_response(ANSWER)) == Mirrored(b"hello", True)
    assert mirrored(read_response(ANSWER[:-1] + b"!")) == Mirrored(b"hell!", False)
    assert mirrored(read_response(ANSWER.replace(b"LPJ", b"==="))) == Mirrored(b"hello", False)
    no_digest = ANSWER.replace(b"Content-Digest", b"X-Digest")
    assert mirrored(read_response(no_digest)) == Mirrored(b"hello", True)
    parameter = ANSWER.replace(b"message/http", b"Message/HTTP; version=1.1")
    assert mirrored(read_response(parameter)) == Mirrored(b"hello", True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"message/http", b"text/plain"),
        (b"WSInspector-Mirror", b"X-Mirror"),
        (b"200 OK", b"400 Bad"),
        (b"\r\n\r\nhello", b"\r\n\r\n"),
    ],
)
def test_what_is_no_mirror_is_not_taken_for_one(old: bytes, new: bytes) -> None:
    assert mirrored(read_response(ANSWER.replace(old, new))) is None


def test_a_copy_that_was_cut_is_not_whole() -> None:
    assert mirrored(read_response(ANSWER[:-2])) == Mirrored(b"hel", False)
    assert mirrored(None) is None
