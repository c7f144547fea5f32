"""Which rows show, in both modes, under every filter, however the frames came."""

from array import array

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.present.recording import (
    BINARY,
    CLOSE,
    IN,
    PING,
    PONG,
    SECOND,
    TEXT,
    Recording,
    grown,
    put,
    rows_of,
)
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.rows import SUB_BITS, SUB_SILENCE, SUB_STOP, LogRows, Mode, Shown
from wsinspector.protocol.columns import (
    FLAG_ENDS_MESSAGE,
    FLAG_OUT,
    FLAG_STARTS_MESSAGE,
    FrameColumns,
)
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.spans import Direction


def numbers(rows: LogRows) -> list[int | None]:
    return [rows.frame_of(key) for key in rows.keys]


def a_conversation(recording: Recording) -> None:
    recording.received(TEXT, b"one")  # 1
    recording.sent(PING, b"a")  # 2
    recording.received(PONG, b"a")  # 3
    recording.received(TEXT, b"two, ", fin=False)  # 4
    recording.received(PING, b"b")  # 5
    recording.received(0, b"three")  # 6
    recording.sent(BINARY, b"\x00\x01")  # 7
    recording.received(0xB, b"x", rsv=2)  # 8
    recording.received(CLOSE, b"\x03\xe8")  # 9


def test_frames_shows_every_frame(recording: Recording) -> None:
    a_conversation(recording)
    assert numbers(rows_of(recording, Mode.FRAMES)) == list(range(1, 10))


def test_messages_shows_a_row_a_message_and_folds_pings(recording: Recording) -> None:
    a_conversation(recording)
    rows = rows_of(recording, Mode.MESSAGES)
    assert numbers(rows) == [1, 2, 4, 5, 7, 8, 9]
    assert rows.index.run_of(2) == (3, 1, 1)
    assert list(rows.index.members_of(4)) == [4, 6]
    assert rows.index.head_of(6) == 4
    assert rows.index.head_of(3) == 2


def test_opening_a_message_puts_its_frames_below_it(recording: Recording) -> None:
    a_conversation(recording)
    rows = rows_of(recording, Mode.MESSAGES)
    key = 4 << SUB_BITS
    put(rows, rows.open(key))
    assert numbers(rows) == [1, 2, 4, 4, 6, 5, 7, 8, 9]
    assert rows.open(key) is None
    removed = rows.shut(key)
    assert removed == (3, 2)
    rows.remove(*removed)
    assert numbers(rows) == [1, 2, 4, 5, 7, 8, 9]


def test_opening_a_run_shows_its_pings(recording: Recording) -> None:
    a_conversation(recording)
    rows = rows_of(recording, Mode.MESSAGES)
    put(rows, rows.open(2 << SUB_BITS))
    assert numbers(rows)[:4] == [1, 2, 2, 3]
    assert not rows.can_open(1 << SUB_BITS)


def test_later_fragments_join_an_opened_message(recording: Recording) -> None:
    recording.received(TEXT, b"a", fin=False)
    recording.received(0, b"b", fin=False)
    rows = rows_of(recording, Mode.MESSAGES)
    put(rows, rows.open(1 << SUB_BITS))
    recording.sent(TEXT, b"between")
    recording.received(0, b"c")
    recording.source()
    grown(rows, recording.frames)
    assert numbers(rows) == [1, 1, 2, 4, 3]


def test_a_row_shows_when_any_pressed_kind_fits(recording: Recording) -> None:
    a_conversation(recording)
    shown = {
        Shown(True, False, False, False): [1, 4, 6],
        Shown(False, True, False, False): [7],
        Shown(False, False, True, False): [2, 3, 5, 8, 9],
        Shown(False, False, False, True): [8],
        Shown(False, False, False, False): [],
    }
    for pressed, expected in shown.items():
        assert numbers(rows_of(recording, Mode.FRAMES, pressed)) == expected, pressed


def test_bad_utf8_in_the_last_fragment_brings_the_message_up(recording: Recording) -> None:
    recording.received(TEXT, b"fine", fin=False)
    recording.sent(TEXT, b"other")
    rows = rows_of(recording, Mode.MESSAGES, Shown(False, False, False, True))
    assert numbers(rows) == []
    recording.received(0, b"\xff")
    recording.source()
    grown(rows, recording.frames)
    assert numbers(rows) == [1]


def test_a_silence_is_a_marker_after_its_frame(recording: Recording) -> None:
    recording.received(TEXT, b"a")
    recording.received(TEXT, b"b", after=60 * SECOND)
    rows = rows_of(recording, Mode.FRAMES)
    assert list(rows.keys) == [1 << SUB_BITS, 1 << SUB_BITS | SUB_SILENCE, 2 << SUB_BITS]
    assert rows.is_marker(rows.keys[1])
    assert rows.frame_of(rows.keys[1]) is None


def test_a_frame_that_arrives_slowly_is_no_silence(recording: Recording) -> None:
    recording.received(TEXT, b"a")
    data = encode_frame(TEXT, bytes(100))
    for at in range(0, 102, 2):
        recording.wire(IN, data[at : at + 2], after=SECOND)
    recording.received(TEXT, b"b", after=40 * SECOND)
    rows = rows_of(recording, Mode.FRAMES)
    assert [key for key in rows.keys if rows.is_marker(key)] == [2 << SUB_BITS | SUB_SILENCE]
    assert rows.index.silence_after(1) == SECOND
    assert rows.index.silence_after(2) == 40 * SECOND


def test_keep_alive_pings_stay_one_row_over_silences(recording: Recording) -> None:
    recording.received(TEXT, b"a")
    for _ in range(5):
        recording.sent(PING, b"", after=40 * SECOND)
        recording.received(PONG, b"")
    rows = rows_of(recording, Mode.MESSAGES)
    assert numbers(rows) == [1, None, 2]
    assert rows.index.run_of(2) == (11, 5, 5)


def test_the_stop_marker_finds_its_place_late(recording: Recording) -> None:
    for text in (b"a", b"b", b"c"):
        recording.received(TEXT, text)
    rows = rows_of(recording, Mode.FRAMES)
    put(rows, rows.set_stop(2)[1])
    assert list(rows.keys) == [1 << SUB_BITS, 2 << SUB_BITS, 2 << SUB_BITS | SUB_STOP, 3 << SUB_BITS]
    assert rows.set_stop(2) == (None, None)
    old, new = rows.set_stop(3)
    assert old == 2
    rows.remove(old, 1)
    put(rows, new)
    assert list(rows.keys) == [1 << SUB_BITS, 2 << SUB_BITS, 3 << SUB_BITS, 3 << SUB_BITS | SUB_STOP]
    old, new = rows.set_stop(2)
    assert old == 3
    rows.remove(old, 1)
    put(rows, new)
    assert rows.set_stop(9) == (2, None)
    rows.remove(2, 1)
    rows.set_stop(2)
    rows.rebuild(Mode.FRAMES, Shown(False, False, False, False), None)
    grown(rows, recording.frames)
    assert list(rows.keys) == [2 << SUB_BITS | SUB_STOP]


def test_a_word_in_a_later_fragment_shows_its_message(recording: Recording) -> None:
    a_conversation(recording)
    rows = rows_of(recording, Mode.MESSAGES)
    rows.rebuild(Mode.MESSAGES, Shown(), bytearray((0, 0, 0, 0, 0)))
    grown(rows, recording.frames)
    assert numbers(rows) == []
    assert rows.matches is not None
    rows.matches.extend((1, 0, 0, 0))  # frame 6, a fragment of message 4
    grown(rows, recording.frames)
    assert numbers(rows) == [4]


def test_selection_is_found_again_by_its_key(recording: Recording) -> None:
    a_conversation(recording)
    rows = rows_of(recording, Mode.MESSAGES)
    key = 7 << SUB_BITS
    assert rows.row_of(key) == 4
    rows.rebuild(Mode.MESSAGES, Shown(True, False, False, False), None)
    grown(rows, recording.frames)
    assert rows.row_of(key) is None
    assert rows.keys[rows.nearest(key)] == 4 << SUB_BITS
    assert rows.row_of_frame(6) == 1


class Made:
    """Columns without a file."""

    def __init__(self, columns: FrameColumns) -> None:
        self.all = columns

    def columns(self, first_no: int, count: int) -> FrameColumns:
        low, high = first_no - 1, first_no - 1 + count
        whole = self.all
        return FrameColumns(
            *(
                getattr(whole, name)[low:high]
                for name in ("offset", "header", "length", "first", "flags", "time", "message", "anomalies")
            )
        )

    def stream(self, _direction: Direction, _start: int, _end: int) -> bytes:
        return b""

    def stream_length(self, _direction: Direction) -> int:
        return 0

    def times(self, _direction: Direction, _start: int, _end: int) -> "array[int]":
        return array("q")

    def window_before(self, _direction: Direction, _message: int) -> tuple[int, bytes] | None:
        return None

    def left_out(self, _direction: Direction) -> list[tuple[int, int]]:
        return []


def made(frames: list[tuple[int, bool, bool]]) -> FrameColumns:
    """``(opcode, fin, out)`` each, one message open a direction, as a scanner would number them."""
    columns = FrameColumns()
    last = 0
    open_message = [0, 0]
    for at, (opcode, fin, out) in enumerate(frames):
        flags = FLAG_OUT if out else 0
        message = 0
        if opcode in (1, 2):
            last += 1
            message = open_message[out] = last
            flags |= FLAG_STARTS_MESSAGE
        elif opcode == 0:
            message = open_message[out]
        if message and opcode < 8 and fin:
            flags |= FLAG_ENDS_MESSAGE
            open_message[out] = 0
        columns.extend(
            FrameColumns(
                array("Q", [at]),
                array("B", [2]),
                array("Q", [0]),
                array("B", [(0x80 if fin else 0) | opcode]),
                array("B", [flags]),
                array("q", [at * SECOND * 7]),
                array("I", [message]),
                array("I", [0 if message or opcode >= 8 else 1]),
            )
        )
    return columns


frames = st.lists(
    st.tuples(st.sampled_from((0, 0, 1, 2, 8, 9, 9, 10)), st.booleans(), st.booleans()), max_size=60
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    frames,
    st.integers(1, 60),
    st.sampled_from(Mode),
    st.builds(Shown, st.booleans(), st.booleans(), st.booleans(), st.booleans()),
)
def test_rows_do_not_depend_on_how_the_frames_came(
    given_frames: list[tuple[int, bool, bool]], piece: int, mode: Mode, shown: Shown
) -> None:
    source = Made(made(given_frames))
    whole = grown(LogRows(FrameIndex(source), mode, shown), len(given_frames))
    pieces = LogRows(FrameIndex(source), mode, shown)
    for upto in range(0, len(given_frames) + piece, piece):
        grown(pieces, min(upto, len(given_frames)))
    late_silences = {key for key in whole.keys if whole.is_marker(key)} ^ {
        key for key in pieces.keys if pieces.is_marker(key)
    }
    assert not late_silences or mode is Mode.MESSAGES
    assert [key for key in pieces.keys if not pieces.is_marker(key)] == [
        key for key in whole.keys if not whole.is_marker(key)
    ]
    assert list(pieces.keys) == sorted(pieces.keys)
    if mode is Mode.FRAMES and shown.everything:
        assert [no for no in numbers(whole) if no] == list(range(1, len(given_frames) + 1))


def test_keys_count_on_beyond_sixteen_bits() -> None:
    count = 140_000
    columns = made([(2, True, False)])
    source = Made(FrameColumns(*(getattr(columns, name) * count for name in FrameColumns.__slots__)))
    index = FrameIndex(source)
    while index.grow(count):
        pass
    rows = LogRows(index, Mode.FRAMES)
    while rows.collected < count:
        for insertion in rows.prepare(50_000):
            rows.apply(insertion)
    assert rows.keys == array("Q", range(1 << SUB_BITS, (count + 1) << SUB_BITS, 1 << SUB_BITS))


@settings(deadline=None)
@given(frames)
def test_every_frame_is_behind_exactly_one_message_row(given_frames: list[tuple[int, bool, bool]]) -> None:
    rows = grown(LogRows(FrameIndex(Made(made(given_frames))), Mode.MESSAGES), len(given_frames))
    behind = [no for key in rows.keys if not rows.is_marker(key) for no in rows.frames_of(key)]
    assert sorted(behind) == list(range(1, len(given_frames) + 1))
    for number in range(1, len(given_frames) + 1):
        assert number in rows.index.members_of(rows.index.head_of(number))


def test_reads_in_both_directions_are_told_apart(recording: Recording) -> None:
    recording.received(TEXT, b"a")
    recording.sent(TEXT, b"b")
    source = recording.source()
    assert source.stream(IN, 0, 3) == b"\x81\x01a"
