"""A capture copied while it goes on: one moment of it, whole, and nothing where it was not wanted."""

import os
import stat
from pathlib import Path

import pytest

from tests.capture.traffic import new_attempt, run_of_frames
from wsinspector.capture import AttemptWriter, CaptureError, CaptureReader, CaptureWriter, NotACapture
from wsinspector.capture.copying import COPIED_LIVE, CopyCancelled, copy_capture
from wsinspector.protocol.spans import Direction

RUN = 400


def grown(writer: CaptureWriter, attempt: AttemptWriter, runs: range) -> None:
    for number in runs:
        data, columns = run_of_frames(1 + number * RUN, RUN)
        attempt.bytes(Direction.IN, data, number + 1)
        attempt.frames(columns)
    assert writer.flush(20)


def test_a_live_capture_is_copied_as_it_is_at_one_moment(tmp_path: Path) -> None:
    source, target = tmp_path / "live.wsi", tmp_path / "copy.wsi"
    with_more = range(100, 110)
    writer = CaptureWriter.create(source)
    attempt = new_attempt(writer)
    grown(writer, attempt, range(100))
    told: list[tuple[int, int]] = []

    def goes_on(done: int, total: int) -> None:
        if not told:
            # The writer commits in the midst of the copy: it is neither begun anew nor mixed.
            grown(writer, attempt, with_more)
        told.append((done, total))

    copy_capture(source, target, goes_on)
    with CaptureReader(target) as copy, CaptureReader(source) as live:
        assert copy.frame_count(1) == 100 * RUN
        assert live.frame_count(1) == 110 * RUN
        length = copy.stream_length(1, Direction.IN)
        assert copy.stream(1, Direction.IN, 0, length) == live.stream(1, Direction.IN, 0, length)
        assert copy.attempts()[0].facts[COPIED_LIVE] is True
        assert COPIED_LIVE not in live.attempts()[0].facts
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    writer.close()


def test_the_copy_of_a_finished_capture_can_be_added_to(tmp_path: Path) -> None:
    source, target = tmp_path / "done.wsi", tmp_path / "copy.wsi"
    writer = CaptureWriter.create(source)
    attempt = new_attempt(writer)
    grown(writer, attempt, range(3))
    attempt.finish()
    writer.close()
    target.write_bytes(b"what was there before")
    copy_capture(source, target)
    again = CaptureWriter.open(target)
    assert new_attempt(again).attempt_id == 2
    again.close()
    with CaptureReader(target) as copy:
        assert COPIED_LIVE not in copy.attempts()[0].facts
        assert copy.frame_count(1) == 3 * RUN


def test_what_is_not_wanted_any_more_leaves_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "live.wsi", tmp_path / "copy.wsi"
    writer = CaptureWriter.create(source)
    grown(writer, new_attempt(writer), range(100))
    writer.close()
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(CopyCancelled):
        copy_capture(source, target, wanted=lambda: False)
    assert sorted(os.listdir(tmp_path)) == before


def test_it_does_not_take_its_own_place(tmp_path: Path) -> None:
    source = tmp_path / "live.wsi"
    CaptureWriter.create(source).close()
    before = source.read_bytes()
    with pytest.raises(CaptureError, match="place of the capture itself"):
        copy_capture(source, source)
    assert source.read_bytes() == before


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "text.wsi"
    source.write_text("no database at all, but long enough to be looked at as one" * 100)
    with pytest.raises(NotACapture):
        copy_capture(source, tmp_path / "copy.wsi")
    assert not list(tmp_path.glob("*copy*"))
