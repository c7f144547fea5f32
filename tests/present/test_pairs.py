"""Pinned pairs, and which frame answers which."""

from tests.present.recording import CLOSE, MS, PING, PONG, TEXT, Recording, rows_of
from wsinspector.present.inflation import Inflation
from wsinspector.present.pairs import MOST_PAIRS, Pair, Pins, exact_time
from wsinspector.present.rows import LogRows, Mode
from wsinspector.present.rowtext import RowTexts


def texts_of(recording: Recording, rows: LogRows) -> RowTexts:
    reading = recording.reading()
    return RowTexts(reading, rows, Inflation(reading))


def test_two_pins_are_a_pair_whichever_came_first(recording: Recording) -> None:
    for _ in range(3):
        recording.received(TEXT, b"x", after=1203 * MS)
    reading = recording.reading()
    one, two, three = (reading.facts(number) for number in (1, 2, 3))
    assert one is not None
    assert two is not None
    assert three is not None
    pins = Pins()
    assert pins.pin(three) is None
    assert pins.labels(3) == ("pinned",)
    pair = pins.pin(one)
    assert pair is not None
    assert pair.text() == "#1 → #3: 2.406 s, 1 frame between"
    assert pins.waiting is None
    assert pins.labels(3) == pins.labels(1) == ("pair 1",)
    pins.pin(one)
    pins.pin(one)
    assert pins.waiting is None
    assert pins.pairs == [pair]
    assert pins.add(two, one).text() == "#1 → #2: 1.203 s, no frame between"
    assert pins.labels(1) == ("pair 1", "pair 2")
    pins.remove(pair)
    assert pins.labels(3) == ()


def test_the_oldest_pair_gives_way() -> None:
    pins = Pins()
    pins.pairs = [Pair(number, number + 2, 0, 5) for number in range(1, MOST_PAIRS + 1)]
    assert pins.pairs[0].text() == "#1 → #3: 0.000 ms, 1 frame between"


def test_between_frames_of_one_read_no_time_was_measured() -> None:
    assert Pair(1, 3, 7, 7).text() == "#1 → #3: same read, 1 frame between"


def test_times_keep_what_matters() -> None:
    assert exact_time(1_234_567) == "1.235 ms"
    assert exact_time(1_203_400_000) == "1.203 s"
    assert exact_time(72_000_000_000) == "72.0 s"


def test_who_answers_whom(recording: Recording) -> None:
    recording.received(PING, b"a")
    recording.received(PING, b"b")
    recording.sent(PONG, b"b")
    recording.sent(PONG, b"a")
    recording.received(CLOSE, b"\x03\xe8")
    recording.sent(CLOSE, b"\x03\xe8")
    recording.received(TEXT, b"late")
    rows = rows_of(recording, Mode.FRAMES)
    texts = texts_of(recording, rows)
    found = []
    for number in range(1, 8):
        facts = texts.reading.facts(number)
        assert facts is not None
        other = texts.counterpart(facts)
        found.append(other.number if other is not None else None)
    assert found == [4, 3, 2, 1, 6, 5, None]
