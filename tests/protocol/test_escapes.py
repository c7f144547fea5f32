"""Text in the version box and in Raw stands for exactly its bytes."""

from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.escapes import (
    byte_to_raw_offset,
    escape_value,
    raw_bytes,
    raw_offset_to_byte,
    raw_text,
    unescape_value,
)

EVERY_BYTE = bytes(range(256))


def test_escapes_of_every_byte_come_back() -> None:
    assert unescape_value(escape_value(EVERY_BYTE)).data == EVERY_BYTE
    assert unescape_value(escape_value(EVERY_BYTE)).flags == ()
    assert escape_value(b"1\\3\r\n\t\x00\x7f\x85\xa0\xad\xe9") == r"1\\3\r\n\t\x00\x7F\x85\xA0\xAD" + "é"


def test_what_is_typed() -> None:
    assert unescape_value(r"13\r\nX: y").data == b"13\r\nX: y"
    assert unescape_value(r"\x0d\xFF").data == b"\x0d\xff"
    assert unescape_value("é").data == b"\xe9"


def test_unknown_escapes_are_kept_and_flagged() -> None:
    for text in (r"\q", r"\x", r"\x1", r"\xg0", "\\"):
        read = unescape_value(text)
        assert read.data == text.encode()
        assert [flag.start for flag in read.flags] == [0]


def test_characters_above_a_byte_are_utf8_and_flagged() -> None:
    read = unescape_value("1€3")
    assert read.data == "1€3".encode()
    assert [(flag.start, flag.end) for flag in read.flags] == [(1, 2)]


def test_raw_shows_every_byte_as_one_visible_character() -> None:
    text = raw_text(EVERY_BYTE)
    without_breaks = text.replace("\n", "")
    assert len(without_breaks) == 256
    assert len(set(without_breaks)) == 256
    assert all(each.isprintable() for each in without_breaks)
    assert not any(each in without_breaks for each in "\r\x85\u2028\u2029\xa0\xad")
    assert raw_bytes(text) == (EVERY_BYTE, ())


def test_raw_line_endings_are_visible() -> None:
    assert raw_text(b"A: b\r\nC\n\r") == "A: b␍␊\nC␊\n␍"


def test_a_line_break_carries_no_byte() -> None:
    assert raw_bytes("a␊b") == (b"a\nb", ())
    data, flags = raw_bytes("a\nb")
    assert data == b"ab"
    assert [flag.start for flag in flags] == [1]


@given(st.binary(max_size=60))
def test_raw_and_bytes_are_the_same(data: bytes) -> None:
    text = raw_text(data)
    assert raw_bytes(text) == (data, ())
    for at in range(len(data) + 1):
        assert raw_offset_to_byte(text, byte_to_raw_offset(data, at)) == at
    assert raw_offset_to_byte(text, len(text)) == len(data)


@given(st.text(st.characters(), max_size=40))
def test_any_text_has_bytes(text: str) -> None:
    data, _ = raw_bytes(text)
    assert raw_offset_to_byte(text, len(text)) == len(data)
    assert raw_bytes(raw_text(data))[0] == data
    assert unescape_value(escape_value(unescape_value(text).data)).data == unescape_value(text).data
