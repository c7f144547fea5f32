"""The draft is its bytes: rows, Raw and the version box are views of them."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from wsinspector.protocol.draft import Draft, DraftLine, Generated, standard_draft
from wsinspector.protocol.http_reader import parse_request

DRAFT = standard_draft(b"/chat", b"server.example.com", b"dGhlIHNhbXBsZSBub25jZQ==")
BYTES = (
    b"GET /chat HTTP/1.1\r\n"
    b"Host: server.example.com\r\n"
    b"Upgrade: websocket\r\n"
    b"Connection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Version: 13\r\n"
    b"\r\n"
)


def names(draft: Draft) -> list[bytes]:
    return [line.name for line in draft.lines]


def test_the_standard_request() -> None:
    assert DRAFT.to_bytes() == BYTES
    assert (DRAFT.method, DRAFT.target, DRAFT.http_version) == (b"GET", b"/chat", b"HTTP/1.1")
    assert [line.generated for line in DRAFT.lines] == [Generated.HOST, None, None, Generated.KEY, None]
    more = standard_draft(b"/", b"h", b"k", origin=b"null", deflate=True, version=(b"13", b"8"))
    assert names(more)[4:] == [
        b"Sec-WebSocket-Version",
        b"Sec-WebSocket-Version",
        b"Origin",
        b"Sec-WebSocket-Extensions",
    ]
    assert more.offers().extensions == (b"permessage-deflate; client_max_window_bits",)


def test_rows_can_be_moved_repeated_removed_and_switched_off() -> None:
    assert names(DRAFT.move(0, 4))[4] == b"Host"
    assert names(DRAFT.duplicate(3)).count(b"Sec-WebSocket-Key") == 2
    assert DRAFT.duplicate(3).lines[4].generated is None
    assert b"Upgrade: websocket" not in DRAFT.switched(1, False).to_bytes()
    assert len(DRAFT.switched(1, False).lines) == 5
    assert DRAFT.remove(0).to_bytes() == BYTES.replace(b"Host: server.example.com\r\n", b"")


def test_a_version_value_changes_the_version_lines_and_nothing_else() -> None:
    for values in ((b"8",), (b"",), (b"13", b"8"), (b"x\r\ny",), (b"8", b"13", b"8")):
        draft = DRAFT.with_version_values(values)
        lines = b"".join(b"Sec-WebSocket-Version: " + value + b"\r\n" for value in values)
        assert draft.to_bytes() == BYTES.replace(b"Sec-WebSocket-Version: 13\r\n", lines)
        assert draft.version_values() == values
        assert draft.with_version_values((b"13",)) == DRAFT


def test_an_absent_version_comes_back_to_its_place() -> None:
    first = DRAFT.move(4, 0)
    absent = first.with_version_values(())
    assert absent.version_values() == ()
    assert b"Version" not in absent.to_bytes()
    assert absent.with_version_values((b"13",)) == first


def test_a_version_where_there_was_none_stands_behind_the_key() -> None:
    draft = DRAFT.remove(4).move(3, 0).with_version_values((b"8",))
    assert names(draft)[:2] == [b"Sec-WebSocket-Key", b"Sec-WebSocket-Version"]


def test_version_lines_keep_their_own_writing() -> None:
    odd = Draft.from_bytes(BYTES.replace(b"Sec-WebSocket-Version: 13\r\n", b"sec-websocket-VERSION:\t13\n"))
    assert b"sec-websocket-VERSION:\t8\n" in odd.with_version_values((b"8",)).to_bytes()


def test_a_generated_value_is_drawn_anew_until_it_is_edited() -> None:
    fresh = DRAFT.with_generated(key=b"new", host=b"other")
    assert fresh.key() == b"new"
    edited = DRAFT.with_edited_value(3, b"mine").with_generated(key=b"new")
    assert edited.key() == b"mine"
    assert DRAFT.fresh_names() == {b"sec-websocket-key"}
    assert edited.fresh_names() == frozenset()


def test_the_target_alone() -> None:
    assert DRAFT.with_target(b"/x").request_line == b"GET /x HTTP/1.1"
    assert replace(DRAFT, request_line=b"GET  GET \tHTTP/1.1").with_target(b"/").request_line == (
        b"GET  / \tHTTP/1.1"
    )


def test_raw_edits_keep_marks_and_switched_off_rows() -> None:
    draft = DRAFT.insert(2, DraftLine(b"Cookie", b"a=b", enabled=False))
    edited = draft.with_bytes(draft.to_bytes().replace(b"Upgrade: websocket", b"upgrade: WebSocket"))
    assert names(edited) == [
        b"Host", b"upgrade", b"Cookie", b"Connection", b"Sec-WebSocket-Key", b"Sec-WebSocket-Version",
    ]  # fmt: skip
    assert edited.lines[4].generated is Generated.KEY
    assert not edited.lines[2].enabled
    typed = draft.with_bytes(draft.to_bytes().replace(b"dGhl", b"dGhm"))
    assert typed.lines[4].generated is None
    assert typed.lines[0].generated is Generated.HOST


def test_a_row_moved_in_raw_keeps_its_mark() -> None:
    host = b"Host: server.example.com\r\n"
    moved = BYTES.replace(host, b"").replace(b"\r\n\r\n", b"\r\n" + host + b"\r\n")
    draft = DRAFT.with_bytes(moved)
    assert draft.lines[4].generated is Generated.HOST
    assert draft.lines[2].generated is Generated.KEY


def test_bytes_that_are_no_head() -> None:
    for data in (b"", b"\x00\x01", b"hello", b"\r\n" + BYTES, b"\n\n"):
        draft = DRAFT.with_bytes(data)
        assert draft.to_bytes() == data
        assert not draft.is_head
        assert draft.version_values() == ()
        assert draft.with_version_values((b"13",)) == draft
        assert draft.with_bytes(BYTES).to_bytes() == BYTES


def test_a_line_break_in_a_value_makes_two_rows_when_reread() -> None:
    draft = DRAFT.with_version_values((b"13\r\nX: y",)).insert(0, DraftLine(b"Off", b"", enabled=False))
    again = draft.reread()
    assert again.to_bytes() == draft.to_bytes()
    assert names(again)[-2:] == [b"Sec-WebSocket-Version", b"X"]
    assert again.lines[0] == draft.lines[0]
    assert again.fresh_names() == draft.fresh_names()
    assert DRAFT.reread() == DRAFT


def test_half_a_head_and_bytes_behind_it_keep_their_rows() -> None:
    half = DRAFT.with_bytes(BYTES[:-2])
    assert (half.is_head, half.terminator, len(half.lines)) == (True, b"", 5)
    tail = DRAFT.with_bytes(BYTES + b"^n:ds[4U")
    assert (tail.tail, tail.lines) == (b"^n:ds[4U", DRAFT.lines)


NAMES = st.sampled_from([b"Host", b"Sec-WebSocket-Version", b"X", b"", b"no colon", b" Y"])
LINES = st.builds(
    DraftLine,
    NAMES,
    st.binary(max_size=8),
    st.sampled_from([b": ", b":", b"", b" :\t"]),
    st.sampled_from([b"\r\n", b"\n", b""]),
    st.booleans(),
    st.sampled_from([None, Generated.KEY]),
)
DRAFTS = st.builds(
    Draft,
    st.sampled_from([b"GET / HTTP/1.1", b"", b"\x00", b"GET /"]),
    st.sampled_from([b"\r\n", b"\n", b""]),
    st.lists(LINES, max_size=6).map(tuple),
    st.sampled_from([b"\r\n", b""]),
    st.binary(max_size=4),
)


@settings(deadline=None)
@given(DRAFTS)
def test_composed_then_read_back_gives_identical_bytes(draft: Draft) -> None:
    data = draft.to_bytes()
    assert Draft.from_bytes(data).to_bytes() == data
    assert DRAFT.with_bytes(data).to_bytes() == data


@settings(deadline=None)
@given(DRAFTS, st.one_of(st.binary(max_size=60), DRAFTS.map(Draft.to_bytes)))
def test_any_edit_of_the_bytes_is_taken_exactly(draft: Draft, data: bytes) -> None:
    edited = draft.with_bytes(data)
    assert edited.to_bytes() == data
    if edited.is_head and data != draft.to_bytes():
        off = [line for line in draft.lines if not line.enabled]
        # A row that is moved takes those behind it along, so their order is that of the rows.
        assert Counter(line for line in edited.lines if not line.enabled) == Counter(off)


@settings(deadline=None)
@given(DRAFTS, st.lists(st.binary(max_size=4), max_size=3))
def test_version_values_go_in_and_come_out(draft: Draft, values: list[bytes]) -> None:
    changed = draft.with_version_values(values)
    if not draft.is_head:
        assert changed == draft
        return
    assert changed.version_values() == tuple(values)
    others = [line for line in draft.lines if not line.is_named(b"Sec-WebSocket-Version")]
    assert [line for line in changed.lines if not line.is_named(b"Sec-WebSocket-Version")] == others


def test_the_key_is_read_as_a_server_reads_it() -> None:
    draft = DRAFT.duplicate(3).with_edited_value(4, b"second")
    assert draft.key() == parse_request(draft.to_bytes()).values(b"sec-websocket-key")[0]
    assert DRAFT.remove(3).key() is None
