"""What is typed to go somewhere: numbers, spans, times of day, steps; what is none says what would be."""

import datetime
import time

import pytest

from tests.present.recording import MS, SECOND, TEXT, Recording
from wsinspector.present.jumping import Around, NoPlace, ToNumber, ToTime, frame_at, place_of

HOUR = 3600 * SECOND


def around(**more: int) -> Around:
    wall = int(time.mktime((2026, 11, 22, 10, 32, 0, 0, 0, -1))) * SECOND
    facts = {"wall_ns": wall, "mono_ns": 50 * SECOND, "frames": 2000, "here": 12, "here_ns": 60 * SECOND}
    return Around(**{**facts, "last_ns": 90 * SECOND, **more})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", 1234),
        ("#12", 12),
        (" 1 234 ", 1234),
        ("1\u2009234", 1234),
        ("+10", 22),
        ("-11", 1),
        ("−2", 10),
    ],
)
def test_numbers(text: str, number: int) -> None:
    assert place_of(text, around()) == ToNumber(number)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("12.5s", 62_500 * MS),
        ("12,5 s", 62_500 * MS),
        ("90ms", 50_090 * MS),
        ("1.000000001s", 51 * SECOND + 1),
        ("2min", 170 * SECOND),
        ("1h", 50 * SECOND + HOUR),
        ("+3s", 63 * SECOND),
        ("-250 ms", 59_750 * MS),
        ("10:32:05.5", 55_500 * MS),
        ("10:33", 110 * SECOND),
        ("2026-11-22 10:32:01", 51 * SECOND),
        ("10:31:00", -10 * SECOND),
    ],
)
def test_times(text: str, at: int) -> None:
    assert place_of(text, around()) == ToTime(at)


def test_a_time_of_day_of_the_next_day() -> None:
    there = around(last_ns=30 * HOUR)
    assert place_of("9:32", there) == ToTime(50 * SECOND + 23 * HOUR)
    assert place_of("11:32", there) == ToTime(50 * SECOND + HOUR)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "A number, or a time"),
        ("0", "There is no frame 0: they go from 1 to 2000."),
        ("2001", "There is no frame 2001"),
        ("-12", "There is no frame 0"),
        ("12.5", "A time needs its unit: 12.5s"),
        ("25:00", "no such time of day"),
        ("99-99", "Neither a number nor a time"),
        ("soon", "Neither a number nor a time"),
        ("9" * 40, "Neither a number nor a time"),
        ("9999-99-99 10:00", "no such time of day"),
    ],
)
def test_what_is_no_place(text: str, why: str) -> None:
    place = place_of(text, around())
    assert isinstance(place, NoPlace)
    assert why in place.why


def test_steps_need_a_row() -> None:
    for text in ("+3s", "-1"):
        place = place_of(text, around(here=0))
        assert isinstance(place, NoPlace)
        assert "Pick a row first" in place.why


def test_a_day_in_the_far_future_is_no_time() -> None:
    assert datetime.MAXYEAR == 9999
    assert isinstance(place_of("9999-12-31 23:59:59", around()), ToTime | NoPlace)


def test_the_frame_at_a_time(recording: Recording) -> None:
    for _ in range(5):
        recording.received(TEXT, b"x", after=10 * MS)
    source = recording.source()
    begin = SECOND
    assert frame_at(source, 5, 0) == 1
    assert frame_at(source, 5, begin + 10 * MS) == 1
    assert frame_at(source, 5, begin + 10 * MS + 1) == 2
    assert frame_at(source, 5, begin + 50 * MS) == 5
    assert frame_at(source, 5, begin + 51 * MS) == 5
    assert frame_at(source, 0, begin) == 0
