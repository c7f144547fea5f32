"""The frames of every dialect, from bytes known to be right and from bytes of any kind."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.layouts import (
    CONNECTION_KEY,
    DIALECTS,
    KEY,
    agreed_in,
    cut,
    dialects,
    framing_of,
    payloads,
    roles,
    rows,
    scan,
    write,
)
from wsinspector.protocol.anomalies import FrameAnomaly as A
from wsinspector.protocol.columns import (
    FLAG_ENDS_MESSAGE,
    FLAG_MASKED,
    FLAG_SENTINEL,
    FLAG_STARTS_MESSAGE,
)
from wsinspector.protocol.dialects import DIALECTS as ROWS
from wsinspector.protocol.frame_facts import FRAME_FACTS, CloseStyle, may_send_in
from wsinspector.protocol.framings import FRAMINGS
from wsinspector.protocol.framings.draft_numbers import DRAFT_OF_RFC, RFC_OF_DRAFT
from wsinspector.protocol.framings.sentinel import base128
from wsinspector.protocol.opcodes import BINARY, CLOSE, CONTINUATION, OPCODES, PING, PONG, TEXT
from wsinspector.protocol.spans import Direction, Role

CLIENT, SERVER = Role.CLIENT, Role.SERVER
M = ["hybi-01", "hybi-02", "hybi-03"]
R = ["hybi-07", "hybi-08", "hybi-11", "rfc6455"]

# Dialect, sender, bytes of one frame, its opcode by RFC 6455, FIN, its payload.
VECTORS = [
    *(
        (one, role, "0048656c6c6fff", TEXT, True, b"Hello")
        for one in ("hixie-75", "hixie-76")
        for role in Role
    ),
    *(("hixie-76", role, "ff00", CLOSE, True, b"") for role in Role),
    *((one, role, "040548656c6c6f", TEXT, True, b"Hello") for one in M for role in Role),
    *((one, role, "840348656c", TEXT, False, b"Hel") for one in M for role in Role),
    *((one, role, "020548656c6c6f", PING, True, b"Hello") for one in M for role in Role),
    *((one, role, "030548656c6c6f", PONG, True, b"Hello") for one in M for role in Role),
    *((one, role, "0100", CLOSE, True, b"") for one in M for role in Role),
    *((one, SERVER, "840548656c6c6f", TEXT, True, b"Hello") for one in ("hybi-04", "hybi-05", "hybi-06")),
    ("hybi-04", CLIENT, "37fa213d06457dc9392a52", TEXT, True, b"Hello"),
    ("hybi-05", CLIENT, "37fa213db3ff69585b964e", TEXT, True, b"Hello"),
    ("hybi-06", CLIENT, "37fa213db3ff69585b964e", TEXT, True, b"Hello"),
    ("hybi-05", CLIENT, "00000100840549656c6c6e", TEXT, True, b"Hello"),
    ("hybi-05", CLIENT, "37fa213db6fb62", CLOSE, True, b"C"),
    ("hybi-05", SERVER, "810153", CLOSE, True, b"S"),
    ("hybi-06", CLIENT, "37fa213db6f822d5", CLOSE, True, b"\x03\xe8"),
    ("hybi-06", SERVER, "810203e8", CLOSE, True, b"\x03\xe8"),
    *((one, CLIENT, "818537fa213d7f9f4d5158", TEXT, True, b"Hello") for one in R),
    *((one, SERVER, "810548656c6c6f", TEXT, True, b"Hello") for one in R),
    *((one, SERVER, "010348656c", TEXT, False, b"Hel") for one in R),
    *((one, SERVER, "890548656c6c6f", PING, True, b"Hello") for one in R),
    *((one, CLIENT, "8a8537fa213d7f9f4d5158", PONG, True, b"Hello") for one in R),
    *((one, CLIENT, "888237fa213d3412", CLOSE, True, b"\x03\xe8") for one in R),
    *((one, SERVER, "827e0100" + "61" * 256, BINARY, True, b"a" * 256) for one in R),
]


@pytest.mark.parametrize(("dialect", "sender", "wire", "opcode", "fin", "payload"), VECTORS)
def test_a_known_frame_is_read_and_written(
    dialect: str, sender: Role, wire: str, opcode: int, fin: bool, payload: bytes
) -> None:
    data = bytes.fromhex(wire)
    columns, _ = scan([data], dialect, sender)
    assert list(columns.first) == [(0x80 if fin else 0) | opcode]
    assert list(columns.anomalies) == [0]
    assert payloads(data, columns, dialect, sender) == [payload]
    whole = columns.header[0] + columns.length[0] + bool(columns.flags[0] & FLAG_SENTINEL)
    assert whole == len(data)
    key = bytes.fromhex("00000100") if wire.startswith("00000100") else KEY
    assert (
        write(dialect, opcode, payload, sender, fin=fin, **({"key": key} if sender is CLIENT else {})) == data
    )


@pytest.mark.parametrize(("dialect", "sender", "wire", "opcode", "fin", "payload"), VECTORS)
def test_a_known_frame_is_the_same_cut_at_every_byte(
    dialect: str, sender: Role, wire: str, opcode: int, fin: bool, payload: bytes
) -> None:
    data = bytes.fromhex(wire) * 2
    expected = rows(scan([data], dialect, sender)[0])
    for at in range(1, len(data)):
        assert rows(scan(cut(data, [at]), dialect, sender)[0]) == expected
    assert rows(scan([data[at : at + 1] for at in range(len(data))], dialect, sender)[0]) == expected


def test_fragments_of_hybi_03_make_one_message_around_a_ping() -> None:
    columns, seen = scan([bytes.fromhex("840348656c 0200 00026c6f")], "hybi-03", SERVER, message_events=True)
    assert list(columns.message) == [1, 0, 1]
    assert [flags & ~FLAG_MASKED for flags in columns.flags] == [FLAG_STARTS_MESSAGE, 0, FLAG_ENDS_MESSAGE]
    assert [one.message_payload for one in seen if one.message_end] == [b"Hello"]
    assert list(columns.anomalies) == [0, 0, 0]


def test_hybi_04_masks_with_the_connection_and_the_nonce() -> None:
    framing = framing_of("hybi-04")
    wire = bytes.fromhex("37fa213d06457dc9392a52")
    agreed = agreed_in("hybi-04")
    assert agreed.connection_key == CONNECTION_KEY
    assert framing.plain_header(wire[:6], sender=CLIENT, agreed=agreed) == bytes.fromhex("37fa213d8405")
    assert framing.plain_header(b"\x84\x05", sender=SERVER, agreed=agreed) == b"\x84\x05"
    long = write("hybi-04", BINARY, bytes(100), CLIENT)
    assert long[6:26] == long[26:46]  # the key has twenty bytes
    assert long[6:10] != long[10:14]


@pytest.mark.parametrize("dialect", ["hybi-04", "hybi-05"])
def test_a_mask_over_the_whole_frame_goes_on_after_a_long_header(dialect: str) -> None:
    for size in (125, 126, 65_536):
        payload = bytes(range(256)) * (size // 256) + bytes(size % 256)
        wire = write(dialect, BINARY, payload, CLIENT)
        columns, _ = scan(cut(wire, [1, 5, 7, 20]), dialect, CLIENT)
        assert list(columns.length) == [size]
        assert payloads(wire, columns, dialect, CLIENT) == [payload]


# -- the sentinel frames


@pytest.mark.parametrize(
    ("wire", "first", "header", "length", "found"),
    [
        ("05 4142 ff", 0x83, 1, 2, A.RESERVED_OPCODE),
        ("00ff", 0x81, 1, 0, A.NONE),
        ("80 03 ffffff", 0x82, 2, 3, A.RESERVED_OPCODE),
        ("80 8103" + "ff" * 131, 0x82, 3, 131, A.RESERVED_OPCODE),
        ("fe 00", 0x82, 2, 0, A.RESERVED_OPCODE),
        ("ff 02 4142", 0x82, 2, 2, A.RESERVED_OPCODE),
        ("ff 00", 0x88, 2, 0, A.NONE),
        ("ff 8000", 0x88, 3, 0, A.NONE),
        ("00 c3 ff", 0x81, 1, 1, A.BAD_UTF8),
        ("00 41", 0x81, 1, 1, A.TRUNCATED),
        ("80 81", 0x82, 2, 0, A.TRUNCATED),
        ("80 05 41", 0x82, 2, 5, A.RESERVED_OPCODE | A.TRUNCATED),
        ("80" + "ff" * 30, 0x82, 10, 1 << 63, A.RESERVED_OPCODE | A.LENGTH_TOP_BIT | A.TRUNCATED),
        ("80" + "80" * 8 + "01 41", 0x82, 10, 1, A.RESERVED_OPCODE),
    ],
)
def test_what_hixie_76_passes_over(wire: str, first: int, header: int, length: int, found: A) -> None:
    data = bytes.fromhex(wire)
    columns, seen = scan([data], "hixie-76", SERVER, message_events=True)
    row = rows(columns)[0]
    assert (row[3], row[1], row[2]) == (first, header, length)
    assert A(row[7]) == found
    assert bool(row[4] & FLAG_SENTINEL) == (first in (0x81, 0x83) and not found & A.TRUNCATED)
    assert not [one for one in seen if one.message_end and one.first != 0x81]
    for at in range(1, len(data)):
        assert rows(scan(cut(data, [at]), "hixie-76", SERVER)[0]) == rows(scan([data], "hixie-76", SERVER)[0])


def test_hixie_75_knows_no_closing_frame_but_one_is_read() -> None:
    columns, _ = scan([bytes.fromhex("ff00 0041ff")], "hixie-75", SERVER)
    assert list(columns.first) == [0x88, 0x81]
    assert list(columns.anomalies) == [A.RESERVED_OPCODE, 0]
    with pytest.raises(ValueError, match="hixie-75 has no frame for close"):
        write("hixie-75", CLOSE, b"", SERVER)


def test_a_text_without_end_is_not_held() -> None:
    framing = framing_of("hixie-76")
    scanner = framing.scanner(Direction.IN, SERVER, agreed=agreed_in("hixie-76"), max_message=1000)
    scanner.feed(b"\x00", 0)
    for _ in range(300):
        scanner.feed(b"a" * 1000, 0)
    pending = scanner.pending
    assert pending is not None
    assert (pending.length, pending.have, pending.header_len) == (300_000, 300_000, 1)
    assert pending.flags & FLAG_SENTINEL
    assert A.TOO_BIG in pending.anomalies
    assert [one.complete for one in scanner.drain()] == [False]


@given(st.integers(0, (1 << 63) - 1))
def test_a_length_in_groups_of_seven_bits_comes_back(length: int) -> None:
    columns, _ = scan([b"\x80" + base128(length)], "hixie-76", SERVER)
    assert list(columns.length) == [length]


# -- what cannot be written


@pytest.mark.parametrize(
    ("dialect", "opcode", "payload", "parts", "why"),
    [
        ("hixie-76", PING, b"", {}, "hixie-76 has no frame for ping"),
        ("hixie-76", CONTINUATION, b"", {}, "hixie-76 has no frame for continuation"),
        ("hixie-76", TEXT, b"", {"fin": False}, "no fragments"),
        ("hixie-76", TEXT, b"", {"rsv": 1}, "no reserved bits"),
        ("hixie-76", TEXT, b"a\xff", {}, "the byte FF ends the frame"),
        ("hixie-76", TEXT, b"a", {"declared": 2}, "tells no length"),
        ("hixie-76", CLOSE, b"x", {}, "holds no code"),
        ("hybi-03", 16, b"", {}, "an opcode has four bits"),
        ("hybi-03", TEXT, b"", {"rsv": 16}, "four bits"),
        ("hybi-03", TEXT, b"a" * 126, {"length_form": 7}, "does not fit"),
        ("hybi-05", TEXT, b"", {"key": b"abc"}, "four bytes"),
        ("hybi-05", TEXT, b"", {"length_form": 8}, "7, 16 or 64"),
        ("rfc6455", TEXT, b"", {"key": b"abc"}, "four bytes"),
    ],
)
def test_what_a_layout_cannot_hold_is_said(
    dialect: str, opcode: int, payload: bytes, parts: dict[str, object], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        write(dialect, opcode, payload, CLIENT, **parts)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_can_be_said_can_be_written(dialect: str) -> None:
    able = framing_of(dialect).abilities(agreed_in(dialect))
    assert able.ping == (not dialect.startswith("hixie"))
    assert able.close == (dialect != "hixie-75")
    assert able.close_codes == (FRAME_FACTS[dialect].close is CloseStyle.CODES)
    assert able.masked == (FRAME_FACTS[dialect].framing in ("whole", "rfc6455"))
    said = [TEXT, *([BINARY] if able.binary else []), *([PING, PONG] if able.ping else [])]
    for opcode in [*said, *([CLOSE] if able.close else [])]:
        columns, _ = scan([write(dialect, opcode, b"", CLIENT)], dialect, CLIENT)
        assert list(columns.first) == [0x80 | opcode]


def test_every_dialect_has_one_row_of_frame_facts() -> None:
    assert {facts.framing for facts in FRAME_FACTS.values()} == set(FRAMINGS)
    assert {row.name: row.framing_name for row in ROWS} == {
        name: facts.framing for name, facts in FRAME_FACTS.items()
    }
    for facts in FRAME_FACTS.values():
        assert facts.source
        assert not facts.faults & facts.noted


# -- what the drafts had, and what they had not


def test_the_numbers_of_the_drafts_are_all_told_apart() -> None:
    assert sorted(RFC_OF_DRAFT) == list(range(16))
    assert [DRAFT_OF_RFC[RFC_OF_DRAFT[number]] for number in range(16)] == list(range(16))
    assert [OPCODES[RFC_OF_DRAFT[number]].name for number in range(6)] == [
        "continuation",
        "close",
        "ping",
        "pong",
        "text",
        "binary",
    ]
    assert not any(OPCODES[RFC_OF_DRAFT[number]].defined for number in range(6, 16))


@pytest.mark.parametrize("dialect", [*M, "hybi-04", "hybi-05", "hybi-06"])
@pytest.mark.parametrize("sender", Role)
def test_rsv4_is_seen_and_written(dialect: str, sender: Role) -> None:
    wire = write(dialect, TEXT, b"Hello", sender, rsv=15)
    columns, _ = scan([wire], dialect, sender)
    assert list(columns.first) == [0xF1]
    assert A(columns.anomalies[0]) == A.RSV1 | A.RSV2 | A.RSV3 | A.RSV4
    assert list(columns.length) == [5]


@pytest.mark.parametrize(
    ("wire", "since"),
    [
        ("827e0001 41", {"rfc6455": A.LENGTH_NOT_MINIMAL}),
        ("8801 41", dict.fromkeys(R, A.CLOSE_BODY_ONE_BYTE)),
        ("8802 03ec", {"rfc6455": A.CLOSE_CODE_FORBIDDEN}),  # 1004 was too large, until it was reserved
        ("8802 03ed", dict.fromkeys(R, A.CLOSE_CODE_FORBIDDEN)),
        ("8802 03ef", {"hybi-07": A.CLOSE_CODE_FORBIDDEN}),  # 1007 came with draft 10
        ("8802 03f1", {"hybi-07": A.CLOSE_CODE_FORBIDDEN, "hybi-08": A.CLOSE_CODE_FORBIDDEN,
                       "hybi-11": A.CLOSE_CODE_FORBIDDEN}),
    ],
)  # fmt: skip
def test_a_rule_holds_since_it_was_written(wire: str, since: dict[str, A]) -> None:
    for dialect in R:
        columns, _ = scan([bytes.fromhex(wire)], dialect, SERVER)
        assert A(columns.anomalies[0]) == since.get(dialect, A.NONE), dialect


def test_a_code_of_before_may_be_sent_then() -> None:
    assert may_send_in("hybi-06", 1004, CLIENT)
    assert not may_send_in("rfc6455", 1004, CLIENT)
    assert may_send_in("hybi-07", 3000, SERVER)
    assert not may_send_in("hybi-05", 1000, SERVER)
    assert framing_of("hybi-06").close_code(b"\x03\xe8x", agreed=agreed_in("hybi-06")) == 1000
    assert framing_of("hybi-05").close_code(b"\x03\xe8", agreed=agreed_in("hybi-05")) is None


def test_a_marker_of_the_other_side_is_noted_and_no_more() -> None:
    columns, _ = scan([bytes.fromhex("810143")], "hybi-05", SERVER, stop_at_fault=True)
    assert list(columns.anomalies) == [A.CLOSE_MARKER]
    assert A.CLOSE_MARKER not in FRAME_FACTS["hybi-05"].faults


def test_control_frames_before_hybi_07_have_no_limit() -> None:
    body = bytes(range(256)) * 2
    wire = write("hybi-03", PING, body, SERVER)
    columns, seen = scan([wire[at : at + 1] for at in range(len(wire))], "hybi-03", SERVER)
    assert list(columns.anomalies) == [0]
    assert [one.payload for one in seen] == [body]
    held = scan([write("hybi-03", PING, bytes(1 << 17), SERVER)], "hybi-03", SERVER)[1]
    assert [len(one.payload) for one in held] == [1 << 16]


def test_the_keys_of_whole_frames_are_looked_at() -> None:
    zero = bytes(4)
    for dialect, of_zero in (
        ("hybi-04", A.NONE),
        ("hybi-05", A.ZERO_MASKING_KEY),
        ("hybi-06", A.ZERO_MASKING_KEY),
    ):
        wire = b"".join(write(dialect, TEXT, b"Hi", CLIENT, key=key) for key in (KEY, KEY, zero))
        columns, _ = scan([wire], dialect, CLIENT)
        assert [A(found) for found in columns.anomalies] == [A.NONE, A.REPEATED_MASKING_KEY, of_zero]


def test_a_reason_that_is_only_held_in_part_is_not_called_bad() -> None:
    body = b"\x03\xe8" + b"a" * 122 + "€".encode()
    columns, _ = scan([write("rfc6455", CLOSE, body, SERVER)], "rfc6455", SERVER)
    assert A(columns.anomalies[0]) == A.CONTROL_TOO_LONG


# -- any frames, any bytes

frame_parts = st.tuples(
    st.sampled_from([CONTINUATION, TEXT, TEXT, BINARY, 3, 7, 0xB, 0xF, CLOSE, PING, PONG]),
    st.binary(max_size=20) | st.text(max_size=9).map(str.encode) | st.just(bytes(126)),
    st.booleans(),
    st.integers(0, 15),
    st.binary(min_size=4, max_size=4),
)


def written(dialect: str, sender: Role, parts: tuple[int, bytes, bool, int, bytes]) -> bytes | None:
    """The frame, None where the layout has none such."""
    opcode, payload, fin, rsv, key = parts
    framing = FRAME_FACTS[dialect].framing
    extra = {
        "key": key if sender is CLIENT else None,
        "fin": fin,
        "rsv": rsv & 7 if framing == "rfc6455" else rsv,
    }
    try:
        return write(dialect, opcode, payload, sender, **extra)
    except ValueError:
        return None


@given(dialects(), roles(), st.lists(frame_parts, max_size=8), st.lists(st.integers(1, 300), max_size=5))
def test_what_is_written_is_read(
    dialect: str, sender: Role, many: list[tuple[int, bytes, bool, int, bytes]], at: list[int]
) -> None:
    if dialect.startswith("hixie"):
        many = [
            (opcode, payload.replace(b"\xff", b"\xfe"), True, 0, key) for opcode, payload, _, _, key in many
        ]
        many = [(one[0], b"" if one[0] == CLOSE else one[1], *one[2:]) for one in many]
    kept = [(parts, wire) for parts in many if (wire := written(dialect, sender, parts)) is not None]
    if not dialect.startswith("hixie"):
        assert len(kept) == len(many)
    stream = b"".join(wire for _, wire in kept)
    columns, _ = scan(cut(stream, at), dialect, sender)
    assert list(columns.first) == [
        (0x80 if fin else 0) | (rsv & 7) << 4 | opcode for (opcode, _, fin, rsv, _), _ in kept
    ]
    assert payloads(stream, columns, dialect, sender) == [payload for (_, payload, *_), _ in kept]
    ends = [
        offset + header + length + bool(flags & FLAG_SENTINEL)
        for offset, header, length, flags in zip(
            columns.offset, columns.header, columns.length, columns.flags, strict=True
        )
    ]
    assert ends == [sum(len(wire) for _, wire in kept[: n + 1]) for n in range(len(kept))]


any_bytes = st.lists(
    st.binary(max_size=40)
    | st.sampled_from([b"\xff\x00", b"\x00Hi\xff", b"\x81\x02Hi", b"\x04\x02Hi", b"\x84\x7e", b"\x02\x00"]),
    max_size=6,
).map(b"".join)


@given(dialects(), roles(), any_bytes, st.lists(st.integers(1, 120), max_size=6), st.booleans())
def test_any_bytes_make_the_same_columns_however_cut(
    dialect: str, sender: Role, wire: bytes, at: list[int], stop: bool
) -> None:
    options: dict[str, Any] = {"message_events": stop, "stop_at_fault": stop, "max_message": 30}
    whole, seen = scan([wire], dialect, sender, **options)
    pieces, seen_in_pieces = scan(cut(wire, at), dialect, sender, **options)
    assert rows(pieces) == rows(whole)
    assert seen_in_pieces == seen
    said = FRAME_FACTS[dialect].said
    assert not any(A(found) & ~said for found in whole.anomalies)
    covered = 0
    for offset, header, length, flags in zip(
        whole.offset, whole.header, whole.length, whole.flags, strict=True
    ):
        assert offset == covered
        covered = offset + header + length + bool(flags & FLAG_SENTINEL)
    assert covered >= len(wire)
