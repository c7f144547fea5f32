"""Hex lines: one layout for views and copies, and hex read back as people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.present.hexlines import (
    HexLayout,
    character,
    digits_for,
    dump,
    hex_line,
    hex_lines,
    layout_for,
    plain_hex,
    read_hex,
)


def test_a_line_has_offset_cells_and_text() -> None:
    line = hex_line(b"GET\r\n\xff", 0x20)
    assert line.offset == 0x20
    assert line.cells == ("47", "45", "54", "0d", "0a", "ff")
    assert line.text == "GET···"


def test_hidden_bytes_are_not_in_the_line() -> None:
    line = hex_line(b"abcd", 10, [(11, 13)])
    assert line.cells == ("61", "••", "••", "64")
    assert line.text == "a••d"


def test_dump_aligns_a_short_last_line() -> None:
    assert dump(b"0123456789abcdefXY") == (
        "0000  30 31 32 33  34 35 36 37  38 39 61 62  63 64 65 66  0123456789abcdef\n"
        "0010  58 59                                               XY"
    )


def test_every_column_of_a_byte_hits_that_byte() -> None:
    layout = HexLayout(16, 4)
    for index in range(16):
        assert layout.hit(layout.hex_column(index)) == (index, False)
        assert layout.hit(layout.hex_column(index) + 1) == (index, False)
        assert layout.hit(layout.text_column(index)) == (index, True)
    assert layout.hit(-5) == (0, False)
    assert layout.hit(1000) == (15, True)


@pytest.mark.parametrize(("columns", "width"), [(200, 16), (75, 16), (60, 12), (40, 8), (3, 4)])
def test_layout_takes_what_fits(columns: int, width: int) -> None:
    assert layout_for(columns, 100).width == width


def test_offsets_grow_by_pairs_of_digits() -> None:
    assert [digits_for(n) for n in (0, 0x10000, 0x10001, 1 << 32)] == [4, 4, 6, 8]


def test_only_printable_ascii_stands_for_itself() -> None:
    shown = {byte for byte in range(256) if character(byte) != "·"}
    assert shown == set(range(0x20, 0x7F))


@pytest.mark.parametrize("text", ["6869", "68 69", "0x68, 0x69", "\\x68\\x69", "68:69", " 68\n69 ", "0x6869"])
def test_hex_is_read_as_people_write_it(text: str) -> None:
    assert read_hex(text) == b"hi"


@pytest.mark.parametrize("text", ["6", "6 8", "68 6", "xyz", "68 zz", "0x"])
def test_what_is_no_hex_is_none(text: str) -> None:
    assert read_hex(text) is None


@given(st.binary(max_size=80), st.sampled_from([4, 8, 12, 16]))
def test_lines_hold_every_byte_once(data: bytes, width: int) -> None:
    lines = hex_lines(data, width=width)
    assert bytes.fromhex("".join("".join(line.cells) for line in lines)) == data
    assert read_hex(plain_hex(data)) == data
