"""Find in the log: what is a hit, nearest first, counted by rows, whatever is hidden."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.present.recording import BINARY, CLOSE, PING, PONG, TEXT, Recording, grown, rows_of
from wsinspector.present.finding import Finder, Found, Hits
from wsinspector.present.inflation import Inflation
from wsinspector.present.needle import Needle
from wsinspector.present.pattern_search import PatternSearch
from wsinspector.present.rows import LogRows, Mode, Shown
from wsinspector.present.search import SLICE, WordSearch


def finder_of(recording: Recording, rows: LogRows, text: str, *, payloads_only: bool = False) -> Finder:
    reading = recording.reading()
    search = WordSearch(text, reading, rows.index, Inflation(reading))
    return Finder(Needle(text, payloads_only=payloads_only), search, reading, rows)


def find_all(finder: Finder, hits: Hits, anchor: int = 1, *, backward: bool = False) -> list[tuple[int, int]]:
    """Look at everything; the pieces in the order in which they were looked at."""
    looked = []
    while pieces := hits.plan(anchor, backward, 1):
        looked += pieces
        hits.take(finder.look(*pieces[0]))
        while hits.count_on(anchor, backward, lambda: True):
            pass
    return looked


def places(hits: Hits, rows: LogRows) -> list[int]:
    return [number for number in range(1, len(rows.index) + 1) if hits.is_hit(number)]


def some(recording: Recording) -> None:
    recording.received(TEXT, b"an apple")  # 1
    recording.received(TEXT, b"a pear")  # 2
    recording.received(PING, b"")  # 3
    recording.sent(PONG, b"")  # 4
    recording.received(TEXT, b"first ", fin=False)  # 5
    recording.received(0, b"Apple", fin=False)  # 6
    recording.received(0, b", apple")  # 7
    recording.received(BINARY, b"\x00ping")  # 8
    recording.received(CLOSE, b"\x03\xe9going")  # 9


def test_what_is_a_hit(recording: Recording) -> None:
    some(recording)
    rows = rows_of(recording, Mode.FRAMES)
    for text, wanted in (
        ("APPLE", [1, 6, 7]),
        ("ping", [3, 8]),
        ("Pong", [4]),
        ("cont.", [6, 7]),
        ("4", [4]),
        ("#8", [8]),
        ("1001", [9]),
        ("nothing", []),
    ):
        hits = Hits(rows)
        find_all(finder_of(recording, rows, text), hits)
        assert places(hits, rows) == wanted, text
        assert hits.total == len(wanted)
        assert hits.done
    hits = Hits(rows)
    find_all(finder_of(recording, rows, "ping", payloads_only=True), hits)
    assert places(hits, rows) == [8]


def test_in_messages_a_hit_is_a_row(recording: Recording) -> None:
    some(recording)
    rows = rows_of(recording, Mode.MESSAGES)
    hits = Hits(rows)
    find_all(finder_of(recording, rows, "apple"), hits)
    assert places(hits, rows) == [1, 5]
    assert [hits.place_of(number) for number in (1, 2, 5)] == [1, 0, 2]
    assert hits.after(1) == (5, True)
    assert hits.after(5) == (0, True)
    assert hits.before(5) == (1, True)
    assert hits.before(1) == (0, True)


def test_hidden_rows_are_not_counted_until_they_show(recording: Recording) -> None:
    some(recording)
    rows = rows_of(recording, Mode.FRAMES, dataclasses.replace(Shown(), text=False, faults=False))
    hits = Hits(rows)
    find_all(finder_of(recording, rows, "apple"), hits)
    assert (hits.total, hits.any_hidden) == (0, True)
    rows.rebuild(Mode.FRAMES, Shown(), None)
    grown(rows, recording.frames)
    while hits.count_on(1, False, lambda: True):
        pass
    assert places(hits, rows) == [1, 6, 7]
    rows.rebuild(Mode.FRAMES, Shown(), None, first=2)
    grown(rows, recording.frames)
    while hits.count_on(1, False, lambda: True):
        pass
    assert places(hits, rows) == [6, 7]


def test_the_nearest_pieces_come_first_and_only_what_is_certain_is_said(recording: Recording) -> None:
    for number in range(3 * SLICE + 10):
        recording.received(TEXT, b"hit" if number + 1 in (5, 2 * SLICE + 7) else b"x")
    rows = rows_of(recording, Mode.FRAMES)
    finder = finder_of(recording, rows, "hit")
    hits = Hits(rows)
    anchor = SLICE + 3
    assert hits.after(anchor) == (0, False)
    pieces = hits.plan(anchor, False)
    assert [start // SLICE for start, _ in pieces] == [1, 2, 3, 0]
    assert [start // SLICE for start, _ in hits.plan(anchor, True)] == [1, 0, 3, 2]
    hits.take(finder.look(*pieces[1]))
    hits.count_on(anchor, False, lambda: True)
    assert hits.after(anchor) == (0, False)  # a nearer one may be in the piece before
    hits.take(finder.look(*pieces[0]))
    hits.count_on(anchor, False, lambda: True)
    assert hits.after(anchor) == (2 * SLICE + 7, True)
    assert hits.before(anchor) == (0, False)
    assert not hits.done
    find_all(finder, hits)
    assert hits.before(anchor) == (5, True)
    assert hits.total == 2
    assert hits.place_of(2 * SLICE + 7) == 2


def test_frames_that_arrive_are_looked_at(recording: Recording) -> None:
    recording.received(TEXT, b"one")
    rows = rows_of(recording, Mode.FRAMES)
    finder, hits = finder_of(recording, rows, "one"), Hits(rows)
    find_all(finder, hits)
    assert hits.after(1) == (0, True)
    recording.received(TEXT, b"one more")
    recording.source()
    grown(rows, recording.frames)
    assert hits.after(1) == (0, False)
    assert hits.plan(1, False) == [(1, 2)]
    find_all(finder, hits)
    assert hits.after(1) == (2, True)
    hits.take(Found(0, b"\x01"))  # of an earlier look: not counted again
    assert hits.total == 2


def test_places_in_a_text() -> None:
    assert Needle("APPLE").places("Apple apple") == [(0, 5), (6, 11)]
    assert Needle("İs").places("İstanbul İs") == [(0, 2), (9, 11)]
    assert Needle("").places("x") == []
    assert len(Needle("a").places("a" * 500, 20)) == 20
    assert Needle("a+|x*", pattern=True).places("bAAb a") == [(1, 3), (5, 6)]


def test_a_pattern_that_takes_for_ever_lights_nothing() -> None:
    needle = Needle("(a|aa)+$", pattern=True)
    assert needle.places("a" * 4000 + "b") == []
    assert needle.places("a") == []  # given up for good: rows are painted thirty times a second
    with pytest.raises(ValueError, match="missing"):
        Needle("(", pattern=True)


def test_a_pattern_in_messages(deflated: Recording) -> None:
    deflated.received(TEXT, b"order 1", fin=False)
    deflated.received(0, b"234 shipped")
    deflated.compressed("order 99 shipped")
    deflated.sent(TEXT, b"order x shipped")
    deflated.received(TEXT, b"a" * 4000 + b"b")
    rows = rows_of(deflated, Mode.MESSAGES)
    reading = deflated.reading()
    for pattern, wanted, undecided in ((r"order \d+ SHIPPED", [1, 3], 0), ("(a|aa)+$", [], 1)):
        search = PatternSearch(pattern, reading, rows.index, Inflation(reading))
        hits = Hits(rows)
        find_all(Finder(Needle(pattern, pattern=True), search, reading, rows), hits)
        assert places(hits, rows) == wanted
        assert search.undecided == undecided


@settings(
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("tbpf")), min_size=1, max_size=12),
    st.sampled_from(list(Mode)),
    st.integers(1, 12),
    st.booleans(),
)
def test_next_and_before_like_a_plain_search(
    tmp_path_factory: object, frames: list[tuple[str, str]], mode: Mode, at: int, text: bool
) -> None:
    recording = Recording(tmp_path_factory.mktemp("find") / "one.wsi")  # type: ignore[attr-defined]
    try:
        opened = False
        for word, kind in frames:
            if kind == "p":
                recording.received(PING, word.encode())
            elif kind == "f":
                recording.received(0 if opened else TEXT, word.encode(), fin=opened)
                opened = not opened
            elif not opened:
                recording.received(TEXT if kind == "t" else BINARY, word.encode())
        rows = rows_of(recording, mode, Shown(text=text, faults=False))
        hits = Hits(rows)
        find_all(finder_of(recording, rows, "a", payloads_only=True), hits)
        index, reading = rows.index, recording.reading()
        wanted = set()
        for number in range(1, len(index) + 1):
            facts = reading.facts(number)
            assert facts is not None
            head = index.head_of(number) if mode is Mode.MESSAGES else number
            if b"a" in reading.payload(facts, 0, 9) and rows.row_of_frame(head) is not None:
                wanted.add(head)
        assert set(places(hits, rows)) == wanted
        assert hits.after(at)[0] == min((one for one in wanted if one > at), default=0)
        assert hits.before(at)[0] == max((one for one in wanted if one < at), default=0)
        assert hits.total == len(wanted)
    finally:
        recording.close()
