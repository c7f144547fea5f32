"""The scanner against literal bytes, and against itself with the bytes cut anywhere."""

import sys
from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.wires import (
    DEFLATE,
    anomalies_of,
    cut,
    new_scanner,
    payloads,
    scan_pieces,
    wires,
)
from wsinspector.protocol.anomalies import FrameAnomaly as A
from wsinspector.protocol.columns import (
    FLAG_COMPRESSED,
    FLAG_ENDS_MESSAGE,
    FLAG_MASKED,
    FLAG_OUT,
    FLAG_STARTS_MESSAGE,
)
from wsinspector.protocol.deflate import DeflateParameters, Deflater
from wsinspector.protocol.frames import encode_frame
from wsinspector.protocol.scanner import Agreed, Numbering, Rfc6455Scanner
from wsinspector.protocol.spans import Direction, Role

WHOLE = FLAG_STARTS_MESSAGE | FLAG_ENDS_MESSAGE
KEY = bytes.fromhex("37fa213d")


# -- literal bytes


def test_section_5_7_unmasked_text() -> None:
    scanner = new_scanner(start=100)
    scanner.feed(bytes.fromhex("810548656c6c6f"), 7)
    assert [list(column) for column in astuple(scanner.take())] == [
        [100],
        [2],
        [5],
        [0x81],
        [WHOLE],
        [7],
        [1],
        [0],
    ]
    assert len(scanner.take()) == 0
    assert scanner.pending is None
    assert scanner.drain() == []


def test_section_5_7_masked_text() -> None:
    columns, _ = scan_pieces([bytes.fromhex("818537fa213d7f9f4d5158")], Role.CLIENT)
    assert columns == [[0], [6], [5], [0x81], [WHOLE | FLAG_MASKED], [0], [1], [0]]


def test_section_5_7_fragments_with_a_ping_between() -> None:
    wire = bytes.fromhex("010348656c 890548656c6c6f 80026c6f")
    columns, seen = scan_pieces([wire], Role.SERVER)
    assert columns[4] == [FLAG_STARTS_MESSAGE, 0, FLAG_ENDS_MESSAGE]
    assert columns[6] == [1, 0, 1]
    assert columns[7] == [0, 0, 0]
    assert [(one.number, one.opcode, one.payload) for one in seen] == [(2, 9, b"Hello")]


@pytest.mark.parametrize(("head", "size"), [("827e0100", 256), ("827f0000000000010000", 65536)])
def test_section_5_7_longer_lengths(head: str, size: int) -> None:
    columns, _ = scan_pieces([bytes.fromhex(head) + bytes(size)] * 2, Role.SERVER)
    assert columns[0] == [0, len(head) // 2 + size]
    assert columns[1] == [len(head) // 2] * 2
    assert columns[2] == [size] * 2
    assert columns[7] == [0, 0]


def test_rfc_7692_section_7_2_3_vectors() -> None:
    wire = bytes.fromhex(
        "c107f248cdc9c90700"  # Hello
        "4103f248cd8004c9c90700"  # Hello in two fragments
        "c105f200110000"  # Hello again, by takeover
        "c10b000500faff48656c6c6f00"  # a block without compression
        "c108f348cdc9c9070000"  # a block with BFINAL
        "c10df24805000000ffffcac9c90700"  # two blocks
        "c10100"  # an empty message
        "c105f200110000"  # the window outlives BFINAL
        "810548656c6c6f"  # not compressed
    )
    scanner = new_scanner(agreed=DEFLATE, message_events=True)
    scanner.feed(wire, 0)
    columns = scanner.take()
    assert list(columns.anomalies) == [0] * 10
    assert [bool(flags & FLAG_COMPRESSED) for flags in columns.flags] == [True] * 9 + [False]
    payloads = [one.message_payload for one in scanner.drain()]
    assert payloads == [b"Hello"] * 6 + [b"", b"Hello", b"Hello"]


# -- one rule each


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("8300", A.RESERVED_OPCODE),
        ("8b00", A.RESERVED_OPCODE),
        ("c10161", A.RSV1),
        ("a10161", A.RSV2),
        ("910161", A.RSV3),
        ("f200", A.RSV1 | A.RSV2 | A.RSV3),
        ("8180 00000001", A.MASKED),
        ("817e000161", A.LENGTH_NOT_MINIMAL),
        ("827f00000000000000 0161", A.LENGTH_NOT_MINIMAL),
        ("0900", A.CONTROL_FRAGMENTED),
        ("897e007e" + "00" * 126, A.CONTROL_TOO_LONG),
        ("897e000100", A.LENGTH_NOT_MINIMAL),
        ("8000", A.STRAY_CONTINUATION),
        ("880103", A.CLOSE_BODY_ONE_BYTE),
        ("880203e7", A.CLOSE_CODE_FORBIDDEN),
        ("880203ed", A.CLOSE_CODE_FORBIDDEN),
        ("880203f2", A.CLOSE_CODE_FORBIDDEN),  # 1010 is the client's
        ("880303e8ff", A.CLOSE_REASON_NOT_UTF8),
        ("880303e8c3", A.CLOSE_REASON_NOT_UTF8),
        ("8801ff", A.CLOSE_BODY_ONE_BYTE),
        ("8800", A.NONE),
        ("880203e8", A.NONE),
        ("88020fa0", A.NONE),
        ("8101ff", A.BAD_UTF8),
        ("8103eda080", A.BAD_UTF8),
        ("8102e282", A.BAD_UTF8),
        ("8103e282ac", A.NONE),
        ("8201ff", A.NONE),
        ("8700", A.RESERVED_OPCODE),
    ],
)
def test_what_one_frame_of_a_server_breaks(wire: str, expected: A) -> None:
    assert anomalies_of(bytes.fromhex(wire)) == [expected]


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ("810161", [A.UNMASKED]),
        ("818000000000", [A.ZERO_MASKING_KEY]),
        ("8180010203048180010203048180 01020305", [A.NONE, A.REPEATED_MASKING_KEY, A.NONE]),
        ("8980010203048180010203048900", [A.NONE, A.REPEATED_MASKING_KEY, A.UNMASKED]),
        ("818001020304890081800102 0304", [A.NONE, A.UNMASKED, A.NONE]),
        ("8882 00000001 03f3", [A.NONE]),
    ],
)
def test_what_a_clients_masking_breaks(wire: str, expected: list[A]) -> None:
    assert anomalies_of(bytes.fromhex(wire), Role.CLIENT) == expected


def test_section_5_4_interleaved_whole_message_leaves_the_outer_one_open() -> None:
    wire = bytes.fromhex("010161 820162 800163 800164")
    columns, _ = scan_pieces([wire], Role.SERVER)
    assert columns[7] == [0, A.INTERLEAVED_DATA, 0, A.STRAY_CONTINUATION]
    assert columns[6] == [1, 2, 1, 0]


def test_section_5_4_interleaved_fragment_takes_the_outer_ones_place() -> None:
    columns, _ = scan_pieces([bytes.fromhex("010161 020162 800163")], Role.SERVER)
    assert columns[7] == [0, A.INTERLEAVED_DATA, 0]
    assert columns[6] == [1, 2, 2]


def test_section_5_5_1_no_data_after_a_close_and_no_word_of_control_frames() -> None:
    wire = bytes.fromhex("8800 810161 8a00 8900 8800 820161")
    none = A.NONE
    assert anomalies_of(wire) == [none, A.AFTER_CLOSE, none, none, none, A.AFTER_CLOSE]


def test_section_8_1_the_frame_with_the_first_bad_byte_is_named_and_only_that() -> None:
    # E2 82 is well begun in the first fragment, FF ends it in the second.
    assert anomalies_of(bytes.fromhex("0102e282 0001ff 8001ff")) == [A.NONE, A.BAD_UTF8, A.NONE]
    # A character may be split over frames, also around a ping.
    assert anomalies_of(bytes.fromhex("0102e282 8900 8001ac")) == [A.NONE, A.NONE, A.NONE]
    # A message must not end inside one.
    assert anomalies_of(bytes.fromhex("0102e282 8000")) == [A.NONE, A.BAD_UTF8]


def test_a_text_of_unknown_meaning_is_not_called_bad_utf8() -> None:
    assert anomalies_of(bytes.fromhex("c101ff")) == [A.RSV1]
    assert anomalies_of(bytes.fromhex("e101ff 8101ff"), agreed=DEFLATE) == [A.RSV2, A.BAD_UTF8]


def test_rfc_7692_section_6_1_rsv1_only_on_the_first_frame_of_data() -> None:
    wire = bytes.fromhex("4103f248cd c004c9c90700 c900 c700")
    assert anomalies_of(wire, agreed=DEFLATE) == [A.NONE, A.RSV1, A.RSV1, A.RSV1 | A.RESERVED_OPCODE]


def test_rfc_7692_section_6_2_inflate_failure() -> None:
    wire = bytes.fromhex("c202ffff c20100 c107f248cdc9c90700")
    without = Agreed(DeflateParameters(server_no_context_takeover=True))
    assert anomalies_of(wire, agreed=without) == [A.INFLATE_FAILED, A.NONE, A.NONE]
    # With takeover the window is gone: later messages cannot be judged and are not accused.
    assert anomalies_of(wire, agreed=DEFLATE) == [A.INFLATE_FAILED, A.NONE, A.NONE]


def test_inflating_stops_at_the_limit_set_here() -> None:
    bomb = bytes.fromhex("c202") + bytes.fromhex("0300")  # an empty final block
    assert anomalies_of(bomb, agreed=DEFLATE, inflate_limit=4) == [A.NONE]
    hello = bytes.fromhex("c107f248cdc9c90700")
    assert anomalies_of(hello, agreed=DEFLATE, inflate_limit=4) == [A.INFLATE_LIMIT]
    assert anomalies_of(hello, agreed=DEFLATE, inflate_limit=5) == [A.NONE]
    assert anomalies_of(hello, agreed=DEFLATE, max_message=4) == [A.TOO_BIG]


def test_a_message_beyond_the_limit_is_told_by_its_header() -> None:
    scanner = new_scanner(max_message=3)
    scanner.feed(bytes.fromhex("8203000000 020200 00 0001"), 0)
    assert list(scanner.take().anomalies) == [A.NONE, A.NONE]
    scanner.feed(bytes.fromhex("00 8001"), 0)
    assert list(scanner.take().anomalies) == [A.NONE]
    (told,) = scanner.drain()
    assert (told.complete, told.anomalies, told.offset) == (False, A.TOO_BIG, 12)
    assert anomalies_of(bytes.fromhex("810461616161"), max_message=3) == [A.TOO_BIG]


# -- frames still arriving


def test_a_bad_byte_is_told_while_its_frame_is_still_arriving() -> None:
    scanner = new_scanner()
    scanner.feed(bytes.fromhex("817f0000000100000000") + b"abc", 5)
    assert scanner.drain() == []
    scanner.feed(b"d\xc0", 6)
    (told,) = scanner.drain()
    assert (told.complete, told.number, told.anomalies, told.bad_at) == (False, 0, A.BAD_UTF8, 4)
    scanner.feed(b"\xc0", 7)
    assert scanner.drain() == []
    pending = scanner.pending
    assert pending is not None
    assert (pending.length, pending.have, pending.header_len) == (1 << 32, 6, 10)
    assert (pending.anomalies, pending.bad_at, pending.began_at) == (A.BAD_UTF8, 4, 5)
    assert (pending.offset, pending.first, pending.message, pending.endless) == (0, 0x81, 1, False)


def test_section_5_2_a_length_with_the_top_bit_takes_the_rest_of_the_stream() -> None:
    scanner = new_scanner()
    scanner.feed(bytes.fromhex("810161 827f8000000000000000 8101"), 0)
    (told,) = scanner.drain()
    assert (told.complete, told.anomalies) == (False, A.LENGTH_TOP_BIT)
    scanner.feed(bytes.fromhex("810161") * 100, 1)
    assert scanner.drain() == []
    pending = scanner.pending
    assert pending is not None
    assert (pending.endless, pending.have, pending.length) == (True, 302, 1 << 63)
    scanner.end(9)
    columns = scanner.take()
    assert list(columns.length) == [1, 1 << 63]
    assert list(columns.anomalies) == [0, A.LENGTH_TOP_BIT | A.TRUNCATED]
    assert list(columns.time) == [0, 9]


@pytest.mark.parametrize("head", ["82", "827f", "827f0000", "827f00000000000000"])
def test_half_a_header_is_pending_and_then_truncated(head: str) -> None:
    scanner = new_scanner()
    scanner.feed(bytes.fromhex(head), 3)
    pending = scanner.pending
    assert pending is not None
    assert (pending.header, pending.header_len, pending.first) == (bytes.fromhex(head), 0, 0x82)
    scanner.end(4)
    columns = scanner.take()
    assert (list(columns.header), list(columns.length)) == ([len(head) // 2], [0])
    assert list(columns.anomalies) == [A.TRUNCATED]
    assert scanner.pending is None


def test_a_huge_payload_is_not_held() -> None:
    scanner = new_scanner()
    scanner.feed(bytes.fromhex("827f0000000100000000"), 0)
    block = bytes(1 << 20)
    before = sys.getallocatedblocks()
    for _ in range(1 << 12):
        scanner.feed(block, 0)
    assert sys.getallocatedblocks() - before < 100
    assert list(scanner.take().length) == [1 << 32]


def test_a_huge_control_payload_is_kept_to_125_bytes() -> None:
    scanner = new_scanner()
    scanner.feed(bytes.fromhex("897f0000000000100000") + bytes(1 << 20), 0)
    (told,) = scanner.drain()
    assert (told.payload, told.length) == (bytes(125), 1 << 20)


# -- numbers and events


def test_both_directions_share_their_numbers() -> None:
    numbering = Numbering()
    inward = new_scanner(numbering=numbering)
    outward = Rfc6455Scanner(Direction.OUT, Role.CLIENT, numbering=numbering)
    inward.feed(bytes.fromhex("810161 810162"), 0)
    outward.feed(encode_frame(1, b"c", key=KEY) + encode_frame(9, b"p", key=b"1234"), 0)
    inward.feed(bytes.fromhex("810164 8a0170"), 0)
    assert list(inward.take().message) == [1, 2, 4, 0]
    columns = outward.take()
    assert list(columns.message) == [3, 0]
    assert [flags & FLAG_OUT for flags in columns.flags] == [FLAG_OUT, FLAG_OUT]
    assert [one.number for one in outward.drain()] == [4]
    assert [one.number for one in inward.drain()] == [6]
    assert numbering == Numbering(messages=4, frames=6)


@pytest.mark.parametrize("sender", [Role.SERVER, Role.CLIENT])
def test_a_run_of_more_messages_than_sixteen_bits_count(sender: Role) -> None:
    keys = (bytes.fromhex("00000001"), bytes.fromhex("00000002")) if sender is Role.CLIENT else (None, None)
    pair = encode_frame(2, b"", key=keys[0]) + encode_frame(2, b"four", key=keys[1])
    header = 6 if sender is Role.CLIENT else 2
    scanner = new_scanner(sender=sender, numbering=Numbering(messages=65_530, frames=65_530), start=9)
    scanner.feed(pair * 70_000, 0)
    columns = scanner.take()
    assert columns.message.tolist() == list(range(65_531, 205_531))
    assert columns.length.tolist() == [0, 4] * 70_000
    even = range(9, 9 + 70_000 * len(pair), len(pair))
    assert columns.offset.tolist() == [at for start in even for at in (start, start + header)]


def test_whole_messages_are_told_where_asked_for() -> None:
    scanner = new_scanner(Role.CLIENT, message_events=True)
    wire = [
        encode_frame(1, b"Hel", fin=False, key=KEY),
        encode_frame(9, b"", key=b"1234"),
        encode_frame(0, b"lo", key=b"abcd"),
        encode_frame(2, b"", key=b"efgh"),
        encode_frame(1, b"\xff", key=b"ijkl"),
    ]
    scanner.feed(b"".join(wire), 0)
    told = [(one.message_end, one.message_opcode, one.message_payload) for one in scanner.drain()]
    # Of a message at fault too, though it is no whole message: whoever looks for it wants what it holds.
    assert told == [(False, 0, b""), (True, 1, b"Hello"), (True, 2, b""), (False, 1, b"\xff")]


def test_section_7_1_7_after_a_fault_nothing_counts_as_a_message_where_asked_for() -> None:
    wire = bytes.fromhex("810161 8300 810162 0101ff")
    columns, _ = scan_pieces([wire], Role.SERVER, stop_at_fault=True)
    assert columns[6] == [1, 2, 0, 0]
    assert columns[4] == [WHOLE, FLAG_STARTS_MESSAGE, 0, 0]
    assert columns[7] == [0, A.RESERVED_OPCODE, 0, 0]


def test_a_checkpoint_stands_in_for_all_that_came_before() -> None:
    first = new_scanner(agreed=DEFLATE)
    assert first.checkpoint() == b""
    first.feed(bytes.fromhex("c107f248cdc9c90700 4103"), 0)
    assert first.checkpoint() is None
    first.feed(bytes.fromhex("f248cd 8004c9c90700"), 0)
    window = first.checkpoint()
    assert window == b"HelloHello"
    second = new_scanner(agreed=DEFLATE, inflater_window=window, message_events=True)
    second.feed(bytes.fromhex("c105f200110000"), 0)
    assert [one.message_payload for one in second.drain()] == [b"Hello"]
    assert new_scanner().checkpoint() is None


# -- any bytes, cut anywhere


@given(
    wire=wires(),
    cuts=st.lists(st.integers(0, 3000), max_size=12),
    sender=st.sampled_from(Role),
    deflate=st.booleans(),
    limit=st.sampled_from([None, None, 0, 5, 130]),
    stop=st.booleans(),
    events=st.booleans(),
)
def test_cuts_change_nothing(
    wire: bytes,
    cuts: list[int],
    sender: Role,
    deflate: bool,
    limit: int | None,
    stop: bool,
    events: bool,
) -> None:
    options: dict[str, Any] = {
        "agreed": DEFLATE if deflate else Agreed(),
        "max_message": limit,
        "stop_at_fault": stop,
        "message_events": events,
    }
    whole = scan_pieces([wire], sender, **options)
    assert scan_pieces(cut(wire, cuts), sender, **options) == whole
    assert scan_pieces(cut(wire, range(len(wire))), sender, **options) == whole
    columns = whole[0]
    for offset, header, length, after, found in zip(
        columns[0], columns[1], columns[2], [*columns[0], len(wire)][1:], columns[7], strict=True
    ):
        assert found & A.TRUNCATED or offset + header + length == after


@given(st.binary(max_size=200), st.sampled_from(Role))
def test_events_and_fast_road_agree(wire: bytes, sender: Role) -> None:
    """Asking for messages takes every frame over the slow road; the columns must be the same."""
    for bytes_ in (wire, encode_frame(1, wire) + encode_frame(2, wire, key=b"abcd") + wire):
        fast, _ = scan_pieces([bytes_], sender)
        slow, _ = scan_pieces([bytes_], sender, message_events=True)
        assert fast == slow


@given(
    st.lists(
        st.tuples(st.integers(0, 15), payloads(), st.booleans(), st.integers(0, 7), st.none() | st.just(KEY)),
        max_size=10,
    ),
    st.sampled_from(Role),
)
def test_crafted_frames_scan_back(
    parts: list[tuple[int, bytes, bool, int, bytes | None]], sender: Role
) -> None:
    made = [encode_frame(op, data, fin=fin, rsv=rsv, key=key) for op, data, fin, rsv, key in parts]
    columns, _ = scan_pieces([b"".join(made)], sender)
    assert columns[3] == [wire[0] for wire in made]
    assert columns[2] == [len(data) for _, data, _, _, _ in parts]
    assert [bool(flags & FLAG_MASKED) for flags in columns[4]] == [key is not None for *_, key in parts]
    assert [h + n for h, n in zip(columns[1], columns[2], strict=True)] == [len(wire) for wire in made]


def test_a_message_beyond_the_limit_is_not_kept_for_its_event() -> None:
    scanner = new_scanner(message_events=True, inflate_limit=4)
    scanner.feed(bytes.fromhex("820461626364 82056162636465 0203616263 80026465"), 0)
    assert [one.message_payload for one in scanner.drain()] == [b"abcd"]


def test_counting_can_be_stopped_from_outside() -> None:
    scanner = new_scanner()
    scanner.feed(bytes.fromhex("810161"), 0)
    scanner.stop_counting()
    scanner.feed(bytes.fromhex("810162 8101ff"), 0)
    columns = scanner.take()
    assert (list(columns.message), list(columns.anomalies)) == ([1, 0, 0], [0, 0, 0])


@given(
    texts=st.lists(st.text(max_size=60).map(lambda text: text.encode() * 3), min_size=1, max_size=4),
    damage=st.lists(st.tuples(st.integers(0, 200), st.integers(1, 255)), max_size=2),
    parts=st.integers(1, 4),
    cuts=st.lists(st.integers(0, 400), max_size=8),
    takeover=st.booleans(),
    limit=st.sampled_from([None, 20]),
    masked=st.booleans(),
)
def test_damaged_compressed_messages_cut_anywhere(
    texts: list[bytes],
    damage: list[tuple[int, int]],
    parts: int,
    cuts: list[int],
    takeover: bool,
    limit: int | None,
    masked: bool,
) -> None:
    agreed = Agreed(DeflateParameters(server_no_context_takeover=not takeover))
    deflater = Deflater(takeover=takeover)
    key = KEY if masked else None
    wire = b""
    for text in texts:
        data = bytearray(deflater.deflate(text))
        for at, change in damage:
            data[at % len(data)] ^= change
        step = len(data) // parts + 1
        pieces = [bytes(data[at : at + step]) for at in range(0, len(data), step)]
        for turn, piece in enumerate(pieces):
            rsv, opcode = (0, 0) if turn else (4, 1)
            wire += encode_frame(opcode, piece, fin=turn == len(pieces) - 1, rsv=rsv, key=key)
    whole, _ = scan_pieces([wire], Role.SERVER, agreed=agreed, max_message=limit)
    for pieces in (cut(wire, cuts), cut(wire, range(len(wire)))):
        columns, _ = scan_pieces(pieces, Role.SERVER, agreed=agreed, max_message=limit)
        assert columns == whole
    if not damage and limit is None:
        assert not any(found & ~(A.MASKED | A.REPEATED_MASKING_KEY) for found in whole[7])
