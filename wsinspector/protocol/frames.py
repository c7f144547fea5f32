"""Frames of RFC 6455 §5.2 between their parts and their bytes, conforming or not."""

from collections.abc import Callable
from dataclasses import dataclass

from wsinspector.protocol.explain import Anomaly, FieldDetail, FrameDetail, explain_frame
from wsinspector.protocol.lengths import LENGTH_FORMS, MAX_HEADER, header_length, minimal_form
from wsinspector.protocol.opcodes import FIN_BIT, MASK_BIT

__all__ = [
    "LENGTH_FORMS",
    "MAX_HEADER",
    "Anomaly",
    "FieldDetail",
    "FrameDetail",
    "FrameHead",
    "apply_mask",
    "encode_frame",
    "explain_frame",
    "header_length",
    "mask_from",
    "minimal_form",
    "read_frame_head",
]

_CAPACITY = {7: 125, 16: 0xFFFF, 64: 0xFFFF_FFFF_FFFF_FFFF}
_LENGTH_BYTES = {7: 0, 16: 2, 64: 8}


def _apply_mask_in_python(data: bytes | memoryview, mask: bytes) -> bytes:
    """XOR ``data`` with the four bytes of ``mask`` repeated (§5.3)."""
    size = len(data)
    repeated = mask * (size // 4 + 1)
    mixed = int.from_bytes(data, "little") ^ int.from_bytes(repeated[:size], "little")
    return mixed.to_bytes(size, "little")


apply_mask: Callable[[bytes | memoryview, bytes], bytes]
try:
    from websockets.speedups import apply_mask as _apply_mask_in_c

    apply_mask = _apply_mask_in_c
except ImportError:  # pragma: no cover - a platform without the compiled module
    apply_mask = _apply_mask_in_python


def mask_from(data: bytes | memoryview, key: bytes, start: int) -> bytes:
    """XOR ``data`` with ``key`` repeated, whatever its length, from its byte ``start`` on."""
    turn = start % len(key)
    turned = key[turn:] + key[:turn] if turn else key
    if len(key) == 4:
        return apply_mask(data, turned)
    size = len(data)
    repeated = (turned * (size // len(key) + 1))[:size]
    return (int.from_bytes(data, "little") ^ int.from_bytes(repeated, "little")).to_bytes(size, "little")


@dataclass(frozen=True, slots=True)
class FrameHead:
    """A complete header as it travelled.

    ``length`` is as declared, the top bit included. ``length_form`` is 7, 16 or 64.
    ``key`` is None where the MASK bit is clear.
    """

    first: int
    b1: int
    header_len: int
    length: int
    masked: bool
    key: bytes | None
    length_form: int

    @property
    def minimal(self) -> bool:
        """Whether the shortest form that can hold the length was used (§5.2)."""
        return self.length_form == minimal_form(self.length)


def read_frame_head(data: bytes, start: int = 0) -> FrameHead | None:
    """The header at ``start``, or None where its bytes are not all there yet."""
    available = len(data) - start
    if available < 2:
        return None
    b1 = data[start + 1]
    size = header_length(b1)
    if available < size:
        return None
    length = b1 & 0x7F
    form = 7
    if length == 126:
        length = int.from_bytes(data[start + 2 : start + 4], "big")
        form = 16
    elif length == 127:
        length = int.from_bytes(data[start + 2 : start + 10], "big")
        form = 64
    masked = bool(b1 & MASK_BIT)
    key = bytes(data[start + size - 4 : start + size]) if masked else None
    return FrameHead(data[start], b1, size, length, masked, key, form)


def encode_frame(
    opcode: int,
    payload: bytes,
    *,
    fin: bool = True,
    rsv: int = 0,
    key: bytes | None = None,
    length_form: int | None = None,
    declared: int | None = None,
) -> bytes:
    """The bytes of one frame, also of one that no conforming peer would send.

    ``rsv``: 0 to 7, RSV1 is 4. ``key``: four bytes mask the payload, None leaves it plain.
    ``length_form``: 7, 16 or 64 bits, None takes the shortest. ``declared``: the length
    written instead of ``len(payload)``. Raises ValueError where a part cannot be written
    in its field.
    """
    if not 0 <= opcode <= 0xF or not 0 <= rsv <= 7:
        raise ValueError("opcode is four bits, rsv three")
    if key is not None and len(key) != 4:
        raise ValueError("a masking key has four bytes")
    length = len(payload) if declared is None else declared
    form = minimal_form(length) if length_form is None else length_form
    if form not in _CAPACITY:
        raise ValueError("length_form is 7, 16 or 64")
    if not 0 <= length <= _CAPACITY[form]:
        raise ValueError(f"length {length} does not fit the {form}-bit form")
    first = (FIN_BIT if fin else 0) | rsv << 4 | opcode
    short = length if form == 7 else 126 if form == 16 else 127
    second = short if key is None else short | MASK_BIT
    extended = length.to_bytes(_LENGTH_BYTES[form], "big") if form != 7 else b""
    head = bytes((first, second)) + extended
    if key is None:
        return head + payload
    return head + key + apply_mask(payload, key)
