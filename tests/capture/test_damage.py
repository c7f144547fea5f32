"""A damaged capture is told as one; nothing else comes out of reading it."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.capture.traffic import new_attempt, run_of_frames
from wsinspector.capture import CaptureError, CaptureReader, CaptureWriter
from wsinspector.capture.finding import NOTED
from wsinspector.protocol.spans import Direction


@pytest.fixture(scope="module")
def whole_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "a.wsi"
    writer = CaptureWriter.create(path)
    attempt = new_attempt(writer)
    for first in (1, 101):
        data, columns = run_of_frames(first, 100)
        attempt.bytes(Direction.IN, data, first)
        attempt.frames(columns)
        attempt.event("noted", first, {"text": "é"})
        attempt.checkpoint(Direction.IN, first, b"window")
    attempt.finish()
    writer.close()
    return path


@pytest.fixture
def whole(whole_path: Path) -> bytes:
    return whole_path.read_bytes()


def read_all(path: Path) -> None:
    with CaptureReader(path) as reader:
        for conversation in reader.conversations():
            for attempt in reader.attempts(conversation.id):
                reader.events(attempt.id)
                reader.gaps(attempt.id)
                reader.checkpoint_before(attempt.id, Direction.IN, 9**9)
                for direction in Direction:
                    reader.stream(attempt.id, direction, 0, 50_000)
                    reader.reads(attempt.id, direction)
                    reader.indexed_to(attempt.id, direction)
                reader.columns(attempt.id, 1, 1000)
                for no in (1, 150, 200):
                    if no <= reader.frame_count(attempt.id):
                        reader.frame_bytes(attempt.id, no)[:100]
                for _, block in reader.blocks(attempt.id):
                    block.plane(0)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=20))
@example([(0.0, 0)])
def test_changed_bytes_give_a_capture_error_or_nothing(
    tmp_path: Path, whole_path: Path, changes: list[tuple[float, int]]
) -> None:
    whole = whole_path.read_bytes()
    damaged = bytearray(whole)
    # Most of a small file is empty pages, where a change does nothing.
    places = [at for at, byte in enumerate(whole) if byte]
    for where, value in changes:
        damaged[places[int(where * len(places))]] = value
    path = tmp_path / "damaged.wsi"
    path.write_bytes(damaged)
    with suppress(CaptureError):
        read_all(path)


@pytest.mark.parametrize("pages", range(8))
def test_a_file_cut_short_is_no_capture_or_read_as_far_as_it_goes(
    tmp_path: Path, whole: bytes, pages: int
) -> None:
    path = tmp_path / "cut.wsi"
    path.write_bytes(whole[: pages * 8192 + pages])
    try:
        with CaptureReader(path) as reader:
            assert reader.salvaged
            assert not all(finding.outcome == NOTED for finding in reader.findings.listed())
    except CaptureError:
        return
    read_all(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'{"url":"ws://x"}', b'{"url":"ws://x"]'),
        (b'{"text":"\xc3\xa9"}', b'{"text":"\xc3\x28"}'),
        (b'{"text":"\xc3\xa9"}', b'["text","\xc3\xa9"]'),
    ],
)
def test_texts_that_make_no_sense_are_said(tmp_path: Path, whole: bytes, old: bytes, new: bytes) -> None:
    path = tmp_path / "odd.wsi"
    assert old in whole
    path.write_bytes(whole.replace(old, new))
    with CaptureReader(path) as reader:
        reader.attempts()
        reader.events(1)
        assert {finding.kind for finding in reader.findings.listed()} == {"text"}
