"""A filter applied in bulk says of every frame what the same condition says of it alone."""

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.filter.conditions import conditions
from tests.present.recording import (
    BINARY,
    CLOSE,
    IN,
    OUT,
    PING,
    PONG,
    SECOND,
    TEXT,
    Recording,
    rows_of,
)
from wsinspector.filter import parse
from wsinspector.filter.columns import TIME
from wsinspector.filter.content import Content
from wsinspector.filter.rows import CONTINUES, FrameRow, evaluate
from wsinspector.filter.syntax import Condition
from wsinspector.present import filter_scan, filtering
from wsinspector.present.filter_planes import BlockPlanes, ColumnPlanes
from wsinspector.present.filtering import FilterRun, end_fits
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import facts_of
from wsinspector.present.inflation import Inflation
from wsinspector.present.rows import Mode
from wsinspector.present.undecided import undecided_text
from wsinspector.protocol.deflate import Deflater
from wsinspector.protocol.spans import Direction


def run_of(
    recording: Recording,
    line: str | Condition,
    mode: Mode = Mode.FRAMES,
    marks: tuple[int, ...] = (),
    *,
    composed: bool = False,
) -> FilterRun:
    condition = parse(line).condition if isinstance(line, str) else line
    assert condition is not None
    reading = recording.reading(composed=composed)
    index = FrameIndex(recording.source())
    while index.grow(recording.frames):
        pass
    return FilterRun(condition, reading, index, Inflation(reading), mode=mode, start_ns=SECOND, marks=marks)


def hits_of(run: FilterRun, upto: int) -> list[int]:
    found = b""
    while part := run.step(upto):
        found += part
    assert len(found) == upto
    assert run.hits == found.count(1)
    return [number for number, hit in enumerate(found, 1) if hit]


def found(
    recording: Recording, line: str | Condition, mode: Mode = Mode.FRAMES, marks: tuple[int, ...] = ()
) -> list[int]:
    return hits_of(run_of(recording, line, mode, marks), recording.frames)


def a_conversation(recording: Recording) -> None:
    recording.received(TEXT, b'{"event": "price", "at": [1, {"x": 2.50}]}')  # 1
    recording.sent(PING, b"a")  # 2
    recording.received(PONG, b"a", after=200_000_000)  # 3
    recording.received(TEXT, b"two, th", fin=False)  # 4
    recording.received(PING, b"b")  # 5
    recording.received(0, b"ree")  # 6
    recording.sent(BINARY, b"\x00\x01\x02" * 50)  # 7
    recording.received(0xB, b"x", rsv=2)  # 8
    recording.received(CLOSE, b"\x03\xe9going")  # 9
    recording.sent(CLOSE, b"\x03\xe9")  # 10


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("type == text", [1, 4, 6]),
        ("type == control", [2, 3, 5, 8, 9, 10]),
        ("type == continuation", [6]),
        ("type in (reserved, binary)", [7, 8]),
        ("type != text and type != control", [7]),
        ("dir == out", [2, 7, 10]),
        ("size > 20 or type == ping", [1, 2, 5, 7]),
        ("size in (1, 150..200)", [2, 3, 5, 7, 8]),
        ("fin == 0", [4]),
        ("rsv2 == 1", [8]),
        ("rsv == 2", [8]),
        ("opcode in (0xB, 0xC)", [8]),
        ("opcode == ping", [2, 5]),
        ("masked == 1", [2, 7, 10]),
        ("has mask and type == binary", [7]),
        ("has finding", [8]),
        ("finding == reserved-opcode", [8]),
        ("delta > 100ms", [3]),
        ("delta <= 1ms", [2, 4, 5, 6, 7, 8, 9, 10]),
        ("time >= 0.206", [7, 8, 9, 10]),
        ("number in (2..3, 9)", [2, 3, 9]),
        ("message == 2", [4, 6]),
        ("message != 2", [1, 7]),
        ("has fragments", [4, 6]),
        ("close.code == 1001", [9, 10]),
        ("close.code != 1000", [9, 10]),
        ('close.reason contains "Go"i', [9]),
        ("payload contains 0x0201", []),
        ("payload contains 01:02", [7]),
        ('payload contains "two"', [4, 6]),
        ("THREE", [6]),
        ('"three" or "PRICE"', [1, 6]),
        ("payload matches /^[ab]$/", [2, 3, 5]),
        ("payload matches /TWO.*three/i", [6]),
        ('payload == "a"', [2, 3]),
        ('json.event == "price"', [1]),
        ("json.at[1].x == 2.5", [1]),
        ("json.at[-1].x < 2.5", []),
        ("has json", [1]),
        ("has json.event", [1]),
        ("not has json and type == text", [4, 6]),
        ("has mark", [3, 7]),
    ],
)
def test_what_fits(recording: Recording, line: str, numbers: list[int]) -> None:
    a_conversation(recording)
    assert found(recording, line, marks=(7, 3)) == numbers


@pytest.mark.parametrize(
    ("line", "heads"),
    [
        ("size == 10", [4]),
        ("size < 10 and type == text", []),
        ('payload contains "three"', [4]),
        ('type == text and payload contains "o, three"', [4]),
        ("not payload contains three and type == text", [1]),
        ("number == 6", [4]),
        ("type == text and length == 3", [4]),
    ],
)
def test_messages_are_decided_as_a_whole(recording: Recording, line: str, heads: list[int]) -> None:
    a_conversation(recording)
    run = run_of(recording, line, Mode.MESSAGES)
    matches = bytearray(run.work(recording.frames))
    rows = rows_of(recording, Mode.MESSAGES)
    rows.rebuild(Mode.MESSAGES, rows.shown, matches)
    for insertion in rows.prepare():
        rows.apply(insertion)
    assert [rows.frame_of(key) for key in rows.keys] == heads


def test_the_end_fits_where_no_close_frame_came() -> None:
    def fits(line: str, code: int | None = 1006) -> bool:
        return end_fits(parse(line).condition, at_ns=3 * SECOND, code=code, reason="")

    assert fits("close.code == 1006")
    assert fits("close.code in (1005, 1006)")
    assert not fits("close.code == 1006", 1000)
    assert not fits("close.code == 1006", None)
    assert fits("time > 2")
    assert not fits("type == text")
    assert fits("type not in (ping, pong)")
    assert not fits("hello")


def test_a_pattern_that_takes_too_long_is_not_decided(recording: Recording) -> None:
    recording.received(TEXT, b"a" * 40 + b"!")
    recording.received(TEXT, b"aab")
    line = "payload matches /^(a|a|aa)+b$/"
    run = run_of(recording, line)
    assert hits_of(run, 2) == [2]
    assert (run.undecided, run.too_large) == (1, 0)
    inverse = run_of(recording, f"not {line}")
    assert hits_of(inverse, 2) == []
    assert inverse.undecided == 1


def test_what_is_no_json_does_not_fit(recording: Recording) -> None:
    for payload in (
        b"[" * 100_000,
        b"NaN",
        b'{"a": NaN}',
        b"\xff",
        b"1e9999999999999999999",
        b"9" * 5000,
        b"",
    ):
        recording.received(BINARY, payload)
    run = run_of(recording, "json.a == 3 or json < 5")
    assert hits_of(run, recording.frames) == []
    assert found(recording, "json > 5") == [6]


def test_json_too_large_to_be_read_is_not_decided(recording: Recording) -> None:
    recording.received(TEXT, json.dumps({"a": "x" * (1 << 20)}).encode())
    run = run_of(recording, 'json.a != "y"')
    assert hits_of(run, 1) == []
    assert (run.undecided, run.too_large) == (1, 1)


def test_it_is_told_why_each_is_not_decided(recording: Recording) -> None:
    recording.received(TEXT, json.dumps({"a": "x" * (1 << 20)}).encode())
    recording.received(TEXT, json.dumps({"a": "a" * 40 + "!"}).encode())
    recording.received(TEXT, b'{"a":')
    parts = json.dumps({"a": "x" * (1 << 20)}).encode()
    recording.received(TEXT, parts[:9], fin=False)
    recording.received(0, parts[9:])
    run = run_of(recording, "json.a matches /^(a|a|aa)+b$/")
    assert hits_of(run, recording.frames) == []
    assert (run.undecided, run.too_large) == (3, 2)
    assert undecided_text(run.undecided, run.too_large) == (
        "3 frames were not decided and are left out. 2 have a payload that is too large or not whole. The "
        "pattern took longer than 50 ms on 1; a simpler one may decide it."
    )


_OF_FRAMING = (
    "fin == 0", "fin == 1", "fin != 0", "fin != 1", "websocket.fin == 1", "rsv1 == 0", "rsv1 != 0",
    "rsv == 0", "not fin == 1", "fin == 0 or fin == 1", "rsv in (0..7)", "masked == 0", "not masked == 0",
    "websocket.mask == 1", "compressed == 0", "length >= 0", "not length >= 0",
    "websocket.payload_length < 200", "has mask", "not has mask", "not has deflate", "not has fragments",
    "not has finding", "finding != bad-utf8", "fin == 1 and dir == in",
)  # fmt: skip


def test_what_an_import_does_not_tell_fits_neither_way(recording: Recording) -> None:
    recording.received(TEXT, b"one")
    recording.received(TEXT, b"two")
    for line in _OF_FRAMING:
        run = run_of(recording, line, composed=True)
        assert hits_of(run, 2) == [], line
        assert (run.undecided, run.untold) == (2, 2), line
    assert undecided_text(1, 0, 1) == (
        "1 frame was not decided and is left out. The imported file does not tell it of 1."
    )


def test_what_an_import_does_tell_decides_as_ever(recording: Recording) -> None:
    recording.received(TEXT, b"one")
    recording.sent(BINARY, b"two")
    for line, fits, open_ in (
        ("fin == 1 or type == text", [1], 1),
        ("not (fin == 1 and type == text)", [2], 1),
        ("masked == 0 and dir == in", [], 1),
        ('fin == 0 and payload contains "two"', [], 1),
        ("size == 3 and opcode == 2", [2], 0),
    ):
        run = run_of(recording, line, composed=True)
        assert hits_of(run, 2) == fits, line
        assert (run.undecided, run.untold) == (open_, open_), line


def test_of_an_import_a_slow_pattern_is_told_from_what_is_not_known(recording: Recording) -> None:
    recording.received(TEXT, b"a" * 40 + b"!")
    recording.received(TEXT, b"b")
    run = run_of(recording, "payload matches /^(a|a|aa)+b$/ or (fin == 1 and payload == b)", composed=True)
    assert hits_of(run, 2) == []
    assert (run.undecided, run.untold) == (2, 1)


def test_compressed_payloads_are_inflated(deflated: Recording) -> None:
    for number in range(5):
        deflated.compressed(f'{{"number": {number}, "words": "some words, some words"}}')
    assert found(deflated, '"NUMBER"') == [1, 2, 3, 4, 5]
    assert found(deflated, "json.number >= 3") == [4, 5]
    assert found(deflated, "has deflate and compressed == 1 and json.number == 1") == [2]


def test_a_long_masked_payload_is_searched_in_pieces(recording: Recording) -> None:
    recording.sent(BINARY, b"\0" * ((1 << 20) - 2) + b"needle" + b"\0" * 70_000)
    assert found(recording, "needle") == [1]
    assert found(recording, "payload contains Needle") == []


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64])
def test_a_text_is_found_across_pieces_of_the_stream(
    recording: Recording, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    for number in range(9):
        recording.received(TEXT, b"x" * number + b"Needle" * (number % 2) + b"x")
    recording.received(TEXT, b"need")
    recording.received(TEXT, b"le")
    monkeypatch.setattr(filter_scan, "PIECE", piece)
    monkeypatch.setattr(filter_scan, "WORTH", 1)
    assert found(recording, "NEEDLE") == [2, 4, 6, 8]
    assert found(recording, 'payload contains "Needle"') == [2, 4, 6, 8]
    assert found(recording, 'payload contains "N"') == [2, 4, 6, 8]


def test_rows_stay_true_while_frames_arrive(recording: Recording) -> None:
    reading = recording.reading()
    index = FrameIndex(recording.source())
    condition = parse('payload contains "word" or delta >= 5ms').condition
    assert condition is not None
    run = FilterRun(condition, reading, index, Inflation(reading), start_ns=SECOND)
    matches = bytearray()
    for turn in range(6):
        recording.received(TEXT, b"a word" if turn % 2 else b"none", after=(1 + 4 * (turn == 4)) * 1_000_000)
        recording.source()
        index.grow(recording.frames)
        matches += run.work(recording.frames)
        assert len(matches) == recording.frames == turn + 1
    assert list(matches) == [0, 1, 0, 1, 1, 1]


def test_cancelled_it_gives_nothing_more(recording: Recording) -> None:
    a_conversation(recording)
    run = run_of(recording, "two")
    run.cancel()
    assert run.step(recording.frames) == b""
    assert run.done == 0


def test_planes_of_blocks_and_of_columns_are_the_same(recording: Recording) -> None:
    a_conversation(recording)
    source = recording.source()
    block = source.block(1)
    assert block is not None
    first, packed = block
    ours = BlockPlanes(packed, 2, packed.entries - 3)
    theirs = ColumnPlanes(source.columns(first + 2, packed.entries - 3))
    for column, width in enumerate((8, 1, 8, 1, 1, 8, 4, 4)):
        assert ours.column(column) == theirs.column(column)
        for byte in range(width):
            assert ours.plane(column, byte) == theirs.plane(column, byte)
            assert ours.constant(column, byte) == theirs.constant(column, byte)
    assert ours.column(TIME)[0] == source.columns(3, 1).time[0]


# -- against one row at a time


@dataclass(frozen=True)
class Sent:
    """A message or control frame: its parts in order, and what they belong to."""

    direction: Direction
    opcode: int
    parts: tuple[bytes, ...]
    compressed: bool = False
    after: int = 1_000_000


_PAYLOADS = st.one_of(
    st.text("abB\\é", max_size=6).map(str.encode),
    st.binary(max_size=4),
    st.sampled_from((b'{"a": [1, 2.5, "b"]}', b'{"b": {"a": "ab"}, "x-y": true}', b"[1, 22]", b"3", b'"ab"')),
)
_MESSAGES = st.builds(
    Sent,
    st.sampled_from((IN, OUT)),
    st.sampled_from((TEXT, BINARY, 3)),
    st.lists(_PAYLOADS, min_size=1, max_size=3).map(tuple),
    st.booleans(),
    st.sampled_from((0, 1, 1_000_000, 300_000_000)),
)
_CONTROLS = st.builds(
    Sent,
    st.sampled_from((IN, OUT)),
    st.sampled_from((PING, PONG, CLOSE, 0xB, 0)),
    st.one_of(_PAYLOADS, st.just(b"\x03\xe8ab")).map(lambda payload: (payload,)),
)


_TURNS = st.tuples(st.one_of(_MESSAGES, _CONTROLS), st.lists(_CONTROLS, max_size=2))


class Told:
    """What was sent, frame by frame, so that nothing has to be read back."""

    def __init__(self, path: Path) -> None:
        self.recording = Recording(path, deflate=True)
        self.own: list[bytes] = []
        self.groups: list[tuple[int, ...]] = []  # of each frame: the frames of its message
        self.messages: list[bytes] = []
        self.opcodes: list[int] = []
        self._deflaters = {IN: Deflater(), OUT: Deflater()}

    def take(self, sent: Sent, inserted: "list[Sent]") -> None:
        parts = list(sent.parts)
        data = b"".join(parts)
        compressed = sent.compressed and sent.opcode in (TEXT, BINARY)
        if compressed:
            wire = self._deflaters[sent.direction].deflate(data)
            cut = [len(wire) * at // len(parts) for at in range(len(parts) + 1)]
            parts = [wire[a:b] for a, b in pairwise(cut)]
        members: list[int] = []
        for at, part in enumerate(parts):
            put = self.recording.received if sent.direction is IN else self.recording.sent
            opcode = sent.opcode if not at else 0
            fin = at == len(parts) - 1
            put(opcode, part, fin=fin, rsv=4 if compressed and not at else 0, after=sent.after)
            self.own.append(b"" if compressed and len(parts) > 1 else sent.parts[at])
            self.groups.append(())
            self.opcodes.append(sent.opcode)
            self.messages.append(data)
            members.append(len(self.own))
            if not fin and inserted:
                self.take(inserted.pop(), [])
        for number in members:
            self.groups[number - 1] = tuple(members)

    def row(self, number: int, mode: Mode) -> FrameRow:
        source = self.recording.source()
        facts = facts_of(source.columns(number, 1), 0, number)
        before = source.columns(number - 1, 1) if number > 1 else None
        group = self.groups[number - 1]
        last = number == group[-1]
        opcode = self.opcodes[number - 1]
        size = facts.length
        if mode is Mode.MESSAGES:
            size = sum(source.columns(each, 1).length[0] for each in group)
        joined = mode is Mode.MESSAGES or last

        def read() -> Content | None:
            data = self.messages[number - 1] if joined else self.own[number - 1]
            if not joined and facts.compressed:
                return None
            if opcode == CLOSE:
                code = int.from_bytes(data[:2], "big") if len(data) > 1 else None
                return Content(data, True, code, data[2:] if code is not None else b"")
            return Content(data, opcode == TEXT)

        kind = opcode if facts.opcode else CONTINUES | (opcode if opcode in (TEXT, BINARY) else 0)
        return FrameRow(
            number,
            facts.first,
            kind,
            facts.flags,
            facts.length,
            size,
            facts.time - SECOND,
            facts.time - before.time[0] if before is not None else None,
            facts.message,
            facts.anomalies,
            number % 3 == 0,
            read,
        )


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filtering, "FIRST_STEP", 3)
    monkeypatch.setattr(filtering, "MOST", 5)


@pytest.mark.usefixtures("small_steps")
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.one_of(_MESSAGES, _CONTROLS), st.lists(_CONTROLS, max_size=2)), min_size=1, max_size=8
    ),
    st.lists(conditions(), min_size=1, max_size=6),
    st.booleans(),
    st.booleans(),
)
def test_in_bulk_as_one_by_one(
    tmp_path_factory: pytest.TempPathFactory,
    told: list[tuple[Sent, list[Sent]]],
    asked: list[Condition],
    in_messages: bool,
    composed: bool,
) -> None:
    mode = Mode.MESSAGES if in_messages else Mode.FRAMES
    made = Told(tmp_path_factory.mktemp("filter") / "one.wsi")
    recording = made.recording
    try:
        for sent, inserted in told:
            # A stray continuation within a message would belong to it.
            made.take(sent, [each for each in inserted if each.opcode])
        total = recording.frames
        assert total == len(made.own)
        marks = tuple(range(3, total + 1, 3))
        for condition in asked:
            run = run_of(recording, condition, mode, marks, composed=composed)
            hits = hits_of(run, total)
            rows = ((no, replace(made.row(no, mode), composed=composed)) for no in range(1, total + 1))
            alone = [number for number, row in rows if evaluate(condition, row)]
            if mode is Mode.FRAMES:
                assert hits == alone
            else:
                heads = {made.groups[number - 1][0] for number in hits}
                assert heads == {made.groups[number - 1][0] for number in alone}
    finally:
        recording.close()
