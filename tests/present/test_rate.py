"""The rate: steady for a steady peer, quick for the line."""

import pytest

from wsinspector.present.numbers import THIN
from wsinspector.present.rate import SPAN_S, Rate, rate_text


def test_a_frame_a_second_reads_one() -> None:
    rate = Rate(0.0, 10)
    said = []
    for tick in range(1, 600):
        now = tick / 30
        if rate.add(now, 10 + int(now)) is not None and now > SPAN_S:
            said.append(rate_text(rate.averaged))
    assert set(said) == {"1 frame/s"}


def test_the_newest_sample_is_not_averaged() -> None:
    rate = Rate(0.0, 0)
    assert rate.add(0.1, 50) is None
    assert rate.add(0.5, 50) == 100.0
    assert rate.add(1.0, 50) == 0.0
    assert rate.averaged == 50.0


def test_what_is_long_past_does_not_count() -> None:
    rate = Rate(0.0, 0)
    rate.add(0.5, 1_000_000)
    for tick in range(2, 12):
        rate.add(tick / 2, 1_000_000)
    assert rate.averaged == 0.0


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.3, "0.3"), (12.4, "12"), (104_233.0, f"104{THIN}233")],
)
def test_rates_in_words(value: float, text: str) -> None:
    assert rate_text(value) == f"{text} frames/s"
