"""Frames between parts and bytes: the vectors of RFC 6455 §5.7 and every field's edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol import frames
from wsinspector.protocol.frames import apply_mask, encode_frame, read_frame_head
from wsinspector.protocol.opcodes import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT

KEY = bytes.fromhex("37fa213d")


@pytest.mark.parametrize(
    ("made", "wire"),
    [
        (encode_frame(TEXT, b"Hello"), "810548656c6c6f"),
        (encode_frame(TEXT, b"Hello", key=KEY), "818537fa213d7f9f4d5158"),
        (encode_frame(TEXT, b"Hel", fin=False), "010348656c"),
        (encode_frame(CONTINUATION, b"lo"), "80026c6f"),
        (encode_frame(PING, b"Hello"), "890548656c6c6f"),
        (encode_frame(PONG, b"Hello", key=KEY), "8a8537fa213d7f9f4d5158"),
        (encode_frame(BINARY, bytes(256)), "827e0100" + "00" * 256),
        (encode_frame(BINARY, bytes(65536)), "827f0000000000010000" + "00" * 65536),
        (encode_frame(CLOSE, b"\x03\xe8", key=KEY), "888237fa213d3412"),
    ],
)
def test_section_5_7_vectors(made: bytes, wire: str) -> None:
    assert made == bytes.fromhex(wire)


@pytest.mark.parametrize(
    ("length", "head"),
    [
        (0, "8200"),
        (125, "827d"),
        (126, "827e007e"),
        (65535, "827effff"),
        (65536, "827f0000000000010000"),
    ],
)
def test_section_5_2_shortest_length_form(length: int, head: str) -> None:
    assert encode_frame(BINARY, bytes(length)).startswith(bytes.fromhex(head))


def test_any_length_form_and_any_declared_length_can_be_written() -> None:
    assert encode_frame(TEXT, b"a", length_form=16).hex() == "817e000161"
    assert encode_frame(TEXT, b"a", length_form=64).hex() == "817f000000000000000161"
    assert encode_frame(TEXT, b"", declared=1 << 63).hex() == "817f8000000000000000"
    assert encode_frame(0xB, b"x", rsv=7, fin=False).hex() == "7b0178"


@pytest.mark.parametrize(
    "parts",
    [
        {"opcode": 16},
        {"opcode": 1, "rsv": 8},
        {"opcode": 1, "key": b"abc"},
        {"opcode": 1, "length_form": 8},
        {"opcode": 1, "declared": 126, "length_form": 7},
        {"opcode": 1, "declared": 1 << 64},
    ],
)
def test_what_no_field_can_hold_is_our_own_fault(parts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"bits|bytes|fit|length_form"):
        encode_frame(payload=b"", **parts)  # type: ignore[arg-type]


@given(
    opcode=st.integers(0, 15),
    payload=st.binary(max_size=300),
    fin=st.booleans(),
    rsv=st.integers(0, 7),
    key=st.none() | st.binary(min_size=4, max_size=4),
    form=st.sampled_from([None, 16, 64]),
)
def test_encoded_parts_read_back(
    opcode: int, payload: bytes, fin: bool, rsv: int, key: bytes | None, form: int | None
) -> None:
    wire = encode_frame(opcode, payload, fin=fin, rsv=rsv, key=key, length_form=form)
    for size in range(len(wire) - len(payload)):
        assert read_frame_head(wire[:size]) is None
    head = read_frame_head(b"??" + wire, 2)
    assert head is not None
    assert head.first == fin << 7 | rsv << 4 | opcode
    assert (head.length, head.key, head.masked) == (len(payload), key, key is not None)
    assert head.header_len == len(wire) - len(payload)
    assert head.length_form == (form or (7 if len(payload) < 126 else 16))
    body = wire[head.header_len :]
    assert (apply_mask(body, key) if key else body) == payload


@given(st.binary(max_size=99), st.binary(min_size=4, max_size=4))
def test_mask_without_the_compiled_module(data: bytes, key: bytes) -> None:
    assert frames._apply_mask_in_python(data, key) == apply_mask(data, key)
