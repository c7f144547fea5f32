"""Frames that are not in the file any more are one row, and nothing takes them for frames."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.capture.traffic import FRAME, new_attempt, run_of_frames
from tests.present.recording import BINARY, PING, PONG, TEXT, Recording
from wsinspector.capture import CaptureReader, CaptureWriter
from wsinspector.capture.trimming import FRAMES, Limits
from wsinspector.conversation.remains import dropped_to, losses
from wsinspector.filter import parse
from wsinspector.present.filtering import FilterRun
from wsinspector.present.frame_classes import GONE, FrameClasses
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.missing import Missing
from wsinspector.present.rows import FIRST_DROPPED, SUB_BITS, SUB_DROPPED, LogRows, Mode, Shown
from wsinspector.present.rowtext import RowTexts
from wsinspector.present.search import WordSearch
from wsinspector.present.source import AttemptSource
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.spans import Direction

RUN = 4000
LAST = 12 * RUN


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaptureReader]:
    """A capture of which a limit has dropped the oldest frames."""
    path = tmp_path_factory.mktemp("trimmed") / "a.wsi"
    writer = CaptureWriter.create(path)
    writer.limits = Limits(frames=3 * RUN)
    attempt = new_attempt(writer)
    for first in range(1, LAST, RUN):
        data, columns = run_of_frames(first, RUN)
        attempt.bytes(Direction.IN, data, 7)
        attempt.frames(columns)
        assert writer.flush(30)
    attempt.finish()
    writer.close()
    with CaptureReader(path) as reader:
        assert attempt.dropped_to == dropped_to(reader, 1) > RUN
        yield reader


def grown(index: FrameIndex, upto: int) -> None:
    while index.grow(upto):
        pass


def laid_out(rows: LogRows) -> list[int]:
    while True:
        before = rows.collected
        for insertion in rows.prepare():
            rows.apply(insertion)
        if rows.collected == before:
            return list(rows.keys)


@pytest.mark.parametrize("mode", Mode)
def test_one_row_stands_for_all_that_were_dropped(trimmed: CaptureReader, mode: Mode) -> None:
    gone = dropped_to(trimmed, 1)
    source = AttemptSource(trimmed, 1)
    rows = LogRows(FrameIndex(source), mode)
    grown(rows.index, LAST)
    assert laid_out(rows) == [FIRST_DROPPED, *(number << SUB_BITS for number in range(gone + 1, LAST + 1))]
    assert rows.is_marker(FIRST_DROPPED)
    assert rows.row_of_frame(1) == rows.row_of_frame(gone) == 0
    assert rows.row_of_frame(gone + 1) == 1
    reading = FrameReading(source)
    assert reading.facts(gone) is None
    texts = RowTexts(reading, rows, Inflation(reading))
    said = f"{gone:,}".replace(",", "\u2009")
    assert texts.cells(FIRST_DROPPED).payload == f"{said} frames dropped: frame limit"


def test_known_beforehand_they_cost_nothing(trimmed: CaptureReader) -> None:
    gone = dropped_to(trimmed, 1)
    index = FrameIndex(AttemptSource(trimmed, 1))
    index.drop(gone)
    assert len(index) == gone
    grown(index, LAST)
    assert len(index) == LAST
    assert index.missing.run_at(1) == (1, gone + 1)
    assert index.frames.piece(gone - 1, gone + 1) == bytes((GONE, index.frames[gone]))
    assert not index.silences


@pytest.mark.parametrize("condition", ["size < 1000", "not type == text", "number > 0", "in"])
def test_no_filter_finds_what_is_not_there(trimmed: CaptureReader, condition: str) -> None:
    gone = dropped_to(trimmed, 1)
    reading = FrameReading(AttemptSource(trimmed, 1))
    index = FrameIndex(reading.source)
    grown(index, LAST)
    parsed = parse(condition if condition != "in" else "dir == in")
    assert parsed.condition is not None
    run = FilterRun(parsed.condition, reading, index, Inflation(reading), mode=Mode.FRAMES)
    found = b""
    while part := run.work(LAST):
        found += part
    assert found == bytes(gone) + b"\1" * (LAST - gone)
    assert run.hits == LAST - gone
    assert not run.undecided


def test_a_search_passes_over_them(trimmed: CaptureReader) -> None:
    gone = dropped_to(trimmed, 1)
    reading = FrameReading(AttemptSource(trimmed, 1))
    index = FrameIndex(reading.source)
    grown(index, LAST)
    search = WordSearch("\0", reading, index, Inflation(reading))
    found = b""
    while part := search.step(LAST):
        found += part
    assert 1 not in found[:gone]
    assert found[gone:] == b"\1" * (LAST - gone)


def test_what_a_person_left_out_is_no_loss(trimmed: CaptureReader) -> None:
    (loss,) = losses(trimmed, 1)
    assert loss.reason == FRAMES
    assert loss.frames == dropped_to(trimmed, 1)
    assert loss.bytes <= loss.frames * FRAME


# -- while it is looked at

STEPS = st.lists(
    st.sampled_from(
        [(TEXT, True), (TEXT, False), (0, False), (0, True), (PING, True), (PONG, True), (BINARY, True)]
    ),
    min_size=1,
    max_size=12,
)


class Cut:
    """The source of a capture whose first frames were dropped."""

    def __init__(self, whole: AttemptSource, gone: int) -> None:
        self._whole, self._gone = whole, gone

    def __getattr__(self, name: str) -> object:
        if name == "block":
            raise AttributeError(name)
        return getattr(self._whole, name)

    def columns(self, first_no: int, count: int) -> FrameColumns:
        columns = self._whole.columns(first_no, count)
        lost = min(max(self._gone + 1 - first_no, 0), len(columns))
        for name in FrameColumns.__slots__:
            column = getattr(columns, name)
            column[:lost] = type(column)(column.typecode, bytes(column.itemsize * lost))
        return columns


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.data())
def test_dropped_while_looked_at_is_as_if_opened_so(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, bool]], data: st.DataObject
) -> None:
    recording = Recording(tmp_path_factory.mktemp("live") / "a.wsi")
    for opcode, fin in steps:
        recording.received(opcode, b"x", fin=fin)
    source = recording.source()
    total = recording.frames
    seen = data.draw(st.integers(0, total))
    gone = data.draw(st.integers(1, total))
    for mode in Mode:
        rows = LogRows(FrameIndex(source), mode, Shown())
        grown(rows.index, seen)
        for key in laid_out(rows):
            insertion = rows.open(key)
            if insertion is not None:
                rows.apply(insertion)
        heads = rows.index.drop(gone)
        at, count = rows.dropping()
        rows.remove(at, count)
        for insertion in rows.dropped(heads):
            rows.apply(insertion)
        assert sorted(rows.keys) == list(rows.keys)
        grown(rows.index, total)
        laid_out(rows)
        for key in list(rows.opened):
            closed = rows.shut(key)
            assert closed is not None
            rows.remove(*closed)
        opened = LogRows(FrameIndex(Cut(source, gone)), mode, Shown())  # type: ignore[arg-type]
        grown(opened.index, total)
        fresh = laid_out(opened)
        for one in (rows, opened):
            assert one.keys[0] == FIRST_DROPPED
            behind = [no for key in one.keys if not one.is_marker(key) for no in one.frames_of(key)]
            assert sorted(behind) == list(range(gone + 1, total + 1))
            assert [one.row_of_frame(number) for number in range(1, gone + 1)] == [0] * gone
        if mode is Mode.FRAMES or 0 not in (opcode for opcode, _ in steps):
            # A fragment that shows now may stand within a run that was folded around it before.
            assert list(rows.keys) == fresh
    recording.close()


def test_what_was_dropped_in_between_has_its_own_row(recording: Recording) -> None:
    for _ in range(3):
        recording.received(TEXT, b"a")
    recording.attempt.gap(4, "There is no room left to write the capture.")
    recording.frames += 4
    recording.received(TEXT, b"b")
    source = recording.source()
    rows = LogRows(FrameIndex(source), Mode.FRAMES)
    grown(rows.index, recording.frames)
    marker = 4 << SUB_BITS | SUB_DROPPED
    assert laid_out(rows) == [1 << SUB_BITS, 2 << SUB_BITS, 3 << SUB_BITS, marker, 8 << SUB_BITS]
    reading = FrameReading(source)
    said = RowTexts(reading, rows, Inflation(reading)).cells(marker).payload
    assert said == "4 frames dropped: There is no room left to write the capture."


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 9)), max_size=12), st.integers(0, 60))
def test_runs_are_those_of_a_set(pieces: list[tuple[bool, int]], upto: int) -> None:
    runs, gone, at = Missing(), set(), 1
    for there, count in pieces:
        if not there:
            runs.add(at, at + count)
            gone |= set(range(at, at + count))
        at += count
    if upto:
        runs.drop(upto)
        gone |= set(range(1, upto + 1))
    for number in range(1, at + 70):
        found = runs.run_at(number)
        assert (found is not None) == (number in gone)
        if found is not None:
            assert set(range(*found)) <= gone
            assert found[0] - 1 not in gone
            assert found[1] not in gone
    begin = [number for number in gone if number - 1 not in gone]
    assert list(runs.beginning(0, at + 70)) == sorted(begin)


@given(st.binary(max_size=30), st.integers(0, 40), st.binary(max_size=30), st.integers(0, 70))
def test_classes_read_as_bytes(first: bytes, gone: int, more: bytes, start: int) -> None:
    classes = FrameClasses()
    classes.extend(first)
    classes.drop(gone)
    classes.extend(more)
    # Dropped beyond what was there: those to come are counted behind it.
    plain = bytes((GONE,)) * gone + first[gone:] + more if gone else first + more
    assert len(classes) == len(plain)
    assert classes.piece(start, len(plain)) == plain[start:]
    assert [classes[at] for at in range(len(plain))] == list(plain)
    hidden = plain.replace(bytes((GONE,)), b"\xff")
    if GONE not in first + more and 255 not in first + more:
        for value in set(first + more):
            assert classes.find(bytes((value,)), start) == hidden.find(bytes((value,)), start)
            assert classes.rfind(bytes((value,)), 0, start) == hidden.rfind(bytes((value,)), 0, start)
