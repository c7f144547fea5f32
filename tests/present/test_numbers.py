"""Numbers as people read them, at the edges where their form changes."""

import pytest

from wsinspector.present.numbers import THIN, age, clock, count, duration, milliseconds, size


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, f"1{THIN}000"), (1234567, f"1{THIN}234{THIN}567")],
)
def test_thousands_are_parted_by_thin_spaces(number: int, text: str) -> None:
    assert count(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (9949, "9.9 kB"),
        (9950, "10 kB"),
        (41_000, "41 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (2_000_000_000, "2.0 GB"),
        (10**18, "1000000 TB"),
    ],
)
def test_sizes_keep_two_figures(number: int, text: str) -> None:
    assert size(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0008, "0.8 ms"),
        (0.044, "44 ms"),
        (0.999, "999 ms"),
        (1.0, "1.0 s"),
        (60.0, "60.0 s"),
        (99.94, "99.9 s"),
        (100.0, "1 min 40 s"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.9, "0 s"), (59.9, "59 s"), (72, "1 min 12 s"), (7500, "2 h 5 min"), (273_600, "3 d 4 h")],
)
def test_ages_are_whole_and_in_two_units(seconds: float, text: str) -> None:
    assert age(seconds) == text


def test_milliseconds_become_seconds() -> None:
    assert milliseconds(0.84) == "0.8 ms"
    assert milliseconds(18.21) == "18.2 ms"
    assert milliseconds(1300) == "1.3 s"


def test_the_clock_shows_milliseconds_of_local_time() -> None:
    assert clock(31_000_000).endswith(".031")
    assert len(clock(0)) == len("11:02:14.031")
    assert clock(0, date=True).endswith(clock(0))
