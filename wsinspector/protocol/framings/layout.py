"""Two bytes and a length: the header that every dialect from hybi-01 on has, whatever its bits mean."""

from wsinspector.protocol.lengths import minimal_form

_CAPACITY = {7: 125, 16: 0xFFFF, 64: 0xFFFF_FFFF_FFFF_FFFF}
_LENGTH_BYTES = {7: 0, 16: 2, 64: 8}


def two_bytes(first: int, top_bit: bool, length: int, form: int | None) -> bytes:
    """A header without a masking key; ``top_bit``: of the second byte. ``form`` None: the shortest.

    Raises ValueError where ``length`` does not fit ``form``.
    """
    taken = minimal_form(length) if form is None else form
    if taken not in _CAPACITY:
        raise ValueError("length_form is 7, 16 or 64")
    if not 0 <= length <= _CAPACITY[taken]:
        raise ValueError(f"length {length} does not fit the {taken}-bit form")
    short = length if taken == 7 else 126 if taken == 16 else 127
    extended = length.to_bytes(_LENGTH_BYTES[taken], "big") if taken != 7 else b""
    return bytes((first, short | 0x80 if top_bit else short)) + extended


def checked_parts(opcode: int, rsv: int, key: bytes | None) -> None:
    """Raise ValueError for parts that no header of two bytes holds."""
    if not 0 <= opcode <= 0xF:
        raise ValueError("an opcode has four bits")
    if not 0 <= rsv <= 15:
        raise ValueError("RSV1 to RSV4 are four bits")
    if key is not None and len(key) != 4:
        raise ValueError("a masking key has four bytes")
