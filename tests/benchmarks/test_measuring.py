"""The table says what was measured: ratios pair by pair, the right way round."""

import json

import pytest

from tests.benchmarks.measuring import Comparison, Held, Once, Spread, table


def compared(unit: str, goal: float | None, ours: list[Once], peers: list[Once]) -> Comparison:
    return Comparison(3, "scanner", "16 B", "a peer", unit, "cpu", goal, tuple(ours), tuple(peers))


def test_rates_are_ours_over_the_peers_of_the_same_repetition() -> None:
    one = compared(
        "frames",
        5.0,
        [Once(600, 1, 2), Once(600, 2, 4)],
        [Once(100, 1, 1), Once(100, 2, 2)],
    )
    ratio = one.ratios("cpu")
    assert (ratio.low, ratio.median, ratio.high) == pytest.approx((6, 6, 6))
    assert one.ratios("wall").median == pytest.approx(3)
    assert one.reached is True
    assert one.figures(one.ours, "cpu") == Spread(450, 300, 600)


def test_of_times_less_is_better() -> None:
    one = compared("start", 1.3, [Once(1, 0.14, 1)], [Once(1, 0.1, 1)])
    assert one.ratios("cpu").median == pytest.approx(1.4)
    assert one.reached is False
    assert compared("start", None, [Once(1, 1, 1)], [Once(1, 1, 1)]).reached is None


def test_text_and_json_name_figures_goal_and_peer() -> None:
    one = compared("frames", 5.0, [Once(5_000_000, 1, 2)], [Once(500_000, 1, 1)])
    text = table([one])
    for part in ("scanner, 16 B", "5.00 M/s", "500.0 k/s", "10.00* (10.00 – 10.00)", "≥ 5 reached", "a peer"):
        assert part in text
    told = json.loads(json.dumps(one.as_json()))
    assert told["ratio"]["cpu"]["median"] == pytest.approx(10)
    assert told["reached"] is True


def test_a_figure_is_held_against_its_own_limit() -> None:
    kept = Held(5, "memory a frame", "ten million", "bytes", 32, (30.0, 31.0, 35.0), (("resident", 310.0),))
    assert kept.reached is True
    assert Held(5, "memory", "", "bytes", 30, (31.0,)).reached is False
    assert Held(5, "memory", "", "bytes", None, (31.0,)).reached is None
    text = table([kept, compared("frames", 5.0, [Once(6, 1, 1)], [Once(1, 1, 1)])])
    for part in (
        "memory a frame, ten million",
        "31 bytes (30 – 35)",
        "≤ 32 reached",
        "resident 310",
        "≥ 5 reached",
    ):
        assert part in text
    assert json.loads(json.dumps(kept.as_json()))["values"] == {"median": 31.0, "low": 30.0, "high": 35.0}
