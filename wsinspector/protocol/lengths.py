"""The three forms a frame's payload length can travel in (RFC 6455 §5.2)."""

from wsinspector.protocol.opcodes import MASK_BIT

LENGTH_FORMS = (7, 16, 64)
"""Bits that carry the payload length in the three forms of §5.2."""

MAX_HEADER = 14
"""Bytes: two, an eight-byte length, a four-byte masking key."""


def minimal_form(length: int) -> int:
    """The shortest of the three forms that can hold ``length``."""
    if length <= 125:
        return 7
    return 16 if length <= 0xFFFF else 64


def header_length(b1: int) -> int:
    """Bytes in a header whose second byte is ``b1``, masking key included."""
    short = b1 & 0x7F
    extra = 0 if short < 126 else 2 if short == 126 else 8
    return 2 + extra + (4 if b1 & MASK_BIT else 0)
