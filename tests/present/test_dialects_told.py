"""Rows, payloads, copies and searches of every dialect; and that no bytes make any of them raise."""

import json
from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.present.recording import BINARY, CLOSE, IN, OUT, PING, SECOND, TEXT, Recording, rows_of
from wsinspector.conversation.decoded import DecodedSource, Decoding
from wsinspector.conversation.snapshot import AttemptSnapshot, End, EndedBy, EndKind, PendingView, Phase
from wsinspector.present.copying import as_hex, as_json, as_text
from wsinspector.present.due import Due, due_answers
from wsinspector.present.frame_index import FrameIndex
from wsinspector.present.frames import FrameReading
from wsinspector.present.inflation import Inflation
from wsinspector.present.payload import View, content_of, first_view, read_payload
from wsinspector.present.rows import SUB_BITS, LogRows, Mode
from wsinspector.present.rowtext import RowCells, RowTexts
from wsinspector.present.search import WordSearch
from wsinspector.present.tailtext import TailTexts
from wsinspector.protocol.arriving import Agreed
from wsinspector.protocol.columns import FLAG_SENTINEL
from wsinspector.protocol.deflate import DeflateParameters, Deflater
from wsinspector.protocol.dialects import DIALECTS
from wsinspector.protocol.spans import Role

NAMES = [dialect.name for dialect in DIALECTS]
KEY = bytes(range(20))

Speaking = Callable[..., Recording]


@pytest.fixture
def speaking(tmp_path: Path) -> Iterator[Speaking]:
    made: list[Recording] = []

    def make(dialect: str, *, role: Role = Role.CLIENT, **more: object) -> Recording:
        agreed = replace(Agreed(dialect=dialect, connection_key=KEY), **more)  # type: ignore[arg-type]
        made.append(Recording(tmp_path / f"{len(made)}.wsi", agreed=agreed, role=role))
        return made[-1]

    yield make
    for each in made:
        each.close()


def texts_of(recording: Recording, mode: Mode = Mode.FRAMES) -> RowTexts:
    reading = recording.reading()
    texts = RowTexts(reading, rows_of(recording, mode), Inflation(reading))
    texts.snapshot = AttemptSnapshot(
        serial=1,
        number=1,
        attempt_id=recording.attempt.attempt_id,
        phase=Phase.OPEN,
        url="ws://127.0.0.1/",
        wall_ns=1_700_000_000 * SECOND,
        mono_ns=SECOND,
        request=b"",
        opened_at=SECOND,
        frames=recording.frames,
        agreed=recording.agreed,
        role=recording.role,
    )
    return texts


def row(texts: RowTexts, number: int) -> RowCells:
    return texts.cells(number << SUB_BITS)


def labels(cells: RowCells) -> list[tuple[str, str]]:
    return [(label.text, label.role) for label in cells.labels]


def test_types_that_hixie_76_did_not_define(speaking: Speaking) -> None:
    recording = speaking("hixie-76")
    recording.wire(IN, b"\x05odd\xff" + b"\x80\x03abc" + b"\x00Hello\xff" + b"\xff\x00")
    texts = texts_of(recording)
    rows = [row(texts, number) for number in range(1, 5)]
    assert [cells.type for cells in rows] == ["0x05", "0x80", "Text", "Close"]
    assert [labels(cells) for cells in rows] == [
        [("type not defined", "note")],
        [("type not defined", "note")],
        [],
        [],
    ]
    assert [cells.size for cells in rows] == ["3", "3", "5", "0"]
    assert (rows[2].payload, rows[3].payload) == ("Hello", "no code")
    assert rows[3].remark == "hixie-76 knows no close codes"


def test_opcodes_have_the_numbers_of_their_draft(speaking: Speaking) -> None:
    recording = speaking("hybi-02")
    recording.wire(IN, bytes.fromhex("06024869" + "840348656c" + "00026c6f"))
    texts = texts_of(recording)
    rows = [row(texts, number) for number in range(1, 4)]
    assert [cells.type for cells in rows] == ["0x6", "Text", "Cont."]
    assert labels(rows[0]) == [("reserved opcode", "note")]
    assert labels(rows[1]) == [("not final", "muted"), ("1 of 2", "muted")]
    whole = row(texts_of(recording, Mode.MESSAGES), 2)
    assert whole.payload == "Hello"


def test_the_fourth_reserved_bit(speaking: Speaking) -> None:
    recording = speaking("hybi-05")
    recording.wire(IN, bytes.fromhex("848548656c6c6f"))
    assert labels(row(texts_of(recording), 1)) == [("RSV4", "note")]


@pytest.mark.parametrize(
    ("dialect", "body", "text", "remark"),
    [
        ("hybi-05", b"S", "S", "the server's mark"),
        ("hybi-05", b"C", "C", "the client's mark, not confirmed against the draft's text"),
        ("hybi-03", b"bye", "bye", "hybi-03 knows no close codes"),
        ("hybi-04", b"", "no code", "hybi-04 knows no close codes"),
        ("hybi-06", b"\x03\xecno", "1004 too large", "“no”"),
        ("rfc6455", b"\x03\xec", "1004 reserved", ""),
        ("rfc6455", b"\x03", "03", ""),
        ("hybi-07", b"", "no code", ""),
    ],
)
def test_what_closes(speaking: Speaking, dialect: str, body: bytes, text: str, remark: str) -> None:
    recording = speaking(dialect)
    recording.received(CLOSE, body)
    cells = row(texts_of(recording), 1)
    assert (cells.payload, cells.remark) == (text, remark)
    reading = recording.reading()
    payload = read_payload(reading, Inflation(reading), array("Q", (1,)), 1 << 20)
    assert payload is not None
    shown = content_of(payload, View.TEXT).text
    if remark and "“" not in remark:
        assert remark in shown
    if dialect == "hybi-06":
        assert shown.startswith("1004 too large\nA message was too large.")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("role", list(Role))
def test_payloads_both_ways(speaking: Speaking, name: str, role: Role) -> None:
    recording = speaking(name, role=role)
    said = ["Hello", "héllo €", "y" * 700]
    for text in said:
        recording.sent(TEXT, text.encode())
        recording.received(TEXT, text.encode())
    reading = recording.reading()
    inflation = Inflation(reading)
    every = [array("Q", (number,)) for number in range(1, 7)]
    assert as_text(reading, inflation, every).split("\n") == [text for text in said for _ in (1, 2)]
    assert as_hex(reading, inflation, every[:1]).startswith("0000  48 65 6c 6c  6f")
    for line in as_json(reading, every, SECOND).splitlines():
        found = json.loads(line)
        masked = recording.framing.abilities(recording.agreed).masked
        assert found["masked"] is (masked and found["dir"] == ("out" if role is Role.CLIENT else "in"))
        assert (found["key"] is not None) is found["masked"]
        assert (found["opcode"], found["findings"]) == (1, [])
    rows = rows_of(recording, Mode.FRAMES)
    search = WordSearch("llo", reading, rows.index, inflation)
    assert search.step(6) == bytes((1, 1, 1, 1, 0, 0))
    facts = reading.facts(3)
    assert facts is not None
    assert reading.payload(facts, 2, 3) == "héllo €".encode()[2:5]


def test_a_frame_ends_with_its_last_byte(speaking: Speaking) -> None:
    recording = speaking("hixie-75")
    recording.received(TEXT, b"one")
    recording.received(TEXT, b"two")
    reading = recording.reading()
    first, second = reading.facts(1), reading.facts(2)
    assert first is not None
    assert second is not None
    assert (first.payload_end, first.end, second.offset) == (4, 5, 5)
    assert reading.wire(first, 99) == b"\x00one\xff"
    source = recording.source()
    assert source.reader.frame_bytes(source.attempt_id, 1) == b"\x00one\xff"


def test_a_frame_still_arriving_tells_no_length(speaking: Speaking) -> None:
    recording = speaking("hixie-76")
    recording.wire(IN, b"\x00Hel")
    tail = TailTexts(texts_of(recording))
    view = PendingView(False, 0, 1, 0x81, 3, 3, 0, 2 * SECOND, FLAG_SENTINEL)
    cells = tail.pending(view)
    assert (cells.type, cells.size, cells.payload, cells.remark) == ("Text", "", "Hel", "3 bytes so far")
    facts = tail.pending_facts(view)
    assert (facts.length, facts.end) == (3, 4)


def test_an_end_without_a_closing_frame_where_there_is_none(speaking: Speaking) -> None:
    recording = speaking("hixie-75")
    recording.received(TEXT, b"one")
    texts = texts_of(recording)
    assert texts.snapshot is not None
    end = End(EndKind.FIN, EndedBy.PEER, True, 1005, "", None, None, 0.0, 1.0, 2 * SECOND)
    texts.snapshot = replace(texts.snapshot, end=end)
    assert TailTexts(texts).end().payload == "TCP FIN from the peer, hixie-75 has no closing frame"


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("hybi-03", "open for 1.0 s, the last 1.0 s without a byte"),
        ("hybi-04", "open for 1.0 s, the last 1.0 s without a byte"),
        ("hybi-06", "open for 1.0 s, the last 1.0 s without a byte"),
        ("hybi-11", "open for 1.0 s, the last 1.0 s without a byte, reported as 1006"),
        ("rfc6455", "open for 1.0 s, the last 1.0 s without a byte, reported as 1006 · §7.1.5"),
    ],
)
def test_a_cut_is_reported_with_a_code_only_where_the_dialect_has_it(
    speaking: Speaking, name: str, remark: str
) -> None:
    recording = speaking(name)
    recording.received(TEXT, b"one")
    texts = texts_of(recording)
    assert texts.snapshot is not None
    end = End(EndKind.FIN, EndedBy.PEER, False, 1006, "", None, None, 1.0, 1.0, 2 * SECOND)
    texts.snapshot = replace(texts.snapshot, end=end)
    assert TailTexts(texts).end().remark == remark


def test_each_frame_deflated_for_itself(speaking: Speaking) -> None:
    recording = speaking("hybi-11", deflate=DeflateParameters(), per_frame=True)
    deflater = Deflater()
    recording.received(TEXT, b"plain ", fin=False)
    recording.received(PING, b"between")
    recording.received(0, deflater.deflate(b"deflated "), fin=False, rsv=4)
    recording.received(0, deflater.deflate(b"deflated again"), rsv=4)
    recording.received(TEXT, deflater.deflate(b"deflated once more"), rsv=4)
    reading = recording.reading()
    inflation = Inflation(reading)
    facts = [reading.facts(number) for number in range(1, 6)]
    assert [one.anomalies for one in facts if one is not None] == [0, 0, 0, 0, 0]
    whole = read_payload(reading, inflation, array("Q", (1, 3, 4)), 1 << 20)
    assert whole is not None
    assert (whole.data, whole.total, whole.fault) == (b"plain deflated deflated again", 29, None)
    last = read_payload(reading, inflation, array("Q", (5,)), 1 << 20)
    assert last is not None
    assert last.data == b"deflated once more"
    texts = texts_of(recording)
    assert [label.text for label in row(texts, 3).labels] == ["not final", "2 of 3", "deflate"]


@pytest.mark.parametrize("per_frame", [True, False])
def test_the_row_of_a_fragmented_message_shows_what_all_its_frames_say(
    speaking: Speaking, per_frame: bool
) -> None:
    recording = speaking("hybi-11", deflate=DeflateParameters(), per_frame=per_frame)
    deflater = Deflater()
    parts = [deflater.deflate(text) for text in (b"one ", b"two ", b"three")]
    if not per_frame:
        whole = Deflater().deflate(b"one two three")
        parts = [whole[:6], whole[6:9], whole[9:]]
    for at, part in enumerate(parts):
        rsv = 4 if per_frame or not at else 0
        recording.received(0 if at else TEXT, part, fin=at == 2, rsv=rsv)
    texts = texts_of(recording, Mode.MESSAGES)
    assert row(texts, 1).payload == "…"
    assert texts.wanted == {3: (int(IN), 1)}
    texts._inflation.reach(IN, 3, 1)
    cells = row(texts, 1)
    assert (cells.payload, cells.settled) == ("one two three", True)


def test_answers_that_are_due_are_those_of_the_dialect(speaking: Speaking) -> None:
    for dialect, body, due in (("hybi-05", b"S", b"C"), ("hybi-03", b"bye", b"bye"), ("hixie-76", b"", b"")):
        recording = speaking(dialect)
        recording.received(CLOSE, body)
        rows = rows_of(recording, Mode.FRAMES)
        assert due_answers(rows.index, recording.reading()) == (Due(8, due, 1),)


wires = st.lists(st.tuples(st.sampled_from((IN, OUT)), st.binary(min_size=1, max_size=50)), max_size=6)


@given(wires, st.sampled_from(NAMES), st.sampled_from(Role), st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_raises_on_any_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    came: list[tuple[object, bytes]],
    name: str,
    role: Role,
    deflated: bool,
) -> None:
    recording = Recording(tmp_path_factory.mktemp("any") / "one.wsi", role=role)
    try:
        for direction, data in came:
            recording.wire(direction, data)  # type: ignore[arg-type]
        deflate = DeflateParameters() if deflated else None
        agreed = Agreed(deflate, name, deflated and bool(len(came) % 2), KEY)
        plain = recording.source()
        source = DecodedSource(plain.reader, plain.attempt_id, Decoding(agreed, role, {IN: 0, OUT: 0}))
        while source.catch_up(9):
            pass
        reading = FrameReading(source, agreed, role)
        inflation = Inflation(reading)
        for mode in Mode:
            index = FrameIndex(source)
            while index.grow(source.frames):
                pass
            texts = RowTexts(reading, LogRows(index, mode), inflation)
            texts.snapshot = source.shown(
                AttemptSnapshot(1, 1, plain.attempt_id, Phase.OPEN, "ws://a/", 0, 0, b"", role=role)
            )
            for number in range(1, source.frames + 1):
                assert row(texts, number).number == str(number)
                members = index.members_of(index.head_of(number))
                payload = read_payload(reading, inflation, members, 1 << 20)
                assert payload is not None
                content_of(payload, first_view(payload))
            for view in source.pending:
                assert TailTexts(texts).pending(view).kind.value == "pending"
            search = WordSearch("a", reading, index, inflation)
            while search.step(source.frames):
                pass
            assert search.done == source.frames
        every = [array("Q", (number,)) for number in range(1, source.frames + 1)]
        assert len(as_json(reading, every, 0).splitlines()) == source.frames
        due_answers(FrameIndex(source), reading)
    finally:
        recording.close()


def test_binary_of_hixie_is_told_to_be_skipped(speaking: Speaking) -> None:
    recording = speaking("hixie-76")
    recording.received(BINARY, b"abc")
    cells = row(texts_of(recording), 1)
    assert (cells.type, cells.payload) == ("0x80", "61 62 63")
