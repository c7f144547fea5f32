"""Killed fifty times at full rate: nothing said to be kept is lost, and how old is what is lost."""

import random
import statistics
import sys
from pathlib import Path

import pytest

from tests.capture.endless_writer import RUN
from tests.capture.killing import killed, oldest_lost_ms
from tests.capture.traffic import FRAME, one_frame
from wsinspector.capture import CaptureReader
from wsinspector.conversation.checked import check_file
from wsinspector.protocol.spans import Direction

pytestmark = pytest.mark.slow

TIMES = 50


def test_nothing_published_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = random.Random(6455)
    ages: list[float] = []
    for number in range(TIMES):
        folder = tmp_path / str(number)
        folder.mkdir()
        path, handed_over, published, at = killed(folder, chosen)
        with CaptureReader(path) as reader:
            there = reader.frame_count(1)
            length = reader.stream_length(1, Direction.IN)
            assert there >= published > 0
            assert length >= there * FRAME
            assert list(reader.columns(1, 1, there).message) == list(range(1, there + 1))
            for first in range(1, there + 1, RUN):
                last = min(first + RUN, there + 1)
                wanted = b"".join(map(one_frame, range(first, last)))
                assert reader.stream(1, Direction.IN, (first - 1) * FRAME, (last - 1) * FRAME) == wanted
            for no in (1, published, there):
                assert reader.frame_bytes(1, no) == one_frame(no)
        report = check_file(path)
        assert report.fine, report.findings
        ages.append(oldest_lost_ms(handed_over, length, at))
        for left in folder.iterdir():
            left.unlink()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{TIMES} times killed: the oldest lost byte was {statistics.median(ages):.0f} ms old "
            f"in the median, {max(ages):.0f} ms at worst\n"
        )
