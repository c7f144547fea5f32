"""Crafted frames: golden bytes of each form, what receivers must do, and back again by the scanner."""

import zlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.anomalies import FrameAnomaly
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.columns import FrameColumns
from wsinspector.protocol.crafting import (
    FRESH,
    INVALID_UTF8,
    Between,
    Compression,
    Craft,
    CraftedBytes,
    CraftedFrame,
    CraftError,
    Cut,
    Mask,
    Must,
    Payload,
    Plan,
    Source,
    Standing,
    Writes,
    craft_from_plain,
    craft_to_plain,
    judge,
    plan_of,
)
from wsinspector.protocol.deflate import DeflateParameters
from wsinspector.protocol.frame_facts import FRAME_FACTS
from wsinspector.protocol.framings import framing_called
from wsinspector.protocol.spans import Direction, Role

KEY = bytes.fromhex("37fa213d")
DEFLATE = Agreed(deflate=DeflateParameters())


def keys() -> bytes:
    return KEY


def planned(
    plain: object, *, sender: Role = Role.CLIENT, agreed: Agreed = NOTHING_AGREED, **more: Any
) -> Plan:
    return plan_of(craft_from_plain(plain), sender=sender, agreed=agreed, keys=keys, **more)


def wire(plain: object, **how: Any) -> str:
    plan = planned(plain, **how)
    assert plan.problem == ""
    return plan.read(0, plan.size).hex()


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ({"text": "Hello"}, "818537fa213d7f9f4d5158"),
        ({"text": "Hello", "mask": "off"}, "810548656c6c6f"),
        ({"text": "Hello", "mask": "zero"}, "81850000000048656c6c6f"),
        ({"text": "Hello", "mask": "01020304"}, "818501020304" + "49676f686e"),
        ({"opcode": "ping", "fin": False, "mask": "off"}, "0900"),
        ({"opcode": 15, "rsv1": True, "rsv2": True, "rsv3": True, "mask": "off"}, "ff00"),
        ({"opcode": 3, "hex": "00 ff", "mask": "off"}, "830200ff"),
        ({"opcode": "binary", "base64": "AP8=", "mask": "off"}, "820200ff"),
        ({"text": "a", "length": 5, "mask": "off"}, "810561"),
        ({"text": "a", "form": 16, "mask": "off"}, "817e000161"),
        ({"text": "a", "form": 64, "mask": "off"}, "817f000000000000000161"),
        ({"text": "a", "length": "0x8000000000000005", "mask": "off"}, "817f800000000000000561"),
        ({"text": "a", "length": "0xffffffffffffffff", "mask": "off"}, "817fffffffffffffffff61"),
        ({"opcode": "close", "code": 1000, "mask": "off"}, "880203e8"),
        ({"opcode": "close", "code": 1005, "reason": "no", "mask": "off"}, "880403ed6e6f"),
        ({"pattern": "ab", "size": 5, "mask": "off"}, "81056162616261"),
        ({"invalid": "high-surrogate", "mask": "off"}, "8103eda080"),
        ({"invalid": "bad-byte", "size": 3, "mask": "off"}, "81036161ff"),
        ({"text": "\ud800", "mask": "off"}, "8103eda080"),
        ({"text": "Hello", "fragments": [3], "mask": "off"}, "010348656c80026c6f"),
        ({"text": "Hello", "fragments": [3, 0, 2], "mask": "off"}, "010348656c000080026c6f"),
        ({"text": "Hello", "fragments": 2, "mask": "off"}, "01024865" + "00026c6c" + "80016f"),
        ({"text": "Hello", "fragments": [3], "fin": False, "mask": "off"}, "010348656c00026c6f"),
        ({"text": "é", "fragments": "split-sequence", "mask": "off"}, "0101c38001a9"),
        (
            {
                "text": "Hello",
                "fragments": [3],
                "mask": "off",
                "between": [{"after": 1, "opcode": "ping", "text": "x", "mask": "off"}],
            },
            "010348656c" + "890178" + "80026c6f",
        ),
        ({"raw": "81 05 48"}, "810548"),
        ({"raw": {"text": "GET"}}, "474554"),
        ([{"opcode": 9, "mask": "off"}, {"raw": "ff"}], "8900ff"),
    ],
)
def test_golden_bytes(plain: object, expected: str) -> None:
    assert wire(plain) == expected


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("yes", "c107f248cdc9c90700"),  # RFC 7692 §7.2.3.1
        ("rsv1-alone", "c10548656c6c6f"),
        ("no-rsv1", "8107f248cdc9c90700"),
        ("tail-kept", "c10bf248cdc9c907000000ffff"),
        ("corrupt", "c107f648cdc9c90700"),
    ],
)
def test_compressed_rightly_and_wrongly(how: str, expected: str) -> None:
    assert wire({"text": "Hello", "compression": how, "mask": "off"}, agreed=DEFLATE) == expected


def test_the_final_block_is_that_of_rfc_7692() -> None:
    # RFC 7692 §7.2.3.4 has f3 48 cd c9 c9 07 00 00.
    frame = {"text": "Hello", "compression": "final-block", "mask": "off"}
    assert wire(frame, agreed=DEFLATE) == "c108f348cdc9c9070000"


def test_the_context_goes_from_message_to_message() -> None:
    # RFC 7692 §7.2.3.2: the second Hello is f2 00 11 00 00.
    twice = [{"text": "Hello", "compression": "yes", "mask": "off"}] * 2
    assert wire(twice, agreed=DEFLATE) == "c107f248cdc9c90700" + "c105f200110000"
    assert wire(twice[0], agreed=DEFLATE, window=b"Hello") == "c105f200110000"
    alone = Agreed(deflate=DeflateParameters(client_no_context_takeover=True))
    assert wire(twice, agreed=alone, window=b"Hello") == "c107f248cdc9c90700" * 2


def test_a_hixie_text_lies_between_its_two_bytes() -> None:
    hixie = Agreed(dialect="hixie-76")
    assert wire({"text": "Hello"}, agreed=hixie) == "0048656c6c6fff"
    assert wire({"opcode": "close"}, agreed=hixie) == "ff00"
    assert wire({"opcode": "binary", "pattern": "a", "size": 130}, agreed=hixie) == "808102" + "61" * 130
    assert "hixie-76 has no frame for ping" in planned({"opcode": "ping"}, agreed=hixie).problem
    assert "no reserved bits" in planned({"rsv1": True}, agreed=hixie).problem
    assert "form" in planned({"text": "", "form": 16}, agreed=hixie).problem
    assert "masks nothing" in planned({"mask": "zero"}, agreed=hixie).problem


def test_a_whole_frame_is_masked_with_its_header() -> None:
    agreed = Agreed(dialect="hybi-06")
    # text is opcode 4 there: 84 05 Hello, from the 84 on under the key.
    plain = bytes.fromhex("840548656c6c6f")
    masked = bytes(one ^ KEY[at % 4] for at, one in enumerate(plain))
    assert wire({"text": "Hello"}, agreed=agreed) == (KEY + masked).hex()


@pytest.mark.parametrize("dialect", FRAME_FACTS)
@pytest.mark.parametrize("sender", Role)
def test_a_plan_read_in_pieces_is_what_the_framing_writes(dialect: str, sender: Role) -> None:
    agreed = Agreed(dialect=dialect, connection_key=bytes(range(20)))
    text = "".join(chr(97 + at % 26) for at in range(700))
    plan = planned({"text": text}, sender=sender, agreed=agreed)
    framing = framing_called(FRAME_FACTS[dialect].framing)
    masks = sender is Role.CLIENT and framing.abilities(agreed).masked
    whole = framing.encode(1, text.encode(), sender=sender, agreed=agreed, key=KEY if masks else None)
    assert b"".join(plan.read(at, at + 7) for at in range(0, plan.size, 7)) == whole


def test_writes_are_cut_as_asked() -> None:
    frames = [{"opcode": 9, "text": "x", "mask": "off"}, {"opcode": 10, "mask": "off"}]

    def chunks(write: object) -> list[tuple[str, float]]:
        plan = planned({"frames": frames, "write": write})
        return [(chunk.data.hex(), chunk.delay) for chunk in plan.chunks()]

    assert chunks("together") == [("8901788a00", 0.0)]
    assert chunks("each") == [("890178", 0.0), ("8a00", 0.0)]
    assert chunks({"size": 2, "delay": 0.5}) == [("8901", 0.0), ("788a", 0.5), ("00", 0.5)]
    assert chunks({"chunks": [1, 3], "delays": [1.0, 2.0]}) == [("89", 1.0), ("01788a", 2.0), ("00", 0.0)]
    assert chunks({"chunks": [0, 99]}) == [("8901788a00", 0.0)]


def test_a_large_payload_is_made_piece_by_piece_and_is_the_same_each_time() -> None:
    frame = {"opcode": "binary", "random": 7, "size": 1 << 33}
    plan = planned(frame)
    assert plan.size == (1 << 33) + 14
    far = (1 << 32) + 3
    assert plan.read(far, far + 70_000) == b"".join(
        plan.read(far + at, far + at + 7000) for at in range(0, 70_000, 7000)
    )
    assert plan.read(far, far + 99) == planned(frame).read(far, far + 99)
    assert plan.read(far, far + 99) != planned({**frame, "random": 8}).read(far, far + 99)
    assert sum(len(chunk.data) for _, chunk in zip(range(3), plan.chunks(), strict=False)) == 3 * (256 << 10)


@pytest.mark.parametrize(
    ("plain", "sender", "agreed", "must", "code", "words"),
    [
        ({"text": "Hello"}, Role.CLIENT, NOTHING_AGREED, Must.DELIVER, None, "RFC 6455 §6.2"),
        ({"text": "a", "rsv1": True}, Role.CLIENT, NOTHING_AGREED, Must.FAIL, 1002, "RSV1 is set"),
        ({"text": "a", "mask": "off"}, Role.CLIENT, NOTHING_AGREED, Must.FAIL, 1002, "§5.1"),
        ({"text": "a", "mask": "zero"}, Role.SERVER, NOTHING_AGREED, Must.FAIL, 1002, "§5.1"),
        ({"opcode": 3}, Role.CLIENT, NOTHING_AGREED, Must.FAIL, 1002, "opcode is reserved"),
        ({"text": "a", "form": 64}, Role.CLIENT, NOTHING_AGREED, Must.FAIL, 1002, "shortest form"),
        ({"length": 1 << 63}, Role.CLIENT, NOTHING_AGREED, Must.FAIL, 1002, "top bit"),
        ({"opcode": 9, "pattern": "a", "size": 126}, Role.CLIENT, NOTHING_AGREED, Must.FAIL, 1002, "§5.5"),
        ({"opcode": 9, "fin": False}, Role.CLIENT, NOTHING_AGREED, Must.FAIL, 1002, "fragmented"),
        ({"opcode": 0}, Role.CLIENT, NOTHING_AGREED, Must.FAIL, 1002, "no fragmented message"),
        ({"invalid": "overlong-2"}, Role.CLIENT, NOTHING_AGREED, Must.FAIL, 1007, "UTF-8"),
        ({"opcode": 9, "text": "x"}, Role.CLIENT, NOTHING_AGREED, Must.PONG, None, "same 1 byte."),
        ({"opcode": 10}, Role.CLIENT, NOTHING_AGREED, Must.NOTHING, None, "no answer"),
        ({"opcode": 8, "code": 1000}, Role.CLIENT, NOTHING_AGREED, Must.CLOSE, 1000, "§5.5.1"),
        ({"opcode": 8, "code": 1005}, Role.CLIENT, NOTHING_AGREED, Must.FAIL, 1002, "close code"),
        ({"text": "ab", "length": 5}, Role.CLIENT, NOTHING_AGREED, Must.WAIT, None, "3 bytes more"),
        ({"text": "a", "fin": False}, Role.CLIENT, NOTHING_AGREED, Must.WAIT, None, "waits for the rest"),
        ({"raw": "81"}, Role.CLIENT, NOTHING_AGREED, Must.WAIT, None, "not whole"),
        (
            {"text": "a", "compression": "yes"},
            Role.CLIENT,
            DEFLATE,
            Must.DELIVER,
            None,
            "Must inflate 3 bytes",
        ),
        ({"text": "a", "compression": "yes"}, Role.CLIENT, NOTHING_AGREED, Must.FAIL, 1002, "RSV1"),
        ({"text": "abc", "compression": "rsv1-alone"}, Role.CLIENT, DEFLATE, Must.FAIL, 1007, "inflated"),
        ({"text": "abc", "compression": "corrupt"}, Role.CLIENT, DEFLATE, Must.FAIL, 1007, "RFC 7692"),
        (
            {"text": "abcabc", "compression": "missing-context"},
            Role.CLIENT,
            DEFLATE,
            Must.FAIL,
            1007,
            "inflated",
        ),
        ({"text": "Hello", "compression": "no-rsv1"}, Role.CLIENT, DEFLATE, Must.FAIL, 1007, "UTF-8"),
        ({"text": "a", "rsv1": True}, Role.CLIENT, Agreed(dialect="hybi-07"), Must.NOTHING, None, "-07"),
    ],
)
def test_what_a_receiver_must_do(
    plain: object, sender: Role, agreed: Agreed, must: Must, code: int | None, words: str
) -> None:
    judged = judge(planned(plain, sender=sender, agreed=agreed))
    line = judged.lines[0]
    assert (line.must, line.code) == (must, code)
    assert words in line.text
    assert judged.sentence.startswith(line.text)


def test_no_frame_behind_a_failing_one_counts() -> None:
    judged = judge(planned([{"text": "a"}, {"opcode": 5}, {"opcode": 9}]))
    assert [line.must for line in judged.lines] == [Must.DELIVER, Must.FAIL]
    assert judged.failing is not None
    assert (judged.failing.frame, judged.failing.start) == (2, 7)
    assert len(judged.columns) == 3


def test_what_came_before_changes_the_verdict() -> None:
    rest = planned({"opcode": 0, "text": "lo"})
    assert judge(rest).lines[0].must is Must.FAIL
    joined = judge(rest, Standing(message=1))
    assert [line.must for line in joined.lines] == [Must.DELIVER]
    assert list(joined.columns.offset) == [0]
    late = judge(planned({"text": "a"}), Standing(message=1)).lines[0]
    assert (late.must, late.anomaly) == (Must.FAIL, FrameAnomaly.INTERLEAVED_DATA)
    closed = judge(planned({"text": "a"}), Standing(closed=True))
    assert closed.lines[0].must is Must.DISCARD
    owed = judge(planned({"opcode": 9}), Standing(owed=4))
    assert "The first 4 bytes" in owed.lines[0].text


def test_many_frames_are_told_of_as_a_few() -> None:
    judged = judge(planned({"pattern": "a", "size": 3000, "fragments": 1}))
    assert len(judged.columns) == 3000
    assert 1000 <= len(judged.lines) < 1010
    assert judged.sentence.endswith("Many more.")
    failing = judge(planned([{"pattern": "a", "size": 3000, "fragments": 1}, {"opcode": 3}]))
    assert failing.failing is not None
    assert failing.failing.frame == 3001


def test_of_very_many_bytes_the_first_are_judged() -> None:
    judged = judge(planned({"opcode": "binary", "random": 1, "size": 5 << 20}))
    assert judged.partial
    assert judged.sentence == "Only the first 4 MiB were judged."


def test_bytes_behind_a_header_that_has_begun_complete_it() -> None:
    judged = judge(planned({"raw": "0189 00"}, sender=Role.SERVER), Standing(begun=b"\x81"))
    assert list(judged.columns.offset) == [0]
    assert [line.must for line in judged.lines] == [Must.FAIL]  # 81 01 89: a text of one byte, no UTF-8


def test_a_window_larger_than_agreed_is_told_where_it_is_used() -> None:
    small = Agreed(deflate=DeflateParameters(client_max_window_bits=9))
    far = {"text": "begin" + "".join(f"{at:04d}" for at in range(500)) + "begin0000", "compression": "window"}
    plan = planned(far, agreed=small)
    assert plan.beyond_window == ((0, 9),)
    assert "window of 512 bytes" in judge(plan).sentence
    near = planned({"text": "begin begin", "compression": "window"}, agreed=small)
    assert near.beyond_window == ()
    kept = planned({**far, "compression": "yes"}, agreed=small)
    payload = bytes(one ^ KEY[at % 4] for at, one in enumerate(kept.read(8, kept.size)))
    assert zlib.decompressobj(-9).decompress(payload + b"\0\0\xff\xff").endswith(b"begin0000")


@pytest.mark.parametrize("kind", INVALID_UTF8)
def test_every_kind_of_invalid_utf8_is_invalid(kind: str) -> None:
    line = judge(planned({"invalid": kind, "size": 20})).lines[0]
    assert (line.must, line.code) == (Must.FAIL, 1007)


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ({"opcode": 16}, "opcode"),
        ({"opcode": "pingg"}, "opcode"),
        ({"text": "a", "hex": "61"}, "one source"),
        ({"hex": "6"}, None),
        ({"mask": "123"}, "mask"),
        ({"form": 8}, "form"),
        ({"length": -1}, "length"),
        ({"length": "0x10000000000000000"}, "length"),
        ({"texxt": "a"}, "texxt"),
        ({"size": 3}, "size"),
        ({"write": {"size": 0}}, "size"),
        ({"write": {"delay": -1}}, "delay"),
        ({"write": "size"}, "write"),
        ({"between": [{"between": []}]}, "between"),
        ({"frames": 3}, "frames"),
        ("x", "table"),
        ({"fin": 1}, "fin"),
        ({"compression": "maybe"}, "rsv1-alone"),
    ],
)
def test_a_table_that_means_nothing_is_told_by_its_member(plain: object, words: str | None) -> None:
    if words is None:
        assert "hex" in planned(plain).problem
        return
    with pytest.raises(CraftError, match=words):
        craft_from_plain(plain)


@pytest.mark.parametrize(
    "plain",
    [
        {"text": "a", "length": 300, "form": 7},
        {"mask": "off", "rsv4": True},
        {"file": "absent"},
        {"invalid": "nothing"},
        {"between": [{"after": 2}]},
        {"text": "abc", "fragments": "split-sequence"},
        {"code": 70000},
    ],
)
def test_what_cannot_be_written_is_a_problem_in_words(plain: object) -> None:
    plan = planned(plain)
    assert plan.problem.endswith(".")
    assert plan.size == 0
    assert judge(plan).lines == ()


# -- craft, scan, the same

SIZES = st.integers(0, 400)
PAYLOADS = st.one_of(
    st.builds(Payload, st.just(Source.TEXT), st.text(max_size=30)),
    st.builds(lambda data: Payload(Source.HEX, data.hex()), st.binary(max_size=200)),
    st.builds(lambda size, seed: Payload(Source.RANDOM, "", size, seed), SIZES, st.integers()),
    st.builds(lambda text, size: Payload(Source.PATTERN, text, size), st.text(max_size=3), SIZES),
    st.builds(
        lambda kind, size: Payload(Source.INVALID, kind, size),
        st.sampled_from(list(INVALID_UTF8)),
        st.integers(0, 40),
    ),
    st.builds(lambda code, why: Payload(Source.CLOSE, why, code), st.integers(0, 65535), st.text(max_size=9)),
)
MASKS = st.sampled_from(
    [(Mask.ROLE, b""), (Mask.OFF, b""), (Mask.ZERO, b""), (Mask.FRESH, b""), (Mask.KEY, b"\x01\x02\x03\x04")]
)
BITS = st.integers(8, 15)
DEFLATES = st.builds(DeflateParameters, st.booleans(), st.booleans(), BITS, BITS)


def frames(**more: Any) -> st.SearchStrategy[CraftedFrame]:
    def made(mask: tuple[Mask, bytes], **members: Any) -> CraftedFrame:
        return CraftedFrame(mask=mask[0], key=mask[1], **members)

    return st.builds(
        made,
        mask=MASKS,
        opcode=st.integers(0, 15),
        payload=PAYLOADS,
        fin=st.booleans(),
        rsv1=st.booleans(),
        rsv2=st.booleans(),
        rsv3=st.booleans(),
        length=st.none() | st.integers(0, (1 << 64) - 1) | st.integers(0, 70000),
        form=st.sampled_from([None, 7, 16, 64]),
        **more,
    )


def whole_frames() -> st.SearchStrategy[CraftedFrame]:
    between = st.builds(Between, st.integers(1, 4), frames())
    return frames(
        compression=st.sampled_from(Compression),
        fragments=st.lists(st.integers(0, 60), max_size=4).map(tuple),
        between=st.lists(between, max_size=2).map(tuple),
    )


@given(one=frames(), sender=st.sampled_from(Role))
def test_every_field_is_read_back(one: CraftedFrame, sender: Role) -> None:
    plan = plan_of(Craft((one,)), sender=sender, keys=keys)
    if plan.problem:
        return
    data = plan.read(0, plan.size)
    part = plan.parts[0]
    columns = _scanned(data, sender, ended=True)
    head = part.head
    key = {Mask.OFF: None, Mask.ZERO: bytes(4), Mask.KEY: one.key, Mask.FRESH: KEY}.get(
        one.mask, KEY if sender is Role.CLIENT else None
    )
    assert columns.first[0] == one.fin << 7 | one.rsv << 4 | one.opcode
    assert columns.length[0] == (part.length if one.length is None else one.length)
    assert columns.header[0] == len(head)
    assert head[-4:] == key if key else not head[1] & 0x80
    assert one.form in (None, {126: 16, 127: 64}.get(head[1] & 0x7F, 7))
    payload = data[len(head) :]
    if key:
        payload = bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))
    assert payload == part.content.read(0, part.length)


@given(
    one=frames(),
    sender=st.sampled_from(Role),
    dialect=st.sampled_from([name for name, facts in FRAME_FACTS.items() if facts.framing != "rfc6455"]),
)
def test_every_field_is_read_back_in_older_layouts(one: CraftedFrame, sender: Role, dialect: str) -> None:
    agreed = Agreed(dialect=dialect, connection_key=bytes(range(20)))
    framing = framing_called(FRAME_FACTS[dialect].framing)
    asked = replace(one, mask=Mask.ROLE, length=None)
    plan = plan_of(Craft((asked,)), sender=sender, agreed=agreed, keys=keys)
    if plan.problem:
        return
    data, part = plan.read(0, plan.size), plan.parts[0]
    scanner = framing.scanner(Direction.IN, sender, agreed=agreed)
    scanner.feed(data, 1)
    columns = scanner.take()
    assert len(columns) == 1
    assert scanner.pending is None
    assert columns.length[0] == part.length
    assert columns.header[0] == len(part.head)
    assert columns.first[0] == one.fin << 7 | one.rsv << 4 | one.opcode
    wire = data[len(part.head) : len(part.head) + part.length]
    payload = framing.unmask(part.head, wire, 0, sender=sender, agreed=agreed)
    assert payload == part.content.read(0, part.length)


def _scanned(data: bytes, sender: Role, *, ended: bool) -> FrameColumns:
    scanner = framing_called("rfc6455").scanner(Direction.IN, sender, agreed=NOTHING_AGREED)
    scanner.feed(data, 1)
    if ended:
        scanner.end(1)
    return scanner.take()


CRAFTS = st.builds(
    Craft,
    st.lists(whole_frames() | st.builds(CraftedBytes, PAYLOADS), max_size=3).map(tuple),
    st.builds(
        Writes,
        st.just(Cut.CHUNKS),
        st.just(1),
        st.lists(st.integers(0, 50), max_size=5).map(tuple),
        st.floats(0, 5),
        st.lists(st.floats(0, 5), max_size=3).map(tuple),
    )
    | st.builds(Writes, st.just(Cut.SIZE), st.integers(1, 99))
    | st.builds(Writes, st.sampled_from([Cut.EACH, Cut.TOGETHER])),
)


def test_what_waits_is_counted_from_the_first_byte_that_leaves() -> None:
    agreed = Agreed(dialect="hybi-01", connection_key=bytes(20))
    craft = Craft((CraftedBytes(Payload(Source.PATTERN, "", 1)),))
    plan = plan_of(craft, sender=Role.CLIENT, agreed=agreed, keys=keys)
    for standing in (FRESH, Standing(message=1)):
        judged = judge(plan, standing)
        assert [line.start for line in judged.lines] == [0]
        assert judged.pending is not None
        assert judged.pending.offset == 0


@given(craft=CRAFTS)
def test_a_craft_comes_back_from_its_table(craft: Craft) -> None:
    assert craft_from_plain(craft_to_plain(craft)) == craft


@given(
    craft=CRAFTS,
    sender=st.sampled_from(Role),
    dialect=st.sampled_from(list(FRAME_FACTS)),
    deflate=st.none() | DEFLATES,
    per_frame=st.booleans(),
    standing=st.sampled_from([FRESH, Standing(message=1), Standing(owed=3), Standing(closed=True)]),
)
def test_planning_and_judging_never_raise(
    craft: Craft,
    sender: Role,
    dialect: str,
    deflate: DeflateParameters | None,
    per_frame: bool,
    standing: Standing,
) -> None:
    agreed = Agreed(deflate=deflate, dialect=dialect, per_frame=per_frame, connection_key=bytes(20))
    plan = plan_of(craft, sender=sender, agreed=agreed, keys=keys, window=standing.window)
    judged = judge(plan, standing)
    data = plan.read(0, plan.size)
    assert len(data) == plan.size
    assert b"".join(chunk.data for chunk in plan.chunks()) == data
    assert all(0 <= line.start <= plan.size for line in judged.lines)
    assert judged.sentence


@given(
    payload=st.binary(max_size=600),
    before=st.binary(max_size=300),
    bits=st.integers(8, 15),
    takeover=st.booleans(),
)
def test_what_is_compressed_rightly_is_inflated(
    payload: bytes, before: bytes, bits: int, takeover: bool
) -> None:
    agreed = Agreed(
        deflate=DeflateParameters(client_no_context_takeover=not takeover, client_max_window_bits=bits)
    )
    frame = CraftedFrame(2, Payload(Source.HEX, payload.hex()), compression=Compression.YES)
    plan = plan_of(
        Craft((frame, replace(frame))), sender=Role.CLIENT, agreed=agreed, keys=keys, window=before
    )
    judged = judge(plan, Standing(window=before if takeover else b""))
    assert [line.must for line in judged.lines if not line.anomaly] == [Must.DELIVER, Must.DELIVER]
