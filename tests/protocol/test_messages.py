"""Text checked to the byte, however it comes in pieces."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.messages import Utf8Checker, first_bad_utf8

# The edges of every range in the table of RFC 3629 §4.
_EDGES = bytes.fromhex("00 7f 80 8f 90 9f a0 bf c0 c1 c2 df e0 e1 ec ed ee ef f0 f1 f3 f4 f5 ff")


def first_bad_by_table(data: bytes) -> int | None:
    """RFC 3629 §4 read off the page: the byte that fits no row."""
    need = 0
    low, high = 0x80, 0xBF
    for at, byte in enumerate(data):
        if need:
            if not low <= byte <= high:
                return at
            low, high = 0x80, 0xBF
            need -= 1
        elif byte >= 0x80:
            if 0xC2 <= byte <= 0xDF:
                need = 1
            elif 0xE0 <= byte <= 0xEF:
                need = 2
                low, high = (0xA0 if byte == 0xE0 else 0x80), (0x9F if byte == 0xED else 0xBF)
            elif 0xF0 <= byte <= 0xF4:
                need = 3
                low, high = (0x90 if byte == 0xF0 else 0x80), (0x8F if byte == 0xF4 else 0xBF)
            else:
                return at
    return None


def test_rfc_3629_every_edge_in_one_piece_and_byte_by_byte() -> None:
    for size in (1, 2, 3):
        for values in product(_EDGES, repeat=size):
            data = bytes(values)
            expected = first_bad_by_table(data)
            assert Utf8Checker().feed(data) == expected
            checker = Utf8Checker()
            for value in values:
                checker.feed(bytes([value]))
            assert checker.bad_at == expected


@given(st.one_of(st.binary(max_size=30), st.text(max_size=20).map(str.encode)), st.binary(max_size=3))
def test_first_bad_byte(start: bytes, more: bytes) -> None:
    data = start + more
    bad = first_bad_utf8(data)
    if bad is None:
        data.decode()
        return
    whole = data[:bad].decode(errors="ignore").encode()
    assert data.startswith(whole)
    assert len(data[:bad]) - len(whole) <= 3
    by_table = first_bad_by_table(data)
    assert by_table in (bad, None)


def test_a_cut_sequence_is_bad_at_its_start() -> None:
    assert first_bad_utf8(b"ab\xe2\x82") == 2
    assert first_bad_utf8("ab€".encode()) is None
