"""What was held is told where it stands, and no time counts it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.present.recording import PING, PONG, SECOND, TEXT, Recording
from tests.present.test_rowtext import labels, row, snapshot_of, texts_of
from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy, EndKind, Phase
from wsinspector.conversation.stepping_values import Held, HeldBytes, Hold, StepView, Unit, held_from_json
from wsinspector.present.answer import of_attempt
from wsinspector.present.frames import FrameReading
from wsinspector.present.handshake_texts import request_when
from wsinspector.present.rowtext import TimeStyle
from wsinspector.present.statistics import StatisticsRun
from wsinspector.present.stepping import counted_age, held_sentence, held_text, step_words

MS = SECOND // 1000


def frame_times(recording: Recording) -> list[tuple[int, int]]:
    """Offset and time of each frame."""
    columns = recording.source().columns(1, recording.frames)
    return list(zip(columns.offset, columns.time, strict=True))


def test_a_frame_that_was_held_says_so_and_its_delta_does_not_count_it(recording: Recording) -> None:
    recording.received(PING, b"a")
    recording.sent(PONG, b"a")
    texts = texts_of(recording)
    texts.times = TimeStyle.DELTA
    (_, came), (offset, left) = frame_times(recording)
    assert left - came == MS
    hold = Hold(came + 3 * MS // 10, left, offset, 8)
    texts.snapshot = replace(snapshot_of(recording), held_steps=Held((hold,)))
    assert labels(row(texts, 2)) == [("held 0.7 ms", "muted")]
    assert row(texts, 2).time == "+0.300 ms"
    assert row(texts, 1).remark == "pong after 0.3 ms, frame 2"
    assert labels(row(texts, 1)) == []


def test_a_hold_longer_than_the_gap_leaves_none(recording: Recording) -> None:
    recording.received(TEXT, b"a")
    recording.sent(TEXT, b"b")
    texts = texts_of(recording)
    texts.times = TimeStyle.DELTA
    (_, came), (offset, left) = frame_times(recording)
    texts.snapshot = replace(snapshot_of(recording), held_steps=Held((Hold(came - 5 * MS, left, offset, 7),)))
    assert row(texts, 2).time == "+0.000 ms"


def test_statistics_take_off_what_was_held(recording: Recording) -> None:
    recording.received(PING, b"a")
    recording.sent(PONG, b"a")
    (_, came), (offset, left) = frame_times(recording)
    held = Held((Hold(came + MS // 4, left, offset, 8),))
    for of, took in ((held.of, MS // 4), (Held().of, MS)):
        run = StatisticsRun(FrameReading(recording.source()), SECOND, held=of)
        while run.step(recording.frames):
            pass
        (step,) = run.figures().trips[0].steps
        assert step.quickest == step.slowest == took


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), max_size=8),
    st.integers(0, 500),
    st.integers(0, 500),
)
def test_what_was_held_between_two_moments(pieces: list[tuple[int, int]], one: int, other: int) -> None:
    start, stop = sorted((one, other))
    stretches, at = [], 0
    for gap, length in pieces:
        stretches.append((at + gap, at + gap + length))
        at += gap + length
    held = Held(stretches=tuple(stretches))
    covered = {moment for first, last in stretches for moment in range(first, last)}
    assert held.between(start, stop) == sum(moment in covered for moment in range(start, stop))
    assert held_from_json(held.to_json()) == held


def test_only_bytes_that_were_held_are_told_as_such() -> None:
    held = Held((Hold(0, 10, 0, 100), Hold(20, 25, 100, 7), Hold(30, 60, 107, 0), Hold(40, 47, 120, 4)))
    assert [held.of(offset) for offset in (0, 99, 100, 106, 107, 119, 120, 123, 124)] == [
        10, 10, 5, 5, 0, 0, 7, 7, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "damaged", [None, 7, {}, {"holds": 1}, {"holds": [[1, 2]], "stretches": []}, {"holds": [["a"] * 4]}]
)
def test_a_damaged_note_is_none(damaged: object) -> None:
    assert held_from_json(damaged) == Held()


def ended(**given: object) -> AttemptSnapshot:
    end = End(EndKind.FIN, EndedBy.PEER, False, 1006, "", None, None, 0.0, 1.0, 100 * SECOND, held=60.0)
    made = AttemptSnapshot(1, 1, 1, Phase.ENDED, "ws://h/", 0, 0, b"GET / HTTP/1.1\r\n\r\n", end=end)
    return replace(made, request_at=1, opened_at=SECOND, last_byte_at=40 * SECOND, **given)  # type: ignore[arg-type]


def test_a_peer_that_gave_up_while_held_is_not_taken_for_an_idle_limit() -> None:
    gone = ended(held_steps=Held(stretches=((40 * SECOND, 100 * SECOND),)))
    said = "Held for 60.0 s, which is not counted. Probably the peer did not wait so long."
    assert held_sentence(gone) == said
    line = of_attempt(gone)
    assert line.text.endswith(said)
    assert "idle" not in line.text
    early = ended(held_steps=Held(stretches=((2 * SECOND, 30 * SECOND),)))
    assert held_sentence(early) == "Held for 60.0 s, which is not counted."


def test_a_request_that_never_left() -> None:
    gone = replace(ended(), request_at=None, opened_at=None)
    assert held_sentence(gone) == "The request was held for 60.0 s and never left."


def test_the_age_of_what_is_open_does_not_count_what_is_held_now() -> None:
    snapshot = replace(
        ended(held_steps=Held(stretches=((10, 20),))),
        end=None,
        phase=Phase.OPEN,
        step=StepView(True, since=50),
    )
    assert counted_age(snapshot, 0, 45) == 35
    assert counted_age(snapshot, 0, 70) == 40
    assert counted_age(snapshot, 60, 70) == 0


def test_what_waits_is_told_without_what_it_is() -> None:
    ping = HeldBytes(Unit.FRAME, b"\x89\x82aaaabc", 0, 0x9)
    snapshot = replace(ended(), end=None, phase=Phase.OPEN)
    ours = step_words(replace(snapshot, step=StepView(True, Unit.FRAME, 0, (ping, ping), 2)))
    assert ours.spoken == "Held. Our Ping frame, 8 bytes, has not left. 1 more waits behind it."
    assert (ours.act, ours.wire) == ("Let it go", "89 82 61 61 61 61 62 63")
    theirs = step_words(replace(snapshot, step=StepView(True, Unit.FRAME, 0, (ping,), 1, unseen=3)))
    assert theirs.text == "The next frame is here and is not shown yet."
    assert theirs.behind == "2 more came behind it. 1 of ours waits behind it."
    assert theirs.wire == ""


def test_the_bytes_of_a_head_are_not_shown_as_hex() -> None:
    secret = HeldBytes(Unit.REQUEST, b"GET /?token=secret HTTP/1.1\r\n\r\n", 0)
    snapshot = replace(ended(), end=None, phase=Phase.TCP, request_at=None, opened_at=None)
    words = step_words(replace(snapshot, step=StepView(True, Unit.REQUEST, 0, (secret,), 1)))
    assert words.wire == ""
    assert words.text == held_text(secret) == "Our request, 31 bytes: not a byte has left."
    assert request_when(replace(snapshot, step=StepView(True, Unit.REQUEST))) == "held, not sent yet"


def test_when_a_held_request_left() -> None:
    held = Held((Hold(0, 12_300_000_000, 0, 40),))
    assert request_when(ended(held_steps=held)).endswith(", held 12.3 s")
