"""A capture is found as it was written, or what is not is said; what can be made again is equal."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conversation.recorded import recorded
from wsinspector.capture import CaptureError, CaptureReader
from wsinspector.capture.finding import CHANGED, LOST, NOTED, REPAIRED, Report
from wsinspector.conversation.checked import MendingStopped, check_file, look_and_mend, repair_file, verify
from wsinspector.protocol.dialects import DIALECTS
from wsinspector.protocol.spans import Direction

NAMES = tuple(dialect.name for dialect in DIALECTS)


def content(reader: CaptureReader) -> list[object]:
    """All that a capture says, gaps and findings apart."""
    found: list[object] = list(reader.conversations())
    for row in reader.attempts():
        found.append(row)
        found.append(reader.columns(row.id, 1, 1 << 20))
        for direction in Direction:
            found.append(reader.stream(row.id, direction, 0, 1 << 30))
            found.append(reader.reads(row.id, direction))
    return found


def content_of(path: Path) -> list[object]:
    with CaptureReader(path) as reader:
        return content(reader)


def change(path: Path, statement: str, *values: object) -> int:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(statement, values).rowcount


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "a.wsi"
    recorded(path, ("rfc6455", "hixie-76"))
    return path


@pytest.fixture
def path(tmp_path: Path, whole: Path) -> Path:
    copy = tmp_path / "a.wsi"
    copy.write_bytes(whole.read_bytes())
    return copy


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_scan_of_the_bytes_gives_what_was_recorded_live(tmp_path: Path, name: str, seed: int) -> None:
    path = tmp_path / "a.wsi"
    recorded(path, (name,), seed=seed, frames=400)
    report = check_file(path)
    assert report.findings == ()
    assert report.counts["compared"] == report.counts["frames"] > 60
    before = content_of(path)
    assert change(path, "DELETE FROM block")
    with CaptureReader(path) as reader:
        assert reader.frame_count(1) == 0
        assert look_and_mend(reader, reader.attempt_ids()).findings == ()
    report, _ = repair_file(path)
    assert {finding.outcome for finding in report.findings} == {REPAIRED}
    assert content_of(path) == before
    assert check_file(path).fine


@pytest.mark.parametrize("seed", range(3))
def test_compressed_messages_too(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "a.wsi"
    recorded(path, deflate=True, seed=seed)
    report = check_file(path)
    assert report.findings == ()
    assert report.counts["compared"] > 100


DAMAGES: dict[str, tuple[str, ...]] = {
    "a missing block": ("DELETE FROM block WHERE id = 4",),
    "the first blocks": ("DELETE FROM block WHERE id < 3",),
    "an unreadable block": ("UPDATE block SET columns = x'0102030405' WHERE id = 3",),
    "no block at all": ("UPDATE block SET columns = NULL WHERE 0", "UPDATE block SET columns = 7"),
    "a wrong count": ("UPDATE block SET frames = frames + 5 WHERE id = 2",),
    "a wrong number": ("UPDATE block SET first_no = first_no + 3 WHERE id = 2",),
    "a number that cannot be": ("UPDATE block SET first_no = 1 << 60 WHERE id = 3",),
    "columns that disagree": (
        "UPDATE block SET columns = (SELECT columns FROM block WHERE id = 1), frames ="
        " (SELECT frames FROM block WHERE id = 1) WHERE id = 2",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_index_is_rebuilt_from_the_bytes(path: Path, damage: str) -> None:
    before = content_of(path)
    for statement in DAMAGES[damage]:
        change(path, statement)
    damaged = path.read_bytes()
    with CaptureReader(path) as reader:
        mended = look_and_mend(reader, reader.attempt_ids())
        if damage != "columns that disagree" and damage != "the first blocks":
            assert not mended.fine
    report = check_file(path)
    assert path.read_bytes() == damaged
    assert not report.fine
    assert {finding.outcome for finding in report.findings if finding.kind == "frames"} == {REPAIRED}
    report, aside = repair_file(path)
    assert report.written
    assert aside is None
    assert content_of(path) == before
    assert check_file(path).findings == ()


def test_opening_for_reading_alone_gives_the_rebuilt_index(path: Path) -> None:
    before = content_of(path)
    change(path, "DELETE FROM block WHERE id = 4")
    damaged = path.read_bytes()
    with CaptureReader(path) as reader:
        assert content(reader) != before
        report = look_and_mend(reader, reader.attempt_ids())
        assert content(reader) == before
        assert reader.unindexed(1) == []
        rebuilt = reader.rebuilt
    assert [finding.outcome for finding in report.findings if finding.outcome == REPAIRED]
    with CaptureReader(path, rebuilt) as reader:
        assert content(reader) == before
    assert path.read_bytes() == damaged


def test_missing_bytes_are_a_gap_and_what_lies_behind_them_is_kept(path: Path) -> None:
    with CaptureReader(path) as reader:
        frames = reader.columns(1, 1, 1000)
        (_, _, _), (start, stop, row), *_ = reader.segments(1, Direction.IN)
    change(path, "DELETE FROM segment WHERE id = ?", row)
    report = check_file(path)
    (missing,) = [finding for finding in report.findings if finding.kind == "bytes"]
    assert (missing.outcome, missing.direction, missing.start, missing.stop) == (
        LOST,
        Direction.IN,
        start,
        stop,
    )
    repair_file(path)
    with CaptureReader(path) as reader:
        assert reader.columns(1, 1, 1000) == frames
        assert reader.stream(1, Direction.IN, start, stop) == bytes(stop - start)
        assert [(gap.start, gap.stop) for gap in reader.gaps(1)] == [(start, stop)]
    report = check_file(path)
    assert report.fine
    assert {finding.outcome for finding in report.findings} == {NOTED}


def test_a_block_behind_a_hole_is_scanned_for_from_the_one_before_it(path: Path) -> None:
    with CaptureReader(path) as reader:
        frames = reader.columns(1, 1, 1000)
        segment = reader.segments(1, Direction.IN)[1][2]
        first, past, block = reader.layout(1)[-1]
    change(path, "DELETE FROM segment WHERE id = ?", segment)
    change(path, "DELETE FROM block WHERE id = ?", block)
    change(path, "UPDATE attempt SET finished = 1")
    report = check_file(path)
    del report, first, past
    repair_file(path)
    with CaptureReader(path) as reader:
        found = reader.columns(1, 1, 1000)
        count = len(found)
        assert found.offset == frames.offset[:count]
        assert found.length == frames.length[:count]


def test_texts_that_are_not_json_are_defaults_and_said(path: Path) -> None:
    change(path, "UPDATE conversation SET state = '{broken' WHERE id = 1")
    change(path, "UPDATE event SET data = '[1]' WHERE attempt = 2")
    with CaptureReader(path) as reader:
        assert reader.conversations()[0].state == {}
        assert [event.data for event in reader.events(2)] == [{}]
        assert len(reader.findings.listed()) == 2
    report, _ = repair_file(path)
    assert "text" in {finding.kind for finding in report.findings}
    report = check_file(path)
    assert report.fine
    assert all("earlier repair" in finding.text for finding in report.findings)


def test_a_stopped_check_says_so_and_repairs_nothing(path: Path) -> None:
    change(path, "DELETE FROM block WHERE id = 4")
    damaged = path.read_bytes()
    report, _ = repair_file(path, lambda *_: False)
    assert not report.whole
    assert not report.written
    assert path.read_bytes() == damaged


def test_a_file_cut_short_is_read_as_far_as_it_can_be(tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    recorded(path, ("rfc6455", "hybi-08"), frames=4000)
    before = content_of(path)
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[: size * 3 // 4])
    report = check_file(path)
    assert "file" in {finding.kind for finding in report.findings}
    with CaptureReader(path) as reader:
        assert reader.salvaged
        assert reader.conversations() == before[:2]
        assert reader.stream(1, Direction.IN, 0, 100)
    report, aside = repair_file(path)
    assert aside is not None
    assert aside.stat().st_size == size * 3 // 4
    assert check_file(path).fine


def test_a_page_of_zeros_costs_what_it_held_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    recorded(path, frames=400)
    data = path.read_bytes()
    page = int.from_bytes(data[16:18], "big")
    with_trouble = 0
    for number in range(1, len(data) // page):
        damaged = data[: number * page] + bytes(page) + data[(number + 1) * page :]
        path.write_bytes(damaged)
        try:
            report = check_file(path)
        except CaptureError:
            continue
        with_trouble += 1
        assert report.findings or damaged == data
    assert with_trouble > len(data) // page // 2


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    st.floats(0, 1),
    st.booleans(),
)
@example([(0.5, 0)], 1.0, False)
def test_any_changed_bytes_are_told_or_change_nothing(
    tmp_path: Path, whole: Path, changes: list[tuple[float, int]], cut: float, shorten: bool
) -> None:
    data = bytearray(whole.read_bytes())
    places = [at for at, byte in enumerate(data) if byte]
    for where, value in changes:
        data[places[int(where * len(places))]] = value
    if shorten:
        del data[int(cut * len(data)) :]
    path = tmp_path / "damaged.wsi"
    path.write_bytes(data)
    try:
        report = check_file(path)
    except CaptureError:
        return
    with CaptureReader(path) as reader:
        look_and_mend(reader, reader.attempt_ids())
        found = content(reader)
    assert report.findings or found == content_of(whole)


def test_lost_bytes_at_the_end_of_a_stream_are_noted_by_a_repair(path: Path) -> None:
    with CaptureReader(path) as reader:
        length = reader.stream_length(1, Direction.IN)
        start = reader.segments(1, Direction.IN)[-1][0]
        frames = reader.columns(1, 1, 1000)
    change(path, "DELETE FROM segment WHERE attempt = 1 AND direction = 0 AND start = ?", start)
    assert [(each.outcome, each.start) for each in check_file(path).findings] == [(LOST, start)]
    repair_file(path)
    report = check_file(path)
    assert report.fine
    assert [(each.outcome, each.start, each.stop) for each in report.findings] == [(NOTED, start, length)]
    with CaptureReader(path) as reader:
        assert [(gap.kind, gap.start, gap.stop) for gap in reader.gaps(1)] == [("bytes", start, length)]
        assert reader.columns(1, 1, 1000) == frames


def test_changed_bytes_stay_known_after_a_repair(path: Path) -> None:
    with CaptureReader(path) as reader:
        start, stop, row = reader.segments(1, Direction.IN)[0]
    change(
        path, "UPDATE segment SET data = CAST(substr(data, 1, length - 1) || x'00' AS BLOB) WHERE id = ?", row
    )
    repair_file(path)
    for _ in range(2):
        report, _ = repair_file(path)
        assert report.fine
        assert [(each.outcome, each.start, each.stop) for each in report.findings] == [(NOTED, start, stop)]
    with CaptureReader(path) as reader:
        assert reader.changed(1, Direction.IN, 0, 1) == [(start, stop)]
        assert look_and_mend(reader, [1]).findings == report.findings


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), min_size=1, max_size=40, unique=True
    )
)
def test_a_repaired_file_is_found_fine(tmp_path: Path, whole: Path, flips: list[tuple[float, int]]) -> None:
    data = bytearray(whole.read_bytes())
    places = [at for at, byte in enumerate(data) if byte]
    for where, bit in flips:
        data[places[int(where * len(places))]] ^= 1 << bit
    path = tmp_path / "damaged.wsi"
    path.write_bytes(data)
    try:
        found, aside = repair_file(path)
        if aside is not None:
            aside.unlink()
    except CaptureError:
        return
    report = check_file(path)
    assert report.fine, (found, report)
    assert found.fine or report.findings or {each.outcome for each in found.findings} <= {REPAIRED, NOTED}


def noting(told: list[tuple[int, int]]) -> Callable[[int, int], bool]:
    def progress(done: int, of: int) -> bool:
        told.append((done, of))
        return True

    return progress


def opened_path(path: Path) -> Path:
    """With what a connection notes of its attempts once they are open."""
    change(path, "UPDATE attempt SET facts = json_set(facts, '$.opened_at', mono_ns)")
    return path


@pytest.mark.parametrize("lost", ["id = (SELECT max(id) FROM block WHERE attempt = 1)", "attempt = 1"])
def test_a_lost_end_of_the_index_is_made_again_on_opening(path: Path, lost: str) -> None:
    before = content_of(opened_path(path))
    assert change(path, f"DELETE FROM block WHERE {lost}")
    with CaptureReader(path) as reader:
        report = look_and_mend(reader, reader.attempt_ids())
        assert {finding.outcome for finding in report.findings} == {REPAIRED}
        assert content(reader) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_index_is_not_worked_out_again_on_opening(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.wsi"
    recorded(path, (name,), frames=200)
    opened_path(path)
    with CaptureReader(path) as reader:
        told: list[tuple[int, int]] = []
        look_and_mend(reader, reader.attempt_ids(), noting(told))
        assert told == []
        assert not reader.rebuilt


def test_rebuilding_tells_how_far_it_is_and_can_be_given_up(path: Path) -> None:
    change(path, "DELETE FROM block WHERE id = 4")
    with CaptureReader(path) as reader:
        told: list[tuple[int, int]] = []
        look_and_mend(reader, reader.attempt_ids(), noting(told))
        assert [done for done, _ in told] == sorted(done for done, _ in told)
        assert {of for _, of in told} <= {reader.frame_count(each) for each in reader.attempt_ids()}
        assert 0 < max(done for done, _ in told) <= told[0][1]
    with CaptureReader(path) as reader, pytest.raises(MendingStopped):
        look_and_mend(reader, reader.attempt_ids(), lambda done, _: done == 0)


def verified(path: Path, wanted: Callable[[], bool] = lambda: True) -> Report | None:
    with CaptureReader(path) as reader:
        before = look_and_mend(reader, reader.attempt_ids())
        assert before.fine
        return verify(reader, 1, [row.id for row in reader.attempts(1)], before, wanted)


def test_what_leaves_the_structure_whole_is_told_by_the_check_sums(path: Path) -> None:
    report = verified(path)
    assert report is not None
    assert report.findings == ()
    with CaptureReader(path) as reader:
        start, stop, row = reader.segments(1, Direction.IN)[-1]
        data = bytearray(reader.stream(1, Direction.IN, start, stop))
    data[-1] ^= 1
    change(path, "UPDATE segment SET data = ? WHERE id = ?", bytes(data), row)
    report = verified(path)
    assert report is not None
    (finding,) = report.findings
    assert (finding.kind, finding.outcome, finding.attempt) == ("bytes", CHANGED, 1)
    assert (finding.direction, finding.start, finding.stop) == (Direction.IN, start, stop)
    assert not report.fine


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE conversation SET title = 'another' WHERE id = 1", "text"),
        ("UPDATE attempt SET wall_ns = wall_ns + 1 WHERE id = 1", "text"),
        ("UPDATE block SET in_end = in_end + 1 WHERE id = 1", "frames"),
    ],
)
def test_every_kind_of_row_is_held_against_its_check_sum(path: Path, statement: str, kind: str) -> None:
    assert change(path, statement)
    report = verified(path)
    assert report is not None
    assert [(finding.kind, finding.outcome) for finding in report.findings] == [(kind, CHANGED)]


def test_a_check_that_is_not_wanted_any_more_ends_at_the_next_row(path: Path) -> None:
    asked: list[bool] = []

    def wanted() -> bool:
        asked.append(True)
        return len(asked) < 3

    assert verified(path, wanted) is None
    assert len(asked) == 3
