"""What rows say, of a connection recorded as the engine would."""

from dataclasses import replace

import pytest

from tests.present.recording import BINARY, CLOSE, IN, PING, PONG, SECOND, TEXT, Recording, rows_of
from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy, EndKind, PendingView, Phase, Stop
from wsinspector.present.frames import FrameFacts, FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.rows import SUB_BITS, SUB_SILENCE, SUB_STOP, Mode
from wsinspector.present.rowtext import RowCells, RowKind, RowTexts, TimeStyle, size_column
from wsinspector.present.tailtext import TailTexts

THIN = "\u2009"


def snapshot_of(recording: Recording, phase: Phase = Phase.OPEN) -> AttemptSnapshot:
    return AttemptSnapshot(
        serial=1,
        number=1,
        attempt_id=recording.attempt.attempt_id,
        phase=phase,
        url="ws://127.0.0.1/",
        wall_ns=1_700_000_000 * SECOND,
        mono_ns=SECOND,
        request=b"",
        opened_at=SECOND,
        frames=recording.frames,
    )


def texts_of(recording: Recording, mode: Mode = Mode.FRAMES) -> RowTexts:
    rows = rows_of(recording, mode)
    reading = FrameReading(recording.source())
    texts = RowTexts(reading, rows, Inflation(reading))
    texts.snapshot = snapshot_of(recording)
    return texts


def row(texts: RowTexts, number: int) -> RowCells:
    return texts.cells(number << SUB_BITS)


def labels(cells: RowCells) -> list[tuple[str, str]]:
    return [(label.text, label.role) for label in cells.labels]


def test_a_text_frame(recording: Recording) -> None:
    recording.received(TEXT, '{"say":"grüß dich"}'.encode())
    cells = row(texts_of(recording), 1)
    assert (cells.number, cells.direction, cells.type, cells.size) == ("1", "↓ in", "Text", "21")
    assert cells.payload == '{"say":"grüß dich"}'
    assert cells.labels == ()
    assert cells.settled
    assert "frame 1" in cells.spoken
    assert "received" in cells.spoken


def test_what_cannot_be_seen_is_made_visible(recording: Recording) -> None:
    recording.received(TEXT, "a\r\nb\x00c\u202ed\u200be\x7f".encode())
    assert row(texts_of(recording), 1).payload == "a␍␊b␀c‹U+202E›d‹U+200B›e␡"


def test_bytes_that_are_no_utf8_stand_as_bytes(recording: Recording) -> None:
    recording.received(TEXT, b"ab\xffcd")
    cells = row(texts_of(recording), 1)
    assert cells.payload == "ab\\xffcd"
    assert labels(cells) == [("not UTF-8", "fault")]


def test_a_binary_frame_names_what_it_knows(recording: Recording) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + (32).to_bytes(4, "big") * 2 + bytes(1000)
    recording.received(BINARY, png)
    cells = row(texts_of(recording), 1)
    assert cells.payload == "89 50 4e 47 0d 0a 1a 0a …"
    assert cells.payload.endswith("…")
    assert cells.remark == "PNG image, 32 × 32"
    assert cells.size == f"1{THIN}024"


class Counting(FrameReading):
    """Remembers of which frames the payload was read."""

    read: list[int]

    def payload(self, facts: FrameFacts, start: int, at_most: int) -> bytes:
        self.read.append(facts.number)
        return super().payload(facts, start, at_most)


def test_what_a_ping_carries_is_read_once_for_all_pongs_that_look_for_it(recording: Recording) -> None:
    for at in range(30):
        recording.received(PING, b"%02d" % at)
    for at in range(30):
        recording.sent(PONG, b"%02d" % at)
    rows = rows_of(recording, Mode.FRAMES)
    reading = Counting(recording.source())
    reading.read = []
    texts = RowTexts(reading, rows, Inflation(reading))
    texts.snapshot = snapshot_of(recording)
    for number in range(31, 61):
        assert row(texts, number).remark == f"answers frame {number - 30}"
    assert all(reading.read.count(number) == 1 for number in range(1, 31))


def test_pings_and_pongs_name_each_other(recording: Recording) -> None:
    recording.sent(PING, b"one")
    recording.sent(PING, b"two")
    recording.received(PONG, b"two", after=800_000)
    recording.received(PONG, b"unasked")
    recording.received(PING, b"\x00\x01")
    texts = texts_of(recording)
    assert (row(texts, 1).payload, row(texts, 1).remark) == ("“one”", "no pong yet")
    assert row(texts, 2).remark == "pong after 0.8 ms, frame 3"
    assert row(texts, 3).remark == "answers frame 2"
    assert row(texts, 4).remark == "answers no ping"
    assert row(texts, 5).payload == "00 01"
    assert not row(texts, 1).settled
    texts.snapshot = snapshot_of(recording, Phase.ENDED)
    assert row(texts, 1).remark == "no pong"


def test_fragments_say_which_part_they_are(recording: Recording) -> None:
    recording.received(TEXT, b"a", fin=False)
    recording.received(0, b"b", fin=False)
    before = texts_of(recording)
    assert labels(row(before, 1)) == [("not final", "muted"), ("1 of ?", "muted")]
    recording.received(0, b"c")
    after = texts_of(recording)
    assert labels(row(after, 2)) == [("not final", "muted"), ("2 of 3", "muted")]
    assert labels(row(after, 3)) == [("3 of 3", "muted")]
    assert row(after, 3).type == "Cont."


def test_a_message_is_one_row_with_all_its_bytes(recording: Recording) -> None:
    recording.received(TEXT, b"the first ", fin=False)
    recording.received(0, b"and the last")
    cells = row(texts_of(recording, Mode.MESSAGES), 1)
    assert cells.payload == "the first and the last"
    assert cells.size == "22"
    assert labels(cells) == [("2 frames", "muted")]
    assert cells.opens


def test_runs_of_pings_are_counted(recording: Recording) -> None:
    for _ in range(37):
        recording.sent(PING, b"x", after=SECOND)
        recording.received(PONG, b"x")
    cells = row(texts_of(recording, Mode.MESSAGES), 1)
    assert cells.kind is RowKind.RUN
    assert cells.payload == "37 pings, 37 pongs"


def test_bits_are_labels_only_where_they_tell_something(recording: Recording) -> None:
    recording.received(0xB, b"\x01", rsv=2)
    cells = row(texts_of(recording), 1)
    assert cells.type == "0xB"
    assert cells.tone == "fault"
    assert labels(cells) == [("reserved opcode", "fault"), ("RSV2", "fault")]


def test_close_is_read_by_the_registry(recording: Recording) -> None:
    recording.received(CLOSE, b"\x03\xe9bye")
    cells = row(texts_of(recording), 1)
    assert cells.payload == "1001 going away"
    assert cells.remark == "“bye”"


def test_a_compressed_row_waits_until_it_was_inflated(deflated: Recording) -> None:
    for number in range(3):
        deflated.compressed(f"message number {number}, message number {number}")
    texts = texts_of(deflated)
    cells = row(texts, 3)
    assert (cells.payload, cells.settled) == ("…", False)
    assert texts.wanted == {3: (0, 3)}
    texts._inflation.reach(IN, 3, 3)
    cells = row(texts, 3)
    assert cells.payload == "message number 2, message number 2"
    assert labels(cells) == [("deflate", "muted")]


@pytest.mark.parametrize(
    ("style", "expected"),
    [(TimeStyle.RELATIVE, "0.002 s"), (TimeStyle.DELTA, "+1.000 ms")],
)
def test_times_as_asked(recording: Recording, style: TimeStyle, expected: str) -> None:
    recording.received(TEXT, b"a")
    recording.received(TEXT, b"b")
    texts = texts_of(recording)
    assert row(texts, 2).time.endswith(".002")
    texts.times = style
    assert row(texts, 2).time == expected


def test_markers_say_what_they_mark(recording: Recording) -> None:
    recording.received(0xB, b"")
    recording.received(TEXT, b"b", after=60 * SECOND)
    texts = texts_of(recording)
    assert texts.cells(1 << SUB_BITS | SUB_SILENCE).payload == "60.0 s without a byte in either direction"
    snapshot = snapshot_of(recording)
    texts.snapshot = replace(snapshot, would_stop=Stop(1, 1002, "reserved opcode", 0))
    tolerant = texts.cells(1 << SUB_BITS | SUB_STOP)
    assert tolerant.payload.startswith("A conforming client stops here with 1002.")
    assert tolerant.tone == "fault"
    texts.snapshot = replace(snapshot, policy="conforming", stopped=Stop(1, 1002, "reserved opcode", 0))
    assert (
        texts.cells(1 << SUB_BITS | SUB_STOP).payload
        == "Failed the connection here with 1002: reserved opcode"
    )
    assert row(texts, 2).below_stop
    assert not row(texts, 1).below_stop


def an_end(kind: EndKind, by: EndedBy, **more: object) -> End:
    end = End(kind, by, False, 1006, "", None, None, 60.0, 120.0, 5 * SECOND)
    return replace(end, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("end", "text", "remark"),
    [
        (
            an_end(EndKind.FIN, EndedBy.PEER),
            "TCP FIN from the peer, no Close frame",
            "open for 2 min 0 s, reported as 1006 · §7.1.5",
        ),
        (
            an_end(EndKind.RST, EndedBy.PEER, received_code=1000),
            "TCP RST from the peer, the closing handshake was not completed",
            "open for 2 min 0 s, reported as 1006 · §7.1.5",
        ),
        (
            an_end(EndKind.CLOSE_FRAME, EndedBy.PEER, clean=True, code=1001, received_code=1001),
            "closed by the peer, 1001 going away",
            "open for 2 min 0 s",
        ),
        (
            an_end(EndKind.CLOSE_FRAME, EndedBy.US, clean=True, code=1005, age=0.5, silence=2.0),
            "closed by us, no code",
            "open for 500 ms, the last 2.0 s without a byte",
        ),
        (
            an_end(EndKind.CLOSE_FRAME, EndedBy.PEER, clean=True, code=999, received_code=999),
            "closed by the peer, 999 unused",
            "a code with no meaning that is defined, open for 2 min 0 s",
        ),
    ],
)
def test_the_last_row_says_who_ended_it(recording: Recording, end: End, text: str, remark: str) -> None:
    recording.received(TEXT, b"a")
    texts = texts_of(recording)
    texts.snapshot = replace(snapshot_of(recording, Phase.ENDED), end=end)
    cells = TailTexts(texts).end()
    assert (cells.type, cells.payload, cells.remark) == ("End", text, remark)


def test_a_frame_still_arriving_is_a_row(recording: Recording) -> None:
    recording.wire(IN, b"\x81\x7e\x01\x00half of it")
    texts = texts_of(recording)
    view = PendingView(False, 0, 4, 0x81, 256, 10, 0, 2 * SECOND)
    cells = TailTexts(texts).pending(view)
    assert cells.payload == "half of it"
    assert cells.remark == "10 of 256 bytes so far"
    assert ("arriving", "muted") in labels(cells)


def test_a_long_delta_is_told_in_seconds(recording: Recording) -> None:
    texts = texts_of(recording)
    texts.times = TimeStyle.DELTA
    assert texts.time_text(12_345_678_900, 0) == "+12.346 s"
    assert texts.time_text(9_999_000_000, 0) == "+9999.000 ms"
    assert texts.time_text(0, 2_000_000) == "−2.000 ms"


def test_sizes_stay_within_their_column() -> None:
    assert size_column(9_999_999) == f"9{THIN}999{THIN}999"
    assert size_column(64 << 20) == "67 MB"
    assert size_column(1 << 63) == "≥ 2⁶³"
