"""A capture written and read back, while it is written and afterwards."""

import stat
from pathlib import Path

import pytest

from tests.capture.traffic import FRAME, new_attempt, one_frame, run_of_frames
from wsinspector.capture import CaptureBusy, CaptureError, CaptureReader, CaptureWriter
from wsinspector.protocol.spans import Direction


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "captures"
    folder.mkdir()
    return folder / "some capture?#%.wsi"


def test_bytes_times_frames_and_events_come_back(path: Path) -> None:
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    data, columns = run_of_frames(1, 3, at_ns=70)
    attempt.bytes(Direction.IN, memoryview(data)[:100], 60)
    attempt.bytes(Direction.IN, memoryview(data)[100:], 70)
    attempt.frames(columns)
    attempt.bytes(Direction.OUT, b"GET / HTTP/1.1\r\n\r\n", 50)
    assert attempt.event("opened", 55, {"status": 101}) == 1
    attempt.update({"addresses": ["127.0.0.1"]})
    assert writer.flush(30)
    assert attempt.committed_frames == 3
    assert attempt.committed_events == 1
    assert attempt.committed_bytes == (3 * FRAME, 18)
    with CaptureReader(path) as reader:
        (row,) = reader.attempts(1)
        assert row.facts == {"url": "ws://x", "addresses": ["127.0.0.1"]}
        assert (row.wall_ns, row.mono_ns, row.finished) == (10**18, 5, False)
        assert reader.frame_count(1) == 3
        assert reader.columns(1, 1, 50) == columns
        assert reader.columns(1, 2, 1).offset[0] == FRAME
        assert reader.frame_bytes(1, 2) == one_frame(2)
        assert reader.frame_bytes(1, 2, 2, 4) == one_frame(2)[2:4]
        assert reader.stream(1, Direction.OUT, 4, 9**9) == b"/ HTTP/1.1\r\n\r\n"
        offsets, times = reader.reads(1, Direction.IN)
        assert (list(offsets), list(times)) == ([0, 100], [60, 70])
        assert reader.time_at(1, Direction.IN, 99) == 60
        assert reader.time_at(1, Direction.IN, 100) == 70
        assert [(event.no, event.kind, event.data) for event in reader.events(1)] == [
            (1, "opened", {"status": 101})
        ]
        assert reader.events(1, after=1) == []
        assert reader.indexed_to(1, Direction.IN) == 3 * FRAME
        assert reader.indexed_to(1, Direction.OUT) is None
        assert reader.gaps(1) == []
        with pytest.raises(IndexError):
            reader.frame_bytes(1, 4)
    assert writer.close().one_file
    assert list(path.parent.iterdir()) == [path]


def test_only_the_owner_may_read_it(path: Path) -> None:
    writer = CaptureWriter.create(path)
    new_attempt(writer)
    writer.flush(30)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    writer.close()
    assert path.name in modes
    assert set(modes.values()) == {0o600}


def test_a_reader_sees_what_is_committed_later(path: Path) -> None:
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    writer.flush(30)
    with CaptureReader(path) as reader:
        assert reader.frame_count(attempt.attempt_id) == 0
        for first in (1, 11, 21):
            data, columns = run_of_frames(first, 10)
            attempt.bytes(Direction.IN, data, first)
            attempt.frames(columns)
            assert writer.flush(30)
            assert reader.frame_count(attempt.attempt_id) == first + 9
            assert reader.stream_length(attempt.attempt_id, Direction.IN) == (first + 9) * FRAME
            assert reader.frame_bytes(attempt.attempt_id, first + 9) == one_frame(first + 9)
        assert list(reader.columns(1, 5, 20).message) == list(range(5, 25))
        assert [first for first, _ in reader.blocks(1, 12)] == [11, 21]
    writer.close()


def test_a_capture_is_continued_by_more_attempts(path: Path) -> None:
    writer = CaptureWriter.create(path)
    conversation = writer.new_conversation("first", {"n": 1}, b"GET / HTTP/1.1\r\n\r\n")
    new_attempt(writer, 1, conversation).finish()
    writer.close()
    writer = CaptureWriter.open(path)
    with pytest.raises(ValueError, match="attempt 1 already"):
        new_attempt(writer, 1, conversation)
    new_attempt(writer, 2, conversation).bytes(Direction.IN, b"x", 1)
    writer.update_conversation(conversation, title="renamed", state={"n": 2}, pinned=True)
    writer.update_conversation(conversation, draft=b"GET /2 HTTP/1.1\r\n\r\n")
    assert writer.new_conversation("second", {}) == conversation + 1
    writer.close()
    with CaptureReader(path) as reader:
        first, second = reader.conversations()
        assert (first.title, first.state, first.pinned) == ("renamed", {"n": 2}, True)
        assert first.draft == b"GET /2 HTTP/1.1\r\n\r\n"
        assert second.title == "second"
        rows = reader.attempts(conversation)
        assert [(row.number, row.finished) for row in rows] == [(1, True), (2, False)]
        assert reader.stream(rows[1].id, Direction.IN, 0, 9) == b"x"


def test_two_writers_of_one_file_are_refused(path: Path) -> None:
    writer = CaptureWriter.create(path)
    with pytest.raises(CaptureBusy):
        CaptureWriter.open(path)
    with pytest.raises(FileExistsError):
        CaptureWriter.create(path)
    writer.close()
    CaptureWriter.open(path).close()


def test_one_large_write_is_cut_into_segments_and_read_across_them(path: Path) -> None:
    data = bytes(range(256)) * 4096 * 3 + b"end"
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    attempt.bytes(Direction.IN, b"ab", 1)
    attempt.bytes(Direction.IN, data, 2)
    writer.flush(30)
    with CaptureReader(path) as reader:
        assert reader.stream_length(1, Direction.IN) == len(data) + 2
        assert reader.stream(1, Direction.IN, 0, len(data) + 2) == b"ab" + data
        assert (
            reader.stream(1, Direction.IN, (1 << 20) - 3, (1 << 20) + 3)
            == (b"ab" + data)[(1 << 20) - 3 : (1 << 20) + 3]
        )
        offsets, times = reader.reads(1, Direction.IN)
        assert list(offsets) == [0, 2, 1 << 20, 2 << 20, 3 << 20]
        assert list(times) == [1, 2, 2, 2, 2]
    writer.close()


def test_a_frame_cut_off_by_the_end_of_its_stream_stops_there(path: Path) -> None:
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    _, columns = run_of_frames(1, 1)
    columns.length[0] = (1 << 64) - 1
    attempt.bytes(Direction.IN, b"\x82\x7fonly this", 1)
    attempt.frames(columns)
    writer.flush(30)
    with CaptureReader(path) as reader:
        assert reader.frame_bytes(1, 1) == b"\x82\x7fonly this"
        assert reader.indexed_to(1, Direction.IN) == 11
    writer.close()


def test_an_inflater_checkpoint_is_found_before_a_message(path: Path) -> None:
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    attempt.checkpoint(Direction.IN, 100, b"early")
    attempt.checkpoint(Direction.IN, 200, b"late")
    writer.flush(30)
    with CaptureReader(path) as reader:
        assert reader.checkpoint_before(1, Direction.IN, 100) is None
        assert reader.checkpoint_before(1, Direction.IN, 200) == (100, b"early")
        assert reader.checkpoint_before(1, Direction.IN, 999) == (200, b"late")
        assert reader.checkpoint_before(1, Direction.OUT, 999) is None
    writer.close()


def test_a_closed_reader_says_so(path: Path) -> None:
    CaptureWriter.create(path).close()
    reader = CaptureReader(path)
    reader.close()
    with pytest.raises(CaptureError, match="closed"):
        reader.conversations()


def test_a_slow_stream_is_put_together_under_a_reader_that_looked_before(path: Path) -> None:
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    frames = 100
    with CaptureReader(path) as reader:
        for no in range(1, frames + 1):
            data, columns = run_of_frames(no, 1, at_ns=no)
            attempt.bytes(Direction.IN, data, no)
            attempt.frames(columns)
            attempt.bytes(Direction.OUT, b"x" * no, no)
            writer.flush(30)
            if no % 7 == 0:
                assert reader.frame_count(1) == no
                assert reader.stream_length(1, Direction.OUT) == no * (no + 1) // 2
                # Known rows are used without looking again, so some are gone by now.
                assert [reader.frame_bytes(1, at) for at in range(1, no + 1)] == [
                    one_frame(at) for at in range(1, no + 1)
                ]
                assert list(reader.columns(1, 1, no).time) == list(range(1, no + 1))
                assert next(first for first, _ in reader.blocks(1)) == 1
        assert list(reader.reads(1, Direction.IN)[1]) == list(range(1, frames + 1))
    writer.close()
    with CaptureReader(path) as reader:
        assert [(first, block.entries) for first, block in reader.blocks(1)] == [(1, frames)]
        assert reader.columns(1, 1, frames).offset[-1] == (frames - 1) * FRAME
        offsets, times = reader.reads(1, Direction.OUT)
        assert list(offsets) == [no * (no - 1) // 2 for no in range(1, frames + 1)]
        assert list(times) == list(range(1, frames + 1))
        assert reader.stream(1, Direction.OUT, 0, 9**9) == b"x" * (frames * (frames + 1) // 2)
        assert reader.indexed_to(1, Direction.IN) == frames * FRAME


def test_a_slow_stream_costs_little(path: Path) -> None:
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    writer.flush(30)
    frames = 3000
    for no in range(1, frames, 5):
        data, columns = run_of_frames(no, 5, at_ns=no * 10**6)
        attempt.bytes(Direction.IN, data, no * 10**6)
        attempt.frames(columns)
        writer.flush(30)
    writer.close()
    empty = path.with_name("empty.wsi")
    CaptureWriter.create(empty).close()
    added = path.stat().st_size - empty.stat().st_size
    assert added <= frames * (125 + 40)


def test_much_traffic_is_moved_out_of_the_journal_while_it_comes(path: Path) -> None:
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    block = bytes(range(256)) * 4096
    for no in range(40):
        attempt.bytes(Direction.OUT, block, no)
        if no % 8 == 7:
            writer.flush(30)
    with CaptureReader(path) as reader:
        assert reader.stream(1, Direction.OUT, (39 << 20) + 5, (39 << 20) + 9) == b"\x05\x06\x07\x08"
    assert writer.close().one_file
    assert list(path.parent.iterdir()) == [path]
    with CaptureReader(path) as reader:
        assert reader.stream_length(1, Direction.OUT) == 40 << 20
        assert reader.stream(1, Direction.OUT, 7 << 20, 8 << 20) == block
