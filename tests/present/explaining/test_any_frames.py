"""Every byte of a stream of frames belongs to one piece, in every dialect and whatever the bytes are."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.present.explaining.streams import Streams, covered
from wsinspector.learn.pieces import Piece
from wsinspector.present.explaining.part import Kind
from wsinspector.present.explaining.rows import Rows
from wsinspector.present.explaining.shown import shown, summary, title
from wsinspector.present.explaining.telling import told_of_row
from wsinspector.present.frames import framing_of
from wsinspector.protocol.arriving import NOTHING_AGREED, Agreed
from wsinspector.protocol.deflate import DeflateParameters
from wsinspector.protocol.frame_facts import FRAME_FACTS
from wsinspector.protocol.spans import Direction, Role

DIALECTS = [*FRAME_FACTS]
KEY = bytes.fromhex("37fa213d")


def agreed_in(dialect: str, *, deflate: bool = False) -> Agreed:
    key = b"k" * 20 if dialect == "hybi-04" else b""
    return Agreed(DeflateParameters() if deflate else None, dialect, connection_key=key)


ODD = st.one_of(
    st.binary(max_size=60),
    st.lists(
        st.sampled_from(
            [b"\x81\x85", KEY, b"Hello", b"\x88\x02\x03\xe8", b"\x88\x82", b"\x01\x03", b"\x7e\x00", b"\x7f",
             b"\xff\x00", b"\x00", b"\xff", b"\x80\x81\x01", b"\x89\x00", b"\x04\x05", b"\xc1\x07",
             bytes.fromhex("f248cdc9c90700"), b"\xff\xff\xff\xff", b"\x88\x01S"]
        ),
        max_size=10,
    ).map(b"".join),
)  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=15)
@given(came=ODD, went=ODD, deflate=st.booleans(), role=st.sampled_from(Role), ended=st.booleans())
def test_any_bytes(came: bytes, went: bytes, deflate: bool, role: Role, ended: bool, dialect: str) -> None:
    streams = Streams(came, went, agreed_in(dialect, deflate=deflate), role, ended=ended)
    parts = streams.parts(grouped=True)
    covered(parts)
    for place in range(len(parts)):
        part = parts.located(parts.part(place))
        assert parts.place_of(part.key) == place
        assert title(parts, part)
        summary(parts, part)
        for each in parts.pieces(part):
            shown(parts, part, each)


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=4)
@given(
    sizes=st.lists(st.sampled_from([0, 1, 17, 125, 126, 300]), min_size=1, max_size=2),
    role=st.sampled_from(Role),
)
def test_frames_of_a_conforming_peer(sizes: list[int], role: Role, dialect: str) -> None:
    agreed = agreed_in(dialect)
    framing = framing_of(agreed)
    wire = {}
    for sender in Role:
        masked = sender is Role.CLIENT and framing.abilities(agreed).masked
        wire[sender] = b"".join(
            framing.encode(1, b"x" * size, sender=sender, agreed=agreed, key=KEY if masked else None)
            for size in sizes
        )
    theirs = Role.SERVER if role is Role.CLIENT else Role.CLIENT
    parts = Streams(wire[theirs], wire[role], agreed, role, ended=True).parts()
    assert parts.frame_count == 2 * len(sizes)
    covered(parts)


def frame(data: str, sender: Role = Role.CLIENT, agreed: Agreed = NOTHING_AGREED) -> dict[str, Piece]:
    """The pieces of one frame by name."""
    role = Role.SERVER if sender is Role.CLIENT else Role.CLIENT
    streams = Streams(bytes.fromhex(data), b"", agreed, role, ended=True)
    parts = streams.parts()
    part = parts.located(parts.part(parts.frames_at))
    assert part.kind is Kind.FRAME
    return {each.name: each for each in parts.pieces(part)}


def steps(each: Piece) -> list[str]:
    assert each.works is not None
    return [step.value for step in each.works()]


def test_a_large_payload_is_divided_again_and_again() -> None:
    streams = Streams(
        bytes.fromhex("827f0000000000011170") + bytes(70_000), b"", NOTHING_AGREED, Role.CLIENT, ended=True
    )
    covered(streams.parts())


def test_masking_is_shown_by_xor_on_the_bytes() -> None:
    found = frame("818537fa213d7f9f4d5158")
    assert steps(found["masking key"])[:2] == ["7f XOR 37 = 48", "9f XOR fa = 65"]
    first = found["payload"].inside()[0]
    assert (first.name, first.value) == ("H", "7f → 48")
    assert steps(first)[:2] == ["7f", "37"]
    assert "proxy" in found["MASK"].said.why


@pytest.mark.parametrize(
    ("data", "name", "sum_"),
    [
        ("8105", "length", "0x05 AND 0x7f = 5"),
        ("817e0100", "extended length", "1 × 256 + 0 = 256"),
        ("817f0000000000010001", "extended length", "1 × 65\u2009536 + 0 × 256 + 1 = 65\u2009537"),
    ],
)
def test_lengths_are_added_up(data: str, name: str, sum_: str) -> None:
    assert sum_ in steps(frame(data, Role.SERVER)[name])


def test_a_close_code_and_its_reason() -> None:
    found = frame("880703e968656c6cff", Role.SERVER)
    code, reason = found["payload"].inside()
    assert (code.name, code.value) == ("close code", "1001 going away")
    assert steps(code) == ["3 × 256 + 233 = 1001"]
    assert [each.rule for each in reason.wrong] == ["close-reason-not-utf8"]
    assert code.wrong == ()


def test_a_fault_stands_at_its_bit() -> None:
    found = frame("a100", Role.CLIENT)
    assert [each.rule for each in found["RSV2"].wrong] == ["rsv2"]
    assert found["RSV1"].wrong == found["opcode"].wrong == ()
    assert "unmasked" in {each.rule for each in found["MASK"].wrong}


def test_the_very_byte_that_is_no_utf8() -> None:
    found = frame("8103" + b"a\xffb".hex(), Role.SERVER)
    letters = found["payload"].inside()
    assert [bool(each.wrong) for each in letters] == [False, True, False]


def test_the_layouts_of_the_drafts() -> None:
    assert list(frame("0048656c6c6fff", Role.SERVER, Agreed(dialect="hixie-76"))) == [
        "type",
        "payload",
        "sentinel",
    ]
    more = frame("840348656c", Role.SERVER, Agreed(dialect="hybi-03"))
    assert (more["MORE"].value, more["opcode"].value) == ("1", "0x4 text")
    mark = frame("37fa213db6fb62", Role.CLIENT, Agreed(dialect="hybi-05"))
    assert [each.name for each in mark["payload"].inside()] == ["mark of the side"]


def test_what_was_compressed() -> None:
    found = frame("c107f248cdc9c90700", Role.SERVER, Agreed(DeflateParameters()))
    told = {step.name: step.value for step in found["payload"].works()} if found["payload"].works else {}
    assert told["first three bits"] == "BFINAL 0, BTYPE 01"
    assert told["appended"] == "00 00 ff ff"
    assert "compression" in found["RSV1"].said.why


def test_what_a_copy_left_out_is_not_told_as_if_it_had_travelled() -> None:
    streams = Streams(bytes.fromhex("810548656c6c6f"), b"", NOTHING_AGREED, Role.CLIENT, ended=True)
    parts = streams.parts()
    parts.grow(replace(parts.snapshot, left_out=((Direction.IN, 3, 5),)))
    rows = Rows(parts)
    part = parts.part(parts.frames_at)
    at = rows.reveal(part.key, (7, 2))
    assert at is not None
    row = rows.row(at)
    told = told_of_row(rows, row, ())
    assert (told.name, told.value) == ("hidden", "")
    assert told.bytes == ("••  •",)
    assert told.hidden.startswith("Left out of this copy")
    assert rows.words(rows.row(at - 2)).name == "H"


def test_an_imported_frame_is_told_as_composed() -> None:
    streams = Streams(bytes.fromhex("810548656c6c6f"), b"", NOTHING_AGREED, Role.CLIENT, ended=True)
    parts = streams.parts()
    parts.grow(replace(parts.snapshot, imported="har"))
    found = {each.name: each for each in parts.pieces(parts.part(parts.frames_at))}
    for name, piece in found.items():
        if name not in ("opcode", "payload"):
            assert piece.said.what == "Framing is not known: composed from HAR."
            assert piece.value == "unknown"
            assert piece.works is None
    assert found["opcode"].value == "0x1 text"
    assert found["payload"].said.what == "How it travelled is not known."
