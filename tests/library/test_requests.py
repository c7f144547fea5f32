"""Saved requests: the tree, the file it is kept in, and what is said of a broken one."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.conversation.options import Options
from wsinspector.library.request_file import read_requests, requests_text
from wsinspector.library.request_store import RequestStore
from wsinspector.library.requests import RequestFolder, SavedRequest, called, free_name
from wsinspector.protocol.draft import Draft, DraftLine, Generated, standard_draft

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
BYTES = st.binary(max_size=12)
ROWS = st.builds(
    DraftLine, BYTES, BYTES, st.sampled_from([b": ", b":", b"", b" :\t"]),
    st.sampled_from([b"\r\n", b"\n", b""]),
    st.booleans(), st.none() | st.sampled_from(Generated),
)  # fmt: skip
DRAFTS = st.builds(
    Draft, BYTES, st.sampled_from([b"\r\n", b"\n", b""]), st.lists(ROWS, max_size=3).map(tuple),
    st.sampled_from([b"\r\n", b""]), BYTES, st.booleans(),
)  # fmt: skip
OPTIONS = st.builds(
    Options,
    connect_to=TEXT, timeout=st.floats(0.1, 100), verify=st.booleans(),
    alpn=st.sampled_from([(), ("a", "b")]),
    answer_pings=st.none() | st.booleans(), auto_answers=TEXT, keep_bytes=st.integers(0, 1 << 40),
    variables=st.dictionaries(TEXT, TEXT, max_size=2).map(lambda found: tuple(found.items())),
    policy=st.sampled_from(["tolerant", "watch"]),
)  # fmt: skip
REQUESTS = st.builds(SavedRequest, TEXT, TEXT, DRAFTS, OPTIONS, TEXT, st.booleans(), st.booleans())
TREES = st.recursive(
    REQUESTS,
    lambda below: st.builds(RequestFolder, TEXT, st.lists(below, max_size=3).map(tuple), TEXT),
    max_leaves=4,
).map(lambda node: RequestFolder("", (node,)))


def _saved(name: str) -> SavedRequest:
    return SavedRequest(name, "ws://{{host}}/", standard_draft(b"/", b"a.test", b"dGhlIHNhbXBsZSBub25jZQ=="))


A, B, C = _saved("a"), _saved("b"), _saved("c")
WHOLE = RequestFolder("", (A, RequestFolder("f", (B, RequestFolder("g", (C,))))))


@given(TREES)
def test_what_is_written_is_read_again(whole: RequestFolder) -> None:
    read = read_requests(requests_text(whole, head="Any\ncomment"))
    assert read.faults == ()
    assert read.whole == whole


def test_the_file_reads_well() -> None:
    assert requests_text(RequestFolder("", (RequestFolder("Shop", (A,), "Of mine"),))) == (
        '[[folder]]\nname = "Shop"\nnotes = "Of mine"\n\n[[folder.request]]\nname = "a"\n'
        'address = "ws://{{host}}/"\nlines = [\n  "GET / HTTP/1.1",\n'
        '  { line = "Host: a.test", generated = "host" },\n  "Upgrade: websocket",\n'
        '  "Connection: Upgrade",\n'
        '  { line = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", generated = "key" },\n'
        '  "Sec-WebSocket-Version: 13",\n]\n'
    )


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[[request]]\nname = 3\nlines=['GET']", 2, "a text"),
        ("[[request]]\nname = 'x'", 1, "request line"),
        ("[[request]]\nlines=['G']\ncolour='x'", 3, "colour"),
        ("[[request]]\nlines=[\n'G',\n'→: x']", 2, "no byte"),
        ("[[request]]\nlines=['G']\n[request.options]\npolicy='odd'", 4, "one of"),
        ("[[request]]\nlines=['G',\n{line='a', generated='odd'}]", 3, "one of"),
        ("[[request]]\nname = 'x\n", 2, "no TOML"),
        ("a = " + "[" * 5000, 1, "no TOML"),
    ],
)
def test_a_fault_has_its_line(text: str, line: int, said: str) -> None:
    faults = read_requests(text).faults
    assert [fault.line for fault in faults] == [line]
    assert said in faults[0].text


@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    read_requests(text)


def test_nothing_is_lost_by_moving() -> None:
    whole, at = WHOLE.moved((0,), (1, 1, 1))
    assert at == (0, 1, 1)
    assert whole.at(at) == A
    assert sorted(each.name for _, each in whole.requests()) == ["a", "b", "c"]
    whole, at = WHOLE.moved((1, 1, 0), (0,))
    assert [each.name for _, each in whole.requests()] == ["c", "a", "b"]
    assert WHOLE.moved((1,), (1, 1, 0)) == (WHOLE, (1,)), "a folder does not go into itself"


@given(st.data())
def test_every_move_keeps_every_request(data: st.DataObject) -> None:
    places = [(0,), (1,), (1, 0), (1, 1), (1, 1, 0)]
    gone, to = (
        data.draw(st.sampled_from(places)),
        data.draw(st.sampled_from([*places, (2,), (1, 2), (1, 1, 1)])),
    )
    whole, at = WHOLE.moved(gone, to)
    assert whole.at(at) == WHOLE.at(gone)
    assert sorted(each.name for _, each in whole.requests()) == ["a", "b", "c"]


def test_a_name_is_found_with_or_without_its_folders() -> None:
    assert called(WHOLE, "f/g/c") == [(1, 1, 0)]
    assert called(WHOLE, "b") == [(1, 0)]
    assert called(WHOLE, "z") == []
    assert free_name(WHOLE, "a") == "a 2"


def test_a_file_with_a_fault_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "requests.toml"
    path.write_text("[[request]]\nname = 'x'\n")
    store = RequestStore(path)
    store.load()
    assert "line 1" in store.trouble
    assert not store.save(WHOLE)
    assert path.read_text() == "[[request]]\nname = 'x'\n"


def test_it_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    store = RequestStore(tmp_path / "deep" / "requests.toml")
    assert store.load() == RequestFolder()
    assert store.save(WHOLE)
    assert os.stat(store.path).st_mode & 0o777 == 0o600
    assert RequestStore(store.path).load() == WHOLE


def test_what_another_program_wrote_is_not_lost(tmp_path: Path) -> None:
    one, other = RequestStore(tmp_path / "r.toml"), RequestStore(tmp_path / "r.toml")
    one.load()
    other.load()
    assert other.save(RequestFolder("", (B,)))
    assert not one.save(WHOLE)
    assert "another program" in one.trouble
    assert one.load() == RequestFolder("", (B,))
