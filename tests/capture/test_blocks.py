"""Packed columns: what goes in comes out, whole or in slices, and damage is named."""

from array import array
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.capture.blocks import (
    FRAME_CODES,
    Packed,
    UnreadableBlock,
    pack,
    pack_frames,
    pack_reads,
    unpack_frames,
    unpack_reads,
)
from wsinspector.protocol.columns import FrameColumns

FRAMES = st.lists(
    st.tuples(
        st.integers(0, 2**64 - 1),
        st.integers(0, 255),
        st.integers(0, 2**64 - 1),
        st.integers(0, 255),
        st.integers(0, 255),
        st.integers(-(2**63), 2**63 - 1),
        st.integers(0, 2**32 - 1),
        st.integers(0, 2**32 - 1),
    ),
    max_size=40,
)


def columns_of(rows: Sequence[tuple[int, ...]]) -> FrameColumns:
    columns = FrameColumns()
    for row in rows:
        for name, value in zip(FrameColumns.__slots__, row, strict=True):
            getattr(columns, name).append(value)
    return columns


def rows_of(columns: FrameColumns) -> list[tuple[int, ...]]:
    return list(zip(*(getattr(columns, name) for name in FrameColumns.__slots__), strict=True))


@given(FRAMES, st.integers(-2, 45), st.integers(-2, 45))
def test_any_frames_come_back_whole_and_in_slices(rows: list[tuple[int, ...]], start: int, stop: int) -> None:
    block = Packed(pack_frames(columns_of(rows)), FRAME_CODES)
    assert block.entries == len(rows)
    assert rows_of(unpack_frames(block)) == rows
    start, stop = max(start, 0), max(stop, 0)
    assert rows_of(unpack_frames(block, start, stop)) == rows[start:stop]


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**63 - 1))))
def test_reads_come_back(reads: list[tuple[int, int]]) -> None:
    offsets = array("I", [offset for offset, _ in reads])
    times = array("q", [time for _, time in reads])
    assert unpack_reads(pack_reads(offsets, times)) == (offsets, times)


def test_layout_is_the_one_the_schema_states() -> None:
    packed = pack((array("I", [1, 0x0301]), array("B", [7, 7])))
    assert packed == bytes.fromhex("01 02000000 02 01 00 00 00 07 00 03")
    block = Packed(packed, "IB")
    assert block.plane(0, 1) == b"\x00\x03"
    assert block.plane(1) == b"\x07\x07"


def test_a_frame_like_the_ones_before_costs_few_bytes() -> None:
    rows = [(at * 127, 2, 125, 0x82, 0x18, 10**15 + at * 1000, at, 0) for at in range(5000)]
    assert len(pack_frames(columns_of(rows))) <= 12 * len(rows)


@pytest.mark.parametrize("damage", [b"", b"\x02", b"\x01\x01\x00\x00\x00"])
def test_what_is_not_a_block_is_refused(damage: bytes) -> None:
    with pytest.raises(UnreadableBlock):
        Packed(damage, FRAME_CODES)


@given(FRAMES.filter(bool), st.data())
def test_a_cut_block_is_refused(rows: list[tuple[int, ...]], data: st.DataObject) -> None:
    whole = pack_frames(columns_of(rows))
    with pytest.raises(UnreadableBlock):
        Packed(whole[: data.draw(st.integers(0, len(whole) - 1))], FRAME_CODES)


def test_columns_of_different_length_are_our_own_fault() -> None:
    with pytest.raises(ValueError, match="different length"):
        pack((array("I", [1]), array("q")))
