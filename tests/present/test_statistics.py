"""Statistics worked out in bulk are those that counting frame by frame gives."""

from array import array
from collections import Counter
from itertools import pairwise
from math import ceil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.present.recording import BINARY, CLOSE, IN, MS, PING, PONG, SECOND, TEXT, Recording
from wsinspector.present import statistics
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.statistics import SENT, Figures, StatisticsRun, tally
from wsinspector.present.statistics_compression import CompressionRun
from wsinspector.present.statistics_leaving import as_json
from wsinspector.present.statistics_numbers import MOST_VALUES, Distribution, Spread, bin_bounds
from wsinspector.present.statistics_sentences import compression_sentence, rate_sentence
from wsinspector.present.statistics_series import MOST_STEPS, Series, envelope, ticks
from wsinspector.present.statistics_silences import MOST as MOST_SILENCES
from wsinspector.present.statistics_silences import Silences
from wsinspector.present.statistics_told import percent, rows
from wsinspector.protocol.columns import (
    FLAG_COMPRESSED,
    FLAG_MASKED,
    FLAG_STARTS_MESSAGE,
    FrameColumns,
)
from wsinspector.protocol.deflate import Deflater

Step = tuple[str, int, bytes, int]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("received", "sent")),
        st.sampled_from((TEXT, BINARY, PING, PONG, CLOSE, 0, 3, 11)),
        st.one_of(st.binary(max_size=6), st.integers(0, 3000).map(bytes)),
        st.sampled_from((1, 1000, MS, 17 * MS, SECOND, 40 * SECOND)),
    ),
    max_size=60,
)


def record(path: Path, steps: list[Step]) -> Recording:
    made = Recording(path)
    for way, opcode, payload, after in steps:
        if opcode & 8:
            payload = payload[:125]
        getattr(made, way)(opcode, payload, fin=opcode & 8 or len(payload) % 3 != 0, after=after)
    return made


def run_of(recording: Recording, *, at_most: int = 1 << 16, upto: int | None = None) -> StatisticsRun:
    run = StatisticsRun(recording.reading(), SECOND)
    before = statistics.MOST
    statistics.MOST = at_most
    try:
        while run.step(recording.frames if upto is None else upto):
            pass
    finally:
        statistics.MOST = before
    return run


def every(reading: FrameReading, frames: int) -> list[FrameFacts]:
    found = [reading.facts(number) for number in range(1, frames + 1)]
    return [facts for facts in found if facts is not None]


def spread_of(values: list[int]) -> tuple[int, ...]:
    if not values:
        return (0, 0, 0, 0, 0, 0)
    ordered = sorted(values)
    ranks = [ordered[ceil(len(ordered) * part) - 1] for part in (0.5, 0.95)]
    return (len(values), sum(values), ordered[0], *ranks, ordered[-1])


def told(spread: Spread) -> tuple[int, ...]:
    return (spread.number, spread.total, spread.smallest, spread.median, spread.p95, spread.largest)


def naive_trips(frames: list[FrameFacts], reading: FrameReading, ours: bool) -> tuple[int, list[int]]:
    waiting: dict[bytes, int] = {}
    pings, took = 0, []
    for facts in frames:
        if facts.opcode not in (PING, PONG):
            continue
        payload = reading.payload(facts, 0, 125)
        if facts.opcode == PING and facts.out is ours:
            pings += 1
            waiting[payload] = facts.time
        elif facts.opcode == PONG and facts.out is not ours and payload in waiting:
            took.append(facts.time - waiting.pop(payload))
    return pings, took


def agrees(figures: Figures, frames: list[FrameFacts], reading: FrameReading) -> None:
    """``figures`` are what ``frames`` come to one by one."""
    sides = [[facts for facts in frames if facts.out is out] for out in (False, True)]
    assert figures.frames == len(frames)
    assert told(figures.both[0]) == spread_of([facts.length for facts in sides[0]])
    assert told(figures.both[1]) == spread_of([facts.length for facts in sides[1]])
    assert told(figures.both[2]) == spread_of([facts.length for facts in frames])
    kinds = Counter((facts.opcode | (SENT if facts.out else 0)) for facts in frames)
    assert {kind: each.number for kind, each in figures.sizes.items()} == kinds
    for kind, each in figures.sizes.items():
        of_kind = [f.length for f in sides[bool(kind & SENT)] if f.opcode == kind & 15]
        assert told(each) == spread_of(of_kind)
        for place, often in enumerate(each.histogram):
            low, high = bin_bounds(place)
            assert often == sum(1 for length in of_kind if low <= length <= high)
    assert figures.wire == tuple(sum(f.end - f.offset for f in side) for side in sides)
    for pair, bit in (
        (figures.messages, FLAG_STARTS_MESSAGE),
        (figures.masked, FLAG_MASKED),
        (figures.compressed, FLAG_COMPRESSED),
    ):
        assert pair == tuple(sum(1 for f in side if f.flags & bit) for side in sides)
    assert figures.faulty == tuple(sum(1 for f in side if f.anomalies) for side in sides)
    lone = 0x08 | 0x10
    parts = [[f for f in side if not f.opcode or f.flags & lone not in (0, lone)] for side in sides]
    assert figures.fragments == tuple(map(len, parts))
    gaps = [(b.time - a.time, a.number) for a, b in pairwise(frames) if b.time - a.time >= MS]
    longest = sorted(gaps, key=lambda gap: (-gap[0], gap[1]))[:MOST_SILENCES]
    assert [(each.length, each.number) for each in figures.silences] == longest
    for trips, ours in zip(figures.trips, (False, True), strict=True):
        pings, took = naive_trips(frames, reading, ours)
        assert (trips.pings, trips.answered) == (pings, len(took))
        assert told(trips.spread) == spread_of(took)
        if took:
            assert max(step.slowest for step in trips.steps) == max(took)
            assert min(step.quickest for step in trips.steps) == min(took)
    closes = [f for f in frames if f.opcode == CLOSE][:16]
    codes = [reading.payload(f, 0, 2) for f in closes]
    assert [(c.number, c.sent, c.code) for c in figures.closes] == [
        (f.number, f.out, int.from_bytes(code, "big") if len(code) == 2 else None)
        for f, code in zip(closes, codes, strict=True)
    ]
    counts = figures.counts
    for column, side, of in (
        (counts.frames_in, sides[0], lambda _f: 1),
        (counts.frames_out, sides[1], lambda _f: 1),
        (counts.bytes_in, sides[0], lambda f: f.end - f.offset),
        (counts.bytes_out, sides[1], lambda f: f.end - f.offset),
    ):
        expected: Counter[int] = Counter()
        for facts in side:
            expected[max(facts.time - counts.start, 0) // counts.width] += of(facts)
        assert {step: n for step, n in enumerate(column) if n} == expected


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, at_most=st.sampled_from((1, 3, 1 << 16)))
def test_as_frame_by_frame(tmp_path_factory: pytest.TempPathFactory, steps: list[Step], at_most: int) -> None:
    recording = record(tmp_path_factory.mktemp("statistics") / "a.wsi", steps)
    try:
        figures = run_of(recording, at_most=at_most).figures()
        reading = recording.reading()
        agrees(figures, every(reading, recording.frames), reading)
        assert figures == run_of(recording).figures()
    finally:
        recording.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, data=st.data())
def test_of_some_frames_only(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step], data: st.DataObject
) -> None:
    recording = record(tmp_path_factory.mktemp("statistics") / "a.wsi", steps)
    try:
        frames = recording.frames
        reading = recording.reading()
        matches = bytearray(data.draw(st.lists(st.integers(0, 1), min_size=frames, max_size=frames)))
        first = data.draw(st.integers(1, frames + 1))
        last = data.draw(st.integers(first - 1, frames))
        run = StatisticsRun(reading, SECOND, first=first, last=last, matches=matches)
        while run.step(frames):
            pass
        picked = [f for f in every(reading, frames) if first <= f.number <= last and matches[f.number - 1]]
        agrees(run.figures(), picked, reading)
    finally:
        recording.close()


def test_frames_that_come_later_count_as_they_come(recording: Recording) -> None:
    matches = bytearray()
    run = None
    for at in range(40):
        recording.received(TEXT, bytes(at), after=50 * MS)
        recording.sent(PING, bytes((at,)))
        recording.received(PONG, bytes((at,)), after=(at + 1) * MS)
        if run is None:
            run = StatisticsRun(recording.reading(), SECOND, matches=matches)
        recording.source()
        matches += b"\1" * (recording.frames - len(matches) - 1)  # the newest is not decided yet
        while run.step(recording.frames):
            pass
        assert run.done == len(matches)
    assert run is not None
    matches += b"\1"
    while run.step(recording.frames):
        pass
    figures = run.figures()
    reading = recording.reading()
    agrees(figures, every(reading, recording.frames), reading)
    assert figures.trips[1].answered == 40


def test_a_frame_cut_short_counts_as_far_as_it_came(recording: Recording) -> None:
    recording.received(TEXT, b"abc")
    recording.wire(IN, b"\x82\x7f" + (1 << 40).to_bytes(8, "big") + b"12345")
    recording.end()
    figures = run_of(recording).figures()
    assert figures.frames == 2
    assert told(figures.both[0])[-1] == 5
    assert figures.wire == (5 + 15, 0)
    assert dict(figures.findings)["TRUNCATED"] == (1, 0)


def test_what_an_import_does_not_tell_is_unknown(recording: Recording) -> None:
    recording.received(TEXT, b"abc")
    recording.sent(TEXT, b"defgh")
    recording.received(BINARY, b"x", rsv=4)  # a finding, were it a frame that was seen
    run = StatisticsRun(recording.reading(composed=True), SECOND)
    while run.step(recording.frames):
        pass
    figures = run.figures()
    assert figures.composed
    assert (sum(figures.counts.bytes_in), sum(figures.counts.bytes_out)) == (4, 5)
    table = {row.name: row for row in rows(figures)}
    for name in ("On the wire", "Masked", "Fragments", "With a finding", "Compressed frames"):
        assert table[name].cells == ("unknown",) * 3
        assert table[name].numbers == (None,) * 3
    assert not any("rsv" in name for name in table)
    assert table["Payload"].numbers == (4, 5, 9)
    made = as_json(figures)
    for name in ("wire_bytes", "masked", "fragments", "findings", "faulty"):
        assert made[name] is None
    assert made["compressed"]["frames"] is None
    assert "compression, masking and fragments are not known" in compression_sentence(figures, None)
    assert rate_sentence(figures, octets_too=True).endswith("Payloads alone, as an import tells no more.")


def test_what_is_cancelled_stops(recording: Recording) -> None:
    recording.received(TEXT, b"abc")
    run = StatisticsRun(recording.reading(), SECOND)
    run.cancel()
    assert run.step(1) == 0
    assert not run.work(1)


def test_frames_that_were_not_kept_are_not_counted() -> None:
    columns = FrameColumns()
    for at in range(10):
        kept = at not in (3, 4, 9)
        columns.offset.append(at * 5 if kept else 0)
        columns.header.append(2 if kept else 0)
        columns.length.append(3 if kept else 0)
        columns.first.append(0x81 if kept else 0)
        columns.flags.append(0x18 if kept else 0)
        columns.time.append(SECOND + at * MS if kept else 0)
        columns.message.append(at + 1 if kept else 0)
        columns.anomalies.append(0)

    class Held:
        def columns(self, first_no: int, count: int) -> FrameColumns:
            part = slice(first_no - 1, first_no - 1 + count)
            return FrameColumns(*(getattr(columns, name)[part] for name in FrameColumns.__slots__))

    run = StatisticsRun(FrameReading(Held()), SECOND)  # type: ignore[arg-type]
    while run.step(10):
        pass
    figures = run.figures()
    assert (figures.done, figures.frames, figures.missing) == (10, 7, 3)
    assert figures.wire == (35, 0)
    assert (figures.silences[0].length, figures.silences[0].number) == (3 * MS, 3)


# -- parts


@given(st.binary(max_size=300))
def test_tally(values: bytes) -> None:
    assert tally(values) == Counter(values)


@given(st.lists(st.lists(st.integers(0, 1 << 40), max_size=30), max_size=5))
def test_distributions_merge(lists: list[list[int]]) -> None:
    whole = Distribution()
    for values in lists:
        part = Distribution()
        part.add(Counter(values))
        whole.merge(part)
    assert told(whole.spread()) == spread_of([value for values in lists for value in values])


def test_too_many_values_are_rounded_and_said_to_be() -> None:
    values = [7919 * at % 1_000_003 + 100_000 for at in range(MOST_VALUES + 5000)]
    made = Distribution()
    for at in range(0, len(values), 10_000):
        made.add(Counter(values[at : at + 10_000]))
    spread = made.spread()
    assert spread.rounded
    assert len(made.counts) < 5000
    number, total, least, median, p95, most = spread_of(values)
    assert (spread.number, spread.total, spread.smallest, spread.largest) == (number, total, least, most)
    assert median * 0.998 <= spread.median <= median
    assert p95 * 0.998 <= spread.p95 <= p95


@given(
    st.lists(st.integers(-1000, 1000).map(float), min_size=1, max_size=400),
    st.integers(1, 90),
)
def test_decimation_keeps_extremes(values: list[float], columns: int) -> None:
    found = envelope(values, columns)
    assert len(found) == min(columns, len(values))
    assert min(low for low, _ in found) == min(values)
    assert max(high for _, high in found) == max(values)
    # Each value lies in the column of its place.
    for at, value in enumerate(values):
        neighbours = found[max(at * len(found) // len(values) - 1, 0) :][:3]
        assert any(low <= value <= high for low, high in neighbours)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e9), st.integers(1, 12))
def test_ticks_are_round_few_and_inside(low: float, span: float, most: int) -> None:
    found = ticks(low, low + span, most)
    slack = span * 1e-6
    assert len(found) <= max(most, 1)
    assert all(low - slack <= tick <= low + span + slack for tick in found)
    if most >= 4:
        assert len(found) >= 2
        step = found[1] - found[0]
        digits = f"{step:.4e}"  # two floats of a million are no closer to each other than 1e-10
        assert digits[0] in "1259"  # 0.9999… is 1


@given(st.lists(st.tuples(st.integers(0, 1 << 45), st.integers(0, 1), st.integers(1, 99)), max_size=50))
def test_steps_double_and_lose_nothing(events: list[tuple[int, int, int]]) -> None:
    series = Series(0)
    events.sort()
    for number, (at, side, octets) in enumerate(events, 1):
        series.reach(at)
        pair = (0, 1) if side else (1, 0)
        series.add(series.step_of(at), number, pair, (pair[0] * octets, pair[1] * octets))
    counts = series.counts()
    assert len(counts) <= MOST_STEPS
    for made in (counts, counts.read_over()):
        assert sum(made.frames_in) + sum(made.frames_out) == len(events)
        assert sum(made.bytes_in) == sum(octets for _, side, octets in events if not side)
        for number, (at, _, _) in enumerate(events, 1):
            step = at // made.width
            assert made.first[step]
            assert made.first[step] <= number
            assert made.frame_near(at) == made.first[step]


@given(st.lists(st.integers(0, 5 * MS), min_size=1, max_size=600), st.integers(1, 7))
def test_the_longest_silences(gaps: list[int], pieces: int) -> None:
    times, now = array("q"), 0
    for gap in gaps:
        now += gap
        times.append(now)
    found = Silences()
    size = max(len(times) // pieces, 1)
    for at in range(0, len(times), size):
        found.take(times[at : at + size], range(at + 1, len(times) + 1).__getitem__)
    naive = [(b - a, number) for number, (a, b) in enumerate(pairwise(times), 1) if b - a >= MS]
    naive.sort(key=lambda gap: (-gap[0], gap[1]))
    assert [(each.length, each.number) for each in found.longest()] == naive[:MOST_SILENCES]


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 9, "0 %"),
        (1, 10**7, "< 0.1 %"),
        (5, 1000, "0.5 %"),
        (1, 3, "33 %"),
        (9999, 10000, "99.9 %"),
        (3, 3, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(part: int, whole: int, text: str) -> None:
    assert percent(part, whole).replace("\u2009", " ") == text


# -- compression


def test_the_ratio_is_that_of_what_was_inflated(deflated: Recording) -> None:
    texts = [f"the same words again and again {at} " * 40 for at in range(700)]
    for text in texts:
        deflated.compressed(text)
        deflated.received(TEXT, b"plain")
    reading = deflated.reading()
    run = CompressionRun(reading)
    while run.work(deflated.frames, 0):
        pass
    found = run.compression()
    assert found.frames == (700, 0)
    assert found.inflated == (sum(map(len, texts)), 0)
    assert found.wire == (sum(f.length for f in every(reading, deflated.frames) if f.compressed), 0)
    assert found.ratio() == found.ratio(0)
    assert found.ratio(1) is None
    assert found.failed == (0, 0)


def test_the_budget_is_kept_and_can_be_raised(deflated: Recording) -> None:
    for at in range(1200):
        deflated.compressed(f"{at * 7919} {at}")
    run = CompressionRun(deflated.reading(), budget=1)
    assert not run.work(deflated.frames)
    assert run.stopped
    first = run.compression()
    assert 0 < first.frames[0] < 1200
    run.budget = 1 << 30
    while run.work(deflated.frames, 0):
        pass
    assert run.compression().frames == (1200, 0)
    assert run.compression().failed == (0, 0)


def test_messages_that_stand_alone_are_inflated_across_slices(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "alone.wsi", deflate=True)
    recording.agreed = type(recording.agreed)(
        type(recording.agreed.deflate)(server_no_context_takeover=True)  # type: ignore[misc]
    )
    try:
        text = ("alone " * 300).encode()
        for _ in range(300):
            data = Deflater(takeover=False).deflate(text)
            half = len(data) // 2
            recording.received(TEXT, data[:half], rsv=4, fin=False)
            recording.sent(PING, b"x")
            recording.received(0, data[half:])
        run = CompressionRun(recording.reading())
        while run.work(recording.frames, 0):
            pass
        found = run.compression()
        assert found.failed == (0, 0)
        assert found.inflated == (300 * len(text), 0)
    finally:
        recording.close()


def test_what_cannot_be_inflated_is_counted_apart(deflated: Recording) -> None:
    deflated.compressed("good")
    deflated.received(TEXT, b"\xff\xff\xff\xff", rsv=4)
    run = CompressionRun(deflated.reading())
    while run.work(deflated.frames, 0):
        pass
    found = run.compression()
    assert found.frames == (1, 0)
    assert found.failed == (1, 0)
