"""permessage-deflate: the vectors of RFC 7692 and what is agreed on."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsinspector.protocol.deflate import (
    TAIL,
    DeflateParameters,
    Deflater,
    InflateFault,
    Inflater,
    agreed_from,
    answer,
    offer,
    read_extensions,
)
from wsinspector.protocol.spans import Role


def inflate(inflater: Inflater, data: bytes) -> bytes:
    out = b"".join(inflater.pieces(data, final=True))
    inflater.end_message()
    return out


def test_section_7_2_3_hello_twice_with_takeover() -> None:
    deflater = Deflater()
    assert deflater.deflate(b"Hello").hex() == "f248cdc9c90700"
    assert deflater.deflate(b"Hello").hex() == "f200110000"
    without = Deflater(takeover=False)
    assert [without.deflate(b"Hello").hex() for _ in range(2)] == ["f248cdc9c90700"] * 2


@pytest.mark.parametrize(
    "wire", ["f248cdc9c90700", "000500faff48656c6c6f00", "f348cdc9c9070000", "f24805000000ffffcac9c90700"]
)
@pytest.mark.parametrize("takeover", [True, False])
def test_section_7_2_3_blocks(wire: str, takeover: bool) -> None:
    inflater = Inflater(takeover=takeover)
    assert inflate(inflater, bytes.fromhex(wire)) == b"Hello"
    assert inflate(inflater, bytes.fromhex(wire)) == b"Hello"
    assert inflate(inflater, b"\x00") == b""


def test_section_7_2_3_6_an_empty_message_is_one_byte() -> None:
    assert Deflater().deflate(b"") == b"\x00"


@given(st.lists(st.binary(max_size=200), max_size=8), st.booleans(), st.integers(9, 15))
def test_what_is_deflated_inflates(messages: list[bytes], takeover: bool, bits: int) -> None:
    deflater = Deflater(takeover=takeover, window_bits=bits)
    inflater = Inflater(takeover=takeover)
    assert [inflate(inflater, deflater.deflate(message)) for message in messages] == messages


@given(st.lists(st.binary(min_size=1, max_size=300), min_size=2, max_size=6))
def test_a_checkpoint_restores(messages: list[bytes]) -> None:
    deflater = Deflater()
    wires = [deflater.deflate(message) for message in messages]
    inflater = Inflater()
    for message, wire, after, expected in zip(messages, wires, wires[1:], messages[1:], strict=False):
        assert inflate(inflater, wire) == message
        assert inflate(Inflater(restore=inflater.checkpoint()), after) == expected


def test_a_window_of_more_than_32_kib_is_cut_to_what_can_be_referred_to() -> None:
    block = bytes(range(256)) * 512
    deflater = Deflater()
    first, second = deflater.deflate(block), deflater.deflate(block[-3000:])
    inflater = Inflater()
    assert inflate(inflater, first) == block
    window = inflater.checkpoint()
    assert window == block[-32768:]
    assert inflate(Inflater(restore=window), second) == block[-3000:]


def test_a_bomb_is_stopped_and_never_held() -> None:
    bomb = Deflater(takeover=False).deflate(bytes(1 << 20))
    inflater = Inflater(takeover=False, limit=200_000)
    pieces = [len(piece) for piece in inflater.pieces(bomb, final=True)]
    assert max(pieces) <= 1 << 16
    assert sum(pieces) <= 200_000
    assert inflater.fault is InflateFault.LIMIT
    inflater.end_message()
    assert not inflater.lost
    assert inflate(inflater, bytes.fromhex("f248cdc9c90700")) == b"Hello"


def test_with_takeover_a_fault_loses_the_window() -> None:
    inflater = Inflater()
    assert list(inflater.pieces(b"\xff\xff", final=True)) == []
    assert (inflater.fault, inflater.lost) == (InflateFault.FAILED, True)


@pytest.mark.parametrize(
    ("asked", "answered", "agreed"),
    [
        (b"permessage-deflate", b"permessage-deflate", DeflateParameters()),
        (b"x, permessage-deflate; a, permessage-deflate", b"Permessage-Deflate", DeflateParameters()),
        (
            b"permessage-deflate; client_max_window_bits; server_max_window_bits=12",
            b'permessage-deflate; server_max_window_bits=10; client_max_window_bits="11"',
            DeflateParameters(False, False, 10, 11),
        ),
        (
            b"permessage-deflate",
            b"permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            DeflateParameters(True, True),
        ),
        (b"permessage-deflate", b"permessage-deflate; client_max_window_bits=10", None),
        (b"permessage-deflate; server_no_context_takeover", b"permessage-deflate", None),
        (b"permessage-deflate; server_max_window_bits=9", b"permessage-deflate", None),
        (b"permessage-deflate", b"permessage-deflate; server_max_window_bits=7", None),
        (b"permessage-deflate", b"permessage-deflate; server_max_window_bits=08", None),
        (b"permessage-deflate", b"permessage-deflate, permessage-deflate", None),
        (b"permessage-deflate", b"permessage-deflate; unknown", None),
        (b"permessage-deflate", b"", None),
        (b"x-webkit-deflate-frame", b"permessage-deflate", None),
    ],
)
def test_section_7_1_what_is_agreed(asked: bytes, answered: bytes, agreed: DeflateParameters | None) -> None:
    assert agreed_from([asked], [answered]) == agreed


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (b"permessage-deflate", b"permessage-deflate"),
        (b"permessage-deflate; nonsense, permessage-deflate", b"permessage-deflate"),
        (
            b"permessage-deflate; server_max_window_bits=8, permessage-deflate",
            b"permessage-deflate; server_max_window_bits=8",
        ),
        (b'x; a="b; c", permessage-deflate', b"permessage-deflate"),
        (
            b"permessage-deflate; server_max_window_bits=9; client_no_context_takeover",
            b"permessage-deflate; client_no_context_takeover; server_max_window_bits=9",
        ),
        (
            b"permessage-deflate; server_no_context_takeover; client_max_window_bits=10",
            b"permessage-deflate; server_no_context_takeover; client_max_window_bits=10",
        ),
        (b"permessage-deflate; client_max_window_bits", b"permessage-deflate"),
    ],
)
def test_section_5_1_the_servers_answer(asked: bytes, answered: bytes) -> None:
    made = answer([asked])
    assert made is not None
    assert made[0] == answered
    assert agreed_from([asked], [answered]) == made[1]


@pytest.mark.parametrize("asked", [b"", b"foo", b"permessage-deflate; server_max_window_bits"])
def test_an_offer_that_cannot_be_taken_is_declined(asked: bytes) -> None:
    assert answer([asked]) is None


def test_offers() -> None:
    assert offer() == b"permessage-deflate; client_max_window_bits"
    assert offer(client_max_window_bits=9, server_max_window_bits=10) == (
        b"permessage-deflate; server_max_window_bits=10; client_max_window_bits=9"
    )
    bare = offer(
        client_max_window_bits=False, server_no_context_takeover=True, client_no_context_takeover=True
    )
    assert bare == b"permessage-deflate; server_no_context_takeover; client_no_context_takeover"


def test_whose_parameters_apply() -> None:
    agreed = DeflateParameters(True, False, 10, 11)
    assert (agreed.takeover(Role.SERVER), agreed.takeover(Role.CLIENT)) == (False, True)
    assert (agreed.window_bits(Role.SERVER), agreed.window_bits(Role.CLIENT)) == (10, 11)


@given(st.lists(st.binary(max_size=2000) | st.sampled_from((b"ab" * 900, b"")), max_size=6), st.booleans())
def test_a_window_of_256_bytes_is_kept(messages: list[bytes], takeover: bool) -> None:
    """zlib itself writes none so small: what looks back no further than 256 bytes inflates with 256."""
    deflater = Deflater(takeover=takeover, window_bits=8)
    inflating = zlib.decompressobj(-8)
    for message in messages:
        if not takeover:
            inflating = zlib.decompressobj(-8)
        assert inflating.decompress(deflater.deflate(message) + TAIL) == message


def test_a_semicolon_in_quotes_parts_no_parameters() -> None:
    (item,) = read_extensions([b'x-other; a="b;c"; d'])
    assert item.parameters == ((b"a", b"b;c"), (b"d", None))
