"""A capture stays within what was set; what goes is one gap a reason, and what stays keeps its numbers."""

from pathlib import Path

import pytest

from tests.capture.traffic import FRAME, new_attempt, one_frame, run_of_frames
from wsinspector.capture import AttemptWriter, CaptureReader, CaptureWriter
from wsinspector.capture.finding import NOTED
from wsinspector.capture.trimming import AGE, FRAMES, LEAST_BYTES, SIZE, Limits
from wsinspector.conversation.checked import check_file
from wsinspector.protocol.spans import Direction

RUN = 4000


def hand_over(writer: CaptureWriter, attempt: AttemptWriter, first: int, count: int, at_ns: int = 7) -> None:
    data, columns = run_of_frames(first, count, at_ns=at_ns)
    attempt.bytes(Direction.IN, data, at_ns)
    attempt.frames(columns)
    assert writer.flush(30)


def whole_size(path: Path) -> int:
    return sum(part.stat().st_size for part in path.parent.iterdir() if part.name.startswith(path.name))


def check_what_is_there(path: Path, last: int, reason: str) -> int:
    """The first frame that is there; all from it on are, nothing of those before is shown."""
    with CaptureReader(path) as reader:
        assert reader.frame_count(1) == last
        (frames,) = [gap for gap in reader.gaps(1) if gap.kind == "frames"]
        (dropped,) = [gap for gap in reader.gaps(1) if gap.kind == "bytes"]
        assert (frames.start, frames.reason, dropped.reason) == (1, reason, reason)
        assert dropped.direction is Direction.IN
        assert reader.stream_length(1, Direction.IN) == last * FRAME
        for no in (frames.stop, (frames.stop + last) // 2, last):
            assert reader.frame_bytes(1, no) == one_frame(no)
        assert not any(reader.columns(1, 1, frames.stop - 1).header)
        # The beginning stays: the handshake is in it.
        assert dropped.start > 0
        assert reader.stream(1, Direction.IN, 0, FRAME) == one_frame(1)
        assert dropped.stop <= (frames.stop - 1) * FRAME
    report = check_file(path)
    assert {finding.outcome for finding in report.findings} == {NOTED}
    return frames.stop


def test_a_file_stays_within_its_size_while_numbers_go_on(tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    writer = CaptureWriter.create(path)
    writer.limits = Limits(size=LEAST_BYTES * 2)
    attempt = new_attempt(writer)
    largest = 0
    last = 30 * RUN
    for first in range(1, last, RUN):
        hand_over(writer, attempt, first, RUN)
        largest = max(largest, whole_size(path))
    assert last * FRAME > LEAST_BYTES * 3
    assert largest <= LEAST_BYTES * 5 // 2  # cuts under way, and the journal
    assert not any(writer.dropped.values())
    attempt.finish()
    assert writer.close().one_file
    first = check_what_is_there(path, last, SIZE)
    assert attempt.losses[SIZE].frames == first - 1
    assert path.stat().st_size <= LEAST_BYTES * 2


def test_as_many_frames_are_kept_as_were_asked_for_and_a_block_more(tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    writer = CaptureWriter.create(path)
    writer.limits = Limits(frames=3 * RUN)
    attempt = new_attempt(writer)
    for first in range(1, 12 * RUN, RUN):
        hand_over(writer, attempt, first, RUN)
    assert FRAMES in attempt.losses
    attempt.finish()
    writer.close()
    first = check_what_is_there(path, 12 * RUN, FRAMES)
    assert 3 * RUN <= 12 * RUN + 1 - first <= 5 * RUN


def test_of_a_small_limit_of_frames_some_four_thousand_more_may_stay(tmp_path: Path) -> None:
    writer = CaptureWriter.create(tmp_path / "a.wsi")
    writer.limits = Limits(frames=500)
    attempt = new_attempt(writer)
    kept = set()
    for first in range(1, 12_000, 100):
        hand_over(writer, attempt, first, 100)
        kept.add(first + 99 - attempt.dropped_to)
    writer.close()
    after = sorted(kept)
    assert attempt.losses[FRAMES].frames == attempt.dropped_to
    # What the Options and the help of --keep-frames say of it.
    assert 500 <= after[-1] <= 500 + 4096 + 100


def test_what_is_older_than_was_asked_for_goes(tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    for number in range(6):
        # Times of the program's clock, as of reads an hour ago.
        hand_over(writer, attempt, 1 + number * RUN, RUN, at_ns=number + 1)
    writer.limits = Limits(seconds=60)
    hand_over(writer, attempt, 1 + 6 * RUN, RUN, at_ns=1 << 62)
    hand_over(writer, attempt, 1 + 7 * RUN, RUN, at_ns=1 << 62)
    assert attempt.losses[AGE].frames > 0
    attempt.finish()
    writer.close()
    assert check_what_is_there(path, 8 * RUN, AGE) > 5 * RUN


@pytest.mark.parametrize("limits", [Limits(), Limits(size=1 << 40, frames=1 << 40, seconds=1e6)])
def test_within_its_limits_nothing_goes(tmp_path: Path, limits: Limits) -> None:
    writer = CaptureWriter.create(tmp_path / "a.wsi")
    writer.limits = limits
    attempt = new_attempt(writer)
    for first in range(1, 5 * RUN, RUN):
        hand_over(writer, attempt, first, RUN)
    assert attempt.losses == {}
    writer.close()


def test_a_frame_that_never_ends_is_kept_within_the_size_too(tmp_path: Path) -> None:
    path = tmp_path / "a.wsi"
    writer = CaptureWriter.create(path)
    writer.limits = Limits(size=LEAST_BYTES)
    attempt = new_attempt(writer)
    piece = bytes(range(256)) * 1024
    for number in range(48):
        attempt.bytes(Direction.IN, piece, number)
        assert writer.flush(30)
        assert whole_size(path) <= LEAST_BYTES * 5 // 4
    assert attempt.losses[SIZE].frames == 0
    writer.close()
    assert path.stat().st_size <= LEAST_BYTES
    with CaptureReader(path) as reader:
        assert reader.stream_length(1, Direction.IN) == 48 * len(piece)
        assert reader.stream(1, Direction.IN, 47 * len(piece), 48 * len(piece)) == piece
        (gap,) = reader.gaps(1)
        assert reader.stream(1, Direction.IN, gap.start, gap.start + 9) == bytes(9)
