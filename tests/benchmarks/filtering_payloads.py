"""Row 8 by itself: the same captures as row 7, asked what payloads hold."""

from collections.abc import Iterator

from tests.benchmarks.filtering import compare_row
from tests.benchmarks.measuring import Comparison


def compare(repetitions: int) -> Iterator[Comparison]:
    yield from compare_row(8, repetitions)
